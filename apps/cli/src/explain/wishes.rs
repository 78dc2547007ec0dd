//! What a `--what-if` says, and the problem in which it holds.
//!
//! `task=bore,start=40;resource=lathe,capacity=2`: wishes between semicolons, the first word of
//! each names one thing, the others what is other about it. A mode that is not wished for is made
//! impossible: it needs one unit of a consumable of which there is none. So numbers of modes stay.
//!
//! **Source:** -

use super::{find, job_named};
use crate::exit::Failure;
use ordine_base::{Demand, Ticks, Time};
use ordine_problem::{
    Job, JobId, Problem, ProblemBuilder, ProblemError, ResourceId, ResourceKind, TaskId,
};
use ordine_wire::change::Change;

/// One thing that is other than it is.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Start(TaskId, Time),
    From(TaskId, Time),
    Until(TaskId, Time),
    /// Only its modes on this resource.
    On(TaskId, ResourceId),
    Mode(TaskId, usize),
    Duration(TaskId, Ticks),
    Release(JobId, Time),
    Due(JobId, Time),
    Deadline(JobId, Time),
    Weight(JobId, i64),
    Capacity(ResourceId, Demand),
    Down(ResourceId, Time, Time),
}

/// The problem in which wishes hold, and what of them is a disruption.
#[derive(Debug)]
pub struct Wished {
    /// The problem.
    pub problem: Problem,
    /// Disruptions, for the replanning.
    pub changes: Vec<Change>,
}

/// Reads the wishes and changes the problem.
///
/// # Errors
/// When a word, a name or a number is not understood, or the wishes contradict each other.
pub fn read(problem: &Problem, text: &str) -> Result<Wished, Failure> {
    let mut wishes = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        read_one(problem, part, &mut wishes)?;
    }
    if wishes.is_empty() {
        return Err(wrong(text, "a wish such as `task=bore,start=40`"));
    }
    let changed = problem.with(|builder| {
        builder.admit_impossible_tasks();
        let mut unwanted = None;
        wishes.iter().try_for_each(|wish| apply(problem, builder, *wish, &mut unwanted))
    });
    let changed = changed.map_err(|error| Failure::bad_input(format!("--what-if: {error}")))?;
    let changes = wishes.iter().filter_map(|wish| match *wish {
        Wish::Down(resource, from, to) => {
            Some(Change::MachineDown { resource, from, to: Some(to) })
        }
        _ => None,
    });
    Ok(Wished { changes: changes.collect(), problem: changed })
}

fn wrong(found: &str, expected: &str) -> Failure {
    Failure::bad_input(format!("--what-if: expected {expected}, found `{found}`"))
}

fn read_one(problem: &Problem, part: &str, wishes: &mut Vec<Wish>) -> Result<(), Failure> {
    let mut words = part.split(',').map(|word| (word, word.split_once('=')));
    let subject = words.next().and_then(|(_, pair)| pair);
    let (kind, name) = subject
        .map(|(kind, name)| (kind.trim(), name.trim()))
        .ok_or_else(|| wrong(part, "`task=NAME`, `job=NAME` or `resource=NAME` first"))?;
    let before = wishes.len();
    match kind {
        "task" => {
            let task = find("task", name, problem.tasks(), |it| problem.task(it).name.clone())?;
            for (word, pair) in words {
                wishes.push(task_wish(problem, task, word, pair)?);
            }
        }
        "job" => {
            let job = job_named(problem, name)?;
            for (word, pair) in words {
                wishes.push(job_wish(job, word, pair)?);
            }
        }
        "resource" => {
            let id = resource_named(problem, name)?;
            for (word, pair) in words {
                wishes.push(resource_wish(problem, id, word, pair)?);
            }
        }
        _ => return Err(wrong(part, "`task=NAME`, `job=NAME` or `resource=NAME` first")),
    }
    match wishes.len() > before {
        true => Ok(()),
        false => Err(wrong(part, "what is to be other about it, such as `task=bore,start=40`")),
    }
}

fn resource_named(problem: &Problem, name: &str) -> Result<ResourceId, Failure> {
    find("resource", name, problem.resources(), |it| problem.resource(it).name.clone())
}

fn time(word: &str, text: &str) -> Result<Time, Failure> {
    let number = text.trim().parse().ok().filter(|it| (0..=Time::MAX.get()).contains(it));
    number.map(Time::new).ok_or_else(|| wrong(word, "a whole time from 0 up"))
}

fn amount(word: &str, text: &str) -> Result<i64, Failure> {
    let number = text.trim().parse().ok().filter(|it| (0..=Demand::MAX.get()).contains(it));
    number.ok_or_else(|| wrong(word, "a whole number from 0 up"))
}

type Pair<'a> = Option<(&'a str, &'a str)>;

