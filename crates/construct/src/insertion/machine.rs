//! The sequence of a machine: slots in time order, with setups between neighbors.
//!
//! A gap is found beside the slots, where it stands how much work fits before each at most: gaps
//! that are too short, or lie in a break, are never tried.
//!
//! **Source:** decision record 0004: setups between consecutive tasks only.

use super::slots::{Place, Slot, Slots};
use ordine_base::{Ticks, Time};
use ordine_problem::{Calendar, FamilyId, Problem, ResourceId, Setup, TaskId};

/// What asks for a gap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) from: Time,
    /// Least length.
    pub(super) length: Ticks,
    /// The slot is kept at least until then.
    pub(super) until: Time,
    pub(super) family: Option<FamilyId>,
    /// Only behind everything.
    pub(super) append: bool,
    /// The length holds at `from` only: after a conflict the next gap is given untested.
    pub(super) is_elastic: bool,
    /// Work that a gap must have room for, wherever it lies, in percent of a tick.
    pub(super) work: i64,
}

/// Changes of a calendar that are followed to see how much work fits a gap.
const CHANGES_MAX: usize = 8;

/// The sequence of one machine.
#[derive(Clone, Debug)]
pub(super) struct MachineSequence<'a> {
    slots: Slots,
    calendar: Option<&'a Calendar>,
    setup: Option<&'a Setup>,
    initial: Option<FamilyId>,
    /// Whether slots overlap, as only those of settled tasks can.
    overlapping: bool,
}

impl<'a> MachineSequence<'a> {
    pub(super) fn new(problem: &'a Problem, machine: ResourceId) -> Self {
        let resource = problem.resource(machine);
        let setup = resource.setup.map(|id| &problem.setups()[id]);
        let initial = resource.initial_family;
        let calendar = resource.calendar.map(|id| problem.calendar(id));
        let slots = Slots::default();
        MachineSequence { slots, calendar, setup, initial, overlapping: false }
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.overlapping = false;
    }

    fn setup(&self, from: Option<FamilyId>, to: Option<FamilyId>) -> Ticks {
        match (self.setup, from, to) {
            (Some(setup), Some(from), Some(to)) => setup.time(from, to),
            _ => Ticks::ZERO,
        }
    }

    /// Earliest start of a gap that the wanted slot fits.
    pub(super) fn earliest(&self, wanted: Wanted) -> Time {
        let first = match wanted.append {
            true => self.slots.end(),
            false if self.overlapping => (0, 0),
            false => self.slots.partition_point(|slot| slot.release <= wanted.from),
        };
        let mut place = self.roomy(first, wanted.work);
        let mut tested = place > first;
        let mut latest = match self.overlapping && wanted.append {
            true => self.slots.iter().map(|slot| slot.release).max(),
            false => None,
        };
        loop {
            let (family, release) = match self.slots.before(place) {
                Some(before) => {
                    latest = latest.max(Some(before.release));
                    let all = latest.filter(|_| self.overlapping).unwrap_or(before.release);
                    (before.family, all)
                }
                None => (self.initial, Time::ORIGIN),
            };
            // Only neighbors need setups: what an earlier gap asked for is forgotten.
            let mut start = wanted.from;
            if self.slots.before(place).is_some() || self.initial.is_some() {
                start = start.max(release + self.setup(family, wanted.family));
            }
            let Some(next) = self.slots.get(place) else { return start };
            if wanted.is_elastic && tested && start > wanted.from {
                return start;
            }
            tested = true;
            let release = (start + wanted.length).max(wanted.until);
            if release + self.setup(wanted.family, next.family) <= next.start {
                return start;
            }
            place = self.roomy(self.slots.after(place), wanted.work);
        }
    }

    /// The first place from `place` on with room for the work.
    fn roomy(&self, place: Place, work: i64) -> Place {
        // Where slots overlap, what lies before a gap does not tell its length.
        if self.overlapping { place } else { self.slots.roomy(place, work) }
    }

    /// Inserts a slot where a gap was found.
    pub(super) fn insert(
        &mut self,
        task: TaskId,
        start: Time,
        release: Time,
        family: Option<FamilyId>,
    ) {
        let place = self.slots.partition_point(|slot| (slot.start, slot.task) < (start, task));
        let before = self.slots.before(place).map(|before| before.release);
        let next = self.slots.get(place).map(|next| next.start);
        let overlaps =
            before.is_some_and(|before| before > start) || next.is_some_and(|next| next < release);
        self.overlapping |= overlaps;
        let slot = Slot { start, release, family, task };
        let calendar = self.calendar;
        self.slots.insert(place, slot, &|before, slot| room_before(calendar, before, slot));
    }

    /// Takes the slots of a task that starts at `start` or later back.
    pub(super) fn remove(&mut self, task: TaskId, start: Time) {
        let mut place = self.slots.partition_point(|slot| slot.start < start);
        while let Some(slot) = self.slots.get(place) {
            if slot.task == task {
                let calendar = self.calendar;
                self.slots.remove(place, &|before, slot| room_before(calendar, before, slot));
                return;
            }
            place = self.slots.after(place);
        }
    }
}

