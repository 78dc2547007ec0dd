//! The words of the model that an engine could fail to respect.
//!
//! Sealing computes which features a problem really uses; an engine states an allow-list and
//! refuses the rest by name. See decision record 0001.
//!
//! **Source:** the `supports` of PyVRP's operators, as a set.

use std::fmt;

/// One word of the model beyond "tasks with one mode on one machine, in chains".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Feature {
    /// Some task can run in more than one mode.
    SeveralModes,
    /// Some mode needs more than one resource.
    SeveralResources,
    /// Some usable mode needs no resource at all and takes time.
    ResourceFreeWork,
    /// Some renewable is demanded.
    Renewables,
    /// Some consumable is demanded.
    Consumables,
    /// Some precedence has a lag other than zero.
    Lags,
    /// Some precedence relates other points than end to start.
    GeneralPrecedences,
    /// Some task has more than one predecessor or successor.
    Branching,
    /// Some job is released after the origin.
    Releases,
    /// Some job has a deadline.
    Deadlines,
    /// The objective is other than the makespan alone.
    OtherObjectives,
    /// Some task may be left out.
    OptionalTasks,
    /// Some tasks are a choice.
    Selections,
    /// Some task spans others.
    Spans,
    /// Some precedence has a largest gap, or precedences form a cycle.
    MaximalLags,
    /// Some precedence is a wish.
    SoftPrecedences,
    /// Some task has a window or a forbidden time of its own.
    TimeWindows,
    /// Some task is done, running or frozen, or the present is after the origin.
    SettledTasks,
    /// Some machine needs setups.
    Setups,
    /// Some machine runs batches.
    Batching,
    /// Some resource has a calendar.
    Calendars,
    /// Some capacity changes over time.
    CapacityProfiles,
    /// Some renewable has a least usage.
    LeastUsage,
    /// Some capacity is a wish.
    SoftCapacities,
    /// Some task changes the level of a reservoir.
    Reservoirs,
    /// Some task keeps its resources beyond its end.
    Blocking,
    /// Some task waits in a buffer.
    Buffers,
    /// Some machines follow one order of jobs.
    SameSequences,
    /// The modes of some tasks depend on each other.
    ModeRelations,
    /// The objective has a measure that can get smaller when a task ends later, or that is not
    /// computed from ends alone.
    IrregularObjectives,
    /// Some task can never run: there is no schedule, and no engine has anything to do.
    ImpossibleTasks,
}

impl Feature {
    /// Every feature, in the order of declaration.
    pub const ALL: [Feature; 31] = [
        Feature::SeveralModes,
        Feature::SeveralResources,
        Feature::ResourceFreeWork,
        Feature::Renewables,
        Feature::Consumables,
        Feature::Lags,
        Feature::GeneralPrecedences,
        Feature::Branching,
        Feature::Releases,
        Feature::Deadlines,
        Feature::OtherObjectives,
        Feature::OptionalTasks,
        Feature::Selections,
        Feature::Spans,
        Feature::MaximalLags,
        Feature::SoftPrecedences,
        Feature::TimeWindows,
        Feature::SettledTasks,
        Feature::Setups,
        Feature::Batching,
        Feature::Calendars,
        Feature::CapacityProfiles,
        Feature::LeastUsage,
        Feature::SoftCapacities,
        Feature::Reservoirs,
        Feature::Blocking,
        Feature::Buffers,
        Feature::SameSequences,
        Feature::ModeRelations,
        Feature::IrregularObjectives,
        Feature::ImpossibleTasks,
    ];

    /// The words that a message uses for the feature.
    pub const fn words(self) -> &'static str {
        match self {
            Feature::SeveralModes => "tasks with several modes",
            Feature::SeveralResources => "modes with several resources",
            Feature::ResourceFreeWork => "tasks that need no resource",
            Feature::Renewables => "renewables",
            Feature::Consumables => "consumables",
            Feature::Lags => "lags",
            Feature::GeneralPrecedences => "precedences other than end-to-start",
            Feature::Branching => "tasks with several predecessors or successors",
            Feature::Releases => "releases",
            Feature::Deadlines => "deadlines",
            Feature::OtherObjectives => "objectives other than the makespan",
            Feature::OptionalTasks => "tasks that may be left out",
            Feature::Selections => "choices among tasks",
            Feature::Spans => "tasks that span others",
            Feature::MaximalLags => "largest gaps between tasks",
            Feature::SoftPrecedences => "precedences with a penalty",
            Feature::TimeWindows => "time windows of tasks",
            Feature::SettledTasks => "tasks that are done, running or frozen",
            Feature::Setups => "setups",
            Feature::Batching => "batches",
            Feature::Calendars => "calendars",
            Feature::CapacityProfiles => "capacities that change over time",
            Feature::LeastUsage => "least usages",
            Feature::SoftCapacities => "capacities with a penalty",
            Feature::Reservoirs => "reservoirs",
            Feature::Blocking => "blocking",
            Feature::Buffers => "buffers",
            Feature::SameSequences => "machines with the same sequence",
            Feature::ModeRelations => "relations between modes",
            Feature::IrregularObjectives => "objectives that are not regular",
            Feature::ImpossibleTasks => "tasks that can never run",
        }
    }
}

/// A set of features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FeatureSet(u64);

impl FeatureSet {
    /// No feature.
    pub const EMPTY: FeatureSet = FeatureSet(0);

    /// Every feature.
    pub const ALL: FeatureSet = FeatureSet::of(&Feature::ALL);

    /// The words of plain shops and projects: what list search, rules and root bounds respect.
    pub const PLAIN: FeatureSet = FeatureSet((1 << (Feature::OtherObjectives as u8 + 1)) - 1);

    /// The set of exactly these features.
    pub const fn of(features: &[Feature]) -> Self {
        let mut bits = 0;
        let mut position = 0;
        while position < features.len() {
            bits |= 1 << features[position] as u8;
            position += 1;
        }
        FeatureSet(bits)
    }

    /// Whether the set has `feature`.
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u8) != 0
    }

    /// Adds `feature` when `present`.
    pub fn note(&mut self, feature: Feature, present: bool) {
        if present {
            self.0 |= 1 << feature as u8;
        }
    }

    /// The features of this set that `other` lacks.
    pub const fn without(self, other: FeatureSet) -> FeatureSet {
        FeatureSet(self.0 & !other.0)
    }

    /// Whether no feature is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The features, in the order of declaration.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL.into_iter().filter(move |&feature| self.has(feature))
    }
}

impl fmt::Display for FeatureSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, feature) in self.iter().enumerate() {
            if position > 0 {
                formatter.write_str(", ")?;
            }
            formatter.write_str(feature.words())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_all_features_is_complete_and_in_order() {
        for (position, feature) in Feature::ALL.into_iter().enumerate() {
            assert_eq!(feature as usize, position);
        }
        assert_eq!(Feature::ALL.len(), Feature::ImpossibleTasks as usize + 1);
    }

    #[test]
    fn what_an_engine_lacks_is_named() {
        let used = FeatureSet::of(&[Feature::Lags, Feature::Releases]);
        let lacking = used.without(FeatureSet::of(&[Feature::Lags]));
        assert_eq!(lacking.to_string(), "releases");
        assert!(used.without(used).is_empty());
    }
}
