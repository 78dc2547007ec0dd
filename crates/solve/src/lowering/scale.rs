//! The unit of time of a model: the greatest common divisor of all durations, lags and dates.
//!
//! Work at another rate than full speed or none can end at any tick: the unit is then one.
//!
//! **Source:** -

use super::calendars::divisor;
use ordine_base::Time;
use ordine_problem::{Measure, Problem, Status, TaskId, Tolerance, WorkTime};

/// How times of the problem become values of the model: divided by a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    unit: i64,
}

impl Scale {
    /// The model counts as the problem does.
    pub(crate) const TICKS: Scale = Scale { unit: 1 };

    /// The largest unit in which every time of the problem is whole.
    pub(crate) fn of(problem: &Problem) -> Self {
        if problem.objective().terms().any(|term| !is_time(term.measure)) {
            return Scale { unit: 1 };
        }
        let shifts = problem
            .calendars()
            .values()
            .flat_map(|calendar| calendar.steps.iter().map(|step| step.1).chain([calendar.first]));
        if shifts.into_iter().any(|shift| !matches!(shift.percent(), 0 | 100)) {
            return Scale { unit: 1 };
        }
        let durations = problem
            .tasks()
            .flat_map(|task| problem.usable_modes(task))
            .map(|&mode| problem.mode(mode).duration.get());
        let lags = problem
            .precedences()
            .values()
            .flat_map(|it| [it.lag.get(), it.lag_max.map_or(0, |lag| lag.get())]);
        let releases = problem.tasks().map(|task| problem.release(task).get());
        let ends = problem.tasks().filter_map(|task| problem.deadline(task)).map(Time::get);
        let jobs = problem.jobs().flat_map(|job| {
            let job = problem.job(job);
            let dates = [job.due, job.due_from, Some(job.release)];
            dates.into_iter().flatten().map(Time::get)
        });
        let windows = problem.tasks().flat_map(|task| {
            let data = problem.task(task);
            let costs = [&data.start_cost, &data.end_cost].into_iter().flatten();
            let spans = [&data.forbidden_starts, &data.forbidden_ends, &data.forbidden_extents];
            let spans = spans.into_iter().flatten().flat_map(|span| [span.start, span.end]);
            let planned = data.planned.map(|planned| planned.start);
            let own = [Some(data.earliest_end), data.latest_start, planned];
            let steps = costs.flat_map(|cost| cost.steps().iter().map(|&(time, _)| time));
            own.into_iter().flatten().chain(spans).chain(steps).map(Time::get).collect::<Vec<_>>()
        });
        let profiles = problem.resources().flat_map(|resource| {
            let data = problem.resource(resource);
            let profiles = [&data.capacity_profile, &data.usage_min].into_iter().flatten();
            profiles.flat_map(|it| it.steps()).map(|step| step.0.get())
        });
        let setups = problem.setups().values().flat_map(|setup| &setup.times).map(|it| it.get());
        let calendars = problem.calendars().values().flat_map(|calendar| {
            let steps = calendar.steps.iter().map(|step| step.0.get());
            steps.chain(calendar.period.map(|period| period.get()))
        });
        let levels = problem.objective().levels().iter();
        let floors = levels.clone().filter_map(|level| level.floor);
        // What a level may be worsened by is a date for the levels after it.
        let worsened = levels.map(|level| match level.tolerance {
            Tolerance::Absolute(amount) => amount,
            Tolerance::Percent(0) => 0,
            Tolerance::Percent(_) => 1,
        });
        let settled = problem.tasks().flat_map(|task| settled_times(problem, task));
        let unit = durations
            .chain(lags)
            .chain(releases)
            .chain(ends)
            .chain(jobs)
            .chain(windows)
            .chain(profiles)
            .chain(setups)
            .chain(calendars)
            .chain(settled)
            .chain(floors)
            .chain(worsened)
            .fold(0, divisor);
        Scale { unit: unit.max(1) }
    }

    /// Ticks of the problem in one of the model.
    pub(crate) fn unit(self) -> i64 {
        self.unit
    }

    /// A time of the problem in the model, rounded down.
    pub(crate) fn down(self, time: Time) -> i64 {
        time.get().div_euclid(self.unit)
    }

    /// A time of the problem in the model, rounded up.
    pub(crate) fn up_to(self, time: Time) -> i64 {
        -(-time.get()).div_euclid(self.unit)
    }

    /// An amount of the problem that is whole in the model.
    pub(crate) fn exactly(self, ticks: i64) -> i64 {
        debug_assert_eq!(ticks % self.unit, 0, "the unit divides every amount");
        ticks / self.unit
    }

    /// A value of the model in ticks of the problem.
    pub(crate) fn up(self, value: i64) -> i64 {
        value * self.unit
    }
}

/// Times of a task that is settled.
fn settled_times(problem: &Problem, task: TaskId) -> Vec<i64> {
    let times = match problem.task(task).status {
        Status::Free => vec![problem.now()],
        Status::Done { start, end, .. } => vec![start, end],
        Status::Frozen { start, .. } => vec![start],
        Status::Running { start, remaining, .. } => {
            let mode = problem.usable_modes(task)[0];
            let end = WorkTime::of(problem, mode).finish(problem.now(), remaining);
            [Some(start), Some(problem.now()), end].into_iter().flatten().collect()
        }
    };
    times.into_iter().map(Time::get).collect()
}

/// Whether a measure is a sum of times, so that it scales with them.
fn is_time(measure: Measure) -> bool {
    let counts = matches!(measure, Measure::NumberLate | Measure::WeightedNumberLate);
    (measure.is_regular() && !counts)
        || matches!(measure, Measure::TotalEarliness | Measure::WeightedEarliness)
}
