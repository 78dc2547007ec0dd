//! Project text with consumption and production, `.rcp` with a head of three numbers.
//!
//! First line `activities renewables reservoirs`, then the capacities and the first levels of the
//! reservoirs, then per activity `duration demands (consumed produced per reservoir)
//! number-of-successors successors`, activities from 1. An activity takes from a reservoir at its
//! start and gives to it at its end; no level may fall below zero. The amounts of source and sink
//! are noise of the generator, ignored by all published results and here. Where lines may break:
//! see `activity_rows`. O(file).
//!
//! **Source:** Koné, Artigues, Lopez, Mongeau 2013.

use super::activity_rows::{self, Layout};
use super::raise_saying;
use crate::Flow;
use ordine_problem::{Feature, FeatureSet, Problem};
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Text};

/// The format `cpr`.
#[derive(Clone, Copy, Debug)]
pub struct Cpr;

/// What it can say.
const SAYS: FeatureSet = FeatureSet::of(&[
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Renewables,
    Feature::Branching,
    Feature::Reservoirs,
]);

impl Format for Cpr {
    fn about(&self) -> About {
        About {
            name: "cpr",
            summary: "project with reservoirs: as rcp, what is consumed and produced per reservoir",
            source: "Koné, Artigues, Lopez, Mongeau 2013",
            extensions: &["rcp"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        activity_rows::detect(text, Layout::Reservoirs, self.about().extensions)
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        activity_rows::read(text, Layout::Reservoirs)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let no_words = |what: &str| {
            let (format, what) = (self.about().name, what.to_owned());
            FormatError::NoWords { format, what }
        };
        let project = raise_saying(self, problem, SAYS)?;
        let ends = [project.activities.first(), project.activities.last()];
        let idle = |flow: &Flow| *flow == Flow::default();
        for end in ends.into_iter().flatten().filter(|_| !project.reservoirs.is_empty()) {
            if !end.flows.iter().all(idle) || end.modes[0].duration.get() > 0 {
                return Err(no_words("a source or sink that takes time or touches a reservoir"));
            }
        }
        Ok(activity_rows::write(&project, Layout::Reservoirs))
    }
}
