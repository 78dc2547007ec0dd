//! The library of propagators: one file, one constraint.
//!
//! **Source:** see each module.

mod disjunctive;
mod sequence;
mod theta_tree;

pub use disjunctive::{Disjunctive, DisjunctiveParameters};
mod cardinality;
mod conditions;
mod linear;
mod sequence;
mod slack;
#[cfg(test)]
mod testing;

pub use cardinality::{AtLeast, post_at_least, post_at_most, post_exactly};
pub use linear::{Linear, post_linear, post_linear_equal};
pub use sequence::{Sequence, SequenceParameters};
