//! From a problem and a schedule to a scene.
//!
//! With machines: one lane per machine, and one lane for the tasks that need none. Without: one
//! lane per task, by start. Bars share the color of their job. Rows within a lane come from
//! first-fit interval coloring, so that what overlaps is seen to overlap.
//! O(tasks × (rows + log tasks) + resources × tasks).
//!
//! **Source:** -

use crate::scene::{
    Bar, Group, GroupId, LEGEND_MAX, Lane, LaneId, LaneKind, Layer, Marker, MarkerKind, Scene,
    Usage, UsageKind,
};
use ordine_base::{Cost, Demand, Id, IdVec, Interval, StepFunction, Ticks, Time};
use ordine_problem::{
    JobId, Placement, Problem, Requirement, ResourceId, ResourceKind, Schedule, TaskId,
};

/// What a chart of `schedule` shows.
///
/// The schedule may be partial or infeasible: what is placed is drawn.
///
/// # Panics
/// When the schedule names a mode that the problem does not have.
pub fn scene(problem: &Problem, schedule: &Schedule) -> Scene {
    build(problem, schedule, None)
}

/// What a chart of `schedule` shows, with a proven bound of the objective.
///
/// # Panics
/// When the schedule names a mode that the problem does not have.
pub fn scene_with_bound(problem: &Problem, schedule: &Schedule, bound: &Cost) -> Scene {
    build(problem, schedule, Some(bound))
}

fn build(problem: &Problem, schedule: &Schedule, bound: Option<&Cost>) -> Scene {
    let placed = in_time_order(problem, schedule);
    let mut markers = due_markers(problem);
    if let Some(bound) = bound.filter(|_| problem.objective().is_makespan()) {
        let label = format!("bound {bound}");
        markers.push(Marker { time: Time::new(bound.first()), kind: MarkerKind::Bound, label });
    }
    markers.sort_by_key(|marker| marker.time);
    let lane_kind = lane_kind(problem);
    let (lanes, bars) = match lane_kind {
        LaneKind::Machines => machine_lanes(problem, &placed),
        LaneKind::Tasks => task_lanes(problem, &placed),
    };
    Scene {
        title: problem.name().to_owned(),
        subtitle: subtitle(problem, schedule, placed.len(), bound),
        span: span(&placed, &markers),
        lane_kind,
        lanes,
        groups: groups(problem, &placed),
        bars,
        usages: usages(problem, &placed),
        markers,
    }
}

/// A placed task whose interval is known to be well formed.
#[derive(Clone, Copy)]
struct Placed {
    task: TaskId,
    placement: Placement,
    interval: Interval,
}

fn in_time_order(problem: &Problem, schedule: &Schedule) -> Vec<Placed> {
    let place = |task: TaskId| {
        let placement = schedule.placement(task)?;
        let end = placement.end.max(placement.start);
        Some(Placed { task, placement, interval: Interval::new(placement.start, end) })
    };
    let mut placed: Vec<Placed> = problem.tasks().filter_map(place).collect();
    placed.sort_by_key(|it| (it.interval, it.task));
    placed
}

fn lane_kind(problem: &Problem) -> LaneKind {
    let is_machine = |resource| problem.resource(resource).kind == ResourceKind::Machine;
    if problem.resources().any(is_machine) { LaneKind::Machines } else { LaneKind::Tasks }
}

fn group_of(problem: &Problem, task: TaskId) -> Option<GroupId> {
    problem.task(task).job.map(|job| GroupId::from_index(job.index()))
}

fn subtitle(problem: &Problem, schedule: &Schedule, placed: usize, bound: Option<&Cost>) -> String {
    let cost = schedule.cost(problem);
    let objective = problem.objective().to_string();
    let named = objective.split(',').zip(cost.levels());
    let mut parts: Vec<String> = named.map(|(name, value)| format!("{name} {value}")).collect();
    if let Some(bound) = bound {
        parts.push(format!("bound {bound}"));
        match cost.gap(bound) {
            _ if cost == *bound => parts.push("optimal".to_owned()),
            gap if gap.is_finite() => parts.push(format!("gap {:.1} %", 100.0 * gap)),
            _ => {}
        }
    }
    if placed < problem.tasks().len() {
        parts.push(format!("{placed} of {} tasks placed", problem.tasks().len()));
    }
    parts.join(" · ")
}

/// From the origin, or from the first start where that lies far away, to the last end; due times
/// stretch it by at most a tenth.
fn span(placed: &[Placed], markers: &[Marker]) -> Interval {
    let first = placed.iter().map(|it| it.interval.start).min().unwrap_or(Time::ORIGIN);
    let last = placed.iter().map(|it| it.interval.end).max().unwrap_or(Time::ORIGIN);
    let far = first > Time::ORIGIN && (last - first).get() < first.get();
    let start = if far { first } else { first.min(Time::ORIGIN) };
    let stretched = last + Ticks::new((last - start).get() / 10);
    let shown = markers.iter().map(|marker| marker.time).filter(|&time| time <= stretched);
    let end = shown.max().unwrap_or(last).max(last);
    Interval::new(start, end.max(start + Ticks::new(1)))
}

