//! The slots of a machine in time order, in chunks, with the most work that fits before each.
//!
//! Finding a place is O(log n), inserting and removing O(chunk); a search for room passes whole
//! chunks in which there is none.
//!
//! **Source:** -

use ordine_base::Time;
use ordine_problem::{FamilyId, TaskId};

/// A stretch in which a task keeps the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) start: Time,
    pub(super) release: Time,
    pub(super) family: Option<FamilyId>,
    pub(super) task: TaskId,
}

/// A place among the slots: chunk and place within it; the end is the first chunk that is not.
pub(super) type Place = (usize, usize);

/// Most slots of a chunk.
const CHUNK_MAX: usize = 128;

/// Never empty.
#[derive(Clone, Debug)]
struct Chunk {
    slots: Vec<Slot>,
    /// By slot, the most work that fits between the slot before and it, in percent of a tick.
    rooms: Vec<i64>,
    widest: i64,
}

impl Chunk {
    fn last(&self) -> &Slot {
        self.slots.last().expect("a chunk is never empty")
    }

    fn measure(&mut self) {
        self.widest = self.rooms.iter().copied().max().unwrap_or(0);
    }
}

/// Slots in time order.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    chunks: Vec<Chunk>,
}

impl Slots {
    pub(super) fn clear(&mut self) {
        self.chunks.clear();
    }

    pub(super) fn end(&self) -> Place {
        (self.chunks.len(), 0)
    }

    pub(super) fn get(&self, place: Place) -> Option<&Slot> {
        self.chunks.get(place.0).map(|chunk| &chunk.slots[place.1])
    }

    pub(super) fn before(&self, place: Place) -> Option<&Slot> {
        match place.1.checked_sub(1) {
            Some(before) => Some(&self.chunks[place.0].slots[before]),
            None => place.0.checked_sub(1).map(|before| self.chunks[before].last()),
        }
    }

    pub(super) fn after(&self, place: Place) -> Place {
        match place.1 + 1 < self.chunks[place.0].slots.len() {
            true => (place.0, place.1 + 1),
            false => (place.0 + 1, 0),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.chunks.iter().flat_map(|chunk| &chunk.slots)
    }

    /// The first place at which `passed` no longer holds, as it does for all slots before.
    pub(super) fn partition_point(&self, passed: impl Fn(&Slot) -> bool) -> Place {
        let number = self.chunks.partition_point(|chunk| passed(chunk.last()));
        let within = self.chunks.get(number).map(|chunk| chunk.slots.partition_point(passed));
        (number, within.unwrap_or(0))
    }

    /// The first place from `place` on before which so much work can fit.
    pub(super) fn roomy(&self, place: Place, work: i64) -> Place {
        let Some(first) = self.chunks.get(place.0) else { return place };
        let found = |rooms: &[i64]| rooms.iter().position(|room| *room >= work);
        if let Some(passed) = found(&first.rooms[place.1..]) {
            return (place.0, place.1 + passed);
        }
        for (number, chunk) in self.chunks.iter().enumerate().skip(place.0 + 1) {
            if chunk.widest >= work {
                return (number, found(&chunk.rooms).unwrap_or(0));
            }
        }
        self.end()
    }

    /// Inserts a slot; `room` measures the work that fits between a slot, if any, and the next.
    pub(super) fn insert(
        &mut self,
        place: Place,
        slot: Slot,
        room: &dyn Fn(Option<&Slot>, &Slot) -> i64,
    ) {
        let mut place = place;
        if place == self.end() {
            match self.chunks.last() {
                Some(chunk) => place = (place.0 - 1, chunk.slots.len()),
                None => self.chunks.push(Chunk { slots: vec![], rooms: vec![], widest: 0 }),
            }
        }
        let chunk = &mut self.chunks[place.0];
        chunk.slots.insert(place.1, slot);
        chunk.rooms.insert(place.1, 0);
        self.measure(place, room);
        self.measure(self.after(place), room);
        let chunk = &mut self.chunks[place.0];
        if chunk.slots.len() > CHUNK_MAX {
            let slots = chunk.slots.split_off(CHUNK_MAX / 2);
            let rooms = chunk.rooms.split_off(CHUNK_MAX / 2);
            chunk.measure();
            let mut rest = Chunk { slots, rooms, widest: 0 };
            rest.measure();
            self.chunks.insert(place.0 + 1, rest);
        }
    }

    /// Removes the slot at a place.
    pub(super) fn remove(&mut self, place: Place, room: &dyn Fn(Option<&Slot>, &Slot) -> i64) {
        let chunk = &mut self.chunks[place.0];
        chunk.slots.remove(place.1);
        chunk.rooms.remove(place.1);
        let next = match chunk.slots.len() {
            0 => {
                self.chunks.remove(place.0);
                (place.0, 0)
            }
            count => {
                chunk.measure();
                if place.1 < count { place } else { (place.0 + 1, 0) }
            }
        };
        self.measure(next, room);
    }

    fn measure(&mut self, place: Place, room: &dyn Fn(Option<&Slot>, &Slot) -> i64) {
        let Some(slot) = self.get(place) else { return };
        let room = room(self.before(place), slot);
        let chunk = &mut self.chunks[place.0];
        chunk.rooms[place.1] = room;
        chunk.measure();
    }
}
