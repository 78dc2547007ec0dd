//! How machines fail, and for how long they are down.
//!
//! * `none`: never;
//! * `at-load(probability, down)`: each time something is loaded, with this probability, at a
//!   moment of its work that is uniform;
//! * `hazard(rate, down)`: with this rate per tick of work;
//! * `renewal(up, down)`: after a time of work, or of anything, from a distribution: MTBF and MTTR
//!   exponential or Weibull are `renewal(exponential(MTBF), exponential(MTTR))`;
//! * a calendar of maintenance, or a record of what happened: intervals of a file.
//!
//! The first two are drawn when work begins ([`Breakdowns::at_load`]), the others one after the
//! other ([`Breakdowns::next`]).
//!
//! **Source:** Law 2015, section 14.4 (modeling machine downtimes); Gaver 1962 (interruptions at a
//! rate per unit of work).

use crate::arrivals::{words, wrong};
use crate::{Distribution, DistributionError, SimulationError};
use ordine_base::{Interval, Stream, Ticks, Time};
use std::fmt;
use std::str::FromStr;

/// How one machine fails.
#[derive(Clone, Debug, PartialEq)]
pub enum Breakdowns {
    /// Never.
    None,
    /// With a probability each time that something is loaded.
    AtLoad {
        /// From 0 to 1.
        probability: f64,
        /// How long it is down.
        down: Distribution,
    },
    /// With a rate per tick of work.
    Hazard {
        /// Failures per tick of work.
        rate: f64,
        /// How long it is down.
        down: Distribution,
    },
    /// Up and down in turns, whatever is at work.
    Renewal {
        /// From the end of a breakdown to the beginning of the next.
        up: Distribution,
        /// How long it is down.
        down: Distribution,
    },
    /// In these intervals, sorted and apart: maintenance, or a record.
    Calendar(Vec<Interval>),
}

/// A breakdown during a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// After so much of the work.
    pub after: Ticks,
    /// How long the machine is down.
    pub down: Ticks,
}

impl Breakdowns {
    /// Whether and when the machine fails during `work` that begins now. Only kinds that depend on
    /// work fail here; a rate may let it fail again in what is left.
    pub fn at_load(&self, work: Ticks, stream: &mut Stream) -> Option<Failure> {
        let (after, down) = match self {
            Breakdowns::AtLoad { probability, down } => {
                // Both are drawn always, so that the next draw does not depend on the first.
                let (fails, share) = (stream.chance(*probability), stream.unit());
                fails.then_some(((share * work.get() as f64) as i64, down))?
            }
            Breakdowns::Hazard { rate, down } if *rate > 0.0 => {
                let after = Distribution::exponential(1.0 / rate).ticks(stream);
                (after < work).then_some((after.get(), down))?
            }
            _ => return None,
        };
        Some(Failure { after: Ticks::new(after), down: down.ticks(stream) })
    }

    /// The next breakdown after `now`, at which the machine is up. Only kinds that do not depend on
    /// work fail here.
    pub fn next(&self, now: Time, stream: &mut Stream) -> Option<Interval> {
        match self {
            Breakdowns::Renewal { up, down } => {
                let start = now + up.ticks(stream);
                Some(Interval::new(start, start + down.ticks(stream)))
            }
            Breakdowns::Calendar(intervals) => {
                let place = intervals.partition_point(|it| it.start < now);
                intervals.get(place).copied()
            }
            _ => None,
        }
    }

    /// What is still unknown of a breakdown under way since `since`, or of none since then, drawn
    /// anew for a fork: how much longer it is down, or up.
    pub fn residual(&self, is_up: bool, since: Time, now: Time, stream: &mut Stream) -> Ticks {
        let elapsed = now - since;
        match (self, is_up) {
            (Breakdowns::Renewal { up, .. }, true) => up.residual_ticks(elapsed, stream),
            (
                Breakdowns::AtLoad { down, .. }
                | Breakdowns::Hazard { down, .. }
                | Breakdowns::Renewal { down, .. },
                false,
            ) => down.residual_ticks(elapsed, stream),
            _ => Ticks::ZERO,
        }
    }

    /// Breakdowns of every machine from a text: per line the name of a machine, when it goes down
    /// and when it comes back, in ticks; what follows `#` is a remark. Gives one calendar per name.
    ///
    /// # Errors
    /// When a line is something else, names an unknown machine, or overlaps another.
    pub fn from_text(
        name: &str,
        text: &str,
        machines: &[&str],
    ) -> Result<Vec<Breakdowns>, SimulationError> {
        let mut all: Vec<Vec<Interval>> = vec![Vec::new(); machines.len()];
        for (line, found) in text.lines().enumerate().map(|(index, it)| (index + 1, words(it))) {
            let [machine, from, to] = *found else {
                match found.is_empty() {
                    true => continue,
                    false => return Err(wrong(name, line, "`machine from to`", &found)),
                }
            };
            let place = machines.iter().position(|it| *it == machine);
            let place = place.ok_or_else(|| {
                wrong(name, line, &format!("a machine among {}", machines.join(", ")), &found)
            })?;
            let bound =
                |text: &str| text.parse().ok().filter(|it| (0..=Time::MAX.get()).contains(it));
            let interval = match (bound(from), bound(to)) {
                (Some(from), Some(to)) if from < to => {
                    Interval::new(Time::new(from), Time::new(to))
                }
                _ => return Err(wrong(name, line, "ticks with from < to", &found)),
            };
            let clear =
                |other: &Interval| other.end <= interval.start || interval.end <= other.start;
            if !all[place].iter().all(clear) {
                return Err(wrong(name, line, "breakdowns of a machine apart", &found));
            }
            all[place].push(interval);
        }
        let sorted = all.into_iter().map(|mut intervals| {
            intervals.sort_unstable_by_key(|it| it.start);
            Breakdowns::Calendar(intervals)
        });
        Ok(sorted.collect())
    }
}

