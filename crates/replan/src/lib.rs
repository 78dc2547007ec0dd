//! Replanning: what has happened meets the plan, and a new problem comes out.
//!
//! A problem, its schedule, the present and a list of changes give a problem in which every task
//! has a status: *done* as planned or as reported, *running* with the work that its calendars have
//! left, *frozen* within the window unless it became impossible, and *free* otherwise. Free tasks
//! remember where they stood (`planned`), so that the objective can ask for few moves. The old
//! schedule becomes a warm start, and [`difference`] says what moved.
//!
//! ```
//! use ordine_base::{Demand, Ticks, Time};
//! use ordine_problem::{Placement, ProblemBuilder, Schedule, Status};
//! use ordine_replan::{Aim, replan};
//! use ordine_wire::change::Change;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut builder = ProblemBuilder::new("two tasks");
//! let lathe = builder.machine("lathe");
//! for name in ["turn", "bore"] {
//!     let task = builder.task(name, None)?;
//!     builder.mode(task, Ticks::new(3), &[(lathe, Demand::ONE)])?;
//! }
//! let problem = builder.seal()?;
//! let schedule = Schedule::from_placements(problem.tasks().zip([0, 3]).map(|(task, start)| {
//!     let mode = problem.numbered_mode(task, 0)?;
//!     Some(Placement::starting(&problem, mode, Time::new(start)))
//! }));
//! let down = Change::MachineDown { resource: lathe, from: Time::new(4), to: Some(Time::new(9)) };
//! let plan = replan(&problem, &schedule, Time::new(2), &[down], &Aim::default())?;
//! let status = |task| plan.problem.task(task).status;
//! let statuses: Vec<Status> = plan.problem.tasks().map(status).collect();
//! let running = Status::Running { mode: 0, start: Time::ORIGIN, remaining: Ticks::new(1) };
//! assert_eq!(statuses, [running, Status::Free]);
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** predictive-reactive rescheduling: Vieira, Herrmann, Lin 2003; stability by deviation
//! of starts: Wu, Storer, Chang 1993.

mod begun;
mod difference;
mod downtime;
mod error;
mod facts;
mod frozen;
mod overtaken;
mod plan;
mod rebuild;
mod statuses;

pub use difference::{Difference, LateJob, Move, difference};
pub use error::ReplanError;
pub use plan::{Aim, Freed, Replan, replan};
