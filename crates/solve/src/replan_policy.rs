//! The re-plan policy: follows a plan, and makes a new one when what happens departs from it.
//!
//! A plan is a schedule of what remains ([`World::residual`](ordine_world::World::residual)), found
//! by a recipe within a budget; what has begun is frozen. At a decision the machine takes what
//! comes next in its order of the plan. Where that is not on offer it stays empty, if the world
//! offers that: as a candidate whose task the remaining problem does not know. Where it does not,
//! the candidate that is planned first goes.
//!
//! A plan is given up when something began that it did not begin, or ends at another time than it
//! says by more than a tolerance (half the mean duration unless said otherwise): at breakdowns, at
//! repairs, at arrivals. The new search starts from the best of what becomes of the old plan when
//! its order is kept, and what each of a few other policies would make of what is known. Under a
//! budget of work the decisions depend on the world and the policy's stream alone. A world that
//! does not tell what remains, or a problem that no recipe takes, is left to the first of those
//! policies.
//!
//! **Source:** predictive-reactive rescheduling: Vieira, Herrmann, Lin 2003; rolling horizons:
//! Ovacik, Uzsoy 1994.

use crate::bounds::trivial_bound;
use crate::{Context, Outcome, Settings, Solver};
use ordine_base::{Clock, FirstOf, FrozenClock, Id, Seed, Silent, Ticks, Time, TimeLimit};
use ordine_problem::{Problem, ResourceId, Schedule, Status, TaskId};
use ordine_world::{Candidate, CandidateId, Decision, NamedPolicy, Observation, Policy};
use std::time::Duration;

/// Its name, for whoever names policies by text.
pub const REPLAN: NamedPolicy = NamedPolicy {
    name: "re-plan",
    arguments: "work, tolerance",
    summary: "follows a plan of what remains, and solves anew when the world departs from it",
    source: "Vieira, Herrmann, Lin 2003",
};

/// How long a search for a plan may take.
#[derive(Clone, Copy)]
pub enum PlanBudget<'a> {
    /// So many units of work: the same decisions whenever they are made.
    Work(u64),
    /// So much time on this clock.
    Time(Duration, &'a dyn Clock),
}

/// Follows plans of a recipe.
pub struct ReplanPolicy<'a> {
    solver: Box<dyn Solver + 'a>,
    budget: PlanBudget<'a>,
    /// What they foresee is where a search can start; the first decides where there is no plan.
    others: Vec<Box<dyn Policy + 'a>>,
    /// How much later or earlier than planned something may end without a new plan; half the mean
    /// duration of the tasks where nothing is said.
    tolerance: Option<Ticks>,
    plan: Option<Plan>,
    plans: u64,
}

/// A plan, and the problem that it is for.
struct Plan {
    schedule: Schedule,
    /// By machine, the tasks that had not begun when the plan was made, in order of their start.
    turns: Vec<Vec<TaskId>>,
}

impl<'a> ReplanPolicy<'a> {
    /// Plans by `solver` within `budget`; `stand_in` decides where there is no plan.
    pub fn new(
        solver: Box<dyn Solver + 'a>,
        budget: PlanBudget<'a>,
        stand_in: Box<dyn Policy + 'a>,
    ) -> Self {
        ReplanPolicy {
            solver,
            budget,
            others: vec![stand_in],
            tolerance: None,
            plan: None,
            plans: 0,
        }
    }

    /// Keeps a plan as long as nothing ends further than this from where it says.
    #[must_use]
    pub fn within(mut self, tolerance: Ticks) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Lets a search start from what these policies would do, too.
    #[must_use]
    pub fn beside(mut self, others: impl IntoIterator<Item = Box<dyn Policy + 'a>>) -> Self {
        self.others.extend(others);
        self
    }

    /// A schedule to begin with, made by whatever policy: the first search starts from it.
    #[must_use]
    pub fn starting_from(mut self, schedule: Schedule) -> Self {
        self.plan = Some(Plan { schedule, turns: Vec::new() });
        self
    }

    /// How many plans were made.
    pub fn plans(&self) -> u64 {
        self.plans
    }

    /// Makes a new plan for what remains; keeps the old one where none is found.
    fn plan_anew(&mut self, problem: &Problem, decision: &mut Decision<'_>) {
        let seed = Seed::new(decision.stream().bits());
        let start = self.start(problem, decision);
        self.plans += 1;
        let outcome = solved(problem, &*self.solver, self.budget, seed, start.as_ref());
        let Some(outcome) = outcome else { return };
        if let Some((schedule, _)) = outcome.best() {
            let schedule = schedule.clone();
            self.plan = Some(Plan { turns: turns(problem, &schedule), schedule });
        }
    }

    /// Where a search starts: the best schedule that the judge accepts, of those that are known;
    /// without one the old plan.
    fn start(&mut self, problem: &Problem, decision: &mut Decision<'_>) -> Option<Schedule> {
        let old = self.plan.as_ref().map(|plan| &plan.schedule);
        let mut known: Vec<Schedule> =
            old.and_then(|plan| decision.followed(plan)).into_iter().collect();
        known.extend(old.map(|plan| merged(problem, plan)));
        for policy in &mut self.others {
            known.extend(decision.forecast(&mut **policy));
        }
        let judged = known.into_iter().filter_map(|schedule| {
            ordine_check::check(problem, &schedule).ok().map(|cost| (cost, schedule))
        });
        let best = judged.min_by(|left, right| left.0.cmp(&right.0)).map(|(_, schedule)| schedule);
        best.or_else(|| old.map(|plan| merged(problem, plan)))
    }
}

