//! Learning-rate schedules: drawn, listed, refined, and what is said about bad input.
//!
//! **Source:** -

use crate::call::{Desk, command, data, ordine};
use std::io::Write;
use std::process::Stdio;

/// A log whose norms fall tenfold early on.
fn falling_log() -> String {
    let norm = |step: i32| 1.0 + 9.0 * (-f64::from(step) / 25.0).exp();
    let row = |step: i32| format!("{step},{},{}\n", 30.0 * norm(step), norm(step));
    "step,l1,l2\n".to_owned() + &(0..500).map(row).collect::<String>()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn plots_show_every_curve_and_what_stands_out() {
    let call = ordine(&["lr", "plot", "rex", "linear | warmup(10%)", "--steps", "100"]);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    for word in ["100 steps, peak 1", "* rex", "o linear | warmup(steps=10%)", "largest"] {
        assert!(call.out.contains(word), "no {word:?} in {}", call.out);
    }
    assert!(call.out.lines().all(|line| line.chars().count() <= 80), "{}", call.out);
    assert!(!call.out.contains('\x1b'), "{}", call.out);
}

#[test]
fn values_are_those_of_the_formula_times_the_peak() {
    let call = ordine(&["lr", "plot", "rex", "linear", "--steps", "4", "--peak", "2", "--values"]);
    assert_eq!(call.code, 0, "{}", call.err);
    let mut lines = call.out.lines();
    assert_eq!(lines.next(), Some("step,rex,linear"));
    for (step, line) in lines.enumerate() {
        let numbers: Vec<f64> = line.split(',').map(|it| it.parse().expect("a number")).collect();
        let rest = 1.0 - step as f64 / 4.0;
        assert_eq!(numbers[0], step as f64);
        assert!((numbers[1] - 4.0 * rest / (1.0 + rest)).abs() < 1e-12, "{line}");
        assert_eq!(numbers[2], 2.0 * rest);
    }
}

#[test]
fn files_hold_curves_or_every_value() {
    let desk = Desk::new();
    let plan = "step(at=[30%, 60%])";
    for name in ["a.svg", "a.csv", "a.json"] {
        let path = desk.path(name);
        let call = ordine(&["lr", "plot", plan, "cosine", "--steps", "50", "--out", &path]);
        assert_eq!(call.code, 0, "{name}: {}", call.err);
    }
    let svg = desk.read("a.svg");
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    assert!(svg.contains(plan) && svg.contains("prefers-color-scheme:dark"));
    let csv = desk.read("a.csv");
    assert_eq!(csv.lines().next(), Some("step,\"step(at=[30%, 60%])\",cosine"));
    assert_eq!(csv.lines().count(), 51);
    let record = json(&desk.read("a.json"));
    assert_eq!(record["format"], "ordine/learning-rates/1");
    assert_eq!((&record["steps"], &record["peak"]), (&50.into(), &1.0.into()));
    let rates = record["schedules"][0]["rates"].as_array().expect("a list");
    assert_eq!((rates.len(), &rates[14], &rates[15]), (50, &1.0.into(), &0.1.into()));
}

#[test]
fn the_list_names_every_word_with_its_source() {
    let call = ordine(&["lr", "list"]);
    assert_eq!(call.code, 0, "{}", call.err);
    assert!(call.out.lines().any(|line| line.contains("rex") && line.contains("d=0.5")));
    assert!(call.out.contains("| warmup"), "{}", call.out);
    let listed = json(&ordine(&["lr", "list", "--json"]).out);
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.len() + 1, call.out.lines().count(), "{}", call.out);
    let uba = listed.iter().find(|it| it["name"] == "uba").expect("uba");
    assert_eq!(uba["kind"], "schedule");
    assert!(uba["source"].as_str().is_some_and(|it| it.contains("Tang")));
}

