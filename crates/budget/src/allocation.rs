//! Allocation of divisible budgets.
//!
//! **Source:** see each module.
