//! Energy of a cumulative resource: overload, and time-table edge finding.
//!
//! In a window `[a, b)` a task works at least `d = min(p, b − a, ect − a, b − lst)` ticks. What it
//! uses for sure at a known time is in the profile; the rest is its *free* energy. With
//! `g(t) = capacity · t − profile energy before t`, a set Ω of tasks that must lie in `[a, b)` fits
//! only if `free(Ω) ≤ g(b) − g(a)`:
//!
//! * *overload*: if not, fail. O(n log n) by a tree over earliest starts;
//! * *edge finding*: if a task that may begin in the window fits no longer when it begins at its
//!   earliest, it may use there what is left: `start_i ≥ b − ⌊left / demand_i⌋`. O(n²), in both
//!   directions of time. Tasks that may end later than b, but not wholly, count with what they
//!   must do before b.
//!
//! A reason names `d_i` ticks of each task by `end_i ≥ a + d_i` and `start_i ≤ b − d_i`. What is
//! more than enough makes the `d_i` smaller, of the newest tasks first.
//!
//! **Source:** Petr Vilím, *Timetable edge finding filtering algorithm for discrete cumulative
//! resources* (CPAIOR 2011); Andreas Schutt, Thibaut Feydy, Peter Stuckey, *Explaining
//! time-table-edge-finding propagation* (CPAIOR 2013), for the reasons; Armin Wolf, Gunnar Schrader
//! (2005), for the tree.

use super::cumulative::{Capacity, Usage, push_least};
use super::profile::{Part, Profile, sort_nearly_sorted};
use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::Declaration;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past, Position};
use std::cell::RefCell;

/// Which rules of energy run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnergyParameters {
    /// Overload of a window, Wolf and Schrader (2005).
    pub overload: bool,
    /// Time-table edge finding, Vilím (2011).
    pub edge_finding: bool,
}

impl Default for EnergyParameters {
    fn default() -> Self {
        EnergyParameters { overload: true, edge_finding: true }
    }
}

/// No task is moved: the window is overloaded.
const NOBODY: Value = -1;

/// Length of every note: direction, task, window start, window end.
const NOTE: usize = 4;

/// Energies stay below it, or the propagator rests.
const ENERGY_MAX: Value = 1 << 61;

/// A task as seen in a direction of time.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    est: Value,
    lst: Value,
    ect: Value,
    lct: Value,
    duration: Value,
    demand: Value,
    /// Energy that is not in the profile.
    free: Value,
    here: bool,
    /// Whether it may be there at all and uses something.
    counts: bool,
}

/// What a task learned: its new earliest start, and the window that says so.
#[derive(Clone, Copy, Debug)]
struct Push {
    bound: Value,
    window: (Value, Value),
}

/// A task and the ticks that it must work in a window.
#[derive(Clone, Copy, Debug)]
struct Share {
    since: Position,
    index: u32,
    ticks: Value,
    demand: Value,
    /// It lies there for sure, from this time on; else it works so long wherever it lies.
    fixed: Option<Value>,
}

/// Leaves by earliest start; a node knows the energy below it and how full the capacity is up to
/// the end of it, as an envelope.
#[derive(Debug, Default)]
struct Tree {
    size: usize,
    energy: Vec<Value>,
    envelope: Vec<Value>,
}

const EMPTY: Value = Value::MIN / 2;

impl Tree {
    fn reset(&mut self, leaves: usize) {
        self.size = leaves.next_power_of_two();
        self.energy.clear();
        self.energy.resize(2 * self.size, 0);
        self.envelope.clear();
        self.envelope.resize(2 * self.size, EMPTY);
    }

    fn insert(&mut self, leaf: usize, energy: Value, envelope: Value) {
        let mut node = self.size + leaf;
        self.energy[node] = energy;
        self.envelope[node] = envelope;
        while node > 1 {
            node /= 2;
            let [left, right] = [2 * node, 2 * node + 1];
            self.energy[node] = self.energy[left] + self.energy[right];
            self.envelope[node] =
                (self.envelope[left] + self.energy[right]).max(self.envelope[right]);
        }
    }

    fn envelope(&self) -> Value {
        self.envelope[1]
    }

    /// The leaf whose start the envelope of the root is counted from.
    fn responsible(&self) -> usize {
        let mut node = 1;
        while node < self.size {
            let [left, right] = [2 * node, 2 * node + 1];
            node = if self.envelope[node] == self.envelope[right] { right } else { left };
        }
        node - self.size
    }
}

