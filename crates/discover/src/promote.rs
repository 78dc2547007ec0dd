//! Promotion: whether a candidate may stand beside the classical rules.
//!
//! Against its parent, on validation and on every shifted set: the mean of the paired differences
//! of gaps must not be above 0 by a one-sided paired t-test at 95 %, and no instance of reference 0
//! may be missed. At most 40 nodes or 60 lines, and a sentence of a person that explains it.
//!
//! **Source:** Student 1908.

use crate::harness::{Losses, standard_error};
use crate::{Candidate, DiscoverError, Harness};
use ordine_rule_language::Scratch;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Most nodes of a promoted rule.
const NODES_MAX: usize = 40;
/// Most lines of a promoted script.
const LINES_MAX: usize = 60;
/// One-sided confidence.
const CONFIDENCE: f64 = 0.95;

/// Two rules on the same instances.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The set.
    pub set: String,
    /// Mean gap of the candidate.
    pub candidate: f64,
    /// Mean gap of its parent.
    pub parent: f64,
    /// Instances of reference 0 that the candidate misses.
    pub missed: usize,
    /// Half of the 95 % interval of the mean difference.
    pub half_width: f64,
    /// Whether the candidate is worse.
    pub worse: bool,
}

/// The decision, with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Promotion {
    /// One per set.
    pub comparisons: Vec<Comparison>,
    /// Why it is not promoted; nothing when it is.
    pub objections: Vec<String>,
}

impl Promotion {
    /// Whether nothing speaks against it.
    pub fn is_granted(&self) -> bool {
        self.objections.is_empty()
    }
}

/// Compares two rules on one set.
pub fn compare(set: &str, candidate: &Losses, parent: &Losses) -> Comparison {
    let pairs: Vec<f64> =
        candidate.counted().zip(parent.counted()).map(|(own, other)| own - other).collect();
    let mean = pairs.iter().sum::<f64>() / pairs.len().max(1) as f64;
    let error = standard_error(&pairs);
    let quantile = |share: f64| {
        let freedom = pairs.len().saturating_sub(1).max(1) as f64;
        let distribution = StudentsT::new(0.0, 1.0, freedom);
        distribution.map_or(f64::INFINITY, |it| it.inverse_cdf(share))
    };
    let missed = candidate.missed();
    Comparison {
        set: set.to_owned(),
        candidate: candidate.mean(),
        parent: parent.mean(),
        missed,
        half_width: quantile(0.5 + CONFIDENCE / 2.0) * error,
        worse: missed > parent.missed() || (error > 0.0 && mean / error > quantile(CONFIDENCE)),
    }
}

/// Whether `candidate` may be promoted against `parent`.
///
/// # Errors
/// When one of them is better than can be.
pub fn promotion(
    harness: &Harness<'_>,
    candidate: &Candidate,
    parent: &Candidate,
    explanation: &str,
) -> Result<Promotion, DiscoverError> {
    let mut scratch = Scratch::default();
    let splits = harness.splits();
    let validation = ("validation".to_owned(), splits.validation.clone());
    let mut decision = Promotion { comparisons: Vec::new(), objections: Vec::new() };
    let (most, unit) = match candidate {
        Candidate::Rule(..) => (NODES_MAX, "nodes"),
        Candidate::Script(_) => (LINES_MAX, "lines"),
    };
    let size = candidate.size();
    if size > most {
        decision.objections.push(format!("expected at most {most} {unit}, found {size}"));
    }
    if explanation.trim().is_empty() {
        decision.objections.push("a person's sentence of explanation is missing".to_owned());
    }
    for (set, places) in std::iter::once(&validation).chain(&splits.shift) {
        let own = harness.losses(candidate, places, &mut scratch)?;
        let other = harness.losses(parent, places, &mut scratch)?;
        let (Ok(own), Ok(other)) = (own, other) else {
            decision.objections.push(format!("{set}: it does not come to the end"));
            continue;
        };
        let comparison = compare(set, &own, &other);
        if comparison.worse {
            let percent = |gap: f64| 100.0 * gap;
            decision.objections.push(format!(
                "{set}: {:.2} % is worse than {:.2} % of its parent, {} instances of optimum 0 \
                 missed",
                percent(comparison.candidate),
                percent(comparison.parent),
                comparison.missed
            ));
        }
        decision.comparisons.push(comparison);
    }
    Ok(decision)
}
