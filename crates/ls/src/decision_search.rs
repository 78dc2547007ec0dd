//! Search over decisions: order, presence, modes, delays, batches; for every word of the model.
//!
//! Each step changes a few decisions, inserts the tasks anew and keeps the result when it is no
//! worse than the current one was some steps ago. What could not be placed is moved to the front.
//! When nothing better comes for long, the search goes on from the best decisions, shaken. One
//! work unit is one task placed.
//!
//! **Source:** late acceptance: Burke, Bykov 2017; moving the refused to the front: squeaky wheel
//! optimization, Joslin, Clements 1999.

use ordine_base::{Cost, Id, Seed, Stream, Ticks, Time};
use ordine_construct::{Built, CriticalPath, Decisions, Direction, Insertion};
use ordine_problem::{Feature, FeatureSet, Problem, ResourceId, Schedule, TaskId};
use std::collections::VecDeque;

/// Parameters of [`DecisionSearch`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecisionParameters {
    /// Steps back to the merit that a new one is compared with, at least 1.
    pub memory: usize,
    /// Steps without a better merit before the search is shaken, at least 1.
    pub patience: usize,
    /// Whether refused tasks are moved to the front.
    pub squeaky_wheel: bool,
    /// Whether tasks are delayed on purpose where that can pay.
    pub delays: bool,
}

impl Default for DecisionParameters {
    fn default() -> Self {
        DecisionParameters { memory: 30, patience: 600, squeaky_wheel: true, delays: true }
    }
}

/// How good decisions are: first everything must be placed, then no rule missed, then the cost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merit {
    /// Tasks that could not be placed.
    pub refused: usize,
    /// How far rules are missed that insertion cannot aim at.
    pub shortage: u64,
    /// Cost of what is placed.
    pub cost: Cost,
}

impl Merit {
    /// Whether the schedule keeps every rule.
    pub fn is_complete(&self) -> bool {
        self.refused == 0 && self.shortage == 0
    }
}

/// What can be changed in a problem.
#[derive(Clone, Debug)]
struct Levers {
    optional: Vec<TaskId>,
    flexible: Vec<TaskId>,
    batchable: Vec<TaskId>,
    wishes: bool,
    delays: bool,
}

/// The search, resumable between slices of work.
#[derive(Clone, Debug)]
pub struct DecisionSearch<'a> {
    problem: &'a Problem,
    parameters: DecisionParameters,
    insertion: Insertion<'a>,
    stream: Stream,
    levers: Levers,
    starts: VecDeque<Decisions>,
    current: Option<Held>,
    best: Option<Held>,
    history: VecDeque<Merit>,
    since_better: usize,
    reported: Option<Merit>,
    better_at: u64,
    work: u64,
}

/// Decisions with what came of them.
#[derive(Clone, Debug)]
struct Held {
    merit: Merit,
    decisions: Decisions,
    schedule: Schedule,
    refused: Vec<TaskId>,
}

/// Words of the model under which a later start can be better, or feasible where an earlier is not.
const DELAYABLE: FeatureSet = FeatureSet::of(&[
    Feature::IrregularObjectives,
    Feature::OptionalTasks,
    Feature::MaximalLags,
    Feature::SoftPrecedences,
    Feature::SoftCapacities,
    Feature::TimeWindows,
    Feature::Setups,
    Feature::Batching,
    Feature::Calendars,
    Feature::LeastUsage,
    Feature::Reservoirs,
    Feature::Blocking,
    Feature::Spans,
]);

impl<'a> DecisionSearch<'a> {
    /// Starts from `starts`, then from orders of its own.
    pub fn new(
        problem: &'a Problem,
        parameters: DecisionParameters,
        starts: Vec<Decisions>,
        seed: Seed,
    ) -> Self {
        let plain = Decisions::new(problem);
        let has_batches = problem.features().has(Feature::Batching);
        let features = problem.features();
        let levers = Levers {
            optional: problem.tasks().filter(|&task| problem.task(task).optional).collect(),
            flexible: problem
                .tasks()
                .filter(|&task| problem.usable_modes(task).len() > 1)
                .collect(),
            batchable: match has_batches {
                true => problem
                    .tasks()
                    .filter(|&task| batching_machine(problem, &plain, task).is_some())
                    .collect(),
                false => Vec::new(),
            },
            wishes: features.has(Feature::SoftPrecedences) || features.has(Feature::SoftCapacities),
            delays: parameters.delays && features.without(DELAYABLE) != features,
        };
        let mut search = DecisionSearch {
            problem,
            parameters,
            insertion: Insertion::new(problem),
            stream: seed.stream("decision search"),
            levers,
            starts: starts.into(),
            current: None,
            best: None,
            history: VecDeque::new(),
            since_better: 0,
            reported: None,
            better_at: 0,
            work: 0,
        };
        let own = search.own_starts();
        search.starts.extend(own);
        search
    }

