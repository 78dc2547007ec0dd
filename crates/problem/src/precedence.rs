//! Precedences: least and largest gaps between the points of two tasks.
//!
//! `point(before) + lag <= point(after)`, and `point(after) <= point(before) + lag_max` where a
//! largest gap is given: four kinds with least gaps, four with largest ones.
//!
//! **Source:** generalized precedence relations: Elmaghraby, Kamburowski 1992.

use crate::TaskId;
use ordine_base::Ticks;

/// Which points of two tasks a precedence relates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrecedenceKind {
    /// `end(before) + lag <= start(after)`.
    EndToStart,
    /// `start(before) + lag <= start(after)`.
    StartToStart,
    /// `end(before) + lag <= end(after)`.
    EndToEnd,
    /// `start(before) + lag <= end(after)`.
    StartToEnd,
}

impl PrecedenceKind {
    /// Whether the point of the first task is its end.
    pub fn leaves_end(self) -> bool {
        matches!(self, PrecedenceKind::EndToStart | PrecedenceKind::EndToEnd)
    }

    /// Whether the point of the second task is its start.
    pub fn enters_start(self) -> bool {
        matches!(self, PrecedenceKind::EndToStart | PrecedenceKind::StartToStart)
    }
}

/// Order of two tasks with a least and perhaps a largest gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precedence {
    /// The task whose point comes first.
    pub before: TaskId,
    /// The task whose point comes second.
    pub after: TaskId,
    /// Which points.
    pub kind: PrecedenceKind,
    /// Least gap; negative lets the points overlap by that much.
    pub lag: Ticks,
    /// Largest gap, if there is one; never below the least one.
    pub lag_max: Option<Ticks>,
    /// Cost of each tick by which it is missed; `None` when it must hold.
    pub penalty: Option<i64>,
}

impl Precedence {
    /// `after` starts when `before` has ended.
    pub fn end_to_start(before: TaskId, after: TaskId) -> Self {
        let (kind, lag) = (PrecedenceKind::EndToStart, Ticks::ZERO);
        Precedence { before, after, kind, lag, lag_max: None, penalty: None }
    }

    /// `after` starts at the very end of `before`.
    pub fn no_wait(before: TaskId, after: TaskId) -> Self {
        Precedence::end_to_start(before, after).with_lag_max(Ticks::ZERO)
    }

    /// The same precedence with this least gap.
    pub fn with_lag(self, lag: Ticks) -> Self {
        Precedence { lag, ..self }
    }

    /// The same precedence with this largest gap.
    pub fn with_lag_max(self, lag_max: Ticks) -> Self {
        Precedence { lag_max: Some(lag_max), ..self }
    }

    /// The same precedence between these points.
    pub fn with_kind(self, kind: PrecedenceKind) -> Self {
        Precedence { kind, ..self }
    }

    /// The same precedence as a wish: each tick by which it is missed costs this much.
    pub fn with_penalty(self, penalty: i64) -> Self {
        Precedence { penalty: Some(penalty), ..self }
    }

    /// Least distance from the start of `before` to the start of `after`, given both durations.
    pub fn start_to_start(self, duration_before: Ticks, duration_after: Ticks) -> Ticks {
        let mut distance = self.lag;
        if self.kind.leaves_end() {
            distance += duration_before;
        }
        if !self.kind.enters_start() {
            distance -= duration_after;
        }
        distance
    }
}
