//! What is minimized: a lexicographic list of weighted sums of measures.
//!
//! C is the end of a job (latest end of its tasks), r its release, d its due time, w its weight:
//! flow time `C - r`, lateness `L = C - d`, tardiness `T = max(0, L)`, late when `L > 0`. Jobs
//! without a due time are never late. The makespan is the latest end over all tasks.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (three-field notation).

use crate::{JobId, Problem};
use ordine_base::{Cost, IdVec, Time};
use std::fmt;
use std::str::FromStr;

/// One quantity of a schedule that can be minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Latest end over all tasks.
    Makespan,
    /// Sum of flow times.
    TotalFlowTime,
    /// Sum of weight × flow time.
    WeightedFlowTime,
    /// Sum of tardiness.
    TotalTardiness,
    /// Sum of weight × tardiness.
    WeightedTardiness,
    /// Largest tardiness.
    MaxTardiness,
    /// Largest lateness; may be negative.
    MaxLateness,
    /// Number of late jobs.
    NumberLate,
    /// Sum of the weights of late jobs.
    WeightedNumberLate,
}

impl Measure {
    /// Every measure with the name that the command line and files use.
    pub const NAMES: [(Measure, &'static str); 9] = [
        (Measure::Makespan, "makespan"),
        (Measure::TotalFlowTime, "total-flow-time"),
        (Measure::WeightedFlowTime, "weighted-flow-time"),
        (Measure::TotalTardiness, "total-tardiness"),
        (Measure::WeightedTardiness, "weighted-tardiness"),
        (Measure::MaxTardiness, "max-tardiness"),
        (Measure::MaxLateness, "max-lateness"),
        (Measure::NumberLate, "number-late"),
        (Measure::WeightedNumberLate, "weighted-number-late"),
    ];

    /// The name that the command line and files use.
    pub fn name(self) -> &'static str {
        let named = Measure::NAMES.iter().find(|(measure, _)| *measure == self);
        named.expect("every measure has a name").1
    }

    /// Whether it compares ends with due times.
    pub fn needs_due(self) -> bool {
        !matches!(self, Measure::Makespan | Measure::TotalFlowTime | Measure::WeightedFlowTime)
    }

    /// Value of one job that ends at `end`; `None` for the makespan and for jobs without due time.
    pub fn of_job(self, problem: &Problem, job: JobId, end: Time) -> Option<i64> {
        let data = problem.job(job);
        let flow_time = (end - data.release).get();
        let lateness = data.due.map(|due| (end - due).get());
        match self {
            Measure::Makespan => None,
            Measure::TotalFlowTime => Some(flow_time),
            Measure::WeightedFlowTime => Some(data.weight * flow_time),
            Measure::TotalTardiness | Measure::MaxTardiness => lateness.map(|late| late.max(0)),
            Measure::WeightedTardiness => lateness.map(|late| data.weight * late.max(0)),
            Measure::MaxLateness => lateness,
            Measure::NumberLate => lateness.map(|late| i64::from(late > 0)),
            Measure::WeightedNumberLate => lateness.map(|late| data.weight * i64::from(late > 0)),
        }
    }

    fn is_maximum(self) -> bool {
        matches!(self, Measure::MaxTardiness | Measure::MaxLateness)
    }

    fn evaluate(self, problem: &Problem, makespan: Time, job_ends: &IdVec<JobId, Time>) -> i64 {
        let values = job_ends.iter().filter_map(|(job, &end)| self.of_job(problem, job, end));
        match self {
            Measure::Makespan => makespan.get(),
            _ if self.is_maximum() => values.max().unwrap_or(0),
            _ => values.sum(),
        }
    }
}

/// A measure with its factor in a weighted sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Factor, at least 1.
    pub weight: i64,
    /// The measure.
    pub measure: Measure,
}

/// A lexicographic list of weighted sums, most important first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    levels: Vec<Vec<Term>>,
}

impl Objective {
    /// Minimizes one measure.
    pub fn single(measure: Measure) -> Self {
        Objective { levels: vec![vec![Term { weight: 1, measure }]] }
    }

