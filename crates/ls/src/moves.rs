//! A move: one change of a schedule that can be judged before it is made.
//!
//! Two phases: [`Move::evaluate`] predicts, [`Move::apply`] changes; debug builds assert that the
//! prediction came true. A neighborhood is a function that lists moves of a state.
//!
//! To add a move: write a record that holds what the move needs (ids, no references), implement
//! the trait for the state of its class, assert the prediction in `apply`, and test on random
//! small states that the state after `apply` equals the state built from scratch.
//!
//! **Source:** evaluate and apply with a paired assertion as in PyVRP (Wouda, Lan, Kool 2024).

use ordine_problem::Problem;

/// A change of a state `S` (a sequence graph, a permutation, an activity list).
pub trait Move<S> {
    /// Predicted value after the move; smaller is better.
    ///
    /// Called for every candidate of every iteration: cheap, no allocation in release builds
    /// unless the move says so. Each move documents which value it predicts and when exactly.
    fn evaluate(&self, state: &S) -> i64;

    /// Makes the move. Called once per iteration; debug builds assert the prediction here.
    fn apply(&self, state: &mut S);

    /// Whether the move can help on this problem at all; recipes filter by it.
    fn supports(&self, _problem: &Problem) -> bool {
        true
    }
}
