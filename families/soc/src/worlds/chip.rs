//! The world `soc`: which ready task next, and on which element.
//!
//! At an instant with ready tasks the world asks for one of them (stage *task*), then for its
//! element (stage *mode*), until each is drawn: a joint decision as a chain. Drawn tasks and
//! elements that do not support the task are masked. The mode of a candidate is
//! kind × elements + element; at the stage of tasks it is the one with the earliest end. Of the
//! features, `duration`, `eligible_since`, `start` (by the [`Mapping`]), `work_remaining` (upward
//! rank, rounded), `release` (entry of the job) and `tasks_remaining` are given; the last counts
//! tasks from this one to the tail, and at the stage of modes those that the element has already.
//! In a waiting world the last candidate of a mode leaves the task for the next event: its mode is
//! kinds × elements, its duration so long that no rule takes it unawares.
//!
//! **Source:** Sung et al. 2020 (joint ordering, drawn one by one, and a rule for the element).

use super::graph::SocGraph;

use crate::simulator::{Metrics, Simulator, TracedTask};
use crate::timeline::{Mapping, Timelines};
use crate::{ElementId, Settings, SocError, SocInstance};
use ordine_base::{Id, Seed, Stream, Ticks, Time};
use ordine_problem::{ModeId, Problem, TaskId};
use ordine_world::{
    Candidate, CandidateId, Decision, Durations, Features, Graph, Observation, Policy, Stage, Step,
    World,
};
use smallvec::smallvec;
use std::sync::Arc;

/// What the first part of a reward is; all of it comes with the last choice of a joint decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reward {
    /// 50 per completed job, minus 0.5 per joint decision.
    #[default]
    Bonus,
    /// Minus the time of jobs in the system per completed job, divided by 10 000.
    Duration,
    /// Minus the time that has passed.
    Makespan,
    /// Minus the latencies of the jobs that ended.
    Latency,
}

/// A chip with jobs arriving at it, as a decision process.
#[derive(Clone, Debug)]
pub struct SocWorld {
    simulator: Simulator,
    timelines: Timelines,
    may_wait: bool,
    reward: Reward,
    observation: Observation,
    graph: SocGraph,
    /// Ready tasks of this decision epoch, and when their data are on each element.
    epoch: Vec<TaskId>,
    stamps: Vec<Time>,
    drawn: Vec<bool>,
    /// Position of the task whose element is being chosen.
    chosen: usize,
    left: usize,
    decisions: u64,
    energy: f64,
    counted: (u64, i64, i64, Time),
}

impl SocWorld {
    /// A run of `instance`. `mapping` says how starts are estimated and what a choice binds.
    ///
    /// # Errors
    /// When a setting is out of range, or shared memory is asked for and there is none.
    pub fn new(
        instance: &Arc<SocInstance>,
        settings: Settings,
        mapping: Mapping,
        seed: Seed,
    ) -> Result<Self, SocError> {
        let simulator = Simulator::new(Arc::clone(instance), settings, seed)?;
        let mut world = SocWorld {
            timelines: Timelines::new(mapping, &simulator),
            graph: SocGraph::new(&simulator),
            simulator,
            may_wait: false,
            reward: Reward::default(),
            observation: Observation::default(),
            epoch: Vec::new(),
            stamps: Vec::new(),
            drawn: Vec::new(),
            chosen: 0,
            left: 0,
            decisions: 0,
            energy: 0.0,
            counted: (0, 0, 0, Time::ORIGIN),
        };
        world.open();
        Ok(world)
    }

    /// The same world in which a task may be left for the next event.
    pub fn waiting(mut self) -> Self {
        self.may_wait = true;
        self.open();
        self
    }

    /// The same world with another reward.
    pub fn rewarding(self, reward: Reward) -> Self {
        SocWorld { reward, ..self }
    }

    /// The same world whose graph divides counts of elements by 6.5, as published, instead of by
    /// their number.
    pub fn with_published_scaling(mut self) -> Self {
        self.graph = SocGraph::published(&self.simulator);
        self.graph.update(&self.simulator);
        self
    }

    /// The same world with its graph drawn anew: for tests of the one that is kept true.
    pub fn with_graph_anew(mut self) -> Self {
        self.graph = SocGraph::new(&self.simulator);
        self.graph.update(&self.simulator);
        match self.observation.stage {
            Stage::Task => self.graph.show(&self.epoch),
            Stage::Mode => self.graph.show_elements(self.simulator.elements.len()),
        }
        self
    }

