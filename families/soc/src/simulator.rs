//! The chip while it runs: jobs arrive, tasks wait for data and for their element, run and end.
//!
//! A task is outstanding until its predecessors are done, then ready, committed to an element with
//! a *stamp* (when its data are there), running, done. With data from element to element the stamp
//! is max over predecessors of end + floor(v / b); it starts when the stamp has passed, the element
//! has a free slot, and the task that it was put behind is done. At one instant tasks end first,
//! then jobs arrive, then decisions are made, then tasks start. A job that finds the system full
//! enters when a place is free. The published simulator does all this at every microsecond; events
//! give the same run in O(events × tasks waiting for an element).
//!
//! Differences from the source: what becomes ready at one instant is ordered by job and task; a
//! slowed task ends at the first whole microsecond at which its work is done.
//!
//! **Source:** Sung et al. 2020, section 2 of its simulator; Arda et al. 2020 (DS3).

mod heat;
mod jobs;

use crate::power::{self, HotSpots};
use crate::{Communication, ElementId, KindId, ProfileId, Settings, SocError, SocInstance};
use ordine_base::{Id, IdVec, Seed, Stream, Ticks, Time};
use ordine_problem::TaskId;
use ordine_sim::{Agenda, EventId, Priority};
use std::sync::Arc;

/// What happens; the priorities order what happens at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    End(TaskId),
    InMemory(TaskId),
    Arrive,
    Data,
    Sample,
    Heat,
}

impl Event {
    const fn priority(self) -> Priority {
        Priority::new(match self {
            Event::End(_) => -32,
            Event::InMemory(_) => -16,
            Event::Arrive => 0,
            Event::Data => 16,
            Event::Sample => 32,
            Event::Heat => 48,
        })
    }
}

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Absent,
    Outstanding,
    Ready,
    Committed,
    Running,
    Done,
}

/// A task of a job that is or was in the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskKey {
    pub(crate) id: TaskId,
    pub(crate) job: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct TaskState {
    pub(crate) phase: Phase,
    pub(crate) kind: KindId,
    pub(crate) missing: u32,
    pub(crate) element: ElementId,
    pub(crate) ready_at: Time,
    pub(crate) stamp: Time,
    pub(crate) start: Time,
    pub(crate) end: Time,
    behind: Option<TaskKey>,
    /// Factor of its durations.
    factor: f64,
    /// Work that was left at `since`, in microseconds times MHz.
    work: i64,
    since: Time,
    event: Option<EventId>,
}

/// A place for a job in the system.
#[derive(Clone, Debug)]
pub(crate) struct JobState {
    pub(crate) number: u64,
    pub(crate) profile: ProfileId,
    pub(crate) injected: Time,
    /// Tasks that are not done; 0 for an empty place.
    pub(crate) left: u32,
    pub(crate) started: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ElementState {
    pub(crate) running: Vec<TaskId>,
    point: usize,
    spots: HotSpots,
    busy_sampled: i64,
    account: Account,
}

/// Energy in microjoules and busy time of an element, up to a time.
#[derive(Clone, Copy, Debug, Default)]
struct Account {
    since: Time,
    busy: i64,
    energy: f64,
    energy_heated: f64,
    idle_energy: f64,
}

/// What a run came to so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Jobs that entered.
    pub injected: u64,
    /// Jobs that ended after the warm-up.
    pub completed: u64,
    /// Jobs that ended before it.
    pub warmed: u64,
    /// Jobs that are in the system.
    pub in_system: u64,
    /// Sum of the times that completed jobs spent in the system, in microseconds.
    pub latency_sum: i64,
    /// Energy of running tasks, in microjoules.
    pub energy: f64,
    /// Leakage of idle elements, in microjoules.
    pub idle_energy: f64,
    /// Share of the time so far that slots were busy, per element.
    pub utilization: Vec<f64>,
    /// Highest temperature of a hot spot at the end, in degrees Celsius.
    pub hottest: f64,
}

impl Metrics {
    /// Mean time in the system of completed jobs, in microseconds; 0 when none is.
    pub fn latency(&self) -> f64 {
        self.latency_sum as f64 / self.completed.max(1) as f64
    }

    /// Energy times the sum of latencies, in joule seconds times 10^12.
    pub fn energy_delay(&self) -> f64 {
        self.energy * self.latency_sum as f64
    }
}