/// The energy propagator of one cumulative resource; posted beside [`super::Cumulative`].
#[derive(Debug)]
pub struct CumulativeEnergy {
    /// By direction of time: forward, mirrored. After the tasks come what the capacity lacks.
    usages: [Vec<Usage>; 2],
    count: usize,
    capacity: Capacity,
    level: View,
    parameters: EnergyParameters,
    limit: Value,
    /// The earliest start of all.
    origin: Value,
    /// Places by earliest start, forward.
    places: Vec<u32>,
    seen: Vec<Seen>,
    parts: Vec<Part>,
    profile: Profile,
    /// Energy of the profile before each of its rectangles, and after the last.
    before: Vec<Value>,
    by_est: [Vec<u32>; 2],
    by_lct: [Vec<u32>; 2],
    /// `g` at the earliest start and the latest end of each task.
    room: Vec<(Value, Value)>,
    tree: Tree,
    pushes: Vec<Option<Push>>,
    shares: RefCell<Vec<Share>>,
}

impl CumulativeEnergy {
    /// Tasks that share a capacity.
    pub fn new(usages: &[Usage], capacity: Capacity, parameters: EnergyParameters) -> Self {
        let (level, missing) = capacity.leveled();
        let count = usages.len();
        let usages: Vec<Usage> = usages.iter().copied().chain(missing).collect();
        let all = usages.len();
        let mirrored = usages.iter().map(|usage| usage.mirrored()).collect();
        let order: Vec<u32> = (0..count as u32).collect();
        CumulativeEnergy {
            usages: [usages, mirrored],
            count,
            capacity,
            level,
            parameters,
            limit: 0,
            origin: 0,
            places: vec![0; count],
            seen: vec![Seen::default(); all],
            parts: vec![Part::default(); all],
            profile: Profile::new(all),
            before: Vec::with_capacity(2 * all + 1),
            by_est: [order.clone(), order.clone()],
            by_lct: [order.clone(), order],
            room: vec![(0, 0); count],
            tree: Tree::default(),
            pushes: vec![None; count],
            shares: RefCell::new(Vec::with_capacity(all)),
        }
    }

    /// Reads all bounds. False if there is nothing to do, or if the energies are too large to be
    /// counted.
    fn refresh(&mut self, state: &Propagation<'_>) -> bool {
        self.limit = state.upper(self.level);
        let (mut first, mut last) = (Value::MAX, Value::MIN);
        for (index, &Usage { task, demand }) in self.usages[0].iter().enumerate() {
            let (est, lst) = (state.lower(task.start), state.upper(task.start));
            let (ect, lct) = (state.lower(task.end), state.upper(task.end));
            // Where start, duration and end are three variables, their bounds may not agree yet.
            let duration = state.lower(task.duration).min(ect - est).min(lct - lst);
            let demand = state.lower(demand);
            let counts = demand > 0 && duration > 0 && !state.is_false(task.present);
            let here = counts && state.is_true(task.present);
            self.seen[index] = Seen { est, lst, ect, lct, duration, demand, free: 0, here, counts };
            if counts && index < self.count {
                first = first.min(est);
                last = last.max(lct);
            }
        }
        self.origin = first;
        first < last && self.split(first, last)
    }

    /// Splits the energy of each task into what the profile has and what is free.
    fn split(&mut self, first: Value, last: Value) -> bool {
        if (last - first).checked_mul(self.limit + 1).is_none_or(is_too_large) {
            return false;
        }
        let mut energy: Value = 0;
        for (index, seen) in self.seen.iter_mut().enumerate() {
            // Beyond the tasks nothing matters.
            let start = seen.lst.clamp(first, last);
            let end = if seen.here { seen.ect.clamp(start, last) } else { start };
            self.parts[index] = Part { start, end, demand: seen.demand };
            let ticks = if index < self.count { (seen.duration - (end - start)).max(0) } else { 0 };
            if seen.counts {
                let Some(all) = seen.demand.checked_mul(ticks + end - start) else { return false };
                seen.free = seen.demand * ticks;
                energy = energy.saturating_add(all);
            }
        }
        !is_too_large(energy)
    }

    /// The profile and its energies.
    fn measure(&mut self) {
        self.profile.build(&self.parts);
        self.before.clear();
        let mut energy = 0;
        self.before.push(0);
        for rectangle in self.profile.rectangles() {
            energy += (rectangle.end - rectangle.start) * rectangle.height;
            self.before.push(energy);
        }
    }

    /// Energy of the profile before a time, in forward time.
    fn profile_before(&self, time: Value) -> Value {
        let place = self.profile.first_after(0, time);
        match self.profile.rectangles().get(place) {
            Some(it) if it.start < time => self.before[place] + (time - it.start) * it.height,
            _ => self.before[place],
        }
    }

    /// `g` at a time in a direction of time, up to a constant of the direction.
    fn room_at(&self, direction: usize, time: Value) -> Value {
        if direction == 0 {
            self.limit * (time - self.origin) - self.profile_before(time)
        } else {
            self.limit * (time + self.origin) + self.profile_before(-time)
        }
    }

