//! `ordine lr plot`: schedules as curves and as tables of values.
//!
//! **Source:** -

use super::arguments::PlotArguments;
use super::rates::{Named, Rates, Target};
use crate::exit::{Exit, Failure};
use crate::inputs;
use crate::terminal;
use comfy_table::{CellAlignment, Table, presets};
use ordine_chart::{Curves, curves_text};
use ordine_training::io::saved::read_schedule;
use ordine_training::schedules::{Plan, Run, ScheduleError};
use std::io::{self, Write};
use std::path::Path;

/// Letters of a schedule that a message shows on each side of a mistake.
const SHOWN: usize = 60;

/// Draws the schedules that the arguments name.
///
/// # Errors
/// When a schedule or an option is wrong, or a file cannot be written.
pub fn run(arguments: &PlotArguments) -> Result<Exit, Failure> {
    let mut target = arguments.out.as_deref().map(Target::new).transpose()?;
    let mut run = run_of(arguments.steps, arguments.steps_per_epoch)?;
    if let Some(tokens) = arguments.tokens_per_step {
        run = run
            .with_tokens(tokens)
            .map_err(|error| Failure::bad_input(format!("--tokens-per-step {tokens}: {error}")))?;
    }
    let rates = Rates {
        title: "Learning rate".to_owned(),
        schedules: named(&arguments.schedules, run)?,
        steps: run.steps,
        peak: arguments.peak,
    };
    if let Some(target) = &mut target {
        target.write(&rates, arguments.log)?;
    }
    let text = if arguments.values { rates.csv()? } else { drawn(&rates.curves(arguments.log)?) };
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// The run of so many steps.
///
/// # Errors
/// When the numbers make no run.
pub fn run_of(steps: i64, steps_per_epoch: Option<f64>) -> Result<Run, Failure> {
    let run = Run::of_steps(steps);
    let run = run.map_err(|error| Failure::bad_input(format!("--steps {steps}: {error}")))?;
    let Some(epoch) = steps_per_epoch else { return Ok(run) };
    let run = run.with_epochs(epoch);
    run.map_err(|error| Failure::bad_input(format!("--steps-per-epoch {epoch}: {error}")))
}

/// The schedules of these texts and files; one message for each that is wrong.
fn named(texts: &[String], run: Run) -> Result<Vec<Named>, Failure> {
    let (mut named, mut messages) = (Vec::new(), Vec::new());
    for (index, text) in texts.iter().enumerate() {
        let is_file = text.ends_with(".json");
        let plan = if is_file { Ok(saved(text)?) } else { text.parse::<Plan>() };
        let name = |plan: &Plan| if is_file { text.clone() } else { plan.to_string() };
        match plan.and_then(|plan| Ok((name(&plan), plan.over(run)?))) {
            Ok((name, schedule)) => named.push(Named { name, schedule }),
            Err(error) => messages.push(message(index + 1, text, run.steps, &error)),
        }
    }
    if messages.is_empty() { Ok(named) } else { Err(Failure::BadInput(messages)) }
}

/// The schedule of a file that `lr refine` wrote.
fn saved(file: &str) -> Result<Plan, Failure> {
    Ok(read_schedule(file, &inputs::bytes(Path::new(file))?)?.plan)
}

/// What is wrong, and where: mistakes in the text have a column, others concern the run.
fn message(number: usize, text: &str, steps: u64, error: &ScheduleError) -> String {
    match error {
        ScheduleError::Text { column, .. } => {
            format!("schedule {number} `{}`, {error}", excerpt(text, column - 1))
        }
        ScheduleError::NoEpochs { .. } => {
            format!("schedule {number} `{}`: {error} (--steps-per-epoch)", excerpt(text, 0))
        }
        ScheduleError::NoTokens { .. } => {
            format!("schedule {number} `{}`: {error} (--tokens-per-step)", excerpt(text, 0))
        }
        _ => format!("schedule {number} `{}` over {steps} steps: {error}", excerpt(text, 0)),
    }
}

/// The text on one line, and of a long one what stands around a place.
fn excerpt(text: &str, place: usize) -> String {
    let letters: Vec<char> =
        text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let (from, to) = (place.saturating_sub(SHOWN), (place + SHOWN).min(letters.len()));
    let from = from.min(to);
    let shown: String = letters[from..to].iter().collect();
    let mark = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", mark(from > 0), shown.trim(), mark(to < letters.len()))
}

/// The plot for the terminal, and below it what stands out in each curve.
fn drawn(curves: &Curves) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(["first", "largest", "at step", "last", "mean", "schedule"]);
    for series in &curves.series {
        let points = &series.points;
        let mut largest = points[0];
        for point in points {
            largest = if point.1 > largest.1 { *point } else { largest };
        }
        let mean = points.iter().map(|point| point.1).sum::<f64>() / points.len() as f64;
        let last = points[points.len() - 1].1;
        table.add_row([
            brief(points[0].1),
            brief(largest.1),
            largest.0.to_string(),
            brief(last),
            brief(mean),
            series.name.clone(),
        ]);
    }
    for index in 0..5 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{}\n{}\n", curves_text(curves, &terminal::style()), table.trim_fmt())
}

/// Four digits are enough for people.
pub fn brief(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    match rounded.abs() {
        0.0 => "0".to_owned(),
        size if (1e-3..1e6).contains(&size) => rounded.to_string(),
        _ => format!("{rounded:e}"),
    }
}
