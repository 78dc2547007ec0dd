//! Scores: what all conversations of one contestant in one manner add up to.
//!
//! Refused, unparsable and truncated answers count as infeasible; conversations whose calls failed
//! after all retries are left out, counted and shown.
//!
//! **Source:** Jain, Wetter 2025; intervals after Miller 2024 (*Adding error bars to evals*).

use super::converse::{Held, Manner};
use super::run::Ended;
use super::set::Set;
use ordine_base::Seed;
use ordine_chat::Ledger;
use ordine_project::constraint_bench::faithfulness::{Comparison, Statement};
use ordine_project::constraint_bench::metrics::{Profile, of_samples, violation_mix};
use ordine_project::constraint_bench::statistics::{
    Coefficient, Pairs, Range, bootstrap, breakpoint_range, logistic, mover,
};
use ordine_project::constraint_bench::{Kind, Mode, Phase, features};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Draws of a bootstrap.
const DRAWS: usize = 2_000;

/// A contestant in one manner.
#[derive(Debug)]
pub(super) struct Score {
    pub(super) model: String,
    pub(super) manner: Manner,
    pub(super) phases: BTreeMap<Phase, PhaseScore>,
    /// By instance: its level, phase and samples.
    pub(super) held: Vec<(usize, Vec<Held>)>,
    pub(super) classes: BTreeMap<&'static str, usize>,
    pub(super) failed: usize,
    pub(super) faithful: BTreeMap<Statement, Comparison>,
    pub(super) calls: BTreeMap<String, usize>,
    pub(super) of_solver: usize,
    pub(super) stopped: usize,
    /// Feasible shares after each round, and in the best of the rounds so far.
    pub(super) by_round: Vec<(f64, f64)>,
    /// Answers that were feasible in one round and not in the last.
    pub(super) broken_later: usize,
    pub(super) ledger: Ledger,
    pub(super) retries: u64,
}

/// One phase.
#[derive(Clone, Debug)]
pub(super) struct PhaseScore {
    pub(super) profile: Profile,
    pub(super) wauc: f64,
    pub(super) mover: Range,
    pub(super) bootstrap: Range,
    pub(super) breakpoint: Option<u32>,
    pub(super) breakpoint_range: (Option<u32>, Option<u32>),
    pub(super) mix: BTreeMap<Kind, f64>,
    /// Infeasible answers that mending one kind would make feasible.
    pub(super) one_kind: f64,
    pub(super) any: f64,
    pub(super) all: f64,
}

/// Scores of one contestant, manner by manner.
pub(super) fn scores(set: &Set, model: &str, manners: &[Manner], ended: &Ended) -> Vec<Score> {
    let mut scores = Vec::new();
    for (index, manner) in manners.iter().enumerate() {
        let mut held: BTreeMap<usize, Vec<Held>> = BTreeMap::new();
        for (cell, result) in ended.held.iter().filter(|it| it.0.manner == index) {
            if let Some(result) = result {
                held.entry(cell.instance).or_default().push(result.clone());
            }
        }
        scores.push(Score::new(set, model, manner, held.into_iter().collect(), ended));
    }
    scores
}

impl Score {
    fn new(
        set: &Set,
        model: &str,
        manner: &Manner,
        held: Vec<(usize, Vec<Held>)>,
        ended: &Ended,
    ) -> Self {
        let mut score = Score {
            model: model.to_owned(),
            manner: manner.clone(),
            phases: BTreeMap::new(),
            held,
            classes: BTreeMap::new(),
            failed: 0,
            faithful: BTreeMap::new(),
            calls: BTreeMap::new(),
            of_solver: 0,
            stopped: 0,
            by_round: Vec::new(),
            broken_later: 0,
            ledger: ended.ledger,
            retries: ended.retries,
        };
        score.count();
        let phases: BTreeSet<Phase> = set.instances.iter().map(|it| it.phase).collect();
        for phase in phases {
            let phase_score = score.phase(set, phase);
            if !phase_score.profile.0.is_empty() {
                score.phases.insert(phase, phase_score);
            }
        }
        score.rounds();
        score
    }

    /// Conversations whose calls did not fail.
    pub(super) fn all(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().flat_map(|it| &it.1).filter(|held| held.failed.is_none())
    }

    fn count(&mut self) {
        self.failed =
            self.held.iter().flat_map(|it| &it.1).filter(|it| it.failed.is_some()).count();
        let (mut classes, mut calls) = (BTreeMap::new(), BTreeMap::new());
        let mut faithful: BTreeMap<Statement, Comparison> = BTreeMap::new();
        let (mut of_solver, mut stopped) = (0, 0);
        for held in self.all() {
            if let Some(last) = held.last() {
                *classes.entry(last.class.word()).or_insert(0) += 1;
            }
            for (name, count) in &held.calls {
                *calls.entry(name.clone()).or_insert(0) += count;
            }
            for (statement, found) in &held.faithful {
                let sum = faithful.entry(*statement).or_default();
                sum.same += found.same;
                sum.missing += found.missing;
                sum.invented += found.invented;
                sum.altered += found.altered;
            }
            of_solver += usize::from(held.of_solver);
            stopped += usize::from(held.stopped.is_some());
        }
        (self.classes, self.calls, self.faithful) = (classes, calls, faithful);
        (self.of_solver, self.stopped) = (of_solver, stopped);
    }

