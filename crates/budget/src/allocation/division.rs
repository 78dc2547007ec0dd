//! What is divided: a budget, bounds and costs of its items.
//!
//! A division is checked once, when it is made; the ways to solve it rely on that.
//!
//! **Source:** -

use super::AllocationError;

/// Least and most units of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    lower: u64,
    upper: u64,
}

impl Bounds {
    /// From `lower` to `upper`, both included.
    ///
    /// # Errors
    /// When `lower` is above `upper`.
    pub fn new(lower: u64, upper: u64) -> Result<Self, AllocationError> {
        if lower > upper {
            return Err(AllocationError::Bounds { lower, upper });
        }
        Ok(Bounds { lower, upper })
    }

    /// Exactly this many units.
    pub const fn fixed(units: u64) -> Self {
        Bounds { lower: units, upper: units }
    }

    /// Least units.
    pub const fn lower(self) -> u64 {
        self.lower
    }

    /// Most units.
    pub const fn upper(self) -> u64 {
        self.upper
    }
}

/// Whether units are spent that bring nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spending {
    /// All of the budget, to the last unit.
    All,
    /// Only units that bring more than zero.
    Worthwhile,
}

/// A budget to be divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    budget: u64,
    bounds: Vec<Bounds>,
    costs: Vec<u64>,
    spending: Spending,
}

impl Division {
    /// All of `budget` over items with these bounds, where each unit costs 1.
    ///
    /// # Errors
    /// When there are no items, the lower bounds cost more than the budget, or the upper bounds
    /// leave some of it over.
    pub fn new(budget: u64, bounds: Vec<Bounds>) -> Result<Self, AllocationError> {
        let costs = vec![1; bounds.len()];
        let division = Division { budget, bounds, costs, spending: Spending::All };
        division.check_floor()?;
        division.check_room()?;
        Ok(division)
    }

    /// All of `budget` over so many items with the same bounds.
    ///
    /// # Errors
    /// Those of [`Division::new`].
    pub fn uniform(items: usize, budget: u64, bounds: Bounds) -> Result<Self, AllocationError> {
        Division::new(budget, vec![bounds; items])
    }

    /// As much of `budget` as is worthwhile, over items with these bounds and costs per unit.
    ///
    /// # Errors
    /// When there are no items, a cost is zero, the lists differ in length, or the lower bounds
    /// cost more than the budget.
    pub fn with_costs(
        budget: u64,
        bounds: Vec<Bounds>,
        costs: Vec<u64>,
    ) -> Result<Self, AllocationError> {
        let (found, expected) = (costs.len(), bounds.len());
        if found != expected {
            return Err(AllocationError::Count { name: "costs", found, expected });
        }
        if let Some(item) = costs.iter().position(|&cost| cost == 0) {
            let expected = "a whole number above 0";
            return Err(AllocationError::Parameter { name: "cost", item, found: 0.0, expected });
        }
        let division = Division { budget, bounds, costs, spending: Spending::Worthwhile };
        division.check_floor()?;
        Ok(division)
    }

    /// The same division with another way of spending.
    ///
    /// # Errors
    /// When all is to be spent and costs differ from 1, or the upper bounds leave some over.
    pub fn spending(mut self, spending: Spending) -> Result<Self, AllocationError> {
        self.spending = spending;
        if spending == Spending::All {
            if self.costs.iter().any(|&cost| cost != 1) {
                return Err(AllocationError::CostsDiffer);
            }
            self.check_room()?;
        }
        Ok(self)
    }

    /// What there is to divide.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.bounds.len()
    }

    /// Bounds of each item.
    pub fn bounds(&self) -> &[Bounds] {
        &self.bounds
    }

    /// Cost of one unit of each item.
    pub fn costs(&self) -> &[u64] {
        &self.costs
    }

    /// Whether all is spent.
    pub fn spends_all(&self) -> bool {
        self.spending == Spending::All
    }

    /// Whether a unit costs the same everywhere.
    pub(super) fn has_one_cost(&self) -> bool {
        self.costs.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// What these units cost.
    pub(super) fn cost_of(&self, units: &[u64]) -> u64 {
        units.iter().zip(&self.costs).map(|(units, cost)| units * cost).sum()
    }

    fn check_floor(&self) -> Result<(), AllocationError> {
        if self.bounds.is_empty() {
            return Err(AllocationError::NoItems);
        }
        let needed = self.sum(Bounds::lower);
        if needed > u128::from(self.budget) {
            return Err(AllocationError::TooSmall { needed, budget: self.budget });
        }
        Ok(())
    }

    fn check_room(&self) -> Result<(), AllocationError> {
        let room = self.sum(Bounds::upper);
        if room < u128::from(self.budget) {
            return Err(AllocationError::TooLarge { room, budget: self.budget });
        }
        Ok(())
    }

    fn sum(&self, bound: fn(Bounds) -> u64) -> u128 {
        let each = self.bounds.iter().zip(&self.costs);
        each.map(|(&it, &cost)| u128::from(bound(it)) * u128::from(cost)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_divided_says_what_to_change() {
        let bounds = |lower, upper| Bounds::new(lower, upper).expect("lower <= upper");
        assert!(matches!(Bounds::new(3, 2), Err(AllocationError::Bounds { .. })));
        let small = Division::uniform(4, 7, bounds(2, 8)).expect_err("8 needed");
        assert!(small.to_string().contains("raise the budget to 8"), "{small}");
        let large = Division::uniform(4, 33, bounds(2, 8)).expect_err("32 fit");
        assert!(large.to_string().contains("take 32 of a budget of 33"), "{large}");
        assert_eq!(Division::new(3, vec![]), Err(AllocationError::NoItems));
        let zero = Division::with_costs(9, vec![bounds(0, 2); 2], vec![1, 0]);
        assert!(zero.expect_err("a cost of zero").to_string().starts_with("cost of item 1 is 0"));
        let differ = Division::with_costs(9, vec![bounds(0, 2); 2], vec![1, 2]).expect("fits");
        assert_eq!(differ.spending(Spending::All), Err(AllocationError::CostsDiffer));
    }

    #[test]
    fn huge_bounds_do_not_overflow() {
        let bounds = Bounds::new(0, u64::MAX).expect("lower <= upper");
        let division = Division::with_costs(u64::MAX, vec![bounds; 3], vec![u64::MAX; 3]);
        assert!(division.is_ok());
    }
}
