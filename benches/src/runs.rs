//! Runs of a recipe on instances of a list: what benches that make them have in common.
//!
//! [`Limits`] are their options, a [`Case`] is what makes a run the same run, so that a bench goes
//! on where it was interrupted, a [`Side`] is what came of it. Every schedule is judged.
//!
//! **Source:** -

use crate::WallClock;
use crate::lists::{Entry, List};
use crate::sweep::known::{Known, KnownTable};
use anyhow::{Context as _, Result, bail};
use ordine_base::{Clock, Cost, FirstOf, Seed, Silent, StopWhen, TimeLimit};
use ordine_check::check_claim;
use ordine_problem::{Problem, Schedule};
use ordine_solve::{Context, Settings, bounds, recipe_named};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Options of every bench that runs recipes on a library.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Limits {
    /// Folder of the instance library
    #[arg(long)]
    pub(crate) library: Option<PathBuf>,
    /// Seconds per instance, and per side
    #[arg(long, default_value_t = 10.0)]
    pub(crate) time: f64,
    /// Threads, of each side
    #[arg(long, default_value_t = 2)]
    pub(crate) workers: usize,
    /// Seeds, each a run of its own
    #[arg(long, value_delimiter = ',', default_values_t = [1])]
    pub(crate) seeds: Vec<u64>,
    /// Begin no run that could end later than this; the same call goes on
    #[arg(long)]
    pub(crate) minutes: Option<f64>,
    /// Print one row per run too
    #[arg(long)]
    pub(crate) each: bool,
}

impl Limits {
    /// The folder of the library.
    ///
    /// # Errors
    /// When it is missing, or a number is none.
    pub(crate) fn library(&self) -> Result<&Path> {
        Duration::try_from_secs_f64(self.time).with_context(|| format!("--time {}", self.time))?;
        self.library.as_deref().context("expected --library DIR, found none")
    }

    /// Whether a further run of so many seconds could end too late.
    pub(crate) fn is_over(&self, clock: &WallClock, run_s: f64) -> bool {
        let minutes = self.minutes.unwrap_or(f64::INFINITY);
        clock.elapsed().as_secs_f64() + run_s > 60.0 * minutes
    }
}

/// What makes a run the same run, and what is known of its instance.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) version: String,
    pub(crate) commit: String,
    pub(crate) list: String,
    pub(crate) folder: String,
    pub(crate) path: String,
    pub(crate) variant: String,
    pub(crate) instance: String,
    pub(crate) time_s: f64,
    pub(crate) workers: usize,
    pub(crate) seed: u64,
    pub(crate) recipe: String,
    pub(crate) known: Known,
}

impl Case {
    /// The run of an entry with this build.
    pub(crate) fn new(
        list: &List,
        entry: &Entry,
        (limits, recipe, seed): (&Limits, &str, u64),
        known: Known,
    ) -> Self {
        let Entry { place, variant } = entry;
        Case {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: crate::commit().to_owned(),
            list: list.name.clone(),
            folder: place.folder.clone(),
            path: place.path.clone(),
            variant: variant.words(),
            instance: place.name.clone(),
            time_s: limits.time,
            workers: limits.workers,
            seed,
            recipe: recipe.to_owned(),
            known,
        }
    }

    /// Whether two runs were made by the same build under the same limits.
    pub(crate) fn is_comparable(&self, other: &Case) -> bool {
        let key = |case: &Case| (case.version.clone(), case.commit.clone(), case.workers);
        key(self) == key(other) && self.time_s == other.time_s
    }
}

/// Tables of best-known values by folder, read when they are first asked for.
#[derive(Debug, Default)]
pub(crate) struct KnownTables(BTreeMap<String, KnownTable>);

impl KnownTables {
    /// What is known of an entry of a list.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub(crate) fn of(&mut self, library: &Path, list: &List, entry: &Entry) -> Result<Known> {
        let Entry { place, variant } = entry;
        if !self.0.contains_key(&place.folder) {
            let table = KnownTable::of_folder(library, &place.folder)?;
            self.0.insert(place.folder.clone(), table);
        }
        Ok(self.0[&place.folder].of(&place.path, &place.name, *variant, list.objective))
    }
}

