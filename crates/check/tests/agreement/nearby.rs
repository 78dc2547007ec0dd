//! Schedules that come near to being feasible: greedy, with the judge's own violations as guide.
//!
//! **Source:** -

use ordine_base::{Id, Stream, Ticks, Time};
use ordine_check::{Violation, check};
use ordine_problem::{
    ModeId, ModeRelationKind, Placement, Problem, Schedule, SelectionKind, Status, TaskId, WorkTime,
};

/// What may still be mended by the tasks that come later.
const MENDED_LATER: [&str; 6] =
    ["unplaced", "unsettled", "selection", "span-presence", "span-times", "least-usage"];

/// The placement at this start, with the end that its calendars give, where they give one.
pub fn placed(problem: &Problem, task: TaskId, mode: ModeId, start: Time) -> Placement {
    let work = WorkTime::of(problem, mode);
    let duration = problem.mode(mode).duration;
    let end = match problem.task(task).status {
        Status::Done { end, .. } => Some(end),
        Status::Running { remaining, .. } => work.finish(problem.now(), remaining),
        _ => work.end(start, duration, problem.task(task).breaks),
    };
    let plain = Placement::starting(problem, mode, start);
    end.map_or(plain, |end| Placement { end, ..plain })
}

/// Task by task at the first start that breaks no more than before; one that finds none is left
/// out.
pub fn schedule(problem: &Problem, stream: &mut Stream) -> Schedule {
    let mut schedule = Schedule::empty(problem);
    let present = chosen(problem, stream);
    let modes = modes(problem, stream);
    let of_time = |task: &TaskId| problem.task(*task).status == Status::Free;
    let mut order: Vec<TaskId> = problem.topological_order().to_vec();
    // What is settled stands before the rest is fitted in.
    order.sort_by_key(of_time);
    for task in order {
        if !present[task.index()] || problem.span_of(task).is_some() {
            continue;
        }
        let mode = modes[task.index()];
        if let Some((number, start)) = problem.task(task).status.settled() {
            let mode = problem.numbered_mode(task, number as usize).unwrap_or(mode);
            schedule.place(task, placed(problem, task, mode, start));
            continue;
        }
        let before = broken(problem, &schedule);
        let fits = (0..30).map(Time::new).find_map(|start| {
            let tried = with(problem, &schedule, task, placed(problem, task, mode, start));
            (broken(problem, &tried) <= before).then_some(tried)
        });
        schedule = fits.unwrap_or(schedule);
    }
    spanned(problem, schedule)
}

fn broken(problem: &Problem, schedule: &Schedule) -> usize {
    let violations = check(problem, schedule).err().unwrap_or_default();
    violations.iter().map(Violation::word).filter(|word| !MENDED_LATER.contains(word)).count()
}

/// The schedule with one more task, which joins the batch that starts with it.
fn with(problem: &Problem, schedule: &Schedule, task: TaskId, placement: Placement) -> Schedule {
    let mut schedule = schedule.clone();
    schedule.place(task, placement);
    let batching = |mode: ModeId| {
        let mut needs = problem.requirements(mode).iter().map(|need| need.resource);
        needs.find(|machine| problem.resource(*machine).batching.is_some())
    };
    let Some(machine) = batching(placement.mode) else { return schedule };
    let mut work = Ticks::ZERO;
    let mut members = Vec::new();
    for (member, it) in schedule.placed() {
        let duration = problem.mode(it.mode).duration;
        let joins = batching(it.mode) == Some(machine) && it.start == placement.start;
        if joins && duration > Ticks::ZERO {
            work = problem.resource(machine).batch_length(work, duration);
            members.push((member, it));
        }
    }
    let breaks = problem.task(task).breaks;
    let end = WorkTime::of(problem, placement.mode).end(placement.start, work, breaks);
    for (member, it) in members {
        schedule.place(member, Placement { end: end.unwrap_or(it.end), ..it });
    }
    schedule
}

/// Which tasks are present: drawn, and then drawn again where choices ask for others.
fn chosen(problem: &Problem, stream: &mut Stream) -> Vec<bool> {
    let settled = |task: TaskId| problem.task(task).status.settled().is_some();
    let must = |task: TaskId| !problem.task(task).optional || settled(task);
    let mut present: Vec<bool> =
        problem.tasks().map(|task| must(task) || stream.chance(0.6)).collect();
    for _ in 0..4 {
        for selection in problem.selections() {
            let asked = selection.condition.is_none_or(|task| present[task.index()]);
            let one = stream.below(selection.tasks.len());
            let all = selection.condition.is_some() || stream.chance(0.5);
            for (place, task) in selection.tasks.iter().enumerate() {
                let taken = match selection.kind {
                    _ if !asked => false,
                    SelectionKind::ExactlyOne => place == one,
                    SelectionKind::AtMostOne => place == one && all,
                    SelectionKind::AtLeastOne => place == one || all,
                    SelectionKind::AllOrNone => all,
                };
                present[task.index()] = taken || settled(*task);
            }
        }
    }
    present
}

fn modes(problem: &Problem, stream: &mut Stream) -> Vec<ModeId> {
    let mut modes: Vec<ModeId> = Vec::new();
    for task in problem.tasks() {
        let usable = problem.usable_modes(task);
        modes.push(usable[stream.below(usable.len())]);
    }
    for relation in problem.mode_relations() {
        if relation.kind == ModeRelationKind::SameMode {
            let number = problem.mode_number(modes[relation.first.index()]);
            let second = relation.second;
            let mode = problem.numbered_mode(second, number);
            modes[second.index()] = mode.expect("related tasks have equally many modes");
        }
    }
    modes
}

/// The schedule with all tasks that span others where they belong.
pub fn spanned(problem: &Problem, mut schedule: Schedule) -> Schedule {
    for _ in 0..problem.spans().len() {
        for span in problem.spans() {
            let children = span.children.iter().filter_map(|child| schedule.placement(*child));
            let children: Vec<Placement> = children.collect();
            let start = children.iter().map(|child| child.start).min();
            let end = children.iter().map(|child| child.end).max();
            match (start, end, problem.numbered_mode(span.parent, 0)) {
                (Some(start), Some(end), Some(mode)) => {
                    schedule.place(span.parent, Placement { mode, start, end });
                }
                _ => schedule.remove(span.parent),
            }
        }
    }
    schedule
}
