//! New jobs of a change file: the problem is written, the new items are added, and it is read.
//!
//! So whatever a problem file can say, a change file can; mistakes are told at their places in the
//! change file. O(size of the problem).
//!
//! **Source:** -

use super::records::{NewJob, Record, place_of};
use crate::diagnostic::{Diagnostic, Diagnostics, Report, quote};
use crate::json::Place;
use crate::problem_json::{TimeScale, read_problem, write_problem};
use crate::text::Text;
use ordine_problem::Problem;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// A line of the merged text that comes from the change file.
struct Origin<'t> {
    line: u32,
    raw: &'t RawValue,
}

/// The problem with all new jobs; `None` when there are none.
///
/// # Errors
/// Those of reading the new items, at their places.
pub(super) fn with_new_jobs(
    text: &Text<'_>,
    problem: &Problem,
    scale: &TimeScale,
    records: &[(Place, Record<'_>)],
) -> Result<Option<Problem>, Diagnostics> {
    let jobs = records.iter().filter_map(|(place, record)| match record {
        Record::NewJob(job) => Some((*place, job)),
        _ => None,
    });
    let new: Vec<(Place, &NewJob<'_>)> = jobs.collect();
    let Some(&(first, _)) = new.first() else { return Ok(None) };
    let (merged, origins) = merge(problem, scale, &new);
    let read = Text::new(text.name(), merged.as_bytes())
        .map_err(Diagnostics::from)
        .and_then(|merged| read_problem(&merged));
    match read {
        Ok((problem, _)) => Ok(Some(problem)),
        Err(diagnostics) => {
            let mut report = Report::new(text);
            taken_names(text, problem, &new, &mut report);
            if !report.is_clean() {
                return Err(report.fail());
            }
            for diagnostic in diagnostics.all() {
                report.add(at_home(text, diagnostic.clone(), &origins, first));
            }
            Err(report.fail())
        }
    }
}

/// Names of new jobs and tasks that old ones bear: what refers to those by name is lost.
fn taken_names(
    text: &Text<'_>,
    problem: &Problem,
    new: &[(Place, &NewJob<'_>)],
    report: &mut Report<'_>,
) {
    let jobs: BTreeSet<&str> = problem.jobs().map(|job| &*problem.job(job).name).collect();
    let tasks: BTreeSet<&str> = problem.tasks().map(|task| &*problem.task(task).name).collect();
    let named = |raw: &RawValue| -> Option<String> {
        let item: Value = serde_json::from_str(raw.get()).ok()?;
        item.get("name")?.as_str().map(str::to_owned)
    };
    for (_, job) in new {
        for (items, taken, what) in [(&job.jobs, &jobs, "job"), (&job.tasks, &tasks, "task")] {
            for raw in items.iter() {
                let Some(name) = named(raw).filter(|name| taken.contains(&**name)) else {
                    continue;
                };
                let place = place_of(text, raw);
                let expected = format!("a new {what} with a name of its own");
                let found = format!("{}, which a {what} of the problem bears", quote(&name));
                let hint = "give it another name";
                let mistake = Diagnostic::of_file(text.name(), expected, found, hint);
                report.add(mistake.at(place.line, place.column));
            }
        }
    }
}

/// The written problem with the new items at the ends of their lists, one item per line.
fn merge<'t>(
    problem: &Problem,
    scale: &TimeScale,
    new: &[(Place, &NewJob<'t>)],
) -> (String, Vec<Origin<'t>>) {
    let written = write_problem(problem, scale);
    let written: Value = serde_json::from_str(&written).expect("what is written is JSON");
    let Value::Object(mut fields) = written else { unreachable!("a problem is an object") };
    for key in ["jobs", "tasks", "precedences"] {
        fields.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    }
    let (mut out, mut line, mut origins) = ("{".to_owned(), 1, Vec::new());
    for (position, (key, value)) in fields.iter().enumerate() {
        let comma = if position == 0 { "" } else { "," };
        out.push_str(&format!("{comma}\"{key}\":"));
        let Value::Array(old) = value else {
            out.push_str(&value.to_string());
            continue;
        };
        out.push('[');
        let added = |job: &NewJob<'t>| match key.as_str() {
            "jobs" => job.jobs.clone(),
            "tasks" => job.tasks.clone(),
            "precedences" => job.precedences.clone(),
            _ => Vec::new(),
        };
        let added: Vec<&'t RawValue> = new.iter().flat_map(|(_, job)| added(job)).collect();
        let old = old.iter().map(|item| (item.to_string(), None));
        // JSON has line feeds between its words only.
        let of_raw = |raw: &&'t RawValue| (raw.get().replace(['\n', '\r'], " "), Some(*raw));
        for (place, (item, raw)) in old.chain(added.iter().map(of_raw)).enumerate() {
            out.push_str(if place == 0 { "\n" } else { ",\n" });
            line += 1;
            origins.extend(raw.map(|raw| Origin { line, raw }));
            out.push_str(&item);
        }
        out.push(']');
    }
    out.push('}');
    (out, origins)
}

/// A mistake of the merged text, at its place in the change file.
fn at_home(
    text: &Text<'_>,
    diagnostic: Diagnostic,
    origins: &[Origin<'_>],
    otherwise: Place,
) -> Diagnostic {
    let line = diagnostic.line.unwrap_or(0);
    let Some(origin) = origins.iter().find(|origin| origin.line == line) else {
        return diagnostic.at(otherwise.line, otherwise.column);
    };
    let start = place_of(text, origin.raw);
    let offset = diagnostic.column.unwrap_or(1).saturating_sub(1) as usize;
    let passed = &origin.raw.get().as_bytes()[..offset.min(origin.raw.get().len())];
    let lines = passed.iter().filter(|&&byte| byte == b'\n').count() as u32;
    let column = match passed.iter().rposition(|&byte| byte == b'\n') {
        Some(end) => (passed.len() - end) as u32,
        None => start.column + passed.len() as u32,
    };
    diagnostic.at(start.line + lines, column)
}
