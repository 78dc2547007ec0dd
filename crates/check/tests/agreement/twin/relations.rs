//! Naive rules about tasks that something relates.
//!
//! **Source:** decision record 0004.

use super::{Kinds, Placed, Twin, note};
use ordine_problem::{
    ModeId, ModeRelationKind, Precedence, PrecedenceKind, ResourceId, ResourceKind, SelectionKind,
};

impl Twin<'_> {
    pub(super) fn relations(&self, kinds: &mut Kinds) {
        for precedence in self.problem.precedences().values() {
            let (Some(before), Some(after)) =
                (self.get(precedence.before), self.get(precedence.after))
            else {
                continue;
            };
            if precedence.penalty.is_none() && !(before.done && after.done) {
                let (short, beyond) = missed(precedence, before, after);
                note(kinds, "precedence", short > 0);
                note(kinds, "precedence-too-far", beyond > 0);
            }
        }
        self.selections(kinds);
        self.spans(kinds);
        self.mode_relations(kinds);
    }

    fn selections(&self, kinds: &mut Kinds) {
        for selection in self.problem.selections() {
            let present: Vec<&Placed> =
                selection.tasks.iter().filter_map(|task| self.get(*task)).collect();
            let (count, all) = (present.len(), selection.tasks.len());
            let asked = selection.condition.is_none_or(|task| self.get(task).is_some());
            let history = present.iter().all(|it| it.done);
            let good = match selection.kind {
                _ if !asked => count == 0,
                SelectionKind::ExactlyOne => count == 1 || count > 1 && history,
                SelectionKind::AtMostOne => count <= 1 || history,
                SelectionKind::AtLeastOne => count >= 1,
                SelectionKind::AllOrNone => {
                    count == all || count == 0 && selection.condition.is_none()
                }
            };
            note(kinds, "selection", !good);
        }
    }

    fn spans(&self, kinds: &mut Kinds) {
        for span in self.problem.spans() {
            let children: Vec<&Placed> =
                span.children.iter().filter_map(|child| self.get(*child)).collect();
            let parent = self.get(span.parent);
            note(kinds, "span-presence", parent.is_some() == children.is_empty());
            let Some(parent) = parent else { continue };
            let covers = children.iter().all(|it| parent.start <= it.start && it.end <= parent.end);
            let tight = children.iter().any(|it| it.start == parent.start)
                && children.iter().any(|it| it.end == parent.end);
            note(kinds, "span-times", !(children.is_empty() || covers && tight));
        }
    }

    fn mode_relations(&self, kinds: &mut Kinds) {
        for relation in self.problem.mode_relations() {
            let (Some(first), Some(second)) = (self.get(relation.first), self.get(relation.second))
            else {
                continue;
            };
            let (Some(left), Some(right)) = (first.mode, second.mode) else { continue };
            let (used, also) = (self.used(left), self.used(right));
            let good = match relation.kind {
                ModeRelationKind::SameMode => {
                    self.problem.mode_number(left) == self.problem.mode_number(right)
                }
                ModeRelationKind::SameResources => {
                    used.iter().all(|id| also.contains(id))
                        && also.iter().all(|id| used.contains(id))
                }
                ModeRelationKind::DifferentResources => !used.iter().any(|id| also.contains(id)),
            };
            note(kinds, "mode-relation", !(good || first.done && second.done));
        }
    }

    fn used(&self, mode: ModeId) -> Vec<ResourceId> {
        let needs = self.problem.requirements(mode).iter().map(|need| need.resource);
        let spent = |id: &ResourceId| {
            matches!(self.problem.resource(*id).kind, ResourceKind::Consumable(_))
        };
        needs.filter(|id| !spent(id)).collect()
    }
}

/// Ticks by which two tasks are too close, and too far apart.
pub(super) fn missed(precedence: &Precedence, before: &Placed, after: &Placed) -> (i128, i128) {
    let gap = match precedence.kind {
        PrecedenceKind::EndToStart => after.start - before.end,
        PrecedenceKind::StartToStart => after.start - before.start,
        PrecedenceKind::EndToEnd => after.end - before.end,
        PrecedenceKind::StartToEnd => after.end - before.start,
    };
    let beyond = precedence.lag_max.map_or(0, |most| gap - i128::from(most.get()));
    (i128::from(precedence.lag.get()) - gap, beyond)
}
