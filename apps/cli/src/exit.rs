//! How a call ends: exit codes, failures, and the place where failures are printed.
//!
//! **Source:** a broken pipe is no error: ripgrep.

use ordine_wire::{Diagnostics, visible};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// How a call ended, from best to worst: of several inputs the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// A schedule was found, or what was asked for was done.
    Done,
    /// Infeasibility was proved, or the judge found violations.
    Infeasible,
    /// Nothing was found within the budget.
    NothingFound,
    /// The call or the input is wrong.
    BadInput,
    /// Something inside is wrong.
    Inside,
}

impl Exit {
    /// The number that the caller sees.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Inside => 1,
            Exit::BadInput => 2,
            Exit::Infeasible => 3,
            Exit::NothingFound => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The call or the input is wrong; one message per mistake.
    BadInput(Vec<String>),
    /// Something inside is wrong.
    Inside(String),
    /// Whoever read our output has gone away.
    ReaderGone,
}

impl Failure {
    /// A wrong call or input, in one message.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Failure::BadInput(vec![message.into()])
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Failure::BadInput(diagnostics.all().iter().map(ToString::to_string).collect())
    }
}

/// Failures to write to stdout; files have messages of their own.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ReaderGone,
            _ => Failure::bad_input(format!(
                "stdout: expected room for the output, found: {error}; send it elsewhere"
            )),
        }
    }
}

/// Runs `work`; a panic in it becomes a failure.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Failure::Inside("the program met a mistake of its own; please report this".to_owned()))
    })
}

/// Prints a failure and says how the call ends by it.
pub fn report(failure: Failure) -> Exit {
    match failure {
        Failure::BadInput(messages) => {
            messages.iter().for_each(|message| say("error", message));
            Exit::BadInput
        }
        Failure::Inside(message) => {
            say("error", &message);
            Exit::Inside
        }
        Failure::ReaderGone => Exit::Done,
    }
}

/// Prints one message on stderr, on one line whatever names are in it; that nobody may read it is
/// no error.
pub fn say(severity: &str, message: &str) {
    let _ = writeln!(io::stderr().lock(), "{severity}: {}", visible(message));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_1_2_4_3_counts() {
        let codes = |ends: &[Exit]| ends.iter().max().map(|exit| exit.code());
        let all = [Exit::Done, Exit::Infeasible, Exit::NothingFound, Exit::BadInput, Exit::Inside];
        let worst: Vec<_> = (1..=5).map(|count| codes(&all[..count])).collect();
        assert_eq!(worst, [Some(0), Some(3), Some(4), Some(2), Some(1)]);
    }

    #[test]
    fn a_panic_becomes_a_failure() {
        let result: Result<(), Failure> = guarded(|| panic!("a test panics on purpose"));
        assert!(matches!(result, Err(Failure::Inside(_))));
    }
}
