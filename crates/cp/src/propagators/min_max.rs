//! Maximum and minimum of views, present or not.
//!
//! `target = max {x_k : present_k}` is two halves. Differences say `target ≥ x_k` if `present_k`;
//! [`Reach`] says that some present item reaches the target. O(items) a call:
//!
//! * `target ≤ max upper(x_k)` over the items that may be present;
//! * the only item that can reach `lower(target)` is present and does.
//!
//! The maximum of nothing does not exist: some item is present. A minimum is the maximum of the
//! negations. Elements of arrays are the same thing, with "is selected" for "is present".
//!
//! **Source:** Christian Schulte, Guido Tack, *View-based propagator derivation* (2013), for the
//! derivation of the minimum; reasons are ours.

use crate::atom::{Atom, Value, View};
use crate::declaration::{Declaration, General};
use crate::engine::Engine;
use crate::propagator::{Propagation, Propagator, Wake};
use crate::propagators::conditions::{Conditions, Standing};
use crate::trail::{Conflict, Past};

/// What a payload speaks of: its two lowest bits; the rest is an index.
const TARGET: u32 = 0;
const ITEM: u32 = 1;
const CONDITION: u32 = 2;
const NOTHING_REACHES: u32 = 3;

/// Some present item is at least the target.
#[derive(Debug)]
pub struct Reach {
    target: View,
    items: Vec<(View, Atom)>,
    conditions: Conditions,
}

/// Posts that `target` is the largest of the items whose atom holds, if `condition` does.
///
/// An item whose variable is optional has an atom that implies its presence.
pub fn post_maximum(engine: &mut Engine, target: View, items: &[(View, Atom)], condition: Atom) {
    for &(item, present) in items {
        post_difference_if(engine, item, target, present, condition);
    }
    post_reach(engine, target, items, condition);
}

/// Posts that `target` is the smallest of the items whose atom holds, if `condition` does.
pub fn post_minimum(engine: &mut Engine, target: View, items: &[(View, Atom)], condition: Atom) {
    let negated: Vec<(View, Atom)> =
        items.iter().map(|&(item, present)| (-item, present)).collect();
    post_maximum(engine, -target, &negated, condition);
}

/// Posts `target = items[k]` for the selector k that holds; exactly one of the selectors does.
pub fn post_element(engine: &mut Engine, target: View, items: &[(View, Atom)]) {
    for &(item, selected) in items {
        engine.post_difference(item, target, 0, selected);
        engine.post_difference(target, item, 0, selected);
    }
    let negated: Vec<(View, Atom)> =
        items.iter().map(|&(item, selected)| (-item, selected)).collect();
    post_reach(engine, target, items, Atom::TRUE);
    post_reach(engine, -target, &negated, Atom::TRUE);
}

/// Posts that some item whose atom holds is at least `target`, if `condition` holds.
pub fn post_reach(engine: &mut Engine, target: View, items: &[(View, Atom)], condition: Atom) {
    let conditions = Conditions::new(&engine.trail, [condition], [target]);
    engine.post(Box::new(Reach { target, items: items.to_vec(), conditions }));
}

/// `from ≤ to` if both atoms hold.
fn post_difference_if(engine: &mut Engine, from: View, to: View, first: Atom, second: Atom) {
    let guard = if first == Atom::TRUE || first == second {
        second
    } else if second == Atom::TRUE {
        first
    } else {
        let both = engine.boolean();
        engine.post_clause(&[both, !first, !second]);
        both
    };
    engine.post_difference(from, to, 0, guard);
}

impl Reach {
    /// Why no item except `except` is above `most`.
    fn push_below(&self, most: Value, except: usize, past: Past<'_>, reason: &mut Vec<Atom>) {
        for (index, &(item, present)) in self.items.iter().enumerate() {
            if index == except {
                continue;
            }
            let is_low = item.at_most(most);
            let low_since = past.is_true(is_low).then(|| past.since(is_low));
            let absent_since = past.is_false(present).then(|| past.since(!present));
            let is_absent_first = match (absent_since, low_since) {
                (Some(absent), Some(low)) => absent <= low,
                (absent, _) => absent.is_some(),
            };
            reason.push(if is_absent_first { !present } else { is_low });
        }
    }
}

