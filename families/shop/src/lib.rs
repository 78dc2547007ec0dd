//! The shops: job shop and flexible job shop.
//!
//! Jobs J_1 … J_n go through machines M_1 … M_m. Job J_i is a chain of operations
//! O_i1 → O_i2 → …; operation O_ij runs without interruption on one machine k out of its choices
//! for p_ijk ticks; a machine runs one operation at a time. In the *job shop* each operation has
//! one choice, in the *flexible* job shop several; a job that returns to a machine is
//! *re-entrant*. Minimized is the makespan C_max = max C_ij unless another objective is asked for.
//! Both are strongly NP-hard (J||C_max, FJ||C_max).
//!
//! Shops are data: one instance type says them all.
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
//! **Source:** Muth, Thompson 1963 (job shop); Brucker, Schlie 1990, Brandimarte 1993 (flexible).

mod instance;
pub mod io;
mod lower;
mod operators;
pub mod setups;
pub mod variants;

pub use instance::{Choice, Operation, Route, ShopError, ShopInstance, ShopJob, Word};
pub use lower::{lower, raise};
pub use operators::operators;
