//! Processes: things that live through a simulation, wait, hold resources and are interrupted.
//!
//! A model is one type of processes (an enum where there are several kinds), each a small state
//! machine: [`Process::handle`] is called when what it waited for has come, does something, and
//! says what it waits for next. A process that waits for nothing has ended. This is the coroutine
//! of other simulators written out, so that a simulation is plain data: it can be cloned, compared
//! and replayed.
//!
//! The queue with one server, whole:
//!
//! ```
//! use ordine_base::{Seed, Stream, Time};
//! use ordine_sim::{Distribution, Process, Resource, ResourceKey, Simulation, Summary, Wake};
//!
//! #[derive(Clone)]
//! enum Bank {
//!     Door,
//!     Customer { arrived: Time },
//! }
//!
//! struct Shared {
//!     clerk: ResourceKey,
//!     gap: Distribution,
//!     service: Distribution,
//!     stream: Stream,
//!     waits: Summary,
//! }
//!
//! impl Process for Bank {
//!     type Shared = Shared;
//!
//!     fn handle(&mut self, wake: Wake, bank: &mut Simulation<Bank>) {
//!         match (self, wake) {
//!             (Bank::Door, _) => {
//!                 bank.start(Bank::Customer { arrived: bank.now() });
//!                 let gap = bank.shared.gap.ticks(&mut bank.shared.stream);
//!                 bank.wait(gap);
//!             }
//!             (Bank::Customer { .. }, Wake::Started) => bank.request(bank.shared.clerk),
//!             (Bank::Customer { arrived }, Wake::Granted(_)) => {
//!                 bank.shared.waits.add((bank.now() - *arrived).get() as f64);
//!                 let service = bank.shared.service.ticks(&mut bank.shared.stream);
//!                 bank.wait(service);
//!             }
//!             (Bank::Customer { .. }, _) => bank.release(bank.shared.clerk),
//!         }
//!     }
//! }
//!
//! let mut bank = Simulation::with(|keys| Shared {
//!     clerk: keys.resource(Resource::first_come(1)),
//!     gap: Distribution::exponential(1_000.0),
//!     service: Distribution::exponential(800.0),
//!     stream: Seed::new(1).stream("bank"),
//!     waits: Summary::new(),
//! });
//! bank.start(Bank::Door);
//! bank.run_until(Time::new(10_000_000));
//! assert!((2_000.0..4_500.0).contains(&bank.shared.waits.mean()), "theory says 3200");
//! ```
//!
//! How to write a model: 1. list the kinds of processes and what each must remember; 2. for each,
//! the wakes that it can get, and what it does then; 3. what all share (distributions, streams,
//! counters, keys of resources) goes into `Shared`; 4. draw each source of chance from a stream of
//! its own.
//!
//! **Source:** the processes, resources, stores and containers of SimPy (Müller, Vignaux);
//! activity scanning by state machines as in DEVS (Zeigler 1976).

mod engine;
mod queue;
mod resource;
mod stock;
#[cfg(test)]
mod tests;

pub use engine::{Keys, ProcessId, Simulation};
pub use resource::{Resource, ResourceKey};
pub use stock::{ContainerKey, StoreKey};

use ordine_base::Ticks;

/// A thing that lives through a simulation.
pub trait Process: Sized {
    /// What all processes of a simulation can see and change.
    type Shared;

    /// Goes on after `wake`, and says through `simulation` what comes next: at most one thing to
    /// wait for. Called once per wake; a process that waits for nothing when it returns has ended.
    fn handle(&mut self, wake: Wake, simulation: &mut Simulation<Self>);
}

/// Why a process goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// It begins.
    Started,
    /// Its time of waiting is over.
    Elapsed,
    /// A unit of the resource is its own now.
    Granted(ResourceKey),
    /// It has waited in a queue for as long as it wanted to, in vain.
    GaveUp,
    /// An item was taken from the store.
    Taken(StoreKey, u64),
    /// Its item has found room in the store.
    Stored(StoreKey),
    /// This amount was taken from the container.
    Drawn(ContainerKey, u64),
    /// Its amount has found room in the container.
    Filled(ContainerKey),
    /// The process that it waited for has ended.
    Joined,
    /// Somebody called it while it slept.
    Called(u64),
    /// Somebody interrupted it; so much of its time of waiting was left.
    Interrupted {
        /// What the interrupter said.
        cause: u64,
        /// What was left of a wait; nothing where it waited for something else.
        left: Ticks,
    },
    /// Somebody more important has taken its unit of the resource away.
    Preempted {
        /// The resource.
        resource: ResourceKey,
        /// What was left of a wait.
        left: Ticks,
    },
}
