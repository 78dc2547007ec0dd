//! The engine of processes: who waits for what, and whom each event wakes.
//!
//! Everything goes through one agenda, so that events are ordered by (time, priority, sequence) and
//! by nothing else. O(log n) per event; no allocation once arrays have grown to the most processes
//! and events that were ever alive at once.
//!
//! **Source:** -

use super::queue::Place;
use super::resource::{Holder, Resource, ResourceKey};
use super::stock::{Container, ContainerKey, Store, StoreKey};
use super::{Process, Wake};
use crate::{Agenda, EventId, EventLog, Priority};
use ordine_base::{IdVec, Ticks, Time};
use std::fmt;

/// A process of a simulation; it stays unique after the process has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId {
    slot: u32,
    generation: u32,
}

/// A model that runs.
#[derive(Debug)]
pub struct Simulation<P: Process> {
    /// What all processes can see and change.
    pub shared: P::Shared,
    /// What happened, where it is kept.
    pub log: EventLog,
    agenda: Agenda<Event>,
    bodies: Vec<Option<P>>,
    pub(super) slots: Vec<Slot>,
    free: Vec<u32>,
    current: ProcessId,
    tickets: u64,
    handled: u64,
    pub(super) things: Things,
}

impl<P: Process + Clone> Clone for Simulation<P>
where
    P::Shared: Clone,
{
    fn clone(&self) -> Self {
        Simulation {
            shared: self.shared.clone(),
            log: self.log.clone(),
            agenda: self.agenda.clone(),
            bodies: self.bodies.clone(),
            slots: self.slots.clone(),
            free: self.free.clone(),
            things: self.things.clone(),
            ..*self
        }
    }
}

/// Resources, stores and containers, while a simulation is set up.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    things: Things,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Things {
    resources: IdVec<ResourceKey, Resource>,
    pub(super) stores: IdVec<StoreKey, Store>,
    pub(super) containers: IdVec<ContainerKey, Container>,
}

impl Keys {
    /// A resource.
    pub fn resource(&mut self, resource: Resource) -> ResourceKey {
        self.things.resources.push(resource)
    }

    /// A store for so many items.
    pub fn store(&mut self, capacity: usize) -> StoreKey {
        self.things.stores.push(Store::new(capacity))
    }

    /// A container for so much, with so much in it.
    ///
    /// # Panics
    /// When that is more than it holds.
    pub fn container(&mut self, capacity: u64, level: u64) -> ContainerKey {
        self.things.containers.push(Container::new(capacity, level))
    }
}

#[derive(Clone, Copy, Debug)]
struct Event {
    process: ProcessId,
    wake: Wake,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slot {
    generation: u32,
    waiting: Waiting,
    /// Who waits for its end.
    joiner: Option<ProcessId>,
    /// Whether it is about to hear of an interruption or of a preemption.
    is_disturbed: bool,
}

/// What a process waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Waiting {
    /// Nothing: it is at work, or has ended.
    #[default]
    Nothing,
    /// An event that stands on the agenda, at this time.
    Event(EventId, Time),
    /// Its turn in a queue; the event ends its patience.
    Turn(u64, Queue, Option<EventId>),
    /// A call.
    Call,
    /// The end of another process.
    End(ProcessId),
}

/// Which queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Queue {
    Resource(ResourceKey),
    Other,
}

const NOBODY: ProcessId = ProcessId { slot: u32::MAX, generation: 0 };

impl<P: Process> Simulation<P> {
    /// A simulation at the origin of time; `shared` says what there is.
    pub fn with(shared: impl FnOnce(&mut Keys) -> P::Shared) -> Self {
        let mut keys = Keys::default();
        let shared = shared(&mut keys);
        Simulation {
            shared,
            log: EventLog::off(),
            agenda: Agenda::new(),
            bodies: Vec::new(),
            slots: Vec::new(),
            free: Vec::new(),
            current: NOBODY,
            tickets: 0,
            handled: 0,
            things: keys.things,
        }
    }

    /// The present.
    #[inline]
    pub fn now(&self) -> Time {
        self.agenda.now()
    }

    /// How many events have happened.
    pub fn handled(&self) -> u64 {
        self.handled
    }

    /// The process that is at work.
    pub fn me(&self) -> ProcessId {
        self.current
    }

