//! What a schedule is inserted from: order, presence, modes, delays, batches, wishes.
//!
//! **Source:** decoding of lists: Kolisch, Hartmann 1999; wider here by what the model says.

use super::sequences;
use ordine_base::{Demand, Id, IdVec, Ticks, Time};
use ordine_problem::{
    ModeId, Point, Problem, ResourceId, ResourceKind, Schedule, SelectionKind, Status, TaskId,
};
use std::collections::BTreeMap;

/// What a schedule is inserted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisions {
    ranks: IdVec<TaskId, u32>,
    pub(super) present: IdVec<TaskId, bool>,
    pub(super) modes: IdVec<TaskId, ModeId>,
    not_before: IdVec<TaskId, Time>,
    batches: IdVec<TaskId, u32>,
    heedless: IdVec<TaskId, bool>,
}

impl Decisions {
    /// Tasks in the order of their ids, all that must be present and as few others as selections
    /// allow, in their first usable modes, nothing delayed, every task its own batch, all wishes
    /// heeded.
    pub fn new(problem: &Problem) -> Self {
        let count = problem.tasks().len();
        let mut decisions = Decisions {
            ranks: problem.tasks().map(|task| task.index() as u32).collect(),
            present: problem.tasks().map(|task| !may_be_absent(problem, task)).collect(),
            modes: problem.tasks().map(|task| problem.usable_modes(task)[0]).collect(),
            not_before: IdVec::filled(count, Time::ORIGIN),
            batches: problem.tasks().map(|task| task.index() as u32).collect(),
            heedless: IdVec::filled(count, false),
        };
        decisions.choose_related(problem);
        decisions.settle(problem);
        decisions.join_settled(problem);
        decisions
    }

    /// The decisions that a schedule shows, as far as the problem has them: order by start, modes,
    /// presence, batches; with `keep_starts` nothing starts earlier than it does there. What the
    /// schedule lacks comes last.
    pub fn of_schedule(problem: &Problem, schedule: &Schedule, keep_starts: bool) -> Self {
        let mut decisions = Decisions::new(problem);
        let placement = |task: TaskId| schedule.placement(task);
        let mut order: Vec<TaskId> = problem.tasks().collect();
        order.sort_by_key(|&task| (placement(task).map_or(Time::MAX, |it| it.start), task));
        for (place, &task) in order.iter().enumerate() {
            decisions.ranks[task] = place as u32;
        }
        let mut batches: BTreeMap<(ResourceId, Time), u32> = BTreeMap::new();
        for task in problem.tasks() {
            let Some(placed) = placement(task) else {
                decisions.present[task] = !may_be_absent(problem, task);
                continue;
            };
            decisions.present[task] = true;
            if problem.usable_modes(task).contains(&placed.mode) {
                decisions.modes[task] = placed.mode;
            }
            if keep_starts {
                decisions.not_before[task] = placed.start.max(Time::ORIGIN).min(Time::MAX);
            }
            if let Some((machine, _)) = batching_need(problem, decisions.modes[task]) {
                let own = decisions.batches[task];
                let together = batches.entry((machine, placed.start)).or_insert(own);
                decisions.batches[task] = *together;
            }
        }
        decisions.settle(problem);
        decisions
    }

    /// Settled tasks that start together on a batching machine are one batch.
    fn join_settled(&mut self, problem: &Problem) {
        let mut seen: BTreeMap<(ResourceId, Time), u32> = BTreeMap::new();
        for task in problem.tasks() {
            let Some((_, start)) = problem.task(task).status.settled() else { continue };
            if let Some((machine, _)) = batching_need(problem, self.modes[task]) {
                let own = self.batches[task];
                self.batches[task] = *seen.entry((machine, start)).or_insert(own);
            }
        }
    }

    /// Place of a task in the order of insertion; smaller is more urgent.
    #[inline]
    pub fn rank(&self, task: TaskId) -> u32 {
        self.ranks[task]
    }

    /// Gives a task a place in the order; equal places are settled by id.
    pub fn set_rank(&mut self, task: TaskId, rank: u32) {
        self.ranks[task] = rank;
    }

    /// Whether a task is to be placed.
    #[inline]
    pub fn is_present(&self, task: TaskId) -> bool {
        self.present[task]
    }

    /// Asks for a task or leaves it out; call [`Decisions::settle`] afterwards.
    pub fn set_present(&mut self, task: TaskId, present: bool) {
        self.present[task] = present;
    }

