//! Brute force: what tiny models mean, straight from declarations.
//!
//! A [`Tiny`] model is variables and [`Declaration`]s. [`Tiny::enumerate`] tries every assignment;
//! [`agreement`] compares that with what the engine answers. The meaning of a declaration where
//! optional variables are absent is [`satisfies`]: the value of an absent variable never counts.
//!
//! To add a kind of constraint: one line in `post` (how it is posted), one function in the list of
//! `generate` (a random one), and, where time can run backward, one line in `symmetry`.
//!
//! **Source:** the tests of MiniCP and of Pumpkin, for comparing with enumeration.

pub mod agreement;
mod generate;
mod post;
mod symmetry;

pub use generate::generate;
pub use post::{Setting, post};

use crate::atom::{Atom, Side, Value, View};
use crate::declaration::{Declaration, General, Scheduling};
use crate::engine::Engine;
use std::fmt;

/// Whether an assignment satisfies a constraint: `value` of a view, and whether the variable behind
/// a side `is_there`.
///
/// An atom on an absent variable does not help a clause, so a clause about the bound of an optional
/// variable should name its absence too. A difference with an absent end holds.
pub fn satisfies(
    declaration: &Declaration,
    value: &dyn Fn(View) -> Value,
    is_there: &dyn Fn(Side) -> bool,
) -> bool {
    match declaration {
        Declaration::Clause(atoms) => atoms.iter().any(|&atom| {
            is_there(atom.side) && value(View { side: atom.side, offset: 0 }) >= atom.value
        }),
        Declaration::Difference { from, to, .. } => {
            !is_there(from.side) || !is_there(to.side) || declaration.holds(value)
        }
        _ => declaration.holds(value),
    }
}

/// A variable of a tiny model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Least value.
    pub lower: Value,
    /// Greatest value.
    pub upper: Value,
    /// When it is there.
    pub present: Atom,
}

/// A model small enough to try everything. Its views are those of the engine that
/// [`Tiny::engine`] builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiny {
    /// By number of variable; number 0 is the constant of the engine.
    pub domains: Vec<Domain>,
    /// What must hold.
    pub declarations: Vec<Declaration>,
    /// What is to be least, if anything.
    pub objective: Option<View>,
}

impl Default for Tiny {
    fn default() -> Self {
        let constant = Domain { lower: 0, upper: 0, present: Atom::TRUE };
        Tiny { domains: vec![constant], declarations: Vec::new(), objective: None }
    }
}

impl fmt::Display for Tiny {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Domain { lower, upper, present }) in self.domains.iter().enumerate().skip(1) {
            write!(out, "x{number} in {lower}..={upper}")?;
            if *present == Atom::TRUE { writeln!(out)? } else { writeln!(out, " if {present:?}")? }
        }
        for declaration in &self.declarations {
            writeln!(out, "{declaration:?}")?;
        }
        match self.objective {
            Some(objective) => writeln!(out, "least {objective:?}"),
            None => Ok(()),
        }
    }
}

/// What brute force found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// Number of solutions; values of absent variables do not count.
    pub solutions: u64,
    /// Least objective, if there are solutions and an objective.
    pub optimum: Option<Value>,
}

impl Tiny {
    /// A new variable with domain `[lower, upper]` that is there when `present` holds.
    pub fn variable(&mut self, lower: Value, upper: Value, present: Atom) -> View {
        self.domains.push(Domain { lower, upper, present });
        View { side: Side(2 * (self.domains.len() as u32 - 1)), offset: 0 }
    }

    /// A new Boolean.
    pub fn boolean(&mut self) -> Atom {
        self.variable(0, 1, Atom::TRUE).at_least(1)
    }

    /// The same model in an engine.
    pub fn engine(&self, setting: &Setting) -> Engine {
        let mut engine = Engine::default();
        for domain in &self.domains[1..] {
            engine.optional_variable(domain.lower, domain.upper, domain.present);
        }
        for declaration in &self.declarations {
            assert!(post(&mut engine, declaration, setting), "nobody posts {declaration:?}");
        }
        engine
    }

    /// Every variable, as a view of itself.
    pub fn views(&self) -> impl Iterator<Item = View> + '_ {
        (1..self.domains.len() as u32).map(|number| View { side: Side(2 * number), offset: 0 })
    }

    /// Tries every assignment, unless that takes more than `nodes` steps.
    pub fn enumerate(&self, nodes: u64) -> Option<Enumeration> {
        let pieces: Vec<Declaration> = self.declarations.iter().flat_map(pieces).collect();
        let mut last = vec![Vec::new(); self.domains.len().max(2)];
        for piece in &pieces {
            let numbers = piece.views().into_iter().map(|view| view.side.variable());
            last[numbers.max().unwrap_or(0).max(1)].push(piece);
        }
        let mut search = Search {
            tiny: self,
            last,
            values: vec![0],
            nodes,
            found: Enumeration { solutions: 0, optimum: None },
        };
        search.assign().then_some(search.found)
    }
}

