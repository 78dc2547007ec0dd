//! `explain`: conflicts with relaxations, late jobs, wishes, and one more job.
//!
//! **Source:** -

use crate::call::{Desk, ordine};
use serde_json::Value;

/// Two jobs on one machine, the second late.
const SHOP: &str = r#"{"format":"ordine/problem/1","name":"shop","objective":"total-tardiness",
"jobs":[{"name":"long","due":9},{"name":"short","due":4}],
"resources":[{"name":"lathe","kind":"machine"},{"name":"mill","kind":"machine"}],
"tasks":[
{"name":"turn","job":"long","modes":[{"duration":6,"requirements":[{"resource":"lathe"}]}]},
{"name":"bore","job":"short","modes":[{"duration":2,"requirements":[{"resource":"lathe"}]},
{"duration":3,"requirements":[{"resource":"mill"}]}]}]}"#;

const PLAN: &str = r#"{"format":"ordine/schedule/1","instance":"shop","objective":4,
"tasks":[{"task":0,"mode":0,"start":0,"end":6},{"task":1,"mode":0,"start":6,"end":8}]}"#;

fn shop(desk: &Desk) -> (String, String) {
    (desk.put("shop.json", SHOP), desk.put("plan.json", PLAN))
}

fn json(arguments: &[&str]) -> (Value, i32) {
    let call = ordine(arguments);
    let value = serde_json::from_str(&call.out);
    (value.unwrap_or_else(|error| panic!("{error}: {}{}", call.out, call.err)), call.code)
}

