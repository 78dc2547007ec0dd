//! The objective: one variable per level, at least the weighted sum of its measures.
//!
//! Every variable is tied from below only: the search makes it as small as it can, and the judge
//! counts what a schedule really costs. That is exact for every measure, because each is the least
//! value that its constraints allow.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979.

use super::{Lowered, usage_costs, wishes, workload};
use ordine_base::{IdVec, Time};
use ordine_cp::propagators::{post_linear, post_reach};
use ordine_cp::{Atom, Value, View};
use ordine_problem::{JobId, Level, Measure};

/// A sum of views with factors, and a constant.
#[derive(Default)]
pub(super) struct Sum {
    terms: Vec<(Value, View)>,
    constant: Value,
}

impl Sum {
    pub(super) fn add(&mut self, factor: Value, view: View) {
        if view.is_constant() {
            self.constant += factor * view.offset;
        } else if factor != 0 {
            self.terms.push((factor, view));
        }
    }

    pub(super) fn add_constant(&mut self, amount: Value) {
        self.constant += amount;
    }
}

/// Variables that several measures share.
#[derive(Default)]
struct Shared {
    makespan: Option<View>,
    ends: IdVec<JobId, Option<View>>,
}

/// Adds the value of each level.
pub(super) fn lower(lowered: &mut Lowered<'_>, horizon: Value) {
    let mut shared = Shared::default();
    for _ in lowered.problem.jobs() {
        shared.ends.push(None);
    }
    for level in lowered.problem.objective().levels() {
        let value = lower_level(lowered, level, horizon, &mut shared);
        lowered.levels.push(value);
    }
    let levels = lowered.levels.clone();
    lowered.completion.extend(levels);
}

fn lower_level(
    lowered: &mut Lowered<'_>,
    level: &Level,
    horizon: Value,
    shared: &mut Shared,
) -> View {
    let mut sum = Sum::default();
    for term in &level.terms {
        add_measure(lowered, term.measure, term.weight, horizon, shared, &mut sum);
    }
    let value = match sum.terms[..] {
        [(1, view)] => view + sum.constant,
        _ => total(lowered, &sum),
    };
    match level.floor {
        None => value,
        Some(floor) => {
            let floor = floor.div_euclid(lowered.scale.unit());
            let upper = lowered.engine.trail.upper(value).max(floor);
            let counted = lowered.engine.variable(floor, upper);
            lowered.engine.post_difference(value, counted, 0, Atom::TRUE);
            counted
        }
    }
}

/// A variable that is at least the sum.
fn total(lowered: &mut Lowered<'_>, sum: &Sum) -> View {
    let engine = &mut lowered.engine;
    let of = |(factor, view): &(Value, View), lower: bool| {
        let bound = if (*factor > 0) == lower {
            engine.trail.lower(*view)
        } else {
            engine.trail.upper(*view)
        };
        factor * bound
    };
    let lower: Value = sum.terms.iter().map(|term| of(term, true)).sum();
    let upper: Value = sum.terms.iter().map(|term| of(term, false)).sum();
    let value = engine.variable(lower, upper.max(lower));
    let mut terms = sum.terms.clone();
    terms.push((-1, value));
    post_linear(engine, &terms, 0, Atom::TRUE);
    value + sum.constant
}

fn add_measure(
    lowered: &mut Lowered<'_>,
    measure: Measure,
    weight: Value,
    horizon: Value,
    shared: &mut Shared,
    sum: &mut Sum,
) {
    match measure {
        Measure::Makespan => sum.add(weight, makespan(lowered, horizon, shared)),
        Measure::MaxTardiness | Measure::MaxLateness => {
            let least = if measure == Measure::MaxTardiness { 0 } else { Value::MIN };
            sum.add(weight, largest_lateness(lowered, least, horizon, shared));
        }
        Measure::Penalties | Measure::TotalDeviation | Measure::NumberMoved => {
            wishes::add(lowered, measure, weight, sum);
        }
        Measure::TotalSetupTime
        | Measure::TotalSetupCost
        | Measure::ResourceCost
        | Measure::ResourceInvestment
        | Measure::ResourceLeveling => usage_costs::add(lowered, measure, weight, sum),
        _ => {
            for job in lowered.problem.jobs() {
                add_job(lowered, measure, job, weight, horizon, shared, sum);
            }
        }
    }
}