    /// A resource, to look at.
    pub fn resource(&self, key: ResourceKey) -> &Resource {
        &self.things.resources[key]
    }

    /// Number of items in a store.
    pub fn stored(&self, key: StoreKey) -> usize {
        self.things.stores[key].items.len()
    }

    /// What is in a container.
    pub fn level(&self, key: ContainerKey) -> u64 {
        self.things.containers[key].level
    }

    /// Whether a process has not ended.
    pub fn is_alive(&self, process: ProcessId) -> bool {
        let slot = self.slots.get(process.slot as usize);
        slot.is_some_and(|slot| slot.generation == process.generation)
    }

    /// Notes something in the log.
    #[inline]
    pub fn note(&mut self, words: fmt::Arguments<'_>) {
        self.log.note(self.agenda.now(), words);
    }

    /// Handles the next event; false when there is none.
    #[inline]
    pub fn step(&mut self) -> bool {
        self.step_before(Time::new(i64::MAX))
    }

    /// Handles all events before `end`, or all there are. Afterwards it is as late as the last of
    /// them.
    pub fn run_until(&mut self, end: Time) {
        while self.step_before(end) {}
    }

    #[inline]
    fn step_before(&mut self, end: Time) -> bool {
        let Some((_, event)) = self.agenda.pop_before(end) else { return false };
        self.handled += 1;
        self.wake(event);
        true
    }

    fn wake(&mut self, Event { process, wake }: Event) {
        let index = process.slot as usize;
        if let (Wake::GaveUp, Waiting::Turn(_, Queue::Resource(key), _)) =
            (wake, self.slots[index].waiting)
        {
            self.leave(key);
        }
        self.slots[index].waiting = Waiting::Nothing;
        self.slots[index].is_disturbed = false;
        let body = self.bodies[index].take();
        let mut body = body.expect("events of a process end with it");
        self.current = process;
        body.handle(wake, self);
        self.current = NOBODY;
        if self.slots[index].waiting == Waiting::Nothing {
            self.end(process);
        } else {
            self.bodies[index] = Some(body);
        }
    }

    fn end(&mut self, process: ProcessId) {
        let slot = &mut self.slots[process.slot as usize];
        slot.generation = slot.generation.wrapping_add(1);
        let joiner = slot.joiner.take();
        self.free.push(process.slot);
        if let Some(joiner) = joiner.filter(|&it| self.joins(it, process)) {
            self.send(joiner, Wake::Joined);
        }
    }

    /// Starts a process now, after what else happens at this instant already.
    pub fn start(&mut self, process: P) -> ProcessId {
        self.start_at(self.now(), process)
    }

    /// Starts a process at `time`.
    ///
    /// # Panics
    /// When that has passed already.
    pub fn start_at(&mut self, time: Time, process: P) -> ProcessId {
        let id = match self.free.pop() {
            Some(slot) => ProcessId { slot, generation: self.slots[slot as usize].generation },
            None => {
                let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 processes live");
                self.bodies.push(None);
                self.slots.push(Slot::default());
                ProcessId { slot, generation: 0 }
            }
        };
        self.bodies[id.slot as usize] = Some(process);
        let event = Event { process: id, wake: Wake::Started };
        let event = self.agenda.schedule(time, Priority::NORMAL, event);
        self.slots[id.slot as usize].waiting = Waiting::Event(event, time);
        id
    }

    /// The process at work waits.
    ///
    /// # Panics
    /// As all that makes a process wait: when it waits for something already, when no process is at
    /// work, or when `delay` is negative.
    #[inline]
    pub fn wait(&mut self, delay: Ticks) {
        let time = self.now() + delay;
        let event = Event { process: self.current, wake: Wake::Elapsed };
        let event = self.agenda.schedule(time, Priority::NORMAL, event);
        self.await_(Waiting::Event(event, time));
    }

    /// The process at work waits until somebody calls it.
    ///
    /// # Panics
    /// When it waits for something already.
    pub fn sleep(&mut self) {
        self.await_(Waiting::Call);
    }

