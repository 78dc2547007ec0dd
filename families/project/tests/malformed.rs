//! Broken project files: each names the file, the line, what was expected and what was found.
//!
//! Cases are edits of one small good file, so that each shows only its mistake.
//!
//! **Source:** rules of the reader.

use ordine_base::Seed;
use ordine_project::io::FORMATS;
use ordine_solve::{Outcome, solve};
use ordine_wire::{Diagnostics, read_one};

const GOOD: &str = "\
************
file with basedata            : small.bas
initial value random generator: 1
************
projects                      :  1
jobs (incl. supersource/sink ):  4
horizon                       :  9
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  1   N
  - doubly constrained        :  0   D
************
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      2      0        9        2        5
************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        2          1           4
   3        1          1           4
   4        1          0
************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
------------------------------
  1      1     0       0    0
  2      1     3       2    0
         2     5       1    4
  3      1     4       1    1
  4      1     0       0    0
************
RESOURCEAVAILABILITIES:
  R 1  N 1
   2    4
************
";

const GOOD_ROWS: &str = "\
4  2
 3  4

 0  0 0  2  2
   3
 5  2 1  1  4
 2  1 4  1  4
 0  0 0  0
";

const GOOD_RESERVOIRS: &str = "\
4 1 1
3 6
0 0 9 4 2 2 3
5 2 4 1 1 4
2 1 0 3 1 4
0 0 7 7 0
";

const GOOD_LAGS: &str = "\
2 1 0 0
0 1 2 1 2 [0] [0]
1 1 2 3 2 [5] [1]
2 1 2 3 1 [2] [-4]
3 1 0
0 1 0 0
1 1 5 2
2 1 2 1
3 1 0 0
3
";

fn errors(text: &[u8]) -> Diagnostics {
    errors_named("p.sm", text)
}

fn errors_named(name: &str, text: &[u8]) -> Diagnostics {
    match read_one(text, name, FORMATS) {
        Ok(_) => panic!("must not be read:\n{}", String::from_utf8_lossy(text)),
        Err(errors) => errors,
    }
}

fn check(from: &str, to: &str, line: u32, expected: &str, found: &str) {
    check_in(("p.sm", GOOD), from, to, line, expected, found);
}

/// Replaces `from` in the good file by `to` and compares the first diagnostic.
fn check_in(
    (name, good): (&str, &str),
    from: &str,
    to: &str,
    line: u32,
    expected: &str,
    found: &str,
) {
    assert!(good.contains(from), "{from:?} is in the good file");
    let errors = errors_named(name, good.replacen(from, to, 1).as_bytes());
    let (first, words) = (errors.first(), errors.to_string());
    assert_eq!(first.file, name, "{words}");
    assert_eq!(first.line, Some(line), "{from:?} -> {to:?}: {words}");
    assert!(first.expected.contains(expected), "{from:?} -> {to:?}: {words}");
    assert!(first.found.contains(found), "{from:?} -> {to:?}: {words}");
    assert!(!first.hint.is_empty());
}

#[test]
fn the_good_file_is_good() {
    let found = read_one(GOOD.as_bytes(), "p.sm", FORMATS).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(found.problem.tasks().len(), 4);
    assert_eq!(found.problem.mode_count(), 5);
}

#[test]
fn mistakes_of_the_head_are_named() {
    for (from, to, line, expected, found) in [
        (":  1\njobs", ":  2\njobs", 5, "number of projects 1", "`2`"),
        (":  4\n", ":  -4\n", 6, "number of jobs that this file can hold", "`-4`"),
        (":  4\n", ":  four\n", 6, "number of jobs that this file can hold", "`four`"),
        (":  4\n", ":\n", 6, "after a colon", "`jobs (incl. supersource/sink ):`"),
        (":  4\n", ":  4000000000\n", 6, "number of jobs", "`4000000000`"),
        (":  1   R", ":  100000   R", 9, "number of renewables from 0 to 1000", "`100000`"),
        (":  0   D", ":  1   D", 11, "number of doubly constrained resources", "`1`"),
        ("jobs (incl", "jabs (incl", 6, "a line of the head", "`jabs (incl."),
        ("  - renewable                 :  1   R\n", "", 16, "`- renewable :`", "no valid one"),
        (" 0        9        2", " -1        9        2", 15, "a release date from 0", "`-1`"),
        ("    1      2      0        9        2        5", "    1", 15, "`pronr. #jobs", "`1`"),
        (":  9\n", ":  nine\n", 7, "a horizon", "`nine`"),
    ] {
        check(from, to, line, expected, found);
    }
}

