//! The JSON line: keys, order, types, and that nothing else is on stdout.
//!
//! **Source:** -

use crate::call::{Desk, data, ordine};
use serde_json::Value;

const KEYS: [&str; 16] = [
    "instance",
    "family",
    "objective",
    "bound",
    "root_bound",
    "status",
    "stopped",
    "wall_s",
    "first_s",
    "best_s",
    "checked",
    "seed",
    "workers",
    "recipe",
    "version",
    "work",
];

fn only_line(text: &str) -> Value {
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(text).expect("the line is JSON")
}

/// Keys in the order of the text; no value of a line holds an object.
fn keys(line: &str) -> Vec<&str> {
    line.split('"')
        .skip(1)
        .step_by(2)
        .zip(line.split('"').skip(2).step_by(2))
        .filter(|(_, after)| after.starts_with(':'))
        .map(|(key, _)| key)
        .collect()
}

#[test]
fn the_line_of_a_found_schedule_has_every_key_in_order() {
    let call = ordine(&["solve", &data("ft06.txt"), "--time", "0.05", "--seed", "9", "--json"]);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    assert_eq!(keys(&call.out), KEYS);
    let line = only_line(&call.out);
    let is = |key: &str, value: Value| assert_eq!(line[key], value, "{key}");
    is("instance", "ft06".into());
    is("family", "shop".into());
    is("checked", true.into());
    is("seed", 9.into());
    is("recipe", "auto".into());
    is("version", env!("CARGO_PKG_VERSION").into());
    assert!(line["objective"].as_i64() >= line["bound"].as_i64());
    assert!(line["bound"].as_i64() >= line["root_bound"].as_i64());
    assert!(line["best_s"].as_f64() >= line["first_s"].as_f64());
    assert!(line["wall_s"].as_f64() >= line["best_s"].as_f64());
}

#[test]
fn without_a_schedule_objective_and_times_are_null() {
    let desk = Desk::new();
    let infeasible = ordine(&["solve", &desk.path("infeasible.json"), "--json"]);
    let line = only_line(&infeasible.out);
    assert_eq!((infeasible.code, &line["status"]), (3, &"infeasible".into()));
    assert_eq!((&line["family"], &line["stopped"]), (&"general".into(), &"proved".into()));
    let core = ["precedence turn -> bore", "deadline of job rush"];
    assert_eq!(line["core"], serde_json::json!(core));
    assert!(line.get("obstacles").is_none());
    let unknown = ordine(&["solve", &desk.path("hard.json"), "--time", "0.05", "--json"]);
    let unknown = only_line(&unknown.out);
    assert_eq!((&unknown["status"], &unknown["stopped"]), (&"unknown".into(), &"time".into()));
    assert!(unknown.get("core").is_none());
    let obstacles = unknown["obstacles"].as_array().expect("what is in the way");
    assert_eq!(obstacles[0]["kind"], "after-deadline", "{unknown}");
    let words = obstacles[0]["message"].as_str().expect("words");
    assert!(words.contains("expected 3 or earlier"), "{words}");
    for line in [line, unknown] {
        for key in ["objective", "first_s", "best_s"] {
            assert!(line[key].is_null(), "{key}: {line}");
        }
        assert_eq!(line["checked"], Value::Bool(false));
        assert!(line["bound"].is_number());
    }
}

#[test]
fn lexicographic_values_are_arrays() {
    let call = ordine(&[
        "solve",
        &data("ft06.txt"),
        "--objective",
        "makespan,total-flow-time",
        "--work",
        "20000",
        "--json",
    ]);
    let line = only_line(&call.out);
    for key in ["objective", "bound", "root_bound"] {
        assert_eq!(line[key].as_array().map(Vec::len), Some(2), "{key}: {line}");
    }
}

#[test]
fn each_limit_gives_its_reason() {
    let ft10 = data("ft10.txt");
    let cases: &[(&[&str], &str)] = &[
        (&["--time", "0.05"], "time"),
        (&["--work", "5000"], "work"),
        (&["--first"], "first"),
        (&["--target", "1500", "--time", "5"], "target"),
        (&["--gap", "90", "--time", "5"], "gap"),
        (&["--no-improvement", "0.05", "--time", "9"], "no-improvement"),
        (&["--recipe", "rule:lft"], "exhausted"),
    ];
    for (limit, reason) in cases {
        let mut arguments = vec!["solve", &ft10, "--json"];
        arguments.extend(*limit);
        let call = ordine(&arguments);
        assert_eq!(only_line(&call.out)["stopped"], *reason, "{limit:?}: {}", call.err);
        assert_eq!(call.code, 0, "{limit:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_memory_limit_ends_the_run_with_a_schedule() {
    let call = ordine(&["solve", &data("ft10.txt"), "--memory", "1M", "--json"]);
    assert_eq!(
        (call.code, &only_line(&call.out)["stopped"]),
        (0, &"memory".into()),
        "{}",
        call.err
    );
}

#[test]
fn a_policy_that_is_a_rule_gives_the_schedule_of_the_rule() {
    let objective = |recipe: &str| {
        let call = ordine(&["solve", &data("la01.txt"), "--recipe", recipe, "--json"]);
        let line = only_line(&call.out);
        assert_eq!(line["recipe"], recipe);
        line["objective"].clone()
    };
    assert_eq!(objective("rule:mwkr"), objective("policy:mwkr"));
}
