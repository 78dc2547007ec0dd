//! A rectangle cut into squares of different sizes, and none is left over.
//!
//! `cargo run --release -p ordine-cp --example squares`
//!
//! **Source:** Zbigniew Moroń (1925): the 32 × 33 rectangle of nine squares.
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::model::{Model, Outcome};
use ordine_cp::propagators::Rectangle;

const SIZES: [i64; 9] = [18, 15, 14, 10, 9, 8, 7, 4, 1];
const WIDTH: i64 = 33;
const HEIGHT: i64 = 32;

fn main() {
    let mut model = Model::default();
    let squares: Vec<Rectangle> = SIZES
        .iter()
        .map(|&size| Rectangle { x: model.task(0, size, WIDTH), y: model.task(0, size, HEIGHT) })
        .collect();
    model.no_overlap_2d(&squares);
    match model.solve() {
        Outcome::Optimal { best, .. } => {
            let mut picture = vec![vec!['.'; WIDTH as usize]; HEIGHT as usize];
            for (square, name) in squares.iter().zip('A'..) {
                let (left, right) = best.placed(square.x).expect("every square is there");
                let (bottom, top) = best.placed(square.y).expect("every square is there");
                for row in &mut picture[bottom as usize..top as usize] {
                    row[left as usize..right as usize].fill(name);
                }
            }
            for row in picture {
                println!("{}", row.into_iter().collect::<String>());
            }
        }
        other => println!("{other:?}"),
    }
}
