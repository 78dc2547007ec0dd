//! What is minimized: a lexicographic list of weighted sums of measures.
//!
//! A level can have a tolerance: once it is settled, later levels may worsen it by that much. A
//! floor says so to an engine: below it, schedules are equally good on that level.
//!
//! **Source:** lexicographic goal programming: Ignizio 1976; tolerances as in Gurobi's
//! hierarchical objectives.

use crate::{JobId, Measure, Problem};
use ordine_base::{Cost, IdVec, Time};
use std::fmt;
use std::str::FromStr;

/// A measure with its factor in a weighted sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Factor, at least 1.
    pub weight: i64,
    /// The measure.
    pub measure: Measure,
}

/// How much a level may be worsened for the sake of those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// By this much, at least 0.
    Absolute(i64),
    /// By this percentage of its best value, at least 0, rounded down.
    Percent(i64),
}

impl Tolerance {
    /// Not at all.
    pub const NONE: Tolerance = Tolerance::Absolute(0);

    /// The largest value that is as good as `best` to later levels.
    pub fn above(self, best: i64) -> i64 {
        match self {
            Tolerance::Absolute(amount) => best.saturating_add(amount),
            Tolerance::Percent(percent) => {
                let share = i128::from(best.abs()) * i128::from(percent) / 100;
                best.saturating_add(i64::try_from(share).unwrap_or(i64::MAX))
            }
        }
    }

    fn is_valid(self) -> bool {
        let (Tolerance::Absolute(amount) | Tolerance::Percent(amount)) = self;
        amount >= 0
    }
}

/// One weighted sum of an objective.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// What is added up; not empty.
    pub terms: Vec<Term>,
    /// How much later levels may worsen it.
    pub tolerance: Tolerance,
    /// Value below which it does not count, for engines that settle level by level.
    pub floor: Option<i64>,
}

impl Level {
    /// The sum of these terms, without tolerance.
    pub fn of(terms: Vec<Term>) -> Self {
        Level { terms, tolerance: Tolerance::NONE, floor: None }
    }

    /// What counts of this value of the sum.
    pub fn counted(&self, value: i64) -> i64 {
        self.floor.map_or(value, |floor| value.max(floor))
    }
}

/// A lexicographic list of weighted sums, most important first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    levels: Vec<Level>,
}

impl Objective {
    /// Minimizes one measure.
    pub fn single(measure: Measure) -> Self {
        Objective { levels: vec![Level::of(vec![Term { weight: 1, measure }])] }
    }

    /// Minimizes weighted sums lexicographically; `None` when there is no level, a level is empty,
    /// a weight is below 1 or a tolerance below 0.
    pub fn from_levels(levels: Vec<Level>) -> Option<Self> {
        let good = |level: &Level| {
            let positive = level.terms.iter().all(|term| term.weight >= 1);
            !level.terms.is_empty() && positive && level.tolerance.is_valid()
        };
        (!levels.is_empty() && levels.iter().all(good)).then_some(Objective { levels })
    }

    /// The levels, most important first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Every term of every level.
    pub fn terms(&self) -> impl Iterator<Item = Term> {
        self.levels.iter().flat_map(|level| &level.terms).copied()
    }

    /// Whether it is the makespan and nothing else.
    pub fn is_makespan(&self) -> bool {
        let [level] = &self.levels[..] else { return false };
        level.floor.is_none()
            && matches!(level.terms[..], [Term { weight: 1, measure: Measure::Makespan }])
    }

    /// Whether some level but the last has a tolerance.
    pub fn has_tolerance(&self) -> bool {
        let (_, before) = self.levels.split_last().expect("an objective has a level");
        before.iter().any(|level| level.tolerance.above(100) > 100)
    }

    /// The same objective with this floor under a level.
    ///
    /// # Panics
    /// When there is no such level.
    pub fn with_floor(mut self, level: usize, floor: i64) -> Self {
        self.levels[level].floor = Some(floor);
        self
    }

    /// Cost of ends: the latest end of all tasks, and the end of each job.
    ///
    /// Measures that are not regular count as 0, which they are never below; so given lower bounds
    /// of the ends this is a lower bound of the cost, but for terms of earliness. O(terms × jobs).
    pub fn evaluate(
        &self,
        problem: &Problem,
        makespan: Time,
        job_ends: &IdVec<JobId, Time>,
    ) -> Cost {
        let value = |term: &Term| match term.measure.is_regular() {
            true => term.weight * term.measure.of_ends(problem, makespan, job_ends),
            false => 0,
        };
        let counted = |level: &Level| level.counted(level.terms.iter().map(value).sum());
        Cost::from_levels(&self.levels.iter().map(counted).collect::<Vec<i64>>())
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
            for (place, term) in level.terms.iter().enumerate() {
                if place > 0 {
                    formatter.write_str("+")?;
                }
                if term.weight != 1 {
                    write!(formatter, "{}*", term.weight)?;
                }
                formatter.write_str(term.measure.name())?;
            }
            match level.tolerance {
                Tolerance::Absolute(0) => {}
                Tolerance::Absolute(amount) => write!(formatter, "~{amount}")?,
                Tolerance::Percent(percent) => write!(formatter, "~{percent}%")?,
            }
        }
        Ok(())
    }
}

/// Why a text is no objective.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an objective such as `makespan`, `2*makespan+weighted-tardiness` or \
    `total-tardiness~5%,makespan`, found `{found}`; measures are {}",
    Measure::NAMES.map(|named| named.1).join(", "))]
pub struct ObjectiveError {
    /// The part that could not be understood.
    pub found: String,
}

impl FromStr for Objective {
    type Err = ObjectiveError;

    fn from_str(text: &str) -> Result<Self, ObjectiveError> {
        let levels = text.split(',').map(parse_level).collect::<Result<Vec<_>, _>>()?;
        Ok(Objective { levels })
    }
}

fn parse_level(text: &str) -> Result<Level, ObjectiveError> {
    let (sum, tolerance) = match text.split_once('~') {
        None => (text, Tolerance::NONE),
        Some((sum, tolerance)) => (sum, parse_tolerance(tolerance.trim())?),
    };
    let terms = sum.split('+').map(parse_term).collect::<Result<Vec<Term>, _>>()?;
    Ok(Level { tolerance, ..Level::of(terms) })
}

fn parse_tolerance(text: &str) -> Result<Tolerance, ObjectiveError> {
    let wrong = || ObjectiveError { found: format!("~{text}") };
    let tolerance = match text.strip_suffix('%') {
        Some(percent) => Tolerance::Percent(percent.trim().parse().map_err(|_| wrong())?),
        None => Tolerance::Absolute(text.parse().map_err(|_| wrong())?),
    };
    if tolerance.is_valid() { Ok(tolerance) } else { Err(wrong()) }
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
        for text in [
            "makespan",
            "2*makespan+weighted-tardiness",
            "total-tardiness~5%,makespan~10,penalties",
        ] {
            assert_eq!(text.parse::<Objective>().expect("valid").to_string(), text);
        }
        let spaced: Objective = "3 * makespan , number-late".parse().expect("valid");
        assert_eq!(spaced.to_string(), "3*makespan,number-late");
    }

    #[test]
    fn what_is_no_objective_is_named() {
        for (text, culprit) in [
            ("", ""),
            ("makespann", "makespann"),
            ("0*makespan", "0*makespan"),
            ("makespan,", ""),
            ("makespan~-1,penalties", "~-1"),
            ("makespan~x%", "~x%"),
        ] {
            let error = text.parse::<Objective>().expect_err("invalid");
            assert_eq!(error.found, culprit, "{text}");
        }
    }
}
