//! Dates and times of ISO 8601 as ticks, and weekly calendars by the clocks of their zones.
//!
//! **Source:** IANA time zone database; clocks change on 2026-03-08 and 2026-11-01 in New York, on
//! 2026-03-29 and 2026-10-25 in Berlin.

use jiff::civil::{DateTime, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{Calendar, CalendarId, JobId, Shift};
use ordine_wire::{Diagnostics, FORMATS, Found, read_one};

const BERLIN: &str = "2026-03-27T06:00:00+01:00[Europe/Berlin]";

fn read(unit: &str, origin: &str, due: &str, calendar: &str) -> Result<Found, Diagnostics> {
    let line = |key: &str, text: &str| match text {
        "" => String::new(),
        text => format!("\"{key}\":\"{text}\","),
    };
    let text = format!(
        "{{\"format\":\"ordine/problem/1\",\n{}\n{}\n\"jobs\":[{{\"name\":\"j\",\"due\":{due}}}],\n\
         \"calendars\":[\n{calendar}],\n\"tasks\":[]}}",
        line("unit", unit),
        line("origin", origin)
    );
    read_one(text.as_bytes(), "d.json", FORMATS)
}

#[test]
fn dates_are_ticks_by_unit_origin_and_zone() {
    let york = "2026-03-07T22:00[America/New_York]";
    for (unit, origin, due, tick) in [
        ("hour", "2026-03-27T06:00", "2026-03-30T06:00", 72),
        ("hour", BERLIN, "2026-03-30T06:00", 71),
        ("hour", BERLIN, "2026-03-30T06:00[Europe/Berlin]", 71),
        ("hour", BERLIN, "2026-03-30T06:00:00+02:00", 71),
        ("hour", BERLIN, "2026-03-30T06:00+02:00[Europe/Berlin]", 71),
        ("hour", BERLIN, "2026-03-30T04:00Z", 71),
        ("hour", BERLIN, "2026-03-30T00:00[America/New_York]", 71),
        ("hours", BERLIN, "2026-03-27 05:00", -1),
        ("15 minutes", BERLIN, "2026-03-27T07:30", 6),
        ("minute", BERLIN, "2026-03-28", 18 * 60),
        ("second", "2026-10-24T22:00[Europe/Berlin]", "2026-10-25T06:00", 9 * 3600),
        ("millisecond", BERLIN, "2026-03-27T06:00:00.005", 5),
        ("day", "2026-03-27", "2026-04-03", 7),
        ("week", "2026-03-27", "2026-04-10", 2),
        ("hour", york, "2026-03-08T06:00", 7),
        ("hour", "2026-10-31T22:00[America/New_York]", "2026-11-01T06:00", 9),
        // Shown twice, told apart by the offset.
        ("hour", "2026-10-25T00:00[Europe/Berlin]", "2026-10-25T02:00+02:00", 2),
        ("hour", "2026-10-25T00:00[Europe/Berlin]", "2026-10-25T02:00+01:00[Europe/Berlin]", 3),
        ("hour", "2026-11-01T00:00[America/New_York]", "2026-11-01T01:00-05:00", 2),
        ("lap", BERLIN, "17", 17),
    ] {
        let quoted = if due == "17" { due.to_owned() } else { format!("\"{due}\"") };
        let found = read(unit, origin, &quoted, "");
        let found = found.unwrap_or_else(|error| panic!("{unit} {origin} {due}: {error}"));
        let due_tick = found.problem.job(JobId::from_index(0)).due;
        assert_eq!(due_tick, Some(Time::new(tick)), "{unit} {origin} {due}");
    }
}

#[test]
fn dates_that_mean_no_tick_are_named() {
    let offset = "2026-03-27T06:00:00+01:00";
    for (unit, origin, due, line, expected) in [
        ("", BERLIN, "2026-03-30", 4, "a unit such as `minute` or `15 minutes` beside dates"),
        ("lap", BERLIN, "2026-03-30", 4, "a unit such as `minute`"),
        ("0 minutes", BERLIN, "2026-03-30", 4, "a unit such as `minute`"),
        ("hour", "", "2026-03-30", 4, "an origin beside dates"),
        ("hour", "soon", "2026-03-30", 3, "a date and time of ISO 8601"),
        ("hour", "2026-03-29T02:30[Europe/Berlin]", "2026-03-30", 3, "show exactly once"),
        ("hour", "2026-03-27T06:00+02:00[Europe/Berlin]", "2026-03-30", 3, "the offset that the"),
        ("hour", "2026-03-27T06:00[Europe/Baerlin]", "2026-03-30", 3, "a time zone of the IANA"),
        ("hour", BERLIN, "2026-03-29T02:30", 4, "clocks of the zone show exactly once"),
        ("hour", BERLIN, "2026-10-25T02:30", 4, "clocks of the zone show exactly once"),
        ("hour", BERLIN, "2026-03-08T02:30[America/New_York]", 4, "show exactly once"),
        ("hour", BERLIN, "2026-11-01T01:30[America/New_York]", 4, "show exactly once"),
        ("hour", BERLIN, "2026-07-01T12:00+01:00[Europe/Berlin]", 4, "the offset that the zone"),
        ("hour", BERLIN, "2026-03-30T06:30", 4, "a whole number of units after the origin"),
        ("day", BERLIN, "2026-03-30T06:00", 4, "a whole number of units after the origin"),
        ("hour", offset, "2026-03-30", 4, "a time with its offset, as the origin has one"),
        ("hour", "2026-03-27", "2026-03-30T06:00Z", 4, "a time without offset and zone"),
        ("hour", BERLIN, "2026-02-30", 4, "a date and time of ISO 8601"),
        ("hour", BERLIN, "30.03.2026", 4, "a date and time of ISO 8601"),
        ("millisecond", BERLIN, "9000-12-31", 4, "a valid problem"),
        ("hour", BERLIN, "9999-12-31", 4, "a time nearer to the origin"),
    ] {
        let error = read(unit, origin, &format!("\"{due}\""), "").expect_err(due);
        let first = error.first();
        assert_eq!((first.line, error.all().len()), (Some(line), 1), "{due}: {error}");
        assert!(first.expected.contains(expected), "{unit} {origin} {due}: {error}");
    }
}

fn calendar(unit: &str, origin: &str, weekly: &str) -> Calendar {
    let calendar = format!("{{\"name\":\"c\",\"weekly\":{weekly}}}");
    let found = read(unit, origin, "0", &calendar);
    let found = found.unwrap_or_else(|error| panic!("{weekly}: {error}"));
    found.problem.calendar(CalendarId::from_index(0)).clone()
}

/// Three shifts with breaks, without a boundary in an hour that clocks skip or repeat.
const SHIFTS: &str = r#"{"zone":"ZONE","shifts":[
    {"days":["monday","tuesday","wednesday","thursday","friday"],"from":"06:00","to":"14:00"},
    {"days":["monday","friday"],"from":"13:30","to":"22:00","speed":50},
    {"days":["friday","saturday","sunday"],"from":"22:00","to":"06:00"}],
    "breaks":[{"from":"09:00","to":"09:15"},{"days":["friday"],"from":"23:45","to":"00:15"}],
    "holidays":["2026-03-09","2026-03-31","2026-10-24","2026-11-02"],"until":"2027-01-01"}"#;