    /// By latest start, by due time, and both with full batches.
    fn own_starts(&self) -> Vec<Decisions> {
        let problem = self.problem;
        let path = CriticalPath::new(problem, Direction::Forward);
        let due = |task: TaskId| {
            let job = problem.task(task).job.map(|job| problem.job(job));
            let of_job = job.and_then(|job| job.deadline.or(job.due));
            let own = problem.task(task).latest_end;
            own.into_iter().chain(of_job).min().unwrap_or(Time::MAX)
        };
        let latest = |task: TaskId| (path.latest_starts[task], Time::ORIGIN);
        let urgent = |task: TaskId| (due(task), path.latest_starts[task]);
        let mut starts = vec![self.ordered(latest)];
        if problem.tasks().any(|task| due(task) < Time::MAX) {
            starts.push(self.ordered(urgent));
        }
        if !self.levers.batchable.is_empty() {
            let batched: Vec<Decisions> = starts.iter().map(|it| self.batched(it)).collect();
            starts.splice(0..0, batched);
        }
        starts
    }

    fn ordered(&self, key: impl Fn(TaskId) -> (Time, Time)) -> Decisions {
        let mut order: Vec<TaskId> = self.problem.tasks().collect();
        order.sort_by_key(|&task| (key(task), task));
        let mut decisions = Decisions::new(self.problem);
        rank(&mut decisions, &order);
        decisions
    }

    /// Tasks of one machine and family in common batches, unless they belong to one job.
    fn batched(&self, decisions: &Decisions) -> Decisions {
        let mut batched = decisions.clone();
        let mut open: Vec<(ResourceId, Option<usize>, u32, Vec<TaskId>)> = Vec::new();
        let mut tasks = self.levers.batchable.clone();
        tasks.sort_by_key(|&task| (decisions.rank(task), task));
        for task in tasks {
            let Some(machine) = batching_machine(self.problem, decisions, task) else { continue };
            let family = self.problem.task(task).family.map(Id::index);
            let job = |task: TaskId| self.problem.task(task).job;
            let stranger = |others: &[TaskId]| {
                job(task).is_none() || others.iter().all(|&it| job(it) != job(task))
            };
            let found =
                open.iter_mut().find(|it| it.0 == machine && it.1 == family && stranger(&it.3));
            match found {
                Some(batch) => {
                    batched.set_batch(task, batch.2);
                    batch.3.push(task);
                }
                None => open.push((machine, family, decisions.batch(task), vec![task])),
            }
        }
        batched
    }

