//! Queens that do not attack each other: one in each row, on 60 × 60 squares; and all ways for 8.
//!
//! `cargo run --release -p ordine-cp --example queens`
//!
//! **Source:** Max Bezzel, *Berliner Schachzeitung* (1848).
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::View;
use ordine_cp::model::{Limits, Model};

/// A model of `count` queens, and the column of the queen in each row.
fn queens(count: i64) -> (Model, Vec<View>) {
    let mut model = Model::default();
    let columns = model.integers(count as usize, 0, count - 1);
    let rising: Vec<View> = (0..).zip(&columns).map(|(row, &column)| column + row).collect();
    let falling: Vec<View> = (0..).zip(&columns).map(|(row, &column)| column - row).collect();
    model.all_different(&columns);
    model.all_different(&rising);
    model.all_different(&falling);
    (model, columns)
}

fn main() {
    let (model, columns) = queens(60);
    let outcome = model.solve();
    let solution = outcome.solution().expect("queens fit");
    for &column in &columns {
        let place = solution.value(column) as usize;
        println!("{}Q{}", ".".repeat(place), ".".repeat(columns.len() - place - 1));
    }
    let (model, columns) = queens(8);
    let all = model.enumerate(&columns, &Limits::default(), &mut |_| {});
    println!("{} ways to place 8", all.solutions);
}
