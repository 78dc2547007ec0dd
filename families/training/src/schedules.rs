//! Learning-rate schedules over a budgeted run.
//!
//! A [`Schedule`] gives the rate of every update as a pure function of its number; a [`Profile`]
//! is the shape that it reads.
//!
//! **Source:** see each module.

mod chebyshev;
mod error;
mod evaluate;
mod one_cycle;
mod plateau;
mod profile;
mod schedule;
mod uba;

pub use chebyshev::{chebyshev_polynomial, chebyshev_steps};
pub use error::ScheduleError;
pub use one_cycle::OneCycle;
pub use plateau::{Plateau, PlateauRule, PlateauState};
pub use profile::{Between, Profile};
pub use schedule::{Cursor, STEPS_MAX, Schedule, Warmup};
pub use uba::{NODES_MAX, PHI_MENU, UbaForm, UbaPhase, phi_of_condition, successive_halving};