/// What the clocks of the zone say about the tick, looked at one by one.
fn naive(zone: &TimeZone, instant: Timestamp) -> Shift {
    let wall = zone.to_datetime(instant);
    let holidays = [(3, 9), (3, 31), (10, 24), (11, 2)];
    let lasts = |days: &[Weekday], from: (i8, i8), to: (i8, i8), on_holidays: bool| {
        [wall.date(), wall.date().yesterday().expect("in range")].iter().any(|day| {
            let end = if to > from { *day } else { day.tomorrow().expect("in range") };
            let begins = day.at(from.0, from.1, 0, 0);
            let ends = end.at(to.0, to.1, 0, 0);
            let is_off = holidays.contains(&(day.month(), day.day()));
            days.contains(&day.weekday())
                && (on_holidays || !is_off)
                && begins <= wall
                && wall < ends
        })
    };
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let all = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
    let night = lasts(&all[4..], (22, 0), (6, 0), false);
    let late = lasts(&[Monday, Friday], (13, 30), (22, 0), false);
    let early = lasts(&all[..5], (6, 0), (14, 0), false);
    let pause = lasts(&all, (9, 0), (9, 15), true) || lasts(&[Friday], (23, 45), (0, 15), true);
    match (night, late, early) {
        (false, false, false) => Shift::Closed,
        _ if pause => Shift::Paused,
        (false, true, _) => Shift::Open(50),
        _ => Shift::FULL,
    }
}

