//! Every shop in `data/` reads with the counts that its paper states, and reads back equal.
//!
//! **Source:** sizes of `data/README.md`.

use ordine_shop::io::FORMATS;
use ordine_wire::{Found, read_one};
use std::path::PathBuf;

fn data(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data").join(file)
}

fn read(file: &str) -> Found {
    let bytes = std::fs::read(data(file)).expect("the file is in data/");
    read_one(&bytes, file, FORMATS).unwrap_or_else(|error| panic!("{error}"))
}

/// File, jobs, machines, tasks, modes.
const SHOPS: [(&str, usize, usize, usize, usize); 24] = [
    ("ft06.txt", 6, 6, 36, 36),
    ("ft10.txt", 10, 10, 100, 100),
    ("ft20.txt", 20, 5, 100, 100),
    ("la01.txt", 10, 5, 50, 50),
    ("la02.txt", 10, 5, 50, 50),
    ("la05.txt", 10, 5, 50, 50),
    ("la16.txt", 10, 10, 100, 100),
    ("la21.txt", 15, 10, 150, 150),
    ("la31.txt", 30, 10, 300, 300),
    ("la40.txt", 15, 15, 225, 225),
    ("orb01.txt", 10, 10, 100, 100),
    ("orb05.txt", 10, 10, 100, 100),
    ("abz5.txt", 10, 10, 100, 100),
    ("abz6.txt", 10, 10, 100, 100),
    ("mk01.fjs", 10, 6, 55, 115),
    ("mk02.fjs", 10, 6, 58, 238),
    ("mk03.fjs", 15, 8, 150, 451),
    ("mk04.fjs", 15, 8, 90, 172),
    ("mk05.fjs", 15, 4, 106, 181),
    ("mk06.fjs", 10, 15, 150, 490),
    ("mk07.fjs", 20, 5, 100, 283),
    ("mk08.fjs", 20, 10, 225, 322),
    ("mk09.fjs", 20, 10, 240, 606),
    ("mk10.fjs", 20, 15, 240, 716),
];

#[test]
fn shops_have_the_published_sizes() {
    for (file, jobs, machines, tasks, modes) in SHOPS {
        let found = read(file);
        let problem = &found.problem;
        let sizes = (problem.jobs().len(), problem.resources().len(), problem.tasks().len());
        assert_eq!(sizes, (jobs, machines, tasks), "{file}");
        assert_eq!(problem.mode_count(), modes, "{file}");
        assert_eq!(problem.precedences().len(), tasks - jobs, "{file}");
        assert_eq!(Some(problem.name()), file.split('.').next());
    }
}

#[test]
fn shops_are_read_back_equal_in_every_format_that_can_say_them() {
    for (file, ..) in SHOPS {
        let found = read(file);
        let mut written = 0;
        for format in FORMATS {
            let Ok(text) = format.write(&found.problem) else { continue };
            let name = format!("{}.unknown", found.problem.name());
            let again = read_one(text.as_bytes(), &name, FORMATS).expect("what we write we read");
            assert_eq!(again.format.about().name, format.about().name, "{file}");
            assert!(again.problem == found.problem, "{file} in {}", format.about().name);
            written += 1;
        }
        assert_eq!(written, if file.ends_with(".txt") { 2 } else { 1 }, "{file}");
    }
}

#[test]
fn the_normalized_files_are_what_the_writer_writes() {
    for (file, ..) in SHOPS.iter().filter(|shop| shop.0.ends_with(".fjs")) {
        let found = read(file);
        let stored = std::fs::read_to_string(data(file)).expect("the file is in data/");
        assert_eq!(found.format.write(&found.problem).as_deref(), Ok(stored.as_str()), "{file}");
    }
}

#[test]
fn every_shop_has_its_best_known_bounds() {
    let table = std::fs::read_to_string(data("best-known/shop.csv")).expect("the table is there");
    for (file, ..) in SHOPS {
        let name = file.split('.').next().expect("a name");
        assert!(table.lines().any(|row| row.starts_with(&format!("{name},"))), "{name}");
    }
    assert_eq!(table.lines().count(), SHOPS.len() + 1);
}
