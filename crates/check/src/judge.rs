//! The judgment: every rule in turn, then the cost.
//!
//! O(n log n) for n placements and requirements, and the shifts that tasks work through.
//!
//! **Source:** -

use crate::ends::Ending;
use crate::occupation::Use;
use crate::{
    Violation, cost, ends, machine_rules, occupation, placement_rules, relation_rules,
    sequence_rules, stock_rules, usage_rules, window_rules,
};
use ordine_base::{Cost, IdVec};
use ordine_problem::{FeatureSet, Placement, Problem, ResourceId, Schedule, Status, TaskId};

/// What is judged, with what several rules look at collected once.
pub(crate) struct Case<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) schedule: &'a Schedule,
    /// Whether a task is over, or spans only tasks that are: rules that concern only such tasks
    /// do not judge.
    pub(crate) done: IdVec<TaskId, bool>,
    /// Whether a task is done or running, or spans one that is: its start is a fact, and no rule
    /// about starts judges it.
    pub(crate) begun: IdVec<TaskId, bool>,
    /// When the work of a task is done, where that is judged.
    pub(crate) endings: IdVec<TaskId, Option<Ending>>,
    /// When machines and renewables are used; empty for other resources.
    pub(crate) uses: IdVec<ResourceId, Vec<Use>>,
}

/// The words of the model that the judge knows; it accepts no schedule of any other problem.
pub const JUDGED: FeatureSet = FeatureSet::ALL;

/// One rule: adds what it finds, ordered by the ids of what it names.
type Rule = fn(&Case<'_>, &mut Vec<Violation>);

/// Every rule, in the order of the variants of [`Violation`].
const RULES: [Rule; 34] = [
    placement_rules::task_count,
    placement_rules::unplaced,
    placement_rules::foreign_mode,
    placement_rules::unsettled,
    placement_rules::before_origin,
    placement_rules::before_now,
    ends::wrong_end,
    ends::in_break,
    placement_rules::before_release,
    placement_rules::after_deadline,
    window_rules::too_early,
    window_rules::too_late,
    window_rules::forbidden_start,
    window_rules::forbidden_end,
    window_rules::forbidden_extent,
    placement_rules::time_too_large,
    relation_rules::precedence,
    relation_rules::precedence_too_far,
    relation_rules::selection,
    relation_rules::span_presence,
    relation_rules::span_times,
    relation_rules::mode_relation,
    sequence_rules::same_sequence,
    machine_rules::overlap,
    machine_rules::broken_batch,
    machine_rules::mixed_batch,
    machine_rules::batch_too_large,
    machine_rules::setup,
    sequence_rules::swap,
    usage_rules::overuse,
    usage_rules::least_usage,
    stock_rules::overspending,
    stock_rules::stock_too_low,
    stock_rules::stock_too_high,
];

impl<'a> Case<'a> {
    fn new(problem: &'a Problem, schedule: &'a Schedule) -> Self {
        let uses = problem.resources().map(|_| Vec::new()).collect();
        let endings = IdVec::filled(problem.tasks().len(), None);
        let (done, begun) = progress(problem, schedule);
        let mut case = Case { problem, schedule, done, begun, endings, uses };
        case.endings = ends::endings(&case);
        case.uses = occupation::uses(&case);
        case
    }

    /// The tasks of the problem that the schedule places, ascending.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (TaskId, Placement)> {
        self.problem.tasks().filter_map(|task| Some((task, self.schedule.placement(task)?)))
    }

    /// Those whose mode says how long they run and what they need.
    pub(crate) fn placed_in_own_mode(&self) -> impl Iterator<Item = (TaskId, Placement)> {
        self.placed().filter(|&(task, placement)| self.is_own_mode(task, placement))
    }

    /// Those that are not over.
    pub(crate) fn placed_and_open(&self) -> impl Iterator<Item = (TaskId, Placement)> {
        self.placed().filter(|&(task, _)| !self.done[task])
    }

    /// Those that are not under way either.
    pub(crate) fn placed_and_ahead(&self) -> impl Iterator<Item = (TaskId, Placement)> {
        self.placed().filter(|&(task, _)| !self.begun[task])
    }

    /// Whether the mode of the placement exists and runs this task.
    pub(crate) fn is_own_mode(&self, task: TaskId, placement: Placement) -> bool {
        self.problem.modes(task).any(|mode| mode == placement.mode)
    }

    /// The placement of a task in a mode of its own, with length.
    pub(crate) fn with_length(&self, task: TaskId) -> Option<Placement> {
        let placement = self.schedule.placement(task)?;
        let good = self.is_own_mode(task, placement) && placement.start < placement.end;
        good.then_some(placement)
    }
}