    /// Works for about `budget` units or until `should_stop`; gives the units spent.
    pub fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        let before = self.work;
        while self.work - before < budget && !should_stop() {
            self.step(should_stop);
        }
        self.work - before
    }

    /// Work units spent so far.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Work units spent when the best merit was reached.
    pub fn better_at(&self) -> u64 {
        self.better_at
    }

    /// The best schedule, if it keeps every rule and is better than all that were reported.
    pub fn improvement(&mut self) -> Option<Schedule> {
        let best = self.best.as_ref().filter(|best| best.merit.is_complete())?;
        if self.reported.as_ref().is_some_and(|known| *known <= best.merit) {
            return None;
        }
        self.reported = Some(best.merit.clone());
        Some(best.schedule.clone())
    }

    /// The best schedule so far with its merit, whether it keeps every rule or not.
    pub fn closest(&self) -> Option<(&Merit, &Schedule)> {
        self.best.as_ref().map(|best| (&best.merit, &best.schedule))
    }

    /// Takes a schedule of somebody else over, if it is better.
    pub fn consider(&mut self, schedule: &Schedule) {
        // By its own measure: floors under settled levels are those of the problem searched.
        let merit = Merit { refused: 0, shortage: 0, cost: schedule.cost(self.problem) };
        if self.best.as_ref().is_some_and(|best| best.merit <= merit) {
            return;
        }
        self.reported = Some(merit);
        // As it stands, where that is better than its order alone.
        self.starts.push_front(Decisions::of_schedule(self.problem, schedule, true));
        self.starts.push_front(Decisions::of_schedule(self.problem, schedule, false));
    }

    fn step(&mut self, should_stop: &mut dyn FnMut() -> bool) {
        let is_start = !self.starts.is_empty();
        let decisions = match self.starts.pop_front() {
            Some(start) => start,
            None => self.neighbor(),
        };
        let built = self.insertion.build(&decisions, should_stop);
        self.work += built.work.max(1);
        if should_stop() && !built.refused.is_empty() {
            return;
        }
        let held = self.hold(decisions, built);
        self.judge(held, is_start);
    }

    fn hold(&self, decisions: Decisions, built: Built) -> Held {
        let merit = Merit {
            refused: built.refused.len(),
            shortage: built.shortage,
            cost: built.schedule.cost(self.problem),
        };
        let refused = built.refused.iter().map(|it| it.0).collect();
        Held { merit, decisions, schedule: built.schedule, refused }
    }

    /// Late acceptance.
    fn judge(&mut self, held: Held, is_start: bool) {
        let better = self.best.as_ref().is_none_or(|best| held.merit < best.merit);
        self.since_better = if better { 0 } else { self.since_better + 1 };
        if better {
            self.better_at = self.work;
            self.best = Some(held.clone());
        }
        let late = self.history.front();
        let known = self.current.as_ref().map(|current| &current.merit);
        let accepted = match known {
            None => true,
            Some(known) if is_start => held.merit < *known,
            Some(known) => held.merit <= *known || late.is_some_and(|late| held.merit <= *late),
        };
        if accepted {
            self.current = Some(held);
        }
        if let Some(current) = &self.current {
            self.history.push_back(current.merit.clone());
        }
        if self.history.len() > self.parameters.memory {
            self.history.pop_front();
        }
    }

    /// Decisions near the current ones; after long patience, farther from the best ones.
    fn neighbor(&mut self) -> Decisions {
        let shaken = self.since_better >= self.parameters.patience;
        if shaken {
            self.since_better = 0;
            self.history.clear();
            self.current = self.best.clone();
        }
        let Some(current) = self.current.take() else { return Decisions::new(self.problem) };
        let mut decisions = current.decisions.clone();
        let changes = match shaken {
            true => 2 + self.stream.below(2 + self.problem.tasks().len() / 4),
            false => 1 + self.stream.below(3),
        };
        if self.parameters.squeaky_wheel && !current.refused.is_empty() && self.stream.chance(0.5) {
            let refused = current.refused[self.stream.below(current.refused.len())];
            let first = order_of(self.problem, &decisions);
            let place = first.iter().position(|&task| task == refused).unwrap_or(0);
            let earlier = self.stream.below(place + 1);
            shift(&mut decisions, first, place, earlier);
        }
        for _ in 0..changes {
            self.change(&mut decisions, &current.schedule);
        }
        decisions.settle(self.problem);
        if shaken {
            // What the shaken decisions lead to is the new current.
            self.current = None;
        } else {
            self.current = Some(current);
        }
        decisions
    }

    fn change(&mut self, decisions: &mut Decisions, schedule: &Schedule) {
        let levers = [
            4,
            if self.levers.flexible.is_empty() { 0 } else { 3 },
            if self.levers.optional.is_empty() { 0 } else { 3 },
            if self.levers.delays { 3 } else { 0 },
            if self.levers.batchable.is_empty() { 0 } else { 3 },
            usize::from(self.levers.wishes),
        ];
        let mut drawn = self.stream.below(levers.iter().sum());
        let mut lever = 0;
        while drawn >= levers[lever] {
            drawn -= levers[lever];
            lever += 1;
        }
        match lever {
            0 => self.change_order(decisions),
            1 => {
                let task = self.levers.flexible[self.stream.below(self.levers.flexible.len())];
                let modes = self.problem.usable_modes(task);
                let mode = modes[self.stream.below(modes.len())];
                decisions.set_mode(self.problem, task, mode);
            }
            2 => self.change_presence(decisions),
            3 => self.change_delay(decisions, schedule),
            4 => self.change_batch(decisions),
            _ => {
                let task = self.any_task();
                decisions.set_heedless(task, !decisions.is_heedless(task));
            }
        }
    }

    fn any_task(&mut self) -> TaskId {
        TaskId::from_index(self.stream.below(self.problem.tasks().len()))
    }

    fn change_order(&mut self, decisions: &mut Decisions) {
        let order = order_of(self.problem, decisions);
        let from = self.stream.below(order.len());
        // Mostly near, sometimes anywhere.
        let reach = if self.stream.chance(0.7) { 8.min(order.len()) } else { order.len() };
        let least = from.saturating_sub(reach);
        let most = (from + reach).min(order.len() - 1);
        let to = least + self.stream.below(most - least + 1);
        shift(decisions, order, from, to);
    }

    /// One task in or out; of its choices, one that was in goes out for it.
    fn change_presence(&mut self, decisions: &mut Decisions) {
        let task = self.levers.optional[self.stream.below(self.levers.optional.len())];
        let present = !decisions.is_present(task);
        decisions.set_present(task, present);
        for selection in self.problem.selections() {
            let chosen = selection.tasks.contains(&task);
            if !chosen {
                continue;
            }
            use ordine_problem::SelectionKind;
            let single =
                matches!(selection.kind, SelectionKind::ExactlyOne | SelectionKind::AtMostOne);
            if selection.kind == SelectionKind::AllOrNone {
                selection.tasks.iter().for_each(|&it| decisions.set_present(it, present));
            } else if single && present {
                let others = selection.tasks.iter().filter(|it| **it != task);
                others.for_each(|&it| decisions.set_present(it, false));
            }
        }
    }

    /// Delays a task to a time at which something else happens, a little, or not at all.
    fn change_delay(&mut self, decisions: &mut Decisions, schedule: &Schedule) {
        let task = self.any_task();
        let placed = schedule.placement(task);
        let (start, elapsed) = match placed {
            Some(placement) => (placement.start, placement.end - placement.start),
            None => (Time::ORIGIN, self.problem.mode(decisions.mode(task)).duration),
        };
        let time = match self.stream.below(6) {
            0 | 1 => Time::ORIGIN,
            2 => start + Ticks::new(1 + self.stream.below(4) as i64),
            3 => start - Ticks::new(1 + self.stream.below(4) as i64),
            4 => {
                let other = self.any_task();
                match schedule.placement(other) {
                    Some(it) if self.stream.chance(0.5) => it.start,
                    Some(it) => it.end,
                    None => Time::ORIGIN,
                }
            }
            _ => self.marked_time(task),
        };
        let time = if self.stream.chance(0.5) { time } else { time - elapsed };
        decisions.set_not_before(task, time.max(Time::ORIGIN).min(self.problem.horizon()));
    }

    /// A time that the problem itself names for the task.
    fn marked_time(&mut self, task: TaskId) -> Time {
        let data = self.problem.task(task);
        let mut times: Vec<Time> = Vec::new();
        if let Some(job) = data.job.map(|job| self.problem.job(job)) {
            times.extend(job.due_from);
            times.extend(job.due);
        }
        times.extend(data.planned.map(|planned| planned.start));
        times.extend(data.latest_start);
        let costs = [&data.start_cost, &data.end_cost].into_iter().flatten();
        times.extend(costs.flat_map(|cost| cost.steps()).map(|step| step.0));
        for need in self.problem.requirements(self.problem.usable_modes(task)[0]) {
            let resource = self.problem.resource(need.resource);
            let steps = [&resource.capacity_profile, &resource.usage_min].into_iter().flatten();
            times.extend(steps.flat_map(|profile| profile.steps()).map(|step| step.0));
        }
        match times.is_empty() {
            true => Time::ORIGIN,
            false => times[self.stream.below(times.len())],
        }
    }

    /// Into the batch of another task, or out of any.
    fn change_batch(&mut self, decisions: &mut Decisions) {
        let batchable = &self.levers.batchable;
        let task = batchable[self.stream.below(batchable.len())];
        let other = batchable[self.stream.below(batchable.len())];
        let own = match self.stream.chance(0.3) {
            true => task.index() as u32,
            false => decisions.batch(other),
        };
        decisions.set_batch(task, own);
    }
}

/// The batching machine of the chosen mode of a task.
fn batching_machine(problem: &Problem, decisions: &Decisions, task: TaskId) -> Option<ResourceId> {
    let needs = problem.requirements(decisions.mode(task)).iter();
    let mut machines = needs.map(|need| need.resource);
    machines.find(|&id| problem.resource(id).batching.is_some())
}

fn order_of(problem: &Problem, decisions: &Decisions) -> Vec<TaskId> {
    let mut order: Vec<TaskId> = problem.tasks().collect();
    order.sort_unstable_by_key(|&task| (decisions.rank(task), task));
    order
}

fn shift(decisions: &mut Decisions, mut order: Vec<TaskId>, from: usize, to: usize) {
    let task = order.remove(from);
    order.insert(to, task);
    rank(decisions, &order);
}

fn rank(decisions: &mut Decisions, order: &[TaskId]) {
    for (place, &task) in order.iter().enumerate() {
        decisions.set_rank(task, place as u32);
    }
}
