//! From a problem and a schedule to a scene.
//!
//! With machines: one lane per machine, and one lane for the tasks that need none. Without: one
//! lane per task, by start. Bars share the color of their job, or of their family where jobs are
//! single tasks. Rows within a lane come from first-fit interval coloring, so that what overlaps is
//! seen to overlap. O(tasks × (rows + log tasks) + resources × tasks).
//!
//! **Source:** -

mod breaks;
mod lanes;
mod usages;
mod words;

use crate::scene::{
    BarId, BarKind, Group, GroupId, LEGEND_MAX, LaneKind, Late, Link, Marker, MarkerKind, Scene,
    Side,
};
use breaks::Shutdowns;
use ordine_base::{Cost, Id, IdVec, Interval, Ticks, Time};
use ordine_problem::{JobId, Placement, Problem, ResourceId, Schedule, TaskId, Use, uses};
use words::without_common_prefix;

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
    let ends = ends(problem, &placed);
    let coloring = Coloring::of(problem);
    let mut markers = date_markers(problem, &ends, coloring);
    if let Some(bound) = bound.filter(|_| problem.objective().is_makespan()) {
        let label = format!("bound {bound}");
        markers.push(Marker { time: Time::new(bound.first()), kind: MarkerKind::Bound, label });
    }
    if problem.now() > Time::ORIGIN {
        let (time, label) = (problem.now(), format!("now {}", problem.now()));
        markers.push(Marker { time, kind: MarkerKind::Now, label });
    }
    markers.sort_by_key(|marker| marker.time);
    let span = span(&placed, &markers);
    let source = Source {
        problem,
        uses: uses(problem, schedule),
        shutdowns: Shutdowns::within(problem, span),
        late: problem.jobs().map(|job| tardiness(problem, &ends, job).is_some()).collect(),
        coloring,
        placed,
    };
    let drawn = source.lanes();
    let name = |task: TaskId| problem.task(task).name.clone();
    let is_absent =
        |&task: &TaskId| problem.task(task).optional && schedule.placement(task).is_none();
    Scene {
        title: problem.name().to_owned(),
        subtitle: subtitle(problem, schedule, bound),
        span,
        lane_kind: source.lane_kind(),
        groups: groups(problem, coloring),
        links: links(problem, &drawn.bar_of),
        lanes: drawn.lanes,
        bars: drawn.bars,
        usages: source.usages(),
        markers,
        late: late(problem, &ends),
        absent: problem.tasks().filter(is_absent).map(name).collect(),
    }
}

/// What a scene is made from.
struct Source<'a> {
    problem: &'a Problem,
    /// By (start, end, task).
    placed: Vec<Placed>,
    uses: IdVec<ResourceId, Vec<Use>>,
    shutdowns: Shutdowns,
    /// Jobs that end too late.
    late: IdVec<JobId, bool>,
    coloring: Coloring,
}

/// A placed task whose interval is known to be well formed.
#[derive(Clone, Copy)]
struct Placed {
    task: TaskId,
    placement: Placement,
    interval: Interval,
}

/// What bars share colors by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coloring {
    Jobs,
    Families,
}

impl Coloring {
    /// Families say more than jobs where each job is a single task.
    fn of(problem: &Problem) -> Self {
        let is_single = |job| problem.job_tasks(job).len() <= 1;
        let has_families = (1..=LEGEND_MAX).contains(&problem.families().len());
        let is_used = || problem.tasks().any(|task| problem.task(task).family.is_some());
        match has_families && problem.jobs().all(is_single) && is_used() {
            true => Coloring::Families,
            false => Coloring::Jobs,
        }
    }
}

impl Source<'_> {
    fn group(&self, task: TaskId) -> Option<GroupId> {
        let data = self.problem.task(task);
        match self.coloring {
            Coloring::Jobs => data.job.map(|job| GroupId::from_index(job.index())),
            Coloring::Families => data.family.map(|it| GroupId::from_index(it.index())),
        }
    }

    fn is_late(&self, task: TaskId) -> bool {
        self.problem.task(task).job.is_some_and(|job| self.late[job])
    }

    fn lane_kind(&self) -> LaneKind {
        let problem = self.problem;
        let has_machine = problem.resources().any(|it| problem.resource(it).is_machine());
        if has_machine { LaneKind::Machines } else { LaneKind::Tasks }
    }
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

