//! Windows and forbidden times of tasks: a bound or a clause each.
//!
//! What is done is not judged; of what has begun, the start is a fact, and only what lies ahead of
//! it counts. A task that spans others is done when all its present children are, which is an atom.
//!
//! **Source:** decision record 0004.

use super::{Lowered, LoweredMode, tasks::post_if_present};
use ordine_base::{Interval, Time};
use ordine_cp::{Atom, Value, View};
use ordine_problem::{Status, Task, TaskId};

/// Posts every window and forbidden time.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    for task in lowered.problem.tasks() {
        if lowered.done[task] != Atom::TRUE {
            lower_windows(lowered, task);
            lower_forbidden(lowered, task);
            lower_extents(lowered, task);
        }
    }
}

fn lower_windows(lowered: &mut Lowered<'_>, task: TaskId) {
    let problem = lowered.problem;
    let (data, scale) = (problem.task(task), lowered.scale);
    let interval = lowered.tasks[task].interval;
    let is_free = data.status == Status::Free && problem.span_of(task).is_none();
    let mut bounds: Vec<Atom> = Vec::new();
    if !problem.has_begun(task) {
        let release = data.job.map_or(Time::ORIGIN, |job| problem.job(job).release);
        bounds.push(interval.start.at_least(scale.up_to(release.max(data.earliest_start))));
        let latest = data.latest_start.map(|it| interval.start.at_most(scale.down(it)));
        bounds.extend(latest);
    }
    if is_free {
        bounds.push(interval.start.at_least(scale.up_to(problem.now())));
    }
    bounds.push(interval.end.at_least(scale.up_to(data.earliest_end)));
    bounds.extend(problem.deadline(task).map(|it| interval.end.at_most(scale.down(it))));
    for bound in bounds {
        lowered.judge(task, &[bound]);
    }
}

fn lower_forbidden(lowered: &mut Lowered<'_>, task: TaskId) {
    let data = lowered.problem.task(task);
    let interval = lowered.tasks[task].interval;
    let starts = match lowered.problem.has_begun(task) {
        true => &[][..],
        false => &data.forbidden_starts,
    };
    let of_start = starts.iter().map(|&span| (interval.start, span));
    let of_end = data.forbidden_ends.iter().map(|&span| (interval.end, span));
    for (point, span) in of_start.chain(of_end).collect::<Vec<_>>() {
        let (from, to) = bounds(lowered, span);
        lowered.judge(task, &[point.at_most(from - 1), point.at_least(to)]);
    }
}

/// A task without length must not lie inside; another must not reach in.
fn lower_extents(lowered: &mut Lowered<'_>, task: TaskId) {
    let problem = lowered.problem;
    let data: &Task = problem.task(task);
    let begun = problem.has_begun(task);
    for LoweredMode { interval, .. } in lowered.tasks[task].modes.clone() {
        for &span in &data.forbidden_extents {
            if begun && span.start < problem.now() {
                continue;
            }
            let (from, to) = bounds(lowered, span);
            // What begins before the task under way does lies behind it.
            let past = if begun { interval.start.at_least(from) } else { Atom::FALSE };
            let (late, absent) = (interval.start.at_least(to), !interval.present);
            let clear = interval.end.at_most(from);
            lowered.judge(task, &[absent, past, late, clear]);
            if lowered.engine.trail.lower(interval.duration) == 0 {
                let lasts = takes_time(interval.duration);
                let early = interval.end.at_most(from - 1);
                lowered.judge(task, &[absent, past, late, early, lasts]);
            }
        }
    }
}

fn takes_time(duration: View) -> Atom {
    if duration.is_constant() { Atom::FALSE } else { duration.at_least(1) }
}

fn bounds(lowered: &Lowered<'_>, span: Interval) -> (Value, Value) {
    (lowered.scale.exactly(span.start.get()), lowered.scale.exactly(span.end.get()))
}

impl Lowered<'_> {
    /// Posts that one of the atoms holds for a task that is there and not done; they speak of its
    /// own variables.
    fn judge(&mut self, task: TaskId, atoms: &[Atom]) {
        let (present, done) = (self.tasks[task].interval.present, self.done[task]);
        match *atoms {
            [bound] if done == Atom::FALSE => post_if_present(self, present, bound),
            _ => self.engine.post_clause(&[&[!present, done][..], atoms].concat()),
        }
    }
}
