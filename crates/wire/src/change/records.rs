//! The records of `ordine/change/1`, as they stand in the file.
//!
//! **Source:** -

use super::CHANGE_FORMAT;
use crate::diagnostic::{Diagnostic, Report, quote};
use crate::json::{Place, Placed, items};
use crate::problem_json::problem_schema;
use crate::text::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

pub(super) use crate::problem_json::{Moment, Reference};

/// What has happened since a schedule was made; times are those of the problem, by its unit and
/// origin where they are dates.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "ordine/change/1")]
pub(super) struct File<'t> {
    #[serde(rename = "format")]
    #[schemars(extend("const" = CHANGE_FORMAT))]
    _format: String,
    /// The present; `--now` of the command line stands above it.
    pub(super) now: Option<Moment>,
    #[serde(borrow)]
    #[schemars(with = "Vec<Record<'t>>")]
    pub(super) changes: Vec<&'t RawValue>,
}

/// One change; its word says which.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Record<'t> {
    TaskDone(TaskDone<'t>),
    TaskStarted(TaskStarted<'t>),
    TaskLate(TaskLate<'t>),
    MachineDown(MachineDown<'t>),
    NewJob(NewJob<'t>),
    JobCancelled(JobCancelled<'t>),
    DueChanged(DueChanged<'t>),
    FrozenWindow(FrozenWindow<'t>),
}

/// A task is over.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskDone<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "task-done"))]
    _change: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) task: Reference<'t>,
    /// Number of its mode; that of the plan when it is left out.
    pub(super) mode: Option<u32>,
    /// That of the plan when it is left out.
    pub(super) start: Option<Moment>,
    pub(super) end: Moment,
}

/// A task is under way.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskStarted<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "task-started"))]
    _change: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) task: Reference<'t>,
    /// Number of its mode; that of the plan when it is left out.
    pub(super) mode: Option<u32>,
    pub(super) start: Moment,
    /// Work that remains; what its duration leaves when it is left out.
    pub(super) remaining: Option<i64>,
}

/// A task takes longer, or cannot start yet; exactly one of the three amounts is given.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskLate<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "task-late"))]
    _change: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) task: Reference<'t>,
    /// So much more work if it is under way, a start so much later than planned otherwise.
    pub(super) delay: Option<i64>,
    /// All its work in its mode is this much.
    pub(super) duration: Option<i64>,
    /// It is under way, and this much work remains.
    pub(super) remaining: Option<i64>,
}

/// A machine or renewable does not work for some time.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MachineDown<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "machine-down"))]
    _change: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) resource: Reference<'t>,
    pub(super) from: Moment,
    /// It is down for ever when this is left out.
    pub(super) to: Option<Moment>,
}

/// Jobs, tasks and precedences are added, in the shape of `ordine/problem/1`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewJob<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "new-job"))]
    _change: Cow<'t, str>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<JobShape>")]
    pub(super) jobs: Vec<&'t RawValue>,
    #[serde(borrow)]
    #[schemars(with = "Vec<TaskShape>")]
    pub(super) tasks: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<PrecedenceShape>")]
    pub(super) precedences: Vec<&'t RawValue>,
}

/// A job is not wanted any more.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JobCancelled<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "job-cancelled"))]
    _change: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) job: Reference<'t>,
}

/// The dates or the weight of a job are others; what is left out stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DueChanged<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "due-changed"))]
    _change: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) job: Reference<'t>,
    pub(super) due_from: Option<Moment>,
    pub(super) due: Option<Moment>,
    pub(super) deadline: Option<Moment>,
    pub(super) weight: Option<i64>,
}

/// What starts within this time from now stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FrozenWindow<'t> {
    #[serde(rename = "change")]
    #[schemars(extend("const" = "frozen-window"))]
    _change: Cow<'t, str>,
    pub(super) length: i64,
}

macro_rules! shapes {
    ($($shape:ident $name:literal)*) => {$(
        /// An item that has the shape of one of `ordine/problem/1`.
        struct $shape;

        impl JsonSchema for $shape {
            fn schema_name() -> Cow<'static, str> {
                concat!("New", $name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "$ref": concat!("#/$defs/", $name) })
            }
        }
    )*};
}

shapes! { JobShape "Job" TaskShape "Task" PrecedenceShape "Precedence" }

/// The JSON Schema of a change file, the shapes of the problem included.
pub(crate) fn change_schema() -> Schema {
    let mut schema = crate::schema::schema_of::<File<'static>>();
    let problem = problem_schema();
    let shapes = problem.get("$defs").and_then(Value::as_object);
    let own = schema.get_mut("$defs").and_then(Value::as_object_mut);
    if let (Some(shapes), Some(own)) = (shapes, own) {
        for (name, shape) in shapes {
            own.entry(name.clone()).or_insert_with(|| shape.clone());
        }
    }
    schema
}

const WORDS: &str = "one of `task-done`, `task-started`, `task-late`, `machine-down`, `new-job`, \
                     `job-cancelled`, `due-changed`, `frozen-window`";

/// The changes of a list; those that are broken are reported and left out.
pub(super) fn records<'t>(
    text: &Text<'t>,
    raws: &[&'t RawValue],
    report: &mut Report<'_>,
) -> Vec<(Place, Record<'t>)> {
    #[derive(Deserialize)]
    struct Head {
        change: Option<String>,
    }
    let heads: Vec<Option<Placed<Head>>> = {
        let mut mute = Report::new(text);
        raws.iter().map(|raw| items(text, &[*raw], &mut mute).pop()).collect()
    };
    let mut records = Vec::with_capacity(raws.len());
    for (raw, head) in raws.iter().zip(heads) {
        let word = head.as_ref().and_then(|head| head.item.change.as_deref());
        let record = match word {
            Some("task-done") => record(text, raw, report, Record::TaskDone),
            Some("task-started") => record(text, raw, report, Record::TaskStarted),
            Some("task-late") => record(text, raw, report, Record::TaskLate),
            Some("machine-down") => record(text, raw, report, Record::MachineDown),
            Some("new-job") => record(text, raw, report, Record::NewJob),
            Some("job-cancelled") => record(text, raw, report, Record::JobCancelled),
            Some("due-changed") => record(text, raw, report, Record::DueChanged),
            Some("frozen-window") => record(text, raw, report, Record::FrozenWindow),
            other => {
                let found = other.map_or("no such word".to_owned(), quote);
                let expected = format!("`\"change\"` with {WORDS}");
                let diagnostic =
                    Diagnostic::of_file(text.name(), expected, found, "say what has changed");
                let place = place_of(text, raw);
                report.add(diagnostic.at(place.line, place.column));
                None
            }
        };
        records.extend(record);
    }
    records
}

fn record<'t, T: Deserialize<'t>>(
    text: &Text<'t>,
    raw: &'t RawValue,
    report: &mut Report<'_>,
    wrap: impl Fn(T) -> Record<'t>,
) -> Option<(Place, Record<'t>)> {
    let item: Placed<T> = items(text, &[raw], report).pop()?;
    Some((item.place, wrap(item.item)))
}

/// Where a piece of the text begins.
pub(super) fn place_of(text: &Text<'_>, raw: &RawValue) -> Place {
    let offset = raw.get().as_ptr() as usize - text.content().as_ptr() as usize;
    let before = &text.content()[..offset];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = 1 + before.bytes().filter(|&byte| byte == b'\n').count() as u32;
    Place { line, column: 1 + (offset - line_start) as u32 }
}
