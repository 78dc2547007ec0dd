//! Fronts of two measures, and what became of jobs.
//!
//! **Source:** -

use crate::call::{Desk, data, ordine};
use serde_json::Value;

const PARETO: [&str; 6] =
    ["--objective", "pareto:makespan,total-flow-time", "--work", "60000", "--points", "4"];

#[test]
fn a_front_is_told_drawn_and_written_schedule_by_schedule() {
    let desk = Desk::new();
    let (path, chart, folder) = (data("ft06.txt"), desk.path("front.svg"), desk.path("plans/"));
    let mut call = vec!["solve", &path, "--json", "--front", &chart, "--out", &folder];
    call.extend(PARETO);
    let call = ordine(&call);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    let line: Value = serde_json::from_str(&call.out).expect("the line is JSON");
    let front = line["front"].as_array().expect("a front");
    let value = |point: &Value, place: usize| point["values"][place].as_i64().expect("a number");
    assert!(front.len() >= 2, "{line}");
    for pair in front.windows(2) {
        assert!(value(&pair[0], 0) < value(&pair[1], 0), "{line}");
        assert!(value(&pair[0], 1) > value(&pair[1], 1), "{line}");
    }
    assert_eq!(value(&front[0], 0), 55);
    assert!(desk.read("front.svg").starts_with("<svg"));
    for number in 1..=front.len() {
        let plan = desk.path(&format!("plans/ft06-{number}.json"));
        assert_eq!(ordine(&["check", &path, &plan]).code, 0, "{plan}");
    }
}

#[test]
fn a_front_refuses_what_needs_one_schedule() {
    let path = data("ft06.txt");
    for option in ["--gantt", "--convergence", "--out"] {
        let mut call = vec!["solve", &path, option, "one.svg"];
        call.extend(PARETO);
        let call = ordine(&call);
        assert_eq!(call.code, 2, "{option}");
        assert!(call.err.contains("a front has several schedules"), "{}", call.err);
    }
}

#[test]
fn jobs_are_told_where_they_are_asked_for() {
    let (path, work) = (data("ft06.txt"), ["--work", "20000"]);
    let call = ordine(&["solve", &path, "--json", "--jobs", work[0], work[1]]);
    let line: Value = serde_json::from_str(&call.out).expect("the line is JSON");
    let jobs = line["jobs"].as_array().expect("jobs");
    let ends: Vec<i64> = jobs.iter().filter_map(|job| job["end"].as_i64()).collect();
    assert_eq!(ends.len(), 6, "{line}");
    assert!(ends.is_sorted(), "{line}");
    assert_eq!(ends.last().copied(), line["objective"].as_i64());
    let call = ordine(&["solve", &path, "--jobs", work[0], work[1]]);
    assert!(call.out.contains("  job  position  release  start"), "{}", call.out);
}
