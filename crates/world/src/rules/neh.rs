//! Insertion order of a flow shop: jobs by the largest total duration, each put where the makespan
//! of those so far grows least, the first such place among equals.
//!
//! **Source:** Nawaz, Enscore, Ham 1983 (NEH); all places of a job at once: Taillard 1990.

use crate::{FlowShop, Need, SequenceRule};
use ordine_problem::{Problem, TaskId};

/// Jobs by total duration, each put where it fits best.
#[derive(Clone, Copy, Debug, Default)]
pub struct Neh;

impl SequenceRule for Neh {
    fn need(&self) -> Need {
        Need::FlowShop
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let shop = FlowShop::of(problem)?;
        Some(shop.tasks_of(&neh_sequence(&shop)))
    }
}

/// The order of the jobs. O(jobs² × machines).
pub fn neh_sequence(shop: &FlowShop) -> Vec<usize> {
    let total = |job: usize| shop.durations[job].iter().sum::<i64>();
    let mut jobs: Vec<usize> = (0..shop.len()).collect();
    jobs.sort_by_key(|&job| (-total(job), job));
    let mut sequence = Vec::with_capacity(jobs.len());
    for job in jobs {
        let place = best_place(shop, &sequence, job);
        sequence.insert(place, job);
    }
    sequence
}

/// Where `job` makes the sequence end first.
fn best_place(shop: &FlowShop, sequence: &[usize], job: usize) -> usize {
    let machines = shop.machines();
    // Longest paths behind each place, through its job on each machine.
    let mut tails = vec![vec![0; machines]; sequence.len() + 1];
    for place in (0..sequence.len()).rev() {
        for machine in (0..machines).rev() {
            let behind = if machine + 1 < machines { tails[place][machine + 1] } else { 0 };
            let duration = shop.durations[sequence[place]][machine];
            tails[place][machine] = duration + i64::max(behind, tails[place + 1][machine]);
        }
    }
    let mut ends = vec![0; machines];
    let mut best = (i64::MAX, 0);
    for (place, tails) in tails.iter().enumerate() {
        let (mut before, mut makespan) = (0, 0);
        for machine in 0..machines {
            before = i64::max(before, ends[machine]) + shop.durations[job][machine];
            makespan = i64::max(makespan, before + tails[machine]);
        }
        best = best.min((makespan, place));
        if let Some(&next) = sequence.get(place) {
            let mut before = 0;
            for (end, duration) in ends.iter_mut().zip(&shop.durations[next]) {
                *end = i64::max(before, *end) + duration;
                before = *end;
            }
        }
    }
    best.1
}
