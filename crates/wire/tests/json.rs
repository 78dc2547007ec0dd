//! Problems and schedules survive JSON, and broken JSON is named by line.
//!
//! **Source:** -

use ordine_base::{Cost, Demand, Id, Seed, Stream, Ticks, Time};
use ordine_problem::{
    Job, JobId, Measure, Objective, Placement, Precedence, PrecedenceKind, Problem, ProblemBuilder,
    ResourceId, Schedule, TaskId, Term,
};
use ordine_wire::problem_json::{read_problem, write_problem};
use ordine_wire::schedule::{read_schedule, write_schedule, write_schedule_with_names};
use ordine_wire::{DIAGNOSTICS_MAX, FORMATS, Format, Json, Text, TimeScale, read_one};

fn name(stream: &mut Stream, kind: &str) -> String {
    let odd = ["same", "", "quo\"te\\", "zwei Wörter", "\n\t", "a\u{202e}b\u{9b}", "0", "❄"];
    match stream.below(4) {
        0 => odd[stream.below(odd.len())].to_owned(),
        _ => format!("{kind}{}", stream.below(50)),
    }
}

fn random_problem(stream: &mut Stream) -> Problem {
    // A problem without name takes that of its file.
    let own = Some(name(stream, "p")).filter(|name| !name.is_empty());
    let mut builder = ProblemBuilder::new(own.unwrap_or_else(|| "p".to_owned()));
    let jobs: Vec<JobId> = (0..stream.below(4)).map(|_| random_job(&mut builder, stream)).collect();
    let resources: Vec<ResourceId> =
        (0..1 + stream.below(4)).map(|_| random_resource(&mut builder, stream)).collect();
    let count = stream.below(7);
    for _ in 0..count {
        let job = (!jobs.is_empty() && stream.chance(0.8)).then(|| jobs[stream.below(jobs.len())]);
        let task = builder.task(name(stream, "t"), job).expect("valid");
        for _ in 0..=stream.below(3) {
            let needed = resources.iter().filter(|_| stream.chance(0.4));
            let needs: Vec<_> = needed.map(|&resource| (resource, Demand::ONE)).collect();
            let duration = Ticks::new(stream.below(10) as i64);
            builder.mode(task, duration, &needs).expect("valid");
        }
    }
    for after in 1..count {
        let kinds = [
            PrecedenceKind::EndToStart,
            PrecedenceKind::StartToStart,
            PrecedenceKind::EndToEnd,
            PrecedenceKind::StartToEnd,
        ];
        let before = TaskId::from_index(stream.below(after));
        let precedence = Precedence::end_to_start(before, TaskId::from_index(after))
            .with_kind(kinds[stream.below(4)])
            .with_lag(Ticks::new(stream.below(9) as i64 - 4));
        builder.precedence(precedence).expect("valid");
    }
    // The objective may need due times that no job has: then it stays the makespan.
    let plain = builder.clone();
    builder.objective(random_objective(stream));
    builder.seal().or_else(|_| plain.seal()).expect("valid")
}

fn random_job(builder: &mut ProblemBuilder, stream: &mut Stream) -> JobId {
    let mut job = Job::named(name(stream, "j"));
    job.weight = stream.below(4) as i64;
    job.release = Time::new(stream.below(5) as i64);
    job.due = stream.chance(0.7).then(|| Time::new(stream.below(40) as i64 - 5));
    job.deadline = stream.chance(0.3).then(|| Time::new(100));
    builder.job(job).expect("valid")
}

fn random_resource(builder: &mut ProblemBuilder, stream: &mut Stream) -> ResourceId {
    let (name, capacity) = (name(stream, "r"), Demand::new(1 + stream.below(5) as i64));
    match stream.below(3) {
        0 => builder.machine(name),
        1 => builder.renewable(name, capacity).expect("valid"),
        _ => builder.consumable(name, capacity).expect("valid"),
    }
}

