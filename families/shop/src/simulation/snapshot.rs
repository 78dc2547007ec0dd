//! The state of a shop as a record: taken from a world, or put into one.
//!
//! A world that goes on from a state imagines its future by the law of the settings. O(size of the
//! shop).
//!
//! **Source:** -

use super::world::{Due, NEVER, Place};
use super::{ShopSettings, ShopWorld, Workshop, WorkshopError};
use ordine_base::Seed;
use std::sync::Arc;

/// The state of a shop at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The instant.
    pub now: i64,
    /// By job, where it is.
    pub jobs: Vec<JobState>,
    /// By machine, how it is.
    pub machines: Vec<MachineState>,
    /// What has begun, as far as it is known: operation, number of its choice, start, and end where
    /// it has ended.
    pub history: Vec<(u32, u32, i64, Option<i64>)>,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobState {
    /// Its operation that comes next, from 0 within the job; on a machine the one after that which
    /// is there.
    pub next: u32,
    /// Where it is.
    pub place: JobPlace,
}

/// Where a job is, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobPlace {
    /// Expected at this instant; nobody counts on it where that is not known.
    Coming(Option<i64>),
    /// Before its first operation, since then.
    Outside(i64),
    /// In the buffer of a machine, ready since then.
    Buffer(u32, i64),
    /// On a machine that processes it until about then.
    Processing(u32, i64),
    /// On a machine that has finished it then.
    Blocked(u32, i64),
    /// Complete.
    Gone,
}

/// How a machine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MachineState {
    /// Since when it has been up, or down.
    pub since: i64,
    /// When it is expected back, where it is down.
    pub down_until: Option<i64>,
    /// Whether it is down before it processes what was loaded, so that the time of the job on it
    /// holds the repair already.
    pub at_load: bool,
    /// Whether it was decided to leave it empty until something happens.
    pub held: bool,
}

impl ShopWorld {
    /// Where everything is.
    pub fn snapshot(&self) -> Snapshot {
        let job = |job: usize| {
            let since = self.since[job];
            let place = match self.place[job] {
                Place::Coming => {
                    JobPlace::Coming(Some(self.arrival[job]).filter(|time| *time != NEVER))
                }
                Place::Outside => JobPlace::Outside(since),
                Place::Buffer(machine) => JobPlace::Buffer(machine, since),
                Place::On(machine) if self.finished[machine as usize] => {
                    JobPlace::Blocked(machine, since)
                }
                Place::On(machine) => {
                    JobPlace::Processing(machine, self.now + self.work_left(machine as usize))
                }
                Place::Gone => JobPlace::Gone,
            };
            JobState { next: self.next[job] - self.shop.first_operation[job], place }
        };
        let machine = |machine: usize| {
            let left = self.repair_left(machine);
            let at_load = left.is_some() && !self.broken[machine];
            let since = match (self.broken[machine], at_load) {
                (true, _) => self.failure[machine].0,
                (false, true) => self.start[self.next[self.on[machine] as usize] as usize - 1],
                (false, false) => self.up_since[machine],
            };
            let down_until = left.map(|left| self.now + left);
            MachineState { since, down_until, at_load, held: self.held[machine] }
        };
        let begun = (0..self.shop.operations()).filter(|&it| self.start[it] != NEVER);
        let history = begun.map(|operation| {
            let choice = self.choice[operation] - self.shop.first_choice[operation];
            let end = (self.end[operation] != NEVER).then_some(self.end[operation]);
            (operation as u32, choice, self.start[operation], end)
        });
        Snapshot {
            now: self.now,
            jobs: (0..self.shop.jobs()).map(job).collect(),
            machines: (0..self.shop.machines).map(machine).collect(),
            history: history.collect(),
        }
    }

    /// A world that goes on from a state; its future is imagined from what the settings say.
    ///
    /// # Errors
    /// When settings or state do not go with the shop.
    pub fn resume(
        shop: Arc<Workshop>,
        settings: Arc<ShopSettings>,
        snapshot: &Snapshot,
    ) -> Result<ShopWorld, WorkshopError> {
        let mut world = ShopWorld::placed(shop, settings, snapshot)?;
        world.forget();
        world.proceed();
        Ok(world)
    }

