//! Every job by the plan that HEFT makes for it on an empty chip.
//!
//! A task goes to its planned element once the tasks of its job that the plan puts before it there
//! have gone; until then it is left for later.
//!
//! **Source:** Topcuoglu, Hariri, Wu 2002, as the static baseline of Sung et al. 2020.

use super::list::first_least;
use crate::{Plan, ProfileId, SocInstance, heft};
use ordine_base::{Id, IdVec};
use ordine_problem::TaskId;
use ordine_world::{Candidate, CandidateId, Decision, Observation, Policy, Stage};
use std::sync::Arc;

/// Follows a plan per profile.
#[derive(Clone, Debug)]
pub struct PlanPolicy {
    instance: Arc<SocInstance>,
    plans: IdVec<ProfileId, Plan>,
    /// Task and entry of its job, for every task that went to its element.
    gone: Vec<Option<ordine_base::Time>>,
    stride: usize,
}

impl PlanPolicy {
    /// The policy for jobs of this instance.
    pub fn new(instance: &Arc<SocInstance>) -> Self {
        let plans = instance.profiles.ids().map(|profile| heft(instance, profile)).collect();
        let stride = instance.tasks_most();
        PlanPolicy { instance: Arc::clone(instance), plans, gone: Vec::new(), stride }
    }

    /// Profile and position of a candidate.
    fn place(&self, candidate: &Candidate) -> (ProfileId, usize) {
        let position = candidate.task.index() % self.stride;
        let elements = self.instance.platform.elements.len();
        let last = self.instance.kinds.len() - 1;
        let kind = crate::KindId::from_index((candidate.mode.index() / elements).min(last));
        (self.instance.kinds[kind].profile, position)
    }

    fn has_gone(&self, task: TaskId, entry: ordine_base::Time) -> bool {
        self.gone.get(task.index()).is_some_and(|gone| *gone == Some(entry))
    }

    fn is_next(&self, candidate: &Candidate) -> bool {
        let (profile, position) = self.place(candidate);
        let (plan, own) = (&self.plans[profile], self.plans[profile].tasks[position]);
        let first = candidate.task.index() - position;
        plan.tasks.iter().enumerate().all(|(other, task)| {
            let is_before = task.element == own.element && task.start < own.start;
            !is_before
                || self.has_gone(TaskId::from_index(first + other), candidate.features.release)
        })
    }
}

impl Policy for PlanPolicy {
    fn act(&mut self, observation: &Observation, _: &mut Decision<'_>) -> CandidateId {
        if observation.stage == Stage::Task {
            return first_least(observation, |candidate| {
                let (profile, position) = self.place(candidate);
                let start = self.plans[profile].tasks[position].start;
                (candidate.features.release, start)
            });
        }
        let first = &observation.candidates[0];
        let later = CandidateId::from_index(observation.candidates.len() - 1);
        let elements = self.instance.platform.elements.len();
        if observation.candidates.len() > elements && !self.is_next(first) {
            return later;
        }
        let (profile, position) = self.place(first);
        let (task, entry) = (first.task, first.features.release);
        if self.gone.len() <= task.index() {
            self.gone.resize(task.index() + 1, None);
        }
        self.gone[task.index()] = Some(entry);
        CandidateId::from_index(self.plans[profile].tasks[position].element.index())
    }
}
