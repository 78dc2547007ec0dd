//! Random tiny models, by seed: a few variables of each kind and a few constraints over them.
//!
//! A list of functions, each of which adds one random constraint; a model draws from the list. All
//! keep the rules of models: a clause about an optional variable names its absence.
//!
//! **Source:** Robert Brummayer, Armin Biere, *Fuzzing and delta-debugging SMT solvers* (2009).

mod general;
mod scheduling;

use super::{Enumeration, Tiny};
use crate::atom::{Atom, Interval, Side, Value, View};
use crate::declaration::Declaration;
use crate::propagators::{Capacity, Usage};
use ordine_base::{Seed, Stream};

/// Adds one random constraint.
type Add = fn(&mut Draft);

/// One function for each kind of constraint.
const KINDS: [Add; 21] = [
    add_clause,
    add_cumulative,
    add_difference,
    add_disjunctive,
    add_sequence,
    general::add_all_different,
    general::add_at_least,
    general::add_circuit,
    general::add_element,
    general::add_linear,
    general::add_load,
    general::add_reach,
    general::add_rectangles,
    general::add_table,
    scheduling::add_acyclic,
    scheduling::add_alternative,
    scheduling::add_elapsed,
    scheduling::add_forbidden,
    scheduling::add_reservoir,
    scheduling::add_setups,
    scheduling::add_span,
];

/// Constraints over tasks that compete.
const CROWDS: [Add; 4] = [add_cumulative, add_disjunctive, add_sequence, general::add_rectangles];

/// Steps of brute force that are a moment.
const NODES_MAX: u64 = 30_000;

/// A model that is being drawn, and what its constraints may speak of.
struct Draft {
    tiny: Tiny,
    stream: Stream,
    horizon: Value,
    booleans: Vec<Atom>,
    /// Integer variables, times among them; some optional.
    times: Vec<View>,
    /// Tasks with variables of their own: a machine moves them before it knows whether they are
    /// there.
    tasks: Vec<Interval>,
    /// Tasks that share the variables of another.
    sharing: Vec<Interval>,
}

/// The tiny model of a seed, and what brute force says about it.
pub fn generate(seed: Seed) -> (Tiny, Enumeration) {
    for attempt in 0.. {
        let tiny = draw(seed.child(attempt).stream("tiny"));
        if let Some(enumeration) = tiny.enumerate(NODES_MAX) {
            return (tiny, enumeration);
        }
    }
    unreachable!("some draw is small")
}

fn draw(stream: Stream) -> Tiny {
    let mut draft = Draft {
        tiny: Tiny::default(),
        stream,
        horizon: 0,
        booleans: Vec::new(),
        times: Vec::new(),
        tasks: Vec::new(),
        sharing: Vec::new(),
    };
    draft.horizon = draft.between(3, 8);
    if draft.stream.chance(0.5) {
        draft.crowd()
    } else {
        draft.mix()
    }
    if draft.stream.chance(0.7) {
        draft.add_objective();
    }
    draft.tiny
}

impl Draft {
    /// A few variables of each kind, a few constraints.
    fn mix(&mut self) {
        for _ in 0..self.stream.below(3) {
            let atom = self.tiny.boolean();
            self.booleans.push(atom);
        }
        for _ in 0..self.stream.below(3) {
            self.add_variable();
        }
        for _ in 0..1 + self.stream.below(4) {
            self.add_task(0.4);
        }
        for _ in 0..1 + self.stream.below(5) {
            let kind = self.stream.below(KINDS.len());
            KINDS[kind](self);
        }
    }

    /// Tasks that hardly fit in their time, and constraints over all of them.
    fn crowd(&mut self) {
        let count = 3 + self.stream.below(4);
        let optional = [0.0, 0.2, 0.5][self.stream.below(3)];
        self.horizon = 2 * count as Value + self.between(-2, 2);
        for _ in 0..count {
            self.add_task(optional);
        }
        for _ in 0..1 + self.stream.below(2) {
            let kind = self.stream.below(CROWDS.len());
            CROWDS[kind](self);
        }
        for _ in 0..self.stream.below(3) {
            let kind = self.stream.below(KINDS.len());
            KINDS[kind](self);
        }
    }

    fn between(&mut self, lower: Value, upper: Value) -> Value {
        lower + self.stream.below((upper - lower + 1) as usize) as Value
    }

    /// A Boolean that says whether something is there, or that it always is.
    fn presence(&mut self, optional: f64) -> Atom {
        if !self.stream.chance(optional) {
            return Atom::TRUE;
        }
        if !self.booleans.is_empty() && self.stream.chance(0.25) {
            let place = self.stream.below(self.booleans.len());
            return if self.stream.chance(0.5) {
                self.booleans[place]
            } else {
                !self.booleans[place]
            };
        }
        let atom = self.tiny.boolean();
        self.booleans.push(atom);
        atom
    }

    fn add_variable(&mut self) {
        let present = self.presence(0.4);
        let lower = self.between(0, self.horizon / 2);
        let upper = self.between(lower, self.horizon);
        let view = self.tiny.variable(lower, upper, present);
        self.times.push(if self.stream.chance(0.2) { -view } else { view });
    }

