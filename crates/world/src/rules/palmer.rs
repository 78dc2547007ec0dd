//! Slope order of a flow shop: jobs by the largest `sum over k of (2 k - m - 1) p_k`, so that those
//! whose durations grow from machine to machine come first.
//!
//! **Source:** Palmer 1965.

use crate::{FlowShop, Need, SequenceRule};
use ordine_problem::{Problem, TaskId};

/// Jobs by the slope of their durations.
#[derive(Clone, Copy, Debug, Default)]
pub struct Palmer;

impl SequenceRule for Palmer {
    fn need(&self) -> Need {
        Need::FlowShop
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let shop = FlowShop::of(problem)?;
        Some(shop.tasks_of(&palmer_sequence(&shop)))
    }
}

/// The order of the jobs. O(jobs × machines).
pub fn palmer_sequence(shop: &FlowShop) -> Vec<usize> {
    let machines = shop.machines() as i64;
    let slope = |job: usize| -> i64 {
        let numbered = shop.durations[job].iter().zip(1..);
        numbered.map(|(duration, machine)| (2 * machine - machines - 1) * duration).sum()
    };
    let mut jobs: Vec<usize> = (0..shop.len()).collect();
    jobs.sort_by_key(|&job| (-slope(job), job));
    jobs
}
