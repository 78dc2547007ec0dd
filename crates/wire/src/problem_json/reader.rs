//! Reads `ordine/problem/1`.
//!
//! List by list: what is referred to comes first, and after a mistake in one list those that
//! refer to it are not built, so that a mistake is reported once. O(size of the text).
//!
//! **Source:** -

mod names;
mod relations;
mod resources;
mod sealing;
mod tasks;
mod weekly;

use super::{PROBLEM_FORMAT, TimeScale, wire};
use crate::dates::{Dates, Wrong};
use crate::diagnostic::{Diagnostic, Diagnostics, Report, quote};
use crate::json::{Place, Placed, items, line_of, parse};
use crate::sealing::halves;
use crate::text::Text;
use names::Names;
use ordine_base::{Id, StepFunction, Time};
use ordine_problem::{Objective, Problem, ProblemBuilder, ProblemError};
use std::borrow::Cow;

/// Reads a problem and the meaning of its times.
///
/// # Errors
/// All mistakes that could be found, with the lines of the items that hold them.
pub fn read_problem(text: &Text<'_>) -> Result<(Problem, TimeScale), Diagnostics> {
    let mut file: wire::File<'_> = parse(text, PROBLEM_FORMAT)?;
    let mut report = Report::new(text);
    let lists = Lists::read(text, &file, &mut report);
    if !report.is_clean() {
        return Err(report.fail());
    }
    let name = file.name.take().filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| text.instance().to_owned());
    let scale = TimeScale { unit: file.unit.take(), origin: file.origin.take() };
    let dates = match Dates::new(&scale) {
        Ok(dates) => dates,
        Err(Wrong { expected, found, hint }) => {
            report.line(line_of(text, "\"origin\""), expected, found, hint);
            return Err(report.fail());
        }
    };
    let builder = ProblemBuilder::new(name);
    let names = Names::of(&lists);
    let mut building = Building { text, report, dates, builder, names, expanded: 0 };
    building.head(&file);
    building.lists(&lists);
    Ok((building.seal(&lists)?, scale))
}

/// The lists of a file, each item with its place.
struct Lists<'t> {
    jobs: Vec<Placed<wire::Job<'t>>>,
    families: Vec<Placed<Cow<'t, str>>>,
    calendars: Vec<Placed<wire::Calendar<'t>>>,
    setups: Vec<Placed<wire::Setup<'t>>>,
    resources: Vec<Placed<wire::Resource<'t>>>,
    tasks: Vec<Placed<wire::Task<'t>>>,
    precedences: Vec<Placed<wire::Precedence<'t>>>,
    selections: Vec<Placed<wire::Selection<'t>>>,
    spans: Vec<Placed<wire::Span<'t>>>,
    holds: Vec<Placed<wire::Hold<'t>>>,
    same_sequences: Vec<Placed<wire::SameSequence<'t>>>,
    mode_relations: Vec<Placed<wire::ModeRelation<'t>>>,
}

impl<'t> Lists<'t> {
    fn read(text: &Text<'t>, file: &wire::File<'t>, report: &mut Report<'_>) -> Self {
        Lists {
            jobs: items(text, &file.jobs, report),
            families: items(text, &file.families, report),
            calendars: items(text, &file.calendars, report),
            setups: items(text, &file.setups, report),
            resources: items(text, &file.resources, report),
            tasks: items(text, &file.tasks, report),
            precedences: items(text, &file.precedences, report),
            selections: items(text, &file.selections, report),
            spans: items(text, &file.spans, report),
            holds: items(text, &file.holds, report),
            same_sequences: items(text, &file.same_sequences, report),
            mode_relations: items(text, &file.mode_relations, report),
        }
    }
}

/// A problem that is being built from a file, and what is wrong with that.
struct Building<'l> {
    text: &'l Text<'l>,
    report: Report<'l>,
    dates: Dates,
    builder: ProblemBuilder,
    names: Names<'l>,
    /// Shifts and breaks of weekly patterns so far.
    expanded: usize,
}

