//! The profile of a resource: what the tasks use for sure, as a step function of time.
//!
//! A task whose latest start lies before its earliest end uses its demand in between, whatever the
//! search decides. The orders by start and by end are kept from call to call, so that sorting them
//! again costs O(n) while little has moved, and O(n log n) after a jump.
//!
//! **Source:** Abderrahmane Aggoun, Nicolas Beldiceanu (1993), for compulsory parts; Steven Gay,
//! Renaud Hartert, Pierre Schaus, *Simple and scalable time-table filtering* (CP 2015), for the
//! profile as a list of rectangles.

use crate::atom::Value;

/// A stretch of time in which the same amount is used for sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rectangle {
    pub(crate) start: Value,
    pub(crate) end: Value,
    pub(crate) height: Value,
}

/// What one task uses for sure: `[start, end)`, nothing if that is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) start: Value,
    pub(crate) end: Value,
    pub(crate) demand: Value,
}

/// Rectangles of positive height by time.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    rectangles: Vec<Rectangle>,
    by_start: Vec<u32>,
    by_end: Vec<u32>,
    highest: Value,
}

impl Profile {
    /// An empty profile of so many tasks.
    pub(crate) fn new(count: usize) -> Self {
        let order: Vec<u32> = (0..count as u32).collect();
        Profile {
            rectangles: Vec::with_capacity(2 * count),
            by_start: order.clone(),
            by_end: order,
            highest: 0,
        }
    }

    /// Computes the profile anew.
    pub(crate) fn build(&mut self, parts: &[Part]) {
        self.rectangles.clear();
        self.highest = 0;
        sort_nearly_sorted(&mut self.by_start, |task| parts[task as usize].start);
        sort_nearly_sorted(&mut self.by_end, |task| parts[task as usize].end);
        let is_some = |&task: &u32| parts[task as usize].start < parts[task as usize].end;
        let mut starts = self.by_start.iter().copied().filter(is_some).peekable();
        let mut ends = self.by_end.iter().copied().filter(is_some).peekable();
        let mut height = 0;
        let mut time = Value::MIN;
        while let Some(&ending) = ends.peek() {
            let end = parts[ending as usize].end;
            let next = match starts.peek() {
                Some(&starting) => parts[starting as usize].start.min(end),
                None => end,
            };
            if height > 0 && next > time {
                self.rectangles.push(Rectangle { start: time, end: next, height });
                self.highest = self.highest.max(height);
            }
            time = next;
            while let Some(task) = starts.next_if(|&task| parts[task as usize].start == time) {
                height += parts[task as usize].demand;
            }
            while let Some(task) = ends.next_if(|&task| parts[task as usize].end == time) {
                height -= parts[task as usize].demand;
            }
        }
    }

    /// Largest height.
    pub(crate) fn highest(&self) -> Value {
        self.highest
    }

    /// Rectangles by time.
    pub(crate) fn rectangles(&self) -> &[Rectangle] {
        &self.rectangles
    }

    /// Number of rectangles.
    pub(crate) fn len(&self) -> usize {
        self.rectangles.len()
    }

    /// A rectangle by its place in a direction of time.
    #[inline]
    pub(crate) fn rectangle(&self, direction: usize, place: usize) -> Rectangle {
        if direction == 0 {
            return self.rectangles[place];
        }
        let Rectangle { start, end, height } = self.rectangles[self.rectangles.len() - 1 - place];
        Rectangle { start: -end, end: -start, height }
    }

    /// Place of the first rectangle that ends after `time`, in a direction of time.
    #[inline]
    pub(crate) fn first_after(&self, direction: usize, time: Value) -> usize {
        if direction == 0 {
            self.rectangles.partition_point(|rectangle| rectangle.end <= time)
        } else {
            let before = self.rectangles.partition_point(|rectangle| -rectangle.start > time);
            self.rectangles.len() - before
        }
    }
}

/// Sorts by insertion while that is cheap, anew if it is not.
pub(crate) fn sort_nearly_sorted(order: &mut [u32], key: impl Fn(u32) -> Value) {
    let mut moves_left = 8 * order.len();
    for place in 1..order.len() {
        let task = order[place];
        let value = key(task);
        let mut hole = place;
        while hole > 0 && key(order[hole - 1]) > value {
            order[hole] = order[hole - 1];
            hole -= 1;
        }
        order[hole] = task;
        let moves = place - hole;
        if moves > moves_left {
            order.sort_unstable_by_key(|&task| (key(task), task));
            return;
        }
        moves_left -= moves;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    #[test]
    fn the_profile_is_the_sum_of_its_parts() {
        let mut stream = Seed::new(5).stream("profile");
        let mut profile = Profile::new(6);
        for _ in 0..200 {
            let parts: Vec<Part> = (0..6)
                .map(|_| {
                    let start = stream.below(8) as Value;
                    let end = start + stream.below(5) as Value - 1;
                    Part { start, end, demand: 1 + stream.below(3) as Value }
                })
                .collect();
            profile.build(&parts);
            for time in -1..14 {
                let used: Value = parts
                    .iter()
                    .filter(|part| part.start <= time && time < part.end)
                    .map(|part| part.demand)
                    .sum();
                let found: Value = profile
                    .rectangles()
                    .iter()
                    .filter(|rectangle| rectangle.start <= time && time < rectangle.end)
                    .map(|rectangle| rectangle.height)
                    .sum();
                assert_eq!(used, found);
                for direction in 0..2 {
                    let place = profile.first_after(direction, time);
                    let ends_after = |place| profile.rectangle(direction, place).end > time;
                    assert!(place == profile.len() || ends_after(place));
                    assert!(place == 0 || !ends_after(place - 1));
                }
            }
        }
    }
}
