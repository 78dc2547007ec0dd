//! `--start`: over every word of the model, a start is kept, completed or repaired, never lost.
//!
//! **Source:** hints that solvers lose are among the oldest complaints of their users.

use crate::call::{Desk, data, ordine};
use serde_json::Value;

/// The files of `data/models` whose objective has no tolerance: for those less is always better.
fn models() -> Vec<String> {
    let folder = std::fs::read_dir(data("models")).expect("the folder exists");
    let paths = folder.map(|entry| entry.expect("readable").path());
    let mut files: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .filter(|path| !std::fs::read_to_string(path).expect("a file").contains('~'))
        .map(|path| path.to_str().expect("a path of plain letters").to_owned())
        .collect();
    files.sort();
    files
}

/// The levels of the objective, and what was said on stderr.
fn solved(arguments: &[&str]) -> (Vec<i64>, String) {
    let mut all = vec!["solve", "--json"];
    all.extend(arguments);
    let call = ordine(&all);
    assert_eq!(call.code, 0, "{arguments:?}: {}{}", call.out, call.err);
    let line: Value = serde_json::from_str(&call.out).expect("a line of JSON");
    assert_eq!(line["checked"], true, "{arguments:?}");
    let levels = match &line["objective"] {
        Value::Array(levels) => levels.iter().filter_map(Value::as_i64).collect(),
        one => one.as_i64().into_iter().collect(),
    };
    (levels, call.err)
}

#[test]
fn a_feasible_start_is_kept_whatever_the_limit() {
    let desk = Desk::new();
    let plan = desk.path("plan.json");
    let models = models();
    assert!(models.len() > 45, "only {} models", models.len());
    for model in models {
        let (start, _) = solved(&[&model, "--work", "3000", "--out", &plan]);
        for limit in [["--time", "0.05"], ["--time", "0"], ["--work", "1"]] {
            let [option, value] = limit;
            let (reached, told) = solved(&[&model, "--start", &plan, option, value, "--seed", "2"]);
            assert!(reached <= start, "{model} {limit:?}: {reached:?} after {start:?}");
            assert_eq!(told, "", "{model}");
        }
    }
}

/// A schedule file with every task for itself changed by `change`.
fn changed(schedule: &str, change: impl Fn(usize, &mut Value)) -> String {
    let mut file: Value = serde_json::from_str(schedule).expect("a schedule");
    let tasks = file["tasks"].as_array_mut().expect("tasks").iter_mut();
    tasks.enumerate().for_each(|(number, task)| change(number, task));
    file.to_string()
}

#[test]
fn a_start_that_is_partial_or_infeasible_is_repaired() {
    let desk = Desk::new();
    let plan = desk.path("plan.json");
    for model in models() {
        solved(&[&model, "--work", "3000", "--out", &plan]);
        let good = desk.read("plan.json");
        let partial = changed(&good, |number, task| {
            if number % 2 == 1 {
                *task = serde_json::json!({ "task": number, "absent": true });
            }
        });
        let together = changed(&good, |_, task| {
            if let Some((start, end)) = task["start"].as_i64().zip(task["end"].as_i64()) {
                task["start"] = 0.into();
                task["end"] = (end - start).into();
            }
        });
        for text in [partial, together] {
            let start = desk.put("start.json", &text);
            // More than enough for a first schedule of six tasks, far from a search.
            solved(&[&model, "--start", &start, "--work", "2000"]);
        }
    }
}

