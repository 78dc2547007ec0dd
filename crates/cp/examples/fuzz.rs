//! The engine against brute force on many random tiny models:
//! `cargo run --release --features audit --example fuzz -p ordine-cp -- [MODELS [FIRST]]`.
//!
//! Every model is solved with everything on and with one of the other settings in turn. With the
//! feature `audit` every inference is proved again on the way.
//!
//! **Source:** see `ordine_cp::reference`.
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_base::Seed;
use ordine_cp::reference::{self, Setting, agreement};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse().expect("a number"));
    let models: u64 = numbers.next().unwrap_or(1_000);
    let first: u64 = numbers.next().unwrap_or(0);
    let mut work = agreement::Work::default();
    for number in first..first + models {
        let (tiny, expected) = reference::generate(Seed::new(number));
        for number_of_setting in [0, number % Setting::count()] {
            let setting = Setting::of(number_of_setting);
            let compare = || agreement::compare(&tiny, &expected, &setting);
            match std::panic::catch_unwind(compare) {
                Ok(Ok(done)) => work += done,
                told => {
                    println!("model {number}, setting {number_of_setting}: {told:?}\n{tiny}");
                    return ExitCode::FAILURE;
                }
            }
        }
    }
    println!("{models} models from {first} on, no disagreement: {work}");
    ExitCode::SUCCESS
}
