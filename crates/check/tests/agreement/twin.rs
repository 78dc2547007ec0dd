//! The judge once more, naive: working time tick by tick, resources by all pairs of uses or the
//! sum over all uses at every point where one begins, circles by what can be reached from where.
//! O(resources × tasks²) and more.
//!
//! Times of tasks with calendars must be small, or outside of what calendars know.
//!
//! **Source:** decision record 0004.

mod cost;
mod relations;
mod resources;
mod ticks;

use ordine_base::Time;
use ordine_problem::{BreakPolicy, ModeId, Problem, Schedule, Status, TaskId};
use std::collections::BTreeSet;

/// Every kind of violation of a schedule, in the order of checking.
pub const KINDS: [&str; 35] = [
    "task-count",
    "unplaced",
    "foreign-mode",
    "unsettled",
    "before-origin",
    "before-now",
    "wrong-end",
    "in-break",
    "before-release",
    "after-deadline",
    "too-early",
    "too-late",
    "forbidden-start",
    "forbidden-end",
    "forbidden-extent",
    "time-too-large",
    "precedence",
    "precedence-too-far",
    "selection",
    "span-presence",
    "span-times",
    "mode-relation",
    "same-sequence",
    "overlap",
    "broken-batch",
    "mixed-batch",
    "batch-too-large",
    "setup",
    "swap",
    "overuse",
    "least-usage",
    "overspending",
    "stock-too-low",
    "stock-too-high",
    "cost-too-large",
];

type Kinds = BTreeSet<&'static str>;

/// A placed task in plain numbers.
#[derive(Clone, Copy)]
struct Placed {
    id: TaskId,
    start: i128,
    end: i128,
    /// Its mode, where it is one of its own.
    mode: Option<ModeId>,
    done: bool,
    /// Its start has happened.
    begun: bool,
    spans: bool,
}

/// What is judged.
struct Twin<'a> {
    problem: &'a Problem,
    placed: Vec<Placed>,
}

fn number(time: Time) -> i128 {
    i128::from(time.get())
}

/// The levels of the cost, or the kinds of all violations.
pub fn judge(problem: &Problem, schedule: &Schedule) -> Result<Vec<i128>, Kinds> {
    let mut placed = Vec::new();
    for id in problem.tasks() {
        let Some(placement) = schedule.placement(id) else { continue };
        let mode = Some(placement.mode).filter(|mode| problem.modes(id).any(|own| own == *mode));
        let (start, end) = (number(placement.start), number(placement.end));
        let (done, begun) = (is_done(problem, schedule, id), has_begun(problem, schedule, id));
        let spans = problem.span_of(id).is_some();
        placed.push(Placed { id, start, end, mode, done, begun, spans });
    }
    let twin = Twin { problem, placed };
    let mut kinds = Kinds::new();
    note(&mut kinds, "task-count", schedule.len() != problem.tasks().len());
    for (task, placement) in schedule.iter().take(problem.tasks().len()) {
        let data = problem.task(task);
        note(&mut kinds, "unplaced", placement.is_none() && !data.optional);
        let is_lost = placement.is_none() && data.optional && data.status != Status::Free;
        note(&mut kinds, "unsettled", is_lost);
    }
    for it in &twin.placed {
        twin.times(it, &mut kinds);
        twin.status(it, &mut kinds);
        twin.work(it, &mut kinds);
        if !it.done {
            twin.windows(it, &mut kinds);
        }
    }
    twin.relations(&mut kinds);
    twin.resources(&mut kinds);
    if !kinds.is_empty() {
        return Err(kinds);
    }
    twin.cost().ok_or(BTreeSet::from(["cost-too-large"]))
}

fn note(kinds: &mut Kinds, kind: &'static str, found: bool) {
    if found {
        kinds.insert(kind);
    }
}

fn is_done(problem: &Problem, schedule: &Schedule, task: TaskId) -> bool {
    let Some(span) = problem.span_of(task) else {
        return matches!(problem.task(task).status, Status::Done { .. });
    };
    let mut present = span.children.iter().filter(|child| schedule.placement(**child).is_some());
    let all = present.clone().all(|child| is_done(problem, schedule, *child));
    present.next().is_some() && all
}

fn has_begun(problem: &Problem, schedule: &Schedule, task: TaskId) -> bool {
    let Some(span) = problem.span_of(task) else {
        return matches!(problem.task(task).status, Status::Done { .. } | Status::Running { .. });
    };
    let mut present = span.children.iter().filter(|child| schedule.placement(**child).is_some());
    present.any(|child| has_begun(problem, schedule, *child))
}

