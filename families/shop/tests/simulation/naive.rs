//! A second simulator of the blocking job shop, as obvious as possible.
//!
//! **Source:** Wong, Kim, Park, Park, Law 2024 (the problem).

use ordine_shop::ShopInstance;

/// The shop without buffers, one machine per operation, shut-downs at load: lists and scans.
pub struct Naive<'a> {
    pub jobs: &'a ShopInstance,
    /// By operation, the length of its shut-down.
    pub shut: &'a [i64],
    pub key: &'a dyn Fn(usize, usize, i64) -> i64,
}

#[derive(Clone, Copy, PartialEq)]
enum Where {
    Outside,
    Busy { machine: usize, until: i64 },
    Blocked { machine: usize, since: i64 },
    Gone,
}

impl Naive<'_> {
    /// Makespan and number of swaps.
    pub fn run(&self) -> (i64, u32) {
        let count = self.jobs.jobs.len();
        let mut places = vec![Where::Outside; count];
        let mut next = vec![0_usize; count];
        let (mut now, mut swaps) = (0, 0);
        loop {
            self.complete(&mut places, &next, now);
            while self.step(&mut places, &mut next, now, &mut swaps) {}
            let ends = places.iter().filter_map(|place| match place {
                Where::Busy { until, .. } => Some(*until),
                _ => None,
            });
            match ends.min() {
                Some(time) => now = time,
                None => {
                    assert!(places.iter().all(|place| *place == Where::Gone), "stuck");
                    return (now, swaps);
                }
            }
        }
    }

    fn complete(&self, places: &mut [Where], next: &[usize], now: i64) {
        for (job, place) in places.iter_mut().enumerate() {
            if let Where::Busy { machine, until } = *place
                && until == now
            {
                let is_last = next[job] == self.jobs.jobs[job].operations.len();
                *place = if is_last { Where::Gone } else { Where::Blocked { machine, since: now } };
            }
        }
    }

    fn wants(&self, job: usize, next: &[usize]) -> usize {
        self.jobs.jobs[job].operations[next[job]].choices[0].machine
    }

    fn enter(&self, places: &mut [Where], next: &mut [usize], job: usize, now: i64) {
        let machine = self.wants(job, next);
        let before: usize = self.jobs.jobs[..job].iter().map(|job| job.operations.len()).sum();
        let duration = self.jobs.jobs[job].operations[next[job]].choices[0].duration.get();
        let until = now + self.shut[before + next[job]] + duration;
        places[job] = Where::Busy { machine, until };
        next[job] += 1;
    }

    fn step(&self, places: &mut [Where], next: &mut [usize], now: i64, swaps: &mut u32) -> bool {
        let holds = |place: &Where, wanted: usize| match place {
            Where::Busy { machine, .. } | Where::Blocked { machine, .. } => *machine == wanted,
            Where::Outside | Where::Gone => false,
        };
        let waits = |place: &Where| matches!(place, Where::Outside | Where::Blocked { .. });
        for machine in 0..self.jobs.machines {
            if places.iter().any(|place| holds(place, machine)) {
                continue;
            }
            let wanting = (0..places.len())
                .filter(|&job| waits(&places[job]) && self.wants(job, next) == machine);
            let since = |job: usize| match places[job] {
                Where::Blocked { since, .. } => since,
                _ => 0,
            };
            let best = wanting.min_by_key(|&job| ((self.key)(job, next[job], since(job)), job));
            if let Some(job) = best {
                self.enter(places, next, job, now);
                return true;
            }
        }
        for start in 0..places.len() {
            let mut chain = vec![start];
            loop {
                let last = *chain.last().expect("a chain begins with its start");
                let Where::Blocked { .. } = places[last] else { break };
                let wanted = self.wants(last, next);
                let Some(holder) = places.iter().position(|place| holds(place, wanted)) else {
                    break;
                };
                if holder == start && matches!(places[start], Where::Blocked { .. }) {
                    chain.iter().for_each(|&job| self.enter(places, next, job, now));
                    *swaps += 1;
                    return true;
                }
                if chain.contains(&holder) {
                    break;
                }
                chain.push(holder);
            }
        }
        false
    }
}
