//! PSPLIB project text: `.sm` (one mode) and `.mm` (several modes).
//!
//! Sections with titles: a head with the numbers of activities ("jobs", source and sink included)
//! and resources, `PRECEDENCE RELATIONS`, `REQUESTS/DURATIONS`, `RESOURCEAVAILABILITIES`. Titles
//! are compared by their letters alone, in whatever case, so that the loose spelling of MMLIB
//! (`RESOURCE AVAILABILITIES`) reads as well; lines of stars or dashes separate. `horizon`, due
//! date and tardiness cost are informational and dropped, `rel.date` releases the project. Doubly
//! constrained resources are refused. O(file).
//!
//! **Source:** Kolisch, Sprecher 1996 (PSPLIB); Van Peteghem, Vanhoucke 2014 (MMLIB).

mod reader;
mod writer;

use super::raise_saying;
use ordine_problem::{Feature, FeatureSet, Problem};
use ordine_wire::{About, Diagnostic, Diagnostics, Fit, Format, FormatError, Text, quote};

/// The format `psplib`.
#[derive(Clone, Copy, Debug)]
pub struct Psplib;

/// What it can say.
const SAYS: FeatureSet = FeatureSet::of(&[
    Feature::SeveralModes,
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Renewables,
    Feature::Consumables,
    Feature::Branching,
    Feature::Releases,
]);

/// Titles that only this format has, as letters.
const MARKS: [&str; 3] = ["precedencerelations", "requestsdurations", "resourceavailabilities"];

/// Letters in which the lines of the head may begin.
const HEAD_MARKS: [&str; 2] = ["filewithbasedata", "jobsinclsupersourcesink"];

impl Format for Psplib {
    fn about(&self) -> About {
        About {
            name: "psplib",
            summary: "project with one mode (.sm) or several (.mm), renewables and nonrenewables",
            source: "Kolisch, Sprecher 1996 (PSPLIB)",
            extensions: &["sm", "mm"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let is_mark = |content: &str| {
            let letters = letters(content);
            MARKS.contains(&letters.as_str())
                || HEAD_MARKS.iter().any(|mark| letters.starts_with(mark))
        };
        let mut lines = text.lines().filter(|line| !line.content.trim().is_empty());
        if lines.clone().take(ordine_wire::DETECTION_LINES).any(|line| is_mark(line.content)) {
            return Fit::Marked;
        }
        let expected = "titles such as `PRECEDENCE RELATIONS:`";
        let first = lines.next();
        let found = first.map_or("nothing".to_owned(), |line| quote(line.content));
        let diagnostic = Diagnostic::of_file(text.name(), expected, found, "");
        Fit::No(diagnostic.at_line(first.map_or(1, |line| line.number)))
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        reader::read(text)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        Ok(writer::write(&raise_saying(self, problem, SAYS)?))
    }
}

/// The letters of a line in front of any colon, lower case.
fn letters(content: &str) -> String {
    let title = content.split(':').next().unwrap_or(content);
    let letters = title.chars().take(200).filter(char::is_ascii_alphabetic);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
