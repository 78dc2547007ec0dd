//! Random small problems, and schedules of them: near to feasible, arbitrary, and hostile.
//!
//! **Source:** -

use crate::twin;
use ordine_base::{Demand, Id, Stream, Ticks, Time};
use ordine_problem::{
    Job, Measure, ModeId, Objective, Placement, Precedence, PrecedenceKind, Problem,
    ProblemBuilder, ProblemError, Schedule, TaskId, Term,
};

/// Kinds that schedules with small numbers never show.
pub const ONLY_HOSTILE: [&str; 2] = ["time-too-large", "cost-too-large"];

const KINDS: [PrecedenceKind; 4] = [
    PrecedenceKind::EndToStart,
    PrecedenceKind::StartToStart,
    PrecedenceKind::EndToEnd,
    PrecedenceKind::StartToEnd,
];

/// The measures that the judge knows.
const REGULAR: [Measure; 9] = [
    Measure::Makespan,
    Measure::TotalFlowTime,
    Measure::WeightedFlowTime,
    Measure::TotalTardiness,
    Measure::WeightedTardiness,
    Measure::MaxTardiness,
    Measure::MaxLateness,
    Measure::NumberLate,
    Measure::WeightedNumberLate,
];

fn between(stream: &mut Stream, least: i64, most: i64) -> i64 {
    least + stream.below((most - least + 1) as usize) as i64
}

/// How large the numbers of a random problem are.
#[derive(Clone, Copy, PartialEq)]
enum Size {
    Small,
    Extreme,
}

/// A sealed problem of at most 7 tasks with small numbers.
pub fn problem(stream: &mut Stream) -> Problem {
    sealed(stream, Size::Small)
}

/// A sealed problem of at most 7 tasks whose demands, lags and weights reach what may be sealed.
pub fn extreme_problem(stream: &mut Stream) -> Problem {
    sealed(stream, Size::Extreme)
}

fn sealed(stream: &mut Stream, size: Size) -> Problem {
    loop {
        if let Ok(problem) = attempt(stream, size) {
            return problem;
        }
    }
}

fn attempt(stream: &mut Stream, size: Size) -> Result<Problem, ProblemError> {
    let mut builder = ProblemBuilder::new("random");
    let capacity = |stream: &mut Stream| match size {
        Size::Small => Demand::new(between(stream, 1, 5)),
        Size::Extreme => Demand::MAX,
    };
    let mut resources = Vec::new();
    for index in 0..stream.below(4) {
        let most = match stream.below(3) {
            0 => {
                resources.push((builder.machine(format!("m{index}")), Demand::ONE));
                continue;
            }
            1 => capacity(stream),
            _ if size == Size::Small => Demand::new(between(stream, 4, 12)),
            _ => Demand::MAX,
        };
        let resource = match stream.chance(0.5) {
            true => builder.renewable(format!("r{index}"), most)?,
            false => builder.consumable(format!("c{index}"), most)?,
        };
        resources.push((resource, most));
    }
    let jobs = (0..stream.below(4)).map(|_| job(stream, size)).collect::<Vec<_>>();
    let jobs = jobs.into_iter().map(|job| builder.job(job)).collect::<Result<Vec<_>, _>>()?;
    let tasks = 1 + stream.below(7);
    for index in 0..tasks {
        let job = (!jobs.is_empty() && stream.chance(0.8)).then(|| jobs[stream.below(jobs.len())]);
        let task = builder.task(format!("t{index}"), job)?;
        for _ in 0..1 + stream.below(2) {
            let mut needs = Vec::new();
            for &(resource, most) in &resources {
                if stream.chance(0.5) {
                    let least = if size == Size::Small { 1 } else { most.get() };
                    let demand = between(stream, least, most.get().min(4).max(least));
                    needs.push((resource, Demand::new(demand)));
                }
            }
            builder.mode(task, Ticks::new(between(stream, 0, 4)), &needs)?;
        }
    }
    precedences(&mut builder, tasks, stream, size)?;
    builder.objective(objective(stream));
    builder.seal()
}

fn job(stream: &mut Stream, size: Size) -> Job {
    let weight = if size == Size::Small { between(stream, 0, 4) } else { 1 << 35 };
    let release = Time::new(between(stream, -6, 4).max(0));
    let due = stream.chance(0.7).then(|| Time::new(between(stream, -3, 15)));
    let deadline = stream.chance(0.3).then(|| Time::new(between(stream, 8, 25)));
    Job { weight, release, due, deadline, ..Job::named("job") }
}

fn precedences(
    builder: &mut ProblemBuilder,
    tasks: usize,
    stream: &mut Stream,
    size: Size,
) -> Result<(), ProblemError> {
    for after in 1..tasks {
        for before in 0..after {
            if stream.chance(0.25) {
                let lag = match (size, stream.below(3)) {
                    (Size::Extreme, 0) => -Ticks::MAX,
                    (Size::Extreme, 1) => Ticks::new(1 << 20),
                    _ => Ticks::new(between(stream, -2, 3)),
                };
                let (before, after) = (TaskId::from_index(before), TaskId::from_index(after));
                let kind = KINDS[stream.below(4)];
                let plain = Precedence::end_to_start(before, after);
                builder.precedence(plain.with_kind(kind).with_lag(lag))?;
            }
        }
    }
    Ok(())
}

