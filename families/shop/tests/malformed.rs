//! Broken shop files: each names the file, the line, what was expected and what was found.
//!
//! **Source:** rules of the readers.

use ordine_shop::{io::FORMATS, setups};
use ordine_wire::{Diagnostics, read_one};

/// A broken input and what the first diagnostic must say.
struct Case {
    file: &'static str,
    text: &'static str,
    line: u32,
    expected: &'static str,
    found: &'static str,
}

fn errors(file: &str, bytes: &[u8]) -> Diagnostics {
    match read_one(bytes, file, FORMATS) {
        Ok(_) => panic!("{file} {:?} must not be read", String::from_utf8_lossy(bytes)),
        Err(errors) => errors,
    }
}

fn check(case: &Case) {
    let errors = errors(case.file, case.text.as_bytes());
    let (first, words) = (errors.first(), errors.to_string());
    assert_eq!(first.file, case.file, "{words}");
    assert_eq!(first.line, Some(case.line), "{:?}: {words}", case.text);
    assert!(first.expected.contains(case.expected), "{:?}: {words}", case.text);
    assert!(first.found.contains(case.found), "{:?}: {words}", case.text);
    assert!(!first.hint.is_empty() && words.starts_with(case.file), "{words}");
}

macro_rules! cases {
    ($($file:literal $text:literal => $line:expr, $expected:literal, $found:literal;)*) => {
        [$(Case {
            file: $file, text: $text, line: $line, expected: $expected, found: $found
        }),*]
    };
}

#[test]
fn job_shop_text_names_its_mistakes() {
    for case in &cases! {
        "a.txt" "" => 1, "one of the formats distributed-flow-shop", "an empty file";
        "a.txt" " \n\n" => 1, "one of the formats", "an empty file";
        "a.txt" "# only a remark\n" => 1, "one of the formats", "# only a remark";
        "a.txt" "hello world\n" => 1, "one of the formats", "`hello world`";
        "a.txt" "2\n0 3\n1 4\n" => 1, "one of the formats", "`2`";
        "a.txt" "2 2" => 1, "2 lines of jobs", "0";
        "a.txt" "0 2\n" => 1, "number of jobs", "`0`";
        "a.txt" "2 0\n" => 1, "number of machines", "`0`";
        "a.txt" "-2 2\n0 3 1 2\n" => 1, "number of jobs", "`-2`";
        "a.txt" "2 2\n0 3 1 2\n" => 2, "2 lines of jobs", "1";
        "a.txt" "2 2\n0 3 1 2\n1 4 0 1\n0 1 1 1\n" => 4, "the end of the file", "`0 1 1 1`";
        "a.txt" "2 2\n0 3 1 2\n1 4 0\n" => 3, "pairs `machine duration`", "3 numbers";
        "a.txt" "2 2\n0 3 1 2\n1 4 2 1\n" => 3, "a machine from 0 to 1", "`2`";
        "a.txt" "2 2\n0 3 1 2\n1 4 -1 1\n" => 3, "a machine from 0 to 1", "`-1`";
        "a.txt" "2 2\n0 3 1 2\n1 4 0 -5\n" => 3, "a duration from 0", "`-5`";
        "a.txt" "2 2\n0 3 1 2\n1 4 0 1.5\n" => 3, "a duration from 0", "`1.5`";
        "a.txt" "2 2\n0 3 1 2\n1 4 0 x\n" => 3, "a duration from 0", "`x`";
        "a.txt" "2 2\n0 3 1 2\n1 4 0 99999999999999999999\n" => 3, "duration", "`999999999";
        "a.txt" "2 2\n0 3 1 2\n1 4 0 1099511627777\n" => 3, "a duration", "`1099511627777`";
        "a.txt" "1 2\n0 1099511627776 1 1\n" => 2, "a valid shop", "add up to";
        "a.txt" "3 2\n0 3 1 2\n1 4 0 1\n1 4\n" => 4, "2 pairs", "1";
        "a.txt" "1 1\n0 3 -1 -1 4\n" => 1, "one of the formats", "`1 1`";
        "a.txt" "2 1\n0 3\n0 3 -1 -1 4 4\n" => 3, "the end of the line after `-1 -1`", "`4`";
        "a.txt" "2 1\n0 3\n-1 -1\n" => 3, "a valid job", "job 1 has no operation";
        "a.txt" "900000000 5\n0 3\n" => 1, "number of jobs that this file", "`900000000`";
        "a.txt" "2 4000000000000\n0 3\n0 4\n" => 1, "number of machines", "`4000000000000`";
        "a.txt" "10 10 10 10\n1 2 3\n" => 1, "one of the formats", "`10 10 10 10`";
        "a.txt" "a,b\n1,2\n" => 1, "one of the formats", "`a,b`";
    } {
        check(case);
    }
}