/// The most work that fits between a slot and the next, in percent of a tick.
fn room_before(calendar: Option<&Calendar>, before: Option<&Slot>, slot: &Slot) -> i64 {
    // Without a slot before, what comes first may even start before the origin.
    let Some(before) = before else { return i64::MAX };
    let (mut time, until) = (before.release, slot.start);
    let full =
        |from: Time, percent: u32| (until - from).get().max(0).saturating_mul(i64::from(percent));
    let Some(calendar) = calendar else { return full(time, 100) };
    let mut room: i64 = 0;
    for _ in 0..CHANGES_MAX {
        if time >= until {
            return room;
        }
        let change = calendar.next_change(time).map_or(until, |change| change.min(until));
        let percent = i64::from(calendar.at(time).percent());
        room = room.saturating_add((change - time).get().saturating_mul(percent));
        time = change;
    }
    room.saturating_add(full(time, calendar.percent_max()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::{Demand, Id, Seed};
    use ordine_problem::{ProblemBuilder, Shift, WorkTime};

    #[test]
    fn only_the_setups_of_a_gap_count_in_it() {
        let mut builder = ProblemBuilder::new("setups");
        let press = builder.machine("press");
        let families = ["a", "b", "c"].map(|name| builder.family(name));
        // Everything takes 3 but from b to c.
        let times = [3, 3, 3, 3, 3, 0, 3, 3, 3].map(Ticks::new).to_vec();
        let setup = Setup { name: "dies".to_owned(), families: 3, times, costs: Vec::new() };
        builder.edit_resource(press).setup = Some(builder.setup(setup));
        let task = builder.task("t", None).expect("valid");
        builder.mode(task, Ticks::new(2), &[(press, Demand::ONE)]).expect("valid");
        let problem = builder.seal().expect("valid");
        let mut sequence = MachineSequence::new(&problem, press);
        let at = Time::new;
        sequence.insert(TaskId::from_index(0), at(0), at(3), Some(families[0]));
        sequence.insert(TaskId::from_index(1), at(3), at(5), Some(families[1]));
        let wanted = Wanted {
            from: at(0),
            length: Ticks::new(2),
            until: at(0),
            family: Some(families[2]),
            append: false,
            is_elastic: false,
            work: 200,
        };
        // Behind a it could not start before 6; behind b there is nothing to set up.
        assert_eq!(sequence.earliest(wanted), at(5));
    }

    #[test]
    fn gaps_that_are_passed_at_once_are_those_that_fit_nothing() {
        let mut builder = ProblemBuilder::new("gaps");
        let press = builder.machine("press");
        // Open for 7 of 10 ticks.
        let steps = vec![(Time::new(7), Shift::Closed)];
        let period = Some(Ticks::new(10));
        let calendar = Calendar { steps, period, ..Calendar::always("day") };
        let task = builder.task("t", None).expect("valid");
        builder.mode(task, Ticks::new(2), &[(press, Demand::ONE)]).expect("valid");
        let free = builder.clone().seal().expect("valid");
        builder.edit_resource(press).calendar = Some(builder.calendar(calendar));
        let bound = builder.seal().expect("valid");
        let mut stream = Seed::new(5).stream("gaps");
        for problem in [&free, &bound] {
            let mut sequence = MachineSequence::new(problem, press);
            let mut kept: Vec<(Time, Time)> = Vec::new();
            let work_time = WorkTime::of(problem, problem.usable_modes(task)[0]);
            for number in 0..1_500 {
                let from = Time::new(stream.below(4_000) as i64);
                let length = Ticks::new(1 + stream.below(6) as i64);
                let wanted = |work| Wanted {
                    from,
                    length,
                    until: from,
                    family: None,
                    append: false,
                    is_elastic: false,
                    work,
                };
                // Only starts and ends within working time tell whether a gap is passed rightly.
                let start = sequence.earliest(wanted(0));
                let is_work = |at: Time| {
                    work_time.is_free()
                        || work_time.working(at, at + length).len() == 1
                            && work_time.working(at, at + length)[0].elapsed() == length
                };
                if is_work(start) {
                    assert_eq!(sequence.earliest(wanted(100 * length.get())), start);
                    sequence.insert(TaskId::from_index(number), start, start + length, None);
                    kept.push((start, start + length));
                }
                let expected = (0..)
                    .map(|late| from + Ticks::new(late))
                    .find(|&at| kept.iter().all(|slot| at + length <= slot.0 || slot.1 <= at));
                assert_eq!(Some(sequence.earliest(wanted(0))), expected);
                if number % 3 == 0 && !kept.is_empty() {
                    let gone = kept.swap_remove(stream.below(kept.len()));
                    let slot = sequence.slots.iter().find(|slot| slot.start == gone.0);
                    let task = slot.expect("it was inserted").task;
                    sequence.remove(task, gone.0);
                }
            }
        }
    }
}
