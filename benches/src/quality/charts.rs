//! Charts of the bench of quality: box plots that compare recipes or lists, histograms of gaps.
//!
//! Gaps to best known where every run has one, else to our own bound; the axis says which.
//!
//! **Source:** -

use super::rows::Row;
use super::table::blocks;
use anyhow::{Context as _, Result, bail};
use ordine_chart::{Axis, Boxes, Chart, FileKind, Histogram, Sample, Theme};
use std::path::{Path, PathBuf};

/// Options of the charts.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Charts {
    /// Draw box plots of the gaps into this file (.svg, .png, .html, .txt): a box per recipe where
    /// there are several, else per list
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// Draw a histogram of the gaps into this file
    #[arg(long, value_name = "FILE")]
    histogram: Option<PathBuf>,
    /// Colors of the charts: auto, light or dark
    #[arg(long, default_value = "light", value_name = "NAME")]
    theme: String,
}

impl Charts {
    /// Refuses files and colors that there are none of, before anything is run.
    ///
    /// # Errors
    /// With what was expected.
    pub(super) fn check(&self) -> Result<()> {
        self.colors()?;
        let mut files = [&self.chart, &self.histogram].into_iter().flatten();
        files.try_for_each(|path| kind(path).map(|_| ()))
    }

    fn colors(&self) -> Result<Theme> {
        let names = Theme::ALL.map(Theme::name).join(", ");
        let found = Theme::named(&self.theme);
        found.with_context(|| format!("--theme: expected one of {names}, found {}", self.theme))
    }

    /// Writes what was asked for.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(super) fn write(&self, rows: &[Row]) -> Result<()> {
        let theme = self.colors()?;
        let (title, subtitle) = (title(rows), subtitle(rows));
        let (axis, samples) = samples(rows);
        if let Some(path) = &self.chart {
            let (title, subtitle) = (title.clone(), subtitle.clone());
            let boxes = Boxes { title, subtitle, axis: axis.clone(), samples: samples.clone() };
            write(path, Chart::Boxes(&boxes), theme)?;
        }
        if let Some(path) = &self.histogram {
            let histogram = Histogram { title, subtitle, axis, samples };
            write(path, Chart::Histogram(&histogram), theme)?;
        }
        Ok(())
    }
}

fn write(path: &Path, chart: Chart<'_>, theme: Theme) -> Result<()> {
    let bytes = chart.file(kind(path)?, theme);
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn kind(path: &Path) -> Result<FileKind> {
    let found = path.extension().unwrap_or_default().to_string_lossy();
    let Some(kind) = FileKind::of_extension(&found) else {
        bail!(
            "{}: expected a file that ends with .svg, .png, .html or .txt, found `.{found}`",
            path.display()
        );
    };
    Ok(kind)
}

fn title(rows: &[Row]) -> String {
    let mut lists: Vec<&str> = blocks(rows).iter().map(|block| block.list).collect();
    lists.dedup();
    match lists[..] {
        [one] => one.to_owned(),
        _ => format!("{} lists", lists.len()),
    }
}

fn subtitle(rows: &[Row]) -> String {
    let Some(last) = rows.last() else { return String::new() };
    let case = &last.case;
    format!("{} runs, {} s each, {} workers", rows.len(), case.time_s, case.workers)
}

/// A sample per recipe, or per list where one recipe ran.
fn samples(rows: &[Row]) -> (Axis, Vec<Sample>) {
    let with_schedule = || rows.iter().filter(|row| row.side.objective.is_some());
    let known = with_schedule().all(|row| row.gap_to_known().is_some());
    let axis = Axis::from_zero(match known {
        true => "gap to best known, %",
        false => "gap to our bound, %",
    });
    let gap = |row: &Row| if known { row.gap_to_known() } else { row.gap_to_bound() };
    let several = rows.iter().any(|row| row.case.recipe != rows[0].case.recipe);
    let mut samples: Vec<Sample> = Vec::new();
    for block in blocks(rows) {
        let name = if several { block.recipe } else { block.list };
        let name = name.strip_prefix("all/").unwrap_or(name);
        let values = block.rows.iter().filter_map(|row| gap(row));
        match samples.iter_mut().find(|sample| sample.name == name) {
            Some(sample) => sample.values.extend(values),
            None => samples.push(Sample { name: name.to_owned(), values: values.collect() }),
        }
    }
    (axis, samples)
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::row;
    use super::*;

    #[test]
    fn recipes_are_compared_where_there_are_several_and_lists_otherwise() {
        let mut rows =
            [row("all/jobshop", 110, 110, Some(100)), row("all/rcpsp", 50, 40, Some(40))];
        let (axis, lists) = samples(&rows);
        assert_eq!(axis.name, "gap to best known, %");
        let names: Vec<&str> = lists.iter().map(|sample| sample.name.as_str()).collect();
        assert_eq!(names, ["jobshop", "rcpsp"]);
        rows[1].case.recipe = "rule:spt".to_owned();
        rows[1].case.known.upper = None;
        let (axis, recipes) = samples(&rows);
        assert_eq!(axis.name, "gap to our bound, %");
        assert_eq!(recipes[1], Sample { name: "rule:spt".to_owned(), values: vec![20.0] });
    }
}
