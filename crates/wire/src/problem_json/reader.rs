//! Reads `ordine/problem/1`.
//!
//! **Source:** -

use super::{PROBLEM_FORMAT, TimeScale, wire};
use crate::diagnostic::{Diagnostic, Diagnostics, Report, quote};
use crate::json::{Place, Placed, items, parse};
use crate::text::Text;
use jiff::Timestamp;
use jiff::civil::DateTime;
use ordine_base::{Demand, Id, Ticks, Time};
use ordine_problem::{
    Job, JobId, Objective, Precedence, Problem, ProblemBuilder, ProblemError, ResourceId, TaskId,
};
use std::collections::BTreeMap;
use std::str::FromStr;

/// Reads a problem and the meaning of its times.
///
/// # Errors
/// All mistakes that could be found, with the lines of the items that hold them.
pub fn read_problem(text: &Text<'_>) -> Result<(Problem, TimeScale), Diagnostics> {
    let file: wire::File<'_> = parse(text, PROBLEM_FORMAT)?;
    let mut report = Report::new(text);
    let lists = Lists {
        jobs: items(text, &file.jobs, &mut report),
        resources: items(text, &file.resources, &mut report),
        tasks: items(text, &file.tasks, &mut report),
        precedences: items(text, &file.precedences, &mut report),
    };
    if !report.is_clean() {
        return Err(report.fail());
    }
    let name = file.name.filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| text.instance().to_owned());
    let mut building = Building {
        file: text.name(),
        report,
        builder: ProblemBuilder::new(name),
        jobs: names(lists.jobs.iter().map(|job| job.item.name.as_ref())),
        resources: names(lists.resources.iter().map(|resource| resource.item.name.as_ref())),
        tasks: names(lists.tasks.iter().map(|task| task.item.name.as_ref())),
    };
    building.lists(&lists);
    if let Some(objective) = file.objective {
        building.objective(text, &objective);
    }
    if let Some(origin) = &file.origin {
        building.origin(text, origin);
    }
    let scale = TimeScale { unit: file.unit, origin: file.origin };
    Ok((building.seal(&lists)?, scale))
}

struct Lists<'t> {
    jobs: Vec<Placed<wire::Job<'t>>>,
    resources: Vec<Placed<wire::Resource<'t>>>,
    tasks: Vec<Placed<wire::Task<'t>>>,
    precedences: Vec<Placed<wire::Precedence<'t>>>,
}

/// Number of the thing that alone bears a name; `None` where several bear it.
type Names<'l> = (BTreeMap<&'l str, Option<usize>>, usize);

fn names<'l>(all: impl ExactSizeIterator<Item = &'l str>) -> Names<'l> {
    let count = all.len();
    let mut numbers = BTreeMap::new();
    for (number, name) in all.enumerate() {
        numbers.entry(name).and_modify(|it| *it = None).or_insert(Some(number));
    }
    (numbers, count)
}

struct Building<'l> {
    file: &'l str,
    report: Report<'l>,
    builder: ProblemBuilder,
    jobs: Names<'l>,
    resources: Names<'l>,
    tasks: Names<'l>,
}

