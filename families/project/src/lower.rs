//! A project as a problem, and back.
//!
//! Activity j is task j − 1, source and sink included, and all tasks belong to one job that is
//! released with the project. Renewables become renewables `R1`, `R2`, …, nonrenewables become
//! consumables `N1`, `N2`, …, reservoirs `S1`, `S2`, … without highest level; a demand of zero is
//! no demand. A lag is a precedence from start to
//! start with that lag, however negative. O(modes × resources + arcs).
//!
//! **Source:** -

use crate::instance::{Activity, ActivityMode, Flow, ProjectError, ProjectInstance, StartLag};
use ordine_base::{Demand, Id, Ticks, Time};
use ordine_problem::{
    Feature, FeatureSet, Job, JobId, ModeId, Point, Precedence, PrecedenceKind, Problem,
    ProblemBuilder, ResourceId, ResourceKind, Stock, StockChange, TaskId,
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
    Feature::MaximalLags,
    Feature::Reservoirs,
]);

/// Highest level of a reservoir: no limit.
const LEVEL_MAX: i64 = Demand::MAX.get();

/// The problem that the project states, its tasks named by their numbers from 1.
///
/// # Errors
/// When the project is not valid, its precedences form a cycle, or its numbers are beyond what a
/// problem may speak of.
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
    // Published sets hold projects whose activities demand more than there is, to be called so.
    builder.admit_impossible_tasks();
    let mut resources = Vec::with_capacity(project.resource_count());
    for (&capacity, number) in project.renewables.iter().zip(1..) {
        resources.push(builder.renewable(format!("R{number}"), capacity)?);
    }
    for (&capacity, number) in project.nonrenewables.iter().zip(1..) {
        resources.push(builder.consumable(format!("N{number}"), capacity)?);
    }
    let mut reservoirs = Vec::with_capacity(project.reservoirs.len());
    for (level, number) in project.reservoirs.iter().zip(1..) {
        let stock = Stock { initial: level.get(), least: 0, most: LEVEL_MAX };
        reservoirs.push(builder.reservoir(format!("S{number}"), stock)?);
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
            let changes = stock_changes(&activity.flows, &reservoirs);
            builder.mode_with(task, mode.duration, &needs, &changes)?;
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

/// What an activity does to the reservoirs, in their order, what it takes first.
fn stock_changes(flows: &[Flow], reservoirs: &[ResourceId]) -> Vec<StockChange> {
    let changes = flows.iter().zip(reservoirs).flat_map(|(flow, &reservoir)| {
        let taken = StockChange { reservoir, amount: -flow.consumed.get(), at: Point::Start };
        let given = StockChange { reservoir, amount: flow.produced.get(), at: Point::End };
        [taken, given]
    });
    changes.filter(|change| change.amount != 0).collect()
}

/// The project that a problem states. Lowering it again gives the same problem, names aside, when
/// its precedences stand task by task, its renewables in front of its consumables and these in
/// front of its reservoirs, and the requirements and changes of each mode in the order of the
/// resources. What no rule and no measure of the problem looks at is dropped.
///
/// # Errors
/// What of the problem a project has no words for.
pub fn raise(problem: &Problem) -> Result<ProjectInstance, String> {
    let unsupported = problem.unsupported(SAYS);
    if !unsupported.is_empty() {
        return Err(unsupported.to_string());
    }
    let release = raise_job(problem)?;
    let (columns, amounts) = raise_resources(problem)?;
    let activity = |task| {
        let modes = problem.modes(task).map(|mode| raise_mode(problem, mode, &amounts, &columns));
        let flows = raise_flows(problem, task, &amounts, &columns)?;
        Ok(Activity { modes: modes.collect(), flows, ..Activity::default() })
    };
    let mut activities = problem.tasks().map(activity).collect::<Result<Vec<_>, String>>()?;
    for it in problem.precedences().values() {
        if it.lag_max.is_some() {
            return Err("precedences with a largest lag".to_owned());
        }
        let (before, other) = (&mut activities[it.before.index()], it.after.index());
        match (it.kind, it.lag) {
            (PrecedenceKind::EndToStart, Ticks::ZERO) => before.successors.push(other),
            (PrecedenceKind::StartToStart, lag) => before.lags.push(StartLag { other, lag }),
            (PrecedenceKind::EndToStart, _) => return Err("lags from end to start".to_owned()),
            _ => return Err("precedences that bound an end".to_owned()),
        }
    }
    let name = problem.name().to_owned();
    let [renewables, nonrenewables, reservoirs] = amounts;
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
    if data.weight != 1 || data.due.or(data.due_from).or(data.deadline).is_some() {
        return Err(format!("the weight, due time or deadline of job {}", data.name));
    }
    Ok(data.release)
}

/// Amounts of the three kinds of resources: renewables, nonrenewables, reservoirs.
type Amounts = [Vec<Demand>; 3];

/// Kind of each resource and its place within the kind.
type Columns = Vec<(usize, usize)>;

fn raise_resources(problem: &Problem) -> Result<(Columns, Amounts), String> {
    let mut amounts = Amounts::default();
    let mut columns = Vec::new();
    for id in problem.resources() {
        let resource = problem.resource(id);
        let (kind, amount) = match resource.kind {
            ResourceKind::Renewable(capacity) => (0, capacity),
            ResourceKind::Consumable(capacity) => (1, capacity),
            ResourceKind::Reservoir(Stock { initial, least: 0, most: LEVEL_MAX }) => {
                (2, Demand::new(initial))
            }
            ResourceKind::Reservoir(_) => {
                return Err(format!("the least or highest level of reservoir {}", resource.name));
            }
            ResourceKind::Machine => {
                return Err(format!("resource {}, which has a sequence", resource.name));
            }
        };
        columns.push((kind, amounts[kind].len()));
        amounts[kind].push(amount);
    }
    Ok((columns, amounts))
}

fn raise_mode(
    problem: &Problem,
    mode: ModeId,
    amounts: &Amounts,
    columns: &Columns,
) -> ActivityMode {
    let mut demands = vec![Demand::ZERO; amounts[0].len() + amounts[1].len()];
    for need in problem.requirements(mode) {
        let (kind, place) = columns[need.resource.index()];
        demands[if kind == 0 { place } else { amounts[0].len() + place }] = need.demand;
    }
    ActivityMode { duration: problem.mode(mode).duration, demands }
}

/// What all modes of a task do to the reservoirs.
fn raise_flows(
    problem: &Problem,
    task: TaskId,
    amounts: &Amounts,
    columns: &Columns,
) -> Result<Vec<Flow>, String> {
    let no_words = |what| format!("task {}, which {what}", problem.task(task).name);
    let mut modes = problem.modes(task).map(|mode| problem.stock_changes(mode));
    let changes = modes.next().unwrap_or(&[]);
    if modes.any(|others| others != changes) {
        return Err(no_words("changes reservoirs by other amounts in other modes"));
    }
    let mut flows = vec![Flow::default(); amounts[2].len()];
    for change in changes {
        let flow = &mut flows[columns[change.reservoir.index()].1];
        let (place, amount) = match change.at {
            Point::Start => (&mut flow.consumed, -change.amount),
            Point::End => (&mut flow.produced, change.amount),
        };
        if amount < 0 || *place != Demand::ZERO {
            return Err(no_words("gives to a reservoir at its start, or takes at its end"));
        }
        *place = Demand::new(amount);
    }
    Ok(flows)
}

#[cfg(test)]
mod tests {
    use super::*;

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
