//! Every rule of the model, judged tick by tick and pair by pair.
//!
//! **Source:** decision record 0004.

use crate::plan::{Case, Place, batch_machine, mode_shift, rate, reaches_across};
use ordine_base::{Id, Interval};
use ordine_problem::{
    JobId, ModeRelationKind, Point, Precedence, ResourceId, ResourceKind, SelectionKind, Status,
    TaskId,
};
use std::collections::BTreeSet;

/// Names of the rules about a task alone that a place breaks; its end is not judged, because a
/// batch can move it.
pub fn broken_alone(case: &Case<'_>, task: TaskId, place: Place) -> Vec<&'static str> {
    let mut broken = Vec::new();
    let done = case.is_done(task);
    let judged = [
        ("status", status(case, task, place)),
        ("breaks", done || breaks(case, task, place)),
        ("window", done || window(case, task, place)),
        ("forbidden", done || forbidden(case, task, place)),
    ];
    broken.extend(judged.into_iter().filter(|(_, holds)| !holds).map(|(rule, _)| rule));
    broken
}

/// Names of the rules that a plan breaks.
pub fn broken(case: &Case<'_>) -> BTreeSet<&'static str> {
    let mut broken = BTreeSet::new();
    let mut note = |rule: &'static str, holds: bool| {
        if !holds {
            broken.insert(rule);
        }
    };
    for task in case.problem.tasks() {
        note("presence", presence(case, task));
        let Some(place) = case.place(task) else { continue };
        broken_alone(case, task, place).into_iter().for_each(|rule| note(rule, false));
        let spans = case.spans(task);
        if !spans && !case.is_done(task) {
            note("end", case.expected_end(task, place) == Some(place.end));
        }
    }
    note("selection", selections(case));
    note("span", spans(case));
    note("modes", mode_relations(case));
    note("precedence", case.problem.precedences().values().all(|it| precedence(case, it)));
    for id in case.problem.resources() {
        match case.problem.resource(id).kind {
            ResourceKind::Machine => {
                note("machine", machine(case, id));
                note("batch", batches(case, id));
                note("setup", setups(case, id));
            }
            ResourceKind::Renewable(_) => {
                note("capacity", capacity(case, id));
                note("least usage", least_usage(case, id));
            }
            ResourceKind::Consumable(most) => note("consumable", consumable(case, id, most.get())),
            ResourceKind::Reservoir(stock) => {
                note("reservoir", reservoir(case, id, stock.initial, stock.least, stock.most));
            }
        }
    }
    note("sequence", same_sequences(case));
    note("swap", case.problem.swaps_allowed() || no_swaps(case));
    broken
}

fn presence(case: &Case<'_>, task: TaskId) -> bool {
    let settled = case.problem.task(task).status != Status::Free;
    case.place(task).is_some() || case.problem.task(task).optional && !settled
}

fn status(case: &Case<'_>, task: TaskId, place: Place) -> bool {
    let now = case.problem.now().get();
    let spans = case.spans(task);
    let number = |number: u32| case.problem.modes(task).nth(number as usize) == Some(place.mode);
    match case.problem.task(task).status {
        Status::Free => spans || place.start >= now,
        Status::Done { mode, start, end } => {
            number(mode) && (start.get(), end.get()) == (place.start, place.end)
        }
        Status::Running { mode, start, .. } | Status::Frozen { mode, start } => {
            number(mode) && start.get() == place.start
        }
    }
}

/// Begins in a working tick, and no break inside that it does not reach across.
fn breaks(case: &Case<'_>, task: TaskId, place: Place) -> bool {
    let data = case.problem.task(task);
    let running = matches!(data.status, Status::Running { .. });
    if case.spans(task) || running || case.problem.mode(place.mode).duration.get() == 0 {
        return true;
    }
    let mut ticks = place.start..place.end;
    rate(case.problem, place.mode, place.start) > 0
        && ticks.all(|tick| reaches_across(data.breaks, mode_shift(case.problem, place.mode, tick)))
}

fn window(case: &Case<'_>, task: TaskId, place: Place) -> bool {
    let data = case.problem.task(task);
    let job = data.job.map(|job| case.problem.job(job));
    let start_holds = place.start >= data.earliest_start.get()
        && data.latest_start.is_none_or(|latest| place.start <= latest.get())
        && job.is_none_or(|job| place.start >= job.release.get());
    (start_holds || case.has_begun(task))
        && place.end >= data.earliest_end.get()
        && data.latest_end.is_none_or(|latest| place.end <= latest.get())
        && job.and_then(|job| job.deadline).is_none_or(|latest| place.end <= latest.get())
}

fn forbidden(case: &Case<'_>, task: TaskId, place: Place) -> bool {
    let data = case.problem.task(task);
    let begun = case.has_begun(task);
    let inside = |intervals: &[Interval], tick: i64| {
        intervals.iter().any(|it| it.start.get() <= tick && tick < it.end.get())
    };
    // What lies behind a task under way is as it is.
    let past = |it: &Interval| it.start.get() <= place.start || it.start < case.problem.now();
    let ahead: Vec<Interval> =
        data.forbidden_extents.iter().copied().filter(|it| !(begun && past(it))).collect();
    let mut ticks = place.start..place.end.max(place.start + 1);
    (begun || !inside(&data.forbidden_starts, place.start))
        && !inside(&data.forbidden_ends, place.end)
        && !ticks.any(|tick| inside(&ahead, tick))
}

fn selections(case: &Case<'_>) -> bool {
    case.problem.selections().iter().all(|selection| {
        let present = selection.tasks.iter().filter(|task| case.place(**task).is_some()).count();
        let wanted = selection.condition.map(|task| case.place(task).is_some());
        let mut chosen = selection.tasks.iter().filter(|task| case.place(**task).is_some());
        let history = present > 1 && wanted != Some(false) && chosen.all(|&it| case.is_done(it));
        match (selection.kind, wanted) {
            (SelectionKind::AllOrNone, None) => [0, selection.tasks.len()].contains(&present),
            (SelectionKind::AllOrNone, Some(true)) => present == selection.tasks.len(),
            (_, Some(false)) => present == 0,
            (SelectionKind::ExactlyOne, _) => present == 1 || history,
            (SelectionKind::AtMostOne, _) => present <= 1 || history,
            (SelectionKind::AtLeastOne, _) => present >= 1,
        }
    })
}

fn spans(case: &Case<'_>) -> bool {
    case.problem.spans().iter().all(|span| {
        let children: Vec<Place> =
            span.children.iter().filter_map(|&child| case.place(child)).collect();
        let start = children.iter().map(|it| it.start).min();
        let end = children.iter().map(|it| it.end).max();
        let parent = case.place(span.parent);
        parent.map(|it| it.start) == start && parent.map(|it| it.end) == end
    })
}

fn mode_relations(case: &Case<'_>) -> bool {
    case.problem.mode_relations().iter().all(|relation| {
        let places = (case.place(relation.first), case.place(relation.second));
        let (Some(first), Some(second)) = places else { return true };
        if case.is_done(relation.first) && case.is_done(relation.second) {
            return true;
        }
        let used = |place: Place| -> BTreeSet<ResourceId> {
            case.returned_needs(place.mode).iter().map(|need| need.resource).collect()
        };
        let number = |task: TaskId, place: Place| {
            case.problem.modes(task).position(|mode| mode == place.mode)
        };
        match relation.kind {
            ModeRelationKind::SameMode => {
                number(relation.first, first) == number(relation.second, second)
            }
            ModeRelationKind::SameResources => used(first) == used(second),
            ModeRelationKind::DifferentResources => used(first).is_disjoint(&used(second)),
        }
    })
}

/// Ticks by which a precedence is missed; `None` where an end is absent.
pub fn missed_by(case: &Case<'_>, precedence: &Precedence) -> Option<i64> {
    let (before, after) = (case.place(precedence.before)?, case.place(precedence.after)?);
    let kind = format!("{:?}", precedence.kind);
    let from = if kind.starts_with("End") { before.end } else { before.start };
    let to = if kind.ends_with("Start") { after.start } else { after.end };
    let short = from + precedence.lag.get() - to;
    let beyond = precedence.lag_max.map_or(0, |most| to - from - most.get());
    Some(short.max(0) + beyond.max(0))
}

fn precedence(case: &Case<'_>, precedence: &Precedence) -> bool {
    let both_done = case.is_done(precedence.before) && case.is_done(precedence.after);
    precedence.penalty.is_some()
        || both_done
        || missed_by(case, precedence).is_none_or(|missed| missed == 0)
}

/// At no tick are there two tasks, or two batches.
fn machine(case: &Case<'_>, machine: ResourceId) -> bool {
    let batching = case.problem.resource(machine).batching.is_some();
    (0..case.ticks).all(|tick| {
        let users = &case.users[machine.index()][tick as usize];
        users.iter().all(|first| {
            users.iter().all(|second| {
                let (left, right) = (first.task, second.task);
                let done = case.is_done(left) && case.is_done(right);
                let together = batching && times(case, left) == times(case, right);
                left == right || done || together
            })
        })
    })
}

fn times(case: &Case<'_>, task: TaskId) -> Option<(i64, i64)> {
    case.place(task).map(|place| (place.start, place.end))
}

/// Sizes and families of batches.
fn batches(case: &Case<'_>, machine: ResourceId) -> bool {
    let Some(batching) = case.problem.resource(machine).batching else { return true };
    case.problem.tasks().all(|task| {
        let on_it = case
            .lasting(task)
            .filter(|place| batch_machine(case.problem, place.mode) == Some(machine));
        if on_it.is_none() {
            return true;
        }
        let members = case.batch(task);
        if members.iter().all(|&member| case.is_done(member)) {
            return true;
        }
        let family = case.problem.task(task).family;
        let alike = members.iter().all(|&member| {
            let done = case.is_done(member) && case.is_done(task);
            done || case.problem.task(member).family == family
        });
        let demands = members.iter().filter_map(|&member| case.place(member)).map(|place| {
            let needs = case.problem.requirements(place.mode);
            let need = needs.iter().find(|need| need.resource == machine);
            need.map_or(0, |need| need.demand.get())
        });
        alike && demands.sum::<i64>() <= batching.size_max.get()
    })
}

/// Between consecutive stretches of use there is room for the setup.
fn setups(case: &Case<'_>, machine: ResourceId) -> bool {
    if case.problem.resource(machine).setup.is_none() {
        return true;
    }
    let turns = case.turns(machine);
    let mut before: Option<TaskId> = None;
    for (start, task) in turns {
        let needed = case.setup_time(machine, before, task);
        let left = match before {
            None => Some(0),
            Some(earlier) if earlier == task => None,
            Some(earlier) => last_use_before(case, machine, earlier, start),
        };
        let done = case.is_done(task) && before.is_none_or(|earlier| case.is_done(earlier));
        if !done && left.is_some_and(|left| left + needed > start) {
            return false;
        }
        before = Some(task);
    }
    true
}

/// End of the stretch of use that `task` began before `start`.
fn last_use_before(case: &Case<'_>, machine: ResourceId, task: TaskId, start: i64) -> Option<i64> {
    let users = &case.users[machine.index()];
    let uses = |tick: i64| users[tick as usize].iter().any(|user| user.task == task);
    let mut tick = (0..=start).rev().find(|&tick| uses(tick))?;
    // It may reach beyond `start`, which no machine allows anyway.
    while tick < case.ticks && uses(tick) {
        tick += 1;
    }
    Some(tick)
}

fn capacity(case: &Case<'_>, id: ResourceId) -> bool {
    if case.problem.resource(id).overuse_penalty.is_some() {
        return true;
    }
    (0..case.ticks).all(|tick| {
        let users = &case.users[id.index()][tick as usize];
        let done = users.iter().all(|user| case.is_done(user.task));
        done || case.usage(id, tick) <= case.capacity(id, tick)
    })
}

fn least_usage(case: &Case<'_>, id: ResourceId) -> bool {
    let Some(least) = &case.problem.resource(id).usage_min else { return true };
    (case.problem.now().get()..case.ticks)
        .all(|tick| case.usage(id, tick) >= crate::plan::step_value(least, tick))
}

fn consumable(case: &Case<'_>, id: ResourceId, most: i64) -> bool {
    let (mut total, mut open) = (0, false);
    for task in case.problem.tasks() {
        let Some(place) = case.place(task) else { continue };
        let needs = case.problem.requirements(place.mode);
        for need in needs.iter().filter(|need| need.resource == id) {
            total += need.demand.get();
            open |= !case.is_done(task);
        }
    }
    !open || total <= most
}

fn reservoir(case: &Case<'_>, id: ResourceId, initial: i64, least: i64, most: i64) -> bool {
    let mut level = initial;
    for tick in 0..=case.ticks {
        let mut open = false;
        for task in case.problem.tasks() {
            let Some(place) = case.place(task) else { continue };
            for change in case.problem.stock_changes(place.mode) {
                let at = if change.at == Point::Start { place.start } else { place.end };
                if change.reservoir == id && at == tick {
                    level += change.amount;
                    open |= !case.is_done(task);
                }
            }
        }
        if open && !(least..=most).contains(&level) {
            return false;
        }
    }
    true
}

/// No circle among the pairs of jobs that follow one another on some machine.
fn same_sequences(case: &Case<'_>) -> bool {
    case.problem.same_sequences().iter().all(|sequence| {
        let mut arcs = Vec::new();
        for &machine in &sequence.machines {
            let jobs = jobs(case, machine);
            let pairs = jobs.windows(2).filter(|pair| pair[0].0 != pair[1].0);
            arcs.extend(pairs.map(|it| (it[0].0, it[1].0, it[0].1 && it[1].1)));
        }
        has_no_open_circle(&arcs)
    })
}

/// Jobs of the tasks on a machine by their first tick there, and whether the tasks are over.
fn jobs(case: &Case<'_>, machine: ResourceId) -> Vec<(JobId, bool)> {
    let mut tasks: Vec<(i64, TaskId, JobId)> = Vec::new();
    for task in case.problem.tasks() {
        let (Some(place), Some(job)) = (case.lasting(task), case.problem.task(task).job) else {
            continue;
        };
        let users = &case.users[machine.index()];
        let is_there = |tick: &i64| users[*tick as usize].iter().any(|user| user.task == task);
        if let Some(first) = (place.start..case.ticks).find(is_there) {
            tasks.push((first, task, job));
        }
    }
    tasks.sort_unstable();
    tasks.into_iter().map(|(_, task, job)| (job, case.is_done(task))).collect()
}

/// Whether no arc that is not over closes a circle: all ways are listed.
fn has_no_open_circle<T: Copy + Ord>(arcs: &[(T, T, bool)]) -> bool {
    let mut ways: BTreeSet<(T, T)> = arcs.iter().map(|arc| (arc.0, arc.1)).collect();
    loop {
        let longer = ways.iter().flat_map(|&(from, via)| {
            let next = arcs.iter().filter(move |arc| arc.0 == via);
            next.map(move |arc| (from, arc.1))
        });
        let longer: Vec<(T, T)> = longer.collect();
        let count = ways.len();
        ways.extend(longer);
        if ways.len() == count {
            return arcs.iter().all(|&(from, to, over)| over || !ways.contains(&(to, from)));
        }
    }
}

/// At no tick do tasks change machines in a circle; what can wait in a buffer steps aside.
fn no_swaps(case: &Case<'_>) -> bool {
    (0..=case.ticks).all(|tick| {
        let mut arcs: Vec<(ResourceId, ResourceId, bool)> = Vec::new();
        for hold in case.problem.holds().iter().filter(|hold| hold.buffer.is_none()) {
            let (Some(from), Some(to)) = (case.lasting(hold.task), case.lasting(hold.until)) else {
                continue;
            };
            if to.start != tick || from.end > tick {
                continue;
            }
            let over = case.is_done(hold.task) && case.is_done(hold.until);
            for left in machines(case, from) {
                let entered = machines(case, to).into_iter().filter(|&it| it != left);
                arcs.extend(entered.map(|entered| (left, entered, over)));
            }
        }
        has_no_open_circle(&arcs)
    })
}

fn machines(case: &Case<'_>, place: Place) -> Vec<ResourceId> {
    let needs = case.returned_needs(place.mode).into_iter().map(|need| need.resource);
    needs.filter(|&id| case.problem.resource(id).kind == ResourceKind::Machine).collect()
}