fn objective(stream: &mut Stream) -> Objective {
    let mut levels = Vec::new();
    for _ in 0..1 + stream.below(2) {
        let mut term = || Term {
            weight: 1 + stream.below(3) as i64,
            measure: REGULAR[stream.below(REGULAR.len())],
        };
        let first = term();
        let second = term();
        levels.push(ordine_problem::Level::of(vec![first, second]));
    }
    Objective::from_levels(levels).expect("no level is empty and no weight below 1")
}

fn some_mode(problem: &Problem, task: TaskId, stream: &mut Stream) -> ModeId {
    let modes: Vec<ModeId> = problem.modes(task).collect();
    modes[stream.below(modes.len())]
}

/// Task by task at the first start that the twin accepts; one that finds none stays unplaced.
pub fn left_shifted(problem: &Problem, stream: &mut Stream) -> Schedule {
    let mut schedule = Schedule::empty(problem);
    for &task in problem.topological_order() {
        let mode = some_mode(problem, task, stream);
        let fits = (0..40).any(|start| {
            schedule.place(task, Placement::starting(problem, mode, Time::new(start)));
            let kinds = twin::judge(problem, &schedule).err().unwrap_or_default();
            kinds.iter().all(|kind| *kind == "unplaced")
        });
        if !fits {
            schedule.remove(task);
        }
    }
    schedule
}

/// The schedule with one task moved, prolonged, put into another mode, or taken out.
pub fn changed(problem: &Problem, schedule: &Schedule, stream: &mut Stream) -> Schedule {
    let mut changed = schedule.clone();
    let task = TaskId::from_index(stream.below(problem.tasks().len()));
    let Some(Placement { mode, start, end }) = schedule.placement(task) else { return changed };
    let shift = Ticks::new(between(stream, -4, 6));
    let (later_start, later_end) = (start + shift, end + shift);
    match stream.below(8) {
        0 => changed.remove(task),
        1 => changed.place(task, Placement { mode, start, end: later_end }),
        2 => {
            let mode = some_mode(problem, task, stream);
            changed.place(task, Placement::starting(problem, mode, start));
        }
        3 => {
            let mode = ModeId::from_index(stream.below(problem.mode_count() + 1));
            changed.place(task, Placement { mode, start, end });
        }
        _ => changed.place(task, Placement { mode, start: later_start, end: later_end }),
    }
    changed
}

/// Any schedule with small numbers, of nearly the right length.
pub fn schedule(problem: &Problem, stream: &mut Stream) -> Schedule {
    let mut placements = Vec::new();
    for task in problem.tasks() {
        let mode = some_mode(problem, task, stream);
        let start = Time::new(between(stream, -1, 20));
        let mut placement = Placement::starting(problem, mode, start);
        if stream.chance(0.05) {
            placement.end = Time::new(between(stream, -1, 20));
        }
        if stream.chance(0.03) {
            placement.mode = ModeId::from_index(stream.below(problem.mode_count() + 1));
        }
        placements.push((!stream.chance(0.03)).then_some(placement));
    }
    match stream.below(20) {
        0 => placements.push(placements[0]),
        1 => placements.truncate(placements.len() - 1),
        _ => {}
    }
    Schedule::from_placements(placements)
}

fn extreme(stream: &mut Stream) -> i64 {
    let most = Time::MAX.get();
    let corners = [i64::MIN, -most, 0, 1 << 21, most, 1 << 62, i64::MAX];
    match stream.below(3) {
        0 => stream.bits() as i64,
        _ => corners[stream.below(corners.len())].saturating_add(between(stream, -2, 2)),
    }
}

/// A schedule from somebody who means harm: any number that fits into the types, here and there.
pub fn hostile(problem: &Problem, stream: &mut Stream) -> Schedule {
    let wildness = [0.0, 0.1, 0.5, 1.0][stream.below(4)];
    let tasks = match stream.below(10) {
        0 => stream.below(12),
        _ => problem.tasks().len(),
    };
    let mut time = [0, 1 << 21, 1 << 38, 1 << 40][stream.below(4)];
    let mut placements = Vec::new();
    for index in 0..tasks {
        let task = TaskId::from_index(index.min(problem.tasks().len() - 1));
        let mode = some_mode(problem, task, stream);
        let mut placement = Placement::starting(problem, mode, Time::new(time));
        time = placement.end.get() + between(stream, 0, 1 << 21);
        if stream.chance(wildness) {
            placement.start = Time::new(extreme(stream));
        }
        if stream.chance(wildness) {
            placement.end = Time::new(extreme(stream));
        }
        if stream.chance(wildness / 4.0) {
            placement.mode = ModeId::from_index(stream.bits() as u32 as usize);
        }
        placements.push(Some(placement));
    }
    Schedule::from_placements(placements)
}
