//! What a file says reaches no terminal as it is: neither escape sequences nor turned letters.
//!
//! **Source:** CWE-150 (escape sequences); Boucher, Anderson 2021 (Trojan Source).

use crate::call::{Call, Desk, ordine};

/// Ends the line, turns the letters, clears the screen.
const SLY: &str = "sly\u{202e}\\n\\u001b[2Jname\u{9b}1m\u{2066}";

fn assert_shown(call: &Call, what: &str) {
    let hidden = |letter: char| {
        (letter.is_control() && letter != '\n')
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for text in [&call.out, &call.err] {
        assert!(!text.contains(hidden), "{what}: {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("\u{fffd}[2J")), "{what}: {text}");
    }
    assert!(call.out.contains("sly") || call.err.contains("sly"), "{what}");
}

#[test]
fn names_from_files_are_shown_and_not_obeyed() {
    let desk = Desk::new();
    let sly = |file: &str, from: &str| {
        let text = desk.read(file).replace(from, SLY);
        desk.put(&format!("sly-{file}"), &text)
    };
    let (good, core) = (sly("good.json", "good"), sly("infeasible.json", "rush"));
    let resource = sly("hard.json", "lathe");
    let broken = desk
        .put("broken.json", &format!(r#"{{"format":"ordine/problem/1","{SLY}":1,"tasks":[]}}"#));
    let late = r#"{"format":"ordine/schedule/1","instance":"SLY","tasks":[
        {"task":0,"mode":0,"start":0,"end":2},{"task":1,"mode":0,"start":0,"end":2}]}"#;
    let late = desk.put("late.json", &late.replace("SLY", SLY));
    let plan = desk.path("plan.json");
    let calls: &[&[&str]] = &[
        &["solve", &good, "--out", &plan],
        &["solve", &good, "--quiet"],
        &["solve", &good, "-v"],
        &["solve", &good, "--json"],
        &["solve", &core],
        &["solve", &core, "--json"],
        &["solve", &core, "--gantt", "a.svg"],
        &["solve", &broken],
        &["solve", &good, "--objective", "max-lateness"],
        &["convert", &good, "--to", "json"],
        &["check", &good, &plan],
        &["check", &good, &plan, "--json"],
        &["check", &resource, &late],
        &["check", &resource, &late, "--json"],
    ];
    for call in calls {
        assert_shown(&ordine(call), &format!("{call:?}"));
    }
    let plans = desk.path("plans/");
    ordine(&["solve", &good, "--first", "--quiet", "--out", &plans]);
    assert_eq!(desk.names("plans"), ["sly___[2Jname_1m_.json"]);
}
