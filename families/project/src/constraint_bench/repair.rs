//! Repair: the feasible schedule that is nearest to a given one, min Σ |s_i − s'_i|.
//!
//! The planned starts go into the problem and the distance is its objective. The proof engine gives
//! a first feasible schedule, whatever it costs, and the default recipe improves it within a budget
//! of work.
//!
//! **Source:** minimal perturbation: El Sakkout, Wallace 2000.

use super::instance::BenchInstance;
use super::lower::{feasible_starts, nearest_problem, starts_of};
use ordine_base::{Clock, FirstOf, Seed, Silent, StopWhen, Time};
use ordine_problem::{Placement, Problem, ProblemError, Schedule};
use ordine_solve::{Context, Fault, Settings, bounds::trivial_bound, recipe_named};

/// A repaired schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// Its starts, by the order of the tasks.
    pub starts: Vec<i64>,
    /// Sum of the distances from the given starts.
    pub deviation: i64,
    /// Whether it is proved that no feasible schedule is nearer.
    pub is_nearest: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepairError {
    /// The instance cannot be stated as a problem.
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// Something inside is wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Sum of the distances between two schedules.
pub fn deviation(one: &[i64], other: &[i64]) -> i64 {
    one.iter().zip(other).map(|(one, other)| one.abs_diff(*other) as i64).sum()
}

/// The nearest feasible schedule that is found within `work` units and before `stop`; `None` when
/// none is found.
///
/// # Errors
/// When the instance is no problem, or something inside is wrong.
pub fn nearest(
    instance: &BenchInstance,
    starts: &[i64],
    seed: Seed,
    work: u64,
    stop: impl StopWhen + 'static,
    clock: &dyn Clock,
) -> Result<Option<Repaired>, RepairError> {
    let problem = nearest_problem(instance, starts)?;
    let Some(first) = feasible_starts(&problem, seed, work)? else { return Ok(None) };
    let first = scheduled(&problem, &first);
    let stop = FirstOf(vec![Box::new(stop)]);
    let settings =
        Settings { seed, workers: 1, work: Some(work), stop: &stop, clock, start: Some(&first) };
    let mut observer = Silent;
    let context = Context::new(&problem, settings, trivial_bound(&problem), &mut observer);
    let solver = recipe_named("auto").expect("the default is a recipe");
    let outcome = solver.solve(&problem, &context)?;
    let is_nearest = outcome.word() == "optimal";
    Ok(outcome.best().map(|(schedule, _)| {
        let repaired = starts_of(&problem, schedule);
        let deviation = deviation(&repaired, starts);
        Repaired { starts: repaired, deviation, is_nearest }
    }))
}

fn scheduled(problem: &Problem, starts: &[i64]) -> Schedule {
    let mut schedule = Schedule::empty(problem);
    for (task, &start) in problem.tasks().zip(starts) {
        let mode = problem.modes(task).next().expect("a task of an instance has one mode");
        schedule.place(task, Placement::starting(problem, mode, Time::new(start)));
    }
    schedule
}
