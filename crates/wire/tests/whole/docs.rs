//! The page about formats: its examples are read, and it names every field that there is.
//!
//! **Source:** docs/formats.md.

use crate::schema::{schema_of, violations};
use ordine_wire::change::read_changes;
use ordine_wire::schedule::read_schedule;
use ordine_wire::{FORMATS, Found, Text, read_one};
use serde_json::Value;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../docs/formats.md");

/// The examples in this language, in their order.
fn examples(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let blocks = PAGE.split(opening.as_str()).skip(1);
    blocks.map(|rest| rest.split("```").next().expect("a part")).collect()
}

fn read(name: &str, text: &str) -> Found {
    read_one(text.as_bytes(), name, FORMATS).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_examples_are_what_the_page_says() {
    let [problem, schedule, change] = examples("json")[..] else { panic!("three of JSON") };
    for (format, text) in [("problem", problem), ("schedule", schedule), ("change", change)] {
        let rules = schema_of(&format!("ordine/{format}/1"));
        assert_eq!(violations(&rules, text), [""; 0], "{text}");
    }
    let found = read("workshop.json", problem);
    let schedule = Text::new("s.json", schedule.as_bytes()).expect("text");
    let read_back = read_schedule(&schedule, &found.problem);
    assert_eq!(read_back.unwrap_or_else(|error| panic!("{error}")).schedule.placed().count(), 3);
    let change = Text::new("c.json", change.as_bytes()).expect("text");
    let changes = read_changes(&change, &found.problem, &found.scale);
    assert_eq!(changes.unwrap_or_else(|error| panic!("{error}")).changes.len(), 3);

    let [tables, small] = examples("csv")[..] else { panic!("two of CSV") };
    let tables = read("workshop.csv", tables);
    assert_eq!((tables.problem.tasks().len(), tables.scale), (3, found.scale));
    assert_eq!(tables.problem.objective(), found.problem.objective());
    for (table, json) in tables.problem.tasks().zip(found.problem.tasks()) {
        assert_eq!(tables.problem.task(table), found.problem.task(json));
    }
    assert_eq!(read("small.csv", small).problem.jobs().len(), 2);
}

/// Names of all fields of a schema.
fn fields(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(words) => {
            if let Some(Value::Object(properties)) = words.get("properties") {
                found.extend(properties.keys().cloned());
            }
            words.values().for_each(|word| fields(word, found));
        }
        Value::Array(list) => list.iter().for_each(|item| fields(item, found)),
        _ => {}
    }
}

#[test]
fn every_field_of_the_schemas_is_described() {
    for format in ["problem", "schedule", "change"] {
        let mut names = BTreeSet::new();
        fields(&schema_of(&format!("ordine/{format}/1")), &mut names);
        assert!(names.len() > 8, "{format}: {names:?}");
        let missing: Vec<_> =
            names.iter().filter(|name| !PAGE.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "{format}: {missing:?}");
    }
    for (_, measure) in ordine_problem::Measure::NAMES {
        assert!(PAGE.contains(&format!("`{measure}`")), "{measure}");
    }
}
