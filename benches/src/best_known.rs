//! Best-known bounds of a library folder: its `bks.csv`.
//!
//! Rows are found by the `file` column where there is one, else by the instance name. A row
//! without a file, or a file without a row, is no error.
//!
//! **Source:** the tables of the instance library; their own sources stand in their rows.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

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
    /// Reads `folder/bks.csv`; an empty table when the folder has none.
    ///
    /// # Errors
    /// When the table exists and cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Self> {
        let path = folder.join("bks.csv");
        if !path.exists() {
            return Ok(BestKnown::default());
        }
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
