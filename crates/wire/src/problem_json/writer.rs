//! Writes `ordine/problem/1`.
//!
//! **Source:** -

use super::{PROBLEM_FORMAT, TimeScale, wire};
use crate::diagnostic::visible_json;
use ordine_base::{Id, Interval, StepFunction, Time};
use ordine_problem::{
    CalendarId, FamilyId, JobId, ModeId, Problem, ResourceId, ResourceKind, SetupId, Status, TaskId,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// The problem as text, one item per line. Floors of the objective, which engines set while they
/// settle its levels, are not written.
pub fn write_problem(problem: &Problem, scale: &TimeScale) -> String {
    let mut out = format!("{{\"format\":\"{PROBLEM_FORMAT}\",\"name\":{}", json(problem.name()));
    for (key, value) in [("unit", &scale.unit), ("origin", &scale.origin)] {
        if let Some(value) = value {
            out.push_str(&format!(",\"{key}\":{}", json(value)));
        }
    }
    out.push_str(&format!(",\"objective\":{}", json(&problem.objective().to_string())));
    if problem.now() > Time::ORIGIN {
        out.push_str(&format!(",\"now\":{}", problem.now()));
    }
    if !problem.swaps_allowed() {
        out.push_str(",\"swaps_allowed\":false");
    }
    let writer = Writer::new(problem);
    list(&mut out, "jobs", problem.jobs().map(|job| writer.job(job)));
    let families = problem.families().values();
    list_if_any(&mut out, "families", families.map(|family| family.as_str()));
    list_if_any(&mut out, "calendars", problem.calendars().ids().map(|id| writer.calendar(id)));
    list_if_any(&mut out, "setups", problem.setups().ids().map(|id| writer.setup(id)));
    list(&mut out, "resources", problem.resources().map(|id| writer.resource(id)));
    list(&mut out, "tasks", problem.tasks().map(|task| writer.task(task)));
    let precedences = problem.precedences().values();
    list(&mut out, "precedences", precedences.map(|it| writer.precedence(it)));
    writer.relations(&mut out);
    out.push_str("}\n");
    out
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    let json = serde_json::to_string(value);
    visible_json(&json.expect("records of strings and integers are always JSON"))
}

fn list<T: Serialize>(out: &mut String, key: &str, items: impl Iterator<Item = T>) {
    out.push_str(&format!(",\n\"{key}\":["));
    for (place, item) in items.enumerate() {
        out.push_str(if place == 0 { "\n" } else { ",\n" });
        out.push_str(&json(&item));
    }
    out.push(']');
}

fn list_if_any<T: Serialize>(out: &mut String, key: &str, items: impl ExactSizeIterator<Item = T>) {
    if items.len() > 0 {
        list(out, key, items);
    }
}

/// Knows of which kinds the names are unique.
struct Writer<'p> {
    problem: &'p Problem,
    jobs_by_name: bool,
    resources_by_name: bool,
    tasks_by_name: bool,
    families_by_name: bool,
    calendars_by_name: bool,
    setups_by_name: bool,
}

impl<'p> Writer<'p> {
    fn new(problem: &'p Problem) -> Self {
        let resources = problem.resources().map(|id| problem.resource(id).name.as_str());
        Writer {
            problem,
            jobs_by_name: unique(problem.jobs().map(|id| problem.job(id).name.as_str())),
            resources_by_name: unique(resources),
            tasks_by_name: unique(problem.tasks().map(|id| problem.task(id).name.as_str())),
            families_by_name: unique(problem.families().values().map(String::as_str)),
            calendars_by_name: unique(problem.calendars().values().map(|it| it.name.as_str())),
            setups_by_name: unique(problem.setups().values().map(|it| it.name.as_str())),
        }
    }

