//! Tables of results: a row per list, or per run.
//!
//! Times to proof are geometric means over the runs that both prove, each at least 1 ms. What both
//! do in no time says more about starting than about proving: a second ratio leaves it out.
//!
//! **Source:** metrics of the public scheduling benchmarks: proved counts and geometric means.

use super::rows::{Row, Winner, time_s};
use crate::runs::Side;
use anyhow::Result;
use comfy_table::Table;
use std::io::Write;

/// Seconds from which on a run counts as long.
const LONG_S: f64 = 1.0;

/// Prints a row per list, and one for all of them.
pub(super) fn print(rows: &[Row], out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([
        "list",
        "runs",
        "proved, ours",
        "proved, theirs",
        "by both",
        "mean s, ours",
        "mean s, theirs",
        "ratio",
        "ratio where the slower took 1 s",
        "sum s, ours",
        "sum s, theirs",
        "wins, ours",
        "wins, theirs",
        "failures",
        "contradictions",
    ]);
    let mut lists: Vec<&str> = Vec::new();
    for row in rows {
        if !lists.contains(&row.case.list.as_str()) {
            lists.push(&row.case.list);
        }
    }
    for list in &lists {
        let own: Vec<&Row> = rows.iter().filter(|row| row.case.list == *list).collect();
        table.add_row(cells(list, &own));
    }
    if lists.len() > 1 {
        table.add_row(cells("all", &rows.iter().collect::<Vec<_>>()));
    }
    writeln!(out, "{table}")?;
    Ok(())
}

fn cells(name: &str, rows: &[&Row]) -> [String; 15] {
    let count = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count().to_string();
    let both: Vec<&&Row> = rows.iter().filter(|row| row.is_proved_by_both()).collect();
    let times: Vec<(f64, f64)> =
        both.iter().map(|row| (time_s(&row.ours), time_s(&row.theirs))).collect();
    let long: Vec<(f64, f64)> =
        times.iter().copied().filter(|(ours, theirs)| ours.max(*theirs) >= LONG_S).collect();
    let (ours, theirs): (Vec<f64>, Vec<f64>) = times.iter().copied().unzip();
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |it| format!("{it:.3}"));
    let sum = |times: &[f64]| (!times.is_empty()).then(|| times.iter().sum());
    let means = (geometric_mean(&ours), geometric_mean(&theirs));
    let ratio = |times: &[(f64, f64)]| {
        let ratios: Vec<f64> = times.iter().map(|(ours, theirs)| theirs / ours).collect();
        geometric_mean(&ratios).map_or("-".to_owned(), |ratio| format!("{ratio:.2}"))
    };
    [
        name.to_owned(),
        rows.len().to_string(),
        count(&|row| row.ours.has_proved()),
        count(&|row| row.theirs.has_proved()),
        both.len().to_string(),
        shown(means.0),
        shown(means.1),
        ratio(&times),
        ratio(&long),
        shown(sum(&ours)),
        shown(sum(&theirs)),
        count(&|row| row.winner() == Winner::Ours),
        count(&|row| row.winner() == Winner::Theirs),
        count(&|row| !row.failures().is_empty()),
        count(&|row| !row.contradictions().is_empty()),
    ]
}

/// The geometric mean; none of nothing.
fn geometric_mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().map(|value| value.ln()).sum();
    (!values.is_empty()).then(|| (sum / values.len() as f64).exp())
}

/// Prints what the lines of runs hold.
pub(super) fn print_head(out: &mut dyn Write) -> Result<()> {
    let side = |who| format!("{:<40}", format!("{who}: cost >= bound, status, time"));
    let (ours, theirs) = (side("ours"), side("theirs"));
    writeln!(out, "{:<18} | {ours} | {theirs} | ratio", "instance, seed")?;
    Ok(())
}

/// Prints one run, and what is wrong with it.
pub(super) fn print_row(row: &Row, out: &mut dyn Write) -> Result<()> {
    let number = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let side = |side: &Side| {
        let (cost, bound) = (number(side.objective), number(side.bound));
        format!("{cost:>7} >= {bound:<7} {:<10} {:>8.3} s", side.status, side.solve_s)
    };
    let ratio = time_s(&row.theirs) / time_s(&row.ours);
    let ratio = match row.is_proved_by_both() {
        true => format!("{ratio:8.2}"),
        false => "       -".to_owned(),
    };
    let (name, seed) = (&row.case.instance, row.case.seed);
    let (ours, theirs) = (side(&row.ours), side(&row.theirs));
    writeln!(out, "{name:<14} {seed:>3} | {ours} | {theirs} | {ratio}")?;
    for line in row.failures() {
        writeln!(out, "    FAILED: {line}")?;
    }
    for line in row.contradictions() {
        writeln!(out, "    CONTRADICTION: {line}")?;
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::{row, side};
    use super::*;

    #[test]
    fn means_and_ratios_are_over_what_both_prove() {
        let proved = |solve_s| side("optimal", 930, 930, solve_s);
        let rows = [
            row(proved(1.0), proved(4.0)),
            row(proved(4.0), proved(16.0)),
            row(proved(0.02), proved(0.02)),
            row(proved(0.5), side("feasible", 930, 900, 60.0)),
        ];
        let cells = cells("jobshop-ft", &rows.iter().collect::<Vec<_>>());
        let expected = ["4", "4", "3", "3", "0.431", "1.086", "2.52", "4.00", "5.020", "20.020"];
        assert_eq!(cells[1..11], expected);
    }
}
