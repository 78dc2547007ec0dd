//! What makes a problem too large to be lowered.
//!
//! Every bound of the model lies within the engine's values and every product within 64 bits.
//! Sealing keeps sums below 2^62; the engine asks for more room, because it adds bounds to weights
//! and multiplies demands by times before anything is known to be small. Calendars are unrolled,
//! works of batches are told apart, and leveling looks at pairs of uses: their number is bounded.
//!
//! **Source:** -

use super::{batches, calendars, horizon};
use ordine_base::{Id, Time};
use ordine_cp::VALUE_MAX;
use ordine_problem::{Feature, Measure, Problem};

/// Largest product of a demand and a time.
const ENERGY_MAX: i128 = 1 << 60;

/// Most pairs of uses of renewables that leveling looks at.
const PAIRS_MAX: usize = 100_000;

/// What an order of two tasks takes in a model.
const PAIR_BYTES: u64 = 1_200;

/// What a mode takes in a model.
const MODE_BYTES: u64 = 4_000;

/// What is too large about a problem.
pub(super) fn too_large(problem: &Problem) -> Option<&'static str> {
    let Some(until) = horizon::horizon(problem).filter(|&until| fits(problem, until)) else {
        return Some("times, demands or costs as large as these");
    };
    let levels = |measure| problem.objective().terms().any(|term| term.measure == measure);
    if calendars::are_too_fine(problem, until) {
        Some("calendars that change as often as these")
    } else if batches::are_too_many(problem) {
        Some("batches that last as many different times as these")
    } else if levels(Measure::ResourceLeveling) && pairs(problem, false) > PAIRS_MAX {
        Some("resource leveling of as many tasks as these")
    } else {
        None
    }
}

/// Whether every time, demand and cost of a problem that ends by `horizon` leaves enough room.
fn fits(problem: &Problem, horizon: Time) -> bool {
    let room = i128::from(VALUE_MAX) / 4;
    let horizon = i128::from(horizon.get());
    let demand = i128::from(problem.demand_max());
    // Measures that are not regular can go on to the horizon of the model, not of the problem.
    let stretch = horizon / i128::from(problem.horizon().get().max(1)) + 1;
    let cost = i128::from(problem.cost_max()).saturating_mul(stretch);
    horizon <= room
        && demand <= room
        && demand * horizon <= ENERGY_MAX
        && cost.saturating_add(setups(problem, horizon)) <= room
}

/// A value that setups do not exceed: a task has one on each of its machines, and again after each
/// break in which it leaves them.
fn setups(problem: &Problem, horizon: i128) -> i128 {
    let weight = |measure| {
        let terms = problem.objective().terms().filter(|term| term.measure == measure);
        terms.map(|term| i128::from(term.weight)).sum::<i128>()
    };
    let (times, costs) = (weight(Measure::TotalSetupTime), weight(Measure::TotalSetupCost));
    let longest = problem.setups().values().flat_map(|setup| &setup.times).max();
    let dearest = problem.setups().values().flat_map(|setup| &setup.costs).max();
    let most = times * longest.map_or(0, |&time| i128::from(time.get()))
        + costs * dearest.map_or(0, |&cost| i128::from(cost));
    let needs = |task| problem.usable_modes(task).iter().map(|&it| problem.requirements(it).len());
    let uses: usize = problem.tasks().map(|task| needs(task).max().unwrap_or(0)).sum();
    let stretches = if problem.features().has(Feature::Calendars) { horizon } else { 1 };
    most.saturating_mul(uses as i128).saturating_mul(stretches)
}

/// About how many bytes the model takes.
pub(super) fn bytes(problem: &Problem) -> u64 {
    let modes: usize = problem.tasks().map(|task| problem.usable_modes(task).len()).sum();
    let pairs = pairs(problem, true) as u64;
    pairs.saturating_mul(PAIR_BYTES).saturating_add(modes as u64 * MODE_BYTES)
}

/// Pairs of modes that use the same machine, or the same of the other resources.
fn pairs(problem: &Problem, machines: bool) -> usize {
    let mut users = vec![0_usize; problem.resources().len()];
    for task in problem.tasks() {
        for &mode in problem.usable_modes(task) {
            for need in problem.requirements(mode) {
                let counts = problem.resource(need.resource).is_machine() == machines;
                users[need.resource.index()] += usize::from(counts);
            }
        }
    }
    users.iter().map(|&count| count * count / 2).fold(0, usize::saturating_add)
}
