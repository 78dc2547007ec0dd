//! Usage of one resource over time, with earliest-fit queries.
//!
//! The profile is a list of segments with constant usage, equal neighbors merged, cut into chunks
//! of bounded length; two tournament trees over the chunks know the least usage and the longest
//! unused segment of each. Finding a point, the next segment with room, or the next unused gap that
//! is long enough (all that a machine asks) is O(log n); on a renewable it is O(log n) for each
//! stretch with room that proves too short. Placing or taking back a task is O(log n + segments
//! under it). A chunk that overflows is cut in two, O(n / B) once per B insertions. Small profiles
//! are a single flat chunk: no tree, no pointers, which makes generation in local search fast.
//!
//! **Source:** profiles as step functions: Kolisch, Hartmann 1999, section 2.

use ordine_base::{Demand, Interval, Ticks, Time};

const CHUNK_MAX: usize = 128;

/// Usage of one resource over time.
#[derive(Clone, Debug)]
pub struct Timeline {
    capacity: i64,
    chunks: Vec<Chunk>,
    /// Least usage of each chunk.
    usage_tree: Tournament,
    /// Longest unused segment of each chunk, negated; kept for capacity 1 only.
    gap_tree: Tournament,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    starts: Vec<i64>,
    usages: Vec<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    chunk: usize,
    segment: usize,
}

impl Timeline {
    /// An unused resource of this capacity.
    pub fn new(capacity: Demand) -> Self {
        let first = Chunk { starts: vec![i64::MIN], usages: vec![0] };
        Timeline {
            capacity: capacity.get(),
            chunks: vec![first],
            usage_tree: Tournament::default(),
            gap_tree: Tournament::default(),
        }
    }

    /// Takes everything back; keeps the memory.
    pub fn clear(&mut self) {
        self.chunks.truncate(1);
        self.chunks[0].starts.truncate(1);
        self.chunks[0].starts[0] = i64::MIN;
        self.chunks[0].usages.truncate(1);
        self.chunks[0].usages[0] = 0;
    }

    /// Usage at `time`.
    pub fn usage(&self, time: Time) -> Demand {
        let at = self.locate(time.get());
        Demand::new(self.chunks[at.chunk].usages[at.segment])
    }

    /// Earliest start, not before `from`, at which `demand` fits for `duration`.
    ///
    /// Nothing that takes no time or needs nothing ever waits.
    ///
    /// # Panics
    /// When the demand exceeds the capacity: sealing leaves no such mode usable.
    pub fn earliest(&self, from: Time, duration: Ticks, demand: Demand) -> Time {
        if duration <= Ticks::ZERO || demand <= Demand::ZERO {
            return from;
        }
        assert!(demand.get() <= self.capacity, "a usable mode fits into an unused resource");
        let room = self.capacity - demand.get();
        if self.capacity == 1 {
            return Time::new(self.earliest_gap(from.get(), duration.get()));
        }
        let mut start = from.get();
        let mut at = self.locate(start);
        loop {
            let chunk = &self.chunks[at.chunk];
            if chunk.usages[at.segment] > room {
                at = self.next_with_room(at, room);
                start = self.chunks[at.chunk].starts[at.segment];
                continue;
            }
            match self.following(at) {
                None => return Time::new(start),
                Some(next) => {
                    let free_until = self.chunks[next.chunk].starts[next.segment];
                    if free_until - start >= duration.get() {
                        return Time::new(start);
                    }
                    at = next;
                }
            }
        }
    }

    /// Start of the first unused stretch of `duration` ticks, not before `from`.
    fn earliest_gap(&self, from: i64, duration: i64) -> i64 {
        let at = self.locate(from);
        if let Some(start) = self.gap_in(at, from, duration) {
            return start;
        }
        let chunk = self.gap_tree.next_at_most(at.chunk + 1, -duration);
        let chunk = chunk.expect("the last segment of a timeline is unused and endless");
        let start = self.gap_in(Position { chunk, segment: 0 }, from, duration);
        start.expect("the tree knows the longest gap of each chunk")
    }

