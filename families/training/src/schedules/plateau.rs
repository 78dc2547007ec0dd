//! Decay on a plateau: the rate falls when a metric has not improved for a while.
//!
//! After more than `patience` observations in a row that are not better than the best by the
//! threshold, the rate is multiplied by `factor`, and nothing is counted for `cooldown`
//! observations. O(1) per observation. A metric that is not a number counts as no improvement.
//!
//! **Source:** `ReduceLROnPlateau` of PyTorch

use super::error::{ScheduleError, not_negative, positive, within};

/// What counts as better, how long to wait, how far to fall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlateauRule {
    /// Factor of the rate at each fall, above 0 and below 1.
    pub factor: f64,
    /// Observations without improvement that are borne.
    pub patience: u64,
    /// Smallest improvement that counts.
    pub threshold: f64,
    /// Whether the threshold is a share of the best.
    pub relative: bool,
    /// Whether larger metrics are better.
    pub larger_is_better: bool,
    /// Observations after a fall in which nothing is counted.
    pub cooldown: u64,
    /// The rate never falls below.
    pub floor: f64,
    /// Falls smaller than this are not made.
    pub least_fall: f64,
}

impl Default for PlateauRule {
    /// The defaults of PyTorch: a tenth after 10 observations.
    fn default() -> Self {
        PlateauRule {
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            relative: true,
            larger_is_better: false,
            cooldown: 0,
            floor: 0.0,
            least_fall: 1e-8,
        }
    }
}

/// All that a checkpoint needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlateauState {
    /// The rate now.
    pub rate: f64,
    /// Best metric so far, if there was one.
    pub best: Option<f64>,
    /// Observations in a row that were not better.
    pub waited: u64,
    /// Observations that are still not counted.
    pub cooling: u64,
    /// Observations so far.
    pub observed: u64,
}

/// The rate under the rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Plateau {
    rule: PlateauRule,
    state: PlateauState,
}

impl Plateau {
    /// Starts at this rate.
    ///
    /// # Errors
    /// When the rate is not above 0, or the rule has a number out of its range.
    pub fn new(rate: f64, rule: PlateauRule) -> Result<Self, ScheduleError> {
        let rate = positive("rate", rate)?;
        let good = rule.factor > 0.0 && rule.factor < 1.0;
        within("factor", rule.factor, good, "above 0 and below 1")?;
        not_negative("threshold", rule.threshold)?;
        not_negative("floor", rule.floor)?;
        not_negative("least_fall", rule.least_fall)?;
        let state = PlateauState { rate, best: None, waited: 0, cooling: 0, observed: 0 };
        Ok(Plateau { rule, state })
    }

    /// The patience of the usual run scaled to a share of its budget, at least 1.
    pub fn scaled_patience(patience: u64, budget: f64) -> u64 {
        ((patience as f64 * budget).round() as u64).max(1)
    }

    /// The rate now.
    pub fn rate(&self) -> f64 {
        self.state.rate
    }

    /// The state, for a checkpoint.
    pub fn state(&self) -> PlateauState {
        self.state
    }

    /// Goes on from a checkpoint.
    ///
    /// # Errors
    /// When the state cannot be one of this rule.
    pub fn restore(&mut self, state: PlateauState) -> Result<(), ScheduleError> {
        let wrong = |name, found, expected| Err(ScheduleError::State { name, found, expected });
        if !state.rate.is_finite() || state.rate <= 0.0 {
            return wrong("rate", state.rate, "a finite number above 0");
        }
        if state.waited > self.rule.patience {
            return wrong("waited", state.waited as f64, "at most the patience");
        }
        if state.cooling > self.rule.cooldown {
            return wrong("cooling", state.cooling as f64, "at most the cooldown");
        }
        self.state = state;
        Ok(())
    }

    /// Takes the metric of one evaluation and gives the rate from now on.
    pub fn observe(&mut self, metric: f64) -> f64 {
        let state = &mut self.state;
        state.observed += 1;
        if state.best.is_none_or(|best| is_better(&self.rule, metric, best)) && !metric.is_nan() {
            state.best = Some(metric);
            state.waited = 0;
        } else {
            state.waited += 1;
        }
        if state.cooling > 0 {
            state.cooling -= 1;
            state.waited = 0;
        }
        if state.waited > self.rule.patience {
            let lower = (state.rate * self.rule.factor).max(self.rule.floor);
            if state.rate - lower > self.rule.least_fall {
                state.rate = lower;
            }
            state.cooling = self.rule.cooldown;
            state.waited = 0;
        }
        state.rate
    }
}

fn is_better(rule: &PlateauRule, metric: f64, best: f64) -> bool {
    let sign = if rule.larger_is_better { 1.0 } else { -1.0 };
    if rule.relative {
        sign * metric > sign * best * (1.0 + sign * rule.threshold)
    } else {
        sign * metric > sign * best + rule.threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patient(patience: u64) -> Plateau {
        let rule = PlateauRule { patience, cooldown: 1, factor: 0.5, ..PlateauRule::default() };
        Plateau::new(1.0, rule).expect("valid")
    }

    #[test]
    fn the_rate_falls_after_more_than_the_patience() {
        let mut plateau = patient(1);
        let metrics = [5.0, 4.0, 4.0, f64::NAN, 4.0, 4.0, 4.0, 3.0];
        let rates: Vec<f64> = metrics.iter().map(|&metric| plateau.observe(metric)).collect();
        assert_eq!(rates, [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]);
    }

    #[test]
    fn a_restored_plateau_goes_on_identically() {
        let metrics: Vec<f64> = (0..60).map(|it| f64::from((it * 37 % 11) as u8)).collect();
        let mut whole = patient(2);
        let rates: Vec<f64> = metrics.iter().map(|&metric| whole.observe(metric)).collect();
        for split in 0..metrics.len() {
            let mut first = patient(2);
            metrics[..split].iter().for_each(|&metric| {
                first.observe(metric);
            });
            let mut second = patient(2);
            second.restore(first.state()).expect("its own state");
            let rest: Vec<f64> = metrics[split..].iter().map(|&it| second.observe(it)).collect();
            assert_eq!(rest, rates[split..]);
        }
    }

    #[test]
    fn foreign_states_are_refused() {
        let mut plateau = patient(1);
        let state = PlateauState { waited: 7, ..plateau.state() };
        let error = plateau.restore(state).expect_err("too patient");
        assert!(error.to_string().starts_with("the state has waited 7: expected at most"));
    }
}
