//! The library of propagators: one file, one constraint.
//!
//! **Source:** see each module.

mod acyclic;
mod all_different;
mod alternative;
mod bin_packing;
mod bin_packing_load;
mod calendar;
mod cardinality;
mod circuit;
mod circuit_length;
mod clique;
mod conditions;
mod cumulative;
mod cumulative_energy;
mod disjunctive;
mod excess;
mod forbidden;
mod linear;
mod min_max;
mod no_overlap_2d;
mod no_overlap_2d_energy;
mod profile;
mod reservoir;
mod sequence;
mod setup;
mod setup_times;
mod slack;
mod table;
#[cfg(test)]
mod testing;
mod theta_tree;
mod values;

pub use acyclic::{Acyclic, ConditionalArc};
pub use all_different::{AllDifferent, post_all_different};
pub use alternative::{post_alternative, post_span};
pub use bin_packing::{Bin, BinPackingParameters, PackedItem, post_bin_packing};
pub use bin_packing_load::Load;
pub use calendar::{Elapsed, WorkingTime};
pub use cardinality::{AtLeast, post_at_least, post_at_most, post_exactly};
pub use circuit::{Circuit, CircuitArc, post_circuit};
pub use circuit_length::{CircuitLength, post_circuit_length};
pub use clique::Disjoint;
pub use cumulative::{Capacity, Cumulative, Usage};
pub use cumulative_energy::{CumulativeEnergy, EnergyParameters};
pub use disjunctive::{Disjunctive, DisjunctiveParameters};
pub use excess::Excess;
pub use forbidden::Forbidden;
pub use linear::{Linear, post_linear, post_linear_equal};
pub use min_max::{Reach, post_element, post_maximum, post_minimum, post_reach};
pub use no_overlap_2d::{Rectangle, RectangleParameters, post_no_overlap_2d};
pub use no_overlap_2d_energy::RectangleEnergy;
pub use reservoir::{Event, Reservoir};
pub use sequence::{Sequence, SequenceParameters};
pub use setup::Setups;
pub use table::{Table, post_table};
pub use values::ValueAtoms;
