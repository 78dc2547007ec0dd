//! The rule of Panwalkar, Smith and Koulamas: of the jobs by duration, the first is active; it goes
//! next when it would be late anyway. Otherwise later jobs are tried: while the active one is due
//! no later than the end of the tried one, `d_i <= C + p_j`, it goes; where the tried one is due
//! earlier, it becomes the active one. O(n²).
//!
//! **Source:** Panwalkar, Smith, Koulamas 1993 (PSK).

use crate::{Need, SequenceRule, SingleMachine};
use ordine_problem::{Problem, TaskId};

/// Short ones first, unless another is more urgent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Psk;

impl SequenceRule for Psk {
    fn need(&self) -> Need {
        Need::SingleMachine
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let jobs = SingleMachine::of(problem)?;
        Some(jobs.tasks_of(&psk_sequence(&jobs)))
    }
}

/// The rule on one machine. O(n²).
pub fn psk_sequence(jobs: &SingleMachine) -> Vec<usize> {
    let mut open = jobs.sorted_by(|job| (jobs.durations[job], jobs.due[job]));
    let (mut sequence, mut now) = (Vec::with_capacity(jobs.len()), 0);
    while !open.is_empty() {
        let job = open.remove(next_by_psk(jobs, &open, now));
        now += jobs.durations[job];
        sequence.push(job);
    }
    sequence
}

/// Position in `open` of the job that goes next at `now`.
fn next_by_psk(jobs: &SingleMachine, open: &[usize], now: i64) -> usize {
    let (duration, due) = (&jobs.durations, &jobs.due);
    let mut active = 0;
    if now + duration[open[0]] >= due[open[0]] {
        return active;
    }
    for tried in 1..open.len() {
        if due[open[active]] <= now + duration[open[tried]] {
            return active;
        }
        if due[open[active]] > due[open[tried]] {
            active = tried;
        }
    }
    active
}
