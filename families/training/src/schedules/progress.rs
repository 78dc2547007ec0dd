//! Progress that is not counted in updates: tokens, samples, or seconds on the wall.
//!
//! A schedule of T updates is read at `T done / total`, whatever an update took; the state is what
//! is done. O(depth) per reading.
//!
//! **Source:** -

use super::error::{ScheduleError, not_negative, positive};
use super::schedule::Schedule;

/// A run whose progress is an amount of something.
///
/// ```
/// use ordine_training::schedules::{Plan, Progress, Run};
///
/// # fn main() -> Result<(), ordine_training::schedules::ScheduleError> {
/// let schedule = "linear".parse::<Plan>()?.over(Run::of_steps(1000)?)?;
/// let mut progress = Progress::new(schedule, 1e9)?;
/// progress.advance(2.5e8)?; // tokens of the updates so far
/// assert_eq!(progress.rate(), 0.75);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    schedule: Schedule,
    horizon: f64,
    total: f64,
    done: f64,
}

impl Progress {
    /// Before anything is done of the total.
    ///
    /// # Errors
    /// When the schedule has no horizon, or the total is not above 0.
    pub fn new(schedule: Schedule, total: f64) -> Result<Self, ScheduleError> {
        let total = positive("total", total)?;
        let Some(horizon) = schedule.horizon() else {
            let expected = "a schedule with a horizon";
            return Err(ScheduleError::Count { name: "the schedule", found: 0, expected });
        };
        Ok(Progress { schedule, horizon: horizon as f64, total, done: 0.0 })
    }

    /// Goes on when so much is done.
    ///
    /// # Errors
    /// When the amount is negative or not finite.
    pub fn resume(self, done: f64) -> Result<Self, ScheduleError> {
        Ok(Progress { done: not_negative("done", done)?, ..self })
    }

    /// So much more is done; gives the rate of what comes next.
    ///
    /// # Errors
    /// When the amount is negative or not finite.
    pub fn advance(&mut self, amount: f64) -> Result<f64, ScheduleError> {
        self.done += not_negative("amount", amount)?;
        Ok(self.rate())
    }

    /// What is done: all that a checkpoint needs.
    pub fn done(&self) -> f64 {
        self.done
    }

    /// The rate of what comes next.
    pub fn rate(&self) -> f64 {
        let share = (self.done / self.total).min(1.0);
        self.schedule.value_at(share * self.horizon).expect("shares are from 0 to 1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedules::{Plan, Run};

    #[test]
    fn progress_reads_between_updates_and_holds_the_end() {
        let schedule = "linear".parse::<Plan>().expect("a plan");
        let schedule = schedule.over(Run::of_steps(4).expect("steps")).expect("fits");
        let mut progress = Progress::new(schedule.clone(), 100.0).expect("fits");
        assert_eq!(progress.advance(12.5), Ok(0.875));
        let resumed = Progress::new(schedule, 100.0).and_then(|it| it.resume(progress.done()));
        assert_eq!(resumed, Ok(progress.clone()));
        assert_eq!(progress.advance(1e9), Ok(0.0));
        let error = progress.advance(f64::NAN).expect_err("no amount");
        assert!(error.to_string().starts_with("amount is NaN: expected"));
    }
}