/// Tasks that are over, with those that span at least one present task and only such that are
/// over; and tasks that have begun, with those that span a present one that has.
///
/// Spans form trees: the innermost come first.
fn progress(problem: &Problem, schedule: &Schedule) -> (IdVec<TaskId, bool>, IdVec<TaskId, bool>) {
    let status = |task| problem.task(task).status;
    let mut done: IdVec<TaskId, bool> = problem.tasks().map(|it| status(it).is_done()).collect();
    let has_begun = |it: &Status| matches!(it, Status::Done { .. } | Status::Running { .. });
    let mut begun: IdVec<TaskId, bool> = problem.tasks().map(|it| has_begun(&status(it))).collect();
    let mut parent: IdVec<TaskId, Option<TaskId>> = IdVec::filled(done.len(), None);
    let mut waiting: IdVec<TaskId, usize> = IdVec::filled(done.len(), 0);
    for span in problem.spans() {
        for &child in &span.children {
            parent[child] = Some(span.parent);
            waiting[span.parent] += usize::from(problem.span_of(child).is_some());
        }
    }
    let parents = problem.spans().iter().map(|span| span.parent);
    let mut ready: Vec<TaskId> = parents.filter(|&task| waiting[task] == 0).collect();
    while let Some(task) = ready.pop() {
        let children = problem.span_of(task).map_or(&[][..], |span| &span.children);
        let present = || children.iter().filter(|&&child| schedule.placement(child).is_some());
        done[task] = present().next().is_some() && present().all(|&child| done[child]);
        begun[task] = present().any(|&child| begun[child]);
        if let Some(outer) = parent[task] {
            waiting[outer] -= 1;
            if waiting[outer] == 0 {
                ready.push(outer);
            }
        }
    }
    (done, begun)
}

/// Judges a schedule: its cost under the problem's objective, or everything that is wrong.
///
/// Called by `solve` before an incumbent is published, and by the program on schedules of unknown
/// origin. The schedule may have another number of tasks than the problem and any numbers at all.
///
/// # Errors
/// All violations, at least one: by rule in the order of the variants of [`Violation`], then by
/// task, precedence, relation or resource, then by time.
pub fn check(problem: &Problem, schedule: &Schedule) -> Result<Cost, Vec<Violation>> {
    if let Some(violation) = unjudged(problem, JUDGED) {
        return Err(vec![violation]);
    }
    let case = Case::new(problem, schedule);
    let mut violations = Vec::new();
    for rule in RULES {
        rule(&case, &mut violations);
    }
    if !violations.is_empty() {
        return Err(violations);
    }
    cost::cost(&case).map_err(|violation| vec![violation])
}

/// A problem that says more than the judge knows has no schedule that it accepts.
fn unjudged(problem: &Problem, known: FeatureSet) -> Option<Violation> {
    let features = problem.unsupported(known);
    (!features.is_empty()).then_some(Violation::Unjudged { features })
}

/// Judges a schedule that comes with the cost that its author claims.
///
/// # Errors
/// Those of [`check`]; for a feasible schedule [`Violation::WrongCost`] when the claim is false.
pub fn check_claim(
    problem: &Problem,
    schedule: &Schedule,
    claimed: &Cost,
) -> Result<Cost, Vec<Violation>> {
    let judged = check(problem, schedule)?;
    if judged == *claimed {
        return Ok(judged);
    }
    Err(vec![Violation::WrongCost { claimed: claimed.clone(), judged }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Time;
    use ordine_problem::{Feature, ProblemBuilder};

    #[test]
    fn what_the_judge_does_not_know_is_never_accepted() {
        let mut builder = ProblemBuilder::new("later");
        builder.now(Time::new(1));
        let problem = builder.seal().expect("valid");
        let features = FeatureSet::of(&[Feature::SettledTasks]);
        let found = unjudged(&problem, FeatureSet::PLAIN);
        assert_eq!(found, Some(Violation::Unjudged { features }));
        assert_eq!(unjudged(&problem, JUDGED), None);
        assert_eq!(JUDGED, FeatureSet::ALL, "a new word needs rules, a twin and this list");
    }
}
