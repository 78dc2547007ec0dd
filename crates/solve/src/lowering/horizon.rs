//! A time by which some best schedule ends.
//!
//! Let T be past every time that a rule or a measure names. In a best schedule, look at a stretch
//! after T in which no task runs. Everything behind it could come earlier by its length, which no
//! measure dislikes, unless a gap or a setup that must be kept lies across: so such stretches are
//! no longer, all together, than all least gaps and a setup per task. That, the work of all tasks
//! one after the other, and T are the horizon.
//!
//! Where calendars repeat after L ticks together, everything behind a stretch can come earlier by L
//! only. Left alone, each task would still start in the next shift; but tasks that must keep close
//! to each other (largest gaps, blocking), or whose distance is measured, may have to wait for a
//! moment that suits all: L more before each of them.
//!
//! **Source:** -

use super::calendars;
use ordine_base::{Ticks, Time};
use ordine_problem::{Feature, FeatureSet, Problem, Status, WorkTime};

/// What makes tasks wait for each other.
const PULLING: FeatureSet = FeatureSet::of(&[
    Feature::MaximalLags,
    Feature::SoftPrecedences,
    Feature::Blocking,
    Feature::Batching,
    Feature::LeastUsage,
    Feature::SoftCapacities,
    Feature::IrregularObjectives,
]);

/// The horizon, if it is not beyond all times.
pub(super) fn horizon(problem: &Problem) -> Option<Time> {
    let mut horizon = i128::from(problem.horizon().get());
    // A largest gap below zero is a least gap the other way round.
    let pulls = problem.precedences().values().filter_map(|it| it.lag_max);
    horizon += pulls.map(|most| i128::from((-most.get()).max(0))).sum::<i128>();
    horizon += i128::from(running(problem).get());
    if !problem.objective().terms().all(|term| term.measure.is_regular()) {
        horizon += i128::from(last_measured(problem).get().max(0));
    }
    let features = problem.features();
    let is_pulled = PULLING.iter().any(|feature| features.has(feature));
    if features.has(Feature::Calendars) && is_pulled {
        horizon += i128::try_from(problem.tasks().len()).ok()? * wait(problem)?;
    }
    let horizon = i64::try_from(horizon).ok().map(Time::new)?;
    (horizon <= Time::MAX).then_some(horizon)
}

/// The longest time that what is under way still takes, across all breaks.
fn running(problem: &Problem) -> Ticks {
    let left = problem.tasks().filter_map(|task| {
        let Status::Running { remaining, .. } = problem.task(task).status else { return None };
        let work = WorkTime::of(problem, problem.usable_modes(task)[0]);
        Some(work.finish(problem.now(), remaining)? - problem.now())
    });
    left.max().unwrap_or(Ticks::ZERO)
}

/// The last date that anything is measured by.
fn last_measured(problem: &Problem) -> Time {
    let jobs = problem.jobs().flat_map(|job| [problem.job(job).due, problem.job(job).due_from]);
    let tasks = problem.tasks().flat_map(|task| {
        let data = problem.task(task);
        let last = |cost: &Option<ordine_base::StepFunction>| {
            cost.as_ref().and_then(|cost| cost.steps().last()).map(|step| step.0)
        };
        let planned = data.planned.map(|planned| planned.start);
        [planned, last(&data.start_cost), last(&data.end_cost)]
    });
    jobs.chain(tasks).flatten().max().unwrap_or(Time::ORIGIN)
}

/// Most ticks before a task in which nothing runs: a lap of all calendars, the largest gap and the
/// longest setup.
fn wait(problem: &Problem) -> Option<i128> {
    let gaps = problem
        .precedences()
        .values()
        .flat_map(|it| [it.lag.get(), it.lag_max.map_or(0, |most| -most.get())]);
    let setups = problem.setups().values().flat_map(|setup| &setup.times).map(|time| time.get());
    let longest = |times: &mut dyn Iterator<Item = i64>| times.max().unwrap_or(0).max(0);
    let (gap, setup) = (longest(&mut { gaps }), longest(&mut { setups }));
    Some(i128::from(lap(problem)?) + i128::from(gap) + i128::from(setup))
}

/// After how many ticks all calendars repeat together.
fn lap(problem: &Problem) -> Option<i64> {
    let mut lap: i64 = 1;
    for period in problem.calendars().values().filter_map(|calendar| calendar.period) {
        let period = period.get();
        lap = lap.checked_mul(period / calendars::divisor(lap, period))?;
    }
    Some(lap)
}
