//! Best-known bounds of a library folder: its `bks.csv`.
//!
//! Rows are found by the `file` column where there is one, else by the instance name. A row
//! without a file, or a file without a row, is no error.
//!
//! **Source:** the tables of the instance library; their own sources stand in their rows.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is known of an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Best known lower bound.
    pub lower: Option<i64>,
    /// Best known cost.
    pub upper: Option<i64>,
}

/// All rows of one table.
#[derive(Clone, Debug, Default)]
pub struct BestKnown {
    rows: BTreeMap<String, Known>,
}

impl BestKnown {
    /// Reads `folder/bks.csv`; where it is missing, the table of the folder whose name the name
    /// of this one extends (`jobshop` for `jobshop-large`); an empty one where none is.
    ///
    /// # Errors
    /// When the table exists and cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Self> {
        let Some(path) = table_of(folder) else { return Ok(BestKnown::default()) };
        let mut reader = csv::Reader::from_path(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let header = reader.headers()?.clone();
        let column = |name: &str| header.iter().position(|title| title == name);
        let (file, instance) = (column("file"), column("instance"));
        let (lower, upper) = (column("lb"), column("ub").or_else(|| column("best_known")));
        let mut rows = BTreeMap::new();
        for row in reader.records() {
            let row = row.with_context(|| format!("cannot read {}", path.display()))?;
            let field = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or("");
            let number = |at| field(at).parse().ok();
            let known = Known { lower: number(lower), upper: number(upper) };
            let key = if file.is_some() { field(file) } else { field(instance) };
            rows.insert(key.to_owned(), known);
        }
        Ok(BestKnown { rows })
    }

    /// What is known of the instance at `path` (relative to the folder) of this `name`.
    pub fn of(&self, path: &str, name: &str) -> Known {
        self.rows.get(path).or_else(|| self.rows.get(name)).copied().unwrap_or_default()
    }
}

fn table_of(folder: &Path) -> Option<PathBuf> {
    let name = folder.file_name()?.to_str()?;
    let shorter = name.match_indices('-').map(|(at, _)| &name[..at]).rev();
    let folders = std::iter::once(name).chain(shorter).map(|name| folder.with_file_name(name));
    folders.map(|folder| folder.join("bks.csv")).find(|path| path.exists())
}
