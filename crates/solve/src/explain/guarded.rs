//! Hard conflicts: one model with a guard per constraint, asked again and again.
//!
//! All guards are assumed together; when that is refuted, the final conflict names the guards that
//! the proof needed. What was learned stays true whichever guards are assumed, so each further
//! question (is there a schedule without this member?) begins where the last one ended.
//!
//! Members are asked about in rounds of growing budgets: the easy ones fall or stand first, and
//! what is left when time is up is told as open. A minimal conflict need not be the smallest, and
//! which one is found depends on the order: a few orders are tried, later ones with all that was
//! learned before.
//!
//! **Source:** deletion with final conflicts: Alexander Nadel, *Boosting minimal unsatisfiable core
//! extraction* (FMCAD 2010).

use super::conflict::Conflict;
use super::eased::{Eased, ease};
use super::trial::Trials;
use crate::ConstraintId;
use crate::lowering::{Lowered, guards_supported};
use ordine_base::Seed;
use ordine_check::check;
use ordine_cp::{self as cp, Atom, EffortLimit, Engine, LearningParameters, LearningSearch, blame};
use ordine_problem::{Problem, Schedule};
use std::collections::BTreeSet;

/// Effort of the engine that counts as one unit of work.
const EFFORT_PER_UNIT: u64 = 8;

/// Work of one question in the first round, and how much more it is in each round after it.
const FIRST_WORK: u64 = 50_000;
const ROUND_GROWTH: u64 = 4;

/// Orders in which members are asked about.
const ORDERS: u64 = 4;

/// A conflict of so few members is not tried to be made smaller.
const SMALL: usize = 12;

/// Effort that it may take to find a final conflict.
const BLAME_EFFORT: u64 = 10_000_000;

/// Bytes that the model may take, about.
const MODEL_BYTES_MAX: u64 = 1 << 28;

/// What came of a question.
enum Answer {
    /// The engine holds a schedule.
    Schedule(Schedule),
    /// These cannot hold together.
    Refuted(BTreeSet<ConstraintId>),
    /// The budget was too small.
    Unknown,
}

/// A model of a problem with a guard per constraint.
pub(super) struct Guarded<'p> {
    lowered: Lowered<'p>,
    search: LearningSearch,
    guards: Vec<(ConstraintId, Atom)>,
}

impl<'p> Guarded<'p> {
    /// The model, where every constraint that can be dropped can be guarded. `relaxed` is the
    /// problem without them.
    pub(super) fn new(
        problem: &Problem,
        relaxed: &'p Problem,
        constraints: &[ConstraintId],
    ) -> Option<Self> {
        let is_large = Lowered::bytes(problem) > MODEL_BYTES_MAX;
        if is_large || !guards_supported(problem) || Lowered::refusal(relaxed).is_some() {
            return None;
        }
        let mut lowered = Lowered::unguarded(relaxed);
        let guard = |&it: &ConstraintId| Some((it, lowered.post_guarded(problem, it)?));
        let guards: Vec<_> = constraints.iter().map(guard).collect::<Option<_>>()?;
        let search = lowered.learning_search(LearningParameters::default());
        Some(Guarded { lowered, search, guards })
    }

    /// The constraints in another order; the first is as they were given.
    fn reorder(&mut self, order: u64) {
        if order > 0 {
            Seed::new(order).stream("orders of a conflict").shuffle(&mut self.guards);
        }
    }

    /// Constraints of a set, in the order of now.
    fn in_order(&self, set: &BTreeSet<ConstraintId>) -> Vec<ConstraintId> {
        self.guards.iter().map(|it| it.0).filter(|it| set.contains(it)).collect()
    }

