//! Sending rollouts to workers: balanced parts of equal size, shuffled copies, or by length.
//!
//! [`partition`] is largest differencing for k parts of equal count: every state holds k sums; the
//! two states that differ most are merged, largest part with smallest. O(B k log B).
//! [`assign_by_length`] gives the longest copy to the least loaded worker (within 4/3 of the best
//! longest load). O(W log W).
//!
//! **Source:** Karmarkar, Karp 1982 (balanced form as in trainers of sequence length); Graham 1969.

use super::error::within;
use super::{PromptId, RolloutError};
use ordine_base::{Id as _, Stream};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// What each worker gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares<T> {
    /// Things of each worker.
    pub workers: Vec<Vec<T>>,
    /// Load of each worker.
    pub loads: Vec<f64>,
}

impl<T> Shares<T> {
    /// Largest load over mean load: 1 is perfect balance.
    pub fn imbalance(&self) -> f64 {
        let total: f64 = self.loads.iter().sum();
        let largest = self.loads.iter().copied().fold(0.0, f64::max);
        if total > 0.0 { largest * self.loads.len() as f64 / total } else { 1.0 }
    }
}

/// Parts of a state, by falling sum.
#[derive(Debug)]
struct State {
    parts: Vec<(u64, Vec<PromptId>)>,
    first: u32,
}

impl State {
    fn spread(&self) -> u64 {
        self.parts[0].0 - self.parts[self.parts.len() - 1].0
    }

    fn merge(&mut self, other: State) {
        let smallest_first = other.parts.into_iter().rev();
        for (part, (sum, prompts)) in self.parts.iter_mut().zip(smallest_first) {
            part.0 += sum;
            part.1.extend(prompts);
        }
        self.parts.sort_by_key(|part| Reverse(part.0));
        self.first = self.first.min(other.first);
    }
}

impl Ord for State {
    fn cmp(&self, other: &Self) -> Ordering {
        self.spread().cmp(&other.spread()).then(other.first.cmp(&self.first))
    }
}

