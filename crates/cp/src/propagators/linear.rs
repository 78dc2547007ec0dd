//! Linear inequality: `Σ a_k · x_k ≤ b`, if its conditions hold. O(terms) a call.
//!
//! With all coefficients above zero (negative ones turn to the other side of their variable), the
//! slack is `b − Σ a_k · lower(x_k)`. Below zero fails, or refutes the last open condition; else
//! `x_k ≤ lower(x_k) + slack / a_k`. That is bounds consistency. Equality is two inequalities.
//!
//! **Source:** Warwick Harvey, Peter Stuckey, *Improving linear constraint propagation by changing
//! constraint representation* (2003); reasons as in `slack`.

use crate::atom::{Atom, VALUE_MAX, Value, View};
use crate::declaration::{Declaration, General};
use crate::engine::Engine;
use crate::propagator::{Propagation, Propagator, Wake};
use crate::propagators::conditions::{Conditions, Standing};
use crate::propagators::slack::{Premise, push_weakened};
use crate::trail::{Conflict, Past, Trail};

/// Largest magnitude of a sum: differences of two sums still fit a value.
const SUM_MAX: i128 = 1 << 61;

/// Payloads from here on refute a condition.
const CONDITIONS: u32 = 1 << 31;
/// The sum is too large.
const TOO_LARGE: u32 = u32::MAX;

/// `Σ a_k · x_k ≤ b`.
#[derive(Debug)]
pub struct Linear {
    /// Coefficients above zero, on distinct variables.
    terms: Vec<(Value, View)>,
    bound: Value,
    conditions: Conditions,
}

/// Posts `Σ coefficient · view ≤ bound`, if `condition` and the views are present.
///
/// Terms of one variable are added up; one or two terms become bounds, clauses or differences.
///
/// # Panics
/// When a sum can pass 2^61.
pub fn post_linear(engine: &mut Engine, terms: &[(Value, View)], bound: Value, condition: Atom) {
    let views = terms.iter().filter(|term| term.0 != 0).map(|term| term.1);
    let conditions = Conditions::new(&engine.trail, [condition], views);
    let (terms, bound) = normalized(&engine.trail, terms, bound);
    let is_natural = |views: &[View], condition: Atom| {
        let of_view = |atom| views.iter().any(|view| engine.trail.presence(view.side) == atom);
        conditions.atoms().iter().all(|&atom| atom == condition || of_view(atom))
    };
    match terms[..] {
        [] if bound >= 0 => {}
        [(factor, view)] if is_natural(&[view], Atom::TRUE) => {
            engine.post_fact(view.at_most(bound.div_euclid(factor)));
        }
        // x + y ≤ b is −y ≥ x − b.
        [(1, first), (1, second)] if is_natural(&[first, second], condition) => {
            engine.post_difference(first, -second, -bound, condition);
        }
        // Other atoms may be refuted only by the bounds of views that are present.
        [] | [_] => {
            let mut clause: Vec<Atom> = conditions.atoms().iter().map(|&atom| !atom).collect();
            let conclusion =
                |&(factor, view): &(Value, View)| view.at_most(bound.div_euclid(factor));
            clause.extend(terms.first().map(conclusion));
            engine.post_clause(&clause);
        }
        _ => engine.post(Box::new(Linear { terms, bound, conditions })),
    }
}

/// Posts `Σ coefficient · view = value`, if `condition` and the views are present.
///
/// # Panics
/// As [`post_linear`].
pub fn post_linear_equal(
    engine: &mut Engine,
    terms: &[(Value, View)],
    value: Value,
    condition: Atom,
) {
    let negated: Vec<(Value, View)> = terms.iter().map(|&(factor, view)| (-factor, view)).collect();
    post_linear(engine, terms, value, condition);
    post_linear(engine, &negated, -value, condition);
}

