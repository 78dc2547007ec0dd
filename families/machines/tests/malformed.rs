//! Broken files of machines: each names the file, the line, what was expected and what was found.
//!
//! **Source:** rules of the readers.

use ordine_machines::io::FORMATS;
use ordine_wire::{Diagnostics, Item, Request, read_one, read_problems};
use std::ops::ControlFlow;

fn errors(file: &str, text: &[u8]) -> Diagnostics {
    match read_one(text, file, FORMATS) {
        Ok(_) => panic!("{file} must not be read:\n{}", String::from_utf8_lossy(text)),
        Err(errors) => errors,
    }
}

fn check(file: &str, text: &str, line: u32, expected: &str, found: &str) {
    expect(&errors(file, text.as_bytes()), file, text, line, expected, found);
}

fn expect(errors: &Diagnostics, file: &str, text: &str, line: u32, expected: &str, found: &str) {
    let (first, words) = (errors.first(), errors.to_string());
    assert_eq!(first.file, file, "{words}");
    assert_eq!(first.line, Some(line), "{text:?}: {words}");
    assert!(first.expected.contains(expected), "{text:?}: {words}");
    assert!(first.found.contains(found), "{text:?}: {words}");
    assert!(!first.hint.is_empty(), "{words}");
}

/// Everything that reading in a format gives, one line each.
fn read_as(format: Option<&str>, address: &str, mut text: &[u8]) -> Vec<Result<String, String>> {
    let (name, selector) = match address.split_once('#') {
        Some((name, selector)) => (name, Some(selector)),
        None => (address, None),
    };
    let request = Request { name, selector, format, formats: FORMATS };
    let mut items = Vec::new();
    read_problems(&request, &mut text, &mut |item| {
        items.push(match item {
            Item::Found(found) => {
                Ok(format!("{} has {} jobs", found.problem.name(), found.problem.jobs().len()))
            }
            Item::Bad(errors) => Err(errors.to_string()),
            Item::Skipped(diagnostic) => Err(diagnostic.to_string()),
        });
        ControlFlow::Continue(())
    });
    items
}

#[test]
fn mistakes_of_parallel_machines_are_named() {
    for (text, line, expected, found) in [
        ("2\n2\n3 4\n5\n", 4, "2 durations, one per machine", "1"),
        ("2\n2\n3 4\n5 6 7\n", 4, "2 durations, one per machine", "3"),
        ("2\n2\n3 4\n5 x\n", 4, "a duration from 0", "`x`"),
        ("2\n2\n3 4\n5 -6\n", 4, "a duration from 0", "`-6`"),
        ("2\n2\n3 4\n", 3, "2 lines of jobs", "1"),
        ("2\n2\n3 4\n5 6\n7 8\n", 5, "the end of the file after 2 jobs", "`7 8`"),
        ("0\n2\n3 4\n5 6\n", 1, "a number of jobs that this file can hold", "`0`"),
        ("2\n-2\n3 4\n5 6\n", 1, "a file in one of the formats", "`2`"),
        ("2 2\n3 4\n5 6\n", 1, "a file in one of the formats", "`2 2`"),
        ("4194305\n2\n3 4\n5 6\n", 1, "a number of jobs that this file can hold", "`4194305`"),
        ("", 1, "a file in one of the formats", "an empty file"),
    ] {
        check("p.txt", text, line, expected, found);
    }
    let long = "2\n1\n1099511627776\n1099511627776\n";
    check("p.txt", long, 3, "a valid instance", "add up to");
}

#[test]
fn mistakes_of_weighted_tardiness_are_named() {
    for (text, line, expected, found) in [
        ("3 4\n1 2\n5 6 7\n", 3, "2 due times of instance 1 and then a new line", "3"),
        ("x 4\n1 y\n5 6\n", 1, "a file in one of the formats", "`x 4`"),
        ("3 4\n1 2\n5 x\n", 3, "one of the due times from -", "`x`"),
        ("3 4\n1 -2\n5 6\n", 2, "one of the weights from 0", "`-2`"),
        ("3 -4\n1 2\n5 6\n", 1, "one of the durations from 0", "`-4`"),
        ("3\n4 1\n2\n5 6\n", 2, "2 durations of instance 1 and then a new line", "3"),
        ("3 4\n1 2\n5\n", 3, "2 due times of instance 1", "1 before the end of the file"),
        ("3 4\n1 2\n5 6\n3 4\n", 4, "2 weights of instance 2", "0 before the end of the file"),
    ] {
        check("wt2.txt", text, line, expected, found);
    }
    check("wt2.txt", &"3 4\n1 2\n5 6\n".repeat(2), 4, "one instance", "2");
    let value = "1099511627776 1\n";
    check("wt2.txt", &value.repeat(3), 1, "a valid instance", "add up to");
}

