//! Levels of an objective: proved beside finders, and a start that is never lost to them.
//!
//! **Source:** -

use ordine_base::{Cost, FirstOf, FrozenClock, Seed, Silent, Ticks, Time};
use ordine_check::check;
use ordine_problem::{
    FeatureSet, Job, Objective, Placement, Problem, ProblemBuilder, Schedule, random_problem,
};
use ordine_solve::lowering::LOWERED;
use ordine_solve::{Context, Outcome, Settings, bounds, recipe_named};

fn solve(
    problem: &Problem,
    recipe: &str,
    work: u64,
    start: Option<&Schedule>,
) -> Outcome<Schedule> {
    solve_with(problem, recipe, (work, 1), start)
}

fn solve_with(
    problem: &Problem,
    recipe: &str,
    (work, workers): (u64, usize),
    start: Option<&Schedule>,
) -> Outcome<Schedule> {
    let (stop, mut observer) = (FirstOf::default(), Silent);
    let (seed, clock) = (Seed::new(1), &FrozenClock);
    let settings = Settings { seed, workers, work: Some(work), stop: &stop, clock, start };
    let bound = bounds::trivial_bound(problem);
    let context = Context::new(problem, settings, bound, &mut observer);
    let outcome = recipe_named(recipe).expect("a known recipe").solve(problem, &context);
    outcome.unwrap_or_else(|fault| panic!("{}: {fault}", problem.name()))
}

/// A random problem whose levels have tolerances.
fn with_tolerance(seed: u64, tasks: usize, allowed: FeatureSet) -> Problem {
    let mut stream = Seed::new(seed).stream("levels");
    let texts = ["total-flow-time~20%,makespan", "makespan~2,total-flow-time~3,number-moved"];
    let problem = random_problem(&mut stream, tasks, allowed);
    let planned = problem.tasks().any(|task| problem.task(task).planned.is_some());
    let text = if planned { texts[1] } else { texts[0] };
    let changed = problem.with(|builder| {
        builder.objective(text.parse().expect("a valid objective"));
        Ok(())
    });
    changed.expect("any problem can have it")
}

#[test]
fn levels_with_tolerances_are_proved_beside_finders() {
    let mut proved = 0;
    for seed in 0..60 {
        let problem = with_tolerance(seed, 4, LOWERED);
        match (solve(&problem, "auto", 40_000, None), solve(&problem, "cp", 40_000, None)) {
            (Outcome::Optimal { cost, best }, Outcome::Optimal { cost: other, .. }) => {
                let last = |cost: &Cost| cost.levels().last().copied();
                assert_eq!(last(&cost), last(&other), "seed {seed}: {cost:?}, {other:?}");
                assert_eq!(check(&problem, &best).as_ref(), Ok(&cost), "seed {seed}");
                proved += 1;
            }
            (auto, cp) => {
                let words = (auto.word(), cp.word());
                assert_eq!(words, ("infeasible", "infeasible"), "seed {seed}");
            }
        }
    }
    assert!(proved >= 15, "only {proved} of 60 are feasible");
}

/// The cost with each level raised to what it may be, the levels of `best` being reached.
fn counted(problem: &Problem, cost: &Cost, best: &Cost) -> Vec<i64> {
    let levels = problem.objective().levels().iter().enumerate();
    let last = problem.objective().levels().len() - 1;
    let count = |(number, level): (usize, &ordine_problem::Level)| {
        let value = cost.levels()[number];
        if number == last { value } else { value.max(level.tolerance.above(best.levels()[number])) }
    };
    levels.map(count).collect()
}

#[test]
fn a_start_is_never_lost_whatever_levels_are_settled() {
    for seed in 0..5 {
        let problem = with_tolerance(seed, 9, FeatureSet::PLAIN);
        let found = solve(&problem, "auto", 60_000, None);
        let Some((start, cost)) = found.best() else { continue };
        for work in [1, 10_000, 60_000] {
            let again = solve(&problem, "auto", work, Some(start));
            let (best, reached) = again.best().expect("the start at least");
            assert_eq!(check(&problem, best).as_ref(), Ok(reached), "seed {seed}");
            let first = Cost::from_levels(
                &cost
                    .levels()
                    .iter()
                    .zip(reached.levels())
                    .map(|(a, b)| *a.min(b))
                    .collect::<Vec<_>>(),
            );
            let counted = |cost: &Cost| counted(&problem, cost, &first);
            assert!(counted(reached) <= counted(cost), "seed {seed}: {reached:?} after {cost:?}");
        }
    }
}

#[test]
fn one_budget_gives_one_schedule_whatever_the_workers() {
    for seed in 0..3 {
        let problem = with_tolerance(seed, 9, FeatureSet::PLAIN);
        let alone = solve_with(&problem, "auto", (60_000, 1), None);
        assert_eq!(solve_with(&problem, "auto", (60_000, 2), None), alone, "seed {seed}");
    }
}

#[test]
fn a_start_between_the_ticks_of_the_model_is_improved_to_the_optimum() {
    let mut builder = ProblemBuilder::new("odd");
    let machine = builder.machine("press");
    for name in ["a", "b", "c"] {
        let job = builder.job(Job { due: Some(Time::ORIGIN), ..Job::named(name) }).expect("new");
        let task = builder.task(name, Some(job)).expect("new");
        let needs = [(machine, ordine_base::Demand::ONE)];
        builder.mode(task, Ticks::new(10), &needs).expect("valid");
    }
    builder.objective("total-tardiness,makespan".parse::<Objective>().expect("valid"));
    let problem = builder.seal().expect("valid");
    let mut start = Schedule::empty(&problem);
    for (number, task) in problem.tasks().enumerate() {
        let at = Time::new(5 + 10 * number as i64);
        let mode = problem.usable_modes(task)[0];
        start.place(task, Placement::starting(&problem, mode, at));
    }
    assert!(check(&problem, &start).is_ok());
    for recipe in ["cp", "auto"] {
        let outcome = solve(&problem, recipe, 100_000, Some(&start));
        assert_eq!(outcome.word(), "optimal", "{recipe}");
        assert_eq!(outcome.best().map(|it| it.1.levels().to_vec()), Some(vec![60, 30]));
    }
}
