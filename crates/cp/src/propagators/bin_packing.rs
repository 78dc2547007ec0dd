//! Multi-dimensional bin packing: items into bins, loads within capacities.
//!
//! An item is in exactly one bin while it is present. For each bin and dimension the load is the
//! sum of the sizes inside (a linear equation, and the gaps of `bin_packing_load`); over all bins
//! the loads add up to the sizes. A bin that holds something is used.
//!
//! A *dual feasible function* f turns sizes that fit a capacity C into sizes that fit f(C). Where
//! it proves that more bins are needed than the sizes themselves say, its image becomes one more
//! dimension: with α ≤ C / 2, sizes above C − α count C and those below α nothing.
//!
//! **Source:** Paul Shaw, *A constraint for bin packing* (CP 2004); Silvano Martello, Paolo Toth,
//! *Lower bounds and reduction procedures for the bin packing problem* (1990), bound L2; Sándor
//! Fekete, Jörg Schepers, *New classes of fast lower bounds for bin packing problems* (2001).

use super::bin_packing_load::Load;
use super::cardinality::{post_at_least, post_at_most};
use super::linear::{post_linear, post_linear_equal};
use crate::atom::{Atom, Value, View};
use crate::engine::Engine;

/// Which reasoning runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinPackingParameters {
    /// Gaps between the loads that subsets of items reach.
    pub gaps: bool,
    /// One more dimension from the best dual feasible function.
    pub dual_feasible: bool,
}

impl Default for BinPackingParameters {
    fn default() -> Self {
        BinPackingParameters { gaps: true, dual_feasible: true }
    }
}

/// An item of a bin packing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedItem {
    /// Size by dimension, not below zero.
    pub sizes: Vec<Value>,
    /// Whether it is packed at all.
    pub present: Atom,
    /// By bin: whether it is there.
    pub bins: Vec<Atom>,
}

/// A bin of a bin packing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bin {
    /// Load by dimension; its upper bound is the capacity.
    pub loads: Vec<View>,
    /// Holds if anything is inside.
    pub used: Atom,
}

/// Posts a bin packing.
///
/// # Panics
/// When the numbers of dimensions or bins differ, or a size is below zero.
pub fn post_bin_packing(
    engine: &mut Engine,
    items: &[PackedItem],
    bins: &[Bin],
    parameters: &BinPackingParameters,
) {
    let dimensions = bins.first().map_or(0, |bin| bin.loads.len());
    assert!(bins.iter().all(|bin| bin.loads.len() == dimensions), "a load for each dimension");
    for item in items {
        assert_eq!(item.sizes.len(), dimensions, "a size for each dimension");
        assert_eq!(item.bins.len(), bins.len(), "an atom for each bin");
        post_at_most(engine, 1, &item.bins, Atom::TRUE);
        post_at_least(engine, 1, &item.bins, item.present);
        for (&inside, bin) in item.bins.iter().zip(bins) {
            engine.post_clause(&[!inside, item.present]);
            engine.post_clause(&[!inside, bin.used]);
        }
    }
    for dimension in 0..dimensions {
        let sizes: Vec<Value> = items.iter().map(|item| item.sizes[dimension]).collect();
        let loads: Vec<View> = bins.iter().map(|bin| bin.loads[dimension]).collect();
        post_dimension(engine, items, bins, (&sizes, &loads), parameters.gaps);
        let capacity = loads.iter().map(|&load| engine.trail.upper(load)).max().unwrap_or(0);
        let image = parameters.dual_feasible.then(|| best_image(&sizes, capacity)).flatten();
        if let Some(sizes) = image {
            let loads: Vec<View> = bins.iter().map(|_| engine.variable(0, capacity)).collect();
            post_dimension(engine, items, bins, (&sizes, &loads), false);
        }
    }
}

fn post_dimension(
    engine: &mut Engine,
    items: &[PackedItem],
    bins: &[Bin],
    (sizes, loads): (&[Value], &[View]),
    gaps: bool,
) {
    for (number, bin) in bins.iter().enumerate() {
        let load = loads[number];
        let inside: Vec<(Value, Atom)> =
            sizes.iter().zip(items).map(|(&size, item)| (size, item.bins[number])).collect();
        let mut terms: Vec<(Value, View)> =
            inside.iter().map(|&(size, atom)| (size, atom.as_view())).collect();
        terms.push((-1, load));
        post_linear_equal(engine, &terms, 0, Atom::TRUE);
        if gaps {
            engine.post(Box::new(Load::new(&inside, load)));
        }
        if bin.used != Atom::TRUE {
            let capacity = engine.trail.upper(load);
            post_linear(engine, &[(1, load), (-capacity, bin.used.as_view())], 0, Atom::TRUE);
        }
    }
    let mut terms: Vec<(Value, View)> = loads.iter().map(|&load| (1, load)).collect();
    terms.extend(sizes.iter().zip(items).map(|(&size, item)| (-size, item.present.as_view())));
    post_linear_equal(engine, &terms, 0, Atom::TRUE);
    // In capacities of used bins, which the loads alone do not add up to.
    let capacities = bins
        .iter()
        .zip(loads)
        .map(|(bin, &load)| (-engine.trail.upper(load).max(0), bin.used.as_view()));
    let mut terms: Vec<(Value, View)> = capacities.collect();
    terms.extend(sizes.iter().zip(items).map(|(&size, item)| (size, item.present.as_view())));
    post_linear(engine, &terms, 0, Atom::TRUE);
}

