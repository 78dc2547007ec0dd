//! The world `project`: a project whose durations are known when they are over.
//!
//! Planned durations d_j are expectations; what a task really takes is drawn, and nobody sees it
//! before the task ends. Three schemes say what a decision is:
//!
//! * `resource`: whenever tasks can start, the policy starts one; it cannot wait. With a static
//!   rule this is a resource-based (priority) policy.
//! * `activity`: the policy says which task is next; it starts as soon as it can, and no other
//!   before it. With a static rule this is an activity-based policy (s_i ≤ s_j along the list).
//! * `earliest-start`: a schedule of planned durations is turned into precedences that leave no
//!   conflict about resources (its resource flow); tasks start as soon as these let them. The
//!   policy only breaks ties.
//!
//! O(tasks + links) per event, and O(candidates × resources) per decision.
//!
//! **Source:** Möhring, Radermacher, Weiss 1984 (classes of policies); Stork 2001 (activity-based);
//! Ashtiani, Leus, Aryanezhad 2011 (resource-based and distributions); Artigues, Michelon,
//! Reusser 2003 (resource flow).

use super::chance::{Chance, Spread};
use super::plan::{Plan, SUPPORTED};
use ordine_base::{Demand, Id, Seed, Ticks, Time};
use ordine_problem::{Problem, Status, TaskId};
use ordine_sim::{
    AboutWorld, Agenda, Better, Episode, EventLog, History, HistoryBar, Input, InputKind, Keep,
    Metric, Parameter, Phase, Priority, Scenario, Settings, SimulatedWorld, SimulationError,
    Streams,
};
use ordine_world::{Candidate, CandidateId, Features, Observation, Step, World};
use std::sync::Arc;

/// The world `project`.
#[derive(Clone, Copy, Debug)]
pub struct StochasticProject;

const PARAMETERS: [Parameter; 4] = [
    Parameter::new(
        "durations",
        "uniform-1",
        "uniform-1, uniform-2, exponential, beta-1, beta-2, or a distribution of the factor on \
         planned durations",
    ),
    Parameter::new(
        "scheme",
        "resource",
        "resource, activity or earliest-start: what a decision is",
    ),
    Parameter::new("ticks", "100", "ticks per unit of planned durations"),
    Parameter::new("work", "2000000", "work units of the plan behind `earliest-start`"),
];

const METRICS: [Metric; 3] = [
    Metric { name: "makespan [units]", better: Better::Lower },
    Metric { name: "makespan over longest path", better: Better::Lower },
    Metric { name: "resources busy [share]", better: Better::Neither },
];

/// What a decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Resource,
    Activity,
    EarliestStart,
}

impl SimulatedWorld for StochasticProject {
    fn about(&self) -> AboutWorld {
        AboutWorld {
            name: "project",
            summary: "a project with random durations; the policy says which task starts",
            source: "Möhring, Radermacher, Weiss 1984; Ashtiani, Leus, Aryanezhad 2011",
            input: InputKind::Problem,
            parameters: &PARAMETERS,
            policies: &["lft", "mts", "grpw", "spt", "random"],
        }
    }

    fn open(
        &self,
        input: Input<'_>,
        settings: &Settings,
    ) -> Result<Box<dyn Scenario>, SimulationError> {
        let Input::Problem(problem) = input else {
            let words = "world project: expected a project, found no problem: give a file";
            return Err(SimulationError::Input(words.to_owned()));
        };
        let unsupported = problem.unsupported(SUPPORTED);
        if !unsupported.is_empty() {
            return Err(SimulationError::Input(format!(
                "{}: expected a project of one mode with renewables and precedences, found {}",
                problem.name(),
                unsupported
            )));
        }
        let scheme = match settings.text("scheme") {
            "resource" => Scheme::Resource,
            "activity" => Scheme::Activity,
            "earliest-start" => Scheme::EarliestStart,
            other => {
                let expected = "resource, activity or earliest-start";
                return Err(SimulationError::parameter("scheme", other, expected));
            }
        };
        let ticks = settings
            .value("ticks", "a number from 1 to 100000", |it: &i64| (1..=100_000).contains(it))?;
        let work = settings.value("work", "a number of work units", |_: &u64| true)?;
        let spread: Spread = settings.text("durations").parse().map_err(|expected: String| {
            SimulationError::parameter("durations", settings.text("durations"), expected)
        })?;
        let mut plan = Plan::of(problem, ticks)?;
        if scheme == Scheme::EarliestStart {
            plan.add_resource_flow(work)?;
        }
        Ok(Box::new(ProjectScenario { plan: Arc::new(plan), spread, scheme }))
    }
}

#[derive(Debug)]
struct ProjectScenario {
    plan: Arc<Plan>,
    spread: Spread,
    scheme: Scheme,
}

