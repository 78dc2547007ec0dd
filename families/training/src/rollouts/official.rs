//! The published rules, "knapsack-rl": least rollouts, fallbacks, and an exact knapsack.
//!
//! 1. Valid prompts with 0 < p < 1 (effective) start at `lower`, p = 0 at `negative`, p = 1 at
//!    `positive`, unseen ones at `mean`. R is what is left.
//! 2. No effective prompt: R evenly over p = 0; uniform when there is none.
//! 3. C = sum floor(min(upper, c_i)) over effective prompts, c_i rollouts for both outcomes. When
//!    C < R, R - C goes evenly to p = 0, else to all that are not effective, and R becomes C.
//! 4. Knapsack over effective prompts; what no bound admits is spread evenly over them, beyond
//!    `upper`, so that the sum is W always.
//!
//! With [`Parity::Code`] two habits of the published code are kept: in the knapsack a prompt that
//! gets nothing beyond `lower` counts as worth 0 (so values are not concave, and the dynamic
//! programme is needed), and an unseen prompt counts as p = 0 in steps 2 and 3. Where the code
//! divides by zero (step 3, all effective), the excess stays in the knapsack. O(B R upper) with
//! parity, O(R log B) without.
//!
//! **Source:** Li et al. 2025, section 4 and the allocator of the published code.

use super::baselines::spread_over;
use super::belief::check_rates;
use super::error::within;
use super::policy::nothing;
use super::success::{both_outcomes, expected_rollouts, information_gain, rollouts_for};
use super::{Belief, Interest, Known, PromptReturns, RolloutError, RolloutPolicy, StepView};
use ordine_base::Id as _;
use ordine_budget::allocation::{Bounds, Division, ItemId, allocate, dynamic_programme};

/// How many rollouts an effective prompt is thought to need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Costing {
    /// For both outcomes with this chance (published: .9).
    Confidence(f64),
    /// On average, 1/(p (1-p)) - 1.
    Mean,
}

/// Whether habits of the published code are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// As the code does.
    Code,
    /// As the rules mean it: the knapsack counts what `lower` already brings.
    Rules,
}

/// Parameters of the rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnapsackRl {
    /// Start of effective prompts.
    pub lower: u64,
    /// Most rollouts that the knapsack gives.
    pub upper: u64,
    /// Start of prompts with estimate 0.
    pub negative: u64,
    /// Start of prompts with estimate 1.
    pub positive: u64,
    /// Start of unseen prompts.
    pub mean: u64,
    /// Need of effective prompts.
    pub costing: Costing,
    /// Whether the code's habits are kept.
    pub parity: Parity,
}

impl KnapsackRl {
    /// The published setting: 2, 128, 2, 2, 8, 90 %, as the code does.
    pub const PUBLISHED: KnapsackRl = KnapsackRl {
        lower: 2,
        upper: 128,
        negative: 2,
        positive: 2,
        mean: 8,
        costing: Costing::Confidence(0.9),
        parity: Parity::Code,
    };

    fn check(&self) -> Result<(), RolloutError> {
        Bounds::new(self.lower, self.upper)?;
        within("lower", self.lower as f64, self.lower > 0, "a whole number above 0")?;
        if let Costing::Confidence(it) = self.costing {
            within("confidence", it, it > 0.0 && it < 1.0, "between 0 and 1")?;
        }
        Ok(())
    }

    fn need(&self, rate: f64) -> u64 {
        let need = match self.costing {
            Costing::Confidence(confidence) => rollouts_for(confidence, rate),
            Costing::Mean => expected_rollouts(rate),
        };
        need.min(self.upper as f64) as u64
    }
}

/// A way by which the rules left their main road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// No effective prompt: so many rollouts went to prompts with estimate 0, or to all.
    NoEffective(u64),
    /// Effective prompts need less than there was: so many went to the others.
    Excess(u64),
    /// The upper bounds left so many over: spread beyond them.
    BeyondUpper(u64),
}

/// What the rules decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knapsack {
    /// Rollouts of each prompt; they sum to the budget.
    pub units: Vec<u64>,
    /// Fallbacks taken, in order.
    pub fallbacks: Vec<Fallback>,
}

/// Prompts by their estimates.
struct Classes {
    effective: Vec<usize>,
    zero: Vec<usize>,
    others: Vec<usize>,
}

