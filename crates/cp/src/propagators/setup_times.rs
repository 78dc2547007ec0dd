//! Least setup time of a set of families: the shortest path that visits each once.
//!
//! However the tasks of some families are ordered on a machine, the first tasks of each family come
//! in some order of the families, and between two of them lies at least the shortest chain of
//! setups from the one to the other. Up to [`EXACT_MAX`] families the shortest path is known for
//! every set, by dynamic programming, O(2^k k²); beyond that, each family but one costs at least
//! its cheapest way in.
//!
//! **Source:** Petr Vilím, Roman Barták, *Filtering algorithms for batch processing with sequence
//! dependent setup times* (AIPS 2002); Michael Held, Richard Karp (1962), for the program.

use crate::atom::Value;

/// Families for which every set is solved exactly.
const EXACT_MAX: usize = 10;

/// No way.
const FAR: Value = Value::MAX / 4;

/// A set of families, as bits.
type Families = u64;

/// A set of families, and what it costs at least to come to each of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FamilySet {
    families: Families,
    /// Sum of the cheapest ways in.
    ways: Value,
    /// The dearest of them.
    dearest: Value,
}

/// Bounds on setup times in a direction of time.
#[derive(Debug)]
pub(crate) struct SetupTimes {
    count: usize,
    /// Shortest chain of setups from one family to another, row by row.
    shortest: Vec<Value>,
    /// Least setup time before each family, from any other.
    way_in: Vec<Value>,
    /// For every set: shortest path through it, and, behind it, that path and the way to each
    /// family; empty where families are many.
    exact: Vec<Value>,
}

impl SetupTimes {
    /// `times[from * count + to]`, at least zero.
    ///
    /// # Panics
    /// When there are more than 64 families, or not a square of times.
    pub(crate) fn new(count: usize, times: &[Value]) -> Self {
        assert!(count <= 64, "at most 64 families, found {count}");
        assert_eq!(times.len(), count * count, "a time per ordered pair of families");
        let mut shortest = times.to_vec();
        for family in 0..count {
            shortest[family * count + family] = 0;
        }
        for middle in 0..count {
            for from in 0..count {
                for to in 0..count {
                    let over = shortest[from * count + middle] + shortest[middle * count + to];
                    let way = &mut shortest[from * count + to];
                    *way = over.min(*way);
                }
            }
        }
        let least_into = |to: usize| {
            let others = (0..count).filter(|&from| from != to);
            others.map(|from| shortest[from * count + to]).min().unwrap_or(0)
        };
        let way_in = (0..count).map(least_into).collect();
        let mut setups = SetupTimes { count, shortest, way_in, exact: Vec::new() };
        if count <= EXACT_MAX {
            setups.solve();
        }
        setups
    }

    /// Shortest paths through every set that end with each of its families.
    fn solve(&mut self) {
        let count = self.count;
        let sets = 1 << count;
        let mut ending = vec![FAR; sets * count];
        for family in 0..count {
            ending[(1 << family) * count + family] = 0;
        }
        for set in 1..sets {
            for last in (0..count).filter(|&it| set >> it & 1 == 1) {
                for next in (0..count).filter(|&it| set >> it & 1 == 0) {
                    let path = ending[set * count + last] + self.shortest[last * count + next];
                    let known = &mut ending[(set | 1 << next) * count + next];
                    *known = path.min(*known);
                }
            }
        }
        for set in 0..sets {
            let path = |last: usize| ending[set * count + last];
            self.exact.push((0..count).map(path).min().filter(|_| set > 0).unwrap_or(0));
            for to in 0..count {
                let way = |last: usize| path(last) + self.shortest[last * count + to];
                self.exact.push((0..count).map(way).min().filter(|_| set > 0).unwrap_or(0));
            }
        }
    }

    /// Least setup time among tasks of these families.
    pub(crate) fn among(&self, set: &FamilySet) -> Value {
        match self.exact.is_empty() {
            true => set.ways - set.dearest,
            false => self.exact[set.families as usize * (self.count + 1)],
        }
    }

    /// Least setup time among tasks of these families and one more.
    pub(crate) fn among_with(&self, set: &FamilySet, family: usize) -> Value {
        self.among(&self.with(*set, family))
    }

    /// Least setup time among tasks of these families and then before one of family `to`.
    pub(crate) fn before(&self, set: &FamilySet, to: usize) -> Value {
        match self.exact.is_empty() {
            true => self.among_with(set, to),
            false => self.exact[set.families as usize * (self.count + 1) + 1 + to],
        }
    }

    /// The set with one more family.
    pub(crate) fn with(&self, set: FamilySet, family: usize) -> FamilySet {
        if set.families >> family & 1 == 1 {
            return set;
        }
        let way = self.way_in[family];
        FamilySet {
            families: set.families | 1 << family,
            ways: set.ways + way,
            dearest: set.dearest.max(way),
        }
    }

    #[cfg(test)]
    fn members(&self, families: Families) -> impl Iterator<Item = usize> {
        (0..self.count).filter(move |&family| families >> family & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::for_seeds;
    use ordine_base::Stream;

    fn random_times(count: usize, stream: &mut Stream) -> Vec<Value> {
        (0..count * count).map(|_| stream.below(9) as Value).collect()
    }

    /// Cheapest order of the families in `left` after `last`, by trying all.
    fn cheapest(
        times: &SetupTimes,
        last: Option<usize>,
        left: &[usize],
        end: Option<usize>,
    ) -> Value {
        let way = |from: Option<usize>, to: usize| {
            from.map_or(0, |from| times.shortest[from * times.count + to])
        };
        if left.is_empty() {
            return end.map_or(0, |end| way(last, end));
        }
        let next = |place: usize| {
            let rest: Vec<usize> =
                (0..left.len()).filter(|&it| it != place).map(|it| left[it]).collect();
            way(last, left[place]) + cheapest(times, Some(left[place]), &rest, end)
        };
        (0..left.len()).map(next).min().expect("some are left")
    }

    #[test]
    fn exact_setups_are_those_of_the_cheapest_order_and_others_are_no_more() {
        for_seeds(100, |stream| {
            let count = 1 + stream.below(5);
            let mut times = SetupTimes::new(count, &random_times(count, stream));
            let set = 1 + stream.below((1 << count) - 1) as Families;
            let members: Vec<usize> = times.members(set).collect();
            let to = stream.below(count);
            let empty = FamilySet::default();
            let all = members.iter().fold(empty, |set, &family| times.with(set, family));
            let exact = [
                cheapest(&times, None, &members, None),
                cheapest(&times, None, &members, Some(to)),
            ];
            assert_eq!([times.among(&all), times.before(&all, to)], exact);
            times.exact.clear();
            assert!(times.among(&all) <= exact[0] && times.before(&all, to) <= exact[1]);
        });
    }
}
