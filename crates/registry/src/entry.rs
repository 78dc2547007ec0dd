//! One named thing of the registry.
//!
//! **Source:** the single list of flags and kinds as in ripgrep.

/// Something that has a name: a format, a family, a rule, a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name by which people call it.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Where it was published; `-` when nowhere.
    pub source: &'static str,
}

/// A kind of named things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// File formats.
    Formats,
    /// Families of problems.
    Families,
    /// Ways to solve.
    Recipes,
    /// Dispatching rules.
    Rules,
    /// Decision processes.
    Worlds,
    /// Ways to decide in a world.
    Policies,
    /// What can be minimized.
    Objectives,
    /// Rules that come on top of what a shop file says.
    Variants,
    /// Reproductions and comparisons.
    Benches,
}

impl Kind {
    /// Every kind with the word that the command line uses.
    pub const WORDS: [(Kind, &'static str); 9] = [
        (Kind::Formats, "formats"),
        (Kind::Families, "families"),
        (Kind::Recipes, "recipes"),
        (Kind::Rules, "rules"),
        (Kind::Worlds, "worlds"),
        (Kind::Policies, "policies"),
        (Kind::Objectives, "objectives"),
        (Kind::Variants, "variants"),
        (Kind::Benches, "benches"),
    ];
}
