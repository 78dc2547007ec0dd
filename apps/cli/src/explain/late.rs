//! Why a job ends when it does: the chain of tasks that leads to its end.
//!
//! **Source:** -

use super::tell::{PlaceWire, damage, signed};
use super::{Session, Told, json};
use crate::exit::Exit;
use crate::report::ViolationWire;
use ordine_check::Violation;
use ordine_problem::{JobId, Problem, Schedule};
use ordine_solve::explain::{Cause, Chain, Step, Swap, critical_chain, helpful_swaps};
use serde::Serialize;

/// Jobs that are explained where none is named.
const JOBS_MAX: usize = 5;

/// Most exchanges that are printed.
const SWAPS_MAX: usize = 3;

#[derive(Serialize)]
struct Line<'a> {
    instance: &'a str,
    jobs: Vec<JobWire<'a>>,
}

#[derive(Serialize)]
struct JobWire<'a> {
    job: &'a str,
    end: i64,
    due: Option<i64>,
    late: Option<i64>,
    chain: Vec<StepWire<'a>>,
    swaps: Vec<SwapWire<'a>>,
}

#[derive(Serialize)]
struct StepWire<'a> {
    #[serde(flatten)]
    place: PlaceWire<'a>,
    held_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    behind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pause: Option<[i64; 2]>,
    others: usize,
}

#[derive(Serialize)]
struct SwapWire<'a> {
    first: &'a str,
    second: &'a str,
    end: i64,
    earlier_by: i64,
    objective_change: Vec<i64>,
}

#[derive(Serialize)]
struct Broken<'a> {
    instance: &'a str,
    feasible: bool,
    violations: Vec<ViolationWire>,
}

/// What is said of a schedule that breaks rules: only that.
pub fn broken(problem: &Problem, violations: &[Violation]) -> Told {
    let wire = |it: &Violation| ViolationWire::new(problem, it);
    let record = Broken {
        instance: problem.name(),
        feasible: false,
        violations: violations.iter().map(wire).collect(),
    };
    let mut lines =
        vec![format!("{}: the schedule breaks rules, so there is no other why", problem.name())];
    lines.extend(violations.iter().map(|it| format!("  {}", it.describe(problem))));
    Told { json: json(&record), lines, exit: Exit::Infeasible }
}

/// Explains one job, or all that are late, or the last one.
pub fn explain(
    session: &Session<'_>,
    problem: &Problem,
    schedule: &Schedule,
    job: Option<JobId>,
) -> Told {
    let jobs = job.map_or_else(|| asked(problem, schedule), |job| vec![job]);
    let mut lines = Vec::new();
    let mut record = Line { instance: problem.name(), jobs: Vec::new() };
    for job in jobs {
        match critical_chain(problem, schedule, job) {
            Some(chain) => {
                let stop = &mut || session.is_over();
                let swaps = helpful_swaps(problem, schedule, &chain, stop);
                let wire = JobWire::new(problem, schedule, &chain, &swaps);
                lines.extend(wire.lines());
                record.jobs.push(wire);
            }
            None => {
                let name = &problem.job(job).name;
                lines.push(format!("job {name}: none of its tasks is in the schedule"));
            }
        }
    }
    if lines.is_empty() {
        lines.push(format!("{}: the schedule has no job to explain", problem.name()));
    }
    Told { json: json(&record), lines, exit: Exit::Done }
}

fn end_of(problem: &Problem, schedule: &Schedule, job: JobId) -> Option<i64> {
    let tasks = problem.job_tasks(job).iter();
    tasks.filter_map(|task| schedule.placement(*task)).map(|it| it.end.get()).max()
}

/// The latest jobs, the most late first; where none is late, the one that ends last.
fn asked(problem: &Problem, schedule: &Schedule) -> Vec<JobId> {
    let end = |job: JobId| end_of(problem, schedule, job);
    let late = |job: JobId| Some(end(job)? - problem.job(job).due?.get()).filter(|late| *late > 0);
    let mut jobs: Vec<JobId> = problem.jobs().filter(|job| late(*job).is_some()).collect();
    jobs.sort_by_key(|job| (std::cmp::Reverse(late(*job)), *job));
    jobs.truncate(JOBS_MAX);
    if jobs.is_empty() {
        jobs.extend(problem.jobs().max_by_key(|job| end(*job)));
    }
    jobs
}

impl<'a> JobWire<'a> {
    fn new(problem: &'a Problem, schedule: &Schedule, chain: &Chain, swaps: &[Swap]) -> Self {
        let job = problem.job(chain.job);
        let due = job.due.map(|due| due.get());
        let name = |task| problem.task(task).name.as_str();
        let before = schedule.cost(problem);
        let swap = |it: &Swap| SwapWire {
            first: name(it.first),
            second: name(it.second),
            end: it.end.get(),
            earlier_by: (chain.end - it.end).get(),
            objective_change: damage(&before, &it.cost),
        };
        let step = |it: &Step| {
            Some(StepWire {
                place: PlaceWire::new(problem, schedule, it.task)?,
                held_by: it.cause.describe(problem, schedule),
                behind: match it.cause {
                    Cause::Task { other, .. } => Some(name(other)),
                    _ => None,
                },
                pause: it.pause.map(|pause| [pause.start.get(), pause.end.get()]),
                others: it.others,
            })
        };
        JobWire {
            job: &job.name,
            end: chain.end.get(),
            due,
            late: due.map(|due| (chain.end.get() - due).max(0)),
            chain: chain.steps.iter().filter_map(step).collect(),
            swaps: swaps.iter().map(swap).collect(),
        }
    }

    fn lines(&self) -> Vec<String> {
        let due = match (self.due, self.late) {
            (Some(due), Some(0)) => format!(", due {due}: in time"),
            (Some(due), Some(late)) => format!(", due {due}: {late} late"),
            _ => String::new(),
        };
        let mut lines = vec![format!("job {} ends at {}{due}", self.job, self.end)];
        for step in &self.chain {
            lines.push(format!("  {}", step.place.line()));
            let pause = step.pause.map_or(String::new(), |[from, to]| {
                format!("; nothing can start from {from} to {to}, its resources rest")
            });
            let others = match step.others {
                0 => String::new(),
                others => format!(" (and {others} more)"),
            };
            lines.push(format!("      held by {}{others}{pause}", step.held_by));
        }
        for swap in self.swaps.iter().take(SWAPS_MAX) {
            lines.push(format!(
                "  helps: {} before {}: the job ends at {}, {} earlier; objective {}",
                swap.first,
                swap.second,
                swap.end,
                swap.earlier_by,
                signed(&swap.objective_change)
            ));
        }
        if self.swaps.is_empty() {
            lines.push("  no exchange of two tasks along this chain helps".to_owned());
        }
        lines
    }
}
