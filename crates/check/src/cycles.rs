//! Which arcs of a directed graph lie on a cycle: those within a strongly connected component.
//!
//! O(nodes + arcs), without recursion, so that long chains are no danger to the stack.
//!
//! **Source:** Sharir 1981 (two searches, the second along reversed arcs).

/// Number of the strongly connected component of each node.
pub(crate) fn components(nodes: usize, arcs: &[(usize, usize)]) -> Vec<usize> {
    let forward = neighbors(nodes, arcs.iter().copied());
    let backward = neighbors(nodes, arcs.iter().map(|&(from, to)| (to, from)));
    let mut component = vec![usize::MAX; nodes];
    for (number, &root) in finished_order(&forward).iter().rev().enumerate() {
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if component[node] == usize::MAX {
                component[node] = number;
                waiting.extend(&backward[node]);
            }
        }
    }
    component
}

fn neighbors(nodes: usize, arcs: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut neighbors = vec![Vec::new(); nodes];
    for (from, to) in arcs {
        neighbors[from].push(to);
    }
    neighbors
}

/// The nodes in the order in which a depth-first search is done with them.
fn finished_order(neighbors: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(neighbors.len());
    let mut seen = vec![false; neighbors.len()];
    for root in 0..neighbors.len() {
        let mut path = vec![(root, 0)];
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        while let Some((node, next)) = path.last_mut() {
            match neighbors[*node].get(*next) {
                Some(&neighbor) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[neighbor], true) {
                        path.push((neighbor, 0));
                    }
                }
                None => {
                    order.push(*node);
                    path.pop();
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_between_two_cycles_is_on_neither() {
        let arcs = [(0, 1), (1, 0), (1, 2), (2, 3), (3, 4), (4, 3)];
        let component = components(5, &arcs);
        let on_cycle = arcs.map(|(from, to)| component[from] == component[to]);
        assert_eq!(on_cycle, [true, true, false, false, true, true]);
    }
}
