//! Rules about machines: one task or one batch at a time, and setups between them.
//!
//! One sweep over the uses of each machine, by start. O(n log n) for n uses.
//!
//! **Source:** decision record 0004.

use crate::Violation;
use crate::judge::Case;
use crate::occupation::{Group, Use};
use crate::turns::{self, Turn};
use ordine_base::{Demand, Ticks, Time};
use ordine_problem::{Batching, ResourceId, TaskId};

/// Tasks of a machine do not overlap: each starts when the latest end before it has passed.
pub(crate) fn overlap(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for machine in machines(case).filter(|&id| case.problem.resource(id).batching.is_none()) {
        sweep(&case.uses[machine], |first, second| {
            let (first, first_end) = (first.task, first.end);
            let (second, time) = (second.task, second.start);
            violations.push(Violation::Overlap { machine, first, second, time, first_end });
        });
    }
}

/// Tasks that overlap on a machine with batches start and end together.
pub(crate) fn broken_batch(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for machine in machines(case).filter(|&id| case.problem.resource(id).batching.is_some()) {
        sweep(&case.uses[machine], |first, second| {
            let (first, second, time) = (first.task, second.task, second.start);
            violations.push(Violation::BrokenBatch { machine, first, second, time });
        });
    }
}

fn machines(case: &Case<'_>) -> impl Iterator<Item = ResourceId> {
    case.problem.resources().filter(|&id| case.problem.resource(id).is_machine())
}

/// Where a machine is kept the longest.
#[derive(Clone, Copy)]
struct Kept {
    end: Time,
    task: TaskId,
    group: Group,
}

/// The latest end so far, and the latest of any other group.
#[derive(Default)]
struct Latest {
    first: Option<Kept>,
    other: Option<Kept>,
}

impl Latest {
    fn note(&mut self, it: &Use) {
        let kept = Kept { end: it.end, task: it.task, group: it.group };
        let is_later = |than: Option<Kept>| than.is_none_or(|than| than.end < kept.end);
        match self.first {
            Some(first) if first.group == kept.group => {
                self.first = Some(if is_later(self.first) { kept } else { first });
            }
            first if is_later(first) => (self.first, self.other) = (Some(kept), first),
            _ if is_later(self.other) => self.other = Some(kept),
            _ => {}
        }
    }

    fn beside(&self, group: Group) -> Option<Kept> {
        self.first.filter(|first| first.group != group).or(self.other)
    }
}

/// Tells of each use that starts before another group is gone, unless both tasks are over.
fn sweep(uses: &[Use], mut found: impl FnMut(Kept, &Use)) {
    let mut uses = uses.to_vec();
    uses.sort_unstable_by_key(|it| (it.start, it.end, it.task));
    let (mut all, mut open) = (Latest::default(), Latest::default());
    for it in &uses {
        let before = if it.done { &open } else { &all };
        if let Some(kept) = before.beside(it.group).filter(|kept| it.start < kept.end) {
            found(kept, it);
        }
        all.note(it);
        if !it.done {
            open.note(it);
        }
    }
}

/// One task of a batch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    start: Time,
    end: Time,
    task: TaskId,
    demand: i128,
    done: bool,
}

/// Calls `judge` for every batch of every machine that has a task which is not over.
fn for_each_batch(case: &Case<'_>, mut judge: impl FnMut(ResourceId, Batching, &[Member])) {
    for machine in machines(case) {
        let Some(batching) = case.problem.resource(machine).batching else { continue };
        let member = |it: &Use| {
            let (start, end, _) = it.group;
            Member { start, end, task: it.task, demand: it.demand, done: it.done }
        };
        let mut members: Vec<Member> = case.uses[machine].iter().map(member).collect();
        members.sort_unstable();
        members.dedup();
        for batch in
            members.chunk_by(|left, right| (left.start, left.end) == (right.start, right.end))
        {
            if !batch.iter().all(|member| member.done) {
                judge(machine, batching, batch);
            }
        }
    }
}

/// All tasks of a batch are of one family, or all of none.
pub(crate) fn mixed_batch(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for_each_batch(case, |machine, _, batch| {
        let family = |task| case.problem.task(task).family;
        let (first, time) = (batch[0].task, batch[0].start);
        let other = batch.iter().find(|member| family(member.task) != family(first));
        violations.extend(other.map(|other| Violation::MixedBatch {
            machine,
            first,
            second: other.task,
            time,
        }));
    });
}

/// The demands of a batch add up to no more than the machine takes.
pub(crate) fn batch_too_large(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for_each_batch(case, |machine, Batching { size_max, .. }, batch| {
        let size: i128 = batch.iter().map(|member| member.demand).sum();
        if size > i128::from(size_max.get()) {
            let (task, time) = (batch[0].task, batch[0].start);
            let size = Demand::new(i64::try_from(size).unwrap_or(i64::MAX));
            violations.push(Violation::BatchTooLarge { machine, task, time, size, size_max });
        }
    });
}

/// Between consecutive turns of a machine lies the time of its setup, and one before the first
/// where it is set up for a family at the origin. Turns that overlap are the business of others.
pub(crate) fn setup(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for machine in machines(case) {
        let resource = case.problem.resource(machine);
        if resource.setup.is_none() {
            continue;
        }
        let mut before = (resource.initial_family, Time::ORIGIN, true);
        for Turn { task, start, end, done, .. } in turns::turns(case, machine) {
            let (from, free, was_done) = before;
            let family = case.problem.task(task).family;
            let (time, _) = turns::setup(case.problem, machine, from, family);
            let is_short = i128::from(start.get()) < i128::from(free.get()) + time;
            let is_judged = start >= free && !(done && was_done);
            if let Some(from) = from.filter(|_| is_short && is_judged) {
                let setup = Ticks::new(i64::try_from(time).unwrap_or(i64::MAX));
                violations.push(Violation::Setup { machine, task, start, from, free, setup });
            }
            before = (family, end, done);
        }
    }
}
