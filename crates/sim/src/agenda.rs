//! The agenda of a simulation: events ordered by (time, priority, sequence) and by nothing else.
//!
//! A 4-ary heap of small keys over a slab that holds the events. An event that is taken back leaves
//! an empty key behind, which is dropped when it comes up, or when half of the keys are empty.
//! O(log n) to schedule and to pop, O(1) amortized to cancel; no allocation once the arrays have
//! grown to the largest number of pending events.
//!
//! **Source:** LaMarca, Ladner 1996 (d-ary heaps and caches); the total order is that of SimPy.

use ordine_base::{Ticks, Time};

/// Which of two events at one instant goes first: the smaller priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(i8);

impl Priority {
    /// Before everything else at its instant.
    pub const URGENT: Priority = Priority(-64);
    /// The usual one.
    pub const NORMAL: Priority = Priority(0);
    /// After everything else at its instant: decisions, once all news is in.
    pub const LATE: Priority = Priority(64);

    /// The priority with this number; smaller goes first.
    pub const fn new(number: i8) -> Self {
        Priority(number)
    }

    /// The plain number.
    pub const fn get(self) -> i8 {
        self.0
    }
}

/// An event that was scheduled; it stays unique after the event has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    slot: u32,
    generation: u32,
}

/// What is going to happen, in order.
///
/// ```
/// use ordine_base::{Ticks, Time};
/// use ordine_sim::{Agenda, Priority};
///
/// let mut agenda = Agenda::new();
/// agenda.after(Ticks::new(5), "lunch");
/// let meeting = agenda.after(Ticks::new(3), "meeting");
/// agenda.schedule(Time::new(5), Priority::URGENT, "phone call");
/// agenda.cancel(meeting);
/// assert_eq!(agenda.pop(), Some((Time::new(5), "phone call")));
/// assert_eq!(agenda.pop(), Some((Time::new(5), "lunch")));
/// assert_eq!(agenda.pop(), None);
/// ```
#[derive(Clone, Debug)]
pub struct Agenda<E> {
    heap: Vec<Key>,
    slots: Vec<Slot<E>>,
    free: u32,
    sequence: u64,
    now: Time,
    cancelled: usize,
}

/// Where an event stands in the order, and which slot holds it.
#[derive(Clone, Copy, Debug)]
struct Key {
    time: i64,
    /// Priority in the upper 8 bits, sequence number below.
    order: u64,
    slot: u32,
}

impl Key {
    /// Both as one number, so that keys are compared without a branch.
    #[inline]
    fn rank(&self) -> u128 {
        u128::from((self.time as u64) ^ (1 << 63)) << 64 | u128::from(self.order)
    }

    #[inline]
    fn before(&self, other: &Key) -> bool {
        self.rank() < other.rank()
    }
}

#[derive(Clone, Debug)]
struct Slot<E> {
    generation: u32,
    next_free: u32,
    event: Option<E>,
}

/// Children of a node of the heap.
const ARITY: usize = 4;
/// End of the list of free slots.
const NONE: u32 = u32::MAX;
/// Bits of the sequence number: at 10^7 events per second they last two hundred years.
const SEQUENCE_BITS: u32 = 56;
/// Empty keys are only swept out of heaps larger than this.
const SWEEP_LEAST: usize = 64;

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Agenda::new()
    }
}

impl<E> Agenda<E> {
    /// Nothing pending at the origin of time.
    pub const fn new() -> Self {
        Agenda {
            heap: Vec::new(),
            slots: Vec::new(),
            free: NONE,
            sequence: 0,
            now: Time::ORIGIN,
            cancelled: 0,
        }
    }

    /// The time of the event that was popped last.
    #[inline]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.heap.len() - self.cancelled
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of events that were ever scheduled.
    pub fn scheduled(&self) -> u64 {
        self.sequence
    }

    /// Forgets everything and goes back to the origin of time; arrays keep their size.
    pub fn clear(&mut self) {
        self.heap.clear();
        self.slots.clear();
        (self.free, self.sequence, self.now, self.cancelled) = (NONE, 0, Time::ORIGIN, 0);
    }

    /// Puts `event` on the agenda. Of events at one instant the smaller priority goes first, then
    /// the one that was scheduled first.
    ///
    /// # Panics
    /// When `time` has passed already.
    #[inline]
    pub fn schedule(&mut self, time: Time, priority: Priority, event: E) -> EventId {
        assert!(time >= self.now, "an event lies in the past: at {time}, now it is {}", self.now);
        let rank = u64::from((priority.0 as u8) ^ 0x80);
        let order = rank << SEQUENCE_BITS | self.sequence;
        self.sequence += 1;
        let id = self.store(event);
        self.heap.push(Key { time: time.get(), order, slot: id.slot });
        self.sift_up(self.heap.len() - 1);
        id
    }

