//! Cliques of tasks that can never run together, across all resources.
//!
//! Two tasks are disjoint when some resource cannot hold both (`demand_i + demand_j > capacity`),
//! when they share a machine, or when one must precede the other. Tasks that are pairwise disjoint
//! behave like tasks of one machine, though no single resource says so; what a machine infers from
//! them ([`super::Sequence`]) no cumulative does.
//!
//! Finding all maximal cliques is exponential. Here every pair lies in at least one clique that is
//! found: from the pair of the most work that none covers yet, the clique grows by the task with
//! the most work until no task is disjoint from all of it. O(cliques · n²/64).
//!
//! **Source:** Philippe Baptiste, Claude Le Pape, Wim Nuijten, *Constraint-based scheduling*
//! (2001), section 5; Konstantin Sidorov, Imko Marijnissen, Emir Demirović (CP 2025), for cliques
//! across constraints.

use crate::atom::Value;

/// Which of a number of tasks can never run together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disjoint {
    count: usize,
    words: usize,
    rows: Vec<u64>,
}

impl Disjoint {
    /// No pair of so many tasks.
    pub fn new(count: usize) -> Self {
        let words = count.div_ceil(64);
        Disjoint { count, words, rows: vec![0; count * words] }
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Two tasks never run together. A task is not disjoint from itself.
    ///
    /// # Panics
    /// When a task is out of range.
    pub fn add(&mut self, first: usize, second: usize) {
        assert!(first < self.count && second < self.count, "a task out of range");
        if first != second {
            self.rows[first * self.words + second / 64] |= 1 << (second % 64);
            self.rows[second * self.words + first / 64] |= 1 << (first % 64);
        }
    }

    /// All pairs that one resource cannot hold together, given each task and its least demand. A
    /// machine is a resource of capacity 1.
    pub fn add_resource(&mut self, demands: &[(usize, Value)], capacity: Value) {
        for (place, &(first, demand)) in demands.iter().enumerate() {
            for &(second, other) in &demands[..place] {
                if demand + other > capacity {
                    self.add(first, second);
                }
            }
        }
    }

    /// Whether two tasks never run together.
    pub fn contains(&self, first: usize, second: usize) -> bool {
        self.rows[first * self.words + second / 64] >> (second % 64) & 1 == 1
    }

    fn row(&self, task: usize) -> &[u64] {
        &self.rows[task * self.words..(task + 1) * self.words]
    }

    /// Maximal cliques that together contain every pair, each sorted; the heaviest pairs first.
    /// `work` is the duration of each task.
    ///
    /// # Panics
    /// When there is not one duration per task.
    pub fn maximal_cliques(&self, work: &[Value]) -> Vec<Vec<usize>> {
        assert_eq!(work.len(), self.count, "a duration per task");
        let mut pairs: Vec<(usize, usize)> = (0..self.count)
            .flat_map(|first| (0..first).map(move |second| (first, second)))
            .filter(|&(first, second)| self.contains(first, second))
            .collect();
        pairs.sort_by_key(|&(first, second)| std::cmp::Reverse(work[first] + work[second]));
        let mut heaviest: Vec<usize> = (0..self.count).collect();
        heaviest.sort_by_key(|&task| std::cmp::Reverse(work[task]));
        let mut covered = Disjoint::new(self.count);
        let mut cliques = Vec::new();
        for (first, second) in pairs {
            if covered.contains(first, second) {
                continue;
            }
            let clique = self.grow(first, second, &heaviest, &covered);
            for (place, &one) in clique.iter().enumerate() {
                for &other in &clique[..place] {
                    covered.add(one, other);
                }
            }
            cliques.push(clique);
        }
        cliques
    }

    /// Adds tasks to a pair until none is disjoint from all: first those that bring new pairs, then
    /// the others, the heaviest first.
    fn grow(
        &self,
        first: usize,
        second: usize,
        heaviest: &[usize],
        covered: &Disjoint,
    ) -> Vec<usize> {
        let mut clique = vec![first, second];
        let mut common: Vec<u64> =
            self.row(first).iter().zip(self.row(second)).map(|(one, other)| one & other).collect();
        for fresh in [true, false] {
            for &task in heaviest {
                let candidate = common[task / 64] >> (task % 64) & 1 == 1;
                let is_new = || clique.iter().any(|&member| !covered.contains(task, member));
                if candidate && (!fresh || is_new()) {
                    clique.push(task);
                    for (word, row) in common.iter_mut().zip(self.row(task)) {
                        *word &= row;
                    }
                }
            }
        }
        clique.sort_unstable();
        clique
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    #[test]
    fn cliques_are_maximal_and_cover_every_pair() {
        let mut stream = Seed::new(3).stream("clique");
        for _ in 0..200 {
            let count = 1 + stream.below(70);
            let mut disjoint = Disjoint::new(count);
            for _ in 0..2 {
                let demands: Vec<(usize, Value)> =
                    (0..count).map(|task| (task, stream.below(10) as Value)).collect();
                disjoint.add_resource(&demands, 12);
            }
            let work: Vec<Value> = (0..count).map(|_| stream.below(9) as Value).collect();
            let cliques = disjoint.maximal_cliques(&work);
            let mut covered = Disjoint::new(count);
            for clique in &cliques {
                for (place, &one) in clique.iter().enumerate() {
                    for &other in &clique[..place] {
                        assert!(disjoint.contains(one, other), "not a clique");
                        covered.add(one, other);
                    }
                }
                let extends = |task: usize| clique.iter().all(|&it| disjoint.contains(task, it));
                assert!(!(0..count).any(extends), "not maximal");
            }
            assert_eq!(covered, disjoint, "a pair is in no clique");
        }
    }

    #[test]
    fn three_tasks_on_three_resources_are_one_clique() {
        // No resource sees more than two of them.
        let mut disjoint = Disjoint::new(4);
        disjoint.add_resource(&[(0, 1), (1, 1)], 1);
        disjoint.add_resource(&[(1, 2), (2, 3)], 4);
        disjoint.add_resource(&[(0, 1), (2, 1), (3, 0)], 1);
        assert_eq!(disjoint.maximal_cliques(&[1, 1, 1, 1]), vec![vec![0, 1, 2]]);
    }
}
