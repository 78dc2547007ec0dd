//! Flexible job shop text, `.fjs`.
//!
//! First line `jobs machines`, optionally followed by the average number of machines per
//! operation (may be a decimal; not used). Then one line per job: the number of operations, and
//! per operation the number of choices and that many pairs `machine duration`. Machines count
//! from 1. With a head of two numbers the lines of a few small shops also read as `jsplib` text:
//! then the extension decides, and without one `jsplib` is taken. O(file).
//!
//! **Source:** Brandimarte 1993; Hurink, Jurisch, Thole 1994 (same text).

use crate::instance::{Choice, Word};
use crate::io::Writing;
use crate::io::flexible::{Crew, fit, read, rounded};
use ordine_problem::Problem;
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Text};
use std::fmt::Write;

/// The format `fjs`.
#[derive(Clone, Copy, Debug)]
pub struct Fjs;

impl Format for Fjs {
    fn about(&self) -> About {
        About {
            name: "fjs",
            summary: "flexible job shop: per operation the choices `machine duration`, from 1",
            source: "Brandimarte 1993",
            extensions: &["fjs"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Crew::Machine)
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        read(text, Crew::Machine)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let shop = Writing::of(self).shop(problem, &[Word::Choices])?;
        let operations = shop.operations().count();
        let choices: usize = shop.operations().map(|operation| operation.choices.len()).sum();
        let average = rounded(choices, operations);
        let mut written = format!("{} {} {average}\n", shop.jobs.len(), shop.machines);
        for job in &shop.jobs {
            let mut numbers = vec![job.operations.len().to_string()];
            for operation in &job.operations {
                numbers.push(operation.choices.len().to_string());
                let pair = |it: &Choice| format!("{} {}", it.machine + 1, it.duration);
                numbers.extend(operation.choices.iter().map(pair));
            }
            writeln!(written, "{}", numbers.join(" ")).expect("a String takes everything");
        }
        Ok(written)
    }
}
