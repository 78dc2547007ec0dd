//! All different: no two views are equal. Bounds consistent, O(n log n) a call.
//!
//! An interval of values that is the whole domain of as many variables is a *Hall interval*: no
//! other variable is inside. Variables are taken by their upper bounds; a union-find structure over
//! the sorted bounds counts the values that are left and joins Hall intervals. The other direction
//! is the same on the negations.
//!
//! The reason of `x ≥ v` is a Hall interval [a, b] with a ≤ lower(x) and v ≤ b + 1: the bounds of
//! its variables, and `x ≥ a`. It is looked for when it is asked for, the one that ends first.
//!
//! **Source:** Alejandro López-Ortiz, Claude-Guy Quimper, John Tromp, Peter van Beek, *A fast and
//! simple algorithm for bounds consistency of the alldifferent constraint* (IJCAI 2003); Nicholas
//! Downing, Thibaut Feydy, Peter Stuckey, *Explaining alldifferent* (2012).

use crate::atom::{Atom, Value, View};
use crate::declaration::{Declaration, General};
use crate::engine::Engine;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Payload of a failure; others are a variable, doubled, plus a direction.
const TOO_MANY: u32 = u32::MAX;

/// No two views are equal.
#[derive(Debug)]
pub struct AllDifferent {
    /// By direction: the views, their negations.
    views: [Vec<View>; 2],
    by_lower: [Vec<usize>; 2],
    by_upper: [Vec<usize>; 2],
    lowers: Vec<Value>,
    uppers: Vec<Value>,
    /// Sorted lower bounds and upper bounds plus one, between two sentinels.
    bounds: Vec<Value>,
    lower_ranks: Vec<usize>,
    upper_ranks: Vec<usize>,
    /// Where the values of a bound are counted.
    tree: Vec<usize>,
    /// Values that are left up to a bound.
    left: Vec<Value>,
    /// Ends of Hall intervals.
    halls: Vec<usize>,
}

/// Posts that no two of the views, all of variables that must be present, are equal.
pub fn post_all_different(engine: &mut Engine, views: &[View]) {
    // Bounds that move while it runs would spoil its reasons: one view of each variable.
    let (mut distinct, mut rest): (Vec<View>, Vec<View>) = (Vec::new(), Vec::new());
    for &view in views {
        let is_known = |it: &View| it.side.variable() == view.side.variable();
        let repeats = !view.is_constant() && distinct.iter().any(is_known);
        if repeats { rest.push(view) } else { distinct.push(view) }
    }
    for (index, &view) in rest.iter().enumerate() {
        for &other in distinct.iter().chain(&rest[..index]) {
            post_different(engine, view, other);
        }
    }
    if distinct.len() > 1 {
        engine.post(Box::new(AllDifferent::new(&distinct)));
    }
}

/// Posts that two views are not equal.
fn post_different(engine: &mut Engine, first: View, second: View) {
    let gap = second.offset - first.offset;
    if first.side == second.side {
        if gap == 0 {
            engine.post_clause(&[]);
        }
    } else if first.side == -second.side {
        // x + a = b - x has no solution where b - a is odd.
        if gap % 2 == 0 {
            let middle = View { side: first.side, offset: 0 };
            engine.post_clause(&[middle.at_most(gap / 2 - 1), middle.at_least(gap / 2 + 1)]);
        }
    } else {
        engine.post(Box::new(AllDifferent::new(&[first, second])));
    }
}

impl AllDifferent {
    fn new(views: &[View]) -> Self {
        let count = views.len();
        let order: Vec<usize> = (0..count).collect();
        AllDifferent {
            views: [views.to_vec(), views.iter().map(|&view| -view).collect()],
            by_lower: [order.clone(), order.clone()],
            by_upper: [order.clone(), order],
            lowers: vec![0; count],
            uppers: vec![0; count],
            bounds: vec![0; 2 * count + 2],
            lower_ranks: vec![0; count],
            upper_ranks: vec![0; count],
            tree: vec![0; 2 * count + 2],
            left: vec![0; 2 * count + 2],
            halls: vec![0; 2 * count + 2],
        }
    }

