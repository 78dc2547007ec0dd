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

/// Jobs a and b on a lathe, then a drill, one after the other; job c on a saw of its own.
const SHOP: &str = r#"{"format":"ordine/problem/1","name":"shop","objective":"total-tardiness",
"jobs":[{"name":"a","due":12},{"name":"b","due":14},{"name":"c","due":11}],
"resources":[{"name":"lathe","kind":"machine"},{"name":"drill","kind":"machine"},
{"name":"saw","kind":"machine"}],
"tasks":[
{"name":"a1","job":"a","modes":[{"duration":4,"requirements":[{"resource":"lathe"}]}]},
{"name":"a2","job":"a","modes":[{"duration":6,"requirements":[{"resource":"drill"}]}]},
{"name":"b1","job":"b","modes":[{"duration":5,"requirements":[{"resource":"lathe"}]}]},
{"name":"b2","job":"b","modes":[{"duration":2,"requirements":[{"resource":"drill"}]}]},
{"name":"c1","job":"c","modes":[{"duration":5,"requirements":[{"resource":"saw"}]}]},
{"name":"c2","job":"c","modes":[{"duration":6,"requirements":[{"resource":"saw"}]}]}],
"precedences":[{"before":"a1","after":"a2"},{"before":"b1","after":"b2"},
{"before":"c1","after":"c2"}]}"#;

const SHOP_PLAN: &str = r#"{"format":"ordine/schedule/1","instance":"shop","objective":0,"tasks":[
{"task":0,"mode":0,"start":0,"end":4},{"task":1,"mode":0,"start":4,"end":10},
{"task":2,"mode":0,"start":4,"end":9},{"task":3,"mode":0,"start":10,"end":12},
{"task":4,"mode":0,"start":0,"end":5},{"task":5,"mode":0,"start":5,"end":11}]}"#;

/// Where the tasks of the plan stand.
const STANDS: [(&str, i64, i64); 6] =
    [("a1", 0, 4), ("a2", 4, 10), ("b1", 4, 9), ("b2", 10, 12), ("c1", 0, 5), ("c2", 5, 11)];

/// What a change leads to: the tasks that stand elsewhere than planned, as `name start-end`.
struct Case {
    now: i64,
    change: &'static str,
    /// More options, separated by spaces.
    options: &'static str,
    elsewhere: &'static str,
}

const CASES: [Case; 11] = [
    Case { now: 0, change: "", options: "--keep", elsewhere: "" },
    // Early: what follows could move, and stays.
    Case {
        now: 6,
        change: r#"{"change":"task-done","task":"b1","end":6}"#,
        options: "--keep",
        elsewhere: "b1 4-6",
    },
    Case {
        now: 6,
        change: r#"{"change":"task-late","task":"a2","delay":3}"#,
        options: "--keep",
        elsewhere: "a2 4-13, b2 13-15",
    },
    Case {
        now: 3,
        change: r#"{"change":"task-started","task":"a1","start":1,"remaining":4}"#,
        options: "",
        elsewhere: "a1 1-7, a2 7-13, b1 7-12, b2 13-15",
    },
    Case {
        now: 2,
        change: r#"{"change":"machine-down","resource":"lathe","from":2,"to":5}"#,
        options: "--keep",
        elsewhere: "a1 0-7, a2 7-13, b1 7-12, b2 13-15",
    },
    Case {
        now: 2,
        change: r#"{"change":"new-job","jobs":[{"name":"rush","due":9}],"tasks":[{"name":"cut",
            "job":"rush","modes":[{"duration":3,"requirements":[{"resource":"drill"}]}]}]}"#,
        options: "--keep",
        elsewhere: "cut 12-15",
    },
    // Without the window the rush job would go before a2, whose job has time.
    Case {
        now: 2,
        change: r#"{"change":"frozen-window","length":3},
            {"change":"new-job","jobs":[{"name":"rush","due":9,"weight":9}],"tasks":[{"name":"cut",
            "job":"rush","modes":[{"duration":3,"requirements":[{"resource":"drill"}]}]}]}"#,
        options: "--objective weighted-tardiness,total-deviation",
        elsewhere: "cut 10-13, b2 13-15",
    },
    Case {
        now: 2,
        change: r#"{"change":"new-job","jobs":[{"name":"rush","due":9,"weight":9}],"tasks":[
            {"name":"cut","job":"rush",
            "modes":[{"duration":3,"requirements":[{"resource":"drill"}]}]}]}"#,
        options: "--objective weighted-tardiness,total-deviation",
        elsewhere: "cut 2-5, a2 5-11, b2 11-13",
    },
    Case {
        now: 0,
        change: r#"{"change":"due-changed","job":"b","due":7},
            {"change":"due-changed","job":"a","due":20}"#,
        options: "",
        elsewhere: "b1 0-5, a1 5-9, b2 5-7, a2 9-15",
    },
    Case {
        now: 0,
        change: r#"{"change":"task-late","task":"b1","duration":8}"#,
        options: "--keep",
        elsewhere: "b1 4-12, b2 12-14",
    },
    Case {
        now: 0,
        change: r#"{"change":"job-cancelled","job":"a"}"#,
        options: "--keep",
        elsewhere: "",
    },
];