#[test]
fn norms_that_fall_early_call_for_a_warmup_and_rank_first() {
    let desk = Desk::new();
    let log = desk.put("norms.csv", &falling_log());
    let call = ordine(&["lr", "refine", &log, "--steps", "20000"]);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    for word in ["500 of 500 steps", "warm-up", "of 20000", "Tune the base rate again"] {
        assert!(call.out.contains(word), "no {word:?} in {}", call.out);
    }
    let report = json(&ordine(&["lr", "refine", &log, "--json"]).out);
    assert_eq!((&report["column"], &report["steps"]), (&"l2".into(), &500.into()));
    assert!(report["warmup_share"].as_f64().is_some_and(|it| (0.02..0.5).contains(&it)));
    assert_eq!(report["ranking"][0]["schedule"], "refined");
    let ranking = report["ranking"].as_array().expect("a list");
    assert!(ranking.iter().any(|it| it["schedule"] == "linear"));
    let bounds: Vec<f64> = ranking.iter().filter_map(|it| it["bound"].as_f64()).collect();
    assert!(bounds.len() == ranking.len() && bounds.is_sorted(), "{bounds:?}");
    let adam = json(&ordine(&["lr", "refine", &log, "--json", "--optimizer", "adam"]).out);
    assert_eq!((&adam["column"], &adam["power"]), (&"l1".into(), &1.0.into()));
}

/// Bounds of the papers' schedules at 1000 steps, norms and distance 1.
#[test]
fn flat_norms_give_linear_decay_and_the_known_order() {
    let desk = Desk::new();
    let log = desk.put("flat.csv", &("grad_norm\n".to_owned() + &"1\n".repeat(1000)));
    let report = json(&ordine(&["lr", "refine", &log, "--json"]).out);
    let ranking = report["ranking"].as_array().expect("a list");
    let place = |name: &str| ranking.iter().position(|it| it["schedule"] == name);
    let known = [
        ("refined", 0.06343),
        ("linear", 0.06343),
        ("rex(d=0.5)", 0.06404),
        ("uba(phi=1)", 0.06457),
        ("cosine", 0.06525),
        ("uba(phi=5)", 0.06758),
        ("constant", 0.09212),
    ];
    let mut before = 0;
    for (name, bound) in known {
        let at = place(name).unwrap_or_else(|| panic!("no {name} in {report}"));
        let found = ranking[at]["bound"].as_f64().expect("a number");
        assert!((found - bound).abs() < 1e-4, "{name}: {found} is not {bound}");
        assert!(at >= before, "{name}: {report}");
        before = at;
    }
}

#[test]
fn event_files_of_tensorboard_are_read() {
    let file = "../families/training/tests/reference/events.bin";
    let call = ordine(&["lr", "refine", &data(file), "--json", "--column", "train/grad_norm"]);
    assert_eq!(call.code, 0, "{}", call.err);
    let report = json(&call.out);
    assert_eq!((&report["norms"], &report["steps"]), (&10.into(), &901.into()));
}

#[test]
fn what_refinement_writes_is_read_back_by_plot() {
    let desk = Desk::new();
    let log = desk.put("norms.csv", &falling_log());
    let (saved, table) = (desk.path("refined.json"), desk.path("refined.csv"));
    for out in [&saved, &table, &desk.path("refined.svg")] {
        let arguments =
            ["lr", "refine", &log, "--steps", "1000", "--peak", "0.5", "--out", out, "--json"];
        let call = ordine(&arguments);
        assert_eq!(call.code, 0, "{out}: {}", call.err);
    }
    let call = ordine(&["lr", "plot", &saved, "--steps", "1000", "--values"]);
    assert_eq!(call.code, 0, "{}", call.err);
    let numbers = |text: &str| -> Vec<f64> {
        let last = |line: &str| line.rsplit(',').next().and_then(|it| it.parse().ok());
        text.lines().skip(1).map(|line| last(line).expect("a number")).collect()
    };
    assert_eq!(numbers(&call.out), numbers(&desk.read("refined.csv")));
    let largest = numbers(&call.out).into_iter().fold(0.0, f64::max);
    assert!((0.499..=0.5).contains(&largest), "{largest}");
    assert!(desk.read("refined.svg").contains("Refined from l2"));
}

