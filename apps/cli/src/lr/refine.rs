//! `ordine lr refine`: the schedule that the gradient norms of an earlier run call for.
//!
//! Prints what stands out in it and how it ranks among the standard schedules by the bound on the
//! last iterate. The bound is about SGD on convex problems: it ranks shapes, it promises no loss.
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023, section 3

use super::arguments::{FormWord, OptimizerWord, RefineArguments};
use super::log::Norms;
use super::plot::{brief, run_of};
use super::ranking::{Ranked, ranking};
use super::rates::{FileKind, Named, Rates, Target};
use crate::exit::{Exit, Failure};
use crate::terminal;
use comfy_table::{CellAlignment, Table, presets};
use ordine_chart::curves_text;
use ordine_training::io::saved::{SavedSchedule, write_schedule, write_values};
use ordine_training::schedules::{
    Form, Gradients, Optimizer, Plan, Refined, Refinement, Run, Schedule, ScheduleError, refine,
    usable_norms,
};
use serde::Serialize;
use std::io::{self, Write};

/// Most steps of the bound: beyond, the ranking no longer changes.
const BOUND_STEPS: u64 = 20_000;

/// Everything that the call found out.
struct Found {
    norms: Norms,
    parameters: Refinement,
    refined: Refined,
    run: Run,
    ranked: Vec<Ranked>,
    /// The share of the run before the maximum, in steps.
    largest_at: u64,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    log: &'a str,
    column: &'a str,
    norms: usize,
    steps: u64,
    power: f64,
    tau: f64,
    window: usize,
    warmup_share: f64,
    largest_at_step: u64,
    decay_exponent: f64,
    area: f64,
    ranking: Vec<ReportRow<'a>>,
}

#[derive(Serialize)]
struct ReportRow<'a> {
    schedule: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    remark: &'a str,
    bound: f64,
    base_rate: f64,
}

