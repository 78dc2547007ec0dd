//! From a plan and what has happened to the problem that remains.
//!
//! O(size of the problem), but for the window; see `frozen`.
//!
//! **Source:** -

use crate::ReplanError;
use crate::begun::begun_placements;
use crate::downtime::Downtime;
use crate::facts::facts;
use crate::frozen::Thawing;
use crate::rebuild::{Changed, rebuild};
use crate::statuses::Deriving;
use ordine_base::{IdVec, Time};
use ordine_problem::{
    Level, Measure, Objective, Placement, Problem, Schedule, Status, TaskId, Term,
};
use ordine_wire::change::Change;

/// What the new plan is to be good at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Aim {
    /// The objective of the problem, and among equal schedules the least deviation of starts.
    #[default]
    Objective,
    /// As few moved tasks as possible, then the least deviation of starts, then the objective.
    Keep,
    /// This objective as it stands.
    Other(Objective),
}

/// A task that was to be frozen, or to have started by now, and cannot stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freed {
    /// The task, of the old problem.
    pub task: TaskId,
    /// Why it cannot stay.
    pub why: String,
}

/// The problem that remains, with what connects it to the old one.
#[derive(Clone, Debug)]
pub struct Replan {
    /// The problem with statuses, planned starts, breakdowns and the present.
    pub problem: Problem,
    /// Where everything stood, as far as it can: a start for the search, feasible or not.
    pub start: Schedule,
    /// The old objective, without what an earlier replanning has added to it.
    pub objective: Objective,
    /// By task of the new problem, its number in the old one; new tasks stand behind those.
    pub origins: IdVec<TaskId, TaskId>,
    /// Tasks that were to be frozen, or to have started by now, and cannot stay.
    pub freed: Vec<Freed>,
    /// Tasks of the old problem that are not in the new one.
    pub cancelled: Vec<TaskId>,
}

/// Applies `changes` to the plan `schedule` of `problem`, which holds all new jobs already; tasks
/// that the schedule does not know are new.
///
/// # Errors
/// When a change contradicts the plan, the present or another change, or the problem that remains
/// contradicts itself.
pub fn replan(
    problem: &Problem,
    schedule: &Schedule,
    now: Time,
    changes: &[Change],
    aim: &Aim,
) -> Result<Replan, ReplanError> {
    if now < problem.now() {
        return Err(ReplanError::PastPresent { now: now.get(), least: problem.now().get() });
    }
    let facts = facts(problem, schedule, now, changes)?;
    let downtime = Downtime::new(problem, &facts.down);
    let deriving = Deriving { problem, schedule, now, facts: &facts, downtime: &downtime };
    let mut statuses = deriving.statuses()?;
    let mut freed: Vec<Freed> = statuses
        .overtaken
        .iter()
        .map(|(task, why)| Freed { task: *task, why: why.clone() })
        .collect();
    let thawed = Thawing { problem, schedule, now, downtime: &downtime }.thaw(&mut statuses);
    freed.extend(thawed);
    let begun = begun_placements(problem, &downtime, now, &statuses.of);
    let mut start: IdVec<TaskId, Option<Placement>> =
        begun.iter().map(|(task, begun)| begun.or_else(|| schedule.placement(task))).collect();
    stretch_parents(problem, &mut start);
    let objective = own_objective(problem.objective());
    let changed = Changed {
        problem,
        schedule,
        now,
        facts: &facts,
        downtime: &downtime,
        statuses: &statuses,
        objective: &objective,
        aim,
    };
    let (problem_new, origins) = rebuild(&changed)?;
    let mut kept = IdVec::<TaskId, bool>::filled(problem.tasks().len(), false);
    origins.values().for_each(|old| kept[*old] = true);
    let cancelled = problem.tasks().filter(|task| !kept[*task]).collect();
    let start = origins.iter().map(|(new, old)| {
        let placement = start[*old]?;
        let number = problem.mode_number(placement.mode);
        let mode = problem_new.numbered_mode(new, number)?;
        let status = problem_new.task(new).status;
        let end = match status {
            Status::Done { end, .. } => end,
            _ => placement.end,
        };
        Some(Placement { mode, start: placement.start, end })
    });
    let start = Schedule::from_placements(start.collect::<Vec<_>>());
    Ok(Replan { problem: problem_new, start, objective, origins, freed, cancelled })
}

/// Lets tasks that span others reach from the first start to the latest end of their children.
fn stretch_parents(problem: &Problem, start: &mut IdVec<TaskId, Option<Placement>>) {
    // Parents of parents follow their children: as many rounds as spans are deep.
    for _ in problem.spans() {
        let mut changed = false;
        for span in problem.spans() {
            let children = || span.children.iter().filter_map(|child| start[*child]);
            let first = children().map(|it| it.start).min();
            let last = children().map(|it| it.end).max();
            let mode = problem.numbered_mode(span.parent, 0);
            let stands = || Some(Placement { mode: mode?, start: first?, end: last? });
            let stands = stands();
            changed |= std::mem::replace(&mut start[span.parent], stands) != stands;
        }
        if !changed {
            break;
        }
    }
}

/// The levels that do not compare with a plan; the makespan where no other is left.
fn own_objective(objective: &Objective) -> Objective {
    let own = |level: &&Level| !level.terms.iter().all(compares);
    let levels = objective.levels().iter().filter(own).cloned().collect();
    Objective::from_levels(levels).unwrap_or_default()
}

/// Whether a term measures how far a plan is from another.
fn compares(term: &Term) -> bool {
    matches!(term.measure, Measure::TotalDeviation | Measure::NumberMoved)
}

/// The objective without terms that compare, for a plan in which nothing can deviate.
fn without_comparing(objective: &Objective) -> Objective {
    only(objective, |term| !compares(term))
}

/// The objective without terms that ask for due times, for a plan that has none any more.
pub(crate) fn without_due(objective: &Objective) -> Objective {
    only(objective, |term| !term.measure.needs_due())
}

fn only(objective: &Objective, keeps: impl Fn(&Term) -> bool) -> Objective {
    let mut levels = objective.levels().to_vec();
    levels.iter_mut().for_each(|level| level.terms.retain(&keeps));
    levels.retain(|level| !level.terms.is_empty());
    Objective::from_levels(levels).unwrap_or_default()
}

/// The objective of the new plan; `is_planned` says whether any task can deviate.
pub(crate) fn aimed(objective: &Objective, aim: &Aim, is_planned: bool) -> Objective {
    let level = |measure| Level::of(vec![Term { weight: 1, measure }]);
    let own = objective.levels().iter().cloned();
    let levels: Vec<Level> = match aim {
        Aim::Other(objective) if !is_planned => return without_comparing(objective),
        Aim::Other(objective) => return objective.clone(),
        _ if !is_planned => return without_comparing(objective),
        Aim::Objective => own.chain([level(Measure::TotalDeviation)]).collect(),
        Aim::Keep => [Measure::NumberMoved, Measure::TotalDeviation]
            .map(level)
            .into_iter()
            .chain(own)
            .collect(),
    };
    Objective::from_levels(levels).expect("levels of an objective, and plain ones, are valid")
}
