//! The scene: what a chart shows, as plain data without sizes or colors.
//!
//! Lanes lie one below the other and hold bars; usages lie below the lanes; markers are instants.
//! A group is what shares a color, as a rule a job. Renderers read a scene and nothing else.
//!
//! **Source:** -

use ordine_base::{Demand, IdVec, Interval, StepFunction, Ticks, Time, define_ids};

define_ids! {
    /// A lane of a scene.
    LaneId;
    /// A group of a scene.
    GroupId;
}

/// Everything that one chart shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// First line: name of the instance.
    pub title: String,
    /// Second line: objective, bound, what is missing.
    pub subtitle: String,
    /// The time that the axis shows; never empty.
    pub span: Interval,
    /// What the lanes stand for.
    pub lane_kind: LaneKind,
    /// Lanes from top to bottom.
    pub lanes: IdVec<LaneId, Lane>,
    /// What shares a color.
    pub groups: IdVec<GroupId, Group>,
    /// Bars, by (lane, start, end).
    pub bars: Vec<Bar>,
    /// Usage of resources, from top to bottom.
    pub usages: Vec<Usage>,
    /// Instants worth showing, by time.
    pub markers: Vec<Marker>,
}

/// What the lanes stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// One lane per machine.
    Machines,
    /// One lane per task.
    Tasks,
}

/// A horizontal strip that holds bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Name, written beside it.
    pub name: String,
    /// Rows that its bars need so that no two of them overlap, at least 1.
    pub rows: u32,
}

/// Things of one color.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Name, for the legend.
    pub name: String,
    /// The name without what all names begin with.
    pub short: String,
    /// End minus due, where there is a due time.
    pub lateness: Option<Ticks>,
}

impl Group {
    /// Whether it ends after its due time.
    pub fn is_late(&self) -> bool {
        self.lateness.is_some_and(|lateness| lateness > Ticks::ZERO)
    }
}

/// One task in one lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The lane.
    pub lane: LaneId,
    /// Row within the lane, from 0.
    pub row: u32,
    /// When.
    pub interval: Interval,
    /// What it shares its color with.
    pub group: Option<GroupId>,
    /// Written on the bar where it fits; empty when the lane says it already.
    pub label: String,
    /// Written on the bar where the label does not fit.
    pub short: String,
    /// The full story, for whoever points at the bar.
    pub tip: String,
}

/// How a usage behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageKind {
    /// Falls when a task ends.
    Renewable,
    /// Never falls.
    Consumable,
}

/// Usage of one resource over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Name of the resource.
    pub name: String,
    /// How it behaves.
    pub kind: UsageKind,
    /// What the total must not exceed.
    pub capacity: Demand,
    /// Usage of all groups together.
    pub total: StepFunction,
    /// Usage by group, from bottom to top; adds up to the total.
    pub layers: Vec<Layer>,
}

/// The part of one group in a usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Whose it is.
    pub group: Option<GroupId>,
    /// Its usage.
    pub profile: StepFunction,
}

/// An instant worth showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// When.
    pub time: Time,
    /// What it means.
    pub kind: MarkerKind,
    /// What to write beside it.
    pub label: String,
}

/// What a marker means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerKind {
    /// Due time of a group.
    Due(GroupId),
    /// Nothing ends its last task earlier than this.
    Bound,
}

impl Scene {
    /// Whether the bar belongs to a group that is late.
    pub(crate) fn is_late(&self, bar: &Bar) -> bool {
        bar.group.is_some_and(|group| self.groups[group].is_late())
    }

    /// Bars of each lane, in the order of the lanes.
    pub(crate) fn bars_by_lane(&self) -> IdVec<LaneId, Vec<&Bar>> {
        let mut lanes = IdVec::filled(self.lanes.len(), Vec::new());
        for bar in &self.bars {
            lanes[bar.lane].push(bar);
        }
        lanes
    }

    /// What to write on bars, given which texts fit: the same for all, so that charts read evenly.
    pub(crate) fn labeling(&self, fits: impl Fn(&Bar, &str) -> bool) -> Labeling {
        let labeled = || self.bars.iter().filter(|bar| !bar.label.is_empty());
        let count = labeled().count();
        if 2 * labeled().filter(|bar| fits(bar, &bar.label)).count() >= count {
            Labeling::Full
        } else if 3 * labeled().filter(|bar| fits(bar, &bar.short)).count() >= count {
            Labeling::Short
        } else {
            Labeling::Bare
        }
    }

    /// Groups that are late, ascending.
    pub(crate) fn late_groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values().filter(|group| group.is_late())
    }

    /// Whether there are several groups, and few enough for a legend to tell them apart.
    pub(crate) fn has_legend(&self) -> bool {
        (2..=LEGEND_MAX).contains(&self.groups.len())
    }
}

/// What is written on bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Labeling {
    /// The label, or the short one where only that fits.
    Full,
    /// The short label where it fits.
    Short,
    /// Nothing: too little would fit.
    Bare,
}

impl Bar {
    /// What to write, best first.
    pub(crate) fn labels(&self, labeling: Labeling) -> Vec<&str> {
        match labeling {
            Labeling::Full => vec![&self.label, &self.short],
            Labeling::Short => vec![&self.short],
            Labeling::Bare => Vec::new(),
        }
    }
}

/// Most groups that a legend names and that usages are split by.
pub(crate) const LEGEND_MAX: usize = 12;
