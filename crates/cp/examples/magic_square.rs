//! Magic squares: the numbers 1 to n² in a square whose rows, columns and diagonals add up alike.
//!
//! `cargo run --release -p ordine-cp --example magic_square [-- SIZE]`
//!
//! **Source:** Yang Hui (1275), for squares up to ten.
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::View;
use ordine_cp::model::{Model, Relate, sum};
use ordine_cp::relation;

fn main() {
    let size: usize = std::env::args().nth(1).map_or(5, |text| text.parse().expect("a number"));
    let count = (size * size) as i64;
    let total = size as i64 * (count + 1) / 2;
    let mut model = Model::default();
    let cells = model.integers(size * size, 1, count);
    model.all_different(&cells);
    let cell = |row: usize, column: usize| cells[row * size + column];
    let mut lines: Vec<Vec<View>> = Vec::new();
    for line in 0..size {
        lines.push((0..size).map(|it| cell(line, it)).collect());
        lines.push((0..size).map(|it| cell(it, line)).collect());
    }
    lines.push((0..size).map(|it| cell(it, it)).collect());
    lines.push((0..size).map(|it| cell(it, size - 1 - it)).collect());
    for line in lines {
        model.add(sum(line).equals(total));
    }
    // One of the eight squares that turning and mirroring make alike.
    model.add(relation!(cell(0, 0) < cell(0, size - 1)));
    model.add(relation!(cell(0, 0) < cell(size - 1, size - 1)));
    model.add(relation!(cell(0, size - 1) < cell(size - 1, 0)));
    let outcome = model.solve();
    let solution = outcome.solution().expect("there is a square of every size but 2");
    for row in cells.chunks(size) {
        for &it in row {
            print!("{:4}", solution.value(it));
        }
        println!();
    }
}
