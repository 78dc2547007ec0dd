//! Worlds of no family: the ones that every book begins with.
//!
//! **Source:** see each.

mod queue;

pub use queue::Queue;