    /// The same within one chunk, from a segment on.
    fn gap_in(&self, at: Position, from: i64, duration: i64) -> Option<i64> {
        let chunk = &self.chunks[at.chunk];
        (at.segment..chunk.starts.len()).find_map(|segment| {
            let start = chunk.starts[segment].max(from);
            let fits = chunk.usages[segment] == 0
                && self.segment_end(at.chunk, segment).saturating_sub(start) >= duration;
            fits.then_some(start)
        })
    }

    #[inline]
    fn segment_end(&self, chunk: usize, segment: usize) -> i64 {
        let own = self.chunks[chunk].starts.get(segment + 1);
        let next = || self.chunks.get(chunk + 1).map_or(i64::MAX, |next| next.starts[0]);
        own.copied().unwrap_or_else(next)
    }

    /// Adds `demand` to the usage over `interval`.
    pub fn reserve(&mut self, interval: Interval, demand: Demand) {
        self.add(interval, demand.get());
    }

    /// Takes `demand` back over `interval`.
    pub fn release(&mut self, interval: Interval, demand: Demand) {
        self.add(interval, -demand.get());
    }

    fn add(&mut self, interval: Interval, amount: i64) {
        if interval.is_empty() || amount == 0 {
            return;
        }
        let (start, end) = (interval.start.get(), interval.end.get());
        if self.chunks.len() == 1 && self.chunks[0].starts.len() + 2 <= CHUNK_MAX {
            return self.chunks[0].add(start, end, amount);
        }
        self.split(start);
        self.split(end);
        let mut at = self.locate(start);
        loop {
            let chunk = &mut self.chunks[at.chunk];
            while at.segment < chunk.starts.len() && chunk.starts[at.segment] < end {
                chunk.usages[at.segment] += amount;
                at.segment += 1;
            }
            let inside = at.segment < chunk.starts.len();
            let next = self.chunks.get(at.chunk + 1);
            if inside || next.is_none_or(|next| next.starts[0] >= end) {
                break;
            }
            at = Position { chunk: at.chunk + 1, segment: 0 };
        }
        self.merge(start);
        self.merge(end);
        self.refresh(start, end);
    }

    /// Makes `time` the start of a segment.
    fn split(&mut self, time: i64) {
        let at = self.locate(time);
        let chunk = &mut self.chunks[at.chunk];
        if chunk.starts[at.segment] == time {
            return;
        }
        let usage = chunk.usages[at.segment];
        chunk.starts.insert(at.segment + 1, time);
        chunk.usages.insert(at.segment + 1, usage);
        if chunk.starts.len() > CHUNK_MAX {
            let starts = chunk.starts.split_off(CHUNK_MAX / 2);
            let usages = chunk.usages.split_off(CHUNK_MAX / 2);
            self.chunks.insert(at.chunk + 1, Chunk { starts, usages });
            self.rebuild_trees();
        }
    }

    /// Removes the border at `time` when the usage is the same on both sides.
    fn merge(&mut self, time: i64) {
        let at = self.locate(time);
        if self.chunks[at.chunk].starts[at.segment] != time {
            return;
        }
        let usage = self.chunks[at.chunk].usages[at.segment];
        let before = match (at.segment, at.chunk) {
            (0, 0) => None,
            (0, chunk) => self.chunks[chunk - 1].usages.last(),
            (segment, chunk) => Some(&self.chunks[chunk].usages[segment - 1]),
        };
        if before == Some(&usage) {
            let chunk = &mut self.chunks[at.chunk];
            chunk.starts.remove(at.segment);
            chunk.usages.remove(at.segment);
            if chunk.starts.is_empty() {
                self.chunks.remove(at.chunk);
                self.rebuild_trees();
            }
        }
    }