#[test]
fn mistakes_of_the_precedences_are_named() {
    for (from, to, line, expected, found) in [
        ("   2        2          1           4", "   5  2  1  4", 20, "activity number 2", "`5`"),
        ("   2        2          1           4", "   2  0  1  4", 20, "number of modes", "`0`"),
        ("   2        2          1           4", "   2  2  -1  4", 20, "of successors", "`-1`"),
        ("   2        2          1           4", "   2  2  2  4", 20, "2 successors of", "1"),
        ("   2        2          1           4", "   2  2  1  4 4", 20, "1 successors of", "2"),
        ("   2        2          1           4", "   2  2  1  5", 20, "an activity from 1", "`5`"),
        ("   2        2          1           4", "   2  2  1  0", 20, "an activity from 1", "`0`"),
        (
            "   2        2          1           4",
            "   2",
            20,
            "a number of modes",
            "end of the line",
        ),
        ("   2        2          1           4", "   2  2  1  2", 20, "a valid project", "2 -> 2"),
        ("   4        1          0", "   4  1  1  2", 20, "a valid project", "2 -> 4 -> 2"),
        ("   4        1          0\n", "", 23, "activity 4 of 4", "`REQUESTS/DURATIONS:`"),
        (":  4\n", ":  3\n", 20, "an activity from 1 to 3", "`4`"),
        (":  4\n", ":  5\n", 24, "activity 5 of 5 among the pre", "`REQUESTS/DURATIONS:`"),
        ("PRECEDENCE RELATIONS:", "PRECEDENTS:", 17, "`PRECEDENCE RELATIONS:`", "`PRECEDENTS:`"),
    ] {
        check(from, to, line, expected, found);
    }
}

#[test]
fn mistakes_of_requests_and_availabilities_are_named() {
    for (from, to, line, expected, found) in [
        ("  2      1     3       2    0", "  3  1  3  2  0", 28, "activity number 2", "`3`"),
        ("  2      1     3       2    0", "  2  2  3  2  0", 28, "mode number 1", "`2`"),
        ("  2      1     3       2    0", "  2  1  -3  2  0", 28, "a duration from 0", "`-3`"),
        ("  2      1     3       2    0", "  2  1  3  2", 28, "2 demands, one per resource", "1"),
        ("  2      1     3       2    0", "  2  1  3  2 0 0", 28, "2 demands", "3"),
        ("  2      1     3       2    0", "  2  1  3  -2 0", 28, "an amount from 0", "`-2`"),
        ("         2     5       1    4\n", "", 29, "mode number 2", "`3`"),
        ("  4      1     0       0    0\n", "", 32, "activity 4 of 4", "`RESOURCEAVAIL"),
        ("   2    4\n", "   2\n", 35, "2 availabilities", "1"),
        ("   2    4\n", "   2    4    4\n", 35, "2 availabilities", "3"),
        ("   2    4\n", "   2    -4\n", 35, "an amount from 0", "`-4`"),
        ("   2    4\n", "", 35, "a row of availabilities", "the end of the file"),
        ("   2    4\n", "   2    4\n   7\n", 36, "the end of the file", "`7`"),
        ("  R 1  N 1\n   2", "  R 1  R 2\n   2", 34, "1 renewables (R) and 1", "`R 1  R 2`"),
        ("RESOURCEAVAILABILITIES:", "WHATEVER:", 33, "`RESOURCEAVAILABILITIES:`", "`WHATEVER:`"),
    ] {
        check(from, to, line, expected, found);
    }
    let long = "  2  1  1099511627776  2  0";
    check("  2      1     3       2    0", long, 28, "a valid project", "add up to");
}

#[test]
fn a_file_cut_anywhere_names_its_last_line_or_is_complete() {
    let lines: Vec<&str> = GOOD.lines().collect();
    for kept in 1..lines.len() - 1 {
        let text = lines[..kept].join("\n");
        let errors = match read_one(text.as_bytes(), "p.sm", FORMATS) {
            Err(errors) => errors,
            Ok(_) => {
                assert_eq!(kept, lines.len() - 1, "only the closing stars may be missing");
                continue;
            }
        };
        let line = errors.first().line.expect("a line");
        assert!(line as usize == kept || kept < 2, "cut after {kept}: {errors}");
    }
}

#[test]
fn what_is_no_project_is_refused() {
    for text in [&b""[..], b"\n\n", b"6 6\n2 1 0 3\n", b"\xff\xfe\x00"] {
        assert!(errors(text).first().line.is_some());
    }
}

