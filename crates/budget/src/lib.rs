//! Budgets: who gets how much of something scarce, decided with proof or learned on the way.
//!
//! [`allocation`] divides a budget among items with concave values; [`learners`] choose the next
//! setting of something that is tried again and again, behind `suggest` and `observe`. Solvers,
//! simulation and families use both.
//!
//! **Source:** see each module.

pub mod allocation;
pub mod learners;
