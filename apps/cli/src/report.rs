//! What a run prints: one JSON line for programs, a summary for people.
//!
//! The keys of the JSON line and their order are a promise to users.
//!
//! **Source:** -

use crate::run::Ended;
use crate::solve::JobLine;
use ordine_base::{Cost, StopReason};
use ordine_check::Violation;
use ordine_problem::Problem;
use ordine_solve::Outcome;
use serde::Serialize;
use std::time::Duration;

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Version and commit, where it was built from a checkout.
pub const VERSION_LINE: &str = concat!(env!("CARGO_PKG_VERSION"), env!("ORDINE_COMMIT"));

/// Constraints of a conflict that are printed; a search that proves it narrows nothing down.
const CONFLICTS_MAX: usize = 20;

/// Most obstacles that are printed for people; programs get all.
const OBSTACLES_MAX: usize = 10;

/// A run that ended, with everything that is told about it.
pub struct Answer<'a> {
    /// What was solved.
    pub problem: &'a Problem,
    /// Family of the format that it was read in.
    pub family: &'static str,
    /// What came of it.
    pub ended: &'a Ended,
    /// Whether there is a schedule and the judge has accepted it.
    pub checked: bool,
    /// Wall time of the run, reading included.
    pub wall: Duration,
    /// Seed.
    pub seed: u64,
    /// Threads.
    pub workers: usize,
    /// Recipe as it was asked for.
    pub recipe: &'a str,
    /// Whether the limit was the default one.
    pub default_limit: bool,
}

/// A cost: a number, or an array for several levels.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Levels<'a> {
    /// A plain objective.
    One(i64),
    /// A lexicographic one.
    Several(&'a [i64]),
}

impl<'a> From<&'a Cost> for Levels<'a> {
    fn from(cost: &'a Cost) -> Self {
        match cost.levels() {
            [one] => Levels::One(*one),
            several => Levels::Several(several),
        }
    }
}

/// What the JSON line says; the keys and their order are a promise.
#[derive(Serialize)]
pub struct Line<'a> {
    instance: &'a str,
    family: &'static str,
    objective: Option<Levels<'a>>,
    bound: Levels<'a>,
    root_bound: Levels<'a>,
    status: &'static str,
    stopped: &'static str,
    wall_s: f64,
    first_s: Option<f64>,
    best_s: Option<f64>,
    checked: bool,
    seed: u64,
    workers: usize,
    recipe: &'a str,
    version: &'static str,
    work: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    core: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    obstacles: Vec<ViolationWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jobs: Option<Vec<JobLine>>,
}

/// A rule that a schedule breaks.
#[derive(Serialize)]
pub struct ViolationWire {
    kind: &'static str,
    message: String,
}

impl ViolationWire {
    /// The violation in words.
    pub fn new(problem: &Problem, violation: &Violation) -> Self {
        ViolationWire { kind: violation.word(), message: violation.describe(problem) }
    }
}

/// Seconds with so many parts of a second.
pub fn rounded(time: Duration, parts: f64) -> f64 {
    (time.as_secs_f64() * parts).round() / parts
}

/// A share in percent, for people.
pub fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.2} %", 100.0 * share) } else { "infinite".to_owned() }
}