#[test]
fn flexible_job_shop_text_names_its_mistakes() {
    for case in &cases! {
        "b.fjs" "" => 1, "one of the formats", "an empty file";
        "b.fjs" "2 2 x\n1 1 1 3\n" => 1, "one of the formats", "`2 2 x`";
        "b.fjs" "2 2 -1\n1 1 1 3\n" => 1, "one of the formats", "`2 2 -1`";
        "b.fjs" "2 2 1\n1 1 1 3\n" => 2, "2 lines of jobs", "1";
        "b.fjs" "1 2 1\n1 1 1 3\n1 1 2 3\n" => 3, "the end of the file", "`1 1 2 3`";
        "b.fjs" "2 2 1\n1 1 1 3\n2 1 1 3\n" => 3, "2 operations", "1";
        "b.fjs" "2 2 1\n1 1 1 3\n1 2 1 3\n" => 3, "2 choices of operation 1", "1";
        "b.fjs" "2 2 1\n1 1 1 3\n1 1 1 3 7\n" => 3, "the end of the line after 1", "`7`";
        "b.fjs" "2 2 1\n1 1 1 3\n1 1 0 3\n" => 3, "a machine from 1 to 2", "`0`";
        "b.fjs" "2 2 1\n1 1 1 3\n1 1 3 3\n" => 3, "a machine from 1 to 2", "`3`";
        "b.fjs" "2 2 1\n1 1 1 3\n1 1 1 -3\n" => 3, "a duration from 0", "`-3`";
        "b.fjs" "2 2 1\n1 1 1 3\n1 1 1 three\n" => 3, "a duration from 0", "`three`";
        "b.fjs" "2 2 1\n1 1 1 3\n0\n" => 3, "a number of operations", "`0`";
        "b.fjs" "2 2 1\n1 1 1 3\n1 0\n" => 3, "a number of choices", "`0`";
        "b.fjs" "2 2 1\n1 1 1 3\n123456789012 1 1 3\n" => 3, "operations", "`12345678901";
        "b.fjs" "2 2 1\n1 1 1 3\n1 123456789012 1 3\n" => 3, "of choices", "`123456789012`";
        "b.fjs" "4000000 4000000 1\n1 1 1 3\n" => 1, "number of jobs that this", "`4000000`";
    } {
        check(case);
    }
}

#[test]
fn several_mistakes_are_all_named() {
    let errors = errors("c.txt", b"4 2\n0 3 1 2\n1 4 9 1\n0 x 1 2\n1 1 0 1\n");
    let lines: Vec<_> = errors.all().iter().map(|error| error.line).collect();
    assert_eq!(lines, [Some(3), Some(4)]);
    assert_eq!(
        errors.first().to_string(),
        "c.txt, line 3, column 5: expected a machine from 0 to 1, found `9`; \
         correct the machine, or the number of machines in the header"
    );
}

#[test]
fn what_fits_no_format_is_told_what_each_expected() {
    let errors = errors("notes.md", b"Dear reader,\n1 2\n");
    let lines: Vec<String> = errors.to_string().lines().map(str::to_owned).collect();
    let names: Vec<&str> = FORMATS.iter().map(|format| format.about().name).collect();
    let names = names.join(", ");
    assert_eq!(
        lines[0],
        format!(
            "notes.md, line 1: expected a file in one of the formats {names}, found \
             `Dear reader,`; force the right format with --format to learn what is wrong"
        )
    );
    assert_eq!(lines.len(), 1 + FORMATS.len());
    assert_eq!(
        lines[3],
        "notes.md, line 1: expected for fjs: first `jobs machines`, and perhaps the average \
         number of choices, found `Dear reader,`; flexible job shop: per operation the choices \
         `machine duration`, from 1"
    );
}

