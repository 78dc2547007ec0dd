//! Runs: determinism, warm starts, time limits, several members, stdin, a closed pipe.
//!
//! **Source:** -

use crate::call::{Call, Desk, command, data, ordine};
use serde_json::Value;
use std::io::{Read, Write};
use std::process::Stdio;

/// The line without what may differ between two runs.
fn timeless(line: &str) -> Value {
    let mut line: Value = serde_json::from_str(line).expect("a line of JSON");
    let fields = line.as_object_mut().expect("an object");
    for key in ["wall_s", "first_s", "best_s", "workers"] {
        assert!(fields.remove(key).is_some(), "{key}");
    }
    line
}

#[test]
fn the_same_seed_and_work_give_the_same_bytes_for_any_number_of_workers() {
    let desk = Desk::new();
    for name in ["ft10.txt", "mk03.fjs", "j3013_1.sm", "j2015_4.mm"] {
        let run = |workers: &str| {
            let out = desk.path("plan.json");
            let call = ordine(&[
                "solve",
                &data(name),
                "--work",
                "300000",
                "--seed",
                "7",
                "--workers",
                workers,
                "--json",
                "--out",
                &out,
            ]);
            assert_eq!(call.code, 0, "{name}: {}", call.err);
            (timeless(&call.out), desk.read("plan.json"))
        };
        let first = run("1");
        for workers in ["1", "2", "4"] {
            assert_eq!(run(workers), first, "{name} with {workers} workers");
        }
    }
}

#[test]
fn a_warm_start_is_never_lost() {
    let desk = Desk::new();
    for name in ["ft10.txt", "j3013_1.sm", "mk01.fjs"] {
        let (path, plan) = (data(name), desk.path("plan.json"));
        let objective = |arguments: &[&str]| {
            let mut all = vec!["solve", &path, "--json"];
            all.extend(arguments);
            let call = ordine(&all);
            let line: Value = serde_json::from_str(&call.out).expect("a line of JSON");
            line["objective"].as_i64().expect("a number")
        };
        let start = objective(&["--work", "1000000", "--out", &plan]);
        for limit in [["--time", "0.05"], ["--work", "1"], ["--time", "0"]] {
            let [option, value] = limit;
            let reached = objective(&["--start", &plan, option, value, "--seed", "2"]);
            assert!(reached <= start, "{name} {limit:?}: {reached} after {start}");
        }
    }
}

#[test]
fn a_start_may_be_incomplete_or_infeasible() {
    let desk = Desk::new();
    let ft06 = data("ft06.txt");
    let head = r#"{"format":"ordine/schedule/1","instance":"ft06","tasks":["#;
    let tasks = [
        "",
        r#"{"task":0,"mode":0,"start":0,"end":1},{"task":35,"absent":true}"#,
        r#"{"task":0,"mode":0,"start":900,"end":2},{"task":1,"mode":0,"start":0,"end":1}"#,
    ];
    for tasks in tasks {
        let plan = desk.put("plan.json", &format!("{head}{tasks}]}}"));
        let call = ordine(&["solve", &ft06, "--start", &plan, "--work", "1000", "--quiet"]);
        assert_eq!(call.code, 0, "{tasks}: {}", call.err);
    }
}

