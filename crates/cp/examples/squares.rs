//! A rectangle cut into squares of different sizes, and none is left over.
//!
//! `cargo run --release -p ordine-cp --example squares [-- 21]`; 21 squares in a square take
//! longer.
//!
//! **Source:** Zbigniew Moroń (1925): the 32 × 33 rectangle of nine squares; Adrianus Duijvestijn
//! (1978): the square of side 112 of twenty-one.
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::model::{Model, Outcome};
use ordine_cp::propagators::Rectangle;

const NINE: [i64; 9] = [18, 15, 14, 10, 9, 8, 7, 4, 1];
const TWENTY_ONE: [i64; 21] =
    [50, 42, 37, 35, 33, 29, 27, 25, 24, 19, 18, 17, 16, 15, 11, 9, 8, 7, 6, 4, 2];

fn main() {
    let (sizes, width, height): (&[i64], i64, i64) = match std::env::args().nth(1) {
        Some(_) => (&TWENTY_ONE, 112, 112),
        None => (&NINE, 33, 32),
    };
    let mut model = Model::default();
    let squares: Vec<Rectangle> = sizes
        .iter()
        .map(|&size| Rectangle { x: model.task(0, size, width), y: model.task(0, size, height) })
        .collect();
    model.no_overlap_2d(&squares);
    match model.solve() {
        Outcome::Optimal { best, .. } => {
            let mut picture = vec![vec!['.'; width as usize]; height as usize];
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