impl Answer<'_> {
    /// The JSON line, without line feed; with what became of jobs where it was asked for.
    pub fn json(&self, jobs: Option<Vec<JobLine>>) -> String {
        let line = Line { jobs, ..self.record() };
        serde_json::to_string(&line).expect("records of strings and numbers are always JSON")
    }

    /// What the JSON line says.
    pub fn record(&self) -> Line<'_> {
        let cost = self.ended.outcome.best().map(|(_, cost)| cost);
        let found = |time: Duration| cost.map(|_| rounded(time, 1e3));
        Line {
            instance: self.problem.name(),
            family: self.family,
            objective: cost.map(Levels::from),
            bound: (&self.ended.figures.bound).into(),
            root_bound: (&self.ended.figures.root_bound).into(),
            status: self.ended.outcome.word(),
            stopped: self.ended.outcome.stopped().word(),
            wall_s: rounded(self.wall, 1e3),
            first_s: found(self.ended.figures.first_at),
            best_s: found(self.ended.figures.improved_at),
            checked: self.checked,
            seed: self.seed,
            workers: self.workers,
            recipe: self.recipe,
            version: VERSION,
            work: self.ended.figures.work,
            core: self.core(),
            obstacles: self.obstacles().collect(),
            jobs: None,
        }
    }

    /// What is wrong with the schedule that came closest.
    fn obstacles(&self) -> impl Iterator<Item = ViolationWire> {
        let wire = |it| ViolationWire::new(self.problem, it);
        self.ended.obstacles.iter().map(wire)
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let (name, word) = (self.problem.name(), self.ended.outcome.word());
        let bound = &self.ended.figures.bound;
        let stopped = self.stopped_words();
        match self.ended.outcome.best() {
            Some((_, cost)) => {
                let objective = self.problem.objective();
                format!("{name}: {word}, {objective} {cost}, bound {bound}, {stopped}")
            }
            None => format!("{name}: {word}, bound {bound}, {stopped}"),
        }
    }

    /// Several lines for people.
    pub fn summary(&self) -> Vec<String> {
        let head = format!("{}: {}", self.problem.name(), self.ended.outcome.word());
        let row = |(label, text)| format!("  {label:<10} {text}");
        std::iter::once(head).chain(self.rows().into_iter().map(row)).collect()
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let (figures, objective) = (&self.ended.figures, self.problem.objective());
        let (bound, root) = (&figures.bound, &figures.root_bound);
        let mut rows = Vec::new();
        if let Some((_, cost)) = self.ended.outcome.best() {
            rows.push(("objective", format!("{cost}  ({objective})")));
        }
        rows.push(("bound", format!("{bound}  (root {root})")));
        if let Some((_, cost)) = self.ended.outcome.best() {
            rows.push(("gap", percent(cost.gap(bound))));
        }
        rows.push(("stopped", self.stopped_words()));
        if self.ended.outcome.best().is_some() {
            let (first, best) = (seconds(figures.first_at), seconds(figures.improved_at));
            rows.push(("found", format!("first schedule after {first}, best after {best}")));
        }
        let core = self.core().unwrap_or_default();
        let unlisted = core.len().saturating_sub(CONFLICTS_MAX);
        rows.extend(core.into_iter().take(CONFLICTS_MAX).map(|it| ("conflict", it)));
        if unlisted > 0 {
            rows.push(("", format!("… and {unlisted} more; --json lists all")));
        }
        if matches!(self.ended.outcome, Outcome::Infeasible { .. }) {
            let words = "`ordine explain FILE` finds a minimal conflict and the cheapest way out";
            rows.push(("why", words.to_owned()));
        }
        rows.extend(self.obstacles().take(OBSTACLES_MAX).map(|it| ("obstacle", it.message)));
        let hidden = self.ended.obstacles.len().saturating_sub(OBSTACLES_MAX);
        if hidden > 0 {
            rows.push(("", format!("… and {hidden} more; --json lists all")));
        }
        rows.push(("run", self.run_words()));
        rows
    }

    fn stopped_words(&self) -> String {
        let wall = seconds(self.wall);
        let why = match self.ended.outcome.stopped() {
            StopReason::Proved => "proof complete",
            StopReason::Time if self.default_limit => {
                "time: the default limit of 10 s, another is set by --time SECONDS"
            }
            StopReason::Time => "time limit",
            StopReason::Work => "work budget spent",
            StopReason::Target => "target reached",
            StopReason::Gap => "gap small enough",
            StopReason::NoImprovement => "no improvement for long enough",
            StopReason::FirstSchedule => "first schedule found",
            StopReason::Memory => "memory limit",
            StopReason::Interrupted => "interrupted",
            StopReason::Exhausted => "nothing left to try for this recipe",
        };
        format!("after {wall}: {why}")
    }

    fn run_words(&self) -> String {
        let workers = if self.workers == 1 { "worker" } else { "workers" };
        format!(
            "seed {}, {} {workers}, recipe {}, work {}, ordine {VERSION_LINE}",
            self.seed, self.workers, self.recipe, self.ended.figures.work
        )
    }

    fn core(&self) -> Option<Vec<String>> {
        match &self.ended.outcome {
            Outcome::Infeasible { core } => {
                Some(core.iter().map(|constraint| constraint.describe(self.problem)).collect())
            }
            _ => None,
        }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}
