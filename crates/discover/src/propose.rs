//! Proposers: who makes the texts of candidates.
//!
//! **Source:** -

mod genetic;
mod model;
mod replay;
mod reply;
mod templates;

pub use genetic::Genetic;
pub use model::Model;
pub use replay::Replay;
pub use reply::proposed_in;
pub use templates::{OPERATORS, Shown, Template, prompt};

use crate::{Call, DiscoverError, Islands, Settings, Signature};
use ordine_base::Seed;
use ordine_rule_language::Limits;

/// A text that may become a candidate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proposal {
    /// Its island; none for all of them.
    pub island: Option<usize>,
    /// How it was made.
    pub operator: String,
    /// Numbers of its parents.
    pub parents: Vec<u64>,
    /// The text.
    pub text: String,
}

/// What belongs together: nothing of it sees the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// The texts.
    pub proposals: Vec<Proposal>,
    /// What was paid for them.
    pub calls: Vec<Call>,
}

/// What a proposer sees: never an instance, an optimum or a loss on validation.
#[derive(Debug)]
pub struct Context<'a> {
    /// What candidates may read, and what they are for.
    pub signature: &'static Signature,
    /// The task in words, as a person may have edited it.
    pub task: &'a str,
    /// The islands.
    pub islands: &'a Islands,
    /// Parameters of the run.
    pub settings: &'a Settings,
    /// How large a candidate may be.
    pub limits: Limits,
    /// Number of the batch.
    pub batch: u64,
    /// Calls of models so far.
    pub calls: u64,
    /// Vetoes of a person, with reasons.
    pub vetoes: &'a [(u64, String)],
    /// What models say that they learned, the newest last.
    pub lessons: &'a [String],
}

impl Context<'_> {
    /// Seed of the `index`-th candidate of this batch.
    pub fn seed(&self, index: usize) -> Seed {
        Seed::new(self.settings.seed).child(self.islands.next + index as u64)
    }
}

/// Parents and context to candidate texts.
///
/// To add a proposer: one file in `propose/`, one line where the program chooses it, one test.
pub trait Propose {
    /// The next batch; an empty one when there is nothing left to propose. Randomness comes from
    /// the seeds of the context, so that a run that goes on makes the same batch again.
    ///
    /// # Errors
    /// When nothing can be proposed any more.
    fn propose(&mut self, context: &Context<'_>) -> Result<Batch, DiscoverError>;
}

/// The classical rules that begin every island.
pub(crate) fn seeds(context: &Context<'_>) -> Result<Vec<Proposal>, DiscoverError> {
    let seed = |name: &String| {
        let known = || context.signature.seeds.iter().map(|it| it.0).collect::<Vec<_>>().join(", ");
        let unknown = || {
            DiscoverError::Settings(format!("seeds: expected some of {}, found {name}", known()))
        };
        let text = context.signature.seed(name).ok_or_else(unknown)?.to_owned();
        Ok(Proposal { island: None, operator: "seed".to_owned(), parents: Vec::new(), text })
    };
    context.settings.seeds.iter().map(seed).collect()
}