fn due_markers(problem: &Problem) -> Vec<Marker> {
    let marker = |job: JobId| {
        let data = problem.job(job);
        let time = data.due?;
        let kind = MarkerKind::Due(GroupId::from_index(job.index()));
        Some(Marker { time, kind, label: format!("{} due {time}", data.name) })
    };
    problem.jobs().filter_map(marker).collect()
}

fn groups(problem: &Problem, placed: &[Placed]) -> IdVec<GroupId, Group> {
    let mut ends: IdVec<JobId, Option<Time>> = IdVec::filled(problem.jobs().len(), None);
    for it in placed {
        if let Some(job) = problem.task(it.task).job {
            ends[job] = ends[job].max(Some(it.interval.end));
        }
    }
    let names: Vec<&str> = problem.jobs().map(|job| problem.job(job).name.as_str()).collect();
    let shorts = without_common_prefix(&names);
    let group = |(job, short): (JobId, &str)| {
        let data = problem.job(job);
        let lateness = data.due.zip(ends[job]).map(|(due, end)| end - due);
        Group { name: data.name.clone(), short: short.to_owned(), lateness }
    };
    problem.jobs().zip(shorts).map(group).collect()
}

/// The names without their longest common prefix of letters and separators; names stay whole when
/// one of them would be empty.
fn without_common_prefix<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let Some(first) = names.first() else { return Vec::new() };
    let common = |prefix: usize, name: &&str| {
        let same = first.bytes().zip(name.bytes()).take_while(|(left, right)| left == right);
        prefix.min(same.count())
    };
    let letters = first.bytes().take_while(|byte| byte.is_ascii() && !byte.is_ascii_digit());
    let prefix = names.iter().fold(letters.count(), common);
    if names.len() < 2 || names.iter().any(|name| name.len() == prefix) {
        return names.to_vec();
    }
    names.iter().map(|name| &name[prefix..]).collect()
}

fn tip(problem: &Problem, it: Placed) -> String {
    let task = problem.task(it.task);
    let mut tip = task.name.clone();
    if let Some(job) = task.job {
        tip += &format!(" of {}", problem.job(job).name);
    }
    let interval = it.interval;
    tip += &format!(": [{}, {}), {} ticks", interval.start, interval.end, interval.elapsed());
    if problem.modes(it.task).len() > 1 {
        tip += &format!(", mode {}", problem.mode_number(it.placement.mode));
    }
    for need in problem.requirements(it.placement.mode) {
        tip += &format!("; {}", need_words(problem, need));
    }
    tip
}

fn need_words(problem: &Problem, need: &Requirement) -> String {
    let resource = problem.resource(need.resource);
    match resource.kind {
        ResourceKind::Machine => resource.name.clone(),
        _ => format!("{} {}", need.demand, resource.name),
    }
}

fn task_lanes(problem: &Problem, placed: &[Placed]) -> (IdVec<LaneId, Lane>, Vec<Bar>) {
    let lane = |it: &Placed| Lane { name: problem.task(it.task).name.clone(), rows: 1 };
    let bar = |(index, &it): (usize, &Placed)| Bar {
        lane: LaneId::from_index(index),
        row: 0,
        interval: it.interval,
        group: group_of(problem, it.task),
        label: String::new(),
        short: String::new(),
        tip: tip(problem, it),
    };
    (placed.iter().map(lane).collect(), placed.iter().enumerate().map(bar).collect())
}

fn machine_lanes(problem: &Problem, placed: &[Placed]) -> (IdVec<LaneId, Lane>, Vec<Bar>) {
    let mut lanes: IdVec<LaneId, Lane> = IdVec::new();
    let mut lane_of: IdVec<ResourceId, Option<LaneId>> =
        IdVec::filled(problem.resources().len(), None);
    for resource in problem.resources() {
        let data = problem.resource(resource);
        if data.kind == ResourceKind::Machine {
            lane_of[resource] = Some(lanes.push(Lane { name: data.name.clone(), rows: 1 }));
        }
    }
    let mut on_lane: IdVec<LaneId, Vec<Placed>> = IdVec::filled(lanes.len(), Vec::new());
    let mut elsewhere = Vec::new();
    for &it in placed {
        let needs = problem.requirements(it.placement.mode);
        let mut machines = needs.iter().filter_map(|need| lane_of[need.resource]).peekable();
        let is_milestone = needs.is_empty() && it.interval.is_empty();
        if machines.peek().is_none() && !is_milestone {
            elsewhere.push(it);
        }
        machines.for_each(|lane| on_lane[lane].push(it));
    }
    if !elsewhere.is_empty() {
        lanes.push(Lane { name: "no machine".to_owned(), rows: 1 });
        on_lane.push(elsewhere);
    }
    let labels = Labels::new(problem);
    let mut bars = Vec::new();
    for (lane, tasks) in on_lane.iter() {
        let (rows, count) = first_fit(tasks);
        lanes[lane].rows = count;
        let bar = |(&it, row): (&Placed, u32)| labels.bar(lane, row, it);
        bars.extend(tasks.iter().zip(rows).map(bar));
    }
    (lanes, bars)
}