fn makespan(lowered: &mut Lowered<'_>, horizon: Value, shared: &mut Shared) -> View {
    if let Some(view) = shared.makespan {
        return view;
    }
    let makespan = lowered.engine.variable(0, horizon.max(0));
    for task in lowered.tasks.values() {
        lowered.engine.post_difference(task.interval.end, makespan, 0, Atom::TRUE);
    }
    workload::lower(lowered, makespan);
    shared.makespan = Some(makespan);
    makespan
}

/// The end of a job: at least that of its tasks, and of one of them exactly.
fn job_end(lowered: &mut Lowered<'_>, job: JobId, horizon: Value, shared: &mut Shared) -> View {
    if let Some(view) = shared.ends[job] {
        return view;
    }
    let problem = lowered.problem;
    let release = lowered.scale.up_to(problem.job(job).release);
    let end = lowered.engine.variable(release.min(horizon), horizon.max(release));
    let mut items: Vec<(View, Atom)> = Vec::new();
    for &task in problem.job_tasks(job) {
        let interval = lowered.tasks[task].interval;
        lowered.engine.post_difference(interval.end, end, 0, Atom::TRUE);
        items.push((interval.end, interval.present));
    }
    // A job without present tasks ends at its release.
    items.push((View::constant(release), Atom::TRUE));
    post_reach(&mut lowered.engine, end, &items, Atom::TRUE);
    shared.ends[job] = Some(end);
    end
}

/// Due time of a job in the model.
fn due(lowered: &Lowered<'_>, time: Time) -> Value {
    lowered.scale.exactly(time.get())
}

fn largest_lateness(
    lowered: &mut Lowered<'_>,
    least: Value,
    horizon: Value,
    shared: &mut Shared,
) -> View {
    let problem = lowered.problem;
    let dues: Vec<(JobId, Value)> = problem
        .jobs()
        .filter_map(|job| problem.job(job).due.map(|time| (job, due(lowered, time))))
        .collect();
    let lowest = dues.iter().map(|&(_, due)| -due).min().unwrap_or(0).max(least);
    let highest = dues.iter().map(|&(_, due)| horizon - due).max().unwrap_or(0).max(lowest);
    let value = lowered.engine.variable(lowest, highest);
    for (job, due) in dues {
        let end = job_end(lowered, job, horizon, shared);
        lowered.engine.post_difference(end, value, -due, Atom::TRUE);
    }
    value
}

fn add_job(
    lowered: &mut Lowered<'_>,
    measure: Measure,
    job: JobId,
    weight: Value,
    horizon: Value,
    shared: &mut Shared,
    sum: &mut Sum,
) {
    let data = lowered.problem.job(job);
    let weight_of_job = match measure {
        Measure::WeightedFlowTime
        | Measure::WeightedTardiness
        | Measure::WeightedNumberLate
        | Measure::WeightedEarliness => data.weight,
        _ => 1,
    };
    let factor = weight * weight_of_job;
    let late = data.due.map(|time| due(lowered, time));
    match (measure, late) {
        (Measure::TotalFlowTime | Measure::WeightedFlowTime, _) => {
            let end = job_end(lowered, job, horizon, shared);
            sum.add(factor, end);
            sum.constant -= factor * lowered.scale.exactly(data.release.get());
        }
        (Measure::TotalTardiness | Measure::WeightedTardiness, Some(due)) => {
            let end = job_end(lowered, job, horizon, shared);
            let tardiness = lowered.engine.variable(0, (horizon - due).max(0));
            lowered.engine.post_difference(end, tardiness, -due, Atom::TRUE);
            sum.add(factor, tardiness);
        }
        (Measure::NumberLate | Measure::WeightedNumberLate, Some(due)) => {
            // [end > due] is the late job itself, 0 or 1.
            let end = job_end(lowered, job, horizon, shared);
            let late = lowered.engine.boolean();
            lowered.engine.post_clause(&[end.at_most(due), late]);
            lowered.lates.push(late);
            sum.add(factor, late.as_view());
        }
        (Measure::TotalEarliness | Measure::WeightedEarliness, _) => {
            let Some(from) = data.due_from.or(data.due) else { return };
            let from = due(lowered, from);
            let end = job_end(lowered, job, horizon, shared);
            let earliness = lowered.engine.variable(0, from.max(0));
            lowered.engine.post_difference(-end, earliness, from, Atom::TRUE);
            sum.add(factor, earliness);
        }
        _ => {}
    }
}
