//! A validator for the words of JSON Schema that Ordine's schemas use; others are a failure.
//!
//! **Source:** JSON Schema, draft 2020-12.

use serde_json::{Map, Value};

/// Words that only describe.
const NOTES: [&str; 8] =
    ["$schema", "$defs", "title", "description", "default", "format", "$comment", "writeOnly"];

/// The schema of one of Ordine's formats.
pub fn schema_of(format: &str) -> Value {
    let all: Value = serde_json::from_str(&ordine_wire::schemas()).expect("schemas are JSON");
    all[format].clone()
}

/// What of a document, given as its text, is against the schema; nothing if it is valid.
pub fn violations(schema: &Value, document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).expect("the document is JSON");
    let mut checking = Checking { root: schema, found: Vec::new() };
    checking.value(schema, &document, "$");
    checking.found
}

struct Checking<'s> {
    root: &'s Value,
    found: Vec<String>,
}

impl Checking<'_> {
    fn value(&mut self, schema: &Value, value: &Value, path: &str) {
        let schema = match schema {
            Value::Bool(allowed) => return self.require(*allowed, path, "nothing is allowed here"),
            schema => schema.as_object().expect("a schema is a boolean or an object"),
        };
        for (word, rule) in schema {
            match word.as_str() {
                "$ref" => {
                    let pointer = rule.as_str().and_then(|it| it.strip_prefix('#'));
                    let target = pointer.and_then(|it| self.root.pointer(it));
                    self.value(target.expect("references lead somewhere"), value, path);
                }
                "anyOf" | "oneOf" => {
                    let fitting = |it: &&Value| {
                        let mut inner = Checking { root: self.root, found: Vec::new() };
                        inner.value(it, value, path);
                        inner.found.is_empty()
                    };
                    let count = list(rule).iter().filter(fitting).count();
                    let fits = if word == "oneOf" { count == 1 } else { count > 0 };
                    self.require(fits, path, word);
                }
                "type" => {
                    let types = rule.as_array().map_or(std::slice::from_ref(rule), Vec::as_slice);
                    self.require(types.iter().any(|it| is_a(value, it)), path, word);
                }
                "const" => self.require(value == rule, path, word),
                "enum" => self.require(list(rule).contains(value), path, word),
                "minimum" => self.require(bound(value, rule, |it, at| it >= at), path, word),
                "maximum" => self.require(bound(value, rule, |it, at| it <= at), path, word),
                "minItems" => self.require(length(value, rule, |it, at| it >= at), path, word),
                "maxItems" => self.require(length(value, rule, |it, at| it <= at), path, word),
                "required" | "properties" | "additionalProperties" => {
                    if let Value::Object(fields) = value {
                        self.object(word, rule, schema, fields, path);
                    }
                }
                "items" | "prefixItems" => {
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        let rule = if word == "items" { Some(rule) } else { list(rule).get(place) };
                        if let Some(rule) = rule {
                            self.value(rule, item, &format!("{path}[{place}]"));
                        }
                    }
                }
                other => assert!(NOTES.contains(&other), "no rule for the word {other} at {path}"),
            }
        }
    }

    fn object(
        &mut self,
        word: &str,
        rule: &Value,
        schema: &Map<String, Value>,
        fields: &Map<String, Value>,
        path: &str,
    ) {
        if word == "required" {
            let has = |name: &Value| name.as_str().is_some_and(|name| fields.contains_key(name));
            return self.require(list(rule).iter().all(has), path, word);
        }
        let known = schema.get("properties").and_then(Value::as_object);
        for (name, value) in fields {
            let path = format!("{path}.{name}");
            match (known.and_then(|known| known.get(name)), word) {
                (Some(schema), "properties") => self.value(schema, value, &path),
                (None, "additionalProperties") => self.value(rule, value, &path),
                _ => {}
            }
        }
    }

    fn require(&mut self, holds: bool, path: &str, what: &str) {
        if !holds {
            self.found.push(format!("{path}: {what}"));
        }
    }
}

fn list(rule: &Value) -> &[Value] {
    rule.as_array().expect("a list")
}

fn is_a(value: &Value, kind: &Value) -> bool {
    match kind.as_str().expect("types are words") {
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("no rule for the type {other}"),
    }
}

/// A rule about numbers; other values satisfy it.
fn bound(value: &Value, rule: &Value, holds: impl Fn(i128, i128) -> bool) -> bool {
    let number = |it: &Value| it.as_i64().map(i128::from).or(it.as_u64().map(i128::from));
    let limit = number(rule).expect("bounds are integers");
    number(value).is_none_or(|value| holds(value, limit))
}

/// A rule about the length of lists; other values satisfy it.
fn length(value: &Value, rule: &Value, holds: impl Fn(u64, u64) -> bool) -> bool {
    let limit = rule.as_u64().expect("lengths are integers");
    value.as_array().is_none_or(|list| holds(list.len() as u64, limit))
}