    #[inline]
    fn locate(&self, time: i64) -> Position {
        let chunk = if self.chunks.len() == 1 {
            0
        } else {
            self.chunks.partition_point(|chunk| chunk.starts[0] <= time) - 1
        };
        let segment = self.chunks[chunk].starts.partition_point(|&start| start <= time) - 1;
        Position { chunk, segment }
    }

    #[inline]
    fn following(&self, at: Position) -> Option<Position> {
        if at.segment + 1 < self.chunks[at.chunk].starts.len() {
            return Some(Position { segment: at.segment + 1, ..at });
        }
        (at.chunk + 1 < self.chunks.len()).then_some(Position { chunk: at.chunk + 1, segment: 0 })
    }

    /// The first segment after `at` with usage at most `room`; the last one is always unused.
    fn next_with_room(&self, at: Position, room: i64) -> Position {
        let rest = &self.chunks[at.chunk].usages[at.segment + 1..];
        if let Some(steps) = rest.iter().position(|&usage| usage <= room) {
            return Position { segment: at.segment + 1 + steps, ..at };
        }
        let chunk = self.usage_tree.next_at_most(at.chunk + 1, room);
        let chunk = chunk.expect("the last segment of a timeline is unused");
        let segment = self.chunks[chunk].usages.iter().position(|&usage| usage <= room);
        let segment = segment.expect("the tree knows the least usage of each chunk");
        Position { chunk, segment }
    }

    /// Tells the trees about the chunks that a change over `[start, end)` touched.
    fn refresh(&mut self, start: i64, end: i64) {
        if self.chunks.len() == 1 {
            return;
        }
        // Where a chunk begins is where the last segment of the one before ends.
        let first = self.locate(start).chunk.saturating_sub(1);
        for chunk in first..=self.locate(end).chunk {
            self.usage_tree.set(chunk, self.chunks[chunk].least());
            if self.capacity == 1 {
                self.gap_tree.set(chunk, -self.longest_gap(chunk));
            }
        }
    }

    fn rebuild_trees(&mut self) {
        if self.chunks.len() == 1 {
            return;
        }
        self.usage_tree.rebuild(self.chunks.iter().map(Chunk::least));
        if self.capacity == 1 {
            let mut gap_tree = std::mem::take(&mut self.gap_tree);
            gap_tree.rebuild((0..self.chunks.len()).map(|chunk| -self.longest_gap(chunk)));
            self.gap_tree = gap_tree;
        }
    }

    fn longest_gap(&self, chunk: usize) -> i64 {
        let Chunk { starts, usages } = &self.chunks[chunk];
        let unused = (0..starts.len()).filter(|&segment| usages[segment] == 0);
        let lengths =
            unused.map(|segment| self.segment_end(chunk, segment).saturating_sub(starts[segment]));
        lengths.max().unwrap_or(0)
    }
}

impl Chunk {
    /// Adds `amount` over `[start, end)`: one search, one walk.
    fn add(&mut self, start: i64, end: i64, amount: i64) {
        let (starts, usages) = (&mut self.starts, &mut self.usages);
        let mut at = starts.partition_point(|&border| border <= start) - 1;
        if starts[at] < start {
            at += 1;
            starts.insert(at, start);
            usages.insert(at, usages[at - 1]);
        }
        let first = at;
        while at < starts.len() && starts[at] < end {
            if starts.get(at + 1).is_none_or(|&next| next > end) {
                starts.insert(at + 1, end);
                usages.insert(at + 1, usages[at]);
            }
            usages[at] += amount;
            at += 1;
        }
        if usages[at - 1] == usages[at] {
            starts.remove(at);
            usages.remove(at);
        }
        if first > 0 && usages[first - 1] == usages[first] {
            starts.remove(first);
            usages.remove(first);
        }
    }

    fn least(&self) -> i64 {
        self.usages.iter().copied().min().expect("a chunk has a segment")
    }
}

/// Least value per chunk, as a complete binary tree: leaf `i` sits at `leaves + i`.
#[derive(Clone, Debug, Default)]
struct Tournament {
    leaves: usize,
    least: Vec<i64>,
}

