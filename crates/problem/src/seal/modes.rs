//! Modes as flat tables, and which of them can run at all.
//!
//! O(modes + requirements), plus one search for working time per mode with a calendar.
//!
//! **Source:** -

use crate::parts::{ImpossibleMode, Mode, Requirement, StockChange};
use crate::problem::{ModeRanges, Problem};
use crate::{ModeId, ProblemBuilder, ProblemError, ResourceKind, Status, TaskId, WorkTime};
use ordine_base::{Id, IdVec, Ticks, Time};

/// The tables of modes of a sealed problem.
pub(super) struct ModeTables {
    pub(super) modes: IdVec<ModeId, Mode>,
    pub(super) ranges: IdVec<TaskId, ModeRanges>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) stock_changes: Vec<StockChange>,
}

/// Modes grouped by task, in the order of being added.
pub(super) fn flatten(builder: &mut ProblemBuilder) -> ModeTables {
    let mut drafts = std::mem::take(&mut builder.modes);
    drafts.sort_by_key(|draft| draft.task);
    let mut tables = ModeTables {
        modes: IdVec::new(),
        ranges: IdVec::filled(builder.tasks.len(), ModeRanges::default()),
        requirements: Vec::new(),
        stock_changes: Vec::new(),
    };
    for draft in drafts {
        let needs_from = tables.requirements.len() as u32;
        tables.requirements.extend(draft.requirements);
        let changes_from = tables.stock_changes.len() as u32;
        tables.stock_changes.extend(draft.stock_changes);
        let mode = Mode {
            task: draft.task,
            duration: draft.duration,
            requirements: needs_from..tables.requirements.len() as u32,
            stock_changes: changes_from..tables.stock_changes.len() as u32,
        };
        let id = tables.modes.push(mode).index() as u32;
        let of_task = &mut tables.ranges[draft.task].all;
        let first = if of_task.start == of_task.end { id } else { of_task.start };
        *of_task = first..id + 1;
    }
    tables
}

/// Finds the modes that no single capacity and no calendar forbids; of a settled task its own. Of a
/// task that can never run all count: an optional one is barred, any other must be admitted.
pub(super) fn find_usable(problem: &mut Problem, admits: bool) -> Result<(), ProblemError> {
    let mut usable = Vec::with_capacity(problem.modes.len());
    for task in problem.tasks.ids() {
        let from = usable.len() as u32;
        let settled = problem.tasks[task].status.settled();
        let is_done = problem.tasks[task].status.is_done();
        let mut obstacles: Vec<ImpossibleMode> = Vec::new();
        for mode in problem.modes(task) {
            let number = problem.mode_number(mode);
            if settled.is_some_and(|(own, _)| own as usize != number) {
                continue;
            }
            match if is_done { None } else { obstacle(problem, task, mode) } {
                None => usable.push(mode),
                Some(obstacle) => obstacles.push(obstacle),
            }
        }
        if usable.len() as u32 == from {
            let Some(last) = obstacles.last() else {
                return Err(ProblemError::NoMode { task: problem.tasks[task].name.clone() });
            };
            let may_be_absent = problem.tasks[task].optional && settled.is_none();
            if !admits && !may_be_absent {
                return Err(error(problem, *last));
            }
            usable.extend(obstacles.iter().map(|it| it.mode));
            match may_be_absent {
                true => problem.barred[task] = true,
                false => problem.impossible.append(&mut obstacles),
            }
        }
        problem.ranges[task].usable = from..usable.len() as u32;
    }
    problem.usable_modes = usable;
    Ok(())
}

/// Why the mode can never run, if so.
fn obstacle(problem: &Problem, task: TaskId, mode: ModeId) -> Option<ImpossibleMode> {
    let data = &problem.tasks[task];
    let duration = problem.modes[mode].duration;
    let instant = duration == Ticks::ZERO && problem.spans[task].is_none();
    let lacking = problem.requirements(mode).iter().find(|need| {
        let resource = &problem.resources[need.resource];
        let soft = resource.overuse_penalty.is_some();
        // What takes no time uses nothing of what comes back.
        need.demand > resource.capacity() && !soft && !(instant && resource.comes_back())
    });
    if let Some(need) = lacking {
        return Some(ImpossibleMode { mode, resource: Some(need.resource) });
    }
    // What is under way has its work behind it, but for what remains.
    if matches!(data.status, Status::Running { .. }) {
        return None;
    }
    let work = WorkTime::of(problem, mode);
    if work.is_free() || work.earliest(Time::ORIGIN, duration, data.breaks).is_some() {
        return None;
    }
    Some(ImpossibleMode { mode, resource: None })
}

fn error(problem: &Problem, ImpossibleMode { mode, resource }: ImpossibleMode) -> ProblemError {
    let data = &problem.modes[mode];
    let task = problem.tasks[data.task].name.clone();
    let mut needs = problem.requirements(mode).iter();
    let need = resource.and_then(|id| needs.find(|need| need.resource == id));
    let mode = problem.mode_number(mode);
    let Some(need) = need else {
        return ProblemError::NoWorkingTime { task, mode, duration: data.duration.get() };
    };
    let resource = &problem.resources[need.resource];
    debug_assert!(!matches!(resource.kind, ResourceKind::Reservoir(_)));
    ProblemError::ImpossibleDemand {
        task,
        mode,
        resource: resource.name.clone(),
        demand: need.demand,
        capacity: resource.capacity(),
    }
}
