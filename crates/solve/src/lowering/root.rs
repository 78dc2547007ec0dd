//! The root of a model as facts: read off what propagation fixed there, and post what others found.
//!
//! Only entries of the trail that came since the last reading are looked at. Facts that hold only
//! for costs below what the search demands wait. Orders are shared where each task uses its machine
//! in one stretch; a model over bounds takes an order as a precedence of tasks that are there.
//!
//! **Source:** see `crate::facts`.

use super::{Lowered, negation};
use crate::facts::{Fact, Facts, Subject};
use ordine_base::Time;
use ordine_cp::{Atom, Side, Value, View};
use ordine_problem::{ModeId, ResourceId, TaskId};
use std::ops::Range;

/// Orders beyond which they are not shared: a model of that size has no memory to spare.
const ORDERS_MAX: usize = 200_000;

/// What a variable says.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// A date of a task, or the cost, and what a lower and an upper bound of it say.
    Date(View, Subject, Subject),
    /// A choice, and what it says when it is taken or not.
    Choice(Atom, Subject, Subject),
}

/// Reads facts off the root of a model, and keeps those of others until they can be posted.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// By variable, the number of its role, or [`NO_ROLE`].
    numbers: Vec<u32>,
    roles: Vec<Role>,
    /// Entries of the root that were read.
    read: usize,
    /// Facts that were heard, by their number, and those that were told last: they are no news.
    heard: u64,
    told: Range<u64>,
    waiting: Facts,
}

const NO_ROLE: u32 = u32::MAX;

impl Root {
    /// The root of a model; what propagation finds there from now on is news.
    pub(crate) fn new(lowered: &Lowered<'_>) -> Self {
        let trail = &lowered.engine.trail;
        let mut root = Root {
            numbers: vec![NO_ROLE; trail.sides() / 2],
            roles: Vec::new(),
            read: trail.root(0).len(),
            heard: 0,
            told: 0..0,
            waiting: Facts::default(),
        };
        for (task, of_task) in lowered.tasks.iter() {
            let interval = of_task.interval;
            root.date(interval.start, Subject::StartsFrom(task), Subject::StartsBy(task));
            root.date(interval.end, Subject::EndsFrom(task), Subject::EndsBy(task));
            root.choice(interval.present, Subject::Runs(task), Subject::IsLeftOut(task));
            for of_mode in &of_task.modes {
                let (takes, excludes) =
                    (Subject::Takes(of_mode.mode), Subject::Excludes(of_mode.mode));
                root.choice(of_mode.interval.present, takes, excludes);
            }
        }
        root.date(lowered.levels[0], Subject::CostsFrom, Subject::CostsBy);
        if lowered.pairs.len() <= ORDERS_MAX {
            for pair in lowered.pairs.iter().filter(|pair| pair.is_whole) {
                let [first, second] = pair.modes;
                let before = |one, other| Subject::Before(pair.machine, one, other);
                root.choice(pair.atom, before(first, second), before(second, first));
            }
        }
        root
    }

    fn date(&mut self, view: View, from: Subject, by: Subject) {
        if !view.is_constant() {
            self.play(view.side, Role::Date(view, from, by));
        }
    }

    fn choice(&mut self, atom: Atom, yes: Subject, no: Subject) {
        if atom != Atom::TRUE && atom != Atom::FALSE {
            self.play(atom.side, Role::Choice(atom, yes, no));
        }
    }

    /// A variable says one thing: an end at a fixed distance from a start says nothing new.
    fn play(&mut self, side: Side, role: Role) {
        let number = &mut self.numbers[side.variable()];
        if *number == NO_ROLE {
            *number = self.roles.len() as u32;
            self.roles.push(role);
        }
    }

    /// Tells what the root fixed since it was last read, which holds for schedules of at most
    /// `cost_max`.
    pub(crate) fn tell(&mut self, lowered: &Lowered<'_>, cost_max: i64, facts: &mut Facts) {
        let (mut read, first) = (self.read, facts.next());
        for atom in lowered.engine.trail.root(self.read) {
            read += 1;
            // Variables that were added since have no role.
            let number = self.numbers.get(atom.side.variable()).copied().unwrap_or(NO_ROLE);
            if let Some(&role) = self.roles.get(number as usize) {
                let (subject, value) = said(lowered, role, atom);
                facts.add(Fact { subject, value, cost_max });
            }
        }
        self.read = read;
        self.told = first..facts.next();
    }