/// What one side found.
#[derive(Serialize, Deserialize, Clone, Debug, Default)]
pub(crate) struct Side {
    /// `optimal`, `feasible`, `infeasible`, `unknown` or `error`.
    pub(crate) status: String,
    pub(crate) objective: Option<i64>,
    pub(crate) bound: Option<i64>,
    /// Wall time of the solver, models of ours included, those of the peer not.
    pub(crate) solve_s: f64,
    /// Wall time of the whole call: reading, building, solving, judging or answering.
    pub(crate) call_s: f64,
    /// What went wrong, with `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

impl Side {
    /// A side that failed.
    pub(crate) fn failed(error: &anyhow::Error) -> Self {
        let (status, error) = ("error".to_owned(), Some(format!("{error:#}")));
        Side { status, error, ..Side::default() }
    }

    /// Whether nothing is left open.
    pub(crate) fn has_proved(&self) -> bool {
        ["optimal", "infeasible"].contains(&self.status.as_str())
    }

    /// How this side disagrees with itself or with what is known.
    pub(crate) fn disagrees(&self, known: &Known) -> Option<String> {
        let Side { objective, bound, .. } = self;
        let low = objective.zip(*bound).filter(|(cost, bound)| cost < bound);
        if let Some((cost, bound)) = low {
            return Some(format!("cost {cost} below its own bound {bound}"));
        }
        if let Some((cost, lower)) = objective.zip(known.lower).filter(|(cost, low)| cost < low) {
            return Some(format!("cost {cost} below the known bound {lower}"));
        }
        if let Some((bound, upper)) = bound.zip(known.upper).filter(|(bound, up)| bound > up) {
            return Some(format!("bound {bound} above the known cost {upper}"));
        }
        if objective.is_some() && known.infeasible {
            return Some("a schedule where none is known to be".to_owned());
        }
        (self.status == "infeasible" && known.upper.is_some())
            .then(|| "infeasible where a schedule is known".to_owned())
    }
}

/// What came of a run of ours.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) side: Side,
    /// The objective.
    pub(crate) minimized: String,
}

/// Runs a recipe on an entry of a list.
///
/// # Errors
/// When the instance cannot be read, there is no such recipe, or the judge refuses the schedule.
pub(crate) fn run_recipe(
    (list, entry): (&List, &Entry),
    (limits, recipe, seed): (&Limits, &str, u64),
) -> Result<Run> {
    let call = WallClock::start();
    let problem = list.problem(limits.library()?, entry)?;
    let found = recipe_named(recipe)
        .with_context(|| format!("no recipe {recipe}: see `ordine list recipes`"))?;
    let limit: Box<dyn StopWhen> = Box::new(TimeLimit(Duration::try_from_secs_f64(limits.time)?));
    let (stop, clock) = (FirstOf(vec![limit]), WallClock::start());
    let settings = Settings {
        seed: Seed::new(seed),
        workers: limits.workers,
        work: None,
        stop: &stop,
        clock: &clock,
        start: None,
    };
    let mut observer = Silent;
    let bound = bounds::trivial_bound(&problem);
    let context = Context::new(&problem, settings, bound, &mut observer);
    let outcome = found.solve(&problem, &context)?;
    let solve_s = clock.elapsed().as_secs_f64();
    let objective = outcome.best().map(|(schedule, cost)| judged(&problem, schedule, cost));
    let figures = context.figures();
    let status = outcome.word().to_owned();
    let side = Side {
        objective: objective.transpose()?,
        bound: (status != "infeasible").then(|| figures.bound.first()),
        status,
        solve_s,
        call_s: call.elapsed().as_secs_f64(),
        error: None,
    };
    Ok(Run { side, minimized: problem.objective().to_string() })
}

/// What a schedule costs by the judge, who must agree with what is claimed.
///
/// # Errors
/// When the judge refuses it.
pub(crate) fn judged(problem: &Problem, schedule: &Schedule, claimed: &Cost) -> Result<i64> {
    match check_claim(problem, schedule, claimed) {
        Ok(cost) => Ok(cost.first()),
        Err(violations) => {
            let first = violations.first().map(|it| it.describe(problem)).unwrap_or_default();
            bail!("the judge refused the schedule: {first}")
        }
    }
}
