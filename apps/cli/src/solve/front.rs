//! `--objective pareto:A,B`: schedules of which none beats another in both, as a table, a chart, or
//! one JSON line.
//!
//! **Source:** `ordine_solve::FrontSweep`.

use super::Session;
use crate::exit::{Exit, Failure};
use crate::report::{VERSION, VERSION_LINE, rounded};
use crate::run::{exit_of, judge, workers};
use crate::{limits, terminal, variants};
use ordine_base::Clock;
use ordine_chart::{Axis, Chart, Front, curves_text};
use ordine_problem::{Objective, Problem, ProblemError};
use ordine_registry::family_of;
use ordine_solve::{FrontPoint, FrontSweep};
use ordine_wire::schedule::write_schedule_with_names;
use ordine_wire::{Found, visible_json};
use serde::Serialize;
use std::io::{self, Write};
use std::time::Duration;

/// The JSON line of a front; its keys are a promise.
#[derive(Serialize)]
struct Line<'a> {
    instance: &'a str,
    family: &'static str,
    objective: String,
    status: &'static str,
    front: Vec<Point>,
    wall_s: f64,
    checked: bool,
    seed: u64,
    workers: usize,
    recipe: &'a str,
    version: &'static str,
}

#[derive(Serialize)]
struct Point {
    values: [i64; 2],
    proved: bool,
}

/// Why a sweep ends early.
struct Stopped(Failure);

impl From<ProblemError> for Stopped {
    fn from(error: ProblemError) -> Self {
        Stopped(Failure::bad_input(format!("--objective pareto: {error}")))
    }
}

impl Session<'_> {
    /// Finds, prints and writes the front of an instance.
    pub(super) fn solve_front(
        &mut self,
        found: &Found,
        objective: &Objective,
    ) -> Result<Exit, Failure> {
        let arguments = self.arguments;
        self.refuse_what_needs_one_schedule()?;
        let problem = variants::problem_of(found, &arguments.added, None)?;
        let workers = workers(arguments.workers);
        let sweep = FrontSweep::new(&problem, objective).expect("two levels were asked for");
        let whole = arguments.limits.time.unwrap_or(limits::DEFAULT_TIME);
        let runs = u64::from(arguments.points);
        let mut exit = Exit::NothingFound;
        let points = sweep.run(usize::from(arguments.points), |left, (problem, start)| {
            // What earlier points did not need is shared by those that follow.
            let now = self.clock.elapsed();
            let share = whole.saturating_sub(now) / u32::try_from(left).unwrap_or(u32::MAX);
            let timed = arguments.limits.work.is_none() || arguments.limits.time.is_some();
            let end = timed.then_some(now + share);
            let stop = limits::stop_rule_until(end, &arguments.limits, problem, &self.interrupt);
            let ended = stop.and_then(|stop| self.search((problem, start), &stop, workers, runs));
            let ended = ended.map_err(Stopped)?;
            judge(problem, &ended.outcome).map_err(Stopped)?;
            exit = exit.min(exit_of(&ended.outcome));
            Ok(ended.outcome)
        });
        let points = points.map_err(|Stopped(failure)| failure)?;
        let told = Told { problem: &problem, objective, points: &points, workers };
        let written = self.write_front(&told);
        self.print_front(&told, family_of(found.format))?;
        written?;
        Ok(exit)
    }

    fn refuse_what_needs_one_schedule(&self) -> Result<(), Failure> {
        let arguments = self.arguments;
        let single = self.out.as_ref().is_some_and(|out| !out.takes_several());
        let asked = [
            ("--start", arguments.start.is_some()),
            ("--target", arguments.limits.target.is_some()),
            ("--gantt", self.gantt.is_some()),
            ("--convergence", self.convergence.is_some()),
            ("--trace", self.trace.is_some()),
            ("--jobs", arguments.output.jobs),
            ("--out FILE", single),
        ];
        match asked.iter().find(|(_, is_asked)| *is_asked) {
            None => Ok(()),
            Some((option, _)) => Err(Failure::bad_input(format!(
                "{option}: a front has several schedules; leave it out, or write all of them by \
                 `--out FOLDER/`"
            ))),
        }
    }

    fn write_front(&mut self, told: &Told<'_>) -> Result<(), Failure> {
        let name = told.problem.name();
        if let Some(chart) = &mut self.front {
            chart.write(name, Chart::Curves(&told.chart().curves()))?;
        }
        if let Some(out) = &mut self.out {
            for (number, point) in told.points.iter().enumerate() {
                let cost = point.schedule.cost(told.problem);
                let text = write_schedule_with_names(told.problem, &point.schedule, &cost);
                out.write(&format!("{name}-{}", number + 1), text)?;
            }
        }
        Ok(())
    }

    fn print_front(&self, told: &Told<'_>, family: &'static str) -> Result<(), Failure> {
        let output = &self.arguments.output;
        let mut stdout = io::stdout().lock();
        let wall = self.clock.elapsed();
        if output.json {
            let line = told.line(self.arguments, family, wall);
            let text = serde_json::to_string(&line);
            let text = text.expect("records of strings and numbers are always JSON");
            writeln!(stdout, "{}", visible_json(&text))?;
        } else {
            let rows = if output.quiet { 1 } else { usize::MAX };
            let lines: Vec<String> = told.lines(wall).into_iter().take(rows).collect();
            terminal::write_lines(&mut stdout, &lines)?;
            if !output.quiet && !told.points.is_empty() {
                let drawn = curves_text(&told.chart().curves(), &terminal::style());
                write!(stdout, "\n{drawn}\n")?;
            }
        }
        stdout.flush()?;
        Ok(())
    }
}