impl Tournament {
    fn rebuild(&mut self, values: impl ExactSizeIterator<Item = i64>) {
        self.leaves = values.len().next_power_of_two();
        self.least.clear();
        self.least.resize(2 * self.leaves, i64::MAX);
        for (position, value) in values.enumerate() {
            self.least[self.leaves + position] = value;
        }
        for node in (1..self.leaves).rev() {
            self.least[node] = self.least[2 * node].min(self.least[2 * node + 1]);
        }
    }

    fn set(&mut self, position: usize, value: i64) {
        let mut node = self.leaves + position;
        self.least[node] = value;
        while node > 1 {
            node /= 2;
            self.least[node] = self.least[2 * node].min(self.least[2 * node + 1]);
        }
    }

    /// First leaf from `position` on with a value of at most `limit`.
    fn next_at_most(&self, position: usize, limit: i64) -> Option<usize> {
        if position >= self.leaves {
            return None;
        }
        let mut node = self.leaves + position;
        while self.least[node] > limit {
            // Climb while a right child, then step to the right neighbor.
            while node % 2 == 1 {
                node /= 2;
            }
            if node == 0 {
                return None;
            }
            node += 1;
            if node.is_power_of_two() {
                return None;
            }
        }
        while node < self.leaves {
            node *= 2;
            if self.least[node] > limit {
                node += 1;
            }
        }
        Some(node - self.leaves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    /// The naive twin: usage per tick.
    fn naive_earliest(usage: &[i64], room: i64, from: usize, duration: usize) -> usize {
        (from..)
            .find(|&start| {
                (start..start + duration)
                    .all(|tick| usage.get(tick).is_none_or(|&used| used <= room))
            })
            .expect("far away everything is free")
    }

    fn compare_with_naive(capacity: i64, tasks: usize, horizon: usize, seed: u64) {
        let mut stream = Seed::new(seed).stream("timeline");
        let mut timeline = Timeline::new(Demand::new(capacity));
        let mut usage = vec![0; 4 * horizon];
        let mut placed: Vec<(Interval, i64)> = Vec::new();
        for _ in 0..tasks {
            if !placed.is_empty() && stream.chance(0.3) {
                let (interval, demand) = placed.swap_remove(stream.below(placed.len()));
                timeline.release(interval, Demand::new(demand));
                let range = interval.start.get() as usize..interval.end.get() as usize;
                usage[range].iter_mut().for_each(|used| *used -= demand);
            }
            let (from, duration) = (stream.below(horizon), 1 + stream.below(9));
            let demand = 1 + stream.below(capacity as usize) as i64;
            let found = timeline.earliest(
                Time::new(from as i64),
                Ticks::new(duration as i64),
                Demand::new(demand),
            );
            let expected = naive_earliest(&usage, capacity - demand, from, duration);
            assert_eq!(found.get(), expected as i64);
            if expected + duration > usage.len() {
                continue;
            }
            let interval = Interval::new(found, found + Ticks::new(duration as i64));
            timeline.reserve(interval, Demand::new(demand));
            usage[expected..expected + duration].iter_mut().for_each(|used| *used += demand);
            placed.push((interval, demand));
        }
        for (tick, &used) in usage.iter().enumerate() {
            assert_eq!(timeline.usage(Time::new(tick as i64)).get(), used);
        }
        timeline.clear();
        assert_eq!(timeline.earliest(Time::new(3), Ticks::new(5), Demand::ONE), Time::new(3));
    }

    #[test]
    fn earliest_fit_agrees_with_usage_per_tick() {
        for seed in 0..40 {
            compare_with_naive(1, 60, 120, seed);
            compare_with_naive(5, 80, 60, seed);
        }
    }

    #[test]
    fn long_profiles_are_cut_into_chunks_and_still_agree() {
        compare_with_naive(1, 1500, 12_000, 1);
        compare_with_naive(3, 2500, 12_000, 2);
    }
}
