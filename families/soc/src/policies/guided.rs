//! Dispatch by the prices of the load bound.
//!
//! The dual of the bound prices a microsecond of element r at y_r. Of the ready tasks the one with
//! the least
//!
//! ```text
//! end on r + price R (w_kr y_r - min_s w_ks y_s) - weight rank_u(k)
//! ```
//!
//! goes first, and to the element where that is least: tasks run where they are cheap for the
//! throughput, unless waiting or transfers cost more; those on long paths go a little earlier.
//! `PRICE` and `WEIGHT` were chosen on the synthetic load at scales 25 and 100.
//!
//! **Source:** bid prices of network revenue management (Talluri, van Ryzin 1998), here for time.

use super::list::{first_least, is_later};
use crate::{KindId, SocInstance, load_bound};
use ordine_base::{Id, IdVec};
use ordine_world::{Candidate, CandidateId, Decision, Observation, Policy};
use std::sync::Arc;

/// What the loss of throughput counts against a later end.
const PRICE: f64 = 0.25;
/// What a microsecond of upward rank counts against one of the end.
const WEIGHT: f64 = 0.3;

/// Follows the prices of the load bound.
#[derive(Clone, Debug)]
pub struct LpGuided {
    instance: Arc<SocInstance>,
    /// What each kind costs on each element beyond its cheapest one, in microseconds.
    costs: IdVec<KindId, Vec<f64>>,
}

impl LpGuided {
    /// The policy for this instance. Where the bound cannot be had, all prices are equal.
    pub fn new(instance: &Arc<SocInstance>) -> Self {
        let elements = &instance.platform.elements;
        let slots: f64 = elements.values().map(|element| element.capacity as f64).sum();
        let equal = || elements.values().map(|_| 1.0 / slots).collect();
        let prices = load_bound(instance).map_or_else(equal, |bound| bound.prices);
        let cost = |kind: &crate::Kind| {
            let priced = kind.durations.iter().map(|(element, duration)| {
                duration.map_or(f64::INFINITY, |it| it.get() as f64 * prices[element])
            });
            let priced: Vec<f64> = priced.collect();
            let least = priced.iter().copied().fold(f64::INFINITY, f64::min);
            priced.iter().map(|cost| PRICE * slots * (cost - least)).collect()
        };
        let costs = instance.kinds.values().map(cost).collect();
        LpGuided { instance: Arc::clone(instance), costs }
    }

    fn score(&self, candidate: &Candidate) -> f64 {
        if is_later(candidate) {
            return f64::INFINITY;
        }
        let elements = self.instance.platform.elements.len();
        let mode = candidate.mode.index();
        let kind = KindId::from_index(mode / elements);
        let end = candidate.end().get() as f64;
        end + self.costs[kind][mode % elements] - WEIGHT * self.instance.kinds[kind].rank
    }
}

impl Policy for LpGuided {
    fn act(&mut self, observation: &Observation, _: &mut Decision<'_>) -> CandidateId {
        first_least(observation, |candidate| self.score(candidate))
    }
}