/// Six tasks on a machine that must be set up; the quickest order is that of their numbers.
fn setups() -> String {
    let names = ["a", "b", "c", "d", "e", "f"];
    let time = |from: usize, to: usize| if to == from + 1 { 0 } else { 3 };
    let times: Vec<Vec<usize>> =
        (0..6).map(|from| (0..6).map(|to| time(from, to)).collect()).collect();
    let task = |name: &&str| {
        format!(
            r#"{{"name":"{name}","family":"{name}","modes":[{{"duration":2,
            "requirements":[{{"resource":"press"}}]}}]}}"#
        )
    };
    let tasks: Vec<String> = names.iter().map(task).collect();
    format!(
        r#"{{"format":"ordine/problem/1","name":"press","objective":"makespan",
        "families":{names:?},"setups":[{{"name":"dies","times":{times:?}}}],
        "resources":[{{"name":"press","kind":"machine","setup":"dies"}}],"tasks":[{}]}}"#,
        tasks.join(",")
    )
}

/// Task numbers by start.
fn order(schedule: &str) -> Vec<i64> {
    let file: Value = serde_json::from_str(schedule).expect("a schedule");
    let tasks = file["tasks"].as_array().expect("tasks").iter();
    let number = |task: &Value, key: &str| task[key].as_i64().expect("a number");
    let mut order: Vec<(i64, i64)> =
        tasks.map(|task| (number(task, "start"), number(task, "task"))).collect();
    order.sort_unstable();
    order.into_iter().map(|it| it.1).collect()
}

#[test]
fn the_order_of_a_start_survives_its_repair() {
    let desk = Desk::new();
    let wanted = [3, 0, 5, 1, 4, 2];
    let place = |task: i64| wanted.iter().position(|it| *it == task).expect("listed") as i64;
    let row = |task: i64| {
        let start = place(task);
        format!(r#"{{"task":{task},"mode":0,"start":{start},"end":{}}}"#, start + 2)
    };
    let rows: Vec<String> = (0..6).map(row).collect();
    let head = r#"{"format":"ordine/schedule/1","instance":"press","tasks":["#;
    let start = desk.put("start.json", &format!("{head}{}]}}", rows.join(",")));
    let (press, out) = (desk.put("press.json", &setups()), desk.path("plan.json"));
    // The same machine without setups: a problem for other recipes.
    let plain = setups().replace(r#","setup":"dies""#, "");
    let plain = desk.put("plain.json", &plain);
    for (file, limit, makespan) in [(&press, "--first", 27), (&plain, "--first", 12)] {
        let (cost, told) = solved(&[file, "--start", &start, limit, "--out", &out]);
        assert_eq!((order(&desk.read("plan.json")), cost), (wanted.to_vec(), vec![makespan]));
        assert!(told.starts_with("warning: --start"), "{told}");
        assert!(told.contains("repaired, for it is not feasible: task"), "{told}");
    }
    // With time for a search, the start is a beginning and not a corset.
    assert_eq!(solved(&[&press, "--start", &start, "--work", "20000"]).0, [12]);
}

#[test]
fn a_start_of_another_instance_is_told_by_what_differs() {
    let desk = Desk::new();
    let plan = desk.path("plan.json");
    let la01 = data("la01.txt");
    assert_eq!(ordine(&["solve", &la01, "--first", "--quiet", "--out", &plan]).code, 0);
    let made = desk.read("plan.json");
    let unnamed = made.replace("\"instance\":\"la01\"", "\"instance\":\"\"");
    let resourceless = changed(&unnamed, |_, task| task["resources"] = Value::Null);
    for (text, file, code, words) in [
        // Other jobs, and other machines.
        (&made, "ft06.txt", 2, "expected job 0 of task 5, found job 1"),
        (&made, "ft10.txt", 2, "made for la01, read for ft10"),
        (&unnamed, "la02.txt", 2, "expected resources `m0` of the mode, found `m1`"),
        // Nothing but the name and the durations.
        (&resourceless, "la02.txt", 0, "repaired, for it is not feasible: task"),
    ] {
        let start = desk.put("start.json", text);
        let path = data(file);
        let call = ordine(&["solve", &path, "--start", &start, "--first"]);
        assert_eq!(call.code, code, "{file}: {}{}", call.out, call.err);
        assert!(call.err.contains(words), "{file}: no {words:?} in {}", call.err);
    }
}
