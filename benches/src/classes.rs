//! Classes of a library: every folder with each variant and objective that it is published with.
//!
//! A folder that no class names is an error of `ordine bench quality --all`, not a row less.
//!
//! **Source:** the README of each library folder.

use crate::sweep::Variant;
use Variant::{Named, Operators, Plain, Setups};

/// A row of the table of quality, and a list of its own: `all/NAME` and `proofs/NAME`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Class {
    /// Its name: the folder, and what is added to it.
    pub(crate) name: &'static str,
    /// Folder of the library that its instances lie in.
    pub(crate) folder: &'static str,
    /// Folder of the library that it is about, where that holds no instances of its own.
    pub(crate) about: &'static str,
    /// How instances are changed: the first by the first, and so on around.
    pub(crate) variants: &'static [Variant],
    /// What is minimized, where it is not what the file says.
    pub(crate) objective: Option<&'static str>,
    /// Setting of the peer.
    pub(crate) setting: &'static str,
}

/// A class of the files as they are.
const fn plain(name: &'static str) -> Class {
    let variants = &[Plain];
    Class { name, folder: name, about: name, variants, objective: None, setting: "default" }
}

/// A class of changed files.
const fn changed(name: &'static str, folder: &'static str, variants: &'static [Variant]) -> Class {
    Class { name, folder, about: folder, variants, objective: None, setting: "default" }
}

impl Class {
    /// The same with the two strong disjunctive parameters of the peer.
    const fn strong(self) -> Class {
        Class { setting: "strong-disjunctive", ..self }
    }

    const fn about(self, folder: &'static str) -> Class {
        Class { about: folder, ..self }
    }

    const fn minimizing(self, objective: &'static str) -> Class {
        Class { objective: Some(objective), ..self }
    }
}

/// Numbers of operators that shops are published with.
const OPERATORS: [Variant; 7] = [
    Operators(4),
    Operators(5),
    Operators(6),
    Operators(7),
    Operators(8),
    Operators(9),
    Operators(10),
];

/// Every class, by name.
pub(crate) const CLASSES: [Class; 26] = [
    plain("distributed-flowshop"),
    plain("fjsp").strong(),
    plain("fjsp-large").strong(),
    plain("fjsp-workers").strong(),
    plain("flowshop"),
    changed("flowshop-no-wait", "flowshop", &[Named("no-wait")]),
    changed("flowshop-permutation", "flowshop", &[Named("permutation")]),
    changed("flowshop-permutation-flow-time", "flowshop", &[Named("permutation")])
        .minimizing("total-flow-time"),
    plain("flowshop-setup"),
    plain("flowshop-tardiness"),
    plain("hybrid-flowshop"),
    plain("jobshop").strong(),
    changed("jobshop-blocking", "jobshop", &[Named("blocking")]).about("jobshop-blocking"),
    changed("jobshop-blocking-no-swap", "jobshop", &[Named("blocking-no-swap")]),
    plain("jobshop-large").strong(),
    changed("jobshop-no-wait", "jobshop", &[Named("no-wait")]),
    changed("jobshop-operators", "jobshop", &OPERATORS).about("jobshop-operators"),
    changed("jobshop-setup", "jobshop", &[Setups]).about("jobshop-setup"),
    plain("mmrcpsp"),
    plain("openshop"),
    plain("parallel-machines"),
    plain("rcpsp"),
    plain("rcpsp-cpr"),
    plain("rcpsp-max"),
    plain("single-machine-tardiness"),
    changed("single-machine-tardiness-equal-weights", "single-machine-tardiness", &[Plain])
        .minimizing("total-tardiness"),
];

/// The class of this name.
pub(crate) fn class_named(name: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_in_the_order_of_their_names_and_each_name_stands_once() {
        let names = CLASSES.map(|class| class.name);
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
    }
}