/// Distinct variables, coefficients above zero without common divisor, constants in the bound.
fn normalized(trail: &Trail, terms: &[(Value, View)], bound: Value) -> (Vec<(Value, View)>, Value) {
    let mut by_side: Vec<(View, i128)> = Vec::with_capacity(terms.len());
    let mut rest = i128::from(bound);
    for &(factor, view) in terms {
        rest -= i128::from(factor) * i128::from(view.offset);
        let positive = View { side: view.side, offset: 0 };
        if positive.is_constant() {
            continue;
        }
        let is_negation = view.side.is_negation();
        let factor = i128::from(factor);
        by_side.push(if is_negation { (-positive, -factor) } else { (positive, factor) });
    }
    by_side.sort_unstable_by_key(|&(view, _)| view.side);
    by_side.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    by_side.retain(|&(_, factor)| factor != 0);
    let divisor = by_side.iter().fold(0, |divisor, &(_, factor)| gcd(divisor, factor.abs()));
    if divisor > 1 {
        by_side.iter_mut().for_each(|(_, factor)| *factor /= divisor);
        rest = rest.div_euclid(divisor);
    }
    let largest: i128 = by_side
        .iter()
        .map(|&(view, factor)| {
            let reach = trail.lower(view).abs().max(trail.upper(view).abs());
            factor.abs() * i128::from(reach.max(1))
        })
        .sum();
    assert!(largest + rest.abs() <= SUM_MAX, "a sum of {largest} against {rest} can overflow");
    let to_value = |number: i128| Value::try_from(number).expect("smaller than the largest sum");
    let terms = by_side
        .into_iter()
        .map(
            |(view, factor)| {
                if factor > 0 { (to_value(factor), view) } else { (to_value(-factor), -view) }
            },
        )
        .collect();
    (terms, to_value(rest))
}

fn gcd(first: i128, second: i128) -> i128 {
    if second == 0 { first } else { gcd(second, first % second) }
}

const _: () = assert!((VALUE_MAX as i128) < SUM_MAX);

impl Linear {
    /// `Σ a_k · lower(x_k)`.
    fn least(&self, state: &Trail) -> Value {
        self.terms.iter().map(|&(factor, view)| factor * state.lower(view)).sum()
    }

    /// Bounds of every term, or of those whose presence is the open condition.
    fn narrow(
        &self,
        slack: Value,
        open: Option<Atom>,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        for (index, &(factor, view)) in self.terms.iter().enumerate() {
            if open.is_some_and(|open| open != state.presence(view.side)) {
                continue;
            }
            let (lower, upper) = (state.lower(view), state.upper(view));
            if factor * (upper - lower) > slack {
                state.set(view.at_most(lower + slack.div_euclid(factor)), index as u32)?;
            }
        }
        Ok(())
    }

    fn premises(&self, except: usize) -> impl Iterator<Item = Premise> {
        self.terms
            .iter()
            .enumerate()
            .filter(move |&(index, _)| index != except)
            .map(|(_, &(coefficient, view))| Premise { coefficient, side: view.side })
    }

    fn least_then(&self, except: usize, past: Past<'_>) -> Value {
        let lower = |(index, &(factor, view)): (usize, &(Value, View))| {
            if index == except { 0 } else { factor * past.lower(view) }
        };
        self.terms.iter().enumerate().map(lower).sum()
    }
}

