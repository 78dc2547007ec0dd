//! One learner per bin of contexts.
//!
//! The range `[a, b]` is cut into m equal bins with centers `a + (b - a) (i - 1/2) / m`; the
//! nearest center plays and learns alone. With Tsallis-INF inside this is Tsallis-INF-CB. O(m)
//! beside the learner inside.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, algorithm 2.

use super::learner::{Draw, LearnerError, Played, Strategy};
use super::state::Tables;
use ordine_base::Stream;

/// An interval of contexts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContextRange {
    /// Smallest context expected.
    pub low: f64,
    /// Largest context expected.
    pub high: f64,
}

impl ContextRange {
    /// The range between two numbers.
    ///
    /// # Errors
    /// When the numbers are not finite or not in order.
    pub fn new(low: f64, high: f64) -> Result<Self, LearnerError> {
        if low.is_finite() && high.is_finite() && low < high {
            return Ok(ContextRange { low, high });
        }
        let (expected, found) = ("finite low < high".to_owned(), format!("[{low}, {high}]"));
        Err(LearnerError::Parameter { what: "context range", expected, found })
    }

    /// Its length.
    pub fn width(self) -> f64 {
        self.high - self.low
    }

    /// The bin, of `bins` equal ones, whose center is nearest; contexts outside go to the ends.
    pub fn bin(self, context: f64, bins: usize) -> usize {
        let place = (context - self.low) / self.width() * bins as f64;
        // The nearest center of a boundary point is the lower one, as in the script.
        (place.ceil() - 1.0).clamp(0.0, (bins - 1) as f64) as usize
    }
}

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Binned<S> {
    name: &'static str,
    range: ContextRange,
    bins: Vec<S>,
}

impl<S: Strategy> Binned<S> {
    /// `bins` copies of `inside`, known as `name`.
    ///
    /// # Errors
    /// When there is no bin.
    pub fn new(
        name: &'static str,
        inside: &S,
        bins: usize,
        range: ContextRange,
    ) -> Result<Self, LearnerError> {
        if bins == 0 {
            let (expected, found) = ("1 or more".to_owned(), "0".to_owned());
            return Err(LearnerError::Parameter { what: "bins", expected, found });
        }
        Ok(Binned { name, range, bins: vec![inside.clone(); bins] })
    }
}

impl<S: Strategy> Strategy for Binned<S> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn arms(&self) -> usize {
        self.bins[0].arms()
    }

    fn choose(&self, context: f64, stream: &mut Stream) -> Draw {
        self.bins[self.range.bin(context, self.bins.len())].choose(context, stream)
    }

    fn learn(&mut self, played: &Played, cost: f64) {
        let bin = self.range.bin(played.context, self.bins.len());
        self.bins[bin].learn(played, cost);
    }

    fn save(&self, tables: &mut Tables) {
        tables.put("range", &[self.range.low, self.range.high, self.bins.len() as f64]);
        for (number, bin) in self.bins.iter().enumerate() {
            let mut part = Tables::default();
            bin.save(&mut part);
            tables.put_part(&number.to_string(), part);
        }
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        let range = [self.range.low, self.range.high, self.bins.len() as f64];
        tables.expect("range", &range)?;
        for (number, bin) in self.bins.iter_mut().enumerate() {
            bin.load(&tables.part(&number.to_string()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_go_to_the_nearest_center() {
        let range = ContextRange::new(-0.15, 0.65).expect("in order");
        let centers: Vec<f64> =
            (0..5).map(|it| -0.15 + 0.8 * (f64::from(it) + 0.5) / 5.0).collect();
        for step in 0..200 {
            let context = -0.4 + 0.00631 * f64::from(step);
            let distance = |bin: &usize| (centers[*bin] - context).abs();
            let nearest = (0..5).min_by(|a, b| distance(a).total_cmp(&distance(b)));
            assert_eq!(Some(range.bin(context, 5)), nearest, "{context}");
        }
        assert!(ContextRange::new(1.0, 1.0).is_err());
    }
}