fn random_objective(stream: &mut Stream) -> Objective {
    let term = |stream: &mut Stream| Term {
        weight: 1 + stream.below(3) as i64,
        measure: Measure::NAMES[stream.below(Measure::NAMES.len())].0,
    };
    let level =
        |stream: &mut Stream| (0..=stream.below(2)).map(|_| term(stream)).collect::<Vec<_>>();
    let levels = (0..=stream.below(2)).map(|_| ordine_problem::Level::of(level(stream))).collect();
    Objective::from_levels(levels).expect("levels with terms")
}

#[test]
fn random_problems_are_read_back_equal() {
    let mut stream = Seed::new(31).stream("problems");
    for round in 0..2000 {
        let problem = random_problem(&mut stream);
        let scale = TimeScale {
            unit: stream.chance(0.5).then(|| "minute".to_owned()),
            origin: stream.chance(0.5).then(|| "2026-01-05T06:00:00+01:00".to_owned()),
        };
        let written = write_problem(&problem, &scale);
        let text = Text::new("other.json", written.as_bytes()).expect("text");
        let read = read_problem(&text).unwrap_or_else(|error| panic!("{written}\n{error}"));
        assert!(read == (problem, scale), "round {round}: {written}");
    }
}

#[test]
fn random_schedules_are_read_back_equal() {
    let mut stream = Seed::new(32).stream("schedules");
    for _ in 0..2000 {
        let problem = random_problem(&mut stream);
        let mut schedule = Schedule::empty(&problem);
        for task in problem.tasks() {
            if stream.chance(0.2) {
                continue;
            }
            let modes: Vec<_> = problem.modes(task).collect();
            let start = Time::new(stream.below(100) as i64);
            let mode = modes[stream.below(modes.len())];
            let placement = Placement { mode, start, end: start + Ticks::new(3) };
            schedule.place(task, placement);
        }
        let cost = schedule.cost(&problem);
        for written in [
            write_schedule(&problem, &schedule, &cost),
            write_schedule_with_names(&problem, &schedule, &cost),
        ] {
            let text = Text::new("s.json", written.as_bytes()).expect("text");
            let read =
                read_schedule(&text, &problem).unwrap_or_else(|error| panic!("{written}\n{error}"));
            assert_eq!(read.schedule, schedule);
            assert_eq!(read.objective, Some(cost.clone()));
            assert_eq!(read.instance, problem.name());
        }
    }
}

fn pocket() -> Problem {
    let mut builder = ProblemBuilder::new("pocket");
    let lathe = builder.machine("lathe");
    let crew = builder.renewable("crew", Demand::new(2)).expect("valid");
    let job = builder.job(Job { due: Some(Time::new(9)), ..Job::named("bracket") }).expect("valid");
    let turn = builder.task("turn", Some(job)).expect("valid");
    builder.mode(turn, Ticks::new(3), &[(lathe, Demand::ONE)]).expect("valid");
    builder.mode(turn, Ticks::new(5), &[(crew, Demand::new(2))]).expect("valid");
    let bore = builder.task("bore", None).expect("valid");
    builder.mode(bore, Ticks::new(2), &[(lathe, Demand::ONE)]).expect("valid");
    builder.precedence(Precedence::end_to_start(turn, bore)).expect("valid");
    builder.seal().expect("valid")
}

const POCKET: &str = include_str!("pocket.json");

const POCKET_SCHEDULE: &str = include_str!("pocket-schedule.json");

#[test]
fn files_look_as_documented() {
    let problem = pocket();
    assert_eq!(Json.write(&problem).as_deref(), Ok(POCKET));
    let mut schedule = Schedule::empty(&problem);
    let mut start = Time::ORIGIN;
    for task in problem.tasks() {
        let placement = Placement::starting(&problem, problem.usable_modes(task)[0], start);
        start = placement.end;
        schedule.place(task, placement);
    }
    assert_eq!(write_schedule(&problem, &schedule, &Cost::single(5)), POCKET_SCHEDULE);
    schedule.remove(TaskId::from_index(1));
    let levels = write_schedule_with_names(&problem, &schedule, &Cost::from_levels(&[3, 0]));
    assert!(levels.contains("\"objective\":[3,0],"), "{levels}");
    assert!(levels.contains("{\"task\":0,\"name\":\"turn\",\"job\":0,"), "{levels}");
    assert!(levels.ends_with("{\"task\":1,\"name\":\"bore\",\"absent\":true}]}\n"), "{levels}");
}

