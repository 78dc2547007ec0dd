//! `ordine/change/1`: what has happened since a schedule was made, as JSON.
//!
//! ```json
//! {"format":"ordine/change/1","now":120,"changes":[
//! {"change":"task-done","task":"turn","end":118},
//! {"change":"task-started","task":"bore","start":110},
//! {"change":"task-late","task":"mill","delay":30},
//! {"change":"machine-down","resource":"lathe","from":120,"to":300},
//! {"change":"new-job","jobs":[{"name":"rush","due":400}],"tasks":[{"name":"cut","job":"rush",
//!   "modes":[{"duration":9,"requirements":[{"resource":"lathe"}]}]}],"precedences":[]},
//! {"change":"job-cancelled","job":"bracket"},
//! {"change":"due-changed","job":"flange","due":500},
//! {"change":"frozen-window","length":60}]}
//! ```
//!
//! Things are referred to by name where it is unique, by number from 0 otherwise; a new job may be
//! referred to by the other changes of the file. Times are ticks, or dates by the unit and the
//! origin of the problem. Jobs, tasks and precedences of a new job have the shape that they have
//! in `ordine/problem/1`. What a change does to a plan is said by the crate that applies it.
//!
//! **Source:** disruptions of Vieira, Herrmann, Lin 2003 (machine failure, rush job, cancelled job,
//! due date change, delay).

mod merge;
mod records;

use crate::dates::{self, Wrong};
use crate::diagnostic::{Diagnostic, Diagnostics, Report, quote};
use crate::json::{Place, line_of, parse};
use crate::problem_json::TimeScale;
use crate::text::Text;
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{JobId, Problem, ResourceId, TaskId};
use records::{Moment, Record};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) use records::change_schema;

/// What the format line of a change file says.
pub const CHANGE_FORMAT: &str = "ordine/change/1";

/// One thing that has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A task is over.
    TaskDone {
        /// The task.
        task: TaskId,
        /// Number of its mode; that of the plan when it is left out.
        mode: Option<u32>,
        /// Its start; that of the plan when it is left out.
        start: Option<Time>,
        /// Its end.
        end: Time,
    },
    /// A task is under way.
    TaskStarted {
        /// The task.
        task: TaskId,
        /// Number of its mode; that of the plan when it is left out.
        mode: Option<u32>,
        /// Its start.
        start: Time,
        /// Work that remains; what its duration leaves when it is left out.
        remaining: Option<Ticks>,
    },
    /// A task takes longer, or cannot start yet.
    TaskLate {
        /// The task.
        task: TaskId,
        /// By how much.
        by: Late,
    },
    /// A machine or renewable does not work for some time.
    MachineDown {
        /// The machine or renewable.
        resource: ResourceId,
        /// From when on.
        from: Time,
        /// Until when; for ever when it is left out.
        to: Option<Time>,
    },
    /// A job was added; it is in the problem already.
    NewJob,
    /// A job is not wanted any more.
    JobCancelled {
        /// The job.
        job: JobId,
    },
    /// The dates or the weight of a job are others.
    DueChanged {
        /// The job.
        job: JobId,
        /// The new dates; what is left out stays.
        dates: Dates,
    },
    /// What starts within this time from now stays as it is.
    FrozenWindow {
        /// Length of the window.
        length: Ticks,
    },
}

/// How a task is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// So much more work if it is under way, a start so much later otherwise.
    Delay(Ticks),
    /// All its work in its mode is this much.
    Duration(Ticks),
    /// It is under way, and this much work remains.
    Remaining(Ticks),
}

/// New dates of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// Wished earliest end.
    pub due_from: Option<Time>,
    /// Wished end.
    pub due: Option<Time>,
    /// End that must not be passed.
    pub deadline: Option<Time>,
    /// Factor in weighted objectives.
    pub weight: Option<i64>,
}

/// A change file as it was read.
#[derive(Clone, Debug)]
pub struct ChangeFile {
    file: String,
    places: Vec<Place>,
    /// The present, where the file says it.
    pub now: Option<Time>,
    /// The problem with all new jobs.
    pub problem: Problem,
    /// What has happened, in the order of the file.
    pub changes: Vec<Change>,
}

impl ChangeFile {
    /// A mistake of the change with this number, from 0, at its place in the file.
    pub fn mistake(&self, change: usize, expected: &str, found: &str, hint: &str) -> Diagnostics {
        let diagnostic = Diagnostic::of_file(&self.file, expected, found, hint);
        match self.places.get(change) {
            Some(place) => diagnostic.at(place.line, place.column).into(),
            None => diagnostic.into(),
        }
    }
}