    fn add_task(&mut self, optional: f64) {
        let present = self.presence(optional);
        let duration = if self.stream.chance(0.1) { 0 } else { self.between(1, 3) };
        let lower = self.between(0, self.horizon / 3);
        let upper = self.between(lower, (self.horizon - duration).max(lower));
        let start = self.tiny.variable(lower, upper, present);
        let duration_view = View::constant(duration);
        let task = Interval { start, duration: duration_view, end: start + duration, present };
        self.times.push(start);
        self.tasks.push(task);
    }

    /// Something that is true or false, on a Boolean or a bound.
    fn atom(&mut self) -> Atom {
        if !self.booleans.is_empty() && self.stream.chance(0.6) {
            let place = self.stream.below(self.booleans.len());
            let atom = self.booleans[place];
            return if self.stream.chance(0.5) { atom } else { !atom };
        }
        let view = self.time();
        let value = self.between(-1, self.horizon);
        if self.stream.chance(0.5) { view.at_least(value) } else { view.at_most(value) }
    }

    fn guard(&mut self) -> Atom {
        if self.booleans.is_empty() || self.stream.chance(0.6) {
            return Atom::TRUE;
        }
        let place = self.stream.below(self.booleans.len());
        if self.stream.chance(0.5) { self.booleans[place] } else { !self.booleans[place] }
    }

    fn time(&mut self) -> View {
        let place = self.stream.below(self.times.len());
        self.times[place] + self.between(-1, 1)
    }

    /// When the variable behind a view is there.
    fn presence_of(&self, side: Side) -> Atom {
        self.tiny.domains[side.variable()].present
    }

    /// An integer that is always there.
    fn number(&mut self) -> View {
        let view = self.time();
        if self.presence_of(view.side) == Atom::TRUE {
            return view;
        }
        let lower = self.between(-1, 2);
        let upper = lower + self.between(0, 3);
        self.tiny.variable(lower, upper, Atom::TRUE)
    }

    /// A few tasks, each once.
    fn some_tasks(&mut self, most: usize) -> Vec<Interval> {
        let mut tasks = self.tasks.clone();
        self.stream.shuffle(&mut tasks);
        let count = tasks.len().min(most);
        let count = if self.stream.chance(0.5) { count } else { 1 + self.stream.below(count) };
        tasks.truncate(count);
        tasks
    }

    /// A variable above some of the ends, or just a variable.
    fn add_objective(&mut self) {
        let makespan = self.tiny.variable(0, self.horizon + 3, Atom::TRUE);
        let tasks = self.some_tasks(4);
        for task in tasks {
            let declaration = Declaration::Difference {
                from: task.end,
                to: makespan,
                weight: self.between(0, 1),
                guard: Atom::TRUE,
            };
            self.tiny.declarations.push(declaration);
        }
        self.tiny.objective = Some(makespan);
    }
}

fn add_clause(draft: &mut Draft) {
    let count = 1 + draft.stream.below(4);
    let mut atoms: Vec<Atom> = (0..count).map(|_| draft.atom()).collect();
    for place in 0..count {
        let present = draft.presence_of(atoms[place].side);
        if present != Atom::TRUE {
            atoms.push(!present);
        }
    }
    draft.tiny.declarations.push(Declaration::Clause(atoms));
}

fn add_difference(draft: &mut Draft) {
    let declaration = Declaration::Difference {
        from: draft.time(),
        to: draft.time(),
        weight: draft.between(-2, 3),
        guard: draft.guard(),
    };
    draft.tiny.declarations.push(declaration);
}

fn add_cumulative(draft: &mut Draft) {
    let most = draft.between(1, 4);
    let mut usages = Vec::new();
    let mut tasks = draft.some_tasks(6);
    tasks.extend(draft.sharing.iter().copied());
    for task in tasks {
        let least = draft.between(0, most);
        let demand = if draft.stream.chance(0.1) {
            draft.tiny.variable(least, most, Atom::TRUE)
        } else {
            View::constant(least)
        };
        usages.push(Usage { task, demand });
    }
    let capacity = match draft.stream.below(4) {
        0 => {
            let low = draft.between(0, most);
            let (first, second) = (draft.between(0, 2), draft.between(3, 5));
            Capacity::Steps(vec![(0, most), (first + 1, low), (second + 1, most)])
        }
        1 => {
            let low = draft.between(0, most);
            Capacity::Level(draft.tiny.variable(low, most + 1, Atom::TRUE))
        }
        _ => Capacity::Level(View::constant(most)),
    };
    draft.tiny.declarations.push(Declaration::Cumulative { usages, capacity });
}

fn add_disjunctive(draft: &mut Draft) {
    let mut tasks = draft.some_tasks(6);
    // The propagator asks for that.
    tasks.retain(|task| task.duration != View::constant(0));
    draft.tiny.declarations.push(Declaration::Disjunctive { tasks });
}

fn add_sequence(draft: &mut Draft) {
    let tasks = draft.some_tasks(6);
    let before = draft.order(tasks.len());
    draft.tiny.declarations.push(Declaration::Sequence { tasks, before });
}

impl Draft {
    /// An atom for the order of each pair, `before[i * n + j]`.
    fn order(&mut self, count: usize) -> Vec<Atom> {
        let mut before = vec![Atom::FALSE; count * count];
        for i in 0..count {
            for j in 0..i {
                let atom = self.tiny.boolean();
                self.booleans.push(atom);
                before[j * count + i] = atom;
                before[i * count + j] = !atom;
            }
        }
        before
    }
}
