//! What a problem must have for a rule to mean anything.
//!
//! A rule that does not apply is refused by name with these words.
//!
//! **Source:** -

use crate::{FlowShop, SingleMachine};
use ordine_problem::{Feature, Problem};

/// What a rule asks of a problem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it applies to every problem.
    #[default]
    Nothing,
    /// Jobs with due times.
    DueTimes,
    /// Setups on machines, and jobs with due times.
    SetupsAndDueTimes,
    /// The shape of [`SingleMachine`].
    SingleMachine,
    /// The shape of [`FlowShop`].
    FlowShop,
}

impl Need {
    /// What is needed, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Need::Nothing => "nothing",
            Need::DueTimes => "jobs with due times",
            Need::SetupsAndDueTimes => "setups on machines and jobs with due times",
            Need::SingleMachine => {
                "one machine and jobs of one task with due times, without releases or precedences"
            }
            Need::FlowShop => {
                "a flow shop: every job visits the same machines in the same order, \
                 without releases or lags"
            }
        }
    }

    /// Whether the problem has it. O(problem).
    pub fn is_met(self, problem: &Problem) -> bool {
        let due = || problem.jobs().any(|job| problem.job(job).due.is_some());
        match self {
            Need::Nothing => true,
            Need::DueTimes => due(),
            Need::SetupsAndDueTimes => problem.features().has(Feature::Setups) && due(),
            Need::SingleMachine => SingleMachine::of(problem).is_some(),
            Need::FlowShop => FlowShop::of(problem).is_some(),
        }
    }
}
