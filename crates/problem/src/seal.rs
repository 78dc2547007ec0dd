//! The global rules, checked once when a problem is sealed.
//!
//! O(tasks + modes + requirements + precedences).
//!
//! **Source:** topological order after Kahn 1962.

use crate::parts::{Mode, Requirement};
use crate::problem::{Links, Problem};
use crate::{
    Feature, FeatureSet, Measure, ModeId, ProblemBuilder, ProblemError, ResourceId, ResourceKind,
    TaskId,
};
use ordine_base::{Id, IdVec, Ticks, Time};

pub(crate) fn seal(mut builder: ProblemBuilder) -> Result<Problem, ProblemError> {
    let (modes, requirements) = builder.flatten_modes();
    let usable_modes = find_usable_modes(&mut builder, &modes, &requirements)?;
    let links = Links::new(builder.tasks.len(), builder.precedences.as_slice());
    let order = topological_order(&builder, &links)?;
    let mut job_tasks = IdVec::filled(builder.jobs.len(), Vec::new());
    for (task, data) in builder.tasks.iter() {
        if let Some(job) = data.job {
            job_tasks[job].push(task);
        }
    }
    let mut problem = Problem {
        name: builder.name,
        jobs: builder.jobs,
        tasks: builder.tasks,
        modes,
        requirements,
        usable_modes,
        resources: builder.resources,
        precedences: builder.precedences,
        links,
        order,
        job_tasks,
        objective: builder.objective,
        horizon: Time::ORIGIN,
        features: FeatureSet::EMPTY,
    };
    problem.horizon = horizon(&problem)?;
    check_demands(&problem)?;
    check_objective(&problem)?;
    problem.features = features(&problem);
    Ok(problem)
}

fn find_usable_modes(
    builder: &mut ProblemBuilder,
    modes: &IdVec<ModeId, Mode>,
    requirements: &[Requirement],
) -> Result<Vec<ModeId>, ProblemError> {
    let mut usable = Vec::with_capacity(modes.len());
    for task in builder.tasks.ids() {
        let of_task = builder.tasks[task].modes.clone();
        let from = usable.len() as u32;
        let mut culprit = None;
        for index in of_task.clone() {
            let mode = ModeId::from_index(index as usize);
            let range = modes[mode].requirements.clone();
            let needs = &requirements[range.start as usize..range.end as usize];
            let instant = modes[mode].duration == Ticks::ZERO;
            let lacking = needs.iter().find(|need| {
                let resource = &builder.resources[need.resource];
                // What takes no time uses nothing of what comes back.
                need.demand > resource.capacity() && !(instant && resource.comes_back())
            });
            match lacking {
                None => usable.push(mode),
                Some(need) => culprit = Some((index - of_task.start, *need)),
            }
        }
        builder.tasks[task].usable = from..usable.len() as u32;
        if usable.len() as u32 == from {
            let name = builder.tasks[task].name.clone();
            let Some((mode, need)) = culprit else {
                return Err(ProblemError::NoMode { task: name });
            };
            return Err(ProblemError::ImpossibleDemand {
                task: name,
                mode: mode as usize,
                resource: builder.resources[need.resource].name.clone(),
                demand: need.demand,
                capacity: builder.resources[need.resource].capacity(),
            });
        }
    }
    Ok(usable)
}

fn topological_order(builder: &ProblemBuilder, links: &Links) -> Result<Vec<TaskId>, ProblemError> {
    let mut waiting: IdVec<TaskId, usize> =
        builder.tasks.ids().map(|task| links.predecessors(task).len()).collect();
    let mut order: Vec<TaskId> = builder.tasks.ids().filter(|&task| waiting[task] == 0).collect();
    let mut next = 0;
    while let Some(&task) = order.get(next) {
        next += 1;
        for link in links.successors(task) {
            waiting[link.task] -= 1;
            if waiting[link.task] == 0 {
                order.push(link.task);
            }
        }
    }
    if order.len() == builder.tasks.len() {
        return Ok(order);
    }
    Err(ProblemError::Cycle { tasks: find_cycle(builder, links, &waiting) })
}

/// Walks backwards among the tasks that still wait until one repeats.
fn find_cycle(
    builder: &ProblemBuilder,
    links: &Links,
    waiting: &IdVec<TaskId, usize>,
) -> Vec<String> {
    let stuck = |task: TaskId| waiting[task] > 0;
    let mut seen_at: IdVec<TaskId, Option<usize>> = IdVec::filled(builder.tasks.len(), None);
    let mut walk = Vec::new();
    let mut task = builder.tasks.ids().find(|&task| stuck(task)).expect("some task still waits");
    while seen_at[task].is_none() {
        seen_at[task] = Some(walk.len());
        walk.push(task);
        let before = links.predecessors(task).iter().find(|link| stuck(link.task));
        task = before.expect("a waiting task has a waiting predecessor").task;
    }
    let from = seen_at[task].expect("the walk stopped at a seen task");
    let mut cycle = walk[from..].to_vec();
    cycle.reverse();
    let least = (0..cycle.len()).min_by_key(|&place| cycle[place]).expect("a cycle has tasks");
    cycle.rotate_left(least);
    cycle.push(cycle[0]);
    cycle.into_iter().map(|task| builder.tasks[task].name.clone()).collect()
}

