//! What tasks really take: drawn per task from a stream of its own, seen by nobody before the end.
//!
//! | name | duration of a task that is planned to take d |
//! |---|---|
//! | `uniform-1` | uniform on [d − √d, d + √d] |
//! | `uniform-2` | uniform on [0, 2d] |
//! | `exponential` | exponential with mean d |
//! | `beta-1` | beta on [d/2, 2d] with mean d and variance d/3 |
//! | `beta-2` | beta on [d/2, 2d] with mean d and variance d²/3 |
//!
//! Any other text is a distribution of the factor on d.
//!
//! **Source:** Ballestín, Leus 2009; Ashtiani, Leus, Aryanezhad 2011.

use super::plan::Plan;
use ordine_base::Ticks;
use ordine_sim::{Distribution, DistributionError, Streams};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// How durations vary.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Spread {
    UniformNarrow,
    UniformWide,
    Exponential,
    BetaNarrow,
    BetaWide,
    Factor(Distribution),
}

impl FromStr for Spread {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "uniform-1" => Spread::UniformNarrow,
            "uniform-2" => Spread::UniformWide,
            "exponential" => Spread::Exponential,
            "beta-1" => Spread::BetaNarrow,
            "beta-2" => Spread::BetaWide,
            _ => Spread::Factor(text.parse().map_err(|error: DistributionError| {
                format!("uniform-1, uniform-2, exponential, beta-1, beta-2 or {}", error.expected)
            })?),
        })
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spread::UniformNarrow => formatter.write_str("uniform-1"),
            Spread::UniformWide => formatter.write_str("uniform-2"),
            Spread::Exponential => formatter.write_str("exponential"),
            Spread::BetaNarrow => formatter.write_str("beta-1"),
            Spread::BetaWide => formatter.write_str("beta-2"),
            Spread::Factor(factor) => write!(formatter, "{factor} × planned"),
        }
    }
}

impl Spread {
    /// The distribution of a task that is planned to take so many ticks, `unit` of them to a unit.
    fn of(&self, planned: Ticks, unit: i64) -> Distribution {
        let unit = unit as f64;
        let mean = planned.get() as f64 / unit;
        if mean <= 0.0 {
            return Distribution::constant(0.0);
        }
        let beta = |variance: f64| {
            // Mean a third of the way from d/2 to 2d.
            let share = variance / (1.5 * mean).powi(2);
            let concentration = (2.0 / 9.0) / share - 1.0;
            let (alpha, beta) = (concentration / 3.0, 2.0 * concentration / 3.0);
            match alpha > 0.0 {
                true => Distribution::beta(alpha, beta, mean / 2.0, 2.0 * mean),
                false => Distribution::constant(mean),
            }
        };
        let distribution = match self {
            Spread::UniformNarrow => {
                let reach = mean.sqrt().min(mean);
                Distribution::uniform(mean - reach, mean + reach)
            }
            Spread::UniformWide => Distribution::uniform(0.0, 2.0 * mean),
            Spread::Exponential => Distribution::exponential(mean),
            Spread::BetaNarrow => beta(mean / 3.0),
            Spread::BetaWide => beta(mean * mean / 3.0),
            Spread::Factor(factor) => factor.stretched(mean),
        };
        distribution.stretched(unit)
    }
}

/// Durations of one run.
#[derive(Clone, Debug)]
pub(super) struct Chance {
    distributions: Arc<[Distribution]>,
    streams: Streams,
}

impl Chance {
    pub(super) fn new(spread: Spread, plan: &Plan, streams: Streams) -> Self {
        let planned = plan.tasks.iter().map(|task| task.features.duration);
        let distributions = planned.map(|it| spread.of(it, plan.ticks)).collect();
        Chance { distributions, streams }
    }

    /// The same distributions with other draws.
    pub(super) fn anew(&self, streams: Streams) -> Self {
        Chance { distributions: self.distributions.clone(), streams }
    }

    /// What a task takes, whenever it starts.
    pub(super) fn duration(&self, place: usize) -> Ticks {
        self.distributions[place].ticks(&mut self.streams.of_each("durations", place))
    }

    /// What a task that has run so long takes from now on.
    pub(super) fn remaining(&self, place: usize, elapsed: Ticks) -> Ticks {
        let mut stream = self.streams.of_each("remaining", place);
        self.distributions[place].residual_ticks(elapsed, &mut stream)
    }
}
