//! The checks of the reproduction: what was expected, what was found, whether it holds.
//!
//! **Source:** -

use comfy_table::Table;
use statrs::distribution::{ContinuousCDF as _, StudentsT};
use std::fmt;

/// One line per check.
#[derive(Default)]
pub(super) struct Checks(Vec<Check>);

struct Check {
    what: String,
    expected: String,
    found: String,
    holds: bool,
}

impl Checks {
    pub(super) fn add(
        &mut self,
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        holds: bool,
    ) {
        let (what, expected, found) = (what.into(), expected.into(), found.into());
        self.0.push(Check { what, expected, found, holds });
    }

    pub(super) fn table(&self) -> Table {
        let mut table = markdown(["check", "expected", "found", "holds"]);
        for check in &self.0 {
            let holds = if check.holds { "yes" } else { "NO" };
            table.add_row([&check.what, &check.expected, &check.found, holds]);
        }
        table
    }

    pub(super) fn verdict(&self) -> String {
        let held = self.0.iter().filter(|check| check.holds).count();
        format!("{held} of {} checks hold", self.0.len())
    }
}

/// An empty table that prints as Markdown.
pub(super) fn markdown<const N: usize>(head: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(head);
    table
}

/// Mean and half width of its 95 % interval.
#[derive(Clone, Copy)]
pub(super) struct Mean {
    pub(super) mean: f64,
    half_width: f64,
}

impl Mean {
    /// Of independent numbers; a single one has no interval.
    pub(super) fn of(numbers: &[f64]) -> Self {
        let count = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        if numbers.len() < 2 {
            return Mean { mean, half_width: 0.0 };
        }
        let square: f64 = numbers.iter().map(|it| (it - mean).powi(2)).sum();
        let student = StudentsT::new(0.0, 1.0, count - 1.0).expect("two numbers or more");
        let error = (square / (count - 1.0) / count).sqrt();
        Mean { mean, half_width: student.inverse_cdf(0.975) * error }
    }
}

impl fmt::Display for Mean {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = formatter.precision().unwrap_or(2);
        if self.half_width == 0.0 {
            return write!(formatter, "{:.digits$}", self.mean);
        }
        write!(formatter, "{:.digits$} ± {:.digits$}", self.mean, self.half_width)
    }
}

/// Whether a number is within a share of what was expected.
pub(super) fn within(found: f64, expected: f64, share: f64) -> bool {
    (found - expected).abs() <= share * expected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_students() {
        // Three numbers with deviation 1: 4.303 / sqrt 3.
        assert_eq!(Mean::of(&[1.0, 2.0, 3.0]).to_string(), "2.00 ± 2.48");
        assert_eq!(format!("{:.1}", Mean::of(&[2.0])), "2.0");
    }
}
