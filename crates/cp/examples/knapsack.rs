//! The best things that a knapsack of two dimensions (weight, volume) can hold.
//!
//! `cargo run --release -p ordine-cp --example knapsack`
//!
//! **Source:** George Dantzig, *Discrete-variable extremum problems* (1957).
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::model::{Model, Outcome, Relate, sum};

const WEIGHTS: [i64; 24] = [
    38, 41, 17, 52, 23, 61, 34, 45, 28, 57, 19, 66, 31, 48, 25, 53, 36, 62, 21, 44, 39, 58, 27, 49,
];
const VOLUMES: [i64; 24] = [
    21, 35, 44, 18, 52, 27, 39, 16, 47, 33, 58, 22, 41, 29, 55, 24, 37, 19, 49, 31, 26, 43, 38, 34,
];
const VALUES: [i64; 24] = [
    59, 72, 63, 68, 77, 85, 73, 58, 76, 88, 79, 84, 71, 75, 83, 74, 70, 80, 69, 73, 64, 99, 66, 81,
];

fn main() {
    let mut model = Model::default();
    let taken = model.booleans(WEIGHTS.len());
    let total = |of: &[i64]| sum(of.iter().zip(&taken).map(|(&amount, &atom)| amount * atom));
    model.add(total(&WEIGHTS).no_more_than(400));
    model.add(total(&VOLUMES).no_more_than(350));
    model.maximize(total(&VALUES));
    match model.solve() {
        Outcome::Optimal { best, objective } => {
            let chosen: Vec<usize> =
                (0..taken.len()).filter(|&item| best.holds(taken[item])).collect();
            println!("worth {objective}, weight {}: {chosen:?}", best.value(total(&WEIGHTS)));
        }
        other => println!("{other:?}"),
    }
}
