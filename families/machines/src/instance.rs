//! Jobs of one task on parallel machines, in the family's own words.
//!
//! Valid when there is a machine and every job has one duration per machine, and a due time where
//! the tardiness counts. O(jobs × machines).
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979.

use ordine_base::{Ticks, Time};
use ordine_problem::ProblemError;

/// What is minimized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Criterion {
    /// The latest end.
    #[default]
    Makespan,
    /// The sum of weight times tardiness.
    WeightedTardiness,
    /// The sum of tardiness.
    TotalTardiness,
}

/// One job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineJob {
    /// How long it takes on each machine.
    pub durations: Vec<Ticks>,
    /// Its weight.
    pub weight: i64,
    /// When it is wished to end.
    pub due: Option<Time>,
}

/// Jobs and machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachinesInstance {
    /// Name of the instance.
    pub name: String,
    /// Number of machines.
    pub machines: usize,
    /// The jobs.
    pub jobs: Vec<MachineJob>,
    /// What is minimized.
    pub criterion: Criterion,
}

/// Why an instance is none. Jobs are numbered from 1, as in files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MachinesError {
    /// No machine at all.
    #[error("there is no machine: give at least one")]
    NoMachine,
    /// A job with too many or too few durations.
    #[error("job {job} has {found} durations, but there are {expected} machines")]
    DurationCount {
        /// The job, from 1.
        job: usize,
        /// Number of its durations.
        found: usize,
        /// Number of machines.
        expected: usize,
    },
    /// A job whose tardiness counts but cannot be told.
    #[error("job {job} has no due time, but the tardiness is minimized: give it one")]
    NoDue {
        /// The job, from 1.
        job: usize,
    },
    /// What the common form of problems refuses.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

impl MachineJob {
    /// A job of weight 1 without due time.
    pub fn lasting(durations: Vec<Ticks>) -> Self {
        MachineJob { durations, weight: 1, due: None }
    }
}

impl MachinesInstance {
    /// Checks the rules of the module documentation.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), MachinesError> {
        let expected = self.machines;
        if expected == 0 {
            return Err(MachinesError::NoMachine);
        }
        for (data, job) in self.jobs.iter().zip(1..) {
            let found = data.durations.len();
            if found != expected {
                return Err(MachinesError::DurationCount { job, found, expected });
            }
            if self.criterion != Criterion::Makespan && data.due.is_none() {
                return Err(MachinesError::NoDue { job });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_is_named() {
        let job = MachineJob::lasting(vec![Ticks::new(3)]);
        let good = MachinesInstance { machines: 1, jobs: vec![job], ..Default::default() };
        assert_eq!(good.validate(), Ok(()));
        let none = MachinesInstance { machines: 0, ..good.clone() };
        assert_eq!(none.validate(), Err(MachinesError::NoMachine));
        let two = MachinesInstance { machines: 2, ..good.clone() };
        let count = MachinesError::DurationCount { job: 1, found: 1, expected: 2 };
        assert_eq!(two.validate(), Err(count));
        let late = MachinesInstance { criterion: Criterion::WeightedTardiness, ..good };
        assert_eq!(late.validate(), Err(MachinesError::NoDue { job: 1 }));
    }
}
