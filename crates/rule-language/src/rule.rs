//! Rules in text form, and as rules of a world.
//!
//! Levels are compared in turn: `max(t + p, d) then p` breaks ties of the first by the second. The
//! world knows one score per candidate, so the score of a rule of several levels is the number of
//! candidates that come before. State is told over the candidates that are allowed.
//! O(nodes × candidates) per decision, and a sort with several levels.
//!
//! **Source:** Panwalkar, Iskander 1977 (combinations of rules).

use crate::compile::reads_only;
use crate::parse::parse;
use crate::{CompileError, Field, Limits, ParseError, Program, Scratch, Table, Tree, canonical};
use ordine_world::{Candidate, Observation, Rule, RuleKind, rule_named};
use std::fmt::{Display, Formatter};
use std::str::FromStr;

/// A rule of the language, `ordine/rule/1`.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleText {
    levels: Vec<Tree>,
}

impl RuleText {
    /// The rule of one expression.
    pub fn of(tree: Tree) -> Self {
        RuleText { levels: vec![tree] }
    }

    /// Reads a rule within limits of your own.
    ///
    /// # Errors
    /// When the text is none, or too large.
    pub fn read(text: &str, limits: Limits) -> Result<Self, ParseError> {
        Ok(RuleText { levels: parse(text, limits)? })
    }

    /// Its expressions; each breaks the ties of those before.
    pub fn levels(&self) -> &[Tree] {
        &self.levels
    }

    /// The canonical form.
    pub fn canonical(&self) -> Self {
        RuleText { levels: self.levels.iter().map(canonical).collect() }
    }

    /// How many nodes it has.
    pub fn nodes(&self) -> usize {
        self.levels.iter().map(Tree::nodes).sum()
    }

    /// Checks that it reads none but these fields and names no other rule.
    ///
    /// # Errors
    /// The first name that is wrong.
    pub fn reads_only(&self, fields: &[Field]) -> Result<(), CompileError> {
        self.levels.iter().try_for_each(|tree| reads_only(tree, fields))
    }

    /// One program per level, for rules that name no other.
    ///
    /// # Errors
    /// When it names another rule.
    pub fn programs(&self) -> Result<Vec<Program>, CompileError> {
        self.levels.iter().map(|tree| Program::compile(tree, &[])).collect()
    }
}

impl FromStr for RuleText {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        RuleText::read(text, Limits::default())
    }
}

impl Display for RuleText {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        for (place, level) in self.levels.iter().enumerate() {
            if place > 0 {
                formatter.write_str(" then ")?;
            }
            write!(formatter, "{level}")?;
        }
        Ok(())
    }
}

/// A rule of the library that scores candidates.
#[derive(Clone, Copy)]
struct Named {
    name: &'static str,
    rule: &'static dyn Rule,
}

impl std::fmt::Debug for Named {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// The rule of the library of this name; rules that order everything at once have no scores.
fn scoring(name: &str) -> Option<Named> {
    let named = rule_named(name)?;
    match named.kind {
        RuleKind::Scores(rule) => Some(Named { name: named.name, rule }),
        RuleKind::Orders(_) => None,
    }
}

/// A rule of the language that decides in a world.
#[derive(Clone, Debug)]
pub struct ExpressionRule {
    text: RuleText,
    programs: Vec<Program>,
    /// Rules of the library that it names.
    named: Vec<Named>,
    /// Tasks of the instance.
    tasks: usize,
}

impl ExpressionRule {
    /// Compiles a rule; the names in it are rules of the library.
    ///
    /// # Errors
    /// When there is no field and no rule of a name.
    pub fn new(text: &RuleText) -> Result<Self, CompileError> {
        let mut named: Vec<Named> = Vec::new();
        for level in text.levels() {
            level.walk(&mut |node| {
                let Tree::Rule(name) = node else { return };
                let known = named.iter().any(|it| it.name == &**name);
                named.extend(scoring(name).filter(|_| !known));
            });
        }
        let names: Vec<Box<str>> = named.iter().map(|it| it.name.into()).collect();
        let compiled = text.levels().iter().map(|tree| Program::compile(tree, &names));
        let programs = compiled.collect::<Result<_, _>>()?;
        Ok(ExpressionRule { text: text.clone(), programs, named, tasks: 0 })
    }

    /// The same rule for an instance of so many tasks.
    #[must_use]
    pub fn for_tasks(mut self, tasks: usize) -> Self {
        self.tasks = tasks;
        self
    }

    /// Its text.
    pub fn text(&self) -> &RuleText {
        &self.text
    }

    /// What it reads of `candidates`.
    fn table(&self, candidates: &[Candidate], observation: &Observation) -> Table {
        let mut table = Table::default();
        for (field, _, _) in Field::ALL {
            if !self.programs.iter().any(|program| program.reads(field)) {
                continue;
            }
            match field.scope() {
                crate::Scope::Candidate => {
                    let values = candidates.iter().map(|it| feature(field, it));
                    table.column_mut(field).extend(values);
                }
                crate::Scope::State => table.set(field, self.state(field, observation)),
            }
        }
        for rule in &self.named {
            let scores = candidates.iter().map(|it| rule.rule.score(it, observation));
            table.rules_mut().push(scores.collect());
        }
        table
    }

    fn state(&self, field: Field, observation: &Observation) -> f64 {
        let durations = || observation.allowed().map(|(_, it)| feature(Field::Duration, it));
        match field {
            Field::Now => observation.now.get() as f64,
            Field::Left => observation.allowed().count() as f64,
            Field::DurationSum => durations().sum(),
            Field::DurationMax => durations().fold(0.0, f64::max),
            Field::DurationMin => durations().fold(f64::INFINITY, f64::min),
            _ => self.tasks as f64,
        }
    }

    /// Scores by level.
    fn scores_by_level(
        &self,
        candidates: &[Candidate],
        observation: &Observation,
    ) -> Vec<Vec<f64>> {
        let table = self.table(candidates, observation);
        let mut scratch = Scratch::default();
        let scores = |program: &Program| {
            let mut scores = vec![0.0; candidates.len()];
            program.scores(&table, &mut scratch, &mut scores);
            scores
        };
        self.programs.iter().map(scores).collect()
    }
}

impl Rule for ExpressionRule {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let own = self.scores_by_level(std::slice::from_ref(candidate), observation);
        if let [only] = &own[..] {
            return only[0];
        }
        let all = self.scores_by_level(&observation.candidates, observation);
        let comes_before = |other: &usize| {
            let differs = all.iter().zip(&own).find(|(all, own)| all[*other] != own[0]);
            differs.is_some_and(|(all, own)| all[*other] < own[0])
        };
        let allowed = |other: &usize| observation.candidates[*other].allowed;
        let others = 0..observation.candidates.len();
        others.filter(allowed).filter(comes_before).count() as f64
    }
}

/// The value of a candidate's field.
fn feature(field: Field, candidate: &Candidate) -> f64 {
    let features = &candidate.features;
    match field {
        Field::Duration => features.duration.get() as f64,
        Field::Due => features.due.map_or(f64::INFINITY, |due| due.get() as f64),
        Field::Weight => features.weight as f64,
        Field::Release => features.release.get() as f64,
        Field::Start => features.start.get() as f64,
        Field::Since => features.eligible_since.get() as f64,
        Field::LatestStart => features.latest_start.get() as f64,
        Field::LatestEnd => features.latest_end.get() as f64,
        Field::Work => features.work_remaining.get() as f64,
        Field::Tasks => f64::from(features.tasks_remaining),
        Field::Rank => features.positional_weight.get() as f64,
        _ => f64::NAN,
    }
}
