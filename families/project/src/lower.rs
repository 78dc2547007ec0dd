//! A project as a problem, and back.
//!
//! Activity j is task j − 1, source and sink included, and all tasks belong to one job that is
//! released with the project. Renewables become renewables `R1`, `R2`, …, nonrenewables become
//! consumables `N1`, `N2`, …; a demand of zero is no demand. A lag is a precedence from start to
//! start with that lag, however negative. O(modes × resources + arcs).
//!
//! **Source:** -

use crate::instance::{Activity, ActivityMode, ProjectError, ProjectInstance, StartLag};
use ordine_base::{Demand, Id, Ticks, Time};
use ordine_problem::{
    Feature, FeatureSet, Job, JobId, ModeId, Precedence, PrecedenceKind, Problem, ProblemBuilder,
    ResourceId, ResourceKind,
};

/// What a project can say.
const SAYS: FeatureSet = FeatureSet::of(&[
    Feature::SeveralModes,
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Renewables,
    Feature::Consumables,
    Feature::Branching,
    Feature::Releases,
    Feature::Lags,
    Feature::GeneralPrecedences,
]);

/// The problem that the project states, its tasks named by their numbers from 1.
///
/// # Errors
/// When the project is not valid, its precedences form a cycle, an activity can never run, or its
/// numbers are beyond what a problem may speak of.
pub fn lower(project: &ProjectInstance) -> Result<Problem, ProjectError> {
    lower_numbered(project, 1)
}

/// As [`lower`], with tasks that are numbered from `first`.
pub(crate) fn lower_numbered(
    project: &ProjectInstance,
    first: usize,
) -> Result<Problem, ProjectError> {
    project.validate()?;
    let mut builder = ProblemBuilder::new(&project.name);
    let mut resources = Vec::with_capacity(project.resource_count());
    for (&capacity, number) in project.renewables.iter().zip(1..) {
        resources.push(builder.renewable(format!("R{number}"), capacity)?);
    }
    for (&capacity, number) in project.nonrenewables.iter().zip(1..) {
        resources.push(builder.consumable(format!("N{number}"), capacity)?);
    }
    let release = project.release;
    let job = builder.job(Job { release, ..Job::named(&project.name) })?;
    let mut tasks = Vec::with_capacity(project.activities.len());
    for (activity, number) in project.activities.iter().zip(first..) {
        let task = builder.task(format!("{number}"), Some(job))?;
        tasks.push(task);
        for mode in &activity.modes {
            let needs = resources.iter().copied().zip(mode.demands.iter().copied());
            let needs: Vec<_> = needs.filter(|need| need.1 != Demand::ZERO).collect();
            builder.mode(task, mode.duration, &needs)?;
        }
    }
    for (activity, &task) in project.activities.iter().zip(&tasks) {
        for &successor in &activity.successors {
            builder.precedence(Precedence::end_to_start(task, tasks[successor]))?;
        }
        for arc in &activity.lags {
            let precedence = Precedence::end_to_start(task, tasks[arc.other]);
            let precedence = precedence.with_kind(PrecedenceKind::StartToStart);
            builder.precedence(precedence.with_lag(arc.lag))?;
        }
    }
    Ok(builder.seal()?)
}

/// The project that a problem states. Lowering it again gives the same problem, names aside, when
/// its precedences stand task by task, its renewables in front of its consumables, and the
/// requirements of each mode in the order of the resources.
///
/// # Errors
/// What of the problem a project has no words for.
pub fn raise(problem: &Problem) -> Result<ProjectInstance, String> {
    let unsupported = problem.unsupported(SAYS);
    if !unsupported.is_empty() {
        return Err(unsupported.to_string());
    }
    let release = raise_job(problem)?;
    let (columns, renewables, nonrenewables) = raise_resources(problem)?;
    let mut activities: Vec<Activity> = problem
        .tasks()
        .map(|task| {
            let modes = problem.modes(task).map(|mode| raise_mode(problem, mode, &columns));
            Activity { modes: modes.collect(), ..Activity::default() }
        })
        .collect();
    for it in problem.precedences().values() {
        let (before, other) = (&mut activities[it.before.index()], it.after.index());
        match (it.kind, it.lag) {
            (PrecedenceKind::EndToStart, Ticks::ZERO) => before.successors.push(other),
            (PrecedenceKind::StartToStart, lag) => before.lags.push(StartLag { other, lag }),
            (PrecedenceKind::EndToStart, _) => return Err("lags from end to start".to_owned()),
            _ => return Err("precedences that bound an end".to_owned()),
        }
    }
    let name = problem.name().to_owned();
    let reservoirs = Vec::new();
    Ok(ProjectInstance { name, release, renewables, nonrenewables, reservoirs, activities })
}

