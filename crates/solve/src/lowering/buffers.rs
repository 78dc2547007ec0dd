//! Waiting in buffers: a task leaves its machine when it likes, and fills the buffer from then on.
//!
//! The judge lets it leave as late as the next use of the machine and its setup allow, which is the
//! least usage of the buffer. So any choice does where usage only has an upper limit; where usage
//! costs, or must not be too small, the choice is the latest one.
//!
//! **Source:** decision record 0004.

use super::{Lowered, Use, setups, uses};
use ordine_cp::propagators::post_reach;
use ordine_cp::{Atom, Interval, View};
use ordine_problem::{Hold, Measure, ModeId, ResourceId, TaskId};

/// A task that may wait in a buffer, in one mode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    task: TaskId,
    until: TaskId,
    buffer: ResourceId,
    mode: ModeId,
    leave: View,
}

/// When a mode leaves its machine; adds its use of the buffer.
pub(super) fn leave(
    lowered: &mut Lowered<'_>,
    hold: Hold,
    buffer: ResourceId,
    mode: ModeId,
    interval: Interval,
) -> View {
    let next = lowered.tasks[hold.until].interval;
    let present = interval.present;
    let trail = &lowered.engine.trail;
    let earliest = trail.lower(interval.end);
    let latest = trail.upper(interval.end).max(trail.upper(next.start)).max(earliest);
    let leave = lowered.engine.optional_variable(earliest, latest, present);
    lowered.completion.push(leave);
    let waits = lowered.choice();
    lowered.engine.post_clause(&[!waits, present]);
    lowered.engine.post_clause(&[!waits, next.present]);
    let stays = lowered.all_of(&[present, next.present, !waits]);
    let engine = &mut lowered.engine;
    engine.post_difference(interval.end, leave, 0, Atom::TRUE);
    engine.post_difference(leave, next.start, 1, waits);
    engine.post_difference(next.start, leave, 0, stays);
    // It leaves by the start of the next task, or at its own end where that was before.
    let items = [(interval.end, present), (next.start, next.present)];
    post_reach(engine, leave, &items, present);
    let wait = Interval { start: leave, duration: View::constant(1), end: next.start, present };
    let interval = uses::copy(lowered, wait, waits);
    let interval = uses::with_duration(lowered, interval);
    let (task, whole, length) = (hold.task, interval, View::constant(0));
    let (first, last) = (Atom::TRUE, Atom::TRUE);
    lowered.uses[buffer].push(Use { task, mode, demand: 1, interval, whole, length, first, last });
    lowered.waiting.push(Waiting { task, until: hold.until, buffer, mode, leave });
    leave
}

/// Posts that tasks leave as late as they can, where that is not left to them.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    let costs = problem.objective().terms().any(|term| {
        use Measure::{ResourceCost, ResourceInvestment, ResourceLeveling};
        matches!(term.measure, ResourceCost | ResourceInvestment | ResourceLeveling)
    });
    for waiting in lowered.waiting.clone() {
        if costs || problem.resource(waiting.buffer).usage_min.is_some() {
            leave_late(lowered, waiting);
        }
    }
}

/// A task leaves when the next use of its machine can just be set up, or when it is called.
fn leave_late(lowered: &mut Lowered<'_>, waiting: Waiting) {
    let next_task = lowered.tasks[waiting.until].interval;
    for machine in lowered.problem.resources() {
        let uses = lowered.uses[machine].clone();
        let own = |it: &Use| it.task == waiting.task && it.mode == waiting.mode;
        if machine == waiting.buffer || !uses.iter().any(own) {
            continue;
        }
        let neighbors = setups::neighbors(lowered, machine).clone();
        for (i, it) in uses.iter().enumerate().filter(|(_, it)| own(it)) {
            let ends = [it.interval.present, it.last, next_task.present];
            let mut followed: Vec<Atom> = Vec::new();
            for (j, other) in uses.iter().enumerate() {
                let next = neighbors.next[i * uses.len() + j];
                if next == Atom::FALSE || other.task == it.task {
                    continue;
                }
                followed.push(!next);
                let by_next = lowered.choice();
                let next = lowered.all_of(&[&ends[..], &[next]].concat());
                let guards = [by_next, !by_next].map(|it| lowered.all_of(&[next, it]));
                let setup = setups::time_between(lowered, machine, it.task, other.task);
                let (start, leave) = (other.interval.start, waiting.leave);
                lowered.engine.post_difference(start, leave, -setup, guards[0]);
                lowered.engine.post_difference(next_task.start, leave, 0, guards[1]);
            }
            let alone = lowered.all_of(&[&ends[..], &followed].concat());
            lowered.engine.post_difference(next_task.start, waiting.leave, 0, alone);
        }
    }
}
