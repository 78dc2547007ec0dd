//! Numbers of made-up runs, to have something to draw.
//!
//! **Source:** -

use crate::greedy::Numbers;
use ordine_chart::{Axis, Boxes, Convergence, Effort, Front, Histogram, Sample};

fn sample(name: &str, seed: u64, count: usize, reach: u64) -> Sample {
    let mut numbers = Numbers(seed);
    // The sum of three numbers lies in the middle more often than at the ends.
    let mut value = || (0..3).map(|_| numbers.next(10 * reach)).sum::<u64>() as f64 / 10.0;
    Sample { name: name.to_owned(), values: (0..count).map(|_| value()).collect() }
}

/// Gaps of seven rules.
pub fn rules() -> Boxes {
    let names = ["MWKR", "MOPNR", "SPT", "LPT", "FIFO", "weighted: 2*mwkr+spt, ties by id", "NEH"];
    let named = names.iter().zip(1..);
    let mut samples: Vec<Sample> =
        named.map(|(name, seed)| sample(name, seed, 40, 4 + 3 * seed)).collect();
    samples[2].values.push(95.0);
    Boxes {
        title: "Rules on 40 instances".to_owned(),
        subtitle: "gap to best known, lower is better".to_owned(),
        axis: Axis::from_zero("gap to best known [%]"),
        samples,
    }
}

/// Gaps of two recipes.
pub fn gaps() -> Histogram {
    Histogram {
        title: "Gaps after one second".to_owned(),
        subtitle: "200 instances".to_owned(),
        axis: Axis::from_zero("gap to best known [%]"),
        samples: vec![sample("auto", 5, 200, 3), sample("tabu", 6, 200, 6)],
    }
}

/// A run with a few incumbents.
pub fn run() -> Convergence {
    Convergence {
        title: "ft10".to_owned(),
        measure: "makespan".to_owned(),
        effort: Effort::Time,
        incumbents: vec![
            (0.002, 1180.0),
            (0.01, 1032.0),
            (0.08, 967.0),
            (0.9, 938.0),
            (7.5, 930.0),
        ],
        bounds: vec![(0.0, 655.0), (0.001, 808.0), (3.0, 871.0), (11.0, 930.0)],
        end: 11.0,
    }
}

/// Makespan against tardiness, from two recipes.
pub fn front() -> Front {
    let set = |name: &str, seed: u64| {
        let mut numbers = Numbers(seed);
        let mut point = || {
            let first = 1.0 + numbers.next(200) as f64;
            (900.0 + first, 20_000.0 / first + numbers.next(300) as f64)
        };
        (name.to_owned(), (0..30).map(|_| point()).collect())
    };
    Front {
        title: "Makespan against tardiness".to_owned(),
        subtitle: "30 schedules of each recipe".to_owned(),
        x: Axis::linear("makespan"),
        y: Axis::from_zero("total tardiness"),
        sets: vec![set("auto", 3), set("decisions", 4)],
    }
}
