//! Dates and times of ISO 8601 as ticks, by the unit and the origin of a file.
//!
//! `tick = (time - origin) / unit`, which must come out even: rounding would decide feasibility.
//! A time with an offset, or with a zone in brackets, is an instant and needs such an origin. A
//! time without either is read in the zone that the origin names, or on the same clock as an
//! origin without offset, where every day has 24 hours.
//!
//! **Source:** RFC 3339, RFC 9557 (zones in brackets); IANA time zone database.

use crate::diagnostic::quote;
use crate::problem_json::{Moment, TimeScale};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// What is wrong with a time: expected, found, what to change.
pub(crate) struct Wrong {
    pub(crate) expected: &'static str,
    pub(crate) found: String,
    pub(crate) hint: &'static str,
}

/// Units by name, in nanoseconds.
const UNITS: [(&str, i128); 6] = [
    ("millisecond", 1_000_000),
    ("second", 1_000_000_000),
    ("minute", 60_000_000_000),
    ("hour", 3_600_000_000_000),
    ("day", 86_400_000_000_000),
    ("week", 604_800_000_000_000),
];

/// The instant of tick 0.
enum Origin {
    Instant(Timestamp, Option<TimeZone>),
    Wall(DateTime),
}

/// What turns times of a file into ticks.
pub(crate) struct Dates {
    /// Nanoseconds of a tick, where the unit is known.
    unit: Option<i128>,
    origin: Option<Origin>,
    zones: TimeZoneDatabase,
}

impl Dates {
    /// Those of a file; its origin must be valid when there is one.
    pub(crate) fn new(scale: &TimeScale) -> Result<Dates, Wrong> {
        let zones = TimeZoneDatabase::bundled();
        let origin = scale.origin.as_ref().map(|text| origin(&zones, text)).transpose()?;
        let unit = scale.unit.as_deref().and_then(nanoseconds);
        Ok(Dates { unit, origin, zones })
    }

    /// The tick of a time.
    pub(crate) fn tick(&self, moment: &Moment) -> Result<i64, Wrong> {
        match moment {
            Moment::Tick(tick) => Ok(*tick),
            Moment::Instant(instant) => self.tick_of_instant(*instant),
            Moment::Wall(wall, None) => match self.origin()? {
                Origin::Wall(origin) => {
                    let instant = |wall: DateTime| TimeZone::UTC.to_timestamp(wall);
                    match (instant(*wall), instant(*origin)) {
                        (Ok(wall), Ok(origin)) => self.ticks_between(origin, wall),
                        _ => Err(out_of_range(wall)),
                    }
                }
                Origin::Instant(_, Some(zone)) => self.tick_of_instant(unambiguous(zone, *wall)?),
                Origin::Instant(_, None) => Err(Wrong {
                    expected: "a time with its offset, as the origin has one",
                    found: quote(&wall.to_string()),
                    hint: "add the offset, or name the zone of the origin in brackets, such as \
                           `2026-01-05T06:00:00+01:00[Europe/Berlin]`",
                }),
            },
            Moment::Wall(wall, Some(zone)) => {
                self.tick_of_instant(unambiguous(&find_zone(&self.zones, zone)?, *wall)?)
            }
        }
    }

    fn tick_of_instant(&self, instant: Timestamp) -> Result<i64, Wrong> {
        match self.origin()? {
            Origin::Instant(origin, _) => self.ticks_between(*origin, instant),
            Origin::Wall(_) => Err(Wrong {
                expected: "a time without offset and zone, as the origin has none",
                found: quote(&instant.to_string()),
                hint: "add the offset to the origin, or leave it out here",
            }),
        }
    }

    fn ticks_between(&self, origin: Timestamp, instant: Timestamp) -> Result<i64, Wrong> {
        let unit = self.unit.ok_or_else(|| Wrong {
            expected: "a unit such as `minute` or `15 minutes` beside dates",
            found: "none that is a length of time".to_owned(),
            hint: "state \"unit\" in milliseconds, seconds, minutes, hours, days or weeks",
        })?;
        let elapsed = instant.as_nanosecond() - origin.as_nanosecond();
        if elapsed % unit != 0 {
            return Err(Wrong {
                expected: "a time that is a whole number of units after the origin",
                found: quote(&instant.to_string()),
                hint: "correct the time, or choose a finer unit",
            });
        }
        i64::try_from(elapsed / unit).map_err(|_| out_of_range(&instant))
    }

    fn origin(&self) -> Result<&Origin, Wrong> {
        self.origin.as_ref().ok_or_else(|| Wrong {
            expected: "an origin beside dates",
            found: "none".to_owned(),
            hint: "state \"origin\" as the date and time of tick 0",
        })
    }
}

/// The time zone database's entry of this name.
fn find_zone(zones: &TimeZoneDatabase, name: &str) -> Result<TimeZone, Wrong> {
    zones.get(name).map_err(|_| Wrong {
        expected: "a time zone of the IANA database, such as `Europe/Berlin`",
        found: quote(name),
        hint: "correct the name of the zone",
    })
}

fn origin(zones: &TimeZoneDatabase, text: &str) -> Result<Origin, Wrong> {
    let named = |name: &str| find_zone(zones, name);
    match Moment::parse(text) {
        Some(Moment::Instant(instant)) => {
            let zone = text.split_once('[').map(|parts| parts.1.trim_end_matches(']'));
            Ok(Origin::Instant(instant, zone.map(named).transpose()?))
        }
        Some(Moment::Wall(wall, Some(zone))) => {
            let zone = named(&zone)?;
            Ok(Origin::Instant(unambiguous(&zone, wall)?, Some(zone)))
        }
        Some(Moment::Wall(wall, None)) => Ok(Origin::Wall(wall)),
        _ => Err(Wrong {
            expected: "a date and time of ISO 8601 such as `2026-01-05T06:00:00+01:00`",
            found: quote(text),
            hint: "correct the origin, or leave it out",
        }),
    }
}

/// The instant at which clocks of the zone show this, if there is exactly one.
fn unambiguous(zone: &TimeZone, wall: DateTime) -> Result<Timestamp, Wrong> {
    zone.to_ambiguous_timestamp(wall).unambiguous().map_err(|_| Wrong {
        expected: "a time that clocks of the zone show exactly once",
        found: quote(&wall.to_string()),
        hint: "state the time with its offset",
    })
}

fn out_of_range(time: &impl ToString) -> Wrong {
    Wrong {
        expected: "a time nearer to the origin",
        found: quote(&time.to_string()),
        hint: "correct the year",
    }
}

/// Length of a unit such as `minute`, `hours` or `15 minutes`.
fn nanoseconds(unit: &str) -> Option<i128> {
    let (count, name) = match unit.trim().split_once(' ') {
        Some((count, name)) => (count.parse::<u32>().ok().filter(|&count| count > 0)?, name),
        None => (1, unit.trim()),
    };
    let name = name.trim();
    let is_named = |known: &&(&str, i128)| name.strip_suffix('s').unwrap_or(name) == known.0;
    let known = UNITS.iter().find(is_named)?;
    Some(i128::from(count) * known.1)
}
