//! Names for the parts of a problem that can take part in a contradiction.
//!
//! Each deadline, release, window, precedence, capacity, calendar and relation is one; what a task
//! is (its modes, its job, what it spans) and what has happened are none that could be dropped.
//!
//! **Source:** constraints as the units of an explanation: Junker 2004.

use ordine_base::{Demand, Time};
use ordine_problem::{
    JobId, ModeId, Precedence, PrecedenceId, PrecedenceKind, Problem, ResourceId, ResourceKind,
    Status, TaskId,
};

/// A part of a problem that can take part in a contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintId {
    /// The capacity of a resource; of a reservoir its levels.
    Capacity(ResourceId),
    /// A precedence.
    Precedence(PrecedenceId),
    /// The deadline of a job.
    Deadline(JobId),
    /// The release of a job.
    Release(JobId),
    /// The time window of a task.
    Window(TaskId),
    /// That a task is done, running or frozen.
    Status(TaskId),
    /// What a mode demands of a resource.
    Demand(ModeId, ResourceId),
    /// That the resources of a mode never work together for long enough.
    WorkingTime(ModeId),
    /// Where a task must not start, end or run.
    ForbiddenTimes(TaskId),
    /// The calendar of a resource.
    Calendar(ResourceId),
    /// The setups of a machine.
    Setups(ResourceId),
    /// The least usage of a renewable.
    LeastUsage(ResourceId),
    /// A choice among tasks, by its position.
    Selection(usize),
    /// That a task keeps its resources until another starts.
    Hold(TaskId),
    /// One order of jobs on several machines, by its position.
    SameSequence(usize),
    /// A relation between the modes of two tasks, by its position.
    ModeRelation(usize),
    /// That held machines are not exchanged in a circle.
    Swaps,
}

impl ConstraintId {
    /// Words for the kinds of constraints, as people type them.
    pub const KINDS: [&'static str; 15] = [
        "capacity",
        "precedence",
        "deadline",
        "release",
        "window",
        "status",
        "forbidden-time",
        "calendar",
        "setup",
        "least-usage",
        "choice",
        "blocking",
        "same-sequence",
        "mode-relation",
        "swap",
    ];

    /// The word for its kind.
    pub const fn kind(self) -> &'static str {
        match self {
            ConstraintId::Capacity(_) | ConstraintId::Demand(..) => "capacity",
            ConstraintId::Precedence(_) => "precedence",
            ConstraintId::Deadline(_) => "deadline",
            ConstraintId::Release(_) => "release",
            ConstraintId::Window(_) => "window",
            ConstraintId::Status(_) => "status",
            ConstraintId::ForbiddenTimes(_) => "forbidden-time",
            ConstraintId::Calendar(_) | ConstraintId::WorkingTime(_) => "calendar",
            ConstraintId::Setups(_) => "setup",
            ConstraintId::LeastUsage(_) => "least-usage",
            ConstraintId::Selection(_) => "choice",
            ConstraintId::Hold(_) => "blocking",
            ConstraintId::SameSequence(_) => "same-sequence",
            ConstraintId::ModeRelation(_) => "mode-relation",
            ConstraintId::Swaps => "swap",
        }
    }

    /// Every part that can take part in a contradiction: a core lies within.
    pub fn all(problem: &Problem) -> Vec<ConstraintId> {
        let binding = |id: &ResourceId| problem.resource(*id).overuse_penalty.is_none();
        let hard = |it: &(PrecedenceId, &Precedence)| it.1.penalty.is_none();
        let deadlines = problem.jobs().filter(|&job| problem.job(job).deadline.is_some());
        let releases = problem.jobs().filter(|&job| problem.job(job).release > Time::ORIGIN);
        let windows = problem.tasks().filter(|&task| has_window(problem, task));
        let forbidden = problem.tasks().filter(|&task| {
            let data = problem.task(task);
            let times = [&data.forbidden_starts, &data.forbidden_ends, &data.forbidden_extents];
            times.into_iter().any(|times| !times.is_empty())
        });
        let settled = problem.tasks().filter(|&task| problem.task(task).status != Status::Free);
        let with = |has: fn(&ordine_problem::Resource) -> bool| {
            problem.resources().filter(move |&id| has(problem.resource(id)))
        };
        let swaps = (!problem.swaps_allowed()).then_some(ConstraintId::Swaps);
        (problem.resources().filter(binding).map(ConstraintId::Capacity))
            .chain(problem.precedences().iter().filter(hard).map(|it| it.0).map(Self::Precedence))
            .chain(deadlines.map(ConstraintId::Deadline))
            .chain(releases.map(ConstraintId::Release))
            .chain(windows.map(ConstraintId::Window))
            .chain(settled.map(ConstraintId::Status))
            .chain(forbidden.map(ConstraintId::ForbiddenTimes))
            .chain(with(|it| it.calendar.is_some()).map(ConstraintId::Calendar))
            .chain(with(|it| it.setup.is_some()).map(ConstraintId::Setups))
            .chain(with(|it| it.usage_min.is_some()).map(ConstraintId::LeastUsage))
            .chain((0..problem.selections().len()).map(ConstraintId::Selection))
            .chain(problem.holds().iter().map(|hold| ConstraintId::Hold(hold.task)))
            .chain((0..problem.same_sequences().len()).map(ConstraintId::SameSequence))
            .chain((0..problem.mode_relations().len()).map(ConstraintId::ModeRelation))
            .chain(swaps)
            .collect()
    }

    /// Says in words which constraint it is.
    pub fn describe(self, problem: &Problem) -> String {
        let task_name = |task| format!("task {}", problem.task(task).name);
        let resource_name = |id| &problem.resource(id).name;
        match self {
            ConstraintId::Capacity(id) => {
                let resource = problem.resource(id);
                match resource.kind {
                    ResourceKind::Reservoir(stock) => {
                        let (least, most) = (stock.least, stock.most);
                        format!("levels {least} to {most} of reservoir {}", resource.name)
                    }
                    _ => format!("capacity {} of resource {}", resource.capacity(), resource.name),
                }
            }
            ConstraintId::Precedence(id) => {
                let precedence = problem.precedences()[id];
                let name = |task| &problem.task(task).name;
                format!("precedence {} -> {}", name(precedence.before), name(precedence.after))
            }
            ConstraintId::Deadline(id) => format!("deadline of job {}", problem.job(id).name),
            ConstraintId::Release(id) => format!("release of job {}", problem.job(id).name),
            ConstraintId::Window(id) => format!("time window of {}", task_name(id)),
            ConstraintId::Status(id) => {
                let word = match problem.task(id).status {
                    Status::Free => "free",
                    Status::Done { .. } => "done",
                    Status::Running { .. } => "running",
                    Status::Frozen { .. } => "frozen",
                };
                format!("{}, which is {word}", task_name(id))
            }
            ConstraintId::Demand(mode, id) => demand_words(problem, mode, id),
            ConstraintId::WorkingTime(mode) => format!(
                "working time of {} in mode {}: no stretch fits its {} ticks",
                task_name(problem.mode(mode).task),
                problem.mode_number(mode),
                problem.mode(mode).duration
            ),
            ConstraintId::ForbiddenTimes(id) => format!("forbidden times of {}", task_name(id)),
            ConstraintId::Calendar(id) => format!("calendar of resource {}", resource_name(id)),
            ConstraintId::Setups(id) => format!("setups of resource {}", resource_name(id)),
            ConstraintId::LeastUsage(id) => {
                format!("least usage of resource {}", resource_name(id))
            }
            ConstraintId::Selection(place) => {
                let tasks = problem.selections()[place].tasks.iter();
                let names: Vec<&str> =
                    tasks.map(|task| problem.task(*task).name.as_str()).collect();
                format!("choice among {}", names.join(", "))
            }
            ConstraintId::Hold(id) => format!("blocking by {}", task_name(id)),
            ConstraintId::SameSequence(place) => {
                let machines = problem.same_sequences()[place].machines.iter();
                let names: Vec<&str> =
                    machines.map(|id| problem.resource(*id).name.as_str()).collect();
                format!("one order of jobs on {}", names.join(", "))
            }
            ConstraintId::ModeRelation(place) => {
                let relation = problem.mode_relations()[place];
                let (first, second) = (task_name(relation.first), task_name(relation.second));
                format!("relation between the modes of {first} and {second}")
            }
            ConstraintId::Swaps => "no exchange of held machines in a circle".to_owned(),
        }
    }
}

