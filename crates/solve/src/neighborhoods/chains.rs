//! The order in which tasks hand a renewable on.
//!
//! The units of a renewable go from task to task; where a unit goes from one to another, the second
//! starts after the end of the first. Any schedule that keeps these orders respects the capacity
//! among these tasks, whatever their times. Cost: O(n log n + n × capacity) per renewable.
//!
//! **Source:** Nicola Policella, Angelo Oddi, Stephen Smith, Amedeo Cesta, *Generating robust
//! partial order schedules* (CP 2004).

use crate::lowering::{Lowered, Use};
use ordine_base::{Id, Time};
use ordine_cp::{Atom, Interval, Value};
use ordine_problem::{Problem, ResourceKind, Schedule};

/// A task on a renewable, as the schedule has it.
struct Holder {
    start: Time,
    end: Time,
    demand: Value,
    interval: Interval,
}

/// Makes the engine keep the orders among tasks that are not free, while the atom holds that is
/// returned; `None` if there are none.
pub(super) fn keep(
    lowered: &mut Lowered<'_>,
    schedule: &Schedule,
    is_free: &[bool],
) -> Option<Atom> {
    let problem = lowered.problem();
    let mut orders = Vec::new();
    for (resource, uses) in lowered.uses.iter() {
        if problem.resource(resource).kind != ResourceKind::Machine {
            let holders = uses.iter().filter(|it| !is_free[it.task.index()]);
            let holders = holders.filter_map(|it| holder(problem, schedule, it)).collect();
            chain(holders, &mut orders);
        }
    }
    if orders.is_empty() {
        return None;
    }
    let keeps = lowered.engine.boolean();
    for (first, second) in orders {
        lowered.engine.post_difference(first.end, second.start, 0, keeps);
    }
    Some(keeps)
}

fn holder(problem: &Problem, schedule: &Schedule, it: &Use) -> Option<Holder> {
    let placement = schedule.placement(it.task).filter(|placement| placement.mode == it.mode)?;
    // What is held longer than the task runs, or in parts, has no such simple order.
    let is_plain = (it.first, it.last) == (Atom::TRUE, Atom::TRUE)
        && problem.hold_of(it.task).is_none()
        && placement.end > placement.start;
    is_plain.then_some(Holder {
        start: placement.start,
        end: placement.end,
        demand: it.demand,
        interval: it.interval,
    })
}

/// Hands units on, from those who were done last.
fn chain(mut holders: Vec<Holder>, orders: &mut Vec<(Interval, Interval)>) {
    holders.sort_by_key(|it| (it.start, it.end));
    // Who had units last, and how many of them are left to hand on; later ends last.
    let mut idle: Vec<(Time, usize, Value)> = Vec::new();
    let mut busy: Vec<(Time, usize, Value)> = Vec::new();
    for (index, holder) in holders.iter().enumerate() {
        while let Some(&next) = busy.first().filter(|next| next.0 <= holder.start) {
            idle.push(next);
            busy.remove(0);
        }
        let mut missing = holder.demand;
        while missing > 0
            && let Some((end, giver, units)) = idle.pop()
        {
            let taken = units.min(missing);
            missing -= taken;
            orders.push((holders[giver].interval, holder.interval));
            if taken < units {
                idle.push((end, giver, units - taken));
            }
        }
        let place = busy.partition_point(|it| it.0 <= holder.end);
        busy.insert(place, (holder.end, index, holder.demand));
    }
}
