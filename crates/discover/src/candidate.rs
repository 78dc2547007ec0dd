//! A candidate: a text that was read, checked and compiled.
//!
//! Two candidates are duplicates when their canonical texts are equal, or when they act alike in 64
//! drawn states: expressions rank the choices of a decision, scripts order the jobs of a machine.
//! How far they act from the first seed of their signature is their distance: the mean of
//! Spearman's footrule, of its greatest value.
//!
//! **Source:** Spearman 1906 (footrule); Lehman, Stanley 2011 (behaviors).

use crate::signature::Language;
use crate::{Failure, Signature};
use ordine_base::{Seed, Stream};
use ordine_rule_language::{
    Field, Limits, Program, RuleText, Scope, Scratch, Script, ScriptFailure, ScriptLimits, Table,
};
use std::hash::{Hash, Hasher};

/// States that tell candidates apart.
const PROBES: usize = 64;
/// Choices in each of them.
const PROBE_WIDTH: usize = 12;

/// Most bytes of a script: two of them fit into a prompt.
const SCRIPT_BYTES_MAX: usize = 5000;

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
pub enum Candidate {
    /// A score of each choice: the rule with one program per level.
    Rule(RuleText, Vec<Program>),
    /// A whole sequence.
    Script(Box<Script>),
}

/// How a candidate acts in the drawn states.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Behavior {
    /// Equal for candidates that act alike.
    pub hash: u64,
    /// From the first seed of the signature: 0 for alike, 1 for the reverse.
    pub distance: f64,
}

impl Candidate {
    /// Reads a candidate of a signature.
    ///
    /// # Errors
    /// When the text is none, too large, or reads what the signature does not tell.
    pub fn read(text: &str, signature: &Signature, limits: Limits) -> Result<Self, Rejection> {
        if signature.language == Language::Script {
            let script = Script::read(text).map_err(|error| match error.is_unknown_name {
                true => Rejection::Type(error.to_string()),
                false => Rejection::Syntax(error.to_string()),
            });
            let script = script?;
            let (bytes, lines) = (text.len(), script.lines());
            if bytes > SCRIPT_BYTES_MAX || lines > limits.nodes {
                let most = format!("at most {} lines in {SCRIPT_BYTES_MAX} bytes", limits.nodes);
                let words = format!("expected {most}, found {lines} in {bytes}");
                return Err(Rejection::Syntax(words));
            }
            return Ok(Candidate::Script(Box::new(script)));
        }
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
        Ok(Candidate::Rule(text, programs))
    }

    /// The rule, where it is one.
    pub fn rule(&self) -> Option<&RuleText> {
        match self {
            Candidate::Rule(rule, _) => Some(rule),
            Candidate::Script(_) => None,
        }
    }

    /// Its text as records keep it: canonical where it is a rule.
    pub fn text(&self) -> String {
        match self {
            Candidate::Rule(rule, _) => rule.canonical().to_string(),
            Candidate::Script(script) => script.text().to_owned(),
        }
    }

    /// Equal for texts that mean the same.
    pub fn canonical(&self) -> String {
        match self {
            Candidate::Rule(..) => self.text(),
            Candidate::Script(script) => script.canonical(),
        }
    }

    /// Nodes of a rule, lines of a script.
    pub fn size(&self) -> usize {
        match self {
            Candidate::Rule(rule, _) => rule.canonical().nodes(),
            Candidate::Script(script) => script.lines(),
        }
    }

    /// One program per level; a script has none.
    pub fn programs(&self) -> &[Program] {
        match self {
            Candidate::Rule(_, programs) => programs,
            Candidate::Script(_) => &[],
        }
    }

    /// Whether any level reads this field.
    pub fn reads(&self, field: Field) -> bool {
        self.programs().iter().any(|program| program.reads(field))
    }

    /// Steps per choice looked at.
    pub fn steps(&self) -> u64 {
        self.programs().iter().map(|program| program.steps() as u64 + 1).sum()
    }

