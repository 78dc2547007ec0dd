//! `ordine/schedule/1`: a schedule with its objective value, as JSON.
//!
//! ```json
//! {"format":"ordine/schedule/1","instance":"ft10","objective":930,"tasks":[
//! {"task":0,"job":0,"mode":0,"start":0,"end":29,"resources":["m0"]},
//! {"task":1,"absent":true}]}
//! ```
//!
//! `task` is the number of the task from 0, `mode` that of the mode within its task, `objective`
//! a number, or an array for lexicographic objectives. Reading needs the problem; a task that is
//! not listed is not placed, `job` and `resources` are compared with the problem where given, and
//! `mode` may be left out where the task has only one. Whether the schedule is feasible is the
//! judge's business, not the reader's.
//!
//! **Source:** -

use crate::diagnostic::{Diagnostic, Diagnostics, Report, quote, visible_json};
use crate::json::{Place, Placed, items, line_of, parse};
use crate::text::Text;
use ordine_base::{Cost, Id, Time};
use ordine_problem::{ModeId, Placement, Problem, Schedule, TaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What the format line of a schedule says.
pub const SCHEDULE_FORMAT: &str = "ordine/schedule/1";

/// The JSON Schema of a schedule.
pub(crate) fn schedule_schema() -> schemars::Schema {
    crate::schema::schema_of::<FileWire<'static>>()
}

/// A schedule as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleFile {
    /// Name of the instance that it was made for.
    pub instance: String,
    /// The objective value that the file states; nobody has checked it.
    pub objective: Option<Cost>,
    /// The schedule.
    pub schedule: Schedule,
}

/// A schedule; a task that is not listed is not placed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "ordine/schedule/1")]
struct FileWire<'t> {
    #[serde(rename = "format")]
    #[schemars(extend("const" = SCHEDULE_FORMAT))]
    _format: String,
    instance: Option<String>,
    objective: Option<Levels>,
    #[serde(borrow)]
    #[schemars(with = "Vec<TaskWire>")]
    tasks: Vec<&'t RawValue>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(untagged)]
enum Levels {
    One(i64),
    Several(Vec<i64>),
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
struct TaskWire {
    task: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    job: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resources: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    absent: bool,
}

/// The schedule as text, one task per line, without names of tasks.
pub fn write_schedule(problem: &Problem, schedule: &Schedule, objective: &Cost) -> String {
    write(problem, schedule, objective, |_| None)
}

/// As [`write_schedule`], with the names of the tasks.
pub fn write_schedule_with_names(
    problem: &Problem,
    schedule: &Schedule,
    objective: &Cost,
) -> String {
    write(problem, schedule, objective, |task| Some(problem.task(task).name.clone()))
}

fn write(
    problem: &Problem,
    schedule: &Schedule,
    objective: &Cost,
    name: impl Fn(TaskId) -> Option<String>,
) -> String {
    let levels = match objective.levels() {
        [one] => Levels::One(*one),
        several => Levels::Several(several.to_vec()),
    };
    let (instance, levels) = (json(problem.name()), json(&levels));
    let mut out = format!(
        "{{\"format\":\"{SCHEDULE_FORMAT}\",\"instance\":{instance},\"objective\":{levels},\
         \"tasks\":["
    );
    for (task, placement) in schedule.iter() {
        out.push_str(if task.index() == 0 { "\n" } else { ",\n" });
        let named = TaskWire { task: task.index() as u64, name: name(task), ..Default::default() };
        out.push_str(&json(&record(problem, task, placement, named)));
    }
    out.push_str("]}\n");
    out
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    let json = serde_json::to_string(value);
    visible_json(&json.expect("records of strings and integers are always JSON"))
}

fn record(
    problem: &Problem,
    task: TaskId,
    placement: Option<Placement>,
    named: TaskWire,
) -> TaskWire {
    let Some(placement) = placement else { return TaskWire { absent: true, ..named } };
    TaskWire {
        job: problem.task(task).job.map(|job| job.index() as u64),
        mode: Some(problem.mode_number(placement.mode) as u64),
        start: Some(placement.start.get()),
        end: Some(placement.end.get()),
        resources: Some(resource_names(problem, placement.mode)),
        ..named
    }
}

fn resource_names(problem: &Problem, mode: ModeId) -> Vec<String> {
    let needs = problem.requirements(mode).iter();
    needs.map(|need| problem.resource(need.resource).name.clone()).collect()
}

/// Reads a schedule of `problem`.
///
/// # Errors
/// All mistakes that could be found, with the lines of the tasks that hold them.
pub fn read_schedule(text: &Text<'_>, problem: &Problem) -> Result<ScheduleFile, Diagnostics> {
    let file: FileWire<'_> = parse(text, SCHEDULE_FORMAT)?;
    let mut report = Report::new(text);
    let tasks: Vec<Placed<TaskWire>> = items(text, &file.tasks, &mut report);
    let mut reading = Reading { text, report, problem };
    let mut schedule = Schedule::empty(problem);
    let mut listed = vec![false; problem.tasks().len()];
    for Placed { place, item } in &tasks {
        let Some(task) = reading.task(*place, item) else { continue };
        if std::mem::replace(&mut listed[task.index()], true) {
            let hint = "remove one of the two";
            reading.mistake(*place, "each task once", &format!("task {} again", item.task), hint);
        }
        if let Some(placement) = reading.placement(*place, task, item) {
            schedule.place(task, placement);
        }
    }
    let objective = reading.objective(file.objective);
    let instance = file.instance.unwrap_or_default();
    reading.report.finish(ScheduleFile { instance, objective, schedule })
}

struct Reading<'a> {
    text: &'a Text<'a>,
    report: Report<'a>,
    problem: &'a Problem,
}

