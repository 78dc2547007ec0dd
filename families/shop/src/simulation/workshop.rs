//! What never changes while a shop is simulated, as arrays.
//!
//! Operations are numbered job by job like the tasks of the problem, choices operation by operation
//! like its modes. Of an operation with several machines, sums count the shortest. O(choices).
//!
//! **Source:** -

use super::WorkshopError;
use crate::instance::{Route, ShopInstance, ShopJob};
use crate::lower::raise;
use ordine_problem::Problem;

/// A buffer that takes whoever comes.
pub const UNLIMITED: u32 = u32::MAX;

/// Jobs, operations and machines of a simulated shop.
#[derive(Clone, Debug, PartialEq)]
pub struct Workshop {
    /// Name of the instance.
    pub(super) name: String,
    /// Number of machines.
    pub(super) machines: usize,
    /// By job, its first operation; one more at the end.
    pub(super) first_operation: Vec<u32>,
    /// By operation, its job.
    pub(super) job: Vec<u32>,
    /// By operation, its first choice; one more at the end.
    pub(super) first_choice: Vec<u32>,
    /// By choice, its machine.
    pub(super) machine: Vec<u32>,
    /// By choice, its duration.
    pub(super) duration: Vec<i64>,
    /// By operation, the duration of its shortest choice.
    pub(super) shortest: Vec<i64>,
    /// By operation, the work of its job before it.
    pub(super) work_before: Vec<i64>,
    /// By operation, the work of its job from it on.
    pub(super) work_from: Vec<i64>,
    /// By operation, its work and that of the next one of its job.
    pub(super) work_of_two: Vec<i64>,
    /// The most work of a job.
    pub(super) work_longest: i64,
    /// By job, its wished end, if there is one.
    pub(super) due: Vec<Option<i64>>,
    /// Mean duration of the operations, at least one tick.
    pub(super) duration_mean: f64,
    /// What the jobs are called, where not `j0`, `j1`, ….
    pub(super) instance: ShopInstance,
}

impl Workshop {
    /// The shop that a problem states.
    ///
    /// # Errors
    /// What of the problem is no shop whose jobs are chains.
    pub fn of(problem: &Problem) -> Result<Self, WorkshopError> {
        let no = |found: String| WorkshopError::NoShop { found };
        Self::of_instance(raise(problem).map_err(no)?)
    }

    /// The shop of an instance.
    ///
    /// # Errors
    /// What of it cannot be simulated.
    pub fn of_instance(instance: ShopInstance) -> Result<Self, WorkshopError> {
        let no = |found: &str| Err(WorkshopError::NoShop { found: found.to_owned() });
        if instance.route == Route::Open {
            return no("tasks of a job in any order");
        }
        if instance.workers > 0 {
            return no("workers");
        }
        if let Err(error) = instance.validate() {
            return no(&error.to_string());
        }
        let mut shop = Workshop {
            name: instance.name.clone(),
            machines: instance.machines,
            first_operation: vec![0],
            job: Vec::new(),
            first_choice: vec![0],
            machine: Vec::new(),
            duration: Vec::new(),
            shortest: Vec::new(),
            work_before: Vec::new(),
            work_from: Vec::new(),
            work_of_two: Vec::new(),
            work_longest: 0,
            due: Vec::new(),
            duration_mean: 1.0,
            instance: ShopInstance::default(),
        };
        for (number, job) in instance.jobs.iter().enumerate() {
            shop.add(number as u32, job);
        }
        let total: i64 = shop.shortest.iter().sum();
        shop.duration_mean = (total as f64 / shop.job.len().max(1) as f64).max(1.0);
        shop.instance = instance;
        Ok(shop)
    }

    /// The same shop with so many jobs, those of the instance over and over.
    ///
    /// # Errors
    /// When the shop has no job.
    pub fn repeated(&self, jobs: usize) -> Result<Self, WorkshopError> {
        if self.jobs() == 0 {
            return Err(WorkshopError::NoShop { found: "no job".to_owned() });
        }
        let cycle = self.instance.jobs.iter().cycle().take(jobs).cloned();
        let instance = ShopInstance { jobs: cycle.collect(), ..self.instance.clone() };
        Self::of_instance(instance)
    }

    fn add(&mut self, number: u32, job: &ShopJob) {
        let mut before = 0;
        let first = self.shortest.len();
        for operation in &job.operations {
            self.job.push(number);
            for choice in &operation.choices {
                self.machine.push(choice.machine as u32);
                self.duration.push(choice.duration.get());
            }
            self.first_choice.push(self.machine.len() as u32);
            let shortest = operation.choices.iter().map(|choice| choice.duration.get()).min();
            let shortest = shortest.expect("every operation of a valid shop has a choice");
            self.shortest.push(shortest);
            self.work_before.push(before);
            before += shortest;
        }
        self.work_longest = self.work_longest.max(before);
        for operation in first..self.shortest.len() {
            let next = self.shortest.get(operation + 1).copied().unwrap_or(0);
            self.work_from.push(before - self.work_before[operation]);
            self.work_of_two.push(self.shortest[operation] + next);
        }
        self.first_operation.push(self.shortest.len() as u32);
        self.due.push(job.due.map(ordine_base::Time::get));
    }

    /// Name of the instance.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The instance that it was made from.
    pub fn instance(&self) -> &ShopInstance {
        &self.instance
    }

    /// Number of jobs.
    pub fn jobs(&self) -> usize {
        self.first_operation.len() - 1
    }

    /// Number of operations.
    pub fn operations(&self) -> usize {
        self.job.len()
    }

    /// Number of machines.
    pub fn machines(&self) -> usize {
        self.machines
    }

    /// Whether an operation can run on several machines.
    pub fn has_choices(&self) -> bool {
        self.machine.len() > self.operations()
    }

    /// Mean duration of the operations, at least one tick.
    pub fn duration_mean(&self) -> f64 {
        self.duration_mean
    }

    /// Work of the job of an operation before it: the earliest end of what precedes it.
    pub fn work_before(&self, operation: usize) -> i64 {
        self.work_before[operation]
    }

    /// Work of the job of an operation up to its end.
    pub fn flow_due(&self, operation: usize) -> i64 {
        self.work_before[operation] + self.shortest[operation]
    }

    /// The choices of an operation.
    pub(super) fn choices(&self, operation: usize) -> std::ops::Range<usize> {
        self.first_choice[operation] as usize..self.first_choice[operation + 1] as usize
    }

    /// The choice that runs an operation on a machine.
    pub(super) fn choice_on(&self, operation: usize, machine: usize) -> Option<usize> {
        self.choices(operation).find(|&choice| self.machine[choice] as usize == machine)
    }
}
