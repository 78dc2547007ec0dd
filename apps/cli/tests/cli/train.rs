//! `ordine train`: every signature, step mode, replay, promotion.
//!
//! **Source:** -

use crate::call::{command, data, ordine};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("a path of plain letters").to_owned()
}

/// Four instances of this file: fewer cannot be divided.
fn copies(folder: &Path, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(data(file)).expect("an instance");
    let copy = |number: usize| {
        let copy = path(folder, &format!("{number}-{file}"));
        std::fs::write(&copy, &text).expect("a copy");
        copy
    };
    (0..4).map(copy).collect()
}

#[test]
fn every_signature_is_trained_and_its_rule_works() {
    let folder = tempfile::tempdir().expect("a folder");
    for (world, file) in [("job-shop", "ft06.txt"), ("project", "j301_1.sm")] {
        let files = copies(folder.path(), file);
        let out = path(folder.path(), &format!("{world}.json"));
        let mut arguments = vec!["train", world, "--budget", "60", "--quiet", "--out", &out];
        arguments.extend(files.iter().map(String::as_str));
        let call = ordine(&arguments);
        assert_eq!(call.code, 0, "{world}: {}", call.err);
        assert!(call.out.contains("stopped by evaluations: 60"), "{}", call.out);
        let call = ordine(&["solve", &files[0], "--rule", &out, "--quiet"]);
        assert!(call.code == 0 || call.code == 2, "{world}: {}", call.err);
        let call = ordine(&["solve", &files[0], "--rule", "=p then tasks", "--quiet"]);
        assert!(call.code == 0 || call.code == 2, "{world}: {}", call.err);
    }
    let few = ordine(&["train", "job-shop", "--budget", "9", "--run", &path(folder.path(), "few")]);
    assert!(few.code != 0 && few.err.contains("at least 4"), "{}", few.err);
}

#[test]
fn a_promoted_rule_is_listed_and_solves_by_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = path(folder.path(), "rules");
    let jobs = path(folder.path(), "jobs.csv");
    std::fs::write(&jobs, "duration,due\n10,15\n11,11\n10,13\n10,11\n11,12\n10,11\n")
        .expect("jobs");
    let call = |arguments: &[&str]| {
        let mut command = command(arguments);
        command.env("ORDINE_RULES", &rules);
        crate::call::Call::from(command.output().expect("the program starts"))
    };
    let (out, run) = (path(folder.path(), "rule.json"), path(folder.path(), "run"));
    // What was found is MDD itself or something better: the parent is the weakest of all.
    let mut train = vec!["train", "smtt", "--budget", "60", "--quiet", "--seeds", "mdd"];
    train.extend(["--parent", "spt", "--out", &out, "--run", &run, "--promote", "mine"]);
    let refused = call(&train);
    assert!(refused.out.contains("not promoted: a person's sentence"), "{}", refused.out);
    assert!(call(&["list", "rules"]).out.lines().all(|it| !it.trim().starts_with("mine ")));
    train.extend(["--explanation", "late jobs by duration"]);
    let granted = call(&train);
    assert!(granted.code == 0 && granted.out.contains("promoted: "), "{}", granted.out);
    let listed = call(&["list", "rules"]).out;
    let line = listed.lines().find(|it| it.trim().starts_with("mine ")).expect("it is listed");
    assert!(line.contains("late jobs by duration") && line.contains("discover-gp, run "), "{line}");
    let value = |rule: &str| {
        let mut solve = vec!["solve", &jobs, "--format", "smtt-csv"];
        solve.extend(["--rule", rule, "--json"]);
        let solved = call(&solve);
        assert!(solved.out.contains("\"objective\":"), "{rule}: {}", solved.err);
        solved
            .out
            .split("\"objective\":")
            .nth(1)
            .and_then(|it| it.split(',').next())
            .map(str::to_owned)
    };
    assert_eq!(value("mine"), value(&out));
    assert_eq!(value("=max(t + p, d)"), value("rule:=max(t + p, d)"));
    assert_eq!(value("mddc").as_deref(), Some("141"));
    let unknown = call(&["solve", &jobs, "--rule", "theirs"]);
    assert!(unknown.code != 0 && unknown.err.contains("mine"), "{}", unknown.err);
    for name in ["mdd", "p", "Mine", "../mine"] {
        train[14] = name;
        assert!(call(&train).err.contains("--promote: expected a name"), "{name}");
    }
}

#[test]
fn a_script_is_a_rule_of_one_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let jobs = path(folder.path(), "jobs.csv");
    std::fs::write(&jobs, "duration,due\n3,9\n1,2\n2,4\n").expect("jobs");
    let script = path(folder.path(), "mine.star");
    let text = "def assignment(p, d):\n    return sorted(range(len(p)), key=lambda j: d[j])\n";
    std::fs::write(&script, text).expect("a script");
    let mut solve = vec!["solve", &jobs, "--format", "smtt-csv"];
    solve.extend(["--rule", &script, "--json"]);
    let solved = ordine(&solve);
    assert!(solved.out.contains("\"objective\":0,"), "{}{}", solved.out, solved.err);
}

#[test]
fn a_person_sees_each_new_best_and_what_is_said_is_kept_and_replayed() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = path(folder.path(), "run");
    let mut train = vec!["train", "smtt", "--budget", "500", "--seeds", "edd", "--quiet"];
    train.extend(["--workers", "1", "--run", &run]);
    let mut child = command(&[&train[..], &["--step"]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let said = "a\nv it has too many parts\n+ max(t + 1.05 * p, d)\ne d + 0.5 * p\ng\n";
    child.stdin.take().expect("an input").write_all(said.as_bytes()).expect("heard");
    let call: crate::call::Call = child.wait_with_output().expect("it ends").into();
    assert_eq!(call.code, 0, "{}", call.err);
    for shown in ["rule #", "parent #", "class ", "  - ", "  + ", "on the deciding instance: "] {
        assert!(call.err.contains(shown), "{shown}: {}", call.err);
    }
    let events = std::fs::read_to_string(format!("{run}/events.jsonl")).expect("a journal");
    for action in ["accept", "veto", "add", "edit"] {
        assert!(events.contains(&format!("\"action\":\"{action}\"")), "{action}");
    }
    assert!(events.contains("1.05 * p") && events.contains("too many parts"));
    let report = std::fs::read_to_string(format!("{run}/report.html")).expect("a report");
    assert!(report.contains("Interventions") && report.contains("too many parts"));
    // A stored run is proposed again, and is left as it is.
    let again = path(folder.path(), "again");
    let mut replay = vec!["train", "smtt", "--recipe", "discover-replay", "--from", &run];
    replay.extend(["--budget", "500", "--run", &again, "--quiet"]);
    let replayed = ordine(&replay);
    assert_eq!(replayed.code, 0, "{}", replayed.err);
    let kept = std::fs::read_to_string(format!("{run}/events.jsonl")).expect("a journal");
    assert_eq!(kept, events);
    let missing = path(folder.path(), "missing");
    replay[5] = &missing;
    assert!(ordine(&replay).err.contains("cannot be read"));
}