    /// Orders and room in a direction of time.
    fn arrange(&mut self, direction: usize) {
        let seen = &self.seen;
        sort_nearly_sorted(&mut self.by_est[direction], |task| seen[task as usize].est);
        sort_nearly_sorted(&mut self.by_lct[direction], |task| seen[task as usize].lct);
        for index in 0..self.count {
            let Seen { est, lct, counts, .. } = self.seen[index];
            if counts {
                self.room[index] = (self.room_at(direction, est), self.room_at(direction, lct));
            }
        }
    }

    /// Time runs the other way.
    fn mirror(&mut self) {
        for seen in &mut self.seen {
            let Seen { est, lst, ect, lct, .. } = *seen;
            (seen.est, seen.lst, seen.ect, seen.lct) = (-lct, -ect, -lst, -est);
        }
    }

    /// Fails where the tasks of a window need more than there is.
    fn check_overload(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        self.tree.reset(self.count);
        for (place, &task) in self.by_est[0].iter().enumerate() {
            self.places[task as usize] = place as u32;
        }
        for &task in &self.by_lct[0] {
            let seen = self.seen[task as usize];
            if !seen.here || seen.free == 0 {
                continue;
            }
            let (room_start, room_end) = self.room[task as usize];
            let place = self.places[task as usize] as usize;
            self.tree.insert(place, seen.free, room_start + seen.free);
            if self.tree.envelope() > room_end {
                let first = self.by_est[0][self.tree.responsible()] as usize;
                let payload = state.note(&[0, NOBODY, self.seen[first].est, seen.lct]);
                return state.fail(payload);
            }
        }
        Ok(())
    }

    /// Looks at all windows and moves the tasks that do not fit where they could begin.
    fn find_edges(
        &mut self,
        direction: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.pushes.fill(None);
        let mut end = Value::MAX;
        for place in (0..self.count).rev() {
            let last = self.by_lct[direction][place] as usize;
            let seen = self.seen[last];
            if seen.here && seen.free > 0 && seen.lct < end {
                end = seen.lct;
                self.check_windows(direction, end, self.room[last].1, state)?;
            }
        }
        for index in 0..self.count {
            if let Some(Push { bound, window }) = self.pushes[index] {
                let task = self.usages[direction][index].task;
                let note = [direction as Value, index as Value, window.0, window.1];
                let payload = state.note(&note);
                state.set_when(task.present, task.start.at_least(bound), payload)?;
            }
        }
        Ok(())
    }

    /// All windows that end at `end`, the latest start first.
    fn check_windows(
        &mut self,
        direction: usize,
        end: Value,
        room_end: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let mut energy = 0;
        // The task that would need the most if it began at its earliest, and what it would need
        // beyond what is counted.
        let mut most = (0, usize::MAX);
        for &first in self.by_est[direction].iter().rev() {
            let index = first as usize;
            let seen = self.seen[index];
            if !seen.counts || seen.est >= end {
                continue;
            }
            let start = seen.est;
            if seen.here && seen.lct <= end {
                energy += seen.free;
            } else {
                let extra = seen.extra(end);
                let need = seen.free.min(seen.demand * (end - start)) - extra;
                energy += extra;
                most = most.max((need, index));
            }
            let left = room_end - self.room[index].0 - energy;
            if left < 0 {
                let payload = state.note(&[direction as Value, NOBODY, start, end]);
                return state.fail(payload);
            }
            if most.0 > left {
                let moved = self.seen[most.1];
                let own = moved.extra(end) + moved.demand * moved.surely_inside(start, end);
                let bound = end - (left + own).div_euclid(moved.demand);
                let known = self.pushes[most.1].map_or(moved.est, |push| push.bound);
                if bound > known {
                    self.pushes[most.1] = Some(Push { bound, window: (start, end) });
                }
            }
        }
        Ok(())
    }

    /// Ticks that each task must work in a window, given the bounds of the past.
    fn collect_shares(
        &self,
        direction: usize,
        (start, end): (Value, Value),
        except: Option<usize>,
        past: Past<'_>,
    ) -> Value {
        let mut shares = self.shares.borrow_mut();
        shares.clear();
        for (index, &Usage { task, demand }) in self.usages[direction].iter().enumerate() {
            if Some(index) == except || !past.is_true(task.present) {
                continue;
            }
            let (lst, ect) = (past.upper(task.start), past.lower(task.end));
            if lst >= end || ect <= start {
                continue;
            }
            // What lies between its latest start and its earliest end counts, even where the
            // duration is not known to be as long.
            let duration = past.lower(task.duration);
            let within = duration.min(end - start).min(ect - start).min(end - lst);
            let ticks = within.max(ect.min(end) - lst.max(start));
            let demand = past.lower(demand);
            if ticks > 0 && demand > 0 {
                let fixed = (ticks > duration).then_some(lst.max(start));
                let mut share = Share { since: 0, index: index as u32, ticks, demand, fixed };
                let [starts, ends] = share.atoms((start, end), task);
                share.since = past
                    .made_true(starts)
                    .max(past.made_true(ends))
                    .max(past.made_true(task.present));
                shares.push(share);
            }
        }
        shares.sort_unstable_by_key(|share| (std::cmp::Reverse(share.since), share.index));
        shares.iter().map(|share| share.ticks * share.demand).sum()
    }

