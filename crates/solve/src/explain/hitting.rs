//! Smallest sets that meet every conflict.
//!
//! Branches over the members of the first conflict that is not met, to a given depth: O(m^k) for
//! sets of k out of conflicts of m members, both small.
//!
//! **Source:** Raymond Reiter, *A theory of diagnosis from first principles* (1987).

use crate::ConstraintId;
use std::collections::BTreeSet;

/// What a set must be like, besides meeting every conflict.
pub(super) struct Wanted<'a> {
    /// Sets of which it holds none whole.
    pub(super) refused: &'a [BTreeSet<ConstraintId>],
    /// Most members.
    pub(super) size: usize,
    /// Members cost at least so much each; together they cost less than the limit, if there is one.
    pub(super) price: &'a dyn Fn(ConstraintId) -> i64,
    /// The limit.
    pub(super) below: Option<i64>,
}

/// A set that meets every conflict.
pub(super) fn hitting_set(
    conflicts: &[Vec<ConstraintId>],
    wanted: &Wanted<'_>,
) -> Option<BTreeSet<ConstraintId>> {
    branch(conflicts, wanted, 0, &mut BTreeSet::new())
}

fn branch(
    conflicts: &[Vec<ConstraintId>],
    wanted: &Wanted<'_>,
    cost: i64,
    chosen: &mut BTreeSet<ConstraintId>,
) -> Option<BTreeSet<ConstraintId>> {
    let is_dear = wanted.below.is_some_and(|below| cost >= below);
    if is_dear || wanted.refused.iter().any(|known| known.is_subset(chosen)) {
        return None;
    }
    let met = |conflict: &&Vec<ConstraintId>| conflict.iter().any(|it| chosen.contains(it));
    let Some(open) = conflicts.iter().find(|conflict| !met(conflict)) else {
        return Some(chosen.clone());
    };
    if chosen.len() == wanted.size {
        return None;
    }
    for &member in open {
        chosen.insert(member);
        let cost = cost.saturating_add((wanted.price)(member));
        let found = branch(conflicts, wanted, cost, chosen);
        chosen.remove(&member);
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Id;
    use ordine_problem::JobId;

    fn job(index: usize) -> ConstraintId {
        ConstraintId::Deadline(JobId::from_index(index))
    }

    #[test]
    fn what_meets_every_conflict_is_found_at_the_least_size() {
        let conflicts = [vec![job(0), job(1)], vec![job(1), job(2)], vec![job(3)]];
        let price = |it: ConstraintId| if it == job(3) { 5 } else { 1 };
        let find = |refused: &[BTreeSet<ConstraintId>], size, below| {
            hitting_set(&conflicts, &Wanted { refused, size, price: &price, below })
        };
        assert_eq!(find(&[], 1, None), None);
        let best = BTreeSet::from([job(1), job(3)]);
        assert_eq!(find(&[], 2, None), Some(best.clone()));
        assert_eq!(find(std::slice::from_ref(&best), 2, None), None);
        let next = BTreeSet::from([job(0), job(2), job(3)]);
        assert_eq!(find(std::slice::from_ref(&best), 3, Some(8)), Some(next));
        assert_eq!(find(&[best], 3, Some(7)), None);
    }
}
