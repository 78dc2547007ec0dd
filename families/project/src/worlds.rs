//! Projects as decision processes.
//!
//! **Source:** see each.

mod chance;
mod plan;
mod stochastic;

pub use stochastic::StochasticProject;
