//! Value atoms: Booleans `[x = v]` for variables that are known by their bounds only.
//!
//! A model that needs holes in a domain asks for the atoms of its values before the search. At the
//! ends of the domain they are atoms on bounds; between them a Boolean b with
//! `b → x ≥ v`, `b → x ≤ v`, `x ≤ v − 1 ∨ b ∨ x ≥ v + 1`. A false atom at a bound moves the bound.
//!
//! **Source:** Olga Ohrimenko, Peter Stuckey, Michael Codish, *Propagation via lazy clause
//! generation* (2009), section 3.

use crate::atom::{Atom, Side, Value, View};
use crate::engine::Engine;
use rustc_hash::FxHashMap;

/// The value atoms that were asked for; each is made once.
#[derive(Clone, Debug, Default)]
pub struct ValueAtoms {
    atoms: FxHashMap<(Side, Value), Atom>,
}

impl ValueAtoms {
    /// `[view = value]`; for an optional variable also that it is present.
    ///
    /// # Panics
    /// When a level is open and the atom is new.
    pub fn atom(&mut self, engine: &mut Engine, view: View, value: Value) -> Atom {
        let is_negation = view.side.is_negation();
        let value = if is_negation { view.offset - value } else { value - view.offset };
        let variable = View { side: view.side.min(-view.side), offset: 0 };
        *self.atoms.entry((variable.side, value)).or_insert_with(|| make(engine, variable, value))
    }

    /// The atoms of all values of a view, from its least on.
    ///
    /// # Panics
    /// As [`ValueAtoms::atom`].
    pub fn all(&mut self, engine: &mut Engine, view: View) -> Vec<(Value, Atom)> {
        let values = engine.trail.lower(view)..=engine.trail.upper(view);
        values.map(|value| (value, self.atom(engine, view, value))).collect()
    }
}

fn make(engine: &mut Engine, view: View, value: Value) -> Atom {
    let present = engine.trail.presence(view.side);
    let (lower, upper) = (engine.trail.lower(view), engine.trail.upper(view));
    if value < lower || upper < value {
        return Atom::FALSE;
    }
    if present == Atom::TRUE {
        match value {
            _ if lower == upper => return Atom::TRUE,
            _ if value == lower => return view.at_most(value),
            _ if value == upper => return view.at_least(value),
            _ => {}
        }
    }
    let atom = engine.boolean();
    engine.post_clause(&[!atom, present]);
    engine.post_clause(&[!atom, view.at_least(value)]);
    engine.post_clause(&[!atom, view.at_most(value)]);
    engine.post_clause(&[atom, !present, view.at_most(value - 1), view.at_least(value + 1)]);
    atom
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::{for_seeds, solutions};

    #[test]
    fn holes_move_bounds() {
        let mut engine = Engine::default();
        let view = engine.variable(0, 5);
        let mut values = ValueAtoms::default();
        let holes = [1, 2, 4].map(|value| values.atom(&mut engine, -view + 1, 1 - value));
        for hole in holes {
            engine.post_fact(!hole);
        }
        engine.fix_point().expect("0, 3 and 5 are left");
        engine.decide(view.at_least(1));
        engine.fix_point().expect("3 and 5 are left");
        assert_eq!(engine.trail.lower(view), 3);
        engine.decide(view.at_most(4));
        engine.fix_point().expect("3 is left");
        assert!(engine.trail.is_fixed(view));
        let three = values.atom(&mut engine, view, 3);
        assert!(engine.trail.is_true(three));
    }

    #[test]
    fn exactly_the_atom_of_the_value_holds() {
        for_seeds(20, |stream| {
            let mut engine = Engine::default();
            let lower = stream.below(5) as Value - 2;
            let view = engine.variable(lower, lower + stream.below(4) as Value);
            let mut values = ValueAtoms::default();
            let all = values.all(&mut engine, view);
            let mut columns = vec![view];
            columns.extend(all.iter().map(|&(_, atom)| View { side: atom.side, offset: 0 }));
            let found = solutions(&mut engine, &columns);
            assert_eq!(found.len(), all.len());
            for row in found {
                for (&(value, atom), &side) in all.iter().zip(&row[1..]) {
                    assert_eq!(side >= atom.value, value == row[0]);
                }
            }
        });
    }
}
