//! Scheduling on a system-on-chip: jobs arrive in a stream, tasks go to unlike elements.
//!
//! A job is a graph of tasks with one head and one tail; task i takes w_ir on processing element r
//! where that supports it, and data of volume v_ij take floor(v_ij / b_rs) from r to s. Jobs of
//! several profiles arrive at random while fewer than n are in the system. At each instant with
//! ready tasks a scheduler orders them and gives each an element. Minimized is the mean latency
//!
//! ```text
//! sum over completed jobs (end of tail - entry) / completed jobs
//! ```
//!
//! over a horizon; completed jobs, energy and energy × delay are told as well. One job on an empty
//! chip is R | prec, c_ij | C_max, strongly NP-hard.
//!
//! | what | method | where |
//! |---|---|---|
//! | dispatching | random, MET, STF, EFT, ETF, HEFT_RT, orders × mappings | [`SCHEDULERS`] |
//! | one job | HEFT; proof by alternatives in the common model | [`heft()`], [`lower`], [`raise`] |
//! | throughput | linear programme over loads; dispatch guided by its prices | [`load_bound`] |
//! | look-ahead | plans over the whole system, made anew when a job enters | [`SCHEDULERS`] |
//!
//! ```
//! use ordine_base::Seed;
//! use ordine_soc::{Settings, profiles, scheduler_named};
//! use std::sync::Arc;
//!
//! let instance = Arc::new(profiles::synthetic());
//! let met = scheduler_named("met").expect("a scheduler of the list");
//! let run = met.run(&instance, Settings::default(), Seed::new(1))?;
//! let metrics = run.metrics();
//! assert_eq!(metrics.injected, metrics.completed + metrics.in_system);
//! # Ok::<(), ordine_soc::SocError>(())
//! ```
//!
//! **Source:** Sung, Ha, Kim, Yahja, Sohn, Ryu 2020 (DeepSoCS); Arda et al. 2020 (DS3).

mod bound;
pub mod check;
mod heft;
mod instance;
pub mod io;
mod lower;
mod policies;
pub mod power;
pub mod profiles;
mod settings;
mod simulator;
mod timeline;
mod worlds;

pub use bound::{LoadBound, load_bound};
pub use heft::{Plan, heft};
pub use instance::{
    DURATION_MAX, Edge, Element, ElementId, ElementKind, JobProfile, Kind, KindId, Platform,
    Profile, ProfileId, SocError, SocInstance, Support, VOLUME_MAX,
};
pub use lower::{Planned, lower, raise};
pub use policies::{
    Choice, HorizonPolicy, ListPolicy, LpGuided, Order, PlanPolicy, SCHEDULERS, Scheduler,
    scheduler_named,
};
pub use settings::{Communication, Settings};
pub use simulator::{Metrics, TracedTask};
pub use timeline::Mapping;
pub use worlds::{Reward, Soc, SocGraph, SocWorld};
