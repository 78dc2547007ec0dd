//! What came of a run: an answer with data, never a sentinel.
//!
//! **Source:** the answers of egg and Pumpkin, as one enum.

use crate::ConstraintId;
use ordine_base::{Cost, StopReason};
use ordine_check::Violation;

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<S> {
    /// The best schedule, proved to be so.
    Optimal {
        /// The schedule.
        best: S,
        /// Its cost.
        cost: Cost,
    },
    /// A schedule, not proved to be the best.
    Feasible {
        /// The schedule.
        best: S,
        /// Its cost.
        cost: Cost,
        /// No schedule costs less than this.
        bound: Cost,
        /// Why the run ended.
        stopped: StopReason,
    },
    /// There is no schedule.
    Infeasible {
        /// Constraints that cannot hold together.
        core: Vec<ConstraintId>,
    },
    /// Neither a schedule nor a proof that there is none.
    Unknown {
        /// No schedule costs less than this.
        bound: Cost,
        /// Why the run ended.
        stopped: StopReason,
    },
}

impl<S> Outcome<S> {
    /// The schedule with its cost, if there is one.
    pub fn best(&self) -> Option<(&S, &Cost)> {
        match self {
            Outcome::Optimal { best, cost } | Outcome::Feasible { best, cost, .. } => {
                Some((best, cost))
            }
            Outcome::Infeasible { .. } | Outcome::Unknown { .. } => None,
        }
    }

    /// The word that reports print.
    pub const fn word(&self) -> &'static str {
        match self {
            Outcome::Optimal { .. } => "optimal",
            Outcome::Feasible { .. } => "feasible",
            Outcome::Infeasible { .. } => "infeasible",
            Outcome::Unknown { .. } => "unknown",
        }
    }

    /// Why the run ended.
    pub const fn stopped(&self) -> StopReason {
        match self {
            Outcome::Optimal { .. } | Outcome::Infeasible { .. } => StopReason::Proved,
            Outcome::Feasible { stopped, .. } | Outcome::Unknown { stopped, .. } => *stopped,
        }
    }
}

/// Something that must never happen: an error inside, found by the judge or by a bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The judge refused a schedule.
    #[error("the judge refused a schedule of {source_name}: {words}; please report this")]
    Refused {
        /// Who built it.
        source_name: &'static str,
        /// What is wrong with it.
        violations: Vec<Violation>,
        /// The first violation in words.
        words: String,
    },
    /// A schedule costs less than a bound.
    #[error("a schedule costs {cost}, below the bound {bound}; please report this")]
    BoundAboveCost {
        /// Cost of the schedule, as judged.
        cost: Cost,
        /// The bound.
        bound: Cost,
    },
    /// Something proved that there is no schedule, and there is one.
    #[error("a schedule that costs {cost} was proved not to exist; please report this")]
    NotInfeasible {
        /// Cost of the schedule, as judged.
        cost: Cost,
    },
    /// The recipe does not respect a word of the model that the problem uses.
    #[error("recipe {recipe} does not support {features}; choose another, such as `auto`")]
    Unsupported {
        /// Name of the recipe.
        recipe: &'static str,
        /// What it lacks.
        features: String,
    },
    /// A rule that means nothing on the problem.
    #[error("rule {rule} needs {needs}; choose another of `ordine list rules`, or `auto`")]
    Inapplicable {
        /// Name of the rule.
        rule: &'static str,
        /// What it needs.
        needs: &'static str,
    },
}
