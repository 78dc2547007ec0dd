//! The table of a sweep, and what in it must not be.
//!
//! **Source:** -

use super::runs::Row;
use comfy_table::Table;
use std::collections::BTreeMap;

/// Most lines of trouble that are printed.
const TROUBLE_MAX: usize = 40;

#[derive(Default)]
struct Sum {
    runs: usize,
    feasible: usize,
    optimal: usize,
    infeasible: usize,
    unknown: usize,
    unexpected: usize,
    errors: usize,
    unchecked: usize,
    contradictions: usize,
    first_max: f64,
    wall_max: f64,
    wall: f64,
}

impl Sum {
    fn add(&mut self, row: &Row) {
        self.runs += 1;
        match row.status.as_str() {
            "feasible" => self.feasible += 1,
            "optimal" => self.optimal += 1,
            "infeasible" => self.infeasible += 1,
            "unknown" => self.unknown += 1,
            _ => self.errors += 1,
        }
        self.unexpected += usize::from(row.status == "unknown" && !row.hard);
        self.unchecked += usize::from(row.objective.is_some() && !row.checked);
        self.contradictions += usize::from(row.contradiction().is_some());
        self.first_max = self.first_max.max(row.first_s.unwrap_or(0.0));
        self.wall_max = self.wall_max.max(row.wall_s);
        self.wall += row.wall_s;
    }

    fn cells(&self, title: &str) -> Vec<String> {
        let counts = [
            self.runs,
            self.feasible,
            self.optimal,
            self.infeasible,
            self.unknown,
            self.unexpected,
            self.errors,
            self.contradictions,
            self.unchecked,
        ];
        let seconds = [self.first_max, self.wall_max].map(|time| format!("{time:.3}"));
        std::iter::once(title.to_owned())
            .chain(counts.map(|count| count.to_string()))
            .chain(seconds)
            .chain([format!("{:.1}", self.wall)])
            .collect()
    }
}

/// One row per folder and variant, and one for all.
pub(super) fn table(rows: &[Row]) -> String {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let mut all = Sum::default();
    for row in rows {
        let title = format!("{} {}", row.folder, row.variant);
        sums.entry(title.trim().to_owned()).or_default().add(row);
        all.add(row);
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([
        "folder",
        "instances",
        "feasible",
        "optimal",
        "infeasible",
        "unknown",
        "of these unexpected",
        "errors",
        "contradictions",
        "unchecked",
        "first s (largest)",
        "wall s (largest)",
        "wall s (sum)",
    ]);
    for (title, sum) in &sums {
        table.add_row(sum.cells(title));
    }
    table.add_row(all.cells("all"));
    table.to_string()
}

/// What must not be, one line each; how many there are stands in the first.
pub(super) fn verdict(rows: &[Row]) -> Vec<String> {
    let trouble = |row: &Row| {
        let place = format!("{}/{} {}", row.folder, row.path, row.variant);
        let unexpected = row.status == "unknown" && !row.hard;
        let unchecked = row.objective.is_some() && !row.checked;
        let what = row.error.clone().or_else(|| row.contradiction());
        let what = what.or_else(|| unexpected.then(|| "no schedule was found".to_owned()));
        let what = what.or_else(|| unchecked.then(|| "the schedule was not checked".to_owned()));
        what.map(|what| format!("{}: {what}", place.trim()))
    };
    let all: Vec<String> = rows.iter().filter_map(trouble).collect();
    if all.is_empty() {
        return all;
    }
    let mut lines = vec![format!("{} of {} runs are not as they must be", all.len(), rows.len())];
    lines.extend(all.iter().take(TROUBLE_MAX).cloned());
    if all.len() > TROUBLE_MAX {
        lines.push(format!("… and {} more", all.len() - TROUBLE_MAX));
    }
    lines
}
