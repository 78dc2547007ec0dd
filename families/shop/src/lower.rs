//! A shop as a problem, and back.
//!
//! Task number `sum of the operations of earlier jobs + place in its job`, so tasks stand in the
//! order of appearance; choice c of an operation is mode c of its task. Names: jobs `j0`, tasks
//! `j0.0`, machines `m0`. O(choices).
//!
//! **Source:** -

use crate::instance::{Choice, Operation, ShopError, ShopInstance, ShopJob};
use ordine_base::{Demand, Id, Time};
use ordine_problem::{
    Feature, FeatureSet, Job, JobId, ModeId, Precedence, PrecedenceKind, Problem, ProblemBuilder,
    ResourceKind, TaskId,
};

/// What a shop instance can say beyond one mode per task in chains.
const SAYS: FeatureSet = FeatureSet::of(&[Feature::SeveralModes]);

/// The problem that the shop states.
///
/// # Errors
/// When the shop is not valid, or its numbers are beyond what a problem may speak of.
pub fn lower(shop: &ShopInstance) -> Result<Problem, ShopError> {
    shop.validate()?;
    let mut builder = ProblemBuilder::new(&shop.name);
    let machines: Vec<_> =
        (0..shop.machines).map(|machine| builder.machine(format!("m{machine}"))).collect();
    for (number, data) in shop.jobs.iter().enumerate() {
        let job = builder.job(Job::named(format!("j{number}")))?;
        let mut before = None;
        for (place, operation) in data.operations.iter().enumerate() {
            let task = builder.task(format!("j{number}.{place}"), Some(job))?;
            for choice in &operation.choices {
                let needs = [(machines[choice.machine], Demand::ONE)];
                builder.mode(task, choice.duration, &needs)?;
            }
            if let Some(before) = before.replace(task) {
                builder.precedence(Precedence::end_to_start(before, task))?;
            }
        }
    }
    Ok(builder.seal()?)
}

/// The shop that a problem states; lowering it again gives the same problem, names aside.
///
/// # Errors
/// What of the problem a shop has no words for.
pub fn raise(problem: &Problem) -> Result<ShopInstance, String> {
    let unsupported = problem.unsupported(SAYS);
    if !unsupported.is_empty() {
        return Err(unsupported.to_string());
    }
    for resource in problem.resources().map(|id| problem.resource(id)) {
        if resource.kind != ResourceKind::Machine {
            return Err(format!("resource {}, which is no machine", resource.name));
        }
    }
    let mut next = 0;
    let jobs = problem.jobs().map(|job| raise_job(problem, job, &mut next));
    let jobs = jobs.collect::<Result<Vec<_>, _>>()?;
    if next < problem.tasks().len() {
        return Err("a task without job, or tasks that do not stand job by job".to_owned());
    }
    check_chains(problem)?;
    let machines = problem.resources().len();
    Ok(ShopInstance { name: problem.name().to_owned(), machines, jobs })
}

fn raise_job(problem: &Problem, job: JobId, next: &mut usize) -> Result<ShopJob, String> {
    let data = problem.job(job);
    if data.weight != 1 || data.release != Time::ORIGIN || data.due.is_some() {
        return Err(format!("the weight or dates of job {}", data.name));
    }
    let tasks = problem.job_tasks(job);
    if tasks.is_empty() {
        return Err(format!("job {} without tasks", data.name));
    }
    let mut operations = Vec::with_capacity(tasks.len());
    for &task in tasks {
        if task.index() != *next {
            let name = &problem.task(task).name;
            return Err(format!("task {name}, which does not stand with the tasks of its job"));
        }
        *next += 1;
        let choices = problem.modes(task).map(|mode| raise_mode(problem, task, mode));
        operations.push(Operation { choices: choices.collect::<Result<_, _>>()? });
    }
    Ok(ShopJob { operations })
}

fn raise_mode(problem: &Problem, task: TaskId, mode: ModeId) -> Result<Choice, String> {
    let [need] = problem.requirements(mode) else {
        let name = &problem.task(task).name;
        return Err(format!("task {name}, a mode of which does not need exactly one machine"));
    };
    Ok(Choice { machine: need.resource.index(), duration: problem.mode(mode).duration })
}

/// The precedences must be exactly the chains of the jobs, in order.
fn check_chains(problem: &Problem) -> Result<(), String> {
    let chained = problem.jobs().flat_map(|job| problem.job_tasks(job).windows(2));
    let mut stated = problem.precedences().values();
    for pair in chained {
        let follows = |it: &Precedence| (it.before, it.after) == (pair[0], pair[1]);
        if !stated.next().is_some_and(|it| follows(it) && is_plain(it)) {
            let name = &problem.task(pair[1]).name;
            return Err(format!(
                "task {name}, which does not follow the task before it in its job"
            ));
        }
    }
    match stated.next() {
        None => Ok(()),
        Some(it) => {
            let name = &problem.task(it.after).name;
            Err(format!("the predecessor of task {name} outside its chain"))
        }
    }
}

fn is_plain(precedence: &Precedence) -> bool {
    precedence.kind == PrecedenceKind::EndToStart && precedence.lag.get() == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Ticks;
    use ordine_problem::{Measure, Objective};

    fn pocket() -> Problem {
        let operation = |machine, duration| Operation::on(machine, Ticks::new(duration));
        let job = |operations| ShopJob { operations };
        let jobs = vec![
            job(vec![operation(0, 3), operation(1, 2)]),
            job(vec![operation(1, 4), operation(0, 1), operation(1, 1)]),
        ];
        lower(&ShopInstance { name: "pocket".to_owned(), machines: 2, jobs }).expect("valid")
    }

    #[test]
    fn a_shop_survives_the_way_there_and_back() {
        let problem = pocket();
        assert_eq!(problem.tasks().len(), 5);
        assert_eq!(problem.precedences().len(), 3);
        assert!(problem.features().is_empty());
        let shop = raise(&problem).expect("a shop");
        assert_eq!(lower(&shop).expect("valid"), problem);
    }

    #[test]
    fn what_a_shop_cannot_say_is_named() {
        type Change = fn(&mut ProblemBuilder);
        let changes: [(&str, Change); 5] = [
            ("other than the makespan", |it| {
                it.objective(Objective::single(Measure::TotalFlowTime));
            }),
            ("crew, which is no machine", |it| {
                it.renewable("crew", Demand::ONE).expect("valid");
            }),
            ("weight or dates of job late", |it| {
                let due = Some(Time::new(9));
                it.job(Job { due, ..Job::named("late") }).expect("valid");
            }),
            ("a task without job", |it| {
                let machine = it.machine("m2");
                let task = it.task("alone", None).expect("valid");
                it.mode(task, Ticks::new(1), &[(machine, Demand::ONE)]).expect("valid");
            }),
            ("outside its chain", |it| {
                let (before, after) = (TaskId::from_index(1), TaskId::from_index(2));
                it.precedence(Precedence::end_to_start(before, after)).expect("valid");
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
