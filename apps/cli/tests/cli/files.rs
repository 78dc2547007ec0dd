//! Files in and out: schedules, charts, traces, several instances, conversion.
//!
//! **Source:** -

use crate::call::{Desk, data, ordine};
use serde_json::Value;

#[test]
fn what_is_written_is_judged_feasible_with_the_printed_objective() {
    let desk = Desk::new();
    for name in ["ft06.txt", "mk01.fjs", "j301_1.sm", "j1010_1.mm"] {
        let (path, out) = (data(name), desk.path("plan.json"));
        let solved = ordine(&["solve", &path, "--work", "20000", "--json", "--out", &out]);
        let line: Value = serde_json::from_str(&solved.out).expect("a line of JSON");
        let checked = ordine(&["check", &path, &out, "--json"]);
        assert_eq!(checked.code, 0, "{name}: {}{}", checked.out, checked.err);
        let verdict: Value = serde_json::from_str(&checked.out).expect("a line of JSON");
        assert_eq!(verdict["objective"], line["objective"], "{name}");
        assert_eq!(verdict["feasible"], true, "{name}");
    }
}

#[test]
fn a_broken_schedule_is_told_violation_by_violation() {
    let desk = Desk::new();
    let (path, out) = (data("ft06.txt"), desk.path("plan.json"));
    ordine(&["solve", &path, "--first", "--quiet", "--out", &out]);
    let moved = shifted_to_origin(&desk.read("plan.json"));
    let broken = desk.put("broken.json", &moved);
    let call = ordine(&["check", &path, &broken]);
    assert_eq!(call.code, 3, "{}", call.err);
    let count: usize =
        call.out.split([' ', ':']).find_map(|word| word.parse().ok()).expect("number");
    assert_eq!(call.out.lines().count(), count + 1, "{}", call.out);
    assert!(call.out.contains("task") && call.out.contains("machine"), "{}", call.out);
    let json = ordine(&["check", &path, &broken, "--json"]);
    let verdict: Value = serde_json::from_str(&json.out).expect("a line of JSON");
    assert_eq!(verdict["violations"].as_array().map(Vec::len), Some(count));
    assert!(verdict["objective"].is_null());
}

/// The same tasks, each in its mode, all from the origin.
fn shifted_to_origin(schedule: &str) -> String {
    let mut file: Value = serde_json::from_str(schedule).expect("a schedule");
    for task in file["tasks"].as_array_mut().expect("tasks") {
        let duration =
            task["end"].as_i64().expect("an end") - task["start"].as_i64().expect("start");
        task["start"] = 0.into();
        task["end"] = duration.into();
    }
    file.to_string()
}

#[test]
fn a_false_claim_and_huge_numbers_are_violations_not_crashes() {
    let desk = Desk::new();
    let schedule = |objective: i64, start: i64, end: i64| {
        format!(
            r#"{{"format":"ordine/schedule/1","instance":"good","objective":{objective},
            "tasks":[{{"task":0,"mode":0,"start":{start},"end":{end}}}]}}"#
        )
    };
    let good = desk.path("good.json");
    for (objective, start, end, code) in [
        (3, 0, 3, 0),
        (2, 0, 3, 3),
        (3, 0, 4, 3),
        (3, -(1 << 40), 1 << 40, 3),
        (3, i64::MIN, i64::MAX, 2),
    ] {
        let file = desk.put("plan.json", &schedule(objective, start, end));
        let call = ordine(&["check", &good, &file]);
        assert_eq!(call.code, code, "{start}..{end}: {}{}", call.out, call.err);
    }
    let call = ordine(&["check", &good, &desk.put("plan.json", &schedule(2, 0, 3))]);
    assert!(call.out.contains("--objective"), "{}", call.out);
}

