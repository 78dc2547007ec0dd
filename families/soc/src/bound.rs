//! The load bound: how few microseconds of its busiest element a mean job can cost.
//!
//! ```text
//! minimize L  subject to  sum_r x_kr = 1,  sum_k q_k w_kr x_kr <= c_r L,  x >= 0
//! maximize sum_k q_k u_k  subject to  u_k <= w_kr y_r,  sum_r c_r y_r = 1,  y >= 0
//! ```
//!
//! with q_k the chance that an arriving job brings kind k. Jobs leave at most every L, so that a
//! system that always holds n jobs keeps each for n L on average (Little). With transfers, gaps
//! and precedences left out, no policy does better. The second programme is the dual of the first:
//! its y_r price a microsecond of element r, and any y with sum 1 proves a bound.
//!
//! **Source:** fractional assignment to unrelated machines: Lawler, Labetoulle 1978; Little 1961.

use crate::{ElementId, KindId, SocInstance};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome, Variable};
use ordine_base::IdVec;

/// The least load, how it is shared, and what proves it.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadBound {
    /// Microseconds per job.
    pub load: f64,
    /// Share of each kind on each element.
    pub shares: IdVec<KindId, IdVec<ElementId, f64>>,
    /// Price of a microsecond of each element.
    pub prices: IdVec<ElementId, f64>,
}

impl LoadBound {
    /// The bound that the prices alone prove.
    pub fn proved(&self, instance: &SocInstance) -> f64 {
        let elements = &instance.platform.elements;
        let priced = elements.iter().map(|(id, it)| it.capacity as f64 * self.prices[id]);
        let cheapest = |(kind, record): (KindId, &crate::Kind)| {
            let costs = record.durations.iter().filter_map(|(element, duration)| {
                Some((*duration)?.get() as f64 * self.prices[element])
            });
            let chance = instance.profiles[instance.kinds[kind].profile].probability;
            chance * costs.fold(f64::INFINITY, f64::min)
        };
        let sum: f64 = instance.kinds.iter().map(cheapest).sum();
        sum / priced.sum::<f64>()
    }
}

/// The bound of an instance with its shares and prices; `None` when a programme has no solution,
/// which no valid instance gives.
pub fn load_bound(instance: &SocInstance) -> Option<LoadBound> {
    let (load, shares) = shares(instance)?;
    Some(LoadBound { load, shares, prices: prices(instance)? })
}

type Shares = IdVec<KindId, IdVec<ElementId, f64>>;

fn shares(instance: &SocInstance) -> Option<(f64, Shares)> {
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
    Some((solution[load], shares))
}

fn prices(instance: &SocInstance) -> Option<IdVec<ElementId, f64>> {
    let mut programme = Problem::new(OptimizationDirection::Maximize);
    let elements = &instance.platform.elements;
    let prices: IdVec<ElementId, Variable> =
        elements.values().map(|_| programme.add_var(0.0, (0.0, f64::INFINITY))).collect();
    let mut sum = LinearExpr::empty();
    for (id, element) in elements.iter() {
        sum.add(prices[id], element.capacity as f64);
    }
    programme.add_constraint(sum, ComparisonOp::Eq, 1.0);
    for kind in instance.kinds.values() {
        let chance = instance.profiles[kind.profile].probability;
        let least = programme.add_var(chance, (0.0, f64::INFINITY));
        for (element, duration) in kind.durations.iter() {
            let Some(duration) = duration else { continue };
            let mut row = LinearExpr::empty();
            row.add(least, 1.0);
            row.add(prices[element], -(duration.get() as f64));
            programme.add_constraint(row, ComparisonOp::Le, 0.0);
        }
    }
    let SolveOutcome::Solution(solution) = programme.solve().ok()? else { return None };
    Some(prices.values().map(|price| solution[*price].max(0.0)).collect())
}
