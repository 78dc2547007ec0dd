//! Modes that no schedule needs, because another mode of the task does in every place.
//!
//! A mode is dominated by another that takes no longer, needs the same machines, and of everything
//! else no more. Whatever runs in it can run in the other from the same start. Where an earlier end
//! could break a rule or cost something, both must take equally long; where a mode is named by
//! another part of the problem, none is dominated. Of equal modes the first stays.
//!
//! **Source:** inefficient modes: Arno Sprecher, Sönke Hartmann, Andreas Drexl, *An exact algorithm
//! for project scheduling with multiple modes* (1997).

use ordine_base::Ticks;
use ordine_problem::{Feature, Measure, ModeId, Point, Problem, ResourceId, Status, TaskId};

/// The usable modes of a task without those that are dominated.
pub(super) fn worth_trying(problem: &Problem, task: TaskId) -> Vec<ModeId> {
    let modes = problem.usable_modes(task);
    if modes.len() < 2 || modes_are_named(problem, task) {
        return modes.to_vec();
    }
    let ends_freely = ends_freely(problem, task);
    let is_dominated = |(index, &mode): (usize, &ModeId)| {
        modes.iter().enumerate().any(|(other, &better)| {
            other != index
                && dominates(problem, better, mode, ends_freely)
                && (other < index || !dominates(problem, mode, better, ends_freely))
        })
    };
    let kept = modes.iter().enumerate().filter(|&it| !is_dominated(it));
    kept.map(|(_, &mode)| mode).collect()
}

/// Whether some part of the problem speaks of the modes of a task, or wants its usage.
fn modes_are_named(problem: &Problem, task: TaskId) -> bool {
    let data = problem.task(task);
    let moved = |measure| measure == Measure::NumberMoved;
    data.status != Status::Free
        || problem.features().has(Feature::LeastUsage)
        || problem.mode_relations().iter().any(|it| it.first == task || it.second == task)
        || data.planned.is_some() && problem.objective().terms().any(|it| moved(it.measure))
}

/// Whether a task may end earlier than it does, all else being as it is.
fn ends_freely(problem: &Problem, task: TaskId) -> bool {
    let data = problem.task(task);
    let is_bound = data.earliest_end > ordine_base::Time::ORIGIN
        || !data.forbidden_ends.is_empty()
        || data.end_cost.is_some();
    let features = problem.features();
    let aims_later = [Feature::Spans, Feature::Batching, Feature::Buffers, Feature::Blocking];
    let is_pulled = problem.precedences().values().any(|it| {
        let from_end = it.before == task && it.kind.leaves_end() && it.lag_max.is_some();
        let to_end = it.after == task && !it.kind.enters_start();
        from_end || to_end
    });
    let regular = problem.objective().terms().all(|it| it.measure.is_regular());
    !is_bound && !is_pulled && regular && !aims_later.iter().any(|&it| features.has(it))
}

/// Whether whatever runs in `mode` can run in `better` from the same start.
fn dominates(problem: &Problem, better: ModeId, mode: ModeId, ends_freely: bool) -> bool {
    let [shorter, longer] = [better, mode].map(|it| problem.mode(it).duration);
    let times_agree = match ends_freely {
        true => shorter <= longer && (shorter == Ticks::ZERO) == (longer == Ticks::ZERO),
        false => shorter == longer,
    };
    times_agree
        && needs_no_more(problem, better, mode)
        && changes_agree(problem, better, mode, shorter == longer)
}

/// Whether a mode needs the same machines and resources with calendars, and no more of anything.
fn needs_no_more(problem: &Problem, better: ModeId, mode: ModeId) -> bool {
    let demand = |mode: ModeId, resource: ResourceId| {
        let needs = problem.requirements(mode).iter().filter(|need| need.resource == resource);
        needs.map(|need| need.demand.get()).sum::<i64>()
    };
    problem.resources().all(|id| {
        let resource = problem.resource(id);
        let (less, more) = (demand(better, id), demand(mode, id));
        let must_agree = resource.is_machine() || resource.calendar.is_some();
        less <= more && (!must_agree || (less > 0) == (more > 0))
    })
}

/// Whether both modes change the same levels by the same amounts at the same times.
fn changes_agree(problem: &Problem, better: ModeId, mode: ModeId, ends_agree: bool) -> bool {
    let changes = problem.stock_changes(better);
    let at_end = changes.iter().any(|change| change.at == Point::End);
    changes == problem.stock_changes(mode) && (ends_agree || !at_end)
}
