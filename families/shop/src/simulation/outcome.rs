//! What can be asked of a simulated shop: its present, its schedule, its measures.
//!
//! **Source:** -

use super::world::{NEVER, NONE};
use super::{Entry, ShopSettings, ShopWorld, Workshop};
use ordine_base::{Id, IdVec, Time};
use ordine_problem::{ModeId, Placement, Schedule, TaskId};

impl ShopWorld {
    /// The shop that is simulated.
    pub fn workshop(&self) -> &Workshop {
        &self.shop
    }

    /// How it is simulated.
    pub fn settings(&self) -> &ShopSettings {
        &self.settings
    }

    /// The present.
    pub fn now(&self) -> Time {
        Time::new(self.now)
    }

    /// Latest end so far; the makespan once all jobs are complete.
    pub fn makespan(&self) -> Time {
        let ends = self.end.iter().filter(|end| **end != NEVER);
        Time::new(ends.copied().max().unwrap_or(0))
    }

    /// Whether every job is complete.
    pub fn is_complete(&self) -> bool {
        self.left == 0
    }

    /// Circles of jobs that have moved at one instant.
    pub fn swaps(&self) -> u32 {
        self.swaps
    }

    /// Choices that were asked for.
    pub fn decisions(&self) -> u64 {
        self.decisions
    }

    /// Operations that were loaded.
    pub fn loads(&self) -> u64 {
        self.loads
    }

    /// What happened, by time, where it is written down.
    pub fn log(&self) -> Vec<Entry> {
        let mut log = self.log.clone();
        log.sort_by_key(|entry| entry.time);
        log
    }

    /// Sum of the times that jobs have spent here until now.
    pub fn flow_time(&self) -> i64 {
        self.flowed
    }

    /// Sum of the times by which complete jobs ended after they were due.
    pub fn tardiness(&self) -> i64 {
        self.tardy
    }

    /// Work that was loaded, repairs and pauses aside.
    pub fn work_done(&self) -> i64 {
        let loaded = self.choice.iter().filter(|choice| **choice != NONE);
        loaded.map(|choice| self.shop.duration[*choice as usize]).sum()
    }

    /// What has been placed: each operation from its load to its end, repairs included; what runs
    /// ends as things stand.
    pub fn schedule(&self) -> Schedule {
        let placements: IdVec<TaskId, Option<Placement>> =
            (0..self.start.len()).map(|operation| self.placement(operation)).collect();
        Schedule::from_placements(placements.values().copied().collect::<Vec<_>>())
    }

    fn placement(&self, operation: usize) -> Option<Placement> {
        let end = match self.end[operation] {
            NEVER => return None,
            end => end,
        };
        let mode = ModeId::from_index(self.choice[operation] as usize);
        Some(Placement { mode, start: Time::new(self.start[operation]), end: Time::new(end) })
    }
}
