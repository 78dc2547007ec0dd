//! The table of quality: a row per list and recipe, and the lines of runs.
//!
//! **Source:** metrics of the public scheduling benchmarks.

use super::rows::Row;
use anyhow::Result;
use comfy_table::Table;
use std::io::Write;

/// Rows of one list and one recipe.
pub(super) struct Block<'a> {
    pub(super) list: &'a str,
    pub(super) recipe: &'a str,
    pub(super) rows: Vec<&'a Row>,
}

/// Rows by list and recipe, in the order in which they came.
pub(super) fn blocks(rows: &[Row]) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for row in rows {
        let (list, recipe) = (row.case.list.as_str(), row.case.recipe.as_str());
        match blocks.iter_mut().find(|block| (block.list, block.recipe) == (list, recipe)) {
            Some(block) => block.rows.push(row),
            None => blocks.push(Block { list, recipe, rows: vec![row] }),
        }
    }
    blocks
}

/// Prints what the runs have in common, and a row per list and recipe.
pub(super) fn print(rows: &[Row], out: &mut dyn Write) -> Result<()> {
    let Some(last) = rows.last() else {
        writeln!(out, "no run: the file of results is empty")?;
        return Ok(());
    };
    let case = &last.case;
    let mut seeds: Vec<u64> = rows.iter().map(|row| row.case.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let (version, commit, budget) = (&case.version, &case.commit, case.time_s);
    let (workers, seeds) = (case.workers, seeds.join(", "));
    writeln!(out, "ordine {version} {commit}, {budget} s, {workers} workers, seeds {seeds}")?;
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([
        "list",
        "objective",
        "recipe",
        "instances",
        "feasible",
        "proved",
        "best known of",
        "gap to best known %, mean",
        "median",
        "gap to our bound %, mean",
        "median",
        "seeds",
        "budget s",
        "call s, largest",
    ]);
    blocks(rows).iter().for_each(|block| {
        table.add_row(cells(block));
    });
    writeln!(out, "{table}")?;
    Ok(())
}

fn cells(block: &Block<'_>) -> [String; 14] {
    let rows = &block.rows;
    let count = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count().to_string();
    let distinct = |key: &dyn Fn(&Row) -> String| {
        let mut keys: Vec<String> = rows.iter().map(|row| key(row)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    let to_known: Vec<f64> = rows.iter().filter_map(|row| row.gap_to_known()).collect();
    let to_bound: Vec<f64> = rows.iter().filter_map(|row| row.gap_to_bound()).collect();
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |it| format!("{it:.2}"));
    let instance =
        |row: &Row| format!("{}/{} {}", row.case.folder, row.case.path, row.case.variant);
    let call_s = rows.iter().map(|row| row.side.call_s).fold(0.0, f64::max);
    [
        block.list.strip_prefix("all/").unwrap_or(block.list).to_owned(),
        distinct(&|row| row.minimized.clone()).join(" "),
        block.recipe.to_owned(),
        distinct(&instance).len().to_string(),
        count(&|row| row.side.objective.is_some()),
        count(&|row| row.side.has_proved()),
        to_known.len().to_string(),
        shown(mean(&to_known)),
        shown(median(&to_known)),
        shown(mean(&to_bound)),
        shown(median(&to_bound)),
        distinct(&|row| row.case.seed.to_string()).len().to_string(),
        rows.first().map_or(0.0, |row| row.case.time_s).to_string(),
        format!("{call_s:.2}"),
    ]
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        count if count.is_multiple_of(2) => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
        _ => Some(sorted[middle]),
    }
}

/// Prints one run, and what is wrong with it.
pub(super) fn print_row(row: &Row, out: &mut dyn Write) -> Result<()> {
    let number = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let gap = row.gap_to_known().map_or_else(|| "-".to_owned(), |gap| format!("{gap:.2}"));
    let (case, side) = (&row.case, &row.side);
    writeln!(
        out,
        "{:<24} {:<14} {:<10} {:>3} {:>9} >= {:<9} best {:>9} gap {:>6} % {:<10} {:.3} s",
        case.instance,
        case.variant,
        case.recipe,
        case.seed,
        number(side.objective),
        number(side.bound),
        number(case.known.upper),
        gap,
        side.status,
        side.solve_s,
    )?;
    if let Some(trouble) = row.trouble() {
        writeln!(out, "    {trouble}: {}/{}", case.folder, case.path)?;
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::row;
    use super::*;

    #[test]
    fn each_list_has_a_row_with_means_and_medians_over_what_is_known() {
        let rows = [
            row("all/jobshop", 110, 110, Some(100)),
            row("all/rcpsp", 50, 40, None),
            row("all/jobshop", 120, 90, Some(100)),
            row("all/jobshop", 160, 80, Some(100)),
        ];
        let blocks = blocks(&rows);
        assert_eq!(blocks.len(), 2);
        let shown = cells(&blocks[0]);
        let expected = ["jobshop", "makespan", "auto", "1", "3", "1", "3", "30.00", "20.00"];
        assert_eq!(shown[..9], expected);
        assert_eq!(shown[9..11], ["25.00", "25.00"]);
        assert_eq!(cells(&blocks[1])[6..11], ["0", "-", "-", "20.00", "20.00"]);
    }
}
