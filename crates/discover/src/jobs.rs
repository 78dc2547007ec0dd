//! Sets of single-machine instances as plain data; families read, make and prove them.
//!
//! **Source:** -

/// One machine, jobs released at 0, total tardiness.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// Duration of each job.
    pub durations: Vec<i64>,
    /// Due time of each job.
    pub dues: Vec<i64>,
    /// Least total tardiness that is known.
    pub optimum: i64,
    /// Whether nothing can be less.
    pub proven: bool,
    /// Class within its set.
    pub class: u32,
}

/// A set with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobSet {
    /// Name of the set.
    pub name: String,
    /// Its instances.
    pub instances: Vec<Jobs>,
}