    /// Names what the tasks must work in the window; lowers `spare`, the energy that is more than
    /// enough.
    fn push_shares(
        &self,
        direction: usize,
        window: (Value, Value),
        spare: &mut Value,
        reason: &mut Vec<Atom>,
    ) {
        for &share in self.shares.borrow().iter() {
            let cut = share.ticks.min(*spare / share.demand);
            *spare -= cut * share.demand;
            let share = Share { ticks: share.ticks - cut, ..share };
            if share.ticks == 0 {
                continue;
            }
            let Usage { task, demand } = self.usages[direction][share.index as usize];
            reason.push(task.present);
            reason.extend(share.atoms(window, task));
            if share.fixed.is_none() {
                push_least(task.duration, share.ticks, reason);
            }
            push_least(demand, share.demand, reason);
        }
    }
}

impl Seen {
    /// Free energy before `end`, if it runs as late as it can.
    fn extra(&self, end: Value) -> Value {
        if !self.here {
            return 0;
        }
        (self.demand * (end - self.lst.max(self.ect)).max(0)).min(self.free)
    }

    /// Ticks of its part of the profile in a window.
    fn surely_inside(&self, start: Value, end: Value) -> Value {
        if !self.here {
            return 0;
        }
        (self.ect.min(end) - self.lst.max(start)).max(0)
    }
}

impl Share {
    /// Why a task works so many ticks in a window, beside its duration.
    fn atoms(&self, (start, end): (Value, Value), task: Interval) -> [Atom; 2] {
        match self.fixed {
            Some(from) => [task.start.at_most(from), task.end.at_least(from + self.ticks)],
            None => [task.start.at_most(end - self.ticks), task.end.at_least(start + self.ticks)],
        }
    }
}

impl Propagator for CumulativeEnergy {
    fn name(&self) -> &'static str {
        "cumulative energy"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Cumulative {
            usages: self.usages[0][..self.count].to_vec(),
            capacity: self.capacity.clone(),
        }
    }

    fn priority(&self) -> Priority {
        if self.parameters.edge_finding { Priority::Dear } else { Priority::Sorted }
    }

    fn wake_on(&self, wake: &mut Wake) {
        for Usage { task, demand } in &self.usages[0] {
            wake.on_bounds(task.start);
            wake.on_bounds(task.end);
            wake.on_decided(task.present);
            wake.on_lower(task.duration);
            wake.on_lower(*demand);
        }
        wake.on_upper(self.level);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        if !self.refresh(state) {
            return Ok(());
        }
        self.measure();
        self.arrange(0);
        if self.parameters.overload {
            self.check_overload(state)?;
        }
        if self.parameters.edge_finding {
            self.find_edges(0, state)?;
            self.mirror();
            self.arrange(1);
            self.find_edges(1, state)?;
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let direction = note[0] as usize;
        let window = (note[2], note[3]);
        let limit = past.upper(self.level);
        let mut spare = -limit * (window.1 - window.0) - 1;
        if note[1] == NOBODY {
            spare += self.collect_shares(direction, window, None, past);
            self.push_shares(direction, window, &mut spare, reason);
        } else {
            let index = note[1] as usize;
            let Usage { task, demand } = self.usages[direction][index];
            let demand_least = past.lower(demand);
            // If it started before the bound, it would work so many ticks in the window.
            let bound = atom.value + task.start.offset;
            let within = past.lower(task.end) - window.0;
            let ticks = past.lower(task.duration).min(window.1 - bound + 1).min(within);
            spare += self.collect_shares(direction, window, Some(index), past);
            spare += ticks * demand_least;
            self.push_shares(direction, window, &mut spare, reason);
            let cut = (ticks - 1).min(spare / demand_least);
            spare -= cut * demand_least;
            past.push_presence(task.present, task.start.side, reason);
            reason.push(task.end.at_least(window.0 + ticks - cut));
            push_least(task.duration, ticks - cut, reason);
            push_least(demand, demand_least, reason);
        }
        assert!(spare >= 0, "the window was overloaded when it was found");
        if !self.level.is_constant() {
            reason.push(self.level.at_most(limit + spare / (window.1 - window.0)));
        }
    }
}

fn is_too_large(energy: Value) -> bool {
    energy > ENERGY_MAX
}

#[cfg(test)]
mod tests;