impl KnapsackRl {
    /// Applies the rules to a step of `budget` rollouts.
    ///
    /// # Errors
    /// When a parameter or an estimate is out of range, there are no prompts, or the budget does
    /// not cover step 1.
    pub fn allocate(&self, beliefs: &[Belief], budget: u64) -> Result<Knapsack, RolloutError> {
        self.check()?;
        check_rates(beliefs)?;
        let prompts = beliefs.len();
        if prompts == 0 {
            return Err(ordine_budget::allocation::AllocationError::NoItems.into());
        }
        let mut units: Vec<u64> = beliefs.iter().map(|belief| self.start(belief)).collect();
        let needed = units.iter().sum();
        let Some(mut rest) = budget.checked_sub(needed) else {
            return Err(RolloutError::TooSmall { needed, prompts, budget });
        };
        let classes = self.classes(beliefs);
        let mut fallbacks = Vec::new();
        if classes.effective.is_empty() {
            if rest > 0 {
                fallbacks.push(Fallback::NoEffective(rest));
                without_effective(&mut units, &classes, rest, budget);
            }
            return Ok(Knapsack { units, fallbacks });
        }
        let rate = |prompt: usize| beliefs[prompt].best_rate();
        let need: u64 = classes.effective.iter().map(|&it| self.need(rate(it))).sum();
        let takers = if classes.zero.is_empty() { &classes.others } else { &classes.zero };
        if need < rest && !takers.is_empty() {
            fallbacks.push(Fallback::Excess(rest - need));
            spread_over(&mut units, takers, rest - need);
            rest = need;
        }
        let room = (self.upper - self.lower).saturating_mul(classes.effective.len() as u64);
        let beyond = rest.saturating_sub(room);
        self.fill(beliefs, &classes.effective, rest - beyond, &mut units)?;
        if beyond > 0 {
            fallbacks.push(Fallback::BeyondUpper(beyond));
            spread_over(&mut units, &classes.effective, beyond);
        }
        Ok(Knapsack { units, fallbacks })
    }

    fn start(&self, belief: &Belief) -> u64 {
        match belief.rate {
            None => self.mean,
            Some(rate) if rate <= 0.0 => self.negative,
            Some(rate) if rate >= 1.0 => self.positive,
            Some(_) => self.lower,
        }
    }

    fn classes(&self, beliefs: &[Belief]) -> Classes {
        let mut classes = Classes { effective: vec![], zero: vec![], others: vec![] };
        for (prompt, belief) in beliefs.iter().enumerate() {
            match belief.rate {
                Some(rate) if rate > 0.0 && rate < 1.0 => {
                    classes.effective.push(prompt);
                    continue;
                }
                Some(rate) if rate <= 0.0 => classes.zero.push(prompt),
                None if self.parity == Parity::Code => classes.zero.push(prompt),
                _ => {}
            }
            classes.others.push(prompt);
        }
        classes
    }

    /// Step 4: exactly `rest` rollouts over the effective prompts.
    fn fill(
        &self,
        beliefs: &[Belief],
        effective: &[usize],
        rest: u64,
        units: &mut [u64],
    ) -> Result<(), RolloutError> {
        let budget = rest + self.lower * effective.len() as u64;
        let bounds = Bounds::new(self.lower, self.upper)?;
        let division = Division::uniform(effective.len(), budget, bounds)?;
        let chosen: Vec<Belief> = effective.iter().map(|&prompt| beliefs[prompt]).collect();
        let answer = match self.parity {
            Parity::Rules => {
                let value = &Known(Interest::GAIN);
                allocate(&division, &PromptReturns { value, beliefs: &chosen })?
            }
            Parity::Code => dynamic_programme(&division, &|item: ItemId, rollouts: u64| {
                if rollouts == self.lower {
                    return 0.0;
                }
                let rate = chosen[item.index()].best_rate();
                both_outcomes(rate, rollouts) * information_gain(rate)
            })?,
        };
        for (&prompt, rollouts) in effective.iter().zip(answer.units) {
            units[prompt] = rollouts;
        }
        Ok(())
    }
}

/// Step 2.
fn without_effective(units: &mut [u64], classes: &Classes, rest: u64, budget: u64) {
    if classes.zero.is_empty() {
        units.fill(0);
        let all: Vec<usize> = (0..units.len()).collect();
        spread_over(units, &all, budget);
    } else {
        spread_over(units, &classes.zero, rest);
    }
}

impl RolloutPolicy for KnapsackRl {
    fn name(&self) -> &'static str {
        "knapsack-rl"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        if view.round > 0 {
            return Ok(nothing(view));
        }
        Ok(self.allocate(view.beliefs, view.left)?.units)
    }
}
