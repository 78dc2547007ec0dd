//! One run of the sweep: an instance in a variant, its first schedule, and what the judge says.
//!
//! **Source:** -

use super::Key;
use super::known::Known;
use crate::WallClock;
use ordine_base::{Clock, Demand, FirstOf, FirstSchedule, Seed, Silent, StopWhen, TimeLimit};
use ordine_check::check_claim;
use ordine_problem::{Feature, Problem, ResourceKind};
use ordine_shop::{operators, setups, variants as shop_variants};
use ordine_solve::{Context, Settings, bounds, recipe_named};
use ordine_wire::Text;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How an instance is changed before it is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variant {
    /// Not at all.
    Plain,
    /// By a variant of the shop.
    Named(&'static str),
    /// By so many operators.
    Operators(i64),
    /// By setups between positions, which stand in a file of their own.
    Setups,
}

/// The variants that a folder is published with.
pub(super) fn variants(folder: &str) -> Vec<Variant> {
    let mut all = vec![Variant::Plain];
    if folder == "jobshop" {
        all.extend(["blocking", "blocking-no-swap", "no-wait"].map(Variant::Named));
        all.extend((4..=10).map(Variant::Operators));
        all.push(Variant::Setups);
    }
    all
}

impl Variant {
    /// As it stands in tables.
    pub(crate) fn words(self) -> String {
        match self {
            Variant::Plain => String::new(),
            Variant::Named(name) => name.to_owned(),
            Variant::Operators(count) => format!("operators {count}"),
            Variant::Setups => "setups".to_owned(),
        }
    }

    /// The problem in this variant, `None` where it stays as it is; `setups_file` is where the
    /// positions for setups stand.
    ///
    /// # Errors
    /// When the variant does not go with the problem, or its file cannot be read.
    pub(crate) fn of(
        self,
        plain: &Problem,
        setups_file: Option<&Path>,
    ) -> Result<Option<Problem>, String> {
        match self {
            Variant::Plain => Ok(None),
            Variant::Named(name) => {
                shop_variants::apply(plain, name).map(Some).map_err(|it| it.to_string())
            }
            Variant::Operators(count) => {
                operators(plain, Demand::new(count)).map(Some).map_err(|it| it.to_string())
            }
            Variant::Setups => {
                let path = setups_file.ok_or("no file of setups")?;
                let name = path.display().to_string();
                let bytes = std::fs::read(path).map_err(|error| format!("{name}: {error}"))?;
                let text = Text::new(name, &bytes).map_err(|it| it.to_string())?;
                setups::read(&text, plain).map(Some).map_err(|it| it.to_string())
            }
        }
    }
}

/// Something to be done.
pub(super) struct Job {
    pub(super) folder: String,
    pub(super) path: String,
    pub(super) variant: Variant,
    /// The plain problem, or why it could not be read.
    pub(super) problem: Result<Arc<Problem>, String>,
    /// Where the positions for setups stand.
    pub(super) setups: Option<PathBuf>,
    pub(super) known: Known,
    pub(super) read_s: f64,
    pub(super) time_s: f64,
}

impl Job {
    pub(super) fn key(&self) -> Key {
        key(&self.folder, &self.path, &self.variant.words(), self.time_s)
    }
}

fn key(folder: &str, path: &str, variant: &str, time_s: f64) -> Key {
    let millis = (time_s * 1e3).round() as u64;
    (folder.to_owned(), path.to_owned(), variant.to_owned(), millis)
}

/// What came of a run.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(super) struct Row {
    version: String,
    pub(super) folder: String,
    pub(super) path: String,
    pub(super) variant: String,
    time_s: f64,
    instance: String,
    pub(super) status: String,
    pub(super) objective: Option<i64>,
    bound: Option<i64>,
    pub(super) wall_s: f64,
    pub(super) first_s: Option<f64>,
    pub(super) checked: bool,
    /// Largest gaps, reservoirs or several consumables: it may stay unknown.
    pub(super) hard: bool,
    pub(super) known: Known,
    /// What went wrong: it could not be read, it panicked, the judge refused it.
    pub(super) error: Option<String>,
}

