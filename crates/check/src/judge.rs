//! The judgment: every rule in turn, then the cost.
//!
//! O(n log n) for n placements and requirements.
//!
//! **Source:** -

use crate::{Violation, cost, placement_rules, resource_rules};
use ordine_base::{Cost, IdVec};
use ordine_problem::{FeatureSet, Placement, Problem, Requirement, ResourceId, Schedule, TaskId};

/// What is judged, with the uses of each resource collected once.
pub(crate) struct Case<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) schedule: &'a Schedule,
    pub(crate) uses: IdVec<ResourceId, Vec<Use>>,
}

/// A task as one of its resources sees it.
#[derive(Clone, Copy)]
pub(crate) struct Use {
    pub(crate) task: TaskId,
    pub(crate) placement: Placement,
    pub(crate) demand: i128,
}

/// The words of the model that the judge knows; it accepts no schedule of any other problem.
pub const JUDGED: FeatureSet = FeatureSet::PLAIN;

/// One rule: adds what it finds, ordered by the ids of what it names.
type Rule = fn(&Case<'_>, &mut Vec<Violation>);

/// Every rule, in the order of the variants of [`Violation`].
const RULES: [Rule; 12] = [
    placement_rules::task_count,
    placement_rules::unplaced,
    placement_rules::foreign_mode,
    placement_rules::before_origin,
    placement_rules::wrong_end,
    placement_rules::before_release,
    placement_rules::after_deadline,
    placement_rules::time_too_large,
    placement_rules::precedence,
    resource_rules::overlap,
    resource_rules::overuse,
    resource_rules::overspending,
];

impl<'a> Case<'a> {
    fn new(problem: &'a Problem, schedule: &'a Schedule) -> Self {
        let uses = problem.resources().map(|_| Vec::new()).collect();
        let mut case = Case { problem, schedule, uses };
        let placed: Vec<(TaskId, Placement)> = case.placed_in_own_mode().collect();
        for (task, placement) in placed {
            for &Requirement { resource, demand } in problem.requirements(placement.mode) {
                let demand = i128::from(demand.get());
                case.uses[resource].push(Use { task, placement, demand });
            }
        }
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

    /// Whether the mode of the placement exists and runs this task.
    pub(crate) fn is_own_mode(&self, task: TaskId, placement: Placement) -> bool {
        self.problem.modes(task).any(|mode| mode == placement.mode)
    }
}

/// Judges a schedule: its cost under the problem's objective, or everything that is wrong.
///
/// Called by `solve` before an incumbent is published, and by the program on schedules of unknown
/// origin. The schedule may have another number of tasks than the problem and any numbers at all.
///
/// # Errors
/// All violations, at least one: by rule in the order of the variants of [`Violation`], then by
/// task, precedence or resource, then by time.
pub fn check(problem: &Problem, schedule: &Schedule) -> Result<Cost, Vec<Violation>> {
    let features = problem.unsupported(JUDGED);
    if !features.is_empty() {
        return Err(vec![Violation::Unjudged { features }]);
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