/// A row for each task, and the number of rows; empty intervals overlap nothing.
fn first_fit(tasks: &[Placed]) -> (Vec<u32>, u32) {
    let mut free_from: Vec<Time> = Vec::new();
    let mut rows = Vec::with_capacity(tasks.len());
    for it in tasks {
        if it.interval.is_empty() {
            rows.push(0);
            continue;
        }
        let free = free_from.iter().position(|&time| time <= it.interval.start);
        let row = free.unwrap_or(free_from.len());
        if row == free_from.len() {
            free_from.push(it.interval.end);
        } else {
            free_from[row] = it.interval.end;
        }
        rows.push(row as u32);
    }
    (rows, (free_from.len() as u32).max(1))
}

/// What to write on bars in machine lanes: the job where jobs have several tasks, else the task.
struct Labels<'a> {
    problem: &'a Problem,
    by_job: bool,
    short_jobs: Vec<&'a str>,
    short_tasks: Vec<&'a str>,
}

impl<'a> Labels<'a> {
    fn new(problem: &'a Problem) -> Self {
        let jobs: Vec<&str> = problem.jobs().map(|job| problem.job(job).name.as_str()).collect();
        let tasks: Vec<&str> =
            problem.tasks().map(|task| problem.task(task).name.as_str()).collect();
        Labels {
            problem,
            by_job: problem.jobs().any(|job| problem.job_tasks(job).len() > 1),
            short_jobs: without_common_prefix(&jobs),
            short_tasks: without_common_prefix(&tasks),
        }
    }

    fn bar(&self, lane: LaneId, row: u32, it: Placed) -> Bar {
        let task = self.problem.task(it.task);
        let (label, short) = match task.job.filter(|_| self.by_job) {
            Some(job) => (self.problem.job(job).name.as_str(), self.short_jobs[job.index()]),
            None => (task.name.as_str(), self.short_tasks[it.task.index()]),
        };
        Bar {
            lane,
            row,
            interval: it.interval,
            group: group_of(self.problem, it.task),
            label: label.to_owned(),
            short: short.to_owned(),
            tip: tip(self.problem, it),
        }
    }
}

fn usages(problem: &Problem, placed: &[Placed]) -> Vec<Usage> {
    let usage = |resource: ResourceId| {
        let data = problem.resource(resource);
        let kind = match data.kind {
            ResourceKind::Machine | ResourceKind::Reservoir(_) => return None,
            ResourceKind::Renewable(_) => UsageKind::Renewable,
            ResourceKind::Consumable(_) => UsageKind::Consumable,
        };
        let changes = changes(problem, placed, resource, kind);
        let total = changes.iter().map(|change| change.1).collect();
        Some(Usage {
            name: data.name.clone(),
            kind,
            capacity: data.capacity(),
            total: StepFunction::from_changes(total),
            layers: layers(problem, &changes),
        })
    };
    problem.resources().filter_map(usage).collect()
}

type Change = (Option<GroupId>, (Time, i64));

fn changes(
    problem: &Problem,
    placed: &[Placed],
    resource: ResourceId,
    kind: UsageKind,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for it in placed {
        let needs = problem.requirements(it.placement.mode);
        let demand = needs.iter().find(|need| need.resource == resource).map(|need| need.demand);
        let demand = demand.unwrap_or(Demand::ZERO).get();
        if demand == 0 {
            continue;
        }
        let group = group_of(problem, it.task);
        changes.push((group, (it.interval.start, demand)));
        if kind == UsageKind::Renewable {
            changes.push((group, (it.interval.end, -demand)));
        }
    }
    changes
}

/// One layer per group where a legend can name them, else one for all.
fn layers(problem: &Problem, changes: &[Change]) -> Vec<Layer> {
    let split = problem.jobs().len() <= LEGEND_MAX;
    let key = |change: &Change| if split { change.0 } else { None };
    let mut groups: Vec<Option<GroupId>> = changes.iter().map(key).collect();
    groups.sort_unstable();
    groups.dedup();
    let layer = |group: Option<GroupId>| {
        let own = changes.iter().filter(|change| key(change) == group);
        let profile = StepFunction::from_changes(own.map(|change| change.1).collect());
        Layer { group, profile }
    };
    groups.into_iter().map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_prefixes_of_letters_are_cut() {
        assert_eq!(without_common_prefix(&["j10", "j11"]), ["10", "11"]);
        assert_eq!(without_common_prefix(&["cut", "cutter"]), ["cut", "cutter"]);
        assert_eq!(without_common_prefix(&["job a", "job b"]), ["a", "b"]);
        assert_eq!(without_common_prefix(&["é1", "é2"]), ["é1", "é2"]);
        assert_eq!(without_common_prefix(&["alone"]), ["alone"]);
    }
}
