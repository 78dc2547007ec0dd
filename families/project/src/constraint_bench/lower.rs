//! An instance as a problem of the engines, and schedules back.
//!
//! Task i becomes task `i`, resource r the renewable `Rr` with its downtime as a calendar, a
//! disjunctive pair the machine `apart i j` that both need; all windows are windows. One kind of
//! constraint can be left out, to see what it is worth. O(n + m).
//!
//! **Source:** ours.

use super::checker::Kind;
use super::instance::BenchInstance;
use ordine_base::{Demand, FirstOf, FirstSchedule, FrozenClock, Seed, Silent, Ticks, Time};
use ordine_problem::{
    Calendar, Measure, Objective, Planned, Precedence, Problem, ProblemBuilder, ProblemError,
    Schedule, Shift, TaskId,
};
use ordine_solve::{Context, Fault, Settings, bounds::trivial_bound, recipe_named};
use serde::{Deserialize, Serialize};

/// A kind of constraint that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dropped {
    /// Precedences.
    Precedence,
    /// Capacities.
    Capacity,
    /// Downtime.
    Downtime,
    /// Releases and deadlines; the horizon stays.
    Windows,
    /// Disjunctive pairs.
    Disjunctive,
}

impl Dropped {
    /// All of them.
    pub const ALL: [Dropped; 5] = [
        Dropped::Precedence,
        Dropped::Capacity,
        Dropped::Downtime,
        Dropped::Windows,
        Dropped::Disjunctive,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Dropped::Precedence => "precedence",
            Dropped::Capacity => "capacity",
            Dropped::Downtime => "downtime",
            Dropped::Windows => "windows",
            Dropped::Disjunctive => "disjunctive",
        }
    }

    /// What is broken when it is left out.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Dropped::Precedence => &[Kind::Precedence],
            Dropped::Capacity => &[Kind::Capacity],
            Dropped::Downtime => &[Kind::Downtime],
            Dropped::Windows => &[Kind::Release, Kind::Deadline],
            Dropped::Disjunctive => &[Kind::Disjunctive],
        }
    }
}

/// The problem that an instance states.
///
/// # Errors
/// When its precedences form a cycle.
pub fn lower(instance: &BenchInstance) -> Result<Problem, ProblemError> {
    draft(instance, None)?.0.seal()
}

/// The same without one kind of constraint.
///
/// # Errors
/// As [`lower`].
pub fn lower_without(instance: &BenchInstance, dropped: Dropped) -> Result<Problem, ProblemError> {
    draft(instance, Some(dropped))?.0.seal()
}

/// The problem of the feasible schedule that is nearest to `starts`: minimized is the sum of all
/// distances between starts.
///
/// # Errors
/// As [`lower`].
pub fn nearest_problem(instance: &BenchInstance, starts: &[i64]) -> Result<Problem, ProblemError> {
    let (mut builder, tasks) = draft(instance, None)?;
    for (&task, &start) in tasks.iter().zip(starts) {
        // No feasible start is beyond the horizon, so a start beyond it is as far as the horizon
        // and a constant.
        let start = Time::new(start.clamp(0, instance.horizon));
        builder.edit_task(task).planned = Some(Planned { mode: 0, start });
    }
    builder.objective(Objective::single(Measure::TotalDeviation));
    builder.seal()
}

fn draft(
    instance: &BenchInstance,
    dropped: Option<Dropped>,
) -> Result<(ProblemBuilder, Vec<TaskId>), ProblemError> {
    let has = |kind: Dropped| dropped != Some(kind);
    let mut builder = ProblemBuilder::new(&instance.id);
    builder.admit_impossible_tasks();
    let plenty: i64 = instance.tasks.iter().flat_map(|task| &task.demand).sum();
    let mut resources = Vec::new();
    for resource in &instance.resources {
        let name = format!("R{}", resource.id);
        let capacity = if has(Dropped::Capacity) { resource.capacity } else { plenty };
        let id = builder.renewable(&name, Demand::new(capacity))?;
        if has(Dropped::Downtime) && !resource.down.is_empty() {
            let steps = resource.down.iter().flat_map(|[from, to]| {
                [(Time::new(*from), Shift::Closed), (Time::new(*to), Shift::FULL)]
            });
            let steps = joined(steps.collect());
            let calendar = Calendar { steps, ..Calendar::always(name) };
            let calendar = builder.calendar(calendar);
            builder.edit_resource(id).calendar = Some(calendar);
        }
        resources.push(id);
    }
    let pairs = if has(Dropped::Disjunctive) { &instance.disjoint[..] } else { &[] };
    let machine = |[one, other]: &[i64; 2]| builder.machine(format!("apart {one} {other}"));
    let machines: Vec<_> = pairs.iter().map(machine).collect();
    let mut tasks = Vec::new();
    for task in &instance.tasks {
        let id = builder.task(task.id.to_string(), None)?;
        let both = resources.iter().copied().zip(task.demand.iter().map(|&it| Demand::new(it)));
        let mut needs: Vec<_> = both.filter(|need| need.1 > Demand::ZERO).collect();
        let own = pairs.iter().zip(&machines).filter(|(pair, _)| pair.contains(&task.id));
        needs.extend(own.map(|(_, &machine)| (machine, Demand::ONE)));
        builder.mode(id, Ticks::new(task.duration), &needs)?;
        let (release, deadline) = match has(Dropped::Windows) {
            true => (task.release, task.deadline.min(instance.horizon)),
            false => (0, instance.horizon),
        };
        let edited = builder.edit_task(id);
        edited.earliest_start = Time::new(release);
        edited.latest_end = Some(Time::new(deadline));
        tasks.push(id);
    }
    if has(Dropped::Precedence) {
        for (before, after) in instance.placed(&instance.precedence) {
            builder.precedence(Precedence::end_to_start(tasks[before], tasks[after]))?;
        }
    }
    Ok((builder, tasks))
}

/// Steps without a pause of no length between two intervals that touch.
fn joined(steps: Vec<(Time, Shift)>) -> Vec<(Time, Shift)> {
    let mut kept: Vec<(Time, Shift)> = Vec::new();
    for step in steps {
        match kept.last() {
            Some(last) if last.0 == step.0 => {
                kept.pop();
            }
            _ => kept.push(step),
        }
    }
    kept
}

/// A feasible schedule of a problem by the proof engine, within a budget of work; `None` when there
/// is none or the budget was too small.
///
/// # Errors
/// When something inside is wrong.
pub fn feasible_starts(
    problem: &Problem,
    seed: Seed,
    work: u64,
) -> Result<Option<Vec<i64>>, Fault> {
    let stop = FirstOf(vec![Box::new(FirstSchedule)]);
    let settings = Settings {
        seed,
        workers: 1,
        work: Some(work),
        stop: &stop,
        clock: &FrozenClock,
        start: None,
    };
    let mut observer = Silent;
    let context = Context::new(problem, settings, trivial_bound(problem), &mut observer);
    let solver = recipe_named("cp").expect("the proof engine is a recipe");
    let outcome = solver.solve(problem, &context)?;
    Ok(outcome.best().map(|(schedule, _)| starts_of(problem, schedule)))
}

/// Starts of all tasks in their order; of a task that is not placed, −1.
pub fn starts_of(problem: &Problem, schedule: &Schedule) -> Vec<i64> {
    let start = |task| schedule.placement(task).map_or(-1, |it| it.start.get());
    problem.tasks().map(start).collect()
}
