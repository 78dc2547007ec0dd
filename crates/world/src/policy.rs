//! Policies: who chooses. Rules become policies through [`RulePolicy`].
//!
//! A rule gives each candidate a score, the smallest wins, ties go to the earlier end (unless the
//! rule says otherwise) and then to the smaller id. At the stage of modes the earliest end decides
//! and the rule breaks ties.
//! With a bias, the choice is drawn by regret: with worst score w and score s, candidate i has the
//! weight (w - s_i + 1)^bias after scores are scaled to [0, 9].
//!
//! **Source:** regret-based biased random sampling: Drexl 1991; Kolisch, Hartmann 1999, section 3.

use crate::{Candidate, CandidateId, Decision, Extras, Need, Observation, Stage, World};
use ordine_base::Stream;

/// Observation to action; may be learned.
///
/// To add a policy: one file, one registry line, one test that runs it in a world.
pub trait Policy: Send {
    /// Chooses an allowed candidate. Called once per epoch; `observation` has at least one.
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId;
}

/// A dispatching rule: the score of a candidate, smaller is better.
///
/// To add a rule: one file in `rules/`, one line in its `RULES`, one snippet in its test table.
pub trait Rule: Send + Sync {
    /// Score of a candidate. Called for every candidate at every epoch: it must be cheap and pure.
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64;

    /// Decides among equal scores, smaller is better; the earlier end unless the rule says
    /// otherwise. What is equal still goes by id.
    fn second(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.end().get() as f64
    }

    /// What a problem must have for the rule to mean anything.
    fn need(&self) -> Need {
        Need::Nothing
    }

    /// Features that it looks at and that worlds do not give unasked.
    fn extras(&self) -> Extras {
        Extras::NONE
    }

    /// The bias of a rule that draws; `None` for one that takes the best.
    fn bias(&self) -> Option<f64> {
        None
    }
}

/// A policy that follows a rule, exactly or with seeded randomness.
pub struct RulePolicy<'a> {
    rule: &'a dyn Rule,
    bias: Option<f64>,
    scores: Vec<f64>,
}

impl<'a> RulePolicy<'a> {
    /// Follows the rule as it wishes to be followed.
    pub fn of(rule: &'a dyn Rule) -> Self {
        RulePolicy { rule, bias: rule.bias(), scores: Vec::new() }
    }

    /// Always takes the best score.
    pub fn exact(rule: &'a dyn Rule) -> Self {
        RulePolicy { rule, bias: None, scores: Vec::new() }
    }

    /// Draws by regret; bias 0 is uniform, large biases approach the exact rule.
    ///
    /// # Panics
    /// When the bias is negative or not a number.
    pub fn randomized(rule: &'a dyn Rule, bias: f64) -> Self {
        assert!(bias >= 0.0, "a bias is at least 0, found {bias}");
        RulePolicy { rule, bias: Some(bias), scores: Vec::new() }
    }

    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        match observation.stage {
            Stage::Task => self.rule.score(candidate, observation),
            Stage::Mode => candidate.end().get() as f64,
        }
    }

    fn best(&self, observation: &Observation) -> CandidateId {
        let key = |candidate: &Candidate| {
            let score = self.score(candidate, observation);
            let second = match observation.stage {
                Stage::Task => self.rule.second(candidate, observation),
                Stage::Mode => self.rule.score(candidate, observation),
            };
            (score, second)
        };
        let mut best: Option<(CandidateId, &Candidate, (f64, f64))> = None;
        for (id, candidate) in observation.allowed() {
            let found = key(candidate);
            let better = best.is_none_or(|(_, other, least)| {
                let scores = found.0.total_cmp(&least.0).then(found.1.total_cmp(&least.1));
                scores.then((candidate.task, candidate.mode).cmp(&(other.task, other.mode))).is_lt()
            });
            if better {
                best = Some((id, candidate, found));
            }
        }
        best.expect("an observation that asks for a choice allows a candidate").0
    }

    fn draw(&mut self, bias: f64, observation: &Observation, stream: &mut Stream) -> CandidateId {
        let mut scores = std::mem::take(&mut self.scores);
        scores.clear();
        scores.extend(observation.allowed().map(|(_, it)| self.score(it, observation)));
        let worst = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let best = scores.iter().copied().fold(f64::INFINITY, f64::min);
        let scale = if worst > best { 9.0 / (worst - best) } else { 0.0 };
        let mut total = 0.0;
        for score in &mut scores {
            total += ((worst - *score) * scale + 1.0).powf(bias);
            *score = total;
        }
        let drawn = stream.unit() * total;
        let position = scores.partition_point(|&reached| reached <= drawn);
        let position = position.min(scores.len().saturating_sub(1));
        self.scores = scores;
        let chosen = observation.allowed().nth(position);
        chosen.expect("an observation that asks for a choice allows a candidate").0
    }
}

impl Policy for RulePolicy<'_> {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        match self.bias {
            None => self.best(observation),
            Some(bias) => self.draw(bias, observation, decision.stream()),
        }
    }
}

/// Runs `policy` in `world` to the end; gives the number of choices made, or `None` when
/// `should_stop` said so on the way. It is asked before every choice, with what is on offer.
pub fn run(
    world: &mut dyn World,
    policy: &mut dyn Policy,
    stream: &mut Stream,
    should_stop: &mut dyn FnMut(&Observation) -> bool,
) -> Option<u64> {
    let mut choices = 0;
    while world.observe().candidates.iter().any(|candidate| candidate.allowed) {
        if should_stop(world.observe()) {
            return None;
        }
        let choice = policy.act(world.observe(), &mut Decision::new(world, stream));
        choices += 1;
        if world.act(choice).is_last() {
            break;
        }
    }
    Some(choices)
}
