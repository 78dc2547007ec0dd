//! Writes `ordine/problem/1`.
//!
//! **Source:** -

use super::{PROBLEM_FORMAT, TimeScale, wire};
use crate::diagnostic::visible_json;
use ordine_base::Id;
use ordine_problem::{ModeId, Problem, ResourceKind, TaskId};
use serde::Serialize;
use std::collections::BTreeSet;

/// The problem as text, one item per line.
pub fn write_problem(problem: &Problem, scale: &TimeScale) -> String {
    let mut out = format!("{{\"format\":\"{PROBLEM_FORMAT}\",\"name\":{}", json(problem.name()));
    for (key, value) in [("unit", &scale.unit), ("origin", &scale.origin)] {
        if let Some(value) = value {
            out.push_str(&format!(",\"{key}\":{}", json(value)));
        }
    }
    out.push_str(&format!(",\"objective\":{}", json(&problem.objective().to_string())));
    let writer = Writer::new(problem);
    list(
        &mut out,
        "jobs",
        problem.jobs().map(|id| {
            let job = problem.job(id);
            wire::Job {
                name: job.name.as_str().into(),
                weight: job.weight,
                release: job.release.get(),
                due: job.due.map(|due| due.get()),
                deadline: job.deadline.map(|deadline| deadline.get()),
            }
        }),
    );
    list(
        &mut out,
        "resources",
        problem.resources().map(|id| {
            let resource = problem.resource(id);
            let (kind, capacity) = match resource.kind {
                ResourceKind::Machine => (wire::Kind::Machine, None),
                ResourceKind::Renewable(capacity) => (wire::Kind::Renewable, Some(capacity.get())),
                ResourceKind::Consumable(capacity) => {
                    (wire::Kind::Consumable, Some(capacity.get()))
                }
                ResourceKind::Reservoir(_) => (wire::Kind::Consumable, None),
            };
            wire::Resource { name: resource.name.as_str().into(), kind, capacity }
        }),
    );
    list(&mut out, "tasks", problem.tasks().map(|task| writer.task(task)));
    list(
        &mut out,
        "precedences",
        problem.precedences().values().map(|it| wire::Precedence {
            before: writer.task_reference(it.before),
            after: writer.task_reference(it.after),
            kind: it.kind.into(),
            lag: it.lag.get(),
        }),
    );
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

/// Knows of which kinds the names are unique.
struct Writer<'p> {
    problem: &'p Problem,
    jobs_by_name: bool,
    resources_by_name: bool,
    tasks_by_name: bool,
}

impl<'p> Writer<'p> {
    fn new(problem: &'p Problem) -> Self {
        Writer {
            problem,
            jobs_by_name: unique(problem.jobs().map(|id| problem.job(id).name.as_str())),
            resources_by_name: unique(
                problem.resources().map(|id| problem.resource(id).name.as_str()),
            ),
            tasks_by_name: unique(problem.tasks().map(|id| problem.task(id).name.as_str())),
        }
    }

    fn task(&self, id: TaskId) -> wire::Task<'p> {
        let task = self.problem.task(id);
        let job =
            task.job.map(|job| reference(job, &self.problem.job(job).name, self.jobs_by_name));
        let modes = self.problem.modes(id).map(|mode| self.mode(mode)).collect();
        wire::Task { name: task.name.as_str().into(), job, modes }
    }

    fn mode(&self, mode: ModeId) -> wire::Mode<'p> {
        let requirement = |need: &ordine_problem::Requirement| {
            let name = &self.problem.resource(need.resource).name;
            let resource = reference(need.resource, name, self.resources_by_name);
            wire::Requirement { resource, demand: need.demand.get() }
        };
        let requirements = self.problem.requirements(mode).iter().map(requirement).collect();
        wire::Mode { duration: self.problem.mode(mode).duration.get(), requirements }
    }

    fn task_reference(&self, task: TaskId) -> wire::Reference<'p> {
        reference(task, &self.problem.task(task).name, self.tasks_by_name)
    }
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
