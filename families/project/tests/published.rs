//! Every project in `data/` reads with the sizes of its set, and reads back equal.
//!
//! **Source:** Kolisch, Sprecher 1996 (PSPLIB).

use ordine_problem::{Feature, ResourceKind};
use ordine_project::io::FORMATS;
use ordine_wire::{Found, read_one};
use std::path::PathBuf;

fn data(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data").join(file)
}

fn read(file: &str) -> Found {
    let bytes = std::fs::read(data(file)).expect("the file is in data/");
    read_one(&bytes, file, FORMATS).unwrap_or_else(|error| panic!("{error}"))
}

fn files() -> Vec<String> {
    let all = std::fs::read_dir(data("")).expect("data/ exists");
    let names = all.map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"));
    let mut files: Vec<String> =
        names.filter(|name| name.ends_with(".sm") || name.ends_with(".mm")).collect();
    files.sort();
    files
}

#[test]
fn projects_have_the_sizes_of_their_sets() {
    let files = files();
    assert_eq!(files.len(), 24);
    for file in files {
        let found = read(&file);
        let problem = &found.problem;
        let (tasks, modes, resources) = match &file[..3] {
            "j30" => (32, 32, 4),
            "j12" => (122, 122, 4),
            "j10" => (12, 32, 4),
            "j20" => (22, 62, 4),
            other => panic!("unknown set {other}"),
        };
        assert_eq!(problem.tasks().len(), tasks, "{file}");
        assert_eq!(problem.mode_count(), modes, "{file}");
        assert_eq!(problem.resources().len(), resources, "{file}");
        assert_eq!(problem.jobs().len(), 1, "{file}");
        let renewable = |it: &_| matches!(problem.resource(*it).kind, ResourceKind::Renewable(_));
        let renewables = problem.resources().filter(renewable).count();
        assert_eq!(renewables, if file.ends_with(".mm") { 2 } else { 4 }, "{file}");
        assert!(problem.features().has(Feature::Renewables), "{file}");
        assert_eq!(problem.features().has(Feature::Consumables), file.ends_with(".mm"), "{file}");
    }
}

#[test]
fn the_first_project_reads_number_by_number() {
    let found = read("j301_1.sm");
    let problem = &found.problem;
    let tasks: Vec<_> = problem.tasks().collect();
    assert_eq!(problem.name(), "j301_1");
    assert_eq!(problem.task(tasks[31]).name, "32");
    let after: Vec<usize> =
        problem.successors(tasks[0]).iter().map(|link| ordine_base::Id::index(link.task)).collect();
    assert_eq!(after, [1, 2, 3]);
    let mode = problem.usable_modes(tasks[1])[0];
    assert_eq!(problem.mode(mode).duration.get(), 8);
    let [need] = problem.requirements(mode) else { panic!("activity 2 needs one resource") };
    assert_eq!((problem.resource(need.resource).name.as_str(), need.demand.get()), ("R1", 4));
    let capacities: Vec<i64> =
        problem.resources().map(|id| problem.resource(id).capacity().get()).collect();
    assert_eq!(capacities, [12, 13, 4, 12]);
    assert_eq!(problem.horizon().get(), 158, "the horizon that the file states");
}

#[test]
fn projects_are_read_back_equal() {
    for file in files() {
        let found = read(&file);
        let text = found.format.write(&found.problem).expect("a project can be written");
        let again = read_one(text.as_bytes(), &file, FORMATS).expect("what we write we read");
        assert!(again.problem == found.problem, "{file}");
    }
}

#[test]
fn every_project_has_its_best_known_bounds() {
    let table = std::fs::read_to_string(data("best-known/project.csv")).expect("it is there");
    for file in files() {
        let name = file.split('.').next().expect("a name");
        assert!(table.lines().any(|row| row.starts_with(&format!("{name},"))), "{name}");
    }
    assert_eq!(table.lines().count(), files().len() + 1);
}