/// Declarations that together mean the same and are decided earlier.
fn pieces(declaration: &Declaration) -> Vec<Declaration> {
    match declaration {
        Declaration::Sequence { tasks, before } => {
            let count = tasks.len();
            let pairs = (0..count).flat_map(|i| (0..i).map(move |j| (i, j)));
            let pair = |(i, j): (usize, usize)| {
                let corners = [i * count + i, i * count + j, j * count + i, j * count + j];
                Declaration::Sequence {
                    tasks: vec![tasks[i], tasks[j]],
                    before: corners.map(|corner| before[corner]).to_vec(),
                }
            };
            pairs.map(pair).collect()
        }
        Declaration::Scheduling(Scheduling::Setups { tasks, before, families, times }) => {
            let count = tasks.len();
            let pairs = (0..count).flat_map(|i| (0..i).map(move |j| (i, j)));
            let pair = |(i, j): (usize, usize)| {
                let corners = [i * count + i, i * count + j, j * count + i, j * count + j];
                Scheduling::Setups {
                    tasks: vec![tasks[i], tasks[j]],
                    before: corners.map(|corner| before[corner]).to_vec(),
                    families: vec![families[i], families[j]],
                    times: times.clone(),
                }
            };
            pairs.map(pair).map(Declaration::Scheduling).collect()
        }
        Declaration::Disjunctive { tasks } => {
            let pairs = (0..tasks.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            let pair = |(i, j): (usize, usize)| Declaration::Disjunctive {
                tasks: vec![tasks[i], tasks[j]],
            };
            pairs.map(pair).collect()
        }
        Declaration::General(General::NoOverlap2d(rectangles)) => {
            let pairs = (0..rectangles.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            let pair =
                |(i, j): (usize, usize)| General::NoOverlap2d(vec![rectangles[i], rectangles[j]]);
            pairs.map(pair).map(Declaration::General).collect()
        }
        Declaration::General(General::Circuit { nodes, arcs }) => {
            degrees(*nodes, arcs).chain([declaration.clone()]).collect()
        }
        Declaration::General(General::CircuitLength { nodes, arcs, .. }) => {
            let arcs: Vec<(usize, usize, Atom)> =
                arcs.iter().map(|&(from, to, atom, _)| (from, to, atom)).collect();
            degrees(*nodes, &arcs).chain([declaration.clone()]).collect()
        }
        other => vec![other.clone()],
    }
}

/// One arc out of each node, one in.
fn degrees(nodes: usize, arcs: &[(usize, usize, Atom)]) -> impl Iterator<Item = Declaration> + '_ {
    (0..nodes).flat_map(|node| {
        let leaves = arcs.iter().filter(|arc| arc.0 == node).map(|arc| arc.2).collect();
        let enters = arcs.iter().filter(|arc| arc.1 == node).map(|arc| arc.2).collect();
        [leaves, enters].into_iter().flat_map(exactly_one)
    })
}

fn exactly_one(atoms: Vec<Atom>) -> [Declaration; 2] {
    let negations: Vec<Atom> = atoms.iter().map(|&atom| !atom).collect();
    let count = negations.len().saturating_sub(1);
    let condition = Atom::TRUE;
    let most = General::AtLeast { count, atoms: negations, condition };
    [Declaration::Clause(atoms), Declaration::General(most)]
}

struct Search<'a> {
    tiny: &'a Tiny,
    /// By number of variable: declarations that are decided once it has its value.
    last: Vec<Vec<&'a Declaration>>,
    values: Vec<Value>,
    /// Steps left.
    nodes: u64,
    found: Enumeration,
}

impl Search<'_> {
    /// Whether every assignment was tried.
    fn assign(&mut self) -> bool {
        let number = self.values.len();
        let Some(domain) = self.tiny.domains.get(number) else {
            self.check_absent();
            self.found.solutions += 1;
            if let Some(objective) = self.tiny.objective {
                let value = self.value(objective);
                self.found.optimum = Some(self.found.optimum.map_or(value, |best| best.min(value)));
            }
            return true;
        };
        // The value of an absent variable is no choice.
        let upper = if self.holds(domain.present) { domain.upper } else { domain.lower };
        for value in domain.lower..=upper {
            if self.nodes == 0 {
                return false;
            }
            self.nodes -= 1;
            self.values.push(value);
            let holds = self.last[number].iter().all(|piece| self.satisfies(piece));
            let tried = !holds || self.assign();
            self.values.pop();
            if !tried {
                return false;
            }
        }
        true
    }

    fn value(&self, view: View) -> Value {
        let value = self.values[view.side.variable()];
        view.offset + if view.side.index().is_multiple_of(2) { value } else { -value }
    }

    fn holds(&self, atom: Atom) -> bool {
        self.value(View { side: atom.side, offset: 0 }) >= atom.value
    }

    fn is_there(&self, side: Side) -> bool {
        self.holds(self.tiny.domains[side.variable()].present)
    }

    fn satisfies(&self, declaration: &Declaration) -> bool {
        let is_there = |side: Side| self.is_there(side);
        satisfies(declaration, &|view| self.value(view), &is_there)
    }

    /// In a solution, values of absent variables do not count.
    ///
    /// # Panics
    /// When they do.
    fn check_absent(&self) {
        let is_there = |side: Side| self.is_there(side);
        let elsewhere = |view: View| {
            let domain = &self.tiny.domains[view.side.variable()];
            let other =
                if view.side.index().is_multiple_of(2) { domain.upper } else { -domain.upper };
            if is_there(view.side) { self.value(view) } else { other + view.offset }
        };
        for declaration in &self.tiny.declarations {
            let satisfied = satisfies(declaration, &elsewhere, &is_there);
            assert!(satisfied, "an absent variable counts in {declaration:?}");
        }
    }
}
