//! Rectangles that do not overlap, present or not.
//!
//! For each pair four atoms say that one is left of, right of, below or above the other, each
//! equivalent to its difference; one of them holds while both are present. Those that cannot be are
//! left out. What takes more than two rectangles: the energy of `no_overlap_2d_energy`, and on each
//! axis a cumulative constraint whose demands are the sizes along the other.
//!
//! Rectangle i is `[x_i, x_i + w_i) × [y_i, y_i + h_i)`; i and j are apart if
//! `x_i + w_i ≤ x_j ∨ x_j + w_j ≤ x_i ∨ y_i + h_i ≤ y_j ∨ y_j + h_j ≤ y_i`.
//!
//! **Source:** Nicolas Beldiceanu, Mats Carlsson, *Sweep as a generic pruning technique applied to
//! the non-overlapping rectangles constraint* (CP 2001), for the constraint; Hidetoshi Onodera, Yo
//! Taniguchi, Keikichi Tamaru, *Branch-and-bound placement for building block layout* (1991), for
//! deciding relations instead of positions.

use super::cumulative::{Capacity, Cumulative, Usage};
use super::cumulative_energy::{CumulativeEnergy, EnergyParameters};
use super::no_overlap_2d_energy::RectangleEnergy;
use crate::atom::{Atom, Interval, View};
use crate::engine::Engine;

/// A rectangle; both intervals have one presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// From left to right.
    pub x: Interval,
    /// From bottom to top.
    pub y: Interval,
}

/// Which reasoning runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RectangleParameters {
    /// Areas against windows.
    pub energy: bool,
    /// On each axis, what lies side by side is no longer than the other axis.
    pub cumulative: bool,
}

impl Default for RectangleParameters {
    fn default() -> Self {
        RectangleParameters { energy: true, cumulative: true }
    }
}

/// Posts that present rectangles do not overlap; returns the relation atoms worth deciding.
///
/// # Panics
/// When the presences of a rectangle differ.
pub fn post_no_overlap_2d(
    engine: &mut Engine,
    rectangles: &[Rectangle],
    parameters: &RectangleParameters,
) -> Vec<Atom> {
    let is_one = |it: &Rectangle| it.x.present == it.y.present;
    assert!(rectangles.iter().all(is_one), "both intervals of a rectangle have one presence");
    let mut atoms = Vec::new();
    for (index, second) in rectangles.iter().enumerate() {
        for first in &rectangles[..index] {
            post_pair(engine, first, second, &mut atoms);
        }
    }
    if parameters.energy && rectangles.len() > 2 {
        engine.post(Box::new(RectangleEnergy::new(rectangles)));
    }
    if parameters.cumulative && rectangles.len() > 2 {
        post_cumulative(engine, rectangles.iter().map(|it| (it.x, it.y)));
        post_cumulative(engine, rectangles.iter().map(|it| (it.y, it.x)));
    }
    atoms
}

/// At each point of the first axis, the present tasks fit into the second.
fn post_cumulative(engine: &mut Engine, sides: impl Iterator<Item = (Interval, Interval)> + Clone) {
    let trail = &engine.trail;
    let first = sides.clone().map(|(_, along)| trail.lower(along.start)).min();
    let last = sides.clone().map(|(_, along)| trail.upper(along.end)).max();
    let (first, last) = first.zip(last).expect("at least one rectangle");
    let usages: Vec<Usage> =
        sides.map(|(task, along)| Usage { task, demand: along.duration }).collect();
    let capacity = Capacity::Level(View::constant(last - first));
    engine.post(Box::new(Cumulative::new(&usages, capacity.clone())));
    engine.post(Box::new(CumulativeEnergy::new(&usages, capacity, EnergyParameters::default())));
}

fn post_pair(engine: &mut Engine, first: &Rectangle, second: &Rectangle, atoms: &mut Vec<Atom>) {
    let mut clause = vec![!first.x.present, !second.x.present];
    let relations = [
        (first.x.end, second.x.start),
        (second.x.end, first.x.start),
        (first.y.end, second.y.start),
        (second.y.end, first.y.start),
    ];
    for (end, start) in relations {
        if let Some(atom) = post_relation(engine, end, start) {
            clause.push(atom);
        }
    }
    atoms.extend(clause[2..].iter().copied().filter(|&atom| atom != Atom::TRUE));
    engine.post_clause(&clause);
}

/// An atom for `end ≤ start`, or nothing if it cannot hold.
fn post_relation(engine: &mut Engine, end: View, start: View) -> Option<Atom> {
    if engine.trail.lower(end) > engine.trail.upper(start) {
        return None;
    }
    if engine.trail.upper(end) <= engine.trail.lower(start) {
        return Some(Atom::TRUE);
    }
    let atom = engine.boolean();
    engine.post_difference(end, start, 0, atom);
    engine.post_difference(start, end, 1, !atom);
    Some(atom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::Value;
    use crate::declaration::{Declaration, General};
    use crate::propagators::testing::{domains, enumerate, for_seeds, solutions};

    #[test]
    fn learning_finds_every_packing() {
        for_seeds(60, |stream| {
            let mut engine = Engine::default();
            let side = |engine: &mut Engine, present, size: Value| {
                let start = engine.variable(0, 3 - size);
                Interval { start, duration: View::constant(size), end: start + size, present }
            };
            let rectangles: Vec<Rectangle> = (0..3)
                .map(|k| {
                    let present = if k == 0 { engine.boolean() } else { Atom::TRUE };
                    let mut size = || 1 + stream.below(2) as Value;
                    let (width, height) = (size(), size());
                    let x = side(&mut engine, present, width);
                    Rectangle { x, y: side(&mut engine, present, height) }
                })
                .collect();
            let before = domains(&engine);
            let views: Vec<View> = before.iter().map(|&(view, ..)| view).collect();
            let declared = Declaration::General(General::NoOverlap2d(
                rectangles.iter().map(|it| (it.x, it.y)).collect(),
            ));
            let mut expected = enumerate(&before, &[declared]);
            expected.sort();
            let parameters =
                RectangleParameters { energy: stream.chance(0.7), cumulative: stream.chance(0.7) };
            post_no_overlap_2d(&mut engine, &rectangles, &parameters);
            assert_eq!(solutions(&mut engine, &views), expected);
        });
    }
}