#[test]
fn mistakes_of_total_tardiness_are_named() {
    for (text, line, expected, found) in [
        ("1\n2 -\n3 4\n5\n", 4, "2 due times, one per job", "1"),
        ("1\n2 7\n3 x\n5 6\n", 3, "one of the durations from 0", "`x`"),
        ("1\n2 7\n3 -4\n5 6\n", 3, "one of the durations from 0", "`-4`"),
        ("1\n2 7\n3 4\n5 6\n7 8\n", 5, "the end of the instance", "`7 8`"),
        ("1\n2 7\n3 4\n", 3, "2 due times, one per job", "the end of the file"),
        ("2\n2 7\n3 4\n5 6\n", 1, "one instance", "`2`"),
        ("1\n2000 7\n3 4\n5 6\n", 2, "as many jobs as the file can hold", "`2000 7`"),
    ] {
        let items = read_as(Some("smtt"), "one.txt", text.as_bytes());
        let [Err(errors)] = &items[..] else { panic!("{text:?}: {items:?}") };
        let place = format!("one.txt, line {line}");
        let told = errors.contains(&place) && errors.contains(expected) && errors.contains(found);
        assert!(told, "{text:?}: {errors}");
    }
    let text = "2\n1 -\n3\n5\n2 0\n1 1\n9 9\n";
    let several = ["one_1 has 1 jobs", "one_2 has 2 jobs"].map(|it| Ok(it.to_owned()));
    assert_eq!(read_as(None, "one.txt", text.as_bytes()), several);
}

#[test]
fn mistakes_of_tables_are_named() {
    for (text, line, expected, found) in [
        ("duration,due\n3,4\n5\n", 3, "2 numbers, one per column", "1"),
        ("due,duration,weight\n3,4,x\n", 2, "weight from 0", "`x`"),
        ("duration,due\n-3,4\n", 2, "duration from 0", "`-3`"),
    ] {
        check("x.csv", text, line, expected, found);
    }
}

#[test]
fn lists_of_objective_values_are_refused_as_such() {
    for name in ["wtopt40.txt", "wtbest100b.txt", "wtopt40"] {
        let text = "\n 913\n 1225\n 537\n";
        let found = "objective values, one per line";
        check(name, text, 2, "durations, weights and due times of jobs", found);
    }
}

#[test]
fn a_text_of_several_instances_gives_each_by_its_number() {
    let text = "3\n4\n1 2\n5 6\n\n7 8\n1 1\n9 9\n";
    let several = ["wt2_1 has 2 jobs", "wt2_2 has 2 jobs"].map(|it| Ok(it.to_owned()));
    assert_eq!(read_as(None, "wt2.txt", text.as_bytes()), several);
    assert_eq!(read_as(None, "old-wt2.txt#2", text.as_bytes()).len(), 1);
    assert_eq!(read_as(Some("wt:2"), "x#2", text.as_bytes()), [Ok("x_2 has 2 jobs".to_owned())]);
    let beyond = read_as(Some("wt:2"), "x#3", text.as_bytes());
    assert!(beyond[0].as_ref().is_err_and(|it| it.contains("from 1 to 2")), "{beyond:?}");
}

#[test]
fn the_number_of_jobs_must_be_said_and_must_fit() {
    let text = b"3 4\n1 2\n5 6\n7 8\n1 1\n9 9\n";
    for (format, expected) in [
        ("wt", "the number of jobs in the name, as in wt40.txt"),
        ("wt:two", "a number of jobs from 1 to 1000 behind the format"),
        ("wt:0", "a number of jobs from 1 to 1000 behind the format"),
        ("wt:3", "3 durations of instance 1 and then a new line"),
        ("parallel-machines:2", "a format among"),
    ] {
        let items = read_as(Some(format), "x.txt", text);
        let [Err(errors)] = &items[..] else { panic!("{format}: {items:?}") };
        assert!(errors.contains(expected), "{format}: {errors}");
    }
    // Three lines of one length can only be one instance.
    let one = read_as(Some("wt"), "x.txt", b"3 4\n1 2\n5 6\n");
    assert_eq!(one, [Ok("x has 2 jobs".to_owned())]);
}

#[test]
fn a_matrix_with_a_line_more_than_jobs_yields_to_a_better_fit() {
    let format = FORMATS[0];
    let fit = |text: &str| {
        let text = ordine_wire::Text::new("x.txt", text.as_bytes()).expect("text");
        match format.detect(&text) {
            ordine_wire::Fit::Lines { fitting, of } => Some(fitting == of),
            _ => None,
        }
    };
    assert_eq!(fit("2\n3\n1 2 3\n4 5 6\n"), Some(true));
    // A hybrid flow shop: machines per stage, then the jobs.
    assert_eq!(fit("2\n3\n1 1 2\n1 2 3\n4 5 6\n"), Some(false));
    // A flow shop with setups: matrices of jobs behind the durations.
    assert_eq!(fit("2\n3\n1 2 3\n4 5 6\n0 1\n1 0\n0 1\n1 0\n0 1\n1 0\n"), None);
}
