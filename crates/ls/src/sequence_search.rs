//! Iterated descent over the sequence of one machine, for sums of costs of ends.
//!
//! Job j that ends at C costs `r_j C + w_j max(0, C - d_j)`. Descent: each job goes to its best
//! other place, O(n²) for all of them because the jobs it passes shift by its duration; then pairs
//! change places, O(n³); again until nothing helps. Then a few pairs that stand near one another
//! are exchanged at random, and the new descent is kept when it is no worse.
//!
//! With [`Descent::Dynasearch`] the pairs that change places are those of the best set of exchanges
//! of which no two overlap, found by dynamic programming over places: `F(k) = min(F(k - 1),
//! min over i < k of F(i - 1) + g(i, k))`, g being the change by exchanging the jobs at i and k.
//!
//! **Source:** iterated local search: Lourenço, Martin, Stützle 2003; insertion and exchange for
//! weighted tardiness: Crauwels, Potts, Van Wassenhove 1998; dynasearch: Congram, Potts, van de
//! Velde 2002; with insertions: Grosso, Della Croce, Tadei 2004.

use ordine_base::Stream;

/// What the end of a job costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SequenceJob {
    /// Duration.
    pub duration: i64,
    /// Due time.
    pub due: i64,
    /// Cost of a tick of tardiness, at least 0.
    pub weight: i64,
    /// Cost of a tick of the end, at least 0.
    pub rate: i64,
}

impl SequenceJob {
    #[inline]
    fn cost(&self, end: i64) -> i64 {
        self.rate * end + self.weight * (end - self.due).max(0)
    }
}

/// How pairs of jobs change places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Descent {
    /// Each pair as soon as it gets better by it.
    #[default]
    FirstImproving,
    /// The best set of exchanges that do not overlap, all at once.
    Dynasearch,
}

/// Most places between two jobs that a kick exchanges.
const REACH: usize = 8;

/// Fewest and most exchanges of a kick.
const EXCHANGES: (usize, usize) = (3, 6);

/// Jobs looked at that count as one unit of work: one evaluated move passes several.
const LOOKS_PER_UNIT: u64 = 8;

/// The search; resumable.
#[derive(Clone, Debug)]
pub struct SequenceSearch {
    jobs: Vec<SequenceJob>,
    /// Numbers of the jobs in their order, and the jobs and their ends beside them.
    sequence: Vec<u32>,
    slots: Vec<SequenceJob>,
    ends: Vec<i64>,
    /// By place, what a tick later costs the jobs before it; one more than there are places.
    slopes: Vec<i64>,
    cost: i64,
    descent: Descent,
    /// By place k, the least change by exchanges up to it, and the first place of the one that
    /// ends there.
    gains: Vec<(i64, Option<usize>)>,
    /// What is kept when a kick leads to nothing better.
    kept: (i64, Vec<u32>),
    best: (i64, Vec<u32>),
    descended: bool,
    reported: Option<i64>,
    looks: u64,
    stream: Stream,
}

impl SequenceSearch {
    /// Begins with this order of the jobs; random draws come from `stream`.
    ///
    /// # Panics
    /// When the sequence is no permutation of the jobs.
    pub fn new(jobs: Vec<SequenceJob>, sequence: Vec<usize>, stream: Stream) -> Self {
        let mut seen = vec![false; jobs.len()];
        sequence.iter().for_each(|&job| seen[job] = true);
        let complete = sequence.len() == jobs.len() && seen.into_iter().all(|it| it);
        assert!(complete, "the sequence has every job once");
        let sequence: Vec<u32> = sequence.into_iter().map(|job| job as u32).collect();
        let mut search = SequenceSearch {
            jobs,
            slots: Vec::new(),
            ends: Vec::new(),
            slopes: Vec::new(),
            cost: 0,
            descent: Descent::default(),
            gains: Vec::new(),
            kept: (i64::MAX, sequence.clone()),
            best: (i64::MAX, sequence.clone()),
            sequence: Vec::new(),
            descended: false,
            reported: None,
            looks: 0,
            stream,
        };
        search.take(sequence);
        search.best = (search.cost, search.sequence.clone());
        search
    }

    /// The same search with this descent.
    pub fn by(mut self, descent: Descent) -> Self {
        self.descent = descent;
        self
    }

    /// Cost of the best sequence.
    pub fn best_cost(&self) -> i64 {
        self.best.0
    }

