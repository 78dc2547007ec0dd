//! The library of propagators: one file, one constraint.
//!
//! **Source:** see each module.

mod disjunctive;
mod sequence;
mod theta_tree;

pub use disjunctive::{Disjunctive, DisjunctiveParameters};
pub use sequence::{Sequence, SequenceParameters};
