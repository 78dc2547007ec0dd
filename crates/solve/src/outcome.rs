//! What came of a run: an answer with data, never a sentinel.
//!
//! **Source:** the answers of egg and Pumpkin, as one enum.

use ordine_base::{Cost, Demand, StopReason, Time};
use ordine_check::Violation;
use ordine_problem::{JobId, ModeId, PrecedenceId, Problem, ResourceId, Status, TaskId};

/// A part of a problem that can take part in a contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintId {
    /// The capacity of a resource.
    Capacity(ResourceId),
    /// A precedence.
    Precedence(PrecedenceId),
    /// The deadline of a job.
    Deadline(JobId),
    /// The release of a job.
    Release(JobId),
    /// The time window of a task.
    Window(TaskId),
    /// That a task is done, running or frozen.
    Status(TaskId),
    /// What a mode demands of a resource.
    Demand(ModeId, ResourceId),
    /// That the resources of a mode never work together for long enough.
    WorkingTime(ModeId),
}

impl ConstraintId {
    /// Every part with an id that can take part in a contradiction: a core, given what has no id
    /// (choices, spans, setups, holds, relations), lies within.
    pub fn all(problem: &Problem) -> Vec<ConstraintId> {
        let deadlines = problem.jobs().filter(|&job| problem.job(job).deadline.is_some());
        let releases = problem.jobs().filter(|&job| problem.job(job).release > Time::ORIGIN);
        let windows = problem.tasks().filter(|&task| problem.task(task).has_times());
        let settled = problem.tasks().filter(|&task| problem.task(task).status != Status::Free);
        let works = problem.tasks().flat_map(|task| problem.usable_modes(task)).copied();
        let works = works.filter(|&mode| {
            let needs = problem.requirements(mode).iter();
            needs.clone().any(|need| problem.resource(need.resource).calendar.is_some())
        });
        problem
            .resources()
            .map(ConstraintId::Capacity)
            .chain(problem.precedences().ids().map(ConstraintId::Precedence))
            .chain(releases.map(ConstraintId::Release))
            .chain(deadlines.map(ConstraintId::Deadline))
            .chain(windows.map(ConstraintId::Window))
            .chain(settled.map(ConstraintId::Status))
            .chain(works.map(ConstraintId::WorkingTime))
            .collect()
    }

    /// Says in words which constraint it is.
    pub fn describe(self, problem: &Problem) -> String {
        match self {
            ConstraintId::Capacity(id) => {
                let resource = problem.resource(id);
                format!("capacity {} of resource {}", resource.capacity(), resource.name)
            }
            ConstraintId::Precedence(id) => {
                let precedence = problem.precedences()[id];
                let name = |task| &problem.task(task).name;
                format!("precedence {} -> {}", name(precedence.before), name(precedence.after))
            }
            ConstraintId::Deadline(id) => format!("deadline of job {}", problem.job(id).name),
            ConstraintId::Release(id) => format!("release of job {}", problem.job(id).name),
            ConstraintId::Window(id) => format!("time window of task {}", problem.task(id).name),
            ConstraintId::Status(id) => {
                let data = problem.task(id);
                let word = match data.status {
                    Status::Free => "free",
                    Status::Done { .. } => "done",
                    Status::Running { .. } => "running",
                    Status::Frozen { .. } => "frozen",
                };
                format!("task {}, which is {word}", data.name)
            }
            ConstraintId::Demand(mode, id) => {
                let mut needs = problem.requirements(mode).iter();
                let need = needs.find(|need| need.resource == id);
                let demand = need.map_or(Demand::ZERO, |need| need.demand);
                let resource = problem.resource(id);
                format!(
                    "demand of {} for resource {} in mode {}: {demand} of {}",
                    task_of(problem, mode),
                    resource.name,
                    problem.mode_number(mode),
                    resource.capacity()
                )
            }
            ConstraintId::WorkingTime(mode) => format!(
                "working time of {} in mode {}: no stretch fits its {} ticks",
                task_of(problem, mode),
                problem.mode_number(mode),
                problem.mode(mode).duration
            ),
        }
    }
}

fn task_of(problem: &Problem, mode: ModeId) -> String {
    format!("task {}", problem.task(problem.mode(mode).task).name)
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<S> {
    /// The best schedule, proved to be so.
    Optimal {
        /// The schedule.
        best: S,
        /// Its cost.
        cost: Cost,
    },
    /// A schedule, not proved to be the best.
    Feasible {
        /// The schedule.
        best: S,
        /// Its cost.
        cost: Cost,
        /// No schedule costs less than this.
        bound: Cost,
        /// Why the run ended.
        stopped: StopReason,
    },
    /// There is no schedule.
    Infeasible {
        /// Constraints that cannot hold together.
        core: Vec<ConstraintId>,
    },
    /// Neither a schedule nor a proof that there is none.
    Unknown {
        /// No schedule costs less than this.
        bound: Cost,
        /// Why the run ended.
        stopped: StopReason,
    },
}

impl<S> Outcome<S> {
    /// The schedule with its cost, if there is one.
    pub fn best(&self) -> Option<(&S, &Cost)> {
        match self {
            Outcome::Optimal { best, cost } | Outcome::Feasible { best, cost, .. } => {
                Some((best, cost))
            }
            Outcome::Infeasible { .. } | Outcome::Unknown { .. } => None,
        }
    }

    /// The word that reports print.
    pub const fn word(&self) -> &'static str {
        match self {
            Outcome::Optimal { .. } => "optimal",
            Outcome::Feasible { .. } => "feasible",
            Outcome::Infeasible { .. } => "infeasible",
            Outcome::Unknown { .. } => "unknown",
        }
    }

    /// Why the run ended.
    pub const fn stopped(&self) -> StopReason {
        match self {
            Outcome::Optimal { .. } | Outcome::Infeasible { .. } => StopReason::Proved,
            Outcome::Feasible { stopped, .. } | Outcome::Unknown { stopped, .. } => *stopped,
        }
    }
}

/// Something that must never happen: an error inside, found by the judge or by a bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The judge refused a schedule.
    #[error("the judge refused a schedule of {source_name}: {words}; please report this")]
    Refused {
        /// Who built it.
        source_name: &'static str,
        /// What is wrong with it.
        violations: Vec<Violation>,
        /// The first violation in words.
        words: String,
    },
    /// A schedule costs less than a bound.
    #[error("a schedule costs {cost}, below the bound {bound}; please report this")]
    BoundAboveCost {
        /// Cost of the schedule, as judged.
        cost: Cost,
        /// The bound.
        bound: Cost,
    },
    /// Something proved that there is no schedule, and there is one.
    #[error("a schedule that costs {cost} was proved not to exist; please report this")]
    NotInfeasible {
        /// Cost of the schedule, as judged.
        cost: Cost,
    },
    /// The recipe does not respect a word of the model that the problem uses.
    #[error("recipe {recipe} does not support {features}; choose another, such as `auto`")]
    Unsupported {
        /// Name of the recipe.
        recipe: &'static str,
        /// What it lacks.
        features: String,
    },
}
