//! Schedule generation as a world: a rule or policy chooses task by task.
//!
//! *Serial*: any eligible task may be chosen; it starts as early as possible (active schedules).
//! *Parallel*: time moves on; only tasks that can start now may be chosen (non-delay schedules).
//! A task with several modes is decided in two stages, task and then mode. Consumables are kept by
//! a mode assignment for the tasks to come: a mode is offered only while that assignment holds.
//! O(choices × candidates) plus O(log n) per placement.
//!
//! **Source:** Kolisch 1996 (serial and parallel methods); Giffler, Thompson 1960.

use crate::{CriticalPath, Direction, ModeAssignment, PartialSchedule};
use ordine_base::{Id, IdVec, Seed, Stream, Ticks, Time};
use ordine_problem::{Feature, ModeId, Problem, ResourceId, Schedule, TaskId};
use ordine_world::{
    Candidate, CandidateId, Extras, Features, Observation, Policy, Stage, Step, World, run,
};

/// Which tasks are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Every eligible task, started as early as possible.
    #[default]
    Serial,
    /// Only tasks that can start at the current instant.
    Parallel,
}

/// A schedule under construction that asks for its next task.
#[derive(Clone, Debug)]
pub struct Generation<'a> {
    partial: PartialSchedule<'a>,
    path: CriticalPath,
    scheme: Scheme,
    assignment: ModeAssignment,
    waiting: IdVec<TaskId, u32>,
    observation: Observation,
    /// Tasks on offer, kept aside while a mode is chosen.
    tasks_aside: Vec<Candidate>,
    chosen: Option<CandidateId>,
    placed: usize,
    extras: Extras,
    /// By task, how many can only start later; empty unless a rule asks.
    successors: IdVec<TaskId, u32>,
    /// By machine, the last task on it and its end; empty where setups do not count.
    last_on_machine: IdVec<ResourceId, Option<(TaskId, Time)>>,
}

impl<'a> Generation<'a> {
    /// Starts with nothing placed. `assignment` says which modes keep the consumables.
    pub fn new(
        problem: &'a Problem,
        scheme: Scheme,
        direction: Direction,
        assignment: ModeAssignment,
    ) -> Self {
        Generation::with_extras(problem, scheme, direction, assignment, Extras::NONE)
    }

    /// The same, with the features that a rule asks for besides. The parallel scheme forward keeps
    /// setups: a task is offered when its machine has done what it was given, and starts when its
    /// setup is over.
    pub fn with_extras(
        problem: &'a Problem,
        scheme: Scheme,
        direction: Direction,
        assignment: ModeAssignment,
        extras: Extras,
    ) -> Self {
        let setups = scheme == Scheme::Parallel
            && direction == Direction::Forward
            && problem.features().has(Feature::Setups);
        let machines = if setups { problem.resources().len() } else { 0 };
        let count = |task| direction.earlier(problem, task).len() as u32;
        let mut generation = Generation {
            partial: PartialSchedule::new(problem, direction),
            path: CriticalPath::new(problem, direction),
            scheme,
            assignment,
            waiting: problem.tasks().map(count).collect(),
            observation: Observation::default(),
            tasks_aside: Vec::new(),
            chosen: None,
            placed: 0,
            extras,
            successors: if extras.successors {
                successors(problem, direction)
            } else {
                IdVec::new()
            },
            last_on_machine: IdVec::filled(machines, None),
        };
        if setups {
            generation.observation.setup_mean = setup_mean(problem);
        }
        let first = problem.tasks().filter(|&task| generation.waiting[task] == 0);
        let first: Vec<TaskId> = first.collect();
        first.into_iter().for_each(|task| generation.offer(task));
        generation.find_epoch();
        generation
    }

    /// The schedule so far, in real time.
    pub fn to_schedule(&self) -> Schedule {
        self.partial.to_schedule()
    }