    /// Sorts the bounds; returns how many distinct ones there are.
    fn rank(&mut self, direction: usize, state: &Propagation<'_>) -> usize {
        for (index, &view) in self.views[direction].iter().enumerate() {
            self.lowers[index] = state.lower(view);
            self.uppers[index] = state.upper(view);
        }
        sort_nearly_sorted(&mut self.by_lower[direction], &self.lowers);
        sort_nearly_sorted(&mut self.by_upper[direction], &self.uppers);
        let mut lowers = self.by_lower[direction].iter().copied().peekable();
        let mut uppers = self.by_upper[direction].iter().copied().peekable();
        let mut last = 0;
        self.bounds[0] = self.lowers[self.by_lower[direction][0]] - 2;
        while let Some(&upper) = uppers.peek() {
            let end = self.uppers[upper] + 1;
            let next_lower = lowers.next_if(|&lower| self.lowers[lower] <= end);
            let value = next_lower.map_or(end, |lower| self.lowers[lower]);
            if value != self.bounds[last] {
                last += 1;
                self.bounds[last] = value;
            }
            match next_lower {
                Some(lower) => self.lower_ranks[lower] = last,
                None => {
                    self.upper_ranks[upper] = last;
                    uppers.next();
                }
            }
        }
        self.bounds[last + 1] = self.bounds[last] + 2;
        last
    }

    /// Raises lower bounds out of Hall intervals.
    fn raise(&mut self, direction: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let last = self.rank(direction, state);
        for place in 1..=last + 1 {
            self.tree[place] = place - 1;
            self.halls[place] = place - 1;
            self.left[place] = self.bounds[place] - self.bounds[place - 1];
        }
        for k in 0..self.by_upper[direction].len() {
            let index = self.by_upper[direction][k];
            let (low, high) = (self.lower_ranks[index], self.upper_ranks[index]);
            let mut place = root(&self.tree, low + 1);
            let before = self.tree[place];
            self.left[place] -= 1;
            if self.left[place] == 0 {
                self.tree[place] = place + 1;
                place = root(&self.tree, place + 1);
                self.tree[place] = before;
            }
            redirect(&mut self.tree, low + 1, place, place);
            let needed = self.bounds[place] - self.bounds[high];
            if self.left[place] < needed {
                return state.fail(TOO_MANY);
            }
            if self.halls[low] > low {
                let end = root(&self.halls, self.halls[low]);
                redirect(&mut self.halls, low, end, end);
                let payload = (2 * index + direction) as u32;
                state.set(self.views[direction][index].at_least(self.bounds[end]), payload)?;
            }
            if self.left[place] == needed {
                let from = self.halls[high];
                redirect(&mut self.halls, from, before - 1, high);
                self.halls[high] = before - 1;
            }
        }
        Ok(())
    }

    /// Adds the bounds of variables that fill an interval [a, b] with a ≤ `start`, b ≥ `end` and
    /// are `surplus` more than its values; returns a.
    fn push_hall(
        &self,
        direction: usize,
        (start, end, surplus): (Value, Value, Value),
        except: usize,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) -> Value {
        let views = &self.views[direction];
        let mut latest_first: Vec<(Value, Value, usize)> = (0..views.len())
            .filter(|&index| index != except)
            .map(|index| (past.lower(views[index]), past.upper(views[index]), index))
            .collect();
        latest_first.sort_unstable_by(|a, b| b.cmp(a));
        let mut ends: Vec<Value> =
            latest_first.iter().map(|it| it.1).filter(|&upper| upper >= end).collect();
        ends.sort_unstable();
        ends.dedup();
        for &last in &ends {
            let mut inside = 0;
            for &(first, upper, _) in &latest_first {
                inside += Value::from(upper <= last);
                if upper <= last && first <= start && inside >= last - first + 1 + surplus {
                    let members = latest_first.iter().filter(|it| it.0 >= first && it.1 <= last);
                    for &(_, _, member) in members.take((last - first + 1 + surplus) as usize) {
                        reason.push(views[member].at_least(first));
                        reason.push(views[member].at_most(last));
                    }
                    return first;
                }
            }
        }
        unreachable!("a Hall interval moved the bound when it was found");
    }
}

