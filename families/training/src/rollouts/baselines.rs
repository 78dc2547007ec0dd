//! Baselines: uniform, dynamic sampling with refill, filter, curriculum.
//!
//! Uniform gives W/B to each. Dynamic sampling draws whole groups of n from prompts in random order
//! until enough of them have both outcomes or the budget ends. Filter leaves out prompts whose
//! estimate is 0 or 1 and shares their rollouts among the others; curriculum leaves out what lies
//! outside a range of rates. Remainders go to the first prompts. O(B).
//!
//! **Source:** Shao et al. 2024 (uniform groups); Yu et al. 2025 (DAPO, dynamic sampling).

use super::error::within;
use super::policy::nothing;
use super::{Belief, RolloutError, RolloutPolicy, StepView};
use ordine_base::Stream;

/// The same number of rollouts for each prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uniform;

impl RolloutPolicy for Uniform {
    fn name(&self) -> &'static str {
        "uniform"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        Ok(if view.round > 0 { nothing(view) } else { spread(view, |_| true) })
    }
}

/// Leaves out prompts that were all right or all wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Rollouts that a prompt gets although it is left out, so that its estimate stays alive.
    pub probe: u64,
}

impl RolloutPolicy for Filter {
    fn name(&self) -> &'static str {
        "filter"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        if view.round > 0 {
            return Ok(nothing(view));
        }
        let open = |belief: &Belief| belief.rate.is_none_or(|rate| rate > 0.0 && rate < 1.0);
        probed(view, self.probe, open)
    }
}

/// Keeps prompts whose estimated rate lies in a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curriculum {
    low: f64,
    high: f64,
    probe: u64,
}

impl Curriculum {
    /// Rates from `low` to `high`, both included; others get `probe` rollouts.
    ///
    /// # Errors
    /// When the range is no range of rates.
    pub fn new(low: f64, high: f64, probe: u64) -> Result<Self, RolloutError> {
        within("lowest rate", low, (0.0..=1.0).contains(&low), "0 to 1")?;
        let fits = (low..=1.0).contains(&high);
        within("highest rate", high, fits, "the lowest rate up to 1")?;
        Ok(Curriculum { low, high, probe })
    }
}

impl RolloutPolicy for Curriculum {
    fn name(&self) -> &'static str {
        "curriculum"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        if view.round > 0 {
            return Ok(nothing(view));
        }
        let range = self.low..=self.high;
        probed(view, self.probe, |belief| belief.rate.is_none_or(|rate| range.contains(&rate)))
    }
}

/// Whole groups in random order until enough have both outcomes.
#[derive(Clone, Debug)]
pub struct DynamicSampling {
    group: u64,
    wanted: usize,
    chunk: usize,
    order: Vec<usize>,
    stream: Stream,
}

impl DynamicSampling {
    /// Groups of `group` rollouts, `chunk` prompts per round, until `wanted` groups have both
    /// outcomes.
    ///
    /// # Errors
    /// When the group or the chunk is empty.
    pub fn new(
        group: u64,
        wanted: usize,
        chunk: usize,
        stream: Stream,
    ) -> Result<Self, RolloutError> {
        within("group", group as f64, group > 0, "a whole number above 0")?;
        within("chunk", chunk as f64, chunk > 0, "a whole number above 0")?;
        Ok(DynamicSampling { group, wanted, chunk, order: Vec::new(), stream })
    }
}

impl RolloutPolicy for DynamicSampling {
    fn name(&self) -> &'static str {
        "dynamic-sampling"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        if view.round == 0 {
            self.order = (0..view.beliefs.len()).collect();
            self.stream.shuffle(&mut self.order);
        }
        let mut units = nothing(view);
        let effective = view.groups.iter().filter(|group| group.is_effective()).count();
        if effective >= self.wanted {
            return Ok(units);
        }
        let affordable = usize::try_from(view.left / self.group).unwrap_or(usize::MAX);
        let count = self.chunk.min(affordable).min(self.order.len());
        for prompt in self.order.drain(..count) {
            units[prompt] = self.group;
        }
        Ok(units)
    }
}

/// `probe` for those left out, the rest spread over the others; over all when none is open.
fn probed(
    view: &StepView<'_>,
    probe: u64,
    open: impl Fn(&Belief) -> bool,
) -> Result<Vec<u64>, RolloutError> {
    let closed = view.beliefs.iter().filter(|belief| !open(belief)).count();
    if closed == view.beliefs.len() {
        return Ok(spread(view, |_| true));
    }
    let needed = probe.saturating_mul(closed as u64);
    let Some(left) = view.left.checked_sub(needed) else {
        let (prompts, budget) = (view.beliefs.len(), view.left);
        return Err(RolloutError::TooSmall { needed, prompts, budget });
    };
    let mut units = spread(&StepView { left, ..*view }, &open);
    for (units, belief) in units.iter_mut().zip(view.beliefs) {
        if !open(belief) {
            *units = probe;
        }
    }
    Ok(units)
}

/// What is left, evenly over the open prompts, the remainder to the first.
fn spread(view: &StepView<'_>, open: impl Fn(&Belief) -> bool) -> Vec<u64> {
    let mut units = nothing(view);
    let places: Vec<usize> = (0..units.len()).filter(|&it| open(&view.beliefs[it])).collect();
    spread_over(&mut units, &places, view.left);
    units
}

/// Adds `amount` evenly over the places, the remainder to the first.
pub(super) fn spread_over(units: &mut [u64], places: &[usize], amount: u64) {
    let Some(each) = amount.checked_div(places.len() as u64) else { return };
    let rest = amount % places.len() as u64;
    for (rank, &place) in places.iter().enumerate() {
        units[place] += each + u64::from((rank as u64) < rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollouts::Group;
    use ordine_base::Seed;

    fn first(policy: &mut dyn RolloutPolicy, beliefs: &[Belief], budget: u64) -> Vec<u64> {
        let groups = vec![Group::default(); beliefs.len()];
        let view = StepView { beliefs, groups: &groups, budget, left: budget, round: 0 };
        policy.round(&view).expect("feasible")
    }

    #[test]
    fn baselines_spread_as_they_say() {
        let beliefs = [0.0, 0.3, 0.9, 1.0].map(Belief::known);
        assert_eq!(first(&mut Uniform, &beliefs, 10), [3, 3, 2, 2]);
        assert_eq!(first(&mut Filter { probe: 1 }, &beliefs, 10), [1, 4, 4, 1]);
        let mut curriculum = Curriculum::new(0.2, 0.5, 0).expect("a range");
        assert_eq!(first(&mut curriculum, &beliefs, 10), [0, 10, 0, 0]);
        assert_eq!(first(&mut Filter { probe: 0 }, &beliefs[..1], 4), [4]);
        assert!(Curriculum::new(0.5, 0.2, 0).is_err());
    }

    #[test]
    fn dynamic_sampling_stops_when_enough_groups_are_effective() {
        let beliefs = [Belief::UNSEEN; 6];
        let mut policy = DynamicSampling::new(4, 2, 2, Seed::new(1).stream("d")).expect("good");
        let drawn = first(&mut policy, &beliefs, 100);
        assert_eq!(drawn.iter().sum::<u64>(), 8);
        let effective = Group { successes: 1, failures: 3 };
        let groups = [effective, effective, Group::default(), effective, effective, effective];
        let view = StepView { beliefs: &beliefs, groups: &groups, budget: 100, left: 92, round: 1 };
        assert_eq!(policy.round(&view).expect("good"), [0; 6]);
    }
}
