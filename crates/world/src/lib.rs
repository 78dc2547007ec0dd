//! Deciding: worlds that ask, policies that answer, and the library of dispatching rules.
//!
//! Rules and policies see observations, never the state behind them; look-ahead goes through
//! [`Decision`]. A masked candidate cannot be chosen.
//!
//! **Source:** see each module.

mod graph;
mod need;
mod observation;
mod policies;
mod policy;
mod rules;
mod sequence;
mod world;

pub use graph::{EdgeId, EdgeTable, Graph, NodeId, NodeTable, NodeTypeId, RelationId};
pub use need::Need;
pub use observation::{Candidate, CandidateId, Durations, Extras, Features, Observation, Stage};
pub use policies::{
    BestOf, Call, Epsilon, Leaf, NamedPolicy, POLICIES, Pilot, PolicyError, policy_from,
};
pub use policy::{Policy, Rule, RulePolicy, run};
pub use rules::*;
pub use sequence::{FlowShop, SequenceRule, SingleMachine};
pub use world::{Decision, Future, Step, World};
