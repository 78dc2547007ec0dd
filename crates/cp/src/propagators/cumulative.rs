//! Cumulative: present tasks use at most the capacity at any time; the time-table rule.
//!
//! `Σ {demand_i : start_i ≤ t < end_i} ≤ capacity(t)` for every t. A task that uses its demand in
//! `[latest start, earliest end)` for sure adds to the profile. Where the profile and a further
//! task are more than the capacity, the task goes later or earlier:
//!
//! `profile(t) + demand_i > capacity` and `end_i ≥ t + 1` imply `start_i ≥ t + 1`.
//!
//! A long rectangle is passed in steps of at most the duration, one time point each, so that every
//! reason speaks of one instant. Of the tasks that use the resource then, the newest are left out
//! while the others are still too many: what is left has been true longest.
//!
//! O(n + rectangles passed) a call while little moves; a call in which neither the profile nor the
//! windows changed costs O(n).
//!
//! **Source:** Steven Gay, Renaud Hartert, Pierre Schaus (CP 2015), for the sweep; Andreas Schutt,
//! Thibaut Feydy, Peter Stuckey, Mark Wallace, *Explaining the cumulative propagator* (2011), for
//! pointwise reasons.

use super::profile::{Part, Profile};
use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::Declaration;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past, Position};
use std::cell::RefCell;

/// A task and what it uses from its start to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// When it runs.
    pub task: Interval,
    /// How much it uses, at least zero.
    pub demand: View,
}

impl Usage {
    pub(crate) fn mirrored(self) -> Usage {
        Usage { task: self.task.mirrored(), ..self }
    }
}

/// How much there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// The same amount at any time.
    Level(View),
    /// From each time on the amount beside it, times strictly rising; before the first, the first.
    Steps(Vec<(Value, Value)>),
}

/// A time before every other, one after.
const BEGINNING: Value = -crate::VALUE_MAX;
const END: Value = crate::VALUE_MAX;

impl Capacity {
    /// Times at which it changes.
    pub(crate) fn times(&self) -> impl Iterator<Item = Value> {
        let steps = match self {
            Capacity::Level(_) => &[][..],
            Capacity::Steps(steps) => steps,
        };
        steps.iter().map(|step| step.0)
    }

    /// The amount at a time; `value` gives the value of a view.
    pub(crate) fn at(&self, time: Value, value: &dyn Fn(View) -> Value) -> Value {
        match self {
            Capacity::Level(view) => value(*view),
            Capacity::Steps(steps) => {
                let place = steps.partition_point(|step| step.0 <= time);
                steps[place.saturating_sub(1)].1
            }
        }
    }

    /// A level, and fixed usages that take away what is not there.
    pub(crate) fn leveled(&self) -> (View, Vec<Usage>) {
        let steps = match self {
            Capacity::Level(view) => return (*view, Vec::new()),
            Capacity::Steps(steps) => steps,
        };
        assert!(!steps.is_empty(), "a capacity has at least one step");
        assert!(steps.is_sorted_by(|a, b| a.0 < b.0), "times of a capacity rise strictly");
        let highest = steps.iter().map(|step| step.1).max().expect("at least one step");
        let mut missing = Vec::new();
        for (place, &(time, amount)) in steps.iter().enumerate() {
            let start = if place == 0 { BEGINNING } else { time };
            let end = steps.get(place + 1).map_or(END, |next| next.0);
            if amount < highest {
                let task = Interval {
                    start: View::constant(start),
                    duration: View::constant(end - start),
                    end: View::constant(end),
                    present: Atom::TRUE,
                };
                missing.push(Usage { task, demand: View::constant(highest - amount) });
            }
        }
        (View::constant(highest), missing)
    }
}

/// Which rule wrote a note: the others are directions of time in which a task was moved.
const OVERLOAD: Value = 2;
const TOO_LARGE: Value = 3;
const DEMAND: Value = 4;

/// Added to the direction where a task was moved over a whole rectangle at once; a fourth number
/// then says where the rectangle ends.
const WIDE: Value = 5;

/// Length of every other note: rule, task, time.
const NOTE: usize = 3;

