//! Earliest due date with correction, a rule that a language model wrote: an insertion sort by due
//! time that begins with the shortest first and exchanges neighbors only while the earlier one
//! would still be early, `d_before > A`, where A is its end. O(n²).
//!
//! The printed algorithm begins with the earliest due first and so changes nothing; this is the
//! rule that gives its published figures.
//!
//! **Source:** Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (EDDC), as its code computes it.

use crate::{Need, SequenceRule, SingleMachine};
use ordine_problem::{Problem, TaskId};

/// Due times first, as far as nobody becomes late for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Eddc;

impl SequenceRule for Eddc {
    fn need(&self) -> Need {
        Need::SingleMachine
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let jobs = SingleMachine::of(problem)?;
        Some(jobs.tasks_of(&eddc_sequence(&jobs)))
    }
}

/// The rule on one machine. O(n²).
pub fn eddc_sequence(jobs: &SingleMachine) -> Vec<usize> {
    let mut sequence = jobs.sorted_by(|job| (jobs.durations[job], jobs.due[job]));
    // Work up to the job that comes in next.
    let mut work = 0;
    for next in 0..sequence.len() {
        let (mut place, mut end) = (next, work);
        work += jobs.durations[sequence[next]];
        while place > 0 {
            let (before, job) = (sequence[place - 1], sequence[place]);
            if jobs.due[job] >= jobs.due[before] {
                break;
            }
            if jobs.due[before] > end {
                sequence.swap(place - 1, place);
            }
            // Swapped or not, the job that stood here is no longer counted.
            end -= jobs.durations[before];
            place -= 1;
        }
    }
    sequence
}
