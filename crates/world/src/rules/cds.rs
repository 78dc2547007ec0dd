//! Order of Campbell, Dudek and Smith: for k = 1, …, m - 1 the first k and the last k machines are
//! taken for two machines, ordered by Johnson's rule; of these orders the one that ends first.
//!
//! **Source:** Campbell, Dudek, Smith 1970 (CDS); Johnson 1954.

use crate::{FlowShop, Need, SequenceRule};
use ordine_problem::{Problem, TaskId};

/// The best of the orders of Johnson for two machines made of several.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cds;

impl SequenceRule for Cds {
    fn need(&self) -> Need {
        Need::FlowShop
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let shop = FlowShop::of(problem)?;
        Some(shop.tasks_of(&cds_sequence(&shop)))
    }
}

/// The order of the jobs. O(machines × jobs × (machines + log jobs)).
pub fn cds_sequence(shop: &FlowShop) -> Vec<usize> {
    let machines = shop.machines();
    let split = |count: usize| {
        let first = |job: usize| shop.durations[job][..count].iter().sum::<i64>();
        let last = |job: usize| shop.durations[job][machines - count..].iter().sum::<i64>();
        johnson((0..shop.len()).map(|job| (first(job), last(job))).collect())
    };
    let orders = (1..machines.max(2)).map(|count| split(count.min(machines)));
    let ended = orders.map(|order| (shop.makespan(&order), order));
    let best = ended.reduce(|best, it| if it.0 < best.0 { it } else { best });
    best.map_or_else(Vec::new, |(_, order)| order)
}

/// Johnson's order for two machines: those shorter on the first one by that, growing, then the
/// others by the second one, falling.
fn johnson(durations: Vec<(i64, i64)>) -> Vec<usize> {
    let key = |job: usize| match durations[job] {
        (first, second) if first < second => (0, first, job),
        (_, second) => (1, -second, job),
    };
    let mut jobs: Vec<usize> = (0..durations.len()).collect();
    jobs.sort_by_key(|&job| key(job));
    jobs
}
