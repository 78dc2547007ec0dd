//! Schedules: the rate of every update as a pure function of its number, from 0.
//!
//! `value(t)` is the rate of update number t: no state, no optimizer, O(depth) for any step, so a
//! run resumes at any step with nothing but the step. Beyond the horizon the final value holds.
//! A curve of T steps reads its profile at `z = t / T`, so the last update still has a rate above
//! the end of the profile; [`Schedule::inclusive`] reads `t / (T - 1)` and reaches it.
//!
//! ```
//! use ordine_training::schedules::{Profile, Schedule};
//!
//! # fn main() -> Result<(), ordine_training::schedules::ScheduleError> {
//! let rex = Schedule::curve(Profile::rex(0.5)?, 900)?;
//! let schedule = rex.warmup(100, 0.0)?.between(0.0, 3e-4)?;
//! assert_eq!(schedule.horizon(), Some(1000));
//! assert!((schedule.value(50) - 1.5e-4).abs() < 1e-16);
//! assert!((schedule.value(550) - 2e-4).abs() < 1e-16);
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** the pure schedules of Optax; Chen, Wolfe, Kyrillidis 2022, section 3 (sampling)

use super::error::{ScheduleError, not_negative, positive, within};
use super::profile::{Profile, Shape};
use std::fmt;
use std::sync::Arc;

/// Most steps that positions count exactly.
pub const STEPS_MAX: u64 = 1 << 52;

/// The rate of every update of a run. Cheap to copy.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    pub(crate) node: Arc<Node>,
    horizon: Option<u64>,
}

/// One part of a schedule; positions are steps, fractions of steps where a part stretches time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Constant(f64),
    /// A profile over `last` steps.
    Curve(Shape, f64),
    /// The node form of the budget-aware family: `phi` and steps.
    Nodes(f64, f64),
    /// `(max(1, (x + offset) / scale))^exponent`, with the exponent below 0.
    Power {
        scale: f64,
        offset: f64,
        exponent: f64,
    },
    /// `factor^x`, by the logarithm of the factor.
    Geometric(f64),
    /// `factor^floor(x / period)`, by the factor.
    Staircase {
        period: f64,
        factor: f64,
    },
    /// A triangle that goes up and down between `low` and 1 without end.
    Triangle {
        up: f64,
        down: f64,
        low: f64,
        /// Factor of the height for each cycle.
        decay: f64,
    },
    /// `low + (high - low) v`.
    Between(f64, f64, Arc<Node>),
    AtLeast(f64, Arc<Node>),
    Delay(f64, Arc<Node>),
    Warmup {
        steps: f64,
        from: f64,
        /// The way down from 1 that is walked backwards.
        shape: Shape,
        then: Arc<Node>,
    },
    /// Read at multiples of the period only.
    Sampled(f64, Arc<Node>),
    /// Read at these positions only, and at 0.
    Knots(Arc<[f64]>, Arc<Node>),
    /// Each with the position where it ends; each sees its own clock.
    Join(Arc<[(f64, Node)]>),
    Product(Arc<[Node]>),
    Repeat {
        first: f64,
        stretch: f64,
        decay: f64,
        cycles: u64,
        each: Arc<Node>,
    },
    /// Times one plus noise, within these positions.
    Noise(Noise, Arc<Node>),
    /// Time runs at `speed` from the position on.
    Warp {
        from: f64,
        speed: f64,
        of: Arc<Node>,
    },
}

/// Noise on a schedule, a pure function of seed and step: nothing is drawn in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// The first step with noise.
    pub first: u64,
    /// The first step after it without.
    pub end: u64,
    /// Largest relative change, above 0 and at most 1.
    pub limit: f64,
    /// Standard deviation of the normal distribution that is cut off at the limit.
    pub deviation: f64,
    /// Seed; the same seed gives the same noise.
    pub seed: u64,
}

/// Which profile a warm-up walks backwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Warmup {
    /// Steps before the peak.
    pub steps: u64,
    /// Share of the peak at the first update.
    pub from: f64,
    /// The shape: linear unless said otherwise.
    pub shape: Profile,
}

pub(crate) fn counted(steps: u64) -> Result<f64, ScheduleError> {
    if (1..=STEPS_MAX).contains(&steps) {
        return Ok(steps as f64);
    }
    Err(ScheduleError::Steps { found: i64::try_from(steps).unwrap_or(i64::MAX) })
}

impl Schedule {
    pub(crate) fn new(node: Node, horizon: Option<u64>) -> Self {
        Schedule { node: Arc::new(node), horizon }
    }

