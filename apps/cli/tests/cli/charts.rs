//! Charts as files: every form by its extension, themes, and what a run told.
//!
//! **Source:** -

use crate::call::{Desk, data, ordine};

fn solve(arguments: &[&str]) -> i32 {
    let path = data("ft06.txt");
    let mut call = vec!["solve", &path, "--work", "20000", "--workers", "1", "--quiet"];
    call.extend(arguments);
    let call = ordine(&call);
    assert!(call.err.is_empty(), "{}", call.err);
    call.code
}

#[test]
fn the_extension_chooses_the_form_and_equal_calls_give_equal_bytes() {
    let desk = Desk::new();
    let heads: [(&str, &[u8]); 4] = [
        ("a.svg", b"<svg"),
        ("a.PNG", b"\x89PNG"),
        ("a.html", b"<!DOCTYPE html>"),
        ("a.txt", b"ft06  makespan 5"),
    ];
    for (name, head) in heads {
        for option in ["--gantt", "--convergence"] {
            let path = desk.path(name);
            let bytes = || {
                assert_eq!(solve(&[option, &path]), 0);
                std::fs::read(&path).expect("the chart was written")
            };
            let chart = bytes();
            let head = if option == "--gantt" { head } else { &head[..4] };
            assert!(chart.starts_with(head), "{option} {name}");
            assert_eq!(chart, bytes(), "{option} {name}");
        }
    }
}

#[test]
fn a_theme_is_light_or_dark_or_left_to_the_reader() {
    let desk = Desk::new();
    let path = desk.path("a.svg");
    let styles = |theme: &str| {
        assert_eq!(solve(&["--gantt", &path, "--theme", theme]), 0);
        let chart = desk.read("a.svg");
        (
            chart.contains("prefers-color-scheme"),
            chart.contains(".page,.ordine .rest{fill:#ffffff}"),
        )
    };
    assert_eq!(styles("light"), (false, true));
    assert_eq!(styles("dark"), (false, false));
    assert_eq!(styles("auto"), (true, true));
}

#[test]
fn convergence_is_drawn_over_work_when_work_is_the_limit() {
    let desk = Desk::new();
    assert_eq!(solve(&["--convergence", &desk.path("a.txt")]), 0);
    let chart = desk.read("a.txt");
    assert!(chart.contains("incumbent") && chart.contains(" · bound "), "{chart}");
    assert!(chart.contains("units of work") && !chart.contains("time [s]"), "{chart}");
}
