//! Modified due time: `max(d, t + r)`, where r is the work that remains of the job; equal ones by
//! id.
//!
//! **Source:** Baker, Bertrand 1982.

use crate::{Candidate, Need, Observation, Rule, SingleMachine};

/// The task of least modified due time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mdd;

impl Rule for Mdd {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let features = &candidate.features;
        let end = observation.now.get() + features.work_remaining.get();
        candidate.due().max(end as f64)
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }

    fn second(&self, _candidate: &Candidate, _observation: &Observation) -> f64 {
        0.0
    }
}

/// Position in `open` of the job that goes next at `now`: least modified due time, then number.
pub(super) fn next_by_mdd(jobs: &SingleMachine, open: &[usize], now: i64) -> Option<usize> {
    let modified = |job: usize| jobs.due[job].max(now + jobs.durations[job]);
    (0..open.len()).min_by_key(|&place| (modified(open[place]), open[place]))
}

/// The rule on one machine. O(n²).
pub fn mdd_sequence(jobs: &SingleMachine) -> Vec<usize> {
    let mut open: Vec<usize> = (0..jobs.len()).collect();
    let (mut sequence, mut now) = (Vec::with_capacity(jobs.len()), 0);
    while let Some(place) = next_by_mdd(jobs, &open, now) {
        let job = open.remove(place);
        now += jobs.durations[job];
        sequence.push(job);
    }
    sequence
}