    /// Always this value.
    ///
    /// # Errors
    /// When the value is not finite.
    pub fn constant(value: f64) -> Result<Self, ScheduleError> {
        let value = within("constant", value, true, "a finite number")?;
        Ok(Schedule::new(Node::Constant(value), None))
    }

    /// A profile over this many steps, read at `t / steps`.
    ///
    /// # Errors
    /// When there are no steps, or too many to count.
    pub fn curve(profile: Profile, steps: u64) -> Result<Self, ScheduleError> {
        Ok(Schedule::new(Node::Curve(profile.0, counted(steps)?), Some(steps)))
    }

    /// A profile over this many steps, read at `t / (steps - 1)`: the last update has its end.
    ///
    /// # Errors
    /// When there are no steps, or too many to count.
    pub fn inclusive(profile: Profile, steps: u64) -> Result<Self, ScheduleError> {
        let last = (counted(steps)? - 1.0).max(1.0);
        Ok(Schedule::new(Node::Curve(profile.0, last), Some(steps)))
    }

    /// `scale / (t + offset)` to the power `-exponent`, never above 1.
    ///
    /// With `scale = offset + w` this is the inverse root that follows a warm-up of w steps.
    ///
    /// # Errors
    /// When scale or exponent are not above 0, or the offset is negative.
    pub fn power(scale: f64, offset: f64, exponent: f64) -> Result<Self, ScheduleError> {
        let (scale, offset) = (positive("scale", scale)?, not_negative("offset", offset)?);
        let exponent = -positive("exponent", exponent)?;
        Ok(Schedule::new(Node::Power { scale, offset, exponent }, None))
    }

    /// `factor^t`.
    ///
    /// # Errors
    /// When the factor is not above 0.
    pub fn geometric(factor: f64) -> Result<Self, ScheduleError> {
        Ok(Schedule::new(Node::Geometric(positive("factor", factor)?.ln()), None))
    }

    /// `factor^floor(t / period)`.
    ///
    /// # Errors
    /// When the period is zero or the factor negative.
    pub fn staircase(period: u64, factor: f64) -> Result<Self, ScheduleError> {
        let factor = not_negative("factor", factor)?;
        Ok(Schedule::new(Node::Staircase { period: counted(period)?, factor }, None))
    }

    /// Cycles without end: `up` steps from `low` to 1, `down` steps back; each cycle is `decay`
    /// times as high over `low` as the one before.
    ///
    /// # Errors
    /// When a length is zero, or low and decay are not in [0, 1].
    pub fn triangle(up: u64, down: u64, low: f64, decay: f64) -> Result<Self, ScheduleError> {
        let (up, down) = (counted(up)?, counted(down)?);
        let low = super::error::share("low", low)?;
        let decay = super::error::share("decay", decay)?;
        Ok(Schedule::new(Node::Triangle { up, down, low, decay }, None))
    }

    /// Steps after which the value stays, if there is such a number.
    pub fn horizon(&self) -> Option<u64> {
        self.horizon
    }

    /// The same schedule, mapped from [0, 1] to [floor, peak].
    ///
    /// # Errors
    /// When the floor is above the peak, or one is not finite.
    pub fn between(self, floor: f64, peak: f64) -> Result<Self, ScheduleError> {
        let peak = within("peak", peak, true, "a finite number")?;
        let floor = within("floor", floor, floor <= peak, "at most the peak")?;
        Ok(Schedule::new(Node::Between(floor, peak, self.node), self.horizon))
    }

    /// The same schedule, times a factor.
    ///
    /// # Errors
    /// When the factor is negative or not finite.
    pub fn scaled(self, factor: f64) -> Result<Self, ScheduleError> {
        self.between(0.0, not_negative("factor", factor)?)
    }

    /// The same schedule, but never below the floor.
    ///
    /// # Errors
    /// When the floor is not finite.
    pub fn at_least(self, floor: f64) -> Result<Self, ScheduleError> {
        let floor = within("floor", floor, true, "a finite number")?;
        Ok(Schedule::new(Node::AtLeast(floor, self.node), self.horizon))
    }

    /// Its first value for some steps, then the schedule on its own clock.
    ///
    /// # Errors
    /// When there are too many steps to count.
    pub fn delayed(self, steps: u64) -> Result<Self, ScheduleError> {
        let horizon = self.later(steps)?;
        Ok(Schedule::new(Node::Delay(steps as f64, self.node), horizon))
    }

    /// A straight way up from the share `from` of its first value, then the schedule.
    ///
    /// # Errors
    /// Those of [`Schedule::warmed`].
    pub fn warmup(self, steps: u64, from: f64) -> Result<Self, ScheduleError> {
        self.warmed(Warmup { steps, from, shape: Profile::LINEAR })
    }