#[test]
fn the_loose_spelling_of_mmlib_reads_the_same() {
    let loose = GOOD
        .replace("file with basedata            : small.bas\n", "")
        .replace("initial value random generator: 1\n", "")
        .replace("projects                      :  1\n", "")
        .replace("horizon                       :  9\n", "")
        .replace("jobs (incl. supersource/sink ):  4", "jobs  (incl. supersource/sink ):\t4")
        .replace("REQUESTS/DURATIONS:", "REQUESTS/DURATIONS")
        .replace("RESOURCEAVAILABILITIES:", "\n RESOURCE AVAILABILITIES ")
        .replace("   2    4\n", "\t2\t4\t\n\n");
    let from =
        GOOD.find("PROJECT").expect("a section")..GOOD.find("PRECEDENCE").expect("a section");
    let loose = loose.replace(&GOOD[from], "");
    let loose = read_one(loose.as_bytes(), "p.mm", FORMATS).unwrap_or_else(|it| panic!("{it}"));
    let good = read_one(GOOD.as_bytes(), "p.sm", FORMATS).unwrap_or_else(|it| panic!("{it}"));
    assert!(loose.problem == good.problem);
}

#[test]
fn mistakes_of_rows_of_activities_are_named() {
    let file = ("p.rcp", GOOD_ROWS);
    let problem = |text: &str| {
        let found = read_one(text.as_bytes(), "p.rcp", FORMATS);
        found.unwrap_or_else(|it| panic!("{it}")).problem
    };
    let good = problem(GOOD_ROWS);
    assert_eq!(good.precedences().len(), 4);
    let stream = GOOD_ROWS.replace(" 3  4\n\n 0  0 0", " 3\n 4  0  0\n 0").replace("4\n 2", "4 2");
    assert!(problem(&stream) == good, "rows that begin anywhere");
    for (from, to, line, expected, found) in [
        ("4  2\n", "0  2\n", 1, "number of activities that this file can hold", "`0`"),
        ("4  2\n", "4000000  2\n", 1, "number of activities", "`4000000`"),
        ("4  2\n", "4  2000\n", 1, "a number of renewables from 0 to 1000", "`2000`"),
        ("4  2\n", "4  two\n", 1, "a number of renewables", "`two`"),
        ("4  2\n", " 3  2\n", 6, "a successor from 1 to 3", "`4`"),
        ("4  2\n", " 5  2\n", 8, "a duration", "the end of the file"),
        ("4  2\n", " 4  3\n", 2, "a capacity", "the end of the line"),
        (" 3  4\n", " 3\n", 2, "a capacity", "the end of the line"),
        (
            " 3  4\n",
            " 3  4  4\n",
            2,
            "2 amounts, one per resource, then activity 1 of 4",
            "`4` behind it in line 2",
        ),
        (" 3  4\n", " 3  -4\n", 2, "a capacity from 0", "`-4`"),
        (" 5  2 1  1  4", " 5  2 1  2  4", 6, "then activity 3 of 4", "in line 7"),
        (" 5  2 1  1  4", " 5  2 1  0  4", 6, "then activity 3 of 4", "`4` behind it in line 6"),
        (" 5  2 1  1  4", " 5  2 1  1  5", 6, "a successor from 1 to 4", "`5`"),
        (" 5  2 1  1  4", " 5  2 1  1  0", 6, "a successor from 1 to 4", "`0`"),
        (" 5  2 1  1  4", " 5  2 1  9  4", 6, "a number of successors from 0 to 4", "`9`"),
        (" 5  2 1  1  4", " -5  2 1  1  4", 6, "a duration from 0", "`-5`"),
        (" 5  2 1  1  4", " 5  -2 1  1  4", 6, "a demand from 0", "`-2`"),
        (" 5  2 1  1  4", " 5  2 1  1  2", 6, "a valid project", "2 -> 2"),
        (" 5  2 1  1  4", " 5  2", 6, "a demand", "the end of the line"),
        (" 0  0 0  0\n", " 0  0 0  0\n7\n", 9, "the end of the file after 4", "`7`"),
        (" 0  0 0  0\n", " 0  0 0  0  7\n", 8, "then the end of the file", "`7`"),
        (" 0  0 0  0\n", "", 7, "a duration", "the end of the file"),
    ] {
        check_in(file, from, to, line, expected, found);
    }
}

#[test]
fn mistakes_of_reservoirs_are_named() {
    let file = ("p.rcp", GOOD_RESERVOIRS);
    let found = read_one(GOOD_RESERVOIRS.as_bytes(), file.0, FORMATS);
    assert_eq!(found.unwrap_or_else(|it| panic!("{it}")).problem.resources().len(), 2);
    for (from, to, line, expected, found) in [
        ("4 1 1\n", "4 1 2\n", 2, "a first level", "the end of the line"),
        ("4 1 1\n", "4 1 -1\n", 1, "a number of reservoirs", "`-1`"),
        ("3 6\n", "3 -6\n", 2, "a first level from 0", "`-6`"),
        ("5 2 4 1 1 4", "5 2 -4 1 1 4", 4, "what is consumed from 0", "`-4`"),
        ("5 2 4 1 1 4", "5 2 4 -1 1 4", 4, "what is produced from 0", "`-1`"),
        ("5 2 4 1 1 4", "5 2 4", 4, "what is produced", "the end of the line"),
        ("0 0 9 4 2 2 3", "1 0 9 4 2 2 3", 3, "a duration 0", "`1`"),
    ] {
        check_in(file, from, to, line, expected, found);
    }
}

