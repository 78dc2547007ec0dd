//! Optimum of the total tardiness by decomposition on the longest job.
//!
//! Jobs stand in order of due times. In some optimal sequence the longest job k takes a position
//! j behind which are just the jobs of positions after j, and before it the others. Position j
//! needs not be tried where the next job would be due by then, `C_k(j) >= d_{j+1}`, nor where some
//! job between could change places with it, `C_k(j) < d_r + p_r` with k < r <= j; here C_k(j) is
//! the end of k in position j. Both parts are problems of the same kind, over jobs of an interval
//! of due times no longer than some job, from some instant on: so few of them that a table
//! remembers all. Sets in which at most one job is late in order of due times, or in which the
//! longest job fits nowhere else, need no decomposition.
//!
//! Emmons's dominance of pairs forbids no further position. By theorem 1 a job b goes before a
//! where `p_b <= p_a` and `d_b <= max(p(B_a) + p_a, d_a)`, B_a being what goes before a already; a
//! position j parts them only where a is among the first j jobs and the first such b is not, and
//! then p(B_a) + p_a is at most the work up to j, hence `d_{j+1} <= d_b <= C_k(j)`: the first
//! condition. Theorems 2 and 3 put a before b where `d_a <= d_b`, which no position parts. For the
//! longest job they are the second condition.
//!
//! Pseudo-polynomial, O(n⁴ Σp); in practice a small part of that.
//!
//! **Source:** Emmons 1969; Lawler 1977; Potts, Van Wassenhove 1982; Szwarc, Grosso, Della Croce
//! 2001; memory of subproblems: Shang, T'Kindt, Della Croce 2021 (branch and memorize).

use rustc_hash::FxHashMap;

/// Bytes of an entry of the table, with its share of free places.
const ENTRY_BYTES: u64 = 48;

/// A subproblem: first and last job, longest job, and the instant at which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    first: u32,
    last: u32,
    longest: u32,
    start: i64,
}

/// The search; resumable, because what is known of subproblems is kept.
#[derive(Clone, Debug)]
pub struct Decomposition {
    /// Durations and due times in order of due times.
    jobs: Vec<(i64, i64)>,
    /// Number of each job as it was given.
    numbers: Vec<usize>,
    /// By job, its place among all by duration.
    ranks: Vec<u32>,
    /// Least tardiness of a subproblem, and the position of its longest job among its jobs.
    known: FxHashMap<Key, (i64, u32)>,
    entries_max: usize,
    nodes: u64,
    answer: Option<(i64, Vec<usize>)>,
}

/// Why a descent ended early.
struct Stopped;

impl Decomposition {
    /// A search over jobs with these durations and due times within so many bytes.
    pub fn new(jobs: &[(i64, i64)], memory: u64) -> Self {
        let mut numbers: Vec<usize> = (0..jobs.len()).collect();
        numbers.sort_by_key(|&job| (jobs[job].1, jobs[job].0, job));
        let jobs: Vec<(i64, i64)> = numbers.iter().map(|&job| jobs[job]).collect();
        let mut by_duration: Vec<usize> = (0..jobs.len()).collect();
        by_duration.sort_by_key(|&job| (jobs[job].0, job));
        let mut ranks = vec![0; jobs.len()];
        for (rank, &job) in by_duration.iter().enumerate() {
            ranks[job] = rank as u32;
        }
        Decomposition {
            jobs,
            numbers,
            ranks,
            known: FxHashMap::default(),
            entries_max: usize::try_from(memory / ENTRY_BYTES).unwrap_or(usize::MAX),
            nodes: 0,
            answer: None,
        }
    }

    /// The least tardiness and a sequence that has it, once they are known.
    pub fn answer(&self) -> Option<&(i64, Vec<usize>)> {
        self.answer.as_ref()
    }

    /// Whether the memory does not do.
    pub fn is_short_of_memory(&self) -> bool {
        self.answer.is_none() && self.known.len() >= self.entries_max
    }

