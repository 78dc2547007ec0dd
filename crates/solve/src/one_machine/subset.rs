//! Optimum by dynamic programming over sets of jobs.
//!
//! `V(∅) = 0`, `V(J) = min over k in J of V(J \ {k}) + f_k(p(J))`: the last job of a set ends when
//! the whole set does. O(n 2^n) time, a table of 2^n numbers of 32 bits: 64 MiB at 24 jobs.
//!
//! **Source:** Held, Karp 1962; Lawler 1964.

use ordine_ls::SequenceJob;

/// Most jobs that are tabulated.
pub const SUBSET_JOBS_MAX: usize = 24;

/// Jobs of the lower half of a set.
const HALF: usize = SUBSET_JOBS_MAX / 2;

/// Least cost and a sequence that has it; `None` for more than [`SUBSET_JOBS_MAX`] jobs, or where
/// costs do not fit into 32 bits.
pub fn subset_optimum(jobs: &[SequenceJob]) -> Option<(i64, Vec<usize>)> {
    let count = jobs.len();
    let end_max: i64 = jobs.iter().map(|job| job.duration).sum();
    let cost = |job: &SequenceJob, end: i64| {
        let late = (end - job.due).max(0);
        job.rate.checked_mul(end)?.checked_add(job.weight.checked_mul(late)?)
    };
    let costs = jobs.iter().map(|job| cost(job, end_max));
    let most = costs.reduce(|sum, it| sum?.checked_add(it?)).unwrap_or(Some(0))?;
    if count > SUBSET_JOBS_MAX || most > i64::from(u32::MAX) {
        return None;
    }
    let (low, high) = (sums(&jobs[..count.min(HALF)]), sums(&jobs[count.min(HALF)..]));
    let end_of = |set: usize| low[set & ((1 << HALF) - 1)] + high[set >> HALF];
    let mut values = vec![0_u32; 1 << count];
    for set in 1..1_usize << count {
        let end = end_of(set);
        let (mut rest, mut least) = (set, u32::MAX);
        while rest != 0 {
            let job = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let data = &jobs[job];
            let own = data.rate * end + data.weight * (end - data.due).max(0);
            least = least.min(values[set & !(1 << job)] + own as u32);
        }
        values[set] = least;
    }
    let (mut set, mut sequence) = ((1 << count) - 1, Vec::with_capacity(count));
    while set != 0 {
        let end = end_of(set);
        let is_last = |job: &usize| {
            let own = cost(&jobs[*job], end).unwrap_or(i64::MAX);
            set >> job & 1 == 1
                && i64::from(values[set & !(1 << job)]) + own == i64::from(values[set])
        };
        let last = (0..count).find(is_last).expect("the value of a set comes from one of its jobs");
        sequence.push(last);
        set &= !(1 << last);
    }
    sequence.reverse();
    Some((i64::from(values[(1 << count) - 1]), sequence))
}

/// Total duration of every set of these jobs.
fn sums(jobs: &[SequenceJob]) -> Vec<i64> {
    let mut sums = vec![0; 1 << jobs.len()];
    for set in 1..sums.len() {
        let first = set.trailing_zeros() as usize;
        sums[set] = sums[set & (set - 1)] + jobs[first].duration;
    }
    sums
}
