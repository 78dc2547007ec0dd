//! JSON Schema of Ordine's own formats, made from the records that read and write them.
//!
//! **Source:** JSON Schema, draft 2020-12.

use crate::change::{CHANGE_FORMAT, change_schema};
use crate::problem_json::{PROBLEM_FORMAT, problem_schema};
use crate::schedule::{SCHEDULE_FORMAT, schedule_schema};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use std::collections::BTreeMap;

/// All schemas as one JSON document, each under the name of its format.
pub fn schemas() -> String {
    let all = BTreeMap::from([
        (CHANGE_FORMAT, change_schema()),
        (PROBLEM_FORMAT, problem_schema()),
        (SCHEDULE_FORMAT, schedule_schema()),
    ]);
    serde_json::to_string_pretty(&all).expect("schemas are JSON")
}

/// The schema of a record.
pub(crate) fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}
