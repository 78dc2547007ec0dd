//! The records of `ordine/problem/1`, as they stand in the file.
//!
//! **Source:** -

use super::PROBLEM_FORMAT;
use ordine_problem::PrecedenceKind;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A problem; its times and durations are integers in `unit`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "ordine/problem/1")]
pub(super) struct File<'t> {
    #[serde(rename = "format")]
    #[schemars(extend("const" = PROBLEM_FORMAT))]
    pub(super) _format: String,
    /// That of the file where it is left out.
    pub(super) name: Option<String>,
    /// What one tick is, such as `minute`.
    pub(super) unit: Option<String>,
    /// The instant of tick 0: date and time of ISO 8601, with or without zone.
    pub(super) origin: Option<String>,
    pub(super) objective: Option<String>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Job<'t>>")]
    pub(super) jobs: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Resource<'t>>")]
    pub(super) resources: Vec<&'t RawValue>,
    #[serde(borrow)]
    #[schemars(with = "Vec<Task<'t>>")]
    pub(super) tasks: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Precedence<'t>>")]
    pub(super) precedences: Vec<&'t RawValue>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job<'t> {
    #[serde(borrow)]
    pub(super) name: Cow<'t, str>,
    #[serde(default = "one")]
    pub(super) weight: i64,
    #[serde(default)]
    pub(super) release: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) due: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deadline: Option<i64>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Machine,
    Renewable,
    Consumable,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resource<'t> {
    #[serde(borrow)]
    pub(super) name: Cow<'t, str>,
    pub(super) kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) capacity: Option<i64>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Task<'t> {
    #[serde(borrow)]
    pub(super) name: Cow<'t, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) job: Option<Reference<'t>>,
    #[serde(borrow)]
    pub(super) modes: Vec<Mode<'t>>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mode<'t> {
    pub(super) duration: i64,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub(super) requirements: Vec<Requirement<'t>>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement<'t> {
    #[serde(borrow)]
    pub(super) resource: Reference<'t>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub(super) demand: i64,
}

#[derive(Clone, Copy, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Points {
    #[default]
    EndToStart,
    StartToStart,
    EndToEnd,
    StartToEnd,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Precedence<'t> {
    #[serde(borrow)]
    pub(super) before: Reference<'t>,
    #[serde(borrow)]
    pub(super) after: Reference<'t>,
    #[serde(default)]
    pub(super) kind: Points,
    #[serde(default)]
    pub(super) lag: i64,
}

fn one() -> i64 {
    1
}

fn is_one(number: &i64) -> bool {
    *number == 1
}

impl From<Points> for PrecedenceKind {
    fn from(points: Points) -> Self {
        match points {
            Points::EndToStart => PrecedenceKind::EndToStart,
            Points::StartToStart => PrecedenceKind::StartToStart,
            Points::EndToEnd => PrecedenceKind::EndToEnd,
            Points::StartToEnd => PrecedenceKind::StartToEnd,
        }
    }
}

impl From<PrecedenceKind> for Points {
    fn from(kind: PrecedenceKind) -> Self {
        match kind {
            PrecedenceKind::EndToStart => Points::EndToStart,
            PrecedenceKind::StartToStart => Points::StartToStart,
            PrecedenceKind::EndToEnd => Points::EndToEnd,
            PrecedenceKind::StartToEnd => Points::StartToEnd,
        }
    }
}

/// A job, resource or task, by name or by number.
#[derive(Clone)]
pub(crate) enum Reference<'t> {
    Number(u64),
    Name(Cow<'t, str>),
}

impl Serialize for Reference<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Reference::Number(number) => serializer.serialize_u64(*number),
            Reference::Name(name) => serializer.serialize_str(name),
        }
    }
}

impl JsonSchema for Reference<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let about = "A name, where it is unique, or a number from 0.";
        json_schema!({ "description": about, "type": ["string", "integer"], "minimum": 0 })
    }
}

impl<'de: 't, 't> Deserialize<'de> for Reference<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Reference<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name or a number from 0")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Reference::Number(number))
            }

            fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Reference::Name(Cow::Borrowed(name)))
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Reference::Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_any(Either)
    }
}
