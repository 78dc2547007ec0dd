//! Ctrl-C: the search ends and the best schedule is printed.
//!
//! **Source:** -
#![cfg(unix)]

use crate::call::{Call, Desk, command, data};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Starts a long run and waits until it searches: until it has told a first incumbent.
fn searching(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStderr>) {
    let mut command = command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    err.read_line(&mut line).expect("text");
    assert!(line.contains("incumbent"), "{line}");
    (child, err)
}

fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.expect("kill runs").success());
}

#[test]
fn the_best_schedule_is_printed_and_written() {
    let desk = Desk::new();
    let (ft10, out) = (data("ft10.txt"), desk.path("plan.json"));
    let (child, err) = searching(&["solve", &ft10, "--time", "60", "-v", "--json", "--out", &out]);
    interrupt(&child);
    drop(err);
    let call: Call = child.wait_with_output().expect("the program ends").into();
    assert_eq!(call.code, 0);
    assert!(call.out.contains("\"stopped\":\"interrupted\""), "{}", call.out);
    assert!(desk.read("plan.json").contains("ordine/schedule/1"));
}

#[test]
fn the_inputs_after_it_are_left_out() {
    let ft10 = data("ft10.txt");
    let (child, err) = searching(&["solve", &ft10, &ft10, &ft10, "--time", "60", "-v", "--json"]);
    interrupt(&child);
    drop(err);
    let call: Call = child.wait_with_output().expect("the program ends").into();
    assert_eq!((call.code, call.out.lines().count()), (0, 1), "{}", call.out);
}