impl ConstraintId {
    /// What it asks for, in numbers, where it has some.
    pub fn detail(self, problem: &Problem) -> Option<String> {
        match self {
            ConstraintId::Deadline(id) => Some(problem.job(id).deadline?.to_string()),
            ConstraintId::Release(id) => Some(problem.job(id).release.to_string()),
            ConstraintId::Window(id) => Some(window_words(problem, id)),
            ConstraintId::Precedence(id) => {
                let it = problem.precedences()[id];
                let points = match it.kind {
                    PrecedenceKind::EndToStart => "end to start",
                    PrecedenceKind::StartToStart => "start to start",
                    PrecedenceKind::EndToEnd => "end to end",
                    PrecedenceKind::StartToEnd => "start to end",
                };
                let most = it.lag_max.map_or(String::new(), |most| format!(", {most} at most"));
                Some(format!("{points}, lag {}{most}", it.lag))
            }
            _ => None,
        }
    }
}

fn window_words(problem: &Problem, task: TaskId) -> String {
    let data = problem.task(task);
    let first = |time: Time| Some(time).filter(|time| *time > Time::ORIGIN);
    let sides = [
        ("starts from", first(data.earliest_start)),
        ("starts by", data.latest_start),
        ("ends from", first(data.earliest_end)),
        ("ends by", data.latest_end),
    ];
    let words = sides.iter().filter_map(|(side, time)| Some(format!("{side} {}", (*time)?)));
    words.collect::<Vec<_>>().join(", ")
}

/// Whether a task has a first or last time of its own.
fn has_window(problem: &Problem, task: TaskId) -> bool {
    let data = problem.task(task);
    data.earliest_start > Time::ORIGIN
        || data.earliest_end > Time::ORIGIN
        || data.latest_start.is_some()
        || data.latest_end.is_some()
}

fn demand_words(problem: &Problem, mode: ModeId, id: ResourceId) -> String {
    let mut needs = problem.requirements(mode).iter();
    let need = needs.find(|need| need.resource == id);
    let demand = need.map_or(Demand::ZERO, |need| need.demand);
    let resource = problem.resource(id);
    format!(
        "demand of task {} for resource {} in mode {}: {demand} of {}",
        problem.task(problem.mode(mode).task).name,
        resource.name,
        problem.mode_number(mode),
        resource.capacity()
    )
}
