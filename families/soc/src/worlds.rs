//! Decision processes of the family.
//!
//! **Source:** see each module.

mod chip;
mod graph;

pub use chip::{Reward, SocWorld};
pub use graph::SocGraph;