    /// Puts `event` on the agenda, `delay` from now, with the usual priority.
    ///
    /// # Panics
    /// When the delay is negative.
    #[inline]
    pub fn after(&mut self, delay: Ticks, event: E) -> EventId {
        self.schedule(self.now + delay, Priority::NORMAL, event)
    }

    /// Takes an event back; `None` when it has happened or was taken back before.
    pub fn cancel(&mut self, id: EventId) -> Option<E> {
        let slot = self.slots.get_mut(id.slot as usize)?;
        if slot.generation != id.generation {
            return None;
        }
        let event = slot.event.take()?;
        // The id is worthless from here on; the slot stays taken until its key comes up.
        slot.generation = slot.generation.wrapping_add(1);
        self.cancelled += 1;
        if self.heap.len() > SWEEP_LEAST && 2 * self.cancelled > self.heap.len() {
            self.sweep();
        }
        Some(event)
    }

    /// Whether the event is still to come.
    pub fn is_pending(&self, id: EventId) -> bool {
        let slot = self.slots.get(id.slot as usize);
        slot.is_some_and(|slot| slot.generation == id.generation && slot.event.is_some())
    }

    /// The next event with its time, which becomes now; `None` when nothing is pending.
    #[inline]
    pub fn pop(&mut self) -> Option<(Time, E)> {
        loop {
            let key = self.take_first()?;
            if let Some(event) = self.release(key.slot) {
                self.now = Time::new(key.time);
                return Some((self.now, event));
            }
            self.cancelled -= 1;
        }
    }

    /// The next event, if it comes before `end`; otherwise it stays and now is left as it is.
    #[inline]
    pub fn pop_before(&mut self, end: Time) -> Option<(Time, E)> {
        match self.next_time() {
            Some(time) if time < end => self.pop(),
            _ => None,
        }
    }

    /// When the next event comes. Drops what was taken back on the way.
    #[inline]
    pub fn next_time(&mut self) -> Option<Time> {
        loop {
            let first = self.heap.first()?;
            if self.slots[first.slot as usize].event.is_some() {
                return Some(Time::new(first.time));
            }
            let key = self.take_first()?;
            self.release(key.slot);
            self.cancelled -= 1;
        }
    }

    /// Events that are still to come with their times, in no particular order.
    pub fn pending(&self) -> impl Iterator<Item = (Time, &E)> {
        self.heap.iter().filter_map(|key| {
            let event = self.slots[key.slot as usize].event.as_ref()?;
            Some((Time::new(key.time), event))
        })
    }

    /// Asks for the time of every pending event, in order, and moves it there; ids and the order at
    /// one instant stay. A fork draws anew in this way what nobody may know yet. O(n log n).
    ///
    /// # Panics
    /// When a time has passed already.
    pub fn redraw(&mut self, mut time: impl FnMut(Time, &E) -> Time) {
        self.sweep();
        self.heap.sort_unstable_by_key(|key| (key.time, key.order));
        for key in &mut self.heap {
            let event = self.slots[key.slot as usize].event.as_ref();
            let event = event.expect("empty keys were swept out");
            let moved = time(Time::new(key.time), event);
            assert!(moved >= self.now, "an event lies in the past: at {moved}");
            key.time = moved.get();
        }
        self.heap.sort_unstable_by_key(|key| (key.time, key.order));
    }

    #[inline]
    fn store(&mut self, event: E) -> EventId {
        if self.free == NONE {
            let slot = u32::try_from(self.slots.len()).ok().filter(|&slot| slot != NONE);
            let slot = slot.expect("fewer than 2^32 events are pending at once");
            self.slots.push(Slot { generation: 0, next_free: NONE, event: Some(event) });
            return EventId { slot, generation: 0 };
        }
        let index = self.free;
        let slot = &mut self.slots[index as usize];
        self.free = slot.next_free;
        slot.event = Some(event);
        EventId { slot: index, generation: slot.generation }
    }

    #[inline]
    fn release(&mut self, index: u32) -> Option<E> {
        let slot = &mut self.slots[index as usize];
        let event = slot.event.take();
        slot.generation = slot.generation.wrapping_add(1);
        slot.next_free = self.free;
        self.free = index;
        event
    }

    #[inline]
    fn take_first(&mut self) -> Option<Key> {
        let last = self.heap.pop()?;
        let Some(first) = self.heap.first_mut() else { return Some(last) };
        let first = std::mem::replace(first, last);
        self.sift_down(0);
        Some(first)
    }

    #[inline]
    fn sift_up(&mut self, mut place: usize) {
        let key = self.heap[place];
        while place > 0 {
            let parent = (place - 1) / ARITY;
            if !key.before(&self.heap[parent]) {
                break;
            }
            self.heap[place] = self.heap[parent];
            place = parent;
        }
        self.heap[place] = key;
    }

