//! Seconds that this process had of a processor, so that a busy machine does not spoil limits.
//!
//! User and system ticks of `/proc/self/stat`, a hundredth of a second each; wall time where there
//! is no such file. What is timed runs on one thread, so on an idle machine both are
//! the same.
//!
//! **Source:** proc(5) of Linux.

use crate::WallClock;
use ordine_base::Clock as _;

/// Seconds of a processor from which on its clock is fine enough to be read.
const COARSE_S: f64 = 0.05;

/// Seconds since a start.
pub(crate) struct Stopwatch {
    wall: WallClock,
    processor: Option<f64>,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Stopwatch { wall: WallClock::start(), processor: processor_seconds() }
    }

    pub(crate) fn seconds(&self) -> f64 {
        match (self.processor, processor_seconds()) {
            (Some(start), Some(now)) => now - start,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }

    /// Seconds so far, of a processor where there are enough for its clock, else by the wall.
    pub(crate) fn fine_seconds(&self) -> f64 {
        let processor = self.seconds();
        if processor >= COARSE_S { processor } else { self.wall.elapsed().as_secs_f64() }
    }
}

fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold anything.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_does_not_run_backward() {
        let watch = Stopwatch::start();
        let sum: u64 = (0..1_000_000_u64).map(std::hint::black_box).sum();
        assert!(sum > 0 && watch.seconds() >= 0.0);
    }
}
