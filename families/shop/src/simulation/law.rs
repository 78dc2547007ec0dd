//! Laws of stretches of time, in whole ticks from 1 on.
//!
//! A law draws, rounded up, and it draws what is left of a stretch that has lasted a while: from
//! 4096 draws of its own those that are longer, one of them. The same draws give the mean of what
//! is left. O(log 4096) per draw.
//!
//! **Source:** -

use super::WorkshopError;
use ordine_base::{Seed, Stream};
use ordine_sim::Distribution;
use std::sync::Arc;

/// Draws that stand for a law.
const SAMPLE: usize = 4096;

/// No stretch is longer.
const LONGEST: f64 = (1_i64 << 40) as f64;

/// The law of a stretch of time.
#[derive(Clone, Debug)]
pub struct Law {
    distribution: Distribution,
    /// Draws, ascending.
    sample: Arc<[i64]>,
    /// By place in the sample, the sum from there on.
    sum_from: Arc<[i64]>,
}

impl PartialEq for Law {
    fn eq(&self, other: &Self) -> bool {
        self.distribution == other.distribution
    }
}

impl From<Distribution> for Law {
    fn from(distribution: Distribution) -> Self {
        let mut stream = Seed::new(0).stream("law");
        let mut sample: Vec<i64> = (0..SAMPLE).map(|_| draw(&distribution, &mut stream)).collect();
        sample.sort_unstable();
        let mut sum_from = sample.clone();
        for place in (0..SAMPLE - 1).rev() {
            sum_from[place] += sum_from[place + 1];
        }
        Law { distribution, sample: sample.into(), sum_from: sum_from.into() }
    }
}

impl Law {
    /// Reads a distribution, as `uniform-integer(1,99)` or `exponential(500)`.
    ///
    /// # Errors
    /// When the text is none.
    pub fn read(text: &str) -> Result<Self, WorkshopError> {
        Ok(Law::from(text.parse::<Distribution>()?))
    }

    /// The distribution that is rounded up.
    pub fn distribution(&self) -> &Distribution {
        &self.distribution
    }

    /// A stretch, at least 1 tick.
    pub fn draw(&self, stream: &mut Stream) -> i64 {
        draw(&self.distribution, stream)
    }

    /// The draws that are longer than `elapsed`.
    fn beyond(&self, elapsed: i64) -> usize {
        self.sample.partition_point(|&length| length <= elapsed)
    }

    /// A stretch that has lasted `elapsed` already and is not over: its whole length.
    pub fn draw_beyond(&self, elapsed: i64, stream: &mut Stream) -> i64 {
        match self.beyond(elapsed) {
            SAMPLE => elapsed + 1,
            from => self.sample[from + stream.below(SAMPLE - from)],
        }
    }

    /// The mean length of a stretch that has lasted `elapsed` already and is not over.
    pub fn mean_beyond(&self, elapsed: i64) -> i64 {
        match self.beyond(elapsed) {
            SAMPLE => elapsed + 1,
            from => self.sum_from[from] / (SAMPLE - from) as i64,
        }
    }
}

fn draw(distribution: &Distribution, stream: &mut Stream) -> i64 {
    distribution.sample(stream).ceil().clamp(1.0, LONGEST) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_uniform_stretch_is_uniform_beyond_what_has_passed() {
        let law = Law::from(Distribution::uniform_integer(1, 99));
        assert!((48..=52).contains(&law.mean_beyond(0)));
        assert!((73..=76).contains(&law.mean_beyond(49)));
        assert_eq!(law.mean_beyond(99), 100);
        let mut stream = Seed::new(1).stream("test");
        let longer = (0..100).map(|_| law.draw_beyond(90, &mut stream));
        assert!(longer.into_iter().all(|length| (91..=99).contains(&length)));
    }
}
