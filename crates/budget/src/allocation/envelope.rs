//! Concave envelope: the least concave function above values of any shape.
//!
//! Between two corners the envelope is a line, so that each unit brings the average of the whole
//! stretch: what an item is worth per unit when one is ready to go to the end of it. The greedy on
//! envelopes is the linear relaxation of the multiple-choice knapsack, so its value is a bound;
//! it is met when every item stops at a corner. O(N) per item, Andrew's monotone chain.
//!
//! **Source:** Sinha, Zoltners 1979, section 2.

use super::error::finite;
use super::{AllocationError, Division, ItemId, Returns};
use ordine_base::Id as _;

/// Values of each item lifted to their concave envelope within its bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Per item: least units, and lifted values from there.
    lifted: Vec<(u64, Vec<f64>)>,
}

impl Envelope {
    /// The envelope of `returns` within the bounds of the division.
    ///
    /// # Errors
    /// When a value is no number.
    pub fn new<R: Returns + ?Sized>(
        division: &Division,
        returns: &R,
    ) -> Result<Self, AllocationError> {
        let mut lifted = Vec::with_capacity(division.items());
        for (index, bounds) in division.bounds().iter().enumerate() {
            let item = ItemId::from_index(index);
            let upper = bounds.upper().min(bounds.lower().saturating_add(division.budget()));
            let values = (bounds.lower()..=upper)
                .map(|units| finite(index, units, returns.value(item, units)))
                .collect::<Result<Vec<f64>, _>>()?;
            lifted.push((bounds.lower(), lift(&values)));
        }
        Ok(Envelope { lifted })
    }
}

impl Returns for Envelope {
    fn value(&self, item: ItemId, units: u64) -> f64 {
        let (lower, values) = &self.lifted[item.index()];
        let place = usize::try_from(units.saturating_sub(*lower)).unwrap_or(usize::MAX);
        values[place.min(values.len() - 1)]
    }
}

/// The least concave sequence above the values.
fn lift(values: &[f64]) -> Vec<f64> {
    let mut corners: Vec<usize> = Vec::new();
    let slope = |from: usize, to: usize| (values[to] - values[from]) / (to - from) as f64;
    for place in 0..values.len() {
        while let [.., before, last] = corners[..]
            && slope(before, last) <= slope(last, place)
        {
            corners.pop();
        }
        corners.push(place);
    }
    let mut lifted = values.to_vec();
    for pair in corners.windows(2) {
        let rise = slope(pair[0], pair[1]);
        let between = lifted[pair[0]..pair[1]].iter_mut().enumerate().skip(1);
        between.for_each(|(steps, it)| *it = values[pair[0]] + rise * steps as f64);
    }
    lifted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_a_line_below_corners() {
        assert_eq!(lift(&[0.0, 0.0, 6.0, 7.0, 7.0, 9.0]), [0.0, 3.0, 6.0, 7.0, 8.0, 9.0]);
        assert_eq!(lift(&[1.0]), [1.0]);
    }
}
