//! Best of K: so many copies of the world are run to the end by a policy that draws, and the
//! choices of the best run are followed.
//!
//! They are followed for as long as the world shows what that run saw: the same instant and the
//! same allowed candidates. Once it departs (a breakdown, an arrival), K new runs are made from
//! there. All runs of one planning go into the same future; they differ by what the policy draws.
//! In a world without chance this is one planning, and the result the best of K runs.
//!
//! **Source:** Hart, Shogan 1987 (semi-greedy heuristics: an empirical study).

use super::rollout::{Return, to_the_end};
use crate::{Candidate, CandidateId, Decision, Observation, Policy};
use ordine_base::{Seed, Time};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Follows the best of several runs.
pub struct BestOf<'p> {
    base: Box<dyn Policy + 'p>,
    rollouts: u32,
    /// What is left of the best run, its next choice last.
    plan: Vec<Planned>,
}

/// What the run saw, and what it chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Planned {
    now: Time,
    seen: u64,
    choice: CandidateId,
}

/// A hash of task, mode, mask, duration and start of every candidate.
fn seen(observation: &Observation) -> u64 {
    let mut hasher = FxHasher::default();
    for Candidate { task, mode, allowed, features } in &observation.candidates {
        (task, mode, allowed, features.duration, features.start).hash(&mut hasher);
    }
    hasher.finish()
}

impl<'p> BestOf<'p> {
    /// Runs `base` to the end so many times whenever a plan is needed.
    ///
    /// # Panics
    /// When there is no run.
    pub fn new(base: Box<dyn Policy + 'p>, rollouts: u32) -> Self {
        assert!(rollouts > 0, "the best of no runs is none");
        BestOf { base, rollouts, plan: Vec::new() }
    }

    /// Makes a new plan; `None` when the world cannot fork.
    fn planned(&mut self, decision: &mut Decision<'_>) -> Option<()> {
        let future = decision.future();
        let mut best: Option<Return> = None;
        let mut run = Vec::new();
        for _ in 0..self.rollouts {
            let mut world = decision.fork_into(&future)?;
            let mut stream = Seed::new(decision.stream().bits()).stream("policy");
            run.clear();
            let base = &mut *self.base;
            let found = to_the_end(&mut *world, None, base, &mut stream, |observation, choice| {
                run.push(Planned { now: observation.now, seen: seen(observation), choice });
            });
            if best.as_ref().is_none_or(|most| found.better_than(most)) {
                best = Some(found);
                std::mem::swap(&mut self.plan, &mut run);
            }
        }
        self.plan.reverse();
        Some(())
    }
}

impl Policy for BestOf<'_> {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        let hash = seen(observation);
        let holds = |next: &Planned| next.now == observation.now && next.seen == hash;
        if !self.plan.last().is_some_and(holds) && self.planned(decision).is_none() {
            return self.base.act(observation, decision);
        }
        let next = self.plan.pop();
        next.expect("a run from here begins with the choice that is asked for").choice
    }
}
