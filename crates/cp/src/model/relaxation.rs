//! One redundant inequality that gives the objective the bound of the linear relaxation.
//!
//! With multipliers `y ≥ 0` of the rows `A x ≤ b`, every solution costs at least
//! `Σ (c + yᵀA)_j x_j − yᵀb`. Posted as a linear constraint, bounds propagation on it is the
//! Lagrangian bound and the fixing by reduced costs at once, with short reasons. Subgradients find
//! the multipliers when the first incumbent is known; they are rounded to integers, and integers
//! above zero are valid whatever they are: no rounding of floats decides anything.
//!
//! **Source:** Michael Held, Philip Wolfe, Harlan Crowder, *Validation of subgradient optimization*
//! (1974); Meinolf Sellmann, *Theoretical foundations of CP-based Lagrangian relaxation* (CP 2004).

use crate::atom::{Value, View};
use crate::trail::Trail;

/// Steps of the ascent, at most.
const STEPS: usize = 600;
/// Terms looked at in all steps together, at most.
const WORK: usize = 20_000_000;
/// Steps without a better bound before they get shorter.
const PATIENCE: usize = 15;
/// Denominator of the multipliers.
const DENOMINATOR: i128 = 1 << 20;
/// Largest sum of the inequality.
const SUM_MAX: i128 = 1 << 60;

/// `Σ coefficient · view ≤ bound`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) terms: Vec<(Value, View)>,
    pub(super) bound: Value,
}

/// Columns of all variables that matter: coefficients in floats, for the ascent alone.
struct Ascent {
    bounds: Vec<(f64, f64)>,
    costs: Vec<f64>,
    constant: f64,
    rows: Vec<(Vec<(usize, f64)>, f64)>,
}

/// The inequality for `cost ≥ Σ terms of objective`, if it raises the bound on the cost; `target`
/// is the cost of an incumbent.
pub(super) fn dual_row(
    trail: &Trail,
    rows: &[Row],
    objective: &[(Value, View)],
    cost: View,
    target: Value,
) -> Option<Row> {
    let columns = Columns::new(trail, rows, objective);
    let ascent = columns.ascent(trail, rows, objective);
    let multipliers = ascent.climb((target - columns.constant(objective)) as f64);
    let row = columns.combine(trail, rows, objective, cost, &multipliers)?;
    let others = row.terms.iter().filter(|term| term.1.side.variable() != cost.side.variable());
    let least: i128 = others
        .map(|&(factor, view)| {
            let (factor, lower) = (i128::from(factor), i128::from(trail.lower(view)));
            (factor * lower).min(factor * i128::from(trail.upper(view)))
        })
        .sum();
    // The cost has a coefficient below zero: −d · cost ≤ bound − least.
    let divisor = -row.terms.last().map_or(0, |term| i128::from(term.0));
    let is_news = least - i128::from(row.bound) > divisor * i128::from(trail.lower(cost));
    is_news.then_some(row)
}

/// Numbers of the variables in the rows and the objective.
struct Columns {
    variables: Vec<usize>,
}

impl Columns {
    fn new(trail: &Trail, rows: &[Row], objective: &[(Value, View)]) -> Self {
        let in_rows = rows.iter().flat_map(|row| &row.terms);
        let mut variables: Vec<usize> =
            in_rows.chain(objective).map(|term| term.1.side.variable()).collect();
        variables.sort_unstable();
        variables.dedup();
        variables.retain(|&variable| {
            let view = trail.variable(variable);
            variable > 0 && !trail.is_fixed(view)
        });
        Columns { variables }
    }

    fn constant(&self, terms: &[(Value, View)]) -> Value {
        terms.iter().map(|&(factor, view)| factor * view.offset).sum()
    }

