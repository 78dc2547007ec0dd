//! Whole-sequence rules as scripts: a part of Starlark, so of Python, that cannot do harm.
//!
//! A script defines `assignment(p, d)`, which gives the numbers of the jobs in their order:
//!
//! ```text
//! def assignment(p, d):
//!     return sorted(range(len(p)), key=lambda j: (d[j], p[j]))
//! ```
//!
//! There are `def`, `for`, `if`, `return`, `break`, `continue`, `pass`, assignments, numbers,
//! lists, tuples, comprehensions, slices, and `lambda` as a `key`; no `while`, no imports, no
//! strings, no clock, no entropy, no files. A function calls only those above it, so nothing
//! recurses. `p` and `d` are frozen. Whole numbers reach 2^53. Every node that is evaluated is a
//! tick, and what runs over a list costs its length; ticks, cells and depth are limited without
//! exception.
//! O(ticks) time, 24 bytes a cell.
//!
//! **Source:** Starlark language specification (Bazel project); van Rossum 1995 (Python).

mod builtin;
mod code;
mod lex;
mod parse;
mod run;
mod value;

use code::Code;
use ordine_problem::{Problem, TaskId};
use ordine_world::{Need, SequenceRule, SingleMachine};
use std::fmt::{Display, Formatter};

/// Most bytes of a script.
pub const SCRIPT_BYTES_MAX: usize = 64 << 10;

/// Published rules as scripts.
pub const SCRIPTS: [(&str, &str); 4] = [
    ("mdd", include_str!("../scripts/mdd.star")),
    ("edd", include_str!("../scripts/edd.star")),
    ("eddc", include_str!("../scripts/eddc.star")),
    ("mddc", include_str!("../scripts/mddc.star")),
];

/// A script that was read.
#[derive(Clone, Debug)]
pub struct Script {
    text: String,
    code: Code,
}

/// Why a text is no script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: u32,
    /// What was expected and what was found.
    pub words: String,
    /// Whether it is well formed, but names what is not there.
    pub is_unknown_name: bool,
}

impl Display for ScriptError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.words)
    }
}

impl std::error::Error for ScriptError {}

/// Why a script came to no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptFailure {
    /// It spent more ticks than it may.
    Work,
    /// It went wrong.
    Runtime {
        /// The line, from 1.
        line: u32,
        /// What went wrong.
        words: String,
    },
    /// What it gave is no list of whole numbers.
    NoOrder(String),
}

/// What a script may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptLimits {
    /// Ticks.
    pub ticks: u64,
    /// Bytes of lists and tuples alive at once.
    pub heap_bytes: u64,
    /// Calls within calls.
    pub depth: u32,
}

impl ScriptLimits {
    /// For so many jobs: 50 n² + 10 000 ticks, 16 MiB, 20 calls.
    pub fn for_jobs(jobs: usize) -> Self {
        let square = (jobs as u64).saturating_mul(jobs as u64);
        let ticks = square.saturating_mul(50).saturating_add(10_000);
        ScriptLimits { ticks, heap_bytes: 16 << 20, depth: 20 }
    }
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// The first mistake.
    pub fn read(text: &str) -> Result<Self, ScriptError> {
        let code = parse::parse(text)?;
        Ok(Script { text: text.to_owned(), code })
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines have something in them.
    pub fn lines(&self) -> usize {
        let said = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
        self.text.lines().filter(said).count()
    }

    /// Equal for scripts that differ in layout, comments, names, or code that is never reached.
    pub fn canonical(&self) -> String {
        format!("{:?}", self.code)
    }

    /// What it gives for these durations and due times, and the ticks of that.
    ///
    /// # Errors
    /// When it comes to no list of whole numbers within the limits.
    pub fn run(
        &self,
        durations: &[i64],
        dues: &[i64],
        limits: ScriptLimits,
    ) -> Result<(Vec<i64>, u64), ScriptFailure> {
        run::run(&self.code, durations, dues, limits)
    }
}

impl SequenceRule for Script {
    fn need(&self) -> Need {
        Need::SingleMachine
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let jobs = SingleMachine::of(problem)?;
        let limits = ScriptLimits::for_jobs(jobs.len());
        let (order, _) = self.run(&jobs.durations, &jobs.due, limits).ok()?;
        let mut sequence = Vec::with_capacity(order.len());
        let mut seen = vec![false; jobs.len()];
        for job in order {
            let job = usize::try_from(job).ok().filter(|&job| job < seen.len())?;
            if std::mem::replace(&mut seen[job], true) {
                return None;
            }
            sequence.push(job);
        }
        (sequence.len() == jobs.len()).then(|| jobs.tasks_of(&sequence))
    }
}
