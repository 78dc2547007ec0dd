//! Closed forms, in mean services.
//!
//! With a arrivals per mean service and c servers, r = a / c: M/M/c waits
//! C(c, a) / (c - a), C the formula of Erlang; M/G/1 waits a (1 + variance) / (2 (1 - a)). A server
//! that is up for 1/α and down for 1/β on average, whether there is work or not, and goes on with
//! what it was at: flow time (1 + α / (α + β)²) / (β / (α + β) - a).
//!
//! **Source:** Kleinrock 1975, *Queueing Systems* I, sections 3.5 and 5.6; White, Christie 1958
//! (section 3); Avi-Itzhak, Naor 1963.

/// Mean wait of M/M/c at this load per server.
pub(super) fn multi_server(servers: usize, load: f64) -> f64 {
    let offered = load * servers as f64;
    // Erlang's loss formula, by its recursion; then his formula of delay.
    let loss =
        (1..=servers).fold(1.0, |loss, count| offered * loss / (count as f64 + offered * loss));
    let delay = loss / (1.0 - load * (1.0 - loss));
    delay / (servers as f64 - offered)
}

/// Mean wait of M/G/1 with mean service 1.
pub(super) fn general_service(load: f64, variance: f64) -> f64 {
    load * (1.0 + variance) / (2.0 * (1.0 - load))
}

/// Mean flow time of M/M/1 with mean times `up` and `down`.
pub(super) fn breakdowns(load: f64, up: f64, down: f64) -> f64 {
    let (fails, mends) = (1.0 / up, 1.0 / down);
    let sum = fails + mends;
    (1.0 + fails / (sum * sum)) / (mends / sum - load)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_cases_agree() {
        assert!((multi_server(1, 0.8) - 4.0).abs() < 1e-12);
        // Two servers: r² / (1 - r²) services (Kleinrock 1975, section 3.5).
        assert!((multi_server(2, 0.5) - 0.25 / 0.75).abs() < 1e-12);
        assert!((general_service(0.8, 1.0) - 4.0).abs() < 1e-12);
        assert!((general_service(0.8, 0.0) - 2.0).abs() < 1e-12);
        assert!((breakdowns(0.5, 1e12, 1.0) - 2.0).abs() < 1e-9);
    }
}
