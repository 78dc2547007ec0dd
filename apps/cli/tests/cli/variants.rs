//! `--variant`, `--setups`, `--operators`: what they add holds in every command that takes them.
//!
//! **Source:** operators: ScheduleOpt, optalcp-benchmarks; the other optima by enumeration.

use crate::call::{Desk, data, ordine};
use serde_json::Value;

/// Solves, judges under the same options, and gives the objective.
fn solved(file: &str, options: &[&str], out: &str) -> i64 {
    let mut arguments = vec!["solve", file, "--work", "200000", "--json", "--out", out];
    arguments.extend(options);
    let call = ordine(&arguments);
    assert_eq!((call.code, call.err.as_str()), (0, ""), "{options:?}");
    let line: Value = serde_json::from_str(&call.out).expect("a line of JSON");
    let mut arguments = vec!["check", file, out];
    arguments.extend(options);
    let verdict = ordine(&arguments);
    assert_eq!(verdict.code, 0, "{options:?}: {}{}", verdict.out, verdict.err);
    line["objective"].as_i64().expect("a number")
}

/// A flow shop of three jobs and four machines, as a job shop: 26 without any option.
const FLOW: &str = "3 4\n0 3 1 5 2 6 3 4\n0 5 1 1 2 1 3 8\n0 3 1 2 2 9 3 1\n";

/// Two jobs that meet on their way: 5 when they change machines at one instant.
const CROSS: &str = "2 2\n0 3 1 2\n1 3 0 2\n";

/// Setups on the first machine, by the distance of jobs.
const POSITIONS: &str = "0 0 3 0 0 4\n0 0 0 0 0 0\n0 0 0 0 0 0\n0 0 0 0 0 0\n";

#[test]
fn every_option_is_solved_judged_converted_and_replanned() {
    let desk = Desk::new();
    let (ft06, flow) = (data("ft06.txt"), desk.put("flow.txt", FLOW));
    let cross = desk.put("cross.txt", CROSS);
    let positions = desk.put("positions.txt", POSITIONS);
    let plain = desk.path("plain.json");
    let cases: [(&str, &[&str], i64); 9] = [
        (&ft06, &["--operators", "1"], 197),
        (&ft06, &["--operators", "4"], 56),
        (&flow, &["--variant", "permutation"], 27),
        (&flow, &["--variant", "blocking"], 28),
        (&flow, &["--variant", "no-wait"], 29),
        (&cross, &["--variant", "blocking"], 5),
        (&cross, &["--variant", "blocking-no-swap"], 10),
        (&flow, &["--setups", &positions], 31),
        (&flow, &["--setups", &positions, "--variant", "no-wait,permutation"], 32),
    ];
    for (file, options, optimum) in cases {
        let (out, json) = (desk.path("plan.json"), desk.path("problem.json"));
        assert_eq!(solved(file, options, &out), optimum, "{options:?}");
        // Written out, the problem is the same without the options.
        let mut arguments = vec!["convert", file, "--to", "json", "--out", &json];
        arguments.extend(options);
        assert_eq!(ordine(&arguments).code, 0, "{options:?}");
        assert_eq!(ordine(&["check", &json, &out]).code, 0, "{options:?}");
        assert_eq!(solved(&json, &[], &out), optimum, "{options:?}");
        // A new plan after nothing has happened keeps to the same rules.
        let nothing = r#"{"format":"ordine/change/1","now":2,"changes":[]}"#;
        let change = desk.put("change.json", nothing);
        let mut arguments = vec!["replan", file, &out, "--change", &change, "--keep"];
        arguments.extend(["--json", "--work", "3000"]);
        arguments.extend(options);
        let call = ordine(&arguments);
        assert_eq!((call.code, call.err.as_str()), (0, ""), "{options:?}");
        let told: Value = serde_json::from_str(&call.out).expect("a line of JSON");
        assert_eq!(told["moves"].as_array().map(Vec::len), Some(0), "{options:?}: {told}");
        assert_eq!(told["objective_after"], optimum, "{options:?}");
    }
    // The options are not idle: a plan made without them is refused with them.
    for (file, options, _) in cases.into_iter().filter(|case| case.2 != 5) {
        assert_eq!(ordine(&["solve", file, "--work", "20000", "-q", "--out", &plain]).code, 0);
        let mut arguments = vec!["check", file, &plain];
        arguments.extend(options);
        let verdict = ordine(&arguments);
        // Operators are resources that the plan does not name.
        let code = if options[0] == "--operators" { 2 } else { 3 };
        assert_eq!(verdict.code, code, "{options:?}: {}", verdict.out);
    }
}

#[test]
fn setups_of_a_folder_are_found_by_the_name_of_the_instance() {
    let desk = Desk::new();
    let flow = desk.put("flow.txt", FLOW);
    let folder = desk.path("setups");
    std::fs::create_dir(&folder).expect("a temporary folder");
    desk.put("setups/flow.txt", POSITIONS);
    assert_eq!(solved(&flow, &["--setups", &folder], &desk.path("plan.json")), 31);
    let other = desk.put("other.txt", FLOW);
    let call = ordine(&["solve", &other, "--setups", &folder]);
    assert_eq!(call.code, 2, "{}", call.out);
    assert!(call.err.contains("setups/other.txt: expected a readable file"), "{}", call.err);
}
