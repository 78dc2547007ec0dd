//! HEFT of one job on an empty chip: tasks by falling upward rank, each where it ends first.
//!
//! A task starts at the earliest gap behind its data that is long enough; among equal ends the
//! smaller element wins. O(tasks² × elements).
//!
//! **Source:** Topcuoglu, Hariri, Wu 2002, section 4.

use crate::lower::Planned;
use crate::{ElementId, ProfileId, SocInstance};
use ordine_base::{IdVec, Ticks, Time};

/// A plan of one job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Positions of its tasks by falling rank.
    pub order: Vec<usize>,
    /// Where and when each task runs, by position.
    pub tasks: Vec<Planned>,
}

impl Plan {
    /// Latest end.
    pub fn makespan(&self) -> Time {
        self.tasks.iter().map(|task| task.end).max().unwrap_or_default()
    }
}

/// The plan of HEFT for one job of a profile. Elements of capacity above one count as one slot.
pub fn heft(instance: &SocInstance, profile: ProfileId) -> Plan {
    let count = instance.profiles[profile].graph.tasks.len();
    let kind = |position: usize| &instance.kinds[instance.kind(profile, position)];
    let mut order: Vec<usize> = (0..count).collect();
    // Equal ranks (transfers and durations of zero aside) keep the order of positions.
    order.sort_by(|&left, &right| kind(right).rank.total_cmp(&kind(left).rank));
    let mut taken: IdVec<ElementId, Vec<(Time, Time)>> =
        IdVec::filled(instance.platform.elements.len(), Vec::new());
    let mut tasks: Vec<Option<Planned>> = vec![None; count];
    for &position in &order {
        let ready = |element: ElementId| {
            let there = kind(position).before.iter().filter_map(|&(before, volume)| {
                let from = tasks[before]?;
                Some(from.end + instance.platform.transfer(volume, from.element, element))
            });
            there.max().unwrap_or_default()
        };
        let supported = kind(position).durations.iter();
        let placed = supported.filter_map(|(element, duration)| {
            let duration = (*duration)?;
            let start = gap(&taken[element], ready(element), duration);
            Some(Planned { element, start, end: start + duration })
        });
        let best = placed.min_by_key(|it| (it.end, it.element));
        let best = best.expect("every kind is supported by an element");
        let interval = (best.start, best.end);
        let slots = &mut taken[best.element];
        let place = slots.partition_point(|slot| slot.0 < best.start);
        slots.insert(place, interval);
        tasks[position] = Some(best);
    }
    Plan { order, tasks: tasks.into_iter().flatten().collect() }
}

/// Earliest start of `duration` between the slots, not before `ready`.
fn gap(slots: &[(Time, Time)], ready: Time, duration: Ticks) -> Time {
    let mut free = ready;
    for slot in slots {
        if free + duration <= slot.0 {
            break;
        }
        free = free.max(slot.1);
    }
    free
}
