//! Random small problems, and schedules of them: near to feasible, arbitrary, and hostile.
//!
//! **Source:** -

use crate::nearby;
use ordine_base::{Demand, Id, Stream, Ticks, Time};
use ordine_problem::{
    FeatureSet, Hold, Job, Measure, ModeId, Objective, Placement, Precedence, PrecedenceKind,
    Problem, ProblemBuilder, ProblemError, ResourceId, Schedule, Status, TaskId, Term,
    random_problem,
};

/// Kinds that schedules with small numbers never show.
pub const ONLY_HOSTILE: [&str; 2] = ["time-too-large", "cost-too-large"];

const KINDS: [PrecedenceKind; 4] = [
    PrecedenceKind::EndToStart,
    PrecedenceKind::StartToStart,
    PrecedenceKind::EndToEnd,
    PrecedenceKind::StartToEnd,
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
            measure: Measure::REGULAR[stream.below(Measure::REGULAR.len())],
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

/// A sealed problem of the whole model: the plain words, and of the others now more, now fewer.
pub fn whole_problem(stream: &mut Stream, without: FeatureSet) -> Problem {
    let share = [0.1, 0.2, 0.4, 1.0][stream.below(4)];
    let mut allowed = FeatureSet::PLAIN;
    for feature in FeatureSet::ALL.without(FeatureSet::PLAIN).without(without).iter() {
        allowed.note(feature, stream.chance(share));
    }
    random_problem(stream, 7, allowed)
}

/// The schedule with one task moved, prolonged, put into another mode, or taken out.
pub fn changed(problem: &Problem, schedule: &Schedule, stream: &mut Stream) -> Schedule {
    let mut changed = schedule.clone();
    let task = TaskId::from_index(stream.below(problem.tasks().len()));
    let Some(Placement { mode, start, end }) = schedule.placement(task) else {
        let mode = some_mode(problem, task, stream);
        let start = Time::new(between(stream, 0, 15));
        changed.place(task, nearby::placed(problem, task, mode, start));
        return changed;
    };
    let shift = Ticks::new(between(stream, -4, 6));
    match stream.below(9) {
        8 => join(problem, &mut changed, task, stream),
        0 => changed.remove(task),
        1 => changed.place(task, Placement { mode, start, end: end + shift }),
        2 => {
            let mode = some_mode(problem, task, stream);
            changed.place(task, nearby::placed(problem, task, mode, start));
        }
        3 => {
            let mode = ModeId::from_index(stream.below(problem.mode_count() + 1));
            changed.place(task, Placement { mode, start, end });
        }
        4 | 5 => changed.place(task, nearby::placed(problem, task, mode, start + shift)),
        _ => changed.place(task, Placement { mode, start: start + shift, end: end + shift }),
    }
    if stream.chance(0.7) { nearby::spanned(problem, changed) } else { changed }
}

/// Puts the task beside another one that can run in batches on the same machine, if there is one.
fn join(problem: &Problem, schedule: &mut Schedule, task: TaskId, stream: &mut Stream) {
    let on_machine = |mode: &ModeId, machine| {
        problem.requirements(*mode).iter().any(|need| need.resource == machine)
    };
    let batches = |id: &ResourceId| problem.resource(*id).batching.is_some();
    let mut pairs = Vec::new();
    for machine in problem.resources().filter(batches) {
        for mode in problem.modes(task).filter(|mode| on_machine(mode, machine)) {
            let others = schedule.placed().filter(|(other, _)| *other != task);
            let beside = others.filter(|(other, it)| {
                let own = problem.modes(*other).any(|mode| mode == it.mode);
                own && it.start < it.end && on_machine(&it.mode, machine)
            });
            pairs.extend(beside.map(|(_, it)| Placement { mode, ..it }));
        }
    }
    if !pairs.is_empty() {
        schedule.place(task, pairs[stream.below(pairs.len())]);
    }
}

/// Jobs that leave their first machine for the next one, many of them at one instant; some are
/// over.
pub fn rotating(stream: &mut Stream) -> (Problem, Schedule) {
    loop {
        if let Ok(found) = rotation(stream) {
            return found;
        }
    }
}

fn rotation(stream: &mut Stream) -> Result<(Problem, Schedule), ProblemError> {
    let mut builder = ProblemBuilder::new("rotation");
    let count = 2 + stream.below(3);
    let machines: Vec<ResourceId> =
        (0..count).map(|number| builder.machine(format!("m{number}"))).collect();
    let turn = 1 + stream.below(count - 1);
    if stream.chance(0.8) {
        builder.forbid_swaps();
    }
    let now = Time::new(if stream.chance(0.5) { 8 } else { 0 });
    builder.now(now);
    let mut placements = Vec::new();
    for number in 0..count {
        let job = builder.job(Job::named("job"))?;
        let next = if stream.chance(0.9) { number + turn } else { stream.below(count) };
        let meeting = if stream.chance(0.9) { 4 } else { 5 };
        let stretches = [(0, between(stream, 2, 4)), (meeting, 6)];
        let mut tasks = Vec::new();
        for ((start, end), machine) in stretches.into_iter().zip([number, next % count]) {
            let task = builder.task(format!("t{number}"), Some(job))?;
            let (start, end) = (Time::new(start), Time::new(end));
            builder.mode(task, end - start, &[(machines[machine], Demand::ONE)])?;
            if now > Time::ORIGIN {
                builder.edit_task(task).status = match stream.chance(0.8) {
                    true => Status::Done { mode: 0, start, end },
                    false => Status::Frozen { mode: 0, start },
                };
            }
            let mode = ModeId::from_index(placements.len());
            placements.push(Some(Placement { mode, start, end }));
            tasks.push(task);
        }
        builder.precedence(Precedence::end_to_start(tasks[0], tasks[1]))?;
        builder.hold(Hold { task: tasks[0], until: tasks[1], buffer: None });
    }
    Ok((builder.seal()?, Schedule::from_placements(placements)))
}

/// Any schedule with small numbers, of nearly the right length.
pub fn schedule(problem: &Problem, stream: &mut Stream) -> Schedule {
    let mut placements = Vec::new();
    for task in problem.tasks() {
        let mode = some_mode(problem, task, stream);
        let start = Time::new(between(stream, -1, 20));
        let mut placement = nearby::placed(problem, task, mode, start);
        if stream.chance(0.05) {
            placement.end = Time::new(between(stream, -1, 20));
        }
        if stream.chance(0.03) {
            placement.mode = ModeId::from_index(stream.below(problem.mode_count() + 1));
        }
        let left_out = if problem.task(task).optional { 0.4 } else { 0.03 };
        placements.push((!stream.chance(left_out)).then_some(placement));
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