    fn problem(&self) -> &'a Problem {
        self.partial.problem()
    }

    /// Puts an eligible task on the list.
    fn offer(&mut self, task: TaskId) {
        let problem = self.problem();
        let shortest = problem
            .usable_modes(task)
            .iter()
            .copied()
            .min_by_key(|&mode| (problem.mode(mode).duration, mode));
        let mode = shortest.expect("every task of a sealed problem has a usable mode");
        let mut ready = Time::MAX;
        for &mode in problem.usable_modes(task) {
            ready = ready.min(self.partial.earliest_by_precedence(task, mode));
        }
        let mut candidate = Candidate { task, mode, allowed: true, features: self.features(task) };
        candidate.features.duration = problem.mode(mode).duration;
        (candidate.features.eligible_since, candidate.features.start) = (ready, ready);
        if self.scheme == Scheme::Parallel {
            candidate.features.start = self.earliest_start(task);
            candidate.allowed = candidate.features.start == self.observation.now;
            candidate.features.setup = self.setup(task, mode);
        }
        candidate.features.worst_start = candidate.features.start;
        self.observation.candidates.push(candidate);
        let durations = &mut self.observation.durations;
        durations.sum += candidate.features.duration;
        durations.longest = durations.longest.max(candidate.features.duration);
    }

    /// Setup of the machines of a mode, after what they did last.
    fn setup(&self, task: TaskId, mode: ModeId) -> Ticks {
        let problem = self.problem();
        // What takes no time needs no setup and undoes none.
        if self.last_on_machine.is_empty() || problem.mode(mode).duration == Ticks::ZERO {
            return Ticks::ZERO;
        }
        let setup = |machine: ResourceId| {
            let from = match self.last_on_machine[machine] {
                Some((last, _)) => problem.task(last).family,
                None => problem.resource(machine).initial_family,
            };
            problem.setup_between(machine, from, task).0
        };
        let setups = problem.requirements(mode).iter().map(|need| setup(need.resource));
        setups.fold(Ticks::ZERO, Ticks::max)
    }

    /// When the machines of a mode have done what they were given, where setups count.
    fn machines_free(&self, mode: ModeId) -> Time {
        if self.last_on_machine.is_empty() || self.problem().mode(mode).duration == Ticks::ZERO {
            return Time::ORIGIN;
        }
        let end = |machine: ResourceId| self.last_on_machine[machine].map(|(_, end)| end);
        let needs = self.problem().requirements(mode).iter();
        needs.filter_map(|need| end(need.resource)).fold(Time::ORIGIN, Time::max)
    }

    /// Parallel: when a task that is chosen now starts, its setup done.
    fn start_now(&self, task: TaskId, mode: ModeId) -> Time {
        let now = self.observation.now;
        match self.last_on_machine.is_empty() {
            true => now,
            false => self.partial.earliest_by_resource(mode, now.max(self.set_up(task, mode))),
        }
    }

    /// When the machines of a mode are set up for a task.
    fn set_up(&self, task: TaskId, mode: ModeId) -> Time {
        let problem = self.problem();
        if self.last_on_machine.is_empty() || problem.mode(mode).duration == Ticks::ZERO {
            return Time::ORIGIN;
        }
        let ready = |machine: ResourceId| match self.last_on_machine[machine] {
            Some((last, end)) => end + problem.setup_time(machine, last, task),
            None => {
                let family = problem.resource(machine).initial_family;
                Time::ORIGIN + problem.setup_between(machine, family, task).0
            }
        };
        let needs = problem.requirements(mode).iter();
        needs.map(|need| ready(need.resource)).fold(Time::ORIGIN, Time::max)
    }

    /// The features that do not depend on what is placed.
    fn features(&self, task: TaskId) -> Features {
        let problem = self.problem();
        let direction = self.partial.direction();
        let job = problem.task(task).job.map(|job| problem.job(job));
        let duration = problem.duration_min(task);
        let later = direction.later(problem, task).iter();
        let followers: Ticks = later.map(|link| problem.duration_min(link.task)).sum();
        let latest_start = self.path.latest_starts[task];
        Features {
            duration,
            eligible_since: Time::ORIGIN,
            start: Time::ORIGIN,
            latest_start,
            latest_end: latest_start + duration,
            work_remaining: self.path.tails[task],
            tasks_remaining: self.path.tasks_after[task],
            positional_weight: duration + followers,
            weight: job.map_or(1, |job| job.weight),
            release: problem.release(task),
            due: job.and_then(|job| job.due),
            successors: self.successors.get(task).copied().unwrap_or(0),
            ..Features::default()
        }
    }

    fn starts_now(&self, task: TaskId, mode: ModeId) -> bool {
        let now = self.observation.now;
        self.assignment.permits(self.problem(), task, mode)
            && self.partial.earliest_by_precedence(task, mode) <= now
            && self.machines_free(mode) <= now
            && self.partial.earliest_by_resource(mode, now) == now
    }

    /// Parallel: earliest start from now on, over all permitted modes.
    fn earliest_start(&self, task: TaskId) -> Time {
        let usable = self.problem().usable_modes(task).iter();
        let permitted = usable.filter(|&&mode| self.assignment.permits(self.problem(), task, mode));
        let starts = permitted.map(|&mode| {
            let ready = self.partial.earliest_by_precedence(task, mode);
            let ready = ready.max(self.machines_free(mode)).max(self.observation.now);
            self.partial.earliest_by_resource(mode, ready)
        });
        starts.min().expect("the assigned mode is always permitted")
    }

    /// Parallel: masks what cannot start now, moving time on until something can.
    fn find_epoch(&mut self) {
        if self.scheme == Scheme::Parallel {
            self.wait_for_candidate();
        }
        if self.extras.conflicts {
            self.find_conflicts();
        }
    }

    /// Lets time pass until something can start.
    fn wait_for_candidate(&mut self) {
        while !self.observation.candidates.iter().any(|candidate| candidate.allowed) {
            let starts =
                self.observation.candidates.iter().map(|candidate| candidate.features.start);
            let Some(next) = starts.min() else { return };
            self.observation.now = next;
            self.mask();
        }
    }

    /// Parallel: sees anew what can start now. Usage only grows while time stands or moves on, so
    /// an earliest start that lies ahead stays true, unless a mode becomes permitted meanwhile, or
    /// a machine is set up by another task.
    fn mask(&mut self) {
        let now = self.observation.now;
        let lasting = !self.assignment.is_limited() && self.last_on_machine.is_empty();
        let mut candidates = std::mem::take(&mut self.observation.candidates);
        for candidate in &mut candidates {
            if lasting && candidate.features.start > now {
                continue;
            }
            candidate.features.start = self.earliest_start(candidate.task);
            candidate.allowed = candidate.features.start == now;
        }
        self.observation.candidates = candidates;
    }

    /// For each candidate, its earliest start when the worst of the others goes first.
    fn find_conflicts(&mut self) {
        let mut candidates = std::mem::take(&mut self.observation.candidates);
        let now = self.observation.now;
        let ready = |candidate: &Candidate| match self.scheme {
            Scheme::Serial => candidate.features.eligible_since,
            Scheme::Parallel => candidate.features.eligible_since.max(now),
        };
        for candidate in &mut candidates {
            candidate.features.worst_start = candidate.features.start;
        }
        for first in 0..candidates.len() {
            let one = candidates[first];
            if !one.allowed {
                continue;
            }
            let start = self.partial.earliest_by_resource(one.mode, ready(&one));
            self.partial.reserve(one.mode, start);
            for other in candidates.iter_mut().filter(|it| it.allowed && it.task != one.task) {
                let later = self.partial.earliest_by_resource(other.mode, ready(other));
                other.features.worst_start = other.features.worst_start.max(later);
            }
            self.partial.release(one.mode, start);
        }
        self.observation.candidates = candidates;
    }

    fn choose_task(&mut self, choice: CandidateId) {
        let task = self.observation.candidate(choice).task;
        let problem = self.problem();
        let offered = |mode: &ModeId| match self.scheme {
            Scheme::Serial => self.assignment.permits(problem, task, *mode),
            Scheme::Parallel => self.starts_now(task, *mode),
        };
        let mut modes = problem.usable_modes(task).iter().copied().filter(offered);
        let first = modes.next().expect("an allowed task has a mode: at least the assigned one");
        if modes.next().is_none() {
            return self.place(choice, first);
        }
        let template = *self.observation.candidate(choice);
        let modes: Vec<ModeId> = problem.usable_modes(task).to_vec();
        let candidate = |mode: ModeId| {
            let mut candidate = Candidate { mode, ..template };
            candidate.allowed = offered(&mode);
            candidate.features.duration = problem.mode(mode).duration;
            candidate.features.start = match self.scheme {
                Scheme::Serial => self.partial.earliest(task, mode),
                Scheme::Parallel => self.start_now(task, mode),
            };
            candidate
        };
        let offered: Vec<Candidate> = modes.into_iter().map(candidate).collect();
        self.tasks_aside = std::mem::replace(&mut self.observation.candidates, offered);
        self.observation.stage = Stage::Mode;
        self.chosen = Some(choice);
    }

    fn choose_mode(&mut self, choice: CandidateId) {
        let mode = self.observation.candidate(choice).mode;
        self.observation.candidates = std::mem::take(&mut self.tasks_aside);
        self.observation.stage = Stage::Task;
        let task = self.chosen.take().expect("a mode is chosen after its task");
        self.place(task, mode);
    }

    fn place(&mut self, choice: CandidateId, mode: ModeId) {
        let problem = self.problem();
        let gone = self.observation.candidates.swap_remove(choice.index());
        let task = gone.task;
        self.forget_duration(gone.features.duration);
        let start = match self.scheme {
            Scheme::Serial => self.partial.earliest(task, mode),
            Scheme::Parallel => self.start_now(task, mode),
        };
        self.assignment.switch(problem, task, mode);
        self.partial.place(task, mode, start);
        self.placed += 1;
        self.note_on_machines(task, mode, start + problem.mode(mode).duration);
        if self.scheme == Scheme::Parallel {
            self.mask();
        }
        for link in self.partial.direction().later(problem, task) {
            self.waiting[link.task] -= 1;
            if self.waiting[link.task] == 0 {
                self.offer(link.task);
            }
        }
        self.find_epoch();
    }
}

