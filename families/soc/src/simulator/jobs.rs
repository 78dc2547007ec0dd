//! Jobs of a running chip: arrivals, places in the system, draws, and draws anew for a fork.
//!
//! Gaps between arrivals are exponential, cut to whole microseconds. Every task of a job draws its
//! noise when the job enters, so that two policies under one seed meet the same durations.
//!
//! **Source:** Sung et al. 2020; common random numbers: Law 2015, section 11.2.

use super::{Event, JobState, Phase, Simulator, TaskState};
use crate::ProfileId;
use ordine_base::{Id, Seed, Stream, Ticks, Time};
use ordine_problem::TaskId;
use ordine_sim::Distribution;

/// Draws for a running task in a fork until one is longer than what has passed.
const REDRAWS: usize = 64;

impl Simulator {
    /// Plans the next arrival.
    pub(super) fn draw_arrival(&mut self) {
        let gap = draw_gap(self.settings.scale, &mut self.arrivals);
        self.plan(self.now + gap, Event::Arrive);
    }

    pub(super) fn arrive(&mut self) {
        if self.jobs.iter().all(|job| job.left > 0) {
            self.is_pressing = true;
            return;
        }
        self.inject();
        self.draw_arrival();
    }

    /// Puts a new job into the first free place.
    pub(super) fn inject(&mut self) {
        let Some(place) = self.jobs.iter().position(|job| job.left == 0) else { return };
        let profile = self.draw_profile();
        let instance = std::sync::Arc::clone(&self.instance);
        let count = instance.profiles[profile].graph.tasks.len();
        self.jobs[place] = JobState {
            number: self.injected,
            profile,
            injected: self.now,
            left: count as u32,
            started: false,
        };
        self.injected += 1;
        for position in 0..self.stride {
            let id = TaskId::from_index(place * self.stride + position);
            if position >= count {
                self.tasks[id].phase = Phase::Absent;
                continue;
            }
            let kind = instance.kind(profile, position);
            let missing = instance.kinds[kind].before.len() as u32;
            let factor = draw_factor(self.settings.deviation, &mut self.durations);
            let phase = Phase::Outstanding;
            self.tasks[id] = TaskState { phase, kind, missing, factor, ..TaskState::absent() };
            if missing == 0 {
                self.make_ready(id);
            }
        }
    }

    fn draw_profile(&mut self) -> ProfileId {
        if self.instance.profiles.len() == 1 {
            return ProfileId::from_index(0);
        }
        let mut drawn = self.profiles.unit();
        for (id, profile) in self.instance.profiles.iter() {
            drawn -= profile.probability;
            if drawn < 0.0 {
                return id;
            }
        }
        ProfileId::from_index(self.instance.profiles.len() - 1)
    }

    /// Takes note that a task of a job is done.
    pub(super) fn end_in_job(&mut self, task: TaskId) {
        let place = task.index() / self.stride;
        let job = &mut self.jobs[place];
        job.left -= 1;
        if job.left > 0 {
            return;
        }
        let latency = self.now - job.injected;
        match self.now >= self.settings.warm_up {
            true => {
                self.completed += 1;
                self.latency_sum += latency.get();
            }
            false => self.warmed += 1,
        }
        if std::mem::take(&mut self.is_pressing) {
            self.plan(self.now, Event::Arrive);
        }
    }

    /// Lets the future be drawn from `seed`: arrivals, profiles and durations that nobody knows.
    pub(crate) fn redraw(&mut self, seed: Seed) {
        self.arrivals = seed.stream("arrivals");
        self.profiles = seed.stream("profiles");
        self.durations = seed.stream("durations");
        self.redraw_arrival();
        if self.settings.deviation == 0.0 {
            return;
        }
        let ids: Vec<TaskId> = self.tasks.ids().collect();
        for id in ids {
            match self.tasks[id].phase {
                Phase::Absent | Phase::Done => {}
                Phase::Running => self.redraw_running(id),
                _ => {
                    let factor = draw_factor(self.settings.deviation, &mut self.durations);
                    self.tasks[id].factor = factor;
                }
            }
        }
    }

    /// The gap to the next arrival has no memory; a job that waits for a place goes on waiting.
    fn redraw_arrival(&mut self) {
        let (now, scale) = (self.now, self.settings.scale);
        let Simulator { agenda, arrivals, .. } = self;
        agenda.redraw(|time, event| match event {
            Event::Arrive if time > now => now + draw_gap(scale, arrivals),
            _ => time,
        });
    }

    /// A duration that is longer than what has passed; one more microsecond if none is drawn.
    fn redraw_running(&mut self, id: TaskId) {
        self.settle(self.tasks[id].element);
        let rate = self.rate_most(self.tasks[id].element);
        let done = {
            let state = &self.tasks[id];
            self.actual_duration(id).get() * rate - state.work
        };
        let mut work = rate;
        for _ in 0..REDRAWS {
            self.tasks[id].factor = draw_factor(self.settings.deviation, &mut self.durations);
            let drawn = self.actual_duration(id).get() * rate - done;
            if drawn > 0 {
                work = drawn;
                break;
            }
        }
        if let Some(event) = self.tasks[id].event.take() {
            self.agenda.cancel(event);
        }
        self.tasks[id].work = work;
        self.plan_end(id);
    }
}

/// A gap between arrivals, cut to whole microseconds.
fn draw_gap(scale: f64, stream: &mut Stream) -> Ticks {
    let drawn = match scale > 0.0 {
        true => Distribution::exponential(scale).sample(stream),
        false => 0.0,
    };
    Ticks::new((drawn as i64).min(Time::MAX.get()))
}

/// A factor of durations: normal around 1, never negative.
fn draw_factor(deviation: f64, stream: &mut Stream) -> f64 {
    match deviation > 0.0 {
        true => Distribution::normal(1.0, deviation).sample(stream).max(0.0),
        false => 1.0,
    }
}
