//! Where tasks that a schedule lacks do the least damage.
//!
//! Either nothing else moves: what is placed is frozen and the new tasks are inserted as early as
//! they fit. Or what stands behind gives way: the new tasks are put at every place of the order of
//! the schedule, and everything is inserted again, nothing earlier than it stood. Each result is
//! judged; of several modes, task by task the best is kept. O(places × modes × one insertion).
//!
//! **Source:** job insertion: Gröflin, Klinkert 2007.

use ordine_base::{Cost, Time};
use ordine_check::check;
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{
    Hold, Job, JobId, ModeRelation, Precedence, Problem, ProblemError, Schedule, Selection, Span,
    Status, Task, TaskId,
};
use std::collections::BTreeMap;

/// Most places that are tried.
const PLACES_MAX: usize = 400;

/// One way to place the new tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placing {
    /// First start of the new tasks.
    pub start: Time,
    /// Latest end of the new tasks.
    pub end: Time,
    /// What the whole schedule costs, as judged.
    pub cost: Cost,
    /// Tasks of the old schedule that stand elsewhere.
    pub moved: Vec<TaskId>,
    /// The whole schedule.
    pub schedule: Schedule,
}

/// The problem with one more job like this one, behind everything else: its tasks, their modes, and
/// the rules that lie within it.
///
/// # Errors
/// Those of sealing.
pub fn with_copy(problem: &Problem, job: JobId) -> Result<Problem, ProblemError> {
    problem.with(|builder| {
        let again = |name: &str| format!("{name} (again)");
        let data = problem.job(job);
        let new_job = builder.job(Job { name: again(&data.name), ..data.clone() })?;
        let mut copies: BTreeMap<TaskId, TaskId> = BTreeMap::new();
        for &old in problem.job_tasks(job) {
            let data = problem.task(old);
            let new = builder.task(again(&data.name), Some(new_job))?;
            copies.insert(old, new);
            let (status, planned) = (Status::Free, None);
            let name = again(&data.name);
            *builder.edit_task(new) =
                Task { name, job: Some(new_job), status, planned, ..data.clone() };
            for mode in problem.modes(old) {
                let needs = problem.requirements(mode).iter().map(|it| (it.resource, it.demand));
                let needs: Vec<_> = needs.collect();
                let duration = problem.mode(mode).duration;
                builder.mode_with(new, duration, &needs, problem.stock_changes(mode))?;
            }
        }
        let copy = |task: TaskId| copies.get(&task).copied();
        for it in problem.precedences().values() {
            if let (Some(before), Some(after)) = (copy(it.before), copy(it.after)) {
                builder.precedence(Precedence { before, after, ..*it })?;
            }
        }
        for it in problem.holds() {
            if let (Some(task), Some(until)) = (copy(it.task), copy(it.until)) {
                builder.hold(Hold { task, until, ..*it });
            }
        }
        let all = |tasks: &[TaskId]| tasks.iter().map(|it| copy(*it)).collect::<Option<Vec<_>>>();
        for it in problem.selections() {
            let condition = it.condition.map(copy);
            if let (Some(tasks), None | Some(Some(_))) = (all(&it.tasks), condition) {
                builder.select(Selection { tasks, condition: condition.flatten(), ..*it });
            }
        }
        for it in problem.spans() {
            if let (Some(parent), Some(children)) = (copy(it.parent), all(&it.children)) {
                builder.span(Span { parent, children });
            }
        }
        for it in problem.mode_relations() {
            if let (Some(first), Some(second)) = (copy(it.first), copy(it.second)) {
                builder.relate_modes(ModeRelation { first, second, ..*it });
            }
        }
        Ok(())
    })
}