/// The release of the only job, which must hold all tasks and want nothing else.
fn raise_job(problem: &Problem) -> Result<Time, String> {
    let jobs: Vec<JobId> = problem.jobs().collect();
    let [job] = jobs[..] else {
        return Err(format!("{} jobs: a project is exactly one job", jobs.len()));
    };
    if problem.job_tasks(job).len() != problem.tasks().len() {
        return Err("tasks without job: all must belong to the project".to_owned());
    }
    let data = problem.job(job);
    if data.weight != 1 || data.due.is_some() || data.deadline.is_some() {
        return Err(format!("the weight, due time or deadline of job {}", data.name));
    }
    Ok(data.release)
}

/// The column of each resource, then the capacities of both kinds.
type Columns = (Vec<usize>, Vec<Demand>, Vec<Demand>);

fn raise_resources(problem: &Problem) -> Result<Columns, String> {
    let (mut renewables, mut nonrenewables) = (Vec::new(), Vec::new());
    let mut places: Vec<(bool, usize)> = Vec::new();
    for id in problem.resources() {
        let resource = problem.resource(id);
        let (list, capacity, spent) = match resource.kind {
            ResourceKind::Renewable(capacity) => (&mut renewables, capacity, false),
            ResourceKind::Consumable(capacity) => (&mut nonrenewables, capacity, true),
            _ => return Err(format!("resource {}, which has a sequence", resource.name)),
        };
        places.push((spent, list.len()));
        list.push(capacity);
    }
    let column = |(spent, place)| if spent { renewables.len() + place } else { place };
    let columns = places.into_iter().map(column).collect();
    Ok((columns, renewables, nonrenewables))
}

fn raise_mode(problem: &Problem, mode: ModeId, columns: &[usize]) -> ActivityMode {
    let mut demands = vec![Demand::ZERO; columns.len()];
    let column = |resource: ResourceId| columns[resource.index()];
    for need in problem.requirements(mode) {
        demands[column(need.resource)] = need.demand;
    }
    ActivityMode { duration: problem.mode(mode).duration, demands }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_problem::TaskId;

    fn pocket() -> Problem {
        let mode = |duration, demands: [i64; 2]| ActivityMode {
            duration: Ticks::new(duration),
            demands: demands.map(Demand::new).to_vec(),
        };
        let activity = |successors: &[usize], modes| Activity {
            successors: successors.into(),
            modes,
            ..Activity::default()
        };
        let activities = vec![
            activity(&[1, 2], vec![mode(0, [0, 0])]),
            activity(&[3], vec![mode(3, [2, 0]), mode(5, [1, 4])]),
            activity(&[3], vec![mode(2, [1, 1])]),
            activity(&[], vec![mode(0, [0, 0])]),
        ];
        lower(&ProjectInstance {
            name: "pocket".to_owned(),
            release: Time::new(2),
            renewables: vec![Demand::new(2)],
            nonrenewables: vec![Demand::new(4)],
            activities,
            ..ProjectInstance::default()
        })
        .expect("valid")
    }

    #[test]
    fn a_project_survives_the_way_there_and_back() {
        let problem = pocket();
        assert_eq!(problem.tasks().len(), 4);
        assert_eq!(problem.mode_count(), 5);
        assert_eq!(lower(&raise(&problem).expect("a project")).expect("valid"), problem);
    }

    #[test]
    fn what_a_project_cannot_say_is_named() {
        type Change = fn(&mut ProblemBuilder);
        let changes: [(&str, Change); 3] = [
            ("2 jobs", |it| {
                it.job(Job::named("other")).expect("valid");
            }),
            ("saw, which has a sequence", |it| {
                it.machine("saw");
            }),
            ("lags", |it| {
                let (before, after) = (TaskId::from_index(1), TaskId::from_index(2));
                let lagged = Precedence::end_to_start(before, after).with_lag(Ticks::new(1));
                it.precedence(lagged).expect("valid");
            }),
        ];
        for (words, change) in changes {
            let changed = pocket().with(|builder| {
                change(builder);
                Ok(())
            });
            let reason = raise(&changed.expect("valid")).expect_err(words);
            assert!(reason.contains(words), "{words}: {reason}");
        }
    }
}
