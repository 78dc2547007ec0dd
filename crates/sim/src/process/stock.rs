//! Stores, which hold items, and containers, which hold amounts; both have a limit, and a queue on
//! either side that is served in the order of arrival.
//!
//! **Source:** stores and containers of SimPy.

use super::engine::{Simulation, Slot, is_waiting};
use super::queue::{Place, WaitingLine};
use super::{Process, Wake};
use ordine_base::define_ids;
use std::collections::VecDeque;

define_ids! {
    /// A store of a simulation.
    StoreKey;
    /// A container of a simulation.
    ContainerKey;
}

/// Items in the order in which they were stored.
#[derive(Clone, Debug)]
pub(super) struct Store {
    pub(super) capacity: usize,
    pub(super) items: VecDeque<u64>,
    pub(super) takers: WaitingLine,
    pub(super) givers: WaitingLine,
}

/// An amount.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) capacity: u64,
    pub(super) level: u64,
    pub(super) takers: WaitingLine,
    pub(super) givers: WaitingLine,
}

fn line() -> WaitingLine {
    WaitingLine::FirstCome(VecDeque::new())
}

impl Store {
    pub(super) fn new(capacity: usize) -> Self {
        Store { capacity, items: VecDeque::new(), takers: line(), givers: line() }
    }
}

impl Container {
    pub(super) fn new(capacity: u64, level: u64) -> Self {
        assert!(level <= capacity, "a container holds {capacity}, not {level}");
        Container { capacity, level, takers: line(), givers: line() }
    }
}

impl<P: Process> Simulation<P> {
    /// Takes an item out of a store, as soon as there is one.
    ///
    /// # Panics
    /// When the process at work waits for something already.
    pub fn take(&mut self, key: StoreKey) {
        let place = self.place(0);
        self.things.stores[key].takers.push(place);
        self.settle_store(key);
    }

    /// Puts an item into a store, as soon as there is room.
    ///
    /// # Panics
    /// When the process at work waits for something already.
    pub fn put(&mut self, key: StoreKey, item: u64) {
        let place = self.place(item);
        self.things.stores[key].givers.push(place);
        self.settle_store(key);
    }

    pub(super) fn settle_store(&mut self, key: StoreKey) {
        loop {
            let store = &mut self.things.stores[key];
            if store.items.len() < store.capacity
                && let Some(place) = next(&mut store.givers, &self.slots, |_| true)
            {
                store.items.push_back(place.wish);
                self.send(place.owner, Wake::Stored(key));
            } else if !store.items.is_empty()
                && let Some(place) = next(&mut store.takers, &self.slots, |_| true)
            {
                let item = store.items.pop_front().expect("there is an item");
                self.send(place.owner, Wake::Taken(key, item));
            } else {
                return;
            }
        }
    }

    /// Takes an amount out of a container, as soon as it is there.
    ///
    /// # Panics
    /// When the process at work waits for something already.
    pub fn draw(&mut self, key: ContainerKey, amount: u64) {
        let place = self.place(amount);
        self.things.containers[key].takers.push(place);
        self.settle_container(key);
    }

    /// Puts an amount into a container, as soon as there is room.
    ///
    /// # Panics
    /// When the process at work waits for something already.
    pub fn fill(&mut self, key: ContainerKey, amount: u64) {
        let place = self.place(amount);
        self.things.containers[key].givers.push(place);
        self.settle_container(key);
    }

    pub(super) fn settle_container(&mut self, key: ContainerKey) {
        loop {
            let container = &mut self.things.containers[key];
            let (level, capacity) = (container.level, container.capacity);
            // What an interrupted process gives back may be more than there is room for.
            let room = capacity.saturating_sub(level);
            if let Some(place) = next(&mut container.givers, &self.slots, |it| it.wish <= room) {
                container.level += place.wish;
                self.send(place.owner, Wake::Filled(key));
            } else if let Some(place) =
                next(&mut container.takers, &self.slots, |it| it.wish <= level)
            {
                container.level -= place.wish;
                self.send(place.owner, Wake::Drawn(key, place.wish));
            } else {
                return;
            }
        }
    }
}

/// The first who still waits, if its wish can be met; nobody overtakes it.
fn next(line: &mut WaitingLine, slots: &[Slot], can_be: impl Fn(&Place) -> bool) -> Option<Place> {
    while let Some(first) = line.first() {
        if !is_waiting(slots, first) {
            line.pop();
        } else if can_be(first) {
            return line.pop();
        } else {
            return None;
        }
    }
    None
}