    /// A way up to its first value, then the schedule on its own clock. Update t of the warm-up
    /// has the share `from + (1 - from) (1 - p(t / steps))` of that value, p being the shape.
    ///
    /// # Errors
    /// When `from` is not in [0, 1], or there are too many steps to count.
    pub fn warmed(self, warmup: Warmup) -> Result<Self, ScheduleError> {
        let from = super::error::share("from", warmup.from)?;
        if warmup.steps == 0 {
            return Ok(self);
        }
        let horizon = self.later(warmup.steps)?;
        let (steps, shape, then) = (warmup.steps as f64, warmup.shape.0, self.node);
        Ok(Schedule::new(Node::Warmup { steps, from, shape, then }, horizon))
    }

    /// Read every `period` steps only (an epoch, a tenth of the run), also between whole steps.
    ///
    /// # Errors
    /// When the period is not at least one step.
    pub fn sampled(self, period: f64) -> Result<Self, ScheduleError> {
        let period = within("period", period, period >= 1.0, "at least 1 step")?;
        Ok(Schedule::new(Node::Sampled(period, self.node), self.horizon))
    }

    /// Read at these positions (in steps) only, and at 0.
    ///
    /// # Errors
    /// When positions do not ascend from 0.
    pub fn at_knots(self, knots: &[f64]) -> Result<Self, ScheduleError> {
        let mut before = 0.0;
        for &knot in knots {
            before = within("knot", knot, knot >= before, "0 or more, and not below the last")?;
        }
        Ok(Schedule::new(Node::Knots(knots.into(), self.node), self.horizon))
    }

    /// The same schedule times `1 + n`, n being normal and cut off at the limit.
    ///
    /// # Errors
    /// When the limit is not above 0 and at most 1, or the deviation is not above 0.
    pub fn with_noise(self, noise: Noise) -> Result<Self, ScheduleError> {
        let good = noise.limit > 0.0 && noise.limit <= 1.0;
        within("limit", noise.limit, good, "above 0 and at most 1")?;
        positive("deviation", noise.deviation)?;
        Ok(Schedule::new(Node::Noise(noise, self.node), self.horizon))
    }

    /// This schedule for some steps, then another on its own clock.
    ///
    /// # Errors
    /// When there are no steps, or too many to count.
    pub fn then(self, steps: u64, next: Schedule) -> Result<Self, ScheduleError> {
        Schedule::join([(self, steps)], next)
    }

    /// Schedules one after another, each for its own steps on its own clock; the last has no end.
    ///
    /// # Errors
    /// When a part has no steps, or all have too many to count.
    pub fn join(
        parts: impl IntoIterator<Item = (Schedule, u64)>,
        last: Schedule,
    ) -> Result<Self, ScheduleError> {
        let (mut end, mut joined) = (0, Vec::new());
        for (part, steps) in parts {
            counted(steps)?;
            end = add(end, steps)?;
            joined.push((end as f64, Node::clone(&part.node)));
        }
        let horizon = last.later(end)?;
        joined.push((f64::INFINITY, Node::clone(&last.node)));
        Ok(Schedule::new(Node::Join(joined.into()), horizon))
    }

    /// The product of two schedules on one clock.
    pub fn times(self, other: Schedule) -> Self {
        match (&*self.node, &*other.node) {
            (Node::Constant(factor), _) if *factor >= 0.0 && other.horizon.is_some() => {
                return Schedule::new(Node::Between(0.0, *factor, other.node), other.horizon);
            }
            (_, Node::Constant(factor)) if *factor >= 0.0 && self.horizon.is_some() => {
                return Schedule::new(Node::Between(0.0, *factor, self.node), self.horizon);
            }
            _ => {}
        }
        let horizon = match (self.horizon, other.horizon) {
            (Some(one), Some(two)) => Some(one.max(two)),
            (one, two) if matches!(*self.node, Node::Constant(_)) => one.or(two),
            (one, _) if matches!(*other.node, Node::Constant(_)) => one,
            _ => None,
        };
        let factors = [Node::clone(&self.node), Node::clone(&other.node)];
        Schedule::new(Node::Product(factors.into()), horizon)
    }

