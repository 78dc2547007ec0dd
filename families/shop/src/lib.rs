//! The shops: job, flexible, flow, hybrid, distributed and open shops.
//!
//! Jobs J_1 … J_n go through machines M_1 … M_m. Job J_i is a chain of operations
//! O_i1 → O_i2 → …; operation O_ij runs without interruption on one machine k out of its choices
//! for p_ijk ticks; a machine runs one operation at a time. In the *job shop* each operation has
//! one choice, in the *flexible* job shop several, perhaps with a worker each; a job that returns
//! to a machine is *re-entrant*. In the *flow shop* all jobs visit the machines in one order, in
//! the *hybrid* flow shop stages of identical machines, in the *distributed* flow shop the machines
//! of one of several factories. In the *open shop* the operations of a job run in any order.
//! Minimized is the makespan C_max = max C_ij unless another objective is asked for. All are
//! strongly NP-hard (J||C_max, FJ||C_max, F||C_max, O||C_max).
//!
//! Shops are data: one instance type says them all. What a file does not say comes on top:
//! [`variants`] (blocking, no-wait, permutation), [`setups`] and [`operators`](operators()).
//!
//! ```
//! use ordine_shop::io::FORMATS;
//! use ordine_wire::read_one;
//!
//! let found = read_one(b"2 2\n0 3 1 2\n1 4 0 1\n", "tiny.txt", FORMATS)?;
//! assert_eq!(found.problem.tasks().len(), 4);
//! assert_eq!(found.format.about().name, "jsplib");
//! # Ok::<(), ordine_wire::Diagnostics>(())
//! ```
//!
//! **Source:** Muth, Thompson 1963 (job shop); Brucker, Schlie 1990, Brandimarte 1993 (flexible);
//! Johnson 1954 (flow); Gonzalez, Sahni 1976 (open); Ruiz, Vázquez-Rodríguez 2010 (hybrid);
//! Naderi, Ruiz 2010 (distributed).

mod instance;
pub mod io;
mod lower;
mod operators;
pub mod setups;
pub mod simulation;
pub mod variants;

pub use instance::{Choice, Operation, Route, ShopError, ShopInstance, ShopJob, Word};
pub use lower::{lower, raise};
pub use operators::operators;
