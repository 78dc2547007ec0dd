//! The static rules of the interrupting blocking job shop as policies; smaller keys first, ties by
//! job.
//!
//! Rules of the library score through the shared features; `fdd` reads the head of an operation
//! from the shop; `random` is uniform over the candidates. A text after `=` is a rule of the shared
//! language, and any other name is a rule of the library. None of them leaves a machine empty.
//!
//! **Source:** Wong et al. 2024; Panwalkar, Iskander 1977; flow due date: Baker 1984.

use super::{Workshop, WorkshopError};
use ordine_base::{Id, Stream};
use ordine_problem::TaskId;
use ordine_rule_language::{ExpressionRule, RuleText};
use ordine_world::{Candidate, CandidateId, Decision, Observation, Policy, Rule, rule_named};

/// A rule of this shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShopRule {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Its key.
    pub key: &'static str,
    /// The rule of the library that has this key, where there is one.
    library: Option<&'static str>,
}

const fn line(name: &'static str, key: &'static str, library: Option<&'static str>) -> ShopRule {
    ShopRule { name, key, library }
}

/// The ten rules, in the order of tables.
pub const SHOP_RULES: [ShopRule; 10] = [
    line("fifo", "when the job became ready for the move", Some("fifo")),
    line("spt", "duration", Some("spt")),
    line("lpt", "-duration", Some("lpt")),
    line("mtwr", "-(work of the job from the operation on)", Some("mwkr")),
    line("ltwr", "work of the job from the operation on", Some("lwkr")),
    line("mor", "-(operations of the job left)", Some("mopnr")),
    line("lor", "operations of the job left", Some("lopnr")),
    line("spt_plus", "duration and that of the next operation of the job", None),
    line("fdd", "work of the job up to the end of the operation", None),
    line("random", "uniform", None),
];

/// What a policy ranks candidates by.
enum Key {
    Library(&'static dyn Rule),
    Expression(Box<ExpressionRule>),
    TwoOperations,
    /// By operation, the work of its job up to its end.
    FlowDue(Vec<i64>),
    Random,
}

/// A policy of this shop: the smallest key, then the job of the smallest number.
pub struct KeyPolicy {
    key: Key,
    hold: TaskId,
}

/// The policy of this name for a shop: one of [`SHOP_RULES`], another rule of the library, or `=`
/// and a rule of the shared language.
///
/// # Errors
/// When there is no such rule.
pub fn rule_policy(name: &str, shop: &Workshop) -> Result<KeyPolicy, WorkshopError> {
    let key = match name {
        "random" => Key::Random,
        "spt_plus" => Key::TwoOperations,
        "fdd" => Key::FlowDue((0..shop.operations()).map(|it| shop.flow_due(it)).collect()),
        _ => named(name, shop)?,
    };
    Ok(KeyPolicy { key, hold: shop.hold() })
}

fn named(name: &str, shop: &Workshop) -> Result<Key, WorkshopError> {
    if let Some(text) = name.strip_prefix('=') {
        let text: RuleText = text.parse().map_err(|error| rule_error(&error))?;
        let rule = ExpressionRule::new(&text).map_err(|error| rule_error(&error))?;
        return Ok(Key::Expression(Box::new(rule.for_tasks(shop.operations()))));
    }
    let ours = SHOP_RULES.iter().find(|rule| rule.name == name).and_then(|rule| rule.library);
    match rule_named(ours.unwrap_or(name)).and_then(|rule| rule.scoring()) {
        Some(rule) => Ok(Key::Library(rule)),
        None => {
            let expected = SHOP_RULES.map(|rule| rule.name).join(", ");
            Err(WorkshopError::UnknownRule { expected, found: name.to_owned() })
        }
    }
}

fn rule_error(error: &dyn std::fmt::Display) -> WorkshopError {
    WorkshopError::Rule(error.to_string())
}

impl KeyPolicy {
    /// Key of a candidate; leaving the machine empty comes last.
    pub fn key(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        if candidate.task == self.hold {
            return f64::INFINITY;
        }
        match &self.key {
            Key::Library(rule) => rule.score(candidate, observation),
            Key::Expression(rule) => rule.score(candidate, observation),
            Key::TwoOperations => candidate.features.positional_weight.get() as f64,
            Key::FlowDue(due) => due[candidate.task.index()] as f64,
            Key::Random => 0.0,
        }
    }

    /// The candidate of the smallest key.
    pub fn choose(&self, observation: &Observation, stream: &mut Stream) -> CandidateId {
        if let Key::Random = self.key {
            let jobs = observation.candidates.iter().filter(|it| it.task != self.hold).count();
            return CandidateId::from_index(stream.below(jobs));
        }
        let mut best: Option<(f64, CandidateId)> = None;
        for (id, candidate) in observation.allowed() {
            let key = self.key(candidate, observation);
            if best.is_none_or(|(least, _)| key < least) {
                best = Some((key, id));
            }
        }
        let first = observation.allowed().next().map(|(id, _)| id);
        let best = best.map(|(_, id)| id).or(first);
        best.expect("an observation that asks for a choice allows a candidate")
    }
}

impl Policy for KeyPolicy {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        self.choose(observation, decision.stream())
    }
}
