//! The models of a peer against brute force: equal values on tiny instances of every class.
//!
//! Brute force tries modes and starts, depth first, and asks the judge; it shares no code with the
//! model. Only what a pair of tasks breaks ends a branch early: overlap on a machine, a
//! precedence. Makespans are tried from the shortest on, sums up to a time by which every task fits
//! behind every other.
//!
//! **Source:** -

use super::process::{Peer, Question};
use super::their_objective;
use super::tiny::{CLASSES, TinyClass, instance};
use crate::classes::class_named;
use anyhow::{Result, bail};
use comfy_table::Table;
use ordine_base::Time;
use ordine_check::check;
use ordine_problem::{ModeId, Placement, Problem, ResourceKind, Schedule, TaskId};
use ordine_wire::problem_json::TimeScale;
use ordine_wire::{Format as _, Json};
use std::io::Write;

/// Instances of each class.
const INSTANCES: u64 = 20;

/// Compares and prints a row per class; fails where a value differs.
pub(super) fn run(peer: &mut Peer, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{} {}", peer.hello.peer, peer.hello.version)?;
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["class", "setting", "instances", "feasible", "equal to brute force"]);
    let classes = || CLASSES.iter().filter(|it| peer.kind.name == "cp-sat" || it.in_pyjobshop);
    let classes: Vec<&TinyClass> = classes().collect();
    let mut wrong = 0;
    for class in classes {
        let setting = class_named(class.name).map_or("default", |found| found.setting);
        let (mut feasible, mut equal) = (0, 0);
        for index in 0..INSTANCES {
            let problem = instance(class, index)?;
            let expected = least(&problem);
            let found = answer(peer, &problem, setting);
            feasible += usize::from(expected.is_some());
            match found {
                Ok(found) if found == expected => equal += 1,
                Ok(found) => writeln!(
                    out,
                    "{} {index}: brute force {expected:?}, the peer {found:?}",
                    class.name
                )?,
                Err(error) => writeln!(out, "{} {index}: {error:#}", class.name)?,
            }
        }
        wrong += INSTANCES as usize - equal;
        let counts = [INSTANCES.to_string(), feasible.to_string(), equal.to_string()];
        let words = [class.name.to_owned(), setting.to_owned()];
        table.add_row(words.into_iter().chain(counts));
    }
    writeln!(out, "{table}")?;
    if wrong > 0 {
        bail!("{wrong} values differ");
    }
    Ok(())
}

/// What the peer proves; `None` for a proof that there is no schedule.
fn answer(peer: &mut Peer, problem: &Problem, setting: &str) -> Result<Option<i64>> {
    let text = Json.write_scaled(problem, &TimeScale::default())?;
    let question = Question { problem: &text, time_s: 30.0, workers: 1, seed: 1, setting };
    let (answer, _) = peer.ask(&question)?;
    let objective = their_objective(problem, &answer)?;
    match answer.status.as_str() {
        "infeasible" => Ok(None),
        "optimal" if answer.bound == objective => Ok(objective),
        other => bail!("{other}, {objective:?} above {:?}", answer.bound),
    }
}

/// The least cost over all schedules.
fn least(problem: &Problem) -> Option<i64> {
    let longest = |task: TaskId| {
        problem.modes(task).map(|mode| problem.mode(mode).duration.get()).max().unwrap_or(0)
    };
    let lags = problem.precedences().values().map(|rule| rule.lag.get().max(0)).sum::<i64>();
    let gap = problem.setups().values().flat_map(|setup| &setup.times).map(|it| it.get()).max();
    let each = |task| longest(task) + gap.unwrap_or(0);
    let latest = problem.tasks().map(each).sum::<i64>() + lags;
    let is_makespan = problem.objective().to_string() == "makespan";
    let first = if is_makespan { 0 } else { latest };
    (first..=latest).find_map(|latest| {
        let mut search = Search { problem, latest, tasks: problem.tasks().collect(), best: None };
        search.place(0, &mut Schedule::empty(problem));
        search.best
    })
}

struct Search<'a> {
    problem: &'a Problem,
    latest: i64,
    tasks: Vec<TaskId>,
    best: Option<i64>,
}

impl Search<'_> {
    fn place(&mut self, depth: usize, schedule: &mut Schedule) {
        let Some(&task) = self.tasks.get(depth) else {
            if let Ok(cost) = check(self.problem, schedule) {
                let cost = cost.first();
                self.best = Some(self.best.map_or(cost, |best| best.min(cost)));
            }
            return;
        };
        let modes: Vec<ModeId> = self.problem.modes(task).collect();
        for mode in modes {
            let duration = self.problem.mode(mode).duration.get();
            for start in 0..=self.latest - duration {
                let placed = Placement::starting(self.problem, mode, Time::new(start));
                let fits = |&other: &TaskId| {
                    schedule.placement(other).is_none_or(|it| self.fit((task, placed), (other, it)))
                };
                if self.tasks[..depth].iter().all(fits) {
                    schedule.place(task, placed);
                    self.place(depth + 1, schedule);
                }
            }
        }
    }

    /// Whether two tasks keep apart on machines and follow one another as they must.
    fn fit(&self, one: (TaskId, Placement), other: (TaskId, Placement)) -> bool {
        let problem = self.problem;
        let ((task, placed), (second, it)) = (one, other);
        let machines = |mode: ModeId| {
            let needs = problem.requirements(mode).iter().map(|need| need.resource);
            needs.filter(|&id| problem.resource(id).kind == ResourceKind::Machine)
        };
        let apart = placed.end <= it.start
            || it.end <= placed.start
            || machines(placed.mode).all(|id| machines(it.mode).all(|of_it| of_it != id));
        apart
            && problem.precedences().values().all(|rule| {
                let (before, after) = match (rule.before, rule.after) {
                    pair if pair == (task, second) => (placed, it),
                    pair if pair == (second, task) => (it, placed),
                    _ => return true,
                };
                let from = if rule.kind.leaves_end() { before.end } else { before.start };
                let to = if rule.kind.enters_start() { after.start } else { after.end };
                let gap = to.get() - from.get();
                gap >= rule.lag.get() && rule.lag_max.is_none_or(|most| gap <= most.get())
            })
    }
}