#[test]
fn a_folder_takes_one_file_per_instance_and_a_file_only_one() {
    let desk = Desk::new();
    let (out, charts) = (desk.path("plans/"), desk.path("charts/"));
    let (good, other) = (desk.path("good.json"), data("ft06.txt"));
    let mut arguments = vec![
        "solve", &good, &other, &good, "--first", "--quiet", "--out", &out, "--gantt", &charts,
    ];
    assert_eq!(ordine(&arguments).code, 0);
    assert_eq!(desk.names("plans"), ["ft06.json", "good-2.json", "good.json"]);
    assert_eq!(desk.names("charts"), ["ft06.svg", "good-2.svg", "good.svg"]);
    assert!(desk.read("charts/ft06.svg").starts_with("<svg"));
    arguments[7] = "plan.json";
    let call = ordine(&arguments);
    assert_eq!((call.code, call.out.as_str()), (2, ""), "{}", call.err);
}

#[test]
fn names_of_instances_do_not_lead_out_of_the_folder() {
    let desk = Desk::new();
    let text = desk.read("good.json").replace("\"good\"", "\"../escape\"");
    let (path, out) = (desk.put("sly.json", &text), desk.path("plans/"));
    assert_eq!(ordine(&["solve", &path, "--first", "--quiet", "--out", &out]).code, 0);
    assert_eq!(desk.names("plans"), ["_._escape.json"]);
}

#[test]
fn nothing_is_written_when_nothing_is_found() {
    let desk = Desk::new();
    let (path, out) = (desk.path("infeasible.json"), desk.path("plan.json"));
    let call = ordine(&["solve", &path, "--out", &out]);
    assert_eq!(call.code, 3);
    assert!(call.err.starts_with("warning: infeasible: there is no schedule"), "{}", call.err);
    assert!(!desk.names("").contains(&"plan.json".to_owned()));
}

#[test]
#[cfg(unix)]
fn a_device_is_written_not_replaced() {
    let desk = Desk::new();
    let call = ordine(&["solve", &desk.path("good.json"), "--quiet", "--out", "/dev/null"]);
    assert_eq!(call.code, 0, "{}", call.err);
    let kind = std::fs::metadata("/dev/null").expect("it is still there").file_type();
    assert!(!kind.is_file());
}

#[test]
fn a_trace_names_instance_time_value_source_and_work() {
    let desk = Desk::new();
    let (good, ft06, trace) = (desk.path("good.json"), data("ft06.txt"), desk.path("trace.jsonl"));
    let call = ordine(&["solve", &good, &ft06, "--work", "20000", "--quiet", "--trace", &trace]);
    assert_eq!(call.code, 0, "{}", call.err);
    let text = desk.read("trace.jsonl");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.iter().any(|line| line["instance"] == "good"));
    let of_ft06: Vec<&Value> = lines.iter().filter(|line| line["instance"] == "ft06").collect();
    let values = |event: &str| -> Vec<i64> {
        let of_event = of_ft06.iter().filter(|line| line["event"] == event);
        of_event.map(|line| line["value"].as_i64().expect("a number")).collect()
    };
    assert!(values("incumbent").is_sorted_by(|one, next| one > next), "{text}");
    assert!(values("bound").is_sorted_by(|one, next| one < next), "{text}");
    assert!(of_ft06.is_sorted_by_key(|line| line["work"].as_u64()), "{text}");
    assert!(of_ft06.iter().all(|line| line["source"].is_string() && line["t_s"].is_number()));
}

/// All of them are refused, and what is read stays as it is.
#[test]
fn what_is_read_is_never_written_over() {
    let desk = Desk::new();
    let (good, plan) = (desk.path("good.json"), desk.path("plan.json"));
    assert_eq!(ordine(&["solve", &good, "--first", "--quiet", "--out", &plan]).code, 0);
    let (roundabout, folder) = (desk.path("./good.json"), desk.path("./"));
    let named = desk.put("problem.svg", &desk.read("good.json"));
    let calls: &[&[&str]] = &[
        &["solve", &good, "--out", &good],
        &["solve", &good, "--out", &roundabout],
        &["solve", &good, "--trace", &roundabout],
        &["solve", &named, "--gantt", &named],
        &["solve", &good, "--out", &folder],
        &["solve", &good, "--start", &plan, "--trace", &plan],
        &["convert", &good, "--to", "json", "--out", &good],
        &["convert", &good, "--to", "json", "--out", &folder],
    ];
    let before = (desk.read("good.json"), desk.read("plan.json"));
    for arguments in calls {
        let call = ordine(arguments);
        assert_eq!(call.code, 2, "{arguments:?}: {}", call.err);
        assert_eq!(call.err.lines().count(), 1, "{arguments:?}: {}", call.err);
        assert!(call.err.contains("another file than the inputs"), "{arguments:?}: {}", call.err);
        assert_eq!((desk.read("good.json"), desk.read("plan.json")), before, "{arguments:?}");
    }
    let call = ordine(&["solve", &good, "--start", &plan, "--out", &plan, "--quiet"]);
    assert_eq!(call.code, 0, "{}", call.err);
}

