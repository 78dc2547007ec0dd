//! Decision processes of the family.
//!
//! **Source:** see each module.

mod chip;
mod graph;
mod simulated;

pub use chip::{Reward, SocWorld};
pub use graph::SocGraph;
pub use simulated::Soc;
