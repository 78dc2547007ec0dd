//! The client against scripts: retries, budgets, cassettes, journal.
//!
//! **Source:** -

use ordine_chat::{
    Budget, CassetteMode, ChatError, Complete, Endpoint, Entry, Finish, Journal, Limited, NoPause,
    Pause, Price, Recorded, Request, Scripted, Usage, reply_body,
};
use std::time::Duration;

#[derive(Default)]
struct Waits<'a>(Option<&'a mut Vec<Duration>>);

impl Pause for Waits<'_> {
    fn pause(&mut self, time: Duration) {
        self.0.as_mut().expect("a list").push(time);
    }
}

#[test]
fn failures_that_may_pass_are_tried_again_and_others_are_not() {
    let script = Scripted::of([(429, String::new()), (500, String::new()), (200, "{".to_owned())]);
    let mut script = script.then_lost("connection reset");
    let mut rest = Scripted::of([(200, reply_body("yes", 10, 2))]);
    let mut waits = Vec::new();
    let mut both = Both(&mut script, &mut rest);
    let mut endpoint = Endpoint::new(&mut both, Waits(Some(&mut waits)), 1);
    let reply = endpoint.complete(&Request::asking("m", "q")).expect("an answer in the end");
    assert_eq!((reply.text.as_str(), reply.tries), ("yes", 5));
    for (retry, wait) in waits.iter().enumerate() {
        assert!(*wait <= Duration::from_millis(500 << retry), "{waits:?}");
    }
    assert_eq!(waits.len(), 4);
    let denied = Scripted::of([(401, "no key".to_owned())]);
    let error = Endpoint::new(denied, NoPause, 1).complete(&Request::asking("m", "q"));
    assert_eq!(error, Err(ChatError::Status { status: 401, body: "no key".to_owned() }));
    let down = Scripted::of((0..9).map(|_| (503, String::new())));
    let error = Endpoint::new(down, NoPause, 1).complete(&Request::asking("m", "q"));
    assert!(matches!(error, Err(ChatError::GaveUp { tries: 7, .. })), "{error:?}");
}

struct Both<'a>(&'a mut Scripted, &'a mut Scripted);

impl ordine_chat::Post for Both<'_> {
    fn post(&mut self, body: &str) -> Result<ordine_chat::Answer, String> {
        if self.0.heard.len() < 4 { self.0.post(body) } else { self.1.post(body) }
    }
}

#[test]
fn a_parameter_that_an_endpoint_does_not_know_is_dropped_for_good() {
    let refusal = "unsupported parameter: top_p".to_owned();
    let script = Scripted::of([(400, refusal), (200, reply_body("a", 1, 1))]);
    let mut endpoint = Endpoint::new(script, NoPause, 1);
    let request = Request { top_p: Some(0.9), ..Request::asking("m", "q") };
    assert!(endpoint.complete(&request).is_ok());
    assert_eq!(endpoint.dropped(), ["top_p"]);
}

#[test]
fn a_call_that_was_tried_again_is_paid_once_and_budgets_hold() {
    let script = Scripted::of([
        (429, String::new()),
        (200, reply_body("one", 100, 50)),
        (500, String::new()),
        (200, reply_body("two", 100, 50)),
        (200, reply_body("three", 100, 50)),
    ]);
    let endpoint = Endpoint::new(script, NoPause, 1);
    let price = Price { input: 1.0, cached: 0.1, output: 2.0 };
    let budget = Budget { calls: Some(2), ..Budget::default() };
    let mut model = Limited::new(endpoint, price, budget);
    let request = Request { max_tokens: Some(50), ..Request::asking("m", "q") };
    assert!(model.complete(&request).is_ok() && model.complete(&request).is_ok());
    let ledger = model.ledger();
    assert_eq!((ledger.calls, ledger.usage.prompt, ledger.usage.completion), (2, 200, 100));
    assert!((ledger.dollars - 0.0004).abs() < 1e-12);
    let error = model.complete(&request).expect_err("two calls are the budget");
    assert!(matches!(error, ChatError::Budget { what: "calls", .. }), "{error}");
    for budget in [
        Budget { tokens: Some(40), ..Budget::default() },
        Budget { dollars: Some(0.00001), ..Budget::default() },
    ] {
        let script = Scripted::of([(200, reply_body("one", 100, 50))]);
        let mut model = Limited::new(Endpoint::new(script, NoPause, 1), price, budget);
        assert!(matches!(model.complete(&request), Err(ChatError::Budget { .. })));
    }
}

#[test]
fn cassettes_answer_again_and_a_missing_one_is_an_error_with_its_hash() {
    let folder = tempfile::tempdir().expect("a folder");
    let request = Request::asking("m", "q");
    let mut other = request.clone();
    other.sample = 1;
    assert_ne!(request.hash(), other.hash());
    let script = Scripted::of([(200, reply_body("kept", 7, 3))]);
    let endpoint = Endpoint::new(script, NoPause, 1);
    let mut recorder = Recorded::new(endpoint, folder.path(), CassetteMode::Record);
    let reply = recorder.complete(&request).expect("recorded");
    let mut replay = Recorded::replay(folder.path());
    assert_eq!(replay.complete(&request), Ok(reply));
    let Err(ChatError::Missing { hash, nearest }) = replay.complete(&other) else {
        panic!("a request that was never recorded was answered");
    };
    assert_eq!(hash, other.hash());
    assert!(nearest.contains("at byte"), "{nearest}");
}

/// Cassettes that users keep are found by it.
const PINNED_HASH: &str = "89865fe40c511a4be3b28c2e393ce1806c882009c8d621958f1c0fddf01cc974";

#[test]
fn the_hash_of_a_request_never_changes() {
    let hash = Request::asking("m", "q").hash();
    assert_eq!(hash, PINNED_HASH);
}

#[test]
fn answers_are_classified() {
    let body = |content: &str, finish: &str| {
        format!(
            "{{\"choices\":[{{\"message\":{{\"content\":{content}}},\
             \"finish_reason\":\"{finish}\"}}]}}"
        )
    };
    for (content, finish, meant) in [
        ("\"x\"", "stop", Finish::Answered),
        ("\"x\"", "length", Finish::Truncated),
        ("null", "content_filter", Finish::Refused),
        ("\" \"", "stop", Finish::Empty),
    ] {
        let script = Scripted::of([(200, body(content, finish))]);
        let reply = Endpoint::new(script, NoPause, 1).complete(&Request::asking("m", "q"));
        assert_eq!(reply.expect("a reply").finish, meant);
    }
}

#[test]
fn a_torn_last_line_of_a_journal_is_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.jsonl");
    let entry = |identity: &str| Entry {
        identity: identity.to_owned(),
        request: "00".to_owned(),
        outcome: "answered".to_owned(),
        usage: Usage::default(),
        dollars: 0.0,
    };
    let (mut journal, entries) = Journal::open(&path).expect("new");
    assert!(entries.is_empty());
    journal.append(&entry("a")).expect("written");
    journal.append(&entry("b")).expect("written");
    let text = std::fs::read(&path).expect("a file");
    std::fs::write(&path, &text[..text.len() - 5]).expect("cut");
    let (mut journal, entries) = Journal::open(&path).expect("torn");
    assert_eq!(entries, [entry("a")]);
    journal.append(&entry("c")).expect("written");
    let (_, entries) = Journal::open(&path).expect("whole");
    assert_eq!(entries, [entry("a"), entry("c")]);
}