    /// Mode of a task.
    #[inline]
    pub fn mode(&self, task: TaskId) -> ModeId {
        self.modes[task]
    }

    /// Chooses a mode, and with it those of the tasks that no longer agree with it, as far as they
    /// have one that does.
    pub fn set_mode(&mut self, problem: &Problem, task: TaskId, mode: ModeId) {
        self.modes[task] = mode;
        self.follow_mode(problem, task);
    }

    /// Earliest start that is wished for a task.
    #[inline]
    pub fn not_before(&self, task: TaskId) -> Time {
        self.not_before[task]
    }

    /// Delays a task.
    pub fn set_not_before(&mut self, task: TaskId, time: Time) {
        self.not_before[task] = time;
    }

    /// Number of the batch of a task; tasks of one number that share a batching machine run
    /// together where they may.
    pub fn batch(&self, task: TaskId) -> u32 {
        self.batches[task]
    }

    /// Puts a task into a batch.
    pub fn set_batch(&mut self, task: TaskId, batch: u32) {
        self.batches[task] = batch;
    }

    /// Whether a task ignores wishes: soft precedences that enter it, soft capacities.
    #[inline]
    pub fn is_heedless(&self, task: TaskId) -> bool {
        self.heedless[task]
    }

    /// Lets a task ignore wishes, or heed them.
    pub fn set_heedless(&mut self, task: TaskId, heedless: bool) {
        self.heedless[task] = heedless;
    }

    /// Makes presence agree with selections and spans, and modes with their relations, as far as
    /// simple repairs can.
    pub fn settle(&mut self, problem: &Problem) {
        self.settle_presence(problem);
        self.repair_modes(problem);
    }

    fn settle_presence(&mut self, problem: &Problem) {
        for task in problem.tasks() {
            self.present[task] |= !may_be_absent(problem, task);
            self.present[task] &= !problem.is_barred(task);
        }
        if problem.selections().is_empty() && problem.spans().is_empty() {
            return;
        }
        let possible = |task: &&TaskId| !problem.is_barred(**task);
        // Each round settles one level of nested choices; what remains counts as shortage.
        for _ in 0..8 {
            let before = self.present.clone();
            for selection in problem.selections() {
                self.settle_selection(problem, selection);
            }
            for span in problem.spans() {
                if problem.is_barred(span.parent) {
                    let optional = |task: &&TaskId| may_be_absent(problem, **task);
                    for &child in span.children.iter().filter(optional) {
                        self.present[child] = false;
                    }
                }
                let some = span.children.iter().any(|&child| self.present[child]);
                let parent_optional = may_be_absent(problem, span.parent);
                if some || parent_optional {
                    self.present[span.parent] = some;
                } else if let Some(&child) = span.children.iter().find(possible) {
                    self.present[child] = true;
                }
            }
            if self.present == before {
                return;
            }
        }
    }

    fn settle_selection(&mut self, problem: &Problem, selection: &ordine_problem::Selection) {
        let wanted = selection.condition.is_none_or(|condition| self.present[condition]);
        let optional = |task: &&TaskId| may_be_absent(problem, **task);
        let possible = |task: &TaskId| !problem.is_barred(*task);
        if !wanted {
            for &task in selection.tasks.iter().filter(optional) {
                self.present[task] = false;
            }
            return;
        }
        let present = selection.tasks.iter().copied().filter(|&task| self.present[task]);
        // The most urgent of the present ones stays where one too many is.
        let keep = present.clone().min_by_key(|&task| (self.ranks[task], task));
        let count = present.count();
        match selection.kind {
            SelectionKind::AllOrNone => {
                let all = match selection.condition {
                    Some(_) => true,
                    None => 2 * count >= selection.tasks.len(),
                };
                let all = all && selection.tasks.iter().all(possible);
                for &task in selection.tasks.iter().filter(optional) {
                    self.present[task] = all;
                }
            }
            SelectionKind::ExactlyOne | SelectionKind::AtMostOne if count > 1 => {
                for &task in selection.tasks.iter().filter(optional) {
                    self.present[task] = Some(task) == keep;
                }
            }
            SelectionKind::ExactlyOne | SelectionKind::AtLeastOne if count == 0 => {
                let urgent = selection.tasks.iter().copied().filter(possible);
                if let Some(task) = urgent.min_by_key(|&task| (self.ranks[task], task)) {
                    self.present[task] = true;
                }
            }
            _ => {}
        }
    }

