//! The engine against brute force on random tiny models, with every switch on and off.
//!
//! **Source:** see `ordine_cp::reference`.

use ordine_base::Seed;
use ordine_cp::reference::{self, Setting, agreement};

const MODELS: u64 = 3_000;

#[test]
fn engine_and_brute_force_agree_with_every_switch_on_and_off() {
    let mut work = agreement::Work::default();
    for number in 0..MODELS {
        let (tiny, expected) = reference::generate(Seed::new(number));
        // Everything on, and one of the others in turn.
        for setting in [0, number % Setting::count()] {
            match agreement::compare(&tiny, &expected, &Setting::of(setting)) {
                Ok(done) => work += done,
                Err(told) => panic!("model {number}, setting {setting}: {told}\n{tiny}"),
            }
        }
    }
    assert!(work.infeasible > MODELS / 10 && work.infeasible < MODELS, "{work}");
    assert!(work.conflicts > MODELS, "the models are too easy to mean something: {work}");
}
