//! Deciding in a real shop: reports in, advice out.
//!
//! A [`LiveShop`] keeps the state of the shop and hears what happens: arrivals, completions,
//! machines that go down and come back. Who decides, and how long that may take, says a
//! [`Dispatcher`].
//!
//! **Source:** -

use super::moves::Next;
use super::world::{NEVER, NONE, Place};
use super::{
    Dispatcher, JobPlace, JobState, MachineState, ShopSettings, ShopWorld, Snapshot, Workshop,
    WorkshopError,
};
use ordine_base::{Seed, Time};
use std::sync::Arc;

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
