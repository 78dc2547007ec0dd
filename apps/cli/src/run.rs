//! One search, whatever command asks for it: listeners, limits, and the last look of the judge.
//!
//! **Source:** -

use crate::charts::Recorder;
use crate::clock::WallClock;
use crate::events::Events;
use crate::exit::{Exit, Failure};
use crate::progress::ProgressLine;
use crate::terminal;
use crate::trace::Trace;
use ordine_base::{Clock, FirstOf, Seed};
use ordine_check::{Violation, check_claim};
use ordine_problem::{Problem, Schedule};
use ordine_solve::{Context, Fault, Figures, Outcome, Settings, Solver, bounds};

/// How a search runs.
pub struct Run<'a> {
    /// What searches.
    pub solver: &'a dyn Solver,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads.
    pub workers: usize,
    /// Deterministic budget of work.
    pub work: Option<u64>,
    /// Bytes that it may hold.
    pub memory: Option<u64>,
    /// When it ends.
    pub stop: &'a FirstOf,
    /// Started before the instance was read.
    pub clock: &'a WallClock,
    /// Where incumbents and bounds are written.
    pub trace: Option<&'a mut Trace>,
    /// What remembers incumbents and bounds for a chart.
    pub recorder: Option<&'a mut Recorder>,
    /// Whether there is no progress line.
    pub quiet: bool,
    /// Whether every event is told.
    pub verbose: bool,
}

impl Run<'_> {
    /// Searches for a schedule of `problem`, from `start` where there is one.
    ///
    /// # Errors
    /// When the recipe does not support the problem, or something inside is wrong.
    pub fn search(mut self, problem: &Problem, start: Option<&Schedule>) -> Result<Ended, Failure> {
        let bound = bounds::trivial_bound(problem);
        let shows_progress = terminal::shows_progress() && !self.quiet;
        let line = || ProgressLine::start(problem.name(), bound.clone(), self.clock.elapsed());
        if let Some(recorder) = &mut self.recorder {
            recorder.begin(&bound);
        }
        let mut events = Events {
            instance: problem.name(),
            progress: shows_progress.then(line),
            trace: self.trace,
            recorder: self.recorder,
            verbose: self.verbose,
        };
        let settings = Settings {
            seed: Seed::new(self.seed),
            workers: self.workers,
            work: self.work,
            stop: self.stop,
            clock: self.clock,
            start,
        };
        let context = Context::new(problem, settings, bound, &mut events).within(self.memory);
        let outcome = self.solver.solve(problem, &context);
        let outcome = outcome.map_err(|fault| failure_of(problem.name(), &fault))?;
        let obstacles = match outcome {
            Outcome::Unknown { .. } => context.obstacles(),
            _ => Vec::new(),
        };
        Ok(Ended { outcome, figures: context.figures(), obstacles })
    }
}

/// A search that has ended.
pub struct Ended {
    /// What came of it.
    pub outcome: Outcome<Schedule>,
    /// Its figures.
    pub figures: Figures,
    /// What is wrong with the schedule that came closest, where none keeps every rule.
    pub obstacles: Vec<Violation>,
}

/// The threads that were asked for, or as many as there are cores.
pub fn workers(asked: Option<u16>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(cores, usize::from)
}

/// The last look before a schedule leaves the program: whether there is one that the judge accepts.
///
/// # Errors
/// When there is one that the judge refuses.
pub fn judge(problem: &Problem, outcome: &Outcome<Schedule>) -> Result<bool, Failure> {
    let Some((schedule, cost)) = outcome.best() else { return Ok(false) };
    let Err(violations) = check_claim(problem, schedule, cost) else { return Ok(true) };
    let first = violations.first().map_or_else(String::new, |it| it.describe(problem));
    let name = problem.name();
    Err(Failure::Inside(format!("{name}: the judge refused the schedule: {first}; please report")))
}

fn failure_of(instance: &str, fault: &Fault) -> Failure {
    let message = format!("{instance}: {fault}");
    match fault {
        Fault::Unsupported { .. } | Fault::Inapplicable { .. } => Failure::bad_input(message),
        Fault::Refused { .. } | Fault::BoundAboveCost { .. } | Fault::NotInfeasible { .. } => {
            Failure::Inside(message)
        }
    }
}

/// How a call with this outcome ends.
pub fn exit_of(outcome: &Outcome<Schedule>) -> Exit {
    match outcome {
        Outcome::Optimal { .. } | Outcome::Feasible { .. } => Exit::Done,
        Outcome::Infeasible { .. } => Exit::Infeasible,
        Outcome::Unknown { .. } => Exit::NothingFound,
    }
}