#[test]
fn numbers_refer_as_well_as_names_and_defaults_may_be_left_out() {
    let short = r#"{"format":"ordine/problem/1",
        "jobs":[{"name":"bracket","due":9}],
        "resources":[{"name":"lathe","kind":"machine"},
                     {"name":"crew","kind":"renewable","capacity":2}],
        "tasks":[{"name":"turn","job":0,"modes":[
                    {"duration":3,"requirements":[{"resource":0}]},
                    {"duration":5,"requirements":[{"resource":1,"demand":2}]}]},
                 {"name":"bore","modes":[{"duration":2,"requirements":[{"resource":0}]}]}],
        "precedences":[{"before":0,"after":1}]}"#;
    let found = read_one(short.as_bytes(), "pocket.json", FORMATS)
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(found.problem == pocket());
}

#[test]
fn broken_problems_are_named_by_line() {
    for (from, to, line, expected, found) in [
        ("ordine/problem/1", "ordine/problem/2", Some(1), "problem/1\"", "`ordine/problem/2`"),
        ("\"format\":\"ordine/problem/1\",", "", Some(1), "\"format\": \"ord", "no such line"),
        ("\"lag\":0}]}", "\"lag\":0}", Some(12), "correct JSON", "its end too early"),
        ("\"due\":9", "\"dew\":9", Some(3), "`weight`, `release`", "unknown field `dew`"),
        ("\"due\":9", "\"due\":\"soon\"", Some(3), "a whole number", "text \"soon\""),
        ("\"due\":9", "\"due\":9.5", Some(3), "a whole number", "number `9.5`"),
        ("\"due\":9", "\"due\":99999999999999999999", Some(3), "a whole number", "number `1"),
        ("\"weight\":1", "\"weight\":-1", Some(3), "a valid problem", "weight of job bracket"),
        ("\"name\":\"lathe\",", "", Some(5), "`name` in an object", "none"),
        ("\"machine\"", "\"robot\"", Some(5), "one of `machine`", "unknown variant `robot`"),
        ("\"machine\"", "\"machine\",\"capacity\":2", Some(5), "no capacity of a machine", "2"),
        (",\"capacity\":2", "", Some(6), "a capacity", "none"),
        (",\"capacity\":2", ",\"capacity\":-2", Some(6), "a valid problem", "is -2"),
        ("\"job\":\"bracket\"", "\"job\":\"bra\"", Some(8), "a job of the file", "`bra`"),
        ("\"job\":\"bracket\"", "\"job\":7", Some(8), "a job of the file", "number 7 of 1"),
        ("\"job\":\"bracket\"", "\"job\":-7", Some(8), "a name or a number", "the number `-7`"),
        ("\"demand\":2", "\"demand\":0", Some(8), "a valid problem", "demand of task turn is 0"),
        ("\"duration\":2,", "", Some(9), "`duration` in an object", "none"),
        ("\"duration\":2,", "\"duration\":-2,", Some(9), "a valid problem", "duration of task"),
        (
            "{\"duration\":2,\"requirements\":[{\"resource\":\"lathe\"}]}",
            "",
            Some(9),
            "valid",
            "no mode",
        ),
        ("\"after\":\"bore\"", "\"after\":\"turn\"", Some(8), "a valid problem", "turn -> turn"),
        ("\"after\":\"bore\"", "\"after\":\"bored\"", Some(11), "a task of the file", "`bored`"),
        ("end-to-start", "end-to-tail", Some(11), "one of `end-to-start`", "`end-to-tail`"),
        ("\"lag\":0", "\"lag\":2000000000000", Some(11), "a valid problem", "2000000000000"),
        ("\"makespan\"", "\"mayhem\"", Some(1), "an objective such as", "`mayhem`"),
        ("\"objective\"", "\"origin\":\"soon\",\"objective\"", Some(1), "ISO 8601", "`soon`"),
        ("\"makespan\"", "\"max-lateness\"", None, "", ""),
        ("\"bore\",", "\"turn\",", Some(11), "a task of the file", "`turn`, which several bear"),
    ] {
        assert!(POCKET.contains(from), "{from}");
        let text = POCKET.replacen(from, to, 1);
        let errors = match read_one(text.as_bytes(), "q.json", FORMATS) {
            Ok(_) => {
                assert_eq!(expected, "", "{from} -> {to} must not be read");
                continue;
            }
            Err(errors) => errors,
        };
        let (first, words) = (errors.first(), errors.to_string());
        assert_eq!((first.file.as_str(), first.line), ("q.json", line), "{from} -> {to}: {words}");
        assert!(first.expected.contains(expected), "{from} -> {to}: {words}");
        assert!(first.found.contains(found), "{from} -> {to}: {words}");
    }
}

