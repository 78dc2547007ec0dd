//! A problem in which some constraints are dropped or give way by an amount.
//!
//! Dropping a constraint only ever admits more schedules, but for two: without its calendar a
//! resource does not pause, so that its tasks end earlier; and a batching machine without limit
//! still forms batches. What has happened (done and running tasks) stays. O(size of the problem).
//!
//! * A machine without its capacity is a renewable for everybody; its setups go with it, as does
//!   the order of jobs on it.
//! * A precedence that is dropped becomes a wish. That of a blocking task lasts without its gaps:
//!   blocking implies it.
//!
//! **Source:** -

use crate::ConstraintId;
use ordine_base::{Demand, StepFunction, Ticks, Time};
use ordine_problem::{
    Job, Objective, PrecedenceId, Problem, ProblemBuilder, ProblemError, ResourceId, ResourceKind,
    Status, Stock, Task, TaskId,
};
use std::collections::BTreeMap;

/// Constraints that give way: by an amount, or altogether.
pub type Eased = BTreeMap<ConstraintId, Option<i64>>;

/// The problem under the makespan, with these constraints eased.
///
/// # Errors
/// Those of sealing.
pub fn ease(problem: &Problem, eased: &Eased) -> Result<Problem, ProblemError> {
    problem.with(|builder| {
        builder.admit_impossible_tasks();
        builder.objective(Objective::default());
        let easing = Easing { problem, eased };
        let drops = |constraint| easing.drops(constraint);
        // Relations first, while their positions are those of the problem.
        builder.keep_holds(|hold| !drops(ConstraintId::Hold(hold.task)));
        builder.keep_selections(|place, _| !drops(ConstraintId::Selection(place)));
        builder.keep_mode_relations(|place, _| !drops(ConstraintId::ModeRelation(place)));
        builder.keep_same_sequences(|place, _| !drops(ConstraintId::SameSequence(place)));
        for (&constraint, &by) in eased {
            easing.apply(builder, constraint, by)?;
        }
        Ok(())
    })
}

/// Whether a constraint can be dropped: what has happened cannot.
pub fn is_droppable(problem: &Problem, constraint: ConstraintId) -> bool {
    match constraint {
        ConstraintId::Status(task) => match problem.task(task).status {
            Status::Frozen { start, .. } => start >= problem.now(),
            _ => false,
        },
        ConstraintId::Demand(..) | ConstraintId::WorkingTime(_) => false,
        _ => true,
    }
}

/// Whether a constraint can give way by an amount.
pub(super) fn is_measured(problem: &Problem, constraint: ConstraintId) -> bool {
    match constraint {
        ConstraintId::Capacity(id) => {
            let data = problem.resource(id);
            let ordered = problem.same_sequences().iter().any(|it| it.machines.contains(&id));
            let waits = problem
                .holds()
                .iter()
                .any(|hold| hold.buffer.is_some() && needs(problem, hold.task, id));
            let is_bound = data.setup.is_some() || data.initial_family.is_some();
            !data.is_machine() || data.batching.is_some() || !(ordered || waits || is_bound)
        }
        ConstraintId::Precedence(_)
        | ConstraintId::Deadline(_)
        | ConstraintId::Release(_)
        | ConstraintId::Window(_) => true,
        _ => false,
    }
}

fn needs(problem: &Problem, task: TaskId, id: ResourceId) -> bool {
    let mut modes = problem.modes(task);
    modes.any(|mode| problem.requirements(mode).iter().any(|need| need.resource == id))
}

struct Easing<'a> {
    problem: &'a Problem,
    eased: &'a Eased,
}