/// Refines a schedule from the log that the arguments name.
///
/// # Errors
/// When the log or an option is wrong, or a file cannot be written.
pub fn run(arguments: &RefineArguments) -> Result<Exit, Failure> {
    let mut target = arguments.out.as_deref().map(Target::new).transpose()?;
    let optimizer = match arguments.optimizer {
        OptimizerWord::Sgd => Optimizer::Sgd,
        OptimizerWord::Adam => Optimizer::Adam,
    };
    let norms = Norms::read(&arguments.log, arguments.column.as_deref(), optimizer.norm())?;
    let found = found(arguments, norms, optimizer)?;
    if let Some(target) = &mut target {
        write(&found, arguments.peak, target)?;
    }
    let text = if arguments.json { json(&found) } else { summary(&found, arguments)? };
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

fn found(
    arguments: &RefineArguments,
    norms: Norms,
    optimizer: Optimizer,
) -> Result<Found, Failure> {
    let usual = Refinement::new(optimizer);
    let parameters = Refinement {
        power: arguments.power.unwrap_or(usual.power),
        tau: arguments.tau.unwrap_or(usual.tau),
        trim: arguments.trim,
        form: match arguments.form {
            FormWord::Closed => Form::Closed,
            FormWord::Numeric => Form::Numeric,
        },
    };
    let steps = i64::try_from(norms.steps()).unwrap_or(i64::MAX);
    let run = run_of(arguments.steps.unwrap_or(steps), None)?;
    let against = |error: ScheduleError| norms.failure(&error);
    let refined = refine(&norms.values, &parameters).map_err(against)?;
    let usable = usable_norms(&norms.values, parameters.trim).map_err(against)?;
    let bound_run = Run { steps: run.steps.min(BOUND_STEPS), ..run };
    let gradients = Gradients::resampled(&usable, bound_run.steps as usize, arguments.distance);
    let ranked = gradients
        .and_then(|gradients| ranking(&refined.over(bound_run)?, &gradients))
        .map_err(against)?;
    let largest_at = (refined.report.warmup * run.steps as f64).round() as u64;
    Ok(Found { norms, parameters, refined, run, ranked, largest_at })
}

/// The refined schedule with its peak.
fn schedule_of(found: &Found, peak: f64) -> Result<(Plan, Schedule), ScheduleError> {
    let plan = found.refined.plan()?;
    let plan = if peak == 1.0 { plan } else { format!("{peak:?} * {plan}").parse()? };
    let schedule = plan.over(found.run)?;
    Ok((plan, schedule))
}

fn write(found: &Found, peak: f64, target: &mut Target) -> Result<(), Failure> {
    let built = schedule_of(found, peak);
    let (plan, schedule) = built.map_err(|error| found.norms.failure(&error))?;
    let mut bytes = Vec::new();
    let written = match target.kind {
        FileKind::Svg => return target.write(&rates(found, peak)?, false),
        FileKind::Csv => {
            Rates::fits_table(found.run.steps, 1)?;
            write_values(&schedule, found.run.steps, &mut bytes)
        }
        FileKind::Json => {
            let steps = i64::try_from(found.run.steps).unwrap_or(i64::MAX);
            write_schedule(&SavedSchedule { plan, steps }, &mut bytes)
        }
    };
    written.expect("writing to memory never fails");
    target.put(&String::from_utf8(bytes).expect("tables and JSON are text"))
}

/// The refined schedule and linear decay, to be drawn.
fn rates(found: &Found, peak: f64) -> Result<Rates, Failure> {
    let refined = found.refined.over(found.run);
    let linear = "linear".parse::<Plan>().and_then(|plan| plan.over(found.run));
    let named = |name: &str, schedule: Result<Schedule, ScheduleError>| -> Result<Named, Failure> {
        let schedule = schedule.map_err(|error| found.norms.failure(&error))?;
        Ok(Named { name: name.to_owned(), schedule })
    };
    Ok(Rates {
        title: format!("Refined from {} of {}", found.norms.column, found.norms.file()),
        schedules: vec![named("refined", refined)?, named("linear", linear)?],
        steps: found.run.steps,
        peak,
    })
}

fn json(found: &Found) -> String {
    let report = &found.refined.report;
    let ranking = found.ranked.iter().map(|it| ReportRow {
        schedule: &it.name,
        remark: it.remark,
        bound: it.bound.loss,
        base_rate: it.bound.rate,
    });
    let line = Report {
        log: found.norms.file(),
        column: &found.norms.column,
        norms: report.norms,
        steps: found.run.steps,
        power: found.parameters.power,
        tau: found.parameters.tau,
        window: report.window,
        warmup_share: report.warmup,
        largest_at_step: found.largest_at,
        decay_exponent: report.decay_exponent,
        area: report.area,
        ranking: ranking.collect(),
    };
    serde_json::to_string(&line).expect("plain records become JSON") + "\n"
}

fn summary(found: &Found, arguments: &RefineArguments) -> Result<String, Failure> {
    let report = &found.refined.report;
    let curves = rates(found, arguments.peak)?.curves(false)?;
    let form = match found.parameters.form {
        Form::Closed => format!("weights are norms to the power -{}", found.parameters.power),
        Form::Numeric => "minimum of the bound".to_owned(),
    };
    let mut text = curves_text(&curves, &terminal::style());
    text += &format!(
        "\nnorms    {} of {} steps; {form}; median over {} points\n\
         warm-up  {} % of the run: largest at step {} of {}\n\
         decay    like (1 - z)^{} after it\n\
         area     {} of a constant rate\n\n",
        report.norms,
        found.norms.steps(),
        report.window,
        brief(100.0 * report.warmup),
        found.largest_at,
        found.run.steps,
        brief(report.decay_exponent),
        brief(report.area),
    );
    text += &format!(
        "bound on the excess loss of the last iterate, each at its best base rate, distance {}:\n",
        arguments.distance
    );
    text += &ranking_table(&found.ranked);
    text += "\nThe bound is about SGD on convex problems: it ranks shapes, it promises no loss.\n\
             Tune the base rate again, starting from that of linear decay.\n";
    Ok(text)
}

fn ranking_table(ranked: &[Ranked]) -> String {
    let linear = ranked.iter().find(|it| it.name == "linear").map(|it| it.bound.loss);
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "rank",
        "bound",
        "to linear",
        "base rate",
        "schedule",
    ]);
    for (index, it) in ranked.iter().enumerate() {
        let share = |linear: f64| format!("{:+.1} %", 100.0 * (it.bound.loss / linear - 1.0));
        table.add_row([
            (index + 1).to_string(),
            brief(it.bound.loss),
            linear.map_or(String::new(), share),
            brief(it.bound.rate),
            it.name.clone(),
            it.remark.to_owned(),
        ]);
    }
    for index in 0..4 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt() + "\n"
}