impl Row {
    pub(super) fn key(&self) -> Key {
        key(&self.folder, &self.path, &self.variant, self.time_s)
    }

    /// How our figures disagree with what is known, if they do.
    pub(super) fn contradiction(&self) -> Option<String> {
        let Known { lower, upper, infeasible } = self.known;
        let below = self.objective.zip(lower).filter(|(cost, lower)| cost < lower);
        let above = self.bound.zip(upper).filter(|(bound, upper)| bound > upper);
        if let Some((cost, lower)) = below {
            return Some(format!("objective {cost} below the known bound {lower}"));
        }
        if let Some((bound, upper)) = above {
            return Some(format!("bound {bound} above the known cost {upper}"));
        }
        match self.status.as_str() {
            "optimal" | "feasible" if infeasible => Some("known to be infeasible".to_owned()),
            "infeasible" if upper.is_some() => Some("known to be feasible".to_owned()),
            _ => None,
        }
    }
}

/// Does it; whatever happens becomes a row.
pub(super) fn run_job(job: &Job) -> Row {
    let mut row = Row {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        folder: job.folder.clone(),
        path: job.path.clone(),
        variant: job.variant.words(),
        time_s: job.time_s,
        instance: String::new(),
        status: "error".to_owned(),
        objective: None,
        bound: None,
        wall_s: job.read_s,
        first_s: None,
        checked: false,
        hard: false,
        known: job.known,
        error: None,
    };
    let clock = WallClock::start();
    let done = catch_unwind(AssertUnwindSafe(|| solve(job, &clock, &mut row)));
    row.wall_s += clock.elapsed().as_secs_f64();
    row.error = match done {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
            Some(format!("panic: {}", words.unwrap_or_default()))
        }
    };
    if row.error.is_some() {
        row.status = "error".to_owned();
    }
    row
}

fn solve(job: &Job, clock: &WallClock, row: &mut Row) -> Result<(), String> {
    let plain = job.problem.as_ref().map_err(Clone::clone)?;
    let problem = job.variant.of(plain, job.setups.as_deref())?;
    let problem = problem.as_ref().unwrap_or(plain);
    row.instance = problem.name().to_owned();
    row.hard = is_hard(problem);
    let recipe = recipe_named("auto").expect("the default recipe exists");
    let limit = Duration::try_from_secs_f64(job.time_s).map_err(|it| it.to_string())?;
    let rules: Vec<Box<dyn StopWhen>> = vec![Box::new(TimeLimit(limit)), Box::new(FirstSchedule)];
    let stop = FirstOf(rules);
    let settings =
        Settings { seed: Seed::new(1), workers: 1, work: None, stop: &stop, clock, start: None };
    let mut observer = Silent;
    let context = Context::new(problem, settings, bounds::trivial_bound(problem), &mut observer);
    let outcome = recipe.solve(problem, &context).map_err(|fault| fault.to_string())?;
    let figures = context.figures();
    row.status = outcome.word().to_owned();
    row.bound = Some(figures.bound.first());
    let Some((schedule, cost)) = outcome.best() else { return Ok(()) };
    row.objective = Some(cost.first());
    row.first_s = Some(figures.first_at.as_secs_f64());
    match check_claim(problem, schedule, cost) {
        Ok(_) => row.checked = true,
        Err(violations) => {
            let first = violations.first().map(|it| it.describe(problem)).unwrap_or_default();
            return Err(format!("the judge refused the schedule: {first}"));
        }
    }
    Ok(())
}

/// Whether finding any schedule is hard.
fn is_hard(problem: &Problem) -> bool {
    let kind = |id| problem.resource(id).kind;
    let consumables =
        problem.resources().filter(|id| matches!(kind(*id), ResourceKind::Consumable(_)));
    let features = problem.features();
    consumables.count() >= 2
        || features.has(Feature::MaximalLags)
        || features.has(Feature::GeneralPrecedences) && features.has(Feature::Lags)
        || features.has(Feature::Reservoirs)
}
