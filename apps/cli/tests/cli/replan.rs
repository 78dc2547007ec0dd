//! `replan`: what is written for what is left, and what wrong change files are told.
//!
//! **Source:** -

use crate::call::{Desk, ordine};
use serde_json::Value;

const PLAN: &str = r#"{"format":"ordine/schedule/1","instance":"good","objective":3,
"tasks":[{"task":0,"mode":0,"start":0,"end":3}]}"#;

fn change(now: i64, changes: &str) -> String {
    format!("{{\"format\":\"ordine/change/1\",\"now\":{now},\"changes\":[\n{changes}]}}\n")
}

#[test]
fn what_is_left_is_written_with_what_has_happened() {
    let desk = Desk::new();
    let (good, plan) = (desk.path("good.json"), desk.put("plan.json", PLAN));
    let left = desk.path("left.json");
    let down = r#"{"change":"machine-down","resource":"lathe","from":2,"to":5}"#;
    let job = r#"{"change":"new-job","jobs":[{"name":"rush","due":9}],"tasks":[{"name":"cut",
        "job":"rush","modes":[{"duration":4,"requirements":[{"resource":"lathe"}]}]}]}"#;
    let file = desk.put("change.json", &change(1, &format!("{down},\n{job}")));
    ordine(&["replan", &good, &plan, "--change", &file, "--first", "--problem-out", &left]);
    let problem: Value = serde_json::from_str(&desk.read("left.json")).expect("JSON");
    assert_eq!(problem["now"], 1);
    let status = &problem["tasks"][0]["status"];
    assert_eq!(
        (status["state"].as_str(), status["remaining"].as_i64()),
        (Some("running"), Some(2))
    );
    assert_eq!(problem["tasks"][1]["name"], "cut");
    assert_eq!(problem["resources"][0]["calendar"], "lathe with breakdowns");
    // What is written can be read.
    let again = ordine(&["convert", &left, "--to", "json"]);
    assert_eq!((again.code, again.out), (0, desk.read("left.json")), "{}", again.err);
}

#[test]
fn wrong_changes_name_their_line_and_end_with_2() {
    let desk = Desk::new();
    let (good, plan) = (desk.path("good.json"), desk.put("plan.json", PLAN));
    for (changes, words) in [
        (r#"{"change":"task-gone","task":"turn"}"#, "line 2, column 1: expected `\"change\"` with"),
        (r#"{"task":"turn"}"#, "found no such word"),
        (r#"{"change":"task-done","task":"turn"}"#, "expected `end`"),
        (r#"{"change":"task-done","task":"bore","end":1}"#, "expected a task of the problem"),
        (r#"{"change":"task-done","task":7,"end":1}"#, "found number 7 of 1"),
        (r#"{"change":"task-done","task":"turn","end":9}"#, "expected an end at 2 or earlier"),
        (r#"{"change":"task-done","task":"turn","end":-9}"#, "from 0 to"),
        (
            r#"{"change":"task-started","task":"turn","start":3}"#,
            "expected a start at 2 or earlier",
        ),
        (r#"{"change":"task-late","task":"turn"}"#, "found 0 of them; give exactly one"),
        (r#"{"change":"task-late","task":"turn","delay":1,"duration":2}"#, "found 2 of them"),
        (r#"{"change":"machine-down","resource":"lathe","from":4,"to":4}"#, "a time after 4"),
        (r#"{"change":"machine-down","resource":"drill","from":4}"#, "a resource of the problem"),
        (r#"{"change":"job-cancelled","job":"rush"}"#, "expected a job of the problem"),
        (r#"{"change":"due-changed","job":"rush"}"#, "expected a job of the problem"),
        (r#"{"change":"frozen-window","length":-1}"#, "a length of the window from 0"),
        (r#"{"change":"frozen-window","length":1,"size":2}"#, "`size`"),
        (r#"{"change":"new-job"}"#, "expected `tasks`"),
        (r#"{"change":"new-job","tasks":[{"name":"a","modes":[{"length":3}]}]}"#, "line 2, column"),
        (
            r#"{"change":"new-job","tasks":[
            {"name":"a","modes":[{"duration":3,"requirements":[{"resource":"saw"}]}]}]}"#,
            "line 3",
        ),
    ] {
        let file = desk.put("change.json", &change(2, changes));
        let call = ordine(&["replan", &good, &plan, "--change", &file]);
        assert_eq!((call.code, call.out.as_str()), (2, ""), "{changes}: {}", call.err);
        assert!(call.err.contains("change.json, line "), "{changes}: {}", call.err);
        assert!(call.err.contains(words), "{changes}: {}", call.err);
    }
    let file = desk.put("change.json", &change(2, ""));
    for (arguments, words) in [
        (vec!["replan", &good, &plan], "--change <FILE.json>"),
        (vec!["replan", &good, &plan, "--change", &plan], "ordine/change/1"),
        (vec!["replan", &good, &plan, "--change", &file, "--now", "soon"], "a whole number"),
        (
            vec!["replan", &good, &plan, "--change", &file, "--keep", "--objective", "makespan"],
            "with",
        ),
        (vec!["replan", &good, &plan, "--change", &file, "--out", &file], "found one of them"),
        (vec!["replan", &good, &file, "--change", &file], "ordine/schedule/1"),
    ] {
        let call = ordine(&arguments);
        assert_eq!(call.code, 2, "{arguments:?}: {}", call.err);
        assert!(call.err.contains(words), "{arguments:?}: {}", call.err);
    }
}
