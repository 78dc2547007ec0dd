//! Variants of a shop: rules that come on top of what a file says.
//!
//! Each goes with every problem whose jobs are chains. With J = (O_1 → … → O_n) a job:
//!
//! * `blocking`: O_k keeps its machine until O_{k+1} starts, for all k < n. Machines may be
//!   exchanged at one instant, in a circle of any length.
//! * `blocking-no-swap`: the same, without such circles.
//! * `no-wait`: O_{k+1} starts at the very end of O_k (plus their lag).
//! * `permutation`: all machines run the jobs in one order.
//!
//! O(tasks + precedences).
//!
//! **Source:** Hall, Sriskandarajah 1996 (blocking, no-wait); Mascis, Pacciarelli 2002 (with swap
//! and without).

use crate::instance::ShopError;
use ordine_base::Ticks;
use ordine_problem::{
    Hold, JobId, Link, PrecedenceKind, Problem, ProblemBuilder, ProblemError, ResourceId,
    SameSequence, TaskId,
};

/// A variant by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Name on the command line.
    pub name: &'static str,
    /// What it adds, in one line.
    pub summary: &'static str,
    /// Where it was published.
    pub source: &'static str,
}

/// Every variant.
pub const VARIANTS: [Variant; 4] = [
    Variant {
        name: "blocking",
        summary: "a job keeps its machine until its next task starts; machines may be exchanged",
        source: "Mascis, Pacciarelli 2002",
    },
    Variant {
        name: "blocking-no-swap",
        summary: "blocking, and machines are never exchanged in a circle at one instant",
        source: "Mascis, Pacciarelli 2002",
    },
    Variant {
        name: "no-wait",
        summary: "each task of a job starts at the very end of the one before it",
        source: "Hall, Sriskandarajah 1996",
    },
    Variant {
        name: "permutation",
        summary: "all machines run the jobs in one order",
        source: "Johnson 1954",
    },
];

/// The problem with these variants, names separated by commas.
///
/// # Errors
/// When a name is unknown or said twice, or a variant does not go with the problem: why.
///
/// ```
/// use ordine_shop::{io::FORMATS, variants};
///
/// let shop = ordine_wire::read_one(b"2 2\n3 2\n1 4\n", "tiny.txt", FORMATS)?.problem;
/// let variant = variants::apply(&shop, "no-wait,permutation").expect("a flow shop has chains");
/// assert_eq!(variant.same_sequences().len(), 1);
/// # Ok::<(), ordine_wire::Diagnostics>(())
/// ```
pub fn apply(problem: &Problem, names: &str) -> Result<Problem, ShopError> {
    let mut asked: Vec<&'static str> = Vec::new();
    for name in names.split(',').map(str::trim) {
        let Some(known) = VARIANTS.iter().find(|known| known.name == name) else {
            return Err(ShopError::UnknownVariant { name: name.to_owned() });
        };
        let is_like = |other: &&&str| blocks(other) && blocks(known.name) || **other == known.name;
        if let Some(other) = asked.iter().find(is_like) {
            let why = format!("{other} is asked for as well: say one of them");
            return Err(ShopError::Variant { variant: known.name, why });
        }
        asked.push(known.name);
    }
    let no = |variant| move |why| ShopError::Variant { variant, why };
    let chains = chains(problem).map_err(no(asked[0]))?;
    let mut builder = problem.to_builder();
    for variant in asked {
        match variant {
            "no-wait" => limit_gaps(&chains, &mut builder)?,
            "permutation" => one_order(problem, &mut builder).map_err(no(variant))?,
            _ => hold(problem, &chains, &mut builder).map_err(no(variant))?,
        }
        if variant == "blocking-no-swap" {
            builder.forbid_swaps();
        }
    }
    Ok(builder.seal()?)
}

fn blocks(name: &str) -> bool {
    name.starts_with("blocking")
}

/// A task and the link to the task of its job that follows it.
type Step = (TaskId, Link);

