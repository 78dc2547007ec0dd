//! Published optima of small instances: reached within a budget of work, and never beaten.
//!
//! **Source:** `data/best-known/`.

use ordine_base::Seed;
use ordine_solve::{Outcome, solve};
use ordine_wire::read_one;
use std::path::Path;

fn run(file: &str, work: u64) -> Outcome<ordine_problem::Schedule> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(file);
    let bytes = std::fs::read(&path).expect("the file lies in the repository");
    let found = read_one(&bytes, file, ordine_shop::io::FORMATS).expect("a valid file");
    solve(&found.problem, "auto", Seed::new(1), work).expect("no fault")
}

#[test]
fn known_optima_of_shops_are_found() {
    for (file, optimum) in [("ft06.txt", 55), ("la01.txt", 666), ("mk01.fjs", 40)] {
        let outcome = run(file, 4_000_000);
        let (_, cost) = outcome.best().expect("a schedule");
        assert_eq!(cost.first(), optimum, "{file}");
    }
}

#[test]
fn where_a_root_bound_meets_the_optimum_it_is_proved() {
    for (file, optimum) in [("la05.txt", 593), ("mk03.fjs", 204), ("mk08.fjs", 523)] {
        match run(file, 4_000_000) {
            Outcome::Optimal { cost, .. } => assert_eq!(cost.first(), optimum, "{file}"),
            other => panic!("{file}: {}", other.word()),
        }
    }
}