    fn job(&self, id: JobId) -> wire::Job<'p> {
        let job = self.problem.job(id);
        wire::Job {
            name: job.name.as_str().into(),
            weight: job.weight,
            release: job.release.into(),
            due_from: job.due_from.map(Into::into),
            due: job.due.map(Into::into),
            deadline: job.deadline.map(Into::into),
        }
    }

    fn calendar(&self, id: CalendarId) -> wire::Calendar<'p> {
        let calendar = self.problem.calendar(id);
        let step = |&(time, shift): &(Time, _)| (time.into(), wire::ShiftWord(shift));
        wire::Calendar {
            name: calendar.name.as_str().into(),
            first: Some(wire::ShiftWord(calendar.first)),
            steps: calendar.steps.iter().map(step).collect(),
            period: calendar.period.map(|period| period.get()),
            weekly: None,
        }
    }

    fn setup(&self, id: SetupId) -> wire::Setup<'p> {
        let setup = &self.problem.setups()[id];
        let times: Vec<i64> = setup.times.iter().map(|time| time.get()).collect();
        let rows = |cells: &[i64]| {
            let rows = cells.chunks(setup.families.max(1));
            rows.map(<[i64]>::to_vec).collect()
        };
        let name = setup.name.as_str().into();
        wire::Setup { name, times: rows(&times), costs: rows(&setup.costs) }
    }

    fn resource(&self, id: ResourceId) -> wire::Resource<'p> {
        let resource = self.problem.resource(id);
        let (kind, capacity, stock) = match resource.kind {
            ResourceKind::Machine => (wire::Kind::Machine, None, None),
            ResourceKind::Renewable(most) => (wire::Kind::Renewable, Some(most.get()), None),
            ResourceKind::Consumable(most) => (wire::Kind::Consumable, Some(most.get()), None),
            ResourceKind::Reservoir(stock) => {
                let (initial, least, most) = (stock.initial, stock.least, stock.most);
                (wire::Kind::Reservoir, None, Some(wire::Stock { initial, least, most }))
            }
        };
        wire::Resource {
            name: resource.name.as_str().into(),
            kind,
            capacity,
            stock,
            capacity_profile: resource.capacity_profile.as_ref().map(steps),
            usage_min: resource.usage_min.as_ref().map(steps),
            calendar: resource.calendar.map(|id| {
                let name = &self.problem.calendar(id).name;
                reference(id, name, self.calendars_by_name)
            }),
            setup: resource.setup.map(|id| {
                let name = &self.problem.setups()[id].name;
                reference(id, name, self.setups_by_name)
            }),
            initial_family: resource.initial_family.map(|id| self.family_reference(id)),
            batching: resource.batching.map(|batching| {
                let (kind, size_max) = (batching.kind, batching.size_max.get());
                wire::Batching { kind, size_max }
            }),
            price: resource.price,
            overuse_penalty: resource.overuse_penalty,
        }
    }

    fn task(&self, id: TaskId) -> wire::Task<'p> {
        let task = self.problem.task(id);
        let job =
            task.job.map(|job| reference(job, &self.problem.job(job).name, self.jobs_by_name));
        let planned = |it: ordine_problem::Planned| wire::Planned {
            mode: Some(it.mode),
            start: it.start.into(),
        };
        wire::Task {
            name: task.name.as_str().into(),
            job,
            optional: task.optional,
            absence_penalty: task.absence_penalty,
            family: task.family.map(|id| self.family_reference(id)),
            breaks: task.breaks,
            released_in_breaks: task.released_in_breaks,
            earliest_start: task.earliest_start.into(),
            latest_start: task.latest_start.map(Into::into),
            earliest_end: task.earliest_end.into(),
            latest_end: task.latest_end.map(Into::into),
            forbidden_starts: intervals(&task.forbidden_starts),
            forbidden_ends: intervals(&task.forbidden_ends),
            forbidden_extents: intervals(&task.forbidden_extents),
            start_cost: task.start_cost.as_ref().map(steps),
            end_cost: task.end_cost.as_ref().map(steps),
            status: status(task.status),
            planned: task.planned.map(planned),
            modes: self.problem.modes(id).map(|mode| self.mode(mode)).collect(),
        }
    }

    fn mode(&self, mode: ModeId) -> wire::Mode<'p> {
        let requirement = |need: &ordine_problem::Requirement| wire::Requirement {
            resource: self.resource_reference(need.resource),
            demand: need.demand.get(),
        };
        let stock_change = |change: &ordine_problem::StockChange| wire::StockChange {
            reservoir: self.resource_reference(change.reservoir),
            amount: change.amount,
            at: change.at,
        };
        wire::Mode {
            duration: self.problem.mode(mode).duration.get(),
            requirements: self.problem.requirements(mode).iter().map(requirement).collect(),
            stock_changes: self.problem.stock_changes(mode).iter().map(stock_change).collect(),
        }
    }

    fn precedence(&self, it: &ordine_problem::Precedence) -> wire::Precedence<'p> {
        wire::Precedence {
            before: self.task_reference(it.before),
            after: self.task_reference(it.after),
            kind: it.kind,
            lag: it.lag.get(),
            lag_max: it.lag_max.map(|lag| lag.get()),
            penalty: it.penalty,
        }
    }

    /// The lists of relations that are there.
    fn relations(&self, out: &mut String) {
        let problem = self.problem;
        let selection = |it: &ordine_problem::Selection| wire::Selection {
            kind: it.kind,
            tasks: self.task_references(&it.tasks),
            condition: it.condition.map(|task| self.task_reference(task)),
        };
        list_if_any(out, "selections", problem.selections().iter().map(selection));
        let span = |it: &ordine_problem::Span| wire::Span {
            parent: self.task_reference(it.parent),
            children: self.task_references(&it.children),
        };
        list_if_any(out, "spans", problem.spans().iter().map(span));
        let hold = |it: &ordine_problem::Hold| wire::Hold {
            task: self.task_reference(it.task),
            until: self.task_reference(it.until),
            buffer: it.buffer.map(|buffer| self.resource_reference(buffer)),
        };
        list_if_any(out, "holds", problem.holds().iter().map(hold));
        let sequence = |it: &ordine_problem::SameSequence| wire::SameSequence {
            machines: it.machines.iter().map(|&id| self.resource_reference(id)).collect(),
        };
        list_if_any(out, "same_sequences", problem.same_sequences().iter().map(sequence));
        let relation = |it: &ordine_problem::ModeRelation| wire::ModeRelation {
            first: self.task_reference(it.first),
            second: self.task_reference(it.second),
            kind: it.kind,
        };
        list_if_any(out, "mode_relations", problem.mode_relations().iter().map(relation));
    }

    fn task_reference(&self, task: TaskId) -> wire::Reference<'p> {
        reference(task, &self.problem.task(task).name, self.tasks_by_name)
    }

    fn task_references(&self, tasks: &[TaskId]) -> Vec<wire::Reference<'p>> {
        tasks.iter().map(|&task| self.task_reference(task)).collect()
    }

    fn resource_reference(&self, resource: ResourceId) -> wire::Reference<'p> {
        reference(resource, &self.problem.resource(resource).name, self.resources_by_name)
    }

    fn family_reference(&self, family: FamilyId) -> wire::Reference<'p> {
        reference(family, &self.problem.families()[family], self.families_by_name)
    }
}

