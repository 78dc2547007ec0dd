//! The value of an objective: a short vector, compared lexicographically.
//!
//! One entry per level of the objective; a plain objective has one level.
//!
//! **Source:** static lexicographic objectives of CP Optimizer.

use smallvec::SmallVec;
use std::fmt;

/// Objective value, one entry per lexicographic level; smaller is better.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(SmallVec<[i64; 2]>);

impl Cost {
    /// A cost with one level.
    pub fn single(value: i64) -> Self {
        Cost(SmallVec::from_slice(&[value]))
    }

    /// A cost with the given levels, most important first.
    ///
    /// # Panics
    /// When `levels` is empty.
    pub fn from_levels(levels: &[i64]) -> Self {
        assert!(!levels.is_empty(), "a cost has at least one level");
        Cost(SmallVec::from_slice(levels))
    }

    /// The levels, most important first.
    pub fn levels(&self) -> &[i64] {
        &self.0
    }

    /// The most important level.
    pub fn first(&self) -> i64 {
        self.0[0]
    }

    /// Level by level the larger of both: combines two valid lower bounds into one.
    ///
    /// # Panics
    /// When the costs have different numbers of levels.
    pub fn strengthened(&self, other: &Cost) -> Cost {
        assert_eq!(self.0.len(), other.0.len(), "costs of one objective have equal levels");
        Cost(self.0.iter().zip(&other.0).map(|(&left, &right)| left.max(right)).collect())
    }

    /// Relative distance to `bound`, `(cost - bound) / |cost|`, on the first level that differs.
    ///
    /// Zero when both are equal; infinite when the cost is zero and the bound is not.
    pub fn gap(&self, bound: &Cost) -> f64 {
        match self.0.iter().zip(&bound.0).find(|(cost, bound)| cost != bound) {
            None => 0.0,
            Some((&cost, &bound)) => (cost - bound) as f64 / cost.abs() as f64,
        }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, level) in self.0.iter().enumerate() {
            if position > 0 {
                formatter.write_str(", ")?;
            }
            write!(formatter, "{level}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_compare_level_by_level() {
        assert!(Cost::from_levels(&[1, 9]) < Cost::from_levels(&[2, 0]));
        assert!(Cost::from_levels(&[1, 0]) < Cost::from_levels(&[1, 1]));
    }

    #[test]
    fn gap_is_relative_to_the_cost() {
        assert_eq!(Cost::single(100).gap(&Cost::single(80)), 0.2);
        assert_eq!(Cost::single(100).gap(&Cost::single(100)), 0.0);
        assert!(Cost::single(0).gap(&Cost::single(-3)).is_infinite());
    }
}
