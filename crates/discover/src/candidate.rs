//! A candidate: a text that was read, checked and compiled.
//!
//! Two candidates are duplicates when their canonical texts are equal, or when they rank the
//! candidates of 64 drawn decisions alike.
//!
//! **Source:** -

use crate::Signature;
use ordine_base::{Seed, Stream};
use ordine_rule_language::{Field, Limits, Program, RuleText, Scope, Scratch, Table};
use std::hash::{Hash, Hasher};

/// Decisions that tell candidates apart.
const PROBES: usize = 64;
/// Choices in each of them.
const PROBE_WIDTH: usize = 12;

/// Why a text is no candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It cannot be read.
    Syntax(String),
    /// It reads what is not there.
    Type(String),
}

/// A compiled candidate.
#[derive(Clone, Debug)]
pub struct Candidate {
    text: RuleText,
    programs: Vec<Program>,
}

impl Candidate {
    /// Reads a rule of a signature.
    ///
    /// # Errors
    /// When the text is no rule, too large, or reads what the signature does not tell.
    pub fn read(text: &str, signature: &Signature, limits: Limits) -> Result<Self, Rejection> {
        let rule = RuleText::read(text, limits);
        Candidate::of(rule.map_err(|it| Rejection::Syntax(it.to_string()))?, signature)
    }

    /// Compiles a rule of a signature.
    ///
    /// # Errors
    /// When it reads what the signature does not tell.
    pub fn of(text: RuleText, signature: &Signature) -> Result<Self, Rejection> {
        let programs = text.reads_only(signature.fields).and_then(|()| text.programs());
        let programs = programs.map_err(|it| Rejection::Type(it.to_string()))?;
        Ok(Candidate { text, programs })
    }

    /// The rule.
    pub fn text(&self) -> &RuleText {
        &self.text
    }

    /// One program per level.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// Whether any level reads this field.
    pub fn reads(&self, field: Field) -> bool {
        self.programs.iter().any(|program| program.reads(field))
    }

    /// Steps per choice looked at.
    pub fn steps(&self) -> u64 {
        self.programs.iter().map(|program| program.steps() as u64 + 1).sum()
    }

    /// The order in which it ranks the choices of the drawn decisions, as a number.
    pub fn behavior(&self, probes: &Probes, scratch: &mut Scratch) -> u64 {
        let mut hasher = rustc_hash::FxHasher::default();
        let mut scores = vec![[0.0; PROBE_WIDTH]; self.programs.len()];
        for table in &probes.0 {
            for (program, scores) in self.programs.iter().zip(&mut scores) {
                program.scores(table, scratch, scores);
            }
            let mut order: [usize; PROBE_WIDTH] = std::array::from_fn(|place| place);
            order.sort_by(|&a, &b| {
                let by_level = scores.iter().map(|scores| scores[a].total_cmp(&scores[b]));
                by_level.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(a.cmp(&b))
            });
            order.hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// Drawn decisions that tell candidates apart.
#[derive(Clone, Debug)]
pub struct Probes(Vec<Table>);

impl Probes {
    /// The same for every run.
    pub fn drawn() -> Self {
        let mut stream = Seed::new(64).stream("probes");
        Probes((0..PROBES).map(|_| probe(&mut stream)).collect())
    }
}

fn probe(stream: &mut Stream) -> Table {
    let mut table = Table::default();
    for (field, _, _) in Field::ALL {
        if field.scope() == Scope::Candidate {
            let most = match field {
                Field::Duration => 100,
                Field::Weight | Field::Tasks => 10,
                _ => 1000,
            };
            let values = (0..PROBE_WIDTH).map(|_| 1.0 + stream.below(most) as f64);
            table.column_mut(field).extend(values);
        }
    }
    let durations = table.column(Field::Duration).to_vec();
    let all = durations.iter().copied();
    table.set(Field::Now, stream.below(1000) as f64);
    table.set(Field::Left, PROBE_WIDTH as f64);
    table.set(Field::DurationSum, all.clone().sum());
    table.set(Field::DurationMax, all.clone().fold(0.0, f64::max));
    table.set(Field::DurationMin, all.fold(f64::INFINITY, f64::min));
    table.set(Field::Count, (PROBE_WIDTH + stream.below(20)) as f64);
    table
}
