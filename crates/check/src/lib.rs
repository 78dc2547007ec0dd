//! The independent judge of schedules: it defines what is correct.
//!
//! [`check`] answers with the cost of a schedule, computed here, or with every violation; it shares
//! no helper with the engines, with `Schedule::cost` or with `Objective::evaluate`. A schedule may
//! come from anywhere: whatever its numbers, the judge does not panic. O(n log n) for n placements
//! and requirements, by sorting and sweeping, and the shifts that tasks work through; its quadratic
//! twin stands in the tests.
//!
//! What is judged, in the order of the variants of [`Violation`]; decision record 0004 defines the
//! words:
//!
//! * single tasks: placed unless optional, in a mode of their own, as settled by their status, from
//!   the origin (and the present) to the largest time, for as long as their work takes in their
//!   shifts and batches, outside of breaks, within release, deadline, windows and around forbidden
//!   times;
//! * tasks together: precedences with least and largest gaps, selections, spans, modes;
//! * machines: one order of jobs on several of them, one task or one batch at a time until it
//!   leaves, setups in between, no circle of swaps where they are forbidden;
//! * renewables below their capacity and above their least usage, consumables, reservoirs.
//!
//! A task of zero length uses nothing of machines and renewables, but spends consumables and
//! changes reservoirs. What concerns only tasks that are done is not judged. A problem that uses a
//! word which [`JUDGED`] lacks has no schedule that is accepted.
//!
//! # How to add a rule
//! 1. Add a variant to [`Violation`], with the data that its words need, in checking order.
//! 2. Give it a word in `Violation::word` and a sentence in `words.rs` or below `words/`.
//! 3. Write one function in the module of its kind (`placement_rules.rs`, `ends.rs`,
//!    `window_rules.rs`, `relation_rules.rs`, `sequence_rules.rs`, `machine_rules.rs`,
//!    `usage_rules.rs`, `stock_rules.rs`) and its line in the list of `judge.rs`.
//! 4. Add its naive form to `tests/agreement/twin.rs` or below `twin/`, and a schedule that breaks
//!    only this rule to `tests/kinds.rs` or `tests/kinds_of_whole.rs`.
//!
//! ```
//! use ordine_base::{Cost, Demand, Ticks, Time};
//! use ordine_check::check;
//! use ordine_problem::{Placement, ProblemBuilder, Schedule};
//!
//! # fn main() -> Result<(), ordine_problem::ProblemError> {
//! let mut builder = ProblemBuilder::new("two tasks");
//! let lathe = builder.machine("lathe");
//! for name in ["turn", "bore"] {
//!     let task = builder.task(name, None)?;
//!     builder.mode(task, Ticks::new(3), &[(lathe, Demand::ONE)])?;
//! }
//! let problem = builder.seal()?;
//! let schedule = |starts: [i64; 2]| {
//!     Schedule::from_placements(problem.tasks().zip(starts).map(|(task, start)| {
//!         let mode = problem.numbered_mode(task, 0)?;
//!         Some(Placement::starting(&problem, mode, Time::new(start)))
//!     }))
//! };
//! assert_eq!(check(&problem, &schedule([0, 3])), Ok(Cost::single(6)));
//! let violations = check(&problem, &schedule([0, 2])).expect_err("they overlap");
//! assert_eq!(
//!     violations[0].describe(&problem),
//!     "task bore starts at 2 on machine lathe: expected 3 or later, when task turn ends"
//! );
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** the solution checkers of PyJobShop and MiniMalloc; zero-length intervals as in CP
//! Optimizer.

mod cost;
mod cycles;
mod ends;
mod judge;
mod machine_rules;
mod occupation;
mod penalties;
mod placement_rules;
mod relation_rules;
mod sequence_rules;
mod shifts;
mod stock_rules;
mod turns;
mod usage_cost;
mod usage_rules;
mod violation;
mod window_rules;
mod words;

pub use judge::{JUDGED, check, check_claim};
pub use violation::Violation;
