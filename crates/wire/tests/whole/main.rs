//! Every part of the model survives JSON, and the schema knows it.
//!
//! **Source:** -

mod change;
mod docs;
mod malformed;
mod models;
mod mutations;
mod rounds;
mod schema;

use ordine_base::{Demand, Interval, StepFunction, Ticks, Time};
use ordine_problem::{
    BatchKind, Batching, BreakPolicy, Calendar, Hold, Job, ModeRelation, ModeRelationKind, Planned,
    Point, Precedence, PrecedenceKind, Problem, ProblemBuilder, SameSequence, Selection,
    SelectionKind, Setup, Shift, Span, Status, Stock, StockChange,
};
use ordine_wire::problem_json::{read_problem, write_problem};
use ordine_wire::{FORMATS, Text, TimeScale, read_one};

fn at(time: i64) -> Time {
    Time::new(time)
}

fn steps(first: i64, steps: &[(i64, i64)]) -> Option<StepFunction> {
    let steps = steps.iter().map(|&(time, value)| (at(time), value)).collect();
    Some(StepFunction::from_steps(first, steps).expect("ascending"))
}

/// A problem that has something of every part.
fn everything() -> Problem {
    let mut builder = ProblemBuilder::new("everything");
    let day = vec![(at(8), Shift::FULL), (at(12), Shift::Paused), (at(13), Shift::Open(80))];
    let shifts = builder.calendar(Calendar {
        first: Shift::Closed,
        steps: day,
        period: Some(Ticks::new(24)),
        ..Calendar::always("day")
    });
    builder.calendar(Calendar { steps: vec![(at(-5), Shift::Closed)], ..Calendar::always("old") });
    let (red, blue) = (builder.family("red"), builder.family("blue"));
    let times = [0, 2, 3, 0].map(Ticks::new).to_vec();
    let colors = Setup { name: "colors".to_owned(), families: 2, times, costs: vec![0, 7, 8, 0] };
    let setup = builder.setup(Setup { costs: Vec::new(), ..colors.clone() });
    builder.setup(Setup { name: "again".to_owned(), ..colors });

    let lathe = builder.machine("lathe");
    let press = builder.machine("press");
    let oven = builder.machine("oven");
    let crew = builder.renewable("crew", Demand::new(3)).expect("valid");
    let shelf = builder.renewable("shelf", Demand::new(1)).expect("valid");
    let gold = builder.consumable("gold", Demand::new(9)).expect("valid");
    let stock = Stock { initial: 4, least: -1, most: 10 };
    let tank = builder.reservoir("tank", stock).expect("valid");
    let resource = builder.edit_resource(lathe);
    (resource.setup, resource.initial_family, resource.price) = (Some(setup), Some(red), 2);
    let batching = Batching { kind: BatchKind::Parallel, size_max: Demand::new(4) };
    builder.edit_resource(oven).batching = Some(batching);
    let resource = builder.edit_resource(crew);
    resource.calendar = Some(shifts);
    resource.capacity_profile = steps(2, &[(10, 3), (40, 1)]);
    resource.usage_min = steps(0, &[(3, 1), (9, 0)]);
    resource.overuse_penalty = Some(5);

    let job = Job { due_from: Some(at(20)), due: Some(at(30)), ..Job::named("bracket") };
    let job = builder.job(Job { weight: 2, deadline: Some(at(90)), ..job }).expect("valid");
    let mut tasks = Vec::new();
    for (name, duration, needs) in [
        ("turn", 3, vec![(lathe, Demand::ONE)]),
        ("mill", 2, vec![(press, Demand::ONE)]),
        ("bake", 4, vec![(oven, Demand::new(2))]),
        ("pack", 5, vec![(crew, Demand::new(2)), (gold, Demand::new(3))]),
        ("whole", 0, vec![(crew, Demand::ONE)]),
        ("past", 2, vec![(press, Demand::ONE)]),
        ("under way", 6, vec![(lathe, Demand::ONE)]),
        ("decided", 2, vec![(press, Demand::ONE)]),
    ] {
        let task = builder.task(name, Some(job)).expect("valid");
        builder.mode(task, Ticks::new(duration), &needs).expect("valid");
        tasks.push(task);
    }
    let [turn, mill, bake, pack, whole, past, under_way, decided] = tasks[..] else { panic!() };
    let changes = [
        StockChange { reservoir: tank, amount: -3, at: Point::Start },
        StockChange { reservoir: tank, amount: 2, at: Point::End },
    ];
    builder.mode_with(turn, Ticks::new(1), &[], &changes).expect("valid");
    builder.mode(mill, Ticks::new(4), &[]).expect("valid");

    for (task, family, penalty) in [(turn, red, 3), (bake, blue, 0)] {
        let task = builder.edit_task(task);
        (task.optional, task.family, task.absence_penalty) = (true, Some(family), penalty);
    }
    let task = builder.edit_task(pack);
    (task.breaks, task.released_in_breaks) = (BreakPolicy::Pause, true);
    let task = builder.edit_task(mill);
    task.breaks = BreakPolicy::MustFit;
    (task.earliest_start, task.latest_start) = (at(2), Some(at(50)));
    (task.earliest_end, task.latest_end) = (at(6), Some(at(60)));
    task.forbidden_starts = vec![Interval::new(at(4), at(6)), Interval::new(at(-3), at(1))];
    task.forbidden_ends = vec![Interval::new(at(8), at(9))];
    task.forbidden_extents = vec![Interval::new(at(11), at(12))];
    (task.start_cost, task.end_cost) = (steps(1, &[(5, 4)]), steps(0, &[]));
    task.planned = Some(Planned { mode: 1, start: at(7) });
    builder.edit_task(past).status = Status::Done { mode: 0, start: at(0), end: at(4) };
    let running = Status::Running { mode: 0, start: at(1), remaining: Ticks::new(3) };
    builder.edit_task(under_way).status = running;
    builder.edit_task(decided).status = Status::Frozen { mode: 0, start: at(9) };
    builder.now(at(5));

    let precedence = Precedence::end_to_start(turn, mill);
    builder.precedence(precedence.with_lag_max(Ticks::new(40))).expect("valid");
    let wish = Precedence::end_to_start(mill, bake).with_kind(PrecedenceKind::StartToEnd);
    builder.precedence(wish.with_lag(Ticks::new(-2)).with_penalty(6)).expect("valid");
    let selection = |kind| Selection { tasks: vec![turn, bake], kind, condition: None };
    builder.select(selection(SelectionKind::AtLeastOne));
    builder.select(Selection { condition: Some(mill), ..selection(SelectionKind::AllOrNone) });
    builder.span(Span { parent: whole, children: vec![mill, pack] });
    builder.hold(Hold { task: turn, until: mill, buffer: None });
    builder.precedence(Precedence::end_to_start(past, decided)).expect("valid");
    builder.hold(Hold { task: past, until: decided, buffer: Some(shelf) });
    builder.forbid_swaps();
    builder.same_sequence(SameSequence { machines: vec![press, lathe] });
    let kind = ModeRelationKind::SameMode;
    builder.relate_modes(ModeRelation { first: turn, second: mill, kind });
    let kind = ModeRelationKind::DifferentResources;
    builder.relate_modes(ModeRelation { first: bake, second: pack, kind });
    let objective = "2*makespan+weighted-earliness~10,penalties~5%,total-deviation";
    builder.objective(objective.parse().expect("valid"));
    builder.seal().unwrap_or_else(|error| panic!("{error}"))
}

