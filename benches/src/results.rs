//! Results on disk: JSON lines, appended as they come, so that a bench can resume.
//!
//! **Source:** -

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// A file of results with what it holds already.
pub struct Results<T> {
    file: File,
    /// Results of earlier calls and of this one.
    pub rows: Vec<T>,
}

impl<T: Serialize + DeserializeOwned> Results<T> {
    /// Opens or creates the file and reads what it holds; a torn last line is cut off.
    ///
    /// # Errors
    /// When the file cannot be opened or created.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        // The next row would be glued to a line without its end.
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        if whole < bytes.len() {
            file.set_len(whole as u64)?;
        }
        let text = String::from_utf8_lossy(&bytes[..whole]);
        let lines = text.lines();
        let rows = lines.map_while(|line| serde_json::from_str(line).ok()).collect();
        Ok(Results { file, rows })
    }

    /// Adds a result, on disk at once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&mut self, row: T) -> Result<()> {
        let mut line = serde_json::to_string(&row)?;
        line.push('\n');
        self.file.write_all(line.as_bytes())?;
        self.rows.push(row);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_costs_its_own_row_and_no_later_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("results.jsonl");
        std::fs::write(&path, "1\n2\n\"to").expect("written");
        let mut results: Results<u64> = Results::open(&path).expect("opened");
        assert_eq!(results.rows, [1, 2]);
        results.add(3).expect("added");
        assert_eq!(Results::<u64>::open(&path).expect("opened").rows, [1, 2, 3]);
    }
}
