//! Deciding: worlds that ask, policies that answer, and the library of dispatching rules.
//!
//! Rules and policies see observations, never the state behind them; look-ahead goes through
//! [`Decision`]. A masked candidate cannot be chosen.
//!
//! **Source:** see each module.

mod observation;
mod policy;
mod rules;
mod world;

pub use observation::{Candidate, CandidateId, Features, Observation, Stage};
pub use policy::{Policy, Rule, RulePolicy, run};
pub use rules::{Fifo, Grpw, Lft, Lpt, Minslk, Mopnr, Mwkr, NamedRule, RULES, Spt, rule_named};
pub use world::{Decision, Step, World};
