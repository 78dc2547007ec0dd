//! Load of one bin: `load = Σ size_i · [atom_i]`, beyond what the linear equation sees.
//!
//! With the undecided items sorted by size, let A be the k largest and C the k' smallest with `A +
//! C < α`. A subset with at most k items outside C sums to at most `A + C`, any other to at least
//! B, the k + 1 smallest outside C. If `B > β` no subset sums into `[α, β]`, nor anywhere strictly
//! between `A + C` and B. The load leaves such gaps, and items that would end in one are in or out.
//! O(n) a gap, O(n²) a call.
//!
//! Reasons are found by trying: the newest decided items first, an item is left open if the gap
//! stays.
//!
//! **Source:** Paul Shaw, *A constraint for bin packing* (CP 2004), section 3; reasons are ours.

use crate::atom::{Atom, Value, View};
use crate::declaration::{Declaration, General};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past, Position};

/// What a note speaks of.
const NO_SUM: Value = 0;
const LOWER: Value = 1;
const UPPER: Value = 2;
const OUT: Value = 3;
const IN: Value = 4;

/// Length of a note: what, item, position at which the call began.
const NOTE: usize = 3;

/// `load = Σ size · [atom]`.
#[derive(Debug)]
pub struct Load {
    /// Sizes above zero, the largest first.
    items: Vec<(Value, Atom)>,
    load: View,
    open: Vec<usize>,
    /// Sums of the smallest undecided items.
    sums: Vec<Value>,
}

/// A gap between sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    /// Largest sum below it.
    below: Value,
    /// Smallest sum above it.
    above: Value,
}

/// A gap around `[first, last]` among the sums of subsets of some items; `sums[k]` is the sum of
/// the k smallest of them.
fn gap(sums: &[Value], first: Value, last: Value) -> Option<Gap> {
    let count = sums.len() - 1;
    if first <= 0 || last >= sums[count] {
        return None;
    }
    let mut small = sums.partition_point(|&sum| sum < first) - 1;
    for large in 0..=count {
        // Sum of the largest.
        let top = sums[count] - sums[count - large];
        if top >= first {
            return None;
        }
        while top + sums[small] >= first {
            small -= 1;
        }
        if small + large + 1 > count {
            return None;
        }
        let above = sums[small + large + 1] - sums[small];
        if above > last {
            return Some(Gap { below: top + sums[small], above });
        }
    }
    None
}

/// Writes the sums of the smallest of `sizes`, which come largest first.
fn write_sums(sizes: impl DoubleEndedIterator<Item = Value>, sums: &mut Vec<Value>) {
    sums.clear();
    sums.push(0);
    for size in sizes.rev() {
        sums.push(sums[sums.len() - 1] + size);
    }
}

impl Load {
    /// Items of no size are left out.
    ///
    /// # Panics
    /// When a size is below zero.
    pub fn new(items: &[(Value, Atom)], load: View) -> Self {
        assert!(items.iter().all(|item| item.0 >= 0), "sizes are not below zero");
        let mut items: Vec<(Value, Atom)> = items.iter().copied().filter(|it| it.0 > 0).collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.0));
        Load { items, load, open: Vec::new(), sums: Vec::new() }
    }

    /// Items that would end in a gap, in the bin or out of it.
    fn decide_items(
        &mut self,
        (least, most): (Value, Value),
        start: Position,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let mut last_size = 0;
        let mut verdict = None;
        for k in 0..self.open.len() {
            let item = self.open[k];
            let (size, atom) = self.items[item];
            if size != last_size {
                last_size = size;
                let others = self.open.iter().filter(|&&other| other != item);
                write_sums(others.map(|&other| self.items[other].0), &mut self.sums);
                let never = gap(&self.sums, least - size, most - size).map(|_| OUT);
                verdict = never.or_else(|| gap(&self.sums, least, most).map(|_| IN));
            }
            if let Some(kind) = verdict {
                let payload = state.note(&[kind, item as Value, Value::from(start)]);
                state.set(if kind == IN { atom } else { !atom }, payload)?;
            }
        }
        Ok(())
    }
}

/// A window of loads that no subset reaches, and items that may be in, out or either.
struct Proof<'a> {
    items: &'a [(Value, Atom)],
    /// In, out or undecided.
    decided: Vec<Option<bool>>,
    /// The item that the proof is about: neither in nor out.
    except: Option<usize>,
    /// What that item adds.
    shift: Value,
}

impl Proof<'_> {
    /// The gap around loads from `first` to `last`, if it can be seen.
    fn gap(&self, first: Value, last: Value) -> Option<Gap> {
        let is_in = |&index: &usize| self.decided[index] == Some(true);
        let packed: Value = (0..self.items.len()).filter(is_in).map(|it| self.items[it].0).sum();
        let packed = packed + self.shift;
        let open = (0..self.items.len())
            .filter(|&index| self.decided[index].is_none() && self.except != Some(index));
        let mut sums = Vec::new();
        write_sums(open.map(|index| self.items[index].0), &mut sums);
        let gap = gap(&sums, first - packed, last - packed)?;
        Some(Gap { below: gap.below + packed, above: gap.above + packed })
    }

    /// Opens decided items, the newest first, while the gap stays.
    fn weaken(&mut self, first: Value, last: Value, past: Past<'_>) {
        let mut newest_first: Vec<(Position, usize)> = (0..self.items.len())
            .filter_map(|index| {
                let is_in = self.decided[index]?;
                let atom = self.items[index].1;
                Some((past.since(if is_in { atom } else { !atom }), index))
            })
            .collect();
        newest_first.sort_unstable_by(|a, b| b.cmp(a));
        for (_, index) in newest_first {
            let kept = self.decided[index].take();
            if self.gap(first, last).is_none() {
                self.decided[index] = kept;
            }
        }
    }
}

