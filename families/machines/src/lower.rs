//! Jobs on parallel machines as a problem, and back.
//!
//! Job j is job and task number j, called `j0`, …; mode i of its task is machine i, called `m0`, ….
//! O(jobs × machines).
//!
//! **Source:** -

use crate::instance::{Criterion, MachineJob, MachinesError, MachinesInstance};
use ordine_base::{Demand, Id, Time};
use ordine_problem::{
    Feature, FeatureSet, Job, JobId, Measure, Objective, Problem, ProblemBuilder, ResourceKind,
};

/// What the family can say.
const SAYS: FeatureSet = FeatureSet::of(&[Feature::SeveralModes, Feature::OtherObjectives]);

/// The problem that the instance states.
///
/// # Errors
/// When the instance is not valid, or its numbers are beyond what a problem may speak of.
pub fn lower(instance: &MachinesInstance) -> Result<Problem, MachinesError> {
    instance.validate()?;
    let mut builder = ProblemBuilder::new(&instance.name);
    let machines: Vec<_> =
        (0..instance.machines).map(|machine| builder.machine(format!("m{machine}"))).collect();
    for (number, data) in instance.jobs.iter().enumerate() {
        let name = format!("j{number}");
        let (weight, due) = (data.weight, data.due);
        let job = builder.job(Job { weight, due, ..Job::named(&name) })?;
        let task = builder.task(name, Some(job))?;
        for (&machine, &duration) in machines.iter().zip(&data.durations) {
            builder.mode(task, duration, &[(machine, Demand::ONE)])?;
        }
    }
    match instance.criterion {
        Criterion::Makespan => {}
        Criterion::WeightedTardiness => {
            builder.objective(Objective::single(Measure::WeightedTardiness));
        }
        Criterion::TotalTardiness => {
            builder.objective(Objective::single(Measure::TotalTardiness));
        }
    }
    Ok(builder.seal()?)
}

/// The instance that a problem states; lowering it again gives the same problem, names aside.
///
/// # Errors
/// What of the problem the family has no words for.
pub fn raise(problem: &Problem) -> Result<MachinesInstance, String> {
    let unsupported = problem.unsupported(SAYS);
    if !unsupported.is_empty() {
        return Err(unsupported.to_string());
    }
    let criterion = if problem.objective().is_makespan() {
        Criterion::Makespan
    } else if *problem.objective() == Objective::single(Measure::WeightedTardiness) {
        Criterion::WeightedTardiness
    } else if *problem.objective() == Objective::single(Measure::TotalTardiness) {
        Criterion::TotalTardiness
    } else {
        return Err(format!("objective {}", problem.objective()));
    };
    if !problem.precedences().is_empty() {
        return Err("precedences".to_owned());
    }
    if problem.tasks().len() != problem.jobs().len() {
        return Err("jobs that have not exactly one task each".to_owned());
    }
    for resource in problem.resources().map(|id| problem.resource(id)) {
        if resource.kind != ResourceKind::Machine {
            return Err(format!("resource {}, which is no machine", resource.name));
        }
    }
    let jobs = problem.jobs().map(|job| raise_job(problem, job)).collect::<Result<_, _>>()?;
    let (name, machines) = (problem.name().to_owned(), problem.resources().len());
    Ok(MachinesInstance { name, machines, jobs, criterion })
}

fn raise_job(problem: &Problem, job: JobId) -> Result<MachineJob, String> {
    let data = problem.job(job);
    let no_words = |what: &str| format!("job {}, {what}", data.name);
    if data.release != Time::ORIGIN || data.deadline.or(data.due_from).is_some() {
        return Err(no_words("which has a release, a deadline or a due window"));
    }
    let [task] = *problem.job_tasks(job) else {
        return Err(no_words("which has not exactly one task"));
    };
    if task.index() != job.index() {
        return Err(no_words("whose task stands at another place"));
    }
    let modes = || problem.modes(task);
    let each_in_turn = modes().len() == problem.resources().len()
        && modes().zip(problem.resources()).all(|(mode, machine)| {
            matches!(problem.requirements(mode), [need] if need.resource == machine)
        });
    if !each_in_turn {
        return Err(no_words("which has not one mode for each machine in turn"));
    }
    let durations = modes().map(|mode| problem.mode(mode).duration).collect();
    Ok(MachineJob { durations, weight: data.weight, due: data.due })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Ticks;

    fn pocket() -> MachinesInstance {
        let job = |durations: [i64; 2], weight, due| MachineJob {
            durations: durations.map(Ticks::new).to_vec(),
            weight,
            due: Some(Time::new(due)),
        };
        MachinesInstance {
            name: "pocket".to_owned(),
            machines: 2,
            jobs: vec![job([3, 5], 2, 4), job([4, 1], 1, 1), job([2, 2], 5, 6)],
            criterion: Criterion::WeightedTardiness,
        }
    }

    #[test]
    fn an_instance_survives_the_way_there_and_back() {
        let problem = lower(&pocket()).expect("valid");
        assert_eq!(problem.tasks().len(), 3);
        assert_eq!(problem.mode_count(), 6);
        assert_eq!(raise(&problem), Ok(pocket()));
    }

    #[test]
    fn what_the_family_cannot_say_is_named() {
        type Change = fn(&mut ProblemBuilder);
        let changes: [(&str, Change); 4] = [
            ("precedences", |it| {
                let [before, after] = [0, 1].map(ordine_problem::TaskId::from_index);
                let precedence = ordine_problem::Precedence::end_to_start(before, after);
                it.precedence(precedence).expect("valid");
            }),
            ("exactly one task", |it| {
                it.job(Job::named("idle")).expect("valid");
            }),
            ("one mode for each machine", |it| {
                it.machine("m2");
            }),
            ("objective number-late", |it| {
                it.objective(Objective::single(Measure::NumberLate));
            }),
        ];
        for (words, change) in changes {
            let changed = lower(&pocket()).expect("valid").with(|builder| {
                change(builder);
                Ok(())
            });
            let reason = raise(&changed.expect("valid")).expect_err(words);
            assert!(reason.contains(words), "{words}: {reason}");
        }
    }
}
