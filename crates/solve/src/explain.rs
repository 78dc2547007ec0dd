//! Answers to what people ask: why there is no schedule, and why a schedule is as it is.
//!
//! * [`Trials::diagnose`] finds constraints that cannot hold together, no fewer of which do so: a
//!   minimal conflict;
//! * [`Trials::repairs`] finds the fewest constraints that must give way, and by how much at least;
//! * [`critical_chain`] follows a job back from its end: what held each task;
//! * [`more_work`] tries where tasks that a schedule lacks do the least damage.
//!
//! Nothing is claimed that is not shown: that a conflict is one by a proof, that none of its
//! members can be missed and that a repair works by schedules that the judge accepted.
//!
//! **Source:** Junker 2004 (QuickXplain); Ignatiev, Previti, Liffiton, Marques-Silva 2015 (repairs
//! as smallest hitting sets).

mod amounts;
mod chain;
mod conflict;
mod eased;
mod guarded;
mod hitting;
mod more;
mod repair;
mod trial;

pub use amounts::{Prices, Shift};
pub use chain::{Cause, Chain, Step, Swap, critical_chain, helpful_swaps};
pub use conflict::{Conflict, Diagnosis};
pub use eased::{Eased, ease, is_droppable};
pub use more::{Placing, more_work, with_copy, without_moves};
pub use repair::{Ease, Repair, Repairs};
pub use trial::{TRIAL_WORK, Trials};