/// The sizes as the dual feasible function sees them that needs most bins, if more than they do.
fn best_image(sizes: &[Value], capacity: Value) -> Option<Vec<Value>> {
    if capacity <= 0 || sizes.iter().any(|&size| size > capacity) {
        return None;
    }
    let bins = |sizes: &[Value]| {
        let sum: i128 = sizes.iter().map(|&size| i128::from(size)).sum();
        (sum + i128::from(capacity) - 1) / i128::from(capacity)
    };
    let image = |threshold: Value| -> Vec<Value> {
        let of_size = |&size: &Value| match size {
            _ if size > capacity - threshold => capacity,
            _ if size >= threshold => size,
            _ => 0,
        };
        sizes.iter().map(of_size).collect()
    };
    let mut thresholds: Vec<Value> = sizes
        .iter()
        .flat_map(|&size| [size, capacity - size + 1])
        .filter(|&threshold| 0 < threshold && 2 * threshold <= capacity)
        .collect();
    thresholds.sort_unstable();
    thresholds.dedup();
    let best = thresholds.into_iter().map(image).max_by_key(|sizes| bins(sizes))?;
    (bins(&best) > bins(sizes)).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::{for_seeds, solutions};

    /// Items into bins by trying all: the assignments, bin of each item, `bins` for absent.
    fn packings(
        sizes: &[Vec<Value>],
        capacities: &[Vec<Value>],
        optional: bool,
    ) -> Vec<Vec<usize>> {
        let choices = capacities.len() + usize::from(optional);
        let mut found = Vec::new();
        for number in 0..choices.pow(sizes.len() as u32) {
            let bins: Vec<usize> =
                (0..sizes.len()).map(|it| number / choices.pow(it as u32) % choices).collect();
            let fits = capacities.iter().enumerate().all(|(bin, capacity)| {
                (0..capacity.len()).all(|dimension| {
                    let inside = (0..sizes.len()).filter(|&item| bins[item] == bin);
                    inside.map(|item| sizes[item][dimension]).sum::<Value>() <= capacity[dimension]
                })
            });
            if fits {
                found.push(bins);
            }
        }
        found.sort();
        found
    }

    #[test]
    fn learning_finds_every_packing() {
        for_seeds(80, |stream| {
            let mut engine = Engine::default();
            let optional = stream.chance(0.3);
            let sizes: Vec<Vec<Value>> =
                (0..4).map(|_| (0..2).map(|_| stream.below(6) as Value).collect()).collect();
            let capacities: Vec<Vec<Value>> =
                (0..3).map(|_| (0..2).map(|_| 3 + stream.below(6) as Value).collect()).collect();
            let items: Vec<PackedItem> = sizes
                .iter()
                .map(|sizes| PackedItem {
                    sizes: sizes.clone(),
                    present: if optional { engine.boolean() } else { Atom::TRUE },
                    bins: (0..3).map(|_| engine.boolean()).collect(),
                })
                .collect();
            let bins: Vec<Bin> = capacities
                .iter()
                .map(|capacity| Bin {
                    loads: capacity.iter().map(|&it| engine.variable(0, it)).collect(),
                    used: engine.boolean(),
                })
                .collect();
            let mut views = Vec::new();
            for item in &items {
                views.extend(item.bins.iter().map(|atom| atom.as_view()));
            }
            let parameters = BinPackingParameters {
                gaps: stream.chance(0.5),
                dual_feasible: stream.chance(0.5),
            };
            for bin in &bins {
                engine.post_fact(bin.used);
            }
            post_bin_packing(&mut engine, &items, &bins, &parameters);
            let bin_of = |row: &[Value]| row.iter().position(|&it| it == 1).unwrap_or(3);
            let mut found: Vec<Vec<usize>> = solutions(&mut engine, &views)
                .iter()
                .map(|row| row.chunks(3).map(bin_of).collect())
                .collect();
            found.sort();
            assert_eq!(found, packings(&sizes, &capacities, optional));
        });
    }

    #[test]
    fn dual_feasible_function_needs_a_bin_for_each_large_item() {
        // 28 would fit three bins of 10; but a size above 5 shares its bin with none of these.
        let sizes = [6, 6, 6, 5, 5];
        let image = best_image(&sizes, 10).expect("four bins instead of three");
        assert_eq!(image, [10, 10, 10, 5, 5]);
        assert_eq!(best_image(&[5, 5, 5], 10), None);
    }
}
