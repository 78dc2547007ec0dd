//! What holds a task where it stands, and the chain of tasks that leads to the end of a job.
//!
//! A task is held by whatever the judge says against it one step earlier, everything else being
//! where it is: another task (then the chain goes on with that one), a rule about the task alone,
//! or nothing. A step is one tick, or the last start before a break of its resources. O(length of
//! the chain × one judgment).
//!
//! **Source:** critical paths of disjunctive graphs: Balas 1969; the judge as oracle is ours.

use ordine_base::{Cost, Interval, Time};
use ordine_check::{Violation, check};
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{
    JobId, Placement, PrecedenceId, Problem, ResourceId, Schedule, Status, TaskId, WorkTime,
};
use std::collections::BTreeSet;

/// Exchanges that are tried along a chain.
const SWAPS_MAX: usize = 64;

/// What holds a task where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing can start before: it starts at the origin or at the present.
    Beginning,
    /// It is done, running or frozen.
    Settled,
    /// A rule about the task alone, broken one step earlier.
    Rule(Violation),
    /// Another task, by a rule that is broken one step earlier.
    Task {
        /// The other task.
        other: TaskId,
        /// The rule.
        rule: Violation,
    },
    /// Nothing: it can start this early while everything else stays.
    Nothing {
        /// That start.
        earliest: Time,
    },
}

/// A task of a chain with what holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The task.
    pub task: TaskId,
    /// Where it stands.
    pub placement: Placement,
    /// What holds it.
    pub cause: Cause,
    /// A break of its resources that ends where it starts.
    pub pause: Option<Interval>,
    /// How many other rules hold it there as well.
    pub others: usize,
}

/// What leads to the end of a job, from the end back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The job.
    pub job: JobId,
    /// When it ends.
    pub end: Time,
    /// Its last task first, each held by the one that follows here.
    pub steps: Vec<Step>,
}

/// Two tasks of a chain in another order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The task that would go first.
    pub first: TaskId,
    /// The task that now goes first.
    pub second: TaskId,
    /// When the job would end.
    pub end: Time,
    /// What the schedule would cost, as judged.
    pub cost: Cost,
    /// The schedule.
    pub schedule: Schedule,
}

/// The chain that leads to the end of a job; `None` when nothing of the job is placed.
pub fn critical_chain(problem: &Problem, schedule: &Schedule, job: JobId) -> Option<Chain> {
    let end = |task: &TaskId| schedule.placement(*task).map(|it| (it.end, it.start));
    let tasks = problem.job_tasks(job).iter().copied().filter(|task| end(task).is_some());
    let last = tasks.max_by_key(|task| (end(task), problem.span_of(*task).is_none(), *task))?;
    let mut task = child(problem, schedule, last);
    let mut chain = Chain { job, end: end(&last)?.0, steps: Vec::new() };
    let mut seen = BTreeSet::new();
    while seen.insert(task) {
        let step = held(problem, schedule, task, &seen)?;
        let next = match step.cause {
            Cause::Task { other, .. } => Some(other),
            _ => None,
        };
        chain.steps.push(step);
        let Some(next) = next else { break };
        task = next;
    }
    Some(chain)
}

/// The last of the tasks that a task spans, and of those that they span.
fn child(problem: &Problem, schedule: &Schedule, task: TaskId) -> TaskId {
    let Some(span) = problem.span_of(task) else { return task };
    let end = |task: &TaskId| schedule.placement(*task).map(|it| it.end);
    let last = span.children.iter().copied().filter(|it| end(it).is_some()).max_by_key(end);
    last.map_or(task, |last| child(problem, schedule, last))
}

