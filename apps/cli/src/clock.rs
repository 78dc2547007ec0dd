//! Wall time: the one place of the program that reads a clock.
//!
//! **Source:** -

use ordine_base::Clock;
use std::time::{Duration, Instant};

/// Wall time since the clock was started.
#[derive(Clone, Copy, Debug)]
pub struct WallClock(Instant);

impl WallClock {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "the program reads the clock here and only here")]
    pub fn start() -> Self {
        WallClock(Instant::now())
    }
}

impl Clock for WallClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
