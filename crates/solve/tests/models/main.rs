//! The models of `data/models`: each has the optimum that its README states, found by trying all.
//!
//! **Source:** docs/decisions/0004; models written for this collection.

mod agreement;
mod blocking;
mod enumerator;
mod explain;
mod facts;
mod measures;
mod plan;
mod proof;
mod rules;

use ordine_base::Seed;
use ordine_problem::Problem;
use ordine_solve::Outcome;
use ordine_wire::problem_json::{read_problem, write_problem};
use ordine_wire::{Text, TimeScale};
use plan::Case;
use serde_json::Value;
use std::path::PathBuf;

/// A row of the table of models.
struct Model {
    file: String,
    /// Paths of the words that make it what it is.
    words: Vec<String>,
    horizon: i64,
    optimum: Vec<i64>,
    text: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/models")
}

fn read(file: &str) -> String {
    let path = folder().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The table of the README: file, row, what it shows, words, horizon, optimum.
fn models() -> Vec<Model> {
    let readme = read("README.md");
    let rows = readme.lines().filter(|line| line.starts_with("| [`"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, _, _, words, horizon, optimum] = cells[..] else {
            panic!("expected 6 cells: {line}")
        };
        let file = name.split('`').nth(1).expect("a name in backticks").to_owned();
        let number = |text: &str| text.trim().parse().expect("a number");
        Model {
            words: words.split(',').map(|word| word.trim().trim_matches('`').to_owned()).collect(),
            horizon: number(horizon),
            optimum: optimum.split(',').map(number).collect(),
            text: read(&file),
            file,
        }
    })
    .collect()
}

fn parse(file: &str, text: &str) -> Result<(Problem, TimeScale), String> {
    let text = Text::new(file, text.as_bytes()).map_err(|wrong| wrong.to_string())?;
    read_problem(&text).map_err(|wrong| wrong.to_string())
}

fn problem(file: &str, text: &str) -> (Problem, TimeScale) {
    parse(file, text).unwrap_or_else(|wrong| panic!("{file}: {wrong}"))
}

#[test]
fn the_table_lists_every_file_once() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder exists")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json"))
        .collect();
    files.sort();
    let mut listed: Vec<String> = models().into_iter().map(|model| model.file).collect();
    listed.sort();
    assert_eq!(listed, files);
    assert!(files.len() >= 50, "only {} models", files.len());
}

#[test]
fn enumeration_finds_the_optimum_of_the_table() {
    let mut wrong = Vec::new();
    for model in models() {
        let (problem, _) = problem(&model.file, &model.text);
        assert!(problem.tasks().len() <= 6, "{}: too many tasks", model.file);
        let found = enumerator::optimum(&problem, model.horizon).map(|best| best.0);
        if found.as_ref() != Some(&model.optimum) {
            wrong.push(format!("{}: {found:?}", model.file));
        }
    }
    assert!(wrong.is_empty(), "other optima than the table says:\n{}", wrong.join("\n"));
}

#[test]
fn the_default_recipe_finds_the_optimum_of_the_table() {
    let mut missed = Vec::new();
    for model in models() {
        let (problem, _) = problem(&model.file, &model.text);
        let outcome = ordine_solve::solve(&problem, "auto", Seed::new(1), 600_000);
        let outcome = outcome.unwrap_or_else(|fault| panic!("{}: {fault}", model.file));
        let found = outcome.best().map(|(_, cost)| cost.levels().to_vec());
        if found.as_ref() != Some(&model.optimum) {
            missed.push(format!("{}: {found:?}, not {:?}", model.file, model.optimum));
        }
    }
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
}

#[test]
fn the_proof_engine_proves_the_optimum_of_the_table() {
    let (mut proved, mut wrong) = (0, Vec::new());
    for model in models() {
        let (problem, _) = problem(&model.file, &model.text);
        if !problem.unsupported(ordine_solve::lowering::LOWERED).is_empty() {
            continue;
        }
        let outcome = ordine_solve::solve(&problem, "cp", Seed::new(1), 3_000_000);
        match outcome.unwrap_or_else(|fault| panic!("{}: {fault}", model.file)) {
            Outcome::Optimal { cost, .. } if cost.levels() == model.optimum => proved += 1,
            found => wrong.push(format!("{}: {found:?}", model.file)),
        }
    }
    assert!(wrong.is_empty(), "not proved:\n{}", wrong.join("\n"));
    assert!(proved >= 65, "only {proved} models are lowered");
}

#[test]
fn what_is_written_is_read_back_equal() {
    for model in models() {
        let (first, scale) = problem(&model.file, &model.text);
        let (second, again) = problem(&model.file, &write_problem(&first, &scale));
        assert_eq!((&first, &scale), (&second, &again), "{}", model.file);
    }
}

/// Without a word, the optimum is another one; without an objective, its best plan is not the best.
#[test]
fn every_word_of_a_model_matters() {
    let mut idle = Vec::new();
    for model in models() {
        let (whole, _) = problem(&model.file, &model.text);
        for word in &model.words {
            let what = format!("{} without {word}", model.file);
            let mut json: Value = serde_json::from_str(&model.text).expect("JSON");
            let path: Vec<&str> = word.split('.').collect();
            assert!(remove(&mut json, &path) > 0, "{what}: there is none");
            let without = parse(&model.file, &json.to_string());
            if word == "origin" {
                assert!(without.is_err(), "{what}: dates mean nothing");
                continue;
            }
            let (without, _) = without.unwrap_or_else(|wrong| panic!("{what}: {wrong}"));
            let found = enumerator::optimum(&without, model.horizon);
            let values = match word.as_str() {
                "objective" => found.map(|(_, plan)| {
                    let case = Case::new(&whole, &plan);
                    assert!(rules::broken(&case).is_empty(), "{what}");
                    measures::levels(&case)
                }),
                _ => found.map(|best| best.0),
            };
            if values.as_ref() == Some(&model.optimum) {
                idle.push(what);
            }
        }
    }
    assert!(idle.is_empty(), "nothing changes:\n{}", idle.join("\n"));
}

/// Takes out what lies at the path, in every item of a list on the way; gives how often.
fn remove(json: &mut Value, path: &[&str]) -> usize {
    let (word, rest) = path.split_first().expect("a path has a word");
    match json {
        Value::Array(items) => match word.parse::<usize>() {
            Ok(place) if rest.is_empty() && place < items.len() => {
                items.remove(place);
                1
            }
            Ok(_) => 0,
            Err(_) => items.iter_mut().map(|item| remove(item, path)).sum(),
        },
        Value::Object(fields) if rest.is_empty() => usize::from(fields.remove(*word).is_some()),
        Value::Object(fields) => fields.get_mut(*word).map_or(0, |field| remove(field, rest)),
        _ => 0,
    }
}