fn status(status: Status) -> Option<wire::Status> {
    let (mode, start) = status.settled()?;
    let (state, end, remaining) = match status {
        Status::Free => return None,
        Status::Done { end, .. } => (wire::State::Done, Some(end), None),
        Status::Running { remaining, .. } => (wire::State::Running, None, Some(remaining.get())),
        Status::Frozen { .. } => (wire::State::Frozen, None, None),
    };
    let (start, end) = (Some(start.into()), end.map(Into::into));
    Some(wire::Status { state, mode: Some(mode), start, end, remaining })
}

fn steps(function: &StepFunction) -> wire::Steps {
    let step = |&(time, value): &(Time, i64)| (time.into(), value);
    wire::Steps { first: function.first(), steps: function.steps().iter().map(step).collect() }
}

fn intervals(intervals: &[Interval]) -> Vec<(wire::Moment, wire::Moment)> {
    intervals.iter().map(|interval| (interval.start.into(), interval.end.into())).collect()
}

fn reference<'p>(id: impl Id, name: &'p str, by_name: bool) -> wire::Reference<'p> {
    match by_name {
        true => wire::Reference::Name(name.into()),
        false => wire::Reference::Number(id.index() as u64),
    }
}

fn unique<'p>(names: impl Iterator<Item = &'p str>) -> bool {
    let mut seen = BTreeSet::new();
    names.into_iter().all(|name| seen.insert(name))
}
