//! Relations between the modes of two tasks: modes that do not fit are not chosen together.
//!
//! **Source:** identical and different resources of PyJobShop; decision record 0004.

use super::Lowered;
use ordine_problem::{ModeId, ModeRelation, ModeRelationKind, ResourceId};

/// Posts every relation.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    for relation in lowered.problem.mode_relations() {
        let history = lowered.both_done(relation.first, relation.second);
        for first in lowered.tasks[relation.first].modes.clone() {
            for second in lowered.tasks[relation.second].modes.clone() {
                if !fits(lowered, relation, first.mode, second.mode) {
                    let present = [first.interval.present, second.interval.present];
                    lowered.engine.post_clause(&[!present[0], !present[1], history]);
                }
            }
        }
    }
}

fn fits(lowered: &Lowered<'_>, relation: &ModeRelation, first: ModeId, second: ModeId) -> bool {
    let number = |mode| lowered.problem.mode_number(mode);
    let (left, right) = (used(lowered, first), used(lowered, second));
    match relation.kind {
        ModeRelationKind::SameMode => number(first) == number(second),
        ModeRelationKind::SameResources => left == right,
        ModeRelationKind::DifferentResources => !left.iter().any(|it| right.contains(it)),
    }
}

/// Machines and renewables of a mode, ascending.
fn used(lowered: &Lowered<'_>, mode: ModeId) -> Vec<ResourceId> {
    let needs = lowered.problem.requirements(mode).iter().map(|need| need.resource);
    let mut used: Vec<ResourceId> =
        needs.filter(|&id| lowered.problem.resource(id).comes_back()).collect();
    used.sort_unstable();
    used.dedup();
    used
}