#[test]
fn a_conversion_to_json_keeps_unit_and_origin() {
    let desk = Desk::new();
    let head = r#""unit":"minute","origin":"2026-01-05T06:00:00+01:00","objective""#;
    let path = desk.put("scaled.json", &desk.read("good.json").replace("\"objective\"", head));
    let first = ordine(&["convert", &path, "--to", "json"]);
    assert!(first.out.contains(head), "{}{}", first.out, first.err);
    let again = ordine(&["convert", &desk.put("again.json", &first.out), "--to", "json"]);
    assert_eq!(again.out, first.out);
    let wrong = desk.put("wrong.json", &first.out.replace("2026-01-05T", "someday "));
    let call = ordine(&["solve", &wrong]);
    assert_eq!(call.code, 2);
    for words in ["wrong.json, line 1: expected", "ISO 8601", "found `someday 06:00"] {
        assert!(call.err.contains(words), "{}", call.err);
    }
}

#[test]
fn schedules_of_our_own_format_name_their_tasks() {
    let (desk, ft06) = (Desk::new(), data("ft06.txt"));
    let (good, plan) = (desk.path("good.json"), desk.path("plan.json"));
    for (path, named) in [(good, true), (ft06, false)] {
        assert_eq!(ordine(&["solve", &path, "--first", "--quiet", "--out", &plan]).code, 0);
        assert_eq!(desk.read("plan.json").contains("\"name\":"), named, "{path}");
        assert_eq!(ordine(&["check", &path, &plan]).code, 0, "{path}");
    }
}

#[test]
fn an_instance_without_name_bears_that_of_its_file() {
    let desk = Desk::new();
    let path = desk.put("plain.json", &desk.read("good.json").replace("\"good\"", "\"\""));
    let call = ordine(&["solve", &path, "--first", "--quiet"]);
    assert!(call.out.starts_with("plain: "), "{}", call.out);
}

#[test]
fn a_converted_instance_is_solved_alike() {
    let desk = Desk::new();
    let solve = |path: &str| {
        let call = ordine(&["solve", path, "--work", "20000", "--json"]);
        let line: Value = serde_json::from_str(&call.out).expect("a line of JSON");
        line["objective"].clone()
    };
    let original = solve(&data("ft06.txt"));
    for (format, name) in
        [("json", "ft06.json"), ("csv", "ft06.csv"), ("jsplib", "ft06.txt"), ("fjs", "ft06.fjs")]
    {
        let out = desk.path(name);
        let call = ordine(&["convert", &data("ft06.txt"), "--to", format, "--out", &out]);
        assert_eq!(call.code, 0, "{format}: {}", call.err);
        assert_eq!(solve(&out), original, "{format}");
        let printed = ordine(&["convert", &data("ft06.txt"), "--to", format]);
        assert_eq!(printed.out, desk.read(name), "{format}");
    }
}

#[test]
fn every_list_has_its_entries_one_line_each() {
    for (kind, name) in [
        ("formats", "jsplib"),
        ("families", "project"),
        ("recipes", "auto"),
        ("rules", "mwkr"),
        ("worlds", "construction"),
        ("policies", "lft"),
        ("benches", "quality"),
    ] {
        let call = ordine(&["list", kind]);
        assert_eq!(call.code, 0, "{kind}");
        let found = call.out.lines().any(|line| line.split_whitespace().next() == Some(name));
        assert!(found, "{kind}: {}", call.out);
    }
}
