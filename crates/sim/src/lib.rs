//! Simulation: an agenda of events, named random streams, random durations.
//!
//! Time is integer ticks; how long a tick is, a model says. Events happen in the order of (time,
//! priority, sequence) and each source of chance has a stream of its own, so that a run is its seed.
//!
//! **Source:** the total order of events and stepping as in SimPy; see each module.

mod agenda;
mod distribution;
mod error;
mod streams;

pub use agenda::{Agenda, EventId, Priority};
pub use distribution::{DISTRIBUTIONS, Distribution};
pub use error::DistributionError;
pub use streams::Streams;