    /// Runs the policy to the end; gives the number of choices.
    pub fn run(&mut self, policy: &mut dyn Policy, stream: &mut Stream) -> u64 {
        let mut choices = 0;
        while self.observation.candidates.iter().any(|candidate| candidate.allowed) {
            let choice = policy.act(&self.observation, &mut Decision::new(self, stream));
            choices += 1;
            if self.act(choice).is_last() {
                break;
            }
        }
        choices
    }

    /// The instance.
    pub fn instance(&self) -> &Arc<SocInstance> {
        &self.simulator.instance
    }

    /// What the run was given.
    pub fn settings(&self) -> &Settings {
        &self.simulator.settings
    }

    /// The present instant.
    pub fn now(&self) -> Time {
        self.simulator.now
    }

    /// Joint decisions so far.
    pub fn decisions(&self) -> u64 {
        self.decisions
    }

    /// What the run came to so far.
    pub fn metrics(&self) -> Metrics {
        self.simulator.metrics()
    }

    /// Tasks that ended, in this order; empty unless the settings ask for a trace.
    pub fn trace(&self) -> &[TracedTask] {
        &self.simulator.trace
    }

    /// Mode of a kind on an element.
    fn mode(&self, kind: crate::KindId, element: ElementId) -> ModeId {
        ModeId::from_index(kind.index() * self.simulator.elements.len() + element.index())
    }

    /// Opens a decision epoch: all ready tasks are to be drawn.
    fn open(&mut self) {
        let simulator = &self.simulator;
        self.epoch.clear();
        self.stamps.clear();
        self.drawn.clear();
        if !simulator.is_over() {
            self.epoch.extend_from_slice(&simulator.ready);
            self.drawn.resize(self.epoch.len(), false);
            for &task in &self.epoch {
                let ids = simulator.elements.ids();
                self.stamps.extend(ids.map(|element| simulator.stamp_on(task, element)));
            }
            self.timelines.read(simulator);
        }
        self.left = self.epoch.len();
        self.graph.update(simulator);
        self.ask_task();
    }

    /// The element of the earliest end for a task of the epoch, with the start there.
    fn best(&self, position: usize) -> (ElementId, Time, Ticks) {
        let kind = &self.simulator.instance.kinds[self.simulator.tasks[self.epoch[position]].kind];
        let supported = kind.durations.iter().filter_map(|(id, duration)| Some((id, (*duration)?)));
        let ends = supported.map(|(element, duration)| {
            let start = self.start(position, element, duration);
            (start + duration, start, element, duration)
        });
        let (_, start, element, duration) = ends
            .min_by_key(|&(end, start, element, _)| (end, start, element))
            .expect("every kind is supported by an element");
        (element, start, duration)
    }

    fn start(&self, position: usize, element: ElementId, duration: Ticks) -> Time {
        let stamp = self.stamps[position * self.simulator.elements.len() + element.index()];
        self.timelines.start(element, self.simulator.now, stamp, duration)
    }

    /// Features that do not depend on the element.
    fn features(&self, task: TaskId) -> Features {
        let state = &self.simulator.tasks[task];
        let kind = &self.simulator.instance.kinds[state.kind];
        Features {
            eligible_since: state.ready_at,
            work_remaining: Ticks::new(kind.rank.round() as i64),
            tasks_remaining: kind.depth,
            weight: 1,
            release: self.simulator.job_of(task).injected,
            ..Features::default()
        }
    }

    fn show(&mut self, stage: Stage, allowed: usize, sum: Ticks, longest: Ticks) {
        debug_assert!(allowed > 0 || self.left == 0);
        self.observation.now = self.simulator.now;
        self.observation.stage = stage;
        self.observation.durations = Durations { sum, longest };
    }

    /// Shows the tasks that are left to draw.
    fn ask_task(&mut self) {
        let mut candidates = std::mem::take(&mut self.observation.candidates);
        candidates.clear();
        let (mut sum, mut longest) = (Ticks::ZERO, Ticks::ZERO);
        for (position, &task) in self.epoch.iter().enumerate() {
            let (element, start, duration) = self.best(position);
            let mode = self.mode(self.simulator.tasks[task].kind, element);
            let features = Features { duration, start, ..self.features(task) };
            sum += duration;
            longest = longest.max(duration);
            let allowed = !self.drawn[position];
            candidates.push(Candidate { task, mode, allowed, features });
        }
        self.observation.candidates = candidates;
        self.show(Stage::Task, self.left, sum, longest);
        self.graph.show(&self.epoch);
    }