    /// The best sequence.
    pub fn best(&self) -> Vec<usize> {
        self.best.1.iter().map(|&job| job as usize).collect()
    }

    /// The best sequence, if it is better than all that were given before.
    pub fn improvement(&mut self) -> Option<Vec<usize>> {
        let new = self.reported.is_none_or(|known| self.best.0 < known);
        new.then(|| {
            self.reported = Some(self.best.0);
            self.best()
        })
    }

    /// Goes on from a sequence that was found elsewhere, where it is better.
    ///
    /// # Panics
    /// When the sequence is no permutation of the jobs.
    pub fn consider(&mut self, sequence: &[usize]) {
        assert_eq!(sequence.len(), self.jobs.len(), "the sequence has every job once");
        self.take(sequence.iter().map(|&job| job as u32).collect());
        if self.cost < self.best.0 {
            self.best = (self.cost, self.sequence.clone());
            self.reported = Some(self.cost);
            self.descended = false;
        } else {
            self.take(self.kept.1.clone());
        }
    }

    /// Works for about `budget` units or until `should_stop`; gives the units spent, 0 when
    /// nothing costs less.
    pub fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        let before = self.looks;
        let limit = before + budget.saturating_mul(LOOKS_PER_UNIT);
        let open = |search: &Self| !search.descended || search.jobs.len() > 1;
        while self.looks < limit && self.best.0 > 0 && open(self) && !should_stop() {
            if self.descended {
                self.kick();
            }
            self.descend(should_stop);
            self.settle();
        }
        (self.looks - before).div_ceil(LOOKS_PER_UNIT)
    }

    /// One descent from the sequence as it stands; without any kick.
    pub fn descend_once(&mut self) {
        self.descend(&mut || false);
        self.settle();
    }

    /// Keeps the result of a descent when it is no worse.
    fn settle(&mut self) {
        self.descended = true;
        if self.cost < self.best.0 {
            self.best = (self.cost, self.sequence.clone());
        }
        if self.cost <= self.kept.0 {
            self.kept.0 = self.cost;
            self.kept.1.clone_from(&self.sequence);
        } else {
            self.take(self.kept.1.clone());
        }
    }

    fn take(&mut self, sequence: Vec<u32>) {
        self.sequence = sequence;
        self.slots.clear();
        self.slots.extend(self.sequence.iter().map(|&job| self.jobs[job as usize]));
        self.ends.resize(self.slots.len(), 0);
        self.slopes.resize(self.slots.len() + 1, 0);
        self.find_ends(0);
        self.cost = self.slots.iter().zip(&self.ends).map(|(job, &end)| job.cost(end)).sum();
    }

    /// Ends from a place on, those before it being right.
    fn find_ends(&mut self, place: usize) {
        let mut end = if place == 0 { 0 } else { self.ends[place - 1] };
        let mut slope = self.slopes[place];
        let known = self.ends[place..].iter_mut().zip(&mut self.slopes[place + 1..]);
        for (job, (known, slopes)) in self.slots[place..].iter().zip(known) {
            end += job.duration;
            *known = end;
            slope += job.rate + if end > job.due { job.weight } else { 0 };
            *slopes = slope;
        }
    }

    fn kick(&mut self) {
        let count = self.slots.len();
        let (fewest, most) = EXCHANGES;
        for _ in 0..fewest + self.stream.below(most - fewest + 1) {
            let from = self.stream.below(count - 1);
            let to = from + 1 + self.stream.below(REACH.min(count - 1 - from));
            self.sequence.swap(from, to);
        }
        let kicked = std::mem::take(&mut self.sequence);
        self.take(kicked);
    }

    fn descend(&mut self, should_stop: &mut dyn FnMut() -> bool) {
        loop {
            while self.insert_each(should_stop) {}
            if should_stop() {
                return;
            }
            let is_better = match self.descent {
                Descent::FirstImproving => self.exchange_each(should_stop),
                Descent::Dynasearch => self.exchange_apart(should_stop),
            };
            if !is_better {
                return;
            }
        }
    }

    /// Puts each job where it costs least; whether anything got better.
    fn insert_each(&mut self, should_stop: &mut dyn FnMut() -> bool) -> bool {
        let before = self.cost;
        for job in 0..self.jobs.len() as u32 {
            if job % 32 == 0 && should_stop() {
                return false;
            }
            let place = self.sequence.iter().position(|&it| it == job);
            let from = place.expect("the sequence has every job once");
            let (change, to) = self.best_insertion(from);
            if change < 0 {
                self.insert(from, to);
                self.cost += change;
                self.assert_cost();
            }
        }
        self.cost < before
    }

    /// The least change of cost by putting the job at `from` elsewhere, and where.
    fn best_insertion(&mut self, from: usize) -> (i64, usize) {
        let job = self.slots[from];
        let own = job.cost(self.ends[from]);
        let mut best = (0, from);
        let mut passed = 0;
        for place in from + 1..self.slots.len() {
            let (other, end) = (&self.slots[place], self.ends[place]);
            passed += other.cost(end - job.duration) - other.cost(end);
            let change = passed + job.cost(end) - own;
            if change < best.0 {
                best = (change, place);
            }
        }
        passed = 0;
        for place in (0..from).rev() {
            let (other, end) = (&self.slots[place], self.ends[place]);
            passed += other.cost(end + job.duration) - other.cost(end);
            // From here on passing only gets dearer than the job itself can save.
            if passed > own {
                break;
            }
            let change = passed + job.cost(end - other.duration + job.duration) - own;
            if change < best.0 {
                best = (change, place);
            }
        }
        self.looks += self.slots.len() as u64;
        best
    }

    fn insert(&mut self, from: usize, to: usize) {
        if from < to {
            self.sequence[from..=to].rotate_left(1);
            self.slots[from..=to].rotate_left(1);
        } else {
            self.sequence[to..=from].rotate_right(1);
            self.slots[to..=from].rotate_right(1);
        }
        self.find_ends(from.min(to));
    }

    /// Exchanges each pair that gets better by it; whether any did.
    fn exchange_each(&mut self, should_stop: &mut dyn FnMut() -> bool) -> bool {
        let before = self.cost;
        for first in 0..self.slots.len() {
            if should_stop() {
                break;
            }
            for second in first + 1..self.slots.len() {
                let change = self.exchange_change(first, second);
                if change < 0 {
                    self.sequence.swap(first, second);
                    self.slots.swap(first, second);
                    self.find_ends(first);
                    self.cost += change;
                    self.assert_cost();
                }
            }
        }
        self.cost < before
    }

    /// Makes the best set of exchanges that do not overlap; whether anything got better.
    fn exchange_apart(&mut self, should_stop: &mut dyn FnMut() -> bool) -> bool {
        self.gains.clear();
        for last in 0..self.slots.len() {
            if last % 8 == 0 && should_stop() {
                return false;
            }
            let before = |gains: &[(i64, _)], place: usize| match place {
                0 => 0,
                _ => gains[place - 1].0,
            };
            let mut best = (before(&self.gains, last), None);
            for first in (0..last).rev() {
                let so_far = before(&self.gains, first);
                let change = self.exchange_change(first, last);
                // What is no gain alone may be told too low, so it is not added up.
                if change < 0 && so_far + change < best.0 {
                    best = (so_far + change, Some(first));
                }
            }
            self.gains.push(best);
        }
        let gain = self.gains.last().map_or(0, |it| it.0);
        let mut places = self.slots.len();
        while let Some(last) = places.checked_sub(1).filter(|_| gain < 0) {
            places = last;
            if let Some(first) = self.gains[last].1 {
                self.sequence.swap(first, last);
                self.slots.swap(first, last);
                places = first;
            }
        }
        if gain < 0 {
            self.find_ends(0);
            self.cost += gain;
            self.assert_cost();
        }
        gain < 0
    }

    /// The change of cost by exchanging two jobs; where that is no gain, perhaps too low.
    fn exchange_change(&mut self, first: usize, second: usize) -> i64 {
        let (one, other) = (self.slots[first], self.slots[second]);
        let (end_first, end_second) = (self.ends[first], self.ends[second]);
        let shift = other.duration - one.duration;
        let mut change = one.cost(end_second) - one.cost(end_first);
        change += other.cost(end_first + shift) - other.cost(end_second);
        // The costs of jobs between are convex: shifted by so much they change by no less.
        let between_min = shift * (self.slopes[second] - self.slopes[first + 1]);
        if shift == 0 || change + between_min >= 0 {
            self.looks += 1;
            return change + between_min;
        }
        let between = first + 1..second;
        self.looks += 1 + between.len() as u64;
        let slots = self.slots[between.clone()].iter().zip(&self.ends[between]);
        change + slots.map(|(job, &end)| job.cost(end + shift) - job.cost(end)).sum::<i64>()
    }

    /// In debug builds: the predicted change is the real one.
    fn assert_cost(&self) {
        debug_assert_eq!(
            self.cost,
            self.slots.iter().zip(&self.ends).map(|(job, &end)| job.cost(end)).sum::<i64>(),
            "a move changes the cost as predicted"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    fn jobs(stream: &mut Stream, count: usize) -> Vec<SequenceJob> {
        let mut draw = |bound: usize| stream.below(bound) as i64;
        let job = |_| SequenceJob {
            duration: draw(15),
            due: draw(40) - 3,
            weight: draw(6),
            rate: draw(2),
        };
        (0..count).map(job).collect()
    }

    /// Least cost over all sequences: the last job of a set ends with the set.
    fn least(jobs: &[SequenceJob]) -> i64 {
        let mut least = vec![0_i64];
        for set in 1..1_usize << jobs.len() {
            let members = || (0..jobs.len()).filter(move |job| set >> job & 1 == 1);
            let end = members().map(|job| jobs[job].duration).sum();
            let last = members().map(|job| least[set & !(1 << job)] + jobs[job].cost(end));
            least.push(last.min().expect("the set is not empty"));
        }
        least[(1 << jobs.len()) - 1]
    }

    #[test]
    fn iterated_descent_finds_the_optima_of_small_instances() {
        for seed in 0..100 {
            let mut stream = Seed::new(seed).stream("jobs");
            let jobs = jobs(&mut stream, 2 + seed as usize % 8);
            let optimum = least(&jobs);
            let start = (0..jobs.len()).collect();
            let mut search = SequenceSearch::new(jobs, start, stream);
            search.advance(20_000, &mut || false);
            assert_eq!(search.best_cost(), optimum, "seed {seed}");
        }
    }

    #[test]
    fn both_descents_find_the_optima_of_small_instances() {
        for (seed, descent) in (0..60)
            .flat_map(|seed| [Descent::FirstImproving, Descent::Dynasearch].map(|it| (seed, it)))
        {
            let mut stream = Seed::new(seed).stream("jobs of two descents");
            let jobs = jobs(&mut stream, 2 + seed as usize % 8);
            let optimum = least(&jobs);
            let start = (0..jobs.len()).collect();
            let mut search = SequenceSearch::new(jobs, start, stream).by(descent);
            search.advance(20_000, &mut || false);
            assert_eq!(search.best_cost(), optimum, "seed {seed}, {descent:?}");
        }
    }

    #[test]
    fn exchanges_made_at_once_are_the_best_set_that_does_not_overlap() {
        for seed in 0..40 {
            let mut stream = Seed::new(seed).stream("jobs of one step");
            let jobs = jobs(&mut stream, 6);
            let mut search = SequenceSearch::new(jobs.clone(), (0..6).collect(), stream);
            let cost = |sequence: &[usize]| {
                let mut end = 0;
                let costs = sequence.iter().map(|&job| {
                    end += jobs[job].duration;
                    jobs[job].cost(end)
                });
                costs.sum::<i64>()
            };
            // Every set of exchanges that do not overlap, place by place.
            let mut sets = vec![((0..6).collect::<Vec<usize>>(), 0)];
            let mut best = cost(&sets[0].0);
            while let Some((sequence, from)) = sets.pop() {
                best = best.min(cost(&sequence));
                for first in from..6 {
                    for last in first + 1..6 {
                        let mut next = sequence.clone();
                        next.swap(first, last);
                        sets.push((next, last + 1));
                    }
                }
            }
            search.exchange_apart(&mut || false);
            assert_eq!(search.cost, best, "seed {seed}");
        }
    }

    #[test]
    fn a_better_sequence_from_outside_is_taken_up() {
        let mut stream = Seed::new(1).stream("jobs");
        let jobs = jobs(&mut stream, 8);
        let start: Vec<usize> = (0..8).collect();
        let mut search = SequenceSearch::new(jobs.clone(), start.clone(), stream.clone());
        search.advance(20_000, &mut || false);
        let mut other = SequenceSearch::new(jobs, start, stream);
        other.consider(&search.best());
        assert_eq!(other.best_cost(), search.best_cost());
        assert_eq!(other.improvement(), None);
    }
}