const EXPECTED: &str = "none, at-load(probability, down), hazard(rate, down) or renewal(up, down); \
                        `down` and `up` are distributions in ticks";

impl FromStr for Breakdowns {
    type Err = DistributionError;

    fn from_str(text: &str) -> Result<Self, DistributionError> {
        let wrong = || DistributionError { text: text.to_owned(), expected: EXPECTED.to_owned() };
        let text = text.trim();
        if text == "none" {
            return Ok(Breakdowns::None);
        }
        let call = ordine_world::Call::read(text).map_err(|_| wrong())?;
        let number = |text: &str| text.parse::<f64>().ok();
        match (call.name, call.arguments.as_slice()) {
            ("at-load", [probability, down]) => {
                let probability = number(probability).filter(|it| (0.0..=1.0).contains(it));
                let probability = probability.ok_or_else(wrong)?;
                Ok(Breakdowns::AtLoad { probability, down: down.parse()? })
            }
            ("hazard", [rate, down]) => {
                let rate = number(rate).filter(|it| *it >= 0.0 && it.is_finite());
                Ok(Breakdowns::Hazard { rate: rate.ok_or_else(wrong)?, down: down.parse()? })
            }
            ("renewal", [up, down]) => {
                Ok(Breakdowns::Renewal { up: up.parse()?, down: down.parse()? })
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Breakdowns {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breakdowns::None => formatter.write_str("none"),
            Breakdowns::AtLoad { probability, down } => {
                write!(formatter, "at-load({probability}, {down})")
            }
            Breakdowns::Hazard { rate, down } => write!(formatter, "hazard({rate}, {down})"),
            Breakdowns::Renewal { up, down } => write!(formatter, "renewal({up}, {down})"),
            Breakdowns::Calendar(intervals) => {
                write!(formatter, "calendar of {} intervals", intervals.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    fn read(text: &str) -> Breakdowns {
        text.parse().expect("breakdowns")
    }

    #[test]
    fn failures_come_as_often_and_last_as_long_as_they_should() {
        let mut stream = Seed::new(1).stream("breakdowns");
        let work = Ticks::new(1_000);
        for (text, share) in [
            ("at-load(0.1, exponential(30))", 0.1),
            ("hazard(0.0005, exponential(30))", 1.0 - (-0.5_f64).exp()),
        ] {
            let breakdowns = read(text);
            assert_eq!(breakdowns.to_string(), text);
            let drawn = (0..50_000).filter_map(|_| breakdowns.at_load(work, &mut stream));
            let failures: Vec<Failure> = drawn.collect();
            assert!(failures.iter().all(|it| it.after < work));
            let rate = failures.len() as f64 / 50_000.0;
            assert!((rate - share).abs() < 0.01, "{text}: {rate}");
            let down = failures.iter().map(|it| it.down.get()).sum::<i64>();
            let down = down as f64 / failures.len() as f64;
            assert!((down - 30.0).abs() < 1.5, "{text}: {down}");
        }
    }

    #[test]
    fn renewals_are_down_for_their_share_of_time() {
        let breakdowns = read("renewal(weibull(900, 2), exponential(100))");
        let mut stream = Seed::new(2).stream("breakdowns");
        let (mut now, mut down) = (Time::ORIGIN, 0);
        for _ in 0..20_000 {
            let next = breakdowns.next(now, &mut stream).expect("it fails again");
            down += next.elapsed().get();
            now = next.end;
        }
        let share = down as f64 / now.get() as f64;
        // Mean up time of Weibull(900, 2) is 900 × Γ(1.5) = 797.6.
        assert!((share - 100.0 / 897.6).abs() < 0.004, "{share}");
    }

    #[test]
    fn records_are_read_or_refused_by_line() {
        let text = "lathe 10 20 # spindle\nmill 5 7\nlathe 2 4\n";
        let all = Breakdowns::from_text("b.txt", text, &["lathe", "mill"]).expect("records");
        let mut stream = Seed::new(1).stream("none");
        let next = |now: i64, stream: &mut _| all[0].next(Time::new(now), stream);
        assert_eq!(next(5, &mut stream), Some(Interval::new(Time::new(10), Time::new(20))));
        assert_eq!(next(11, &mut stream), None);
        for (text, line) in [("lathe 1", 1), ("lathe 1 5\nlathe 4 6", 2), ("saw 1 2", 1)] {
            let error = Breakdowns::from_text("b.txt", text, &["lathe", "mill"]).expect_err(text);
            assert!(error.to_string().starts_with(&format!("b.txt, line {line}: expected")));
        }
        assert!("at-load(2, 5)".parse::<Breakdowns>().is_err());
    }
}
