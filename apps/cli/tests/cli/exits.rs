//! Exit codes, and what is said when it is not 0.
//!
//! **Source:** -

use crate::call::{Desk, data, ordine};

#[test]
fn one_input_decides_the_code() {
    let desk = Desk::new();
    for (name, code) in [("good.json", 0), ("infeasible.json", 3), ("hard.json", 4), ("bad.txt", 2)]
    {
        let call = ordine(&["solve", &desk.path(name), "--time", "0.05", "--quiet"]);
        assert_eq!(call.code, code, "{name}: {}{}", call.out, call.err);
        assert_eq!(call.err.is_empty(), code != 2, "{name}: {}", call.err);
    }
}

#[test]
fn of_several_inputs_the_first_of_2_4_3_counts_and_none_stops_the_others() {
    let desk = Desk::new();
    for (names, code) in [
        (["good.json", "infeasible.json", "good.json"], 3),
        (["infeasible.json", "hard.json", "good.json"], 4),
        (["bad.txt", "hard.json", "infeasible.json"], 2),
        (["missing.txt", "good.json", "infeasible.json"], 2),
    ] {
        let paths = names.map(|name| desk.path(name));
        let mut arguments = vec!["solve", "--time", "0.05", "--json"];
        arguments.extend(paths.iter().map(String::as_str));
        let call = ordine(&arguments);
        assert_eq!(call.code, code, "{names:?}: {}", call.err);
        let readable = names.iter().filter(|name| name.ends_with("json")).count();
        assert_eq!(call.out.lines().count(), readable, "{names:?}: {}", call.out);
    }
}