#[test]
fn weekly_calendars_agree_with_clocks_on_both_switches_of_two_zones() {
    for (zone, origin) in [
        ("Europe/Berlin", "2026-03-26T12:00:00+01:00"),
        ("Europe/Berlin", "2026-10-22T12:00:00+02:00"),
        ("America/New_York", "2026-03-05T12:00:00-05:00"),
        ("America/New_York", "2026-10-29T12:00:00-04:00"),
        // Work in one zone, time counted in another.
        ("America/New_York", "2026-03-05T12:00:00+01:00[Europe/Berlin]"),
    ] {
        let calendar = calendar("5 minutes", origin, &SHIFTS.replace("ZONE", zone));
        let clocks = TimeZoneDatabase::bundled().get(zone).expect("a zone");
        let text = origin.split('[').next().expect("a part");
        let origin: Timestamp = text.parse().expect("a time");
        let mut seen = [0; 4];
        for tick in 0..8 * 24 * 12 {
            let instant = origin + (5 * tick).minutes();
            let (found, expected) = (calendar.at(Time::new(tick)), naive(&clocks, instant));
            assert_eq!(found, expected, "{zone}, {instant}");
            seen[match found {
                Shift::Closed => 0,
                Shift::Paused => 1,
                Shift::Open(50) => 2,
                Shift::Open(_) => 3,
            }] += 1;
        }
        assert!(seen.iter().all(|&count| count > 0), "{seen:?}");
    }
}

/// Steps of a calendar as the clock of a zone shows them.
fn shown(calendar: &Calendar, unit_minutes: i64, origin: &str) -> Vec<(String, Shift)> {
    let zone = TimeZoneDatabase::bundled().get("Europe/Berlin").expect("a zone");
    let origin: DateTime = origin.parse().expect("a time");
    let origin = zone.to_timestamp(origin).expect("a time");
    let step = |&(time, shift): &(Time, Shift)| {
        let instant = origin + (time.get() * unit_minutes).minutes();
        let (wall, offset) = (zone.to_datetime(instant), zone.to_offset(instant));
        (format!("{}{offset}", wall.strftime("%d %H:%M")), shift)
    };
    calendar.steps.iter().map(step).collect()
}

#[test]
fn shifts_that_begin_or_end_in_a_skipped_or_repeated_hour_meet_all_the_same() {
    let pattern = r#"{"shifts":[
        {"days":["saturday"],"from":"22:00","to":"02:30"},
        {"days":["sunday"],"from":"02:30","to":"03:15","speed":80}],"until":"UNTIL"}"#;
    let laid_out = |origin: &str, until: &str| {
        let weekly = pattern.replace("UNTIL", until);
        shown(&calendar("minute", &format!("{origin}[Europe/Berlin]"), &weekly), 1, origin)
    };
    let step = |shown: &str, shift| (shown.to_owned(), shift);
    // 02:30 is skipped: it is 03:30, when the second shift is over already.
    let spring = laid_out("2026-03-28T12:00", "2026-03-30");
    assert_eq!(spring, [step("28 22:00+01", Shift::FULL), step("29 03:30+02", Shift::Closed)]);
    // 02:30 is shown twice: the first counts.
    let autumn = laid_out("2026-10-24T12:00", "2026-10-26");
    let expected = [
        step("24 22:00+02", Shift::FULL),
        step("25 02:30+02", Shift::Open(80)),
        step("25 03:15+01", Shift::Closed),
    ];
    assert_eq!(autumn, expected);
}

