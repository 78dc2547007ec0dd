//! Dispatch in the shares of the load bound.
//!
//! The bound says which share x_kr of each kind of task should run on element r so that no element
//! is the bottleneck. Of the ready tasks the one of the earliest priced end goes first, where a
//! start on r costs its end plus `price` × how far the share of r would be exceeded, in
//! microseconds of the task; tasks then alternate between elements in the wanted proportion, and
//! deviate where waiting or transfers cost more than that.
//!
//! **Source:** pinwheel-like rounding of fractional shares (Tijdeman 1980), with prices.

use super::list::{first_least, is_later};
use crate::{KindId, SocInstance, load_bound};
use ordine_base::{Id, IdVec};
use ordine_world::{Candidate, CandidateId, Decision, Observation, Policy, Stage};
use std::sync::Arc;

/// How much a task beyond its share costs, in durations.
const PRICE: f64 = 1.0;

/// Follows the shares of the load bound.
#[derive(Clone, Debug)]
pub struct LpGuided {
    instance: Arc<SocInstance>,
    shares: IdVec<KindId, Vec<f64>>,
    /// Tasks given to each element so far, per kind.
    given: IdVec<KindId, Vec<f64>>,
    price: f64,
}

impl LpGuided {
    /// The policy for this instance. Where the bound cannot be had, shares are equal.
    pub fn new(instance: &Arc<SocInstance>) -> Self {
        let count = instance.platform.elements.len();
        let shares = match load_bound(instance) {
            Some(bound) => {
                bound.shares.values().map(|row| row.values().copied().collect()).collect()
            }
            None => IdVec::filled(instance.kinds.len(), vec![1.0 / count as f64; count]),
        };
        let given = IdVec::filled(instance.kinds.len(), vec![0.0; count]);
        LpGuided { instance: Arc::clone(instance), shares, given, price: PRICE }
    }

    /// The same with another price.
    pub fn with_price(self, price: f64) -> Self {
        LpGuided { price, ..self }
    }

    fn place(&self, candidate: &Candidate) -> (KindId, usize) {
        let elements = self.instance.platform.elements.len();
        let mode = candidate.mode.index();
        (KindId::from_index(mode / elements), mode % elements)
    }

    /// How far the share would be exceeded, in tasks.
    fn excess(&self, kind: KindId, element: usize) -> f64 {
        let total: f64 = self.given[kind].iter().sum::<f64>() + 1.0;
        (self.given[kind][element] + 1.0 - self.shares[kind][element] * total).max(0.0)
    }

    fn score(&self, candidate: &Candidate) -> f64 {
        if is_later(candidate) {
            return f64::INFINITY;
        }
        let (kind, element) = self.place(candidate);
        let duration = candidate.features.duration.get() as f64;
        let excess = (self.excess(kind, element) - 1.0).max(-1.0) + 1.0;
        candidate.end().get() as f64 + self.price * duration * excess
    }
}

impl Policy for LpGuided {
    fn act(&mut self, observation: &Observation, _: &mut Decision<'_>) -> CandidateId {
        let chosen = first_least(observation, |candidate| self.score(candidate));
        if observation.stage == Stage::Mode {
            let (kind, element) = self.place(observation.candidate(chosen));
            self.given[kind][element] += 1.0;
        }
        chosen
    }
}
