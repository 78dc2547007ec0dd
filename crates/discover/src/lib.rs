//! Discovery of dispatching rules: programs are proposed, judged on instances with known optima,
//! and bred; what is found is a rule of the rule language.
//!
//! An [`Arena`] holds instances of one [`Signature`] and runs a candidate on them; a [`Harness`]
//! gives verdicts; [`Islands`] remember; [`Propose`] makes texts; a [`Run`] ties them together and
//! writes every event to a folder, so that a run that was killed goes on as if it had not been.
//!
//! **Source:** Romera-Paredes et al. 2024 (FunSearch); Koza 1992; Çetinkaya, Büyüktahtakın,
//! Shojaee, Reddy 2025.

mod arena;
mod candidate;
mod choices;
mod claims;
mod differences;
mod error;
mod events;
mod harness;
mod island;
mod jobs;
pub mod library;
mod promote;
mod propose;
pub mod replies;
mod report;
mod run;
mod select;
mod settings;
mod signature;
mod splits;
mod tune;

pub use arena::{Arena, Facts, Failure, Ran, gap};
pub use candidate::{Behavior, Candidate, Rejection};
pub use choices::{Choice, choices};
pub use claims::{Claim, Tried, claims};
pub use differences::differences;
pub use error::DiscoverError;
pub use events::{Call, Event, Journal, Record};
pub use harness::{Evaluation, Harness, Losses, Stage, Trial, Verdict};
pub use island::{Island, Islands, Member};
pub use jobs::{JobSet, Jobs};
pub use promote::{Comparison, Promotion, compare, promotion};
pub use propose::{
    Batch, Context, Genetic, Model, OPERATORS, Proposal, Propose, Replay, Shown, Template, prompt,
    proposed_in,
};
pub use report::{Cell, Report, Row};
pub use run::{Ended, Finalist, Run, StopCause, Supervise};
pub use select::Selection;
pub use settings::{GeneticSettings, Settings};
pub use signature::{
    Language, ProblemArena, SIGNATURES, Signature, SingleMachine, signature_named,
};
pub use splits::Splits;
pub use tune::tuned;
