//! The state of a simulated shop, as arrays, and how time goes on.
//!
//! A step costs O(machines + jobs / 64 + log events) and allocates nothing; a copy costs some
//! twenty arrays.
//!
//! Rewards between two decisions: first what the world is about (minus the time that passed, for
//! the makespan); `waiting`, minus the integral of the number of waiting jobs over time, per job
//! and mean duration; `idle`, minus the integral of the fraction of machines that process nothing,
//! per mean duration.
//!
//! **Source:** the queue cost as reward: Park, Chun, Kim, Kim, Park 2021.

use super::graph::ShopGraph;
use super::moves::Next;
use super::{Entry, Event, Goal, ShopSettings, Workshop, WorkshopError};
use ordine_base::{Id, Seed, Stream, Time};
use ordine_problem::{Problem, Schedule};
use ordine_sim::{Agenda, EventId, Priority};
use ordine_world::{CandidateId, Graph, Observation, Policy, Step, World};
use std::sync::Arc;

/// No job, no machine.
pub(super) const NONE: u32 = u32::MAX;

/// Nothing is due.
pub(super) const NEVER: i64 = i64::MAX;

/// What can be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// The operation on a machine ends.
    Complete(u32),
    /// A machine breaks, or is repaired.
    Turn(u32),
    /// A planned break of a machine begins or ends.
    Break(u32),
    /// A job comes.
    Arrive(u32),
}

impl Due {
    /// What comes first at one instant: completions, so that an operation that ends as its machine
    /// fails has ended.
    fn priority(self) -> Priority {
        match self {
            Due::Complete(_) => Priority::URGENT,
            Due::Turn(_) | Due::Break(_) | Due::Arrive(_) => Priority::NORMAL,
        }
    }
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Not here yet.
    Coming,
    /// Before its first operation.
    Outside,
    /// In the buffer of a machine.
    Buffer(u32),
    /// On a machine.
    On(u32),
    /// Complete.
    Gone,
}

/// A simulated shop: what a policy acts in.
#[derive(Clone, Debug)]
pub struct ShopWorld {
    pub(super) shop: Arc<Workshop>,
    pub(super) settings: Arc<ShopSettings>,
    pub(super) seed: Seed,
    /// Whether disruptions to come stay away, because they are known and must not be.
    pub(super) blind: bool,
    /// Whether this is a copy that goes into the future that is expected.
    pub(super) is_forecast: bool,
    pub(super) now: i64,
    pub(super) agenda: Agenda<Due>,
    /// By job.
    pub(super) place: Vec<Place>,
    /// By job, the operation that it runs next; when it runs one, the one after that.
    pub(super) next: Vec<u32>,
    /// By job, since when it is ready for its next move.
    pub(super) since: Vec<i64>,
    /// By job, when it comes.
    pub(super) arrival: Vec<i64>,
    /// By machine, the job on it.
    pub(super) on: Vec<u32>,
    /// By machine, whether the job on it has finished its operation there.
    pub(super) finished: Vec<bool>,
    /// By machine, when its operation completes, as things stand.
    pub(super) completes: Vec<i64>,
    pub(super) completion: Vec<Option<EventId>>,
    /// By machine that is down, what its operation lacks.
    pub(super) remaining: Vec<i64>,
    /// By machine, whether it is broken, and whether it is in planned maintenance.
    pub(super) broken: Vec<bool>,
    pub(super) closed: Vec<bool>,
    /// By machine, its present or next failure `[from, to)`, how many it had, and the last repair.
    pub(super) failure: Vec<(i64, i64)>,
    pub(super) turn: Vec<Option<EventId>>,
    pub(super) failures: Vec<u32>,
    pub(super) up_since: Vec<i64>,
    /// By machine, the present or next planned break.
    pub(super) next_break: Vec<u32>,
    /// By machine, until when the operation that was loaded waits for the repair.
    pub(super) shut_until: Vec<i64>,
    /// By machine, whether it is left empty until the next event.
    pub(super) held: Vec<bool>,
    /// By machine, free places in its buffer.
    pub(super) room: Vec<u32>,
    /// By machine, a bit for each job that wants it.
    pub(super) requests: Vec<u64>,
    /// Words of bits per machine.
    pub(super) words: usize,
    /// By operation, when it was loaded and when it ended, and its choice; `NONE` before.
    pub(super) start: Vec<i64>,
    pub(super) end: Vec<i64>,
    pub(super) choice: Vec<u32>,
    /// Jobs that are not complete, that wait, and that are to come.
    pub(super) left: usize,
    pub(super) waiting: i64,
    pub(super) coming: usize,
    /// Machines that process.
    pub(super) busy: i64,
    pub(super) swaps: u32,
    pub(super) decisions: u64,
    pub(super) loads: u64,
    /// The machine that asks.
    pub(super) asking: u32,
    pub(super) observation: Observation,
    /// Jobs of a circle under construction.
    pub(super) seen: Vec<bool>,
    pub(super) circle: Vec<(u32, u32)>,
    pub(super) waited: f64,
    pub(super) idled: f64,
    /// Time that jobs have spent here, and by which they were late.
    pub(super) flowed: i64,
    pub(super) tardy: i64,
    pub(super) truncated: bool,
    pub(super) log: Vec<Entry>,
    pub(super) graph: Option<Box<ShopGraph>>,
}