impl Generation<'_> {
    /// Takes a duration out of those of all candidates.
    fn forget_duration(&mut self, duration: Ticks) {
        let durations = &mut self.observation.durations;
        durations.sum -= duration;
        if duration == durations.longest {
            let left = self.observation.candidates.iter().map(|it| it.features.duration);
            durations.longest = left.fold(Ticks::ZERO, Ticks::max);
        }
    }

    /// Remembers what its machines did last, and what setups the others need now.
    fn note_on_machines(&mut self, task: TaskId, mode: ModeId, end: Time) {
        if self.last_on_machine.is_empty() || self.problem().mode(mode).duration == Ticks::ZERO {
            return;
        }
        for need in self.problem().requirements(mode) {
            self.last_on_machine[need.resource] = Some((task, end));
        }
        let mut candidates = std::mem::take(&mut self.observation.candidates);
        for candidate in &mut candidates {
            candidate.features.setup = self.setup(candidate.task, candidate.mode);
        }
        self.observation.candidates = candidates;
    }
}

/// By task, how many tasks can only start later: 64 of them at a time. O(tasks × links / 64).
fn successors(problem: &Problem, direction: Direction) -> IdVec<TaskId, u32> {
    let count = problem.tasks().len();
    let mut order = problem.topological_order().to_vec();
    if direction == Direction::Forward {
        order.reverse();
    }
    let mut counts = IdVec::filled(count, 0);
    let mut reached: IdVec<TaskId, u64> = IdVec::filled(count, 0);
    for block in 0..count.div_ceil(64) {
        for &task in &order {
            let links = direction.later(problem, task).iter();
            let of_link = |link: &ordine_problem::Link| {
                let index = link.task.index();
                let own = if index / 64 == block { 1 << (index % 64) } else { 0 };
                own | reached[link.task]
            };
            let set = links.map(of_link).fold(0, |left, right| left | right);
            reached[task] = set;
            counts[task] += set.count_ones();
        }
    }
    counts
}

