//! `ordine check`: the independent judge on a schedule from anywhere.
//!
//! **Source:** -

use crate::arguments::CheckArguments;
use crate::exit::{Exit, Failure};
use crate::inputs;
use crate::report::{Levels, ViolationWire};
use crate::terminal;
use crate::variants;
use ordine_base::Cost;
use ordine_check::{Violation, check, check_claim};
use ordine_problem::Problem;
use ordine_wire::visible_json;
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

/// Judges the schedule that the arguments name.
///
/// # Errors
/// When instance or schedule cannot be read, or the verdict cannot be printed.
pub fn run(arguments: &CheckArguments) -> Result<Exit, Failure> {
    let found = inputs::read_single(&arguments.file, arguments.format.as_deref())?;
    let problem = variants::problem_of(&found, &arguments.added, arguments.objective.as_ref())?;
    let file = inputs::schedule(&arguments.schedule, &problem)?;
    inputs::warn_foreign(&arguments.schedule, &file, &problem, "judged against");
    let verdict = match &file.objective {
        Some(claimed) => check_claim(&problem, &file.schedule, claimed),
        None => check(&problem, &file.schedule),
    };
    let mut stdout = io::stdout().lock();
    match arguments.json {
        true => {
            let line = json(&problem, &verdict, file.objective.as_ref());
            writeln!(stdout, "{}", visible_json(&line))?;
        }
        false => terminal::write_lines(&mut stdout, &words(&problem, &verdict))?,
    }
    stdout.flush()?;
    Ok(if verdict.is_ok() { Exit::Done } else { Exit::Infeasible })
}

type Verdict = Result<Cost, Vec<Violation>>;

fn json(problem: &Problem, verdict: &Verdict, claimed: Option<&Cost>) -> String {
    let violations = verdict.as_ref().err().into_iter().flatten();
    let wire = |it: &Violation| ViolationWire::new(problem, it);
    let line = Line {
        instance: problem.name(),
        feasible: verdict.is_ok(),
        objective: verdict.as_ref().ok().map(Levels::from),
        claimed: claimed.map(Levels::from),
        violations: violations.map(wire).collect(),
    };
    serde_json::to_string(&line).expect("records of strings and numbers are always JSON")
}

fn words(problem: &Problem, verdict: &Verdict) -> Vec<String> {
    let (name, objective) = (problem.name(), problem.objective());
    match verdict {
        Ok(cost) => vec![format!("{name}: feasible, {objective} {cost}")],
        Err(violations) => {
            let noun = if violations.len() == 1 { "violation" } else { "violations" };
            let mut lines = vec![format!("{name}: {} {noun}", violations.len())];
            lines.extend(violations.iter().map(|it| format!("  {}", it.describe(problem))));
            if matches!(violations[..], [Violation::WrongCost { .. }]) {
                let hint = "  feasible otherwise: was it made under another --objective?";
                lines.push(hint.to_owned());
            }
            lines
        }
    }
}