/// Reads the changes of a plan of `problem`, whose times mean what `scale` says.
///
/// # Errors
/// All mistakes that could be found, with the lines of the changes that hold them.
pub fn read_changes(
    text: &Text<'_>,
    problem: &Problem,
    scale: &TimeScale,
) -> Result<ChangeFile, Diagnostics> {
    let file: records::File<'_> = parse(text, CHANGE_FORMAT)?;
    let mut report = Report::new(text);
    let records = records::records(text, &file.changes, &mut report);
    if !report.is_clean() {
        return Err(report.fail());
    }
    let extended = merge::with_new_jobs(text, problem, scale, &records)?;
    let problem = extended.unwrap_or_else(|| problem.clone());
    let start = Place { line: line_of(text, "\"now\""), column: 1 };
    let scale = match dates::Dates::new(scale) {
        Ok(scale) => scale,
        Err(Wrong { expected, found, hint }) => {
            report.line(start.line, expected, found, hint);
            return Err(report.fail());
        }
    };
    let mut reading = Reading { file: text.name(), report, scale, names: Names::of(&problem) };
    let mut changes = Vec::with_capacity(records.len());
    let mut places = Vec::with_capacity(records.len());
    for (place, record) in &records {
        if let Some(change) = reading.change(*place, record) {
            changes.push(change);
            places.push(*place);
        }
    }
    let now = file.now.and_then(|now| reading.time(start, "the present", &now));
    let report = reading.report;
    report.finish(())?;
    Ok(ChangeFile { file: text.name().to_owned(), places, now, problem, changes })
}

/// Numbers of the things that alone bear a name; `None` where several bear it.
type Numbers = BTreeMap<String, Option<usize>>;

struct Names {
    jobs: (Numbers, usize),
    resources: (Numbers, usize),
    tasks: (Numbers, usize),
}

impl Names {
    fn of(problem: &Problem) -> Self {
        Names {
            jobs: numbers(problem.jobs().map(|id| problem.job(id).name.as_str())),
            resources: numbers(problem.resources().map(|id| problem.resource(id).name.as_str())),
            tasks: numbers(problem.tasks().map(|id| problem.task(id).name.as_str())),
        }
    }
}

fn numbers<'p>(names: impl ExactSizeIterator<Item = &'p str>) -> (Numbers, usize) {
    let count = names.len();
    let mut numbers = Numbers::new();
    for (number, name) in names.enumerate() {
        numbers.entry(name.to_owned()).and_modify(|it| *it = None).or_insert(Some(number));
    }
    (numbers, count)
}

struct Reading<'a> {
    file: &'a str,
    report: Report<'a>,
    scale: dates::Dates,
    names: Names,
}

