//! Change files: dates mean what they mean in the problem, mistakes have their lines.
//!
//! **Source:** -

use crate::schema::{schema_of, violations};
use ordine_base::{Ticks, Time};
use ordine_wire::change::{Change, ChangeFile, read_changes};
use ordine_wire::{Diagnostics, FORMATS, Found, Text, read_one};

/// A plan in quarters of an hour, from a Friday on, over the night in which clocks go forward.
const PLAN: &str = r#"{"format":"ordine/problem/1","name":"plan","unit":"15 minutes",
"origin":"2026-03-27T06:00[Europe/Berlin]","jobs":[{"name":"bracket","due":40}],
"resources":[{"name":"lathe","kind":"machine"}],
"tasks":[{"name":"turn","job":"bracket","modes":[{"duration":8,"requirements":[{"resource":0}]}]},
{"name":"mill","job":"bracket","modes":[{"duration":4,"requirements":[{"resource":0}]}]}]}"#;

/// The same changes in dates and in ticks.
const CHANGES: &str = r#"{"format":"ordine/change/1","now":NOW,"changes":[
{"change":"task-done","task":"turn","start":START,"end":END},
{"change":"task-started","task":"mill","start":END,"remaining":2},
{"change":"task-late","task":"mill","delay":3},
{"change":"machine-down","resource":"lathe","from":NOW,"to":UP},
{"change":"new-job","jobs":[{"name":"rush","release":NOW,"due":DUE}],"tasks":[{"name":"cut",
  "job":"rush","earliest_start":NOW,"modes":[{"duration":4,"requirements":[{"resource":0}]}]}]},
{"change":"job-cancelled","job":"bracket"},
{"change":"due-changed","job":"rush","due_from":UP,"due":DUE,"deadline":UP,"weight":3},
{"change":"frozen-window","length":4}]}
"#;

const TIMES: [(&str, &str, &str); 5] = [
    ("NOW", "12", "\"2026-03-27T09:00\""),
    ("START", "0", "\"2026-03-27T06:00+01:00\""),
    ("END", "10", "\"2026-03-27T08:30[Europe/Berlin]\""),
    ("UP", "20", "\"2026-03-27 11:00\""),
    ("DUE", "284", "\"2026-03-30T06:00\""),
];

fn read(changes: &str) -> Result<ChangeFile, Diagnostics> {
    let Found { problem, scale, .. } =
        read_one(PLAN.as_bytes(), "plan.json", FORMATS).unwrap_or_else(|error| panic!("{error}"));
    let text = Text::new("c.json", changes.as_bytes()).expect("text");
    read_changes(&text, &problem, &scale)
}

fn with_times(chosen: impl Fn(&(&str, &str, &str)) -> String) -> String {
    let replaced = |text: String, time: &(&str, &str, &str)| text.replace(time.0, &chosen(time));
    TIMES.iter().fold(CHANGES.to_owned(), replaced)
}

#[test]
fn dates_of_changes_are_those_of_the_problem() {
    let (dates, ticks) = (with_times(|it| it.2.to_owned()), with_times(|it| it.1.to_owned()));
    let rules = schema_of("ordine/change/1");
    for text in [&dates, &ticks] {
        assert_eq!(violations(&rules, text), [""; 0], "{text}");
    }
    let files = [dates, ticks].map(|text| read(&text).unwrap_or_else(|error| panic!("{error}")));
    let [dates, ticks] = files;
    assert_eq!((dates.now, &dates.changes), (ticks.now, &ticks.changes));
    assert!(dates.problem == ticks.problem);
    assert_eq!(dates.now, Some(Time::new(12)));
    let Change::TaskStarted { start, remaining, .. } = dates.changes[1] else { panic!() };
    assert_eq!((start, remaining), (Time::new(10), Some(Ticks::new(2))));
    let rush = dates.problem.jobs().last().expect("a job");
    assert_eq!(dates.problem.job(rush).due, Some(Time::new(284)));
}

