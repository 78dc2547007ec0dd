//! What the general constraints mean: sums, counts, arrays, rows, packings, tours.
//!
//! **Source:** Nicolas Beldiceanu, Mats Carlsson, Jean-Xavier Rampon, *Global constraint catalog*
//! (2012).

use crate::atom::{Atom, Interval, Value, View};

/// A constraint that knows no time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum General {
    /// `Σ coefficient × view ≤ bound` if all `conditions` hold; they name the presence of every
    /// optional view.
    Linear {
        /// Coefficients and what they multiply.
        terms: Vec<(Value, View)>,
        /// Largest sum.
        bound: Value,
        /// When it counts.
        conditions: Vec<Atom>,
    },
    /// At least `count` of the atoms hold, if `condition` does.
    AtLeast {
        /// The least number.
        count: usize,
        /// What is counted; an atom that stands twice counts twice.
        atoms: Vec<Atom>,
        /// When it counts.
        condition: Atom,
    },
    /// Some item whose atom holds is at least `target`, if all `conditions` hold.
    Reach {
        /// What is reached.
        target: View,
        /// Views, and when they count.
        items: Vec<(View, Atom)>,
        /// When it counts.
        conditions: Vec<Atom>,
    },
    /// Exactly one atom holds, and its view equals `target`.
    Element {
        /// The element.
        target: View,
        /// The array, and the atom that selects each.
        items: Vec<(View, Atom)>,
    },
    /// The columns equal some row whose atom holds.
    Table {
        /// What the values are of.
        columns: Vec<View>,
        /// Values, and when they count.
        rows: Vec<(Vec<Value>, Atom)>,
    },
    /// No two views are equal.
    AllDifferent(Vec<View>),
    /// `load = Σ size` of the items whose atom holds.
    Load {
        /// Sizes and atoms.
        items: Vec<(Value, Atom)>,
        /// The sum.
        load: View,
    },
    /// Present rectangles, of two intervals each, do not overlap.
    NoOverlap2d(Vec<(Interval, Interval)>),
    /// Each node has one chosen arc out and one in; those that are no self-loops form one circuit.
    Circuit {
        /// Nodes are the numbers below.
        nodes: usize,
        /// From, to, and whether it is chosen.
        arcs: Vec<(usize, usize, Atom)>,
    },
    /// The chosen arcs form a circuit as above, and `length = Σ length of the chosen arcs`.
    CircuitLength {
        /// Nodes are the numbers below.
        nodes: usize,
        /// From, to, whether it is chosen, and how long it is.
        arcs: Vec<(usize, usize, Atom, Value)>,
        /// The sum.
        length: View,
    },
}

impl General {
    /// Whether an assignment satisfies it.
    pub(super) fn holds(&self, value: &dyn Fn(View) -> Value) -> bool {
        let is_true = |atom: &Atom| value(of_atom(atom)) >= atom.value;
        match self {
            General::Linear { terms, bound, conditions } => {
                let sum: Value = terms.iter().map(|&(factor, view)| factor * value(view)).sum();
                sum <= *bound || !conditions.iter().all(is_true)
            }
            General::AtLeast { count, atoms, condition } => {
                let held = atoms.iter().filter(|atom| is_true(atom)).count();
                held >= *count || !is_true(condition)
            }
            General::Reach { target, items, conditions } => {
                let reaches =
                    |(item, atom): &(View, Atom)| is_true(atom) && value(*item) >= value(*target);
                items.iter().any(reaches) || !conditions.iter().all(is_true)
            }
            General::Element { target, items } => {
                let mut selected = items.iter().filter(|(_, atom)| is_true(atom));
                let first = selected.next();
                selected.next().is_none()
                    && first.is_some_and(|&(item, _)| value(item) == value(*target))
            }
            General::Table { columns, rows } => rows.iter().any(|(row, condition)| {
                let equal = |(&view, &entry): (&View, &Value)| value(view) == entry;
                is_true(condition) && columns.iter().zip(row).all(equal)
            }),
            General::AllDifferent(views) => {
                let is_new = |k: usize| views[..k].iter().all(|&it| value(it) != value(views[k]));
                (0..views.len()).all(is_new)
            }
            General::Load { items, load } => {
                let inside = items.iter().filter(|(_, atom)| is_true(atom));
                inside.map(|&(size, _)| size).sum::<Value>() == value(*load)
            }
            General::NoOverlap2d(rectangles) => {
                let before = |a: Interval, b: Interval| value(a.end) <= value(b.start);
                let are_apart = |&(x, y): &(Interval, Interval), &(s, t): &(Interval, Interval)| {
                    !is_true(&x.present)
                        || !is_true(&s.present)
                        || before(x, s)
                        || before(s, x)
                        || before(y, t)
                        || before(t, y)
                };
                (0..rectangles.len())
                    .all(|k| rectangles[..k].iter().all(|it| are_apart(it, &rectangles[k])))
            }
            General::Circuit { nodes, arcs } => {
                let chosen = arcs.iter().filter(|(.., atom)| is_true(atom));
                is_circuit(*nodes, &chosen.map(|&(from, to, _)| (from, to)).collect::<Vec<_>>())
            }
            General::CircuitLength { nodes, arcs, length } => {
                let chosen: Vec<&(usize, usize, Atom, Value)> =
                    arcs.iter().filter(|it| is_true(&it.2)).collect();
                let pairs: Vec<(usize, usize)> = chosen.iter().map(|it| (it.0, it.1)).collect();
                chosen.iter().map(|it| it.3).sum::<Value>() == value(*length)
                    && is_circuit(*nodes, &pairs)
            }
        }
    }