/// An end that a left-shifted schedule never exceeds: everything one after the other.
fn horizon(problem: &Problem) -> Result<Time, ProblemError> {
    let releases = problem.jobs.values().map(|job| i128::from(job.release.get()));
    let longest = |task| problem.duration_max(task).get();
    let durations = problem.tasks().map(|task| i128::from(longest(task)));
    let lags = problem.precedences.values().map(|precedence| {
        // An end that must follow a point by a lag can also push the start of a shorter mode.
        i128::from(precedence.lag.positive_part().get())
    });
    let found = releases.max().unwrap_or(0) + durations.sum::<i128>() + lags.sum::<i128>();
    if found > i128::from(Time::MAX.get()) {
        return Err(ProblemError::HorizonTooLong { found });
    }
    Ok(Time::new(found as i64))
}

/// No sum of demands on a resource may overflow, whatever modes are chosen.
fn check_demands(problem: &Problem) -> Result<(), ProblemError> {
    let mut totals: IdVec<ResourceId, i128> = IdVec::filled(problem.resources.len(), 0);
    for mode in problem.usable_modes.iter().copied() {
        for need in problem.requirements(mode) {
            totals[need.resource] += i128::from(need.demand.get());
        }
    }
    match totals.iter().find(|(_, total)| **total >= 1 << 62) {
        None => Ok(()),
        Some((resource, &found)) => {
            let resource = problem.resources[resource].name.clone();
            Err(ProblemError::DemandTooLarge { resource, found })
        }
    }
}

fn check_objective(problem: &Problem) -> Result<(), ProblemError> {
    let has_due = problem.jobs.values().any(|job| job.due.is_some());
    let earliest_due = problem.jobs.values().filter_map(|job| job.due).min();
    let reach = |due: Option<Time>| {
        let from = due.unwrap_or(Time::ORIGIN).get().min(0);
        i128::from(problem.horizon.get()) - i128::from(from)
    };
    let most_per_job: i128 =
        reach(earliest_due).max(earliest_due.map_or(0, |due| i128::from(due.get().abs())));
    let jobs_weight: i128 =
        problem.jobs.values().map(|job| i128::from(job.weight.max(1))).sum::<i128>().max(1);
    let mut found: i128 = 0;
    for term in problem.objective.terms() {
        if term.measure.needs_due() && !has_due {
            return Err(ProblemError::NoDue { measure: term.measure.name() });
        }
        let share = match term.measure {
            Measure::Makespan => i128::from(problem.horizon.get()),
            _ => most_per_job.saturating_mul(jobs_weight),
        };
        found = found.saturating_add(share.saturating_mul(i128::from(term.weight)));
    }
    if found >= 1 << 62 {
        return Err(ProblemError::ObjectiveTooLarge { found });
    }
    Ok(())
}

fn features(problem: &Problem) -> FeatureSet {
    let mut features = FeatureSet::EMPTY;
    for task in problem.tasks() {
        let modes = problem.usable_modes(task);
        features.note(Feature::SeveralModes, modes.len() > 1);
        let branches = problem.predecessors(task).len() > 1 || problem.successors(task).len() > 1;
        features.note(Feature::Branching, branches);
        for &mode in modes {
            let needs = problem.requirements(mode);
            features.note(Feature::SeveralResources, needs.len() > 1);
            let works = problem.mode(mode).duration > Ticks::ZERO;
            features.note(Feature::ResourceFreeWork, needs.is_empty() && works);
            for need in needs {
                let kind = problem.resource(need.resource).kind;
                let renewable = matches!(kind, ResourceKind::Renewable(_));
                features.note(Feature::Renewables, renewable);
                let consumable = matches!(kind, ResourceKind::Consumable(_));
                features.note(Feature::Consumables, consumable);
            }
        }
    }
    for precedence in problem.precedences.values() {
        features.note(Feature::Lags, precedence.lag != Ticks::ZERO);
        let general = precedence.kind != crate::PrecedenceKind::EndToStart;
        features.note(Feature::GeneralPrecedences, general);
    }
    for job in problem.jobs.values() {
        features.note(Feature::Releases, job.release > Time::ORIGIN);
        features.note(Feature::Deadlines, job.deadline.is_some());
    }
    features.note(Feature::OtherObjectives, !problem.objective.is_makespan());
    features
}
