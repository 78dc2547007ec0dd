//! Calendars after breakdowns: the old ones with closed times laid over them.
//!
//! A calendar that repeats cannot have a break of its own in one period, so its period becomes a
//! multiple that reaches far behind every plan: the break then returns only after that. O(changes
//! of the calendar up to there).
//!
//! **Source:** -

use ordine_base::{IdVec, Ticks, Time};
use ordine_problem::{
    Calendar, CalendarId, ModeId, Problem, Requirement, ResourceId, ResourceKind, Shift, WorkTime,
};
use std::collections::BTreeMap;

/// Most changes that a calendar is unrolled to.
const STEPS_MAX: i64 = 1 << 20;

/// All calendars, and which resource follows which.
pub(crate) struct Downtime {
    pub(crate) calendars: Vec<Calendar>,
    of: IdVec<ResourceId, Option<usize>>,
    /// Renewables that are down and serve a batching machine.
    beside_batches: BTreeMap<ResourceId, Vec<(Time, Option<Time>)>>,
}

impl Downtime {
    /// The calendars of `problem`, with a calendar of its own for each resource that is down.
    pub(crate) fn new(
        problem: &Problem,
        down: &BTreeMap<ResourceId, Vec<(Time, Option<Time>)>>,
    ) -> Self {
        let mut calendars: Vec<Calendar> = problem.calendars().values().cloned().collect();
        let number = |id: CalendarId| ordine_base::Id::index(id);
        let mut of: IdVec<ResourceId, Option<usize>> =
            problem.resources().map(|id| problem.resource(id).calendar.map(number)).collect();
        let mut beside_batches = BTreeMap::new();
        for (&resource, breaks) in down {
            if serves_batches(problem, resource) {
                beside_batches.insert(resource, breaks.clone());
                continue;
            }
            let name = format!("{} with breakdowns", problem.resource(resource).name);
            let old = of[resource].map(|number| calendars[number].clone());
            let mut calendar = old.unwrap_or_else(|| Calendar::always(name.clone()));
            calendar.name = name;
            let last = breaks.iter().map(|&(from, to)| to.unwrap_or(from)).max();
            unroll(&mut calendar, problem.horizon().max(last.unwrap_or(Time::ORIGIN)));
            for &(from, to) in breaks {
                close(&mut calendar, from, to);
            }
            of[resource] = Some(calendars.len());
            calendars.push(calendar);
        }
        Downtime { calendars, of, beside_batches }
    }

    /// When a renewable that serves a batching machine is down: that is no calendar of its own.
    pub(crate) fn beside_batches(&self, resource: ResourceId) -> Option<&[(Time, Option<Time>)]> {
        self.beside_batches.get(&resource).map(Vec::as_slice)
    }

    /// Number of the calendar of a resource.
    pub(crate) fn of(&self, resource: ResourceId) -> Option<usize> {
        self.of[resource]
    }

    /// Working time of a mode.
    pub(crate) fn work_time(&self, problem: &Problem, mode: ModeId) -> WorkTime<'_> {
        let needs = problem.requirements(mode).iter().map(|need| need.resource);
        let used = needs.filter(|id| problem.resource(*id).comes_back());
        let mut numbers: Vec<usize> = used.filter_map(|id| self.of[id]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        WorkTime::under(numbers.into_iter().map(|number| &self.calendars[number]).collect())
    }
}

/// Whether a mode needs the renewable beside a batching machine.
fn serves_batches(problem: &Problem, resource: ResourceId) -> bool {
    let mut modes = problem.tasks().flat_map(|task| problem.modes(task));
    matches!(problem.resource(resource).kind, ResourceKind::Renewable(_))
        && modes.any(|mode| {
            let needs = problem.requirements(mode);
            let batched = |need: &Requirement| problem.resource(need.resource).batching.is_some();
            needs.iter().any(|need| need.resource == resource) && needs.iter().any(batched)
        })
}

