//! Published optima of small instances: reached within a budget of work, and never beaten.
//!
//! **Source:** `data/best-known/`, `tests/data/README.md`; operators: ScheduleOpt,
//! optalcp-benchmarks.

use ordine_base::{Demand, Seed};
use ordine_shop::{io::FORMATS, operators};
use ordine_solve::{Outcome, solve};
use ordine_wire::{Text, read_one};
use std::path::Path;

fn run(file: &str, work: u64) -> Outcome<ordine_problem::Schedule> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(file);
    let bytes = std::fs::read(&path).expect("the file lies in the repository");
    let found = read_one(&bytes, file, FORMATS).expect("a valid file");
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

#[test]
fn published_optima_of_other_shops_are_found() {
    // Open shop: Guéret, Prins 1999; workers: best known of FJSSP-W.
    for (file, format, optimum) in
        [("gp03-01.txt", "open-shop", 1168), ("Fattahi1.fjsw", "fjs-workers", 69)]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
        let bytes = std::fs::read(&path).expect("the file lies beside the test");
        let text = Text::new(file, &bytes).expect("text");
        let format = FORMATS.iter().find(|it| it.about().name == format).expect("a format");
        let problem = format.read(&text).unwrap_or_else(|error| panic!("{error}"));
        let outcome = solve(&problem, "auto", Seed::new(1), 500_000).expect("no fault");
        let (_, cost) = outcome.best().expect("a schedule");
        assert_eq!(cost.first(), optimum, "{file}");
    }
}

#[test]
fn published_optima_with_operators_are_found() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/ft06.txt");
    let bytes = std::fs::read(&path).expect("the file lies in the repository");
    let shop = read_one(&bytes, "ft06.txt", FORMATS).expect("a valid file").problem;
    for (count, optimum) in [(4, 56), (5, 55)] {
        let problem = operators(&shop, Demand::new(count)).expect("no operators yet");
        let outcome = solve(&problem, "auto", Seed::new(1), 4_000_000).expect("no fault");
        let (_, cost) = outcome.best().expect("a schedule");
        assert_eq!(cost.first(), optimum, "{count} operators");
    }
}
