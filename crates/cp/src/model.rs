//! The face of the engine that reads like a page of a textbook.
//!
//! ```
//! use ordine_cp::model::{Model, Outcome};
//! use ordine_cp::relation;
//!
//! let mut model = Model::default();
//! let (x, y) = (model.integer(0, 10), model.integer(0, 10));
//! model.add(relation!(2 * x + 3 * y <= 17));
//! model.add(relation!(x - y >= -2));
//! model.maximize(x + 3 * y);
//! match model.solve() {
//!     Outcome::Optimal { best, objective } => {
//!         assert_eq!((best.value(x), best.value(y), objective), (2, 4, 14));
//!     }
//!     other => panic!("{other:?}"),
//! }
//! ```
//!
//! Variables are [`View`]s, Booleans are [`Atom`]s, tasks are [`Interval`]s: all are `Copy` and
//! keep their meaning in every [`Solution`]. Variables and constraints come first; `solve` takes
//! the model. Whoever wants to ask several questions of one model does so under assumptions
//! ([`Model::solve_under`]) and learns which of them are to blame.
//!
//! **Source:** Laurent Michel, Pierre Schaus, Pascal Van Hentenryck, *MiniCP* (2021), for the size
//! of such a face.

mod constraints;
mod expression;
mod relaxation;
mod scheduling;
mod solve;

use crate::atom::{Atom, Interval, Value, View};
use crate::engine::Engine;
use crate::learning::LearningParameters;
use crate::propagators::ValueAtoms;
use relaxation::Row;
use rustc_hash::FxHashMap;

pub use expression::{Expression, Relate, Relation, Term, sum};
pub use solve::{Enumeration, Limits, Observer, Outcome, Solution};

/// How a model is posted and searched.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelParameters {
    /// Settings of the search.
    pub learning: LearningParameters,
    /// All-different makes value atoms if they are at most so many.
    pub value_atoms_max: usize,
    /// Between solutions the objective is also tested halfway to its bound.
    pub dichotomy: bool,
    /// The first solution adds the inequality of the Lagrangian bound.
    pub relaxation: bool,
}

impl Default for ModelParameters {
    fn default() -> Self {
        ModelParameters {
            learning: LearningParameters::default(),
            value_atoms_max: 20_000,
            dichotomy: true,
            relaxation: true,
        }
    }
}

/// Variables, constraints and what is to be minimized.
#[derive(Default)]
pub struct Model {
    engine: Engine,
    parameters: ModelParameters,
    values: ValueAtoms,
    channels: FxHashMap<Atom, Atom>,
    rules: Vec<(Atom, String)>,
    hints: Vec<Atom>,
    objective: Option<Objective>,
    /// Linear inequalities that always count.
    rows: Vec<Row>,
}

/// What is minimized.
#[derive(Clone, Debug)]
struct Objective {
    cost: View,
    /// Coefficients and views whose sum is at most the cost.
    terms: Vec<(Value, View)>,
    /// -1 where the user maximizes.
    sign: Value,
}

impl Model {
    /// An empty model.
    pub fn new(parameters: ModelParameters) -> Self {
        Model { parameters, ..Model::default() }
    }

    /// A variable with values from `lower` to `upper`.
    ///
    /// # Panics
    /// When the domain is empty or a bound is beyond [`VALUE_MAX`](crate::VALUE_MAX).
    pub fn integer(&mut self, lower: Value, upper: Value) -> View {
        self.engine.variable(lower, upper)
    }

    /// `count` variables with values from `lower` to `upper`.
    ///
    /// # Panics
    /// As [`Model::integer`].
    pub fn integers(&mut self, count: usize, lower: Value, upper: Value) -> Vec<View> {
        (0..count).map(|_| self.integer(lower, upper)).collect()
    }

    /// A Boolean.
    pub fn boolean(&mut self) -> Atom {
        self.engine.boolean()
    }

    /// `count` Booleans.
    pub fn booleans(&mut self, count: usize) -> Vec<Atom> {
        (0..count).map(|_| self.boolean()).collect()
    }

    /// A Boolean with a name: constraints may hold only if it does, and an answer may blame it.
    pub fn rule(&mut self, name: impl Into<String>) -> Atom {
        let atom = self.boolean();
        self.rules.push((atom, name.into()));
        atom
    }

    /// All rules, in the order in which they were made.
    pub fn rules(&self) -> impl Iterator<Item = Atom> {
        self.rules.iter().map(|rule| rule.0)
    }

    /// Name of a rule.
    pub fn name(&self, rule: Atom) -> Option<&str> {
        self.rules.iter().find(|it| it.0 == rule).map(|it| it.1.as_str())
    }

    /// `[view = value]`.
    pub fn value_atom(&mut self, view: View, value: Value) -> Atom {
        self.values.atom(&mut self.engine, view, value)
    }

    /// A value that the search tries first; it need not belong to any solution.
    pub fn hint(&mut self, view: View, value: Value) {
        self.hints.extend([view.at_least(value), view.at_most(value)]);
    }

    /// Least and largest value that is known so far.
    pub fn bounds(&self, view: View) -> (Value, Value) {
        (self.engine.trail.lower(view), self.engine.trail.upper(view))
    }

    /// Wants the expression small. The last objective counts.
    ///
    /// # Panics
    /// When its values pass [`VALUE_MAX`](crate::VALUE_MAX).
    pub fn minimize(&mut self, expression: impl Into<Expression>) {
        self.set_objective(expression.into(), 1);
    }

    /// Wants the expression large. The last objective counts.
    ///
    /// # Panics
    /// As [`Model::minimize`].
    pub fn maximize(&mut self, expression: impl Into<Expression>) {
        self.set_objective(-expression.into(), -1);
    }

    fn set_objective(&mut self, expression: Expression, sign: Value) {
        let (cost, terms) = self.view_at_least(&expression);
        self.objective = Some(Objective { cost, terms, sign });
    }

    /// The engine below, for constraints that have no name here.
    pub fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }
}

/// Start, end and duration of a task that has no breaks.
fn interval(start: View, duration: Value, present: Atom) -> Interval {
    Interval { start, duration: View::constant(duration), end: start + duration, present }
}
