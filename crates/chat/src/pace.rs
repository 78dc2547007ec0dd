//! How fast an endpoint is asked: open calls, requests and tokens per minute.
//!
//! Two token buckets that hold a second's worth each, and a limit of open calls that is halved when
//! the endpoint says that it is asked too much and grows by one per round of calls that went well.
//! No clock: callers say what time it is.
//!
//! **Source:** Turner 1986 (token bucket); Chiu, Jain 1989 (additive increase, halving).

use std::time::Duration;

/// Limits of an endpoint; nothing is no limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Calls at a time.
    pub open: usize,
    /// Requests per minute.
    pub requests: Option<f64>,
    /// Tokens per minute, of prompts and answers.
    pub tokens: Option<f64>,
}

impl Default for Rates {
    fn default() -> Self {
        Rates { open: 4, requests: None, tokens: None }
    }
}

/// Whether a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may, and counts as open from now on.
    Now,
    /// Not before this time has passed.
    After(Duration),
    /// Not before another call has ended.
    WhenOneEnds,
}

/// The state of one endpoint's limits.
#[derive(Clone, Debug)]
pub struct Pace {
    rates: Rates,
    open: usize,
    allowed: f64,
    requests: Bucket,
    tokens: Bucket,
}

#[derive(Clone, Debug)]
struct Bucket {
    /// Per second.
    rate: f64,
    level: f64,
    at: Duration,
}

impl Bucket {
    fn new(per_minute: Option<f64>) -> Self {
        let rate = per_minute.map_or(f64::INFINITY, |it| it.max(1e-9) / 60.0);
        Bucket { rate, level: 0.0, at: Duration::ZERO }
    }

    fn fill(&mut self, now: Duration) {
        if self.rate.is_finite() {
            let passed = now.saturating_sub(self.at).as_secs_f64();
            self.level = (self.level + passed * self.rate).min(self.rate.max(1.0));
        }
        self.at = now;
    }

    /// Seconds until there is enough: a call that is larger than the bucket waits for a full one.
    fn wait(&self, amount: f64) -> f64 {
        if self.rate.is_infinite() {
            return 0.0;
        }
        ((amount.min(self.rate.max(1.0)) - self.level) / self.rate).max(0.0)
    }

    fn take(&mut self, amount: f64) {
        if self.rate.is_finite() {
            self.level -= amount;
        }
    }
}

impl Pace {
    /// Nothing was asked yet.
    pub fn new(rates: Rates) -> Self {
        Pace {
            rates,
            open: 0,
            allowed: rates.open.max(1) as f64,
            requests: Bucket::new(rates.requests),
            tokens: Bucket::new(rates.tokens),
        }
    }

    /// Calls that are open.
    pub fn open(&self) -> usize {
        self.open
    }

    /// Asks for a call of so many tokens, as estimated.
    pub fn admit(&mut self, now: Duration, tokens: u64) -> Admission {
        self.requests.fill(now);
        self.tokens.fill(now);
        if self.open >= self.allowed as usize {
            return Admission::WhenOneEnds;
        }
        let wait = self.requests.wait(1.0).max(self.tokens.wait(tokens as f64));
        if wait > 1e-9 {
            return Admission::After(Duration::from_secs_f64(wait.min(3_600.0)));
        }
        self.requests.take(1.0);
        self.tokens.take(tokens as f64);
        self.open += 1;
        Admission::Now
    }

    /// A call has ended: what it was estimated to take, what it took, and whether the endpoint
    /// said that it is asked too much.
    pub fn done(&mut self, estimated: u64, used: u64, throttled: bool) {
        self.open = self.open.saturating_sub(1);
        self.tokens.take(used as f64 - estimated as f64);
        self.allowed = match throttled {
            true => (self.allowed / 2.0).max(1.0),
            false => (self.allowed + 1.0 / self.allowed).min(self.rates.open.max(1) as f64),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten minutes of calls that last three seconds each; gives how many were begun.
    fn ten_minutes(rates: Rates) -> usize {
        let mut pace = Pace::new(rates);
        let (mut now, mut begun, mut ends) = (Duration::ZERO, 0, Vec::<Duration>::new());
        while now < Duration::from_secs(600) {
            ends.retain(|end| {
                let is_over = *end <= now;
                if is_over {
                    pace.done(100, 90, false);
                }
                !is_over
            });
            match pace.admit(now, 100) {
                Admission::Now => {
                    begun += 1;
                    ends.push(now + Duration::from_secs(3));
                    assert!(pace.open() <= rates.open);
                }
                Admission::After(wait) => now += wait.max(Duration::from_millis(1)),
                Admission::WhenOneEnds => now = *ends.iter().min().expect("one is open"),
            }
        }
        begun
    }

    #[test]
    fn rates_are_kept_over_ten_minutes() {
        let requests = Rates { open: 50, requests: Some(120.0), tokens: None };
        let begun = ten_minutes(requests) as f64;
        assert!((begun / 1_200.0 - 1.0).abs() < 0.02, "{begun}");
        // Each call takes 90 tokens in the end.
        let tokens = Rates { open: 50, requests: None, tokens: Some(9_000.0) };
        let begun = ten_minutes(tokens) as f64;
        assert!((begun / 1_000.0 - 1.0).abs() < 0.02, "{begun}");
        let open = Rates { open: 4, ..Rates::default() };
        assert_eq!(ten_minutes(open), 800);
    }

    #[test]
    fn throttling_halves_the_open_calls_and_success_brings_them_back() {
        let mut pace = Pace::new(Rates { open: 8, ..Rates::default() });
        let fill = |pace: &mut Pace| {
            while pace.admit(Duration::ZERO, 1) == Admission::Now {}
            pace.open()
        };
        assert_eq!(fill(&mut pace), 8);
        pace.done(1, 1, true);
        (0..7).for_each(|_| pace.open = pace.open.saturating_sub(1));
        assert_eq!(fill(&mut pace), 4);
        (0..60).for_each(|_| pace.done(1, 1, false));
        assert_eq!(fill(&mut pace), 8);
    }
}
