//! The unit of time of a model: the greatest common divisor of all durations, lags and dates.
//!
//! **Source:** -

use ordine_base::Time;
use ordine_problem::Problem;

/// How times of the problem become values of the model: divided by a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    unit: i64,
}

impl Scale {
    /// The largest unit in which every time of the problem is whole.
    pub(crate) fn of(problem: &Problem) -> Self {
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
        let unit = durations.chain(lags).chain(releases).chain(ends).chain(jobs).fold(0, gcd);
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

fn gcd(mut left: i64, mut right: i64) -> i64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.abs()
}
