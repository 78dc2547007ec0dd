//! The records of `ordine/problem/1`, as they stand in the file.
//!
//! Fields bear the names of the model. Those with a neutral value may be left out, and are.
//!
//! **Source:** -

mod scalars;
mod weekly;
mod words;

use super::PROBLEM_FORMAT;
use ordine_problem::{
    BatchKind, BreakPolicy, ModeRelationKind, Point, PrecedenceKind, SelectionKind,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

pub(crate) use scalars::{Moment, Reference, ShiftWord};
pub(crate) use weekly::{ClockTime, DayWord, Weekly};
use words::{BatchWord, Breaks, ModeRelationWord, PointWord, Points, SelectionWord};
pub(crate) use words::{Kind, State};

/// A problem; its times and durations are integers in `unit`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "ordine/problem/1")]
pub(crate) struct File<'t> {
    #[serde(rename = "format")]
    #[schemars(extend("const" = PROBLEM_FORMAT))]
    pub(crate) _format: String,
    /// That of the file where it is left out.
    pub(crate) name: Option<String>,
    /// What one tick is, such as `minute` or `15 minutes`.
    pub(crate) unit: Option<String>,
    /// The instant of tick 0: date and time of ISO 8601, with or without zone.
    pub(crate) origin: Option<String>,
    /// Such as `makespan`, `2*makespan+weighted-tardiness` or `total-tardiness~5%,makespan`.
    pub(crate) objective: Option<String>,
    /// The present: free tasks start then or later.
    #[serde(default)]
    pub(crate) now: Moment,
    /// Whether held machines may be exchanged in a circle at one instant.
    #[serde(default = "yes")]
    pub(crate) swaps_allowed: bool,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Job<'t>>")]
    pub(crate) jobs: Vec<&'t RawValue>,
    /// Names of the families of tasks, between which there are setups.
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Cow<'t, str>>")]
    pub(crate) families: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Calendar<'t>>")]
    pub(crate) calendars: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Setup<'t>>")]
    pub(crate) setups: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Resource<'t>>")]
    pub(crate) resources: Vec<&'t RawValue>,
    #[serde(borrow)]
    #[schemars(with = "Vec<Task<'t>>")]
    pub(crate) tasks: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Precedence<'t>>")]
    pub(crate) precedences: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Selection<'t>>")]
    pub(crate) selections: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Span<'t>>")]
    pub(crate) spans: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Hold<'t>>")]
    pub(crate) holds: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<SameSequence<'t>>")]
    pub(crate) same_sequences: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    #[schemars(with = "Vec<ModeRelation<'t>>")]
    pub(crate) mode_relations: Vec<&'t RawValue>,
}

/// Tasks of one customer.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job<'t> {
    #[serde(borrow)]
    pub(crate) name: Cow<'t, str>,
    #[serde(default = "one")]
    pub(crate) weight: i64,
    #[serde(default)]
    pub(crate) release: Moment,
    /// Begin of the due window; ending before it is early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due_from: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deadline: Option<Moment>,
}

/// When resources work: changes listed as they are, or a weekly pattern.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calendar<'t> {
    #[serde(borrow)]
    pub(crate) name: Cow<'t, str>,
    /// Shift before the first step; open where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<ShiftWord>,
    /// Times of change, each with the shift from there on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) steps: Vec<(Moment, ShiftWord)>,
    /// Length after which everything repeats; steps then lie below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<i64>,
    /// A pattern of weekdays instead of all this; it is read only, and written as steps.
    #[serde(default, skip_serializing)]
    pub(crate) weekly: Option<Weekly>,
}

/// Times and costs from family (row) to family (column), in the order of `families`.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup<'t> {
    #[serde(borrow)]
    pub(crate) name: Cow<'t, str>,
    pub(crate) times: Vec<Vec<i64>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) costs: Vec<Vec<i64>>,
}

/// What tasks need.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resource<'t> {
    #[serde(borrow)]
    pub(crate) name: Cow<'t, str>,
    pub(crate) kind: Kind,
    /// Of renewables and consumables; may be left out beside a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capacity: Option<i64>,
    /// Levels of a reservoir.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stock: Option<Stock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capacity_profile: Option<Steps>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) usage_min: Option<Steps>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) calendar: Option<Reference<'t>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) setup: Option<Reference<'t>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) initial_family: Option<Reference<'t>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) batching: Option<Batching>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) price: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) overuse_penalty: Option<i64>,
}

/// Levels of a reservoir.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stock {
    #[serde(default)]
    pub(crate) initial: i64,
    #[serde(default)]
    pub(crate) least: i64,
    pub(crate) most: i64,
}

/// A function of time: its first value, and the times from which on it has others.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Steps {
    #[serde(default)]
    pub(crate) first: i64,
    #[serde(default)]
    pub(crate) steps: Vec<(Moment, i64)>,
}