impl Reading<'_> {
    fn mistake(&mut self, place: Place, expected: &str, found: &str, hint: &str) {
        let diagnostic = Diagnostic::of_file(self.text.name(), expected, found, hint);
        self.report.add(diagnostic.at(place.line, place.column));
    }

    fn objective(&mut self, levels: Option<Levels>) -> Option<Cost> {
        match levels? {
            Levels::One(value) => Some(Cost::single(value)),
            Levels::Several(values) if !values.is_empty() => Some(Cost::from_levels(&values)),
            Levels::Several(_) => {
                let (expected, hint) = ("an objective of at least one level", "state its value");
                let line = line_of(self.text, "\"objective\"");
                self.report.line(line, expected, "an empty array", hint);
                None
            }
        }
    }

    fn task(&mut self, place: Place, item: &TaskWire) -> Option<TaskId> {
        let count = self.problem.tasks().len();
        let number = usize::try_from(item.task).ok().filter(|&number| number < count);
        if number.is_none() {
            let expected = format!("a task from 0 to below {count}");
            let hint = "check that the schedule belongs to this problem";
            self.mistake(place, &expected, &item.task.to_string(), hint);
        }
        number.map(TaskId::from_index)
    }

    fn placement(&mut self, place: Place, task: TaskId, item: &TaskWire) -> Option<Placement> {
        if item.absent {
            return None;
        }
        let modes = self.problem.modes(task).len();
        let number = item.mode.or((modes == 1).then_some(0));
        let mode = number
            .and_then(|number| self.problem.numbered_mode(task, usize::try_from(number).ok()?));
        let Some(mode) = mode else {
            let expected = format!("a mode of task {} from 0 to below {modes}", item.task);
            let found = number.map_or("none".to_owned(), |number| number.to_string());
            self.mistake(place, &expected, &found, "correct the mode");
            return None;
        };
        self.compare(place, task, mode, item);
        let start = self.time(place, "a start", item.start)?;
        let end = self.time(place, "an end", item.end)?;
        Some(Placement { mode, start, end })
    }

    /// Job and resources, where given, must be those of the problem.
    fn compare(&mut self, place: Place, task: TaskId, mode: ModeId, item: &TaskWire) {
        let job = self.problem.task(task).job.map(|job| job.index() as u64);
        if let Some(stated) = item.job.filter(|&stated| job != Some(stated)) {
            let expected = job.map_or("no job".to_owned(), |job| format!("job {job}"));
            let expected = format!("{expected} of task {}", item.task);
            let hint = "check that the schedule belongs to this problem";
            self.mistake(place, &expected, &format!("job {stated}"), hint);
        }
        let Some(stated) = &item.resources else { return };
        let mut known = resource_names(self.problem, mode);
        let mut stated = stated.clone();
        known.sort();
        stated.sort();
        if known != stated {
            let expected = format!("resources {} of the mode", quote(&known.join(", ")));
            let hint = "the mode decides the resources: correct one of the two";
            self.mistake(place, &expected, &quote(&stated.join(", ")), hint);
        }
    }

    fn time(&mut self, place: Place, what: &str, stated: Option<i64>) -> Option<Time> {
        let most = Time::MAX.get();
        let time = stated.filter(|time| (-most..=most).contains(time));
        if time.is_none() {
            let expected = format!("{what} from {} to {most}", -most);
            let found = stated.map_or("none".to_owned(), |time| time.to_string());
            self.mistake(place, &expected, &found, "correct the time, or mark the task absent");
        }
        time.map(Time::new)
    }
}
