//! Reasons of the disjunctive: sets of tasks whose work fills what was found, with slack spent.
//!
//! Bounds of the past may be tighter than those that a rule saw; every rule is monotone, so it
//! applies to them all the more.
//!
//! **Source:** Petr Vilím, *Computing explanations for the unary resource constraint* (CPAIOR
//! 2005).

use super::tasks::Set;
use super::{Direction, Disjunctive};
use crate::atom::{Atom, Value};
use crate::trail::Past;

/// Bounds of a task at some moment.
#[derive(Clone, Copy, Debug)]
struct Task {
    est: Value,
    ect: Value,
    lst: Value,
    lct: Value,
    duration: Value,
}

impl Direction {
    /// Tasks of the past that are there, other than `but`: id, est, latest start, latest end and
    /// duration, by est from the latest on.
    fn there(&self, past: Past<'_>, but: Option<usize>) -> Vec<(usize, Task)> {
        let mut tasks: Vec<(usize, Task)> = (0..self.intervals.len())
            .filter(|&id| Some(id) != but && past.is_true(self.intervals[id].present))
            .map(|id| (id, self.past_task(id, past)))
            .collect();
        tasks.sort_unstable_by_key(|(id, task)| (-task.est, *id));
        tasks
    }

    fn past_task(&self, id: usize, past: Past<'_>) -> Task {
        let interval = self.intervals[id];
        let duration = past.lower(interval.duration);
        let (est, lct) = (past.lower(interval.start), past.upper(interval.end));
        Task { est, ect: est + duration, lst: lct - duration, lct, duration }
    }

    /// Presence and least duration of a task whose work counts.
    fn push_work(&self, id: usize, task: Task, reason: &mut Vec<Atom>) {
        let interval = self.intervals[id];
        reason.push(interval.present);
        if !interval.duration.is_constant() {
            reason.push(interval.duration.at_least(task.duration));
        }
    }

    /// The tasks of `tasks` (by est from the latest on) up to the one with which their work ends
    /// at `bound` or later; and their work.
    fn filling(tasks: &[(usize, Task)], bound: Value) -> (&[(usize, Task)], Value) {
        let mut work = 0;
        for (place, (_, task)) in tasks.iter().enumerate() {
            work += task.duration;
            if task.est + work >= bound {
                return (&tasks[..=place], work);
            }
        }
        unreachable!("the work filled the bound when it was found");
    }

    pub(super) fn explain_overload(&self, end: Value, past: Past<'_>, reason: &mut Vec<Atom>) {
        let mut tasks = self.there(past, None);
        tasks.retain(|(_, task)| task.lct <= end);
        let (window, work) = Direction::filling(&tasks, end + 1);
        let start = window.last().expect("a window has tasks").1.est;
        for &(id, task) in window {
            self.push_work(id, task, reason);
            reason.push(self.intervals[id].start.at_least(start));
            reason.push(self.intervals[id].end.at_most(start + work - 1));
        }
    }

    pub(super) fn explain_detectable(
        &self,
        pushed: usize,
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let task = self.past_task(pushed, past);
        let mut tasks = self.there(past, Some(pushed));
        tasks.retain(|(_, other)| other.lst < task.ect);
        let (filling, work) = Direction::filling(&tasks, bound);
        reason.push(self.intervals[pushed].start.at_least(task.est));
        self.push_own_duration(pushed, task, reason);
        for &(id, other) in filling {
            self.push_work(id, other, reason);
            reason.push(self.intervals[id].start.at_least(bound - work));
            // Latest start below the earliest end of the pushed task, by its end.
            reason.push(self.intervals[id].end.at_most(task.ect - 1 + other.duration));
        }
    }

    fn push_own_duration(&self, id: usize, task: Task, reason: &mut Vec<Atom>) {
        if !self.intervals[id].duration.is_constant() {
            reason.push(self.intervals[id].duration.at_least(task.duration));
        }
    }

    pub(super) fn explain_not_last(
        &self,
        pushed: usize,
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let task = self.past_task(pushed, past);
        let mut tasks = self.there(past, Some(pushed));
        tasks.retain(|(_, other)| other.lst <= bound);
        let (filling, work) = Direction::filling(&tasks, task.lst + 1);
        let start = filling.last().expect("somebody fills").1.est;
        self.push_own_duration(pushed, task, reason);
        reason.push(self.intervals[pushed].end.at_most(start + work - 1 + task.duration));
        for &(id, other) in filling {
            self.push_work(id, other, reason);
            reason.push(self.intervals[id].start.at_least(start));
            reason.push(self.intervals[id].end.at_most(bound + other.duration));
        }
    }

