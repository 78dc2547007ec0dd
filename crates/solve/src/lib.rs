//! Solving: bounds, portfolios and recipes over the engines.
//!
//! A [`Solver`] takes a sealed problem and a [`Context`] and gives an [`Outcome`]. Every schedule
//! passes the judge on its way to the incumbent. A recipe is made of public parts only: a user can
//! write the same ten lines.
//!
//! **Source:** see each module.

pub mod bounds;
mod constraint;
mod context;
pub mod explain;
mod facts;
mod failure;
pub mod first;
mod front;
mod joint;
pub mod lowering;
mod neighborhoods;
pub mod one_machine;
pub mod opening;
mod outcome;
mod portfolio;
mod proof;
mod recipes;
mod replan_policy;
mod searcher;
mod turns;

pub use constraint::ConstraintId;
pub use context::{Context, Figures, Offer, Settings};
pub use facts::{Fact, Facts, Subject};
pub use failure::FailureProof;
pub use front::{FrontPoint, FrontSweep};
pub use joint::{JointParameters, JointProof};
pub use neighborhoods::NeighborhoodSearch;
pub use outcome::{Fault, Outcome};
pub use portfolio::{LOGICAL_SEARCHERS, Lane, ROUND_WORK, run_portfolio, searcher_count};
pub use proof::ProofSearch;
pub use recipes::{
    Auto, DecisionRecipe, ExpressionRecipe, FailureRecipe, JointRecipe, ListRecipe, NamedRecipe,
    ProofRecipe, RECIPES, RuleRecipe, Solver, TabuRecipe, recipe_named, solve,
};
pub use replan_policy::{PlanBudget, REPLAN, ReplanPolicy};
pub use searcher::Searcher;
pub use turns::Turns;

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