    /// How far choices, relations of modes, consumables and least usages are missed.
    pub(super) fn shortage(&self, problem: &Problem, schedule: &Schedule) -> u64 {
        let present = |task: TaskId| self.present[task];
        let mut missed: u64 = 0;
        for task in problem.tasks() {
            missed += u64::from(!present(task) && !may_be_absent(problem, task));
        }
        for selection in problem.selections() {
            let count = selection.tasks.iter().filter(|&&task| present(task)).count();
            let wanted = selection.condition.is_none_or(present);
            let all = selection.tasks.len();
            let good = match selection.kind {
                SelectionKind::AllOrNone => match selection.condition {
                    None => count == 0 || count == all,
                    Some(_) => count == if wanted { all } else { 0 },
                },
                _ if !wanted => count == 0,
                SelectionKind::ExactlyOne => count == 1,
                SelectionKind::AtMostOne => count <= 1,
                SelectionKind::AtLeastOne => count >= 1,
            };
            missed += u64::from(!good);
        }
        for span in problem.spans() {
            let some = span.children.iter().any(|&child| present(child));
            missed += u64::from(some != present(span.parent));
        }
        for relation in problem.mode_relations() {
            missed += u64::from(self.misses(problem, relation));
        }
        missed += problem
            .same_sequences()
            .iter()
            .filter(|sequence| !sequences::has_one_order(problem, sequence, schedule))
            .count() as u64;
        missed += stocks_missed(problem, schedule);
        missed + self.overspent(problem) + least_usage_missed(problem, schedule)
    }

    fn overspent(&self, problem: &Problem) -> u64 {
        let limited =
            |id: &ResourceId| matches!(problem.resource(*id).kind, ResourceKind::Consumable(_));
        if !problem.resources().any(|id| limited(&id)) {
            return 0;
        }
        let mut left: IdVec<ResourceId, i64> =
            problem.resources().map(|id| problem.resource(id).capacity().get()).collect();
        // What only done tasks have used is history.
        let mut is_open = IdVec::filled(problem.resources().len(), false);
        for task in problem.tasks().filter(|&task| self.present[task]) {
            for need in problem.requirements(self.modes[task]) {
                left[need.resource] -= need.demand.get();
                is_open[need.resource] |= !problem.task(task).status.is_done();
            }
        }
        let judged = problem.resources().filter(|id| limited(id) && is_open[*id]);
        let over = judged.map(|id| (-left[id]).max(0) as u64);
        over.sum()
    }
}

/// Whether a task may be left out: what is settled may not.
fn may_be_absent(problem: &Problem, task: TaskId) -> bool {
    let data = problem.task(task);
    data.optional && data.status.settled().is_none()
}

/// Instants at which a task that is not done leaves a level outside its bounds. Insertion sees to
/// it but for what happened before.
fn stocks_missed(problem: &Problem, schedule: &Schedule) -> u64 {
    let mut changes: BTreeMap<(ResourceId, Time), (i64, bool)> = BTreeMap::new();
    for (task, placement) in schedule.placed() {
        let done = problem.task(task).status.is_done();
        for change in problem.stock_changes(placement.mode) {
            let time = if change.at == Point::Start { placement.start } else { placement.end };
            let here = changes.entry((change.reservoir, time)).or_insert((0, true));
            *here = (here.0 + change.amount, here.1 && done);
        }
    }
    let mut missed = 0;
    let mut of: Option<(ResourceId, i64)> = None;
    for ((reservoir, _), (amount, done)) in changes {
        let ResourceKind::Reservoir(stock) = problem.resource(reservoir).kind else { continue };
        let before = of.filter(|it| it.0 == reservoir).map_or(stock.initial, |it| it.1);
        let level = before + amount;
        of = Some((reservoir, level));
        missed += u64::from(!done && (level < stock.least || level > stock.most));
    }
    missed
}

/// Sum over time, from the present on, of what is missing to the least usages.
fn least_usage_missed(problem: &Problem, schedule: &Schedule) -> u64 {
    let wanted = |id: &ResourceId| problem.resource(*id).usage_min.is_some();
    if !problem.resources().any(|id| wanted(&id)) {
        return 0;
    }
    let uses = ordine_problem::uses(problem, schedule);
    let mut missed = 0;
    for id in problem.resources().filter(wanted) {
        let Some(least) = &problem.resource(id).usage_min else { continue };
        let mut times: Vec<Time> = least.steps().iter().map(|step| step.0).collect();
        times.push(problem.now());
        times.extend(uses[id].iter().flat_map(|it| [it.interval.start, it.interval.end]));
        times.sort_unstable();
        times.dedup();
        for pair in times.windows(2).filter(|pair| pair[0] >= problem.now()) {
            let running = uses[id].iter().filter(|it| it.interval.contains(pair[0]));
            let usage: i64 = running.map(|it| it.demand.get()).sum();
            let short = (least.value(pair[0]) - usage).max(0);
            missed += short as u64 * (pair[1] - pair[0]).get() as u64;
        }
    }
    missed
}