impl ShopWorld {
    /// A shop at the origin, gone on to its first decision.
    ///
    /// # Panics
    /// When the settings do not go with the shop; see [`ShopSettings::validate`].
    pub fn new(shop: Arc<Workshop>, settings: Arc<ShopSettings>, seed: Seed) -> Self {
        let mut world = ShopWorld::blank(shop, settings, seed);
        world.open();
        world.proceed();
        world
    }

    /// The same after a check of the settings.
    ///
    /// # Errors
    /// What does not go with the shop.
    pub fn checked(
        shop: Arc<Workshop>,
        settings: Arc<ShopSettings>,
        seed: Seed,
    ) -> Result<Self, WorkshopError> {
        settings.validate(&shop)?;
        Ok(ShopWorld::new(shop, settings, seed))
    }

    /// A shop in which nothing has happened.
    pub(super) fn blank(shop: Arc<Workshop>, settings: Arc<ShopSettings>, seed: Seed) -> Self {
        if let Err(error) = settings.validate(&shop) {
            panic!("settings are checked before a world is made: {error}");
        }
        let (jobs, machines, operations) = (shop.jobs(), shop.machines(), shop.operations());
        let words = jobs.div_ceil(64);
        let arrival = settings.arrivals.times(jobs, seed);
        let next = (0..jobs).map(|job| shop.first_operation[job]).collect();
        let room = (0..machines).map(|machine| settings.buffer(machine)).collect();
        let log = Vec::with_capacity(if settings.log { 8 * operations } else { 0 });
        ShopWorld {
            seed,
            blind: false,
            is_forecast: false,
            now: 0,
            agenda: Agenda::new(),
            place: vec![Place::Coming; jobs],
            next,
            since: arrival.clone(),
            arrival,
            on: vec![NONE; machines],
            finished: vec![false; machines],
            completes: vec![NEVER; machines],
            completion: vec![None; machines],
            remaining: vec![0; machines],
            broken: vec![false; machines],
            closed: vec![false; machines],
            failure: vec![(NEVER, NEVER); machines],
            turn: vec![None; machines],
            failures: vec![0; machines],
            up_since: vec![0; machines],
            next_break: vec![0; machines],
            shut_until: vec![0; machines],
            held: vec![false; machines],
            room,
            requests: vec![0; machines * words],
            words,
            start: vec![NEVER; operations],
            end: vec![NEVER; operations],
            choice: vec![NONE; operations],
            left: jobs,
            waiting: 0,
            coming: jobs,
            busy: 0,
            swaps: 0,
            decisions: 0,
            loads: 0,
            asking: NONE,
            observation: Observation::default(),
            seen: vec![false; jobs],
            circle: Vec::with_capacity(machines),
            waited: 0.0,
            idled: 0.0,
            flowed: 0,
            tardy: 0,
            truncated: false,
            log,
            graph: None,
            shop,
            settings,
        }
    }

    /// What is due from the origin on.
    fn open(&mut self) {
        for job in 0..self.shop.jobs() {
            self.due(self.arrival[job], Due::Arrive(job as u32));
        }
        for machine in 0..self.shop.machines {
            self.failure[machine] = self.draw_failure(machine, 0);
            self.plan_turn(machine);
            self.plan_break(machine);
        }
        self.happen();
    }

