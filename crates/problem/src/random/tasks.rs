//! What random tasks have beyond their modes.
//!
//! **Source:** -

use super::Draft;
use crate::{Feature, Planned, Point, Status, StockChange, TaskId};
use ordine_base::Ticks;

impl Draft<'_> {
    /// After its modes are drawn.
    pub(super) fn refine_task(&mut self, task: TaskId) {
        let families = self.families();
        if !families.is_empty() && self.stream.chance(0.8) {
            let family = self.one_of(&families);
            self.builder.tasks[task].family = Some(family);
        }
        if self.on.has(Feature::OptionalTasks) && self.stream.chance(0.5) {
            self.builder.tasks[task].optional = true;
            self.builder.tasks[task].absence_penalty = self.small(0, 6);
        }
        if self.on.has(Feature::TimeWindows) && self.stream.chance(0.6) {
            self.draw_times(task);
        }
        if self.on.has(Feature::IrregularObjectives) {
            if self.stream.chance(0.3) {
                self.builder.tasks[task].start_cost = Some(self.steps(0, 4));
            }
            if self.stream.chance(0.3) {
                self.builder.tasks[task].end_cost = Some(self.steps(0, 4));
            }
            if self.stream.chance(0.4) {
                let (mode, start) = (self.mode_number(task), self.time(0, 12));
                self.builder.tasks[task].planned = Some(Planned { mode, start });
            }
        }
        if self.on.has(Feature::SettledTasks) && self.stream.chance(0.3) {
            self.settle(task);
        }
    }

    fn draw_times(&mut self, task: TaskId) {
        match self.stream.below(7) {
            0 => self.builder.tasks[task].earliest_start = self.time(1, 8),
            1 => self.builder.tasks[task].latest_start = Some(self.time(4, 30)),
            2 => self.builder.tasks[task].earliest_end = self.time(1, 15),
            3 => self.builder.tasks[task].latest_end = Some(self.time(8, 40)),
            4 => {
                let interval = self.interval(10);
                self.builder.tasks[task].forbidden_starts.push(interval);
            }
            5 => {
                let interval = self.interval(10);
                self.builder.tasks[task].forbidden_ends.push(interval);
            }
            _ => {
                let interval = self.interval(10);
                self.builder.tasks[task].forbidden_extents.push(interval);
            }
        }
    }

    fn mode_number(&mut self, task: TaskId) -> u32 {
        let count = self.builder.modes.iter().filter(|mode| mode.task == task).count();
        self.stream.below(count) as u32
    }

    fn settle(&mut self, task: TaskId) {
        let (mode, now) = (self.mode_number(task), self.builder.now.get());
        let start = self.time(0, now);
        self.builder.tasks[task].status = match self.stream.below(3) {
            0 => Status::Done { mode, start, end: self.time(start.get(), now) },
            1 => Status::Running { mode, start, remaining: Ticks::new(self.small(0, 5)) },
            _ => Status::Frozen { mode, start: start + Ticks::new(self.small(0, 6)) },
        };
    }

    pub(super) fn stock_changes(&mut self) -> Vec<StockChange> {
        let mut changes = Vec::new();
        for reservoir in self.reservoirs.clone() {
            if self.stream.chance(0.5) {
                let size = self.small(1, 3);
                let amount = if self.stream.chance(0.5) { size } else { -size };
                let at = self.one_of(&[Point::Start, Point::End]);
                changes.push(StockChange { reservoir, amount, at });
            }
        }
        changes
    }
}
