//! Every file of `data/models` fits the schema, and is read back equal.
//!
//! **Source:** -

use crate::schema::{schema_of, violations};
use ordine_wire::problem_json::{read_problem, write_problem};
use ordine_wire::{FORMATS, Text, read_one};
use std::path::Path;

#[test]
fn every_model_fits_the_schema_before_and_after_being_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models");
    let rules = schema_of("ordine/problem/1");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).expect("a text");
        assert_eq!(violations(&rules, &text), [""; 0], "{name}");
        let found = read_one(text.as_bytes(), &name, FORMATS);
        let found = found.unwrap_or_else(|error| panic!("{error}"));
        let written = write_problem(&found.problem, &found.scale);
        assert_eq!(violations(&rules, &written), [""; 0], "{name}: {written}");
        let again = Text::new(name.as_str(), written.as_bytes()).expect("text");
        let again = read_problem(&again).unwrap_or_else(|error| panic!("{error}"));
        assert!(again == (found.problem, found.scale), "{name}: {written}");
        count += 1;
    }
    assert!(count >= 60, "{count}");
}
