//! The same model in other words has the same answer.
//!
//! **Source:** metamorphic testing (Tsong Chen et al., 1998).

use ordine_base::Seed;
use ordine_cp::reference::{self, Setting, agreement};

const MODELS: u64 = 400;

#[test]
fn names_of_variables_and_order_of_constraints_do_not_matter() {
    for number in 0..MODELS {
        let seed = Seed::new(number).child(1);
        let (tiny, expected) = reference::generate(seed);
        let relabeled = tiny.relabeled(seed);
        if let Err(told) = agreement::compare(&relabeled, &expected, &Setting::default()) {
            panic!("model {number}: {told}\n{tiny}\nrelabeled:\n{relabeled}");
        }
    }
}

#[test]
fn direction_of_time_does_not_matter() {
    for number in 0..MODELS {
        let (tiny, expected) = reference::generate(Seed::new(number).child(2));
        let mirrored = tiny.mirrored();
        if let Err(told) = agreement::compare(&mirrored, &expected, &Setting::default()) {
            panic!("model {number}: {told}\n{tiny}\nmirrored:\n{mirrored}");
        }
    }
}