    /// Whether there is a schedule when of all constraints these hold; gives the work, too.
    fn ask(
        &mut self,
        kept: &BTreeSet<ConstraintId>,
        work: u64,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> (Answer, u64) {
        let Guarded { lowered, search, guards } = self;
        let engine = &mut lowered.engine;
        let before = engine.effort();
        let limit = before + work * EFFORT_PER_UNIT;
        engine.effort_limit = EffortLimit(limit);
        let holds = |it: &(ConstraintId, Atom)| kept.contains(&it.0);
        let state = guards.iter().map(|it| if holds(it) { it.1 } else { !it.1 }).collect();
        search.to_root(engine);
        search.fix(state);
        let mut stopped = |engine: &Engine| engine.effort() >= limit || should_stop();
        let answer = match search.run(engine, &[], u64::MAX / 2, &mut stopped) {
            cp::Answer::Solution => {
                search.follow(engine);
                Answer::Schedule(lowered.schedule())
            }
            cp::Answer::Limit => Answer::Unknown,
            cp::Answer::Infeasible => Answer::Refuted(BTreeSet::new()),
            cp::Answer::Refuted => Answer::Refuted(self.core(kept)),
        };
        let engine = &mut self.lowered.engine;
        self.search.to_root(engine);
        (answer, 1 + (engine.effort() - before) / EFFORT_PER_UNIT)
    }

    /// The smallest final conflict of a few orders in which the guards are assumed.
    fn core(&mut self, kept: &BTreeSet<ConstraintId>) -> BTreeSet<ConstraintId> {
        let engine = &mut self.lowered.engine;
        engine.effort_limit = EffortLimit(engine.effort() + BLAME_EFFORT);
        self.search.to_root(engine);
        let mut core: Vec<(ConstraintId, Atom)> =
            self.guards.iter().copied().filter(|it| kept.contains(&it.0)).collect();
        for _ in 0..4 {
            core.reverse();
            let assumptions: Vec<Atom> = core.iter().map(|it| it.1).collect();
            let blamed = blame(engine, &assumptions);
            core.retain(|it| blamed.contains(&it.1));
        }
        core.into_iter().map(|it| it.0).collect()
    }
}

impl Trials<'_> {
    /// A conflict among `pool`, as small as the time allows; `None` where the guarded model is not
    /// refuted.
    pub(super) fn shrink(&mut self, base: &Eased, pool: &[ConstraintId]) -> Option<Conflict> {
        let mut dropped = base.clone();
        dropped.extend(pool.iter().map(|it| (*it, None)));
        let relaxed = ease(self.problem, &dropped).ok()?;
        let original = ease(self.problem, base).ok()?;
        let mut guarded = Guarded::new(&original, &relaxed, pool)?;
        let mut best = self.descend(&mut guarded, base, pool)?;
        for order in 1..ORDERS {
            if self.is_over() || best.constraints.len() <= SMALL {
                break;
            }
            guarded.reorder(order);
            let sizes = |it: &Conflict| (it.constraints.len(), it.open.len());
            let other = self.descend(&mut guarded, base, pool);
            best = other.into_iter().chain([best]).min_by_key(sizes).expect("one is known");
        }
        Some(best)
    }

    /// A conflict that is made smaller member by member, in the order of the guards.
    fn descend(
        &mut self,
        guarded: &mut Guarded<'_>,
        base: &Eased,
        pool: &[ConstraintId],
    ) -> Option<Conflict> {
        let all: BTreeSet<ConstraintId> = pool.iter().copied().collect();
        let Answer::Refuted(mut core) = self.ask_guarded(guarded, &all, self.trial_work()) else {
            return None;
        };
        let (mut needed, mut work) = (BTreeSet::new(), FIRST_WORK);
        while needed.len() < core.len() && !self.is_over() {
            for member in guarded.in_order(&core) {
                if self.is_over() {
                    break;
                }
                if needed.contains(&member) || !core.contains(&member) {
                    continue;
                }
                let mut rest = core.clone();
                rest.remove(&member);
                match self.ask_guarded(guarded, &rest, work) {
                    Answer::Refuted(smaller) => core = smaller,
                    Answer::Schedule(schedule) if self.is_without(base, pool, &rest, &schedule) => {
                        needed.insert(member);
                    }
                    Answer::Schedule(_) | Answer::Unknown => {}
                }
            }
            if work >= self.trial_work() {
                break;
            }
            work = work.saturating_mul(ROUND_GROWTH);
        }
        let open = core.difference(&needed).copied().collect();
        Some(Conflict { constraints: core.into_iter().collect(), open })
    }

    fn ask_guarded(
        &mut self,
        guarded: &mut Guarded<'_>,
        kept: &BTreeSet<ConstraintId>,
        work: u64,
    ) -> Answer {
        let budget = work.min(self.work_left());
        let (answer, spent) = guarded.ask(kept, budget, &mut || self.is_over());
        self.note_question(spent);
        answer
    }

    /// Whether the judge accepts a schedule of the problem in which of `pool` only `kept` holds.
    fn is_without(
        &self,
        base: &Eased,
        pool: &[ConstraintId],
        kept: &BTreeSet<ConstraintId>,
        schedule: &Schedule,
    ) -> bool {
        let mut eased = base.clone();
        eased.extend(pool.iter().filter(|it| !kept.contains(it)).map(|it| (*it, None)));
        ease(self.problem, &eased).is_ok_and(|problem| check(&problem, schedule).is_ok())
    }
}
