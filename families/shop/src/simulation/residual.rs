//! What remains to be decided, as a problem: what has ended is done, what runs is running, repairs
//! take as long as can be known.
//!
//! Tasks and modes keep their numbers. A repair under way lasts the mean of what its law leaves
//! after the time that has passed, unless repairs are announced; planned breaks are known. Jobs
//! that have not come yet are optional, so that no plan counts on them. A machine that is broken
//! has a closed time until its repair; what runs pauses over closed times.
//!
//! **Source:** predictive-reactive rescheduling: Vieira, Herrmann, Lin 2003.

use super::ShopWorld;
use super::world::{NEVER, NONE, Place};
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{BreakPolicy, Calendar, Problem, ResourceId, Shift, Status, TaskId};

impl ShopWorld {
    /// The problem that remains; `None` when the numbers of the shop are beyond what a problem may
    /// speak of. Limited buffers are taken as none.
    pub fn remaining_problem(&self) -> Option<Problem> {
        let blocks = !self.settings.buffers.contains(&super::UNLIMITED);
        let mut builder = self.shop.problem(blocks).ok()?.to_builder();
        builder.now(Time::new(self.now));
        let closed: Vec<Vec<(i64, i64)>> =
            (0..self.shop.machines).map(|machine| self.closed_times(machine)).collect();
        let pauses = closed.iter().any(|times| !times.is_empty());
        for operation in 0..self.shop.operations() {
            let status = self.status(operation);
            let task = builder.edit_task(TaskId::from_index(operation));
            task.status = status;
            if pauses {
                task.breaks = BreakPolicy::Pause;
            }
            let job = self.shop.job[operation] as usize;
            task.optional = self.place[job] == Place::Coming;
        }
        for (machine, closed) in closed.into_iter().enumerate() {
            if closed.is_empty() {
                continue;
            }
            let mut calendar = Calendar::always(format!("m{machine}"));
            for (from, to) in closed {
                calendar.steps.push((Time::new(from), Shift::Closed));
                calendar.steps.push((Time::new(to), Shift::FULL));
            }
            let calendar = builder.calendar(calendar);
            builder.edit_resource(ResourceId::from_index(machine)).calendar = Some(calendar);
        }
        builder.seal().ok()
    }

    /// How far an operation has come.
    fn status(&self, operation: usize) -> Status {
        if self.start[operation] == NEVER {
            return Status::Free;
        }
        let mode = self.choice[operation] - self.shop.first_choice[operation];
        let start = Time::new(self.start[operation]);
        if self.end[operation] != NEVER {
            return Status::Done { mode, start, end: Time::new(self.end[operation]) };
        }
        let machine = self.shop.machine[self.choice[operation] as usize] as usize;
        Status::Running { mode, start, remaining: Ticks::new(self.work_left(machine)) }
    }

    /// Work that the operation on a machine lacks, with what can be known of a repair at load.
    pub(super) fn work_left(&self, machine: usize) -> i64 {
        let left = match self.completes[machine] {
            NEVER => self.remaining[machine],
            completes => completes - self.now,
        };
        let shut = self.shut_until[machine] - self.now;
        if shut <= 0 {
            return left;
        }
        left - shut + self.repair_left(machine).unwrap_or(shut)
    }

    /// How long a repair under way still takes, as far as can be known.
    pub(super) fn repair_left(&self, machine: usize) -> Option<i64> {
        let law = self.settings.interruption.repair().filter(|_| !self.settings.announced);
        let mean = |from: i64, until: i64| match law {
            Some(law) => from + law.mean_beyond(self.now - from) - self.now,
            None => until - self.now,
        };
        if self.broken[machine] {
            let (from, to) = self.failure[machine];
            return Some(mean(from, to));
        }
        if self.shut_until[machine] > self.now && self.on[machine] != NONE {
            let operation = self.next[self.on[machine] as usize] as usize - 1;
            return Some(mean(self.start[operation], self.shut_until[machine]));
        }
        None
    }

    /// Closed times of a machine that are not over, by time, apart from each other.
    fn closed_times(&self, machine: usize) -> Vec<(i64, i64)> {
        let planned = self.settings.breaks(machine).iter().copied().filter(|it| it.1 > self.now);
        let mut closed: Vec<(i64, i64)> = planned.collect();
        if self.broken[machine] {
            let from = self.failure[machine].0;
            closed.push((from, self.now + self.repair_left(machine).unwrap_or(1)));
        }
        closed.sort_unstable();
        super::interruption::merge(&mut closed);
        closed
    }
}