/// Follows pointers while they lead up.
fn root(pointers: &[usize], mut place: usize) -> usize {
    while pointers[place] > place {
        place = pointers[place];
    }
    place
}

/// Lets all pointers on the way from `place` to `end` lead to `target`.
fn redirect(pointers: &mut [usize], mut place: usize, end: usize, target: usize) {
    while place != end {
        place = std::mem::replace(&mut pointers[place], target);
    }
}

/// Sorts indices by key; linear when they are nearly sorted.
fn sort_nearly_sorted(order: &mut [usize], keys: &[Value]) {
    for k in 1..order.len() {
        let mut place = k;
        while place > 0 && keys[order[place - 1]] > keys[order[place]] {
            order.swap(place - 1, place);
            place -= 1;
        }
    }
}

impl Propagator for AllDifferent {
    fn name(&self) -> &'static str {
        "all-different"
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn declaration(&self) -> Declaration {
        Declaration::General(General::AllDifferent(self.views[0].clone()))
    }

    fn wake_on(&self, wake: &mut Wake) {
        for &view in &self.views[0] {
            wake.on_bounds(view);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        self.raise(0, state)?;
        self.raise(1, state)
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        if payload == TOO_MANY {
            self.push_hall(0, (Value::MAX, Value::MIN, 1), usize::MAX, past, reason);
            return;
        }
        let (index, direction) = (payload as usize / 2, payload as usize % 2);
        let view = self.views[direction][index];
        let end = atom.value + view.offset - 1;
        let first = self.push_hall(direction, (past.lower(view), end, 0), index, past, reason);
        reason.push(view.at_least(first));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::{Case, domains, for_seeds, variables};

    #[test]
    fn bounds_are_those_of_solutions_and_reasons_imply_them() {
        let mut judged = 0;
        for_seeds(400, |stream| {
            let mut engine = Engine::default();
            let count = 3 + stream.below(3);
            let mut views = variables(&mut engine, stream, count);
            let before = domains(&engine);
            for view in &mut views {
                *view = *view + stream.below(2) as Value;
                *view = if stream.chance(0.2) { -*view } else { *view };
            }
            post_all_different(&mut engine, &views);
            let declared = Declaration::General(General::AllDifferent(views));
            judged += Case::new(engine, &before, &[declared]).judge(stream, 10, true);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }

    #[test]
    fn reason_is_the_hall_interval_that_suffices() {
        let mut engine = Engine::default();
        let views: Vec<View> = (0..5).map(|_| engine.variable(0, 9)).collect();
        post_all_different(&mut engine, &views);
        for atom in [
            views[0].at_least(1),
            views[0].at_most(2),
            views[1].at_least(1),
            views[1].at_most(2),
            views[2].at_least(3),
            views[2].at_most(3),
        ] {
            engine.decide(atom);
            engine.fix_point().expect("room is left");
        }
        engine.decide(views[3].at_least(1));
        engine.fix_point().expect("room is left");
        assert_eq!(engine.trail.lower(views[3]), 4);
        let end = engine.trail.position();
        let at = engine.trail.made_true(views[3].at_least(4), end);
        let why = engine.trail.entries[at as usize].reason;
        let mut reason = Vec::new();
        // Up to 3 the interval [1, 2] suffices; for 4 it is [1, 3].
        engine.explain(views[3].at_least(3), why, at, &mut reason);
        assert_eq!(reason.len(), 5);
        assert!(reason.contains(&views[3].at_least(1)));
        reason.clear();
        engine.explain(views[3].at_least(4), why, at, &mut reason);
        assert_eq!(reason.len(), 7);
    }
}