/// A task that ended, for a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracedTask {
    /// Number of its job, by arrival from 0.
    pub job: u64,
    /// When its job entered.
    pub injected: Time,
    /// Its kind.
    pub kind: KindId,
    /// Where it ran.
    pub element: ElementId,
    /// When its predecessors were done.
    pub ready: Time,
    /// When its data were there.
    pub stamp: Time,
    /// When it started.
    pub start: Time,
    /// When it ended.
    pub end: Time,
}

#[derive(Clone, Debug)]
pub(crate) struct Simulator {
    pub(crate) instance: Arc<SocInstance>,
    pub(crate) settings: Settings,
    agenda: Agenda<Event>,
    pub(crate) now: Time,
    /// Tasks per place of a job.
    pub(crate) stride: usize,
    pub(crate) tasks: IdVec<TaskId, TaskState>,
    pub(crate) jobs: Vec<JobState>,
    pub(crate) ready: Vec<TaskId>,
    pub(crate) committed: Vec<TaskId>,
    pub(crate) elements: IdVec<ElementId, ElementState>,
    arrivals: Stream,
    profiles: Stream,
    durations: Stream,
    /// Whether a job waits for a place.
    is_pressing: bool,
    injected: u64,
    completed: u64,
    warmed: u64,
    latency_sum: i64,
    /// Sum over jobs of their time in the system so far.
    pub(crate) job_time: i64,
    pub(crate) trace: Vec<TracedTask>,
}

impl Simulator {
    pub(crate) fn new(
        instance: Arc<SocInstance>,
        settings: Settings,
        seed: Seed,
    ) -> Result<Self, SocError> {
        settings.validate()?;
        if settings.communication == Communication::SharedMemory
            && instance.platform.memory.is_none()
        {
            return Err(SocError::Nothing { what: "memory in a platform with shared memory" });
        }
        let stride = instance.tasks_most();
        let absent = TaskState::absent();
        let place = JobState {
            number: 0,
            profile: ProfileId::from_index(0),
            injected: Time::ORIGIN,
            left: 0,
            started: false,
        };
        let elements = instance.platform.elements.values();
        let elements = elements.map(|element| ElementState::at(element.governor, &element.points));
        let mut simulator = Simulator {
            agenda: Agenda::new(),
            now: Time::ORIGIN,
            stride,
            tasks: IdVec::filled(stride * settings.jobs_most, absent),
            jobs: vec![place; settings.jobs_most],
            ready: Vec::new(),
            committed: Vec::new(),
            elements: elements.collect(),
            arrivals: seed.stream("arrivals"),
            profiles: seed.stream("profiles"),
            durations: seed.stream("durations"),
            is_pressing: false,
            injected: 0,
            completed: 0,
            warmed: 0,
            latency_sum: 0,
            job_time: 0,
            trace: Vec::new(),
            instance,
            settings,
        };
        simulator.begin();
        Ok(simulator)
    }

    fn begin(&mut self) {
        let first = if self.settings.begins_full { self.jobs.len() } else { 1 };
        for _ in 0..first {
            self.inject();
        }
        self.draw_arrival();
        if self.samples() {
            self.plan(self.now + self.settings.sampling_period, Event::Sample);
        }
        self.plan(self.now + self.settings.heat_period, Event::Heat);
        self.sort_ready(0);
    }

    fn plan(&mut self, time: Time, event: Event) -> EventId {
        self.agenda.schedule(time, event.priority(), event)
    }

    /// Whether the run is over.
    pub(crate) fn is_over(&self) -> bool {
        self.now >= self.settings.horizon
    }

    /// Starts what can start, and goes on to the next instant at which something is ready.
    pub(crate) fn proceed(&mut self) {
        loop {
            self.start_tasks();
            let next = self.agenda.next_time().unwrap_or(self.settings.horizon);
            self.pass(next.min(self.settings.horizon));
            if self.is_over() {
                return;
            }
            let waiting = self.ready.len();
            while self.agenda.next_time() == Some(next) {
                let Some((_, event)) = self.agenda.pop() else { break };
                self.handle(event);
            }
            self.sort_ready(waiting);
            if !self.ready.is_empty() {
                return;
            }
        }
    }

    fn pass(&mut self, to: Time) {
        let active = self.jobs.iter().filter(|job| job.left > 0).count() as i64;
        self.job_time += active * (to - self.now).get();
        self.now = to;
    }

    /// Jobs that ended after the warm-up, and the sum of their latencies.
    pub(crate) fn completed(&self) -> (u64, i64) {
        (self.completed, self.latency_sum)
    }