#[test]
fn one_mistake_has_one_cure() {
    let lathe = "\"duration\":2,\"requirements\":[{\"resource\":\"lathe\"}]";
    let crew = "\"duration\":2,\"requirements\":[{\"resource\":\"crew\",\"demand\":3}]";
    let text = POCKET.replace(lathe, crew);
    let errors = read_one(text.as_bytes(), "q.json", FORMATS).map(|_| ()).expect_err("too much");
    let words = errors.to_string();
    assert!(words.ends_with("; lower the demand or raise the capacity"), "{words}");
    assert_eq!(words.matches("; ").count(), 1, "{words}");
}

#[test]
fn a_list_is_no_document_and_the_message_shows_one() {
    for text in ["[]", "[1, 2]", "7", "\"x\""] {
        let text = Text::new("s.json", text.as_bytes()).expect("text");
        let words = read_schedule(&text, &pocket()).expect_err("no document").to_string();
        assert!(words.contains("`{\"format\": \"ordine/schedule/1\", …}`"), "{words}");
        assert!(!words.contains("struct"), "{words}");
    }
}

#[test]
fn units_and_origins_are_kept_by_the_format() {
    let head = "\"unit\":\"minute\",\"origin\":\"2026-01-05T06:00:00+01:00\",\"objective\"";
    let text = POCKET.replacen("\"objective\"", head, 1);
    let found = read_one(text.as_bytes(), "q.json", FORMATS).expect("readable");
    let written = found.format.write_scaled(&found.problem, &found.scale).expect("writable");
    assert_eq!(written, text);
    for origin in ["2026-01-05T06:00", "2026-01-05T06:00:00Z", "2026-01-05 06:00:00.5-03"] {
        let text = text.replace("2026-01-05T06:00:00+01:00", origin);
        let found = read_one(text.as_bytes(), "q.json", FORMATS);
        let found = found.unwrap_or_else(|error| panic!("{origin}: {error}"));
        assert_eq!(found.scale.origin.as_deref(), Some(origin));
    }
}

#[test]
fn several_broken_items_are_all_named() {
    let text = POCKET.replace("\"machine\"", "\"robot\"").replace("\"lag\":0", "\"lag\":0.5");
    let errors = read_one(text.as_bytes(), "q.json", FORMATS).expect_err("broken");
    let lines: Vec<_> = errors.all().iter().map(|error| (error.line, error.column)).collect();
    assert_eq!(lines, [(Some(5), Some(30)), (Some(11), Some(63))]);
}