impl Building<'_> {
    /// What stands beside the lists.
    fn head(&mut self, file: &wire::File<'_>) {
        if let Some(objective) = &file.objective {
            match objective.parse::<Objective>() {
                Ok(objective) => self.builder.objective(objective),
                Err(error) => {
                    let line = line_of(self.text, "\"objective\"");
                    let expected = "an objective such as `makespan` or `total-tardiness,makespan`";
                    let hint = "use the names of measures that --objective takes";
                    self.report.line(line, expected, quote(&error.found), hint);
                }
            }
        }
        let place = Place { line: line_of(self.text, "\"now\""), column: 1 };
        if let Some(now) = self.time(place, &file.now) {
            self.builder.now(now);
        }
        if !file.swaps_allowed {
            self.builder.forbid_swaps();
        }
    }

    fn lists(&mut self, lists: &Lists<'_>) {
        self.families(&lists.families);
        self.calendars(&lists.calendars);
        self.setups(&lists.setups);
        self.jobs(&lists.jobs);
        if self.report.is_clean() {
            self.resources(&lists.resources);
        }
        if self.report.is_clean() {
            self.tasks(&lists.tasks);
        }
        if self.report.is_clean() {
            self.relations(lists);
        }
    }

    /// The tick of a time; a mistake, and `None`, where it has none.
    fn time(&mut self, place: Place, moment: &wire::Moment) -> Option<Time> {
        match self.dates.tick(moment) {
            Ok(tick) => Some(Time::new(tick)),
            Err(Wrong { expected, found, hint }) => self.mistake(place, expected, found, hint),
        }
    }

    /// The tick of a time that may be left out.
    fn time_if(&mut self, place: Place, moment: &Option<wire::Moment>) -> Option<Option<Time>> {
        match moment {
            None => Some(None),
            Some(moment) => self.time(place, moment).map(Some),
        }
    }

    fn steps(&mut self, place: Place, steps: &Option<wire::Steps>) -> Option<Option<StepFunction>> {
        let Some(wire::Steps { first, steps }) = steps else { return Some(None) };
        let mut found = Vec::with_capacity(steps.len());
        for (moment, value) in steps {
            found.push((self.time(place, moment)?, *value));
        }
        let function = StepFunction::from_steps(*first, found);
        if function.is_none() {
            let found = "one that is not later than the one before".to_owned();
            self.mistake::<()>(place, "steps at ascending times", found, "sort them by time");
        }
        function.map(Some)
    }

    /// Adds a mistake; `None` for those who cannot go on.
    fn mistake<T>(&mut self, place: Place, expected: &str, found: String, hint: &str) -> Option<T> {
        let diagnostic = Diagnostic::of_file(self.text.name(), expected, found, hint);
        self.report.add(diagnostic.at(place.line, place.column));
        None
    }

    /// Reports what the builder refuses; `None` then.
    fn note<T>(&mut self, place: Place, added: Result<T, ProblemError>) -> Option<T> {
        match added {
            Ok(added) => Some(added),
            Err(error) => {
                let (found, hint) = halves(&error, "correct this item");
                self.mistake(place, "a valid problem", found, &hint)
            }
        }
    }

    /// The thing that is referred to; a mistake, and `None`, where there is none.
    fn find<I: Id>(
        &mut self,
        place: Place,
        kind: names::Of,
        reference: &wire::Reference<'_>,
    ) -> Option<I> {
        match self.names.find(kind, reference) {
            Ok(number) => Some(I::from_index(number)),
            Err((found, hint)) => {
                let expected = format!("{} of the file", kind.words());
                self.mistake(place, &expected, found, hint)
            }
        }
    }

    /// As [`Building::find`], for what may be left out.
    fn find_if<I: Id>(
        &mut self,
        place: Place,
        kind: names::Of,
        reference: &Option<wire::Reference<'_>>,
    ) -> Option<Option<I>> {
        match reference {
            None => Some(None),
            Some(reference) => self.find(place, kind, reference).map(Some),
        }
    }

    /// As [`Building::find`], for a list.
    fn find_all<I: Id>(
        &mut self,
        place: Place,
        kind: names::Of,
        references: &[wire::Reference<'_>],
    ) -> Option<Vec<I>> {
        references.iter().map(|reference| self.find(place, kind, reference)).collect()
    }
}