    /// How it acts in the drawn states.
    pub fn behavior(&self, probes: &Probes, scratch: &mut Scratch) -> Behavior {
        let mut hasher = rustc_hash::FxHasher::default();
        let (mut apart, mut most) = (0, 0);
        for (place, probe) in probes.states.iter().enumerate() {
            let order = self.order(probe, scratch);
            order.hash(&mut hasher);
            if order.is_empty() {
                // What comes to no order is like nothing else.
                self.text().hash(&mut hasher);
            }
            if let Some(reference) = probes.reference.get(place) {
                apart += footrule(&order, reference);
                most += PROBE_WIDTH * PROBE_WIDTH / 2;
            }
        }
        let distance = if most == 0 { 0.0 } else { apart as f64 / most as f64 };
        Behavior { hash: hasher.finish(), distance }
    }

    /// The order in which it takes the choices of a state.
    fn order(&self, probe: &Probe, scratch: &mut Scratch) -> Vec<i64> {
        match self {
            Candidate::Rule(_, programs) => ranked(programs, &probe.table, scratch),
            Candidate::Script(script) => {
                let limits = ScriptLimits::for_jobs(PROBE_WIDTH);
                let ran = script.run(&probe.durations, &probe.dues, limits);
                ran.map_or_else(|_| Vec::new(), |(order, _)| order)
            }
        }
    }
}

/// Work of a script as a failure of a candidate.
impl From<ScriptFailure> for Failure {
    fn from(failure: ScriptFailure) -> Self {
        match failure {
            ScriptFailure::Work => Failure::Work,
            ScriptFailure::Runtime { line, words } => {
                Failure::Runtime(format!("line {line}: {words}"))
            }
            ScriptFailure::NoOrder(words) => Failure::Infeasible(words),
        }
    }
}

fn ranked(programs: &[Program], table: &Table, scratch: &mut Scratch) -> Vec<i64> {
    let mut scores = vec![[0.0; PROBE_WIDTH]; programs.len()];
    for (program, scores) in programs.iter().zip(&mut scores) {
        program.scores(table, scratch, scores);
    }
    let mut order: Vec<usize> = (0..PROBE_WIDTH).collect();
    order.sort_by(|&a, &b| {
        let by_level = scores.iter().map(|scores| scores[a].total_cmp(&scores[b]));
        by_level.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(a.cmp(&b))
    });
    order.into_iter().map(|it| it as i64).collect()
}

/// Sum of the differences of places; the greatest for what is no order.
fn footrule(order: &[i64], reference: &[i64]) -> usize {
    let places = reference.iter().enumerate();
    let differences = places.map(|(place, job)| {
        let found = order.iter().position(|it| it == job);
        found.map_or(PROBE_WIDTH / 2, |it| it.abs_diff(place))
    });
    differences.sum()
}

/// One drawn state, as a decision and as jobs.
#[derive(Clone, Debug)]
struct Probe {
    table: Table,
    durations: Vec<i64>,
    dues: Vec<i64>,
}

/// Drawn states that tell candidates apart.
#[derive(Clone, Debug)]
pub struct Probes {
    states: Vec<Probe>,
    /// What the first seed does there.
    reference: Vec<Vec<i64>>,
}

impl Probes {
    /// The same for every run of a signature.
    pub fn drawn(signature: &Signature) -> Self {
        let mut stream = Seed::new(64).stream("probes");
        let states = (0..PROBES).map(|_| probe(&mut stream)).collect();
        let mut probes = Probes { states, reference: Vec::new() };
        let first = signature.seeds.first().map_or("", |it| it.1);
        if let Ok(first) = Candidate::read(first, signature, Limits::default()) {
            let mut scratch = Scratch::default();
            let orders = probes.states.iter().map(|probe| first.order(probe, &mut scratch));
            probes.reference = orders.collect();
        }
        probes
    }
}

fn probe(stream: &mut Stream) -> Probe {
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
    let whole = |field| table.column(field).iter().map(|&it| it as i64).collect();
    let (durations, dues) = (whole(Field::Duration), whole(Field::Due));
    let all = table.column(Field::Duration).to_vec();
    let all = all.iter().copied();
    table.set(Field::Now, stream.below(1000) as f64);
    table.set(Field::Left, PROBE_WIDTH as f64);
    table.set(Field::DurationSum, all.clone().sum());
    table.set(Field::DurationMax, all.clone().fold(0.0, f64::max));
    table.set(Field::DurationMin, all.fold(f64::INFINITY, f64::min));
    table.set(Field::Count, (PROBE_WIDTH + stream.below(20)) as f64);
    Probe { table, durations, dues }
}
