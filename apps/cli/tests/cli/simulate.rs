//! `ordine simulate`: tables, logs and their replay.
//!
//! **Source:** -

use crate::call::{Desk, ordine};

const QUEUE: [&str; 12] = [
    "simulate",
    "queue",
    "--set",
    "customers=300",
    "--set",
    "warm-up=50",
    "--policy",
    "fifo",
    "--policy",
    "pilot(spt)",
    "--replications",
    "4",
];

fn queue(more: &[&str]) -> crate::call::Call {
    let arguments: Vec<&str> = QUEUE.iter().chain(more).copied().collect();
    ordine(&arguments)
}

#[test]
fn one_worker_and_two_print_the_same_bytes() {
    for form in [&[][..], &["--json"], &["--precision", "20"]] {
        let of = |workers: &'static str| {
            let arguments: Vec<&str> = form.iter().copied().chain(["--workers", workers]).collect();
            let call = queue(&arguments);
            assert_eq!((call.code, call.err.as_str()), (0, ""), "{form:?}");
            call.out
        };
        assert_eq!(of("1"), of("2"), "{form:?}");
    }
}

#[test]
fn a_log_is_replayed_event_by_event_and_a_changed_one_is_found_out() {
    let desk = Desk::new();
    let (log, chart) = (desk.path("run.jsonl"), desk.path("run.svg"));
    let call = queue(&["--log", &log, "--gantt", &chart, "--run", "3"]);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    let same = ordine(&["simulate", "--replay", &log]);
    assert_eq!((same.code, same.out.as_str()), (0, "the same 900 events\n"));
    assert!(std::fs::read_to_string(&chart).expect("a chart").contains("server 0"));
    let text = std::fs::read_to_string(&log).expect("a log");
    let changed = text.replacen("customer 7 arrives", "customer 8 arrives", 1);
    let other = ordine(&["simulate", "--replay", &desk.put("other.jsonl", &changed)]);
    assert_eq!(other.code, 3);
    assert!(other.out.contains("the runs part"), "{}", other.out);
}

#[test]
fn wrong_names_are_refused_with_those_that_there_are() {
    for (arguments, words) in [
        (&["--policy", "fofi"][..], "policy `fofi`: expected one of best-of"),
        (&["--policy", "pilot(spt, 0)"], "futures of at least 1"),
        (&["--set", "servers=none"], "--set servers=none: expected a whole number"),
        (&["--metric", "profit"], "--metric profit: expected one of wait mean"),
        (&["--against", "spt"], "--against spt: expected `best` or one of fifo"),
        (&["--policy", "fifo"], "--policy fifo: expected different policies, found it twice"),
    ] {
        let call = queue(arguments);
        assert_eq!(call.code, 2, "{arguments:?}: {}", call.out);
        assert!(call.err.contains(words), "{arguments:?}: {}", call.err);
    }
    let worlds = "project, shop, soc or queue";
    for (arguments, found) in [(["simulate", "bank"], "`bank`"), (["simulate", "--json"], "none")] {
        let call = ordine(&arguments);
        assert_eq!(call.code, 2);
        assert!(call.err.contains(worlds) && call.err.contains(found), "{}", call.err);
    }
}

#[test]
fn means_that_no_run_differs_from_keep_their_digits() {
    let shop = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/ft10.txt");
    let call = ordine(&["simulate", "shop", shop, "--policy", "spt", "--replications", "2"]);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    let row = call.out.lines().last().expect("a table");
    let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|it| !it.is_empty()).collect();
    assert_eq!(cells, ["spt", "1074 ± 0", "834.3 ± 0", "0 ± 0", "0.4757 ± 0", "0 ± 0"]);
}
