//! Ground words of Ordine: quantities, ids, intervals, step functions, costs, seeds, stop rules.
//!
//! Everything above stands on this crate and it stands on nothing of ours. Time is integer;
//! there is no conversion from a float. No IO, no clock, no entropy.
//!
//! **Source:** see each module.

mod cost;
mod event;
mod id;
mod interval;
mod quantity;
mod seed;
mod step_function;
mod stop;

pub use cost::Cost;
pub use event::{Observer, RunEvent, Silent};
pub use id::{Id, IdVec};
pub use interval::Interval;
pub use quantity::{Demand, Ticks, Time};
pub use seed::{Seed, Stream};
pub use step_function::StepFunction;
pub use stop::{
    Clock, FirstOf, FirstSchedule, FrozenClock, GapLimit, Interrupt, NoImprovement, Progress,
    StopReason, StopWhen, Target, TimeLimit,
};
