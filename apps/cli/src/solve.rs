//! `ordine solve`: every instance of every input in turn: plan, judge, print, write.
//!
//! The clock of an instance starts before it is read. An input that is bad does not stop the
//! others; the worst of all decides how the call ends.
//!
//! **Source:** -

mod front;
mod jobs;

use crate::arguments::SolveArguments;
use crate::charts::{ChartFiles, Recorder, Spent};
use crate::clock::WallClock;
use crate::exit::{Exit, Failure, guarded, report, say};
use crate::outputs::{Destination, places};
use crate::report::Answer;
use crate::run::{Ended, Run, exit_of, judge, workers};
use crate::trace::Trace;
use crate::values::Goal;
use crate::{inputs, interrupt, limits, promoted, terminal, variants};
use ordine_base::{Clock, FirstOf};
use ordine_chart::{Chart, Scene, scene_with_bound, text};
use ordine_check::check;
use ordine_problem::{Problem, Schedule};
use ordine_registry::family_of;
use ordine_solve::Solver;
use ordine_wire::schedule::{write_schedule, write_schedule_with_names};
use ordine_wire::{Format, Found, Item, Json, visible_json};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use jobs::JobLine;

/// Solves what the arguments name.
///
/// # Errors
/// When the call cannot even begin, or nobody reads what is printed; everything else is told as
/// it comes and is in the answer.
pub fn run(arguments: &SolveArguments, clock: WallClock) -> Result<Exit, Failure> {
    let mut session = Session::open(arguments, clock)?;
    for address in &arguments.files {
        let result =
            inputs::read(address, arguments.format.as_deref(), &mut |item| session.item(item));
        // Whether the whole call is over is asked below, after every file.
        let _ = match result {
            Ok(()) => session.solve_held(),
            Err(failure) => session.settle(Err(failure)),
        };
        if session.is_over() {
            break;
        }
    }
    if session.reader_gone { Err(Failure::ReaderGone) } else { Ok(session.exit) }
}

/// A call while it runs.
struct Session<'a> {
    arguments: &'a SolveArguments,
    solver: Box<dyn Solver>,
    out: Option<Destination>,
    gantt: Option<ChartFiles>,
    convergence: Option<ChartFiles>,
    front: Option<ChartFiles>,
    recorder: Recorder,
    trace: Option<Trace>,
    interrupt: Arc<AtomicBool>,
    /// Started before the next instance is read.
    clock: WallClock,
    /// The instance that waits for the news that it is the only one.
    held: Option<Box<Found>>,
    exit: Exit,
    reader_gone: bool,
}

impl<'a> Session<'a> {
    fn open(arguments: &'a SolveArguments, clock: WallClock) -> Result<Self, Failure> {
        let output = &arguments.output;
        let files = places(arguments.files.iter().map(|address| inputs::path(address)));
        // The schedule that a run begins from may be replaced by a better one, but by nothing else.
        let mut read = files.clone();
        read.extend(places(arguments.start.as_deref()));
        let out = output.out.as_deref();
        let out = out.map(|path| Destination::new("--out", path, "json")?.sparing(&files));
        let charts = |option, path: &Option<std::path::PathBuf>| {
            let path = path.as_deref();
            path.map(|path| ChartFiles::new(option, path, output.theme, &read)).transpose()
        };
        let solver = promoted::solver(arguments.recipe());
        let session = Session {
            arguments,
            solver: solver.expect("the name was looked up when it was parsed"),
            out: out.transpose()?,
            gantt: charts("--gantt", &output.gantt)?,
            convergence: charts("--convergence", &output.convergence)?,
            front: charts("--front", &arguments.front)?,
            recorder: Recorder::default(),
            trace: output.trace.as_deref().map(|it| Trace::create(it, &read)).transpose()?,
            interrupt: interrupt::listen()?,
            clock,
            held: None,
            exit: Exit::Done,
            reader_gone: false,
        };
        match session.single_destination() {
            Some(destination) if arguments.files.len() > 1 => Err(destination.too_many()),
            _ => Ok(session),
        }
    }

