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
use ordine_problem::{ModeId, Problem, Schedule, TaskId};
use ordine_world::{
    Candidate, CandidateId, Features, Observation, Policy, Stage, Step, World, run,
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
}

impl<'a> Generation<'a> {
    /// Starts with nothing placed. `assignment` says which modes keep the consumables.
    pub fn new(
        problem: &'a Problem,
        scheme: Scheme,
        direction: Direction,
        assignment: ModeAssignment,
    ) -> Self {
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
        };
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
        }
        self.observation.candidates.push(candidate);
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
        }
    }

    fn starts_now(&self, task: TaskId, mode: ModeId) -> bool {
        let now = self.observation.now;
        self.assignment.permits(self.problem(), task, mode)
            && self.partial.earliest_by_precedence(task, mode) <= now
            && self.partial.earliest_by_resource(mode, now) == now
    }

    /// Parallel: earliest start from now on, over all permitted modes.
    fn earliest_start(&self, task: TaskId) -> Time {
        let usable = self.problem().usable_modes(task).iter();
        let permitted = usable.filter(|&&mode| self.assignment.permits(self.problem(), task, mode));
        let starts = permitted.map(|&mode| {
            let ready = self.partial.earliest_by_precedence(task, mode);
            self.partial.earliest_by_resource(mode, ready.max(self.observation.now))
        });
        starts.min().expect("the assigned mode is always permitted")
    }

    /// Parallel: masks what cannot start now, moving time on until something can.
    fn find_epoch(&mut self) {
        if self.scheme == Scheme::Serial {
            return;
        }
        while !self.observation.candidates.iter().any(|candidate| candidate.allowed) {
            let starts =
                self.observation.candidates.iter().map(|candidate| candidate.features.start);
            let Some(next) = starts.min() else { return };
            self.observation.now = next;
            self.mask();
        }
    }

    /// Parallel: sees anew what can start now. Usage only grows while time stands or moves on, so
    /// an earliest start that lies ahead stays true, unless a mode becomes permitted meanwhile.
    fn mask(&mut self) {
        let now = self.observation.now;
        let lasting = !self.assignment.is_limited();
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
                Scheme::Parallel => self.observation.now,
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
        let task = self.observation.candidates.swap_remove(choice.index()).task;
        let start = match self.scheme {
            Scheme::Serial => self.partial.earliest(task, mode),
            Scheme::Parallel => self.observation.now,
        };
        self.assignment.switch(problem, task, mode);
        self.partial.place(task, mode, start);
        self.placed += 1;
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
