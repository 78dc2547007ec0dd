//! Project text of Patterson, `.rcp`: one row of numbers per activity.
//!
//! First line `activities renewables`, then the capacities, then per activity `duration demands
//! number-of-successors successors`, activities from 1, source and sink included. One mode per
//! activity, renewables only. Where lines may break: see `activity_rows`. O(file).
//!
//! **Source:** Patterson 1984; Demeulemeester, Vanhoucke, Herroelen 2003 (RanGen, same text).

use super::activity_rows::{self, Layout};
use super::raise_saying;
use ordine_problem::{Feature, FeatureSet, Problem};
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Text};

/// The format `rcp`.
#[derive(Clone, Copy, Debug)]
pub struct Rcp;

/// What it can say.
const SAYS: FeatureSet = FeatureSet::of(&[
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Renewables,
    Feature::Branching,
]);

impl Format for Rcp {
    fn about(&self) -> About {
        About {
            name: "rcp",
            summary: "project with one mode: `activities renewables`, capacities, rows of numbers",
            source: "Patterson 1984",
            extensions: &["rcp"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        activity_rows::detect(text, Layout::Renewables, self.about().extensions)
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        activity_rows::read(text, Layout::Renewables)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let project = raise_saying(self, problem, SAYS)?;
        Ok(activity_rows::write(&project, Layout::Renewables))
    }
}
