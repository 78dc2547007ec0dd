//! The records of `ordine/problem/1`, as they stand in the file.
//!
//! **Source:** -

use ordine_problem::PrecedenceKind;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The outermost object, its lists not yet looked into.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File<'t> {
    #[serde(rename = "format")]
    pub(super) _format: String,
    pub(super) name: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) origin: Option<String>,
    pub(super) objective: Option<String>,
    #[serde(borrow, default)]
    pub(super) jobs: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    pub(super) resources: Vec<&'t RawValue>,
    #[serde(borrow)]
    pub(super) tasks: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    pub(super) precedences: Vec<&'t RawValue>,
}

#[derive(Deserialize, Serialize)]
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

#[derive(Clone, Copy, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Machine,
    Renewable,
    Consumable,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resource<'t> {
    #[serde(borrow)]
    pub(super) name: Cow<'t, str>,
    pub(super) kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) capacity: Option<i64>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Task<'t> {
    #[serde(borrow)]
    pub(super) name: Cow<'t, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) job: Option<Reference<'t>>,
    #[serde(borrow)]
    pub(super) modes: Vec<Mode<'t>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mode<'t> {
    pub(super) duration: i64,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub(super) requirements: Vec<Requirement<'t>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement<'t> {
    #[serde(borrow)]
    pub(super) resource: Reference<'t>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub(super) demand: i64,
}

#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Points {
    #[default]
    EndToStart,
    StartToStart,
    EndToEnd,
    StartToEnd,
}

#[derive(Deserialize, Serialize)]
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
pub(super) enum Reference<'t> {
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