/// Makes the period so long that it ends far behind `horizon`.
fn unroll(calendar: &mut Calendar, horizon: Time) {
    let Some(period) = calendar.period else { return };
    let reach = horizon.get().saturating_mul(4).max(period.get());
    let steps = calendar.steps.len().max(1) as i64;
    let times = (reach / period.get() + 1).min(STEPS_MAX / steps).max(1);
    let times = times.min(Time::MAX.get() / period.get()).max(1);
    let mut unrolled = Vec::with_capacity((times * steps) as usize);
    for round in 0..times {
        let base = Ticks::new(round * period.get());
        let has_start = calendar.steps.first().is_some_and(|step| step.0 == Time::ORIGIN);
        if round > 0 && !has_start {
            unrolled.push((Time::ORIGIN + base, calendar.first));
        }
        unrolled.extend(calendar.steps.iter().map(|&(time, shift)| (time + base, shift)));
    }
    calendar.steps = unrolled;
    calendar.period = Some(Ticks::new(times * period.get()));
}

/// Closes the calendar from `from` until `to`, or for ever.
fn close(calendar: &mut Calendar, from: Time, to: Option<Time>) {
    let after = to.map(|to| (to, calendar.at(to)));
    if to.is_none() {
        calendar.period = None;
    }
    let outside = |time: Time| time < from || to.is_some_and(|to| time > to);
    calendar.steps.retain(|step| outside(step.0));
    let place = calendar.steps.partition_point(|step| step.0 < from);
    let closed = [Some((from, Shift::Closed)), after].into_iter().flatten();
    calendar.steps.splice(place..place, closed);
}

/// Work done between `from` and `to`, whole ticks of it; breaks in between do not count.
pub(crate) fn worked(time: &WorkTime<'_>, from: Time, to: Time) -> Ticks {
    if to <= from {
        return Ticks::ZERO;
    }
    // At most ten times full speed.
    let (mut done, mut beyond) = (0, 10 * (to - from).get() + 1);
    while done + 1 < beyond {
        let middle = done + (beyond - done) / 2;
        match time.finish(from, Ticks::new(middle)).is_some_and(|end| end <= to) {
            true => done = middle,
            false => beyond = middle,
        }
    }
    Ticks::new(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Calendar {
        let steps = vec![(Time::new(8), Shift::FULL), (Time::new(16), Shift::Closed)];
        let period = Some(Ticks::new(24));
        Calendar { first: Shift::Closed, steps, period, ..Calendar::always("day") }
    }

    #[test]
    fn a_break_in_a_calendar_that_repeats_comes_once() {
        let plain = day();
        let mut calendar = day();
        unroll(&mut calendar, Time::new(100));
        close(&mut calendar, Time::new(34), Some(Time::new(60)));
        for time in (0..300).map(Time::new) {
            let closed = (34..60).contains(&time.get());
            let expected = if closed { Shift::Closed } else { plain.at(time) };
            assert_eq!(calendar.at(time), expected, "{time}");
        }
        close(&mut calendar, Time::new(90), None);
        assert_eq!(calendar.at(Time::new(10_000)), Shift::Closed);
        assert_eq!(calendar.at(Time::new(89)), plain.at(Time::new(89)));
    }

    #[test]
    fn work_is_counted_in_working_time_only() {
        let calendar = day();
        let time = WorkTime::under(vec![&calendar]);
        let worked = |from, to| worked(&time, Time::new(from), Time::new(to)).get();
        assert_eq!((worked(8, 12), worked(8, 20), worked(8, 34), worked(0, 8)), (4, 8, 10, 0));
        let half = Calendar { first: Shift::Open(50), ..Calendar::always("half") };
        let time = WorkTime::under(vec![&half]);
        assert_eq!(super::worked(&time, Time::new(0), Time::new(7)), Ticks::new(3));
        assert_eq!(
            super::worked(&WorkTime::under(Vec::new()), Time::new(2), Time::new(9)).get(),
            7
        );
    }
}
