//! The running median of an odd window.
//!
//! Values are replaced by their ranks; the window is a set of ranks in a tree of bit words, and the
//! median moves by at most one member when one value enters and one leaves. O(n log n) for the
//! ranks, then O(n) words at a fan-out of 64, whatever the window.
//!
//! The series is continued to the left by its first value and to the right by its mirror image
//! without repeating the last value; what lies outside is dropped again.
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023, section 3 (paddings); van Emde Boas 1975
//! (ordered sets of small numbers)

/// The running median of `values` over an odd window.
///
/// # Panics
/// When the window is even, or a value is not a number.
pub fn running_median(values: &[f64], window: usize) -> Vec<f64> {
    assert!(window % 2 == 1, "the window is odd, so that it has a middle");
    assert!(values.iter().all(|value| !value.is_nan()), "norms are numbers");
    if values.is_empty() {
        return Vec::new();
    }
    let half = window / 2;
    let extended = extended(values, half);
    let (ranks, sorted) = ranked(&extended);
    let mut members = Ranks::new(ranks.len());
    ranks[..window].iter().for_each(|&rank| members.insert(rank));
    let mut median = (0..half).fold(members.first(), |rank, _| members.after(rank));
    let mut medians = Vec::with_capacity(values.len());
    medians.push(sorted[median]);
    for (&leaving, &entering) in ranks.iter().zip(&ranks[window..]) {
        members.insert(entering);
        if entering < median && leaving >= median {
            median = members.before(median);
        } else if entering > median && leaving <= median {
            median = members.after(median);
        }
        members.remove(leaving);
        medians.push(sorted[median]);
    }
    medians
}

/// The values with `half` more on both sides.
fn extended(values: &[f64], half: usize) -> Vec<f64> {
    let last = values.len() - 1;
    let period = (2 * last).max(1);
    let mirrored = (1..=half).map(|it| {
        let place = (last + it) % period;
        values[place.min(period - place).min(last)]
    });
    let before = std::iter::repeat_n(values[0], half);
    before.chain(values.iter().copied()).chain(mirrored).collect()
}

/// The rank of each value, ties by place, and the values in order of rank.
fn ranked(values: &[f64]) -> (Vec<usize>, Vec<f64>) {
    let mut order: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|one, two| one.0.total_cmp(&two.0).then(one.1.cmp(&two.1)));
    let mut ranks = vec![0; values.len()];
    for (rank, &(_, place)) in order.iter().enumerate() {
        ranks[place as usize] = rank;
    }
    (ranks, order.into_iter().map(|(value, _)| value).collect())
}

/// A set of ranks: each level marks the words of the level below that are not empty.
struct Ranks {
    levels: Vec<Vec<u64>>,
}

impl Ranks {
    fn new(count: usize) -> Self {
        let mut levels = vec![vec![0; count.div_ceil(64)]];
        while levels[levels.len() - 1].len() > 1 {
            levels.push(vec![0; levels[levels.len() - 1].len().div_ceil(64)]);
        }
        Ranks { levels }
    }

    fn insert(&mut self, mut rank: usize) {
        for level in &mut self.levels {
            let word = &mut level[rank / 64];
            let was_empty = *word == 0;
            *word |= 1 << (rank % 64);
            if !was_empty {
                return;
            }
            rank /= 64;
        }
    }

    fn remove(&mut self, mut rank: usize) {
        for level in &mut self.levels {
            let word = &mut level[rank / 64];
            *word &= !(1 << (rank % 64));
            if *word != 0 {
                return;
            }
            rank /= 64;
        }
    }

    fn first(&self) -> usize {
        let top = self.levels.len();
        self.lowest(top, 0)
    }

    /// The smallest member under the place of a level.
    fn lowest(&self, level: usize, place: usize) -> usize {
        let below = self.levels[..level].iter().rev();
        below.fold(place, |place, words| place * 64 + words[place].trailing_zeros() as usize)
    }

    fn highest(&self, level: usize, place: usize) -> usize {
        let below = self.levels[..level].iter().rev();
        below.fold(place, |place, words| place * 64 + 63 - words[place].leading_zeros() as usize)
    }

    /// The next larger member; the window always has one.
    fn after(&self, mut rank: usize) -> usize {
        for (level, words) in self.levels.iter().enumerate() {
            let (place, bit) = (rank / 64, rank % 64);
            let above = words[place] & (u64::MAX << bit << 1);
            if bit < 63 && above != 0 {
                return self.lowest(level, place * 64 + above.trailing_zeros() as usize);
            }
            rank = place;
        }
        unreachable!("the median has a larger member in an odd window with one value more")
    }

    /// The next smaller member; the window always has one.
    fn before(&self, mut rank: usize) -> usize {
        for (level, words) in self.levels.iter().enumerate() {
            let (place, bit) = (rank / 64, rank % 64);
            let under = words[place] & ((1 << bit) - 1);
            if under != 0 {
                return self.highest(level, place * 64 + 63 - under.leading_zeros() as usize);
            }
            rank = place;
        }
        unreachable!("the median has a smaller member in an odd window with one value more")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    fn naive(values: &[f64], window: usize) -> Vec<f64> {
        let half = (window / 2) as isize;
        let last = values.len() as isize - 1;
        let at = |mut place: isize| loop {
            match place {
                place if place < 0 => return values[0],
                place if place <= last => return values[place as usize],
                _ if last == 0 => return values[0],
                _ => place = (2 * last - place).abs(),
            }
        };
        let middle = |center: isize| {
            let mut near: Vec<f64> = (center - half..=center + half).map(at).collect();
            near.sort_by(f64::total_cmp);
            near[half as usize]
        };
        (0..=last).map(middle).collect()
    }

    #[test]
    fn the_fast_filter_equals_the_naive_one() {
        let mut stream = Seed::new(1).stream("median");
        for _ in 0..1000 {
            let count = 1 + stream.below(300);
            let window = 2 * stream.below(count + 100) + 1;
            let levels = 1 + stream.below(50);
            let values: Vec<f64> = (0..count).map(|_| stream.below(levels) as f64).collect();
            assert_eq!(running_median(&values, window), naive(&values, window), "{window}");
        }
    }
}
