//! Where tasks that a schedule lacks do the least damage.
//!
//! Either nothing else moves: what is placed is frozen and the new tasks are inserted as early as
//! they fit. Or what stands behind gives way: the new tasks are put at every place of the order of
//! the schedule, and everything is inserted again, nothing earlier than it stood. Each result is
//! judged. O(places × one insertion).
//!
//! **Source:** job insertion: Gröflin, Klinkert 2007.

use ordine_base::{Cost, Time};
use ordine_check::check;
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{Problem, Schedule, Status, TaskId};

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
    let built = Insertion::new(&frozen).build(&decisions, should_stop);
    placing(problem, old, built.schedule)
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
        let built = insertion.build(&decisions, should_stop);
        let Some(placing) = placing(problem, old, built.schedule) else { continue };
        if !found.iter().any(|known| known.schedule == placing.schedule) {
            found.push(placing);
        }
    }
    found.sort_by(|one, two| {
        (&one.cost, one.moved.len(), one.end).cmp(&(&two.cost, two.moved.len(), two.end))
    });
    found
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