impl Scenario for ProjectScenario {
    fn title(&self) -> String {
        let (name, spread) = (self.plan.problem.name(), &self.spread);
        let tasks = self.plan.tasks.len();
        let scheme = match self.scheme {
            Scheme::Resource => "resource",
            Scheme::Activity => "activity",
            Scheme::EarliestStart => "earliest-start",
        };
        format!("project {name}: {tasks} tasks, durations {spread}, scheme {scheme}")
    }

    fn metrics(&self) -> &[Metric] {
        &METRICS
    }

    fn start(&self, seed: Seed, keep: Keep) -> Box<dyn Episode + '_> {
        Box::new(ProjectRun::new(self, seed, keep))
    }
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// So many predecessors are not over.
    Waiting(u32),
    /// Precedences let it start since then.
    Eligible(Time),
    Running(Time),
    Over(Time, Time),
}

/// One run.
#[derive(Clone, Debug)]
struct ProjectRun {
    plan: Arc<Plan>,
    chance: Chance,
    scheme: Scheme,
    agenda: Agenda<TaskId>,
    states: Vec<State>,
    /// The task that was chosen to be next and cannot start yet.
    next: Option<TaskId>,
    /// Predecessors that are not chosen yet, for the scheme of activities.
    unchosen: Vec<u32>,
    free: Vec<Demand>,
    observation: Observation,
    rewarded: Time,
    /// Work times demand, by resource.
    used: Vec<i128>,
    log: EventLog,
    keeps_history: bool,
}

impl ProjectRun {
    fn new(scenario: &ProjectScenario, seed: Seed, keep: Keep) -> Self {
        let plan = scenario.plan.clone();
        let counts: Vec<u32> = plan.tasks.iter().map(|task| task.predecessors).collect();
        let state = |&count: &u32| match count {
            0 => State::Eligible(Time::ORIGIN),
            _ => State::Waiting(count),
        };
        let mut run = ProjectRun {
            chance: Chance::new(scenario.spread.clone(), &plan, Streams::new(seed)),
            scheme: scenario.scheme,
            agenda: Agenda::new(),
            states: counts.iter().map(state).collect(),
            next: None,
            unchosen: counts,
            free: plan.capacities.clone(),
            observation: Observation::default(),
            rewarded: Time::ORIGIN,
            used: vec![0; plan.capacities.len()],
            log: EventLog::kept(keep.events),
            keeps_history: keep.history,
            plan,
        };
        run.advance();
        run
    }

    /// Goes on until there is a choice, or to the end.
    fn advance(&mut self) {
        loop {
            if let Some(task) = self.next
                && self.can_start(task)
            {
                self.next = None;
                self.start(task);
                continue;
            }
            if self.next.is_none() {
                self.offer();
                match self.observation.candidates.len() {
                    0 => {}
                    1 => {
                        self.choose(0);
                        continue;
                    }
                    _ => return,
                }
            }
            match self.agenda.pop() {
                Some((now, task)) => self.end(now, task),
                None => return,
            }
        }
    }

    fn offer(&mut self) {
        let mut candidates = std::mem::take(&mut self.observation.candidates);
        candidates.clear();
        let now = self.agenda.now();
        for (place, data) in self.plan.tasks.iter().enumerate() {
            let task = TaskId::from_index(place);
            let since = match (self.scheme, self.states[place]) {
                (Scheme::Activity, State::Waiting(_)) if self.unchosen[place] == 0 => now,
                (Scheme::Activity, State::Eligible(since)) => since,
                (_, State::Eligible(since)) if self.can_start(task) => since,
                _ => continue,
            };
            let features = Features { eligible_since: since, start: now, ..data.features };
            candidates.push(Candidate { task, mode: data.mode, allowed: true, features });
        }
        self.observation.now = now;
        self.observation.durations.sum = candidates.iter().map(|it| it.features.duration).sum();
        let longest = candidates.iter().map(|it| it.features.duration).max();
        self.observation.durations.longest = longest.unwrap_or(Ticks::ZERO);
        self.observation.candidates = candidates;
    }

    fn choose(&mut self, place: usize) {
        let task = self.observation.candidates[place].task;
        for &after in &self.plan.tasks[task.index()].successors {
            self.unchosen[after] -= 1;
        }
        // Whoever was chosen is no candidate of another choice.
        self.unchosen[task.index()] = u32::MAX;
        self.next = Some(task);
        self.observation.candidates.clear();
    }

    fn can_start(&self, task: TaskId) -> bool {
        let is_eligible = matches!(self.states[task.index()], State::Eligible(_));
        let needs = &self.plan.tasks[task.index()].needs;
        is_eligible && needs.iter().all(|(resource, demand)| self.free[*resource] >= *demand)
    }

    fn start(&mut self, task: TaskId) {
        let (place, now) = (task.index(), self.agenda.now());
        for &(resource, demand) in &self.plan.tasks[place].needs {
            self.free[resource] -= demand;
        }
        self.states[place] = State::Running(now);
        self.log.note(now, format_args!("task {} starts", self.plan.tasks[place].name));
        let duration = self.chance.duration(place);
        self.agenda.schedule(now + duration, Priority::NORMAL, task);
    }

