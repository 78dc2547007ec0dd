//! When a run ends: stop rules, and the reason that every run reports.
//!
//! Work is counted in units (a task placed, a move evaluated, a node visited). Wall time is an
//! additional stop for users; libraries never read a clock, they are lent one ([`Clock`]).
//!
//! **Source:** the stopping criteria of PyVRP; the `StopReason` of egg.

use crate::Cost;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Wall time since the run began. The program implements it; libraries only read it.
pub trait Clock: Sync {
    /// Time since the run began.
    fn elapsed(&self) -> Duration;
}

/// A clock that stands still: for runs that are bounded by work alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrozenClock;

impl Clock for FrozenClock {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StopReason {
    /// The incumbent equals the bound, or infeasibility was proved.
    Proved,
    /// The time limit was reached.
    Time,
    /// The work budget was spent.
    Work,
    /// The incumbent reached the target.
    Target,
    /// The gap between incumbent and bound is small enough.
    Gap,
    /// Nothing better was found for the stated time.
    NoImprovement,
    /// The first schedule was all that was asked for.
    FirstSchedule,
    /// The memory limit was reached.
    Memory,
    /// The user interrupted the run.
    Interrupted,
    /// The searchers have nothing left to try.
    Exhausted,
}

impl StopReason {
    /// The word that reports print.
    pub const fn word(self) -> &'static str {
        match self {
            StopReason::Proved => "proved",
            StopReason::Time => "time",
            StopReason::Work => "work",
            StopReason::Target => "target",
            StopReason::Gap => "gap",
            StopReason::NoImprovement => "no-improvement",
            StopReason::FirstSchedule => "first",
            StopReason::Memory => "memory",
            StopReason::Interrupted => "interrupted",
            StopReason::Exhausted => "exhausted",
        }
    }
}

/// What a stop rule may look at.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    /// Wall time since the run began.
    pub elapsed: Duration,
    /// Work units spent so far by all searchers.
    pub work: u64,
    /// Cost of the incumbent, if there is one.
    pub incumbent: Option<&'a Cost>,
    /// Best bound so far.
    pub bound: &'a Cost,
    /// Wall time when the incumbent was found.
    pub improved_at: Duration,
}

/// A rule that ends a run. Asked often: it must be cheap and must not block.
pub trait StopWhen: Send + Sync {
    /// The reason to stop now, if there is one.
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason>;
}

/// Stops when the wall time reaches the limit.
#[derive(Clone, Copy, Debug)]
pub struct TimeLimit(pub Duration);

impl StopWhen for TimeLimit {
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason> {
        (progress.elapsed >= self.0).then_some(StopReason::Time)
    }
}

/// Stops when the incumbent costs at most this.
#[derive(Clone, Debug)]
pub struct Target(pub Cost);

impl StopWhen for Target {
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason> {
        progress.incumbent.filter(|cost| **cost <= self.0).map(|_| StopReason::Target)
    }
}

/// Stops when the relative gap `(cost - bound) / |cost|` is at most this.
#[derive(Clone, Copy, Debug)]
pub struct GapLimit(pub f64);

impl StopWhen for GapLimit {
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason> {
        let cost = progress.incumbent?;
        (cost.gap(progress.bound) <= self.0).then_some(StopReason::Gap)
    }
}

/// Stops when an incumbent exists and nothing better came for this long.
#[derive(Clone, Copy, Debug)]
pub struct NoImprovement(pub Duration);

impl StopWhen for NoImprovement {
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason> {
        progress.incumbent?;
        (progress.elapsed.saturating_sub(progress.improved_at) >= self.0)
            .then_some(StopReason::NoImprovement)
    }
}

/// Stops at the first schedule.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstSchedule;

impl StopWhen for FirstSchedule {
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason> {
        progress.incumbent.map(|_| StopReason::FirstSchedule)
    }
}

/// Stops when a flag is raised from outside (Ctrl-C, a cancelled request).
#[derive(Clone, Debug, Default)]
pub struct Interrupt(pub Arc<AtomicBool>);

impl StopWhen for Interrupt {
    fn reached(&self, _progress: &Progress<'_>) -> Option<StopReason> {
        self.0.load(Ordering::Relaxed).then_some(StopReason::Interrupted)
    }
}

/// Stops as soon as one of several rules does; the first in order gives the reason.
#[derive(Default)]
pub struct FirstOf(pub Vec<Box<dyn StopWhen>>);

impl StopWhen for FirstOf {
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason> {
        self.0.iter().find_map(|rule| rule.reached(progress))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_holds_gives_the_reason() {
        let incumbent = Cost::single(10);
        let bound = Cost::single(9);
        let progress = Progress {
            elapsed: Duration::from_secs(2),
            work: 50,
            incumbent: Some(&incumbent),
            bound: &bound,
            improved_at: Duration::from_secs(1),
        };
        let rules = FirstOf(vec![
            Box::new(Target(Cost::single(9))),
            Box::new(GapLimit(0.1)),
            Box::new(TimeLimit(Duration::from_secs(1))),
        ]);
        assert_eq!(rules.reached(&progress), Some(StopReason::Gap));
        let patient = NoImprovement(Duration::from_secs(5));
        assert_eq!(patient.reached(&progress), None);
    }
}