impl Propagator for Load {
    fn name(&self) -> &'static str {
        "load"
    }

    fn priority(&self) -> Priority {
        Priority::Dear
    }

    fn declaration(&self) -> Declaration {
        Declaration::General(General::Load { items: self.items.clone(), load: self.load })
    }

    fn wake_on(&self, wake: &mut Wake) {
        for &(_, atom) in &self.items {
            wake.on_decided(atom);
        }
        wake.on_bounds(self.load);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let start = state.position();
        let mut packed = 0;
        self.open.clear();
        for (index, &(size, atom)) in self.items.iter().enumerate() {
            if state.is_true(atom) {
                packed += size;
            } else if !state.is_false(atom) {
                self.open.push(index);
            }
        }
        let (least, most) = (state.lower(self.load) - packed, state.upper(self.load) - packed);
        write_sums(self.open.iter().map(|&index| self.items[index].0), &mut self.sums);
        if gap(&self.sums, least, most).is_some() {
            let payload = state.note(&[NO_SUM, 0, Value::from(start)]);
            return state.fail(payload);
        }
        if let Some(gap) = gap(&self.sums, least, least) {
            let payload = state.note(&[LOWER, 0, Value::from(start)]);
            state.set(self.load.at_least(gap.above + packed), payload)?;
        }
        if let Some(gap) = gap(&self.sums, most, most) {
            let payload = state.note(&[UPPER, 0, Value::from(start)]);
            state.set(self.load.at_most(gap.below + packed), payload)?;
        }
        self.decide_items((least, most), start, state)
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let (kind, item) = (note[0], note[1] as usize);
        let past = past.earlier(note[2] as Position);
        let of_atom = |atom: Atom| {
            if past.is_true(atom) { Some(true) } else { past.is_false(atom).then_some(false) }
        };
        let mut proof = Proof {
            items: &self.items,
            decided: self.items.iter().map(|&(_, atom)| of_atom(atom)).collect(),
            except: (kind == IN || kind == OUT).then_some(item),
            shift: if kind == OUT { self.items[item].0 } else { 0 },
        };
        let (mut first, mut last) = (past.lower(self.load), past.upper(self.load));
        if kind == LOWER {
            last = atom.value + self.load.offset - 1;
        } else if kind == UPPER {
            first = self.load.offset - atom.value + 1;
        }
        proof.weaken(first, last, past);
        let gap = proof.gap(first, last).expect("the gap was there when it was found");
        let wider = (gap.below + 1, gap.above - 1);
        if proof.gap(wider.0, wider.1).is_some() {
            (first, last) = wider;
        }
        for (&(_, atom), decided) in self.items.iter().zip(proof.decided) {
            reason.extend(decided.map(|is_in| if is_in { atom } else { !atom }));
        }
        if kind != UPPER {
            reason.push(self.load.at_least(first));
        }
        if kind != LOWER {
            reason.push(self.load.at_most(last));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::propagators::testing::{Case, domains, for_seeds};

    #[test]
    fn gaps_hold_no_sum() {
        for_seeds(300, |stream| {
            let mut sizes: Vec<Value> =
                (0..1 + stream.below(6)).map(|_| 1 + stream.below(12) as Value).collect();
            sizes.sort_unstable_by(|a, b| b.cmp(a));
            let mut sums = Vec::new();
            write_sums(sizes.iter().copied(), &mut sums);
            let first = stream.below(30) as Value;
            let last = first + stream.below(5) as Value;
            let Some(gap) = gap(&sums, first, last) else { return };
            assert!(gap.below < first && last < gap.above);
            for subset in 0..1_u32 << sizes.len() {
                let in_subset = |k: &usize| subset >> k & 1 == 1;
                let sum: Value = (0..sizes.len()).filter(in_subset).map(|k| sizes[k]).sum();
                assert!(sum <= gap.below || gap.above <= sum, "{sum} of {sizes:?} in {gap:?}");
            }
        });
    }

    #[test]
    fn reasons_imply_what_the_load_infers() {
        let mut judged = 0;
        for_seeds(600, |stream| {
            let mut engine = Engine::default();
            let items: Vec<(Value, Atom)> = (0..5)
                .map(|_| {
                    let atom = engine.boolean();
                    let atom = if stream.chance(0.2) { !atom } else { atom };
                    (stream.below(9) as Value, atom)
                })
                .collect();
            let lower = stream.below(12) as Value;
            let load = engine.variable(lower, lower + stream.below(6) as Value);
            let load = if stream.chance(0.3) { load + 2 } else { load };
            let before = domains(&engine);
            engine.post(Box::new(Load::new(&items, load)));
            // The equation proper is the business of a linear constraint.
            let terms: Vec<(Value, View)> = items
                .iter()
                .map(|&(size, atom)| (size, atom.as_view()))
                .chain([(-1, load)])
                .collect();
            crate::propagators::post_linear_equal(&mut engine, &terms, 0, Atom::TRUE);
            let declared = Declaration::General(General::Load { items, load });
            judged += Case::new(engine, &before, &[declared]).judge(stream, 10, false);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }
}