impl Easing<'_> {
    fn drops(&self, constraint: ConstraintId) -> bool {
        self.eased.get(&constraint) == Some(&None)
    }

    fn apply(
        &self,
        builder: &mut ProblemBuilder,
        constraint: ConstraintId,
        by: Option<i64>,
    ) -> Result<(), ProblemError> {
        match constraint {
            ConstraintId::Capacity(id) => self.capacity(builder, id, by),
            ConstraintId::Precedence(id) => self.precedence(builder, id, by)?,
            ConstraintId::Deadline(id) => {
                let job = self.problem.job(id);
                let deadline = job.deadline.and_then(|it| Some(later(it, by?)));
                builder.replace_job(id, Job { deadline, ..builder.job_of(id).clone() })?;
            }
            ConstraintId::Release(id) => {
                let release = self.problem.job(id).release;
                let release = by.map_or(Time::ORIGIN, |by| earlier(release, by));
                builder.replace_job(id, Job { release, ..builder.job_of(id).clone() })?;
            }
            ConstraintId::Window(id) => widen(builder.edit_task(id), by),
            ConstraintId::ForbiddenTimes(id) => {
                let task = builder.edit_task(id);
                task.forbidden_starts.clear();
                task.forbidden_ends.clear();
                task.forbidden_extents.clear();
            }
            ConstraintId::Status(id) => builder.edit_task(id).status = Status::Free,
            ConstraintId::Calendar(id) => builder.edit_resource(id).calendar = None,
            ConstraintId::LeastUsage(id) => builder.edit_resource(id).usage_min = None,
            ConstraintId::Setups(id) => {
                let resource = builder.edit_resource(id);
                (resource.setup, resource.initial_family) = (None, None);
            }
            ConstraintId::Swaps => builder.allow_swaps(),
            // Relations are dropped all at once; the others are no constraints of their own.
            ConstraintId::Hold(_)
            | ConstraintId::Selection(_)
            | ConstraintId::SameSequence(_)
            | ConstraintId::ModeRelation(_)
            | ConstraintId::Demand(..)
            | ConstraintId::WorkingTime(_) => {}
        }
        Ok(())
    }

    fn precedence(
        &self,
        builder: &mut ProblemBuilder,
        id: PrecedenceId,
        by: Option<i64>,
    ) -> Result<(), ProblemError> {
        let old = self.problem.precedences()[id];
        let blocks = |hold: &ordine_problem::Hold| {
            (hold.task, hold.until) == (old.before, old.after)
                && !self.drops(ConstraintId::Hold(hold.task))
        };
        let is_end_to_start = old.kind.leaves_end() && old.kind.enters_start();
        let is_implied = is_end_to_start && self.problem.holds().iter().any(blocks);
        let mut new = old;
        match by {
            None if is_implied => (new.lag, new.lag_max) = (old.lag.min(Ticks::ZERO), None),
            None => new.penalty = Some(1),
            Some(by) => {
                let most = Ticks::MAX.get();
                let least = if is_implied { old.lag.min(Ticks::ZERO) } else { Ticks::new(-most) };
                new.lag = Ticks::new(old.lag.get().saturating_sub(by)).max(least);
                let raised = |it: Ticks| Ticks::new(it.get().saturating_add(by).min(most));
                new.lag_max = old.lag_max.map(raised);
            }
        }
        builder.replace_precedence(id, new)
    }

    fn capacity(&self, builder: &mut ProblemBuilder, id: ResourceId, by: Option<i64>) {
        let problem = self.problem;
        let enough = total_demand(problem, id).max(problem.resource(id).capacity().get()).max(1);
        let raised = |capacity: Demand| {
            let most = Demand::MAX.get().min(by.map_or(enough, |by| capacity.get() + by));
            Demand::new(most.max(capacity.get()))
        };
        let resource = builder.edit_resource(id);
        match (resource.kind, &mut resource.batching) {
            (ResourceKind::Machine, Some(batching)) => {
                batching.size_max = raised(batching.size_max)
            }
            (ResourceKind::Machine, None) => {
                resource.kind = ResourceKind::Renewable(raised(Demand::ONE));
                (resource.setup, resource.initial_family) = (None, None);
                builder.keep_same_sequences(|_, it| {
                    it.machines.retain(|machine| *machine != id);
                    !it.machines.is_empty()
                });
                builder.keep_holds(|it| it.buffer.is_none() || !needs(problem, it.task, id));
            }
            (ResourceKind::Renewable(capacity), _) => {
                resource.kind = ResourceKind::Renewable(raised(capacity));
                resource.capacity_profile = match (&resource.capacity_profile, by) {
                    (Some(profile), Some(by)) => Some(lifted(profile, by)),
                    _ => None,
                };
            }
            (ResourceKind::Consumable(capacity), _) => {
                resource.kind = ResourceKind::Consumable(raised(capacity));
            }
            (ResourceKind::Reservoir(stock), _) => {
                let by = by.unwrap_or_else(|| total_change(problem, id));
                let least = stock.least.saturating_sub(by).max(-Demand::MAX.get());
                let most = stock.most.saturating_add(by).min(Demand::MAX.get());
                resource.kind = ResourceKind::Reservoir(Stock { least, most, ..stock });
            }
        }
    }
}

fn later(time: Time, by: i64) -> Time {
    Time::new(time.get().saturating_add(by).min(Time::MAX.get()))
}

fn earlier(time: Time, by: i64) -> Time {
    Time::new(time.get().saturating_sub(by).max(0))
}

fn widen(task: &mut Task, by: Option<i64>) {
    let first = |time: Time| by.map_or(Time::ORIGIN, |by| earlier(time, by));
    let last = |time: Option<Time>| time.and_then(|time| Some(later(time, by?)));
    (task.earliest_start, task.earliest_end) =
        (first(task.earliest_start), first(task.earliest_end));
    (task.latest_start, task.latest_end) = (last(task.latest_start), last(task.latest_end));
}

fn lifted(profile: &StepFunction, by: i64) -> StepFunction {
    let lift = |value: i64| (value + by).min(Demand::MAX.get());
    let steps = profile.steps().iter().map(|&(time, value)| (time, lift(value))).collect();
    StepFunction::from_steps(lift(profile.first()), steps).expect("the steps keep their order")
}

/// Most that all tasks together can demand of a resource, waiting in it included.
pub(super) fn total_demand(problem: &Problem, id: ResourceId) -> i64 {
    let most = |task: TaskId| {
        let modes = problem.modes(task);
        let demand = |mode| {
            let mut needs = problem.requirements(mode).iter();
            needs.find(|need| need.resource == id).map_or(0, |need| need.demand.get())
        };
        modes.map(demand).max().unwrap_or(0)
    };
    let waiting = problem.holds().iter().filter(|hold| hold.buffer == Some(id)).count();
    let total = problem.tasks().map(most).fold(waiting as i64, i64::saturating_add);
    total.min(Demand::MAX.get())
}

/// Most by which all tasks together can change a level.
fn total_change(problem: &Problem, id: ResourceId) -> i64 {
    let most = |task: TaskId| {
        let modes = problem.modes(task);
        let change = |mode| {
            let changes = problem.stock_changes(mode).iter();
            changes.filter(|it| it.reservoir == id).map(|it| it.amount.abs()).sum::<i64>()
        };
        modes.map(change).max().unwrap_or(0)
    };
    problem.tasks().map(most).fold(0, i64::saturating_add)
}
