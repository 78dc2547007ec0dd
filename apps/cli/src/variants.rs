//! `--variant`, `--setups`, `--operators`: rules that come on top of what a shop file says.
//!
//! Setups and operators are added before the variants, which look at the finished shop.
//!
//! **Source:** `ordine_shop`; each variant names its own.

use crate::arguments::VariantArguments;
use crate::exit::Failure;
use crate::inputs;
use ordine_base::Demand;
use ordine_problem::{Objective, Problem};
use ordine_shop::{operators, setups, variants};
use ordine_wire::{Found, Text};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The problem that was found, with what the options add and under the objective they ask for.
///
/// # Errors
/// When the options do not go with the problem, or a file of setups cannot be read.
pub fn problem_of<'a>(
    found: &'a Found,
    added: &VariantArguments,
    objective: Option<&Objective>,
) -> Result<Cow<'a, Problem>, Failure> {
    let mut problem = Cow::Borrowed(&found.problem);
    if let Some(path) = &added.setups {
        problem = Cow::Owned(with_setups(&problem, path)?);
    }
    if let Some(count) = added.operators {
        let count = Demand::new(i64::from(count));
        problem = Cow::Owned(operators(&problem, count).map_err(wrong(found, "--operators"))?);
    }
    if let Some(names) = &added.variant {
        let changed = variants::apply(&problem, names);
        problem = Cow::Owned(changed.map_err(wrong(found, "--variant"))?);
    }
    inputs::under_objective(found, problem, objective)
}

fn wrong<E: std::fmt::Display>(found: &Found, option: &'static str) -> impl Fn(E) -> Failure {
    let source = found.source.clone();
    move |error| Failure::bad_input(format!("{source}: {option}: {error}"))
}

fn with_setups(problem: &Problem, path: &Path) -> Result<Problem, Failure> {
    let path: PathBuf = match path.is_dir() {
        true => path.join(format!("{}.txt", problem.name())),
        false => path.to_owned(),
    };
    let bytes = inputs::bytes(&path)?;
    let text = Text::new(path.display().to_string(), &bytes);
    let text = text.map_err(|it| Failure::bad_input(it.to_string()))?;
    Ok(setups::read(&text, problem)?)
}
