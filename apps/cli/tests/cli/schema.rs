//! The printed JSON Schema fits what the program writes, and nothing broken.
//!
//! The validator here knows the keywords that our schemas use and refuses others.
//!
//! **Source:** JSON Schema, draft 2020-12.

use crate::call::{Desk, data, ordine};
use serde_json::Value;

/// Where `value` breaks `schema`; `root` is the whole schema, for references.
fn broken(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    if schema.as_bool() == Some(true) {
        return None;
    }
    let rules = schema.as_object().expect("a schema is an object");
    rules.iter().find_map(|(keyword, rule)| match keyword.as_str() {
        "$schema" | "title" | "description" | "default" | "format" | "$defs" => None,
        "$ref" => {
            let place = rule.as_str().and_then(|it| it.strip_prefix('#')).expect("a local one");
            broken(root, root.pointer(place).expect("a definition"), value)
        }
        "const" => (rule != value).then(|| format!("{value} is not {rule}")),
        "enum" => {
            let found = rule.as_array().expect("a list").contains(value);
            (!found).then(|| format!("{value} is not among {rule}"))
        }
        "anyOf" | "oneOf" => {
            let all = rule.as_array().expect("a list");
            let fits = all.iter().any(|schema| broken(root, schema, value).is_none());
            (!fits).then(|| format!("{value} fits none of {rule}"))
        }
        "type" => {
            let one = |name: &Value| is_of_type(value, name.as_str().expect("a name"));
            let fits = rule.as_array().map_or_else(|| one(rule), |all| all.iter().any(one));
            (!fits).then(|| format!("{value} is no {rule}"))
        }
        "minimum" => {
            let low = value.as_f64().zip(rule.as_f64()).is_some_and(|(it, least)| it < least);
            low.then(|| format!("{value} is below {rule}"))
        }
        "items" => value.as_array().into_iter().flatten().find_map(|item| broken(root, rule, item)),
        "properties" => value
            .as_object()
            .into_iter()
            .flatten()
            .find_map(|(key, item)| rule.get(key).and_then(|schema| broken(root, schema, item))),
        "additionalProperties" => {
            assert_eq!(rule, &Value::Bool(false));
            let known = schema.get("properties").expect("known ones");
            let mut keys = value.as_object().into_iter().flatten().map(|(key, _)| key);
            keys.find(|key| known.get(key.as_str()).is_none()).map(|key| format!("extra {key}"))
        }
        "required" => {
            let mut keys = rule.as_array().expect("a list").iter().filter_map(Value::as_str);
            let missing = |key: &&str| value.is_object() && value.get(*key).is_none();
            keys.find(missing).map(|key| format!("{key} is missing"))
        }
        other => panic!("a keyword that is not known here: {other}"),
    })
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("a type that is not known here: {other}"),
    }
}

fn schemas() -> Value {
    let call = ordine(&["list", "formats", "--schema"]);
    assert_eq!((call.code, call.err.as_str()), (0, ""));
    serde_json::from_str(&call.out).expect("one JSON document")
}

fn check(schemas: &Value, text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).expect("JSON");
    let schema = &schemas[value["format"].as_str().expect("a format line")];
    broken(schema, schema, &value)
}

#[test]
fn every_instance_that_lives_with_the_project_fits_the_schema() {
    let schemas = schemas();
    let mut count = 0;
    for entry in std::fs::read_dir(data("")).expect("the folder") {
        let path = entry.expect("an entry").path();
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if !["txt", "fjs", "sm", "mm"].contains(&extension) {
            continue;
        }
        let path = path.to_str().expect("a path of plain letters");
        let call = ordine(&["convert", path, "--to", "json"]);
        assert_eq!(call.code, 0, "{path}: {}", call.err);
        assert_eq!(check(&schemas, &call.out), None, "{path}");
        count += 1;
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn written_schedules_fit_the_schema() {
    let (schemas, desk) = (schemas(), Desk::new());
    let plan = desk.path("plan.json");
    for objective in ["makespan", "makespan,total-flow-time"] {
        let ft06 = data("ft06.txt");
        let call = ordine(&[
            "solve",
            &ft06,
            "--first",
            "--quiet",
            "--out",
            &plan,
            "--objective",
            objective,
        ]);
        assert_eq!(call.code, 0, "{}", call.err);
        assert_eq!(check(&schemas, &desk.read("plan.json")), None, "{objective}");
    }
}

#[test]
fn broken_files_do_not_fit_the_schema() {
    let (schemas, desk) = (schemas(), Desk::new());
    let good = desk.read("good.json");
    assert_eq!(check(&schemas, &good), None);
    for (from, to) in [
        ("\"duration\":3", "\"duration\":3.5"),
        ("\"duration\":3", "\"duration\":\"long\""),
        ("\"duration\":3,", ""),
        ("\"kind\":\"machine\"", "\"kind\":\"robot\""),
        ("\"kind\":\"machine\"", "\"kin\":\"machine\""),
        ("\"resource\":\"lathe\"", "\"resource\":-1"),
        ("\"tasks\"", "\"tasts\""),
    ] {
        assert!(good.contains(from), "{from}");
        assert!(check(&schemas, &good.replace(from, to)).is_some(), "{from} -> {to}");
    }
}

#[test]
fn other_lists_have_no_schema() {
    let call = ordine(&["list", "rules", "--schema"]);
    assert_eq!((call.code, call.out.as_str()), (2, ""));
    assert!(call.err.contains("list formats --schema"), "{}", call.err);
}