#[test]
fn a_start_that_is_foreign_or_repaired_is_told() {
    let desk = Desk::new();
    let ft06 = data("ft06.txt");
    let plan = desk.path("plan.json");
    assert_eq!(ordine(&["solve", &ft06, "--first", "--quiet", "--out", &plan]).code, 0);
    let good = desk.read("plan.json");
    let partial = good.lines().filter(|line| !line.starts_with("{\"task\":3,"));
    let partial: Vec<&str> = partial.collect();
    let head = r#"{"format":"ordine/schedule/1","instance":"ft06","tasks":["#;
    let late = format!(r#"{head}{{"task":0,"mode":0,"start":900,"end":2}}]}}"#);
    for (text, words) in [
        (good.clone(), ""),
        (good.replace("\"instance\":\"ft06\"", "\"instance\":\"la01\""), "made for la01"),
        (partial.join("\n"), "repaired, for it leaves out 1 of 36 tasks"),
        (late, "repaired, for it leaves out 35 of 36 tasks"),
        (moved(&good), "repaired, for it is not feasible: "),
    ] {
        let start = desk.put("start.json", &text);
        let mut arguments = vec!["solve", &ft06, "--start", &start, "--work", "1000", "--json"];
        let call = ordine(&arguments);
        assert_eq!(call.code, 0, "{words}: {}", call.err);
        let lines = usize::from(!words.is_empty());
        assert_eq!(call.err.lines().count(), lines, "{words}: {}", call.err);
        assert!(call.err.contains(words), "{words}: {}", call.err);
        arguments.push("--quiet");
        assert_eq!(ordine(&arguments).err, "", "{words}");
    }
}

/// The same schedule with its first task a million ticks later.
fn moved(schedule: &str) -> String {
    let mut file: Value = serde_json::from_str(schedule).expect("a schedule");
    let task = &mut file["tasks"][0];
    let duration = task["end"].as_i64().zip(task["start"].as_i64()).map(|(end, start)| end - start);
    task["start"] = 1_000_000.into();
    task["end"] = (1_000_000 + duration.expect("numbers")).into();
    file.to_string()
}

/// Five attempts, for other programs run beside the tests.
#[test]
fn a_time_limit_is_kept() {
    let attempt = |_| timed(&ordine(&["solve", &data("ft10.txt"), "--time", "0.3", "--json"]));
    let kept = |wall: f64| (0.3..0.3 * 1.01 + 0.1).contains(&wall);
    assert!((0..5).map(attempt).any(kept));
}

fn timed(call: &Call) -> f64 {
    let line: Value = serde_json::from_str(&call.out).expect("a line of JSON");
    line["wall_s"].as_f64().expect("a number")
}

#[test]
fn people_get_a_summary_and_a_chart_without_escapes_in_a_pipe() {
    let call = ordine(&["solve", &data("ft06.txt"), "--work", "20000"]);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    assert!(!call.out.contains('\u{1b}'));
    for word in ["ft06: ", "objective", "bound", "gap", "stopped", "seed 1", "recipe auto", "m0 │"]
    {
        assert!(call.out.contains(word), "no {word:?} in {}", call.out);
    }
    assert!(call.out.lines().all(|line| line.chars().count() <= 130), "{}", call.out);
    let quiet = ordine(&["solve", &data("ft06.txt"), "--work", "20000", "--quiet"]);
    assert_eq!(quiet.out.lines().count(), 1, "{}", quiet.out);
}

#[test]
fn improvements_are_told_on_stderr_when_asked_for() {
    let call = ordine(&["solve", &data("ft06.txt"), "--work", "20000", "--json", "-v"]);
    assert_eq!(call.out.lines().count(), 1);
    assert!(call.err.contains("incumbent") && call.err.contains("bound"), "{}", call.err);
}

#[test]
fn instances_come_from_stdin_too() {
    let mut command = command(&["solve", "-", "--work", "1000", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let text = std::fs::read(data("ft06.txt")).expect("the instance");
    child.stdin.take().expect("a pipe").write_all(&text).expect("the program reads");
    let call: Call = child.wait_with_output().expect("the program ends").into();
    assert_eq!(call.code, 0, "{}", call.err);
    assert!(call.out.contains("\"instance\":\"stdin\""), "{}", call.out);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let path = data("ft06.txt");
    let mut arguments = vec!["solve", "--work", "1", "--json"];
    arguments.extend(std::iter::repeat_n(path.as_str(), 50));
    let mut command = command(&arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
    let status = child.wait().expect("the program ends");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
}
