//! Broken files of platforms and jobs: each names the file, the line, what was expected and what
//! was found; whatever the bytes are, nothing panics.
//!
//! **Source:** rules of the readers.

use ordine_soc::{io, profiles};
use ordine_wire::{Diagnostics, Text};
use proptest::prelude::*;

fn expect(errors: &Diagnostics, text: &str, line: u32, expected: &str, found: &str) {
    let (first, words) = (errors.first(), errors.to_string());
    assert_eq!(first.file, "x.txt", "{words}");
    assert_eq!(first.line, Some(line), "{text:?}: {words}");
    assert!(first.expected.contains(expected), "{text:?}: {words}");
    assert!(first.found.contains(found), "{text:?}: {words}");
    assert!(!first.hint.is_empty(), "{words}");
}

#[test]
fn mistakes_of_platforms_are_named() {
    for (text, line, expected, found) in [
        ("", 1, "at least one line `add_new_resource CPU …`", "none"),
        ("add_new_resource CPU P1 0 1 2\na 3 1\n", 1, "as many lines", "1 fewer"),
        ("add_new_resource CPU P1 0 1 1\na 3.5 1\n", 2, "a whole number of microseconds", "`3.5`"),
        ("add_new_resource CPU P1 0 1 1\na 0 1\n", 2, "a duration in microseconds from 1", "`0`"),
        ("add_new_resource CPU P1 0 1 1\na 3 -1\n", 2, "a power in watts", "`-1`"),
        ("add_new_resource CPU P1 1 1 1\na 3 1\n", 1, "an id that counts from 0: 0", "`1`"),
        ("add_new_resource XPU P1 0 1 1\na 3 1\n", 1, "a type CPU, BIG, LITTLE", "`XPU`"),
        ("add_new_resource CPU P1 0 0 1\na 3 1\n", 1, "a capacity from 1", "`0`"),
        ("add_new_resource CPU P1 0 1 1 fast\na 3 1\n", 1, "a governor performance", "`fast`"),
        ("add_new_resource CPU P1 0 1\n", 1, "add_new_resource TYPE NAME ID", "`add_new_resource"),
        (
            "add_new_resource CPU P1 0 1 1\na 3 1\ncomm_band 0 1 5\n",
            3,
            "the id of an element",
            "`1`",
        ),
        (
            "add_new_resource CPU P1 0 1 1\na 3 1\ncomm_band 0 0\n",
            3,
            "comm_band FROM TO",
            "`comm_band",
        ),
        ("add_new_resource CPU P1 0 1 1\na 3 1\na 4 1\n", 3, "add_new_resource, opp or", "`a 4 1`"),
        ("add_new_resource CPU P1 0 1 2\na 3 1\na 4 1\n", 3, "each task once", "`a`"),
        ("opp 600 900\n", 1, "add_new_resource before", "`opp`"),
    ] {
        let read = io::read_platform(&Text::new("x.txt", text.as_bytes()).expect("text"));
        expect(&read.expect_err(text), text, line, expected, found);
    }
}

#[test]
fn mistakes_of_jobs_are_named() {
    let job = "job_name J\nadd_new_tasks 2\na 0\n";
    for (rest, line, expected, found) in [
        ("", 1, "2 tasks of job J", "1"),
        ("b 2 0\n", 4, "an id that counts from 0: 1", "`2`"),
        ("b 1 5\n", 4, "the id of a predecessor from 0 to 1", "`5`"),
        ("b 1 0 0\n", 4, "each predecessor once", "`0`"),
        ("b 1\n", 1, "a graph of one job", "2 heads and 2 tails"),
        ("b 1 1\n", 1, "a graph of one job", "1 tasks on one"),
        ("b 1 0\nc 2 1\n", 5, "no more than the 2 tasks", "`c`"),
        ("b 1 0\nb HEAD\n", 5, "no predecessors of the HEAD", "some"),
        ("b 1 0\ncomm_vol 1 0 3\n", 5, "task 1 among the predecessors of task 0", "`1`"),
        ("b 1 0\ncomm_vol 0 1 -3\n", 5, "a volume from 0", "`-3`"),
        ("comm_vol 0\n", 4, "add_new_tasks, a line", "`comm_vol 0`"),
    ] {
        let text = format!("{job}{rest}");
        let read = io::read_jobs(&Text::new("x.txt", text.as_bytes()).expect("text"));
        expect(&read.expect_err(&text), &text, line, expected, found);
    }
    let read = io::read_jobs(&Text::new("x.txt", b"# note\na 0\n").expect("text"));
    expect(&read.expect_err("no name"), "", 2, "job_name NAME", "`a 0`");
}

#[test]
fn what_was_written_is_read_back_equal() {
    for instance in [profiles::synthetic(), profiles::applications()] {
        let platform = io::write_platform(&instance.platform);
        let read = io::read_platform(&Text::new("x.txt", platform.as_bytes()).expect("text"));
        assert_eq!(read.expect("a platform"), instance.platform);
        let jobs: Vec<_> = instance.profiles.values().map(|it| it.graph.clone()).collect();
        let written = io::write_jobs(&jobs);
        let read = io::read_jobs(&Text::new("x.txt", written.as_bytes()).expect("text"));
        assert_eq!(read.expect("jobs"), jobs);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(
        words in proptest::collection::vec(
            prop_oneof![
                Just("add_new_resource"), Just("CPU"), Just("MEM"), Just("opp"), Just("comm_band"),
                Just("job_name"), Just("add_new_tasks"), Just("comm_vol"), Just("HEAD"),
                Just("TAIL"), Just("earliest_start"), Just("a"), Just("0"), Just("1"), Just("2"),
                Just("-1"), Just("3.5"), Just("nan"), Just("99999999999999999999"), Just("\n"),
                Just("\n"), Just("\n"), Just("#"), Just("\u{202e}"),
            ],
            0..60,
        )
    ) {
        let text = words.join(" ");
        if let Ok(text) = Text::new("x.txt", text.as_bytes()) {
            let platform = io::read_platform(&text);
            let jobs = io::read_jobs(&text);
            if let (Ok(platform), Ok(jobs)) = (platform, jobs) {
                let _ = ordine_soc::SocInstance::uniform(platform, jobs);
            }
        }
    }
}
