//! The harness: a text in, a verdict and losses out.
//!
//! A candidate is read, then run on four instances, on a tenth of the training set, on all of it;
//! it leaves after the tenth when the lower confidence bound (95 %, normal) of its mean loss lies
//! above the median of its island. The loss is the mean gap over instances whose reference is
//! above 0, plus 1 for each of the others that is missed. An objective below a proven bound stops
//! the run. What depends on how jobs are called is refused; what would be the best is run again
//! with other names, and the worse of the two losses counts, so that nothing is gained by ties.
//!
//! **Source:** Romera-Paredes et al. 2024 (evaluation cascade); Maron, Moore 1994 (racing).

use crate::arena::LABELS;
use crate::candidate::{Behavior, Probes};
use crate::{Arena, Candidate, DiscoverError, Facts, Failure, Rejection, Splits, gap};
use ordine_rule_language::{Limits, Scratch};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Instances of the first stage.
const POCKET: usize = 4;
/// One-sided 95 % of the normal distribution.
const CONFIDENCE: f64 = 1.645;

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It came to the end of what it was run on.
    Ok,
    /// It cannot be read.
    Syntax,
    /// It reads what is not there.
    Type,
    /// It went wrong.
    Runtime,
    /// It spent more work than it may.
    Work,
    /// Its answer breaks a rule of the problem.
    Infeasible,
    /// It depends on how jobs are called.
    Labels,
    /// Something equal is known.
    Duplicate,
}

/// How far a candidate came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It was read.
    Read,
    /// Four instances.
    Pocket,
    /// A tenth of the training set.
    Tenth,
    /// All of the training set.
    Train,
}

/// What is known of a candidate after its evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// What became of it.
    pub verdict: Verdict,
    /// How far it came.
    pub stage: Stage,
    /// Mean loss over what it was run on.
    pub loss: Option<f64>,
    /// Mean loss per class, at the last stage.
    pub classes: Vec<f64>,
    /// Work spent.
    pub work: u64,
    /// What went wrong, with the first instance that shows it.
    pub failure: Option<String>,
}

impl Evaluation {
    pub(crate) fn rejected(verdict: Verdict, failure: Option<String>) -> Self {
        let classes = Vec::new();
        Evaluation { verdict, stage: Stage::Read, loss: None, classes, work: 0, failure }
    }

    /// Whether it was run on the whole training set and came to the end.
    pub fn is_complete(&self) -> bool {
        self.verdict == Verdict::Ok && self.stage == Stage::Train
    }
}

/// What a candidate is up against.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trial<'a> {
    /// Loss of the middle of its island.
    pub median: Option<f64>,
    /// Loss of the best so far.
    pub best: Option<f64>,
    /// Instances beside those of the training set.
    pub more: &'a [usize],
}

/// Judges candidates on an arena.
pub struct Harness<'a> {
    arena: &'a dyn Arena,
    splits: Splits,
    limits: Limits,
    probes: Probes,
}

/// Losses instance by instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Losses {
    /// Gap of each instance, in the order of the places.
    pub gaps: Vec<f64>,
    /// Whether the reference of the instance is above 0.
    pub counts: Vec<bool>,
    /// Work spent.
    pub work: u64,
}

impl Losses {
    /// The mean gap where the reference is above 0.
    pub fn mean(&self) -> f64 {
        let counted: Vec<f64> = self.counted().collect();
        let sum: f64 = counted.iter().sum();
        if counted.is_empty() { 0.0 } else { sum / counted.len() as f64 }
    }

    /// How many instances with reference 0 are missed.
    pub fn missed(&self) -> usize {
        let pairs = self.gaps.iter().zip(&self.counts);
        pairs.filter(|(gap, counts)| !**counts && **gap > 0.0).count()
    }

    /// The loss: mean gap, and 1 for each instance of reference 0 that is missed.
    pub fn loss(&self) -> f64 {
        self.mean() + self.missed() as f64
    }