#[test]
fn a_conflict_is_told_with_its_cheapest_relaxation() {
    let desk = Desk::new();
    let (file, out) = (desk.path("infeasible.json"), desk.path("out.json"));
    let call = ordine(&["explain", &file, "--out", &out]);
    assert_eq!(call.code, 3, "{}", call.err);
    for words in [
        "infeasible: infeasible\n  conflict   2 constraints cannot hold together",
        "\n    deadline of job rush: 3\n",
        "  cheapest   deadline of job rush: 3 -> 4\n             cost 1; the judge accepts",
    ] {
        assert!(call.out.contains(words), "{words:?} in {}", call.out);
    }
    assert!(desk.read("out.json").contains("ordine/schedule/1"));
    let (told, code) =
        json(&["explain", &file, "--json", "--keep", "deadline", "--work", "100000"]);
    assert_eq!((code, told["minimal"].as_bool()), (3, Some(true)));
    for relaxation in told["relaxations"].as_array().expect("a list") {
        assert_ne!(relaxation["eases"][0]["kind"], "deadline");
        assert_eq!((&relaxation["checked"], &relaxation["least"]), (&true.into(), &true.into()));
    }
    // Where the deadline is dear, two others are cheaper than it alone.
    let dear = ["--cost", "deadline=1000", "--json"];
    let (told, _) = json(&[&["explain", &file][..], &dear].concat());
    let cheapest = &told["relaxations"][0];
    assert_eq!((cheapest["cost"].as_i64(), &told["cheapest_proved"]), (Some(101), &true.into()));
    let kinds: Vec<&str> = cheapest["eases"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|ease| ease["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["capacity", "precedence"]);
}

#[test]
fn what_is_feasible_or_not_decided_says_so() {
    let desk = Desk::new();
    let (told, code) = json(&["explain", &desk.path("good.json"), "--json"]);
    assert_eq!((code, &told["status"]), (0, &"feasible".into()));
    let (told, code) = json(&["explain", &desk.path("hard.json"), "--json", "--work", "40000"]);
    assert_eq!((code, &told["status"]), (4, &"unknown".into()));
    let solved = ordine(&["solve", &desk.path("infeasible.json")]);
    assert!(solved.out.contains("`ordine explain FILE`"), "{}", solved.out);
}

#[test]
fn a_late_job_is_followed_back() {
    let desk = Desk::new();
    let (file, plan) = shop(&desk);
    let named = ordine(&["explain", &file, &plan, "--why-late", "short"]);
    // The only late job is explained unasked.
    let asked = ordine(&["explain", &file, &plan]);
    assert_eq!((named.code, &named.out), (0, &asked.out), "{}", named.err);
    for words in [
        "job short ends at 8, due 4: 4 late",
        "held by turn keeps machine lathe until 6",
        "held by the beginning",
        "helps: bore before turn: the job ends at 2, 6 earlier; objective -4",
    ] {
        assert!(named.out.contains(words), "{words:?} in {}", named.out);
    }
    let wrong = ordine(&["explain", &file, &plan, "--why-late", "shrot"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("expected a job: long, short; found shrot"), "{}", wrong.err);
}

#[test]
fn wishes_move_as_little_as_possible() {
    let desk = Desk::new();
    let (file, plan) = shop(&desk);
    let what_if = |wishes: &str| json(&["explain", &file, &plan, "--what-if", wishes, "--json"]);
    let (told, code) = what_if("task=turn,from=1");
    // Behind the bore, which then need not move.
    assert_eq!((code, told["moves"].as_array().map(Vec::len)), (0, Some(1)));
    assert_eq!((&told["moves"][0]["start"], &told["objective_change"][0]), (&8.into(), &5.into()));
    assert_eq!((&told["fewest_moves"], &told["checked"]), (&true.into(), &true.into()));
    let (told, _) = what_if("task=bore,machine=mill");
    let moved = &told["moves"][0];
    assert_eq!((&moved["name"], &moved["resources"][0]), (&"bore".into(), &"mill".into()));
    assert_eq!(told["moves"].as_array().map(Vec::len), Some(1));
    let (told, _) = what_if("task=bore,duration=5;job=short,due=20");
    assert_eq!(told["objective"][0], 0);
    let (told, _) = what_if("resource=lathe,down=7-9");
    assert_eq!(told["moves"][0]["name"], "bore");
    let (told, code) = what_if("task=turn,until=5");
    assert_eq!((code, &told["conflict"][0]["constraint"]), (3, &"time window of task turn".into()));
    for (wishes, words) in [
        ("", "expected a wish"),
        ("turn,start=4", "`task=NAME`, `job=NAME` or `resource=NAME` first"),
        ("task=turn", "what is to be other about it"),
        ("task=turn,start=-4", "a whole time from 0 up"),
        ("task=turn,mode=3", "a mode below 1"),
        ("task=turn,machine=mill", "a resource of a mode of task turn"),
        ("resource=lathe,capacity=2", "a renewable or a consumable"),
        ("resource=lathe,down=9", "down=30-60"),
    ] {
        let call = ordine(&["explain", &file, &plan, "--what-if", wishes]);
        assert_eq!(call.code, 2, "{wishes}: {}", call.out);
        assert!(call.err.contains(words), "{wishes}: {}", call.err);
    }
}

#[test]
fn one_more_job_finds_its_place() {
    let desk = Desk::new();
    let (file, plan) = shop(&desk);
    let rush = desk.put(
        "rush.json",
        r#"{"format":"ordine/change/1","changes":[
{"change":"new-job","jobs":[{"name":"rush"}],"tasks":[{"name":"cut","job":"rush",
"modes":[{"duration":3,"requirements":[{"resource":"lathe"}]}]}]}]}"#,
    );
    let out = desk.path("new.json");
    let (told, code) = json(&["explain", &file, &plan, "--insert", &rush, "--json", "--out", &out]);
    let best = &told["places"][0];
    assert_eq!((code, &best["tasks"][0]["start"], &best["damage"][0]), (0, &8.into(), &0.into()));
    assert!(desk.read("new.json").contains("\"cut\""));
    let like = ordine(&["explain", &file, &plan, "--insert-like", "short"]);
    assert_eq!(like.code, 0, "{}", like.err);
    // The mill is free.
    assert!(like.out.contains("0 to      3  bore (again) on mill"), "{}", like.out);
    let wrong = desk.put(
        "down.json",
        r#"{"format":"ordine/change/1","changes":[
{"change":"machine-down","resource":"lathe","from":1,"to":2}]}"#,
    );
    let call = ordine(&["explain", &file, &plan, "--insert", &wrong]);
    assert_eq!((call.code, call.err.contains("`new-job`")), (2, true), "{}", call.err);
}

#[test]
fn a_schedule_that_breaks_rules_is_told_so() {
    let desk = Desk::new();
    let (file, _) = shop(&desk);
    let plan =
        desk.put("bad.json", &PLAN.replace("\"start\":6,\"end\":8", "\"start\":5,\"end\":7"));
    let call = ordine(&["explain", &file, &plan]);
    assert_eq!(call.code, 3, "{}", call.err);
    assert!(call.out.contains("breaks rules"), "{}", call.out);
}
