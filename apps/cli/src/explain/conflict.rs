//! Why there is no schedule, and the cheapest way to have one.
//!
//! **Source:** -

use super::tell::{ConstraintWire, EaseWire};
use super::{Session, Told, json};
use crate::exit::{Exit, Failure};
use crate::report::rounded;
use ordine_base::Clock;
use ordine_problem::Problem;
use ordine_solve::ConstraintId;
use ordine_solve::explain::{Conflict, Diagnosis, Repair, Repairs, ease};
use serde::Serialize;

/// Most constraints of a conflict that are printed for people; programs get all.
const CONSTRAINTS_MAX: usize = 20;

/// Most relaxations that are printed for people; programs get all.
const REPAIRS_MAX: usize = 6;

#[derive(Serialize)]
struct Line<'a> {
    instance: &'a str,
    status: &'static str,
    #[serde(flatten)]
    conflict: Option<ConflictWire>,
    questions: usize,
    work: u64,
    wall_s: f64,
}

/// A conflict with the ways out of it, for programs.
#[derive(Serialize)]
pub struct ConflictWire {
    conflict: Vec<ConstraintWire>,
    minimal: bool,
    open: Vec<ConstraintWire>,
    relaxations: Vec<RepairWire>,
    cheapest_proved: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    kept_conflict: bool,
}

#[derive(Serialize)]
struct RepairWire {
    eases: Vec<EaseWire>,
    cost: i64,
    least: bool,
    makespan: i64,
    checked: bool,
}

impl ConflictWire {
    /// Everything in words.
    pub fn new(problem: &Problem, conflict: &Conflict, repairs: &Repairs) -> Self {
        let wire = |it: &ConstraintId| ConstraintWire::new(problem, *it);
        let repair = |it: &Repair| RepairWire {
            eases: it.eases.iter().map(|ease| EaseWire::new(problem, ease)).collect(),
            cost: it.cost,
            least: it.is_least,
            makespan: it.judged.first(),
            checked: true,
        };
        ConflictWire {
            conflict: conflict.constraints.iter().map(wire).collect(),
            minimal: conflict.is_minimal(),
            open: conflict.open.iter().map(wire).collect(),
            relaxations: repairs.found.iter().map(repair).collect(),
            cheapest_proved: repairs.is_complete && repairs.found.iter().all(|it| it.is_least),
            kept_conflict: repairs.is_hopeless,
        }
    }

    /// Lines for people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.conflict_lines();
        lines.extend(self.repair_lines());
        lines
    }

    fn conflict_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match (self.conflict.len(), self.minimal) {
            (0, _) => {
                let words = "what has happened and the tasks themselves leave no schedule; there \
                             is no constraint to relax";
                lines.push(format!("  conflict   {words}"));
            }
            (1, true) => lines.push("  conflict   one constraint cannot hold:".to_owned()),
            (count, true) => lines.push(format!(
                "  conflict   {count} constraints cannot hold together; without any one of them \
                 the others can:"
            )),
            (count, false) => lines.push(format!(
                "  conflict   {count} constraints cannot hold together; not proved minimal within \
                 the budget, some may have nothing to do with it:"
            )),
        }
        let told = self.conflict.iter().take(CONSTRAINTS_MAX);
        lines.extend(told.map(|it| format!("    {}", it.line())));
        let hidden = self.conflict.len().saturating_sub(CONSTRAINTS_MAX);
        if hidden > 0 {
            lines.push(format!("    … and {hidden} more; --json lists all"));
        }
        if !self.open.is_empty() {
            let count = self.open.len();
            lines.push(format!(
                "  open       of {count} of them it was not shown that they are needed"
            ));
            if count <= CONSTRAINTS_MAX && count < self.conflict.len() {
                lines.extend(self.open.iter().map(|it| format!("    {}", it.line())));
            }
        }
        lines
    }

    fn repair_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.kept_conflict {
            let words = "none: constraints that --keep forbids to relax are a conflict";
            lines.push(format!("  relaxation {words}"));
        }
        for (place, it) in self.relaxations.iter().take(REPAIRS_MAX).enumerate() {
            let label = if place == 0 { "cheapest" } else { "or" };
            let eases: Vec<String> = it.eases.iter().map(EaseWire::line).collect();
            let least = if it.least { "" } else { "; less was not excluded" };
            lines.push(format!("  {label:<10} {}", eases.join(", and ")));
            lines.push(format!(
                "             cost {}; the judge accepts a schedule of makespan {}{least}",
                it.cost, it.makespan
            ));
        }
        let hidden = self.relaxations.len().saturating_sub(REPAIRS_MAX);
        if hidden > 0 {
            lines.push(format!("  … and {hidden} more; --json lists all"));
        }
        let is_known = self.cheapest_proved || self.kept_conflict || self.conflict.is_empty();
        if !is_known {
            let words = match self.relaxations.is_empty() {
                true => "none was found within the budget; --time SECONDS gives more",
                false => "others were not excluded within the budget",
            };
            lines.push(format!("  relaxation {words}"));
        }
        lines
    }
}

/// Explains why there is no schedule, or that there is one.
pub fn explain(session: &mut Session<'_>, problem: &Problem) -> Result<Told, Failure> {
    let (trials, diagnosis, repairs) = session.unravel(problem);
    let mut line = Line {
        instance: problem.name(),
        status: "unknown",
        conflict: None,
        questions: 0,
        work: 0,
        wall_s: 0.0,
    };
    let (exit, mut lines, repair) = match &diagnosis {
        Diagnosis::Feasible(_) => {
            line.status = "feasible";
            let words = "there is a schedule, so nothing to relax; `ordine solve` finds good ones, \
                         and with a schedule there is more to ask: `ordine explain --help`";
            (Exit::Done, vec![format!("  answer     {words}")], None)
        }
        Diagnosis::Unknown => {
            let words = "neither a schedule nor a proof that there is none within the budget; \
                         --time SECONDS gives more";
            (Exit::NothingFound, vec![format!("  answer     {words}")], None)
        }
        Diagnosis::Infeasible(conflict) => {
            line.status = "infeasible";
            let wire = ConflictWire::new(problem, conflict, &repairs);
            let lines = wire.lines();
            line.conflict = Some(wire);
            (Exit::Infeasible, lines, repairs.found.into_iter().next())
        }
    };
    (line.questions, line.work) = (trials.asked(), trials.work());
    line.wall_s = rounded(session.clock.elapsed(), 1e3);
    lines.insert(0, format!("{}: {}", problem.name(), line.status));
    lines.push(format!("  run        {} questions, {:.2} s", line.questions, line.wall_s));
    if let Some(repair) = repair {
        let eased = repair.eases.iter().map(|it| (it.constraint, it.by)).collect();
        if let Ok(eased) = ease(problem, &eased) {
            session.write(&eased, &repair.schedule, &repair.judged)?;
        }
    }
    Ok(Told { json: json(&line), lines, exit })
}
