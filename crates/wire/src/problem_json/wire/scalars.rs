//! Values of `ordine/problem/1` that are no records: references, times, shifts, step functions.
//!
//! **Source:** -

use jiff::civil::DateTime;
use jiff::fmt::temporal::{Pieces, TimeZoneAnnotationKind};
use jiff::tz::Offset;
use ordine_problem::Shift;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A thing of one of the lists, by name or by number.
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

/// A point in time as a file states it; integers are what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A number of ticks.
    Tick(i64),
    /// What a clock shows, with its offset and its zone where they are stated.
    Date {
        /// What it shows.
        wall: DateTime,
        /// Its offset from universal time.
        offset: Option<Offset>,
        /// The name of its zone.
        zone: Option<String>,
    },
}

impl Moment {
    /// The origin.
    pub(crate) const ORIGIN: Moment = Moment::Tick(0);

    pub(crate) fn is_origin(&self) -> bool {
        *self == Moment::ORIGIN
    }

    /// A date of ISO 8601, perhaps with time, offset and zone; a date alone is its midnight.
    pub(crate) fn parse(text: &str) -> Option<Moment> {
        let pieces = Pieces::parse(text).ok()?;
        let zone = match pieces.time_zone_annotation().map(|zone| zone.kind()) {
            None => None,
            Some(TimeZoneAnnotationKind::Named(name)) => Some(name.as_str().to_owned()),
            // An offset in brackets names no zone.
            Some(_) => return None,
        };
        let wall = pieces.date().to_datetime(pieces.time().unwrap_or_default());
        Some(Moment::Date { wall, offset: pieces.to_numeric_offset(), zone })
    }
}

impl Default for Moment {
    fn default() -> Self {
        Moment::ORIGIN
    }
}

impl From<ordine_base::Time> for Moment {
    fn from(time: ordine_base::Time) -> Self {
        Moment::Tick(time.get())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Moment::Tick(tick) => serializer.serialize_i64(*tick),
            Moment::Date { wall, offset, zone } => {
                let offset = offset.map_or(String::new(), |offset| offset.to_string());
                let zone = zone.as_ref().map_or(String::new(), |zone| format!("[{zone}]"));
                serializer.collect_str(&format_args!("{wall}{offset}{zone}"))
            }
        }
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let about = "Ticks since the origin, or a date and time of ISO 8601.";
        json_schema!({ "description": about, "type": ["integer", "string"] })
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl Visitor<'_> for Either {
            type Value = Moment;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a whole number below 2^63 or a date and time of ISO 8601")
            }

            fn visit_i64<E: de::Error>(self, tick: i64) -> Result<Moment, E> {
                Ok(Moment::Tick(tick))
            }

            fn visit_u64<E: de::Error>(self, tick: u64) -> Result<Moment, E> {
                let wrong = |_| E::invalid_value(Unexpected::Unsigned(tick), &self);
                i64::try_from(tick).map(Moment::Tick).map_err(wrong)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
                let wrong = || E::invalid_value(Unexpected::Str(text), &self);
                Moment::parse(text).ok_or_else(wrong)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// What a resource does: a word, or a percentage of full speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShiftWord(pub(in crate::problem_json) Shift);

impl Serialize for ShiftWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Shift::Closed => serializer.serialize_str("closed"),
            Shift::Paused => serializer.serialize_str("paused"),
            Shift::FULL => serializer.serialize_str("open"),
            Shift::Open(percent) => serializer.serialize_u32(percent),
        }
    }
}

impl JsonSchema for ShiftWord {
    fn schema_name() -> Cow<'static, str> {
        "Shift".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Closed, paused, open, or open at a percentage of full speed.",
            "anyOf": [
                { "enum": ["closed", "paused", "open"] },
                { "type": "integer", "minimum": 1, "maximum": 1000 }
            ]
        })
    }
}

impl<'de> Deserialize<'de> for ShiftWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl Visitor<'_> for Either {
            type Value = ShiftWord;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("`closed`, `paused`, `open` or a percentage from 1 to 1000")
            }

            fn visit_u64<E: de::Error>(self, percent: u64) -> Result<ShiftWord, E> {
                match u32::try_from(percent) {
                    Ok(percent @ 1..=1000) => Ok(ShiftWord(Shift::Open(percent))),
                    _ => Err(E::invalid_value(Unexpected::Unsigned(percent), &self)),
                }
            }

            fn visit_i64<E: de::Error>(self, percent: i64) -> Result<ShiftWord, E> {
                Err(E::invalid_value(Unexpected::Signed(percent), &self))
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<ShiftWord, E> {
                match word {
                    "closed" => Ok(ShiftWord(Shift::Closed)),
                    "paused" => Ok(ShiftWord(Shift::Paused)),
                    "open" => Ok(ShiftWord(Shift::FULL)),
                    _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
                }
            }
        }

        deserializer.deserialize_any(Either)
    }
}
