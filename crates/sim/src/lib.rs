//! Simulation: an agenda of events, processes, named random streams, replications, worlds by name.
//!
//! Time is integer ticks; how long a tick is, a model says. Events happen in the order of (time,
//! priority, sequence) and each source of chance has a stream of its own, so that a run is its
//! seed.
//!
//! **Source:** the total order of events and stepping as in SimPy; see each module.

mod agenda;
mod arrivals;
mod breakdowns;
mod distribution;
mod error;
mod history;
mod log;
mod process;
mod replications;
mod scenario;
mod statistics;
mod streams;
pub mod worlds;

pub use agenda::{Agenda, EventId, Priority};
pub use arrivals::Arrivals;
pub use breakdowns::{Breakdowns, Failure};
pub use distribution::{DISTRIBUTIONS, Distribution};
pub use error::{DistributionError, SimulationError};
pub use history::{History, HistoryBar, Phase};
pub use log::{EventLog, LogLine};
pub use process::{
    ContainerKey, Keys, Process, ProcessId, Resource, ResourceKey, Simulation, StoreKey, Wake,
};
pub use replications::{Failed, Precision, Samples, Study, replicate};
pub use scenario::{
    AboutWorld, Better, Episode, Input, InputKind, Keep, Metric, Parameter, Scenario, Settings,
    SimulatedWorld,
};
pub use statistics::{
    Summary, TimeAverage, batch_means, paired_differences, student_quantile, warm_up,
};
pub use streams::Streams;
