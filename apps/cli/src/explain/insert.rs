//! Where new jobs do the least damage.
//!
//! **Source:** see `ordine_solve::explain`.

use super::tell::{PlaceWire, damage, signed};
use super::{Session, Told, json};
use crate::exit::{Exit, Failure};
use crate::inputs;
use ordine_base::Cost;
use ordine_problem::{Problem, Schedule, TaskId};
use ordine_solve::explain::{Placing, more_work, without_moves};
use ordine_wire::change::{Change, read_changes};
use ordine_wire::{Found, Text};
use serde::Serialize;
use std::path::Path;

/// Most places that are printed for people; programs get all that differ.
const PLACES_MAX: usize = 5;

#[derive(Serialize)]
struct Line<'a> {
    instance: &'a str,
    objective_before: Vec<i64>,
    without_moves: Option<PlacingWire<'a>>,
    places: Vec<PlacingWire<'a>>,
}

#[derive(Serialize)]
struct PlacingWire<'a> {
    start: i64,
    end: i64,
    objective: Vec<i64>,
    damage: Vec<i64>,
    moved: Vec<&'a str>,
    tasks: Vec<PlaceWire<'a>>,
    checked: bool,
}

/// The problem with the new jobs of a change file.
///
/// # Errors
/// When the file cannot be read, or says anything but new jobs.
pub fn with_jobs(path: &Path, problem: &Problem, found: &Found) -> Result<Problem, Failure> {
    let bytes = inputs::bytes(path)?;
    let name = path.display().to_string();
    let text = Text::new(name.clone(), &bytes);
    let text = text.map_err(|it| Failure::bad_input(it.to_string()))?;
    let file = read_changes(&text, problem, &found.scale)?;
    if file.changes.is_empty() || file.changes.iter().any(|it| *it != Change::NewJob) {
        let expected = "expected changes `new-job` and no others";
        return Err(Failure::bad_input(format!("{name}: {expected}; `ordine replan` takes those")));
    }
    Ok(file.problem)
}

/// Explains where the tasks of `extended` that the schedule lacks do the least damage.
pub fn explain(
    session: &mut Session<'_>,
    problem: &Problem,
    extended: &Problem,
    schedule: &Schedule,
) -> Result<Told, Failure> {
    let stop = &mut || session.is_over();
    let still = without_moves(extended, schedule, stop);
    let mut places = more_work(extended, schedule, stop);
    // What moves nothing is among the places where it is as good.
    places.extend(still.clone());
    places.sort_by(|one, two| one.key().cmp(&two.key()));
    places.dedup_by(|one, two| one.schedule == two.schedule);
    let before = schedule.cost(problem);
    let new: Vec<TaskId> =
        extended.tasks().filter(|task| schedule.placement(*task).is_none()).collect();
    let wire = |it: &Placing| PlacingWire::new(extended, it, &before, &new);
    let record = Line {
        instance: problem.name(),
        objective_before: before.levels().to_vec(),
        without_moves: still.as_ref().map(wire),
        places: places.iter().map(wire).collect(),
    };
    let mut lines = vec![format!("{}: {} {before} before", problem.name(), problem.objective())];
    match &record.without_moves {
        Some(it) => lines.extend(it.lines("if nothing else moves")),
        None => lines.push("  if nothing else moves: it fits nowhere".to_owned()),
    }
    for it in record.places.iter().take(PLACES_MAX) {
        lines.extend(it.lines("possible"));
    }
    let Some(best) = places.first() else {
        lines.push("  no place was found for it: every order breaks a rule".to_owned());
        return Ok(Told { json: json(&record), lines, exit: Exit::NothingFound });
    };
    session.write(extended, &best.schedule, &best.cost)?;
    Ok(Told { json: json(&record), lines, exit: Exit::Done })
}

impl<'a> PlacingWire<'a> {
    fn new(problem: &'a Problem, it: &Placing, before: &Cost, new: &[TaskId]) -> Self {
        let place = |task: &TaskId| PlaceWire::new(problem, &it.schedule, *task);
        PlacingWire {
            start: it.start.get(),
            end: it.end.get(),
            objective: it.cost.levels().to_vec(),
            damage: damage(before, &it.cost),
            moved: it.moved.iter().map(|task| problem.task(*task).name.as_str()).collect(),
            tasks: new.iter().filter_map(place).collect(),
            checked: true,
        }
    }

    fn lines(&self, label: &str) -> Vec<String> {
        let moved = match &self.moved[..] {
            [] => "nothing else moves".to_owned(),
            [one] => format!("{one} moves"),
            several => format!("{} tasks move", several.len()),
        };
        let damage = signed(&self.damage);
        let head =
            format!("  {label}: from {} to {}, objective {damage}, {moved}", self.start, self.end);
        let tasks = self.tasks.iter().map(|it| format!("    {}", it.line()));
        std::iter::once(head).chain(tasks).collect()
    }
}