    pub(super) fn explain_edge(
        &self,
        (pushed, end): (usize, Value),
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let task = self.past_task(pushed, past);
        let mut tasks = self.there(past, Some(pushed));
        tasks.retain(|(_, other)| other.lct <= end);
        // The window with which the pushed task does not fit: from the latest start back.
        let mut work = task.duration;
        let mut start = task.est;
        let mut members = 0;
        for (place, (_, other)) in tasks.iter().enumerate() {
            work += other.duration;
            start = start.min(other.est);
            members = place + 1;
            if start + work > end {
                break;
            }
        }
        debug_assert!(start + work > end, "the pushed task did not fit when it was found");
        // It ends last of all tasks that end by then; those that fill need not be in the window.
        let (filling, filled) = Direction::filling(&tasks, bound);
        reason.push(self.intervals[pushed].start.at_least(start));
        self.push_own_duration(pushed, task, reason);
        for (place, &(id, other)) in tasks[..members.max(filling.len())].iter().enumerate() {
            self.push_work(id, other, reason);
            reason.push(self.intervals[id].end.at_most(start + work - 1));
            if place < members {
                reason.push(self.intervals[id].start.at_least(start));
            }
            if place < filling.len() {
                reason.push(self.intervals[id].start.at_least(bound - filled));
            }
        }
    }

    /// Why a task goes after all tasks inside a window, member by member: it does not fit between
    /// them, so it ends after the window that the premises leave, and all others end by then.
    fn explain_window(
        &self,
        (pushed, end): (usize, Value),
        members: &[usize],
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let task = self.past_task(pushed, past);
        let mut tasks = self.there(past, Some(pushed));
        tasks.retain(|(_, other)| other.lct <= end);
        let mut work = task.duration;
        let mut start = task.est;
        let mut count = 0;
        for (_, other) in &tasks {
            work += other.duration;
            start = start.min(other.est);
            count += 1;
            if start + work > end {
                break;
            }
        }
        debug_assert!(start + work > end, "the pushed task did not fit when it was found");
        let last = start + work - 1;
        reason.push(self.intervals[pushed].start.at_least(start));
        self.push_own_duration(pushed, task, reason);
        for &(id, other) in &tasks[..count] {
            self.push_work(id, other, reason);
            reason.push(self.intervals[id].start.at_least(start));
            reason.push(self.intervals[id].end.at_most(last));
        }
        reason.extend(members.iter().map(|&id| self.intervals[id].end.at_most(last)));
    }
}

impl Disjunctive {
    /// The work of tasks that are known to be before the pushed one, and why each of them is.
    pub(super) fn explain_ordered(
        &self,
        (pushed, side, before): (usize, usize, Set),
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let direction = &self.directions[side];
        let task = direction.past_task(pushed, past);
        let mut tasks = direction.there(past, Some(pushed));
        tasks.retain(|&(id, _)| before >> id & 1 != 0);
        let (filling, work) = Direction::filling(&tasks, bound);
        let mut windows: Vec<((usize, usize, Value), Vec<usize>)> = Vec::new();
        let mut detected = false;
        for &(id, other) in filling {
            direction.push_work(id, other, reason);
            reason.push(direction.intervals[id].start.at_least(bound - work));
            let Some(window) = self.decider(side, id, pushed) else {
                // Latest start below the earliest end of the pushed task, by its end.
                let end = task.ect - 1 + other.duration;
                reason.push(direction.intervals[id].end.at_most(end));
                detected = true;
                continue;
            };
            // Seen from the window, the member is who was not pushed out of it.
            let member = if window.1 == pushed { id } else { pushed };
            match windows.iter_mut().find(|(known, _)| *known == window) {
                Some((_, members)) => members.push(member),
                None => windows.push((window, vec![member])),
            }
        }
        if detected {
            reason.push(direction.intervals[pushed].start.at_least(task.est));
            direction.push_own_duration(pushed, task, reason);
        }
        for ((side, pushed, end), members) in windows {
            self.directions[side].explain_window((pushed, end), &members, past, reason);
        }
    }
}