    /// Shows the elements for the task that was drawn.
    fn ask_element(&mut self) {
        let task = self.epoch[self.chosen];
        let kind = self.simulator.tasks[task].kind;
        let common = self.features(task);
        let mut candidates = std::mem::take(&mut self.observation.candidates);
        candidates.clear();
        let (mut sum, mut longest) = (Ticks::ZERO, Ticks::ZERO);
        for element in self.simulator.elements.ids() {
            let supported = self.simulator.instance.kinds[kind].durations[element];
            let duration = supported.unwrap_or_default();
            let start = self.start(self.chosen, element, duration);
            let tasks_remaining = self.timelines.count(element);
            sum += duration;
            longest = longest.max(duration);
            candidates.push(Candidate {
                task,
                mode: self.mode(kind, element),
                allowed: supported.is_some(),
                features: Features { duration, start, tasks_remaining, ..common },
            });
        }
        if self.may_wait {
            let elements = self.simulator.elements.len();
            let mode = ModeId::from_index(self.simulator.instance.kinds.len() * elements);
            let start = self.simulator.next_time();
            let features = Features { start, duration: Ticks::MAX, ..common };
            candidates.push(Candidate { task, mode, allowed: true, features });
        }
        self.observation.candidates = candidates;
        self.graph.show_elements(self.simulator.elements.len());
        self.show(Stage::Mode, 1, sum, longest);
    }

    /// Takes the element at this position of the candidates, or none.
    fn take_element(&mut self, position: usize) -> Step {
        let task = self.epoch[self.chosen];
        if position < self.simulator.elements.len() {
            let element = ElementId::from_index(position);
            let features = self.observation.candidates[position].features;
            let key = self.simulator.key(task);
            let placed = self.timelines.place(element, features.start, features.duration, key);
            self.simulator.commit(task, element, placed);
            self.graph.update_task(&self.simulator, task);
        }
        self.drawn[self.chosen] = true;
        self.left -= 1;
        if self.left > 0 {
            self.ask_task();
            return Step { reward: smallvec![0.0, 0.0], ..Step::default() };
        }
        self.decisions += 1;
        self.simulator.proceed();
        self.open();
        let reward = self.rewards();
        Step { reward, terminated: false, truncated: self.simulator.is_over() }
    }

    /// What came of everything since the last joint decision.
    fn rewards(&mut self) -> smallvec::SmallVec<[f64; 2]> {
        let (completed, latencies) = self.simulator.completed();
        let now = (completed, latencies, self.simulator.job_time, self.simulator.now);
        let before = std::mem::replace(&mut self.counted, now);
        let first = match self.reward {
            Reward::Bonus => 50.0 * (now.0 - before.0) as f64 - 0.5,
            Reward::Duration => -((now.2 - before.2) as f64) / completed.max(1) as f64 / 10_000.0,
            Reward::Makespan => -((now.3 - before.3).get() as f64),
            Reward::Latency => -((now.1 - before.1) as f64),
        };
        let energy = self.simulator.energy();
        let spent = energy - std::mem::replace(&mut self.energy, energy);
        smallvec![first, -spent]
    }
}

impl World for SocWorld {
    fn observe(&self) -> &Observation {
        &self.observation
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        assert!(self.observation.candidate(choice).allowed, "a masked candidate was chosen");
        match self.observation.stage {
            Stage::Task => {
                self.chosen = choice.index();
                self.ask_element();
                Step { reward: smallvec![0.0, 0.0], ..Step::default() }
            }
            Stage::Mode => self.take_element(choice.index()),
        }
    }

    fn graph(&self) -> Option<&Graph> {
        Some(self.graph.graph())
    }

    fn fork(&self, seed: Seed) -> Option<Box<dyn World + '_>> {
        let mut copy = self.clone();
        copy.simulator.redraw(seed);
        // Whoever looks ahead asks for no trace.
        copy.simulator.settings.trace = false;
        copy.simulator.trace = Vec::new();
        Some(Box::new(copy))
    }

    fn residual(&self) -> Option<Problem> {
        crate::lower::residual(&self.simulator)
    }

    fn reward_names(&self) -> &'static [&'static str] {
        match self.reward {
            Reward::Bonus => &["bonus", "energy"],
            Reward::Duration => &["duration", "energy"],
            Reward::Makespan => &["makespan", "energy"],
            Reward::Latency => &["latency", "energy"],
        }
    }
}
