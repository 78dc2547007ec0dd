//! When things arrive: gaps from a distribution (exponential gaps: a Poisson process), or a trace.
//!
//! **Source:** Law 2015, section 6.12 (arrival processes).

use crate::{Distribution, SimulationError};
use ordine_base::{Stream, Time};

/// A source of arrivals.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrivals {
    kind: Kind,
    last: Time,
    count: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Gaps(Distribution),
    Trace(Vec<Time>),
}

impl Arrivals {
    /// Gaps between arrivals, the first one after the first gap.
    pub fn with_gaps(gap: Distribution) -> Self {
        Arrivals { kind: Kind::Gaps(gap), last: Time::ORIGIN, count: 0 }
    }

    /// A Poisson process with this mean gap in ticks.
    ///
    /// # Panics
    /// When the gap is not positive.
    pub fn poisson(gap_mean: f64) -> Self {
        Arrivals::with_gaps(Distribution::exponential(gap_mean))
    }

    /// Exactly these times, sorted.
    pub fn trace(mut times: Vec<Time>) -> Self {
        times.sort_unstable();
        Arrivals { kind: Kind::Trace(times), last: Time::ORIGIN, count: 0 }
    }

    /// The times in a text, one whole number of ticks per line; what follows `#` is a remark.
    ///
    /// # Errors
    /// When a line is no time.
    pub fn from_text(name: &str, text: &str) -> Result<Self, SimulationError> {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, words(line)));
        let times = lines.filter(|(_, words)| !words.is_empty()).map(|(line, words)| {
            let time = words[0].parse::<i64>().ok().filter(|_| words.len() == 1);
            let time = time.filter(|time| (0..=Time::MAX.get()).contains(time));
            time.map(Time::new).ok_or_else(|| wrong(name, line, "a time in ticks", &words))
        });
        times.collect::<Result<_, _>>().map(Arrivals::trace)
    }

    /// The next arrival; `None` when a trace has ended.
    pub fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        let time = match &self.kind {
            Kind::Gaps(gap) => self.last + gap.ticks(stream),
            Kind::Trace(times) => *times.get(self.count)?,
        };
        (self.last, self.count) = (time, self.count + 1);
        Some(time)
    }

    /// The arrival that was given last, drawn anew by somebody who only knows that it has not come
    /// by `now`: for forks. That of a trace stays, for it is known. `before` is the arrival before
    /// it, or the origin.
    pub fn redraw(&mut self, before: Time, now: Time, stream: &mut Stream) -> Time {
        if let Kind::Gaps(gap) = &self.kind {
            self.last = now + gap.residual_ticks(now - before, stream);
        }
        self.last
    }
}

/// Words of a line without its remark.
pub(crate) fn words(line: &str) -> Vec<&str> {
    line.split('#').next().unwrap_or_default().split_whitespace().collect()
}

/// What is wrong with a line.
pub(crate) fn wrong(name: &str, line: usize, expected: &str, found: &[&str]) -> SimulationError {
    let found = found.join(" ");
    SimulationError::Input(format!("{name}, line {line}: expected {expected}, found `{found}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    #[test]
    fn gaps_have_their_mean_and_traces_their_times() {
        let mut stream = Seed::new(1).stream("arrivals");
        let mut arrivals = Arrivals::poisson(50.0);
        let last = (0..20_000).filter_map(|_| arrivals.next(&mut stream)).last();
        let mean = last.expect("they never end").get() as f64 / 20_000.0;
        assert!((mean - 50.0).abs() < 1.5, "{mean}");
        let mut trace = Arrivals::from_text("t.txt", "# jobs\n7\n3 # early\n\n").expect("times");
        let times: Vec<Time> = std::iter::from_fn(|| trace.next(&mut stream)).collect();
        assert_eq!(times, [Time::new(3), Time::new(7)]);
        let error = Arrivals::from_text("t.txt", "3\nx 4").expect_err("no time").to_string();
        assert_eq!(error, "t.txt, line 2: expected a time in ticks, found `x 4`");
    }

    #[test]
    fn what_has_not_come_yet_is_drawn_from_what_is_left() {
        let mut stream = Seed::new(2).stream("arrivals");
        let mut arrivals = Arrivals::with_gaps(Distribution::constant(10.0));
        assert_eq!(arrivals.next(&mut stream), Some(Time::new(10)));
        assert_eq!(arrivals.redraw(Time::ORIGIN, Time::new(4), &mut stream), Time::new(10));
    }
}