    /// Hears facts that it has not heard yet.
    pub(crate) fn hear(&mut self, facts: &Facts) {
        for fact in facts.since_but(self.heard, self.told.clone()) {
            self.waiting.add(fact);
        }
        self.heard = facts.next();
    }

    /// Whether facts wait that hold for schedules of at most `cost_max`.
    pub(crate) fn has_news(&self, cost_max: i64) -> bool {
        self.waiting.since(0).any(|fact| fact.cost_max >= cost_max)
    }

    /// Posts what was heard and holds for schedules of at most `cost_max`; gives the least cost up
    /// to which that holds. The trail is at the root.
    pub(crate) fn post(&mut self, lowered: &mut Lowered<'_>, cost_max: i64) -> i64 {
        let usable = self.waiting.take(cost_max);
        usable.iter().for_each(|&fact| post(lowered, fact));
        usable.iter().map(|fact| fact.cost_max).min().unwrap_or(i64::MAX)
    }
}

/// What a bound says, given the role of its variable.
fn said(lowered: &Lowered<'_>, role: Role, bound: Atom) -> (Subject, i64) {
    match role {
        Role::Date(view, from, _) if view.side == bound.side => {
            (from, lowered.scale.up(bound.value + view.offset))
        }
        Role::Date(view, _, by) => (by, lowered.scale.up(bound.value - view.offset)),
        Role::Choice(atom, yes, no) => (if bound.side == atom.side { yes } else { no }, 0),
    }
}

fn post(lowered: &mut Lowered<'_>, fact: Fact) {
    let value = fact.value;
    // Rounded outwards, should the units of two models differ.
    let (from, by) =
        (-lowered.scale.down(Time::new(-value)), lowered.scale.down(Time::new(-value)));
    let tasks = &lowered.tasks;
    let atom = match fact.subject {
        Subject::CostsFrom => bound(lowered.levels[0], true, from),
        Subject::CostsBy => bound(lowered.levels[0], false, by),
        Subject::StartsFrom(task) => bound(tasks[task].interval.start, true, from),
        Subject::StartsBy(task) => bound(tasks[task].interval.start, false, by),
        Subject::EndsFrom(task) => bound(tasks[task].interval.end, true, from),
        Subject::EndsBy(task) => bound(tasks[task].interval.end, false, by),
        Subject::Runs(task) => Some(tasks[task].interval.present),
        Subject::IsLeftOut(task) => Some(negation(tasks[task].interval.present)),
        Subject::Takes(mode) => presence(lowered, mode),
        Subject::Excludes(mode) => presence(lowered, mode).map(negation),
        Subject::Before(machine, first, second) => order(lowered, machine, first, second),
    };
    if let Some(atom) = atom.filter(|&atom| atom != Atom::TRUE) {
        lowered.engine.post_fact(atom);
    }
}

/// A bound of a date; constants need none.
fn bound(view: View, is_lower: bool, value: Value) -> Option<Atom> {
    let atom = if is_lower { view.at_least(value) } else { view.at_most(value) };
    (!view.is_constant()).then_some(atom)
}

/// When a mode is taken, where the model has it.
fn presence(lowered: &Lowered<'_>, mode: ModeId) -> Option<Atom> {
    let task: TaskId = lowered.problem.mode(mode).task;
    let of_mode = lowered.tasks[task].modes.iter().find(|it| it.mode == mode)?;
    Some(of_mode.interval.present)
}

/// The order of two modes on a machine; in a model over bounds it is posted as a precedence.
fn order(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    first: ModeId,
    second: ModeId,
) -> Option<Atom> {
    let uses = &lowered.uses[machine];
    let place = |mode: ModeId| uses.iter().position(|it| it.mode == mode);
    let (i, j) = (place(first)?, place(second)?);
    if !lowered.over_bounds {
        return Some(lowered.order(machine, i, j));
    }
    let (one, other) = (uses[i].interval, uses[j].interval);
    if [one, other].iter().all(|it| it.present == Atom::TRUE) {
        lowered.engine.post_difference(one.end, other.start, 0, Atom::TRUE);
    }
    None
}