    fn ascent(&self, trail: &Trail, rows: &[Row], objective: &[(Value, View)]) -> Ascent {
        let sparse = |terms: &[(Value, View)]| {
            let (mut entries, mut fixed) = (Vec::new(), 0.0);
            for &(factor, view) in terms {
                let variable = view.side.variable();
                let sign = if view.side.is_negation() { -1.0 } else { 1.0 };
                match self.variables.binary_search(&variable) {
                    Ok(column) => entries.push((column, sign * factor as f64)),
                    Err(_) => {
                        fixed += (factor * (trail.lower(view) - view.offset)) as f64;
                    }
                }
            }
            (entries, fixed)
        };
        let mut costs = vec![0.0; self.variables.len()];
        let (entries, constant) = sparse(objective);
        for (column, factor) in entries {
            costs[column] += factor;
        }
        let rows = rows
            .iter()
            .map(|row| {
                let (entries, fixed) = sparse(&row.terms);
                (entries, (row.bound - self.constant(&row.terms)) as f64 - fixed)
            })
            .collect();
        let bounds = self.variables.iter().map(|&variable| {
            let view = trail.variable(variable);
            (trail.lower(view) as f64, trail.upper(view) as f64)
        });
        Ascent { bounds: bounds.collect(), costs, constant, rows }
    }

    /// Denominator × objective + Σ multiplier × row, in integers; nothing if it does not fit.
    fn combine(
        &self,
        trail: &Trail,
        rows: &[Row],
        objective: &[(Value, View)],
        cost: View,
        multipliers: &[f64],
    ) -> Option<Row> {
        let mut denominator = DENOMINATOR;
        loop {
            let mut factors = vec![0_i128; trail.sides() / 2];
            let mut bound = 0_i128;
            let mut add = |terms: &[(Value, View)], weight: i128| {
                for &(factor, view) in terms {
                    let factor = i128::from(factor) * weight;
                    let sign = if view.side.is_negation() { -1 } else { 1 };
                    factors[view.side.variable()] += sign * factor;
                    bound -= factor * i128::from(view.offset);
                }
            };
            add(objective, denominator);
            let mut right = 0_i128;
            for (row, &multiplier) in rows.iter().zip(multipliers) {
                let weight = (multiplier * denominator as f64).round() as i128;
                add(&row.terms, weight);
                right += weight * i128::from(row.bound);
            }
            bound += right;
            let mut sum = bound.abs();
            let mut terms = Vec::new();
            for (variable, &factor) in factors.iter().enumerate().skip(1) {
                let view = trail.variable(variable);
                let reach = trail.lower(view).abs().max(trail.upper(view).abs()).max(1);
                sum += factor.abs() * i128::from(reach);
                if factor != 0 {
                    terms.push((Value::try_from(factor).unwrap_or(Value::MAX), view));
                }
            }
            sum += denominator * i128::from(trail.lower(cost).abs().max(trail.upper(cost).abs()));
            if sum <= SUM_MAX {
                terms.push((-Value::try_from(denominator).ok()?, cost));
                return Some(Row { terms, bound: Value::try_from(bound).ok()? });
            }
            denominator /= 2;
            if denominator == 0 {
                return None;
            }
        }
    }
}