/// Every pair of consecutive tasks of every job.
///
/// # Errors
/// Which job is no chain.
fn chains(problem: &Problem) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    for job in problem.jobs() {
        let before = steps.len();
        let no_chain = || {
            let name = &problem.job(job).name;
            format!(
                "the tasks of job {name} are not one chain, each after the end of the one before"
            )
        };
        for &task in problem.job_tasks(job) {
            let next = next_in_job(problem, job, task).ok_or_else(no_chain)?;
            steps.extend(next.map(|link| (task, link)));
        }
        if !is_chain(problem.job_tasks(job), &steps[before..]) {
            return Err(no_chain());
        }
    }
    match steps.is_empty() {
        true => Err("no job has a task after another".to_owned()),
        false => Ok(steps),
    }
}

/// The only successor within the job, if there is one; `None` when there are several, or another
/// relation than from end to start. Wishes, which have a penalty, are no links.
fn next_in_job(problem: &Problem, job: JobId, task: TaskId) -> Option<Option<Link>> {
    let in_job = |link: &&Link| problem.task(link.task).job == Some(job);
    let mut links = problem.successors(task).iter().filter(in_job);
    let Some(&link) = links.next() else { return Some(None) };
    let is_only = link.kind == PrecedenceKind::EndToStart && links.next().is_none();
    is_only.then_some(Some(link))
}

/// Whether the steps, ascending by task, lead from one of the tasks through all of them.
fn is_chain(tasks: &[TaskId], steps: &[Step]) -> bool {
    let mut nexts: Vec<TaskId> = steps.iter().map(|step| step.1.task).collect();
    nexts.sort_unstable();
    let is_first = |task: &&TaskId| nexts.binary_search(task).is_err();
    let Some(&first) = tasks.iter().find(is_first) else { return tasks.is_empty() };
    let next = |task: &TaskId| {
        let found = steps.binary_search_by_key(task, |step| step.0);
        found.ok().map(|index| steps[index].1.task)
    };
    std::iter::successors(Some(first), next).take(tasks.len() + 1).count() == tasks.len()
}

fn limit_gaps(chains: &[Step], builder: &mut ProblemBuilder) -> Result<(), ProblemError> {
    chains.iter().try_for_each(|(_, link)| builder.limit_gap(link.precedence, link.lag))
}

fn hold(problem: &Problem, chains: &[Step], builder: &mut ProblemBuilder) -> Result<(), String> {
    for &(task, link) in chains {
        let name = &problem.task(task).name;
        if link.lag != Ticks::ZERO {
            return Err(format!("task {name} has a lag to the next one of its job"));
        }
        if problem.hold_of(task).is_some() {
            return Err(format!("task {name} keeps its machine already"));
        }
        builder.hold(Hold { task, until: link.task, buffer: None });
    }
    Ok(())
}

fn one_order(problem: &Problem, builder: &mut ProblemBuilder) -> Result<(), String> {
    for job in problem.jobs() {
        let tasks = problem.job_tasks(job).iter();
        let visits = tasks.map(|&task| only_machine(problem, task));
        let mut visits = visits.collect::<Result<Vec<ResourceId>, String>>()?;
        visits.sort_unstable();
        if let Some(twice) = visits.windows(2).find(|pair| pair[0] == pair[1]) {
            let (name, machine) = (&problem.job(job).name, &problem.resource(twice[0]).name);
            return Err(format!("job {name} visits machine {machine} twice"));
        }
    }
    let machines: Vec<ResourceId> =
        problem.resources().filter(|&it| problem.resource(it).is_machine()).collect();
    let stated = problem.same_sequences().iter();
    let covers = |it: &SameSequence| machines.iter().all(|machine| it.machines.contains(machine));
    if !stated.into_iter().any(covers) {
        builder.same_sequence(SameSequence { machines });
    }
    Ok(())
}