/// What is told about a front.
struct Told<'a> {
    problem: &'a Problem,
    objective: &'a Objective,
    points: &'a [FrontPoint],
    workers: usize,
}

impl Told<'_> {
    /// Names of the two measures.
    fn names(&self) -> [String; 2] {
        let words = self.objective.to_string();
        let (first, second) = words.split_once(',').unwrap_or((&words, ""));
        [first.to_owned(), second.to_owned()]
    }

    fn proved(&self) -> usize {
        self.points.iter().filter(|point| point.is_proved).count()
    }

    fn chart(&self) -> Front {
        let [x, y] = self.names();
        let values = self.points.iter().map(|it| (it.values[0] as f64, it.values[1] as f64));
        Front {
            title: self.problem.name().to_owned(),
            subtitle: format!(
                "{} points, {} of them proved to be on the front",
                self.points.len(),
                self.proved()
            ),
            x: Axis::linear(x),
            y: Axis::linear(y),
            sets: vec![("found".to_owned(), values.collect())],
        }
    }

    fn lines(&self, wall: Duration) -> Vec<String> {
        let [first, second] = self.names();
        let (count, proved) = (self.points.len(), self.proved());
        let name = self.problem.name();
        let seconds = wall.as_secs_f64();
        let mut lines = vec![format!(
            "{name}: front of {first} and {second}: {count} points, {proved} proved, after \
             {seconds:.3} s, ordine {VERSION_LINE}"
        )];
        let width = first.len().max(10);
        lines.push(format!("  {first:>width$}  {second}"));
        for FrontPoint { values: [x, y], is_proved, .. } in self.points {
            let proved = if *is_proved { "proved" } else { "" };
            lines.push(format!("  {x:>width$}  {y:<10} {proved}").trim_end().to_owned());
        }
        lines
    }

    fn line<'l>(
        &'l self,
        arguments: &'l crate::arguments::SolveArguments,
        family: &'static str,
        wall: Duration,
    ) -> Line<'l> {
        let point = |it: &FrontPoint| Point { values: it.values, proved: it.is_proved };
        Line {
            instance: self.problem.name(),
            family,
            objective: format!("pareto:{}", self.objective),
            status: match self.points.len() {
                0 => "unknown",
                count if self.proved() == count => "optimal",
                _ => "feasible",
            },
            front: self.points.iter().map(point).collect(),
            wall_s: rounded(wall, 1e3),
            checked: !self.points.is_empty(),
            seed: arguments.seed,
            workers: self.workers,
            recipe: &arguments.recipe,
            version: VERSION,
        }
    }
}
