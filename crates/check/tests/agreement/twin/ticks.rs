//! Working time of a mode, tick by tick.
//!
//! **Source:** decision record 0004.

use ordine_problem::{Calendar, ModeId, Problem, ResourceKind, Shift};

/// Far beyond the times of small problems.
const TICKS_MAX: i128 = 3_000;

/// What a mode does in one tick.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Speed {
    /// Its percentage of full speed.
    Work(i128),
    Pause,
    Closed,
}

fn calendars(problem: &Problem, mode: ModeId) -> Vec<&Calendar> {
    let needs = problem.requirements(mode).iter().map(|need| problem.resource(need.resource));
    let working = needs.filter(|resource| {
        matches!(resource.kind, ResourceKind::Machine | ResourceKind::Renewable(_))
    });
    working.filter_map(|it| it.calendar.map(|id| problem.calendar(id))).collect()
}

pub fn has_calendar(problem: &Problem, mode: ModeId) -> bool {
    !calendars(problem, mode).is_empty()
}

fn shift(calendar: &Calendar, tick: i128) -> Shift {
    let tick = match calendar.period {
        Some(period) => tick.rem_euclid(i128::from(period.get())),
        None => tick,
    };
    let mut shift = calendar.first;
    for &(time, next) in &calendar.steps {
        if i128::from(time.get()) <= tick {
            shift = next;
        }
    }
    shift
}

pub fn speed(problem: &Problem, mode: ModeId, tick: i128) -> Speed {
    let shifts: Vec<Shift> =
        calendars(problem, mode).into_iter().map(|calendar| shift(calendar, tick)).collect();
    if shifts.contains(&Shift::Closed) {
        return Speed::Closed;
    }
    if shifts.contains(&Shift::Paused) {
        return Speed::Pause;
    }
    let percent = shifts.iter().map(|shift| i128::from(shift.percent())).min();
    Speed::Work(percent.unwrap_or(100))
}

/// The end of `work`, unless it is absurdly late.
pub fn finish(problem: &Problem, mode: ModeId, from: i128, work: i128) -> Option<i128> {
    let (mut tick, mut done) = (from, 0);
    while done < 100 * work {
        if tick > from + TICKS_MAX {
            return None;
        }
        if let Speed::Work(percent) = speed(problem, mode, tick) {
            done += percent;
        }
        tick += 1;
    }
    Some(tick)
}
