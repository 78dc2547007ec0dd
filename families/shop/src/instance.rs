//! A shop in the family's own words: jobs, operations, choices of machines and workers.
//!
//! Valid when every machine and worker exists, every job has an operation, every operation a
//! choice, and no duration is negative. O(choices).
//!
//! **Source:** Brandimarte 1993, section 2; workers as in Gong, Chiong, Deng, Gong 2020.

use crate::variants::VARIANTS;
use ordine_base::{Ticks, Time};
use ordine_problem::ProblemError;

/// One way to run an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The machine, from 0.
    pub machine: usize,
    /// The worker who runs it, from 0, where the machine does not run alone.
    pub worker: Option<usize>,
    /// Processing time on it.
    pub duration: Ticks,
}

/// One step of a job: one of its choices is to be run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// The machines that can run it.
    pub choices: Vec<Choice>,
}

/// In which order the operations of each job run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// As they are listed, each after the one before it.
    #[default]
    Chain,
    /// In any order, never two at a time: an open shop.
    Open,
}

/// The operations of one customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopJob {
    /// Its operations, first to last.
    pub operations: Vec<Operation>,
    /// Wished end, if there is one.
    pub due: Option<Time>,
}

/// An instance of a shop, whatever its type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopInstance {
    /// Name of the instance.
    pub name: String,
    /// Number of machines.
    pub machines: usize,
    /// Number of workers.
    pub workers: usize,
    /// In which order the operations of each job run.
    pub route: Route,
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
    /// A worker that the shop does not have.
    #[error(
        "operation {operation} of job {job} needs worker {worker}, but the workers are 0 to \
         {workers} (excluded): correct it or raise the number of workers"
    )]
    UnknownWorker {
        /// The job, from 0.
        job: usize,
        /// The operation within the job, from 0.
        operation: usize,
        /// The worker.
        worker: usize,
        /// Number of workers.
        workers: usize,
    },
    /// Setups that do not go with the shop.
    #[error("no setups for this shop: found {0}; give a shop without setups and one matrix each")]
    Setups(String),
    /// Operators for a shop that has some.
    #[error("the shop has operators already: ask for them once")]
    OperatorsAlready,
    /// A variant that is none.
    #[error(
        "unknown variant {name:?}: expected names among {}, separated by commas",
        VARIANTS.map(|variant| variant.name).join(", ")
    )]
    UnknownVariant {
        /// The name asked for.
        name: String,
    },
    /// A variant that does not go with the shop.
    #[error("variant {variant} does not go with this problem: {why}")]
    Variant {
        /// The variant.
        variant: &'static str,
        /// Why it does not.
        why: String,
    },
    /// What the common form of problems refuses.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

impl Operation {
    /// The operation with one choice.
    pub fn on(machine: usize, duration: Ticks) -> Self {
        Operation { choices: vec![Choice::on(machine, duration)] }
    }
}

impl Choice {
    /// The machine that runs alone.
    pub fn on(machine: usize, duration: Ticks) -> Self {
        Choice { machine, worker: None, duration }
    }
}

impl ShopJob {
    /// The job of these operations, without dates.
    pub fn of(operations: Vec<Operation>) -> Self {
        ShopJob { operations, ..ShopJob::default() }
    }
}

/// What a shop may say beyond chains of operations with one machine each; a format says which of
/// these words it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Operations with several choices.
    Choices,
    /// Workers.
    Workers,
    /// Operations that run in any order.
    AnyOrder,
    /// Due times.
    DueTimes,
}

impl Word {
    const ALL: [Word; 4] = [Word::Choices, Word::Workers, Word::AnyOrder, Word::DueTimes];

    fn text(self) -> &'static str {
        match self {
            Word::Choices => "tasks with several modes",
            Word::Workers => "workers",
            Word::AnyOrder => "tasks of a job in any order",
            Word::DueTimes => "due times",
        }
    }
}

impl ShopInstance {
    /// Whether every operation has exactly one choice: a plain job shop.
    pub fn is_job_shop(&self) -> bool {
        self.operations().all(|operation| operation.choices.len() == 1)
    }

    /// Whether the shop uses a word.
    pub fn uses(&self, word: Word) -> bool {
        match word {
            Word::Choices => !self.is_job_shop(),
            Word::Workers => self.workers > 0,
            Word::AnyOrder => self.route == Route::Open,
            Word::DueTimes => self.jobs.iter().any(|job| job.due.is_some()),
        }
    }

    /// The shop, when it needs no word beyond the `known` ones.
    ///
    /// # Errors
    /// What else the shop says.
    pub fn within(self, known: &[Word]) -> Result<ShopInstance, String> {
        let beyond = |word: &Word| !known.contains(word) && self.uses(*word);
        match Word::ALL.into_iter().find(beyond) {
            Some(word) => Err(word.text().to_owned()),
            None => Ok(self),
        }
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
                let workers = self.workers;
                let named = data.choices.iter().filter_map(|choice| choice.worker);
                if let Some(worker) = named.into_iter().find(|&worker| worker >= workers) {
                    return Err(ShopError::UnknownWorker { job, operation, worker, workers });
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
            workers: 1,
            route: Route::Chain,
            jobs: vec![ShopJob::of(operations)],
        };
        assert_eq!(shop(vec![Operation::on(1, Ticks::new(3))]).validate(), Ok(()));
        assert_eq!(shop(vec![]).validate(), Err(ShopError::NoOperation { job: 0 }));
        let idle = shop(vec![Operation::default()]).validate();
        assert_eq!(idle, Err(ShopError::NoChoice { job: 0, operation: 0 }));
        let far = shop(vec![Operation::on(2, Ticks::ZERO)]).validate();
        assert!(matches!(far, Err(ShopError::UnknownMachine { machine: 2, machines: 2, .. })));
        let choice = Choice { worker: Some(1), ..Choice::on(0, Ticks::ZERO) };
        let alone = shop(vec![Operation { choices: vec![choice] }]).validate();
        assert!(matches!(alone, Err(ShopError::UnknownWorker { worker: 1, workers: 1, .. })));
    }
}