impl Ascent {
    /// Multipliers with a high bound; `target` is a cost that can be reached.
    fn climb(&self, target: f64) -> Vec<f64> {
        let size: usize = self.rows.iter().map(|row| row.0.len()).sum();
        let steps = STEPS.min(WORK / (size + 1));
        let mut multipliers = vec![0.0_f64; self.rows.len()];
        let mut best = (f64::NEG_INFINITY, multipliers.clone());
        let (mut length, mut idle) = (1.0, 0);
        for _ in 0..steps {
            let mut costs = self.costs.clone();
            let mut bound = self.constant;
            for ((entries, right), &multiplier) in self.rows.iter().zip(&multipliers) {
                bound -= multiplier * right;
                if multiplier > 0.0 {
                    entries.iter().for_each(|&(column, it)| costs[column] += multiplier * it);
                }
            }
            let least = |(&cost, &(lower, upper)): (&f64, &(f64, f64))| {
                if cost > 0.0 { lower } else { upper }
            };
            let values: Vec<f64> = costs.iter().zip(&self.bounds).map(least).collect();
            bound += costs.iter().zip(&values).map(|(cost, value)| cost * value).sum::<f64>();
            if bound > best.0 + 1e-9 * bound.abs() {
                best = (bound, multipliers.clone());
                idle = 0;
            } else {
                idle += 1;
                if idle > PATIENCE {
                    (length, idle) = (length / 2.0, 0);
                    multipliers.clone_from(&best.1);
                }
            }
            let excess: Vec<f64> = self
                .rows
                .iter()
                .zip(&multipliers)
                .map(|((entries, right), &multiplier)| {
                    let left: f64 = entries.iter().map(|&(column, it)| it * values[column]).sum();
                    if multiplier > 0.0 { left - right } else { (left - right).max(0.0) }
                })
                .collect();
            let norm: f64 = excess.iter().map(|it| it * it).sum();
            if norm < 1e-9 || target - bound < 1e-6 {
                break;
            }
            let step = length * (target - bound) / norm;
            for (multiplier, excess) in multipliers.iter_mut().zip(&excess) {
                *multiplier = (*multiplier + step * excess).max(0.0);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use ordine_base::{Seed, Stream};

    fn random_terms(views: &[View], stream: &mut Stream) -> Vec<(Value, View)> {
        let term = |&view: &View| {
            let view = if stream.chance(0.3) { -view + 1 } else { view };
            (stream.below(13) as Value - 4, view)
        };
        views.iter().map(term).collect()
    }

    #[test]
    fn every_solution_satisfies_the_inequality() {
        let mut found = 0;
        for number in 0..200 {
            let stream = &mut Seed::new(number).stream("relaxation");
            let mut engine = Engine::default();
            let views: Vec<View> = (0..4).map(|_| engine.variable(-1, 2)).collect();
            let cost = engine.variable(-100, 100);
            let rows: Vec<Row> = (0..3)
                .map(|_| Row {
                    terms: random_terms(&views, stream),
                    bound: stream.below(9) as Value,
                })
                .collect();
            let objective = random_terms(&views, stream);
            let Some(row) = dual_row(&engine.trail, &rows, &objective, cost, 5) else { continue };
            found += 1;
            for assignment in 0..4_i64.pow(4) {
                let value = |view: View| {
                    let place =
                        views.iter().position(|it| it.side.variable() == view.side.variable());
                    let value = assignment / 4_i64.pow(place.expect("a view") as u32) % 4 - 1;
                    view.offset + if view.side.is_negation() { -value } else { value }
                };
                let sum = |terms: &[(Value, View)]| -> Value {
                    terms.iter().map(|&(factor, view)| factor * value(view)).sum()
                };
                if rows.iter().all(|row| sum(&row.terms) <= row.bound) {
                    let (last, others) = row.terms.split_last().expect("the cost stands last");
                    assert!(sum(others) + last.0 * sum(&objective) <= row.bound);
                }
            }
        }
        assert!(found > 50, "only {found} inequalities");
    }

    #[test]
    fn knapsack_has_the_bound_of_its_fractional_filling() {
        let mut engine = Engine::default();
        let views: Vec<View> = (0..3).map(|_| engine.variable(0, 1)).collect();
        let cost = engine.variable(-100, 0);
        let terms = |of: [Value; 3]| of.into_iter().zip(views.iter().copied()).collect::<Vec<_>>();
        // Worth 10, 9, 8 at weights 4, 5, 6 in a sack of 7: 10 + 3/5 of 9 is 15.4.
        let rows = [Row { terms: terms([4, 5, 6]), bound: 7 }];
        let row = dual_row(&engine.trail, &rows, &terms([-10, -9, -8]), cost, -10)
            .expect("better than taking all");
        crate::propagators::post_linear(&mut engine, &row.terms, row.bound, crate::Atom::TRUE);
        engine.fix_point().expect("it has solutions");
        assert_eq!(engine.trail.lower(cost), -15);
    }
}