/// The machine of a task that can run on no other.
fn only_machine(problem: &Problem, task: TaskId) -> Result<ResourceId, String> {
    let needs = problem.usable_modes(task).iter().flat_map(|&mode| problem.requirements(mode));
    let mut machines =
        needs.map(|need| need.resource).filter(|&it| problem.resource(it).is_machine());
    let first = machines.next();
    match first.filter(|first| machines.all(|other| other == *first)) {
        Some(machine) => Ok(machine),
        None => {
            let name = &problem.task(task).name;
            Err(format!("task {name} has not exactly one machine that it can run on"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Choice, Operation, Route, ShopInstance, ShopJob, lower};

    /// Two jobs that visit two machines in opposite directions.
    fn pocket() -> ShopInstance {
        let job = |machines: [usize; 2]| {
            ShopJob::of(machines.map(|it| Operation::on(it, Ticks::new(3))).to_vec())
        };
        let jobs = vec![job([0, 1]), job([1, 0])];
        ShopInstance { name: "pocket".to_owned(), machines: 2, jobs, ..ShopInstance::default() }
    }

    #[test]
    fn each_variant_adds_its_rule_and_no_other() {
        let plain = lower(&pocket()).expect("valid");
        for (names, holds, swaps, gaps, sequences) in [
            ("blocking", 2, true, 0, 0),
            ("blocking-no-swap", 2, false, 0, 0),
            ("no-wait", 0, true, 2, 0),
            ("permutation", 0, true, 0, 1),
            ("no-wait, permutation", 0, true, 2, 1),
            ("blocking-no-swap,no-wait", 2, false, 2, 0),
        ] {
            let shop = apply(&plain, names).expect(names);
            assert_eq!(shop.holds().len(), holds, "{names}");
            assert_eq!(shop.swaps_allowed(), swaps, "{names}");
            let limited = |it: &&ordine_problem::Precedence| it.lag_max == Some(Ticks::ZERO);
            assert_eq!(shop.precedences().values().filter(limited).count(), gaps, "{names}");
            assert_eq!(shop.same_sequences().len(), sequences, "{names}");
        }
        let once = apply(&plain, "permutation").expect("valid");
        assert_eq!(apply(&once, "permutation"), Ok(once));
    }

    #[test]
    fn a_variant_that_does_not_go_with_a_problem_says_why() {
        let mut open = pocket();
        open.route = Route::Open;
        let mut single = pocket();
        single.jobs.iter_mut().for_each(|job| job.operations.truncate(1));
        let mut again = pocket();
        again.jobs[1].operations.push(Operation::on(1, Ticks::new(1)));
        let mut flexible = pocket();
        flexible.jobs[0].operations[0].choices.push(Choice::on(1, Ticks::new(1)));
        for (shop, names, words) in [
            (&pocket(), "tidy", "unknown variant \"tidy\": expected names among blocking,"),
            (&pocket(), "", "unknown variant \"\""),
            (&pocket(), "no-wait,no-wait", "no-wait is asked for as well"),
            (&pocket(), "blocking,blocking-no-swap", "blocking is asked for as well"),
            (&open, "no-wait", "the tasks of job j0 are not one chain"),
            (&single, "blocking", "no job has a task after another"),
            (&again, "permutation", "job j1 visits machine m1 twice"),
            (&flexible, "permutation", "task j0.0 has not exactly one machine"),
        ] {
            let error = apply(&lower(shop).expect("valid"), names).expect_err(names).to_string();
            assert!(error.contains(words), "{names}: {error}");
        }
        let blocking = apply(&lower(&pocket()).expect("valid"), "blocking").expect("valid");
        let error = apply(&blocking, "blocking").expect_err("twice").to_string();
        assert!(error.contains("task j0.0 keeps its machine already"), "{error}");
    }

    #[test]
    fn a_second_precedence_within_a_job_is_a_branch() {
        let plain = lower(&pocket()).expect("valid");
        let tasks: Vec<TaskId> = plain.tasks().collect();
        let added = ordine_problem::Precedence::end_to_start(tasks[0], tasks[1]);
        let branching = plain.with(|builder| builder.precedence(added).map(drop));
        let error = apply(&branching.expect("valid"), "no-wait").expect_err("no chain");
        assert!(error.to_string().contains("job j0 are not one chain"), "{error}");
        let wishing = plain.with(|builder| builder.precedence(added.with_penalty(1)).map(drop));
        assert!(apply(&wishing.expect("valid"), "no-wait").is_ok());
    }
}