/// What holds a task; tasks in `seen` are named last.
fn held(
    problem: &Problem,
    schedule: &Schedule,
    task: TaskId,
    seen: &BTreeSet<TaskId>,
) -> Option<Step> {
    let placement = schedule.placement(task)?;
    let step = |cause, pause, others| Step { task, placement, cause, pause, others };
    if problem.task(task).status != Status::Free {
        return Some(step(Cause::Settled, None, 0));
    }
    let Some(earlier) = step_back(problem, task, placement) else {
        let first = Interval::new(Time::ORIGIN, placement.start);
        let pause = (!first.is_empty()).then_some(first);
        return Some(step(Cause::Beginning, pause, 0));
    };
    let tick = ordine_base::Ticks::new(1);
    let gap = Interval::new(earlier.start + tick, placement.start);
    let pause = (!gap.is_empty()).then_some(gap);
    let broken = objections(problem, schedule, task, earlier);
    if broken.is_empty() {
        let earliest = earliest(problem, schedule, task, earlier);
        return Some(step(Cause::Nothing { earliest }, None, 0));
    }
    let others = broken.len() - 1;
    if broken.iter().any(|it| matches!(it, Violation::BeforeNow { .. })) {
        return Some(step(Cause::Beginning, pause, others));
    }
    let mut causes: Vec<(TaskId, Violation)> = Vec::new();
    for rule in &broken {
        let other = culprit(problem, schedule, task, placement, rule);
        causes.extend(other.map(|other| (child(problem, schedule, other), rule.clone())));
    }
    let end = |task: TaskId| schedule.placement(task).map_or(Time::ORIGIN, |it| it.end);
    causes.sort_by_key(|(other, _)| (!seen.contains(other), end(*other)));
    let cause = match causes.pop() {
        Some((other, rule)) => Cause::Task { other, rule },
        None => Cause::Rule(broken.into_iter().next()?),
    };
    Some(step(cause, pause, others))
}

/// The last place before its own at which the calendars let a task start.
fn step_back(problem: &Problem, task: TaskId, placement: Placement) -> Option<Placement> {
    let work = WorkTime::of(problem, placement.mode);
    let (policy, duration) = (problem.task(task).breaks, problem.mode(placement.mode).duration);
    let from = |time: i64| {
        let found = work.earliest(Time::new(time), duration, policy);
        found.filter(|(start, _)| *start < placement.start)
    };
    let (mut least, mut most) = (0, placement.start.get());
    from(least)?;
    while most - least > 1 {
        let middle = least + (most - least) / 2;
        if from(middle).is_some() { least = middle } else { most = middle }
    }
    let (start, end) = from(least)?;
    // A batch may end later than its task would alone.
    let stretch = (placement.end - placement.start) - duration;
    let end = if work.is_free() { end + stretch } else { end };
    Some(Placement { start, end, ..placement })
}

/// What the judge says when a task stands there and everything else stays.
fn objections(
    problem: &Problem,
    schedule: &Schedule,
    task: TaskId,
    placement: Placement,
) -> Vec<Violation> {
    let mut moved = schedule.clone();
    moved.place(task, placement);
    let mut broken = check(problem, &moved).err().unwrap_or_default();
    // What spans it follows it.
    broken.retain(|it| !matches!(it, Violation::SpanTimes { .. }));
    broken
}

/// The earliest start to which a task can go back without an objection, as far as a search by
/// halving sees.
fn earliest(problem: &Problem, schedule: &Schedule, task: TaskId, known: Placement) -> Time {
    let free = |start: i64| {
        let placement = Placement { start: Time::new(start + 1), ..known };
        let earlier = step_back(problem, task, placement)?;
        objections(problem, schedule, task, earlier).is_empty().then_some(earlier.start)
    };
    let (mut least, mut most) = (-1, known.start.get());
    let mut best = known.start;
    while most - least > 1 {
        let middle = least + (most - least) / 2;
        match free(middle) {
            Some(start) => (most, best) = (middle, start.min(best)),
            None => least = middle,
        }
    }
    best
}

