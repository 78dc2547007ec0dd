//! Which numbers the engine can hold: every bound within its values, every product within 64 bits.
//!
//! Sealing keeps sums below 2^62; the engine asks for more room, because it adds bounds to weights
//! and multiplies demands by times before anything is known to be small.
//!
//! **Source:** -

use ordine_base::Time;
use ordine_cp::VALUE_MAX;
use ordine_problem::Problem;

/// Largest product of a demand and a time.
const ENERGY_MAX: i128 = 1 << 60;

/// Whether every time, demand and cost of a problem that ends by `horizon` leaves enough room.
pub(super) fn fits(problem: &Problem, horizon: Time) -> bool {
    let room = i128::from(VALUE_MAX) / 4;
    let horizon = i128::from(horizon.get());
    let demand = i128::from(problem.demand_max());
    // Measures that are not regular can go on to the horizon of the model, not of the problem.
    let stretch = horizon / i128::from(problem.horizon().get().max(1)) + 1;
    horizon <= room
        && demand <= room
        && demand * horizon <= ENERGY_MAX
        && i128::from(problem.cost_max()) * stretch <= room
}