fn subtitle(problem: &Problem, schedule: &Schedule, bound: Option<&Cost>) -> String {
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
    let all = problem.tasks().len();
    let absent = |task: TaskId| schedule.placement(task).is_none();
    let missing = problem.tasks().filter(|&task| absent(task) && !problem.task(task).optional);
    if missing.count() > 0 {
        parts.push(format!("{} of {all} tasks placed", schedule.placed().count()));
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

/// When each job ends, if any of its tasks is placed.
fn ends(problem: &Problem, placed: &[Placed]) -> IdVec<JobId, Option<Time>> {
    let mut ends: IdVec<JobId, Option<Time>> = IdVec::filled(problem.jobs().len(), None);
    for it in placed {
        if let Some(job) = problem.task(it.task).job {
            ends[job] = ends[job].max(Some(it.interval.end));
        }
    }
    ends
}

fn tardiness(problem: &Problem, ends: &IdVec<JobId, Option<Time>>, job: JobId) -> Option<Ticks> {
    let data = problem.job(job);
    let wished = data.due.or(data.deadline)?;
    let tardiness = ends[job]? - wished;
    (tardiness > Ticks::ZERO).then_some(tardiness)
}

fn late(problem: &Problem, ends: &IdVec<JobId, Option<Time>>) -> Vec<Late> {
    let late = |job: JobId| {
        let tardiness = tardiness(problem, ends, job)?;
        Some(Late { name: problem.job(job).name.clone(), tardiness })
    };
    problem.jobs().filter_map(late).collect()
}

fn date_markers(
    problem: &Problem,
    ends: &IdVec<JobId, Option<Time>>,
    coloring: Coloring,
) -> Vec<Marker> {
    let mut markers = Vec::new();
    for job in problem.jobs() {
        let data = problem.job(job);
        let family = || problem.task(*problem.job_tasks(job).first()?).family;
        let group = match coloring {
            Coloring::Jobs => Some(GroupId::from_index(job.index())),
            Coloring::Families => family().map(|it| GroupId::from_index(it.index())),
        };
        let missed = |time: Time| ends[job].is_some_and(|end| end > time);
        if let Some(time) = data.due {
            let label = match data.due_from.filter(|&from| from < time) {
                Some(from) => format!("{} due from {from} to {time}", data.name),
                None => format!("{} due {time}", data.name),
            };
            let kind = MarkerKind::Due { group, late: missed(time) };
            markers.push(Marker { time, kind, label });
        }
        if let Some(time) = data.deadline {
            let label = format!("{} deadline {time}", data.name);
            let kind = MarkerKind::Deadline { group, late: missed(time) };
            markers.push(Marker { time, kind, label });
        }
    }
    markers
}

fn groups(problem: &Problem, coloring: Coloring) -> IdVec<GroupId, Group> {
    let names: Vec<&str> = match coloring {
        Coloring::Jobs => problem.jobs().map(|job| problem.job(job).name.as_str()).collect(),
        Coloring::Families => problem.families().values().map(String::as_str).collect(),
    };
    let shorts = without_common_prefix(&names);
    let group =
        |(name, short): (&&str, &str)| Group { name: (*name).to_owned(), short: short.to_owned() };
    names.iter().zip(shorts).map(group).collect()
}

/// One link per precedence whose ends are both drawn.
fn links(problem: &Problem, bar_of: &IdVec<TaskId, Option<BarId>>) -> Vec<Link> {
    let side = |is_end: bool| if is_end { Side::End } else { Side::Start };
    let link = |it: &ordine_problem::Precedence| {
        let (before, after) = (bar_of[it.before]?, bar_of[it.after]?);
        let (from, to) = (side(it.kind.leaves_end()), side(!it.kind.enters_start()));
        Some(Link { before, after, from, to })
    };
    problem.precedences().values().filter_map(link).collect()
}

/// Whether the bar shows a task itself.
fn is_task(kind: BarKind) -> bool {
    matches!(kind, BarKind::Task | BarKind::Span)
}
