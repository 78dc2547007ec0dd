//! The simulator at every microsecond, written as plainly as the rules are told, agrees with the
//! one that goes from event to event.
//!
//! **Source:** Sung et al. 2020, rules of the simulator.

use ordine_base::{Seed, Ticks, Time};
use ordine_sim::Distribution;
use ordine_soc::{
    ElementId, Mapping, ProfileId, Settings, SocInstance, SocWorld, TracedTask, profiles,
};
use ordine_world::{CandidateId, Stage, World};
use std::sync::Arc;

#[derive(Clone)]
struct Task {
    job: u64,
    profile: ProfileId,
    position: usize,
    injected: Time,
    element: Option<ElementId>,
    ready: Option<Time>,
    stamp: Time,
    start: Option<Time>,
    end: Option<Time>,
    factor: f64,
}

/// Every task that ever was, and nothing else: all lists are looked for in it.
struct Naive<'i> {
    instance: &'i SocInstance,
    tasks: Vec<Task>,
    committed: Vec<usize>,
    jobs: u64,
}

impl Naive<'_> {
    fn kind(&self, task: usize) -> &ordine_soc::Kind {
        let Task { profile, position, .. } = self.tasks[task];
        &self.instance.kinds[self.instance.kind(profile, position)]
    }

    fn is_done(&self, task: usize, now: Time) -> bool {
        self.tasks[task].end.is_some_and(|end| end <= now)
    }

    fn sibling(&self, task: usize, position: usize) -> usize {
        let job = self.tasks[task].job;
        let mut all = 0..self.tasks.len();
        all.find(|&it| self.tasks[it].job == job && self.tasks[it].position == position)
            .expect("all tasks of a job enter together")
    }

    fn in_system(&self, now: Time) -> usize {
        let is_open = |job: u64| {
            let mut all = 0..self.tasks.len();
            all.any(|it| self.tasks[it].job == job && !self.is_done(it, now))
        };
        (0..self.jobs).filter(|&job| is_open(job)).count()
    }

    fn stamp(&self, task: usize, element: ElementId, now: Time) -> Time {
        let stamps = self.kind(task).before.iter().map(|&(before, volume)| {
            let from = &self.tasks[self.sibling(task, before)];
            let (end, place) = (from.end.expect("done"), from.element.expect("done"));
            end + self.instance.platform.transfer(volume, place, element)
        });
        stamps.fold(now, Time::max)
    }
}

