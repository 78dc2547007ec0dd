//! Tools that a model may call: describe, check, place, solve, explain.
//!
//! Arguments are JSON; whatever is wrong with them is said, and nothing that they hold can do harm.
//! No call takes more than [`TOOL_WORK`] units of work.
//!
//! **Source:** ours.

use super::answer::read_answer;
use super::checker::violations;
use super::faithfulness::matched_tasks;
use super::instance::BenchInstance;
use super::lower::{feasible_starts, lower};
use super::{Answer, Violation};
use ordine_base::{FirstOf, FrozenClock, Seed};
use ordine_problem::Problem;
use ordine_solve::explain::{Diagnosis, TRIAL_WORK, Trials};
use ordine_wire::Text;
use ordine_wire::problem_json::read_problem;
use serde_json::{Value, json};

/// Work units of one call.
pub const TOOL_WORK: u64 = 2_000_000;

/// Longest arguments in bytes.
pub const ARGUMENTS_MAX: usize = 1 << 18;

/// Calls of one conversation.
pub const CALLS_MAX: usize = 12;

/// Name, what it does, and the JSON Schema of its arguments.
pub fn tools() -> Vec<(&'static str, &'static str, Value)> {
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    let schedule = json!({"type": "array", "items": {"type": "object", "properties":
        {"task": {"type": "integer"}, "start": {"type": "integer"}}}});
    let problem = json!({"type": "object", "description": "ordine/problem/1"});
    vec![
        ("describe_instance", "the instance as JSON", object(json!({}))),
        ("check_schedule", "what is wrong with a schedule", object(json!({"schedule": schedule}))),
        (
            "earliest_start",
            "earliest start of a task beside those of a partial schedule",
            object(json!({"task": {"type": "integer"}, "partial": schedule})),
        ),
        ("solve", "a feasible schedule of a problem", object(json!({"problem": problem}))),
        ("explain", "constraints that cannot hold together", object(json!({"problem": problem}))),
    ]
}

/// The answer of a tool.
///
/// # Errors
/// What is wrong with the call, in words for whoever called.
pub fn call(instance: &BenchInstance, name: &str, arguments: &str) -> Result<String, String> {
    if arguments.len() > ARGUMENTS_MAX {
        let found = arguments.len();
        return Err(format!("expected arguments of at most {ARGUMENTS_MAX} bytes, found {found}"));
    }
    let value: Value = serde_json::from_str(arguments)
        .map_err(|error| format!("expected arguments as JSON, found: {error}"))?;
    match name {
        "describe_instance" => Ok(instance.public().line()),
        "check_schedule" => Ok(report(&violations(instance, &read_answer(arguments, false)))),
        "earliest_start" => earliest_start(instance, &value),
        "solve" => {
            let problem = problem_of(&value)?;
            let starts = feasible_starts(&problem, Seed::new(1), TOOL_WORK)
                .map_err(|error| error.to_string())?
                .ok_or("there is no schedule, or none was found: ask `explain`")?;
            Ok(answer_of(instance, &problem, &starts).json())
        }
        "explain" => explain(&problem_of(&value)?),
        _ => {
            let known: Vec<&str> = tools().iter().map(|tool| tool.0).collect();
            Err(format!("expected one of {}, found {name:?}", known.join(", ")))
        }
    }
}

/// Starts of a written problem as an answer to the true instance.
pub fn answer_of(instance: &BenchInstance, problem: &Problem, starts: &[i64]) -> Answer {
    let places = matched_tasks(instance, problem);
    let number = |place: i64| instance.tasks.get(usize::try_from(place).ok()?).map(|it| it.id);
    let entries = places.into_iter().zip(starts).map(|(place, &start)| super::answer::Entry {
        task: number(place),
        start: Some(start),
        words: start.to_string(),
    });
    let whole = Answer::of_starts(instance, &[]);
    Answer { entries: entries.collect(), ..whole }
}

