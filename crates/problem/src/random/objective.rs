//! Random objectives over what the rest of the problem measures.
//!
//! **Source:** -

use super::Draft;
use crate::{Feature, Level, Measure, Objective, Term, Tolerance};

impl Draft<'_> {
    pub(super) fn objective(&mut self) -> Objective {
        if !self.on.has(Feature::OtherObjectives) {
            return Objective::default();
        }
        let irregular = match self.on.has(Feature::IrregularObjectives) {
            true => self.irregular_measures(),
            false => Vec::new(),
        };
        let mut levels = Vec::new();
        for _ in 0..1 + self.stream.below(2) {
            let mut terms = Vec::new();
            for _ in 0..1 + self.stream.below(2) {
                let measure = match !irregular.is_empty() && self.stream.chance(0.5) {
                    true => self.one_of(&irregular),
                    false => self.one_of(&Measure::REGULAR),
                };
                terms.push(Term { weight: self.small(1, 3), measure });
            }
            let mut level = Level::of(terms);
            if !irregular.is_empty() && self.stream.chance(0.3) {
                let tolerances = [Tolerance::Absolute(2), Tolerance::Percent(20)];
                level.tolerance = self.one_of(&tolerances);
            }
            levels.push(level);
        }
        Objective::from_levels(levels).expect("levels are not empty")
    }

    /// Those that something takes part in.
    fn irregular_measures(&self) -> Vec<Measure> {
        let resources = || self.builder.resources.values();
        let mut measures =
            vec![Measure::TotalEarliness, Measure::WeightedEarliness, Measure::Penalties];
        if resources().any(|resource| resource.setup.is_some()) {
            measures.extend([Measure::TotalSetupTime, Measure::TotalSetupCost]);
        }
        if resources().any(|resource| resource.price > 0) {
            measures.push(Measure::ResourceCost);
            measures.extend([Measure::ResourceInvestment, Measure::ResourceLeveling]);
        }
        if self.builder.tasks.values().any(|task| task.planned.is_some()) {
            measures.extend([Measure::TotalDeviation, Measure::NumberMoved]);
        }
        measures
    }
}
