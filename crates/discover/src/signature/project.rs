//! Priority rules of projects: which activity is placed next by the serial scheme.
//!
//! **Source:** Kolisch 1996; Ðumić, Jakobović 2018 (priority rules by genetic programming).

use super::{Language, Signature};
use ordine_construct::Scheme;
use ordine_rule_language::Field;

/// Serial generation for resource-constrained projects; least makespan.
pub const PROJECT: Signature = Signature {
    name: "project",
    language: Language::Expression,
    task: "Activities of a project need scarce resources and wait for predecessors. One after the \
           other, the eligible activity with the least score is placed as early as it fits. \
           Minimize the makespan.",
    fields: &[
        Field::Duration,
        Field::Start,
        Field::Since,
        Field::LatestStart,
        Field::LatestEnd,
        Field::Work,
        Field::Tasks,
        Field::Rank,
        Field::Left,
        Field::DurationSum,
        Field::DurationMax,
        Field::DurationMin,
        Field::Count,
    ],
    seeds: &[
        ("lft", "latest_end"),
        ("lst", "latest_start"),
        ("minslk", "latest_start - start"),
        ("grpw", "-rank"),
        ("mwkr", "-work"),
        ("mts", "-tasks"),
    ],
    scheme: Scheme::Serial,
};