/// Lengths of a task in a rectangle beyond which it is moved over the rectangle at once: one reason
/// then names those who use all of the rectangle, where the reasons of many small steps need fewer.
const STEPS_MAX: Value = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
enum Presence {
    #[default]
    Open,
    Present,
    Absent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Bounds {
    est: Value,
    lst: Value,
    ect: Value,
    lct: Value,
    demand: Value,
    presence: Presence,
}

impl Bounds {
    fn part(self) -> Part {
        // A task without a part keeps its place in the orders.
        let end = if self.presence == Presence::Present { self.ect } else { self.lst };
        Part { start: self.lst, end, demand: self.demand }
    }
}

/// A task that uses the resource at an instant, and since when that is known.
#[derive(Clone, Copy, Debug)]
struct User {
    since: Position,
    index: u32,
    demand: Value,
}

/// The time-table propagator.
#[derive(Debug)]
pub struct Cumulative {
    /// By direction of time: forward, mirrored. After the tasks come what the capacity lacks.
    usages: [Vec<Usage>; 2],
    count: usize,
    capacity: Capacity,
    level: View,
    bounds: Vec<Bounds>,
    parts: Vec<Part>,
    moved: Vec<bool>,
    /// The last call did not come to its end, or none was made.
    unsettled: bool,
    limit: Value,
    profile: Profile,
    users: RefCell<Vec<User>>,
    /// Whether a demand or the capacity varies.
    varies: bool,
    /// [`STEPS_MAX`], but in tests.
    steps_max: Value,
}

impl Cumulative {
    /// Tasks that share a capacity.
    pub fn new(usages: &[Usage], capacity: Capacity) -> Self {
        let (level, missing) = capacity.leveled();
        let count = usages.len();
        let usages: Vec<Usage> = usages.iter().copied().chain(missing).collect();
        let all = usages.len();
        let mirrored = usages.iter().map(|usage| usage.mirrored()).collect();
        Cumulative {
            varies: !level.is_constant() || usages.iter().any(|it| !it.demand.is_constant()),
            usages: [usages, mirrored],
            count,
            capacity,
            level,
            bounds: vec![Bounds::default(); all],
            parts: vec![Part::default(); all],
            moved: vec![true; all],
            unsettled: true,
            limit: 0,
            profile: Profile::new(all),
            users: RefCell::new(Vec::with_capacity(all)),
            steps_max: STEPS_MAX,
        }
    }

    /// Reads all bounds; whether the profile changed.
    fn refresh(&mut self, state: &Propagation<'_>) -> bool {
        let mut changed = self.unsettled;
        for (index, usage) in self.usages[0].iter().enumerate() {
            let task = usage.task;
            let now = Bounds {
                est: state.lower(task.start),
                lst: state.upper(task.start),
                ect: state.lower(task.end),
                lct: state.upper(task.end),
                demand: state.lower(usage.demand),
                presence: if state.is_true(task.present) {
                    Presence::Present
                } else if state.is_false(task.present) {
                    Presence::Absent
                } else {
                    Presence::Open
                },
            };
            self.moved[index] = self.bounds[index] != now;
            if !self.moved[index] {
                continue;
            }
            self.bounds[index] = now;
            let part = now.part();
            let old = std::mem::replace(&mut self.parts[index], part);
            changed |= part != old && (old.start < old.end || part.start < part.end);
        }
        let limit = state.upper(self.level);
        changed |= limit != self.limit;
        self.limit = limit;
        changed
    }

    /// The profile stays within the capacity, and the capacity above the profile.
    fn check_profile(&self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let highest = self.profile.highest();
        if highest <= state.lower(self.level) {
            return Ok(());
        }
        let rectangles = self.profile.rectangles();
        let peak = rectangles.iter().find(|it| it.height == highest).expect("it was the highest");
        let middle = peak.start + (peak.end - peak.start) / 2;
        let payload = state.note(&[OVERLOAD, 0, middle]);
        if self.level.is_constant() {
            return state.fail(payload);
        }
        state.set(self.level.at_least(highest), payload)
    }

    /// A task that uses more than there is takes no time, or is absent.
    fn check_size(&self, index: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let task = self.usages[0][index].task;
        let payload = state.note(&[TOO_LARGE, index as Value, 0]);
        if state.lower(task.duration) > 0 {
            return state.set(!task.present, payload);
        }
        state.set_when(task.present, task.duration.at_most(0), payload)
    }

