//! The shortest round trip through 16 towns on a grid.
//!
//! `cargo run --release -p ordine-cp --example salesman`
//!
//! **Source:** George Dantzig, Delbert Fulkerson, Selmer Johnson, *Solution of a large-scale
//! traveling-salesman problem* (1954).
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::model::{Model, Outcome};
use ordine_cp::propagators::CircuitArc;

const TOWNS: [(i64, i64); 16] = [
    (38, 24),
    (39, 26),
    (40, 25),
    (36, 23),
    (33, 10),
    (37, 12),
    (38, 13),
    (37, 20),
    (41, 9),
    (41, 13),
    (36, -5),
    (38, 15),
    (38, 15),
    (37, 15),
    (35, 14),
    (39, 19),
];

fn main() {
    let mut model = Model::default();
    let distance = |from: usize, to: usize| {
        let (a, b) = (TOWNS[from], TOWNS[to]);
        (100.0 * ((a.0 - b.0) as f64).hypot((a.1 - b.1) as f64)).round() as i64
    };
    let (mut arcs, mut lengths) = (Vec::new(), Vec::new());
    for from in 0..TOWNS.len() {
        for to in (0..TOWNS.len()).filter(|&to| to != from) {
            arcs.push(CircuitArc { from, to, chosen: model.boolean() });
            lengths.push(distance(from, to));
        }
    }
    model.circuit(TOWNS.len(), &arcs);
    let length = model.circuit_length(TOWNS.len(), &arcs, &lengths);
    model.minimize(length);
    match model.solve() {
        Outcome::Optimal { best, objective } => {
            let mut town = 0;
            print!("length {objective}: 0");
            for _ in 0..TOWNS.len() {
                let leaves = |arc: &&CircuitArc| arc.from == town && best.holds(arc.chosen);
                town = arcs.iter().find(leaves).expect("an arc leaves each town").to;
                print!(" {town}");
            }
            println!();
        }
        other => println!("{other:?}"),
    }
}