/// Tasks that run together, as far as machines, families and sizes allow.
#[derive(Clone, Debug)]
pub(super) struct Batches {
    /// By task, its batch of two or more.
    of: IdVec<TaskId, Option<u32>>,
    groups: Vec<Vec<TaskId>>,
    totals: Vec<(Ticks, Demand)>,
}

impl Batches {
    pub(super) fn none(problem: &Problem) -> Self {
        let of = IdVec::filled(problem.tasks().len(), None);
        Batches { of, groups: Vec::new(), totals: Vec::new() }
    }

    pub(super) fn of(problem: &Problem, decisions: &Decisions) -> Self {
        let mut batches = Batches::none(problem);
        if !problem.features().has(ordine_problem::Feature::Batching) {
            return batches;
        }
        let mut keyed: Vec<(u32, ResourceId, usize, u32, TaskId)> = Vec::new();
        for task in problem.tasks().filter(|&task| decisions.is_present(task)) {
            let mode = decisions.mode(task);
            // What is done has its end, whoever shared its batch.
            let status = problem.task(task).status;
            let has_length = problem.mode(mode).duration > Ticks::ZERO && !status.is_done();
            if let Some((machine, _)) = batching_need(problem, mode).filter(|_| has_length) {
                let family = problem.task(task).family.map_or(0, |family| family.index() + 1);
                keyed.push((decisions.batch(task), machine, family, decisions.rank(task), task));
            }
        }
        keyed.sort_unstable();
        for run in
            keyed.chunk_by(|left, right| (left.0, left.1, left.2) == (right.0, right.1, right.2))
        {
            batches.pack(problem, decisions, run[0].1, run.iter().map(|it| it.4));
        }
        batches
    }

    /// Fills batches in the order of ranks; one that is full is closed.
    fn pack(
        &mut self,
        problem: &Problem,
        decisions: &Decisions,
        machine: ResourceId,
        tasks: impl Iterator<Item = TaskId>,
    ) {
        let resource = problem.resource(machine);
        let mut group: Vec<TaskId> = Vec::new();
        let mut total = (Ticks::ZERO, Demand::ZERO);
        for task in tasks {
            let mode = decisions.mode(task);
            let demand = batching_need(problem, mode).map_or(Demand::ZERO, |need| need.1);
            if !group.is_empty() && total.1.get() + demand.get() > resource.capacity().get() {
                self.close(std::mem::take(&mut group), total);
                total = (Ticks::ZERO, Demand::ZERO);
            }
            let work = match problem.task(task).status {
                Status::Running { remaining, .. } => remaining,
                _ => problem.mode(mode).duration,
            };
            let length = resource.batch_length(total.0, work);
            total = (length, Demand::new(total.1.get() + demand.get()));
            group.push(task);
        }
        self.close(group, total);
    }

    fn close(&mut self, group: Vec<TaskId>, total: (Ticks, Demand)) {
        if group.len() > 1 {
            let number = self.groups.len() as u32;
            group.iter().for_each(|&task| self.of[task] = Some(number));
            self.groups.push(group);
            self.totals.push(total);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = &[TaskId]> {
        self.groups.iter().map(Vec::as_slice)
    }

    /// The batch of a task, if it shares one.
    pub(super) fn group(&self, task: TaskId) -> Option<&[TaskId]> {
        self.of[task].map(|number| self.groups[number as usize].as_slice())
    }

    /// Whether the task keeps the machine for its whole batch.
    pub(super) fn leads(&self, task: TaskId) -> bool {
        self.group(task).is_none_or(|group| group[0] == task)
    }

    pub(super) fn work(&self, task: TaskId) -> Option<Ticks> {
        self.of[task].map(|number| self.totals[number as usize].0)
    }
}

/// The batching machine of a mode and its demand there.
fn batching_need(problem: &Problem, mode: ModeId) -> Option<(ResourceId, Demand)> {
    let needs = problem.requirements(mode).iter();
    let mut batching = needs.filter(|need| problem.resource(need.resource).batching.is_some());
    batching.next().map(|need| (need.resource, need.demand))
}