/// What the judge says, one line per violation.
pub fn report(violations: &[Violation]) -> String {
    match violations {
        [] => "feasible".to_owned(),
        _ => violations.iter().map(Violation::describe).collect::<Vec<_>>().join("\n"),
    }
}

/// Reads a problem that was written as `ordine/problem/1`.
///
/// # Errors
/// What is wrong with it, with positions.
pub fn read_written(text: &str) -> Result<Problem, String> {
    // What stands around the object, such as a fence, is no mistake.
    let begin = text.find('{').unwrap_or(0);
    let end = text.rfind('}').map_or(text.len(), |end| end + 1).max(begin);
    let text = Text::new("problem.json", &text.as_bytes()[begin..end])
        .map_err(|error| error.to_string())?;
    read_problem(&text).map(|read| read.0).map_err(|diagnostics| diagnostics.to_string())
}

fn problem_of(value: &Value) -> Result<Problem, String> {
    let problem = value.get("problem").ok_or("expected `problem`, found none")?;
    match problem {
        Value::String(text) => read_written(text),
        other => read_written(&other.to_string()),
    }
}

fn earliest_start(instance: &BenchInstance, value: &Value) -> Result<String, String> {
    let id = value.get("task").and_then(Value::as_i64).ok_or("expected `task`, an integer")?;
    let place = instance.place_of(id).ok_or_else(|| format!("expected a task, found {id}"))?;
    let partial = value.get("partial").cloned().unwrap_or_else(|| json!([]));
    let partial = read_answer(&json!({"schedule": partial}).to_string(), false);
    let fixed: Vec<(i64, i64)> =
        partial.entries.iter().filter_map(|it| Some((it.task?, it.start?))).collect();
    if fixed.len() > instance.tasks.len() {
        return Err("expected each task once in `partial`".to_owned());
    }
    let task = &instance.tasks[place];
    let judged = |start: i64| {
        let mut starts = fixed.clone();
        starts.retain(|it| it.0 != id);
        starts.push((id, start));
        let entries = starts.iter().map(|&(task, start)| super::answer::Entry {
            task: Some(task),
            start: Some(start),
            words: String::new(),
        });
        let answer = Answer { entries: entries.collect(), ..Answer::of_starts(instance, &[]) };
        violations(instance, &answer).iter().all(|it| !it.tasks.contains(&id))
    };
    let last = task.deadline.min(instance.horizon) - task.duration;
    let found = (task.release..=last.min(task.release + 20_000)).find(|&start| judged(start));
    found.map_or_else(|| Ok("none".to_owned()), |start| Ok(start.to_string()))
}

fn explain(problem: &Problem) -> Result<String, String> {
    let stop = FirstOf::default();
    let mut trials = Trials::new(problem, &stop, &FrozenClock, Some(20 * TOOL_WORK), TRIAL_WORK);
    Ok(match trials.diagnose() {
        Diagnosis::Feasible(_) => "there is a schedule".to_owned(),
        Diagnosis::Unknown => "not known within the budget".to_owned(),
        Diagnosis::Infeasible(conflict) => {
            let words = conflict.constraints.iter().map(|it| it.describe(problem));
            words.collect::<Vec<_>>().join("\n")
        }
    })
}

/// Why an instance has no schedule: constraints that cannot hold together, none of which can be
/// missed; empty where there is a schedule, and `None` when the budget was too small.
///
/// # Errors
/// When the precedences form a cycle.
pub fn conflict(instance: &BenchInstance) -> Result<Option<Vec<String>>, String> {
    let problem = lower(instance).map_err(|error| error.to_string())?;
    let stop = FirstOf::default();
    let mut trials = Trials::new(&problem, &stop, &FrozenClock, None, TRIAL_WORK);
    Ok(match trials.diagnose() {
        Diagnosis::Feasible(_) => Some(Vec::new()),
        Diagnosis::Unknown => None,
        Diagnosis::Infeasible(conflict) => {
            Some(conflict.constraints.iter().map(|it| it.describe(&problem)).collect())
        }
    })
}