    /// Every view that it speaks of.
    pub(super) fn views(&self) -> Vec<View> {
        match self {
            General::Linear { terms, conditions, .. } => {
                let views = terms.iter().map(|&(_, view)| view);
                views.chain(conditions.iter().map(of_atom)).collect()
            }
            General::AtLeast { atoms, condition, .. } => {
                atoms.iter().chain([condition]).map(of_atom).collect()
            }
            General::Reach { target, items, conditions } => {
                let parts = items.iter().flat_map(|(item, atom)| [*item, of_atom(atom)]);
                parts.chain([*target]).chain(conditions.iter().map(of_atom)).collect()
            }
            General::Element { target, items } => {
                let parts = items.iter().flat_map(|(item, atom)| [*item, of_atom(atom)]);
                parts.chain([*target]).collect()
            }
            General::Table { columns, rows } => {
                columns.iter().copied().chain(rows.iter().map(|(_, atom)| of_atom(atom))).collect()
            }
            General::AllDifferent(views) => views.clone(),
            General::Load { items, load } => {
                items.iter().map(|(_, atom)| of_atom(atom)).chain([*load]).collect()
            }
            General::NoOverlap2d(rectangles) => {
                let of_interval =
                    |it: Interval| [it.start, it.duration, it.end, of_atom(&it.present)];
                rectangles
                    .iter()
                    .flat_map(|&(x, y)| [of_interval(x), of_interval(y)])
                    .flatten()
                    .collect()
            }
            General::CircuitLength { arcs, length, .. } => {
                arcs.iter().map(|it| of_atom(&it.2)).chain([*length]).collect()
            }
            General::Circuit { arcs, .. } => arcs.iter().map(|(.., atom)| of_atom(atom)).collect(),
        }
    }
}

/// Whether each node has one arc out and one in, and those between two nodes form one circuit.
fn is_circuit(nodes: usize, chosen: &[(usize, usize)]) -> bool {
    let mut next = vec![None; nodes];
    let mut entered = vec![false; nodes];
    for &(from, to) in chosen {
        if next[from].replace(to).is_some() || std::mem::replace(&mut entered[to], true) {
            return false;
        }
    }
    let Some(next) = next.into_iter().collect::<Option<Vec<usize>>>() else { return false };
    let visited = (0..nodes).filter(|&node| next[node] != node).count();
    let Some(start) = (0..nodes).find(|&node| next[node] != node) else { return true };
    let tour =
        std::iter::successors(Some(next[start]), |&node| (node != start).then(|| next[node]));
    tour.count() == visited
}

fn of_atom(atom: &Atom) -> View {
    View { side: atom.side, offset: 0 }
}
