//! Problems of the common form as an arena: a schedule by the rule, judged apart.
//!
//! One list of decisions per instance: O(tasks × choices) scores.
//!
//! **Source:** Kolisch 1996 (serial and parallel schemes).

use super::Signature;
use crate::{Arena, Candidate, Facts, Failure, Ran};
use ordine_base::{Id, IdVec, Seed};
use ordine_construct::{Direction, Generation, ModeAssignment, generate};
use ordine_problem::{Problem, TaskId};
use ordine_rule_language::{ExpressionRule, Scratch};
use ordine_world::{Observation, Rule, RulePolicy};
use std::hash::{Hash, Hasher};

/// Ticks of work per squared task.
const WORK_PER_SQUARE: u64 = 50;

/// Problems with references.
#[derive(Debug)]
pub struct ProblemArena {
    signature: &'static Signature,
    problems: Vec<(Problem, ModeAssignment)>,
    facts: Vec<Facts>,
}

impl ProblemArena {
    /// Takes problems with class, reference, and whether that is proven; those whose modes cannot
    /// be chosen within the consumables are left out.
    pub fn new(
        signature: &'static Signature,
        problems: impl IntoIterator<Item = (Problem, u32, i64, bool)>,
    ) -> Self {
        let mut arena = ProblemArena { signature, problems: Vec::new(), facts: Vec::new() };
        for (problem, class, reference, proven) in problems {
            let shortest = |task: TaskId| {
                let modes = problem.modes(task);
                modes.min_by_key(|&mode| problem.mode(mode).duration)
            };
            let modes: Option<Vec<_>> = problem.tasks().map(shortest).collect();
            let modes = modes.map(|modes| modes.into_iter().collect::<IdVec<TaskId, _>>());
            let assignment = modes.and_then(|it| ModeAssignment::from_modes(&problem, it));
            let Some(assignment) = assignment else { continue };
            let mut hasher = rustc_hash::FxHasher::default();
            for task in problem.tasks() {
                task.index().hash(&mut hasher);
                problem
                    .modes(task)
                    .for_each(|it| problem.mode(it).duration.get().hash(&mut hasher));
            }
            let (name, hash) = (problem.name().to_owned(), hasher.finish());
            arena.facts.push(Facts { name, hash, class, reference, proven });
            arena.problems.push((problem, assignment));
        }
        arena
    }
}

/// A rule whose ties are broken by other names.
struct Relabeled {
    rule: ExpressionRule,
    seed: Option<u64>,
}

impl Rule for Relabeled {
    fn score(&self, candidate: &ordine_world::Candidate, observation: &Observation) -> f64 {
        self.rule.score(candidate, observation)
    }

    fn second(&self, candidate: &ordine_world::Candidate, observation: &Observation) -> f64 {
        let Some(seed) = self.seed else { return self.rule.second(candidate, observation) };
        let mut hasher = rustc_hash::FxHasher::default();
        (candidate.task.index(), seed).hash(&mut hasher);
        (hasher.finish() >> 11) as f64
    }
}

impl Arena for ProblemArena {
    fn signature(&self) -> &'static Signature {
        self.signature
    }

    fn facts(&self) -> &[Facts] {
        &self.facts
    }

    fn run(
        &self,
        place: usize,
        candidate: &Candidate,
        _scratch: &mut Scratch,
        relabel: Option<u64>,
    ) -> Result<Ran, Failure> {
        let (problem, assignment) = &self.problems[place];
        let tasks = problem.tasks().len();
        let none = || Failure::Runtime("a script orders single machines alone".to_owned());
        let rule = ExpressionRule::new(candidate.rule().ok_or_else(none)?);
        let rule = rule.map_err(|error| Failure::Runtime(error.to_string()))?.for_tasks(tasks);
        let rule = Relabeled { rule, seed: relabel };
        let mut policy = RulePolicy::exact(&rule);
        let mut stream = Seed::new(1).stream("rules");
        let limit = WORK_PER_SQUARE * (tasks * tasks) as u64 + 10_000;
        let mut work = 0;
        let stop = &mut |observation: &Observation| {
            work += candidate.steps() * observation.candidates.len() as u64;
            work > limit
        };
        let scheme = self.signature.scheme;
        let start = Generation::new(problem, scheme, Direction::Forward, assignment.clone());
        let made = generate(start, &mut policy, &mut stream, stop);
        let (schedule, _) = made.ok_or(Failure::Work)?;
        let cost = ordine_check::check(problem, &schedule).map_err(|violations| {
            let first = violations.first().map_or_else(String::new, |it| it.describe(problem));
            Failure::Infeasible(first)
        })?;
        let objective = cost.levels().first().copied().unwrap_or(0);
        Ok(Ran { objective, work })
    }
}