/// Tasks of one family run together.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Batching {
    #[serde(with = "BatchWord")]
    pub(crate) kind: BatchKind,
    pub(crate) size_max: i64,
}

/// The smallest unit that is placed in time.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Task<'t> {
    #[serde(borrow)]
    pub(crate) name: Cow<'t, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) job: Option<Reference<'t>>,
    #[serde(default, skip_serializing_if = "is_no")]
    pub(crate) optional: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) absence_penalty: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) family: Option<Reference<'t>>,
    #[serde(with = "Breaks", default, skip_serializing_if = "is_wait")]
    pub(crate) breaks: BreakPolicy,
    #[serde(default, skip_serializing_if = "is_no")]
    pub(crate) released_in_breaks: bool,
    #[serde(default, skip_serializing_if = "Moment::is_origin")]
    pub(crate) earliest_start: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) latest_start: Option<Moment>,
    #[serde(default, skip_serializing_if = "Moment::is_origin")]
    pub(crate) earliest_end: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) latest_end: Option<Moment>,
    /// Half-open intervals, as `[start, end]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) forbidden_starts: Vec<(Moment, Moment)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) forbidden_ends: Vec<(Moment, Moment)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) forbidden_extents: Vec<(Moment, Moment)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) start_cost: Option<Steps>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) end_cost: Option<Steps>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) planned: Option<Planned>,
    #[serde(borrow)]
    pub(crate) modes: Vec<Mode<'t>>,
}

/// How far a task has come; its mode may be left out where there is only one.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Status {
    pub(crate) state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<Moment>,
    /// Of done tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Moment>,
    /// Of running tasks: work that remains, from the present on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) remaining: Option<i64>,
}

/// Where a task stood in the plan that a new one is compared with.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planned {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<u32>,
    pub(crate) start: Moment,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mode<'t> {
    pub(crate) duration: i64,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) requirements: Vec<Requirement<'t>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) stock_changes: Vec<StockChange<'t>>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requirement<'t> {
    #[serde(borrow)]
    pub(crate) resource: Reference<'t>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub(crate) demand: i64,
}

/// What a mode puts into a reservoir, or takes out of it.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StockChange<'t> {
    #[serde(borrow)]
    pub(crate) reservoir: Reference<'t>,
    pub(crate) amount: i64,
    #[serde(with = "PointWord")]
    pub(crate) at: Point,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Precedence<'t> {
    #[serde(borrow)]
    pub(crate) before: Reference<'t>,
    #[serde(borrow)]
    pub(crate) after: Reference<'t>,
    #[serde(with = "Points", default = "end_to_start")]
    pub(crate) kind: PrecedenceKind,
    #[serde(default)]
    pub(crate) lag: i64,
    /// Largest gap, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lag_max: Option<i64>,
    /// Cost of each tick by which it is missed; without one it must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) penalty: Option<i64>,
}

/// How many of some optional tasks are present.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selection<'t> {
    #[serde(with = "SelectionWord")]
    pub(crate) kind: SelectionKind,
    #[serde(borrow)]
    pub(crate) tasks: Vec<Reference<'t>>,
    /// The task whose presence asks for the choice.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) condition: Option<Reference<'t>>,
}

/// A task that reaches from the first start to the latest end of others.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span<'t> {
    #[serde(borrow)]
    pub(crate) parent: Reference<'t>,
    #[serde(borrow)]
    pub(crate) children: Vec<Reference<'t>>,
}

/// A task keeps what it uses until another starts.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hold<'t> {
    #[serde(borrow)]
    pub(crate) task: Reference<'t>,
    #[serde(borrow)]
    pub(crate) until: Reference<'t>,
    /// A renewable where it can wait instead.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) buffer: Option<Reference<'t>>,
}

/// Machines that follow one order of jobs.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SameSequence<'t> {
    #[serde(borrow)]
    pub(crate) machines: Vec<Reference<'t>>,
}

/// How the modes of two tasks depend on each other.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModeRelation<'t> {
    #[serde(borrow)]
    pub(crate) first: Reference<'t>,
    #[serde(borrow)]
    pub(crate) second: Reference<'t>,
    #[serde(with = "ModeRelationWord")]
    pub(crate) kind: ModeRelationKind,
}

fn one() -> i64 {
    1
}

fn yes() -> bool {
    true
}

fn is_one(number: &i64) -> bool {
    *number == 1
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn is_no(flag: &bool) -> bool {
    !*flag
}

fn is_wait(policy: &BreakPolicy) -> bool {
    *policy == BreakPolicy::Wait
}

fn end_to_start() -> PrecedenceKind {
    PrecedenceKind::EndToStart
}
