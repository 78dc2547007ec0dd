//! Spaces: what the judges reason on. One box of bounds for the variables of one constraint.
//!
//! A space starts from the bounds of the root, takes the premises of an inference in and the
//! negation of its conclusion, and is empty if they contradict each other. It reads atoms as the
//! engine does: on an optional variable, "absent, or within the bound"; a variable that has no
//! value left is absent, and a space in which it must be present is empty.
//!
//! **Source:** `trail`, for the meaning of atoms; nothing else of the engine is used.

use crate::atom::{Atom, Interval, Side, Value, View};
use crate::declaration::Declaration;
use crate::trail::{Position, Trail};
use std::sync::Arc;

/// The space holds no assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Empty;

/// The variables of a constraint, and when each is there.
#[derive(Debug)]
pub(crate) struct Scope {
    /// Engine's numbers, ascending.
    variables: Vec<u32>,
    presence: Vec<Atom>,
}

impl Scope {
    /// Variables behind `views`, and those that say whether they are there.
    pub(crate) fn new(views: &[View], trail: &Trail) -> Scope {
        let mut variables: Vec<u32> = vec![0];
        let mut open: Vec<Side> = views.iter().map(|view| view.side).collect();
        while let Some(side) = open.pop() {
            let variable = side.variable() as u32;
            if !variables.contains(&variable) {
                variables.push(variable);
                open.push(trail.presence(side).side);
            }
        }
        variables.sort_unstable();
        let presence =
            variables.iter().map(|&variable| trail.presence(Side(2 * variable))).collect();
        Scope { variables, presence }
    }

    /// Variables of a constraint.
    pub(crate) fn of(declaration: &Declaration, trail: &Trail) -> Scope {
        Scope::new(&declaration.views(), trail)
    }

    fn index(&self, side: Side) -> usize {
        let variable = side.variable() as u32;
        self.variables.binary_search(&variable).expect("the constraint speaks of it")
    }

    /// Both sides of every variable.
    pub(crate) fn sides(&self) -> impl Iterator<Item = Side> + '_ {
        self.variables.iter().flat_map(|&variable| [Side(2 * variable), Side(2 * variable + 1)])
    }
}

/// Bounds for the variables of a scope.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    scope: Arc<Scope>,
    /// By variable of the scope: least value of the variable, least value of its negation.
    bounds: Vec<[Value; 2]>,
    /// Whether a premise or the conclusion spoke of the variable.
    touched: Vec<bool>,
}

impl Space {
    /// Bounds that held at the root before `position`.
    pub(crate) fn at_root(scope: Arc<Scope>, trail: &Trail, position: Position) -> Space {
        let bound = |side: Side| {
            let mut at = trail.last[side.index()];
            loop {
                let entry = &trail.entries[at as usize];
                let first = entry.previous == crate::trail::NOWHERE;
                if first || (entry.level == 0 && at < position) {
                    return entry.value;
                }
                at = entry.previous;
            }
        };
        let sides = scope.variables.iter().map(|&variable| Side(2 * variable));
        let bounds: Vec<[Value; 2]> = sides.map(|side| [bound(side), bound(-side)]).collect();
        let touched = vec![false; bounds.len()];
        Space { scope, bounds, touched }
    }

    /// Whether the atom is about one of the variables.
    pub(crate) fn knows(&self, atom: Atom) -> bool {
        self.scope.variables.binary_search(&(atom.side.variable() as u32)).is_ok()
    }

    /// Takes an atom in, in the weak sense: the variable is absent or the atom holds.
    pub(crate) fn admit(&mut self, atom: Atom) -> Result<(), Empty> {
        let index = self.scope.index(atom.side);
        let sign = (atom.side.0 & 1) as usize;
        if self.bounds[index][sign] >= atom.value {
            return Ok(());
        }
        self.bounds[index][sign] = atom.value;
        if self.bounds[index][0] <= -self.bounds[index][1] {
            return Ok(());
        }
        let present = self.scope.presence[index];
        if present == Atom::TRUE { Err(Empty) } else { self.admit(!present) }
    }

    /// Takes a premise, or what must be refuted, in.
    pub(crate) fn suppose(&mut self, atom: Atom) -> Result<(), Empty> {
        let index = self.scope.index(atom.side);
        self.touched[index] = true;
        self.admit(atom)
    }

    /// Takes in that the variable behind the atom is there and the atom does not hold.
    pub(crate) fn suppose_not(&mut self, atom: Atom) -> Result<(), Empty> {
        let present = self.scope.presence[self.scope.index(atom.side)];
        self.suppose(present)?;
        self.suppose(!atom)
    }

    /// Whether the bounds are those of an earlier state of the same space.
    pub(crate) fn is_same(&self, earlier: &Space) -> bool {
        self.bounds == earlier.bounds
    }

    pub(crate) fn lower(&self, view: View) -> Value {
        let index = self.scope.index(view.side);
        self.bounds[index][(view.side.0 & 1) as usize] + view.offset
    }

    pub(crate) fn upper(&self, view: View) -> Value {
        -self.lower(-view)
    }

    pub(crate) fn is_true(&self, atom: Atom) -> bool {
        self.lower(View { side: atom.side, offset: 0 }) >= atom.value
    }

    pub(crate) fn is_false(&self, atom: Atom) -> bool {
        self.is_true(!atom)
    }

    /// Whether the variable behind the view is there for sure.
    pub(crate) fn is_there(&self, view: View) -> bool {
        self.is_true(self.scope.presence[self.scope.index(view.side)])
    }

    /// Whether the variable behind the view is absent for sure.
    pub(crate) fn is_absent(&self, view: View) -> bool {
        self.is_false(self.scope.presence[self.scope.index(view.side)])
    }

    /// Whether the interval and all its variables are there for sure.
    pub(crate) fn has(&self, task: Interval) -> bool {
        self.is_true(task.present)
            && [task.start, task.duration, task.end].iter().all(|&view| self.is_there(view))
    }

    /// Whether a premise or the conclusion spoke of the variable behind the view.
    pub(crate) fn is_touched(&self, view: View) -> bool {
        self.touched[self.scope.index(view.side)]
    }

    /// The open variable with the fewest values, as a view of itself.
    pub(crate) fn open_variable(&self) -> Option<View> {
        let open = |index: &usize| {
            let [lower, negated] = self.bounds[*index];
            lower < -negated && !self.is_false(self.scope.presence[*index])
        };
        // Those that the inference spoke of first: the contradiction is among them.
        let index = (0..self.bounds.len()).filter(open).min_by_key(|&index| {
            let [lower, negated] = self.bounds[index];
            (!self.touched[index], -negated - lower)
        })?;
        Some(View { side: Side(2 * self.scope.variables[index]), offset: 0 })
    }

    /// The least values, by engine's number, once all variables are fixed or absent.
    pub(crate) fn values(&self) -> Vec<(u32, Value)> {
        let numbers = self.scope.variables.iter().copied();
        numbers.zip(self.bounds.iter().map(|bounds| bounds[0])).collect()
    }
}
