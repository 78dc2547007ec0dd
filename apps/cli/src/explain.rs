//! `ordine explain`: why there is no schedule, and why a schedule is as it is.
//!
//! **Source:** see `ordine_solve::explain`.

mod conflict;
mod insert;
mod late;
mod tell;
mod what_if;
mod wishes;

use crate::arguments::ExplainArguments;
use crate::clock::WallClock;
use crate::exit::{Exit, Failure};
use crate::limits::DEFAULT_TIME;
use crate::outputs::{Destination, places};
use crate::{inputs, interrupt, terminal, variants};
use ordine_base::{Clock, Cost, FirstOf, Interrupt, Progress, StopWhen, TimeLimit};
use ordine_problem::{JobId, Problem, Schedule};
use ordine_solve::explain::{Diagnosis, Prices, Repairs, TRIAL_WORK, Trials};
use ordine_wire::schedule::{ScheduleFile, write_schedule_with_names};
use ordine_wire::{Found, visible_json};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

/// Most names that a message lists.
const KNOWN_MAX: usize = 12;

/// A call while it runs.
pub struct Session<'a> {
    arguments: &'a ExplainArguments,
    clock: WallClock,
    stop: FirstOf,
    /// Ends earlier, so that there is time for what follows from an answer.
    early: FirstOf,
    out: Option<Destination>,
}

/// What is printed: one JSON line, or lines for people.
pub struct Told {
    json: String,
    lines: Vec<String>,
    exit: Exit,
}

/// Explains what the arguments ask for.
///
/// # Errors
/// When an input cannot be read, or nobody reads what is printed.
pub fn run(arguments: &ExplainArguments, clock: WallClock) -> Result<Exit, Failure> {
    let mut session = Session::open(arguments, clock)?;
    let found = inputs::read_single(&arguments.file, arguments.format.as_deref())?;
    let problem = variants::problem_of(&found, &arguments.added, arguments.objective.as_ref())?;
    let told = match &arguments.schedule {
        None => conflict::explain(&mut session, &problem)?,
        Some(path) => {
            let file = inputs::schedule(path, &problem)?;
            inputs::warn_foreign(path, &file, &problem, "explained as a schedule of");
            session.about_schedule(&found, &problem, &file)?
        }
    };
    let mut stdout = io::stdout().lock();
    match arguments.json {
        true => writeln!(stdout, "{}", visible_json(&told.json))?,
        false => terminal::write_lines(&mut stdout, &told.lines)?,
    }
    stdout.flush()?;
    Ok(told.exit)
}

impl<'a> Session<'a> {
    fn open(arguments: &'a ExplainArguments, clock: WallClock) -> Result<Self, Failure> {
        let interrupt = interrupt::listen()?;
        let time = arguments.time.or(arguments.work.is_none().then_some(DEFAULT_TIME));
        let rules = |time: Option<Duration>| {
            let mut rules: Vec<Box<dyn StopWhen>> =
                vec![Box::new(Interrupt(Arc::clone(&interrupt)))];
            rules.extend(time.map(|time| Box::new(TimeLimit(time)) as Box<dyn StopWhen>));
            FirstOf(rules)
        };
        let (stop, early) = (rules(time), rules(time.map(|time| time / 2)));
        // The plan may be replaced by what comes of it, but by nothing else.
        let mut read = places([inputs::path(&arguments.file)]);
        read.extend(places(arguments.insert.as_deref()));
        let out = arguments.out.as_deref();
        let out = out.map(|path| Destination::new("--out", path, "json")?.sparing(&read));
        Ok(Session { arguments, clock, stop, early, out: out.transpose()? })
    }

