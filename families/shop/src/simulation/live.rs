//! Deciding in a real shop: state in, decision out, within a limit of time.
//!
//! A [`Snapshot`] says where jobs and machines are; [`ShopWorld::resume`] makes a world of it that
//! imagines the future by the law of the settings. A [`LiveShop`] keeps the state itself and hears
//! what happens: arrivals, completions, machines that go down and come back. A [`Dispatcher`] asks
//! a policy on a thread of its own and waits no longer than its limit; then a rule answers instead,
//! and goes on to answer until the policy is free again.
//!
//! **Source:** -

use super::world::{Due, NEVER, NONE, Place};
use super::moves::Next;
use super::{ShopSettings, ShopWorld, Workshop, WorkshopError};
use ordine_base::{Seed, Time};
use ordine_world::{CandidateId, Decision, Policy, World as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

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

/// Something that happened in a real shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// A job has come.
    Arrived(u32),
    /// The operation on a machine has ended.
    Finished(u32),
    /// A machine went down; it is expected back after so many ticks.
    Down(u32, i64),
    /// A machine is back.
    Up(u32),
}

/// A move to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The job.
    pub job: u32,
    /// The machine that it goes to, or whose buffer it goes to.
    pub machine: u32,
    /// Whether it only goes to the buffer.
    pub is_buffered: bool,
    /// Whether the rule decided because the policy took too long.
    pub is_fallback: bool,
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
                (false, true) => {
                    self.start[self.next[self.on[machine] as usize] as usize - 1]
                }
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
    fn placed(
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
            Some(other) => no("operations and choices of the shop".to_owned(), format!("{other:?}")),
            None => Ok(()),
        }
    }
}

/// A real shop as it is known: hears reports, gives advice.
#[derive(Clone, Debug)]
pub struct LiveShop {
    world: ShopWorld,
}

impl LiveShop {
    /// A shop before its first job; the settings say what policies imagine.
    ///
    /// # Errors
    /// When the settings do not go with the shop.
    pub fn new(shop: Arc<Workshop>, settings: Arc<ShopSettings>) -> Result<Self, WorkshopError> {
        let jobs = vec![JobState { next: 0, place: JobPlace::Coming(None) }; shop.jobs()];
        let machines = vec![MachineState::default(); shop.machines()];
        let snapshot = Snapshot { now: 0, jobs, machines, history: Vec::new() };
        LiveShop::from(shop, settings, &snapshot)
    }

    /// A shop in a state.
    ///
    /// # Errors
    /// When settings or state do not go with the shop.
    pub fn from(
        shop: Arc<Workshop>,
        settings: Arc<ShopSettings>,
        snapshot: &Snapshot,
    ) -> Result<Self, WorkshopError> {
        let mut world = ShopWorld::placed(shop, settings, snapshot)?;
        // What happens is told, never drawn.
        world.blind = true;
        Ok(LiveShop { world })
    }

    /// Hears what happened at an instant.
    ///
    /// # Errors
    /// When the instant has passed, or it cannot have happened.
    pub fn report(&mut self, time: i64, report: Report) -> Result<(), WorkshopError> {
        let world = &mut self.world;
        let no = |expected: &str| {
            let (expected, found) = (expected.to_owned(), format!("{report:?} at {time}"));
            Err(WorkshopError::Setting { setting: "report", expected, found })
        };
        if time < world.now {
            return no("reports in the order of time");
        }
        let known = match report {
            Report::Arrived(job) => (job as usize) < world.place.len(),
            Report::Finished(it) | Report::Down(it, _) | Report::Up(it) => {
                (it as usize) < world.shop.machines
            }
        };
        if !known {
            return no("a job or machine of the shop");
        }
        match report {
            Report::Arrived(job) if world.place[job as usize] != Place::Coming => {
                return no("a job that was not here");
            }
            Report::Finished(machine)
                if world.on[machine as usize] == NONE || world.finished[machine as usize] =>
            {
                return no("a machine that processes");
            }
            Report::Down(machine, left) if world.broken[machine as usize] || left < 0 => {
                return no("a machine that is up, and ticks from 0 on");
            }
            Report::Up(machine) if !world.broken[machine as usize] => {
                return no("a machine that is down");
            }
            _ => {}
        }
        world.pass(time);
        world.held.fill(false);
        match report {
            Report::Arrived(job) => {
                if world.arrival[job as usize] == NEVER {
                    world.arrival[job as usize] = time;
                    (world.coming, world.left) = (world.coming + 1, world.left + 1);
                }
                world.arrive(job as usize);
            }
            Report::Finished(machine) => world.finish(machine as usize),
            Report::Down(machine, left) => {
                let machine = machine as usize;
                world.went_down(machine);
                world.broken[machine] = true;
                world.failure[machine] = (time, time + left);
                world.plan_turn(machine);
            }
            Report::Up(machine) => {
                let machine = machine as usize;
                world.broken[machine] = false;
                world.up_since[machine] = time;
                world.failure[machine] = (NEVER, NEVER);
                world.plan_turn(machine);
                world.came_up(machine);
            }
        }
        Ok(())
    }

