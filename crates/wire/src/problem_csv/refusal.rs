//! What CSV has no words for.
//!
//! **Source:** -

use ordine_problem::{Problem, Resource, Task};

/// What of the problem CSV cannot say, each kind with its first owner; `None` when it can say all.
pub(super) fn refusals(problem: &Problem) -> Option<String> {
    let name = |task: ordine_problem::TaskId| &problem.task(task).name;
    let mut found: Vec<String> = Vec::new();
    if !problem.selections().is_empty() {
        found.push("choices among tasks".to_owned());
    }
    if let Some(span) = problem.spans().first() {
        found.push(format!("tasks that span others (task {})", name(span.parent)));
    }
    if let Some(hold) = problem.holds().first() {
        found.push(format!("blocking (task {} until {})", name(hold.task), name(hold.until)));
    }
    if !problem.swaps_allowed() {
        found.push("machines that cannot be exchanged in a circle".to_owned());
    }
    if !problem.same_sequences().is_empty() {
        found.push("machines with one order of jobs".to_owned());
    }
    if let Some(relation) = problem.mode_relations().first() {
        let (first, second) = (name(relation.first), name(relation.second));
        found.push(format!("relations between modes (tasks {first} and {second})"));
    }
    let profiled = |it: &&Resource| it.capacity_profile.is_some() || it.usage_min.is_some();
    if let Some(resource) = problem.resources().map(|id| problem.resource(id)).find(profiled) {
        let what = "capacities and least usages that change over time";
        found.push(format!("{what} (resource {})", resource.name));
    }
    let timed = |it: &&Task| {
        let forbidden = [&it.forbidden_starts, &it.forbidden_ends, &it.forbidden_extents];
        let has_cost = it.start_cost.is_some() || it.end_cost.is_some();
        has_cost || forbidden.iter().any(|list| !list.is_empty())
    };
    if let Some(task) = problem.tasks().map(|id| problem.task(id)).find(timed) {
        found.push(format!("forbidden times and costs by time (task {})", task.name));
    }
    (!found.is_empty()).then(|| found.join(", "))
}