impl Propagator for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn declaration(&self) -> Declaration {
        Declaration::General(General::Linear {
            terms: self.terms.clone(),
            bound: self.bound,
            conditions: self.conditions.atoms().to_vec(),
        })
    }

    fn wake_on(&self, wake: &mut Wake) {
        for &(_, view) in &self.terms {
            wake.on_lower(view);
        }
        self.conditions.wake_on(wake);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let standing = self.conditions.standing(state);
        if standing == Standing::Idle {
            return Ok(());
        }
        let slack = self.bound - self.least(state);
        match standing {
            Standing::Counts if slack < 0 => state.fail(TOO_LARGE),
            Standing::Open(index) if slack < 0 => {
                state.set(!self.conditions.atoms()[index], CONDITIONS + index as u32)
            }
            Standing::Open(index) => {
                self.narrow(slack, Some(self.conditions.atoms()[index]), state)
            }
            _ => self.narrow(slack, None, state),
        }
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let (except, open, surplus) = if payload == TOO_LARGE {
            (usize::MAX, Atom::TRUE, 0)
        } else if payload >= CONDITIONS {
            (usize::MAX, self.conditions.atoms()[(payload - CONDITIONS) as usize], 0)
        } else {
            let (factor, view) = self.terms[payload as usize];
            // The atom says view ≤ upper; one more would be too much.
            let upper = view.offset - atom.value;
            (payload as usize, past.presence(view.side), factor * (upper + 1))
        };
        self.conditions.push_except(open, reason);
        let slack = self.least_then(except, past) + surplus - self.bound - 1;
        push_weakened(self.premises(except), slack, past, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::{Case, any_view, domains, for_seeds, solutions, variables};

    /// Three terms on up to three variables, optional or not, perhaps under a condition.
    fn random_case(stream: &mut ordine_base::Stream) -> (Engine, Vec<(Value, View)>, Value, Atom) {
        let mut engine = Engine::default();
        let condition = if stream.chance(0.5) { engine.boolean() } else { Atom::TRUE };
        let mut views = variables(&mut engine, stream, 2);
        if stream.chance(0.5) {
            let present = engine.boolean();
            views.push(engine.optional_variable(-2, 2, present));
        }
        let terms: Vec<(Value, View)> =
            (0..3).map(|_| (stream.below(7) as Value - 3, any_view(&views, stream))).collect();
        (engine, terms, stream.below(9) as Value - 4, condition)
    }

    fn declared(engine: &Engine, terms: &[(Value, View)], bound: Value, on: Atom) -> Declaration {
        let views = terms.iter().filter(|term| term.0 != 0).map(|term| term.1);
        let conditions = Conditions::new(&engine.trail, [on], views).atoms().to_vec();
        Declaration::General(General::Linear { terms: terms.to_vec(), bound, conditions })
    }

    fn has_optional(engine: &Engine) -> bool {
        domains(engine).iter().any(|(view, ..)| engine.trail.presence(view.side) != Atom::TRUE)
    }

    #[test]
    fn bounds_are_those_of_solutions_and_reasons_imply_them() {
        let mut judged = 0;
        for_seeds(1_500, |stream| {
            let (mut engine, terms, bound, condition) = random_case(stream);
            let before = domains(&engine);
            let declaration = declared(&engine, &terms, bound, condition);
            post_linear(&mut engine, &terms, bound, condition);
            let complete = !has_optional(&engine);
            judged += Case::new(engine, &before, &[declaration]).judge(stream, 20, complete);
        });
        assert!(judged > 10_000, "only {judged} inferences were judged");
    }

    #[test]
    fn learning_finds_the_solutions_of_equations() {
        for_seeds(100, |stream| {
            let (mut engine, terms, value, _) = random_case(stream);
            let before = domains(&engine);
            let negated: Vec<(Value, View)> = terms.iter().map(|term| (-term.0, term.1)).collect();
            let both = [
                declared(&engine, &terms, value, Atom::TRUE),
                declared(&engine, &negated, -value, Atom::TRUE),
            ];
            let mut expected = crate::propagators::testing::enumerate(&before, &both);
            expected.sort();
            post_linear_equal(&mut engine, &terms, value, Atom::TRUE);
            let views: Vec<View> = before.iter().map(|&(view, ..)| view).collect();
            if !has_optional(&engine) {
                assert_eq!(solutions(&mut engine, &views), expected);
            }
        });
    }

    #[test]
    fn reason_keeps_only_what_the_sum_needs() {
        let mut engine = Engine::default();
        let views: Vec<View> = (0..3).map(|_| engine.variable(0, 10)).collect();
        let terms: Vec<(Value, View)> = [5, 3, 1].into_iter().zip(views.iter().copied()).collect();
        post_linear(&mut engine, &terms, 12, Atom::TRUE);
        engine.fix_point().expect("feasible");
        engine.decide(views[1].at_least(2));
        engine.fix_point().expect("feasible");
        engine.decide(views[2].at_least(2));
        engine.fix_point().expect("feasible");
        assert_eq!(engine.trail.upper(views[0]), 0);
        let end = engine.trail.position();
        let position = engine.trail.made_true(views[0].at_most(0), end);
        let entry = engine.trail.entries[position as usize];
        let mut reason = Vec::new();
        engine.explain(views[0].at_most(0), entry.reason, position, &mut reason);
        // 5 + 3·2 + 2 = 13 > 12: nothing to spare.
        assert_eq!(reason, [views[2].at_least(2), views[1].at_least(2)]);
        reason.clear();
        engine.explain(views[0].at_most(1), entry.reason, position, &mut reason);
        // 5·2 + 3 = 13: the first alone does.
        assert_eq!(reason, [views[1].at_least(1)]);
    }

    #[test]
    #[should_panic(expected = "can overflow")]
    fn sums_that_can_overflow_are_refused() {
        let mut engine = Engine::default();
        let view = engine.variable(0, VALUE_MAX);
        let other = engine.variable(0, VALUE_MAX);
        post_linear(&mut engine, &[(1 << 20, view), (3, other)], 0, Atom::TRUE);
    }
}
