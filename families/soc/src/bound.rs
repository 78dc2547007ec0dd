//! The load bound: how few microseconds of its busiest element a mean job can cost.
//!
//! ```text
//! minimize L  subject to  sum_r x_kr = 1,  sum_k q_k w_kr x_kr <= c_r L,  x >= 0
//! ```
//!
//! with q_k the chance that an arriving job brings kind k. Jobs leave at most every L, so that a
//! system that always holds n jobs keeps each for n L on average (Little). With transfers, gaps
//! and precedences left out, no policy does better.
//!
//! **Source:** fractional assignment to unrelated machines: Lawler, Labetoulle 1978; Little 1961.

use crate::{ElementId, KindId, SocInstance};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome, Variable};
use ordine_base::IdVec;

/// The least load, and how it is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadBound {
    /// Microseconds per job.
    pub load: f64,
    /// Share of each kind on each element.
    pub shares: IdVec<KindId, IdVec<ElementId, f64>>,
}

/// The bound of an instance with its shares; `None` when the linear programme has no solution,
/// which no valid instance gives.
pub fn load_bound(instance: &SocInstance) -> Option<LoadBound> {
    let mut programme = Problem::new(OptimizationDirection::Minimize);
    let load = programme.add_var(1.0, (0.0, f64::INFINITY));
    let elements = &instance.platform.elements;
    let mut loads: IdVec<ElementId, LinearExpr> =
        elements.values().map(|_| LinearExpr::empty()).collect();
    let mut variables: IdVec<KindId, IdVec<ElementId, Option<Variable>>> = IdVec::new();
    for kind in instance.kinds.values() {
        let chance = instance.profiles[kind.profile].probability;
        let mut row = LinearExpr::empty();
        let mut own = IdVec::new();
        for (element, duration) in kind.durations.iter() {
            let variable = duration.map(|duration| {
                let variable = programme.add_var(0.0, (0.0, 1.0));
                row.add(variable, 1.0);
                loads[element].add(variable, chance * duration.get() as f64);
                variable
            });
            own.push(variable);
        }
        programme.add_constraint(row, ComparisonOp::Eq, 1.0);
        variables.push(own);
    }
    for (id, mut row) in elements.ids().zip(loads.values().cloned().collect::<Vec<_>>()) {
        row.add(load, -(elements[id].capacity as f64));
        programme.add_constraint(row, ComparisonOp::Le, 0.0);
    }
    let SolveOutcome::Solution(solution) = programme.solve().ok()? else { return None };
    let share =
        |variable: &Option<Variable>| variable.map_or(0.0, |it| solution[it].clamp(0.0, 1.0));
    let shares = variables.values().map(|own| own.values().map(share).collect()).collect();
    Some(LoadBound { load: solution[load], shares })
}
