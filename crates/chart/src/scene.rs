//! The scene: what a chart shows, as plain data without sizes or colors.
//!
//! Lanes lie one below the other and hold bars; usages lie below the lanes; markers are instants.
//! A group is what shares a color, as a rule a job. Renderers read a scene and nothing else.
//!
//! **Source:** -

use ordine_base::{Id, IdVec, Interval, StepFunction, Ticks, Time, define_ids};

define_ids! {
    /// A lane of a scene.
    LaneId;
    /// A group of a scene.
    GroupId;
    /// A bar of a scene.
    BarId;
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
    pub bars: IdVec<BarId, Bar>,
    /// Which bars wait for which.
    pub links: Vec<Link>,
    /// Usage of resources, from top to bottom.
    pub usages: Vec<Usage>,
    /// Instants worth showing, by time.
    pub markers: Vec<Marker>,
    /// Who ends after the wished time, and by how much.
    pub late: Vec<Late>,
    /// Names of optional tasks that are left out.
    pub absent: Vec<String>,
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
    /// When it does not work, or not at full speed, by time.
    pub breaks: Vec<Break>,
}

/// A stretch of time out of the ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// When.
    pub interval: Interval,
    /// What happens then.
    pub kind: BreakKind,
}

/// What happens in a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreakKind {
    /// No work; only tasks that pause reach across.
    Closed,
    /// No work for a short time.
    Paused,
    /// Work at this percentage of full speed, which is not 100.
    Speed(u32),
}

/// Things of one color.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Name, for the legend.
    pub name: String,
    /// The name without what all names begin with.
    pub short: String,
}

/// Somebody who ends too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// Who.
    pub name: String,
    /// By how much.
    pub tardiness: Ticks,
}

/// One task in one lane, or what comes before or after it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The lane.
    pub lane: LaneId,
    /// Row within the lane, from 0.
    pub row: u32,
    /// When.
    pub interval: Interval,
    /// What it is.
    pub kind: BarKind,
    /// When its work rests, by time, within the interval.
    pub pauses: Vec<Interval>,
    /// Whether it belongs to somebody who ends too late.
    pub late: bool,
    /// What it shares its color with.
    pub group: Option<GroupId>,
    /// Written on the bar where it fits; empty when the lane says it already.
    pub label: String,
    /// Written on the bar where the label does not fit.
    pub short: String,
    /// The full story in lines, for whoever points at the bar.
    pub tip: Vec<String>,
}

/// What a bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BarKind {
    /// A task at work.
    Task,
    /// A task that spans others.
    Span,
    /// A machine that is made ready for the next task.
    Setup,
    /// A task that has ended and still keeps what it used.
    Hold,
}

/// One bar waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The earlier bar, as a rule.
    pub before: BarId,
    /// The bar that waits.
    pub after: BarId,
    /// The point of the earlier bar that counts.
    pub from: Side,
    /// The point of the later bar that waits.
    pub to: Side,
}

/// An end of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Where it starts.
    Start,
    /// Where it ends.
    End,
}

/// How a usage behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageKind {
    /// Falls when a task ends.
    Renewable,
    /// Never falls.
    Consumable,
    /// A level that rises and falls.
    Reservoir,
}

/// Usage of one resource over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Name of the resource.
    pub name: String,
    /// How it behaves.
    pub kind: UsageKind,
    /// What the total must not exceed.
    pub capacity: StepFunction,
    /// What the total must not fall below, where something is asked for.
    pub least: Option<StepFunction>,
    /// Usage of all groups together; of a reservoir, its level.
    pub total: StepFunction,
    /// Usage by group, from bottom to top; adds up to the total.
    pub layers: Vec<Layer>,
    /// When it does not work, or not at full speed, by time.
    pub breaks: Vec<Break>,
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
    /// Somebody should end by then.
    Due {
        /// Whose color it has.
        group: Option<GroupId>,
        /// Whether it was missed.
        late: bool,
    },
    /// Somebody must end by then.
    Deadline {
        /// Whose color it has.
        group: Option<GroupId>,
        /// Whether it was missed.
        late: bool,
    },
    /// Nothing ends its last task earlier than this.
    Bound,
    /// The present.
    Now,
}

/// What appears in a scene, for legends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) setup: bool,
    pub(crate) hold: bool,
    pub(crate) closed: bool,
    pub(crate) paused: bool,
    pub(crate) speed: bool,
    pub(crate) pauses: bool,
    pub(crate) late: bool,
    pub(crate) due: bool,
    pub(crate) deadline: bool,
    pub(crate) over: bool,
    pub(crate) least: bool,
}

impl Scene {
    /// The same scene without lanes: profiles of resources alone.
    pub fn profiles(&self) -> Scene {
        Scene {
            lanes: IdVec::new(),
            bars: IdVec::new(),
            links: Vec::new(),
            markers: Vec::new(),
            absent: Vec::new(),
            late: Vec::new(),
            ..self.clone()
        }
    }

    /// Bars of each lane, in the order of the lanes.
    pub(crate) fn bars_by_lane(&self) -> IdVec<LaneId, Vec<&Bar>> {
        let mut lanes = IdVec::filled(self.lanes.len(), Vec::new());
        for bar in self.bars.values() {
            lanes[bar.lane].push(bar);
        }
        lanes
    }

