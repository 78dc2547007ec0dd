//! What an item returns for its units, and ready-made returns.
//!
//! Retries: w (1 - (1 - p)^n), the chance that one of n tries succeeds. Variance: -w s²/n, the
//! error of a mean of n samples (Neyman: n ~ s sqrt(w)). Saturating: w (1 - exp(-n/h)). OCBA:
//! shares n_i ~ (s_i/d_i)² for the systems behind the best, d_i how far they are behind, and for
//! the best s_b sqrt(sum (n_i/s_i)²).
//!
//! **Source:** Neyman 1934; Chen, Lin, Yücesan, Chick 2000, theorem 1 (OCBA).

use super::{AllocationError, ItemId};
use ordine_base::Id as _;

/// What items return for the units they get.
///
/// Called O(W) times by the greedy; `gain` should be cheap, and exact where values are close to
/// their limit, since differences of close numbers lose digits.
pub trait Returns {
    /// Value of so many units of the item.
    fn value(&self, item: ItemId, units: u64) -> f64;

    /// What the next unit brings, when the item has so many.
    fn gain(&self, item: ItemId, units: u64) -> f64 {
        self.value(item, units + 1) - self.value(item, units)
    }
}

impl<F: Fn(ItemId, u64) -> f64> Returns for F {
    fn value(&self, item: ItemId, units: u64) -> f64 {
        self(item, units)
    }
}

fn check(
    name: &'static str,
    values: &[f64],
    good: fn(f64) -> bool,
    expected: &'static str,
) -> Result<(), AllocationError> {
    match values.iter().position(|&value| !value.is_finite() || !good(value)) {
        Some(item) => Err(AllocationError::Parameter { name, item, found: values[item], expected }),
        None => Ok(()),
    }
}

fn paired(
    name: &'static str,
    first: &[f64],
    weights: &[f64],
) -> Result<Vec<(f64, f64)>, AllocationError> {
    check("weight", weights, |it| it >= 0.0, "a finite number from 0 up")?;
    let (found, expected) = (weights.len(), first.len());
    if found != expected {
        return Err(AllocationError::Count { name, found, expected });
    }
    Ok(first.iter().copied().zip(weights.iter().copied()).collect())
}

/// Tries until one succeeds: agents, pages to crawl, samples of an answer that can be checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Retries(Vec<(f64, f64)>);

impl Retries {
    /// Chance of each item per try, and what its success is worth.
    ///
    /// # Errors
    /// When a chance is outside 0 to 1, a weight negative, or the lists differ in length.
    pub fn new(chances: &[f64], weights: &[f64]) -> Result<Self, AllocationError> {
        check("chance", chances, |it| (0.0..=1.0).contains(&it), "0 to 1")?;
        Ok(Retries(paired("weights", chances, weights)?))
    }
}

impl Returns for Retries {
    fn value(&self, item: ItemId, units: u64) -> f64 {
        let (chance, weight) = self.0[item.index()];
        weight * (1.0 - power(1.0 - chance, units))
    }

    fn gain(&self, item: ItemId, units: u64) -> f64 {
        let (chance, weight) = self.0[item.index()];
        weight * chance * power(1.0 - chance, units)
    }
}

/// Replications that make a mean precise; give every item a lower bound of at least 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Variance(Vec<(f64, f64)>);

impl Variance {
    /// Standard deviation of each item, and the weight of its variance.
    ///
    /// # Errors
    /// When a deviation or a weight is negative, or the lists differ in length.
    pub fn new(deviations: &[f64], weights: &[f64]) -> Result<Self, AllocationError> {
        check("deviation", deviations, |it| it >= 0.0, "a finite number from 0 up")?;
        Ok(Variance(paired("weights", deviations, weights)?))
    }
}

impl Returns for Variance {
    fn value(&self, item: ItemId, units: u64) -> f64 {
        let (deviation, weight) = self.0[item.index()];
        -weight * deviation * deviation / units as f64
    }

    fn gain(&self, item: ItemId, units: u64) -> f64 {
        let (deviation, weight) = self.0[item.index()];
        weight * deviation * deviation / (units as f64 * (units as f64 + 1.0))
    }
}

/// Search that finds less and less: a sub-problem that got h units has shown 63 % of its worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Saturating(Vec<(f64, f64)>);

impl Saturating {
    /// Scale h of each item in units, and what it is worth in the end.
    ///
    /// # Errors
    /// When a scale is not above 0, a weight negative, or the lists differ in length.
    pub fn new(scales: &[f64], weights: &[f64]) -> Result<Self, AllocationError> {
        check("scale", scales, |it| it > 0.0, "a finite number above 0")?;
        Ok(Saturating(paired("weights", scales, weights)?))
    }
}

