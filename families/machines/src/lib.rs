//! Machine scheduling: jobs of one task each, on one machine or on several in parallel.
//!
//! Jobs 1 … n are to run without interruption, each on one of m machines, of which each takes one
//! job at a time; job j takes p_ij on machine i. With unrelated machines these are any numbers,
//! and minimized is the makespan: R||C_max, strongly NP-hard. On a single machine, with weights
//! w_j and due times d_j, minimized is the total weighted tardiness Σ w_j max(0, C_j − d_j):
//! 1||Σ w_j T_j, strongly NP-hard; without weights 1||Σ T_j, NP-hard in the ordinary sense.
//!
//! | objective on one machine | method | where |
//! |---|---|---|
//! | total tardiness | rules, among them EDDC and MDDC | `ordine_world`, `--recipe rule:mddc` |
//! | sums of flow times and tardiness | iterated descent | `ordine_ls::SequenceSearch`, `auto` |
//! | such sums, up to 24 jobs | table of all sets | `ordine_solve::one_machine`, `auto` |
//! | total tardiness, hundreds of jobs | decomposition | `ordine_solve::one_machine`, `auto` |
//! | total tardiness | integer programme for other solvers | [`positional_programme`] |
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (notation); Lawler 1977 (tardiness); Du,
//! Leung 1990 (NP-hardness).

pub mod check;
pub mod generate;
mod instance;
pub mod io;
mod lower;
mod positional;

pub use instance::{Criterion, MachineJob, MachinesError, MachinesInstance};
pub use lower::{lower, raise};
pub use positional::positional_programme;