    /// What to write on bars, given which texts fit: the same for all, so that charts read evenly.
    pub(crate) fn labeling(&self, fits: impl Fn(&Bar, &str) -> bool) -> Labeling {
        let labeled = || self.bars.values().filter(|bar| !bar.label.is_empty());
        let count = labeled().count();
        if 2 * labeled().filter(|bar| fits(bar, &bar.label)).count() >= count {
            Labeling::Full
        } else if 3 * labeled().filter(|bar| fits(bar, &bar.short)).count() >= count {
            Labeling::Short
        } else {
            Labeling::Bare
        }
    }

    /// Whether there are several groups, and few enough for a legend to tell them apart.
    pub(crate) fn has_legend(&self) -> bool {
        (2..=LEGEND_MAX).contains(&self.groups.len())
    }

    /// What appears.
    pub(crate) fn marks(&self) -> Marks {
        let mut marks = Marks { late: !self.late.is_empty(), ..Marks::default() };
        for bar in self.bars.values() {
            marks.setup |= bar.kind == BarKind::Setup;
            marks.hold |= bar.kind == BarKind::Hold;
            marks.pauses |= !bar.pauses.is_empty();
        }
        let of_lanes = self.lanes.values().flat_map(|lane| &lane.breaks);
        for it in of_lanes.chain(self.usages.iter().flat_map(|usage| &usage.breaks)) {
            marks.closed |= it.kind == BreakKind::Closed;
            marks.paused |= it.kind == BreakKind::Paused;
            marks.speed |= matches!(it.kind, BreakKind::Speed(_));
        }
        for marker in &self.markers {
            marks.due |= matches!(marker.kind, MarkerKind::Due { .. });
            marks.deadline |= matches!(marker.kind, MarkerKind::Deadline { .. });
        }
        for usage in &self.usages {
            marks.over |= usage.is_exceeded();
            marks.least |= usage.least.is_some();
        }
        marks
    }

    /// The same tasks in as few rows of one lane as they need, for charts of many tasks.
    pub(crate) fn packed(&self) -> Scene {
        let mut order: Vec<BarId> = self.bars.ids().collect();
        order.sort_by_key(|&id| (self.bars[id].interval, id));
        let intervals: Vec<Interval> = order.iter().map(|&id| self.bars[id].interval).collect();
        let (rows, count) = first_fit(&intervals);
        let mut moved: IdVec<BarId, BarId> = IdVec::filled(order.len(), BarId::from_index(0));
        let bar = |(index, (&id, &row)): (usize, (&BarId, &u32))| {
            moved[id] = BarId::from_index(index);
            let name = &self.lanes[self.bars[id].lane].name;
            let label = name.clone();
            Bar { lane: LaneId::from_index(0), row, label, ..self.bars[id].clone() }
        };
        let bars = order.iter().zip(&rows).enumerate().map(bar).collect();
        let link =
            |link: &Link| Link { before: moved[link.before], after: moved[link.after], ..*link };
        Scene {
            lanes: [Lane { name: "tasks".to_owned(), rows: count, breaks: Vec::new() }]
                .into_iter()
                .collect(),
            bars,
            links: self.links.iter().map(link).collect(),
            ..self.clone()
        }
    }
}

/// A row for each interval, by start, and the number of rows; empty intervals overlap nothing.
pub(crate) fn first_fit(intervals: &[Interval]) -> (Vec<u32>, u32) {
    let mut free_from: Vec<Time> = Vec::new();
    let mut rows = Vec::with_capacity(intervals.len());
    for interval in intervals {
        if interval.is_empty() {
            rows.push(0);
            continue;
        }
        let free = free_from.iter().position(|&time| time <= interval.start);
        let row = free.unwrap_or(free_from.len());
        if row == free_from.len() {
            free_from.push(interval.end);
        } else {
            free_from[row] = interval.end;
        }
        rows.push(row as u32);
    }
    (rows, (free_from.len() as u32).max(1))
}

impl Usage {
    /// Whether the total is anywhere above the capacity or below the least.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.times().any(|time| self.is_exceeded_at(time))
    }

    /// Whether the total is above the capacity at `time`, or the level of a reservoir too low.
    pub(crate) fn is_exceeded_at(&self, time: Time) -> bool {
        let total = self.total.value(time);
        let low = self.kind == UsageKind::Reservoir
            && self.least.as_ref().is_some_and(|least| total < least.value(time));
        total > self.capacity.value(time) || low
    }

    /// Times at which something changes, in no order.
    pub(crate) fn times(&self) -> impl Iterator<Item = Time> {
        let functions = [Some(&self.total), Some(&self.capacity), self.least.as_ref()];
        let steps = functions.into_iter().flatten().flat_map(|function| function.steps());
        steps.map(|step| step.0).chain([Time::ORIGIN])
    }

    /// Lowest value of the total anywhere.
    pub(crate) fn low(&self) -> i64 {
        self.total.steps().iter().map(|step| step.1).fold(self.total.first(), i64::min)
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
    /// The longest stretch in which its work does not rest, the first of equal ones.
    pub(crate) fn longest_work(&self) -> Interval {
        let mut longest = Interval::new(self.interval.start, self.interval.start);
        let mut start = self.interval.start;
        let end = Interval::new(self.interval.end, self.interval.end);
        for pause in self.pauses.iter().chain([&end]) {
            let work = Interval::new(start, pause.start.max(start));
            if work.elapsed() > longest.elapsed() {
                longest = work;
            }
            start = pause.end;
        }
        longest
    }

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