    /// Moves a task over every instant at which it does not fit, in one direction of time.
    fn sweep(
        &self,
        direction: usize,
        index: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let bounds = self.bounds[index];
        let (mut est, lst, mut ect) = if direction == 0 {
            (bounds.est, bounds.lst, bounds.ect)
        } else {
            (-bounds.lct, -bounds.ect, -bounds.lst)
        };
        let task = self.usages[direction][index].task;
        let here = bounds.presence == Presence::Present;
        if !here && state.presence(task.start.side) != task.present {
            // The start is not its own: only instants that it cannot avoid count.
            est = lst;
        }
        // What it uses for sure is part of the profile, which was checked.
        let end_max = if here { lst } else { Value::MAX };
        for place in self.profile.first_after(direction, est)..self.profile.len() {
            let rectangle = self.profile.rectangle(direction, place);
            if rectangle.start >= ect.min(end_max) {
                break;
            }
            if rectangle.height + bounds.demand <= self.limit || rectangle.end <= est {
                continue;
            }
            let is_own = here || state.presence(task.start.side) == task.present;
            let is_far = (rectangle.end - est) / self.steps_max > ect - est;
            if is_far && is_own && est < ect && state.lower(task.duration) > 0 {
                let kind = direction as Value + WIDE;
                let payload = state.note(&[kind, index as Value, rectangle.start, rectangle.end]);
                state.set_when(task.present, task.start.at_least(rectangle.end), payload)?;
                est = state.lower(task.start);
                ect = state.lower(task.end);
                if est < rectangle.end {
                    return Ok(());
                }
                continue;
            }
            let payload = state.note(&[direction as Value, index as Value, rectangle.start]);
            while est < rectangle.end && est < ect {
                let target = rectangle.end.min(ect);
                state.set_when(task.present, task.start.at_least(target), payload)?;
                est = state.lower(task.start);
                if est < target {
                    return Ok(());
                }
                ect = state.lower(task.end);
            }
        }
        Ok(())
    }

    /// A task that runs for sure uses at most what the others leave.
    fn limit_demand(&self, index: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let Bounds { lst, ect, demand, presence, .. } = self.bounds[index];
        let view = self.usages[0][index].demand;
        if presence != Presence::Present || lst >= ect {
            return Ok(());
        }
        let mut left = state.upper(view);
        let mut time = None;
        for rectangle in &self.profile.rectangles()[self.profile.first_after(0, lst)..] {
            if rectangle.start >= ect {
                break;
            }
            let most = self.limit - (rectangle.height - demand);
            if most < left {
                left = most;
                time = Some(rectangle.start);
            }
        }
        if let Some(time) = time {
            let payload = state.note(&[DEMAND, index as Value, time]);
            state.set_when(self.usages[0][index].task.present, view.at_most(left), payload)?;
        }
        Ok(())
    }

    /// Names tasks other than `except` that use at least `needed` all the time from `from` to `to`;
    /// returns what they use beyond that.
    fn push_users(
        &self,
        (direction, from, to): (usize, Value, Value),
        except: Option<usize>,
        needed: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) -> Value {
        let mut users = self.users.borrow_mut();
        users.clear();
        let usages = &self.usages[direction];
        for (index, Usage { task, demand }) in usages.iter().enumerate() {
            let [starts, ends] = [task.start.at_most(from), task.end.at_least(to)];
            let runs = Some(index) != except
                && past.is_true(starts)
                && past.is_true(ends)
                && past.is_true(task.present);
            if runs {
                let since = past
                    .made_true(starts)
                    .max(past.made_true(ends))
                    .max(past.made_true(task.present));
                let demand = past.lower(*demand);
                users.push(User { since, index: index as u32, demand });
            }
        }
        let mut spare = users.iter().map(|user| user.demand).sum::<Value>() - needed;
        assert!(spare >= 0, "the profile was as high when it was used");
        users.sort_unstable_by_key(|user| (std::cmp::Reverse(user.since), user.index));
        for user in users.iter() {
            if user.demand <= spare {
                spare -= user.demand;
                continue;
            }
            let Usage { task, demand } = usages[user.index as usize];
            reason.push(task.present);
            reason.push(task.start.at_most(from));
            reason.push(task.end.at_least(to));
            push_least(demand, user.demand, reason);
        }
        spare
    }

    /// Names tasks that leave less than `demand` at an instant, and the capacity.
    fn push_instant(
        &self,
        (direction, time): (usize, Value),
        except: Option<usize>,
        demand: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        self.push_stretch((direction, time, time + 1), except, demand, past, reason);
    }

