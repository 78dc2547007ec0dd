//! Judges of tours: the chosen arcs form one circuit, of some length.
//!
//! What is plain: one arc out and one in, nodes that must be visited reach each other, chosen arcs
//! close only when nothing is left out. The least length, for up to [`EXACT_MAX`] nodes, by the
//! best path through every set of nodes, in O(2ⁿ n²).
//!
//! **Source:** Michael Held, Richard Karp (1962), for the recursion over sets.

use super::general::{exactly_one, linear};
use super::space::{Empty, Space};
use crate::atom::{Atom, Value, View};

/// Most nodes whose tours are tried by sets.
const EXACT_MAX: usize = 13;

/// No path.
const NEVER: Value = Value::MAX / 2;

/// Narrows a space by: the chosen arcs form one circuit.
pub(super) fn narrow_circuit(
    nodes: usize,
    arcs: &[(usize, usize, Atom)],
    space: &mut Space,
) -> Result<(), Empty> {
    for node in 0..nodes {
        let leaves: Vec<Atom> = arcs.iter().filter(|it| it.0 == node).map(|it| it.2).collect();
        let enters: Vec<Atom> = arcs.iter().filter(|it| it.1 == node).map(|it| it.2).collect();
        exactly_one(&leaves, space)?;
        exactly_one(&enters, space)?;
    }
    let possible: Vec<(usize, usize)> = arcs
        .iter()
        .filter(|it| it.0 != it.1 && !space.is_false(it.2))
        .map(|it| (it.0, it.1))
        .collect();
    let reversed: Vec<(usize, usize)> = possible.iter().map(|&(from, to)| (to, from)).collect();
    let chosen: Vec<(usize, usize)> =
        arcs.iter().filter(|it| space.is_true(it.2)).map(|it| (it.0, it.1)).collect();
    let may_stay =
        |node: usize| arcs.iter().any(|it| it.0 == node && it.1 == node && !space.is_false(it.2));
    let must: Vec<usize> = (0..nodes).filter(|&node| !may_stay(node)).collect();
    // All that must be visited lies on one circuit.
    if let Some(&first) = must.first() {
        for arcs in [&possible, &reversed] {
            let reached = reachable(nodes, arcs, first);
            if must.iter().any(|&node| !reached[node]) {
                return Err(Empty);
            }
        }
    }
    // Chosen arcs that close leave nothing out.
    for node in 0..nodes {
        let reached = reachable(nodes, &chosen, node);
        let closes = chosen.iter().any(|&(from, to)| to == node && from != node && reached[from]);
        let leaves_out = must.iter().any(|&other| !reached[other])
            || chosen.iter().any(|&(from, to)| from != to && !reached[from]);
        if closes && leaves_out {
            return Err(Empty);
        }
    }
    Ok(())
}

fn reachable(nodes: usize, arcs: &[(usize, usize)], first: usize) -> Vec<bool> {
    let mut reached = vec![false; nodes];
    reached[first] = true;
    for _ in 0..nodes {
        for &(from, to) in arcs {
            reached[to] |= reached[from];
        }
    }
    reached
}

/// Narrows a space by: the chosen arcs form one circuit of that length.
pub(super) fn narrow_length(
    nodes: usize,
    arcs: &[(usize, usize, Atom, Value)],
    length: View,
    space: &mut Space,
    work: &mut u64,
) -> Result<(), Empty> {
    let plain: Vec<(usize, usize, Atom)> = arcs.iter().map(|it| (it.0, it.1, it.2)).collect();
    narrow_circuit(nodes, &plain, space)?;
    for sign in [1, -1] {
        let mut terms: Vec<(Value, View)> =
            arcs.iter().map(|it| (sign * it.3, it.2.as_view())).collect();
        terms.push((-sign, length));
        linear(&terms, 0, &[], space)?;
    }
    if nodes <= EXACT_MAX {
        *work = work.saturating_sub((1 << nodes) / 100);
        space.admit(length.at_least(shortest(nodes, arcs, space)))?;
    }
    Ok(())
}

/// Length of the shortest circuit of arcs that may be chosen, self-loops included; a trivial bound
/// where no node must be visited.
fn shortest(nodes: usize, arcs: &[(usize, usize, Atom, Value)], space: &Space) -> Value {
    let lengths = possible_lengths(nodes, arcs, space);
    let Some(first) = (0..nodes).find(|&node| lengths[node * nodes + node] == NEVER) else {
        return -NEVER;
    };
    // By set and last node: the best path from the first node through the set.
    let mut best = vec![NEVER; nodes << nodes];
    best[(1 << first) * nodes + first] = 0;
    let mut shortest = NEVER;
    for set in 0..1_usize << nodes {
        let loops: Value = (0..nodes)
            .filter(|&node| set >> node & 1 == 0)
            .map(|node| lengths[node * nodes + node])
            .fold(0, |sum, long| if long == NEVER { NEVER } else { (sum + long).min(NEVER) });
        for last in 0..nodes {
            let path = best[set * nodes + last];
            if path == NEVER {
                continue;
            }
            let back = lengths[last * nodes + first];
            if last != first && loops < NEVER && back < NEVER {
                shortest = shortest.min(path + back + loops);
            }
            for next in (0..nodes).filter(|&next| set >> next & 1 == 0) {
                let step = lengths[last * nodes + next];
                let place = (set | 1 << next) * nodes + next;
                if step < NEVER {
                    best[place] = best[place].min(path + step);
                }
            }
        }
    }
    shortest
}

/// By pair of nodes: length of an arc that may be chosen.
fn possible_lengths(
    nodes: usize,
    arcs: &[(usize, usize, Atom, Value)],
    space: &Space,
) -> Vec<Value> {
    let chosen: Vec<(usize, usize)> =
        arcs.iter().filter(|it| space.is_true(it.2)).map(|it| (it.0, it.1)).collect();
    let mut lengths = vec![NEVER; nodes * nodes];
    for &(from, to, atom, long) in arcs {
        // Nothing else leaves or enters where an arc is chosen.
        let fits = chosen.iter().all(|it| (it.0 == from) == (it.1 == to));
        if fits && !space.is_false(atom) {
            let place = from * nodes + to;
            lengths[place] = lengths[place].min(long);
        }
    }
    lengths
}