    /// The process at work waits for the end of another, and hears at once when that has ended.
    ///
    /// # Panics
    /// When it waits for something already, or somebody else waits for that end.
    pub fn join(&mut self, other: ProcessId) {
        let me = self.current;
        self.await_(Waiting::End(other));
        if !self.is_alive(other) {
            return self.send(me, Wake::Joined);
        }
        let earlier = self.slots[other.slot as usize].joiner.replace(me);
        let waits = earlier.is_some_and(|earlier| self.joins(earlier, other));
        assert!(!waits, "one process at most waits for the end of another");
    }

    fn joins(&self, joiner: ProcessId, other: ProcessId) -> bool {
        let waiting = self.slots[joiner.slot as usize].waiting;
        self.is_alive(joiner) && waiting == Waiting::End(other)
    }

    /// Calls a process that sleeps; false when it does not.
    pub fn call(&mut self, process: ProcessId, word: u64) -> bool {
        let sleeps =
            self.is_alive(process) && self.slots[process.slot as usize].waiting == Waiting::Call;
        if sleeps {
            self.send(process, Wake::Called(word));
        }
        sleeps
    }

    /// Interrupts a process in whatever it waits for; false when it has ended, or when it is about
    /// to hear of another interruption at this instant. It keeps what it holds; what was on its way
    /// to it goes back.
    ///
    /// # Panics
    /// When it is the process at work.
    pub fn interrupt(&mut self, process: ProcessId, cause: u64) -> bool {
        assert!(process != self.current, "a process does not interrupt itself");
        if !self.is_alive(process) || self.slots[process.slot as usize].is_disturbed {
            return false;
        }
        let left = self.give_up(process, None);
        self.send_first(process, Wake::Interrupted { cause, left });
        true
    }

    /// Asks for a unit of a resource, with the usual priority and without end of patience.
    ///
    /// # Panics
    /// When it waits for something already.
    #[inline]
    pub fn request(&mut self, key: ResourceKey) {
        self.request_as(key, Priority::NORMAL, None);
    }

    /// Asks for a unit of a resource; after `patience` it gives up.
    ///
    /// # Panics
    /// When it waits for something already.
    pub fn request_as(&mut self, key: ResourceKey, priority: Priority, patience: Option<Ticks>) {
        let (me, ticket, now) = (self.current, self.ticket(), self.now());
        let resource = &mut self.things.resources[key];
        let holder = Holder { priority, ticket, owner: me };
        if resource.in_use < resource.capacity {
            resource.hold(holder);
            resource.note(now);
            return self.grant(me, key);
        }
        if let Some(loser) = resource.who_gives_way(priority).filter(|it| it.owner != me) {
            resource.let_go(loser.owner);
            resource.hold(holder);
            let left = self.give_up(loser.owner, Some(key));
            self.send_first(loser.owner, Wake::Preempted { resource: key, left });
            return self.grant(me, key);
        }
        resource.line.push(Place { priority, ticket, owner: me, wish: 0 });
        resource.waiting += 1;
        resource.note(now);
        let end = patience.map(|patience| {
            let event = Event { process: me, wake: Wake::GaveUp };
            self.agenda.schedule(now + patience, Priority::LATE, event)
        });
        self.await_(Waiting::Turn(ticket, Queue::Resource(key), end));
    }

    /// Gives a unit back; the first who waits for one gets it.
    ///
    /// # Panics
    /// When the process at work holds none, as far as that is known.
    #[inline]
    pub fn release(&mut self, key: ResourceKey) {
        self.release_of(self.current, key);
    }

    fn release_of(&mut self, owner: ProcessId, key: ResourceKey) {
        self.things.resources[key].let_go(owner);
        self.serve(key);
    }

    /// Changes the number of units: fewer while something is broken. Whoever holds one keeps it.
    pub fn set_capacity(&mut self, key: ResourceKey, capacity: usize) {
        self.things.resources[key].capacity = capacity;
        self.serve(key);
    }

    /// Hands free units to those who wait.
    fn serve(&mut self, key: ResourceKey) {
        let now = self.now();
        loop {
            let resource = &mut self.things.resources[key];
            if resource.in_use >= resource.capacity {
                break;
            }
            let Some(place) = resource.line.pop() else { break };
            if !is_waiting(&self.slots, &place) {
                continue;
            }
            resource.waiting -= 1;
            let Place { priority, ticket, owner, .. } = place;
            resource.hold(Holder { priority, ticket, owner });
            self.end_patience(owner);
            self.grant(owner, key);
        }
        self.things.resources[key].note(now);
    }

