//! The pilot: every candidate is tried in copies of the world and the rest left to a base policy;
//! the candidate with the best mean return is chosen.
//!
//! All candidates are tried in the same futures, which come from the stream of decisions: what will
//! really happen changes nothing. In a world without chance, and over a base policy that draws
//! nothing, the pilot is never worse than its base. O(candidates × futures) runs per decision.
//!
//! **Source:** Duin, Voß 1999 (pilot method); Bertsekas, Tsitsiklis, Wu 1997 (rollout algorithms,
//! whose improvement property it is).

use super::rollout::{Return, to_the_end};
use crate::{CandidateId, Decision, Future, Observation, Policy};

/// Looks ahead one choice by simulation.
pub struct Pilot<'p> {
    base: Box<dyn Policy + 'p>,
    futures: u32,
    drawn: Vec<Future>,
}

impl<'p> Pilot<'p> {
    /// Tries every candidate in so many futures, with `base` for what comes after.
    ///
    /// # Panics
    /// When there is no future.
    pub fn new(base: Box<dyn Policy + 'p>, futures: u32) -> Self {
        assert!(futures > 0, "a pilot looks into one future or more");
        Pilot { base, futures, drawn: Vec::new() }
    }

    /// Sum of returns over all futures; `None` when the world cannot fork.
    fn returns(&mut self, choice: CandidateId, decision: &Decision<'_>) -> Option<Return> {
        let mut sum = Return::default();
        for future in &self.drawn {
            let mut world = decision.fork_into(future)?;
            let mut stream = future.stream();
            let base = &mut *self.base;
            sum.add_all(&to_the_end(&mut *world, Some(choice), base, &mut stream, |_, _| {}));
        }
        Some(sum)
    }
}

impl Policy for Pilot<'_> {
    /// Where nothing can be compared (one candidate, no forks) the base policy decides.
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        let mut best = self.base.act(observation, decision);
        if observation.allowed().nth(1).is_none() {
            return best;
        }
        self.drawn.clear();
        self.drawn.extend((0..self.futures).map(|_| decision.future()));
        let Some(mut most) = self.returns(best, decision) else { return best };
        let base = best;
        for (id, _) in observation.allowed() {
            if id == base {
                continue;
            }
            let Some(found) = self.returns(id, decision) else { return base };
            if found.better_than(&most) {
                (best, most) = (id, found);
            }
        }
        best
    }
}
