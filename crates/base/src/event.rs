//! What happens during a run, told to whoever listens.
//!
//! Engines call back with plain records; the program draws progress lines and traces from them.
//!
//! **Source:** the callbacks of PyVRP, with an observer that does nothing as base.

use crate::Cost;
use std::time::Duration;

/// Something worth telling about a run.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEvent {
    /// A better schedule was found, judged and adopted.
    Incumbent {
        /// Its cost.
        cost: Cost,
        /// Which searcher found it.
        source: &'static str,
        /// Wall time since the run began.
        elapsed: Duration,
        /// Work units spent so far.
        work: u64,
    },
    /// A better bound was proved.
    Bound {
        /// The bound.
        bound: Cost,
        /// Which argument proved it.
        source: &'static str,
        /// Wall time since the run began.
        elapsed: Duration,
        /// Work units spent so far.
        work: u64,
    },
}

/// Listens to a run. Called from searcher threads, one call at a time; must be quick.
pub trait Observer: Send {
    /// Takes notice of `event`.
    fn notice(&mut self, event: &RunEvent);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn notice(&mut self, _event: &RunEvent) {}
}