#[test]
fn mistakes_of_lags_are_named() {
    let file = ("p.sch", GOOD_LAGS);
    let found = read_one(GOOD_LAGS.as_bytes(), file.0, FORMATS);
    assert_eq!(found.unwrap_or_else(|it| panic!("{it}")).problem.precedences().len(), 6);
    for (from, to, line, expected, found) in [
        ("2 1 0 0\n0", "2 1 1 0\n0", 1, "number of nonrenewables (the format has none) 0", "`1`"),
        ("2 1 0 0\n0", "2 1 0 1\n0", 1, "number of doubly constrained resources 0", "`1`"),
        ("2 1 0 0\n0", "-2 1 0 0\n0", 1, "number of activities that this file", "`-2`"),
        ("2 1 0 0\n0", "3 1 0 0\n0", 6, "activity number 4", "`0`"),
        ("2 1 0 0\n0", "1 1 0 0\n0", 3, "a successor from 0 to 2", "`3`"),
        ("2 1 2 3 1 [2] [-4]", "3 1 2 3 1 [2] [-4]", 4, "activity number 2", "`3`"),
        ("2 1 2 3 1 [2] [-4]", "2 2 2 3 1 [2] [-4]", 4, "number of modes 1", "`2`"),
        ("2 1 2 3 1 [2] [-4]", "2 1 1 3 1 [2] [-4]", 4, "1 successors of activity 2", "4 words"),
        ("2 1 2 3 1 [2] [-4]", "2 1 2 3 1 [2]", 4, "2 successors of activity 2", "3 words"),
        ("2 1 2 3 1 [2] [-4]", "2 1 2 3 4 [2] [-4]", 4, "a successor from 0 to 3", "`4`"),
        ("2 1 2 3 1 [2] [-4]", "2 1 2 3 1 [2] -4", 4, "a lag in brackets", "`-4`"),
        ("2 1 2 3 1 [2] [-4]", "2 1 2 3 1 [2] [x]", 4, "a lag in brackets", "`[x]`"),
        ("1 1 5 2\n", "1 2 5 2\n", 7, "mode number 1", "`2`"),
        ("1 1 5 2\n", "1 1 -5 2\n", 7, "a duration from 0", "`-5`"),
        ("1 1 5 2\n", "1 1 5\n", 7, "1 demands, one per renewable", "0"),
        ("1 1 5 2\n", "", 7, "activity number 1", "`2`"),
        ("0 0\n3\n", "0 0\n3 3\n", 10, "1 capacities", "2"),
        ("0 0\n3\n", "0 0\n", 9, "a row of capacities", "the end of the file"),
        ("0 0\n3\n", "0 0\n3\n4\n", 11, "the end of the file after the capacities", "`4`"),
    ] {
        check_in(file, from, to, line, expected, found);
    }
}

#[test]
fn a_cycle_of_lags_that_cannot_hold_is_named() {
    check_in(("p.sch", GOOD_LAGS), "[-4]", "[0]", 3, "a valid project", "1 -> 2 -> 1");
}

/// Published sets hold such projects, and call them infeasible.
#[test]
fn an_activity_that_demands_too_much_is_read_and_answered() {
    for (file, good, from, to, task) in [
        ("p.sm", GOOD, "  3      1     4       1    1", "  3  1  4  3  1", "3"),
        ("p.rcp", GOOD_ROWS, " 5  2 1  1  4", " 5  9 1  1  4", "2"),
        ("p.sch", GOOD_LAGS, "1 1 5 2\n", "1 1 5 4\n", "1"),
    ] {
        let text = good.replace(from, to);
        let found = read_one(text.as_bytes(), file, FORMATS).unwrap_or_else(|it| panic!("{it}"));
        let problem = found.problem;
        let outcome = solve(&problem, "auto", Seed::new(1), 1_000).expect("no fault");
        let Outcome::Infeasible { core } = outcome else { panic!("{file}: {}", outcome.word()) };
        let words: Vec<String> = core.iter().map(|it| it.describe(&problem)).collect();
        let [words] = &words[..] else { panic!("{file}: {words:?}") };
        assert!(words.starts_with(&format!("demand of task {task} for resource R1")), "{words}");
    }
}