impl PartialOrd for State {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for State {}

/// Prompts over workers: equal counts (but for one where they do not divide), balanced rollouts.
///
/// # Errors
/// When there is no worker.
pub fn partition(units: &[u64], workers: usize) -> Result<Shares<PromptId>, RolloutError> {
    within("workers", workers as f64, workers > 0, "a whole number above 0")?;
    let mut order: Vec<PromptId> = (0..units.len()).map(PromptId::from_index).collect();
    order.sort_by_key(|prompt| (Reverse(units[prompt.index()]), *prompt));
    let mut heap: BinaryHeap<State> = order
        .chunks(workers)
        .enumerate()
        .map(|(first, chunk)| {
            let one = |prompt: &PromptId| (units[prompt.index()], vec![*prompt]);
            let mut parts: Vec<_> = chunk.iter().map(one).collect();
            parts.resize_with(workers, || (0, vec![]));
            State { parts, first: first as u32 }
        })
        .collect();
    while heap.len() > 1 {
        let (one, other) = (heap.pop(), heap.pop());
        let (mut one, other) = one.zip(other).expect("two states are there");
        one.merge(other);
        heap.push(one);
    }
    let parts = heap.pop().map_or_else(|| vec![(0, vec![]); workers], |state| state.parts);
    let loads = parts.iter().map(|part| part.0 as f64).collect();
    let mut workers: Vec<Vec<PromptId>> = parts.into_iter().map(|part| part.1).collect();
    workers.iter_mut().for_each(|prompts| prompts.sort_unstable());
    Ok(Shares { workers, loads })
}

/// Every copy of every prompt, shuffled and dealt out in equal numbers (but for one).
///
/// # Errors
/// When there is no worker.
pub fn shuffled_copies(
    units: &[u64],
    workers: usize,
    stream: &mut Stream,
) -> Result<Shares<PromptId>, RolloutError> {
    within("workers", workers as f64, workers > 0, "a whole number above 0")?;
    let mut copies = all_copies(units);
    stream.shuffle(&mut copies);
    let mut shares = Shares { workers: vec![vec![]; workers], loads: vec![0.0; workers] };
    for (place, prompt) in copies.into_iter().enumerate() {
        shares.workers[place % workers].push(prompt);
        shares.loads[place % workers] += 1.0;
    }
    Ok(shares)
}

/// Every copy to the worker that is least loaded, longest first, so that long prompts with many
/// rollouts do not form the tail.
///
/// # Errors
/// When there is no worker, lists differ in length, or a length is negative.
pub fn assign_by_length(
    units: &[u64],
    lengths: &[f64],
    workers: usize,
) -> Result<Shares<PromptId>, RolloutError> {
    within("workers", workers as f64, workers > 0, "a whole number above 0")?;
    let (found, expected) = (lengths.len(), units.len());
    if found != expected {
        return Err(RolloutError::Count { name: "lengths", found, expected });
    }
    for &length in lengths {
        within("length", length, length >= 0.0, "a finite number from 0 up")?;
    }
    let mut copies = all_copies(units);
    copies.sort_by(|one, other| lengths[other.index()].total_cmp(&lengths[one.index()]));
    let mut shares = Shares { workers: vec![vec![]; workers], loads: vec![0.0; workers] };
    let mut idle: BinaryHeap<Reverse<(u64, usize)>> =
        (0..workers).map(|worker| Reverse((0, worker))).collect();
    for prompt in copies {
        let Reverse((_, worker)) = idle.pop().expect("there is a worker");
        shares.workers[worker].push(prompt);
        shares.loads[worker] += lengths[prompt.index()];
        // Bits of floats from 0 up order as the floats do.
        idle.push(Reverse((shares.loads[worker].to_bits(), worker)));
    }
    Ok(shares)
}

fn all_copies(units: &[u64]) -> Vec<PromptId> {
    let each = units.iter().enumerate();
    each.flat_map(|(prompt, &count)| (0..count).map(move |_| PromptId::from_index(prompt)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    #[test]
    fn parts_have_equal_counts_and_close_sums() {
        let mut stream = Seed::new(2).stream("units");
        let units: Vec<u64> = (0..256).map(|_| 2 + stream.below(60) as u64).collect();
        let shares = partition(&units, 8).expect("workers");
        assert!(shares.workers.iter().all(|prompts| prompts.len() == 32));
        assert!(shares.imbalance() < 1.005, "{}", shares.imbalance());
        let mut all: Vec<PromptId> = shares.workers.concat();
        all.sort_unstable();
        assert_eq!(all, (0..256).map(PromptId::from_index).collect::<Vec<_>>());
        let odd = partition(&units[..13], 4).expect("workers");
        let sizes: Vec<usize> = odd.workers.iter().map(Vec::len).collect();
        assert!(sizes.iter().all(|size| (3..=4).contains(size)), "{sizes:?}");
    }

    #[test]
    fn every_copy_is_sent_once() {
        let units = [3, 0, 5, 1];
        let mut stream = Seed::new(2).stream("copies");
        let shuffled = shuffled_copies(&units, 3, &mut stream).expect("workers");
        let by_length = assign_by_length(&units, &[9.0, 1.0, 2.0, 30.0], 3).expect("workers");
        for shares in [&shuffled, &by_length] {
            for (prompt, &count) in units.iter().enumerate() {
                let sent = shares.workers.iter().flatten();
                assert_eq!(sent.filter(|it| it.index() == prompt).count() as u64, count);
            }
        }
        assert_eq!(by_length.loads.iter().copied().fold(0.0, f64::max), 30.0);
        assert!(partition(&units, 0).is_err());
        assert!(assign_by_length(&units, &[1.0], 2).is_err());
        assert_eq!(partition(&[], 2).expect("workers").loads, [0.0, 0.0]);
    }
}