    fn end(&mut self, now: Time, task: TaskId) {
        let place = task.index();
        let State::Running(start) = self.states[place] else { return };
        self.states[place] = State::Over(start, now);
        self.log.note(now, format_args!("task {} ends", self.plan.tasks[place].name));
        for &(resource, demand) in &self.plan.tasks[place].needs {
            self.free[resource] += demand;
            self.used[resource] += i128::from((now - start).get()) * i128::from(demand.get());
        }
        for &after in &self.plan.tasks[place].successors {
            self.states[after] = match self.states[after] {
                State::Waiting(1) => State::Eligible(now),
                State::Waiting(count) => State::Waiting(count - 1),
                other => other,
            };
        }
    }

    fn units(&self, ticks: i64) -> f64 {
        ticks as f64 / self.plan.ticks as f64
    }
}

impl World for ProjectRun {
    fn observe(&self) -> &Observation {
        &self.observation
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        self.choose(choice.index());
        self.advance();
        let now = self.agenda.now();
        let passed = self.units((now - self.rewarded).get());
        self.rewarded = now;
        let terminated = self.observation.candidates.is_empty();
        Step { reward: [-passed].into_iter().collect(), terminated, truncated: false }
    }

    fn fork(&self, seed: Seed) -> Option<Box<dyn World + '_>> {
        let mut copy = ProjectRun { log: EventLog::off(), keeps_history: false, ..self.clone() };
        copy.chance = self.chance.anew(Streams::new(seed));
        // Ends of running tasks are under way, but nobody may know them.
        let now = self.agenda.now();
        let (states, chance) = (&self.states, &mut copy.chance);
        copy.agenda.redraw(|time, task| match states[task.index()] {
            State::Running(start) => now + chance.remaining(task.index(), now - start),
            _ => time,
        });
        Some(Box::new(copy))
    }

    fn residual(&self) -> Option<Problem> {
        let mut builder = self.plan.problem.to_builder();
        let now = self.agenda.now();
        builder.now(now);
        for (place, state) in self.states.iter().enumerate() {
            let status = match *state {
                State::Over(start, end) => Status::Done { mode: 0, start, end },
                State::Running(start) => {
                    let planned = self.plan.tasks[place].features.duration;
                    let remaining = (planned - (now - start)).max(Ticks::new(1));
                    Status::Running { mode: 0, start, remaining }
                }
                State::Waiting(_) | State::Eligible(_) => continue,
            };
            builder.edit_task(TaskId::from_index(place)).status = status;
        }
        builder.seal().ok()
    }

    fn reward_names(&self) -> &'static [&'static str] {
        &["minus makespan"]
    }
}

impl Episode for ProjectRun {
    fn values(&self) -> Result<Vec<f64>, SimulationError> {
        let broken = |words: String| Err(SimulationError::Broken(words));
        let over = |state: &State| match *state {
            State::Over(start, end) => Some((start, end)),
            _ => None,
        };
        let Some(bars) = self.states.iter().map(over).collect::<Option<Vec<_>>>() else {
            let left = self.states.iter().filter(|state| over(state).is_none()).count();
            return broken(format!("{left} tasks never ended"));
        };
        for (place, task) in self.plan.tasks.iter().enumerate() {
            if let Some(&after) = task.successors.iter().find(|&&it| bars[it].0 < bars[place].1) {
                let other = &self.plan.tasks[after].name;
                return broken(format!("task {other} starts before task {} ends", task.name));
            }
        }
        if let Some(resource) = self.plan.overused(&bars) {
            return broken(format!("more is used of resource {resource} than there is"));
        }
        let makespan = bars.iter().map(|bar| bar.1).max().unwrap_or(Time::ORIGIN).get();
        let path = self.plan.longest_path(|place| bars[place].1 - bars[place].0).get();
        let shares = self.used.iter().zip(&self.plan.capacities).map(|(used, capacity)| {
            *used as f64 / (makespan as f64 * capacity.get() as f64).max(1.0)
        });
        let busy = shares.sum::<f64>() / self.used.len().max(1) as f64;
        let ratio = if path > 0 { makespan as f64 / path as f64 } else { 1.0 };
        Ok(vec![self.units(makespan), ratio, busy])
    }

    fn log(&self) -> Option<&EventLog> {
        self.log.is_on().then_some(&self.log)
    }

    fn history(&self) -> Option<History> {
        if !self.keeps_history {
            return None;
        }
        let mut bars = Vec::new();
        for (place, state) in self.states.iter().enumerate() {
            let State::Over(start, end) = *state else { continue };
            let task = &self.plan.tasks[place];
            for &(lane, _) in &task.needs {
                let (group, label) = (Some(place), task.name.clone());
                bars.push(HistoryBar { lane, start, end, phase: Phase::Work, group, label });
            }
        }
        let lanes = self.plan.resources.clone();
        let groups = self.plan.tasks.iter().map(|task| format!("task {}", task.name)).collect();
        Some(History { lanes, groups, bars })
    }
}