/// Mean of all setups between families.
fn setup_mean(problem: &Problem) -> f64 {
    let times = problem.setups().values().flat_map(|setup| &setup.times);
    let (mut sum, mut count) = (0.0, 0.0);
    for &time in times {
        (sum, count) = (sum + time.get() as f64, count + 1.0);
    }
    sum / f64::max(count, 1.0)
}

impl World for Generation<'_> {
    fn observe(&self) -> &Observation {
        &self.observation
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        assert!(self.observation.candidate(choice).allowed, "a masked candidate was chosen");
        match self.observation.stage {
            Stage::Task => self.choose_task(choice),
            Stage::Mode => self.choose_mode(choice),
        }
        let terminated = self.placed == self.problem().tasks().len();
        Step { terminated, ..Step::default() }
    }

    fn fork(&self, _seed: Seed) -> Option<Box<dyn World + '_>> {
        // Construction draws nothing at random: a copy has no future to hide.
        Some(Box::new(self.clone()))
    }
}

/// Builds a schedule with a policy; gives it with the number of choices made, or `None` when
/// `should_stop` said so on the way.
///
/// Deadlines are aimed at, not guaranteed: the judge decides. Everything else is respected.
pub fn generate(
    mut generation: Generation<'_>,
    policy: &mut dyn Policy,
    stream: &mut Stream,
    should_stop: &mut dyn FnMut(&Observation) -> bool,
) -> Option<(Schedule, u64)> {
    let choices = run(&mut generation, policy, stream, should_stop)?;
    assert_eq!(
        generation.placed,
        generation.problem().tasks().len(),
        "generation places every task"
    );
    Some((generation.to_schedule(), choices))
}
