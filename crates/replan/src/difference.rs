//! What a new plan changes: which tasks move, by how much, what is new, what is late.
//!
//! O(tasks).
//!
//! **Source:** -

use crate::Replan;
use ordine_base::{Cost, Id, Ticks, Time};
use ordine_problem::{JobId, Placement, Problem, Schedule, TaskId};

/// A task that stands elsewhere than in the old plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The task, of the new problem.
    pub task: TaskId,
    /// Where it stood.
    pub from: Placement,
    /// Where it stands.
    pub to: Placement,
    /// Number of the mode that it had.
    pub mode_before: usize,
    /// Number of the mode that it has.
    pub mode_after: usize,
}

impl Move {
    /// By how much its start has moved.
    pub fn by(&self) -> Ticks {
        self.to.start - self.from.start
    }
}

/// A job that is later than it was, after its due time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateJob {
    /// The job, of the new problem.
    pub job: JobId,
    /// Its end in the old plan, if it was in it.
    pub end_before: Option<Time>,
    /// Its end.
    pub end_after: Time,
    /// Its due time.
    pub due: Time,
}

/// What a new plan changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Tasks that start, end or run otherwise, by their new starts.
    pub moves: Vec<Move>,
    /// Tasks that were in no plan.
    pub new: Vec<TaskId>,
    /// Tasks of the new problem that were in the plan and are left out.
    pub left_out: Vec<TaskId>,
    /// Jobs that end after their due time, and later than before.
    pub late: Vec<LateJob>,
    /// Tasks that stand as they did.
    pub unmoved: usize,
    /// The old objective of the old plan.
    pub before: Cost,
    /// The old objective of the new plan; `None` when it cannot be measured any more.
    pub after: Option<Cost>,
}

/// Compares the plan `new` of what remains with the plan `old` of `problem`.
pub fn difference(
    problem: &Problem,
    old: &Schedule,
    replan: &Replan,
    new: &Schedule,
) -> Difference {
    let now = &replan.problem;
    let (mut moves, mut added, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    let mut unmoved = 0;
    for task in now.tasks() {
        let origin = replan.origins[task];
        match (old.placement(origin), new.placement(task)) {
            (None, Some(_)) => added.push(task),
            (Some(_), None) => left_out.push(task),
            (None, None) => {}
            (Some(from), Some(to)) => {
                let mode_before = problem.mode_number(from.mode);
                let mode_after = now.mode_number(to.mode);
                let same = (from.start, from.end, mode_before) == (to.start, to.end, mode_after);
                match same {
                    true => unmoved += 1,
                    false => moves.push(Move { task, from, to, mode_before, mode_after }),
                }
            }
        }
    }
    moves.sort_by_key(|it| (it.to.start, it.task.index()));
    let measured = now.with(|builder| {
        builder.objective(replan.objective.clone());
        Ok(())
    });
    let before = problem.with(|builder| {
        builder.objective(replan.objective.clone());
        Ok(())
    });
    Difference {
        moves,
        new: added,
        left_out,
        late: late(problem, old, replan, new),
        unmoved,
        before: old.cost(before.as_ref().unwrap_or(problem)),
        after: measured.ok().map(|problem| new.cost(&problem)),
    }
}

fn late(problem: &Problem, old: &Schedule, replan: &Replan, new: &Schedule) -> Vec<LateJob> {
    let now = &replan.problem;
    let end = |schedule: &Schedule, tasks: &mut dyn Iterator<Item = TaskId>| {
        tasks.filter_map(|task| schedule.placement(task)).map(|it| it.end).max()
    };
    let judged = now.jobs().filter_map(|job| {
        let due = now.job(job).due?;
        let tasks = now.job_tasks(job);
        let end_after = end(new, &mut tasks.iter().copied())?;
        let origin = tasks.first().map(|task| replan.origins[*task])?;
        let job_before = problem.task(origin).job?;
        let before = problem.job_tasks(job_before).iter().copied();
        let end_before = end(old, &mut before.into_iter());
        let is_later = end_before.is_none_or(|before| end_after > before);
        (end_after > due && is_later).then_some(LateJob { job, end_before, end_after, due })
    });
    judged.collect()
}
