//! Instances of the convex suite and of digits: CSV with a column per feature, the target last.
//!
//! **Source:** `load_digits` of scikit-learn, the test part of UCI's optical digits (64 pixels of
//! 0 to 16, then the digit, no head)

use crate::schedules::Samples;
use ordine_wire::{DIAGNOSTICS_MAX, Diagnostic, Diagnostics, Text, quote};

/// Reads rows of numbers, the last one the target; a first line of words is a head.
///
/// # Errors
/// Every line of other length or with a word, up to a limit; a file without rows.
pub fn read_samples(name: &str, bytes: &[u8]) -> Result<Samples, Diagnostics> {
    let text = Text::new(name, bytes)?;
    let mut wrong: Vec<Diagnostic> = Vec::new();
    let mut samples = Samples::default();
    let is_head = |line: &str| line.split(',').all(|cell| cell.trim().parse::<f64>().is_err());
    let lines = text.lines().filter(|line| !line.content.trim().is_empty());
    let rows = lines.enumerate().filter(|(row, line)| *row > 0 || !is_head(line.content));
    for (_, line) in rows {
        let cells = line.content.split(',').map(|cell| cell.trim().parse::<f64>());
        let good: Option<Vec<f64>> = cells.map(|it| it.ok().filter(|it| it.is_finite())).collect();
        let width = samples.features + 1;
        let fits = |row: &Vec<f64>| row.len() > 1 && (samples.is_empty() || row.len() == width);
        if let Some(row) = good.filter(fits) {
            samples.push(&row);
        } else if wrong.len() < DIAGNOSTICS_MAX {
            let expected = match samples.is_empty() {
                true => "at least 2 numbers".to_owned(),
                false => format!("{width} numbers, as in the lines before"),
            };
            let found = Diagnostic::of_file(name, expected, quote(line.content), "correct it");
            wrong.push(found.at_line(line.number));
        }
    }
    let mut wrong = wrong.into_iter();
    if let Some(first) = wrong.next() {
        return Err(Diagnostics::from(first).with(wrong));
    }
    if samples.is_empty() {
        let hint = "give a file with one sample per line";
        return Err(Diagnostic::of_file(name, "rows of numbers", "none", hint).into());
    }
    Ok(samples)
}
