//! Results on disk: JSON lines, appended as they come, so that a bench can resume.
//!
//! **Source:** -

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

/// A file of results with what it holds already.
pub struct Results<T> {
    file: File,
    /// Results of earlier calls and of this one.
    pub rows: Vec<T>,
}

impl<T: Serialize + DeserializeOwned> Results<T> {
    /// Opens or creates the file and reads what it holds; a torn last line is dropped.
    ///
    /// # Errors
    /// When the file cannot be opened or created.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let mut rows = Vec::new();
        if let Ok(file) = File::open(path) {
            for line in BufReader::new(file).lines() {
                match serde_json::from_str(&line?) {
                    Ok(row) => rows.push(row),
                    Err(_) => break,
                }
            }
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
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