    /// Warm restarts: the schedule on cycles of `first`, `first * stretch`, ... steps, each `decay`
    /// times as high as the one before; after the last its end holds.
    ///
    /// The cycles of a stretched restart run the same curve more slowly.
    ///
    /// # Errors
    /// When there is no cycle or no step, the stretch is below 1, or decay is not in [0, 1].
    pub fn repeated(
        self,
        first: u64,
        cycles: u64,
        stretch: f64,
        decay: f64,
    ) -> Result<Self, ScheduleError> {
        let length = counted(first)?;
        let stretch = within("stretch", stretch, stretch >= 1.0, "1 or more")?;
        let decay = super::error::share("decay", decay)?;
        within("cycles", cycles as f64, cycles >= 1, "at least 1")?;
        let total = (length * cycle_start(stretch, cycles as f64)).round();
        let total = within("steps of all cycles", total, total <= STEPS_MAX as f64, "below 2^52")?;
        let node = Node::Repeat { first: length, stretch, decay, cycles, each: self.node };
        Ok(Schedule::new(node, Some(total as u64)))
    }

    /// The same curve over another number of steps (a scaled budget).
    ///
    /// # Errors
    /// When the schedule has no horizon, or the new one is no number of steps.
    pub fn stretched(self, steps: u64) -> Result<Self, ScheduleError> {
        self.replanned(0, steps)
    }

    /// The same schedule up to step `at`; what is left of it then runs over the rest of a new
    /// budget of `steps`, so that the curve stays continuous.
    ///
    /// # Errors
    /// When the schedule has no horizon, or `at` does not lie before both horizons.
    pub fn replanned(self, at: u64, steps: u64) -> Result<Self, ScheduleError> {
        counted(steps)?;
        let Some(horizon) = self.horizon else {
            let expected = "a schedule with a horizon";
            return Err(ScheduleError::Count { name: "the schedule", found: 0, expected });
        };
        let least = horizon.min(steps);
        if at >= least {
            let part = "the part that is over";
            return Err(ScheduleError::TooLong { part, found: at, total: least });
        }
        let speed = (horizon - at) as f64 / (steps - at) as f64;
        let node = Node::Warp { from: at as f64, speed, of: self.node };
        Ok(Schedule::new(node, Some(steps)))
    }

    /// The rate of update number `step`, from 0.
    pub fn value(&self, step: u64) -> f64 {
        self.node.at(step as f64)
    }

    /// The rate at a position between updates, for progress that is not counted in updates.
    ///
    /// # Errors
    /// When the position is negative or not finite.
    pub fn value_at(&self, position: f64) -> Result<f64, ScheduleError> {
        Ok(self.node.at(not_negative("position", position)?))
    }

    /// The rates of the updates from `first` on: the same values as [`Schedule::value`], faster.
    pub fn fill(&self, first: u64, out: &mut [f64]) {
        self.node.fill(first as f64, out);
    }

    /// The rates of the first `steps` updates.
    pub fn values(&self, steps: usize) -> Vec<f64> {
        let mut values = vec![0.0; steps];
        self.fill(0, &mut values);
        values
    }

    fn later(&self, steps: u64) -> Result<Option<u64>, ScheduleError> {
        if steps > STEPS_MAX {
            counted(steps)?;
        }
        self.horizon.map(|horizon| add(horizon, steps)).transpose()
    }
}

fn add(one: u64, two: u64) -> Result<u64, ScheduleError> {
    let sum = one.saturating_add(two);
    counted(sum.max(1)).map(|_| sum)
}

/// Where cycle number `cycle` starts, in lengths of the first.
pub(crate) fn cycle_start(stretch: f64, cycle: f64) -> f64 {
    if stretch == 1.0 { cycle } else { (stretch.powf(cycle) - 1.0) / (stretch - 1.0) }
}

/// A run in progress: a schedule and the number of the next update. Its state is that number.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    schedule: Schedule,
    step: u64,
}

impl Cursor {
    /// Before the first update.
    pub fn new(schedule: Schedule) -> Self {
        Cursor::resume(schedule, 0)
    }

    /// Before update number `step`: nothing is replayed.
    pub fn resume(schedule: Schedule, step: u64) -> Self {
        Cursor { schedule, step }
    }

    /// Number of the next update: all that a checkpoint needs.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The rate of the next update.
    pub fn rate(&self) -> f64 {
        self.schedule.value(self.step)
    }

    /// Goes on to the next update and gives its rate.
    pub fn advance(&mut self) -> f64 {
        self.step += 1;
        self.rate()
    }

    /// Goes on under a new budget; the rate does not jump.
    ///
    /// # Errors
    /// Those of [`Schedule::replanned`].
    pub fn replan(&mut self, steps: u64) -> Result<(), ScheduleError> {
        self.schedule = self.schedule.clone().replanned(self.step, steps)?;
        Ok(())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "step {} with rate {}", self.step, self.rate())
    }
}
