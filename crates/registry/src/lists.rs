//! The lists themselves: what each crate offers, put together.
//!
//! **Source:** -

use crate::{Entry, Kind, WORLDS};
use ordine_problem::Measure;
use ordine_shop::variants::VARIANTS;
use ordine_sim::SimulatedWorld;
use ordine_solve::{RECIPES, REPLAN};
use ordine_wire::Format;
use ordine_world::{NamedPolicy, POLICIES, RULES};

/// A family with the formats that it reads.
#[derive(Clone, Copy)]
pub struct Family {
    /// Its entry.
    pub entry: Entry,
    /// Its formats.
    pub formats: &'static [&'static dyn Format],
}

/// Every family. To add one: one line here.
pub const FAMILIES: [Family; 3] = [
    Family {
        entry: Entry {
            name: "shop",
            summary: "job, flow, open, flexible, hybrid and distributed shops",
            source: "Graham, Lawler, Lenstra, Rinnooy Kan 1979",
        },
        formats: ordine_shop::io::FORMATS,
    },
    Family {
        entry: Entry {
            name: "project",
            summary: "resource-constrained projects: modes, lags between starts, reservoirs",
            source: "Kolisch, Sprecher 1996",
        },
        formats: ordine_project::io::FORMATS,
    },
    Family {
        entry: Entry {
            name: "machines",
            summary: "jobs of one task on a single machine or on parallel ones",
            source: "Graham, Lawler, Lenstra, Rinnooy Kan 1979",
        },
        formats: ordine_machines::io::FORMATS,
    },
];

/// Formats that belong to no family.
static COMMON_FORMATS: &[&dyn Format] = ordine_wire::FORMATS;

/// Every format, in the order of detection.
pub fn formats() -> Vec<&'static dyn Format> {
    let of_families = FAMILIES.iter().flat_map(|family| family.formats.iter().copied());
    COMMON_FORMATS.iter().copied().chain(of_families).collect()
}

/// Name of the family that reads a format; `general` when none does.
pub fn family_of(format: &dyn Format) -> &'static str {
    let name = format.about().name;
    let reads = |family: &&Family| family.formats.iter().any(|it| it.about().name == name);
    FAMILIES.iter().find(reads).map_or("general", |family| family.entry.name)
}

/// All entries of a kind, as `ordine list` prints them.
pub fn entries(kind: Kind) -> Vec<Entry> {
    let rule = |rule: &ordine_world::NamedRule| Entry {
        name: rule.name,
        summary: rule.summary,
        source: rule.source,
    };
    match kind {
        Kind::Formats => formats().into_iter().map(of_format).collect(),
        Kind::Families => FAMILIES.iter().map(|family| family.entry).collect(),
        Kind::Recipes => RECIPES
            .iter()
            .map(|it| Entry { name: it.name, summary: it.summary, source: it.source })
            .collect(),
        Kind::Rules => RULES.iter().map(rule).collect(),
        // Every rule is a policy by adapter.
        Kind::Policies => {
            let made = POLICIES.iter().chain([&REPLAN]).map(of_policy);
            made.chain(RULES.iter().map(rule)).collect()
        }
        Kind::Worlds => {
            let construction = Entry {
                name: "construction",
                summary: "a schedule under construction: task by task, mode by mode",
                source: "Kolisch 1996",
            };
            let simulated = WORLDS.iter().map(|world| of_world(*world));
            std::iter::once(construction).chain(simulated).collect()
        }
        Kind::Objectives => Measure::NAMES
            .iter()
            .map(|&(measure, name)| Entry { name, summary: measure.summary(), source: "-" })
            .collect(),
        Kind::Variants => VARIANTS
            .iter()
            .map(|it| Entry { name: it.name, summary: it.summary, source: it.source })
            .collect(),
        // The benches solve with what is registered, so they stand above and list themselves.
        Kind::Benches => Vec::new(),
    }
}

fn of_policy(policy: &NamedPolicy) -> Entry {
    Entry { name: policy.name, summary: policy.summary, source: policy.source }
}

fn of_world(world: &dyn SimulatedWorld) -> Entry {
    let about = world.about();
    Entry { name: about.name, summary: about.summary, source: about.source }
}

fn of_format(format: &dyn Format) -> Entry {
    let about = format.about();
    Entry { name: about.name, summary: about.summary, source: about.source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_within_each_kind() {
        for (kind, word) in Kind::WORDS {
            let mut names: Vec<&str> = entries(kind).iter().map(|entry| entry.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{word}");
        }
    }
}