/// What each text is taken for.
#[test]
fn formats_that_begin_alike_are_told_apart_by_their_lines() {
    for (name, text, format) in [
        ("hel.txt", "3 4\n0 3 1 2\n1 4 0 1\n3 3 2 1\n", "flow-shop"),
        ("a.txt", "3 4\n0 3 1 2 -1 -1\n1 4 0 1 -1 -1\n3 3 2 1 -1 -1\n", "jsplib"),
        ("a.txt", "2 2\n0 3 1 2\n1 4 0 1\n", "jsplib"),
        ("a.txt", "2 2\n3\n0 3 1 2\n0 4 1 1\n", "distributed-flow-shop"),
        ("a.txt", "2 2 1\n1 1 1 3\n1 1 2 3\n", "fjs"),
        ("a.txt", "2 2 2\n1 1 1 1 1 3\n1 1 2 1 2 3\n", "fjs-workers"),
        ("a.fjsw", "2 2 2 1.5\n1 1 1 1 1 3\n1 1 2 1 2 3\n", "fjs-workers"),
        ("a.txt", "3\n2\n2 4\n1 2\n3 4\n5 6\n", "hybrid-flow-shop"),
        ("a.txt", "3\n2\n2 4 9\n1 2\n3 4\n5 6\n", "flow-shop-tardiness"),
        ("a.txt", "2\n2\n2 1\n1 2\n3 4\n", "hybrid-flow-shop"),
        ("a.txt", "2\n2\n2 3\n1 2\n3 4\n", "flow-shop-tardiness"),
        ("a.txt", "2\n3\n1 2\n1 2 3\n3 4 5\n5 6 7\n", "fjs-matrix"),
        ("a.txt", "2\n3\n1 1\n1 2 3\n3 4 5\n", "fjs-matrix"),
        ("a.txt", "2\n1\n1\n4\n0 5\n6 0\n", "flow-shop-setup"),
        ("a.txt", "2\n2\n1 3\n4 4\n0 5\n6 0\n0 5\n6 0\n", "flow-shop-setup"),
    ] {
        let found = read_one(text.as_bytes(), name, FORMATS);
        let found = found.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found.format.about().name, format, "{text}");
    }
}

fn jsplib() -> &'static dyn ordine_wire::Format {
    *FORMATS.iter().find(|format| format.about().name == "jsplib").expect("a format")
}

#[test]
fn a_matrix_of_durations_is_a_job_shop_only_if_forced() {
    let matrix = "3 4\n0 3 1 2\n1 4 0 1\n3 3 2 1\n";
    let text = ordine_wire::Text::new("hel.txt", matrix.as_bytes()).expect("text");
    assert_eq!(jsplib().read(&text).expect("pairs").tasks().len(), 6);
    let found = read_one(matrix.as_bytes(), "hel.txt", FORMATS).expect("a flow shop");
    assert_eq!(found.problem.tasks().len(), 12);
}

#[test]
fn flow_and_open_shop_text_names_its_mistakes() {
    for case in &cases! {
        "a.txt" "3 3\n1 2 3\n4 5 6\n" => 3, "3 rows with the durations of a job", "2";
        "a.txt" "1 3\n1 2 3\n4 5 6\n" => 3, "the end of the file", "`4 5 6`";
        "a.txt" "3 3\n1 2 3\n4 5\n7 8 9\n" => 3, "3 durations of a job", "2 numbers";
        "a.txt" "3 3\n1 2 3\n4 5 -6\n7 8 9\n" => 3, "a duration from 0", "`-6`";
        "a.txt" "3 3\n1 2 3\n4 5 x\n7 8 9\n" => 3, "a duration from 0", "`x`";
        "a.txt" "0 3\n1 2 3\n" => 1, "number of jobs that this file", "`0`";
        "a.txt" "-1 3\n1 2 3\n" => 1, "number of jobs that this file", "`-1`";
        "a.txt" "90000 3\n1 2 3\n" => 1, "number of jobs that this file", "`90000`";
    } {
        check(case);
    }
}

