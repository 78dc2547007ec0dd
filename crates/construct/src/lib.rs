//! Construction: schedules from rules and lists, forward and backward.
//!
//! Timelines answer earliest-fit queries, partial schedules place tasks on them, generation lets a
//! policy choose the next task, and list generation is the inner loop of local search. Those know
//! plain shops and projects; [`Insertion`] builds schedules over the whole model.
//!
//! **Source:** see each module.

mod critical_path;
mod direction;
mod generation;
mod insertion;
mod list;
mod mode_assignment;
mod mode_search;
mod partial_schedule;
mod timeline;

pub use critical_path::CriticalPath;
pub use direction::Direction;
pub use generation::{Generation, Scheme, generate};
pub use insertion::{Built, Decisions, Insertion, Refusal};
pub use list::place_list;
pub use mode_assignment::{AssignmentOutcome, ModeAssignment};
pub use partial_schedule::PartialSchedule;
pub use timeline::Timeline;
