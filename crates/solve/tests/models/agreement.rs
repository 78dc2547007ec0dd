//! The judge and the rules of the enumerator agree on random plans of random tiny problems.
//!
//! **Source:** -

use crate::plan::{Case, Place, Plan, work_done, work_from};
use crate::{measures, rules};
use ordine_base::{Id, Seed, Stream, Time};
use ordine_check::{JUDGED, Violation, check};
use ordine_problem::{Placement, Problem, Schedule, Status, TaskId, random_problem};
use std::collections::BTreeMap;

/// Places that are right more often than not.
fn random_plan(problem: &Problem, stream: &mut Stream, reach: i64) -> Plan {
    let mut plan: Plan = vec![None; problem.tasks().len()];
    for task in problem.tasks() {
        plan[task.index()] = random_place(problem, task, stream, reach);
    }
    for _ in problem.spans() {
        for span in problem.spans() {
            let children = span.children.iter().filter_map(|child| plan[child.index()]);
            let children: Vec<Place> = children.collect();
            let times = children.iter().map(|it| it.start).min();
            let parent = times.zip(children.iter().map(|it| it.end).max());
            let mode = problem.modes(span.parent).next();
            plan[span.parent.index()] =
                mode.zip(parent).map(|(mode, (start, end))| Place { mode, start, end });
        }
    }
    share_batches(problem, &mut plan, stream);
    if stream.chance(0.2) {
        let task = stream.below(plan.len());
        if let Some(place) = &mut plan[task] {
            place.end = (place.end + stream.below(3) as i64 - 1).max(place.start);
        }
    }
    plan
}

fn random_place(problem: &Problem, task: TaskId, stream: &mut Stream, reach: i64) -> Option<Place> {
    let data = problem.task(task);
    let settled = data.status.settled().filter(|_| stream.chance(0.95));
    if settled.is_none() && stream.chance(if data.optional { 0.4 } else { 0.02 }) {
        return None;
    }
    let modes: Vec<_> = problem.modes(task).collect();
    let (number, start) = match settled {
        Some((mode, start)) => (mode as usize, start.get()),
        None => {
            let from = problem.release(task).get();
            (stream.below(modes.len()), from + stream.below(reach as usize + 1) as i64)
        }
    };
    let mode = modes[number];
    let place = Place { mode, start, end: start };
    if let Status::Done { end, .. } = data.status {
        return Some(Place { end: end.get().max(start), ..place });
    }
    let (work, from) = work_from(problem, task, place);
    let end = work_done(problem, mode, from, work).unwrap_or(start);
    Some(Place { end: end.max(start), ..place })
}

/// Often gives tasks of one machine with batches the times of a batch.
fn share_batches(problem: &Problem, plan: &mut Plan, stream: &mut Stream) {
    for task in problem.tasks() {
        let Some(place) = plan[task.index()] else { continue };
        let Some(machine) = crate::plan::batch_machine(problem, place.mode) else { continue };
        for other in problem.tasks().filter(|other| *other > task) {
            let Some(it) = plan[other.index()] else { continue };
            let on_it = crate::plan::batch_machine(problem, it.mode) == Some(machine);
            if on_it && stream.chance(0.6) {
                plan[other.index()] = Some(Place { start: place.start, end: place.end, ..it });
            }
        }
        let case = Case::new(problem, plan);
        let members = case.batch(task);
        let end = case.expected_end(task, place).filter(|_| stream.chance(0.8));
        for member in members {
            if let (Some(it), Some(end)) = (&mut plan[member.index()], end) {
                it.end = end.max(it.start);
            }
        }
    }
}

fn schedule(plan: &[Option<Place>]) -> Schedule {
    let placement = |place: &Place| Placement {
        mode: place.mode,
        start: Time::new(place.start),
        end: Time::new(place.end),
    };
    Schedule::from_placements(plan.iter().map(|place| place.as_ref().map(placement)))
}

/// Whatever the judge judges; its words grow with it.
#[test]
fn judge_and_enumerator_agree_on_random_plans() {
    let (mut feasible, mut seen) = (0, BTreeMap::new());
    for seed in 0..20_000 {
        let mut stream = Seed::new(seed).stream("models");
        let problem = random_problem(&mut stream, 4, JUDGED);
        for _ in 0..6 {
            let reach = 1 + stream.below(14) as i64;
            let plan = random_plan(&problem, &mut stream, reach);
            let case = Case::new(&problem, &plan);
            let broken = rules::broken(&case);
            let what = || format!("seed {seed}: {broken:?} {plan:?}\n{problem:#?}");
            match check(&problem, &schedule(&plan)) {
                Ok(cost) => {
                    feasible += 1;
                    assert!(broken.is_empty(), "{}", what());
                    assert_eq!(cost.levels(), measures::levels(&case), "{}", what());
                }
                Err(violations) => {
                    let words: Vec<&str> = violations.iter().map(Violation::word).collect();
                    assert!(!broken.is_empty(), "{words:?} {}", what());
                }
            }
            for rule in broken {
                *seen.entry(rule).or_insert(0) += 1;
            }
        }
    }
    assert!(feasible >= 2_000, "only {feasible} feasible");
    assert!(seen.values().all(|&count| count >= 5), "{seen:?}");
}