#[test]
fn distributed_flow_shop_text_names_its_mistakes() {
    for case in &cases! {
        "a.txt" "2 2\n0\n0 1 1 2\n0 3 1 4\n" => 2, "a number of factories from 1", "`0`";
        "a.txt" "2 2\n-1\n0 1 1 2\n0 3 1 4\n" => 2, "a number of factories from", "`-1`";
        "a.txt" "2 2\n2\n0 1 1 2\n1 3 0 4\n" => 4, "0 as number 1 of the row", "1";
        "a.txt" "2 2\n2\n0 1 1 2\n0 3 1\n" => 4, "4 numbers of a job", "3 numbers";
        "a.txt" "2 2\n2\n0 1 1 2\n0 3 1 -4\n" => 4, "a machine or duration", "`-4`";
        "a.txt" "3 2\n2\n0 1 1 2\n0 3 1 4\n" => 4, "3 rows with the numbers of a job", "2";
        "a.txt" "1 2\n2\n0 1 1 2\n0 3 1 4\n" => 4, "the end of the file", "`0 3 1 4`";
        "a.txt" "1 2\n999999\n0 1 1 2\n" => 2, "at most 1048576 choices", "999999 for each";
    } {
        check(case);
    }
}

#[test]
fn texts_with_a_head_of_two_lines_name_their_mistakes() {
    for case in &cases! {
        "a.txt" "3\n2\n2 0\n1 2\n3 4\n5 6\n" => 3, "a number of machines from 1", "`0`";
        "a.txt" "3\n2\n2 1\n1 2\n3 4\n5\n" => 6, "2 durations of a job", "1 numbers";
        "a.txt" "3\n2\n2 999999\n1 2\n3 4\n5 6\n" => 3, "at most 1048576 choices", "1000001";
        "a.txt" "0\n2\n2 1\n1 2\n3 4\n5 6\n" => 1, "number of jobs", "`0`";
        "a.txt" "3\n2\n2 4 x\n1 2\n3 4\n5 6\n" => 3, "a due time from", "`x`";
        "a.txt" "3\n2\n2 4 9\n1 2\n3 4\n5 -6\n" => 6, "a duration from 0", "`-6`";
        "a.txt" "4\n2\n2 4 9 8\n1 2\n3 4\n5 6\n" => 6, "4 rows with the durations", "3";
        "a.txt" "2\n3\n1 2\n1 2 3\n0 0 0\n5 6 7\n" => 5, "a duration above 0", "none";
        "a.txt" "2\n3\n0 3\n1 2 3\n3 4 5\n5 6 7\n" => 3, "number of operations from 1", "`0`";
        "a.txt" "2\n3\n2 3\n1 2 3\n3 4 5\n5 6 7\n1 1 1\n" => 7, "5 rows with the dur", "4";
        "a.txt" "2\n1\n1\n4\n0 5\n6 -1\n" => 6, "a setup time from 0", "`-1`";
        "a.txt" "2\n1\n1\n4\n0 5\n6\n" => 6, "2 setups from a job", "1 numbers";
        "a.txt" "2\n1\n1\n4\n0 5\n6 0\n7 7\n" => 7, "the end of the file", "`7 7`";
        "a.txt" "2\n1\n1\n4\n0 5\n" => 5, "2 rows with the setups", "1";
    } {
        check(case);
    }
}

