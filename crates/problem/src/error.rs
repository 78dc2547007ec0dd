//! Why a problem cannot be built or sealed.
//!
//! Every message says what was expected, what was found, where, and what to change.
//!
//! **Source:** validation in two places as in PyJobShop.

use ordine_base::{Demand, Time};

/// Why a problem cannot be built or sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// A number lies outside what the model allows.
    #[error("{what} of {owner} is {found}: expected {expected}")]
    OutOfRange {
        /// The quantity.
        what: &'static str,
        /// Whose it is.
        owner: String,
        /// The number found.
        found: i64,
        /// The range that is allowed.
        expected: String,
    },
    /// An id that the builder has not given.
    #[error("{owner} refers to {what} {found}, but only {known} are known: add it first")]
    UnknownId {
        /// Who refers.
        owner: String,
        /// Kind of thing referred to.
        what: &'static str,
        /// Its index.
        found: usize,
        /// Number of known things of the kind.
        known: usize,
    },
    /// A mode names one resource twice.
    #[error("a mode of task {task} names resource {resource} twice: add the demands up")]
    RepeatedResource {
        /// Name of the task.
        task: String,
        /// Name of the resource.
        resource: String,
    },
    /// A task without any mode.
    #[error("task {task} has no mode: give it at least one")]
    NoMode {
        /// Name of the task.
        task: String,
    },
    /// A task that no mode can run, each for want of capacity.
    #[error(
        "task {task} can never run: its mode {mode} demands {demand} of resource {resource}, \
         whose capacity is {capacity}; lower the demand or raise the capacity"
    )]
    ImpossibleDemand {
        /// Name of the task.
        task: String,
        /// Number of the mode within the task, from 0.
        mode: usize,
        /// Name of the resource.
        resource: String,
        /// What the mode demands.
        demand: Demand,
        /// What the resource has.
        capacity: Demand,
    },
    /// Precedences that form a cycle.
    #[error("precedences form a cycle: {}; remove one of them", tasks.join(" -> "))]
    Cycle {
        /// Names of the tasks around the cycle, the first repeated at the end.
        tasks: Vec<String>,
    },
    /// A time horizon beyond the largest time.
    #[error(
        "releases, durations and lags add up to {found} ticks: expected at most {}; \
         use a coarser unit",
        Time::MAX
    )]
    HorizonTooLong {
        /// The sum.
        found: i128,
    },
    /// Demands on one resource that could overflow when added up.
    #[error(
        "demands on resource {resource} add up to {found} over all modes: expected below 2^62; \
         use a coarser unit"
    )]
    DemandTooLarge {
        /// Name of the resource.
        resource: String,
        /// The sum.
        found: i128,
    },
    /// An objective whose value could overflow.
    #[error(
        "the objective could reach {found}: expected below 2^62; use smaller weights or a \
         coarser unit"
    )]
    ObjectiveTooLarge {
        /// The largest value.
        found: i128,
    },
    /// A reservoir that is demanded, or a level of something else that is changed.
    #[error("{owner} uses resource {resource}, which {problem}")]
    NotAReservoir {
        /// Who uses it.
        owner: String,
        /// Name of the resource.
        resource: String,
        /// What is wrong, and what to do.
        problem: &'static str,
    },
    /// A part that contradicts the rest of the problem.
    #[error("{owner}: {problem}")]
    Contradiction {
        /// The part, by name.
        owner: String,
        /// What was expected, what was found, what to change.
        problem: String,
    },
    /// A task whose resources never work together for as long as it needs.
    #[error(
        "task {task} can never run: no stretch of working time of its resources fits the \
         {duration} ticks of its mode {mode}; lengthen the shifts or let the task pause"
    )]
    NoWorkingTime {
        /// Name of the task.
        task: String,
        /// Number of the mode within the task, from 0.
        mode: usize,
        /// Duration of the mode.
        duration: i64,
    },
    /// An objective over resources or plans that nothing in the problem takes part in.
    #[error("objective {measure} needs {missing}, but there is none: add it or choose another")]
    NothingMeasured {
        /// Name of the measure.
        measure: &'static str,
        /// What it is measured on.
        missing: &'static str,
    },
    /// An objective that compares with due times where no job has one.
    #[error("objective {measure} needs due times, but no job has one: give a job a due time")]
    NoDue {
        /// Name of the measure.
        measure: &'static str,
    },
}