#[test]
fn json_lines_and_standard_input_are_read_as_well() {
    let row = |step: i32| format!("{{\"step\":{step},\"grad_norm\":2,\"note\":\"ok\"}}\n");
    let log: String = (0..300).map(row).collect();
    let mut child = command(&["lr", "refine", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(log.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let report = json(&String::from_utf8_lossy(&output.stdout));
    assert_eq!((&report["log"], &report["norms"]), (&"stdin".into(), &300.into()));
    assert_eq!(report["largest_at_step"], 0);
}

#[test]
fn texts_that_are_no_schedules_show_the_place() {
    let call = ordine(&["lr", "plot", "rex", "linear | floor(shade=1)", "--steps", "10"]);
    assert_eq!(call.code, 2);
    let expected = "error: schedule 2 `linear | floor(shade=1)`, column 16: expected an argument \
                    of floor: share, found `shade`; name one of them, or remove it\n";
    assert_eq!(call.err, expected);
    let long = "cosine * ".repeat(500) + "sine" + &" * cosine".repeat(500);
    let call = ordine(&["lr", "plot", &long, "--steps", "10"]);
    assert!(call.err.starts_with("error: schedule 1 `…"), "{}", call.err);
    assert!(call.err.contains("* sine *") && call.err.contains("column 4501"), "{}", call.err);
    assert!(call.err.chars().count() < 500, "{}", call.err);
    let call = ordine(&["lr", "plot", "rx", "cosine)", "linear @ 5%", "--steps", "10"]);
    assert_eq!(call.err.matches("error: schedule ").count(), 2, "{}", call.err);
}

#[test]
fn bad_input_says_where_what_and_what_to_change() {
    let desk = Desk::new();
    let good = desk.put("good.csv", &falling_log());
    let put = |name: &str, text: &str| desk.put(name, text);
    let (empty, head) = (put("empty.csv", ""), put("head.csv", "step,l2\n"));
    let diverged = put("nan.csv", "# run 7\nstep,l2\n\n0,1\n5,\n10,nan\n15,2\n");
    let negative = put(
        "negative.jsonl",
        "{\"step\":0,\"grad_norm\":1}\n{\"step\":1}\n{\"step\":2,\"grad_norm\":-2}\n",
    );
    let torn = put("torn.jsonl", "{\"step\":0,\"grad_norm\":1}\n{\"step\":1,\n");
    let zeros = put("zeros.csv", &("l2\n".to_owned() + &"0\n".repeat(9) + "1\n"));
    let single = put("single.csv", "l2\n1\n");
    let parquet = put("log.parquet", "PAR1 and nothing else");
    let foreign = put("foreign.json", "{\"format\":\"x/1\",\"steps\":1,\"plan\":\"rex\"}");
    let nowhere = desk.path("nowhere.csv");
    let refine: &[(&str, &[&str], &[&str])] = &[
        (&empty, &[], &["empty.csv: expected", "the log is empty"]),
        (&head, &[], &["head.csv: expected", "the log is empty"]),
        (&diverged, &[], &["nan.csv, line 6, step 10: expected", "as l2, found NaN", "remove"]),
        (&negative, &[], &["negative.jsonl, line 3, step 2", "found -2"]),
        (&torn, &[], &["torn.jsonl, line 2", "expected a JSON object"]),
        (&zeros, &[], &["zeros.csv: 9 of 10 gradient norms are zero", "expected at most half"]),
        (&single, &[], &["single.csv: the log has 1 usable", "expected at least 2", "record"]),
        (&parquet, &[], &["log.parquet: expected a", "CSV"]),
        (&nowhere, &[], &["nowhere.csv", "found none", "check the path"]),
        (&good, &["--column", "norm"], &["good.csv: expected a series `norm`, found l1, l2"]),
        (&good, &["--steps", "-5"], &["--steps -5", "expected 1 to 2^52"]),
        (&good, &["--steps", "0"], &["--steps 0", "expected 1 to 2^52"]),
        (&good, &["--tau", "2"], &["--tau is 2: expected 0 to 1"]),
        (&good, &["--power", "-1"], &["--power is -1", "above 0"]),
        (&good, &["--distance", "nan"], &["--distance is NaN", "above 0"]),
        (&good, &["--trim", "300"], &["usable", "expected at least 602"]),
        (&good, &["--optimizer", "lion"], &["'lion'", "sgd, adam"]),
        (&good, &["--out", "a.png"], &["--out a.png: expected", ".svg, .csv or .json"]),
    ];
    for (log, options, words) in refine {
        let arguments: Vec<&str> = ["lr", "refine", log].iter().chain(*options).copied().collect();
        refused(&arguments, words);
    }
    let plot: &[(&[&str], &[&str])] = &[
        (&["linear | warmup(500)", "--steps", "100"], &["over 100 steps", "warmup takes 500"]),
        (&["rex", "--steps", "-1"], &["--steps -1", "expected 1 to 2^52", "give the number"]),
        (&["rex"], &["--steps <N>"]),
        (&["rex", "--steps", "9", "--peak", "0"], &["'0'", "expected a finite rate above 0"]),
        (&["step(at=[1 epoch])", "--steps", "9"], &["in epochs", "--steps-per-epoch"]),
        (&["wsd(cooldown=9 tokens)", "--steps", "9"], &["in tokens", "--tokens-per-step"]),
        (&["rex", "--steps", "9", "--tokens-per-step", "-1"], &["--tokens-per-step -1", "above 0"]),
        (&["rex | noise(limit=2)", "--steps", "9"], &["limit is 2: expected above 0"]),
        (&["rex", "--steps", "9", "--steps-per-epoch", "0"], &["--steps-per-epoch 0", "above 0"]),
        (&["rex", "--steps", "99999999999", "--values"], &["at most 10000000 numbers"]),
        (&["geometric(9)", "--steps", "9999", "--values"], &["expected a finite rate, found inf"]),
        (&[&foreign, "--steps", "9"], &["foreign.json", "ordine/lr-schedule/1"]),
        (&["--steps", "9"], &["<SCHEDULE>"]),
    ];
    for (words_after, words) in plot {
        let arguments: Vec<&str> = ["lr", "plot"].iter().chain(*words_after).copied().collect();
        refused(&arguments, words);
    }
}

fn refused(arguments: &[&str], words: &[&str]) {
    let call = ordine(arguments);
    assert_eq!((call.code, call.out.as_str()), (2, ""), "{arguments:?}: {}", call.err);
    assert!(call.err.starts_with("error: "), "{arguments:?}: {}", call.err);
    for word in words {
        assert!(call.err.contains(word), "{arguments:?}: no {word:?} in {}", call.err);
    }
}

#[test]
fn examples_of_the_help_work() {
    let desk = Desk::new();
    let log = desk.put("norms.csv", &falling_log());
    let folder = std::path::Path::new(&log).parent().expect("a folder");
    for name in ["plot", "refine", "list"] {
        let help = ordine(&["lr", name, "--help"]);
        assert_eq!(help.code, 0, "{}", help.err);
        assert!(help.out.contains("Examples:\n  ordine lr "), "{}", help.out);
    }
    let help = ordine(&["lr", "plot", "--help"]).out;
    let examples = help.lines().filter_map(|line| line.trim().strip_prefix("ordine lr plot "));
    let mut count = 0;
    for example in examples {
        let words = example.split('\'').enumerate().flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
            _ => vec![part.to_owned()],
        });
        let words: Vec<String> = words.collect();
        let mut call = command(&["lr", "plot"]);
        let output = call.args(&words).current_dir(folder).output().expect("the program starts");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{example}: {err}");
        count += 1;
    }
    assert!(count >= 5, "{help}");
}
