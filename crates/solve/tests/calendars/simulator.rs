//! Two weeks of a workshop, one minute at a time, with nothing but a clock and tally sheets.
//!
//! Shares no code with what builds or judges schedules.
//!
//! **Source:** -

use crate::workshop::{DAY, HOUR, Hours, PLACES, Place, Step, TWO_WEEKS, Way, Workshop};
use ordine_problem::BreakPolicy;

/// Where a step stands: which of its ways, from when until when.
#[derive(Clone, Copy, Debug)]
pub struct Stay {
    pub way: usize,
    pub start: i64,
    pub end: i64,
}

/// What a place does in one minute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Minute {
    Closed,
    Lunch,
    /// At this percentage of full speed.
    Work(i64),
}

/// What the clock says.
fn minute_of(hours: Hours, minute: i64) -> Minute {
    let (weekday, hour) = (minute / DAY % 7, minute % DAY / HOUR);
    if hours == Hours::Always {
        return Minute::Work(100);
    }
    if weekday >= 5 {
        return Minute::Closed;
    }
    match (hours, hour) {
        (Hours::Early, 10) | (Hours::Late, 17) | (Hours::Slow, 12) => Minute::Lunch,
        (Hours::Early, 6..=14) | (Hours::Late, 13..=21) => Minute::Work(100),
        (Hours::Slow, 8..=11) => Minute::Work(80),
        (Hours::Slow, 13..=16) => Minute::Work(50),
        _ => Minute::Closed,
    }
}

fn hours_of(place: Place) -> Hours {
    PLACES.iter().find(|it| it.0 == place).expect("every place is listed").1
}

/// Together they work as the worst of them.
fn together(way: &Way, minute: i64) -> Minute {
    let all = way.places.iter().map(|&place| minute_of(hours_of(place), minute));
    all.min().expect("every way has a place")
}

/// Everything that goes wrong; empty when the plan holds.
pub fn faults(workshop: &Workshop, plan: &[Stay]) -> Vec<String> {
    let steps = || workshop.steps.iter().zip(plan).enumerate();
    let mut faults = Vec::new();
    // Hundredths of a minute at full speed.
    let mut worked = vec![0; plan.len()];
    let last = plan.iter().map(|stay| stay.end).max().unwrap_or(0);
    for minute in 0..last {
        let mut used = [0; PLACES.len()];
        for (number, (step, stay)) in steps() {
            if (stay.start..stay.end).contains(&minute) {
                let way = &step.ways[stay.way];
                let now = together(way, minute);
                faults.extend(
                    fault(step, stay, minute, now, worked[number])
                        .map(|words| format!("step {number}, minute {minute}: {words}")),
                );
                if let Minute::Work(percent) = now {
                    worked[number] += percent;
                }
                if matches!(now, Minute::Work(_)) || !step.steps_aside {
                    for (place, (listed, ..)) in PLACES.iter().enumerate() {
                        used[place] += usize::from(way.places.contains(listed));
                    }
                }
            }
        }
        for (used, (place, _, count)) in used.into_iter().zip(PLACES) {
            if used > count {
                faults.push(format!("minute {minute}: {used} steps at {place:?}"));
            }
        }
    }
    for (number, (step, stay)) in steps() {
        if worked[number] < 100 * step.ways[stay.way].work {
            faults.push(format!("step {number}: not finished at {}", stay.end));
        }
        if stay.start < workshop.releases[step.order] || stay.end > TWO_WEEKS {
            faults.push(format!("step {number}: outside the time of its order"));
        }
        if let Some(next) = workshop.steps.get(number + 1).filter(|it| it.order == step.order)
            && plan[number + 1].start < stay.end + step.cools
        {
            faults.push(format!("order {}: step {} is too early", next.order, number + 1));
        }
    }
    faults
}

/// What is wrong with a step that is under way in a minute.
fn fault(step: &Step, stay: &Stay, minute: i64, now: Minute, worked: i64) -> Option<&'static str> {
    if worked >= 100 * step.ways[stay.way].work {
        return Some("goes on after its work is done");
    }
    match (now, step.policy) {
        (Minute::Work(_), _) => None,
        _ if minute == stay.start => Some("starts in a break"),
        (Minute::Closed, BreakPolicy::Wait | BreakPolicy::MustFit) => Some("reaches into a night"),
        (Minute::Lunch, BreakPolicy::Wait) => Some("reaches into lunch"),
        (Minute::Closed | Minute::Lunch, _) => None,
    }
}