    /// A world in a state, gone on to nothing.
    pub(super) fn placed(
        shop: Arc<Workshop>,
        settings: Arc<ShopSettings>,
        snapshot: &Snapshot,
    ) -> Result<ShopWorld, WorkshopError> {
        settings.validate(&shop)?;
        snapshot.validate(&shop)?;
        let mut world = ShopWorld::blank(shop, settings, Seed::new(0));
        world.now = snapshot.now;
        for &(operation, choice, start, end) in &snapshot.history {
            let operation = operation as usize;
            world.start[operation] = start;
            world.choice[operation] = world.shop.first_choice[operation] + choice;
            world.end[operation] = end.unwrap_or(NEVER);
        }
        for (number, machine) in snapshot.machines.iter().enumerate() {
            world.held[number] = machine.held;
            match machine.down_until {
                Some(until) if machine.at_load => world.shut_until[number] = until,
                Some(until) => {
                    world.broken[number] = true;
                    world.failure[number] = (machine.since, until.max(world.now));
                    world.plan_turn(number);
                }
                None => world.up_since[number] = machine.since,
            }
            let over = world.settings.breaks(number).iter().filter(|it| it.1 <= world.now).count();
            let begun = world.settings.breaks(number).get(over).is_some_and(|it| it.0 <= world.now);
            world.next_break[number] = over as u32;
            world.closed[number] = begun;
            world.plan_break(number);
        }
        for (number, job) in snapshot.jobs.iter().enumerate() {
            world.put(number, *job);
        }
        Ok(world)
    }

    fn put(&mut self, job: usize, state: JobState) {
        self.next[job] = self.shop.first_operation[job] + state.next;
        let (place, since) = match state.place {
            JobPlace::Coming(None) => {
                self.arrival[job] = NEVER;
                (self.coming, self.left) = (self.coming - 1, self.left - 1);
                return;
            }
            JobPlace::Coming(Some(at)) => {
                self.arrival[job] = at.max(self.now);
                self.due(self.arrival[job], Due::Arrive(job as u32));
                return;
            }
            JobPlace::Outside(since) => (Place::Outside, since),
            JobPlace::Buffer(machine, since) => (Place::Buffer(machine), since),
            JobPlace::Processing(machine, _) => (Place::On(machine), self.now),
            JobPlace::Blocked(machine, since) => (Place::On(machine), since),
            JobPlace::Gone => (Place::Gone, self.now),
        };
        (self.place[job], self.since[job]) = (place, since);
        self.coming -= 1;
        match state.place {
            JobPlace::Processing(machine, until) => {
                let machine = machine as usize;
                (self.on[machine], self.busy) = (job as u32, self.busy + 1);
                match self.is_up(machine) {
                    true => self.plan_completion(machine, until.max(self.now)),
                    false => self.remaining[machine] = until.max(self.now) - self.now,
                }
            }
            JobPlace::Gone => self.left -= 1,
            _ => {
                if let JobPlace::Blocked(machine, _) = state.place {
                    self.on[machine as usize] = job as u32;
                    self.finished[machine as usize] = true;
                }
                self.waiting += 1;
                match state.place {
                    JobPlace::Buffer(machine, _) => {
                        let machine = machine as usize;
                        self.room[machine] = self.room[machine].saturating_sub(1);
                        self.requests[machine * self.words + job / 64] |= 1 << (job % 64);
                    }
                    _ => self.request(job),
                }
            }
        }
    }
}

impl Snapshot {
    /// Checks a state against a shop.
    ///
    /// # Errors
    /// What contradicts the shop or itself.
    pub fn validate(&self, shop: &Workshop) -> Result<(), WorkshopError> {
        let no = |expected: String, found: String| {
            Err(WorkshopError::Setting { setting: "state", expected, found })
        };
        if self.jobs.len() != shop.jobs() || self.machines.len() != shop.machines() {
            let expected = format!("{} jobs and {} machines", shop.jobs(), shop.machines());
            let found = format!("{} and {}", self.jobs.len(), self.machines.len());
            return no(expected, found);
        }
        let mut taken = vec![false; shop.machines()];
        for (number, job) in self.jobs.iter().enumerate() {
            let count = shop.first_operation[number + 1] - shop.first_operation[number];
            let (machine, least, most) = match job.place {
                JobPlace::Coming(_) | JobPlace::Outside(_) => (None, 0, 0),
                JobPlace::Buffer(machine, _) => (Some(machine), 1, count - 1),
                JobPlace::Processing(machine, _) => (Some(machine), 1, count),
                JobPlace::Blocked(machine, _) => (Some(machine), 1, count - 1),
                JobPlace::Gone => (None, count, count),
            };
            if !(least..=most).contains(&job.next) {
                let expected = format!("next operation {least} to {most} of job {number}");
                return no(expected, job.next.to_string());
            }
            let Some(machine) = machine else { continue };
            let Some(taken) = taken.get_mut(machine as usize) else {
                return no(format!("machines below {}", shop.machines()), machine.to_string());
            };
            let is_buffered = matches!(job.place, JobPlace::Buffer(..));
            if !is_buffered && std::mem::replace(taken, true) {
                return no(format!("one job on machine {machine}"), "two".to_owned());
            }
        }
        let known = |it: &&(u32, u32, i64, Option<i64>)| {
            let operation = it.0 as usize;
            operation < shop.operations() && (it.1 as usize) < shop.choices(operation).len()
        };
        match self.history.iter().find(|it| !known(it)) {
            Some(other) => {
                no("operations and choices of the shop".to_owned(), format!("{other:?}"))
            }
            None => Ok(()),
        }
    }
}
