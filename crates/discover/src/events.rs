//! Events of a run, one JSON line each; nothing in them depends on time or threads.
//!
//! A line `batch` ends what belongs together. What stands after the last of them is dropped when a
//! run goes on, and is made again.
//!
//! **Source:** write-ahead logs: Mohan et al. 1992.

use crate::{DiscoverError, Evaluation, Stage, Verdict};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A candidate that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its number.
    pub number: u64,
    /// Its island; none for all of them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub island: Option<usize>,
    /// How it was made.
    pub operator: String,
    /// Numbers of its parents.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub parents: Vec<u64>,
    /// Its text; canonical when it could be read.
    pub text: String,
    /// What became of it.
    pub verdict: Verdict,
    /// How far it came.
    pub stage: Stage,
    /// Mean loss.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub loss: Option<f64>,
    /// Mean loss per class.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub classes: Vec<f64>,
    /// How it acts in drawn states.
    pub behavior: u64,
    /// How far it acts from the first seed of its signature.
    #[serde(default)]
    pub distance: f64,
    /// Nodes of a rule, lines of a script.
    pub nodes: usize,
    /// Work spent.
    pub work: u64,
    /// Evaluations that it took; 0 for what was not run.
    pub evaluations: u64,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<String>,
}

impl Record {
    pub(crate) fn take(&mut self, evaluation: Evaluation) {
        self.verdict = evaluation.verdict;
        self.stage = evaluation.stage;
        self.loss = evaluation.loss;
        self.classes = evaluation.classes;
        self.work = evaluation.work;
        self.failure = evaluation.failure;
    }
}

/// A call of a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Its number.
    pub number: u64,
    /// Which template asked.
    pub operator: String,
    /// The model.
    pub model: String,
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens of the reply.
    pub completion_tokens: u64,
    /// Tokens of the prompt that were cached.
    pub cached_tokens: u64,
    /// Price in dollars.
    pub dollars: f64,
    /// Candidates in the reply.
    pub candidates: u64,
    /// What was wrong with the reply, where it has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<String>,
    /// What the model says that it learned.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lesson: Option<String>,
}

/// What happens in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A candidate was judged.
    Candidate(Record),
    /// A model was called.
    Call(Call),
    /// A person stepped in.
    Intervention {
        /// Candidate that it is about.
        number: u64,
        /// What was done: accept, veto, add, edit.
        action: String,
        /// Why, or the text that was added.
        words: String,
    },
    /// Instances on which the best does worst came into training.
    CounterExamples {
        /// Their places in the arena.
        places: Vec<usize>,
        /// Number, loss and losses per class of every member, run anew.
        losses: Vec<(u64, f64, Vec<f64>)>,
    },
    /// A batch is complete.
    Batch {
        /// Its number.
        number: u64,
        /// Evaluations so far.
        evaluations: u64,
        /// Least loss so far.
        best: Option<f64>,
    },
    /// The run ended.
    Stop {
        /// Which stop was reached first.
        cause: String,
    },
    /// A finalist on the validation set.
    Finalist {
        /// The candidate.
        number: u64,
        /// Mean gap on training and validation.
        train: f64,
        /// Mean loss on validation.
        validation: f64,
        /// Whether the difference is above three standard errors.
        overfitted: bool,
    },
    /// The test set was read.
    Test {
        /// The candidate.
        number: u64,
        /// Mean loss.
        test: f64,
        /// Mean loss on each shifted set.
        shift: Vec<(String, f64)>,
    },
}

/// The file of events.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens the journal, drops what stands after the last complete batch, and gives the rest.
    ///
    /// # Errors
    /// When the file cannot be read or written, or a line before that is no event.
    pub fn open(path: &Path) -> Result<(Self, Vec<Event>), DiscoverError> {
        let failed = |action| move |source| DiscoverError::file(path, action, source);
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed("cannot be read")(error)),
        };
        let (events, kept) = complete(path, &bytes)?;
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(path);
        let mut file = file.map_err(failed("cannot be written"))?;
        file.set_len(kept as u64).map_err(failed("cannot be cut"))?;
        std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).map_err(failed("seek"))?;
        Ok((Journal { path: path.to_owned(), file }, events))
    }

    /// The events of a stored run up to its last complete batch; the run is left as it is.
    ///
    /// # Errors
    /// When the file cannot be read, or a line before that is no event.
    pub fn stored(path: &Path) -> Result<Vec<Event>, DiscoverError> {
        let bytes = std::fs::read(path);
        let bytes = bytes.map_err(|error| DiscoverError::file(path, "cannot be read", error))?;
        complete(path, &bytes).map(|it| it.0)
    }

    /// Writes events at once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn append(&mut self, events: &[Event]) -> Result<(), DiscoverError> {
        let mut text = String::new();
        for event in events {
            text.push_str(&serde_json::to_string(event).expect("events have no odd keys"));
            text.push('\n');
        }
        let failed = |source| DiscoverError::file(&self.path, "cannot be written", source);
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush()).map_err(failed)
    }
}

/// The events up to the last complete batch, and the bytes of that.
fn complete(path: &Path, bytes: &[u8]) -> Result<(Vec<Event>, usize), DiscoverError> {
    let (mut events, mut pending, mut kept, mut at) = (Vec::new(), Vec::new(), 0, 0);
    for (line, text) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        at += text.len();
        let whole = text.ends_with(b"\n");
        let event = match serde_json::from_slice::<Event>(text) {
            Ok(event) if whole => event,
            // A torn last line is what a kill leaves behind.
            _ if at == bytes.len() => break,
            _ => {
                return Err(DiscoverError::Malformed {
                    path: path.to_owned(),
                    line: line + 1,
                    expected: "an event".to_owned(),
                    found: String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned(),
                });
            }
        };
        let ends = matches!(event, Event::Batch { .. });
        pending.push(event);
        if ends {
            events.append(&mut pending);
            kept = at;
        }
    }
    Ok((events, kept))
}