/// The other task that a broken rule speaks of.
fn culprit(
    problem: &Problem,
    schedule: &Schedule,
    task: TaskId,
    placement: Placement,
    rule: &Violation,
) -> Option<TaskId> {
    let other = |first: TaskId, second: TaskId| if first == task { second } else { first };
    let found = match *rule {
        Violation::Precedence { precedence, .. }
        | Violation::PrecedenceTooFar { precedence, .. } => {
            let it = problem.precedences()[precedence];
            (it.before == task || it.after == task).then(|| other(it.before, it.after))
        }
        Violation::Overlap { first, second, first_end, .. } => {
            let found = other(first, second);
            let ends = schedule.placement(found).map(|it| it.end);
            let waits = problem.hold_of(found).filter(|_| ends < Some(first_end));
            Some(waits.map_or(found, |hold| hold.until))
        }
        Violation::BrokenBatch { first, second, .. }
        | Violation::MixedBatch { first, second, .. } => Some(other(first, second)),
        Violation::Setup { machine, .. } => before_on(problem, schedule, machine, task, placement),
        Violation::Overuse { renewable, time, .. } => {
            user_at(problem, schedule, renewable, task, time)
        }
        Violation::StockTooLow { reservoir, .. } | Violation::StockTooHigh { reservoir, .. } => {
            changer_at(problem, schedule, reservoir, task, placement.start)
        }
        _ => None,
    };
    found.filter(|found| *found != task)
}

fn uses(problem: &Problem, placement: Placement, id: ResourceId) -> bool {
    problem.requirements(placement.mode).iter().any(|need| need.resource == id)
}

/// The task before another on a machine.
fn before_on(
    problem: &Problem,
    schedule: &Schedule,
    machine: ResourceId,
    task: TaskId,
    placement: Placement,
) -> Option<TaskId> {
    let earlier = schedule.placed().filter(|(other, it)| {
        *other != task && it.end <= placement.start && uses(problem, *it, machine)
    });
    earlier.max_by_key(|(_, it)| it.end).map(|(other, _)| other)
}

/// Who uses a renewable at a time, the one that leaves first.
fn user_at(
    problem: &Problem,
    schedule: &Schedule,
    renewable: ResourceId,
    task: TaskId,
    time: Time,
) -> Option<TaskId> {
    let leaves = |other: TaskId, it: Placement| {
        let hold = problem.hold_of(other).and_then(|hold| schedule.placement(hold.until));
        hold.map_or(it.end, |until| until.start.max(it.end))
    };
    let users = schedule.placed().filter(|(other, it)| {
        let there = it.start <= time && time < leaves(*other, *it);
        *other != task && there && uses(problem, *it, renewable)
    });
    users.min_by_key(|(other, it)| (leaves(*other, *it), it.start)).map(|(other, _)| other)
}

/// Who changes a level at a time, or last before it.
fn changer_at(
    problem: &Problem,
    schedule: &Schedule,
    reservoir: ResourceId,
    task: TaskId,
    time: Time,
) -> Option<TaskId> {
    let changers = schedule.placed().filter_map(|(other, it)| {
        let changes = problem.stock_changes(it.mode).iter();
        let here =
            changes.filter(|change| change.reservoir == reservoir).map(|change| match change.at {
                ordine_problem::Point::Start => it.start,
                ordine_problem::Point::End => it.end,
            });
        here.filter(|at| *at <= time).max().filter(|_| other != task).map(|at| (at, other))
    });
    changers.max().map(|(_, other)| other)
}

impl Cause {
    /// What holds the task, in words.
    pub fn describe(&self, problem: &Problem, schedule: &Schedule) -> String {
        let name = |task: TaskId| &problem.task(task).name;
        match self {
            Cause::Beginning if problem.now() > Time::ORIGIN => "the present".to_owned(),
            Cause::Beginning => "the beginning".to_owned(),
            Cause::Settled => "what has happened or is decided".to_owned(),
            Cause::Nothing { earliest } => {
                format!("nothing: it can start at {earliest} while everything else stays")
            }
            Cause::Rule(rule) => rule_words(problem, rule),
            Cause::Task { other, rule } => match *rule {
                Violation::Precedence { precedence, .. } => {
                    format!("{} precedes it{}", name(*other), lag_words(problem, precedence))
                }
                Violation::PrecedenceTooFar { precedence, .. } => {
                    let most = problem.precedences()[precedence].lag_max;
                    let most = most.map_or(String::new(), |most| format!(", {most} at most"));
                    format!("{} must be close to it{most}", name(*other))
                }
                Violation::Overlap { machine, first_end, .. } => format!(
                    "{} keeps machine {} until {first_end}",
                    name(*other),
                    problem.resource(machine).name
                ),
                Violation::Setup { machine, setup, .. } => format!(
                    "setup of machine {} after {}, {setup} long",
                    problem.resource(machine).name,
                    name(*other)
                ),
                Violation::Overuse { renewable, capacity, .. } => {
                    let end = schedule.placement(*other).map_or(Time::ORIGIN, |it| it.end);
                    let resource = &problem.resource(renewable).name;
                    format!("{} takes of {resource} ({capacity} in all) until {end}", name(*other))
                }
                Violation::StockTooLow { reservoir, .. }
                | Violation::StockTooHigh { reservoir, .. } => format!(
                    "the level of {}, which {} changes",
                    problem.resource(reservoir).name,
                    name(*other)
                ),
                _ => format!("{}: {}", name(*other), rule.describe(problem)),
            },
        }
    }
}

