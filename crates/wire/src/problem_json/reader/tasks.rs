//! Reads tasks with their modes.
//!
//! **Source:** -

use super::super::wire;
use super::Building;
use super::names::Of;
use crate::json::{Place, Placed};
use ordine_base::{Demand, Interval, Ticks};
use ordine_problem::{Planned, Status, StockChange, TaskId};

impl Building<'_> {
    pub(super) fn tasks(&mut self, tasks: &[Placed<wire::Task<'_>>]) {
        for Placed { place, item } in tasks {
            // After a mistake the numbers of later tasks would be wrong: only mistakes count then.
            if self.task(*place, item).is_none() && self.report.is_full() {
                return;
            }
        }
    }

    fn task(&mut self, place: Place, item: &wire::Task<'_>) -> Option<()> {
        let job = self.find_if(place, Of::Jobs, &item.job)?;
        let family = self.find_if(place, Of::Families, &item.family)?;
        let added = self.builder.task(item.name.clone(), job);
        let id = self.note(place, added)?;
        let task = self.builder.edit_task(id);
        task.optional = item.optional;
        task.absence_penalty = item.absence_penalty;
        task.family = family;
        task.breaks = item.breaks;
        task.released_in_breaks = item.released_in_breaks;
        self.times(place, id, item)?;
        let status = self.status(place, item)?;
        let planned = self.planned(place, item)?;
        let task = self.builder.edit_task(id);
        (task.status, task.planned) = (status, planned);
        item.modes.iter().try_for_each(|mode| self.mode(place, id, mode))
    }

    /// Windows, forbidden times and costs by time.
    fn times(&mut self, place: Place, id: TaskId, item: &wire::Task<'_>) -> Option<()> {
        let earliest_start = self.time(place, &item.earliest_start)?;
        let latest_start = self.time_if(place, &item.latest_start)?;
        let earliest_end = self.time(place, &item.earliest_end)?;
        let latest_end = self.time_if(place, &item.latest_end)?;
        let forbidden_starts = self.intervals(place, &item.forbidden_starts)?;
        let forbidden_ends = self.intervals(place, &item.forbidden_ends)?;
        let forbidden_extents = self.intervals(place, &item.forbidden_extents)?;
        let start_cost = self.steps(place, &item.start_cost)?;
        let end_cost = self.steps(place, &item.end_cost)?;
        let task = self.builder.edit_task(id);
        (task.earliest_start, task.latest_start) = (earliest_start, latest_start);
        (task.earliest_end, task.latest_end) = (earliest_end, latest_end);
        task.forbidden_starts = forbidden_starts;
        task.forbidden_ends = forbidden_ends;
        task.forbidden_extents = forbidden_extents;
        (task.start_cost, task.end_cost) = (start_cost, end_cost);
        Some(())
    }

    /// Intervals as they stand; those that end too early are named when sealing.
    fn intervals(
        &mut self,
        place: Place,
        pairs: &[(wire::Moment, wire::Moment)],
    ) -> Option<Vec<Interval>> {
        let interval = |(start, end): &(wire::Moment, wire::Moment)| {
            Some(Interval { start: self.time(place, start)?, end: self.time(place, end)? })
        };
        pairs.iter().map(interval).collect()
    }

    fn status(&mut self, place: Place, item: &wire::Task<'_>) -> Option<Status> {
        let Some(status) = &item.status else { return Some(Status::Free) };
        let start = self.time_if(place, &status.start)?;
        let end = self.time_if(place, &status.end)?;
        let remaining = status.remaining.map(Ticks::new);
        let mode = status.mode;
        let (settled, expected) = match status.state {
            wire::State::Free => {
                let is_free = (mode, start, end, remaining) == (None, None, None, None);
                (is_free.then_some(Status::Free), "nothing but its state of a free task")
            }
            state => {
                let mode = self.mode_number(place, mode, item)?;
                let settled = match (state, start, end, remaining) {
                    (wire::State::Done, Some(start), Some(end), None) => {
                        Some(Status::Done { mode, start, end })
                    }
                    (wire::State::Running, Some(start), None, Some(remaining)) => {
                        Some(Status::Running { mode, start, remaining })
                    }
                    (wire::State::Frozen, Some(start), None, None) => {
                        Some(Status::Frozen { mode, start })
                    }
                    _ => None,
                };
                let expected = match state {
                    wire::State::Done => "a start and an end of a done task",
                    wire::State::Running => "a start and the remaining work of a running task",
                    _ => "a start of a frozen task",
                };
                (settled, expected)
            }
        };
        if settled.is_some() {
            return settled;
        }
        let fields = [
            ("a mode", mode.is_some()),
            ("a start", start.is_some()),
            ("an end", end.is_some()),
            ("remaining work", remaining.is_some()),
        ];
        let given = fields.iter().filter(|field| field.1).map(|field| field.0);
        let mut found = given.collect::<Vec<_>>().join(", ");
        if found.is_empty() {
            found.push_str("none");
        }
        let hint = "done: start, end; running: start, remaining; frozen: start";
        self.mistake(place, expected, found, hint)
    }

    fn planned(&mut self, place: Place, item: &wire::Task<'_>) -> Option<Option<Planned>> {
        let Some(planned) = &item.planned else { return Some(None) };
        let mode = self.mode_number(place, planned.mode, item)?;
        let start = self.time(place, &planned.start)?;
        Some(Some(Planned { mode, start }))
    }

    /// A number of a mode, which may be left out where there is only one.
    fn mode_number(
        &mut self,
        place: Place,
        stated: Option<u32>,
        item: &wire::Task<'_>,
    ) -> Option<u32> {
        match (stated, item.modes.len()) {
            (Some(mode), _) => Some(mode),
            (None, 1) => Some(0),
            (None, count) => {
                let expected = format!("a mode from 0 to below {count} in status and plan");
                self.mistake(place, &expected, "none".to_owned(), "state the number of the mode")
            }
        }
    }

    fn mode(&mut self, place: Place, task: TaskId, mode: &wire::Mode<'_>) -> Option<()> {
        let mut needs = Vec::with_capacity(mode.requirements.len());
        for need in &mode.requirements {
            let resource = self.find(place, Of::Resources, &need.resource)?;
            needs.push((resource, Demand::new(need.demand)));
        }
        let mut changes = Vec::with_capacity(mode.stock_changes.len());
        for change in &mode.stock_changes {
            let reservoir = self.find(place, Of::Resources, &change.reservoir)?;
            changes.push(StockChange { reservoir, amount: change.amount, at: change.at });
        }
        let duration = Ticks::new(mode.duration);
        let added = self.builder.mode_with(task, duration, &needs, &changes);
        self.note(place, added)
    }
}
