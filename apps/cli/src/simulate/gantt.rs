//! A run as a scene: work, setups, blocked and broken times on lanes.
//!
//! **Source:** -

use ordine_base::{Id, IdVec, Interval, Ticks, Time};
use ordine_chart::{Bar, BarKind, Break, BreakKind, Group, GroupId, Lane, LaneId, LaneKind, Scene};
use ordine_sim::{History, HistoryBar, Phase};

/// What a chart of the run shows.
pub(super) fn scene(title: &str, subtitle: &str, history: &History) -> Scene {
    let end = history.bars.iter().map(|bar| bar.end).max().unwrap_or_default();
    let mut bars: Vec<&HistoryBar> =
        history.bars.iter().filter(|bar| bar.end > bar.start && bar.phase != Phase::Down).collect();
    bars.sort_by_key(|bar| (bar.lane, bar.start, bar.end));
    let mut ends: Vec<Vec<Time>> = vec![Vec::new(); history.lanes.len()];
    let drawn: IdVec<_, Bar> =
        bars.iter().map(|bar| drawn(bar, history, &mut ends[bar.lane])).collect();
    let lanes = history.lanes.iter().enumerate().map(|(index, name)| Lane {
        name: name.clone(),
        rows: ends[index].len().max(1) as u32,
        breaks: breaks(history, index),
    });
    Scene {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        span: Interval::new(Time::ORIGIN, end.max(Time::new(1))),
        lane_kind: LaneKind::Machines,
        lanes: lanes.collect(),
        groups: groups(history),
        bars: drawn,
        links: Vec::new(),
        usages: Vec::new(),
        markers: Vec::new(),
        late: Vec::new(),
        absent: Vec::new(),
    }
}

/// The bar in the first row of its lane that is free.
fn drawn(bar: &HistoryBar, history: &History, ends: &mut Vec<Time>) -> Bar {
    let row = ends.iter().position(|&end| end <= bar.start).unwrap_or(ends.len());
    match ends.get_mut(row) {
        Some(end) => *end = bar.end,
        None => ends.push(bar.end),
    }
    let (kind, words) = match bar.phase {
        Phase::Setup => (BarKind::Setup, "setup"),
        Phase::Blocked => (BarKind::Hold, "blocked"),
        Phase::Interrupted => (BarKind::Hold, "interrupted"),
        Phase::Work | Phase::Down => (BarKind::Task, "at work"),
    };
    let group = bar.group.map(|group| format!("{}, ", history.groups[group]));
    let what = format!("{}{} {}", group.unwrap_or_default(), bar.label, words);
    let label = if kind == BarKind::Task { bar.label.clone() } else { String::new() };
    Bar {
        lane: LaneId::from_index(bar.lane),
        row: row as u32,
        interval: Interval::new(bar.start, bar.end),
        kind,
        pauses: Vec::new(),
        late: false,
        group: bar.group.map(GroupId::from_index),
        short: label.clone(),
        label,
        tip: vec![what, format!("{} to {}, {} long", bar.start, bar.end, bar.end - bar.start)],
    }
}

/// When a lane is broken.
fn breaks(history: &History, lane: usize) -> Vec<Break> {
    let down = |bar: &&HistoryBar| {
        bar.lane == lane && bar.phase == Phase::Down && bar.end - bar.start > Ticks::ZERO
    };
    let mut breaks: Vec<Break> = history
        .bars
        .iter()
        .filter(down)
        .map(|bar| Break { interval: Interval::new(bar.start, bar.end), kind: BreakKind::Closed })
        .collect();
    breaks.sort_by_key(|it| (it.interval.start, it.interval.end));
    breaks
}

fn groups(history: &History) -> IdVec<GroupId, Group> {
    let name = |name: &String| Group { name: name.clone(), short: name.clone() };
    history.groups.iter().map(name).collect()
}
