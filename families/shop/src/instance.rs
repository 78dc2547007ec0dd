//! A shop in the family's own words: jobs, operations, choices of machines.
//!
//! Valid when every machine exists, every job has an operation, every operation a choice, and no
//! duration is negative. O(choices).
//!
//! **Source:** Brandimarte 1993, section 2.

use ordine_base::Ticks;
use ordine_problem::ProblemError;

/// One way to run an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The machine, from 0.
    pub machine: usize,
    /// Processing time on it.
    pub duration: Ticks,
}

/// One step of a job: one of its choices is to be run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// The machines that can run it.
    pub choices: Vec<Choice>,
}

/// A chain of operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopJob {
    /// Its operations, first to last.
    pub operations: Vec<Operation>,
}

/// An instance of a job shop or flexible job shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopInstance {
    /// Name of the instance.
    pub name: String,
    /// Number of machines.
    pub machines: usize,
    /// The jobs.
    pub jobs: Vec<ShopJob>,
}

/// Why a shop is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShopError {
    /// A job without operations.
    #[error("job {job} has no operation: give it at least one")]
    NoOperation {
        /// The job, from 0.
        job: usize,
    },
    /// An operation without choices.
    #[error("operation {operation} of job {job} has no machine: give it at least one")]
    NoChoice {
        /// The job, from 0.
        job: usize,
        /// The operation within the job, from 0.
        operation: usize,
    },
    /// A machine that the shop does not have.
    #[error(
        "operation {operation} of job {job} needs machine {machine}, but the machines are 0 to \
         {machines} (excluded): correct it or raise the number of machines"
    )]
    UnknownMachine {
        /// The job, from 0.
        job: usize,
        /// The operation within the job, from 0.
        operation: usize,
        /// The machine.
        machine: usize,
        /// Number of machines.
        machines: usize,
    },
    /// What the common form of problems refuses.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

impl Operation {
    /// The operation with one choice.
    pub fn on(machine: usize, duration: Ticks) -> Self {
        Operation { choices: vec![Choice { machine, duration }] }
    }
}

impl ShopInstance {
    /// Whether every operation has exactly one choice: a plain job shop.
    pub fn is_job_shop(&self) -> bool {
        self.operations().all(|operation| operation.choices.len() == 1)
    }

    /// All operations, job by job.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.jobs.iter().flat_map(|job| &job.operations)
    }

    /// Checks the rules of the module documentation; durations are left to the problem.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ShopError> {
        for (job, data) in self.jobs.iter().enumerate() {
            if data.operations.is_empty() {
                return Err(ShopError::NoOperation { job });
            }
            for (operation, data) in data.operations.iter().enumerate() {
                if data.choices.is_empty() {
                    return Err(ShopError::NoChoice { job, operation });
                }
                let unknown = data.choices.iter().find(|choice| choice.machine >= self.machines);
                if let Some(&Choice { machine, .. }) = unknown {
                    let machines = self.machines;
                    return Err(ShopError::UnknownMachine { job, operation, machine, machines });
                }
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
        let shop = |operations: Vec<Operation>| ShopInstance {
            name: "x".to_owned(),
            machines: 2,
            jobs: vec![ShopJob { operations }],
        };
        assert_eq!(shop(vec![Operation::on(1, Ticks::new(3))]).validate(), Ok(()));
        assert_eq!(shop(vec![]).validate(), Err(ShopError::NoOperation { job: 0 }));
        let idle = shop(vec![Operation::default()]).validate();
        assert_eq!(idle, Err(ShopError::NoChoice { job: 0, operation: 0 }));
        let far = shop(vec![Operation::on(2, Ticks::ZERO)]).validate();
        assert!(matches!(far, Err(ShopError::UnknownMachine { machine: 2, machines: 2, .. })));
    }
}
