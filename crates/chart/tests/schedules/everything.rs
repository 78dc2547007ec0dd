//! One problem in which every mark of a chart appears, with a schedule by hand.
//!
//! **Source:** -

use ordine_base::{Demand, Id, StepFunction, Ticks, Time};
use ordine_problem::{
    BreakPolicy, Calendar, FamilyId, Hold, Job, JobId, Measure, Objective, Placement, Point,
    Precedence, Problem, ProblemBuilder, ResourceId, Schedule, Setup, Shift, Span, Stock,
    StockChange, TaskId,
};

const TIMES: [(i64, i64); 7] = [(1, 5), (0, 3), (8, 14), (7, 9), (9, 11), (1, 14), (16, 16)];

/// Name, job, family, needs and duration of a task.
type Row<'a> = (&'a str, JobId, Option<FamilyId>, &'a [(ResourceId, i64)], i64);

/// Setups, blocking, breaks, pauses, dates, late jobs, profiles, levels, spans, absence.
pub fn everything() -> (Problem, Schedule) {
    let mut builder = ProblemBuilder::new("everything");
    let (red, blue) = (builder.family("red"), builder.family("blue"));
    let machines = machines(&mut builder, [red, blue]);
    let [crew, tank] = others(&mut builder);
    let job = |name: &str, due, deadline| Job {
        due: Some(Time::new(due)),
        deadline: Some(Time::new(deadline)),
        ..Job::named(name)
    };
    let gate = builder.job(job("gate", 12, 15)).expect("valid");
    let fence = builder.job(job("fence", 12, 20)).expect("valid");
    let rows: [Row<'_>; 6] = [
        ("cut gate", gate, Some(red), &[(machines[0], 1), (crew, 2)], 4),
        ("drill fence", fence, None, &[(machines[1], 1), (crew, 2)], 3),
        ("paint gate", gate, Some(red), &[(machines[1], 1)], 3),
        ("cut fence", fence, Some(blue), &[(machines[0], 1)], 2),
        ("pack fence", fence, None, &[], 2),
        ("gate in all", gate, None, &[], 0),
    ];
    let mut tasks = Vec::new();
    for (name, job, family, needs, duration) in rows {
        let task = builder.task(name, Some(job)).expect("valid");
        builder.edit_task(task).family = family;
        builder.edit_task(task).breaks = BreakPolicy::Pause;
        let needs: Vec<_> = needs.iter().map(|&(it, demand)| (it, Demand::new(demand))).collect();
        let change = StockChange { reservoir: tank, amount: -2, at: Point::Start };
        let changes = if name == "paint gate" { vec![change] } else { Vec::new() };
        builder.mode_with(task, Ticks::new(duration), &needs, &changes).expect("valid");
        tasks.push(task);
    }
    relations(&mut builder, &tasks);
    let problem = builder.seal().expect("valid");
    let mut schedule = Schedule::empty(&problem);
    for (index, (start, end)) in TIMES.into_iter().enumerate() {
        let task = TaskId::from_index(index);
        let mode = problem.usable_modes(task)[0];
        let (start, end) = (Time::new(start), Time::new(end));
        schedule.place(task, Placement { mode, start, end });
    }
    (problem, schedule)
}

fn machines(builder: &mut ProblemBuilder, families: [FamilyId; 2]) -> [ResourceId; 2] {
    let step = |time, shift| (Time::new(time), shift);
    let steps = vec![
        step(6, Shift::Open(50)),
        step(10, Shift::Closed),
        step(12, Shift::Paused),
        step(13, Shift::FULL),
    ];
    let day = builder.calendar(Calendar { steps, ..Calendar::always("day") });
    let times = [0, 2, 1, 0].map(Ticks::new).to_vec();
    let colors = Setup { name: "colors".to_owned(), families: 2, times, costs: Vec::new() };
    let colors = builder.setup(colors);
    let (saw, drill) = (builder.machine("saw"), builder.machine("drill"));
    builder.edit_resource(saw).setup = Some(colors);
    builder.edit_resource(saw).initial_family = Some(families[1]);
    builder.edit_resource(drill).calendar = Some(day);
    [saw, drill]
}

/// A crew with a varying capacity, something to do at least and too much to do, and a tank.
fn others(builder: &mut ProblemBuilder) -> [ResourceId; 2] {
    let crew = builder.renewable("crew", Demand::new(3)).expect("valid");
    let steps = |first: i64, steps: &[(i64, i64)]| {
        let steps = steps.iter().map(|&(time, value)| (Time::new(time), value)).collect();
        StepFunction::from_steps(first, steps).expect("ascending")
    };
    let data = builder.edit_resource(crew);
    data.capacity_profile = Some(steps(2, &[(2, 3), (9, 2)]));
    data.usage_min = Some(steps(0, &[(1, 1), (4, 0)]));
    data.overuse_penalty = Some(1);
    let stock = Stock { initial: 3, least: 0, most: 4 };
    [crew, builder.reservoir("tank", stock).expect("valid")]
}

fn relations(builder: &mut ProblemBuilder, tasks: &[TaskId]) {
    let [cut, drill, paint, _, _, all] = tasks else { unreachable!("there are six tasks") };
    for (before, after) in [(cut, paint), (drill, &tasks[3]), (&tasks[3], &tasks[4])] {
        let precedence = Precedence::end_to_start(*before, *after);
        builder.precedence(precedence).expect("valid");
    }
    builder.hold(Hold { task: *drill, until: tasks[3], buffer: None });
    builder.span(Span { parent: *all, children: vec![*cut, *paint] });
    let done = builder.task("done", None).expect("valid");
    builder.mode(done, Ticks::ZERO, &[]).expect("valid");
    let extra = builder.task("flower <box>", None).expect("valid");
    builder.mode(extra, Ticks::new(3), &[]).expect("valid");
    builder.edit_task(extra).optional = true;
    builder.now(Time::new(2));
    builder.objective(Objective::single(Measure::TotalTardiness));
}