    fn phase(&self, set: &Set, phase: Phase) -> PhaseScore {
        let of_phase = self.held.iter().filter(|it| set.instances[it.0].phase == phase);
        let (mut verdicts, mut any, mut all, mut kinds) = (Vec::new(), 0, 0, Vec::new());
        let mut one_kind = 0.0;
        for (instance, samples) in of_phase {
            let counted = samples.iter().filter(|held| held.failed.is_none());
            let feasible: Vec<bool> = counted.clone().map(Held::is_feasible).collect();
            if feasible.is_empty() {
                continue;
            }
            let (share, is_any, is_all) = of_samples(&feasible);
            verdicts.push((set.instances[*instance].level, share));
            any += usize::from(is_any);
            all += usize::from(is_all);
            for last in counted.filter_map(Held::last).filter(|last| !last.feasible) {
                kinds.push(last.kinds());
                one_kind += f64::from(u8::from(last.is_one_kind));
            }
        }
        let total = verdicts.len().max(1) as f64;
        let profile = Profile::of(verdicts);
        let seed = Seed::new(1);
        PhaseScore {
            wauc: profile.wauc(),
            mover: mover(&profile),
            bootstrap: bootstrap(&profile, DRAWS, seed),
            breakpoint: profile.breakpoint(0.5),
            breakpoint_range: breakpoint_range(&profile, 0.5, DRAWS, seed),
            mix: violation_mix(&kinds),
            one_kind: one_kind / kinds.len().max(1) as f64,
            any: any as f64 / total,
            all: all as f64 / total,
            profile,
        }
    }

    fn rounds(&mut self) {
        if self.manner.mode != Mode::Feedback {
            return;
        }
        let total = self.all().count().max(1) as f64;
        let share =
            |is: &dyn Fn(&Held) -> bool| self.all().filter(|it| is(it)).count() as f64 / total;
        let after = |held: &Held, round: usize| {
            let verdict = held.rounds.get(round).or(held.rounds.last());
            verdict.is_some_and(|verdict| verdict.feasible)
        };
        let rounds = 0..=self.manner.rounds;
        let by_round = rounds
            .map(|round| (share(&|it| after(it, round)), share(&|it| it.is_feasible_by(round))))
            .collect();
        let broken = |held: &&Held| held.rounds.iter().any(|it| it.feasible) && !held.is_feasible();
        self.broken_later = self.all().filter(broken).count();
        self.by_round = by_round;
    }

    /// Feasible share over all instances.
    pub(super) fn share(&self) -> f64 {
        let feasible = self.all().filter(|held| held.is_feasible()).count();
        feasible as f64 / self.all().count().max(1) as f64
    }

    /// WAUC of phase 4 minus that of the domain.
    pub(super) fn transfer_gap(&self) -> Option<f64> {
        Some(self.phases.get(&Phase::Disjunctive)?.wauc - self.phases.get(&Phase::Domain)?.wauc)
    }

    /// Verdicts beside those of another on the same instances of a phase.
    pub(super) fn pairs(&self, other: &Score, set: &Set, phase: Phase) -> Vec<(u32, bool, bool)> {
        let first = |samples: &[Held]| samples.first().is_some_and(Held::is_feasible);
        let others: BTreeMap<usize, &Vec<Held>> =
            other.held.iter().map(|(instance, samples)| (*instance, samples)).collect();
        let of_phase = self.held.iter().filter(|it| set.instances[it.0].phase == phase);
        let pair = |(instance, samples): &(usize, Vec<Held>)| {
            let level = set.instances[*instance].level;
            Some((level, first(samples), first(others.get(instance)?)))
        };
        of_phase.filter_map(pair).collect()
    }

    /// What feasibility depends on: level, window tightness, pairs, resource strength, downtime.
    pub(super) fn causes(&self, set: &Set) -> Vec<(&'static str, Coefficient)> {
        let names = ["constant", "level", "window tightness", "pairs", "strength", "downtimes"];
        let row = |(instance, samples): &(usize, Vec<Held>)| {
            let instance = &set.instances[*instance];
            let of = features(instance);
            let numbers = vec![
                f64::from(instance.level),
                of.window_tightness,
                of.pairs as f64,
                of.resource_strength,
                of.downtimes as f64,
            ];
            (numbers, samples.first().is_some_and(Held::is_feasible))
        };
        let rows: Vec<_> = self.held.iter().map(row).collect();
        names.into_iter().zip(logistic(&rows)).collect()
    }
}

/// Counts of pairs in which only the one, or only the other, is feasible.
pub(super) fn discordant(pairs: &Pairs) -> (u64, u64) {
    let first = pairs.iter().filter(|it| it.1 && !it.2).count() as u64;
    let second = pairs.iter().filter(|it| !it.1 && it.2).count() as u64;
    (first, second)
}

/// A row of the leaderboard.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Standing {
    pub(super) model: String,
    pub(super) mode: &'static str,
    pub(super) rendering: &'static str,
    pub(super) variant: &'static str,
    pub(super) wauc: BTreeMap<&'static str, [f64; 3]>,
    pub(super) feasible: f64,
    /// Ranks that it shares with those from which it cannot be told.
    pub(super) rank: usize,
    pub(super) dollars_per_feasible: Option<f64>,
    pub(super) failed: f64,
    pub(super) templates: String,
    pub(super) reproducible: bool,
    pub(super) valid: bool,
}
