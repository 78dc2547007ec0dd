//! Rules of job shops: which waiting task starts next when a machine falls free.
//!
//! **Source:** Haupt 1989; Branke, Nguyen, Pickardt, Zhang 2016 (rules by genetic programming).

use super::{Language, Signature};
use ordine_construct::Scheme;
use ordine_rule_language::Field;

/// Non-delay dispatching in a shop; least makespan or tardiness.
pub const JOB_SHOP: Signature = Signature {
    name: "job_shop",
    language: Language::Expression,
    task: "Tasks of several jobs wait for machines. Whenever a machine falls free, the waiting \
           task with the least score starts. Minimize the objective of the shop.",
    fields: &[
        Field::Duration,
        Field::Due,
        Field::Weight,
        Field::Release,
        Field::Since,
        Field::Work,
        Field::Tasks,
        Field::LatestStart,
        Field::LatestEnd,
        Field::Now,
        Field::Left,
        Field::DurationSum,
        Field::DurationMax,
        Field::DurationMin,
        Field::Count,
    ],
    seeds: &[
        ("mwkr", "-work"),
        ("mopnr", "-tasks"),
        ("spt", "p"),
        ("lpt", "-p"),
        ("fifo", "since"),
        ("lft", "latest_end"),
    ],
    scheme: Scheme::Parallel,
};
