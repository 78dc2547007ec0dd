//! Weekly patterns of calendars, as they stand in the file.
//!
//! **Source:** -

use jiff::civil::{Date, Time, Weekday};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Shifts that repeat every week. Whatever no shift covers is closed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Weekly {
    /// Time zone whose clocks show the times, such as `Europe/Berlin`; that of the origin where it
    /// is left out.
    pub(crate) zone: Option<String>,
    /// Working time; where shifts overlap, the later one in the list counts.
    pub(crate) shifts: Vec<WeeklyShift>,
    /// Pauses within shifts.
    #[serde(default)]
    pub(crate) breaks: Vec<WeeklyBreak>,
    /// Days on which no shift begins.
    #[serde(default)]
    pub(crate) holidays: Vec<Day>,
    /// First day on which no shift begins any more; five years after the origin where it is left
    /// out. A pattern without holidays in a zone without daylight saving repeats for ever.
    pub(crate) until: Option<Day>,
}

/// Working time on some days of the week.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeeklyShift {
    /// Days on which it begins.
    pub(crate) days: Vec<DayWord>,
    pub(crate) from: ClockTime,
    /// On the next day when it is not later than `from`.
    pub(crate) to: ClockTime,
    /// Percentage of full speed; 100 where it is left out.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) speed: Option<u32>,
}

/// A pause on some days of the week.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeeklyBreak {
    /// Days on which it begins; all where they are left out.
    pub(crate) days: Option<Vec<DayWord>>,
    pub(crate) from: ClockTime,
    /// On the next day when it is not later than `from`.
    pub(crate) to: ClockTime,
}

/// A day of the week.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DayOfWeek")]
pub(crate) enum DayWord {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl DayWord {
    pub(crate) fn is(self, day: Weekday) -> bool {
        let own = match self {
            DayWord::Monday => Weekday::Monday,
            DayWord::Tuesday => Weekday::Tuesday,
            DayWord::Wednesday => Weekday::Wednesday,
            DayWord::Thursday => Weekday::Thursday,
            DayWord::Friday => Weekday::Friday,
            DayWord::Saturday => Weekday::Saturday,
            DayWord::Sunday => Weekday::Sunday,
        };
        own == day
    }
}

/// What a clock shows; `24:00` is midnight.
#[derive(Clone, Copy)]
pub(crate) struct ClockTime(pub(crate) Time);

/// A date.
#[derive(Clone, Copy)]
pub(crate) struct Day(pub(crate) Date);

impl JsonSchema for ClockTime {
    fn schema_name() -> Cow<'static, str> {
        "ClockTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "Hours and minutes such as `06:30`.", "type": "string" })
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A date such as `2026-12-24`.", "type": "string" })
    }
}

/// Reads a value from a string.
struct Parsed<T> {
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "a time of day such as `06:30`";
        let parse = |text: &str| match text {
            "24:00" => Some(ClockTime(Time::midnight())),
            _ => Time::from_str(text).ok().map(ClockTime),
        };
        deserializer.deserialize_str(Parsed { expected, parse })
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "a date such as `2026-12-24`";
        let parse = |text: &str| Date::from_str(text).ok().map(Day);
        deserializer.deserialize_str(Parsed { expected, parse })
    }
}
