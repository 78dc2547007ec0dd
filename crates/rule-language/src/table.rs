//! The candidates of one decision, one array per field, and the state.
//!
//! **Source:** struct-of-arrays layout.

use crate::{Field, Scope};

/// Candidates and state, as rules read them.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: [Vec<f64>; Field::OF_CANDIDATE],
    /// Scores of other rules, in the order in which a program names them.
    rules: Vec<Vec<f64>>,
    state: [f64; Field::OF_STATE],
}

impl Table {
    /// The values of a candidate's field; all columns that a program reads are of equal length.
    ///
    /// # Panics
    /// When the field is one of the state.
    pub fn column(&self, field: Field) -> &[f64] {
        assert_eq!(field.scope(), Scope::Candidate, "{} is a field of the state", field.name());
        &self.columns[field.place()]
    }

    /// The values of a candidate's field, to be filled.
    ///
    /// # Panics
    /// When the field is one of the state.
    pub fn column_mut(&mut self, field: Field) -> &mut Vec<f64> {
        assert_eq!(field.scope(), Scope::Candidate, "{} is a field of the state", field.name());
        &mut self.columns[field.place()]
    }

    /// Sets a field of the state.
    ///
    /// # Panics
    /// When the field is one of candidates.
    pub fn set(&mut self, field: Field, value: f64) {
        assert_eq!(field.scope(), Scope::State, "{} is a field of candidates", field.name());
        self.state[field.place()] = value;
    }

    /// The scores of the other rules that the program names.
    pub fn rules_mut(&mut self) -> &mut Vec<Vec<f64>> {
        &mut self.rules
    }

    /// Takes the candidate at `position` out; the last one takes its place.
    pub fn swap_remove(&mut self, position: usize) {
        for column in self.columns.iter_mut().chain(&mut self.rules) {
            if position < column.len() {
                column.swap_remove(position);
            }
        }
    }

    pub(crate) fn rule(&self, place: usize) -> &[f64] {
        &self.rules[place]
    }

    pub(crate) fn value(&self, field: Field, position: usize) -> f64 {
        match field.scope() {
            Scope::Candidate => self.columns[field.place()][position],
            Scope::State => self.state[field.place()],
        }
    }
}