/// Runs with the k-th draw of `choices` naming the element of each ready task, at every tick.
fn naive(instance: &SocInstance, settings: &Settings, seed: Seed) -> Vec<TracedTask> {
    let mut it = Naive { instance, tasks: Vec::new(), committed: Vec::new(), jobs: 0 };
    let mut arrivals = seed.stream("arrivals");
    let mut kinds = seed.stream("profiles");
    let mut durations = seed.stream("durations");
    let mut choices = seed.stream("choices");
    let gap = |stream: &mut _| {
        Ticks::new(Distribution::exponential(settings.scale).sample(stream) as i64)
    };
    let mut due = Time::ORIGIN;
    let mut now = Time::ORIGIN;
    let mut was_filled = false;
    while now < settings.horizon {
        while due <= now && (!was_filled || it.in_system(now) < settings.jobs_most) {
            let mut drawn = kinds.clone().unit();
            if instance.profiles.len() > 1 {
                drawn = kinds.unit();
            }
            let profile = instance.profiles.ids().find(|&id| {
                drawn -= instance.profiles[id].probability;
                drawn < 0.0
            });
            let profile = profile.expect("probabilities add up to one");
            for position in 0..instance.profiles[profile].graph.tasks.len() {
                let factor = match settings.deviation > 0.0 {
                    true => Distribution::normal(1.0, settings.deviation).sample(&mut durations),
                    false => 1.0,
                };
                let (job, injected) = (it.jobs, now);
                let (element, ready, start, end) = (None, None, None, None);
                let stamp = now;
                it.tasks.push(Task {
                    job,
                    profile,
                    position,
                    injected,
                    element,
                    ready,
                    stamp,
                    start,
                    end,
                    factor,
                });
            }
            it.jobs += 1;
            was_filled |= it.jobs as usize == settings.jobs_most;
            if was_filled {
                due = now + gap(&mut arrivals);
            }
        }
        let ready: Vec<usize> = (0..it.tasks.len())
            .filter(|&task| {
                let before = &it.kind(task).before;
                it.tasks[task].element.is_none()
                    && before.iter().all(|&(from, _)| it.is_done(it.sibling(task, from), now))
            })
            .collect();
        for task in ready {
            let supported = it.kind(task).durations.iter().filter(|(_, it)| it.is_some());
            let supported: Vec<ElementId> = supported.map(|(id, _)| id).collect();
            let element = supported[choices.below(supported.len())];
            let stamp = it.stamp(task, element, now);
            let state = &mut it.tasks[task];
            (state.element, state.stamp, state.ready) = (Some(element), stamp, Some(now));
            it.committed.push(task);
        }
        for task in it.committed.clone() {
            let element = it.tasks[task].element.expect("committed");
            let running = it.tasks.iter().filter(|other| {
                other.element == Some(element)
                    && other.start.is_some()
                    && other.end.is_some_and(|end| end > now)
            });
            let capacity = instance.platform.elements[element].capacity;
            if it.tasks[task].stamp <= now && running.count() < capacity {
                let nominal = it.kind(task).durations[element].expect("supported").get();
                let drawn = (nominal as f64 * it.tasks[task].factor).round() as i64;
                it.tasks[task].start = Some(now);
                it.tasks[task].end = Some(now + Ticks::new(drawn.max(1)));
                it.committed.retain(|&other| other != task);
            }
        }
        now += Ticks::new(1);
    }
    let rows = it.tasks.iter().filter_map(|task| {
        let end = task.end.filter(|&end| end < settings.horizon)?;
        Some(TracedTask {
            job: task.job,
            injected: task.injected,
            kind: instance.kind(task.profile, task.position),
            element: task.element?,
            ready: task.ready?,
            stamp: task.stamp,
            start: task.start?,
            end,
        })
    });
    sorted(rows.collect())
}

fn sorted(mut rows: Vec<TracedTask>) -> Vec<TracedTask> {
    rows.sort_by_key(|row| (row.end, row.job, row.kind));
    rows
}

/// The same choices in the world that goes from event to event.
fn by_events(instance: &Arc<SocInstance>, settings: &Settings, seed: Seed) -> Vec<TracedTask> {
    let settings = Settings { trace: true, ..settings.clone() };
    let mut world = SocWorld::new(instance, settings, Mapping::Waiting, seed).expect("a world");
    let mut choices = seed.stream("choices");
    while world.observe().candidates.iter().any(|candidate| candidate.allowed) {
        let allowed: Vec<CandidateId> = world.observe().allowed().map(|(id, _)| id).collect();
        let choice = match world.observe().stage {
            Stage::Task => allowed[0],
            Stage::Mode => allowed[choices.below(allowed.len())],
        };
        if world.act(choice).is_last() {
            break;
        }
    }
    sorted(world.trace().to_vec())
}

#[test]
fn events_and_ticks_give_the_same_run() {
    let instances = [Arc::new(profiles::synthetic()), Arc::new(profiles::applications())];
    for (instance, horizon) in instances.iter().zip([900, 4000]) {
        for (seed, scale, deviation, jobs_most) in
            [(1, 25.0, 0.0, 3), (2, 100.0, 0.3, 3), (3, 3.0, 0.5, 5), (4, 60.0, 0.0, 1)]
        {
            let horizon = Time::new(horizon);
            let settings = Settings { scale, deviation, jobs_most, horizon, ..Settings::default() };
            let events = by_events(instance, &settings, Seed::new(seed));
            let ticks = naive(instance, &settings, Seed::new(seed));
            assert!(events.len() > 20);
            let differs = events.iter().zip(&ticks).find(|(left, right)| left != right);
            assert_eq!(differs, None, "seed {seed}");
            assert_eq!(events.len(), ticks.len(), "seed {seed}");
        }
    }
}