#[test]
fn broken_schedules_are_named_by_line() {
    let problem = pocket();
    for (from, to, line, expected, found) in [
        ("schedule/1", "problem/1", Some(1), "ordine/schedule/1", "`ordine/problem/1`"),
        ("]}\n", "]", Some(3), "correct JSON", "its end too early"),
        ("\"task\":1", "\"task\":2", Some(3), "a task from 0 to below 2", "2"),
        ("\"task\":1", "\"task\":0", Some(3), "each task once", "task 0 again"),
        ("\"task\":1", "\"task\":-1", Some(3), "a whole number from 0", "the number `-1`"),
        ("\"job\":0", "\"job\":3", Some(2), "job 0 of task 0", "job 3"),
        ("1,\"mode\":0", "1,\"job\":0,\"mode\":0", Some(3), "no job of task 1", "job 0"),
        ("\"mode\":0", "\"mode\":9", Some(2), "a mode of task 0 from 0 to below 2", "9"),
        ("\"mode\":0,", "", Some(2), "a mode of task 0", "none"),
        ("[\"lathe\"]", "[\"crew\"]", Some(2), "resources `lathe`", "`crew`"),
        ("\"start\":3", "\"start\":3.5", Some(3), "a whole number", "the number `3.5`"),
        ("\"start\":3,", "", Some(3), "a start from", "none"),
        ("\"end\":5", "\"end\":9000000000000000000", Some(3), "an end", "9000000000000000000"),
        ("\"end\":5", "\"and\":5", Some(3), "`task`, `name`", "unknown field `and`"),
        ("\"objective\":5", "\"objective\":[]", Some(1), "at least one level", "an empty array"),
    ] {
        assert!(POCKET_SCHEDULE.contains(from), "{from}");
        let text = POCKET_SCHEDULE.replacen(from, to, 1);
        let text = Text::new("s.json", text.as_bytes()).expect("text");
        let errors = read_schedule(&text, &problem).expect_err(to);
        let (first, words) = (errors.first(), errors.to_string());
        assert_eq!((first.file.as_str(), first.line), ("s.json", line), "{from} -> {to}: {words}");
        assert!(first.expected.contains(expected), "{from} -> {to}: {words}");
        assert!(first.found.contains(found), "{from} -> {to}: {words}");
    }
}

#[test]
fn a_schedule_by_hand_may_leave_out_what_is_certain() {
    let text = r#"{"format":"ordine/schedule/1","tasks":[{"task":1,"start":3,"end":5}]}"#;
    let text = Text::new("s.json", text.as_bytes()).expect("text");
    let read = read_schedule(&text, &pocket()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.schedule.placed().count(), 1);
    assert_eq!(read.objective, None);
}

#[test]
fn ten_thousand_mutations_of_json_are_read_or_refused() {
    let mut stream = Seed::new(33).stream("mutations");
    let problem = pocket();
    for round in 0..10_000 {
        let good = if round % 2 == 0 { POCKET } else { POCKET_SCHEDULE };
        let mut bytes = good.as_bytes().to_vec();
        for _ in 0..=stream.below(3) {
            let place = stream.below(bytes.len());
            match stream.below(4) {
                0 => bytes[place] ^= 1 << stream.below(8),
                1 => drop(bytes.remove(place)),
                2 => bytes.insert(place, b"0123456789-.e{}[],:\"\\ \n\xff"[stream.below(24)]),
                _ => {
                    let Some(digit) = bytes[place..].iter().position(u8::is_ascii_digit) else {
                        continue;
                    };
                    let numbers = ["-1", "1099511627776", "18446744073709551615", "1e9"];
                    let at = place + digit;
                    bytes.splice(at..=at, numbers[stream.below(4)].bytes());
                }
            }
        }
        let errors = match Text::new("x.json", &bytes) {
            Err(error) => Some(error.into()),
            Ok(text) if round % 2 == 0 => read_problem(&text).err(),
            Ok(text) => read_schedule(&text, &problem).err(),
        };
        if let Some(errors) = errors {
            assert!(errors.all().len() <= DIAGNOSTICS_MAX);
            assert!(errors.to_string().len() < 1000 * DIAGNOSTICS_MAX);
        }
    }
}
