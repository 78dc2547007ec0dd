//! R-ConstraintBench: is a schedule that somebody wrote feasible?
//!
//! Tasks 1 … n with integer durations p_i and demands q_ir of renewable resources of capacity c_r.
//! Wanted are integer starts s_i ≥ 0 that keep precedences (s_j ≥ s_i + p_i), capacities at every
//! instant, downtime (no task that needs r runs while r is down), windows (rel_i ≤ s_i and
//! s_i + p_i ≤ dl_i) and disjunctive pairs (the two never overlap). All intervals are half-open.
//! Only complete feasibility counts. Deciding it is NP-complete; every instance is solvable by
//! construction.
//!
//! [`generate`] makes instances, [`prompt`] says them in words and [`read_prompt`] reads them
//! back, [`read_answer`] reads what came back, [`violations`] judges it, [`metrics`] and
//! [`statistics`] sum up. [`answerers`] answer by fixed methods, from the words alone. The judge of
//! this module shares no code with the engines; [`lower`] and [`nearest`] are the way to them.
//!
//! **Source:** Jain, Wetter 2025, *R-ConstraintBench: Evaluating LLMs on NP-Complete Scheduling*
//! (arXiv 2508.15204). Numbers that it does not state are ours; docs/results says which.

pub mod answer;
pub mod answerers;
mod checker;
mod domain;
pub mod faithfulness;
pub mod faults;
mod features;
mod generator;
mod instance;
mod json;
mod lexicon;
mod lower;
pub mod metrics;
mod prompt;
mod repair;
mod serial;
pub mod statistics;
pub mod tools;
pub mod tracks;
mod variants;

pub use answer::{Answer, Class, read_answer};
pub use checker::{Kind, Violation, is_one_kind, violations};
pub use domain::generate_domain;
pub use features::{Features, features, transitive_reduction};
pub use generator::{GenerateError, LEVELS, Tightness, generate};
pub use instance::{BenchInstance, BenchResource, BenchTask, InstanceError, Phase};
pub use lexicon::Rendering;
pub use lower::{Dropped, feasible_starts, lower, lower_without, nearest_problem, starts_of};
pub use prompt::{Mode, Prompt, PromptError, prompt, read_prompt, template_hash};
pub use repair::{Repaired, deviation, nearest};
pub use serial::{Order, Sees, restarts, serial};
pub use variants::Variant;
