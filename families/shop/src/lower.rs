//! A shop as a problem, and back.
//!
//! Task number `sum of the operations of earlier jobs + place in its job`, so tasks stand in the
//! order of appearance; choice c of an operation is mode c of its task. Each operation needs its
//! machine and, where it has one, its worker. In a chain each operation starts at or after the
//! end of the one before it; in an open shop a machine per job, needed by all its operations,
//! keeps any two of them apart. Names: jobs `j0`, tasks `j0.0`, machines `m0`, workers `w0`, the
//! machine of an open job `job j0`. O(choices).
//!
//! **Source:** open shops as disjunctions in both directions: Brucker, Hurink, Jurisch,
//! Wöstmann 1997.

use crate::instance::{Choice, Operation, Route, ShopError, ShopInstance, ShopJob};
use ordine_base::{Demand, Id};
use ordine_problem::{
    BreakPolicy, Feature, FeatureSet, Job, JobId, ModeId, Precedence, Problem, ProblemBuilder,
    ResourceId, TaskId,
};

/// What a shop instance can say beyond one mode per task in chains.
const SAYS: FeatureSet = FeatureSet::of(&[Feature::SeveralModes, Feature::SeveralResources]);

/// The problem that the shop states.
///
/// # Errors
/// When the shop is not valid, or its numbers are beyond what a problem may speak of.
pub fn lower(shop: &ShopInstance) -> Result<Problem, ShopError> {
    shop.validate()?;
    let mut builder = ProblemBuilder::new(&shop.name);
    let machines: Vec<_> =
        (0..shop.machines).map(|machine| builder.machine(format!("m{machine}"))).collect();
    let workers: Vec<_> =
        (0..shop.workers).map(|worker| builder.machine(format!("w{worker}"))).collect();
    for (number, data) in shop.jobs.iter().enumerate() {
        let job = builder.job(Job { due: data.due, ..Job::named(format!("j{number}")) })?;
        let alone = match shop.route {
            Route::Open => Some(builder.machine(format!("job j{number}"))),
            Route::Chain => None,
        };
        let mut before = None;
        for (place, operation) in data.operations.iter().enumerate() {
            let task = builder.task(format!("j{number}.{place}"), Some(job))?;
            for choice in &operation.choices {
                let worker = choice.worker.map(|worker| workers[worker]);
                let needed = [Some(machines[choice.machine]), worker, alone];
                let needs: Vec<_> = needed.into_iter().flatten().map(one).collect();
                builder.mode(task, choice.duration, &needs)?;
            }
            if shop.route == Route::Chain
                && let Some(before) = before.replace(task)
            {
                builder.precedence(Precedence::end_to_start(before, task))?;
            }
        }
    }
    Ok(builder.seal()?)
}

fn one(resource: ResourceId) -> (ResourceId, Demand) {
    (resource, Demand::ONE)
}

/// The shop that a problem states; lowering it again gives the same problem, names aside.
///
/// # Errors
/// What of the problem a shop has no words for.
pub fn raise(problem: &Problem) -> Result<ShopInstance, String> {
    raise_beside(problem, FeatureSet::EMPTY, Route::Chain)
        .or_else(|why| raise_beside(problem, FeatureSet::EMPTY, Route::Open).map_err(|_| why))
}

/// The shop of this route that a problem states, `extra` features aside: what of those the
/// problem says, the caller has to find out.
pub(crate) fn raise_beside(
    problem: &Problem,
    extra: FeatureSet,
    route: Route,
) -> Result<ShopInstance, String> {
    let unsupported = problem.unsupported(SAYS).without(extra);
    if !unsupported.is_empty() {
        return Err(unsupported.to_string());
    }
    check_neutral(problem, extra.has(Feature::Setups))?;
    let resources = problem.resources().len();
    let jobs_open = if route == Route::Open { problem.jobs().len() } else { 0 };
    let Some(others) = resources.checked_sub(jobs_open) else {
        return Err("jobs without a machine that keeps their tasks apart".to_owned());
    };
    let machines = first_worker(problem, others);
    let raising = Raising { problem, route, machines, others };
    let mut next = 0;
    let jobs = problem.jobs().map(|job| raising.job(job, &mut next));
    let jobs = jobs.collect::<Result<Vec<_>, _>>()?;
    if next < problem.tasks().len() {
        return Err("a task without job, or tasks that do not stand job by job".to_owned());
    }
    check_chains(problem, route)?;
    let name = problem.name().to_owned();
    Ok(ShopInstance { name, machines, workers: others - machines, route, jobs })
}

