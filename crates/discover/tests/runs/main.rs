//! Runs that are cut, threads, guards, persons, replies of models.
//!
//! **Source:** -

use ordine_base::Seed;
use ordine_chat::{Endpoint, NoPause, Price, Recorded, Scripted, reply_body};
use ordine_discover::{
    Arena, Candidate, DiscoverError, Event, Facts, Failure, Genetic, Harness, Islands, Model, Ran,
    Record, Replay, Run, SIGNATURES, Settings, Signature, SingleMachine, Splits, StopCause,
    Supervise, Verdict, promotion,
};
use ordine_rule_language::{Limits, Scratch};
use std::path::Path;

mod choices;
mod claims;
mod guards;
mod replies;
mod search;
mod sets;

use sets::generate;

fn arena() -> SingleMachine {
    SingleMachine::new(vec![generate("small", 7, 8, false, Seed::new(9))])
}

fn splits(arena: &SingleMachine) -> Splits {
    Splits::by_hash(arena.facts(), 0..arena.facts().len())
}

fn settings() -> Settings {
    let mut settings = Settings::genetic("single_machine");
    settings.seeds = vec!["mdd".to_owned()];
    (settings.islands, settings.population) = (2, 12);
    (settings.evaluations_max, settings.tune) = (300, 20);
    settings
}

fn harness(arena: &SingleMachine) -> Harness<'_> {
    Harness::new(arena, splits(arena), Limits { nodes: 25, depth: 12 })
}

fn events(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("events.jsonl")).expect("a journal")
}

#[test]
fn a_run_that_is_cut_anywhere_goes_on_as_if_it_had_not_been() {
    let (arena, whole) = (arena(), tempfile::tempdir().expect("a folder"));
    let harness = harness(&arena);
    let run = Run::open(&harness, settings(), whole.path(), 1).expect("new");
    let ended = run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
    assert_eq!(ended.cause, StopCause::Evaluations);
    assert_eq!(ended.islands.evaluations, 300);
    let expected = events(whole.path());
    let mut stream = Seed::new(2).stream("cuts");
    for threads in [1, 2, 3] {
        let folder = tempfile::tempdir().expect("a folder");
        let cut = stream.below(expected.len());
        std::fs::write(folder.path().join("events.jsonl"), &expected[..cut]).expect("cut");
        let run = Run::open(&harness, settings(), folder.path(), threads).expect("again");
        run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
        assert!(events(folder.path()) == expected, "cut at {cut}, {threads} threads");
    }
    let other = Settings { seed: 2, ..settings() };
    let error = Run::open(&harness, other, whole.path(), 1).err().expect("another run");
    assert!(matches!(error, DiscoverError::OtherRun { .. }), "{error}");
}

#[test]
fn a_replay_finds_what_the_run_found() {
    let (arena, folder) = (arena(), tempfile::tempdir().expect("a folder"));
    let harness = harness(&arena);
    let settings = Settings { tune: 0, ..settings() };
    let run = Run::open(&harness, settings.clone(), &folder.path().join("a"), 1).expect("new");
    let first = run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
    let run = Run::open(&harness, settings, &folder.path().join("b"), 1).expect("new");
    let again = run.go(&mut Replay::new(&first.events), &mut (), &mut |_| false);
    assert_eq!(again.expect("no fault").finalists, first.finalists);
}

/// An evaluator that halves objectives.
struct Halving(SingleMachine);

impl Arena for Halving {
    fn signature(&self) -> &'static Signature {
        self.0.signature()
    }

    fn facts(&self) -> &[Facts] {
        self.0.facts()
    }

    fn run(
        &self,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
        relabel: Option<u64>,
    ) -> Result<Ran, Failure> {
        let ran = self.0.run(place, candidate, scratch, relabel)?;
        Ok(Ran { objective: ran.objective / 2, ..ran })
    }
}

#[test]
fn an_objective_below_a_proven_bound_stops_the_run() {
    let arena = Halving(arena());
    let folder = tempfile::tempdir().expect("a folder");
    let harness = Harness::new(&arena, splits(&arena.0), Limits::default());
    let run = Run::open(&harness, settings(), folder.path(), 1).expect("new");
    let error = run.go(&mut Genetic, &mut (), &mut |_| false).expect_err("a fault");
    assert!(matches!(error, DiscoverError::BelowBound { .. }), "{error}");
    let kept = std::fs::read_to_string(folder.path().join("quarantine.txt")).expect("kept");
    assert!(kept.contains("small#") && kept.contains("max("), "{kept}");
    assert!(events(folder.path()).is_empty());
}

#[test]
fn rules_that_read_too_much_work_too_long_or_are_known_do_not_enter() {
    let arena = arena();
    let harness = harness(&arena);
    for (text, verdict) in [("optimum", Verdict::Type), ("d = 0", Verdict::Syntax)] {
        assert_eq!(harness.read(text).expect_err("a cheat").verdict, verdict);
    }
    let mut scratch = Scratch::default();
    let read = |text: &str| harness.read(text).expect("a rule");
    let behavior = |text: &str, scratch: &mut Scratch| harness.behavior(&read(text), scratch).hash;
    let mdd = behavior("max(t + p, d)", &mut scratch);
    assert_eq!(mdd, behavior("2 * max(t + p, d) + n", &mut scratch));
    assert_ne!(mdd, behavior("d", &mut scratch));
    assert!(arena.judge(0, &[0, 1, 2, 3, 4, 5, 5]).is_err());
    assert!(arena.judge(0, &[0, 1, 2, 3, 4, 5]).is_err());
}

