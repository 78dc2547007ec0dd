//! Dividing a budget of units among items whose value is concave in the units they get.
//!
//! ```text
//! maximize  sum_i V_i(n_i)   subject to  sum_i c_i n_i <= W,   lower_i <= n_i <= upper_i,  integer
//! ```
//!
//! Rollouts over prompts, search time over sub-problems, replications over simulated systems
//! ([`Variance`]), retries over agents or pages to crawl ([`Retries`]), samples of test-time
//! compute ([`Retries`]): whatever is divisible and brings less the more it already got. The
//! caller says what an item returns ([`Returns`]: a closure suffices) and how much there is
//! ([`Division`]); [`allocate`] gives the optimum with its proof, its shadow price and, by
//! [`marginals`], what one more unit would bring to each item.
//!
//! | way | for | cost |
//! |---|---|---|
//! | [`greedy`] | concave values, one cost for all: optimal; else a bound | O(B + W log B) |
//! | [`bisect`] | the same answer where W is far larger than B | O(B log N log 1/e + B log B) |
//! | [`exact`] | costs that differ: greedy, then a table of what is undecided | mostly as greedy |
//! | [`dynamic_programme`] | values of any shape | O(B W N) |
//! | [`relax`] | real units, smooth values | O(B log² 1/e) |
//! | [`allocate_resources`] | several resources: feasible, with a bound | O(rounds B log N) |
//!
//! B items, W units, N the largest upper bound. Ties go to the lowest item.
//!
//! ```
//! use ordine_budget::allocation::{Bounds, Division, Retries, allocate, marginals};
//!
//! // Three agents succeed with these chances per try; 10 tries, at least one each.
//! let returns = Retries::new(&[0.5, 0.1, 0.9], &[1.0, 1.0, 1.0])?;
//! let division = Division::uniform(3, 10, Bounds::new(1, 10)?)?;
//! let allocation = allocate(&division, &returns)?;
//! assert_eq!(allocation.units, [3, 5, 2]);
//! assert!(allocation.is_optimal());
//! // One more try would go to the first agent.
//! let more = marginals(&division, &returns, &allocation)?;
//! assert!(more[0].one_more > more[1].one_more);
//! # Ok::<(), ordine_budget::allocation::AllocationError>(())
//! ```
//!
//! **Source:** Fox 1966 (marginal greedy); Sinha, Zoltners 1979 (multiple-choice knapsack); Dyer,
//! Frieze 1981 and Pisinger 1995 (fixing by regret); Everett 1963 (price of a resource).

mod answer;
mod bisection;
mod division;
mod dynamic;
mod envelope;
mod error;
mod exact;
mod greedy;
mod relaxed;
mod resources;
mod returns;

pub use answer::{Allocation, Marginal, marginals};
pub use bisection::bisect;
pub use division::{Bounds, Division, Spending};
pub use dynamic::{TABLE_CELLS_MAX, dynamic_programme};
pub use envelope::Envelope;
pub use error::AllocationError;
pub use exact::{allocate, exact};
pub use greedy::greedy;
pub use relaxed::{Relaxed, Smooth, relax};
pub use resources::{ResourceAllocation, ResourceDivision, allocate_resources};
pub use returns::{Retries, Returns, Saturating, Variance, ocba_shares};

ordine_base::define_ids! {
    /// Something that units of a budget are given to.
    ItemId;
}