fn rule_words(problem: &Problem, rule: &Violation) -> String {
    match *rule {
        Violation::BeforeRelease { job, release, .. } => {
            format!("release {release} of job {}", problem.job(job).name)
        }
        Violation::TooEarly { earliest, .. } => format!("its time window, from {earliest} on"),
        Violation::ForbiddenStart { forbidden, .. }
        | Violation::ForbiddenEnd { forbidden, .. }
        | Violation::ForbiddenExtent { forbidden, .. } => {
            format!("its forbidden time {} to {}", forbidden.start, forbidden.end)
        }
        _ => rule.describe(problem),
    }
}

fn lag_words(problem: &Problem, id: PrecedenceId) -> String {
    match problem.precedences()[id].lag.get() {
        0 => String::new(),
        lag => format!(" with lag {lag}"),
    }
}

/// Pairs of a chain on one resource of which the other order lets the job end earlier, the best
/// first; each was inserted anew and judged.
pub fn helpful_swaps(
    problem: &Problem,
    schedule: &Schedule,
    chain: &Chain,
    should_stop: &mut dyn FnMut() -> bool,
) -> Vec<Swap> {
    let resource = |step: &&Step| match &step.cause {
        Cause::Task { rule, .. } => matches!(
            rule,
            Violation::Overlap { .. } | Violation::Setup { .. } | Violation::Overuse { .. }
        ),
        _ => false,
    };
    let mut swaps = Vec::new();
    let mut insertion = Insertion::new(problem);
    for step in chain.steps.iter().filter(resource).take(SWAPS_MAX) {
        if should_stop() {
            break;
        }
        let Cause::Task { other, .. } = step.cause else { continue };
        let decisions = reordered(problem, schedule, step.task, other);
        let built = insertion.build(&decisions, should_stop);
        let Ok(cost) = check(problem, &built.schedule) else { continue };
        let tasks = problem.job_tasks(chain.job).iter();
        let ends = tasks.filter_map(|task| built.schedule.placement(*task)).map(|it| it.end);
        let Some(end) = ends.max().filter(|end| *end < chain.end) else { continue };
        let (first, second) = (step.task, other);
        swaps.push(Swap { first, second, end, cost, schedule: built.schedule });
    }
    swaps.sort_by(|one, two| (one.end, &one.cost).cmp(&(two.end, &two.cost)));
    swaps
}

/// The order of a schedule with one task, and what of its job must precede it, right before
/// another.
fn reordered(problem: &Problem, schedule: &Schedule, task: TaskId, before: TaskId) -> Decisions {
    let mut decisions = Decisions::of_schedule(problem, schedule, false);
    let mut order: Vec<TaskId> = problem.tasks().collect();
    order.sort_by_key(|it| decisions.rank(*it));
    let mut ahead = BTreeSet::from([task]);
    let mut next = vec![task];
    while let Some(task) = next.pop() {
        for link in problem.predecessors(task) {
            if link.task != before && ahead.insert(link.task) {
                next.push(link.task);
            }
        }
    }
    let place = order.iter().position(|it| *it == before).unwrap_or(0);
    let (head, tail) = order.split_at(place);
    let moved = tail.iter().copied().filter(|it| ahead.contains(it));
    let rest = tail.iter().copied().filter(|it| !ahead.contains(it));
    let all: Vec<TaskId> = head.iter().copied().chain(moved).chain(rest).collect();
    for (rank, task) in all.into_iter().enumerate() {
        decisions.set_rank(task, rank as u32);
    }
    decisions
}