#[test]
fn flexible_job_shop_text_with_workers_names_its_mistakes() {
    for case in &cases! {
        "b.fjsw" "2 2 2\n1 1 1 1 1 3\n1 1 2 1 3 3\n" => 3, "a worker from 1 to 2", "`3`";
        "b.fjsw" "2 2 2\n1 1 1 1 1 3\n1 1 2 1 0 3\n" => 3, "a worker from 1 to 2", "`0`";
        "b.fjsw" "2 2 2\n1 1 1 1 1 3\n1 1 3 1 1 3\n" => 3, "a machine from 1 to 2", "`3`";
        "b.fjsw" "2 2 2\n1 1 1 1 1 3\n1 1 2 0\n" => 3, "a number of workers", "`0`";
        "b.fjsw" "2 2 2\n1 1 1 1 1 3\n1 1 2 2 1 3\n" => 3, "2 workers of a machine", "1";
        "b.fjsw" "2 2 2\n1 1 1 1 1 3\n1 1 2 1 1 -3\n" => 3, "a duration from 0", "`-3`";
        "b.fjsw" "2 2 0\n1 1 1 1 1 3\n1 1 2 1 1 3\n" => 1, "a number of workers", "`0`";
        "b.fjsw" "3 2 2\n1 1 1 1 1 3\n1 1 2 1 1 3\n" => 3, "3 lines of jobs", "2";
    } {
        check(case);
    }
}

#[test]
fn texts_of_setups_name_their_mistakes() {
    let shop = read_one(b"2 2\n0 3 1 2\n1 4 0 1\n", "x.txt", FORMATS).expect("valid").problem;
    for (text, line, expected, found) in [
        ("", Some(1), "2 lines of positions", "0"),
        ("0 0 1 1\n", Some(1), "2 lines of positions", "1"),
        ("0 0 1 1\n0 0 1\n", Some(2), "2 positions `x y`", "3 numbers"),
        ("0 0 1 1\n0 0 1 1.5\n", Some(2), "a coordinate from", "`1.5`"),
        ("0 0 1 1\n0 0 1 9999999999\n", Some(2), "a coordinate from", "`9999999999`"),
        ("0 1\n1 0\n", Some(2), "4 lines, 2 for each of 2 machines", "2"),
        ("0 1\n1 0\n0 1\n-1 0\n", Some(4), "a setup time from 0", "`-1`"),
        ("0 1\n1 0\n0 1\n1 0 2\n", Some(4), "2 setups, one per job", "3 numbers"),
    ] {
        let text = ordine_wire::Text::new("x.positions", text.as_bytes()).expect("text");
        let errors = setups::read(&text, &shop).expect_err("a mistake");
        let first = errors.first();
        assert_eq!((first.file.as_str(), first.line), ("x.positions", line), "{errors}");
        assert!(first.expected.contains(expected) && first.found.contains(found), "{errors}");
    }
    let text = ordine_wire::Text::new("x.positions", b"0 0 1 1\n0 0 1 1\n").expect("text");
    let once = setups::read(&text, &shop).expect("valid");
    let errors = setups::read(&text, &once).expect_err("setups twice");
    assert!(errors.first().found.contains("there already"), "{errors}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for bytes in [&b"2 2\n0 \xff\xfe 1 2\n"[..], b"2 2\n0 3\x001 2\n", b"\xff\xfe2\x00 \x002\x00"] {
        let errors = errors("d.txt", bytes);
        assert_eq!(errors.first().expected, "UTF-8 text");
        assert!(errors.first().line.is_some());
    }
}

#[test]
fn remarks_blank_lines_and_terminators_are_no_mistakes() {
    let text = "# a remark\n\n2 3 \r\n 0 3 1 2 -1 -1\n\n# another\n1 4 0 1 1 1\n\n";
    let found = read_one(text.as_bytes(), "e.txt", FORMATS).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(found.problem.tasks().len(), 5);
    assert_eq!(found.problem.resources().len(), 3);
}

#[test]
fn an_average_of_choices_may_be_a_decimal_or_absent() {
    for head in ["2 2 1.53", "2 2 2", "2 2"] {
        let text = format!("{head}\n1 1 1 3\n2 2 1 3 2 4 1 2 7\n");
        let found = read_one(text.as_bytes(), "f.fjs", FORMATS).unwrap_or_else(|it| panic!("{it}"));
        assert_eq!(found.format.about().name, "fjs");
        assert_eq!(found.problem.mode_count(), 4);
    }
}
