//! The log of a run: what happened when, in words, for people and for replay.
//!
//! Two runs are the same when their logs are, line by line. A log that is off costs one comparison
//! per event.
//!
//! **Source:** -

use ordine_base::Time;
use std::fmt;

/// What happened in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventLog {
    lines: Option<Vec<LogLine>>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub time: Time,
    /// What.
    pub words: String,
}

impl EventLog {
    /// A log that forgets everything: that of forks.
    pub const fn off() -> Self {
        EventLog { lines: None }
    }

    /// A log that keeps everything, or one that is off.
    pub fn kept(is_on: bool) -> Self {
        EventLog { lines: is_on.then(Vec::new) }
    }

    /// Whether anything is kept.
    pub fn is_on(&self) -> bool {
        self.lines.is_some()
    }

    /// Notes an event: `log.note(now, format_args!("job {job} arrives"))`.
    #[inline]
    pub fn note(&mut self, time: Time, words: fmt::Arguments<'_>) {
        if let Some(lines) = &mut self.lines {
            lines.push(LogLine { time, words: words.to_string() });
        }
    }

    /// The lines so far; none when it is off.
    pub fn lines(&self) -> &[LogLine] {
        self.lines.as_deref().unwrap_or_default()
    }
}

impl fmt::Display for LogLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\t{}", self.time, self.words)
    }
}