#[test]
fn mistakes_of_changes_are_named_by_line() {
    let good = with_times(|it| it.2.to_owned());
    for (from, to, line, expected, found) in [
        ("change/1", "change/2", 1, "ordine/change/1", "`ordine/change/2`"),
        ("\"now\":\"2026-03-27T09:00\"", "\"now\":\"soon\"", 1, "ISO 8601", "\"soon\""),
        (
            "\"now\":\"2026-03-27T09:00\"",
            "\"now\":\"2026-03-29T02:30\"",
            1,
            "exactly once",
            "02:30",
        ),
        ("\"now\":\"2026-03-27T09:00\"", "\"now\":-1", 1, "the present from 0 to", "-1"),
        ("task-done", "task-gone", 2, "`\"change\"` with one of", "`task-gone`"),
        ("\"turn\"", "\"burn\"", 2, "a task of the problem", "`burn`"),
        ("T06:00+01:00", "T06:07+01:00", 2, "a whole number of units", "05:07"),
        ("T08:30[Europe/Berlin]", "T08:30[Europe/Baerlin]", 2, "a time zone of the", "`Europe/Ba"),
        ("\"remaining\":2", "\"remaining\":-2", 3, "remaining work from 0", "-2"),
        ("\"remaining\":2", "\"remained\":2", 3, "`remaining`", "unknown field `remained`"),
        ("\"delay\":3", "\"delay\":3,\"duration\":4", 4, "one of `delay`", "2 of them"),
        ("\"delay\":3", "\"delay\":\"2026-03-27\"", 4, "a whole number", "2026-03-27"),
        ("\"to\":\"2026-03-27 11:00\"", "\"to\":\"2026-02-30\"", 5, "ISO 8601", "2026-02-30"),
        ("\"release\":\"2026-03-27T09:00\"", "\"release\":\"noon\"", 6, "ISO 8601", "\"noon\""),
        ("\"due\":\"2026-03-30T06:00\"}]", "\"due\":\"2026-10-25T02:30\"}]", 6, "exactly once", ""),
        ("earliest_start\":\"2026-03-27T09:00\"", "earliest_start\":1.5", 7, "number below", "1.5"),
        ("\"duration\":4,\"req", "\"duration\":-4,\"req", 6, "a valid problem", "task cut is -4"),
        ("\"job\":\"bracket\"}", "\"job\":\"basket\"}", 8, "a job of the problem", "`basket`"),
        ("\"weight\":3", "\"weight\":-3", 9, "a weight from 0", "-3"),
        ("\"deadline\":\"2026-03-27 11:00\"", "\"deadline\":-1", 9, "a deadline from 0", "-1"),
        ("\"length\":4", "\"length\":-4", 10, "a length of the window from 0", "-4"),
    ] {
        assert!(good.contains(from), "{from}");
        let error = read(&good.replacen(from, to, 1)).expect_err(to);
        let first = error.first();
        assert_eq!((first.file.as_str(), first.line), ("c.json", Some(line)), "{to}: {error}");
        assert!(first.expected.contains(expected), "{to}: {error}");
        assert!(first.found.contains(found) && error.all().len() == 1, "{to}: {error}");
    }
}

#[test]
fn a_new_task_does_not_take_a_name_that_others_refer_to() {
    let plan = r#"{"format":"ordine/problem/1","name":"p","tasks":[
{"name":"cut","modes":[{"duration":1}]},{"name":"weld","modes":[{"duration":1}]}],
"precedences":[{"before":"cut","after":"weld"}]}"#;
    let Found { problem, scale, .. } =
        read_one(plan.as_bytes(), "plan.json", FORMATS).unwrap_or_else(|error| panic!("{error}"));
    let changes = r#"{"format":"ordine/change/1","now":0,"changes":[{"change":"new-job","tasks":[
{"name":"cut","modes":[{"duration":4}]}]}]}"#;
    let text = Text::new("c.json", changes.as_bytes()).expect("text");
    let error = read_changes(&text, &problem, &scale).expect_err("who comes before weld?");
    assert_eq!((error.all().len(), error.first().line), (1, Some(2)), "{error}");
    assert!(error.to_string().contains("`cut`, which a task of the problem bears"), "{error}");
}
