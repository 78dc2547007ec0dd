//! Recipes: named ways to solve, made of public parts only.
//!
//! To add a recipe: one file in `recipes/`, one line in [`RECIPES`], one test.
//!
//! **Source:** `solve` as a readable composition: PyVRP.

mod auto;
mod decisions;
mod expression;
mod failure;
mod list_search;
mod proof;
mod prover;
mod rule;
mod tabu;

pub use auto::Auto;
pub use decisions::DecisionRecipe;
pub use expression::ExpressionRecipe;
pub use failure::FailureRecipe;
pub use list_search::ListRecipe;
pub use proof::{JointRecipe, ProofRecipe};
pub use rule::RuleRecipe;
pub use tabu::TabuRecipe;

use crate::bounds::trivial_bound;
use crate::{Context, Fault, Outcome, Settings};
use ordine_base::{FirstOf, FrozenClock, Seed, Silent};
use ordine_problem::{Problem, Schedule};
use ordine_world::rule_named;

/// A way to solve a problem.
pub trait Solver: Send + Sync {
    /// Solves `problem`; incumbents, bounds, stop rule, work and seed go through `context`.
    ///
    /// # Errors
    /// When the recipe does not support the problem, or something inside is wrong.
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault>;
}

/// A recipe with the name by which people call it.
#[derive(Clone, Copy)]
pub struct NamedRecipe {
    /// Name on the command line.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Where the method was published.
    pub source: &'static str,
    /// The recipe.
    pub solver: &'static dyn Solver,
}

/// Every recipe; besides, `rule:NAME` applies one dispatching rule, `rule:=TEXT` one of the rule
/// language.
pub const RECIPES: [NamedRecipe; 7] = [
    NamedRecipe {
        name: "auto",
        summary: "rules, root bounds, then the sharpest search that supports the problem",
        source: "-",
        solver: &Auto,
    },
    NamedRecipe {
        name: "cp",
        summary: "constraint programming with learning: finds and proves",
        source: "Ohrimenko, Stuckey, Codish 2009; Hebrard 2025",
        solver: &ProofRecipe,
    },
    NamedRecipe {
        name: "decisions",
        summary: "insertion over the whole model, searched by late acceptance",
        source: "Burke, Bykov 2017; Joslin, Clements 1999",
        solver: &DecisionRecipe,
    },
    NamedRecipe {
        name: "failure",
        summary: "failure-directed search over bounds: proves",
        source: "Vilim, Laborie, Shaw 2015",
        solver: &FailureRecipe,
    },
    NamedRecipe {
        name: "joint",
        summary: "`cp` and, where it takes long, `failure` in turns: they share what they prove",
        source: "Vilim, Laborie, Shaw 2015",
        solver: &JointRecipe,
    },
    NamedRecipe {
        name: "list",
        summary: "evolution of task lists with forward-backward justification",
        source: "Valls, Ballestin, Quintanilla 2008",
        solver: &ListRecipe,
    },
    NamedRecipe {
        name: "tabu",
        summary: "tabu search on critical blocks of job and flexible shops",
        source: "Nowicki, Smutnicki 1996; Mastrolilli, Gambardella 2000",
        solver: &TabuRecipe,
    },
];

/// The recipe of this name, `rule:NAME` and `rule:=TEXT` included.
pub fn recipe_named(name: &str) -> Option<Box<dyn Solver>> {
    if let Some(text) = name.strip_prefix("rule:=") {
        return Some(Box::new(ExpressionRecipe::new(&text.parse().ok()?).ok()?));
    }
    if let Some(rule) = name.strip_prefix("rule:") {
        return Some(Box::new(RuleRecipe(rule_named(rule)?)));
    }
    let named = RECIPES.iter().find(|recipe| recipe.name == name)?;
    Some(Box::new(named.solver))
}

/// Solves `problem` by the recipe of this name within a deterministic budget of work units.
///
/// # Errors
/// When the recipe does not support the problem, or something inside is wrong.
///
/// # Panics
/// When there is no recipe of this name; see [`recipe_named`].
pub fn solve(
    problem: &Problem,
    recipe: &str,
    seed: Seed,
    work: u64,
) -> Result<Outcome<Schedule>, Fault> {
    let solver = recipe_named(recipe).unwrap_or_else(|| panic!("there is no recipe {recipe}"));
    let (stop, mut observer) = (FirstOf::default(), Silent);
    let settings = Settings {
        seed,
        workers: 1,
        work: Some(work),
        stop: &stop,
        clock: &FrozenClock,
        start: None,
    };
    let context = Context::new(problem, settings, trivial_bound(problem), &mut observer);
    solver.solve(problem, &context)
}

impl Solver for &dyn Solver {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        (**self).solve(problem, context)
    }
}
