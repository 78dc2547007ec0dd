//! What would become of a schedule: the wishes hold, and as few tasks as possible move.
//!
//! **Source:** minimal perturbation: El Sakkout, Wallace 2000.

use super::conflict::ConflictWire;
use super::tell::{PlaceWire, damage, signed};
use super::{Session, Told, json, wishes};
use crate::exit::{Exit, Failure};
use crate::run::{Run, judge, workers};
use ordine_base::Cost;
use ordine_problem::{Problem, Schedule, TaskId};
use ordine_replan::{Aim, Difference, Replan, difference, replan};
use ordine_solve::explain::Diagnosis;
use ordine_solve::{Outcome, recipe_named};
use serde::Serialize;

/// Most moves that are printed for people; programs get all.
const MOVES_MAX: usize = 40;

#[derive(Serialize)]
struct Line<'a> {
    instance: &'a str,
    status: &'static str,
    wishes: &'a str,
    /// Whether it is proved that no plan moves fewer tasks.
    fewest_moves: bool,
    checked: bool,
    objective_before: Option<Vec<i64>>,
    objective: Option<Vec<i64>>,
    objective_change: Option<Vec<i64>>,
    moves: Vec<MoveWire<'a>>,
    left_out: Vec<&'a str>,
    unmoved: usize,
    #[serde(flatten)]
    conflict: Option<ConflictWire>,
}

#[derive(Serialize)]
struct MoveWire<'a> {
    #[serde(flatten)]
    place: PlaceWire<'a>,
    start_before: i64,
    end_before: i64,
    mode_before: usize,
    mode: usize,
}

/// Explains what the wishes would change.
pub fn explain(
    session: &mut Session<'_>,
    problem: &Problem,
    schedule: &Schedule,
    text: &str,
) -> Result<Told, Failure> {
    let wished = wishes::read(problem, text)?;
    let now = wished.problem.now();
    let plan = replan(&wished.problem, schedule, now, &wished.changes, &Aim::Keep);
    let plan = plan.map_err(|error| Failure::bad_input(format!("--what-if: {error}")))?;
    let solver = recipe_named("auto").expect("the default recipe exists");
    let run = Run {
        solver: &*solver,
        seed: 1,
        workers: workers(None),
        work: session.arguments.work,
        memory: None,
        stop: &session.stop,
        clock: &session.clock,
        trace: None,
        recorder: None,
        quiet: true,
        verbose: false,
    };
    let ended = run.search(&plan.problem, Some(&plan.start))?;
    judge(&plan.problem, &ended.outcome)?;
    let mut line = Line {
        instance: problem.name(),
        status: ended.outcome.word(),
        wishes: text,
        fewest_moves: matches!(ended.outcome, Outcome::Optimal { .. }),
        checked: ended.outcome.best().is_some(),
        objective_before: None,
        objective: None,
        objective_change: None,
        moves: Vec::new(),
        left_out: Vec::new(),
        unmoved: 0,
        conflict: None,
    };
    let head = format!("{}: what if {text}", problem.name());
    let Some((new, _)) = ended.outcome.best() else {
        return Ok(without_plan(session, &plan, &ended.outcome, line, head));
    };
    let differs = difference(&wished.problem, schedule, &plan, new);
    // The old schedule under the old problem: there the wishes cost nothing yet.
    let before = old_cost(problem, &plan, schedule);
    line.objective_before = Some(before.levels().to_vec());
    line.objective = differs.after.as_ref().map(|cost| cost.levels().to_vec());
    line.objective_change = differs.after.as_ref().map(|after| damage(&before, after));
    line.fewest_moves |= ended.figures.bound.first() == differs.moves.len() as i64;
    line.fill(&plan, new, &differs, problem);
    let lines = std::iter::once(head).chain(line.lines(&before)).collect();
    let cost = differs.after.unwrap_or_else(|| new.cost(&plan.problem));
    let json = json(&line);
    session.write(&plan.problem, new, &cost)?;
    Ok(Told { json, lines, exit: Exit::Done })
}

fn old_cost(problem: &Problem, plan: &Replan, schedule: &Schedule) -> Cost {
    let measured = problem.with(|builder| {
        builder.objective(plan.objective.clone());
        Ok(())
    });
    schedule.cost(measured.as_ref().unwrap_or(problem))
}

/// There is no plan in which the wishes hold, or none was found.
fn without_plan(
    session: &Session<'_>,
    plan: &Replan,
    outcome: &Outcome<Schedule>,
    mut line: Line<'_>,
    head: String,
) -> Told {
    let mut lines = vec![head];
    let (_, diagnosis, repairs) = session.unravel(&plan.problem);
    let is_known = matches!(outcome, Outcome::Infeasible { .. });
    match diagnosis {
        Diagnosis::Infeasible(conflict) => {
            let wire = ConflictWire::new(&plan.problem, &conflict, &repairs);
            line.status = "infeasible";
            lines.push("  plan       there is none".to_owned());
            lines.extend(wire.lines());
            line.conflict = Some(wire);
        }
        _ if is_known => lines.push("  plan       there is none".to_owned()),
        _ => lines.push("  plan       none was found within the budget".to_owned()),
    }
    let exit = match line.status {
        "infeasible" => Exit::Infeasible,
        _ => Exit::NothingFound,
    };
    Told { json: json(&line), lines, exit }
}

impl<'a> Line<'a> {
    fn fill(
        &mut self,
        plan: &'a Replan,
        new: &Schedule,
        difference: &Difference,
        problem: &'a Problem,
    ) {
        let moved = difference.moves.iter().filter_map(|it| {
            Some(MoveWire {
                place: PlaceWire::new(&plan.problem, new, it.task)?,
                start_before: it.from.start.get(),
                end_before: it.from.end.get(),
                mode_before: it.mode_before,
                mode: it.mode_after,
            })
        });
        self.moves = moved.collect();
        let name = |task: &TaskId| problem.task(plan.origins[*task]).name.as_str();
        self.left_out = difference.left_out.iter().map(name).collect();
        self.unmoved = difference.unmoved;
    }

    fn lines(&self, before: &Cost) -> Vec<String> {
        let mut lines = Vec::new();
        if let (Some(objective), Some(change)) = (&self.objective, &self.objective_change) {
            let after = Cost::from_levels(objective);
            lines.push(format!("  objective  {before} -> {after} ({})", signed(change)));
        }
        let fewest = match self.fewest_moves {
            true => "no plan moves fewer",
            false => "that fewer suffice was not excluded within the budget",
        };
        let (moves, unmoved) = (self.moves.len(), self.unmoved);
        lines.push(format!("  moves      {moves} tasks, {unmoved} stay; {fewest}"));
        for it in self.moves.iter().take(MOVES_MAX) {
            lines.push(format!(
                "  {}  (was {} to {})",
                it.place.line(),
                it.start_before,
                it.end_before
            ));
        }
        let hidden = self.moves.len().saturating_sub(MOVES_MAX);
        if hidden > 0 {
            lines.push(format!("  … and {hidden} more; --json lists all"));
        }
        if !self.left_out.is_empty() {
            lines.push(format!("  left out   {}", self.left_out.join(", ")));
        }
        lines
    }
}
