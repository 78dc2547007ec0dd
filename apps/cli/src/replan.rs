//! `ordine replan`: what has happened meets the plan; what is left is planned again.
//!
//! **Source:** -

mod tell;

use crate::arguments::ReplanArguments;
use crate::charts::{ChartFiles, Recorder, Spent};
use crate::clock::WallClock;
use crate::exit::{Exit, Failure, say};
use crate::outputs::{Destination, places};
use crate::report::Answer;
use crate::run::{Run, exit_of, judge, workers};
use crate::trace::Trace;
use crate::{inputs, interrupt, limits, promoted, terminal, variants};
use ordine_base::Clock;
use ordine_chart::{Chart, scene_with_bound, text};
use ordine_problem::{Problem, Schedule};
use ordine_registry::family_of;
use ordine_replan::{Aim, Replan, ReplanError, difference, replan};
use ordine_wire::change::{ChangeFile, read_changes};
use ordine_wire::schedule::write_schedule_with_names;
use ordine_wire::{Found, Text, TimeScale, problem_json, visible_json};
use std::io::{self, Write};
use tell::Told;

/// Where the files of a call go.
struct Outputs {
    schedule: Option<Destination>,
    problem: Option<Destination>,
    gantt: Option<ChartFiles>,
    convergence: Option<ChartFiles>,
    recorder: Recorder,
    trace: Option<Trace>,
}

/// Plans again what the arguments name.
///
/// # Errors
/// When an input cannot be read, the changes contradict the plan, or something inside is wrong.
pub fn run(arguments: &ReplanArguments, clock: WallClock) -> Result<Exit, Failure> {
    let mut outputs = outputs(arguments)?;
    let interrupt = interrupt::listen()?;
    let found = inputs::read_single(&arguments.file, arguments.format.as_deref())?;
    let problem = variants::problem_of(&found, &arguments.added, None)?;
    let old = inputs::schedule(&arguments.schedule, &problem)?;
    if !arguments.output.quiet {
        let verb = "taken as a plan of";
        inputs::warn_foreign(&arguments.schedule, &old, &problem, verb);
    }
    let changes = changes(arguments, &problem, &found.scale)?;
    let plan = applied(arguments, &changes, &old.schedule)?;
    if let Some(destination) = &mut outputs.problem {
        let written = problem_json::write_problem(&plan.problem, &found.scale);
        destination.write(plan.problem.name(), &written)?;
    }
    warn(arguments, &plan, &changes.problem);
    let stop = limits::stop_rule(&arguments.limits, &plan.problem, &interrupt)?;
    let solver = promoted::solver(&arguments.recipe);
    let workers = workers(arguments.workers);
    let run = Run {
        solver: &*solver.expect("the name was looked up when it was parsed"),
        seed: arguments.seed,
        workers,
        work: arguments.limits.work,
        memory: arguments.limits.memory,
        stop: &stop,
        clock: &clock,
        trace: outputs.trace.as_mut(),
        recorder: outputs.convergence.as_ref().map(|_| &mut outputs.recorder),
        quiet: arguments.output.quiet,
        verbose: arguments.output.verbose,
    };
    let ended = run.search(&plan.problem, Some(&plan.start))?;
    let answer = Answer {
        problem: &plan.problem,
        family: family_of(found.format),
        ended: &ended,
        checked: judge(&plan.problem, &ended.outcome)?,
        wall: clock.elapsed(),
        seed: arguments.seed,
        workers,
        recipe: &arguments.recipe,
        default_limit: limits::is_default(&arguments.limits),
    };
    let schedule = ended.outcome.best().map(|(schedule, _)| schedule);
    let difference = schedule.map(|new| difference(&changes.problem, &old.schedule, &plan, new));
    let told = Told { answer: &answer, plan: &plan, old: &changes.problem, difference };
    let by_work = arguments.limits.work.is_some();
    let written = write(&mut outputs, &answer, &found, by_work);
    print(arguments, &told, schedule)?;
    written?;
    Ok(exit_of(&ended.outcome))
}

