//! Batches: tasks of one family that start and end together on a machine.
//!
//! Each pair of tasks that can be together has an atom for it; tasks that are not together lie one
//! after the other. What is together sums up for each task: its size, and its work, which is the
//! longest or the sum, and which its end follows from. The first task of a batch, in the order of
//! their numbers, stands for it in setups and costs.
//!
//! Done tasks count for the size of a batch and not for its work; in a batch with a task under way
//! the work counts from the present on.
//!
//! **Source:** decision record 0004; pairs that share a batch as in the state functions of Laborie
//! et al. (2018).

use super::{Lowered, Use, calendars, negation};
use ordine_base::{Ticks, Time};
use ordine_cp::propagators::{post_linear, post_linear_equal, post_reach};
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::{BatchKind, Batching, FamilyId, ModeId, Problem, ResourceId, Status, TaskId};
use ordine_problem::{Shift, WorkTime};
use std::collections::BTreeSet;

/// Most values that the work of a task's batch can have, where its end depends on calendars.
const WORKS_MAX: i64 = 2_000;

/// Batches of one machine.
#[derive(Clone, Debug)]
pub(super) struct Batches {
    modes: Vec<ModeId>,
    /// `together[i * n + j]` by modes.
    together: Vec<Atom>,
    /// By mode: it stands for its batch, if it is there.
    leads: Vec<Atom>,
}

impl Batches {
    fn place(&self, mode: ModeId) -> usize {
        self.modes.iter().position(|&it| it == mode).expect("the mode uses the machine")
    }
}

impl Lowered<'_> {
    /// Whether two modes are in one batch of a machine.
    pub(super) fn together(&self, machine: ResourceId, one: ModeId, other: ModeId) -> Atom {
        self.batches[machine].as_ref().map_or(Atom::FALSE, |batches| {
            let (row, column) = (batches.place(one), batches.place(other));
            batches.together[row * batches.modes.len() + column]
        })
    }

    /// Whether a mode stands for its batch, if it is there.
    pub(super) fn leads(&self, machine: ResourceId, mode: ModeId) -> Atom {
        self.batches[machine]
            .as_ref()
            .map_or(Atom::TRUE, |batches| batches.leads[batches.place(mode)])
    }
}

/// The machine with batches that a mode needs.
pub(super) fn machine_of(problem: &Problem, mode: ModeId) -> Option<ResourceId> {
    let mut needs = problem.requirements(mode).iter().map(|need| need.resource);
    needs.find(|&id| problem.resource(id).batching.is_some())
}

/// The most work that a mode is part of: its own, or that of a batch.
pub(super) fn work_max(problem: &Problem, mode: ModeId) -> Ticks {
    let own = problem.mode(mode).duration;
    let Some(machine) = machine_of(problem, mode) else { return own };
    let of_task = |task: TaskId| {
        let on_it = |it: &&ModeId| machine_of(problem, **it) == Some(machine);
        let modes = problem.usable_modes(task).iter().filter(on_it);
        let works = modes.map(|&it| match problem.task(task).status {
            Status::Running { remaining, .. } => remaining,
            _ => problem.mode(it).duration,
        });
        works.max().unwrap_or(Ticks::ZERO)
    };
    let works = problem.tasks().map(of_task);
    match problem.resource(machine).batching.map(|it| it.kind) {
        Some(BatchKind::Serial) => works.fold(Ticks::ZERO, |sum, work| sum + work),
        _ => works.max().unwrap_or(own),
    }
}

/// Whether there is too much to tell apart.
pub(super) fn are_too_many(problem: &Problem) -> bool {
    let mut works: Vec<i64> = vec![0; problem.resources().len()];
    for task in problem.tasks() {
        for &mode in problem.usable_modes(task) {
            let Some(machine) = machine_of(problem, mode) else { continue };
            works[ordine_base::Id::index(machine)] += problem.mode(mode).duration.get();
        }
    }
    problem.resources().any(|machine| {
        let resource = problem.resource(machine);
        let is_serial = resource.batching.is_some_and(|it| it.kind == BatchKind::Serial);
        let work = works[ordine_base::Id::index(machine)];
        is_serial && resource.calendar.is_some() && work > WORKS_MAX
    })
}

/// A mode that can be in a batch.
#[derive(Clone, Copy, Debug)]
struct Member {
    task: TaskId,
    mode: ModeId,
    interval: Interval,
    size: Value,
    family: Option<FamilyId>,
    /// What it adds to the work of its batch; nothing if it is done.
    work: Option<Value>,
    is_under_way: bool,
}