impl Returns for Saturating {
    fn value(&self, item: ItemId, units: u64) -> f64 {
        let (scale, weight) = self.0[item.index()];
        -weight * (-(units as f64) / scale).exp_m1()
    }

    fn gain(&self, item: ItemId, units: u64) -> f64 {
        let (scale, weight) = self.0[item.index()];
        -weight * (-(units as f64) / scale).exp() * (-1.0 / scale).exp_m1()
    }
}

/// Shares of the replications that tell the system with the largest mean from the others soonest.
///
/// Call it between rounds of replications with means and deviations so far; shares sum to 1.
///
/// # Errors
/// When the lists differ in length or are empty, a number is not finite, a deviation is not above
/// 0, or two systems share the largest mean.
pub fn ocba_shares(means: &[f64], deviations: &[f64]) -> Result<Vec<f64>, AllocationError> {
    check("mean", means, |_| true, "a finite number")?;
    check("deviation", deviations, |it| it > 0.0, "a finite number above 0")?;
    let (found, expected) = (deviations.len(), means.len());
    if found != expected {
        return Err(AllocationError::Count { name: "deviations", found, expected });
    }
    let best = (0..means.len()).max_by(|&one, &other| means[one].total_cmp(&means[other]));
    let best = best.ok_or(AllocationError::NoItems)?;
    let behind = |item: usize| means[best] - means[item];
    if let Some(item) = (0..means.len()).find(|&it| it != best && behind(it) <= 0.0) {
        let expected = "a mean below the largest, or the two merged into one system";
        return Err(AllocationError::Parameter {
            name: "mean",
            item,
            found: means[item],
            expected,
        });
    }
    let mut shares: Vec<f64> = (0..means.len())
        .map(|item| if item == best { 0.0 } else { (deviations[item] / behind(item)).powi(2) })
        .collect();
    let squares: f64 = shares.iter().zip(deviations).map(|(n, s)| (n / s).powi(2)).sum();
    shares[best] = if means.len() == 1 { 1.0 } else { deviations[best] * squares.sqrt() };
    let total: f64 = shares.iter().sum();
    Ok(shares.iter().map(|share| share / total).collect())
}

/// The power, exact for small exponents and fast for large ones.
fn power(base: f64, exponent: u64) -> f64 {
    match i32::try_from(exponent) {
        Ok(exponent) => base.powi(exponent),
        Err(_) => base.powf(exponent as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, Division, allocate};
    use super::*;

    #[test]
    fn gains_are_differences_of_values() {
        let all: [Box<dyn Returns>; 3] = [
            Box::new(Retries::new(&[0.3], &[2.0]).expect("good")),
            Box::new(Variance::new(&[1.5], &[2.0]).expect("good")),
            Box::new(Saturating::new(&[4.0], &[2.0]).expect("good")),
        ];
        let item = ItemId::from_index(0);
        for returns in &all {
            for units in 1..30 {
                let difference = returns.value(item, units + 1) - returns.value(item, units);
                assert!((returns.gain(item, units) - difference).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn variance_is_divided_as_neyman_says() {
        let returns = Variance::new(&[1.0, 2.0, 5.0], &[1.0; 3]).expect("good");
        let bounds = Bounds::new(1, 1000).expect("lower <= upper");
        let division = Division::uniform(3, 800, bounds).expect("fits");
        assert_eq!(allocate(&division, &returns).expect("concave").units, [100, 200, 500]);
    }

    #[test]
    fn shares_of_replications_follow_the_published_ratio() {
        let shares = ocba_shares(&[3.0, 2.0, 1.0], &[1.0, 1.0, 1.0]).expect("good");
        assert!((shares[1] / shares[2] - 4.0).abs() < 1e-12, "{shares:?}");
        assert!((shares[0] / shares[1] - (1.0_f64 + 1.0 / 16.0).sqrt()).abs() < 1e-12);
        let tied = ocba_shares(&[3.0, 3.0], &[1.0, 1.0]).expect_err("two are best");
        assert!(tied.to_string().starts_with("mean of item 0 is 3"), "{tied}");
    }

    #[test]
    fn parameters_out_of_range_name_the_item() {
        let message = Retries::new(&[0.5, f64::NAN], &[1.0; 2]).expect_err("no number").to_string();
        assert_eq!(message, "chance of item 1 is NaN: expected 0 to 1; change it");
        assert!(Retries::new(&[0.5], &[-1.0]).is_err());
        assert!(Variance::new(&[0.5], &[]).is_err());
    }
}
