//! Local search: states, moves and searches over them.
//!
//! Job shops and flexible job shops: [`SequenceGraph`] is the state, [`Shift`] and [`Reinsert`]
//! are its moves, [`Neighborhood`] lists them, [`TabuSearch`] is the search. Invariant: a move
//! predicts what it does, and debug builds assert it. Projects and the rest: [`Decoder`] turns
//! task lists into schedules and justifies them, [`ListSearch`] evolves them. One machine:
//! [`SequenceSearch`]. Every word of the model: [`DecisionSearch`] changes the decisions from which
//! schedules are inserted.
//!
//! **Source:** see each module.

mod critical;
mod decision_search;
mod elites;
mod error;
mod justification;
mod list_search;
mod moves;
mod neighborhood;
mod reinsert;
mod relink;
mod sequence_graph;
mod sequence_search;
mod shift;
mod shop_model;
mod tabu;
mod tabu_memory;
mod tabu_parameters;
mod trajectory;

pub use decision_search::{DecisionParameters, DecisionSearch, Merit};
pub use error::LsError;
pub use justification::{Decoder, Value};
pub use list_search::{ListParameters, ListSearch};
pub use moves::Move;
pub use neighborhood::Neighborhood;
pub use reinsert::Reinsert;
pub use sequence_graph::SequenceGraph;
pub use sequence_search::{Descent, SequenceJob, SequenceSearch};
pub use shift::Shift;
pub use tabu::TabuSearch;
pub use tabu_parameters::TabuParameters;