/// Posts the batches of a machine; the orders of its uses are for `machines`.
pub(super) fn lower(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    batching: Batching,
    horizon: Value,
) {
    let members = members(lowered, machine);
    let count = members.len();
    let mut together = vec![Atom::FALSE; count * count];
    for (i, one) in members.iter().enumerate() {
        for (j, other) in members.iter().enumerate().take(i) {
            let atom = join(lowered, batching, one, other);
            together[i * count + j] = atom;
            together[j * count + i] = atom;
        }
    }
    let row = |i: usize| &together[i * count..(i + 1) * count];
    for (i, member) in members.iter().enumerate().filter(|(_, it)| it.work.is_some()) {
        limit_size(lowered, batching, &members, i, row(i));
        let work = lower_work(lowered, batching, &members, i, row(i));
        lower_end(lowered, batching, &members, i, row(i), (work, horizon));
        debug_assert!(member.size > 0, "every demand is above zero");
    }
    let leads = (0..count)
        .map(|i| {
            let alone: Vec<Atom> = row(i)[..i].iter().map(|&atom| negation(atom)).collect();
            lowered.all_of(&alone)
        })
        .collect();
    let modes = members.iter().map(|member| member.mode).collect();
    lowered.batches[machine] = Some(Batches { modes, together, leads });
}

fn members(lowered: &Lowered<'_>, machine: ResourceId) -> Vec<Member> {
    let problem = lowered.problem;
    let mut members: Vec<Member> = Vec::new();
    for Use { task, mode, demand, .. } in lowered.uses[machine].iter().copied() {
        if members.iter().any(|known| known.mode == mode) {
            continue;
        }
        let data = problem.task(task);
        let work = match data.status {
            Status::Done { .. } => None,
            Status::Running { remaining, .. } => Some(remaining),
            _ => Some(problem.mode(mode).duration),
        };
        let modes = &lowered.tasks[task].modes;
        let of_mode = modes.iter().find(|it| it.mode == mode).expect("the use is of this mode");
        members.push(Member {
            task,
            mode,
            interval: of_mode.interval,
            size: demand,
            family: data.family,
            work: work.map(|work| lowered.scale.exactly(work.get())),
            is_under_way: matches!(data.status, Status::Running { .. }),
        });
    }
    members
}

/// An atom that holds when two modes are in one batch.
fn join(lowered: &mut Lowered<'_>, batching: Batching, one: &Member, other: &Member) -> Atom {
    let (first, second) = (one.interval, other.interval);
    if one.work.is_none() && other.work.is_none() {
        let same = (first.start, first.end) == (second.start, second.end);
        return if same { Atom::TRUE } else { Atom::FALSE };
    }
    let trail = &lowered.engine.trail;
    let apart = |left: View, right: View| {
        trail.upper(left) < trail.lower(right) || trail.upper(right) < trail.lower(left)
    };
    if one.task == other.task
        || one.family != other.family
        || one.size + other.size > batching.size_max.get()
        || apart(first.start, second.start)
        || apart(first.end, second.end)
    {
        return Atom::FALSE;
    }
    let together = lowered.choice();
    let engine = &mut lowered.engine;
    for part in [first.present, second.present] {
        engine.post_clause(&[!together, part]);
    }
    for (left, right) in [(first.start, second.start), (first.end, second.end)] {
        engine.post_difference(left, right, 0, together);
        engine.post_difference(right, left, 0, together);
    }
    together
}

fn limit_size(
    lowered: &mut Lowered<'_>,
    batching: Batching,
    members: &[Member],
    index: usize,
    together: &[Atom],
) {
    let member = members[index];
    let mut terms: Vec<(Value, View)> = Vec::new();
    for (other, &atom) in members.iter().zip(together).filter(|it| *it.1 != Atom::FALSE) {
        terms.push((other.size, lowered.indicator(atom)));
    }
    let most = batching.size_max.get() - member.size;
    post_linear(&mut lowered.engine, &terms, most, member.interval.present);
}

/// The work of the batch that a member is in, and the values that it can have.
fn lower_work(
    lowered: &mut Lowered<'_>,
    batching: Batching,
    members: &[Member],
    index: usize,
    together: &[Atom],
) -> (View, BTreeSet<Value>) {
    let present = members[index].interval.present;
    let own = members[index].work.unwrap_or(0);
    let others: Vec<(Value, Atom)> = members
        .iter()
        .zip(together)
        .filter(|it| *it.1 != Atom::FALSE)
        .filter_map(|(other, &atom)| Some((other.work?, atom)))
        .collect();
    let mut values = BTreeSet::from([own]);
    for &(work, _) in &others {
        let longer: Vec<Value> = values
            .iter()
            .map(|&so_far| match batching.kind {
                BatchKind::Serial => so_far + work,
                BatchKind::Parallel => so_far.max(work),
            })
            .collect();
        values.extend(longer);
        if values.len() as i64 > WORKS_MAX {
            // Only where no calendar asks for them.
            values = BTreeSet::from([own, values.last().copied().unwrap_or(own)]);
        }
    }
    let most = values.last().copied().unwrap_or(own);
    let total = others.iter().map(|it| it.0).sum::<Value>() + own;
    let most = if batching.kind == BatchKind::Serial { total } else { most };
    let batch = lowered.engine.optional_variable(own, most, present);
    match batching.kind {
        BatchKind::Parallel => {
            let mut items = vec![(View::constant(own), Atom::TRUE)];
            for &(work, atom) in &others {
                lowered.engine.post_clause(&[!atom, batch.at_least(work)]);
                items.push((View::constant(work), atom));
            }
            post_reach(&mut lowered.engine, batch, &items, present);
        }
        BatchKind::Serial => {
            let mut terms = vec![(-1, batch)];
            for &(work, atom) in &others {
                terms.push((work, lowered.indicator(atom)));
            }
            post_linear_equal(&mut lowered.engine, &terms, -own, present);
        }
    }
    (batch, values)
}

