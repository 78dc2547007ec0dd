//! One question, asked many times: is there a schedule when these constraints give way?
//!
//! Certificates that need no search come first, then a schedule by insertion, then the proof
//! engine within a budget of work; where the engine does not know a word of the problem, a search
//! over decisions, which can find but not prove. Every schedule passes the judge.
//!
//! **Source:** -

use super::eased::{Eased, ease};
use crate::lowering::Lowered;
use crate::{
    ConstraintId, Context, DecisionRecipe, ProofSearch, Searcher, Settings, Solver, bounds,
};
use ordine_base::{Clock, Cost, FirstSchedule, Progress, Seed, Silent, StopWhen};
use ordine_check::check;
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{Problem, Schedule};
use std::collections::BTreeMap;
use std::time::Duration;

/// Work units that one question may take.
pub const TRIAL_WORK: u64 = 1_000_000;

/// Work units between two looks at what was found.
const SLICE_WORK: u64 = 20_000;

/// Work units that every question may take, however little others took.
const LEAST_WORK: u64 = 40_000;

/// A question may take so many times the work of the hardest one that was answered.
const HARDER: u64 = 4;

/// Tasks beyond which the proof engine is not asked.
const TASKS_MAX: usize = 5_000;

/// What came of a question.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// There is a schedule, which the judge has accepted.
    Feasible(Schedule),
    /// There is none; where it was found without search, constraints that say why.
    Infeasible(Option<Vec<ConstraintId>>),
    /// The budget was too small.
    Unknown,
}

/// Questions about one problem, within one limit.
pub struct Trials<'a> {
    /// The problem as it was given.
    pub problem: &'a Problem,
    stop: &'a dyn StopWhen,
    clock: &'a dyn Clock,
    /// Work that is left in all.
    left: u64,
    trial_work: u64,
    work: u64,
    asked: usize,
    /// Most work that an answered question took; `None` before the first.
    hardest: Option<u64>,
    /// Whether a question may take the whole of its budget.
    pub(super) is_patient: bool,
    known: BTreeMap<Eased, Answer>,
}

impl<'a> Trials<'a> {
    /// Questions about `problem` until `stop`, or until `work` units are spent; none of them may
    /// take more than `trial_work`.
    pub fn new(
        problem: &'a Problem,
        stop: &'a dyn StopWhen,
        clock: &'a dyn Clock,
        work: Option<u64>,
        trial_work: u64,
    ) -> Self {
        let left = work.unwrap_or(u64::MAX);
        Trials {
            problem,
            stop,
            clock,
            left,
            trial_work,
            work: 0,
            asked: 0,
            hardest: None,
            is_patient: true,
            known: BTreeMap::new(),
        }
    }

    /// Goes on until `stop`, with so much more work.
    pub fn extend(&mut self, stop: &'a dyn StopWhen, work: u64) {
        self.stop = stop;
        self.left = self.left.saturating_add(work);
    }

    /// Work units spent so far.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Questions answered so far.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Whether the limit is reached.
    pub fn is_over(&self) -> bool {
        let (bound, elapsed) = (Cost::single(0), self.clock.elapsed());
        let progress = Progress {
            elapsed,
            work: self.work,
            incumbent: None,
            bound: &bound,
            improved_at: Duration::ZERO,
        };
        self.left == 0 || self.stop.reached(&progress).is_some()
    }

    /// Whether there is a schedule when these constraints give way.
    pub(super) fn ask(&mut self, eased: &Eased) -> Answer {
        if let Some(known) = self.known.get(eased) {
            return known.clone();
        }
        if self.is_over() {
            return Answer::Unknown;
        }
        self.asked += 1;
        let Ok(problem) = ease(self.problem, eased) else { return Answer::Unknown };
        let answer = self.search(&problem);
        if !matches!(answer, Answer::Unknown) {
            self.known.insert(eased.clone(), answer.clone());
        }
        answer
    }

    /// Work that one question may take at most.
    pub(super) fn trial_work(&self) -> u64 {
        self.trial_work.min(self.left)
    }

    /// Work that is left in all.
    pub(super) fn work_left(&self) -> u64 {
        self.left
    }

    /// Counts a question that was answered elsewhere.
    pub(super) fn note_question(&mut self, work: u64) {
        self.asked += 1;
        self.spend(work);
    }

    fn spend(&mut self, work: u64) {
        self.work += work;
        self.left = self.left.saturating_sub(work);
    }

    fn search(&mut self, problem: &Problem) -> Answer {
        if let Some(core) = bounds::contradiction(problem) {
            self.spend(1);
            return Answer::Infeasible(Some(core));
        }
        let built = {
            let decisions = Decisions::new(problem);
            Insertion::new(problem).build(&decisions, &mut || self.is_over())
        };
        self.spend(1 + built.work);
        if built.is_complete() && check(problem, &built.schedule).is_ok() {
            return Answer::Feasible(built.schedule);
        }
        let is_small = problem.tasks().len() <= TASKS_MAX;
        match is_small && Lowered::refusal(problem).is_none() {
            true => self.prove(problem),
            false => self.find(problem),
        }
    }

    /// What a question may take: the first, and all when there is patience, the whole.
    fn budget(&self) -> u64 {
        let usual = self.hardest.map(|work| LEAST_WORK.max(work.saturating_mul(HARDER)));
        let usual = usual.filter(|_| !self.is_patient).unwrap_or(u64::MAX);
        usual.min(self.trial_work).min(self.left)
    }

    fn prove(&mut self, problem: &Problem) -> Answer {
        let mut search = ProofSearch::new(problem, None);
        let budget = self.budget();
        let mut spent = 0;
        while spent < budget && !self.is_over() {
            let slice = SLICE_WORK.min(budget - spent);
            let work = search.advance(slice, &mut || self.is_over());
            spent += work;
            self.spend(work);
            if search.is_infeasible() {
                self.hardest = self.hardest.max(Some(spent));
                return Answer::Infeasible(None);
            }
            if let Some(schedule) = search.improvement() {
                // The judge has the last word; a schedule that it refuses shows nothing.
                return match check(problem, &schedule) {
                    Ok(_) => Answer::Feasible(schedule),
                    Err(_) => Answer::Unknown,
                };
            }
            if work == 0 {
                break;
            }
        }
        Answer::Unknown
    }

    fn find(&mut self, problem: &Problem) -> Answer {
        let first = FirstSchedule;
        let stop = Both(&first, self.stop);
        let mut observer = Silent;
        let settings = Settings {
            seed: Seed::new(1),
            workers: 1,
            work: Some(self.trial_work.min(self.left)),
            stop: &stop,
            clock: self.clock,
            start: None,
        };
        let bound = bounds::trivial_bound(problem);
        let context = Context::new(problem, settings, bound, &mut observer);
        let outcome = DecisionRecipe.solve(problem, &context);
        self.spend(context.work());
        let found = outcome.ok().and_then(|it| it.best().map(|(schedule, _)| schedule.clone()));
        found.map_or(Answer::Unknown, Answer::Feasible)
    }
}

/// Whichever of two rules comes first.
struct Both<'a>(&'a dyn StopWhen, &'a dyn StopWhen);

impl StopWhen for Both<'_> {
    fn reached(&self, progress: &Progress<'_>) -> Option<ordine_base::StopReason> {
        self.0.reached(progress).or_else(|| self.1.reached(progress))
    }
}