/// Names and times of the present tasks of a schedule, by start.
fn stands(schedule: &str) -> Vec<(String, i64, i64)> {
    let file: Value = serde_json::from_str(schedule).expect("a schedule");
    let tasks = file["tasks"].as_array().expect("tasks").iter();
    let mut stands: Vec<_> = tasks
        .map(|task| {
            let number = |key: &str| task[key].as_i64().expect("a number");
            let name = task["name"].as_str().expect("a name").to_owned();
            (name, number("start"), number("end"))
        })
        .collect();
    stands.sort_by_key(|it| (it.1, it.0.clone()));
    stands
}

#[test]
fn every_kind_of_change_gives_a_checked_plan_and_its_difference() {
    for case in CASES {
        let desk = Desk::new();
        let (shop, plan) = (desk.put("shop.json", SHOP), desk.put("plan.json", SHOP_PLAN));
        let file = desk.put("change.json", &change(case.now, case.change));
        let (new, left) = (desk.path("new.json"), desk.path("left.json"));
        let mut arguments = vec!["replan", &shop, &plan, "--change", &file, "--out", &new];
        arguments.extend(["--problem-out", &left, "--work", "20000", "--json"]);
        arguments.extend(case.options.split_whitespace());
        let call = ordine(&arguments);
        let what = format!("{} {}: {}{}", case.change, case.options, call.out, call.err);
        assert_eq!((call.code, call.err.as_str()), (0, ""), "{what}");
        let told: Value = serde_json::from_str(&call.out).expect("a line of JSON");
        assert_eq!((&told["checked"], &told["now"]), (&true.into(), &case.now.into()), "{what}");
        // The judge agrees, on the problem that was written.
        let verdict = ordine(&["check", &left, &new, "--json"]);
        assert_eq!(verdict.code, 0, "{what}{}{}", verdict.out, verdict.err);
        let verdict: Value = serde_json::from_str(&verdict.out).expect("a line of JSON");
        assert_eq!(verdict["objective"], told["objective"], "{what}");
        // What the files say is what is expected, and what is told.
        let is_old = |it: &&(String, i64, i64)| STANDS.contains(&(it.0.as_str(), it.1, it.2));
        let stands = stands(&desk.read("new.json"));
        let words = |it: &(String, i64, i64)| format!("{} {}-{}", it.0, it.1, it.2);
        let elsewhere: Vec<String> = stands.iter().filter(|it| !is_old(it)).map(words).collect();
        assert_eq!(elsewhere.join(", "), case.elsewhere, "{what}");
        let moved = |it: &Value| format!("{} {}-{}", text(&it["name"]), it["start"], it["end"]);
        let mut moves: Vec<String> = list(&told["moves"]).iter().map(moved).collect();
        let added = list(&told["new"]).iter().map(|it| text(&it["name"]));
        let was_added = |words: &&String| added.clone().any(|name| words.starts_with(name));
        moves.extend(elsewhere.iter().filter(was_added).cloned());
        moves.sort();
        let mut expected = elsewhere.clone();
        expected.sort();
        assert_eq!(moves, expected, "{what}");
        assert_eq!(told["unmoved"], stands.len() - elsewhere.len(), "{what}");
        let gone = STANDS.iter().map(|it| it.0).filter(|it| stands.iter().all(|new| new.0 != *it));
        let cancelled: Vec<&str> = list(&told["cancelled"]).iter().map(text).collect();
        assert_eq!(cancelled, gone.collect::<Vec<_>>(), "{what}");
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn people_are_told_what_moves_and_what_is_late() {
    let desk = Desk::new();
    let (shop, plan) = (desk.put("shop.json", SHOP), desk.put("plan.json", SHOP_PLAN));
    let late = r#"{"change":"task-late","task":"a2","delay":3}"#;
    let file = desk.put("change.json", &change(6, late));
    let mut arguments = vec!["replan", &shop, &plan, "--change", &file, "--keep", "--work", "9000"];
    let call = ordine(&arguments);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    for words in [
        "plan       total-tardiness 0 before, 2 after; 4 of 6 tasks stay, present 6",
        "b2    13     10   +3  15   12   drill",
        "late: job a ends at 13 (was 10), due 12",
        "late: job b ends at 15 (was 12), due 14",
    ] {
        assert!(call.out.contains(words), "no {words:?} in\n{}", call.out);
    }
    arguments.push("--quiet");
    let line = ordine(&arguments).out;
    assert!(line.ends_with("; 2 moved, 0 new, 2 jobs later\n"), "{line}");
}
