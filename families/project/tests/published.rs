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
    let found = read_one(&bytes, file, ordine_project::io::FORMATS).expect("a valid file");
    solve(&found.problem, "auto", Seed::new(1), work).expect("no fault")
}

#[test]
fn known_optima_of_projects_are_found() {
    for (file, optimum) in [("j301_1.sm", 43), ("j3013_1.sm", 58), ("j1010_1.mm", 17)] {
        let outcome = run(file, 2_000_000);
        let (_, cost) = outcome.best().expect("a schedule");
        assert_eq!(cost.first(), optimum, "{file}");
    }
}
