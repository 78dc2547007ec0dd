//! What can go wrong in a run of discovery.
//!
//! **Source:** -

use std::path::PathBuf;

/// Why a run did not go on.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// A file that could not be read or written.
    #[error("{path}: {action}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that is not what it should be.
    #[error("{path}, line {line}: expected {expected}, found {found}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What belongs there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A folder of another run.
    #[error("{path}: expected a run with the same settings, found {found}; choose another folder")]
    OtherRun {
        /// The file of settings.
        path: PathBuf,
        /// What differs.
        found: String,
    },
    /// Settings that make no run.
    #[error("{0}")]
    Settings(String),
    /// A schedule better than the best there is: either the evaluator is wrong or it was cheated.
    #[error(
        "instance {instance}: a candidate reached {found}, below the proven bound {bound}; the run \
         stops, the candidate is in quarantine: {text}"
    )]
    BelowBound {
        /// The instance.
        instance: String,
        /// Its proven bound.
        bound: i64,
        /// What the evaluator measured.
        found: i64,
        /// The candidate.
        text: String,
    },
    /// A proposer that could not go on.
    #[error("{0}")]
    Proposer(String),
}

impl DiscoverError {
    /// A failure of the system on a file.
    pub fn file(path: &std::path::Path, action: &'static str, source: std::io::Error) -> Self {
        DiscoverError::File { path: path.to_owned(), action, source }
    }
}
