//! What happened, as a problem that a judge can check.
//!
//! Each operation takes, on the machine that it had, the time from its load to its end, repairs and
//! pauses included; jobs are released when they came. Without buffers every operation keeps its
//! machine until the next one of its job starts, and swaps are allowed; with unlimited ones it does
//! not. Where buffers are limited the problem says less than what holds: machines and routes only.
//!
//! **Source:** the form for constraint programming of Wong et al. 2024.

use super::world::NEVER;
use super::{ShopWorld, Workshop};
use crate::instance::{ShopError, ShopInstance};
use crate::lower::lower;
use crate::variants;
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{Problem, TaskId};

impl Workshop {
    /// The static problem: no breakdowns, all jobs there, blocking when `blocks`.
    ///
    /// # Errors
    /// When the numbers of the shop are beyond what a problem may speak of.
    pub fn problem(&self, blocks: bool) -> Result<Problem, ShopError> {
        let chains = self.instance.jobs.iter().any(|job| job.operations.len() > 1);
        let problem = lower(&self.instance)?;
        if blocks && chains { variants::apply(&problem, "blocking") } else { Ok(problem) }
    }
}

impl ShopWorld {
    /// Whether nobody leaves a machine before the next one is free.
    pub fn blocks(&self) -> bool {
        self.settings.buffers.iter().all(|&places| places == 0)
    }

    /// The problem of which [`ShopWorld::schedule`] is a schedule.
    ///
    /// # Errors
    /// When the numbers of the shop are beyond what a problem may speak of.
    pub fn realized(&self) -> Result<Problem, ShopError> {
        let mut instance: ShopInstance = self.shop.instance.clone();
        let operations = instance.jobs.iter_mut().flat_map(|job| &mut job.operations);
        for (number, operation) in operations.enumerate() {
            let (start, end) = (self.start[number], self.end[number]);
            if start == NEVER || end == NEVER {
                continue;
            }
            let choice = self.choice[number] - self.shop.first_choice[number];
            operation.choices[choice as usize].duration = Ticks::new(end - start);
        }
        let arrived = Workshop { instance, ..(*self.shop).clone() };
        let problem = arrived.problem(self.blocks())?;
        if self.arrival.iter().all(|time| *time == 0) {
            return Ok(problem);
        }
        let mut builder = problem.to_builder();
        for (job, &time) in self.arrival.iter().enumerate() {
            let first = TaskId::from_index(self.shop.first_operation[job] as usize);
            builder.edit_task(first).earliest_start = Time::new(time);
        }
        Ok(builder.seal()?)
    }
}
