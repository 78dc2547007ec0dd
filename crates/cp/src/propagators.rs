//! The library of propagators: one file, one constraint.
//!
//! **Source:** see each module.

mod sequence;

pub use sequence::{Sequence, SequenceParameters};
