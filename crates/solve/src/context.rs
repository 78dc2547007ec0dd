//! What a solver may use while it runs: the incumbent and bound of all, stop rule, work, seed.
//!
//! Every schedule goes through the judge before it becomes the incumbent; the incumbent never gets
//! worse; every run ends with a reason.
//!
//! **Source:** exchange of incumbents and bounds as in portfolio solvers (CP-SAT).

use crate::{ConstraintId, Facts, Fault, Outcome};
use ordine_base::{Clock, Cost, Observer, Progress, RunEvent, Seed, StopReason, StopWhen};
use ordine_check::{Violation, check};
use ordine_construct::{Decisions, Insertion};
use ordine_ls::Merit;
use ordine_problem::{Problem, Schedule};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Most tasks that are inserted at the end of a run for its report.
const QUICK_TASKS: usize = 2_000;

/// How a run is bounded and steered.
pub struct Settings<'a> {
    /// Where all randomness comes from.
    pub seed: Seed,
    /// Threads that may run at a time, at least 1.
    pub workers: usize,
    /// Deterministic budget of work units; the run is then independent of clock and workers.
    pub work: Option<u64>,
    /// Further rules that end the run.
    pub stop: &'a dyn StopWhen,
    /// Wall time since the run began.
    pub clock: &'a dyn Clock,
    /// A schedule to start from; a feasible one is never lost.
    pub start: Option<&'a Schedule>,
}

/// What became of a schedule that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It is the new incumbent.
    Adopted,
    /// It is feasible, but no better.
    NoBetter,
    /// It misses a deadline and nothing else.
    MissesDeadline,
}

struct Board<'a> {
    /// By level, the value below which later levels decide.
    floors: Vec<i64>,
    closest: Option<(Merit, Schedule)>,
    incumbent: Option<(Cost, Arc<Schedule>)>,
    /// Constraints that cannot hold together, if it was proved that there is no schedule.
    core: Option<Vec<ConstraintId>>,
    bound: Cost,
    root_bound: Cost,
    first_at: Duration,
    improved_at: Duration,
    observer: &'a mut dyn Observer,
    stopped: Option<StopReason>,
}

/// The meeting point of all searchers of one run.
pub struct Context<'a> {
    problem: &'a Problem,
    settings: Settings<'a>,
    board: Mutex<Board<'a>>,
    facts: Mutex<Facts>,
    work: AtomicU64,
    version: AtomicU64,
    memory: Option<u64>,
    ran_short: AtomicBool,
}

impl<'a> Context<'a> {
    /// Starts a run on `problem`. `bound` is any valid bound; events go to `observer`.
    pub fn new(
        problem: &'a Problem,
        settings: Settings<'a>,
        bound: Cost,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let board = Board {
            floors: vec![i64::MIN; problem.objective().levels().len()],
            closest: None,
            incumbent: None,
            core: None,
            root_bound: bound.clone(),
            bound,
            first_at: Duration::ZERO,
            improved_at: Duration::ZERO,
            observer,
            stopped: None,
        };
        Context {
            problem,
            settings,
            board: Mutex::new(board),
            facts: Mutex::default(),
            work: AtomicU64::new(0),
            version: AtomicU64::new(0),
            memory: None,
            ran_short: AtomicBool::new(false),
        }
    }

    /// The same run within so many bytes, if any number is given: engines that can grow without
    /// bound keep to their share.
    pub fn within(self, memory: Option<u64>) -> Self {
        Context { memory, ..self }
    }

    /// Bytes that the run may hold, if that is bounded.
    pub fn memory(&self) -> Option<u64> {
        self.memory
    }

    /// Notes that an engine ended because its share of the memory was not enough.
    pub fn note_short_memory(&self) {
        self.ran_short.store(true, Ordering::Relaxed);
    }

    fn board(&self) -> MutexGuard<'_, Board<'a>> {
        self.board.lock().expect("no thread panics while it holds the board")
    }

