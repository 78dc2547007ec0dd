//! What has begun cannot be undone: no rule about its start judges it, what lies ahead does.
//!
//! **Source:** decision record 0004.

use ordine_base::{Interval, Ticks, Time};
use ordine_check::check;
use ordine_problem::{
    Job, Placement, Problem, ProblemBuilder, Schedule, Span, Status, Task, TaskId,
};

/// A task that runs from 2 on, has 3 ticks left at 5, and is changed by `change`; its parent, if
/// any, spans a task from 8 to 9 too.
fn running(job: Job, with_parent: bool, change: impl FnOnce(&mut Task)) -> (Problem, Schedule) {
    let mut builder = ProblemBuilder::new("running");
    builder.now(Time::new(5));
    let job = builder.job(job).expect("valid");
    let mut task = |length, job| {
        let task: TaskId = builder.task("t", job).expect("valid");
        builder.mode(task, Ticks::new(length), &[]).expect("valid");
        task
    };
    let own = Some(job);
    let mut places = vec![(2, 8)];
    let child = task(4, own.filter(|_| !with_parent));
    let changed = match with_parent {
        false => child,
        true => {
            let (other, parent) = (task(1, None), task(0, own));
            builder.span(Span { parent, children: vec![child, other] });
            places.extend([(8, 9), (2, 9)]);
            parent
        }
    };
    let (start, remaining) = (Time::new(2), Ticks::new(3));
    builder.edit_task(child).status = Status::Running { mode: 0, start, remaining };
    change(builder.edit_task(changed));
    let problem = builder.seal().expect("valid");
    let place = |(task, (start, end))| {
        let mode = problem.numbered_mode(task, 0)?;
        Some(Placement { mode, start: Time::new(start), end: Time::new(end) })
    };
    let schedule = Schedule::from_placements(problem.tasks().zip(places).map(place));
    (problem, schedule)
}

type Change = fn(&mut Task);

fn interval(start: i64, end: i64) -> Interval {
    Interval::new(Time::new(start), Time::new(end))
}

#[test]
fn its_start_is_not_judged_and_what_lies_ahead_is() {
    for with_parent in [false, true] {
        let late = Job { release: Time::new(4), ..Job::named("late") };
        let behind = |task: &mut Task| {
            task.earliest_start = Time::new(3);
            task.latest_start = Some(Time::new(1));
            task.forbidden_starts = vec![interval(0, 20)];
            task.forbidden_extents = vec![interval(0, 3), interval(2, 4), interval(4, 7)];
        };
        let (problem, schedule) = running(late, with_parent, behind);
        assert!(check(&problem, &schedule).is_ok(), "{:?}", check(&problem, &schedule));
        let ahead: [(&str, Change); 4] = [
            ("too-early", |task| task.earliest_end = Time::new(10)),
            ("too-late", |task| task.latest_end = Some(Time::new(7))),
            ("forbidden-end", |task| task.forbidden_ends = vec![interval(8, 10)]),
            ("forbidden-extent", |task| task.forbidden_extents = vec![interval(5, 6)]),
        ];
        for (word, change) in ahead {
            let (problem, schedule) = running(Job::named("j"), with_parent, change);
            let violations = check(&problem, &schedule).expect_err(word);
            let words: Vec<&str> = violations.iter().map(|it| it.word()).collect();
            assert_eq!(words, [word], "with parent: {with_parent}");
        }
        let strict = Job { deadline: Some(Time::new(7)), ..Job::named("strict") };
        let (problem, schedule) = running(strict, with_parent, |_| {});
        let violations = check(&problem, &schedule).expect_err("too late");
        assert_eq!(violations[0].word(), "after-deadline");
    }
}