    /// Minimizes weighted sums lexicographically; `None` when a level is empty or a weight < 1.
    pub fn from_levels(levels: Vec<Vec<Term>>) -> Option<Self> {
        let good =
            |level: &Vec<Term>| !level.is_empty() && level.iter().all(|term| term.weight >= 1);
        (!levels.is_empty() && levels.iter().all(good)).then_some(Objective { levels })
    }

    /// The levels, most important first.
    pub fn levels(&self) -> &[Vec<Term>] {
        &self.levels
    }

    /// Every term of every level.
    pub fn terms(&self) -> impl Iterator<Item = Term> {
        self.levels.iter().flatten().copied()
    }

    /// Whether it is the makespan and nothing else.
    pub fn is_makespan(&self) -> bool {
        self.levels.len() == 1
            && self.levels[0].len() == 1
            && self.levels[0][0].measure == Measure::Makespan
            && self.levels[0][0].weight == 1
    }

    /// Cost of ends: the latest end of all tasks, and the end of each job.
    ///
    /// Every measure is regular (never smaller when an end grows), so given lower bounds of the
    /// ends this is a lower bound of the cost. O(terms × jobs).
    pub fn evaluate(
        &self,
        problem: &Problem,
        makespan: Time,
        job_ends: &IdVec<JobId, Time>,
    ) -> Cost {
        let value = |term: &Term| term.weight * term.measure.evaluate(problem, makespan, job_ends);
        let levels: Vec<i64> =
            self.levels.iter().map(|level| level.iter().map(value).sum()).collect();
        Cost::from_levels(&levels)
    }
}

impl Default for Objective {
    /// The makespan.
    fn default() -> Self {
        Objective::single(Measure::Makespan)
    }
}

impl fmt::Display for Objective {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, level) in self.levels.iter().enumerate() {
            if position > 0 {
                formatter.write_str(",")?;
            }
            for (place, term) in level.iter().enumerate() {
                if place > 0 {
                    formatter.write_str("+")?;
                }
                if term.weight != 1 {
                    write!(formatter, "{}*", term.weight)?;
                }
                formatter.write_str(term.measure.name())?;
            }
        }
        Ok(())
    }
}

/// Why a text is no objective.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an objective such as `makespan`, `2*makespan+weighted-tardiness` or \
    `total-tardiness,makespan`, found `{found}`; measures are {}",
    Measure::NAMES.map(|named| named.1).join(", "))]
pub struct ObjectiveError {
    /// The part that could not be understood.
    pub found: String,
}

impl FromStr for Objective {
    type Err = ObjectiveError;

    fn from_str(text: &str) -> Result<Self, ObjectiveError> {
        let level = |part: &str| part.split('+').map(parse_term).collect::<Result<Vec<_>, _>>();
        let levels = text.split(',').map(level).collect::<Result<Vec<_>, _>>()?;
        Ok(Objective { levels })
    }
}

fn parse_term(text: &str) -> Result<Term, ObjectiveError> {
    let wrong = || ObjectiveError { found: text.trim().to_owned() };
    let (weight, name) = match text.split_once('*') {
        Some((weight, name)) => (weight.trim().parse().map_err(|_| wrong())?, name.trim()),
        None => (1, text.trim()),
    };
    let named = Measure::NAMES.iter().find(|named| named.1 == name).ok_or_else(wrong)?;
    if weight < 1 {
        return Err(wrong());
    }
    Ok(Term { weight, measure: named.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objectives_print_as_they_are_written() {
        for text in ["makespan", "2*makespan+weighted-tardiness", "total-tardiness,makespan"] {
            assert_eq!(text.parse::<Objective>().expect("valid").to_string(), text);
        }
        let spaced: Objective = "3 * makespan , number-late".parse().expect("valid");
        assert_eq!(spaced.to_string(), "3*makespan,number-late");
    }

    #[test]
    fn what_is_no_objective_is_named() {
        for (text, culprit) in
            [("", ""), ("makespann", "makespann"), ("0*makespan", "0*makespan"), ("makespan,", "")]
        {
            let error = text.parse::<Objective>().expect_err("invalid");
            assert_eq!(error.found, culprit, "{text}");
        }
    }
}
