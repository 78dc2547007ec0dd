//! The exact engine: propagation and proof over variables with bounds.
//!
//! Knows no problem and no family. Read in this order: `atom` (the words), `trail` (bounds, their
//! history and reasons), `propagator` (how to add one), `engine` (the fix-point), `analyze` (what a
//! conflict teaches), `learning` and `failure` (the two searches), `model` (the face that users
//! write against).
//!
//! **Source:** see each module.

mod activity;
mod analyze;
mod atom;
#[cfg(feature = "audit")]
pub mod audit;
mod blame;
mod clauses;
mod declaration;
mod engine;
mod failure;
mod graph;
mod heap;
mod learning;
mod machine;
pub mod model;
mod orders;
mod propagator;
pub mod propagators;
pub mod reference;
mod shaving;
mod trail;

pub use atom::{Atom, Interval, Side, VALUE_MAX, Value, View};
pub use blame::blame;
pub use declaration::{Declaration, General, Scheduling};
pub use engine::{EffortLimit, Engine};
pub use failure::{FailureParameters, FailureSearch};
pub use learning::{Answer, LearningParameters, LearningSearch};
pub use machine::post_machine;
pub use orders::{OrderParameters, Orders, Precedences, post_orders};
pub use propagator::{Priority, Propagation, Propagator, Wake};
pub use shaving::{ShavingParameters, destructive_bound, shave};
pub use trail::{Conflict, Past, Position, Reason, Step, Trail};