    /// The moves to make now; the shop counts them as made.
    pub fn advise(&mut self, dispatcher: &mut Dispatcher) -> Vec<Advice> {
        let mut advice = Vec::new();
        let world = &mut self.world;
        loop {
            let mut next = world.find_move();
            let mut is_fallback = false;
            if let Next::Ask(machine) = next {
                world.ask(machine as usize);
                let answer = dispatcher.decide(world, Seed::new(world.decisions));
                world.decisions += 1;
                is_fallback = answer.is_fallback;
                match world.chosen(answer.choice) {
                    Some(load) => next = load,
                    None => {
                        world.held[machine as usize] = true;
                        continue;
                    }
                }
            }
            match next {
                Next::Load { machine, job, .. } => {
                    advice.push(Advice { job, machine, is_buffered: false, is_fallback });
                }
                Next::Store { job, machine } => {
                    advice.push(Advice { job, machine, is_buffered: true, is_fallback });
                }
                Next::Swap => {
                    let moves = world.circle.iter().map(|&(job, choice)| {
                        let machine = world.shop.machine[choice as usize];
                        Advice { job, machine, is_buffered: false, is_fallback }
                    });
                    advice.extend(moves);
                }
                Next::Ask(_) | Next::Nothing => return advice,
            }
            world.apply(next);
        }
    }

    /// The state as it is known.
    pub fn snapshot(&self) -> Snapshot {
        self.world.snapshot()
    }

    /// The present.
    pub fn now(&self) -> Time {
        self.world.now()
    }
}

/// An answer of a dispatcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The candidate.
    pub choice: CandidateId,
    /// Whether the rule decided because the policy took too long.
    pub is_fallback: bool,
}

/// Asks a policy, and a rule where that takes too long.
pub struct Dispatcher {
    questions: Sender<(u64, ShopWorld, Seed)>,
    answers: Receiver<(u64, CandidateId)>,
    fallback: Box<dyn Policy>,
    limit: Duration,
    /// Number of the last question, and of the last one that was answered.
    asked: u64,
    answered: u64,
}

impl Dispatcher {
    /// A dispatcher that waits so long for `policy`, then asks `fallback`.
    pub fn new(mut policy: Box<dyn Policy>, fallback: Box<dyn Policy>, limit: Duration) -> Self {
        let (questions, asked) = channel::<(u64, ShopWorld, Seed)>();
        let (answer, answers) = channel();
        // Ends when the dispatcher is dropped; a policy that panics is never heard again.
        std::thread::spawn(move || {
            for (number, world, seed) in asked {
                let mut stream = seed.stream("policy");
                let mut decision = Decision::new(&world, &mut stream);
                let choice = policy.act(world.observe(), &mut decision);
                if answer.send((number, choice)).is_err() {
                    return;
                }
            }
        });
        Dispatcher { questions, answers, fallback, limit, asked: 0, answered: 0 }
    }

    /// Decides for the machine that asks in `world`.
    pub fn decide(&mut self, world: &ShopWorld, seed: Seed) -> Answer {
        while let Ok((number, _)) = self.answers.try_recv() {
            self.answered = number;
        }
        let is_free = self.answered == self.asked;
        if is_free {
            self.asked += 1;
            if self.questions.send((self.asked, world.clone(), seed)).is_ok() {
                match self.answers.recv_timeout(self.limit) {
                    Ok((number, choice)) => {
                        self.answered = number;
                        return Answer { choice, is_fallback: false };
                    }
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
                }
            }
        }
        let mut stream = seed.stream("policy");
        let mut decision = Decision::new(world, &mut stream);
        let choice = self.fallback.act(world.observe(), &mut decision);
        Answer { choice, is_fallback: true }
    }
}
