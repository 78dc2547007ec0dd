//! Violations of rules about the times of single tasks, in words.
//!
//! **Source:** -

use super::task_words;
use crate::Violation;
use ordine_base::{Id, Interval};
use ordine_problem::{Placement, Point, Problem, Status, TaskId};

pub(super) fn describe(violation: &Violation, problem: &Problem) -> String {
    let name = |task| task_words(problem, task);
    let inside = |it: Interval| format!("[{}, {})", it.start, it.end);
    match *violation {
        Violation::Unsettled { task, found } => unsettled(problem, task, found),
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

fn unsettled(problem: &Problem, task: TaskId, found: Option<Placement>) -> String {
    let first = problem.numbered_mode(task, 0).map_or(0, Id::index);
    let found = found.map_or("is not placed".to_owned(), |Placement { mode, start, end }| {
        // The modes of a task have consecutive ids.
        let number = mode.index() as i128 - first as i128;
        format!("runs in mode {number} from {start} to {end}")
    });
    let expected = match problem.task(task).status {
        Status::Free => "nothing, since it is free".to_owned(),
        Status::Done { mode, start, end } => {
            format!("mode {mode} from {start} to {end}, since it is done")
        }
        Status::Running { mode, start, .. } => {
            format!("mode {mode} from {start} on, since it is running")
        }
        Status::Frozen { mode, start } => {
            format!("mode {mode} from {start} on, since it is frozen")
        }
    };
    format!("{} {found}: expected {expected}", task_words(problem, task))
}
