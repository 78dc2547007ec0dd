//! Least time from the start to the end of a task.
//!
//! The fastest of the slowest: a mode works at the least percentage of its calendars, so that its
//! work w takes at least ⌈100 w / min over calendars of their largest percentage⌉. O(requirements).
//!
//! **Source:** decision record 0004, working time.

use ordine_base::Ticks;
use ordine_problem::{ModeId, Problem, Status, TaskId};

/// Least time from start to end; of a settled task what is known of it.
pub(super) fn least_elapsed(problem: &Problem, task: TaskId) -> Ticks {
    let modes = problem.usable_modes(task);
    match problem.task(task).status {
        Status::Done { start, end, .. } => end - start,
        Status::Running { start, remaining, .. } => {
            let left = modes.iter().map(|&mode| stretched(problem, mode, remaining)).min();
            (problem.now().max(start) - start) + left.unwrap_or(Ticks::ZERO)
        }
        Status::Free | Status::Frozen { .. } => {
            let all = modes.iter().map(|&mode| least_of_mode(problem, mode));
            all.min().unwrap_or(Ticks::ZERO)
        }
    }
}

/// Least time that a task takes in this mode.
pub(super) fn least_of_mode(problem: &Problem, mode: ModeId) -> Ticks {
    stretched(problem, mode, problem.mode(mode).duration)
}

/// Least time for so much work.
fn stretched(problem: &Problem, mode: ModeId, work: Ticks) -> Ticks {
    let needs = problem.requirements(mode).iter();
    let used = needs.map(|need| problem.resource(need.resource)).filter(|it| it.comes_back());
    let calendars = used.filter_map(|resource| resource.calendar);
    match calendars.map(|id| problem.calendar(id).percent_max()).min() {
        Some(percent) if percent > 0 => {
            let percent = i64::from(percent);
            let (whole, rest) = (work.get() / percent, work.get() % percent);
            Ticks::new(whole * 100 + (rest * 100 + percent - 1) / percent)
        }
        _ => work,
    }
}