    /// Energy of running tasks so far, in microjoules.
    pub(crate) fn energy(&self) -> f64 {
        self.elements.ids().map(|id| self.settled(id).energy).sum()
    }

    /// When the next event comes; the horizon when none does.
    pub(crate) fn next_time(&self) -> Time {
        let times = self.agenda.pending().map(|(time, _)| time);
        times.min().unwrap_or(self.settings.horizon).min(self.settings.horizon)
    }

    fn sort_ready(&mut self, from: usize) {
        let (jobs, stride) = (&self.jobs, self.stride);
        let key = |id: &TaskId| (jobs[id.index() / stride].number, id.index() % stride);
        self.ready[from..].sort_unstable_by_key(key);
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::End(task) => self.end(task),
            Event::InMemory(task) => self.make_ready(task),
            Event::Arrive => self.arrive(),
            Event::Data => {}
            Event::Sample => self.sample(),
            Event::Heat => self.heat(),
        }
    }

    /// The place of the job of a task.
    pub(crate) fn job_of(&self, task: TaskId) -> &JobState {
        &self.jobs[task.index() / self.stride]
    }

    pub(crate) fn sibling(&self, task: TaskId, position: usize) -> TaskId {
        TaskId::from_index(task.index() / self.stride * self.stride + position)
    }

    /// When the data of those predecessors that are done would be on `element`; not before now.
    pub(crate) fn stamp_on(&self, task: TaskId, element: ElementId) -> Time {
        let state = &self.tasks[task];
        let platform = &self.instance.platform;
        let mut stamp = self.now;
        for &(before, volume) in &self.instance.kinds[state.kind].before {
            let from = &self.tasks[self.sibling(task, before)];
            if from.phase != Phase::Done {
                continue;
            }
            let there = match self.settings.communication {
                Communication::Direct => {
                    from.end + platform.transfer(volume, from.element, element)
                }
                Communication::SharedMemory => self.now + platform.transfer_memory(volume, element),
            };
            stamp = stamp.max(there);
        }
        stamp
    }

    /// Puts a ready task on an element, behind another one if that is given.
    pub(crate) fn commit(&mut self, task: TaskId, element: ElementId, behind: Option<TaskKey>) {
        let stamp = self.stamp_on(task, element);
        let state = &mut self.tasks[task];
        assert_eq!(state.phase, Phase::Ready, "only ready tasks are committed");
        let supports = self.instance.kinds[state.kind].durations[element].is_some();
        assert!(supports, "a task is committed to an element that supports it");
        (state.phase, state.element, state.stamp) = (Phase::Committed, element, stamp);
        state.behind = behind;
        self.committed.push(task);
        if stamp > self.now {
            self.plan(stamp, Event::Data);
        }
        let place = self.ready.iter().position(|&other| other == task);
        self.ready.remove(place.expect("a ready task is in the list of ready tasks"));
    }

    pub(crate) fn key(&self, id: TaskId) -> TaskKey {
        TaskKey { id, job: self.job_of(id).number }
    }

    /// Whether a task is done, even when its place was taken over since.
    fn is_done(&self, key: TaskKey) -> bool {
        let job = self.job_of(key.id);
        job.left == 0 || job.number != key.job || self.tasks[key.id].phase == Phase::Done
    }

    fn start_tasks(&mut self) {
        let mut kept = 0;
        for place in 0..self.committed.len() {
            let task = self.committed[place];
            let state = &self.tasks[task];
            let element = &self.elements[state.element];
            let capacity = self.instance.platform.elements[state.element].capacity;
            let starts = state.stamp <= self.now
                && element.running.len() < capacity
                && state.behind.is_none_or(|key| self.is_done(key));
            if starts {
                self.start(task);
            } else {
                self.committed[kept] = task;
                kept += 1;
            }
        }
        self.committed.truncate(kept);
    }

    fn start(&mut self, task: TaskId) {
        let (now, element) = (self.now, self.tasks[task].element);
        self.settle(element);
        let duration = self.actual_duration(task);
        let rate = self.rate_most(element);
        let place = task.index() / self.stride;
        self.jobs[place].started = true;
        let state = &mut self.tasks[task];
        (state.phase, state.start, state.since) = (Phase::Running, now, now);
        state.work = duration.get() * rate;
        self.elements[element].running.push(task);
        self.plan_end(task);
    }

    /// Duration at the highest frequency, drawn with its job.
    fn actual_duration(&self, task: TaskId) -> Ticks {
        let nominal = self.nominal(task);
        match self.settings.deviation > 0.0 {
            true => {
                let drawn = (nominal.get() as f64 * self.tasks[task].factor).round();
                Ticks::new((drawn as i64).clamp(1, 2 * crate::DURATION_MAX))
            }
            false => nominal,
        }
    }

    /// Duration of a committed or running task at the highest frequency, as the profile says.
    pub(crate) fn nominal(&self, task: TaskId) -> Ticks {
        let state = &self.tasks[task];
        let duration = self.instance.kinds[state.kind].durations[state.element];
        duration.expect("a committed task is on an element that supports it")
    }

    fn plan_end(&mut self, task: TaskId) {
        let rate = self.rate(self.tasks[task].element);
        let state = &self.tasks[task];
        let left = (state.work + rate - 1) / rate;
        let id = self.plan(self.now + Ticks::new(left), Event::End(task));
        self.tasks[task].event = Some(id);
    }

    fn end(&mut self, task: TaskId) {
        let element = self.tasks[task].element;
        self.settle(element);
        self.elements[element].running.retain(|&other| other != task);
        let now = self.now;
        let state = &mut self.tasks[task];
        (state.phase, state.end, state.event) = (Phase::Done, now, None);
        if self.settings.trace {
            self.note(task);
        }
        let instance = Arc::clone(&self.instance);
        for &(after, _) in &instance.kinds[self.tasks[task].kind].after {
            let next = self.sibling(task, after);
            self.tasks[next].missing -= 1;
            if self.tasks[next].missing == 0 {
                self.release(next);
            }
        }
        self.end_in_job(task);
    }

    fn note(&mut self, task: TaskId) {
        let (state, job) = (&self.tasks[task], self.job_of(task));
        self.trace.push(TracedTask {
            job: job.number,
            injected: job.injected,
            kind: state.kind,
            element: state.element,
            ready: state.ready_at,
            stamp: state.stamp,
            start: state.start,
            end: state.end,
        });
    }

    /// All predecessors are done: ready now, or once the data are in the shared memory.
    fn release(&mut self, task: TaskId) {
        let mut there = self.now;
        if self.settings.communication == Communication::SharedMemory {
            for &(before, volume) in &self.instance.kinds[self.tasks[task].kind].before {
                let from = &self.tasks[self.sibling(task, before)];
                let moved = self.instance.platform.transfer_memory(volume, from.element);
                there = there.max(from.end + moved);
            }
        }
        match there > self.now {
            true => drop(self.plan(there, Event::InMemory(task))),
            false => self.make_ready(task),
        }
    }

    fn make_ready(&mut self, task: TaskId) {
        let now = self.now;
        let state = &mut self.tasks[task];
        (state.phase, state.ready_at) = (Phase::Ready, now);
        self.ready.push(task);
    }

    /// What the run came to; energy up to now.
    pub(crate) fn metrics(&self) -> Metrics {
        let settled: IdVec<ElementId, Account> =
            self.elements.ids().map(|id| self.settled(id)).collect();
        let elements = &self.instance.platform.elements;
        let share = |(id, account): (ElementId, &Account)| {
            let slots = elements[id].capacity as i64 * self.now.get();
            account.busy as f64 / slots.max(1) as f64
        };
        let hottest = |element: &ElementState| element.spots.iter().copied().fold(0.0, f64::max);
        Metrics {
            injected: self.injected,
            completed: self.completed,
            warmed: self.warmed,
            in_system: self.jobs.iter().filter(|job| job.left > 0).count() as u64,
            latency_sum: self.latency_sum,
            energy: settled.values().map(|account| account.energy).sum(),
            idle_energy: settled.values().map(|account| account.idle_energy).sum(),
            utilization: settled.iter().map(share).collect(),
            hottest: self.elements.values().map(hottest).fold(power::AMBIENT, f64::max),
        }
    }
}

impl TaskState {
    fn absent() -> Self {
        TaskState {
            phase: Phase::Absent,
            kind: KindId::from_index(0),
            missing: 0,
            element: ElementId::from_index(0),
            ready_at: Time::ORIGIN,
            stamp: Time::ORIGIN,
            start: Time::ORIGIN,
            end: Time::ORIGIN,
            behind: None,
            factor: 1.0,
            work: 0,
            since: Time::ORIGIN,
            event: None,
        }
    }
}
