//! `ordine check`: the independent judge on a schedule from anywhere.
//!
//! **Source:** -

use crate::arguments::CheckArguments;
use crate::exit::{Exit, Failure, say};
use crate::inputs;
use crate::report::Levels;
use ordine_base::Cost;
use ordine_check::{Violation, check, check_claim};
use ordine_problem::Problem;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Line<'a> {
    instance: &'a str,
    feasible: bool,
    objective: Option<Levels<'a>>,
    claimed: Option<Levels<'a>>,
    violations: Vec<ViolationWire>,
}

#[derive(Serialize)]
struct ViolationWire {
    kind: &'static str,
    message: String,
}

/// Judges the schedule that the arguments name.
///
/// # Errors
/// When instance or schedule cannot be read, or the verdict cannot be printed.
pub fn run(arguments: &CheckArguments) -> Result<Exit, Failure> {
    let found = inputs::read_single(&arguments.file, arguments.format.as_deref())?;
    let problem = inputs::problem_of(&found, arguments.objective.as_ref())?;
    let file = inputs::schedule(&arguments.schedule, &problem)?;
    if !file.instance.is_empty() && file.instance != problem.name() {
        let (schedule, made_for) = (arguments.schedule.display(), &file.instance);
        let name = problem.name();
        say("warning", &format!("{schedule}: made for {made_for}, judged against {name}"));
    }
    let verdict = match &file.objective {
        Some(claimed) => check_claim(&problem, &file.schedule, claimed),
        None => check(&problem, &file.schedule),
    };
    let text = match arguments.json {
        true => json(&problem, &verdict, file.objective.as_ref()),
        false => words(&problem, &verdict),
    };
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(if verdict.is_ok() { Exit::Done } else { Exit::Infeasible })
}

type Verdict = Result<Cost, Vec<Violation>>;

fn json(problem: &Problem, verdict: &Verdict, claimed: Option<&Cost>) -> String {
    let violations = verdict.as_ref().err().into_iter().flatten();
    let wire = |it: &Violation| ViolationWire { kind: it.word(), message: it.describe(problem) };
    let line = Line {
        instance: problem.name(),
        feasible: verdict.is_ok(),
        objective: verdict.as_ref().ok().map(Levels::from),
        claimed: claimed.map(Levels::from),
        violations: violations.map(wire).collect(),
    };
    serde_json::to_string(&line).expect("records of strings and numbers are always JSON")
}

fn words(problem: &Problem, verdict: &Verdict) -> String {
    let (name, objective) = (problem.name(), problem.objective());
    match verdict {
        Ok(cost) => format!("{name}: feasible, {objective} {cost}"),
        Err(violations) => {
            let noun = if violations.len() == 1 { "violation" } else { "violations" };
            let mut text = format!("{name}: {} {noun}", violations.len());
            for violation in violations {
                text.push_str(&format!("\n  {}", violation.describe(problem)));
            }
            if matches!(violations[..], [Violation::WrongCost { .. }]) {
                text.push_str("\n  feasible otherwise: was it made under another --objective?");
            }
            text
        }
    }
}
