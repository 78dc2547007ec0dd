//! The problem: what is to be scheduled, and what a schedule and its cost are.
//!
//! An instance of any family is lowered to one sealed [`Problem`]; engines, rules, the judge and
//! the charts all read that. There is no class per shop type: shops are data. This crate knows no
//! engine, no file format, no family.
//!
//! ```
//! use ordine_base::{Demand, Ticks};
//! use ordine_problem::{Job, Precedence, ProblemBuilder};
//!
//! # fn main() -> Result<(), ordine_problem::ProblemError> {
//! let mut builder = ProblemBuilder::new("two tasks");
//! let lathe = builder.machine("lathe");
//! let drill = builder.machine("drill");
//! let job = builder.job(Job::named("bracket"))?;
//! let turn = builder.task("turn", Some(job))?;
//! builder.mode(turn, Ticks::new(3), &[(lathe, Demand::ONE)])?;
//! let bore = builder.task("bore", Some(job))?;
//! builder.mode(bore, Ticks::new(2), &[(drill, Demand::ONE)])?;
//! builder.precedence(Precedence::end_to_start(turn, bore))?;
//! let problem = builder.seal()?;
//! assert_eq!(problem.horizon().get(), 5);
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** vocabulary of PyJobShop (Lan, Berkhout 2025); see decision record 0001.

mod builder;
mod calendar;
mod cost;
mod error;
mod feature;
mod measure;
mod objective;
mod parts;
mod precedence;
mod problem;
#[cfg(feature = "random")]
mod random;
mod relations;
mod schedule;
mod seal;
mod usage;
mod work_time;

pub use builder::ProblemBuilder;
pub use calendar::{BreakPolicy, Calendar, Shift};
pub use error::ProblemError;
pub use feature::{Feature, FeatureSet};
pub use measure::Measure;
pub use objective::{Level, Objective, ObjectiveError, Term, Tolerance};
pub use parts::{
    CalendarId, FamilyId, ImpossibleMode, Job, JobId, Mode, ModeId, Planned, Point, PrecedenceId,
    Requirement, Resource, ResourceId, ResourceKind, SetupId, Status, Stock, StockChange, Task,
    TaskId,
};
pub use precedence::{Precedence, PrecedenceKind};
pub use problem::{Link, Problem};
#[cfg(feature = "random")]
pub use random::random_problem;
pub use relations::{
    BatchKind, Batching, Hold, ModeRelation, ModeRelationKind, SameSequence, Selection,
    SelectionKind, Setup, Span,
};
pub use schedule::{Placement, Schedule};
pub use usage::{Use, uses};
pub use work_time::WorkTime;