/// Refuses what changes no schedule yet would be lost: prices, plans, parts that nobody uses.
fn check_neutral(problem: &Problem, with_setups: bool) -> Result<(), String> {
    for resource in problem.resources().map(|id| problem.resource(id)) {
        let name = &resource.name;
        if !resource.is_machine() {
            return Err(format!("resource {name}, which is no machine"));
        }
        let set_up = resource.setup.is_some() || resource.initial_family.is_some();
        if resource.price != 0 || resource.calendar.is_some() || set_up && !with_setups {
            return Err(format!("the price, calendar or setups of machine {name}"));
        }
    }
    for task in problem.tasks().map(|id| problem.task(id)) {
        let breaks = task.breaks != BreakPolicy::default() || task.released_in_breaks;
        let penalties = task.absence_penalty != 0
            || task.start_cost.is_some()
            || task.end_cost.is_some()
            || task.planned.is_some();
        if breaks || penalties || task.family.is_some() && !with_setups {
            return Err(format!("the family, breaks, penalties or plan of task {}", task.name));
        }
    }
    let no_setups = problem.setups().is_empty() && problem.families().is_empty();
    let all_used = problem.calendars().is_empty() && (no_setups || with_setups);
    if !all_used || !problem.swaps_allowed() {
        Err("calendars, setups or rules that nobody uses".to_owned())
    } else {
        Ok(())
    }
}

/// The first resource that stands second in a mode: machines lie before it, workers from it on.
fn first_worker(problem: &Problem, others: usize) -> usize {
    let modes = problem.tasks().flat_map(|task| problem.modes(task));
    let second = modes.filter_map(|mode| problem.requirements(mode).get(1));
    second.map(|need| need.resource.index()).min().unwrap_or(others).min(others)
}

/// A problem on its way back: resources before `machines` are machines, those before `others`
/// workers, and in an open shop the rest belongs to one job each.
struct Raising<'p> {
    problem: &'p Problem,
    route: Route,
    machines: usize,
    others: usize,
}

impl Raising<'_> {
    fn job(&self, job: JobId, next: &mut usize) -> Result<ShopJob, String> {
        let data = self.problem.job(job);
        let said = Job { due: data.due, ..Job::named(data.name.clone()) };
        if *data != said {
            let name = &data.name;
            return Err(format!("the weight, release, deadline or due window of job {name}"));
        }
        let tasks = self.problem.job_tasks(job);
        if tasks.is_empty() {
            return Err(format!("job {} without tasks", data.name));
        }
        let mut operations = Vec::with_capacity(tasks.len());
        for &task in tasks {
            if task.index() != *next {
                let name = &self.problem.task(task).name;
                return Err(format!("task {name}, which does not stand with the tasks of its job"));
            }
            *next += 1;
            let choices = self.problem.modes(task).map(|mode| self.choice(job, task, mode));
            operations.push(Operation { choices: choices.collect::<Result<_, _>>()? });
        }
        Ok(ShopJob { operations, due: data.due })
    }

    fn choice(&self, job: JobId, task: TaskId, mode: ModeId) -> Result<Choice, String> {
        let needs = self.problem.requirements(mode).iter().map(|need| need.resource.index());
        let mut needs: Vec<usize> = needs.collect();
        let own = self.others + job.index();
        let alone = self.route == Route::Open && needs.pop() != Some(own);
        let worker = needs.get(1).map(|&resource| resource.wrapping_sub(self.machines));
        let is_worker = |&worker: &usize| worker < self.others - self.machines;
        if alone
            || !(1..=2).contains(&needs.len())
            || needs[0] >= self.machines
            || !worker.as_ref().is_none_or(is_worker)
        {
            let name = &self.problem.task(task).name;
            return Err(format!(
                "task {name}, a mode of which needs something else than one machine, and \
                 perhaps one worker"
            ));
        }
        let duration = self.problem.mode(mode).duration;
        Ok(Choice { machine: needs[0], worker, duration })
    }
}

/// The precedences must be exactly the chains of the jobs, in order; none in an open shop.
fn check_chains(problem: &Problem, route: Route) -> Result<(), String> {
    let chains = problem.jobs().filter(|_| route == Route::Chain);
    let chained = chains.flat_map(|job| problem.job_tasks(job).windows(2));
    let mut stated = problem.precedences().values();
    for pair in chained {
        let expected = Precedence::end_to_start(pair[0], pair[1]);
        if stated.next() != Some(&expected) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Ticks;
    use ordine_problem::{Measure, Objective};

    fn pocket() -> Problem {
        let operation = |machine, duration| Operation::on(machine, Ticks::new(duration));
        let jobs = vec![
            ShopJob::of(vec![operation(0, 3), operation(1, 2)]),
            ShopJob::of(vec![operation(1, 4), operation(0, 1), operation(1, 1)]),
        ];
        let name = "pocket".to_owned();
        lower(&ShopInstance { name, machines: 2, jobs, ..ShopInstance::default() }).expect("valid")
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
            ("weight, release, deadline or due window of job heavy", |it| {
                it.job(Job { weight: 2, ..Job::named("heavy") }).expect("valid");
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