    /// Why a problem has no schedule, with the ways out, within the limits of the call: half of
    /// them for the first, and what is left for the second.
    fn unravel<'s>(&'s self, problem: &'s Problem) -> (Trials<'s>, Diagnosis, Repairs) {
        let work = self.arguments.work;
        let (half, rest) = (work.map(|work| work.div_ceil(2)), work.map_or(0, |work| work / 2));
        let mut trials = Trials::new(problem, &self.early, &self.clock, half, TRIAL_WORK);
        let mut diagnosis = trials.diagnose();
        trials.extend(&self.stop, rest);
        if diagnosis == Diagnosis::Unknown {
            diagnosis = trials.diagnose();
        }
        let mut prices = Prices::default();
        for (kind, price) in &self.arguments.cost {
            prices.set(kind, *price);
        }
        let repairs = match &diagnosis {
            Diagnosis::Infeasible(conflict) if !conflict.constraints.is_empty() => {
                trials.repairs(conflict, &prices, &self.arguments.keep)
            }
            _ => Repairs::default(),
        };
        (trials, diagnosis, repairs)
    }

    fn is_over(&self) -> bool {
        let bound = Cost::single(0);
        let progress = Progress {
            elapsed: self.clock.elapsed(),
            work: 0,
            incumbent: None,
            bound: &bound,
            improved_at: Duration::ZERO,
        };
        self.stop.reached(&progress).is_some()
    }

    fn about_schedule(
        &mut self,
        found: &Found,
        problem: &Problem,
        file: &ScheduleFile,
    ) -> Result<Told, Failure> {
        let arguments = self.arguments;
        let schedule = &file.schedule;
        if let Err(violations) = ordine_check::check(problem, schedule) {
            return Ok(late::broken(problem, &violations));
        }
        if let Some(wishes) = &arguments.what_if {
            return what_if::explain(self, problem, schedule, wishes);
        }
        if let Some(path) = &arguments.insert {
            let extended = insert::with_jobs(path, problem, found)?;
            return insert::explain(self, problem, &extended, schedule);
        }
        if let Some(name) = &arguments.insert_like {
            let job = job_named(problem, name)?;
            let extended = ordine_solve::explain::with_copy(problem, job);
            let extended = extended
                .map_err(|error| Failure::bad_input(format!("--insert-like {name}: {error}")))?;
            return insert::explain(self, problem, &extended, schedule);
        }
        let job = arguments.why_late.as_deref().map(|name| job_named(problem, name));
        Ok(late::explain(self, problem, schedule, job.transpose()?))
    }

    /// Writes the schedule of the answer, where that was asked for.
    fn write(
        &mut self,
        problem: &Problem,
        schedule: &Schedule,
        cost: &Cost,
    ) -> Result<(), Failure> {
        let Some(out) = &mut self.out else { return Ok(()) };
        out.write(problem.name(), write_schedule_with_names(problem, schedule, cost))
    }
}

/// A record as a JSON line.
fn json(record: &impl Serialize) -> String {
    serde_json::to_string(record).expect("records of strings and numbers are always JSON")
}

/// The thing of this name, or of this number from 0.
fn find<I: Copy>(
    what: &str,
    name: &str,
    all: impl Iterator<Item = I>,
    name_of: impl Fn(I) -> String,
) -> Result<I, Failure> {
    let all: Vec<I> = all.collect();
    let mut named = all.iter().copied().filter(|it| name_of(*it) == name);
    if let Some(first) = named.next() {
        return match named.next() {
            None => Ok(first),
            Some(_) => Err(Failure::bad_input(format!(
                "expected the name of one {what}, found several {name}; give its number from 0"
            ))),
        };
    }
    let numbered = name.parse().ok().and_then(|number: usize| all.get(number).copied());
    numbered.ok_or_else(|| {
        let known: Vec<String> = all.iter().take(KNOWN_MAX).map(|it| name_of(*it)).collect();
        let more = if all.len() > known.len() { ", …" } else { "" };
        let known = known.join(", ");
        Failure::bad_input(format!("expected a {what}: {known}{more}; found {name}"))
    })
}

fn job_named(problem: &Problem, name: &str) -> Result<JobId, Failure> {
    find("job", name, problem.jobs(), |job| problem.job(job).name.clone())
}