    /// A destination that takes one instance only.
    fn single_destination(&self) -> Option<&Destination> {
        let charts = [&self.gantt, &self.convergence, &self.front].into_iter().flatten();
        let places = self.out.iter().chain(charts.map(ChartFiles::destination));
        places.into_iter().find(|it| !it.takes_several())
    }

    fn item(&mut self, item: Item) -> ControlFlow<()> {
        match item {
            Item::Skipped(diagnostic) => {
                if !self.arguments.output.quiet {
                    inputs::warn_skipped(&diagnostic);
                }
                ControlFlow::Continue(())
            }
            Item::Bad(diagnostics) => self.settle(Err(diagnostics.into())),
            Item::Found(found) => match self.single_destination() {
                None => self.solve(&found),
                Some(destination) if self.held.is_some() => {
                    let failure = destination.too_many();
                    self.held = None;
                    let _ = self.settle(Err(failure));
                    ControlFlow::Break(())
                }
                Some(_) => {
                    self.held = Some(found);
                    ControlFlow::Continue(())
                }
            },
        }
    }

    fn solve_held(&mut self) -> ControlFlow<()> {
        self.held.take().map_or(ControlFlow::Continue(()), |found| self.solve(&found))
    }

    fn solve(&mut self, found: &Found) -> ControlFlow<()> {
        let result = guarded(|| self.solve_one(found));
        self.settle(result)
    }

