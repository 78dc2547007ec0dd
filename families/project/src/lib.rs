//! Project scheduling: the resource-constrained project, with one mode or several.
//!
//! Activities 1 … n, of which 1 is the source and n the sink, run without interruption. Activity
//! j has modes m with duration d_jm, demand r_jmk of each renewable resource k (capacity R_k at
//! every instant) and demand u_jmk of each nonrenewable resource k (budget U_k in all). An arc
//! i → j says that j starts when i has ended. Minimized is the makespan, the end of the sink,
//! unless another objective is asked for. PS|prec|C_max and MPS|prec|C_max are strongly NP-hard;
//! with two nonrenewables even a feasible choice of modes is NP-hard to find (Kolisch, Drexl 1997).
//!
//! **Source:** Brucker, Drexl, Möhring, Neumann, Pesch 1999 (notation); Kolisch, Sprecher 1996.

pub mod constraint_bench;
mod instance;
pub mod io;
mod lower;
pub mod worlds;

pub use instance::{Activity, ActivityMode, Flow, ProjectError, ProjectInstance, StartLag};
pub(crate) use lower::lower_numbered;
pub use lower::{lower, raise};