    /// Standard error of the mean gap.
    pub fn error(&self) -> f64 {
        standard_error(&self.counted().collect::<Vec<f64>>())
    }

    /// Gaps of the instances whose reference is above 0.
    pub fn counted(&self) -> impl Iterator<Item = f64> + '_ {
        self.gaps.iter().zip(&self.counts).filter(|(_, counts)| **counts).map(|(gap, _)| *gap)
    }
}

/// Standard error of the mean; 0 for fewer than two values.
pub(crate) fn standard_error(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    if count < 2.0 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|it| (it - mean) * (it - mean)).sum();
    (squares / (count - 1.0) / count).sqrt()
}

impl<'a> Harness<'a> {
    /// Judges on the instances of `splits`.
    pub fn new(arena: &'a dyn Arena, splits: Splits, limits: Limits) -> Self {
        let probes = Probes::drawn(arena.signature());
        Harness { arena, splits, limits, probes }
    }

    /// The instances.
    pub fn arena(&self) -> &'a dyn Arena {
        self.arena
    }

    /// Which are for what.
    pub fn splits(&self) -> &Splits {
        &self.splits
    }

    /// How large a candidate may be.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Reads a candidate.
    ///
    /// # Errors
    /// The evaluation of what is none.
    pub fn read(&self, text: &str) -> Result<Candidate, Evaluation> {
        let read = Candidate::read(text, self.arena.signature(), self.limits);
        read.map_err(|rejection| match rejection {
            Rejection::Syntax(failure) => Evaluation::rejected(Verdict::Syntax, Some(failure)),
            Rejection::Type(failure) => Evaluation::rejected(Verdict::Type, Some(failure)),
        })
    }

    /// How a candidate acts in drawn states.
    pub fn behavior(&self, candidate: &Candidate, scratch: &mut Scratch) -> Behavior {
        candidate.behavior(&self.probes, scratch)
    }

    /// Runs a candidate through the stages; it leaves early when it is worse than the median.
    ///
    /// # Errors
    /// When it is better than can be.
    pub fn evaluate(
        &self,
        candidate: &Candidate,
        trial: Trial<'_>,
        scratch: &mut Scratch,
    ) -> Result<Evaluation, DiscoverError> {
        let train = &self.splits.train;
        let tenth = (train.len() / 10).max(POCKET).min(train.len());
        let stages = [
            (Stage::Pocket, POCKET.min(train.len())),
            (Stage::Tenth, tenth),
            (Stage::Train, train.len()),
        ];
        let mut losses = Losses::default();
        let mut reached = Stage::Read;
        for (stage, end) in stages {
            let begin = losses.gaps.len().min(end);
            let mut ran = self.run(candidate, &train[begin..end], scratch, &mut losses)?;
            if stage == Stage::Pocket && ran.is_ok() {
                ran = self.names_apart(candidate, &train[begin..end], scratch);
            }
            if stage == Stage::Train && ran.is_ok() {
                ran = self.run(candidate, trial.more, scratch, &mut losses)?;
            }
            match ran {
                Ok(()) => reached = stage,
                Err((verdict, failure)) => {
                    let mut rejected = Evaluation::rejected(verdict, Some(failure));
                    (rejected.stage, rejected.work) = (stage, losses.work);
                    return Ok(rejected);
                }
            }
            let least = losses.loss() - CONFIDENCE * losses.error();
            if stage == Stage::Tenth && trial.median.is_some_and(|median| least > median) {
                break;
            }
        }
        let mut loss = losses.loss();
        let mut classes = Vec::new();
        if reached == Stage::Train {
            let places: Vec<usize> = train.iter().chain(trial.more).copied().collect();
            classes = by_class(self.arena.facts(), &places, &losses);
            if trial.best.is_some_and(|best| loss < best) {
                loss = loss.max(self.renamed(candidate, &places, scratch)?);
            }
        }
        Ok(Evaluation {
            verdict: Verdict::Ok,
            stage: reached,
            loss: Some(loss),
            classes,
            work: losses.work,
            failure: None,
        })
    }

    /// Refuses what depends on how jobs are called.
    fn names_apart(
        &self,
        candidate: &Candidate,
        places: &[usize],
        scratch: &mut Scratch,
    ) -> Result<(), (Verdict, String)> {
        for &place in places {
            let name = &self.arena.facts()[place].name;
            match self.arena.labels_matter(place, candidate, scratch) {
                Ok(false) => {}
                Ok(true) => {
                    let words = "jobs come in another order when they are called otherwise";
                    return Err((Verdict::Labels, format!("{name}: {words}")));
                }
                Err(failure) => return Err(told(failure, name)),
            }
        }
        Ok(())
    }

    /// Loss with other names of jobs.
    fn renamed(
        &self,
        candidate: &Candidate,
        places: &[usize],
        scratch: &mut Scratch,
    ) -> Result<f64, DiscoverError> {
        let mut losses = Losses::default();
        let ran = self.run_as(candidate, places, Some(LABELS), scratch, &mut losses)?;
        Ok(ran.map_or(f64::INFINITY, |()| losses.loss()))
    }

    /// Mean loss per class on the instances at `places`.
    pub(crate) fn by_class(&self, places: &[usize], losses: &Losses) -> Vec<f64> {
        by_class(self.arena.facts(), places, losses)
    }

    /// Losses of a candidate on the instances at `places`.
    ///
    /// # Errors
    /// When it is better than can be. Inside: verdict and failure when it does not come to the end.
    pub fn losses(
        &self,
        candidate: &Candidate,
        places: &[usize],
        scratch: &mut Scratch,
    ) -> Result<Result<Losses, (Verdict, String)>, DiscoverError> {
        let mut losses = Losses::default();
        let ran = self.run(candidate, places, scratch, &mut losses)?;
        Ok(ran.map(|()| losses))
    }

    fn run(
        &self,
        candidate: &Candidate,
        places: &[usize],
        scratch: &mut Scratch,
        losses: &mut Losses,
    ) -> Result<Result<(), (Verdict, String)>, DiscoverError> {
        self.run_as(candidate, places, None, scratch, losses)
    }

    fn run_as(
        &self,
        candidate: &Candidate,
        places: &[usize],
        relabel: Option<u64>,
        scratch: &mut Scratch,
        losses: &mut Losses,
    ) -> Result<Result<(), (Verdict, String)>, DiscoverError> {
        for &place in places {
            let facts = &self.arena.facts()[place];
            let ran = match self.arena.run(place, candidate, scratch, relabel) {
                Ok(ran) => ran,
                Err(failure) => return Ok(Err(told(failure, &facts.name))),
            };
            if facts.proven && ran.objective < facts.reference {
                return Err(DiscoverError::BelowBound {
                    instance: facts.name.clone(),
                    bound: facts.reference,
                    found: ran.objective,
                    text: candidate.text(),
                });
            }
            losses.gaps.push(gap(ran.objective, facts.reference));
            losses.counts.push(facts.reference > 0);
            losses.work += ran.work;
        }
        Ok(Ok(()))
    }
}

/// A failure with its verdict and the instance that shows it.
fn told(failure: Failure, instance: &str) -> (Verdict, String) {
    let (verdict, words) = match failure {
        Failure::Work => (Verdict::Work, "too much work".to_owned()),
        Failure::Runtime(words) => (Verdict::Runtime, words),
        Failure::Infeasible(words) => (Verdict::Infeasible, words),
    };
    (verdict, format!("{instance}: {words}"))
}

fn by_class(facts: &[Facts], places: &[usize], losses: &Losses) -> Vec<f64> {
    let mut classes: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (&place, gap) in places.iter().zip(&losses.gaps) {
        let entry = classes.entry(facts[place].class).or_default();
        *entry = (entry.0 + gap, entry.1 + 1.0);
    }
    classes.into_values().map(|(sum, count)| sum / count).collect()
}
