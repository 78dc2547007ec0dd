//! Rules about tasks that something else than a resource relates: precedences, selections, spans,
//! modes.
//!
//! Times are compared as `i128`, so that no sum of two of them can overflow. O(size of the
//! relations), and the requirements of related modes.
//!
//! **Source:** decision record 0004.

use crate::Violation;
use crate::judge::Case;
use ordine_base::Time;
use ordine_problem::{
    ModeId, ModeRelationKind, Precedence, PrecedenceId, PrecedenceKind, ResourceId, ResourceKind,
    Selection, SelectionKind, Span,
};
use std::collections::BTreeSet;

/// The points that a precedence relates, where both tasks are present.
pub(crate) fn points(case: &Case<'_>, precedence: &Precedence) -> Option<(Time, Time)> {
    let before = case.schedule.placement(precedence.before)?;
    let after = case.schedule.placement(precedence.after)?;
    Some(match precedence.kind {
        PrecedenceKind::EndToStart => (before.end, after.start),
        PrecedenceKind::StartToStart => (before.start, after.start),
        PrecedenceKind::EndToEnd => (before.end, after.end),
        PrecedenceKind::StartToEnd => (before.start, after.end),
    })
}

/// `point(after) - point(before)`.
pub(crate) fn gap((before, after): (Time, Time)) -> i128 {
    i128::from(after.get()) - i128::from(before.get())
}

/// Precedences that must hold between tasks that are not both over, with the points related.
fn judged<'a>(
    case: &'a Case<'_>,
) -> impl Iterator<Item = (PrecedenceId, &'a Precedence, (Time, Time))> {
    case.problem.precedences().iter().filter_map(|(id, data)| {
        let is_open = !(case.done[data.before] && case.done[data.after]);
        let is_judged = is_open && data.penalty.is_none();
        Some((id, data, points(case, data).filter(|_| is_judged)?))
    })
}

/// `point(before) + lag <= point(after)`.
pub(crate) fn precedence(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (precedence, data, points) in judged(case) {
        let (before, after) = points;
        if gap(points) < i128::from(data.lag.get()) {
            violations.push(Violation::Precedence { precedence, before, after });
        }
    }
}

/// `point(after) <= point(before) + lag_max`.
pub(crate) fn precedence_too_far(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (precedence, data, points) in judged(case) {
        let (before, after) = points;
        if data.lag_max.is_some_and(|most| gap(points) > i128::from(most.get())) {
            violations.push(Violation::PrecedenceTooFar { precedence, before, after });
        }
    }
}

/// As many tasks of each selection are present as its kind and its condition ask for; too many
/// only when one of them is not over.
pub(crate) fn selection(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (selection, data) in case.problem.selections().iter().enumerate() {
        let is_present = |task| case.schedule.placement(task).is_some();
        let chosen = || data.tasks.iter().copied().filter(|&task| is_present(task));
        let (present, condition) = (chosen().count(), data.condition.map(is_present));
        let at_most_one = matches!(data.kind, SelectionKind::ExactlyOne | SelectionKind::AtMostOne);
        let is_asked = condition != Some(false);
        let is_history = at_most_one && is_asked && chosen().all(|task| case.done[task]);
        if !(is_as_asked(data, present, condition) || present > 1 && is_history) {
            violations.push(Violation::Selection { selection, present, condition });
        }
    }
}

fn is_as_asked(selection: &Selection, present: usize, condition: Option<bool>) -> bool {
    let all = selection.tasks.len();
    match (selection.kind, condition) {
        (_, Some(false)) => present == 0,
        (SelectionKind::ExactlyOne, _) => present == 1,
        (SelectionKind::AtMostOne, _) => present <= 1,
        (SelectionKind::AtLeastOne, _) => present >= 1,
        (SelectionKind::AllOrNone, Some(true)) => present == all,
        (SelectionKind::AllOrNone, None) => present == 0 || present == all,
    }
}

/// A task that spans others is present exactly when one of them is.
pub(crate) fn span_presence(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for Span { parent, children } in case.problem.spans() {
        let is_present = |task| case.schedule.placement(task).is_some();
        let child = children.iter().copied().find(|&child| is_present(child));
        if child.is_some() != is_present(*parent) {
            violations.push(Violation::SpanPresence { parent: *parent, child });
        }
    }
}

/// It reaches from their first start to their latest end.
pub(crate) fn span_times(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for Span { parent, children } in case.problem.spans() {
        let Some(placement) = case.schedule.placement(*parent) else { continue };
        let present = || children.iter().filter_map(|&child| case.schedule.placement(child));
        let first_start = present().map(|child| child.start).min();
        let latest_end = present().map(|child| child.end).max();
        let (Some(first_start), Some(latest_end)) = (first_start, latest_end) else { continue };
        let (parent, start, end) = (*parent, placement.start, placement.end);
        if (start, end) != (first_start, latest_end) {
            let found = Violation::SpanTimes { parent, start, end, first_start, latest_end };
            violations.push(found);
        }
    }
}

/// The modes of two present tasks that are not both over fit together.
pub(crate) fn mode_relation(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (relation, data) in case.problem.mode_relations().iter().enumerate() {
        if case.done[data.first] && case.done[data.second] {
            continue;
        }
        let mode = |task| {
            let placement = case.schedule.placement(task)?;
            case.is_own_mode(task, placement).then_some(placement.mode)
        };
        let (Some(first), Some(second)) = (mode(data.first), mode(data.second)) else { continue };
        let (left, right) = (used(case, first), used(case, second));
        let number = |mode| case.problem.mode_number(mode);
        let culprit = match data.kind {
            ModeRelationKind::SameMode => (number(first) != number(second)).then_some(None),
            ModeRelationKind::SameResources => {
                left.symmetric_difference(&right).next().copied().map(Some)
            }
            ModeRelationKind::DifferentResources => {
                left.intersection(&right).next().copied().map(Some)
            }
        };
        violations.extend(culprit.map(|resource| Violation::ModeRelation { relation, resource }));
    }
}

/// The machines and renewables of a mode.
fn used(case: &Case<'_>, mode: ModeId) -> BTreeSet<ResourceId> {
    let needs = case.problem.requirements(mode).iter().map(|need| need.resource);
    let kind = |id: ResourceId| case.problem.resource(id).kind;
    needs
        .filter(|&id| matches!(kind(id), ResourceKind::Machine | ResourceKind::Renewable(_)))
        .collect()
}
