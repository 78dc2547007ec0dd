//! What is known of an instance in a variant, from the tables of the library.
//!
//! The tables differ: separators, names of columns, further columns that select a row. A row
//! without a file, or a file without a row, is no error.
//!
//! **Source:** the tables of the instance library; their own sources stand in their rows.

use super::runs::Variant;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What is known of an instance.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Best known lower bound.
    pub(crate) lower: Option<i64>,
    /// Best known cost.
    pub(crate) upper: Option<i64>,
    /// Whether it is known to have no schedule.
    pub(crate) infeasible: bool,
}

/// The tables that a folder refers to: rows by (table, selection, instance in lower case).
#[derive(Debug, Default)]
pub(crate) struct KnownTable {
    rows: BTreeMap<(String, String, String), Known>,
    own: String,
}

impl KnownTable {
    /// The table of a folder and those of its variants.
    ///
    /// # Errors
    /// When a table exists and cannot be read.
    pub(crate) fn of_folder(library: &Path, folder: &str) -> Result<Self> {
        let mut table = KnownTable { rows: BTreeMap::new(), own: folder.to_owned() };
        if folder == "jobshop-large" {
            table.own = "jobshop".to_owned();
        }
        let own = table.own.clone();
        table.read(library, &own)?;
        if folder == "jobshop" {
            table.read(library, "jobshop-blocking")?;
            table.read(library, "jobshop-operators")?;
        }
        for jobs in [40, 50] {
            table.read_values(library, folder, &format!("wt{jobs}"), &format!("wtopt{jobs}.txt"));
        }
        Ok(table)
    }

    /// Optimal values of the instances of one text, in their order.
    fn read_values(&mut self, library: &Path, folder: &str, text: &str, values: &str) {
        let Ok(values) = std::fs::read_to_string(library.join(folder).join(values)) else { return };
        for (place, value) in values.split_whitespace().enumerate() {
            let value = value.parse().ok();
            let known = Known { lower: value, upper: value, infeasible: false };
            let key = (folder.to_owned(), text.to_owned(), (place + 1).to_string());
            self.rows.insert(key, known);
        }
    }

    fn read(&mut self, library: &Path, folder: &str) -> Result<()> {
        let path = library.join(folder).join("bks.csv");
        let Ok(text) = std::fs::read_to_string(&path) else { return Ok(()) };
        let first = text.lines().next().unwrap_or_default();
        let separator = if first.contains(';') { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
        let header = reader.headers()?.clone();
        let column = |names: &[&str]| {
            let is = |title: &str| names.iter().any(|name| title.eq_ignore_ascii_case(name));
            header.iter().position(is)
        };
        let instance = column(&["file"]).or(column(&["instance"]));
        let (lower, upper) = (column(&["lb"]), column(&["ub", "best_known"]));
        let status = column(&["status"]);
        let selection = column(&["objective"]).or(column(&["operators"])).or(column(&["set"]));
        for row in reader.records() {
            let row = row.with_context(|| format!("cannot read {}", path.display()))?;
            let field = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or("").trim();
            let number = |at| field(at).parse::<f64>().ok().map(|number| number.round() as i64);
            let known = Known {
                lower: number(lower),
                upper: number(upper),
                infeasible: field(status) == "infeasible",
            };
            let (name, selection) = (plain_name(field(instance)), field(selection));
            // Some names repeat table, set and selection: `jobshop-operators_la01-4opers`.
            let name = name.strip_prefix(&format!("{folder}_")).unwrap_or(&name);
            let name = name.strip_prefix("taillard_").unwrap_or(name);
            let name = name.strip_suffix(&format!("-{selection}opers")).unwrap_or(name);
            self.rows.insert((folder.to_owned(), selection.to_owned(), name.to_owned()), known);
        }
        Ok(())
    }

    /// What is known of the instance at `path` of the folder, called `name`, in a variant, with
    /// the objective of its file or with another one.
    pub(crate) fn of(
        &self,
        path: &str,
        name: &str,
        variant: Variant,
        objective: Option<&str>,
    ) -> Known {
        let archive = path.split(['.', '#']).next().unwrap_or_default().to_owned();
        let own = self.own.as_str();
        let (table, selections) = match (variant, objective) {
            // Plain flow shops leave the machines free to run jobs in different orders.
            (Variant::Plain, None) => {
                (own, vec![String::new(), archive, "non-permutation makespan".to_owned()])
            }
            (Variant::Named("permutation"), None) => (own, vec!["permutation makespan".to_owned()]),
            (Variant::Named("permutation"), Some("total-flow-time")) => {
                (own, vec!["permutation total completion time".to_owned()])
            }
            (Variant::Named("no-wait"), None) => (own, vec!["no-wait makespan".to_owned()]),
            (Variant::Named("blocking"), None) => ("jobshop-blocking", vec![String::new()]),
            (Variant::Operators(count), None) => ("jobshop-operators", vec![count.to_string()]),
            _ => return Known::default(),
        };
        let names = [plain_name(path), plain_name(name)];
        let keys = selections.iter().flat_map(|selection| {
            names.iter().map(|name| (table.to_owned(), selection.clone(), name.clone()))
        });
        let found = keys.into_iter().find_map(|key| self.rows.get(&key)).copied();
        found.unwrap_or_default()
    }
}

/// The name without folder, extension and capitals.
fn plain_name(path: &str) -> String {
    let name = path.rsplit('#').next().unwrap_or(path);
    let (folder, name) = name.rsplit_once('/').map_or(("", name), |(folder, name)| (folder, name));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // Files of one name in several folders are told apart by the folder.
    let folder = folder.rsplit('/').next().unwrap_or_default();
    match ["sdata", "edata", "rdata", "vdata"].contains(&folder) {
        true => format!("{folder}/{stem}").to_lowercase(),
        false => stem.to_lowercase(),
    }
}