    /// Names tasks that leave less than `demand` all through a stretch of time, and the capacity.
    fn push_stretch(
        &self,
        stretch: (usize, Value, Value),
        except: Option<usize>,
        demand: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let limit = past.upper(self.level);
        let spare = self.push_users(stretch, except, limit - demand + 1, past, reason);
        if !self.level.is_constant() {
            reason.push(self.level.at_most(limit + spare));
        }
    }

    fn explain_size(&self, index: usize, past: Past<'_>, reason: &mut Vec<Atom>) {
        let Usage { task, demand } = self.usages[0][index];
        let limit = past.upper(self.level);
        push_least(demand, limit + 1, reason);
        if !self.level.is_constant() {
            reason.push(self.level.at_most(limit));
        }
        if past.lower(task.duration) > 0 {
            push_least(task.duration, 1, reason);
        } else {
            past.push_presence(task.present, task.duration.side, reason);
        }
    }
}

/// `[view ≥ value]`, where it varies.
pub(crate) fn push_least(view: View, value: Value, reason: &mut Vec<Atom>) {
    if !view.is_constant() {
        reason.push(view.at_least(value));
    }
}

impl Propagator for Cumulative {
    fn name(&self) -> &'static str {
        "cumulative"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Cumulative {
            usages: self.usages[0][..self.count].to_vec(),
            capacity: self.capacity.clone(),
        }
    }

    fn priority(&self) -> Priority {
        Priority::Linear
    }

    fn wake_on(&self, wake: &mut Wake) {
        for Usage { task, demand } in &self.usages[0] {
            wake.on_bounds(task.start);
            wake.on_bounds(task.end);
            wake.on_decided(task.present);
            wake.on_lower(*demand);
        }
        wake.on_upper(self.level);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let changed = self.refresh(state);
        self.unsettled = true;
        if changed {
            self.profile.build(&self.parts);
            self.check_profile(state)?;
        }
        let highest = self.profile.highest();
        for index in 0..self.count {
            let bounds = self.bounds[index];
            let idle = bounds.demand + highest <= self.limit && !self.varies;
            if idle || bounds.presence == Presence::Absent || !(changed || self.moved[index]) {
                continue;
            }
            if bounds.demand > self.limit {
                self.check_size(index, state)?;
            }
            if self.varies {
                self.limit_demand(index, state)?;
            }
            if bounds.demand > 0 && (bounds.est < bounds.lst || bounds.ect < bounds.lct) {
                self.sweep(0, index, state)?;
                self.sweep(1, index, state)?;
            }
        }
        self.unsettled = false;
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let (index, time) = (note[1] as usize, note[2]);
        match note[0] {
            OVERLOAD if atom == Atom::FALSE => {
                self.push_instant((0, time), None, 0, past, reason);
            }
            OVERLOAD => {
                let height = atom.value + self.level.offset;
                self.push_users((0, time, time + 1), None, height, past, reason);
            }
            TOO_LARGE => self.explain_size(index, past, reason),
            DEMAND => {
                let Usage { task, demand } = self.usages[0][index];
                past.push_presence(task.present, demand.side, reason);
                reason.push(task.start.at_most(time));
                reason.push(task.end.at_least(time + 1));
                // The atom says that the demand is at most so much.
                let most = demand.offset - atom.value;
                self.push_instant((0, time), Some(index), most + 1, past, reason);
            }
            kind if kind >= WIDE => {
                let direction = (kind - WIDE) as usize;
                let Usage { task, demand } = self.usages[direction][index];
                // It runs at the first instant at least if it starts before that.
                let bound = (atom.value + task.start.offset).max(time + 1);
                let until = past.noted(payload, NOTE + 1)[3].min(bound);
                past.push_presence(task.present, task.start.side, reason);
                reason.push(task.end.at_least(time + 1));
                push_least(task.duration, 1, reason);
                let least = past.lower(demand);
                push_least(demand, least, reason);
                self.push_stretch((direction, time, until), Some(index), least, past, reason);
            }
            direction => {
                let direction = direction as usize;
                let Usage { task, demand } = self.usages[direction][index];
                // The earliest instant that still moves it past the bound that is asked for.
                let time = time.max(atom.value + task.start.offset - 1);
                past.push_presence(task.present, task.start.side, reason);
                reason.push(task.end.at_least(time + 1));
                let least = past.lower(demand);
                push_least(demand, least, reason);
                self.push_instant((direction, time), Some(index), least, past, reason);
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