    /// The problem that is solved.
    pub fn problem(&self) -> &'a Problem {
        self.problem
    }

    /// Where all randomness comes from.
    pub fn seed(&self) -> Seed {
        self.settings.seed
    }

    /// Threads that may run at a time.
    pub fn workers(&self) -> usize {
        self.settings.workers.max(1)
    }

    /// The deterministic budget, if the run has one.
    pub fn work_budget(&self) -> Option<u64> {
        self.settings.work
    }

    /// The schedule to start from, if one was given.
    pub fn start(&self) -> Option<&'a Schedule> {
        self.settings.start
    }

    /// Work units spent so far.
    pub fn work(&self) -> u64 {
        self.work.load(Ordering::Relaxed)
    }

    /// Adds to the work spent.
    pub fn spend(&self, units: u64) {
        self.work.fetch_add(units, Ordering::Relaxed);
    }

    /// Grows with every new incumbent: a cheap way to see that something changed.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The incumbent and its cost, if there is one.
    pub fn incumbent(&self) -> Option<(Cost, Arc<Schedule>)> {
        self.board().incumbent.clone()
    }

    /// The best bound so far.
    pub fn bound(&self) -> Cost {
        self.board().bound.clone()
    }

    /// Offers a schedule; the judge decides.
    ///
    /// # Errors
    /// When the judge finds anything but a missed deadline, or the cost lies below the bound.
    pub fn offer(&self, source: &'static str, schedule: &Schedule) -> Result<Offer, Fault> {
        let cost = match check(self.problem, schedule) {
            Ok(cost) => cost,
            Err(violations) => return self.refuse(source, schedule, violations),
        };
        let mut board = self.board();
        if cost < board.bound {
            let bound = board.bound.clone();
            return Err(Fault::BoundAboveCost { cost, bound });
        }
        let counted = |cost: &Cost| counted(cost, &board.floors);
        let known = board.incumbent.as_ref().map(|(known, _)| known);
        if known.is_some_and(|known| counted(known) <= counted(&cost)) {
            return Ok(Offer::NoBetter);
        }
        let elapsed = self.settings.clock.elapsed();
        if board.incumbent.is_none() {
            board.first_at = elapsed;
        }
        board.improved_at = elapsed;
        board.incumbent = Some((cost.clone(), Arc::new(schedule.clone())));
        self.version.fetch_add(1, Ordering::Release);
        board.observer.notice(&RunEvent::Incumbent { cost, source, elapsed, work: self.work() });
        Ok(Offer::Adopted)
    }

    fn refuse(
        &self,
        source: &'static str,
        schedule: &Schedule,
        violations: Vec<Violation>,
    ) -> Result<Offer, Fault> {
        let lateness = |it: &Violation| match *it {
            Violation::AfterDeadline { end, deadline, .. } => Some((end - deadline).get() as u64),
            _ => None,
        };
        if let Some(late) = violations.iter().map(lateness).collect::<Option<Vec<u64>>>() {
            let cost = schedule.cost(self.problem);
            self.note_closest(&Merit { refused: 0, shortage: late.iter().sum(), cost }, schedule);
            return Ok(Offer::MissesDeadline);
        }
        let words = violations.first().map_or_else(String::new, |it| it.describe(self.problem));
        Err(Fault::Refused { source_name: source, violations, words })
    }

    /// Settles a level of the objective at what the incumbent reached: from now on schedules within
    /// its tolerance are equally good there. Gives the largest such value; `None` without an
    /// incumbent. A level that is settled stays so.
    pub fn settle(&self, level: usize) -> Option<i64> {
        let mut board = self.board();
        let reached = board.incumbent.as_ref().map(|(cost, _)| cost.levels()[level])?;
        if board.floors[level] > i64::MIN {
            return Some(board.floors[level]);
        }
        let floor = self.problem.objective().levels()[level].tolerance.above(reached);
        board.floors[level] = floor;
        Some(floor)
    }

    /// By level from the first on: the largest value that is as good as the best, where the level
    /// is settled.
    pub fn floors(&self) -> Vec<i64> {
        self.board().floors.iter().copied().take_while(|&floor| floor > i64::MIN).collect()
    }

    /// Keeps the schedule that comes closest to keeping every rule, for a report if none does.
    pub fn note_closest(&self, merit: &Merit, schedule: &Schedule) {
        let mut board = self.board();
        if board.closest.as_ref().is_none_or(|(known, _)| merit < known) {
            board.closest = Some((merit.clone(), schedule.clone()));
        }
    }

    /// What is wrong with the schedule that comes closest to keeping every rule: of those that were
    /// noted, or of one that is inserted now, where that is quick. Empty where one keeps them all.
    pub fn obstacles(&self) -> Vec<Violation> {
        let board = self.board();
        if board.incumbent.is_some() {
            return Vec::new();
        }
        let closest = board.closest.as_ref().map(|(_, schedule)| schedule.clone());
        drop(board);
        let quick = self.problem.tasks().len() <= QUICK_TASKS;
        let inserted = || {
            let decisions = Decisions::new(self.problem);
            Insertion::new(self.problem).build(&decisions, &mut || false).schedule
        };
        let closest = closest.or_else(|| quick.then(inserted));
        closest.and_then(|schedule| check(self.problem, &schedule).err()).unwrap_or_default()
    }

    /// Publishes a bound; level by level the larger one counts.
    ///
    /// # Errors
    /// When the incumbent costs less.
    pub fn raise_bound(&self, source: &'static str, bound: &Cost) -> Result<(), Fault> {
        let mut board = self.board();
        let raised = board.bound.strengthened(bound);
        if raised == board.bound {
            return Ok(());
        }
        if let Some((cost, _)) = board.incumbent.as_ref().filter(|(cost, _)| *cost < raised) {
            return Err(Fault::BoundAboveCost { cost: cost.clone(), bound: raised });
        }
        board.bound = raised.clone();
        let elapsed = self.settings.clock.elapsed();
        let event = RunEvent::Bound { bound: raised, source, elapsed, work: self.work() };
        board.observer.notice(&event);
        Ok(())
    }

    /// Publishes that there is no schedule; `core` names constraints that cannot hold together.
    ///
    /// # Errors
    /// When there is an incumbent.
    pub fn prove_infeasible(&self, core: Vec<ConstraintId>) -> Result<(), Fault> {
        let mut board = self.board();
        if let Some((cost, _)) = &board.incumbent {
            return Err(Fault::NotInfeasible { cost: cost.clone() });
        }
        board.core.get_or_insert(core);
        Ok(())
    }

    /// Marks the bound reached so far as that of the root, before any search.
    pub fn close_root(&self) {
        let mut board = self.board();
        board.root_bound = board.bound.clone();
    }

    /// What searches have proved of all schedules that are good enough.
    pub fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().expect("no thread panics while it holds the facts")
    }

    /// The reason to stop now, if there is one; once given, it stays.
    pub fn should_stop(&self) -> Option<StopReason> {
        let mut board = self.board();
        if board.stopped.is_none() {
            board.stopped = self.find_reason(&board);
        }
        board.stopped
    }

    fn find_reason(&self, board: &Board<'_>) -> Option<StopReason> {
        let cost = board.incumbent.as_ref().map(|(cost, _)| cost);
        if cost.is_some_and(|cost| *cost == board.bound) || board.core.is_some() {
            return Some(StopReason::Proved);
        }
        let reached = self.settings.stop.reached(&Progress {
            elapsed: self.settings.clock.elapsed(),
            work: self.work(),
            incumbent: cost,
            bound: &board.bound,
            improved_at: board.improved_at,
        });
        let spent = || self.settings.work.is_some_and(|limit| self.work() >= limit);
        reached.or_else(|| spent().then_some(StopReason::Work))
    }

    /// Whether the clock or the user ends the run, whatever other limits say: a first schedule is
    /// owed under any other limit.
    pub fn is_cut_off(&self) -> bool {
        let reason = self.find_reason(&self.board());
        matches!(reason, Some(StopReason::Time | StopReason::Interrupted))
    }

    /// The answer of the run as it stands.
    pub fn outcome(&self) -> Outcome<Schedule> {
        let ended = match self.ran_short.load(Ordering::Relaxed) {
            true => StopReason::Memory,
            false => StopReason::Exhausted,
        };
        let stopped = self.should_stop().unwrap_or(ended);
        let board = self.board();
        let bound = board.bound.clone();
        if let Some(core) = &board.core {
            return Outcome::Infeasible { core: core.clone() };
        }
        match &board.incumbent {
            None => Outcome::Unknown { bound, stopped },
            Some((cost, best)) if *cost == bound => {
                Outcome::Optimal { best: (**best).clone(), cost: cost.clone() }
            }
            Some((cost, best)) => {
                let (best, cost) = ((**best).clone(), cost.clone());
                Outcome::Feasible { best, cost, bound, stopped }
            }
        }
    }

    /// Figures of the run for reports.
    pub fn figures(&self) -> Figures {
        let board = self.board();
        Figures {
            bound: board.bound.clone(),
            root_bound: board.root_bound.clone(),
            first_at: board.first_at,
            improved_at: board.improved_at,
            work: self.work(),
        }
    }
}

/// The cost with settled levels raised to their floors.
fn counted(cost: &Cost, floors: &[i64]) -> Cost {
    let levels = cost.levels().iter().zip(floors).map(|(&value, &floor)| value.max(floor));
    Cost::from_levels(&levels.collect::<Vec<i64>>())
}

/// Figures of a run for reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The best bound.
    pub bound: Cost,
    /// The bound before any search.
    pub root_bound: Cost,
    /// Wall time of the first incumbent; zero when there is none.
    pub first_at: Duration,
    /// Wall time of the last incumbent; zero when there is none.
    pub improved_at: Duration,
    /// Work units spent.
    pub work: u64,
}
