//! Jobs on one machine: what `auto` finds and proves.
//!
//! **Source:** -

use ordine_base::{Demand, Seed, Stream, Ticks, Time};
use ordine_problem::{Job, Objective, Precedence, Problem, ProblemBuilder, TaskId};
use ordine_solve::one_machine::{OneMachine, subset_optimum};
use ordine_solve::{Outcome, solve};

fn problem(stream: &mut Stream, jobs: usize, objective: &str) -> Problem {
    let mut builder = ProblemBuilder::new("one machine");
    let machine = builder.machine("m");
    for number in 0..jobs {
        let name = format!("j{number}");
        let weight = stream.below(5) as i64;
        let due = stream.chance(0.9).then(|| Time::new(stream.below(5 * jobs) as i64));
        let job = builder.job(Job { weight, due, ..Job::named(&name) }).expect("valid");
        let task = builder.task(name, Some(job)).expect("valid");
        let duration = Ticks::new(stream.below(12) as i64);
        builder.mode(task, duration, &[(machine, Demand::ONE)]).expect("valid");
    }
    builder.objective(objective.parse::<Objective>().expect("an objective"));
    builder.seal().expect("valid")
}

#[test]
fn sums_over_few_jobs_are_proved_by_one_method_or_another() {
    let objectives =
        ["total-tardiness", "weighted-tardiness", "2*total-tardiness+weighted-flow-time"];
    for seed in 0..60 {
        let mut stream = Seed::new(seed).stream("problem");
        let problem = problem(&mut stream, 9, objectives[seed as usize % 3]);
        let machine = OneMachine::of(&problem).expect("one machine");
        let least = subset_optimum(&machine.jobs).expect("few jobs").0;
        let outcome = solve(&problem, "auto", Seed::new(seed), 1_000_000).expect("no fault");
        let Outcome::Optimal { cost, .. } = outcome else { panic!("seed {seed}: {outcome:?}") };
        assert_eq!(cost.first(), least, "seed {seed}");
    }
}

#[test]
fn the_total_tardiness_of_sixty_jobs_is_proved() {
    let mut stream = Seed::new(5).stream("problem");
    let problem = problem(&mut stream, 60, "total-tardiness");
    let outcome = solve(&problem, "auto", Seed::new(1), 20_000_000).expect("no fault");
    assert!(matches!(outcome, Outcome::Optimal { .. }), "{outcome:?}");
}

#[test]
fn what_is_not_only_a_sequence_is_left_to_others() {
    let mut stream = Seed::new(5).stream("problem");
    let whole = problem(&mut stream, 4, "total-tardiness");
    assert!(OneMachine::of(&whole).is_some());
    let changes: [fn(&mut ProblemBuilder); 3] = [
        |builder| {
            let [before, after] = [0, 1].map(ordine_base::Id::from_index);
            let link: Precedence = Precedence::end_to_start(before, after);
            builder.precedence(link).expect("valid");
        },
        |builder| builder.objective("total-tardiness,makespan".parse().expect("valid")),
        |builder| {
            let task: TaskId = ordine_base::Id::from_index(2);
            builder.edit_task(task).earliest_start = Time::new(4);
        },
    ];
    for change in changes {
        let changed = whole.with(|builder| {
            change(builder);
            Ok(())
        });
        assert_eq!(OneMachine::of(&changed.expect("valid")), None);
    }
}
