//! Capacities beside history whose times are open: instant by instant.
//!
//! A task that is done can hold a resource until one that is not starts, and a task that spans
//! others can turn out to be done. Then the usage is judged wherever something runs that is not
//! done, and nowhere else: usage rises only where a use begins (a lack of capacity is a use as
//! well), so each pair of such a begin and of a use that is judged has its own sum. O(n²) sums.
//!
//! **Source:** decision record 0004; task decomposition of cumulatives: Schutt et al. 2009.

use super::Lowered;
use ordine_cp::propagators::{Usage, post_linear};
use ordine_cp::{Atom, Value, View};

/// A usage, and whether it is history.
pub(super) type Settled = (Usage, Atom);

/// Posts that usages, of fixed demands, are at most `capacity` while one runs that is no history.
pub(super) fn lower(lowered: &mut Lowered<'_>, usages: &[Settled], capacity: Value) {
    for (begin, _) in usages {
        let there = begin.task.present;
        let runs: Vec<Atom> =
            usages.iter().map(|(usage, _)| runs_at(lowered, usage, begin)).collect();
        let terms: Vec<(Value, View)> = usages
            .iter()
            .zip(&runs)
            .map(|((usage, _), &runs)| (usage.demand.offset, lowered.indicator(runs)))
            .collect();
        for ((_, done), &runs) in usages.iter().zip(&runs).filter(|it| it.0.1 != Atom::TRUE) {
            let judged = lowered.all_of(&[there, runs, !*done]);
            post_linear(&mut lowered.engine, &terms, capacity, judged);
        }
    }
}

/// Whether a usage is there and runs where another begins.
fn runs_at(lowered: &mut Lowered<'_>, usage: &Usage, begin: &Usage) -> Atom {
    if usage == begin {
        return usage.task.present;
    }
    let instant = begin.task.start;
    let started = not_after(lowered, usage.task.start, instant);
    let over = not_after(lowered, usage.task.end, instant);
    lowered.all_of(&[usage.task.present, started, !over])
}

/// An atom that says `first ≤ second`, where both are there.
pub(super) fn not_after(lowered: &mut Lowered<'_>, first: View, second: View) -> Atom {
    let trail = &lowered.engine.trail;
    if trail.upper(first) <= trail.lower(second) {
        return Atom::TRUE;
    }
    if trail.upper(second) < trail.lower(first) {
        return Atom::FALSE;
    }
    let holds = lowered.choice();
    lowered.engine.post_difference(first, second, 0, holds);
    lowered.engine.post_difference(second, first, 1, !holds);
    holds
}
