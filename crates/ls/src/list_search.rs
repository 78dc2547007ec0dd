//! Evolution of task lists with justification and random restarts: projects, and every problem
//! for which there is no sharper search.
//!
//! A population of lists is filled by regret-biased random sampling on latest starts; children
//! come from a two-point crossover that keeps precedence, a few shifted tasks and changed modes;
//! every list is decoded and justified. When nothing better comes for long, the population is
//! drawn anew. One work unit is one task placed.
//!
//! **Source:** Hartmann 1998 (list crossover); Valls, Ballestín, Quintanilla 2008 (hybrid genetic
//! algorithm with justification); Drexl 1991 (regret-biased sampling). Difference: steady state.

use crate::{Decoder, LsError, Value};
use ordine_base::{IdVec, Seed, Stream, Time};
use ordine_construct::{CriticalPath, Direction, ModeAssignment};
use ordine_problem::{ModeId, Problem, Schedule, TaskId};

/// Parameters of [`ListSearch`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ListParameters {
    /// Lists in the population, at least 2.
    pub population: usize,
    /// Children without a better best list, per member of the population, before a restart.
    pub patience: usize,
    /// Probability that a task of a child is shifted, or takes another mode.
    pub mutation: f64,
    /// Probability that a child's modes are chosen anew by least end.
    pub mode_choice: f64,
    /// Whether lists are justified.
    pub justification: bool,
    /// Whether children come from crossover; otherwise every list is a random restart.
    pub crossover: bool,
}

impl Default for ListParameters {
    fn default() -> Self {
        ListParameters {
            population: 40,
            patience: 50,
            mutation: 0.05,
            mode_choice: 0.3,
            justification: true,
            crossover: true,
        }
    }
}

impl ListParameters {
    /// The parameters, if they make sense.
    ///
    /// # Errors
    /// Names the parameter that is out of range.
    pub fn validated(self) -> Result<Self, LsError> {
        let check = |name, holds: bool, found: String, expected| {
            if holds { Ok(()) } else { Err(LsError::Parameter { name, found, expected }) }
        };
        let counts = [("population", self.population, 2), ("patience", self.patience, 1)];
        for (name, value, least) in counts {
            check(name, value >= least, value.to_string(), "at least 2 members and patience 1")?;
        }
        for (name, value) in [("mutation", self.mutation), ("mode_choice", self.mode_choice)] {
            check(name, (0.0..=1.0).contains(&value), value.to_string(), "a probability")?;
        }
        Ok(self)
    }
}

/// Tasks drawn between two looks at the stop condition.
const DRAWS_PER_LOOK: usize = 64;

#[derive(Clone, Debug)]
struct Member {
    value: Value,
    order: Vec<TaskId>,
    assignment: ModeAssignment,
}

/// The search, resumable between slices of work.
#[derive(Clone, Debug)]
pub struct ListSearch<'a> {
    problem: &'a Problem,
    parameters: ListParameters,
    decoder: Decoder<'a>,
    stream: Stream,
    latest_starts: IdVec<TaskId, Time>,
    first_assignment: ModeAssignment,
    population: Vec<Member>,
    since_better: usize,
    best: Option<(Value, Schedule)>,
    reported: Option<Value>,
    flexible: Vec<TaskId>,
    scratch: Scratch,
}

#[derive(Clone, Debug)]
struct Scratch {
    eligible: Vec<TaskId>,
    waiting: IdVec<TaskId, u32>,
    taken: IdVec<TaskId, bool>,
    weights: Vec<f64>,
}

impl<'a> ListSearch<'a> {
    /// Starts from nothing; `assignment` keeps the consumables.
    pub fn new(
        problem: &'a Problem,
        parameters: ListParameters,
        assignment: ModeAssignment,
        seed: Seed,
    ) -> Self {
        let count = problem.tasks().len();
        let several = |task: &TaskId| problem.usable_modes(*task).len() > 1;
        ListSearch {
            problem,
            parameters,
            decoder: Decoder::new(problem),
            stream: seed.stream("list search"),
            latest_starts: CriticalPath::new(problem, Direction::Forward).latest_starts,
            first_assignment: assignment,
            population: Vec::new(),
            since_better: 0,
            best: None,
            reported: None,
            flexible: problem.tasks().filter(several).collect(),
            scratch: Scratch {
                eligible: Vec::new(),
                waiting: IdVec::filled(count, 0),
                taken: IdVec::filled(count, false),
                weights: Vec::new(),
            },
        }
    }