#[test]
fn wrong_calls_say_what_was_expected_and_end_with_2() {
    let (ft06, desk) = (data("ft06.txt"), Desk::new());
    let folder = data("");
    let (good, bad) = (desk.path("good.json"), desk.path("bad.txt"));
    let foreign =
        desk.put("foreign.json", r#"{"format":"ordine/schedule/1","tasks":[{"task":7}]}"#);
    let cases: &[(&[&str], &[&str])] = &[
        (&["solve"], &["<FILE>"]),
        (&["solve", "nowhere.txt"], &["nowhere.txt", "expected", "found none", "check the path"]),
        (&["solve", &folder], &["expected a readable file, found a folder"]),
        (&["solve", &bad], &["bad.txt, line 3", "expected", "found `x`"]),
        (&["solve", &ft06, "--format", "nonsense"], &["expected a format among", "jsplib"]),
        (&["solve", &ft06, "--format", "psplib"], &["ft06.txt, line", "expected"]),
        (&["solve", &(ft06.clone() + "#2")], &["from 1 to 1, found `#2`"]),
        (&["solve", &ft06, "--objective", "speed"], &["expected an objective", "found `speed`"]),
        (&["solve", &ft06, "--objective", "pareto:makespan"], &["expected two measures"]),
        (&["solve", &ft06, "--front", "front.svg"], &["--front", "pareto:A,B"]),
        (&["solve", &ft06, "--objective", "max-lateness"], &["ft06.txt", "needs due times"]),
        (&["solve", &ft06, "--recipe", "magic"], &["expected a recipe among", "auto"]),
        (&["solve", &ft06, "--recipe", "rule:magic"], &["expected a rule among", "lft"]),
        (&["solve", &data("j301_1.sm"), "--recipe", "tabu"], &["tabu does not support"]),
        (&["solve", &ft06, "--variant", "slow"], &["expected variants among blocking"]),
        (&["solve", &ft06, "--variant", "no-wait,no-wait"], &["--variant", "say one of them"]),
        (&["solve", &ft06, "--operators", "0"], &["0 is not in 1.."]),
        (&["solve", &ft06, "--setups", "nowhere"], &["nowhere", "found none"]),
        (&["solve", &ft06, "--setups", &bad], &["bad.txt", "expected"]),
        (&["solve", &data("j301_1.sm"), "--variant", "blocking"], &["--variant", "j301_1"]),
        (&["solve", &ft06, "--time", "-1"], &["'-1'", "expected seconds from 0 up"]),
        (&["solve", &ft06, "--gap", "few"], &["expected percent"]),
        (&["solve", &ft06, "--memory", "much"], &["expected a size such as"]),
        (&["solve", &ft06, "--workers", "0"], &["0 is not in 1..=1024"]),
        (&["solve", &ft06, "--target", "1,2"], &["--target", "at most 1"]),
        (&["solve", &ft06, "--gantt", "ft06.pdf"], &[".svg, .png, .html or .txt", ".pdf"]),
        (&["solve", &ft06, "--convergence", "ft06"], &["--convergence ft06", "found none"]),
        (&["solve", &ft06, "--theme", "sepia"], &["'sepia'", "auto, light, dark"]),
        (&["solve", &ft06, "--out", "nowhere/a.json"], &["--out", "nowhere", "create it"]),
        (&["solve", &ft06, &good, "--out", "a.json"], &["--out a.json", "found several"]),
        (&["solve", &good, "--start", &foreign], &["foreign.json, line 1", "belongs to this"]),
        (&["check", &ft06, "nowhere.json"], &["nowhere.json", "found none"]),
        (&["check", &good, &good], &["good.json", "ordine/schedule/1"]),
        (&["convert", &ft06], &["--to <FORMAT>"]),
        (&["convert", &data("j301_1.sm"), "--to", "jsplib"], &["no words for", "json"]),
        (&["list", "things"], &["expected one of formats"]),
        (&["bench", "nonsense"], &["expected a name among", "found `nonsense`"]),
        (&["excuse", &ft06], &["unrecognized subcommand"]),
        (&["serve"], &["`ordine serve` is not part of version"]),
        (&["solve", &ft06, "--recipe", "policy:magic"], &["expected a policy among", "lft"]),
        (&["explain", &ft06, "--keep", "dates"], &["expected one of capacity"]),
        (&["explain", &ft06, "--why-late", "0"], &["SCHEDULE"]),
    ];
    for (arguments, words) in cases {
        let call = ordine(arguments);
        assert_eq!(call.code, 2, "{arguments:?}: {}", call.err);
        assert_eq!(call.out, "", "{arguments:?}");
        assert!(call.err.starts_with("error: "), "{arguments:?}: {}", call.err);
        for word in *words {
            assert!(call.err.contains(word), "{arguments:?}: no {word:?} in {}", call.err);
        }
    }
}

#[test]
fn what_is_in_the_way_is_told_when_nothing_is_found() {
    let desk = Desk::new();
    let hard = desk.path("hard.json");
    let call = ordine(&["solve", &hard, "--time", "0.1"]);
    assert_eq!((call.code, call.err.as_str()), (4, ""), "{}", call.out);
    let rows = call.out.lines().filter(|line| line.starts_with("  obstacle   task turn "));
    assert!((1..=10).contains(&rows.count()), "{}", call.out);
    // Nothing was found because nothing was looked for: one insertion tells what is in the way.
    let call = ordine(&["solve", &hard, "--time", "0"]);
    assert!(call.code == 4 && call.out.contains("  obstacle   task turn "), "{}", call.out);
}

/// Two tasks of length 2 that one lathe cannot do by 3.
#[test]
fn a_contradiction_that_needs_no_search_ends_with_3_and_its_constraints() {
    let desk = Desk::new();
    let task = |name: &str| {
        format!(
            r#"{{"name":"{name}","latest_end":3,
            "modes":[{{"duration":2,"requirements":[{{"resource":"lathe"}}]}}]}}"#
        )
    };
    let text = format!(
        r#"{{"format":"ordine/problem/1","name":"two","objective":"makespan",
        "resources":[{{"name":"lathe","kind":"machine"}}],"tasks":[{},{}]}}"#,
        task("turn"),
        task("bore")
    );
    let call = ordine(&["solve", &desk.put("two.json", &text)]);
    assert_eq!((call.code, call.err.as_str()), (3, ""), "{}", call.out);
    for words in [
        "two: infeasible",
        "conflict   capacity 1 of resource lathe",
        "conflict   time window of task turn",
        "conflict   time window of task bore",
    ] {
        assert!(call.out.contains(words), "no {words:?} in {}", call.out);
    }
}

/// An impossible demand is an answer in a published format, and a mistake in a model of our own.
#[test]
fn a_demand_beyond_the_capacity_is_infeasible_or_a_mistake() {
    let desk = Desk::new();
    let project = desk
        .put("p.sch", "1 1 0 0\n0 1 1 1 [0]\n1 1 1 2 [5]\n2 1 0\n0 1 0 0\n1 1 5 4\n2 1 0 0\n3\n");
    let call = ordine(&["solve", &project]);
    assert_eq!((call.code, call.err.as_str()), (3, ""), "{}", call.out);
    let words = "conflict   demand of task 1 for resource R1 in mode 0: 4 of 3";
    assert!(call.out.contains(words), "{}", call.out);
    let own = desk.read("good.json").replace("\"machine\"", "\"renewable\",\"capacity\":0");
    let call = ordine(&["solve", &desk.put("own.json", &own)]);
    assert_eq!((call.code, call.out.as_str()), (2, ""), "{}", call.err);
    assert!(call.err.contains("task turn can never run"), "{}", call.err);
}
