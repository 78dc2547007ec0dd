//! Modes that another mode makes needless are not lowered, unless something asks for them.
//!
//! **Source:** -

use ordine_base::{Demand, StepFunction, Ticks, Time};
use ordine_problem::{Planned, Problem, ProblemBuilder};
use ordine_solve::lowering::Lowered;

/// A task in two ticks with three workers or in so many others; `edit` changes more.
fn two_modes(
    (ticks, workers): (i64, i64),
    edit: impl FnOnce(&mut ProblemBuilder, ordine_problem::TaskId, ordine_problem::ResourceId),
) -> Problem {
    let mut builder = ProblemBuilder::new("modes");
    let crew = builder.renewable("crew", Demand::new(5)).expect("valid");
    let task = builder.task("weld", None).expect("new");
    for (ticks, workers) in [(2, 3), (ticks, workers)] {
        let needs = [(crew, Demand::new(workers))];
        builder.mode(task, Ticks::new(ticks), &needs).expect("valid");
    }
    edit(&mut builder, task, crew);
    builder.seal().expect("valid")
}

fn lowered_modes(problem: &Problem) -> Vec<usize> {
    let task = problem.tasks().next().expect("a task");
    let lowered = Lowered::new(problem, None);
    lowered.tasks[task].modes.iter().map(|it| problem.mode_number(it.mode)).collect()
}

#[test]
fn a_mode_that_is_better_in_nothing_is_not_lowered() {
    let plain = |mode| lowered_modes(&two_modes(mode, |_, _, _| {}));
    assert_eq!(plain((3, 4)), [0], "longer, and more workers");
    assert_eq!(plain((2, 3)), [0], "of equal modes the first stays");
    assert_eq!(plain((1, 2)), [1], "shorter, and fewer workers");
    assert_eq!(plain((3, 2)), [0, 1], "longer, but fewer workers");
}

#[test]
fn a_mode_that_something_asks_for_stays() {
    let late = |builder: &mut ProblemBuilder, task, _| {
        builder.edit_task(task).earliest_end = Time::new(3);
    };
    assert_eq!(lowered_modes(&two_modes((3, 4), late)), [0, 1], "an end that it reaches");
    let busy = |builder: &mut ProblemBuilder, _, crew| {
        let least = StepFunction::from_steps(0, vec![(Time::ORIGIN, 4), (Time::new(2), 0)]);
        builder.edit_resource(crew).usage_min = least;
    };
    assert_eq!(lowered_modes(&two_modes((2, 4), busy)), [0, 1], "a least usage");
    let planned = |builder: &mut ProblemBuilder, task, _| {
        builder.edit_task(task).planned = Some(Planned { mode: 1, start: Time::ORIGIN });
        builder.objective("number-moved".parse().expect("a valid objective"));
    };
    assert_eq!(lowered_modes(&two_modes((3, 4), planned)), [0, 1], "the plan");
}
