//! Arenas: instances with references on which candidates are run.
//!
//! **Source:** -

use crate::{Candidate, Claim, Signature};
use ordine_rule_language::Scratch;

/// Seed of the other names that jobs get.
pub(crate) const LABELS: u64 = 0x6c61_6265_6c73;

/// What is known of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its name, for people; candidates never see it.
    pub name: String,
    /// Hash of its data: splits go by it.
    pub hash: u64,
    /// Class within its set.
    pub class: u32,
    /// Least objective that is known.
    pub reference: i64,
    /// Whether the reference is proven, so that nothing can be below it.
    pub proven: bool,
}

/// A candidate that came to the end of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The objective, computed anew from the instance.
    pub objective: i64,
    /// Work spent.
    pub work: u64,
}

/// Why a candidate did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It spent more work than it may.
    Work,
    /// It went wrong.
    Runtime(String),
    /// Its answer breaks a rule of the problem.
    Infeasible(String),
}

/// Instances of one signature.
pub trait Arena: Sync {
    /// What candidates may read, and what they are for.
    fn signature(&self) -> &'static Signature;

    /// Facts of every instance.
    fn facts(&self) -> &[Facts];

    /// Runs a candidate on an instance. With `relabel`, ids of jobs are permuted by this seed.
    ///
    /// # Errors
    /// When the candidate comes to no feasible answer.
    fn run(
        &self,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
        relabel: Option<u64>,
    ) -> Result<Ran, Failure>;

    /// Whether a candidate acts otherwise when jobs are called otherwise, ties apart.
    ///
    /// # Errors
    /// When the candidate comes to no end.
    fn labels_matter(
        &self,
        _place: usize,
        _candidate: &Candidate,
        _scratch: &mut Scratch,
    ) -> Result<bool, Failure> {
        Ok(false)
    }

    /// Whether a candidate acts otherwise in another unit of time; `None` where that is not known.
    fn scale_matters(
        &self,
        _place: usize,
        _candidate: &Candidate,
        _scratch: &mut Scratch,
    ) -> Option<bool> {
        None
    }

    /// Whether a candidate does on an instance what is claimed; `None` where that is not known.
    fn keeps(
        &self,
        _claim: Claim,
        _place: usize,
        _candidate: &Candidate,
        _scratch: &mut Scratch,
    ) -> Option<bool> {
        None
    }
}

/// Loss of an objective: relative gap to the reference; where that is 0, anything above counts 1.
pub fn gap(objective: i64, reference: i64) -> f64 {
    if reference > 0 {
        (objective - reference) as f64 / reference as f64
    } else {
        f64::from(u8::from(objective > reference))
    }
}
