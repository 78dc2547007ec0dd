//! Virtual machines on as few hosts as possible: processors and memory.
//!
//! `cargo run --release -p ordine-cp --example bin_packing`
//!
//! **Source:** Garey, Graham, Johnson, Yao, *Resource constrained scheduling as generalized bin
//! packing* (1976), for packing vectors.
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::Atom;
use ordine_cp::model::{Model, Outcome, sum};
use ordine_cp::propagators::{Bin, PackedItem};

/// Processors and gigabytes.
const MACHINES: [[i64; 2]; 18] = [
    [8, 30],
    [6, 12],
    [4, 32],
    [12, 20],
    [2, 24],
    [7, 7],
    [9, 16],
    [3, 28],
    [10, 10],
    [5, 18],
    [6, 22],
    [4, 9],
    [8, 14],
    [11, 26],
    [2, 12],
    [3, 6],
    [7, 19],
    [5, 27],
];
const HOST: [i64; 2] = [16, 48];

fn main() {
    let mut model = Model::default();
    let hosts: Vec<Bin> = (0..10)
        .map(|_| Bin {
            loads: HOST.iter().map(|&capacity| model.integer(0, capacity)).collect(),
            used: model.boolean(),
        })
        .collect();
    let machines: Vec<PackedItem> = MACHINES
        .iter()
        .map(|sizes| PackedItem {
            sizes: sizes.to_vec(),
            present: Atom::TRUE,
            bins: model.booleans(hosts.len()),
        })
        .collect();
    model.bin_packing(&machines, &hosts);
    for pair in hosts.windows(2) {
        // Hosts are alike: the first ones are used.
        model.implies(pair[1].used, pair[0].used);
    }
    model.minimize(sum(hosts.iter().map(|host| host.used)));
    match model.solve() {
        Outcome::Optimal { best, objective } => {
            println!("{objective} hosts");
            for (number, host) in hosts.iter().enumerate().filter(|(_, it)| best.holds(it.used)) {
                let inside: Vec<usize> = (0..machines.len())
                    .filter(|&it| best.holds(machines[it].bins[number]))
                    .collect();
                let loads: Vec<i64> = host.loads.iter().map(|&load| best.value(load)).collect();
                println!("host {number}, load {loads:?} of {HOST:?}: {inside:?}");
            }
        }
        other => println!("{other:?}"),
    }
}
