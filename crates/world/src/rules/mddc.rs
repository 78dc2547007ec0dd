//! Modified due date with correction, a rule that a language model wrote: the least
//! `m (1 + h) + p / (t + P / n)` with `m = max(1.1 p + t, d)`, `r = min(p / (t + p_max), 1)` and
//! `h = r² / (1 + r²)`, where P, p_max and n are sum, largest and number of the durations that are
//! left. Equal ones by due time and id. Where all that is left takes no time at the
//! origin, `r = 0` and the last term is 0.
//!
//! **Source:** Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (MDDC), as its code computes it.

use crate::{Candidate, Need, Observation, Rule, SingleMachine};

/// The task of least corrected due time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mddc;

impl Rule for Mddc {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let left = Left {
            now: observation.now.get() as f64,
            longest: observation.durations.longest.get() as f64,
            mean: observation.duration_mean(),
        };
        left.priority(candidate.features.duration.get() as f64, candidate.due())
    }

    fn second(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.due()
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }
}

/// The instant, and what is left of the durations.
struct Left {
    now: f64,
    longest: f64,
    mean: f64,
}

impl Left {
    fn priority(&self, duration: f64, due: f64) -> f64 {
        let ratio = |whole: f64| if whole != 0.0 { duration / whole } else { 0.0 };
        let share = ratio(self.now + self.longest).min(1.0);
        let stress = share * share / (1.0 + share * share);
        let modified = (1.1 * duration + self.now).max(due);
        modified * (1.0 + stress) + ratio(self.now + self.mean)
    }
}

/// Position in `open`, sorted by (due, duration, number), of the job that goes next at `now`.
pub(super) fn next_by_mddc(jobs: &SingleMachine, open: &[usize], now: i64) -> Option<usize> {
    let longest = open.iter().map(|&job| jobs.durations[job]).max()?;
    let sum: i64 = open.iter().map(|&job| jobs.durations[job]).sum();
    let mean = sum as f64 / open.len() as f64;
    let left = Left { now: now as f64, longest: longest as f64, mean };
    let mut best = (0, f64::INFINITY);
    for (place, &job) in open.iter().enumerate() {
        let priority = left.priority(jobs.durations[job] as f64, jobs.due[job] as f64);
        if priority < best.1 {
            best = (place, priority);
        }
    }
    Some(best.0)
}

/// The rule on one machine. O(n²).
pub fn mddc_sequence(jobs: &SingleMachine) -> Vec<usize> {
    let mut open = super::edd::edd_sequence(jobs);
    let (mut sequence, mut now) = (Vec::with_capacity(jobs.len()), 0);
    while let Some(place) = next_by_mddc(jobs, &open, now) {
        let job = open.remove(place);
        now += jobs.durations[job];
        sequence.push(job);
    }
    sequence
}
