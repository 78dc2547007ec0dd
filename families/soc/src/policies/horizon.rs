//! Plans over all tasks in the system, by the solver, made anew when something has changed.
//!
//! The world tells what is left as a problem (sum of flow times); the solver plans it within a
//! budget of work. A ready task goes to its planned element when no task planned earlier there is
//! still to go; the others are left for later. The plan is made anew when a job has entered, or
//! when what happens differs from it.
//!
//! **Source:** receding horizon: Morton, Pentico 1993, chapter on rolling-horizon procedures.

use super::first_plan::first_plan;
use super::list::first_least;
use crate::lower::address;
use ordine_base::{FirstOf, FrozenClock, Id, Seed, Silent, Time};
use ordine_problem::{Problem, Schedule, TaskId};
use ordine_solve::bounds::trivial_bound;
use ordine_solve::{Context, Outcome, Settings, recipe_named};
use ordine_world::{Candidate, CandidateId, Decision, Observation, Policy, Stage};

/// Work of one plan.
const WORK: u64 = 10_000;

/// Plans ahead.
#[derive(Clone, Debug)]
pub struct HorizonPolicy {
    recipe: &'static str,
    work: u64,
    /// Task, element, start: what is planned and has not gone.
    planned: Vec<(TaskId, usize, Time)>,
    /// Entry of the youngest job that the plan knows.
    known: Time,
    /// Instant of the last plan.
    made: Option<Time>,
}

impl Default for HorizonPolicy {
    fn default() -> Self {
        HorizonPolicy::new("auto", WORK)
    }
}

impl HorizonPolicy {
    /// Plans by a recipe within so much work each.
    ///
    /// # Panics
    /// When there is no such recipe.
    pub fn new(recipe: &'static str, work: u64) -> Self {
        assert!(recipe_named(recipe).is_some(), "there is no recipe {recipe}");
        let (planned, known, made) = (Vec::new(), Time::ORIGIN, None);
        HorizonPolicy { recipe, work, planned, known, made }
    }

    fn plan(&mut self, now: Time, decision: &mut Decision<'_>) {
        self.made = Some(now);
        self.planned.clear();
        let Some(problem) = decision.residual() else { return };
        let seed = Seed::new(decision.stream().bits());
        let Some(outcome) = self.solve(&problem, seed) else { return };
        let Some((schedule, _)) = outcome.best() else { return };
        for (task, placement) in schedule.placed() {
            let record = problem.task(task);
            let is_free = record.status.settled().is_none();
            if let Some((id, element)) = address(&record.name).filter(|_| is_free) {
                self.planned.push((TaskId::from_index(id), element, placement.start));
            }
        }
    }

    fn solve(&self, problem: &Problem, seed: Seed) -> Option<Outcome<Schedule>> {
        let start = first_plan(problem);
        let (stop, mut observer) = (FirstOf::default(), Silent);
        let settings = Settings {
            seed,
            workers: 1,
            work: Some(self.work),
            stop: &stop,
            clock: &FrozenClock,
            start: start.as_ref(),
        };
        let context = Context::new(problem, settings, trivial_bound(problem), &mut observer);
        recipe_named(self.recipe)?.solve(problem, &context).ok()
    }

    fn entry(&self, task: TaskId) -> Option<(usize, Time)> {
        let found = self.planned.iter().find(|(id, ..)| *id == task)?;
        Some((found.1, found.2))
    }

    /// Whether the plan no longer tells what to do with these tasks.
    fn is_stale(&self, observation: &Observation) -> bool {
        let now = observation.now;
        let mut candidates = observation.candidates.iter();
        candidates.any(|candidate| {
            candidate.features.release > self.known
                || candidate.allowed
                    && self.entry(candidate.task).is_none_or(|(_, start)| start < now)
        })
    }

    /// The element that a task goes to now, if it goes.
    fn element_now(&self, candidate: &Candidate) -> Option<usize> {
        let (element, start) = self.entry(candidate.task)?;
        let earlier = |&(other, on, at): &(TaskId, usize, Time)| {
            on == element && other != candidate.task && (at, other) < (start, candidate.task)
        };
        (!self.planned.iter().any(earlier)).then_some(element)
    }
}

impl Policy for HorizonPolicy {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        if observation.stage == Stage::Task {
            let is_new = self.made != Some(observation.now);
            if is_new && self.is_stale(observation) {
                self.plan(observation.now, decision);
                let entries = observation.candidates.iter().map(|it| it.features.release);
                self.known = entries.max().unwrap_or_default().max(self.known);
            }
            return first_least(observation, |candidate| {
                self.entry(candidate.task).map_or(Time::MAX, |(_, start)| start)
            });
        }
        let first = &observation.candidates[0];
        let task = first.task;
        if self.entry(task).is_none() {
            // Without a plan, the earliest end.
            return first_least(observation, Candidate::end);
        }
        match self.element_now(first) {
            Some(element) => {
                self.planned.retain(|(id, ..)| *id != task);
                CandidateId::from_index(element)
            }
            None => CandidateId::from_index(observation.candidates.len() - 1),
        }
    }
}
