//! When machines and renewables are used.
//!
//! A task uses what it needs in [start, release): its release is its end, or the start of the task
//! until which it holds. Where it releases its resources in breaks, it uses them in each stretch of
//! work, and after its end. A task that waits in a buffer leaves its machine as late as the next
//! use of the machine allows, with the setup before it, and then uses one unit of the buffer. What
//! has no length uses nothing. O(n log n) for n uses.
//!
//! **Source:** decision record 0004.

use crate::judge::Case;
use crate::placement_rules::is_as_settled;
use crate::shifts::Shifts;
use crate::turns;
use ordine_base::{IdVec, Time};
use ordine_problem::{Hold, Placement, ResourceId, ResourceKind, Status, TaskId};
use std::collections::BTreeMap;

/// A stretch of time, not empty, in which a task uses a resource.
#[derive(Clone, Copy)]
pub(crate) struct Use {
    pub(crate) task: TaskId,
    pub(crate) start: Time,
    pub(crate) end: Time,
    pub(crate) demand: i128,
    pub(crate) group: Group,
    /// Whether the task is over.
    pub(crate) done: bool,
}

/// Tasks that can be on a machine together: start and end of a batch, else the task alone.
pub(crate) type Group = (Time, Time, Option<TaskId>);

/// All uses, by resource.
pub(crate) fn uses(case: &Case<'_>) -> IdVec<ResourceId, Vec<Use>> {
    let mut uses: IdVec<ResourceId, Vec<Use>> =
        case.problem.resources().map(|_| Vec::new()).collect();
    for task in case.problem.tasks() {
        let Some(placement) = case.with_length(task) else { continue };
        let stretches = stretches(case, task, placement);
        for need in case.problem.requirements(placement.mode) {
            let resource = case.problem.resource(need.resource);
            if !matches!(resource.kind, ResourceKind::Machine | ResourceKind::Renewable(_)) {
                continue;
            }
            let alone = resource.batching.is_none().then_some(task);
            let group = (placement.start, placement.end, alone);
            let (demand, done) = (i128::from(need.demand.get()), case.done[task]);
            let of = |&(start, end)| Use { task, start, end, demand, group, done };
            uses[need.resource].extend(stretches.iter().map(of));
        }
    }
    wait_in_buffers(case, &mut uses);
    uses
}

fn stretches(case: &Case<'_>, task: TaskId, placement: Placement) -> Vec<(Time, Time)> {
    let Placement { start, end, .. } = placement;
    let mut stretches = match leaves_in_breaks(case, task, placement) {
        true => Shifts::of(case.problem, placement.mode).working(start, end),
        false => vec![(start, end)],
    };
    let hold = case.problem.hold_of(task).filter(|hold| hold.buffer.is_none());
    if let Some(until) = hold.and_then(|hold| case.schedule.placement(hold.until)) {
        let release = end.max(until.start);
        match stretches.last_mut().filter(|last| last.1 == end) {
            Some(last) => last.1 = release,
            None if end < release => stretches.push((end, release)),
            None => {}
        }
    }
    stretches
}

/// Whether the task stands where it should and gives its resources away in its breaks.
///
/// One with wrong times is taken to keep them: its breaks could be without number.
fn leaves_in_breaks(case: &Case<'_>, task: TaskId, placement: Placement) -> bool {
    let data = case.problem.task(task);
    let has_right_end = match case.endings[task] {
        Some(ending) => ending.expected == Some(placement.end) && placement.start >= Time::ORIGIN,
        None => matches!(data.status, Status::Done { .. }),
    };
    let is_right = has_right_end && is_as_settled(case.problem, task, placement);
    data.released_in_breaks && is_right && case.problem.span_of(task).is_none()
}

/// Lets tasks stay on their machines as long as the next use allows, and then in their buffers.
fn wait_in_buffers(case: &Case<'_>, uses: &mut IdVec<ResourceId, Vec<Use>>) {
    let waiting: Vec<(Hold, ResourceId, Placement, Time)> =
        case.problem.holds().iter().filter_map(|&hold| waiting(case, hold)).collect();
    if waiting.is_empty() {
        return;
    }
    for list in uses.values_mut() {
        list.sort_unstable_by_key(|it| (it.start, it.task));
    }
    let mut leaving: BTreeMap<(ResourceId, TaskId), (Time, Time)> = BTreeMap::new();
    for (hold, machine, placement, until) in waiting {
        let leave = leave(case, hold.task, machine, placement.end, until, &uses[machine]);
        leaving.insert((machine, hold.task), (placement.end, leave));
        if let Some(buffer) = hold.buffer.filter(|_| leave < until) {
            let (task, done) = (hold.task, case.done[hold.task]);
            let group = (leave, until, Some(task));
            let in_buffer = Use { task, start: leave, end: until, demand: 1, group, done };
            uses[buffer].push(in_buffer);
        }
    }
    for (machine, list) in case.problem.resources().zip(uses.values_mut()) {
        for it in list {
            match leaving.get(&(machine, it.task)) {
                Some(&(end, leave)) if it.end == end => it.end = leave,
                _ => {}
            }
        }
    }
}

/// A hold with a buffer whose task waits, with its machine, its placement and until when.
fn waiting(case: &Case<'_>, hold: Hold) -> Option<(Hold, ResourceId, Placement, Time)> {
    hold.buffer?;
    let until = case.schedule.placement(hold.until)?.start;
    let placement = case.with_length(hold.task).filter(|it| it.end < until)?;
    let mut needs = case.problem.requirements(placement.mode).iter();
    let is_machine = |id: ResourceId| case.problem.resource(id).kind == ResourceKind::Machine;
    let machine = needs.find(|need| is_machine(need.resource))?.resource;
    Some((hold, machine, placement, until))
}

/// The latest time up to `until` at which the next use of the machine can still be set up.
fn leave(
    case: &Case<'_>,
    task: TaskId,
    machine: ResourceId,
    end: Time,
    until: Time,
    uses: &[Use],
) -> Time {
    let later = &uses[uses.partition_point(|it| it.start < end)..];
    let Some(next) = later.iter().find(|it| it.task != task) else { return until };
    let family = |task| case.problem.task(task).family;
    let (setup, _) = turns::setup(case.problem, machine, family(task), family(next.task));
    let latest = i128::from(next.start.get()) - setup;
    let latest = Time::new(i64::try_from(latest).unwrap_or(i64::MIN));
    latest.min(until).max(end)
}
