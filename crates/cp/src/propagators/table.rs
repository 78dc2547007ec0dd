//! Table: the columns equal some row whose condition holds. O(rows × columns) a call.
//!
//! A row is possible while its condition is not false and its values lie within the bounds. Bounds
//! of a column are the least and largest value of the possible rows; the condition of the only
//! possible row holds. That is all that bounds can say. The column that excluded a row last is
//! asked first.
//!
//! A reason names for each row that must be out one atom that excludes it: one that the reason has
//! already, else the oldest.
//!
//! **Source:** Jordan Demeulenaere et al., *Compact-Table* (CP 2016), for supports; the greedy
//! cover as in Nicholas Downing, Thibaut Feydy, Peter Stuckey, *Explaining alldifferent* (2012).

use crate::atom::{Atom, Value, View};
use crate::declaration::{Declaration, General};
use crate::engine::Engine;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Payload of a failure; others are a column, or the number of columns and a row.
const NO_ROW: u32 = u32::MAX;

/// The columns equal some row whose condition holds.
#[derive(Debug)]
pub struct Table {
    columns: Vec<View>,
    rows: Vec<(Vec<Value>, Atom)>,
    /// Column that excluded each row last.
    excluders: Vec<usize>,
    hull: Vec<(Value, Value)>,
}

/// Posts that `columns`, views of variables that must be present, equal some row whose atom holds.
///
/// # Panics
/// When a row has not one value for each column.
pub fn post_table(engine: &mut Engine, columns: &[View], rows: &[(Vec<Value>, Atom)]) {
    assert!(rows.iter().all(|row| row.0.len() == columns.len()), "a value for each column");
    let table = Table {
        columns: columns.to_vec(),
        rows: rows.to_vec(),
        excluders: vec![0; rows.len()],
        hull: vec![(0, 0); columns.len()],
    };
    engine.post(Box::new(table));
}

impl Table {
    /// Finds the hull of the possible rows; returns how many they are and the last of them.
    fn find_hull(&mut self, state: &Propagation<'_>) -> (usize, usize) {
        self.hull.fill((Value::MAX, Value::MIN));
        let (mut possible, mut last) = (0, 0);
        for (index, (row, condition)) in self.rows.iter().enumerate() {
            if state.is_false(*condition) {
                continue;
            }
            let excludes = |column: usize| {
                let (view, value) = (self.columns[column], row[column]);
                value < state.lower(view) || state.upper(view) < value
            };
            if !row.is_empty() && excludes(self.excluders[index]) {
                continue;
            }
            if let Some(column) = (0..row.len()).find(|&column| excludes(column)) {
                self.excluders[index] = column;
                continue;
            }
            for (hull, &value) in self.hull.iter_mut().zip(row) {
                *hull = (hull.0.min(value), hull.1.max(value));
            }
            (possible, last) = (possible + 1, index);
        }
        (possible, last)
    }

    /// Adds an atom that excludes a row, unless the reason has one.
    fn exclude(&self, row: usize, past: Past<'_>, reason: &mut Vec<Atom>) {
        let (values, condition) = &self.rows[row];
        let bounds = self
            .columns
            .iter()
            .zip(values)
            .flat_map(|(&view, &value)| [view.at_least(value + 1), view.at_most(value - 1)]);
        let known = bounds.chain([!*condition]).filter(|&atom| past.is_true(atom));
        let mut oldest = None;
        for atom in known {
            let is_implied = |&other: &Atom| other.side == atom.side && other.value >= atom.value;
            if reason.iter().any(is_implied) {
                return;
            }
            let candidate = Some((past.since(atom), atom));
            oldest = if oldest.is_none() { candidate } else { oldest.min(candidate) };
        }
        let (_, atom) = oldest.expect("an impossible row has an atom that excludes it");
        match reason.iter_mut().find(|other| other.side == atom.side) {
            Some(weaker) => *weaker = atom,
            None => reason.push(atom),
        }
    }
}

impl Propagator for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn priority(&self) -> Priority {
        Priority::Dear
    }

    fn declaration(&self) -> Declaration {
        Declaration::General(General::Table {
            columns: self.columns.clone(),
            rows: self.rows.clone(),
        })
    }

    fn wake_on(&self, wake: &mut Wake) {
        for &column in &self.columns {
            wake.on_bounds(column);
        }
        for &(_, condition) in &self.rows {
            wake.on_true(!condition);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let (possible, last) = self.find_hull(state);
        if possible == 0 {
            return state.fail(NO_ROW);
        }
        for column in 0..self.columns.len() {
            let (view, (least, most)) = (self.columns[column], self.hull[column]);
            state.set(view.at_least(least), column as u32)?;
            state.set(view.at_most(most), column as u32)?;
        }
        if possible == 1 {
            let payload = (self.columns.len() + last) as u32;
            state.set(self.rows[last].1, payload)?;
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let view = self.columns.get(payload as usize);
        let is_out = |&row: &usize| match view {
            Some(view) if view.side == atom.side => {
                self.rows[row].0[payload as usize] - view.offset < atom.value
            }
            Some(view) => view.offset - self.rows[row].0[payload as usize] < atom.value,
            None => payload == NO_ROW || row + self.columns.len() != payload as usize,
        };
        for row in (0..self.rows.len()).filter(is_out) {
            self.exclude(row, past, reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::{Case, any_view, domains, for_seeds, variables};

    #[test]
    fn bounds_are_those_of_rows_and_reasons_imply_them() {
        let mut judged = 0;
        for_seeds(400, |stream| {
            let mut engine = Engine::default();
            let views = variables(&mut engine, stream, 3);
            let repeats = stream.chance(0.2);
            let columns: Vec<View> =
                (0..3).map(|k| if repeats { any_view(&views, stream) } else { views[k] }).collect();
            let count = 1 + stream.below(8);
            let rows: Vec<(Vec<Value>, Atom)> = (0..count)
                .map(|_| {
                    let row = (0..3).map(|_| stream.below(7) as Value - 3).collect();
                    (row, if stream.chance(0.2) { engine.boolean() } else { Atom::TRUE })
                })
                .collect();
            let before = domains(&engine);
            post_table(&mut engine, &columns, &rows);
            let plain = !repeats;
            let declared = Declaration::General(General::Table { columns, rows });
            judged += Case::new(engine, &before, &[declared]).judge(stream, 10, plain);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }

    #[test]
    fn reason_reuses_an_atom_that_excludes_several_rows() {
        let mut engine = Engine::default();
        let (first, second) = (engine.variable(0, 9), engine.variable(0, 9));
        let rows: Vec<(Vec<Value>, Atom)> = (0..10).map(|k| (vec![k, 9 - k], Atom::TRUE)).collect();
        post_table(&mut engine, &[first, second], &rows);
        engine.fix_point().expect("ten rows");
        engine.decide(first.at_least(6));
        engine.fix_point().expect("four rows");
        let end = engine.trail.position();
        let atom = second.at_most(5);
        let entry = engine.trail.entries[engine.trail.made_true(atom, end) as usize];
        let mut reason = Vec::new();
        engine.explain(atom, entry.reason, end - 1, &mut reason);
        assert_eq!(reason, [first.at_least(4)]);
    }
}
