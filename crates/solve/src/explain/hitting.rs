//! Smallest sets that meet every conflict.
//!
//! Branches over the members of the first conflict that is not met, to a given depth: O(m^k) for
//! sets of k out of conflicts of m members, both small.
//!
//! **Source:** Raymond Reiter, *A theory of diagnosis from first principles* (1987).

use crate::ConstraintId;
use std::collections::BTreeSet;

/// A set of `size` members or fewer that meets every conflict and holds none of `refused` whole.
pub(super) fn hitting_set(
    conflicts: &[Vec<ConstraintId>],
    refused: &[BTreeSet<ConstraintId>],
    size: usize,
) -> Option<BTreeSet<ConstraintId>> {
    branch(conflicts, refused, size, &mut BTreeSet::new())
}

fn branch(
    conflicts: &[Vec<ConstraintId>],
    refused: &[BTreeSet<ConstraintId>],
    left: usize,
    chosen: &mut BTreeSet<ConstraintId>,
) -> Option<BTreeSet<ConstraintId>> {
    if refused.iter().any(|known| known.is_subset(chosen)) {
        return None;
    }
    let met = |conflict: &&Vec<ConstraintId>| conflict.iter().any(|it| chosen.contains(it));
    let Some(open) = conflicts.iter().find(|conflict| !met(conflict)) else {
        return Some(chosen.clone());
    };
    if left == 0 {
        return None;
    }
    for &member in open {
        chosen.insert(member);
        let found = branch(conflicts, refused, left - 1, chosen);
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
        assert_eq!(hitting_set(&conflicts, &[], 1), None);
        let best = BTreeSet::from([job(1), job(3)]);
        assert_eq!(hitting_set(&conflicts, &[], 2), Some(best.clone()));
        assert_eq!(hitting_set(&conflicts, &[best], 2), None);
    }
}
