//! Violations of rules about the times of single tasks, in words.
//!
//! **Source:** -

use super::task_words;
use crate::Violation;
use ordine_base::Interval;
use ordine_problem::{Point, Problem};

pub(super) fn describe(violation: &Violation, problem: &Problem) -> String {
    let name = |task| task_words(problem, task);
    let inside = |it: Interval| format!("[{}, {})", it.start, it.end);
    match *violation {
        Violation::Unsettled { task, .. } => {
            format!("{} does not stand as it is settled: expected its mode and times", name(task))
        }
        Violation::BeforeNow { task, start, now } => {
            format!("{} starts at {start}: expected {now} or later, the present", name(task))
        }
        Violation::InBreak { task, start, time } => format!(
            "{} starts at {start} and meets a break at {time}: expected another start",
            name(task)
        ),
        Violation::TooEarly { task, point, time, earliest } => {
            format!("{} {} at {time}: expected {earliest} or later", name(task), verb(point))
        }
        Violation::TooLate { task, point, time, latest } => {
            format!("{} {} at {time}: expected {latest} or earlier", name(task), verb(point))
        }
        Violation::ForbiddenStart { task, start, forbidden } => {
            format!("{} starts at {start}: expected no start in {}", name(task), inside(forbidden))
        }
        Violation::ForbiddenEnd { task, end, forbidden } => {
            format!("{} ends at {end}: expected no end in {}", name(task), inside(forbidden))
        }
        Violation::ForbiddenExtent { task, start, end, forbidden } => format!(
            "{} runs from {start} to {end}: expected nothing of it in {}",
            name(task),
            inside(forbidden)
        ),
        _ => violation.word().to_owned(),
    }
}

fn verb(point: Point) -> &'static str {
    match point {
        Point::Start => "starts",
        Point::End => "ends",
    }
}