impl Reading<'_> {
    fn mistake(&mut self, place: Place, expected: &str, found: &str, hint: &str) {
        let diagnostic = Diagnostic::of_file(self.file, expected, found, hint);
        self.report.add(diagnostic.at(place.line, place.column));
    }

    fn change(&mut self, place: Place, record: &Record<'_>) -> Option<Change> {
        match record {
            Record::TaskDone(it) => {
                let task = self.task(place, &it.task)?;
                let end = self.time(place, "an end", &it.end)?;
                let start = self.optional_time(place, "a start", &it.start)?;
                Some(Change::TaskDone { task, mode: it.mode, start, end })
            }
            Record::TaskStarted(it) => {
                let task = self.task(place, &it.task)?;
                let start = self.time(place, "a start", &it.start)?;
                let remaining = self.amount(place, "remaining work", it.remaining)?;
                Some(Change::TaskStarted { task, mode: it.mode, start, remaining })
            }
            Record::TaskLate(it) => {
                let task = self.task(place, &it.task)?;
                Some(Change::TaskLate { task, by: self.late(place, it)? })
            }
            Record::MachineDown(it) => {
                let resource = self.find(place, "a resource", &it.resource, Of::Resources)?;
                let resource = ResourceId::from_index(resource);
                let from = self.time(place, "a time from which on it is down", &it.from)?;
                let to = self.optional_time(place, "a time until which it is down", &it.to)?;
                Some(Change::MachineDown { resource, from, to })
            }
            Record::NewJob(_) => Some(Change::NewJob),
            Record::JobCancelled(it) => {
                Some(Change::JobCancelled { job: self.job(place, &it.job)? })
            }
            Record::DueChanged(it) => {
                let job = self.job(place, &it.job)?;
                Some(Change::DueChanged { job, dates: self.dates(place, it)? })
            }
            Record::FrozenWindow(it) => {
                let length = self.amount(place, "a length of the window", Some(it.length))??;
                Some(Change::FrozenWindow { length })
            }
        }
    }

    fn late(&mut self, place: Place, record: &records::TaskLate<'_>) -> Option<Late> {
        let ticks = |ticks: i64| Ticks::new(ticks);
        let (late, amount) = match (record.delay, record.duration, record.remaining) {
            (Some(delay), None, None) => (Late::Delay(ticks(delay)), delay),
            (None, Some(duration), None) => (Late::Duration(ticks(duration)), duration),
            (None, None, Some(remaining)) => (Late::Remaining(ticks(remaining)), remaining),
            (delay, duration, remaining) => {
                let given = [delay, duration, remaining].iter().flatten().count();
                let expected = "one of `delay`, `duration` and `remaining`";
                self.mistake(place, expected, &format!("{given} of them"), "give exactly one");
                return None;
            }
        };
        self.amount(place, "an amount of work", Some(amount))?;
        Some(late)
    }

    fn dates(&mut self, place: Place, record: &records::DueChanged<'_>) -> Option<Dates> {
        let least = -Time::MAX.get();
        let due_from = self.date(place, "a start of the due window", &record.due_from, least)?;
        let due = self.date(place, "a due time", &record.due, least)?;
        let deadline = self.optional_time(place, "a deadline", &record.deadline)?;
        let weight = self.number(place, "a weight", record.weight, 0)?;
        let dates = Dates { due_from, due, deadline, weight };
        if dates == Dates::default() {
            let expected = "one of `due`, `due_from`, `deadline` and `weight`";
            self.mistake(place, expected, "none of them", "say what has changed");
            return None;
        }
        Some(dates)
    }

    fn time(&mut self, place: Place, what: &str, time: &Moment) -> Option<Time> {
        let tick = self.tick(place, time)?;
        self.number(place, what, Some(tick), 0).flatten().map(Time::new)
    }

    fn optional_time(
        &mut self,
        place: Place,
        what: &str,
        time: &Option<Moment>,
    ) -> Option<Option<Time>> {
        self.date(place, what, time, 0)
    }

    /// The time from `least` on, if it is given; `None` after a mistake.
    fn date(
        &mut self,
        place: Place,
        what: &str,
        time: &Option<Moment>,
        least: i64,
    ) -> Option<Option<Time>> {
        let Some(time) = time else { return Some(None) };
        let tick = self.tick(place, time)?;
        self.number(place, what, Some(tick), least).map(|tick| tick.map(Time::new))
    }

    fn tick(&mut self, place: Place, time: &Moment) -> Option<i64> {
        match self.scale.tick(time) {
            Ok(tick) => Some(tick),
            Err(Wrong { expected, found, hint }) => {
                self.mistake(place, expected, &found, hint);
                None
            }
        }
    }

    fn amount(&mut self, place: Place, what: &str, ticks: Option<i64>) -> Option<Option<Ticks>> {
        self.number(place, what, ticks, 0).map(|ticks| ticks.map(Ticks::new))
    }

    /// The number if it lies in its range; `None` after a mistake.
    fn number(
        &mut self,
        place: Place,
        what: &str,
        number: Option<i64>,
        least: i64,
    ) -> Option<Option<i64>> {
        let most = Time::MAX.get();
        match number {
            Some(number) if !(least..=most).contains(&number) => {
                let expected = format!("{what} from {least} to {most}");
                self.mistake(place, &expected, &number.to_string(), "correct the number");
                None
            }
            _ => Some(number),
        }
    }

    fn job(&mut self, place: Place, reference: &records::Reference<'_>) -> Option<JobId> {
        self.find(place, "a job", reference, Of::Jobs).map(JobId::from_index)
    }

    fn task(&mut self, place: Place, reference: &records::Reference<'_>) -> Option<TaskId> {
        self.find(place, "a task", reference, Of::Tasks).map(TaskId::from_index)
    }

    fn find(
        &mut self,
        place: Place,
        what: &str,
        reference: &records::Reference<'_>,
        of: Of,
    ) -> Option<usize> {
        let (numbers, count) = match of {
            Of::Jobs => &self.names.jobs,
            Of::Resources => &self.names.resources,
            Of::Tasks => &self.names.tasks,
        };
        let (found, hint): (Cow<'_, str>, &str) = match reference {
            records::Reference::Number(number) => {
                match usize::try_from(*number).ok().filter(|number| number < count) {
                    Some(number) => return Some(number),
                    None => (format!("number {number} of {count}").into(), "count from 0"),
                }
            }
            records::Reference::Name(name) => match numbers.get(name.as_ref()) {
                Some(Some(number)) => return Some(*number),
                Some(None) => {
                    let found = format!("{}, which several bear", quote(name));
                    (found.into(), "refer to it by its number")
                }
                None => (quote(name).into(), "correct the name"),
            },
        };
        self.mistake(place, &format!("{what} of the problem"), &found, hint);
        None
    }
}

#[derive(Clone, Copy)]
enum Of {
    Jobs,
    Resources,
    Tasks,
}
