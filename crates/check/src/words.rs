//! Violations in words: which task or resource, when, what was found, what was expected.
//!
//! Lower case, no full stop, with the names of the problem.
//!
//! **Source:** -

mod relation_words;
mod resource_words;
mod time_words;

use crate::Violation;
use ordine_base::{Demand, Id, Ticks, Time};
use ordine_problem::{
    JobId, ModeId, PrecedenceId, PrecedenceKind, Problem, ResourceId, ResourceKind, TaskId,
};

impl Violation {
    /// The violation in one sentence for people, with the names of `problem`.
    ///
    /// # Panics
    /// When `problem` is not the one that was judged and lacks a task or resource of this id.
    pub fn describe(&self, problem: &Problem) -> String {
        let task_name = |task| task_words(problem, task);
        match *self {
            Violation::Unjudged { features } => {
                format!("the judge does not know {features}: expected a problem without")
            }
            Violation::TaskCount { expected, found } => {
                format!("the schedule has {found} tasks: expected {expected}, those of the problem")
            }
            Violation::Unplaced { task } => {
                format!("{} is not placed: expected a mode, a start and an end", task_name(task))
            }
            Violation::ForeignMode { task, mode } => foreign_mode(problem, task, mode),
            Violation::BeforeOrigin { task, start } => {
                format!("{} starts at {start}: expected 0 or later", task_name(task))
            }
            Violation::WrongEnd { task, end, duration, expected, .. } => {
                let expected = match expected {
                    Some(expected) => format!("{expected}, when its work of {duration} is done"),
                    None => format!("an earlier start, since its work of {duration} is never done"),
                };
                format!("{} ends at {end}: expected {expected}", task_name(task))
            }
            Violation::BeforeRelease { task, job, start, release } => {
                let (task, job) = (task_name(task), job_words(problem, job));
                format!("{task} starts at {start}: expected {release} or later, release of {job}")
            }
            Violation::AfterDeadline { task, job, end, deadline } => {
                let (task, job) = (task_name(task), job_words(problem, job));
                format!("{task} ends at {end}: expected {deadline} or earlier, deadline of {job}")
            }
            Violation::TimeTooLarge { task, time } => {
                let (task, most) = (task_name(task), Time::MAX);
                format!("{task} reaches time {time}: expected at most {most}, the largest time")
            }
            Violation::Precedence { precedence, before, after } => {
                precedence_words(problem, precedence, before, after)
            }
            Violation::Overlap { machine, first, second, time, first_end } => format!(
                "{} starts at {time} on {}: expected {first_end} or later, when {} {}",
                task_name(second),
                resource_words(problem, machine),
                task_name(first),
                resource_words::going(problem, first),
            ),
            Violation::Overuse { renewable, task, since, time, usage, capacity } => {
                let found = over_capacity(problem, renewable, usage, capacity);
                let coming = resource_words::coming(problem, renewable, task, since, time);
                format!("at {time}, {coming}, {found}")
            }
            Violation::Overspending { consumable, usage, capacity } => {
                format!("over all tasks {}", over_capacity(problem, consumable, usage, capacity))
            }
            _ => further_words(self, problem),
        }
    }
}

/// The violations of rules that stand in modules of their own, and those of costs.
fn further_words(violation: &Violation, problem: &Problem) -> String {
    match *violation {
        Violation::Unsettled { .. }
        | Violation::BeforeNow { .. }
        | Violation::InBreak { .. }
        | Violation::TooEarly { .. }
        | Violation::TooLate { .. }
        | Violation::ForbiddenStart { .. }
        | Violation::ForbiddenEnd { .. }
        | Violation::ForbiddenExtent { .. } => time_words::describe(violation, problem),
        Violation::PrecedenceTooFar { .. }
        | Violation::Selection { .. }
        | Violation::SpanPresence { .. }
        | Violation::SpanTimes { .. }
        | Violation::ModeRelation { .. }
        | Violation::SameSequence { .. } => relation_words::describe(violation, problem),
        Violation::BrokenBatch { .. }
        | Violation::MixedBatch { .. }
        | Violation::BatchTooLarge { .. }
        | Violation::Setup { .. }
        | Violation::Swap { .. }
        | Violation::LeastUsage { .. }
        | Violation::StockTooLow { .. }
        | Violation::StockTooHigh { .. } => resource_words::describe(violation, problem),
        Violation::CostTooLarge { level } => {
            let level = level + 1;
            format!("level {level} of the cost reaches 2^62: expected less, so earlier ends")
        }
        Violation::WrongCost { ref claimed, ref judged } => {
            format!("the schedule claims cost {claimed}: expected {judged}")
        }
        _ => violation.word().to_owned(),
    }
}

fn foreign_mode(problem: &Problem, task: TaskId, mode: ModeId) -> String {
    let own = problem.modes(task).len();
    let expected = format!("expected one of its own {own} modes");
    let task = task_words(problem, task);
    let known = problem.mode_count();
    if mode.index() >= known {
        let mode = mode.index();
        return format!("{task} runs in mode {mode} of the problem's {known} modes: {expected}");
    }
    let (number, owner) = (problem.mode_number(mode), problem.mode(mode).task);
    format!("{task} runs in mode {number} of {}: {expected}", task_words(problem, owner))
}

fn precedence_words(
    problem: &Problem,
    precedence: PrecedenceId,
    before: Time,
    after: Time,
) -> String {
    let data = problem.precedences()[precedence];
    let (leaves, enters) = match data.kind {
        PrecedenceKind::EndToStart => ("ends", "starts"),
        PrecedenceKind::StartToStart => ("starts", "starts"),
        PrecedenceKind::EndToEnd => ("ends", "ends"),
        PrecedenceKind::StartToEnd => ("starts", "ends"),
    };
    let (first, second) = (task_words(problem, data.before), task_words(problem, data.after));
    let expected = sum(before, data.lag);
    let lag = match data.lag {
        Ticks::ZERO => String::new(),
        lag => format!(" and the lag is {lag}"),
    };
    format!(
        "{second} {enters} at {after}: expected {expected} or later, since {first} {leaves} at \
         {before}{lag}"
    )
}

fn over_capacity(
    problem: &Problem,
    resource: ResourceId,
    usage: Demand,
    capacity: Demand,
) -> String {
    let resource = resource_words(problem, resource);
    format!("the usage of {resource} is {usage}: expected at most {capacity}, its capacity")
}

fn task_words(problem: &Problem, task: TaskId) -> String {
    format!("task {}", problem.task(task).name)
}

fn job_words(problem: &Problem, job: JobId) -> String {
    format!("job {}", problem.job(job).name)
}

fn resource_words(problem: &Problem, resource: ResourceId) -> String {
    let resource = problem.resource(resource);
    let kind = match resource.kind {
        ResourceKind::Machine => "machine",
        ResourceKind::Renewable(_) => "renewable",
        ResourceKind::Consumable(_) => "consumable",
        ResourceKind::Reservoir(_) => "reservoir",
    };
    format!("{kind} {}", resource.name)
}

fn sum(time: Time, amount: Ticks) -> i128 {
    i128::from(time.get()) + i128::from(amount.get())
}