/// A member ends when the work of its batch is done.
fn lower_end(
    lowered: &mut Lowered<'_>,
    batching: Batching,
    members: &[Member],
    index: usize,
    together: &[Atom],
    ((work, values), horizon): ((View, BTreeSet<Value>), Value),
) {
    let member = members[index];
    let Interval { start, end, present, .. } = member.interval;
    let with_running: Vec<(Member, Atom)> = members
        .iter()
        .zip(together)
        .filter(|(other, atom)| other.is_under_way && **atom != Atom::FALSE)
        .map(|(other, &atom)| (*other, atom))
        .collect();
    debug_assert!(batching.size_max.get() > 0, "a batch has room");
    if member.is_under_way {
        return lower_running(lowered, member, work, &values);
    }
    for (running, atom) in &with_running {
        keep_out_of_breaks(lowered, member, *running, *atom, horizon);
    }
    // Together with what is under way it ends when that does.
    let mut conditions = vec![present];
    conditions.extend(with_running.iter().map(|it| negation(it.1)));
    if WorkTime::of(lowered.problem, member.mode).is_free() {
        let fresh = lowered.all_of(&conditions);
        let terms = [(1, end), (-1, start), (-1, work)];
        return post_linear_equal(&mut lowered.engine, &terms, 0, fresh);
    }
    let policy = lowered.problem.task(member.task).breaks;
    let rhythm = calendars::rhythm(lowered, member.mode, policy, horizon);
    for value in values {
        let is_it = [work.at_least(value), work.at_most(value)];
        let there = lowered.all_of(&[&conditions[..], &is_it].concat());
        rhythm.keep(lowered, Interval { present: there, ..member.interval }, value);
    }
}

/// What is under way works off the work of its batch from the present on, across all breaks.
fn lower_running(lowered: &mut Lowered<'_>, member: Member, work: View, values: &BTreeSet<Value>) {
    let time = WorkTime::of(lowered.problem, member.mode);
    let now = lowered.problem.now();
    let end = member.interval.end;
    if time.is_free() {
        let now = lowered.scale.exactly(now.get());
        lowered.engine.post_difference(work, end, now, Atom::TRUE);
        return lowered.engine.post_difference(end, work, -now, Atom::TRUE);
    }
    for &value in values {
        let ticks = Ticks::new(lowered.scale.up(value));
        let is_it = lowered.all_of(&[work.at_least(value), work.at_most(value)]);
        match time.finish(now, ticks).map(|it| lowered.scale.exactly(it.get())) {
            None => lowered.engine.post_clause(&[!is_it]),
            Some(finish) => {
                lowered.engine.post_clause(&[!is_it, end.at_least(finish)]);
                lowered.engine.post_clause(&[!is_it, end.at_most(finish)]);
            }
        }
    }
}

/// A member that joins what is under way starts outside of breaks and reaches across those only
/// that its policy allows.
fn keep_out_of_breaks(
    lowered: &mut Lowered<'_>,
    member: Member,
    running: Member,
    together: Atom,
    horizon: Value,
) {
    if WorkTime::of(lowered.problem, member.mode).is_free() {
        return;
    }
    let start = running.interval.start.offset;
    let policy = lowered.problem.task(member.task).breaks;
    let rhythm = calendars::rhythm(lowered, member.mode, policy, horizon);
    let calendars = calendars::of_mode(lowered.problem, member.mode);
    let at = Time::new(lowered.scale.up(start));
    let shift = calendars.iter().map(|&id| lowered.problem.calendar(id).at(at)).min();
    if shift.is_some_and(|shift| !matches!(shift, Shift::Open(_))) {
        return lowered.engine.post_clause(&[!together]);
    }
    if let Some(limit) = rhythm.next_closed(start) {
        lowered.engine.post_clause(&[!together, member.interval.end.at_most(limit)]);
    }
}
