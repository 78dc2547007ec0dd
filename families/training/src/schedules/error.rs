//! What can be wrong with a schedule, its parameters or the norms it is made from.
//!
//! **Source:** -

use thiserror::Error;

/// Why a schedule cannot be built or refined.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ScheduleError {
    /// A parameter outside its range.
    #[error("{name} is {found}: expected {expected}; change {name}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// What was given.
        found: f64,
        /// The range, in words.
        expected: &'static str,
    },
    /// A run without steps, or with more than can be counted exactly.
    #[error("the run has {found} steps: expected 1 to 2^52; give the number of updates")]
    Steps {
        /// What was given.
        found: i64,
    },
    /// A part that leaves nothing of the run.
    #[error(
        "{part} takes {found} of {total} steps: expected fewer than {total}; \
         shorten it or lengthen the run"
    )]
    TooLong {
        /// Which part.
        part: &'static str,
        /// Its steps.
        found: u64,
        /// Steps of the run around it.
        total: u64,
    },
    /// Epochs in a run whose epochs are unknown.
    #[error(
        "{part} is given in epochs: expected a run that says how many steps an epoch has; \
         give steps per epoch, or write steps or percent"
    )]
    NoEpochs {
        /// Which part.
        part: &'static str,
    },
    /// Tokens in a run whose updates take an unknown number of them.
    #[error(
        "{part} is given in tokens: expected a run that says how many tokens a step takes; \
         give tokens per step, or write steps or percent"
    )]
    NoTokens {
        /// Which part.
        part: &'static str,
    },
    /// Lists that do not fit together.
    #[error("{name} has {found} values: expected {expected}; change {name}")]
    Count {
        /// Which list.
        name: &'static str,
        /// Its length.
        found: usize,
        /// What it should be, in words.
        expected: &'static str,
    },
    /// A text that is no schedule.
    #[error("column {column}: expected {expected}, found {found}; {advice}")]
    Text {
        /// Column, from 1.
        column: usize,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
        /// What to change.
        advice: String,
    },
    /// A name that no schedule has.
    #[error("no schedule is called `{found}`: expected one of {expected}; choose one of them")]
    Name {
        /// What was given.
        found: String,
        /// The names there are.
        expected: String,
    },
    /// A norm that is no norm.
    #[error(
        "gradient norm {index} is {found}: expected a number from 0 up; \
         remove the step from the log, or find out why training diverged there"
    )]
    Norm {
        /// Its place in the log, from 0.
        index: usize,
        /// What stands there.
        found: f64,
    },
    /// A log with too little in it.
    #[error("the log has {found} usable norms: expected at least {expected}; record more steps")]
    FewNorms {
        /// Usable norms.
        found: usize,
        /// How many are needed.
        expected: usize,
    },
    /// Norms that are zero for most of the run.
    #[error(
        "{zeros} of {total} gradient norms are zero: expected at most half; the run has collapsed \
         or the log is wrong, so lower the rate, or record unclipped gradients"
    )]
    Collapsed {
        /// Norms that are zero.
        zeros: usize,
        /// All norms.
        total: usize,
    },
    /// A state that does not belong to what it is loaded into.
    #[error("the state has {name} {found}: expected {expected}; load the state of this run")]
    State {
        /// Which part of the state.
        name: &'static str,
        /// What it holds.
        found: f64,
        /// What it may hold, in words.
        expected: &'static str,
    },
}

/// The value, when it lies where it should.
pub(crate) fn within(
    name: &'static str,
    found: f64,
    good: bool,
    expected: &'static str,
) -> Result<f64, ScheduleError> {
    if good && found.is_finite() {
        return Ok(found);
    }
    Err(ScheduleError::Parameter { name, found, expected })
}

/// A number above zero.
pub(crate) fn positive(name: &'static str, found: f64) -> Result<f64, ScheduleError> {
    within(name, found, found > 0.0, "a finite number above 0")
}

/// A number from zero up.
pub(crate) fn not_negative(name: &'static str, found: f64) -> Result<f64, ScheduleError> {
    within(name, found, found >= 0.0, "a finite number from 0 up")
}

/// A share of a whole.
pub(crate) fn share(name: &'static str, found: f64) -> Result<f64, ScheduleError> {
    within(name, found, (0.0..=1.0).contains(&found), "0 to 1")
}