fn task_wish(problem: &Problem, task: TaskId, word: &str, pair: Pair<'_>) -> Result<Wish, Failure> {
    let expected = "start=T, from=T, until=T, machine=NAME, mode=N or duration=D";
    let (key, value) = pair.ok_or_else(|| wrong(word, expected))?;
    let modes = problem.modes(task).len();
    Ok(match key.trim() {
        "start" => Wish::Start(task, time(word, value)?),
        "from" => Wish::From(task, time(word, value)?),
        "until" => Wish::Until(task, time(word, value)?),
        "duration" => Wish::Duration(task, Ticks::new(amount(word, value)?)),
        "mode" => {
            let number = amount(word, value)? as usize;
            if number >= modes {
                let expected =
                    format!("a mode below {modes}, for task {}", problem.task(task).name);
                return Err(wrong(word, &expected));
            }
            Wish::Mode(task, number)
        }
        "machine" | "resource" => {
            let id = resource_named(problem, value.trim())?;
            let needs = |mode| problem.requirements(mode).iter().any(|need| need.resource == id);
            if !problem.modes(task).any(needs) {
                let expected = format!("a resource of a mode of task {}", problem.task(task).name);
                return Err(wrong(word, &expected));
            }
            Wish::On(task, id)
        }
        _ => return Err(wrong(word, expected)),
    })
}

fn job_wish(job: JobId, word: &str, pair: Pair<'_>) -> Result<Wish, Failure> {
    let expected = "release=T, due=T, deadline=T or weight=N";
    let (key, value) = pair.ok_or_else(|| wrong(word, expected))?;
    Ok(match key.trim() {
        "release" => Wish::Release(job, time(word, value)?),
        "due" => Wish::Due(job, time(word, value)?),
        "deadline" => Wish::Deadline(job, time(word, value)?),
        "weight" => Wish::Weight(job, amount(word, value)?),
        _ => return Err(wrong(word, expected)),
    })
}

fn resource_wish(
    problem: &Problem,
    id: ResourceId,
    word: &str,
    pair: Pair<'_>,
) -> Result<Wish, Failure> {
    let expected = "capacity=N or down=T-T";
    let (key, value) = pair.ok_or_else(|| wrong(word, expected))?;
    let data = problem.resource(id);
    match key.trim() {
        "capacity" => match data.kind {
            ResourceKind::Renewable(_) | ResourceKind::Consumable(_) => {
                Ok(Wish::Capacity(id, Demand::new(amount(word, value)?)))
            }
            _ => Err(wrong(word, "a renewable or a consumable, whose capacity is a number")),
        },
        "down" if data.comes_back() => {
            let (from, to) = value.split_once('-').ok_or_else(|| wrong(word, "down=30-60"))?;
            let (from, to) = (time(word, from)?, time(word, to)?);
            match from < to {
                true => Ok(Wish::Down(id, from, to)),
                false => Err(wrong(word, "a later time after the `-`")),
            }
        }
        "down" => Err(wrong(word, "a machine or a renewable, which works over time")),
        _ => Err(wrong(word, expected)),
    }
}

fn apply(
    problem: &Problem,
    builder: &mut ProblemBuilder,
    wish: Wish,
    unwanted: &mut Option<ResourceId>,
) -> Result<(), ProblemError> {
    match wish {
        Wish::Start(task, time) => {
            let data = builder.edit_task(task);
            (data.earliest_start, data.latest_start) = (time, Some(time));
        }
        Wish::From(task, time) => {
            let data = builder.edit_task(task);
            data.earliest_start = data.earliest_start.max(time);
        }
        Wish::Until(task, time) => {
            let data = builder.edit_task(task);
            data.latest_end = Some(data.latest_end.map_or(time, |known| known.min(time)));
        }
        Wish::On(task, id) => {
            let needs = |mode| problem.requirements(mode).iter().any(|need| need.resource == id);
            let without: Vec<usize> = problem
                .modes(task)
                .filter(|mode| !needs(*mode))
                .map(|mode| problem.mode_number(mode))
                .collect();
            return forbid(builder, task, &without, unwanted);
        }
        Wish::Mode(task, number) => {
            let others: Vec<usize> =
                (0..problem.modes(task).len()).filter(|it| *it != number).collect();
            return forbid(builder, task, &others, unwanted);
        }
        Wish::Duration(task, duration) => {
            for number in 0..problem.modes(task).len() {
                builder.replace_duration(task, number, duration)?;
            }
        }
        Wish::Release(id, release) => {
            builder.replace_job(id, Job { release, ..builder.job_of(id).clone() })?;
        }
        Wish::Due(id, due) => {
            let job = builder.job_of(id).clone();
            let due_from = job.due_from.map(|from| from.min(due));
            builder.replace_job(id, Job { due: Some(due), due_from, ..job })?;
        }
        Wish::Deadline(id, deadline) => {
            let deadline = Some(deadline);
            builder.replace_job(id, Job { deadline, ..builder.job_of(id).clone() })?;
        }
        Wish::Weight(id, weight) => {
            builder.replace_job(id, Job { weight, ..builder.job_of(id).clone() })?;
        }
        Wish::Capacity(id, capacity) => {
            let resource = builder.edit_resource(id);
            resource.capacity_profile = None;
            resource.kind = match resource.kind {
                ResourceKind::Consumable(_) => ResourceKind::Consumable(capacity),
                _ => ResourceKind::Renewable(capacity),
            };
        }
        Wish::Down(..) => {}
    }
    Ok(())
}

/// Makes modes of a task impossible.
fn forbid(
    builder: &mut ProblemBuilder,
    task: TaskId,
    numbers: &[usize],
    unwanted: &mut Option<ResourceId>,
) -> Result<(), ProblemError> {
    if numbers.is_empty() {
        return Ok(());
    }
    let none = match *unwanted {
        Some(none) => none,
        None => *unwanted.insert(builder.consumable("modes that are not wished", Demand::ZERO)?),
    };
    numbers.iter().try_for_each(|number| builder.require(task, *number, none, Demand::ONE))
}