fn outputs(arguments: &ReplanArguments) -> Result<Outputs, Failure> {
    let output = &arguments.output;
    // The old plan may be replaced by the new one, the old problem by what is left of it.
    let changes = places([arguments.change.as_path()]);
    let mut read = changes.clone();
    read.extend(places([inputs::path(&arguments.file), arguments.schedule.as_path()]));
    let file = |option, path: &Option<std::path::PathBuf>| {
        let destination = path.as_deref().map(|path| Destination::new(option, path, "json"));
        destination.map(|it| it?.sparing(&changes)).transpose()
    };
    let charts = |option, path: &Option<std::path::PathBuf>| {
        let path = path.as_deref();
        path.map(|path| ChartFiles::new(option, path, output.theme, &read)).transpose()
    };
    Ok(Outputs {
        schedule: file("--out", &output.out)?,
        problem: file("--problem-out", &arguments.problem_out)?,
        gantt: charts("--gantt", &output.gantt)?,
        convergence: charts("--convergence", &output.convergence)?,
        recorder: Recorder::default(),
        trace: output.trace.as_deref().map(|it| Trace::create(it, &read)).transpose()?,
    })
}

fn changes(
    arguments: &ReplanArguments,
    problem: &Problem,
    scale: &TimeScale,
) -> Result<ChangeFile, Failure> {
    let bytes = inputs::bytes(&arguments.change)?;
    let name = arguments.change.display().to_string();
    let text = Text::new(name, &bytes).map_err(|it| Failure::bad_input(it.to_string()))?;
    Ok(read_changes(&text, problem, scale)?)
}

fn applied(
    arguments: &ReplanArguments,
    changes: &ChangeFile,
    schedule: &Schedule,
) -> Result<Replan, Failure> {
    let now = arguments.now.or(changes.now).unwrap_or(changes.problem.now());
    let aim = match (&arguments.objective, arguments.keep) {
        (Some(objective), _) => Aim::Other(objective.clone()),
        (None, true) => Aim::Keep,
        (None, false) => Aim::Objective,
    };
    let plan = replan(&changes.problem, schedule, now, &changes.changes, &aim);
    plan.map_err(|error| match error {
        ReplanError::Change { change, expected, found, hint } => {
            changes.mistake(change, &expected, &found, hint).into()
        }
        other => Failure::bad_input(format!("{}: {other}", arguments.change.display())),
    })
}

fn warn(arguments: &ReplanArguments, plan: &Replan, old: &Problem) {
    if arguments.output.quiet {
        return;
    }
    for freed in &plan.freed {
        let name = &old.task(freed.task).name;
        say("warning", &format!("task {name} cannot stay where it was: {}", freed.why));
    }
    let renumbered = plan.problem.tasks().len() != old.tasks().len() || !plan.cancelled.is_empty();
    if renumbered && arguments.output.out.is_some() && arguments.problem_out.is_none() {
        let words = "--out: tasks were added or cancelled, so the schedule belongs to the changed \
                     problem; `--problem-out FILE` writes that";
        say("warning", words);
    }
}

fn write(
    outputs: &mut Outputs,
    answer: &Answer<'_>,
    found: &Found,
    by_work: bool,
) -> Result<(), Failure> {
    let name = found.problem.name();
    if let Some(convergence) = &mut outputs.convergence {
        let spent = Spent { wall: answer.wall, work: answer.ended.figures.work, by_work };
        let curves = outputs.recorder.convergence(answer.problem, spent).curves();
        convergence.write(name, Chart::Curves(&curves))?;
    }
    let Some((schedule, cost)) = answer.ended.outcome.best() else { return Ok(()) };
    if let Some(out) = &mut outputs.schedule {
        out.write(name, write_schedule_with_names(answer.problem, schedule, cost))?;
    }
    if let Some(gantt) = &mut outputs.gantt {
        let scene = scene_with_bound(answer.problem, schedule, &answer.ended.figures.bound);
        gantt.write(name, Chart::Gantt(&scene))?;
    }
    Ok(())
}

fn print(
    arguments: &ReplanArguments,
    told: &Told<'_>,
    schedule: Option<&Schedule>,
) -> Result<(), Failure> {
    let output = &arguments.output;
    let mut stdout = io::stdout().lock();
    if output.json {
        writeln!(stdout, "{}", visible_json(&told.json()))?;
    } else if output.quiet {
        terminal::write_lines(&mut stdout, &[told.line()])?;
    } else {
        terminal::write_lines(&mut stdout, &told.answer.summary())?;
        terminal::write_lines(&mut stdout, &told.lines())?;
        if let Some(schedule) = schedule {
            let answer = told.answer;
            let scene = scene_with_bound(answer.problem, schedule, &answer.ended.figures.bound);
            write!(stdout, "\n{}\n", text(&scene, &terminal::style()))?;
        }
    }
    stdout.flush()?;
    Ok(())
}
