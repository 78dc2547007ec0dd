//! Flexible job shop text with workers, `.fjsw`.
//!
//! First line `jobs machines workers`, optionally followed by the average number of choices (may
//! be a decimal; not used). Then one line per job: the number of operations, per operation the
//! number of machines, per machine `machine workers` and that many pairs `worker duration`.
//! Machines and workers count from 1. Each operation needs one of its machines and one of the
//! workers who can run it there; a worker is at one machine at a time. Every pair of machine and
//! worker is a mode, in the order of the text. A head of three numbers is also that of `fjs` text
//! with an average: the lines decide, and where they fit both, the extension. O(file).
//!
//! **Source:** Hutter, Steinberger, Hellwig 2025 (benchmarking environment FJSSP-W).

use crate::instance::{Choice, Operation, Word};
use crate::io::Writing;
use crate::io::flexible::{Crew, fit, read, rounded};
use ordine_problem::Problem;
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Text};
use std::fmt::Write;

/// The format `fjs-workers`.
#[derive(Clone, Copy, Debug)]
pub struct FjsWorkers;

impl Format for FjsWorkers {
    fn about(&self) -> About {
        About {
            name: "fjs-workers",
            summary: "flexible job shop with workers: per machine of an operation the pairs \
                      `worker duration`, from 1",
            source: "Hutter, Steinberger, Hellwig 2025",
            extensions: &["fjsw"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Crew::MachineAndWorker)
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        read(text, Crew::MachineAndWorker)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        let shop = writing.shop(problem, &[Word::Choices, Word::Workers])?;
        let operations = shop.operations().count();
        let choices: usize = shop.operations().map(|operation| operation.choices.len()).sum();
        let (jobs, average) = (shop.jobs.len(), rounded(choices, operations));
        let mut written = format!("{jobs} {} {} {average}\n", shop.machines, shop.workers);
        for job in &shop.jobs {
            let mut numbers = vec![job.operations.len().to_string()];
            for operation in &job.operations {
                let Some(words) = words_of(operation) else {
                    return Err(writing.no_words("a task that needs no worker"));
                };
                numbers.extend(words);
            }
            writeln!(written, "{}", numbers.join(" ")).expect("a String takes everything");
        }
        Ok(written)
    }
}

/// The numbers of an operation; `None` when a machine runs it alone.
fn words_of(operation: &Operation) -> Option<Vec<String>> {
    let machines: Vec<&[Choice]> =
        operation.choices.chunk_by(|one, other| one.machine == other.machine).collect();
    let mut words = vec![machines.len().to_string()];
    for choices in machines {
        words.push(format!("{} {}", choices[0].machine + 1, choices.len()));
        for choice in choices {
            words.push(format!("{} {}", choice.worker? + 1, choice.duration));
        }
    }
    Some(words)
}