    #[inline]
    fn grant(&mut self, process: ProcessId, key: ResourceKey) {
        self.send(process, Wake::Granted(key));
    }

    /// A place in a queue for the process at work, which waits from now on.
    pub(super) fn place(&mut self, wish: u64) -> Place {
        let (ticket, owner) = (self.ticket(), self.current);
        self.await_(Waiting::Turn(ticket, Queue::Other, None));
        Place { priority: Priority::NORMAL, ticket, owner, wish }
    }

    fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    #[inline]
    fn await_(&mut self, waiting: Waiting) {
        let slot = self.slots.get_mut(self.current.slot as usize);
        let slot = slot.expect("only a process at work waits");
        assert!(slot.waiting == Waiting::Nothing, "a process waits for one thing at a time");
        slot.waiting = waiting;
    }

    /// Wakes a process now, after what else happens at this instant already.
    #[inline]
    pub(super) fn send(&mut self, process: ProcessId, wake: Wake) {
        self.send_as(process, wake, Priority::NORMAL);
    }

    /// Wakes a process now, before everything else at this instant.
    fn send_first(&mut self, process: ProcessId, wake: Wake) {
        self.slots[process.slot as usize].is_disturbed = true;
        self.send_as(process, wake, Priority::URGENT);
    }

    #[inline]
    fn send_as(&mut self, process: ProcessId, wake: Wake, priority: Priority) {
        let now = self.agenda.now();
        let event = self.agenda.schedule(now, priority, Event { process, wake });
        self.slots[process.slot as usize].waiting = Waiting::Event(event, now);
    }

    fn end_patience(&mut self, process: ProcessId) {
        if let Waiting::Turn(_, _, Some(event)) = self.slots[process.slot as usize].waiting {
            self.agenda.cancel(event);
        }
    }

    /// Somebody has left the queue of a resource before its turn.
    fn leave(&mut self, key: ResourceKey) {
        let now = self.now();
        let resource = &mut self.things.resources[key];
        resource.waiting -= 1;
        resource.note(now);
    }

    /// Ends what a process waits for; gives what was on its way, and what was left of a wait.
    fn stop_waiting(&mut self, process: ProcessId) -> (Option<Wake>, Ticks) {
        let now = self.now();
        let slot = &mut self.slots[process.slot as usize];
        match std::mem::replace(&mut slot.waiting, Waiting::Nothing) {
            Waiting::Event(event, time) => {
                let event = self.agenda.cancel(event);
                (event.map(|event| event.wake), time - now)
            }
            Waiting::Turn(_, queue, end) => {
                end.map(|event| self.agenda.cancel(event));
                if let Queue::Resource(key) = queue {
                    self.leave(key);
                }
                (None, Ticks::ZERO)
            }
            Waiting::Nothing | Waiting::Call | Waiting::End(_) => (None, Ticks::ZERO),
        }
    }

    /// Ends what a process waits for and gives back what was on its way to it, but for a unit of
    /// `lost`, which it has no more; gives what was left of a wait.
    fn give_up(&mut self, process: ProcessId, lost: Option<ResourceKey>) -> Ticks {
        let (wake, left) = self.stop_waiting(process);
        match wake {
            Some(Wake::Elapsed) => return left,
            Some(Wake::Interrupted { left, .. } | Wake::Preempted { left, .. }) => return left,
            Some(Wake::Granted(key)) if Some(key) != lost => self.release_of(process, key),
            Some(Wake::Taken(key, item)) => {
                self.things.stores[key].items.push_front(item);
                self.settle_store(key);
            }
            Some(Wake::Drawn(key, amount)) => {
                self.things.containers[key].level += amount;
                self.settle_container(key);
            }
            _ => {}
        }
        Ticks::ZERO
    }
}

/// Whether the owner of a place still waits for it.
pub(super) fn is_waiting(slots: &[Slot], place: &Place) -> bool {
    let slot = slots[place.owner.slot as usize];
    let waits = matches!(slot.waiting, Waiting::Turn(ticket, _, _) if ticket == place.ticket);
    waits && slot.generation == place.owner.generation
}
