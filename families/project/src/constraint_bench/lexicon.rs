//! How constraints are said: one phrase per kind and rendering, read and written by the same table.
//!
//! A phrase is a text with places `{}`. Writing fills them, reading finds them again: the last
//! place takes all that is left, so that no phrase has two readings.
//!
//! **Source:** ours.

use serde::{Deserialize, Serialize};

/// How an instance is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rendering {
    /// Tables.
    Table,
    /// Sentences.
    Sentences,
    /// The move of a data center.
    Story,
}

impl Rendering {
    /// All of them.
    pub const ALL: [Rendering; 3] = [Rendering::Table, Rendering::Sentences, Rendering::Story];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Rendering::Table => "table",
            Rendering::Sentences => "sentences",
            Rendering::Story => "story",
        }
    }

    pub(super) const fn lexicon(self) -> &'static Lexicon {
        match self {
            Rendering::Table => &TABLE,
            Rendering::Sentences => &SENTENCES,
            Rendering::Story => &STORY,
        }
    }
}

/// The phrases of a rendering.
#[derive(Debug)]
pub(super) struct Lexicon {
    /// Name, unit, horizon.
    pub(super) head: &'static str,
    /// Lines before resources, tasks, precedences and pairs.
    pub(super) titles: [&'static str; 4],
    /// Resource, capacity.
    pub(super) resource: &'static str,
    /// Resource, from, to.
    pub(super) down: &'static str,
    /// Task, duration, release, deadline, needs.
    pub(super) task: &'static str,
    /// Demand, resource; empty where every demand is listed in order, zeros included.
    pub(super) need: &'static str,
    /// Between two needs.
    pub(super) and: &'static str,
    /// Task, task.
    pub(super) before: &'static str,
    /// Task, task.
    pub(super) apart: &'static str,
}

pub(super) const NOTHING: &str = "nothing";

static TABLE: Lexicon = Lexicon {
    head: "Instance {}. Time unit: {}. Horizon: {}.",
    titles: [
        "| resource | capacity |, then | resource down | from | to |",
        "| task | duration | release | deadline | demand of each resource in order |",
        "first task -> second task (the first ends before the second starts)",
        "task / task (never at the same time)",
    ],
    resource: "| R{} | {} |",
    down: "| R{} down | {} | {} |",
    task: "| {} | {} | {} | {} | {} |",
    need: "",
    and: " | ",
    before: "{} -> {}",
    apart: "{} / {}",
};

static SENTENCES: Lexicon = Lexicon {
    head: "This is instance {}. One unit of time is one {}, and everything ends by {}.",
    titles: ["Resources.", "Tasks.", "Order of tasks.", "Tasks that must not overlap."],
    resource: "Resource {} has a capacity of {}.",
    down: "Resource {} is down from {} to {}.",
    task: "Task {} lasts {}, starts at {} or later, ends at {} or earlier and needs {}.",
    need: "{} of resource {}",
    and: " and ",
    before: "Task {} must end before task {} starts.",
    apart: "Tasks {} and {} must never overlap.",
};

static STORY: Lexicon = Lexicon {
    head: "We move our data center under plan {}. We count in units of one {}; all is done by {}.",
    titles: [
        "Who and what is there, and when not:",
        "What has to be done:",
        "What has to wait for what:",
        "What shares a power feed or a cage, or is a replica of another:",
    ],
    resource: "Of crew {} there are {}.",
    down: "Crew {} is not available from {} to {}.",
    task: "Item {} takes {}, only between {} and {}, and keeps busy {}.",
    need: "{} of crew {}",
    and: " and ",
    before: "Item {} must finish before item {} begins.",
    apart: "Items {} and {} not at the same time.",
};

/// Fills the places of a phrase.
pub(super) fn fill(phrase: &str, fields: &[&str]) -> String {
    let mut parts = phrase.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, field) in parts.zip(fields) {
        text.push_str(field);
        text.push_str(part);
    }
    text
}

/// What stands in the places of a phrase.
pub(super) fn fields<'t>(phrase: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let parts: Vec<&str> = phrase.split("{}").collect();
    let (first, rest) = parts.split_first()?;
    let mut text = text.strip_prefix(first)?;
    let mut found = Vec::new();
    for (index, part) in rest.iter().enumerate() {
        if index + 1 == rest.len() {
            found.push(text.strip_suffix(part)?);
            break;
        }
        let end = text.find(part)?;
        found.push(&text[..end]);
        text = &text[end + part.len()..];
    }
    Some(found)
}
