//! Why a local search cannot run.
//!
//! **Source:** -

/// Why a local search cannot run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LsError {
    /// The problem uses words of the model that this search does not respect.
    #[error("the problem has {found}, which this search does not support: choose another search")]
    Unsupported {
        /// What it has.
        found: String,
    },
    /// The start schedule leaves a task out.
    #[error("task {task} is not placed in the start schedule: place every task")]
    NotPlaced {
        /// Index of the task.
        task: usize,
    },
    /// The start schedule breaks a precedence, or uses a mode of another task.
    #[error("the start schedule is infeasible at task {task}: start from a feasible schedule")]
    InfeasibleStart {
        /// Index of the task.
        task: usize,
    },
    /// A parameter outside its range.
    #[error("parameter {name} is {found}: expected {expected}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// The value found.
        found: String,
        /// The values that are allowed.
        expected: &'static str,
    },
}