    /// Moves the hole at `place` down to a leaf, along the least children, and the key from there
    /// up to where it belongs: it came from a leaf, so that this is not far.
    #[inline]
    fn sift_down(&mut self, mut place: usize) {
        let key = self.heap[place];
        let top = place;
        loop {
            let first = ARITY * place + 1;
            let Some(children) = self.heap.get(first..first + ARITY) else { break };
            let left = usize::from(children[1].before(&children[0]));
            let right = 2 + usize::from(children[3].before(&children[2]));
            let least = if children[right].before(&children[left]) { right } else { left };
            self.heap[place] = self.heap[first + least];
            place = first + least;
        }
        let first = ARITY * place + 1;
        if let Some(children) = self.heap.get(first..)
            && let Some(least) = (0..children.len()).min_by_key(|&child| children[child].rank())
        {
            self.heap[place] = self.heap[first + least];
            place = first + least;
        }
        while place > top {
            let parent = (place - 1) / ARITY;
            if !key.before(&self.heap[parent]) {
                break;
            }
            self.heap[place] = self.heap[parent];
            place = parent;
        }
        self.heap[place] = key;
    }

    /// Drops all empty keys. O(n), after n cancellations at least.
    fn sweep(&mut self) {
        let mut kept = 0;
        for place in 0..self.heap.len() {
            let key = self.heap[place];
            if self.slots[key.slot as usize].event.is_some() {
                self.heap[kept] = key;
                kept += 1;
            } else {
                self.release(key.slot);
            }
        }
        self.heap.truncate(kept);
        self.cancelled = 0;
        for place in (0..kept.div_ceil(ARITY)).rev() {
            self.sift_down(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    /// The obvious agenda: a list, searched for its least key.
    #[derive(Default)]
    struct Twin {
        events: Vec<(Time, Priority, u64)>,
    }

    impl Twin {
        fn pop(&mut self) -> Option<(Time, u64)> {
            let least = self.events.iter().copied().min()?;
            self.events.retain(|&event| event != least);
            Some((least.0, least.2))
        }
    }

    #[test]
    fn events_come_as_from_a_sorted_list_whatever_was_taken_back() {
        for seed in 0..40 {
            let mut stream = Seed::new(seed).stream("agenda");
            let (mut agenda, mut twin) = (Agenda::new(), Twin::default());
            let mut ids = Vec::new();
            for number in 0..2_000_u64 {
                match stream.below(8) {
                    0..4 => {
                        let time = agenda.now() + Ticks::new(stream.below(20) as i64);
                        let priority = Priority::new(stream.below(3) as i8 - 1);
                        ids.push((agenda.schedule(time, priority, number), number));
                        twin.events.push((time, priority, number));
                    }
                    4..6 if !ids.is_empty() => {
                        let (id, event) = ids.swap_remove(stream.below(ids.len()));
                        let taken = twin.events.iter().position(|it| it.2 == event);
                        assert_eq!(agenda.is_pending(id), taken.is_some());
                        assert_eq!(agenda.cancel(id), taken.map(|_| event));
                        assert_eq!(agenda.cancel(id), None);
                        taken.map(|place| twin.events.remove(place));
                    }
                    _ => assert_eq!(agenda.pop(), twin.pop()),
                }
                assert_eq!(agenda.len(), twin.events.len());
            }
            let next = twin.events.iter().min().map(|event| event.0);
            assert_eq!(agenda.next_time(), next);
            while let Some(event) = twin.pop() {
                assert_eq!(agenda.pop(), Some(event));
            }
            assert!(agenda.is_empty());
        }
    }

    #[test]
    fn redrawn_events_keep_their_ids_and_their_order_at_one_instant() {
        let mut agenda = Agenda::new();
        let ids: Vec<EventId> = (0..6).map(|it| agenda.after(Ticks::new(6 - it), it)).collect();
        agenda.cancel(ids[3]);
        agenda.redraw(|time, event| if event % 2 == 0 { Time::new(9) } else { time });
        agenda.cancel(ids[4]);
        let order: Vec<i64> = std::iter::from_fn(|| agenda.pop()).map(|(_, event)| event).collect();
        assert_eq!(order, [5, 1, 0, 2]);
    }

    #[test]
    fn cancelled_events_do_not_pile_up() {
        let mut agenda = Agenda::new();
        for number in 0..100_000 {
            let id = agenda.after(Ticks::new(1_000_000), number);
            agenda.cancel(id);
        }
        assert!(agenda.heap.capacity() <= 2 * SWEEP_LEAST, "{}", agenda.heap.capacity());
        assert!(agenda.slots.len() <= 2 * SWEEP_LEAST);
    }

    #[test]
    #[should_panic(expected = "an event lies in the past")]
    fn the_past_is_closed() {
        let mut agenda = Agenda::new();
        agenda.after(Ticks::new(5), ());
        agenda.pop();
        agenda.schedule(Time::new(4), Priority::NORMAL, ());
    }
}
