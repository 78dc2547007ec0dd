//! Machine scheduling: jobs of one task each, on one machine or on several in parallel.
//!
//! Jobs 1 … n are to run without interruption, each on one of m machines, of which each takes one
//! job at a time; job j takes p_ij on machine i. With unrelated machines these are any numbers,
//! and minimized is the makespan: R||C_max, strongly NP-hard. On a single machine, with weights
//! w_j and due times d_j, minimized is the total weighted tardiness Σ w_j max(0, C_j − d_j):
//! 1||Σ w_j T_j, strongly NP-hard.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (notation); Lawler 1977 (tardiness).

mod instance;
pub mod io;
mod lower;

pub use instance::{Criterion, MachineJob, MachinesError, MachinesInstance};
pub use lower::{lower, raise};
