//! What a run looked like: bars on lanes, with what a lane did in each.
//!
//! **Source:** -

use ordine_base::Time;

/// Bars of a run, from which a Gantt chart is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Names of lanes, from top to bottom: machines, as a rule.
    pub lanes: Vec<String>,
    /// Names of what shares a color: jobs, as a rule.
    pub groups: Vec<String>,
    /// The bars, in any order.
    pub bars: Vec<HistoryBar>,
}

/// What one lane did for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryBar {
    /// Position of the lane.
    pub lane: usize,
    /// When it began.
    pub start: Time,
    /// When it ended; not before it began.
    pub end: Time,
    /// What it was.
    pub phase: Phase,
    /// Position of the group, where it belongs to one.
    pub group: Option<usize>,
    /// Written on it.
    pub label: String,
}

/// What a lane does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It works.
    Work,
    /// It is made ready.
    Setup,
    /// It holds what it has finished, because there is no place for it.
    Blocked,
    /// It is broken.
    Down,
    /// What was on it was interrupted and waits there.
    Interrupted,
}
