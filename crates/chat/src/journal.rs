//! An append-only journal of finished calls; a torn last line is dropped.
//!
//! **Source:** -

use crate::{ChatError, Usage};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A finished call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What the call was for; unique.
    pub identity: String,
    /// Hash of the request.
    pub request: String,
    /// `answered`, `refused`, `truncated`, `empty` or `failed`.
    pub outcome: String,
    /// What it used.
    pub usage: Usage,
    /// Dollars.
    pub dollars: f64,
}

/// The file.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens a journal and gives what is in it.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds something else.
    pub fn open(path: &Path) -> Result<(Self, Vec<Entry>), ChatError> {
        let failed = |words: String| ChatError::File { path: path.display().to_string(), words };
        let text = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(error.to_string())),
        };
        let (mut entries, mut kept) = (Vec::new(), 0);
        for (line, bytes) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            match serde_json::from_slice::<Entry>(bytes) {
                Ok(entry) if bytes.ends_with(b"\n") => entries.push(entry),
                _ if kept + bytes.len() == text.len() => break,
                _ => return Err(failed(format!("line {}: expected a finished call", line + 1))),
            }
            kept += bytes.len();
        }
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(path);
        let mut file = opened.map_err(|error| failed(error.to_string()))?;
        let cut = file.set_len(kept as u64).and_then(|()| file.seek(SeekFrom::End(0)));
        cut.map_err(|error| failed(error.to_string()))?;
        Ok((Journal { path: path.to_owned(), file }, entries))
    }

    /// Writes a call; it counts when this returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn append(&mut self, entry: &Entry) -> Result<(), ChatError> {
        let line = serde_json::to_string(entry).expect("an entry has no odd keys") + "\n";
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|error| ChatError::File {
            path: self.path.display().to_string(),
            words: error.to_string(),
        })
    }
}