impl Twin<'_> {
    fn get(&self, task: TaskId) -> Option<&Placed> {
        self.placed.iter().find(|it| it.id == task)
    }

    fn times(&self, it: &Placed, kinds: &mut Kinds) {
        note(kinds, "foreign-mode", it.mode.is_none());
        note(kinds, "before-origin", it.start < 0);
        note(kinds, "time-too-large", it.start > 1 << 40 || it.end > 1 << 40);
    }

    fn status(&self, it: &Placed, kinds: &mut Kinds) {
        let stands = |mode: u32, start| {
            it.mode.is_some_and(|own| self.problem.mode_number(own) == mode as usize)
                && it.start == number(start)
        };
        let settled = match self.problem.task(it.id).status {
            Status::Free => {
                let now = number(self.problem.now());
                note(kinds, "before-now", !it.spans && now > 0 && it.start < now);
                true
            }
            Status::Done { mode, start, end } => stands(mode, start) && it.end == number(end),
            Status::Running { mode, start, .. } => stands(mode, start),
            Status::Frozen { mode, start } => stands(mode, start),
        };
        note(kinds, "unsettled", !settled);
    }

    fn windows(&self, it: &Placed, kinds: &mut Kinds) {
        let data = self.problem.task(it.id);
        if let Some(job) = data.job.map(|job| self.problem.job(job)) {
            let release = number(job.release);
            let early = !it.begun && release != 0 && it.start < release;
            note(kinds, "before-release", early);
            note(kinds, "after-deadline", job.deadline.is_some_and(|time| it.end > number(time)));
        }
        let last = number(data.earliest_end);
        note(kinds, "too-early", last != 0 && it.end < last);
        let late = |time: Option<Time>, point| time.is_some_and(|time| point > number(time));
        note(kinds, "too-late", late(data.latest_end, it.end));
        if !it.begun {
            let first = number(data.earliest_start);
            note(kinds, "too-early", first != 0 && it.start < first);
            note(kinds, "too-late", late(data.latest_start, it.start));
            for forbidden in &data.forbidden_starts {
                let inside = number(forbidden.start)..number(forbidden.end);
                note(kinds, "forbidden-start", inside.contains(&it.start));
            }
        }
        for forbidden in &data.forbidden_ends {
            let inside = number(forbidden.start)..number(forbidden.end);
            note(kinds, "forbidden-end", inside.contains(&it.end));
        }
        for forbidden in &data.forbidden_extents {
            let (from, until) = (number(forbidden.start), number(forbidden.end));
            // What has no length stands where it starts.
            let reach = it.end.max(it.start + 1);
            let ahead = !it.begun || from > it.start && from >= number(self.problem.now());
            note(kinds, "forbidden-extent", ahead && it.start.max(from) < reach.min(until));
        }
    }

    /// Whether the task ends when its work is done, and respects breaks.
    fn work(&self, it: &Placed, kinds: &mut Kinds) {
        let data = self.problem.task(it.id);
        let Some(mode) = it.mode.filter(|_| !it.spans && !it.done) else { return };
        let running = matches!(data.status, Status::Running { .. });
        if self.duration(it) == 0 && !running {
            note(kinds, "wrong-end", it.end != it.start);
            return;
        }
        let (from, work) = self.work_of(it);
        if !ticks::has_calendar(self.problem, mode) {
            note(kinds, "wrong-end", it.end != from + work);
            return;
        }
        if !(0..=1 << 40).contains(&from) {
            return;
        }
        note(kinds, "wrong-end", ticks::finish(self.problem, mode, from, work) != Some(it.end));
        if running {
            return;
        }
        assert!(it.end - it.start < 5_000, "ticks are counted in small problems only");
        let here = ticks::speed(self.problem, mode, it.start);
        let mut breaks = (it.start..it.end).map(|tick| ticks::speed(self.problem, mode, tick));
        let crosses = breaks.any(|speed| match speed {
            ticks::Speed::Work(_) => false,
            ticks::Speed::Pause => data.breaks == BreakPolicy::Wait,
            ticks::Speed::Closed => data.breaks != BreakPolicy::Pause,
        });
        note(kinds, "in-break", crosses || !matches!(here, ticks::Speed::Work(_)));
    }

    /// Duration of its own mode.
    fn duration(&self, it: &Placed) -> i128 {
        it.mode.map_or(0, |mode| i128::from(self.problem.mode(mode).duration.get()))
    }

    /// From when on it works, and how much, together with its batch.
    fn work_of(&self, it: &Placed) -> (i128, i128) {
        let own = |it: &Placed| match self.problem.task(it.id).status {
            Status::Running { remaining, .. } => (true, i128::from(remaining.get())),
            _ => (false, self.duration(it)),
        };
        let mut members = vec![*it];
        let machine = it.mode.and_then(|mode| resources::batching(self.problem, mode));
        if let Some((machine, _)) = machine.filter(|_| it.start < it.end) {
            members = self.batch(machine, it).into_iter().filter(|it| !it.done).collect();
        }
        let works: Vec<i128> = members.iter().map(|it| own(it).1).collect();
        let from = match members.iter().any(|it| own(it).0) {
            true => number(self.problem.now()),
            false => it.start,
        };
        let is_serial = machine.is_some_and(|(_, serial)| serial);
        let work =
            if is_serial { works.iter().sum() } else { works.into_iter().max().unwrap_or(0) };
        (from, work)
    }
}
