//! Probes from below: now and then the search tries to refute that the objective is small.
//!
//! A probe assumes that the objective lies in the lowest part of what is left of it. Refuted, it
//! raises the bound, and the next probe reaches higher; given up after so many conflicts, the next
//! one reaches less far, and searches longer where it cannot reach less. What is learned in a probe
//! stays true, and probes take a fifth of all conflicts.
//!
//! **Source:** destructive improvement: Robert Klein, Armin Scholl, *Computing lower bounds by
//! destructive improvement* (EJOR 1999); dual cuts beside the primal ones as in Petr Vilím,
//! Philippe Laborie, Paul Shaw (CPAIOR 2015).

use ordine_cp::Value;

/// Conflicts of the first probe.
const CONFLICTS_AT_FIRST: u64 = 200;

/// Conflicts between probes, per conflict of the last one.
const CONFLICTS_BETWEEN: u64 = 4;

/// When to probe, how far, and how long.
#[derive(Clone, Debug)]
pub(super) struct Probes {
    /// The largest value that the open probe assumes, and the conflicts at which it is given up.
    open: Option<(Value, u64)>,
    begun_at: u64,
    next_at: u64,
    /// Part of what is left that the next probe assumes.
    share: f64,
    conflicts_max: u64,
    /// Whether the open probe reaches no further than the bound.
    is_least: bool,
}

impl Default for Probes {
    fn default() -> Self {
        Probes {
            open: None,
            begun_at: 0,
            next_at: CONFLICTS_AT_FIRST * CONFLICTS_BETWEEN,
            share: 0.25,
            conflicts_max: CONFLICTS_AT_FIRST,
            is_least: false,
        }
    }
}

impl Probes {
    /// Whether a probe should begin after so many conflicts.
    pub(super) fn is_due(&self, conflicts: u64) -> bool {
        self.open.is_none() && conflicts >= self.next_at
    }

    /// Begins a probe of an objective within `[lower, upper]`; not where nothing lies between.
    pub(super) fn begin(&mut self, lower: Value, upper: Value, conflicts: u64) {
        if lower >= upper {
            self.next_at = conflicts + CONFLICTS_AT_FIRST;
            return;
        }
        let reach = ((upper - lower) as f64 * self.share) as Value;
        self.is_least = reach == 0;
        self.begun_at = conflicts;
        self.open = Some((lower + reach, conflicts + self.conflicts_max));
    }

    /// The largest value that the open probe assumes.
    pub(super) fn target(&self) -> Option<Value> {
        self.open.map(|(target, _)| target)
    }

    /// Conflicts that the search may have before it must look up.
    pub(super) fn conflicts_left(&self, conflicts: u64) -> u64 {
        let until = self.open.map_or(self.next_at, |(_, until)| until);
        until.saturating_sub(conflicts).max(1)
    }

    /// Whether the open probe has had all its conflicts.
    pub(super) fn is_over(&self, conflicts: u64) -> bool {
        self.open.is_some_and(|(_, until)| conflicts >= until)
    }

    /// Ends the open probe.
    pub(super) fn end(&mut self, is_refuted: bool, conflicts: u64) {
        self.open = None;
        self.next_at = conflicts + CONFLICTS_BETWEEN * (conflicts - self.begun_at);
        match (is_refuted, self.is_least) {
            (true, _) => self.share = (2.0 * self.share).min(0.5),
            (false, true) => self.conflicts_max *= 2,
            (false, false) => self.share /= 2.0,
        }
    }

    /// Forgets the open probe: the objective has changed its bounds.
    pub(super) fn drop_open(&mut self) {
        self.open = None;
    }
}