/// The best schedule that a recipe finds within the budget; `None` where it does not take the
/// problem.
fn solved(
    problem: &Problem,
    solver: &dyn Solver,
    budget: PlanBudget<'_>,
    seed: Seed,
    start: Option<&Schedule>,
) -> Option<Outcome<Schedule>> {
    let mut silent = Silent;
    let (work, clock, stop): (_, &dyn Clock, _) = match budget {
        PlanBudget::Work(work) => (Some(work), &FrozenClock, FirstOf::default()),
        PlanBudget::Time(limit, clock) => {
            let until = TimeLimit(clock.elapsed() + limit);
            (None, clock, FirstOf(vec![Box::new(until)]))
        }
    };
    let settings = Settings { seed, workers: 1, work, stop: &stop, clock, start };
    let context = Context::new(problem, settings, trivial_bound(problem), &mut silent);
    solver.solve(problem, &context).ok()
}

/// What has begun as it is, everything else where the plan has it.
fn merged(problem: &Problem, plan: &Schedule) -> Schedule {
    Schedule::from_placements(
        problem.tasks().map(|task| begun(problem, task).or(plan.placement(task))),
    )
}

/// Where a task stands that has begun; what runs ends when its work is done, breaks aside.
fn begun(problem: &Problem, task: TaskId) -> Option<ordine_problem::Placement> {
    let status = problem.task(task).status;
    let (mode, start) = status.settled()?;
    let mode = problem.numbered_mode(task, mode as usize)?;
    let end = match status {
        Status::Done { end, .. } => end,
        Status::Running { remaining, .. } => problem.now() + remaining,
        Status::Free | Status::Frozen { .. } => start + problem.mode(mode).duration,
    };
    Some(ordine_problem::Placement { mode, start, end })
}

/// By machine, what has not begun, in the order of the plan.
fn turns(problem: &Problem, plan: &Schedule) -> Vec<Vec<TaskId>> {
    let mut turns = vec![Vec::new(); problem.resources().len()];
    for task in plan.in_time_order() {
        let Some(placement) = plan.placement(task).filter(|_| !problem.has_begun(task)) else {
            continue;
        };
        for need in problem.requirements(placement.mode) {
            turns[need.resource.index()].push(task);
        }
    }
    turns
}

/// Half the mean duration of the tasks.
fn half_a_task(problem: &Problem) -> Ticks {
    let durations = problem.tasks().map(|task| problem.duration_min(task).get());
    Ticks::new(durations.sum::<i64>() / (2 * problem.tasks().len().max(1) as i64))
}

/// Whether what has begun agrees with the plan.
fn agrees(problem: &Problem, plan: &Schedule, tolerance: Ticks) -> bool {
    problem.tasks().all(|task| {
        let Some(now) = begun(problem, task) else { return true };
        let Some(planned) = plan.placement(task) else { return false };
        let late = (now.end - planned.end).get().abs();
        // What runs paused may end later than its work says, never earlier.
        let counts = problem.task(task).status.is_done() || now.end > planned.end;
        now.mode == planned.mode && (!counts || late <= tolerance.get())
    })
}

impl Policy for ReplanPolicy<'_> {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        let Some(problem) = decision.residual() else {
            return self.others[0].act(observation, decision);
        };
        let tolerance = self.tolerance.unwrap_or_else(|| half_a_task(&problem));
        let keeps = |plan: &Plan| {
            !plan.turns.is_empty()
                && agrees(&problem, &plan.schedule, tolerance)
                && observation.allowed().all(|(_, it)| is_known(it, &problem, plan))
        };
        if !self.plan.as_ref().is_some_and(keeps) {
            self.plan_anew(&problem, decision);
        }
        match self.plan.as_ref().filter(|plan| !plan.turns.is_empty()) {
            Some(plan) => plan.choice(&problem, observation),
            None => self.others[0].act(observation, decision),
        }
    }
}

/// Whether a candidate is in the plan, or stands for leaving a machine empty.
fn is_known(candidate: &Candidate, problem: &Problem, plan: &Plan) -> bool {
    candidate.task.index() >= problem.tasks().len()
        || plan.schedule.placement(candidate.task).is_some()
}

impl Plan {
    /// The candidate that comes next by this plan.
    fn choice(&self, problem: &Problem, observation: &Observation) -> CandidateId {
        let planned = |candidate: &Candidate| {
            let placement = self.schedule.placement(candidate.task);
            placement.filter(|it| it.mode == candidate.mode).map(|it| it.start)
        };
        let real = |candidate: &Candidate| candidate.task.index() < problem.tasks().len();
        let earliest = |(id, candidate): (CandidateId, &Candidate)| {
            (planned(candidate).unwrap_or(Time::MAX), id)
        };
        let offered = observation.allowed().filter(|(_, candidate)| real(candidate));
        let first = offered.map(earliest).min();
        let empty = observation.allowed().find(|(_, candidate)| !real(candidate));
        match (first, empty) {
            (Some((_, id)), None) => id,
            (Some((start, id)), Some((empty, _))) => {
                let chosen = observation.candidate(id);
                let is_next = start < Time::MAX && self.is_next(problem, chosen);
                if is_next { id } else { empty }
            }
            (None, Some((empty, _))) => empty,
            (None, None) => CandidateId::from_index(0),
        }
    }

    /// Whether nothing that has not begun comes before a candidate on its machines.
    fn is_next(&self, problem: &Problem, candidate: &Candidate) -> bool {
        let waits = |task: &&TaskId| !problem.has_begun(**task);
        let is_first = |resource: ResourceId| {
            self.turns[resource.index()].iter().find(waits) == Some(&candidate.task)
        };
        let needs = problem.requirements(candidate.mode).iter();
        needs.map(|need| need.resource).all(is_first)
    }
}
