//! Tables and the names of their columns; the documentation of the format lists them too.
//!
//! **Source:** -

/// What a table lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tasks,
    Precedences,
    Resources,
    Setups,
    Calendars,
    Jobs,
    Families,
    Problem,
}

/// What of a job its table says, or the table of tasks.
pub(super) const OF_JOBS: [&str; 5] = ["weight", "release", "due_from", "due", "deadline"];

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Tasks,
        Kind::Precedences,
        Kind::Resources,
        Kind::Setups,
        Kind::Calendars,
        Kind::Jobs,
        Kind::Families,
        Kind::Problem,
    ];

    /// Names of its columns, its own one first.
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Kind::Tasks => &[
                "task",
                "job",
                "duration",
                "resources",
                "predecessors",
                "weight",
                "release",
                "due_from",
                "due",
                "deadline",
                "optional",
                "absence_penalty",
                "family",
                "breaks",
                "released_in_breaks",
                "earliest_start",
                "latest_start",
                "earliest_end",
                "latest_end",
                "stock_changes",
                "status",
                "start",
                "end",
                "remaining",
                "planned_start",
            ],
            Kind::Precedences => &["before", "after", "kind", "lag", "lag_max", "penalty"],
            Kind::Resources => &[
                "resource",
                "kind",
                "capacity",
                "stock_initial",
                "stock_least",
                "stock_most",
                "calendar",
                "setup",
                "initial_family",
                "batching",
                "size_max",
                "price",
                "overuse_penalty",
            ],
            Kind::Setups => &["setup", "from", "to", "time", "cost"],
            Kind::Calendars => &["calendar", "from", "shift", "period"],
            Kind::Jobs => &["job", "weight", "release", "due_from", "due", "deadline"],
            Kind::Families => &["family"],
            Kind::Problem => &["problem", "unit", "origin", "objective", "now"],
        }
    }

    /// Columns that must be there.
    pub(super) fn needed(self) -> &'static [&'static str] {
        match self {
            Kind::Tasks => &["task", "duration"],
            Kind::Precedences => &["before", "after"],
            Kind::Setups => &["setup", "from", "to"],
            Kind::Calendars => &["calendar", "from", "shift"],
            Kind::Resources | Kind::Jobs | Kind::Families | Kind::Problem => &self.columns()[..1],
        }
    }

    /// What it lists, for messages.
    pub(super) fn words(self) -> &'static str {
        match self {
            Kind::Tasks => "tasks",
            Kind::Precedences => "precedences",
            Kind::Resources => "resources",
            Kind::Setups => "setups",
            Kind::Calendars => "calendars",
            Kind::Jobs => "jobs",
            Kind::Families => "families",
            Kind::Problem => "the problem",
        }
    }

    /// That of a header: the kind that knows the most of its names, and among equals that whose
    /// own column is there; `None` when no name is known.
    pub(super) fn of(header: &[String]) -> Option<Kind> {
        let has = |name: &str| header.iter().any(|it| it == name);
        let known = |kind: Kind| kind.columns().iter().filter(|name| has(name)).count();
        let rank = |kind: Kind| (known(kind), has(kind.columns()[0]));
        // The last of equals wins: tasks are asked last.
        let best = Kind::ALL.into_iter().rev().max_by_key(|&kind| rank(kind));
        best.filter(|&kind| known(kind) > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_about_formats_lists_every_column_in_the_row_of_its_table() {
        let page = include_str!("../../../../docs/formats.md");
        let tables = page.split("## CSV").nth(1).expect("a section");
        for kind in Kind::ALL {
            let row = tables.lines().find(|line| line.starts_with(&format!("| {}", kind.words())));
            let row = row.unwrap_or_else(|| panic!("no row of {}", kind.words()));
            for column in kind.columns() {
                assert!(row.contains(&format!("`{column}`")), "{column} of {}", kind.words());
            }
        }
    }
}