impl Building<'_> {
    fn lists(&mut self, lists: &Lists<'_>) {
        for Placed { place, item } in &lists.jobs {
            let job = Job {
                due_from: None,
                name: item.name.clone().into_owned(),
                weight: item.weight,
                release: Time::new(item.release),
                due: item.due.map(Time::new),
                deadline: item.deadline.map(Time::new),
            };
            let added = self.builder.job(job).map(|_| ());
            self.note(*place, added);
        }
        for Placed { place, item } in &lists.resources {
            self.resource(*place, item);
        }
        for Placed { place, item } in &lists.tasks {
            // After a mistake the numbers of later tasks would be wrong: only mistakes count then.
            if self.task(*place, item).is_none() && self.report.is_full() {
                return;
            }
        }
        if self.report.is_clean() {
            for Placed { place, item } in &lists.precedences {
                self.precedence(*place, item);
            }
        }
    }

    fn resource(&mut self, place: Place, item: &wire::Resource<'_>) {
        let name = item.name.clone().into_owned();
        let added = match (item.kind, item.capacity) {
            (wire::Kind::Machine, None) => {
                self.builder.machine(name);
                Ok(())
            }
            (wire::Kind::Renewable, Some(capacity)) => {
                self.builder.renewable(name, Demand::new(capacity)).map(|_| ())
            }
            (wire::Kind::Consumable, Some(capacity)) => {
                self.builder.consumable(name, Demand::new(capacity)).map(|_| ())
            }
            (kind, capacity) => {
                let expected = match kind {
                    wire::Kind::Machine => "no capacity of a machine",
                    _ => "a capacity",
                };
                let found = capacity.map_or("none".to_owned(), |capacity| capacity.to_string());
                let hint = "machines have capacity one, the other kinds state theirs";
                return self.mistake(place, expected, found, hint);
            }
        };
        self.note(place, added);
    }

    fn task(&mut self, place: Place, item: &wire::Task<'_>) -> Option<()> {
        let job = match &item.job {
            None => None,
            Some(job) => Some(JobId::from_index(self.find(place, "a job", job, Of::Jobs)?)),
        };
        let task = match self.builder.task(item.name.clone(), job) {
            Ok(task) => task,
            Err(error) => return self.note(place, Err(error)),
        };
        for mode in &item.modes {
            let mut needs = Vec::with_capacity(mode.requirements.len());
            for need in &mode.requirements {
                let found = self.find(place, "a resource", &need.resource, Of::Resources)?;
                needs.push((ResourceId::from_index(found), Demand::new(need.demand)));
            }
            let added = self.builder.mode(task, Ticks::new(mode.duration), &needs);
            self.note(place, added)?;
        }
        Some(())
    }

    fn precedence(&mut self, place: Place, item: &wire::Precedence<'_>) -> Option<()> {
        let before = self.find(place, "a task", &item.before, Of::Tasks)?;
        let after = self.find(place, "a task", &item.after, Of::Tasks)?;
        let (before, after) = (TaskId::from_index(before), TaskId::from_index(after));
        let precedence = Precedence::end_to_start(before, after)
            .with_kind(item.kind.into())
            .with_lag(Ticks::new(item.lag));
        let added = self.builder.precedence(precedence).map(|_| ());
        self.note(place, added)
    }

    fn find(
        &mut self,
        place: Place,
        what: &str,
        reference: &wire::Reference<'_>,
        of: Of,
    ) -> Option<usize> {
        let (numbers, count) = match of {
            Of::Jobs => &self.jobs,
            Of::Resources => &self.resources,
            Of::Tasks => &self.tasks,
        };
        let (found, hint) = match reference {
            wire::Reference::Number(number) => {
                match usize::try_from(*number).ok().filter(|number| number < count) {
                    Some(number) => return Some(number),
                    None => (format!("number {number} of {count}"), "count from 0"),
                }
            }
            wire::Reference::Name(name) => match numbers.get(name.as_ref()) {
                Some(Some(number)) => return Some(*number),
                Some(None) => {
                    (format!("{}, which several bear", quote(name)), "refer to it by its number")
                }
                None => (quote(name), "add it to its list, or correct the name"),
            },
        };
        self.mistake(place, &format!("{what} of the file"), found, hint);
        None
    }

    fn objective(&mut self, text: &Text<'_>, objective: &str) {
        match objective.parse::<Objective>() {
            Ok(objective) => self.builder.objective(objective),
            Err(error) => {
                let place = line_of(text, "\"objective\"");
                let expected = "an objective such as `makespan` or `total-tardiness,makespan`";
                let hint = "use the names of measures that --objective takes";
                self.report.line(place, expected, quote(&error.found), hint);
            }
        }
    }

    fn origin(&mut self, text: &Text<'_>, origin: &str) {
        let is_known = Timestamp::from_str(origin).is_ok() || DateTime::from_str(origin).is_ok();
        if !is_known {
            let expected = "a date and time of ISO 8601 such as `2026-01-05T06:00:00+01:00`";
            let hint = "correct the origin, or leave it out";
            self.report.line(line_of(text, "\"origin\""), expected, quote(origin), hint);
        }
    }

    fn mistake(&mut self, place: Place, expected: &str, found: String, hint: &str) {
        let diagnostic = Diagnostic::of_file(self.file, expected, found, hint);
        self.report.add(diagnostic.at(place.line, place.column));
    }

    /// Reports what the builder refuses; `None` then.
    fn note(&mut self, place: Place, added: Result<(), ProblemError>) -> Option<()> {
        let error = added.err();
        if let Some(error) = &error {
            let (found, hint) = halves(error, "correct this item");
            self.mistake(place, "a valid problem", found, &hint);
        }
        error.is_none().then_some(())
    }

    fn seal(mut self, lists: &Lists<'_>) -> Result<Problem, Diagnostics> {
        if !self.report.is_clean() {
            return Err(self.report.fail());
        }
        let error = match self.builder.seal() {
            Ok(problem) => return Ok(problem),
            Err(error) => error,
        };
        let task = |name: &str| {
            let task = lists.tasks.iter().find(|task| task.item.name == name);
            task.map(|task| task.place)
        };
        let place = match &error {
            ProblemError::Cycle { tasks } => tasks.first().and_then(|name| task(name)),
            ProblemError::NoMode { task: name } => task(name),
            ProblemError::ImpossibleDemand { task: name, .. } => task(name),
            _ => None,
        };
        let (found, hint) = halves(&error, "correct these items");
        let diagnostic = Diagnostic::of_file(self.file, "a valid problem", found, hint);
        self.report.add(match place {
            Some(place) => diagnostic.at(place.line, place.column),
            None => diagnostic,
        });
        Err(self.report.fail())
    }
}

/// What is wrong, and what to change: `otherwise` where the error does not say it.
fn halves(error: &ProblemError, otherwise: &str) -> (String, String) {
    let message = error.to_string();
    let cut = message.rfind("; ").max(message.rfind(": "));
    match (error, cut) {
        (ProblemError::OutOfRange { .. }, _) | (_, None) => (message, otherwise.to_owned()),
        (_, Some(cut)) => (message[..cut].to_owned(), message[cut + 2..].to_owned()),
    }
}

/// Number of the first line with this key.
fn line_of(text: &Text<'_>, key: &str) -> u32 {
    let line = text.lines().find(|line| line.content.contains(key));
    line.map_or(1, |line| line.number)
}

#[derive(Clone, Copy)]
enum Of {
    Jobs,
    Resources,
    Tasks,
}