const WHOLE: &str = include_str!("whole.json");

/// A pattern of shifts over both switches of a year.
const SHIFTS: &str = r#"{"format":"ordine/problem/1","unit":"minute",
"origin":"2026-03-02T06:00:00+01:00[Europe/Berlin]","calendars":[
{"name":"day","weekly":{"zone":"Europe/Berlin",
"shifts":[{"days":["monday","friday"],"from":"22:00","to":"06:00","speed":80}],
"breaks":[{"from":"01:30","to":"02:30"}],"holidays":["2026-05-01"],"until":"2026-07-01"}}],
"resources":[{"name":"press","kind":"machine","calendar":"day"}],
"tasks":[{"name":"a","latest_end":"2026-06-01T12:00","modes":[{"duration":40,
"requirements":[{"resource":"press"}]}]}]}
"#;

#[test]
fn every_part_looks_as_documented() {
    assert_eq!(write_problem(&everything(), &TimeScale::default()), WHOLE);
}

#[test]
fn every_part_is_read_back_equal_and_known_to_the_schema() {
    let (problem, scale) = (everything(), TimeScale::default());
    let written = write_problem(&problem, &scale);
    let text = Text::new("w.json", written.as_bytes()).expect("text");
    let read = read_problem(&text).unwrap_or_else(|error| panic!("{written}\n{error}"));
    assert!(read == (problem, scale), "{written}");
    let rules = schema::schema_of("ordine/problem/1");
    assert_eq!(schema::violations(&rules, &written), [""; 0], "{written}");
}

#[test]
fn floors_of_a_running_search_are_not_written() {
    let problem = everything();
    let floored = problem.with(|builder| {
        builder.objective(problem.objective().clone().with_floor(0, 17));
        Ok(())
    });
    let written = write_problem(&floored.expect("valid"), &TimeScale::default());
    assert_eq!(written, write_problem(&problem, &TimeScale::default()));
}

#[test]
fn what_the_schema_refuses_is_refused_by_the_reader() {
    let rules = schema::schema_of("ordine/problem/1");
    for good in [WHOLE, SHIFTS] {
        assert_eq!(schema::violations(&rules, good), [""; 0]);
    }
    for (good, from, to) in [
        (WHOLE, "\"kind\":\"parallel\"", "\"kind\":\"sideways\""),
        (WHOLE, "\"most\":10", "\"most\":null"),
        (WHOLE, "\"parent\":\"whole\"", "\"parent\":-1"),
        (WHOLE, "[12,\"paused\"]", "[12,\"paused\",1]"),
        (WHOLE, "[13,80]", "[13,0]"),
        (WHOLE, "\"swaps_allowed\":false", "\"swaps_allowed\":0"),
        (WHOLE, "\"children\":[", "\"offspring\":["),
        (WHOLE, "\"times\":[[0,2]", "\"times\":[[0,2.5]"),
        (SHIFTS, "\"speed\":80", "\"speed\":1001"),
        (SHIFTS, "\"monday\"", "\"mon\""),
        (SHIFTS, "\"from\":\"22:00\"", "\"from\":22"),
        (SHIFTS, "\"to\":\"06:00\",", ""),
        (SHIFTS, "\"holidays\"", "\"hollidays\""),
    ] {
        assert!(good.contains(from), "{from}: {good}");
        let text = good.replacen(from, to, 1);
        assert!(!schema::violations(&rules, &text).is_empty(), "{from} -> {to}");
        assert!(read_one(text.as_bytes(), "w.json", FORMATS).is_err(), "{from} -> {to}");
    }
}
