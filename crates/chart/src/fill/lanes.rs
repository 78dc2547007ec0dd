//! Lanes with their bars: tasks, the setups before them and the time for which they block.
//!
//! A setup stands right before its task, however long the machine was free before that.
//!
//! **Source:** -

use super::words::Labels;
use super::{Placed, Source, is_task};
use crate::scene::{Bar, BarId, BarKind, Lane, LaneId, LaneKind, first_fit};
use ordine_base::{Id, IdVec, Interval, Ticks, Time};
use ordine_problem::{ResourceId, TaskId};
use std::collections::BTreeMap;

/// Most pauses that a scene holds in all; beyond, none is shown.
const PAUSES_MAX: usize = 20_000;

/// Lanes and bars.
pub(super) struct Drawn {
    pub(super) lanes: IdVec<LaneId, Lane>,
    pub(super) bars: IdVec<BarId, Bar>,
    /// The first bar of each task.
    pub(super) bar_of: IdVec<TaskId, Option<BarId>>,
}

/// A setup: until when it lasts is when its task starts.
struct Changeover {
    start: Time,
    before: Option<TaskId>,
}

impl Source<'_> {
    pub(super) fn lanes(&self) -> Drawn {
        let (lanes, mut bars) = match self.lane_kind() {
            LaneKind::Machines => self.machine_lanes(),
            LaneKind::Tasks => self.task_lanes(),
        };
        if bars.iter().map(|(_, bar)| bar.pauses.len()).sum::<usize>() > PAUSES_MAX {
            bars.iter_mut().for_each(|(_, bar)| bar.pauses.clear());
        }
        bars.sort_by_key(|(task, bar)| (bar.lane, bar.interval, bar.kind, *task));
        let mut bar_of = IdVec::filled(self.problem.tasks().len(), None);
        let mut sorted = IdVec::new();
        for (task, bar) in bars {
            let shows_task = is_task(bar.kind);
            let id = sorted.push(bar);
            if shows_task && bar_of[task].is_none() {
                bar_of[task] = Some(id);
            }
        }
        Drawn { lanes, bars: sorted, bar_of }
    }

    fn task_lanes(&self) -> (IdVec<LaneId, Lane>, Vec<(TaskId, Bar)>) {
        let mut lanes = IdVec::new();
        let mut bars = Vec::new();
        for &it in &self.placed {
            let name = self.problem.task(it.task).name.clone();
            let lane = lanes.push(Lane { name, rows: 1, breaks: Vec::new() });
            bars.push((it.task, self.bar(lane, it)));
            let needs = self.problem.requirements(it.placement.mode).iter();
            let released = needs.filter_map(|need| self.release(need.resource, it)).max();
            bars.extend(released.map(|end| (it.task, self.hold(lane, it, end))));
        }
        (lanes, bars)
    }

    fn machine_lanes(&self) -> (IdVec<LaneId, Lane>, Vec<(TaskId, Bar)>) {
        let problem = self.problem;
        let mut lanes: IdVec<LaneId, Lane> = IdVec::new();
        let mut machine_of: Vec<Option<ResourceId>> = Vec::new();
        let mut lane_of: IdVec<ResourceId, Option<LaneId>> =
            IdVec::filled(problem.resources().len(), None);
        for resource in problem.resources().filter(|&it| problem.resource(it).is_machine()) {
            let name = problem.resource(resource).name.clone();
            let breaks = self.shutdowns.of(resource).to_vec();
            lane_of[resource] = Some(lanes.push(Lane { name, rows: 1, breaks }));
            machine_of.push(Some(resource));
        }
        let mut on_lane: Vec<Vec<Placed>> = vec![Vec::new(); lanes.len()];
        let mut elsewhere = Vec::new();
        for &it in &self.placed {
            let needs = problem.requirements(it.placement.mode);
            let mut machines = needs.iter().filter_map(|need| lane_of[need.resource]).peekable();
            let is_milestone = needs.is_empty() && it.interval.is_empty();
            if machines.peek().is_none() && !is_milestone {
                elsewhere.push(it);
            }
            machines.for_each(|lane| on_lane[lane.index()].push(it));
        }
        if !elsewhere.is_empty() {
            lanes.push(Lane { name: "no machine".to_owned(), rows: 1, breaks: Vec::new() });
            on_lane.push(elsewhere);
            machine_of.push(None);
        }
        let labels = Labels::new(problem);
        let mut bars = Vec::new();
        for (index, tasks) in on_lane.iter().enumerate() {
            let lane = LaneId::from_index(index);
            lanes[lane].rows = self.lane_bars(&labels, lane, machine_of[index], tasks, &mut bars);
        }
        (lanes, bars)
    }

    /// Adds the bars of a lane; gives the number of its rows.
    fn lane_bars(
        &self,
        labels: &Labels<'_>,
        lane: LaneId,
        machine: Option<ResourceId>,
        tasks: &[Placed],
        bars: &mut Vec<(TaskId, Bar)>,
    ) -> u32 {
        let releases: Vec<Option<Time>> =
            tasks.iter().map(|&it| self.release(machine?, it)).collect();
        let kept = tasks.iter().zip(&releases).map(|(it, release)| {
            Interval::new(it.interval.start, release.unwrap_or(it.interval.end))
        });
        let (rows, count) = first_fit(&kept.collect::<Vec<_>>());
        let setups = machine.map(|machine| self.setups(machine)).unwrap_or_default();
        for ((&it, release), row) in tasks.iter().zip(releases).zip(rows) {
            let (label, short) = labels.of(it.task);
            bars.push((it.task, Bar { row, label, short, ..self.bar(lane, it) }));
            if let Some(end) = release {
                bars.push((it.task, Bar { row, ..self.hold(lane, it, end) }));
            }
            if let Some((setup, machine)) = setups.get(&it.task).zip(machine) {
                let interval = Interval::new(setup.start, it.interval.start);
                let tip = self.setup_tip(machine, setup.before, it.task, interval);
                let bar = self.plain(lane, it.task, interval, BarKind::Setup, tip);
                bars.push((it.task, Bar { row, late: false, ..bar }));
            }
        }
        count
    }

    /// The setups on a machine, by the task that they make ready for.
    fn setups(&self, machine: ResourceId) -> BTreeMap<TaskId, Changeover> {
        let problem = self.problem;
        let mut setups = BTreeMap::new();
        if problem.resource(machine).setup.is_none() {
            return setups;
        }
        let is_batching = problem.resource(machine).batching.is_some();
        let mut before: Option<(TaskId, Interval)> = None;
        for it in &self.uses[machine] {
            let joins = |(task, interval): (TaskId, Interval)| {
                task == it.task || is_batching && interval == it.interval
            };
            if before.is_some_and(joins) {
                continue;
            }
            let family = match before {
                Some((before, _)) => problem.task(before).family,
                None => problem.resource(machine).initial_family,
            };
            let (time, _) = problem.setup_between(machine, family, it.task);
            if time > Ticks::ZERO {
                let (start, before) = (it.interval.start - time, before.map(|it| it.0));
                setups.entry(it.task).or_insert(Changeover { start, before });
            }
            before = Some((it.task, it.interval));
        }
        setups
    }

    /// When the task gives the resource back, where that is after its end.
    fn release(&self, resource: ResourceId, it: Placed) -> Option<Time> {
        self.problem.hold_of(it.task)?;
        let uses = &self.uses[resource];
        let first = uses.partition_point(|other| other.interval.start < it.interval.start);
        let near = uses[first..].iter().take_while(|other| other.interval.start <= it.interval.end);
        let own = near.filter(|other| other.task == it.task);
        own.map(|other| other.interval.end).max().filter(|&end| end > it.interval.end)
    }

    fn bar(&self, lane: LaneId, it: Placed) -> Bar {
        let mode = it.placement.mode;
        let is_span = self.problem.span_of(it.task).is_some();
        let pauses = match is_span {
            true => Vec::new(),
            false => self.shutdowns.pauses(self.problem, mode, it.interval),
        };
        let tip = self.tip(it, &pauses);
        let kind = if is_span { BarKind::Span } else { BarKind::Task };
        Bar { pauses, ..self.plain(lane, it.task, it.interval, kind, tip) }
    }

    fn hold(&self, lane: LaneId, it: Placed, end: Time) -> Bar {
        let interval = Interval::new(it.interval.end, end);
        let tip = self.hold_tip(it.task, interval);
        self.plain(lane, it.task, interval, BarKind::Hold, tip)
    }

    fn plain(
        &self,
        lane: LaneId,
        task: TaskId,
        interval: Interval,
        kind: BarKind,
        tip: Vec<String>,
    ) -> Bar {
        Bar {
            lane,
            row: 0,
            interval,
            kind,
            pauses: Vec::new(),
            late: self.is_late(task),
            group: self.group(task),
            label: String::new(),
            short: String::new(),
            tip,
        }
    }
}