#[test]
fn labels_of_jobs_do_not_matter_to_rules_without_ties() {
    let arena = arena();
    let harness = harness(&arena);
    let rule = harness.read("max(t + p, d) + 0.001 * p + 0.0001 * d").expect("a rule");
    let mut scratch = Scratch::default();
    for place in 0..40 {
        let plain = arena.run(place, &rule, &mut scratch, None).expect("an order");
        let permuted = arena.run(place, &rule, &mut scratch, Some(7)).expect("an order");
        assert_eq!(plain.objective, permuted.objective);
    }
}

/// Vetoes the first best rule and adds one of its own.
struct Person(u32);

impl Supervise for Person {
    fn look(&mut self, islands: &Islands, _records: &[Record]) -> Vec<Event> {
        self.0 += 1;
        let Some(best) = islands.best.as_ref().filter(|_| self.0 == 1) else { return Vec::new() };
        let event = |action: &str, words: &str| Event::Intervention {
            number: best.number,
            action: action.to_owned(),
            words: words.to_owned(),
        };
        vec![event("veto", "too long"), event("add", "d + 0.5 * p")]
    }
}

#[test]
fn what_a_person_does_is_recorded_and_goes_on_after_a_cut() {
    let (arena, folder) = (arena(), tempfile::tempdir().expect("a folder"));
    let harness = harness(&arena);
    let run = Run::open(&harness, settings(), folder.path(), 1).expect("new");
    let ended = run.go(&mut Genetic, &mut Person(0), &mut |_| false).expect("no fault");
    let added = |event: &&Event| match event {
        Event::Candidate(it) => it.operator == "person" && it.text == "d + 0.5 * p",
        _ => false,
    };
    assert_eq!(ended.events.iter().filter(added).count(), 1);
    let expected = events(folder.path());
    // The second batch, without the person: what was said in the first is still done.
    let text = String::from_utf8(expected.clone()).expect("text");
    let cut = text.find("\"event\":\"batch\"").expect("a batch") + 90;
    std::fs::write(folder.path().join("events.jsonl"), &expected[..cut]).expect("cut");
    run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
    assert!(events(folder.path()) == expected);
}

#[test]
fn a_model_is_paid_per_answer_and_each_stop_is_honored() {
    let arena = arena();
    let harness = harness(&arena);
    let price = Price { input: 1.0, cached: 0.0, output: 2.0 };
    let stops: [(Settings, StopCause, u64); 3] = [
        (Settings { calls_max: 3, ..model_settings() }, StopCause::Calls, 3),
        (Settings { tokens_max: 250, ..model_settings() }, StopCause::Tokens, 3),
        (Settings { dollars_max: 0.00015, ..model_settings() }, StopCause::Dollars, 2),
    ];
    for (settings, cause, calls) in stops {
        let folder = tempfile::tempdir().expect("a folder");
        let run = Run::open(&harness, settings, folder.path(), 1).expect("new");
        let answers = (0..9).flat_map(|it| {
            let text = format!("```\nscore = max(t + 1.{it} * p, d)\n```");
            [(429, String::new()), (200, reply_body(&text, 80, 10))]
        });
        let endpoint = Endpoint::new(Scripted::of(answers), NoPause, 1);
        let mut model = Model::new(endpoint, "scripted", price);
        let ended = run.go(&mut model, &mut (), &mut |_| false).expect("no fault");
        let paid = ended.events.iter().filter(|event| matches!(event, Event::Call(_))).count();
        assert_eq!((ended.cause, paid as u64), (cause, calls));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings { calls_max: 3, ..model_settings() };
    let run = Run::open(&harness, settings, folder.path(), 1).expect("new");
    let mut model = Model::new(Recorded::replay(folder.path()), "scripted", price);
    let error = run.go(&mut model, &mut (), &mut |_| false).expect_err("no cassettes");
    assert!(error.to_string().contains(".json"), "{error}");
}

fn model_settings() -> Settings {
    Settings {
        evaluations_max: 1000,
        tune: 0,
        seeds: vec!["mdd".to_owned()],
        ..Settings::language_model("single_machine")
    }
}

#[test]
fn promotion_needs_no_worse_set_few_nodes_and_a_sentence() {
    let arena = SingleMachine::new(vec![
        generate("small", 8, 12, false, Seed::new(9)),
        generate("shifted", 8, 6, true, Seed::new(9)),
    ]);
    let mut splits = Splits::by_hash(arena.facts(), arena.sets()[0].1.clone());
    splits.shift.push(("shifted".to_owned(), arena.sets()[1].1.clone().collect()));
    let harness = Harness::new(&arena, splits, Limits::default());
    let read = |text: &str| harness.read(text).expect("a rule");
    let (edd, mdd, spt) = (read("d"), read("max(t + p, d)"), read("p"));
    let granted = |rule, parent, words| {
        promotion(&harness, rule, parent, words).expect("no fault").is_granted()
    };
    assert!(granted(&mdd, &edd, "late jobs by duration"));
    assert!(!granted(&mdd, &edd, " "));
    assert!(!granted(&edd, &mdd, "dates"));
    assert!(!granted(&spt, &mdd, "misses what has no tardiness"));
    let long = read(&["max(t + p, d)"; 9].join(" + "));
    assert!(!granted(&long, &mdd, "long"));
}

#[test]
fn seeds_of_every_signature_are_rules_of_it() {
    for signature in SIGNATURES {
        for (name, text) in signature.seeds {
            let read = Candidate::read(text, signature, Limits::default());
            assert!(read.is_ok(), "{} of {}: {read:?}", name, signature.name);
        }
    }
}
