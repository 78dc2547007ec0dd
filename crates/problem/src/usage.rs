//! When a schedule uses its resources, as engines see it: breaks, blocking and buffers included.
//!
//! A task uses machines and renewables in [start, release) with release = end, or the start of the
//! task until which it holds them; without its breaks where it releases them. What has no length
//! uses nothing. O(n log n) for n placements and requirements.
//!
//! **Source:** decision record 0004; leaving a machine for a buffer as late as the next use and its
//! setup allow: the usage of the buffer is then least at all times.

use crate::{Hold, Problem, ResourceId, Schedule, TaskId, WorkTime};
use ordine_base::{Demand, IdVec, Interval, Time};

/// A stretch of time in which a task uses a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The task.
    pub task: TaskId,
    /// When; not empty.
    pub interval: Interval,
    /// How much.
    pub demand: Demand,
}

/// All uses of machines and renewables in a schedule, by resource, each list by (start, end, task).
pub fn uses(problem: &Problem, schedule: &Schedule) -> IdVec<ResourceId, Vec<Use>> {
    let mut uses: IdVec<ResourceId, Vec<Use>> = problem.resources().map(|_| Vec::new()).collect();
    let mut waiting: Vec<(Hold, ResourceId)> = Vec::new();
    for (task, placement) in schedule.placed().filter(|(_, it)| it.start < it.end) {
        let hold = problem.hold_of(task);
        let until = hold.and_then(|hold| schedule.placement(hold.until)).map(|it| it.start);
        let buffered = hold.is_some_and(|hold| hold.buffer.is_some());
        let release = match until {
            Some(until) if !buffered => until.max(placement.end),
            _ => placement.end,
        };
        let stretches =
            stretches(problem, task, placement.mode, [placement.start, placement.end, release]);
        for need in problem.requirements(placement.mode) {
            let resource = problem.resource(need.resource);
            if !resource.comes_back() {
                continue;
            }
            let of = |&interval: &Interval| Use { task, interval, demand: need.demand };
            uses[need.resource].extend(stretches.iter().map(of));
            if let Some(hold) = hold.filter(|_| buffered && until.is_some()) {
                waiting.push((hold, need.resource));
            }
        }
    }
    let by_time = |it: &Use| (it.interval.start, it.interval.end, it.task);
    uses.values_mut().for_each(|list| list.sort_unstable_by_key(by_time));
    let starts: Vec<(Hold, ResourceId, Time)> = waiting
        .into_iter()
        .map(|(hold, machine)| {
            (hold, machine, leave(problem, schedule, hold, machine, &uses[machine]))
        })
        .collect();
    for (hold, machine, leave) in starts {
        keep_waiting(schedule, hold, machine, leave, &mut uses);
    }
    uses.values_mut().for_each(|list| list.sort_unstable_by_key(by_time));
    uses
}

/// `times` are start, end and release.
fn stretches(
    problem: &Problem,
    task: TaskId,
    mode: crate::ModeId,
    times: [Time; 3],
) -> Vec<Interval> {
    let [start, end, release] = times;
    if !problem.task(task).released_in_breaks {
        return vec![Interval::new(start, release)];
    }
    let mut stretches = WorkTime::of(problem, mode).working(start, end);
    if release > end {
        stretches.push(Interval::new(end, release));
    }
    stretches
}

/// When the task of a hold leaves its machine for the buffer: as late as the next use of the
/// machine allows, with the setup before it.
fn leave(
    problem: &Problem,
    schedule: &Schedule,
    hold: Hold,
    machine: ResourceId,
    uses: &[Use],
) -> Time {
    let placed = |task| schedule.placement(task).expect("both ends of a waiting hold are placed");
    let (end, until) = (placed(hold.task).end, placed(hold.until).start);
    let next = uses.partition_point(|it| it.interval.start < end);
    let mut others = uses[next..].iter().filter(|it| it.task != hold.task);
    let latest = others
        .next()
        .map_or(until, |it| it.interval.start - problem.setup_time(machine, hold.task, it.task));
    latest.min(until).max(end)
}

fn keep_waiting(
    schedule: &Schedule,
    hold: Hold,
    machine: ResourceId,
    leave: Time,
    uses: &mut IdVec<ResourceId, Vec<Use>>,
) {
    let until = schedule.placement(hold.until).map_or(leave, |it| it.start);
    let own = uses[machine].iter_mut().filter(|it| it.task == hold.task);
    if let Some(last) = own.max_by_key(|it| it.interval.end) {
        last.interval = Interval::new(last.interval.start, last.interval.end.max(leave));
    }
    if let Some(buffer) = hold.buffer.filter(|_| leave < until) {
        let interval = Interval::new(leave, until);
        uses[buffer].push(Use { task: hold.task, interval, demand: Demand::ONE });
    }
}