    /// Tells what went wrong, remembers how it ended, and starts the next clock.
    fn settle(&mut self, result: Result<Exit, Failure>) -> ControlFlow<()> {
        self.reader_gone |= matches!(result, Err(Failure::ReaderGone));
        self.exit = self.exit.max(result.unwrap_or_else(report));
        if self.held.is_none() {
            self.clock = WallClock::start();
        }
        if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Whether no further instance should be looked at.
    fn is_over(&self) -> bool {
        self.reader_gone || self.interrupt.load(Ordering::Relaxed)
    }

    fn solve_one(&mut self, found: &Found) -> Result<Exit, Failure> {
        let arguments = self.arguments;
        if let Some(Goal::Front(objective)) = &arguments.objective {
            return self.solve_front(found, objective);
        }
        if self.front.is_some() {
            let words = "--front: expected `--objective pareto:A,B` with it; add two measures";
            return Err(Failure::bad_input(words));
        }
        let objective = arguments.objective.as_ref().and_then(Goal::one);
        let problem = variants::problem_of(found, &arguments.added, objective)?;
        let workers = workers(arguments.workers);
        let start = arguments.start.as_deref().map(|path| self.start(path, &problem));
        let start = start.transpose()?;
        let stop = limits::stop_rule(&arguments.limits, &problem, &self.interrupt)?;
        let ended = self.search((&problem, start.as_ref()), &stop, workers, 1)?;
        let wall = self.clock.elapsed();
        let answer = Answer {
            problem: &problem,
            family: family_of(found.format),
            ended: &ended,
            checked: judge(&problem, &ended.outcome)?,
            wall,
            seed: arguments.seed,
            workers,
            recipe: arguments.recipe(),
            default_limit: limits::is_default(&arguments.limits),
        };
        // What was found is shown even when a file cannot be written.
        let written = self.write(&answer, found.format);
        self.print(&answer)?;
        written?;
        Ok(exit_of(&ended.outcome))
    }

    /// The schedule to begin from; tells what is odd about it.
    fn start(&self, path: &Path, problem: &Problem) -> Result<Schedule, Failure> {
        let file = inputs::schedule(path, problem)?;
        if !self.arguments.output.quiet {
            inputs::warn_foreign(path, &file, problem, "taken as a start for");
            if let Some(words) = flaw(&file.schedule, problem) {
                say("warning", &format!("--start {}: repaired, for {words}", path.display()));
            }
        }
        Ok(file.schedule)
    }

    /// One of so many runs that share the budget of work.
    fn search(
        &mut self,
        (problem, start): (&Problem, Option<&Schedule>),
        stop: &FirstOf,
        workers: usize,
        runs: u64,
    ) -> Result<Ended, Failure> {
        let arguments = self.arguments;
        let run = Run {
            solver: &*self.solver,
            seed: arguments.seed,
            workers,
            work: arguments.limits.work.map(|work| work / runs),
            memory: arguments.limits.memory,
            stop,
            clock: &self.clock,
            trace: self.trace.as_mut(),
            recorder: self.convergence.as_ref().map(|_| &mut self.recorder),
            quiet: arguments.output.quiet,
            verbose: arguments.output.verbose,
        };
        run.search(problem, start)
    }

    /// Writes the files that were asked for.
    fn write(&mut self, answer: &Answer<'_>, format: &dyn Format) -> Result<(), Failure> {
        let name = answer.problem.name();
        if let Some(convergence) = &mut self.convergence {
            let by_work = self.arguments.limits.work.is_some();
            let spent = Spent { wall: answer.wall, work: answer.ended.figures.work, by_work };
            let curves = self.recorder.convergence(answer.problem, spent).curves();
            convergence.write(name, Chart::Curves(&curves))?;
        }
        let Some((schedule, cost)) = answer.ended.outcome.best() else {
            let asked = self.out.is_some() || self.gantt.is_some();
            if asked && !self.arguments.output.quiet {
                say("warning", &format!("{name}: there is no schedule, so no file was written"));
            }
            return Ok(());
        };
        if let Some(out) = &mut self.out {
            // Only Ordine's own format has names of tasks that people gave.
            let write = match format.about().name == Json.about().name {
                true => write_schedule_with_names,
                false => write_schedule,
            };
            out.write(name, write(answer.problem, schedule, cost))?;
        }
        if let Some(gantt) = &mut self.gantt {
            gantt.write(name, Chart::Gantt(&chart(answer, schedule)))?;
        }
        Ok(())
    }

    fn print(&self, answer: &Answer<'_>) -> Result<(), Failure> {
        let output = &self.arguments.output;
        let mut stdout = io::stdout().lock();
        let best = answer.ended.outcome.best().filter(|_| output.jobs);
        let jobs = best.map(|(schedule, _)| jobs::lines(answer.problem, schedule));
        if output.json {
            writeln!(stdout, "{}", visible_json(&answer.json(jobs)))?;
        } else if output.quiet {
            terminal::write_lines(&mut stdout, &[answer.line()])?;
            terminal::write_lines(
                &mut stdout,
                &jobs.map(|it| jobs::table(&it)).unwrap_or_default(),
            )?;
        } else {
            terminal::write_lines(&mut stdout, &answer.summary())?;
            if let Some(jobs) = jobs {
                writeln!(stdout)?;
                terminal::write_lines(&mut stdout, &jobs::table(&jobs))?;
            }
            if let Some((schedule, _)) = answer.ended.outcome.best() {
                let drawn = text(&chart(answer, schedule), &terminal::style());
                write!(stdout, "\n{drawn}\n")?;
            }
        }
        stdout.flush()?;
        Ok(())
    }
}

fn chart(answer: &Answer<'_>, schedule: &Schedule) -> Scene {
    scene_with_bound(answer.problem, schedule, &answer.ended.figures.bound)
}

/// Why a start cannot be taken as it is.
fn flaw(start: &Schedule, problem: &Problem) -> Option<String> {
    let violations = check(problem, start).err()?;
    let missing = problem.tasks().len() - start.placed().count();
    if missing > 0 {
        return Some(format!("it leaves out {missing} of {} tasks", problem.tasks().len()));
    }
    let first = violations.first().map_or_else(String::new, |it| it.describe(problem));
    Some(format!("it is not feasible: {first}"))
}