/// The new tasks where nothing else moves; `None` where they fit nowhere.
pub fn without_moves(
    problem: &Problem,
    old: &Schedule,
    should_stop: &mut dyn FnMut() -> bool,
) -> Option<Placing> {
    let frozen = problem.with(|builder| {
        for (task, it) in old.placed() {
            let spans = problem.span_of(task).is_some();
            if problem.task(task).status == Status::Free && !spans {
                let mode = problem.mode_number(it.mode) as u32;
                builder.edit_task(task).status = Status::Frozen { mode, start: it.start };
            }
        }
        Ok(())
    });
    let frozen = frozen.ok()?;
    let mut decisions = Decisions::of_schedule(&frozen, old, false);
    new_tasks_go(problem, old, &mut decisions, usize::MAX);
    best_modes(problem, old, &mut Insertion::new(&frozen), decisions, should_stop)
}

/// The new tasks at every place of the order, the least cost first and among equals the fewest
/// moves; different schedules only.
pub fn more_work(
    problem: &Problem,
    old: &Schedule,
    should_stop: &mut dyn FnMut() -> bool,
) -> Vec<Placing> {
    let placed = old.placed().count();
    let stride = (placed + 1).div_ceil(PLACES_MAX).max(1);
    let mut insertion = Insertion::new(problem);
    let mut found: Vec<Placing> = Vec::new();
    for place in (0..=placed).step_by(stride) {
        if should_stop() {
            break;
        }
        let mut decisions = Decisions::of_schedule(problem, old, true);
        new_tasks_go(problem, old, &mut decisions, place);
        let placing = best_modes(problem, old, &mut insertion, decisions, should_stop);
        let Some(placing) = placing else { continue };
        if !found.iter().any(|known| known.schedule == placing.schedule) {
            found.push(placing);
        }
    }
    found.sort_by(|one, two| one.key().cmp(&two.key()));
    found
}

impl Placing {
    /// Better ones first: by cost, by how many tasks move, by the end of what is new.
    pub fn key(&self) -> (&Cost, usize, Time) {
        (&self.cost, self.moved.len(), self.end)
    }
}

/// The result of the decisions with the new tasks in their best modes, task by task.
fn best_modes(
    problem: &Problem,
    old: &Schedule,
    insertion: &mut Insertion<'_>,
    decisions: Decisions,
    should_stop: &mut dyn FnMut() -> bool,
) -> Option<Placing> {
    let mut build = |decisions: &Decisions| {
        let built = insertion.build(decisions, should_stop);
        placing(problem, old, built.schedule)
    };
    let mut best = (build(&decisions), decisions);
    for task in problem.tasks().filter(|task| old.placement(*task).is_none()) {
        for &mode in problem.usable_modes(task) {
            if mode == best.1.mode(task) {
                continue;
            }
            let mut other = best.1.clone();
            other.set_mode(problem, task, mode);
            let found = build(&other);
            let is_better = match (&found, &best.0) {
                (Some(found), Some(known)) => found.key() < known.key(),
                (found, known) => found.is_some() && known.is_none(),
            };
            if is_better {
                best = (found, other);
            }
        }
    }
    best.0
}

/// Puts what the schedule lacks at a place of its order, as early as possible.
fn new_tasks_go(problem: &Problem, old: &Schedule, decisions: &mut Decisions, place: usize) {
    let mut order = old.in_time_order();
    let place = place.min(order.len());
    let new: Vec<TaskId> = problem.topological_order().to_vec();
    let new = new.into_iter().filter(|task| old.placement(*task).is_none());
    let new: Vec<TaskId> = new.collect();
    new.iter().for_each(|task| decisions.set_not_before(*task, Time::ORIGIN));
    order.splice(place..place, new);
    for (rank, task) in order.into_iter().enumerate() {
        decisions.set_rank(task, rank as u32);
    }
}

fn placing(problem: &Problem, old: &Schedule, schedule: Schedule) -> Option<Placing> {
    let cost = check(problem, &schedule).ok()?;
    let new = || schedule.placed().filter(|(task, _)| old.placement(*task).is_none());
    let start = new().map(|(_, it)| it.start).min()?;
    let end = new().map(|(_, it)| it.end).max()?;
    let moved = old.placed().filter(|(task, it)| schedule.placement(*task) != Some(*it));
    let moved = moved.map(|(task, _)| task).collect();
    Some(Placing { start, end, cost, moved, schedule })
}