    /// Keeps the graph true, where one is asked for.
    fn draw_graph(&mut self) {
        if !self.settings.graph {
            return;
        }
        let graph = match self.graph.take() {
            None => Box::new(ShopGraph::new(self)),
            Some(mut graph) => {
                graph.update(self);
                graph
            }
        };
        self.graph = Some(graph);
    }

    /// The same graph, drawn from nothing.
    pub fn graph_from_scratch(&self) -> Graph {
        ShopGraph::new(self).graph
    }

    pub(super) fn due(&mut self, time: i64, due: Due) -> EventId {
        self.agenda.schedule(Time::new(time), due.priority(), due)
    }

    pub(super) fn plan_turn(&mut self, machine: usize) {
        if let Some(planned) = self.turn[machine].take() {
            self.agenda.cancel(planned);
        }
        let (from, to) = self.failure[machine];
        let time = if self.broken[machine] { to } else { from };
        if time != NEVER {
            self.turn[machine] = Some(self.due(time, Due::Turn(machine as u32)));
        }
    }

    pub(super) fn plan_break(&mut self, machine: usize) {
        let breaks = self.settings.breaks(machine);
        if let Some(&(from, to)) = breaks.get(self.next_break[machine] as usize) {
            let time = if self.closed[machine] { to } else { from };
            self.due(time, Due::Break(machine as u32));
        }
    }

    /// Says when the operation on a machine ends, as things stand.
    pub(super) fn plan_completion(&mut self, machine: usize, time: i64) {
        if let Some(planned) = self.completion[machine].take() {
            self.agenda.cancel(planned);
        }
        self.completes[machine] = time;
        if time != NEVER {
            self.completion[machine] = Some(self.due(time, Due::Complete(machine as u32)));
        }
    }

    fn draw_failure(&self, machine: usize, since: i64) -> (i64, i64) {
        if self.blind {
            return (NEVER, NEVER);
        }
        let (count, seed) = (self.failures[machine], self.seed);
        let drawn = self.settings.interruption.failure(machine, count, since, seed);
        drawn.unwrap_or((NEVER, NEVER))
    }

    /// Moves and lets time pass until something must be chosen, or the end.
    pub(super) fn proceed(&mut self) {
        loop {
            match self.find_move() {
                Next::Ask(machine) => {
                    self.ask(machine as usize);
                    return self.draw_graph();
                }
                Next::Nothing => {
                    if self.left == 0 || !self.tick() {
                        self.asking = NONE;
                        self.observation.candidates.clear();
                        self.observation.now = Time::new(self.now);
                        return;
                    }
                }
                next => self.apply(next),
            }
        }
    }

    /// Goes on to the next event; whether there is one.
    fn tick(&mut self) -> bool {
        // What was expected earlier, in a shop that is told, happens now.
        let Some(time) = self.agenda.next_time().map(|time| time.get().max(self.now)) else {
            self.truncated = true;
            return false;
        };
        if time > self.settings.horizon.get() {
            self.truncated = true;
            return false;
        }
        self.pass(time);
        self.happen();
        true
    }

    /// Lets time pass until an instant before which nothing is due.
    pub(super) fn pass(&mut self, time: i64) {
        let passed = (time - self.now) as f64 / self.shop.duration_mean;
        self.waited += passed * self.waiting as f64 / self.shop.jobs().max(1) as f64;
        let machines = self.shop.machines.max(1) as f64;
        self.idled += passed * (machines - self.busy as f64) / machines;
        self.flowed += (time - self.now) * (self.left - self.coming) as i64;
        self.now = time;
    }

    /// Everything that is due now: completions first.
    fn happen(&mut self) {
        while self.agenda.next_time().is_some_and(|time| time.get() <= self.now) {
            match self.agenda.pop().map(|(_, due)| due) {
                Some(Due::Complete(machine)) => self.finish(machine as usize),
                Some(Due::Turn(machine)) => self.turn_machine(machine as usize),
                Some(Due::Break(machine)) => self.turn_break(machine as usize),
                Some(Due::Arrive(job)) => self.arrive(job as usize),
                None => {}
            }
        }
        self.held.fill(false);
    }