    /// Works for about `budget` units (positions tried) or until `should_stop`; gives the units
    /// spent, 0 when it is done or can do no more.
    pub fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if self.answer.is_some() || self.is_short_of_memory() {
            return 0;
        }
        let before = self.nodes;
        let limit = before.saturating_add(budget.max(1));
        let all: Vec<u32> = (0..self.jobs.len() as u32).collect();
        let mut watch = Watch { limit, known_before: self.known.len(), should_stop };
        if let Ok(least) = self.least(&all, 0, &mut watch) {
            let mut sequence = Vec::with_capacity(all.len());
            self.collect(&all, 0, &mut sequence);
            self.answer = Some((least, sequence));
        }
        (self.nodes - before).max(1)
    }

    /// Least tardiness of a set of jobs, ascending, from `start` on.
    fn least(&mut self, set: &[u32], start: i64, watch: &mut Watch<'_>) -> Result<i64, Stopped> {
        if let Some(tardiness) = self.in_due_order(set, start) {
            return Ok(tardiness);
        }
        let (longest, key) = self.key(set, start);
        if let Some(&(least, _)) = self.known.get(&key) {
            return Ok(least);
        }
        let mut best = (i64::MAX, 0);
        let mut end =
            start + set[..longest].iter().map(|&job| self.jobs[job as usize].0).sum::<i64>();
        // The largest d_r + p_r between the longest job and the position.
        let mut between = i64::MIN;
        for position in longest..set.len() {
            let (duration, due) = self.jobs[set[position] as usize];
            end += duration;
            if position > longest {
                between = between.max(due + duration);
            }
            let next_due = set.get(position + 1).map(|&job| self.jobs[job as usize].1);
            if next_due.is_some_and(|due| end >= due) || end < between {
                continue;
            }
            self.nodes += 1;
            // A descent ends only when it leaves something behind for the next one.
            let spent = self.nodes >= watch.limit && self.known.len() > watch.known_before;
            let full = self.known.len() >= self.entries_max;
            if spent || full || (self.nodes.is_multiple_of(1024) && (watch.should_stop)()) {
                return Err(Stopped);
            }
            let own = (end - self.jobs[set[longest] as usize].1).max(0);
            if own >= best.0 {
                continue;
            }
            let (before, after) = split(set, longest, position);
            let rest = self.least(&before, start, watch)?;
            if own + rest >= best.0 {
                continue;
            }
            let whole = own + rest + self.least(&after, end, watch)?;
            best = best.min((whole, position as u32));
        }
        self.known.insert(key, best);
        Ok(best.0)
    }

    /// The tardiness in order of due times where that is least: at most one job is late.
    fn in_due_order(&self, set: &[u32], start: i64) -> Option<i64> {
        let (mut end, mut late, mut tardiness) = (start, 0, 0);
        for &job in set {
            let (duration, due) = self.jobs[job as usize];
            end += duration;
            if end > due {
                late += 1;
                tardiness += end - due;
                if late > 1 {
                    return None;
                }
            }
        }
        Some(tardiness)
    }

    /// Position of the longest job of a set, and the key of the subproblem.
    fn key(&self, set: &[u32], start: i64) -> (usize, Key) {
        let places = 0..set.len();
        let longest = places.max_by_key(|&place| self.ranks[set[place] as usize]);
        let longest = longest.expect("a set in which two jobs are late is not empty");
        let (first, last) = (set[0], set[set.len() - 1]);
        (longest, Key { first, last, longest: set[longest], start })
    }

    /// The jobs of a set whose least tardiness is known, in an optimal order.
    fn collect(&self, set: &[u32], start: i64, sequence: &mut Vec<usize>) {
        if self.in_due_order(set, start).is_some() {
            sequence.extend(set.iter().map(|&job| self.numbers[job as usize]));
            return;
        }
        let (longest, key) = self.key(set, start);
        let position = self.known[&key].1 as usize;
        let (before, after) = split(set, longest, position);
        self.collect(&before, start, sequence);
        sequence.push(self.numbers[set[longest] as usize]);
        let work = |&job: &u32| self.jobs[job as usize].0;
        let end = start + set[..=position].iter().map(work).sum::<i64>();
        self.collect(&after, end, sequence);
    }
}

/// When a descent gives up for now.
struct Watch<'a> {
    limit: u64,
    /// Subproblems that were known when it began.
    known_before: usize,
    should_stop: &'a mut dyn FnMut() -> bool,
}

/// What stands before and behind the longest job in this position.
fn split(set: &[u32], longest: usize, position: usize) -> (Vec<u32>, Vec<u32>) {
    let mut before = set[..=position].to_vec();
    before.remove(longest);
    (before, set[position + 1..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::super::subset_optimum;
    use super::*;
    use ordine_base::Seed;
    use ordine_ls::SequenceJob;

    #[test]
    fn decomposition_finds_what_the_table_of_all_sets_says() {
        for seed in 0..3_000 {
            let mut stream = Seed::new(seed).stream("jobs");
            let count = 1 + stream.below(10);
            // Small numbers give many ties, among durations and among due times.
            let (longest, latest) = (1 + stream.below(12), 1 + stream.below(60));
            let mut draw = |bound: usize| stream.below(bound) as i64;
            let jobs: Vec<(i64, i64)> =
                (0..count).map(|_| (draw(longest + 1), draw(latest) - 2)).collect();
            let costs: Vec<SequenceJob> = jobs
                .iter()
                .map(|&(duration, due)| SequenceJob { duration, due, weight: 1, rate: 0 })
                .collect();
            let (least, _) = subset_optimum(&costs).expect("few jobs");
            let mut search = Decomposition::new(&jobs, 1 << 20);
            while search.advance(7, &mut || false) > 0 {}
            let (found, sequence) = search.answer().expect("small").clone();
            assert_eq!(found, least, "seed {seed}: {jobs:?}");
            let mut end = 0;
            let late = sequence.iter().map(|&job| {
                end += jobs[job].0;
                (end - jobs[job].1).max(0)
            });
            assert_eq!(late.sum::<i64>(), least, "seed {seed}: {sequence:?}");
        }
    }
}
