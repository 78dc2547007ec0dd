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
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};

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
        let (wall, offset, zone) = match moment {
            Moment::Tick(tick) => return Ok(*tick),
            Moment::Date { wall, offset, zone } => (*wall, *offset, zone.as_deref()),
        };
        match (offset, zone) {
            (None, None) => self.tick_of_wall(wall),
            (None, Some(zone)) => {
                let zone = find_zone(&self.zones, zone)?;
                self.tick_of_instant(unambiguous(&zone, wall)?)
            }
            (Some(offset), zone) => {
                let zone = zone.map(|name| find_zone(&self.zones, name)).transpose()?;
                self.tick_of_instant(instant(wall, offset, zone.as_ref())?)
            }
        }
    }

    fn tick_of_wall(&self, wall: DateTime) -> Result<i64, Wrong> {
        match self.origin()? {
            Origin::Wall(origin) => self.ticks_between(as_utc(*origin)?, as_utc(wall)?),
            Origin::Instant(_, Some(zone)) => self.tick_of_instant(unambiguous(zone, wall)?),
            Origin::Instant(_, None) => Err(Wrong {
                expected: "a time with its offset, as the origin has one",
                found: quote(&wall.to_string()),
                hint: "add the offset, or name the zone of the origin in brackets, such as \
                       `2026-01-05T06:00:00+01:00[Europe/Berlin]`",
            }),
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

/// A clock on the wall, for patterns that repeat: what it shows more than once, or skips, still
/// has one tick each.
pub(crate) struct Clock<'d> {
    dates: &'d Dates,
    /// Its zone; without one all days have 24 hours.
    zone: Option<TimeZone>,
    /// The day of the origin.
    pub(crate) first_day: Date,
}

impl Dates {
    /// The clock of a zone; that of the origin where none is named.
    pub(crate) fn clock(&self, zone: Option<&str>) -> Result<Clock<'_>, Wrong> {
        let named = zone.map(|name| find_zone(&self.zones, name)).transpose()?;
        let (zone, first_day) = match (self.origin()?, named) {
            (Origin::Wall(origin), None) => (None, origin.date()),
            (Origin::Wall(_), Some(_)) => {
                return Err(Wrong {
                    expected: "no zone, as the origin has none",
                    found: quote(zone.unwrap_or_default()),
                    hint: "name the zone of the origin too, or leave it out here",
                });
            }
            (Origin::Instant(_, None), None) => {
                return Err(Wrong {
                    expected: "the zone of a weekly pattern, as the origin names none",
                    found: "none".to_owned(),
                    hint: "name a zone such as `Europe/Berlin`, here or behind the origin",
                });
            }
            (Origin::Instant(origin, of_origin), named) => {
                let zone = named.or_else(|| of_origin.clone()).unwrap_or(TimeZone::UTC);
                let first_day = zone.to_datetime(*origin).date();
                (Some(zone), first_day)
            }
        };
        Ok(Clock { dates: self, zone, first_day })
    }
}

impl Clock<'_> {
    /// The tick at which it shows this: of two the first, and what is skipped counts from the time
    /// before it (RFC 5545, section 3.3.5).
    pub(crate) fn tick(&self, wall: DateTime) -> Result<i64, Wrong> {
        let Some(zone) = &self.zone else { return self.dates.tick_of_wall(wall) };
        let instant = zone.to_ambiguous_timestamp(wall).compatible();
        self.dates.tick_of_instant(instant.map_err(|_| out_of_range(&wall))?)
    }

    /// Whether no hour is skipped or shown twice from a week before the origin on.
    pub(crate) fn is_even(&self) -> bool {
        let Some(zone) = &self.zone else { return true };
        let Ok(Origin::Instant(origin, _)) = self.dates.origin() else { return true };
        let before = origin.checked_sub((7 * 24).hours()).unwrap_or(*origin);
        zone.following(before).next().is_none()
    }

    /// Ticks of a week without skipped hours, if that is a whole number.
    pub(crate) fn week(&self) -> Option<i64> {
        let week = UNITS[UNITS.len() - 1].1;
        let unit = self.dates.unit.filter(|unit| week % unit == 0)?;
        i64::try_from(week / unit).ok()
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
    let Some(Moment::Date { wall, offset, zone }) = Moment::parse(text) else {
        return Err(Wrong {
            expected: "a date and time of ISO 8601 such as `2026-01-05T06:00:00+01:00`",
            found: quote(text),
            hint: "correct the origin, or leave it out",
        });
    };
    let zone = zone.map(|name| find_zone(zones, &name)).transpose()?;
    match (offset, zone) {
        (None, None) => Ok(Origin::Wall(wall)),
        (None, Some(zone)) => Ok(Origin::Instant(unambiguous(&zone, wall)?, Some(zone))),
        (Some(offset), zone) => Ok(Origin::Instant(instant(wall, offset, zone.as_ref())?, zone)),
    }
}

/// The instant of a time with its offset, which must be one that the zone has then.
fn instant(wall: DateTime, offset: Offset, zone: Option<&TimeZone>) -> Result<Timestamp, Wrong> {
    let instant = offset.to_timestamp(wall).map_err(|_| out_of_range(&wall))?;
    match zone {
        Some(zone) if zone.to_offset(instant) != offset => Err(Wrong {
            expected: "the offset that the zone has at this time, or none",
            found: quote(&format!("{wall}{offset}")),
            hint: "leave out the offset, or correct it",
        }),
        _ => Ok(instant),
    }
}

/// The instant at which a clock without zone shows this; all its days have 24 hours.
fn as_utc(wall: DateTime) -> Result<Timestamp, Wrong> {
    TimeZone::UTC.to_timestamp(wall).map_err(|_| out_of_range(&wall))
}

/// The instant at which clocks of the zone show this, if there is exactly one.
fn unambiguous(zone: &TimeZone, wall: DateTime) -> Result<Timestamp, Wrong> {
    let found = zone.to_ambiguous_timestamp(wall);
    if found.is_ambiguous() {
        return Err(Wrong {
            expected: "a time that clocks of the zone show exactly once",
            found: quote(&wall.to_string()),
            hint: "state the time with its offset",
        });
    }
    found.unambiguous().map_err(|_| out_of_range(&wall))
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