    pub(super) fn arrive(&mut self, job: usize) {
        self.place[job] = Place::Outside;
        self.since[job] = self.now;
        self.coming -= 1;
        self.waiting += 1;
        self.request(job);
        self.note(Event::Arrive, NONE, job, NONE);
    }

    fn turn_machine(&mut self, machine: usize) {
        if self.broken[machine] {
            self.broken[machine] = false;
            self.failures[machine] += 1;
            self.up_since[machine] = self.now;
            self.failure[machine] = self.draw_failure(machine, self.now);
            self.came_up(machine);
        } else {
            self.went_down(machine);
            self.broken[machine] = true;
        }
        self.turn[machine] = None;
        self.plan_turn(machine);
    }

    fn turn_break(&mut self, machine: usize) {
        if self.closed[machine] {
            self.closed[machine] = false;
            self.next_break[machine] += 1;
            self.came_up(machine);
        } else {
            self.went_down(machine);
            self.closed[machine] = true;
        }
        self.plan_break(machine);
    }

    /// Whether a machine can be entered and can process.
    pub(super) fn is_up(&self, machine: usize) -> bool {
        !self.broken[machine] && !self.closed[machine]
    }

    /// Before a machine is marked as down: what runs pauses.
    pub(super) fn went_down(&mut self, machine: usize) {
        if !self.is_up(machine) {
            return;
        }
        self.note_machine(Event::Down, machine);
        if self.completes[machine] != NEVER {
            self.remaining[machine] = self.completes[machine] - self.now;
            self.plan_completion(machine, NEVER);
        }
    }

    /// After a reason to be down has gone: what paused goes on when there is no other.
    pub(super) fn came_up(&mut self, machine: usize) {
        if !self.is_up(machine) {
            return;
        }
        self.note_machine(Event::Up, machine);
        if self.on[machine] != NONE && !self.finished[machine] {
            self.plan_completion(machine, self.now + self.remaining[machine]);
        }
    }

    /// What the world is about, until now.
    fn spent(&self) -> i64 {
        match self.settings.goal {
            Goal::Makespan => self.now,
            Goal::FlowTime => self.flowed,
            Goal::Tardiness => self.tardy,
        }
    }

    /// The move that a candidate stands for; `None` when the machine stays empty.
    pub(super) fn chosen(&self, choice: CandidateId) -> Option<Next> {
        let chosen = self.observation.candidate(choice);
        assert!(chosen.allowed, "a masked candidate cannot be chosen");
        let job = *self.shop.job.get(chosen.task.index())?;
        Some(Next::Load { machine: self.asking, job, choice: chosen.mode.index() as u32 })
    }
}

/// Names of the parts of a reward, by what the world is about.
const REWARDS: [[&str; 3]; 3] = [
    ["makespan", "waiting", "idle"],
    ["flow time", "waiting", "idle"],
    ["tardiness", "waiting", "idle"],
];

impl World for ShopWorld {
    fn observe(&self) -> &Observation {
        &self.observation
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        let (waited, idled, spent) = (self.waited, self.idled, self.spent());
        self.decisions += 1;
        match self.chosen(choice) {
            Some(load) => self.apply(load),
            None => {
                self.held[self.asking as usize] = true;
                self.note_machine(Event::Hold, self.asking as usize);
            }
        }
        self.proceed();
        let goal = (spent - self.spent()) as f64;
        let reward = [goal, waited - self.waited, idled - self.idled].into_iter().collect();
        Step { reward, terminated: self.left == 0, truncated: self.truncated }
    }

    fn graph(&self) -> Option<&Graph> {
        self.graph.as_ref().map(|it| &it.graph)
    }

    fn fork(&self, seed: Seed) -> Option<Box<dyn World + '_>> {
        Some(Box::new(self.fork_with(seed)))
    }

    fn residual(&self) -> Option<Problem> {
        self.remaining_problem()
    }

    fn forecast(&self, policy: &mut dyn Policy, stream: &mut Stream) -> Option<Schedule> {
        Some(ShopWorld::forecast(self, policy, stream))
    }

    fn followed(&self, plan: &Schedule) -> Option<Schedule> {
        Some(ShopWorld::followed(self, plan))
    }

    fn reward_names(&self) -> &'static [&'static str] {
        &REWARDS[self.settings.goal as usize]
    }
}
