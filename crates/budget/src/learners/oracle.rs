//! Told the best arm of every context beforehand: the baseline that cannot be beaten by much.
//!
//! A table of contexts, ascending, each with its arm; the nearest context decides, O(log n).
//!
//! **Source:** the instance-optimal policy of Khodak, Chow, Balcan, Talwalkar 2024.

use super::learner::{ArmId, Draw, LearnerError, Played, Strategy};
use super::state::Tables;
use ordine_base::{Id, Stream};

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Oracle {
    arms: usize,
    contexts: Vec<f64>,
    best: Vec<ArmId>,
}

impl Oracle {
    /// An oracle that knows the best arm at each of the contexts.
    ///
    /// # Errors
    /// When the table is empty, the contexts do not ascend, or an arm is not below `arms`.
    pub fn new(arms: usize, table: &[(f64, ArmId)]) -> Result<Self, LearnerError> {
        let ascends = table.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let known = table.iter().all(|(context, arm)| context.is_finite() && arm.index() < arms);
        if table.is_empty() || !ascends || !known {
            let expected = format!("ascending finite contexts with arms below {arms}");
            let found = format!("{} entries that are not", table.len());
            return Err(LearnerError::Parameter { what: "table", expected, found });
        }
        let (contexts, best) = table.iter().copied().unzip();
        Ok(Oracle { arms, contexts, best })
    }

    fn numbers(&self) -> Vec<f64> {
        self.best.iter().map(|arm| arm.index() as f64).collect()
    }
}

impl Strategy for Oracle {
    fn name(&self) -> &'static str {
        "oracle"
    }

    fn arms(&self) -> usize {
        self.arms
    }

    fn choose(&self, context: f64, _stream: &mut Stream) -> Draw {
        let after = self.contexts.partition_point(|&known| known < context);
        let nearest = if after == 0 {
            0
        } else if after == self.contexts.len()
            || context - self.contexts[after - 1] <= self.contexts[after] - context
        {
            after - 1
        } else {
            after
        };
        Draw::certain(self.best[nearest])
    }

    fn learn(&mut self, _played: &Played, _cost: f64) {}

    fn save(&self, tables: &mut Tables) {
        tables.put("contexts", &self.contexts);
        tables.put("best", &self.numbers());
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        tables.expect("contexts", &self.contexts)?;
        tables.expect("best", &self.numbers())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    #[test]
    fn the_nearest_context_decides() {
        let table = [(0.0, 2), (1.0, 0), (3.0, 1)].map(|(at, arm)| (at, ArmId::from_index(arm)));
        let oracle = Oracle::new(3, &table).expect("a table");
        let mut stream = Seed::new(1).stream("unused");
        for (context, arm) in [(-9.0, 2), (0.4, 2), (0.6, 0), (1.9, 0), (2.1, 1), (9.0, 1)] {
            let arm = ArmId::from_index(arm);
            assert_eq!(oracle.choose(context, &mut stream).arm, arm, "{context}");
        }
        assert!(Oracle::new(1, &table).is_err());
        assert!(Oracle::new(3, &[]).is_err());
    }
}