    /// Works for about `budget` units or until `should_stop`; gives the units spent.
    pub fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        let before = self.decoder.work();
        while self.decoder.work() - before < budget && self.step(should_stop).is_some() {}
        self.decoder.work() - before
    }

    /// The best schedule, if it is better than all that were reported or told before.
    pub fn improvement(&mut self) -> Option<Schedule> {
        let (value, schedule) = self.best.as_ref()?;
        if self.reported.as_ref().is_some_and(|known| known <= value) {
            return None;
        }
        self.reported = Some(value.clone());
        Some(schedule.clone())
    }

    /// Takes a schedule of somebody else into the population.
    pub fn consider(&mut self, schedule: &Schedule) {
        let mut modes: IdVec<TaskId, ModeId> = IdVec::new();
        for (_, placement) in schedule.iter() {
            let Some(placement) = placement else { return };
            modes.push(placement.mode);
        }
        let Some(assignment) = ModeAssignment::from_modes(self.problem, modes) else { return };
        let start = |task| schedule.placement(task).map_or(Time::ORIGIN, |place| place.start);
        let mut order = Vec::new();
        self.decoder.order_by_key(start, &mut order);
        let decoded =
            self.decoder.decode(Direction::Forward, &order, assignment.modes(), &mut || false);
        decoded.expect("nobody stops this decoding");
        let value = self.decoder.value();
        if self.reported.as_ref().is_none_or(|known| value < *known) {
            self.reported = Some(value.clone());
        }
        self.keep(Member { value, order, assignment });
    }

    fn step(&mut self, should_stop: &mut dyn FnMut() -> bool) -> Option<()> {
        if should_stop() {
            return None;
        }
        let filling = self.population.len() < self.parameters.population;
        let (mut order, mut assignment) = if filling || !self.parameters.crossover {
            (self.sample(should_stop)?, self.sample_modes())
        } else {
            self.child()
        };
        let choose = !self.flexible.is_empty() && self.stream.chance(self.parameters.mode_choice);
        if choose {
            self.decoder.decode_choosing(&order, &mut assignment, should_stop)?;
        } else {
            self.decoder.decode(Direction::Forward, &order, assignment.modes(), should_stop)?;
        }
        let mut value = self.decoder.value();
        if self.parameters.justification {
            let modes = assignment.modes();
            value = self.decoder.justify(value, &mut order, modes, should_stop)?;
        }
        self.decoder.order_by_start(&mut order);
        self.keep(Member { value, order, assignment });
        if self.since_better > self.parameters.patience * self.parameters.population {
            self.population.clear();
            self.since_better = 0;
        }
        Some(())
    }

    /// Adds a member, in the place of the worst when the population is full.
    fn keep(&mut self, member: Member) {
        if self.best.as_ref().is_none_or(|(value, _)| member.value < *value) {
            self.best = Some((member.value.clone(), self.decoder.schedule()));
            self.since_better = 0;
        } else {
            self.since_better += 1;
        }
        let twin = |other: &Member| other.value == member.value && other.order == member.order;
        if self.population.iter().any(twin) {
            return;
        }
        if self.population.len() < self.parameters.population {
            self.population.push(member);
            return;
        }
        let worst = (0..self.population.len()).max_by_key(|&at| (&self.population[at].value, at));
        let worst = worst.expect("a full population has members");
        if member.value <= self.population[worst].value {
            self.population[worst] = member;
        }
    }

    /// A random list: eligible tasks drawn by regret on their latest starts. `None` when stopped.
    fn sample(&mut self, should_stop: &mut dyn FnMut() -> bool) -> Option<Vec<TaskId>> {
        let problem = self.problem;
        let bias = [0.5, 1.0, 2.0, 4.0][self.stream.below(4)];
        let Scratch { eligible, waiting, weights, .. } = &mut self.scratch;
        eligible.clear();
        for task in problem.tasks() {
            waiting[task] = problem.predecessors(task).len() as u32;
            if waiting[task] == 0 {
                eligible.push(task);
            }
        }
        let mut order = Vec::with_capacity(problem.tasks().len());
        while !eligible.is_empty() {
            if order.len() % DRAWS_PER_LOOK == 0 && should_stop() {
                return None;
            }
            let at = draw(eligible, &self.latest_starts, bias, weights, &mut self.stream);
            let task = eligible.swap_remove(at);
            order.push(task);
            for link in problem.successors(task) {
                waiting[link.task] -= 1;
                if waiting[link.task] == 0 {
                    eligible.push(link.task);
                }
            }
        }
        Some(order)
    }

    /// The first assignment or, where consumables limit, one found anew; then some modes changed at
    /// random, where the consumables permit.
    fn sample_modes(&mut self) -> ModeAssignment {
        let mut assignment = self.first_assignment.clone();
        if assignment.is_limited() && !self.population.is_empty() {
            let budget = 100 * self.problem.mode_count() as u64;
            let other = ModeAssignment::random(self.problem, &mut self.stream, budget);
            assignment = other.unwrap_or(assignment);
        }
        let changes = if self.population.is_empty() { 0 } else { self.flexible.len() };
        for _ in 0..changes {
            let task = self.flexible[self.stream.below(self.flexible.len())];
            self.change_mode(task, &mut assignment);
        }
        assignment
    }

    fn change_mode(&mut self, task: TaskId, assignment: &mut ModeAssignment) {
        let usable = self.problem.usable_modes(task);
        let mode = usable[self.stream.below(usable.len())];
        if assignment.permits(self.problem, task, mode) {
            assignment.switch(self.problem, task, mode);
        }
    }

    /// A child of two members: two-point crossover of lists and modes, then mutation.
    fn child(&mut self) -> (Vec<TaskId>, ModeAssignment) {
        let (mother, father) = (self.tournament(), self.tournament());
        let count = self.population[mother].order.len();
        let (first, second) = (self.stream.below(count + 1), self.stream.below(count + 1));
        let (from, to) = (first.min(second), first.max(second));
        let mut order = Vec::with_capacity(count);
        self.scratch.taken.fill(false);
        let mut assignment = self.population[mother].assignment.clone();
        let sources = [(mother, from), (father, to), (mother, count)];
        for (parent, until) in sources {
            for &task in &self.population[parent].order {
                if order.len() >= until {
                    break;
                }
                if self.scratch.taken[task] {
                    continue;
                }
                self.scratch.taken[task] = true;
                order.push(task);
                let mode = self.population[parent].assignment.mode(task);
                if parent != mother && assignment.permits(self.problem, task, mode) {
                    assignment.switch(self.problem, task, mode);
                }
            }
        }
        self.mutate(&mut order, &mut assignment);
        (order, assignment)
    }

    fn tournament(&mut self) -> usize {
        let first = self.stream.below(self.population.len());
        let second = self.stream.below(self.population.len());
        let key = |at: usize| (&self.population[at].value, at);
        if key(first) <= key(second) { first } else { second }
    }

    /// Swaps some neighbors that no precedence orders, and changes some modes.
    fn mutate(&mut self, order: &mut [TaskId], assignment: &mut ModeAssignment) {
        for place in 1..order.len() {
            if !self.stream.chance(self.parameters.mutation) {
                continue;
            }
            let (left, right) = (order[place - 1], order[place]);
            let bound = self.problem.predecessors(right).iter().any(|link| link.task == left);
            if !bound {
                order.swap(place - 1, place);
            }
        }
        for position in 0..self.flexible.len() {
            if self.stream.chance(self.parameters.mutation) {
                self.change_mode(self.flexible[position], assignment);
            }
        }
    }
}

/// Position in `eligible`, drawn with weight (regret + 1)^bias, regret scaled to [0, 9].
fn draw(
    eligible: &[TaskId],
    latest_starts: &IdVec<TaskId, Time>,
    bias: f64,
    weights: &mut Vec<f64>,
    stream: &mut Stream,
) -> usize {
    let late = |task: &TaskId| latest_starts[*task].get();
    let worst = eligible.iter().map(late).max().unwrap_or(0);
    let best = eligible.iter().map(late).min().unwrap_or(0);
    let scale = if worst > best { 9.0 / (worst - best) as f64 } else { 0.0 };
    weights.clear();
    let mut total = 0.0;
    for task in eligible {
        total += ((worst - late(task)) as f64 * scale + 1.0).powf(bias);
        weights.push(total);
    }
    let drawn = stream.unit() * total;
    weights.partition_point(|&reached| reached <= drawn).min(eligible.len() - 1)
}