#[test]
fn a_week_without_clock_changes_and_holidays_repeats_for_ever() {
    let week = r#"{"shifts":[{"days":["monday"],"from":"06:00","to":"14:00"},
        {"days":["sunday"],"from":"22:00","to":"24:00"}]}"#;
    // Origins on a Monday at 08:00, within the first shift.
    for origin in ["2026-01-05T08:00", "2026-01-05T08:00+05:30[Asia/Kolkata]"] {
        let calendar = calendar("hour", origin, week);
        let steps =
            [(6, Shift::Closed), (158, Shift::FULL), (160, Shift::Closed), (166, Shift::FULL)];
        let steps = steps.map(|(time, shift)| (Time::new(time), shift)).to_vec();
        let period = Some(Ticks::new(168));
        assert_eq!(calendar, Calendar { name: "c".to_owned(), first: Shift::FULL, steps, period });
    }
    let berlin = calendar("hour", "2026-01-05T08:00[Europe/Berlin]", week);
    let last = berlin.steps.last().expect("steps").0;
    assert_eq!(berlin.period, None);
    assert!(last > Time::new(5 * 364 * 24) && last < Time::new(5 * 366 * 24), "{last}");
    let ended = week.replace("}]}", "}],\"until\":\"2026-01-19\"}");
    let ended = calendar("hour", "2026-01-05T08:00", &ended);
    assert_eq!((ended.period, ended.steps.last()), (None, Some(&(Time::new(328), Shift::Closed))));
}

#[test]
fn mistakes_of_weekly_calendars_are_named_at_their_line() {
    let good = r#"{"shifts":[{"days":["monday"],"from":"06:00","to":"14:00"}]}"#;
    let zoned = r#"{"zone":"Europe/Berlin","shifts""#;
    for (origin, from, to, expected) in [
        (BERLIN, "\"monday\"", "\"someday\"", "one of `monday`"),
        (BERLIN, "[\"monday\"]", "[]", "shifts on one day of the week or more"),
        (BERLIN, "06:00", "6 am", "a time of day such as `06:30`"),
        (BERLIN, "06:00", "06:00:20", "a whole number of units after the origin"),
        (BERLIN, "14:00\"", "14:00\",\"speed\":0", "a valid problem"),
        (BERLIN, "14:00\"", "14:00\",\"pace\":80", "`speed`"),
        (BERLIN, "}]}", "}],\"holidays\":[\"xmas\"]}", "a date such as `2026-12-24`"),
        (BERLIN, "}]}", "}],\"until\":\"9999-12-31\"}", "at most 2^20 shifts and breaks"),
        (BERLIN, "}]}", "}]},\"steps\":[[3,\"open\"]]", "no `first`, `steps` or `period` beside"),
        (
            BERLIN,
            "{\"shifts\"",
            "{\"zone\":\"Europe/Bärlin\",\"shifts\"",
            "a time zone of the IANA",
        ),
        ("2026-03-27T06:00", "{\"shifts\"", zoned, "no zone, as the origin has none"),
        ("2026-03-27T06:00+01:00", "06:00", "06:00", "the zone of a weekly pattern"),
        ("", "06:00", "06:00", "an origin beside dates"),
    ] {
        assert!(good.contains(from), "{from}");
        let text = format!("{{\"name\":\"c\",\"weekly\":{}}}", good.replacen(from, to, 1));
        let error = read("minute", origin, "0", &text).expect_err(to);
        let first = error.first();
        assert_eq!((first.line, error.all().len()), (Some(6), 1), "{to}: {error}");
        assert!(first.expected.contains(expected), "{to}: {error}");
    }
}