impl Propagator for Reach {
    fn name(&self) -> &'static str {
        "reach"
    }

    fn declaration(&self) -> Declaration {
        Declaration::General(General::Reach {
            target: self.target,
            items: self.items.clone(),
            conditions: self.conditions.atoms().to_vec(),
        })
    }

    fn wake_on(&self, wake: &mut Wake) {
        wake.on_lower(self.target);
        for &(item, present) in &self.items {
            wake.on_upper(item);
            wake.on_true(!present);
        }
        self.conditions.wake_on(wake);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let standing = self.conditions.standing(state);
        if standing == Standing::Idle {
            return Ok(());
        }
        let least = state.lower(self.target);
        let mut most = None;
        let (mut supporters, mut supporter) = (0, 0);
        for (index, &(item, present)) in self.items.iter().enumerate() {
            if state.is_false(present) {
                continue;
            }
            let upper = state.upper(item);
            most = most.max(Some(upper));
            if upper >= least {
                (supporters, supporter) = (supporters + 1, index);
            }
        }
        let Some(most) = most.filter(|_| supporters > 0) else {
            return match standing {
                Standing::Open(index) => {
                    let payload = CONDITION + 4 * index as u32;
                    state.set(!self.conditions.atoms()[index], payload)
                }
                _ => state.fail(NOTHING_REACHES),
            };
        };
        let narrows = match standing {
            Standing::Open(open) => {
                self.conditions.atoms()[open] == state.presence(self.target.side)
            }
            _ => true,
        };
        if narrows {
            state.set(self.target.at_most(most), TARGET)?;
        }
        if supporters == 1 && standing == Standing::Counts {
            let (item, present) = self.items[supporter];
            let payload = ITEM + 4 * supporter as u32;
            state.set(present, payload)?;
            state.set(item.at_least(least), payload)?;
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let (kind, index) = (payload % 4, payload as usize / 4);
        if kind == TARGET {
            // The atom says target ≤ most.
            let most = self.target.offset - atom.value;
            self.conditions.push_except(past.presence(self.target.side), reason);
            self.push_below(most, usize::MAX, past, reason);
            return;
        }
        let least = past.lower(self.target);
        reason.push(self.target.at_least(least));
        let open = if kind == CONDITION { self.conditions.atoms()[index] } else { Atom::TRUE };
        self.conditions.push_except(open, reason);
        self.push_below(least - 1, if kind == ITEM { index } else { usize::MAX }, past, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::{
        Case, any_view, domains, enumerate, for_seeds, solutions, variables,
    };

    fn random_case(stream: &mut ordine_base::Stream) -> (Engine, View, Vec<(View, Atom)>, Atom) {
        let mut engine = Engine::default();
        let condition = if stream.chance(0.3) { engine.boolean() } else { Atom::TRUE };
        let views = variables(&mut engine, stream, 3);
        let mut items: Vec<(View, Atom)> =
            (0..2).map(|_| (any_view(&views[1..], stream), engine.boolean())).collect();
        items.push((any_view(&views[1..], stream), Atom::TRUE));
        let present = engine.boolean();
        items.push((engine.optional_variable(-2, 2, present), present));
        let target = match stream.below(3) {
            0 => engine.optional_variable(-3, 3, items[0].1),
            _ => views[0],
        };
        stream.shuffle(&mut items);
        items.truncate(1 + stream.below(3));
        (engine, target, items, condition)
    }

    #[test]
    fn reasons_imply_what_the_reach_infers() {
        let mut judged = 0;
        for_seeds(400, |stream| {
            let (mut engine, target, items, condition) = random_case(stream);
            let before = domains(&engine);
            post_reach(&mut engine, target, &items, condition);
            let conditions = Conditions::new(&engine.trail, [condition], [target]);
            let declared = Declaration::General(General::Reach {
                target,
                items,
                conditions: conditions.atoms().to_vec(),
            });
            judged += Case::new(engine, &before, &[declared]).judge(stream, 10, false);
        });
        assert!(judged > 4_000, "only {judged} inferences were judged");
    }

    #[test]
    fn elements_have_the_bounds_of_their_solutions() {
        let mut judged = 0;
        for_seeds(300, |stream| {
            let mut engine = Engine::default();
            let views = variables(&mut engine, stream, 3);
            let items: Vec<(View, Atom)> = (0..3)
                .map(|k| {
                    let constant = View::constant(stream.below(7) as Value - 3);
                    let item = if stream.chance(0.5) { constant } else { views[1 + k % 2] };
                    (item, engine.boolean())
                })
                .collect();
            let before = domains(&engine);
            let atoms: Vec<Atom> = items.iter().map(|&(_, selected)| selected).collect();
            crate::propagators::post_exactly(&mut engine, 1, &atoms, Atom::TRUE);
            post_element(&mut engine, views[0], &items);
            let declared = Declaration::General(General::Element { target: views[0], items });
            judged += Case::new(engine, &before, &[declared]).judge(stream, 10, false);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }

    #[test]
    fn learning_finds_the_solutions_of_minima() {
        for_seeds(60, |stream| {
            let mut engine = Engine::default();
            let views = variables(&mut engine, stream, 3);
            let atoms = [engine.boolean(), engine.boolean(), Atom::TRUE];
            let items: Vec<(View, Atom)> =
                atoms.iter().map(|&atom| (any_view(&views[1..], stream), atom)).collect();
            let before = domains(&engine);
            let halves = [
                General::Reach {
                    target: -views[0],
                    items: items.iter().map(|&(item, atom)| (-item, atom)).collect(),
                    conditions: Vec::new(),
                },
                General::Linear {
                    terms: vec![(1, views[0]), (-1, items[0].0)],
                    bound: 0,
                    conditions: vec![items[0].1],
                },
                General::Linear {
                    terms: vec![(1, views[0]), (-1, items[1].0)],
                    bound: 0,
                    conditions: vec![items[1].1],
                },
                General::Linear {
                    terms: vec![(1, views[0]), (-1, items[2].0)],
                    bound: 0,
                    conditions: Vec::new(),
                },
            ];
            let mut expected = enumerate(&before, &halves.map(Declaration::General));
            expected.sort();
            post_minimum(&mut engine, views[0], &items, Atom::TRUE);
            let views: Vec<View> = before.iter().map(|&(view, ..)| view).collect();
            assert_eq!(solutions(&mut engine, &views), expected);
        });
    }
}
