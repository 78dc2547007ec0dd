//! A new plan that is to move as few tasks as possible keeps whatever can stay.
//!
//! **Source:** stability of schedules: Wu, Storer, Chang 1993.

use ordine_base::{Demand, FirstOf, FrozenClock, Id, Seed, Silent, Stream, Ticks, Time};
use ordine_check::{JUDGED, check};
use ordine_problem::{
    Calendar, Job, Precedence, Problem, ProblemBuilder, ResourceId, Schedule, Shift, TaskId,
    random_problem,
};
use ordine_replan::{Aim, Replan, difference, replan};
use ordine_solve::{Context, Settings, bounds, recipe_named, solve};
use ordine_wire::change::Change;

/// Plans what is left, from where everything stood.
fn planned_again(plan: &Replan, work: u64) -> Schedule {
    let (stop, mut observer) = (FirstOf::default(), Silent);
    let settings = Settings {
        seed: Seed::new(1),
        workers: 1,
        work: Some(work),
        stop: &stop,
        clock: &FrozenClock,
        start: Some(&plan.start),
    };
    let bound = bounds::trivial_bound(&plan.problem);
    let context = Context::new(&plan.problem, settings, bound, &mut observer);
    let solver = recipe_named("auto").expect("the default recipe");
    let outcome = solver.solve(&plan.problem, &context).expect("no fault");
    outcome.best().expect("a plan is found").0.clone()
}

fn has_other_speeds(calendar: &Calendar) -> bool {
    let shifts = calendar.steps.iter().map(|step| step.1).chain([calendar.first]);
    shifts.into_iter().any(|shift| matches!(shift, Shift::Open(percent) if percent != 100))
}

#[test]
fn without_any_change_nothing_moves() {
    let mut plans = 0;
    // Work of one batch shared out among its tasks is rare by chance.
    for run in (0..2_500).chain([18_283]) {
        let seed = Seed::new(run);
        let problem = random_problem(&mut seed.stream("problem"), 6, JUDGED);
        // Work that remains is counted in whole ticks, so that a slow task can end a little later.
        if problem.calendars().values().any(has_other_speeds) {
            continue;
        }
        let outcome = solve(&problem, "auto", seed, 1_000).expect("no fault");
        let Some((schedule, _)) = outcome.best() else { continue };
        for later in [0, 1, 3, 7] {
            let now = problem.now() + Ticks::new(later);
            let plan = replan(&problem, schedule, now, &[], &Aim::Keep);
            let plan = plan.unwrap_or_else(|error| panic!("seed {run}, {now}: {error}"));
            if let Err(violations) = check(&plan.problem, &plan.start) {
                let words: Vec<_> =
                    violations.iter().map(|it| it.describe(&plan.problem)).collect();
                panic!("seed {run}, present {now}: {words:#?}\n{}", problem.features());
            }
            let new = planned_again(&plan, 300);
            let mut difference = difference(&problem, schedule, &plan, &new);
            // What comes in lengthens what spans it.
            difference.moves.retain(|it| plan.problem.span_of(it.task).is_none());
            assert_eq!(difference.moves, [], "seed {run}, present {now}");
            assert_eq!(difference.left_out, [], "seed {run}, present {now}");
            plans += 1;
        }
    }
    assert!(plans > 800, "only {plans} plans");
}

/// Two halls of three machines each, whose jobs never meet; each job visits the machines of its
/// hall in an order of its own.
fn halls(stream: &mut Stream) -> Problem {
    let mut builder = ProblemBuilder::new("halls");
    for _ in 0..2 {
        let machines: Vec<ResourceId> = (0..3).map(|_| builder.machine("machine")).collect();
        for _ in 0..4 {
            let job = builder.job(Job::named("job")).expect("valid");
            let mut route = machines.clone();
            stream.shuffle(&mut route);
            let mut before = None;
            for machine in route {
                let task = builder.task("task", Some(job)).expect("valid");
                let duration = Ticks::new(2 + stream.below(7) as i64);
                builder.mode(task, duration, &[(machine, Demand::ONE)]).expect("valid");
                if let Some(before) = before.replace(task) {
                    builder.precedence(Precedence::end_to_start(before, task)).expect("valid");
                }
            }
        }
    }
    builder.seal().expect("valid")
}

fn machine(problem: &Problem, task: TaskId) -> ResourceId {
    problem.requirements(problem.usable_modes(task)[0])[0].resource
}

/// How many tasks move when all that follow are pushed to the right in their old order, with the
/// first machine down in `[from, to)`.
fn pushed_right(problem: &Problem, old: &Schedule, from: i64, to: i64) -> usize {
    let mut free = vec![0; problem.resources().len()];
    let mut ends: Vec<i64> = vec![0; problem.tasks().len()];
    let mut moved = 0;
    for task in old.in_time_order() {
        let placed = old.placement(task).expect("placed");
        let (machine, length) = (machine(problem, task).index(), placed.end - placed.start);
        let before = problem.predecessors(task).iter().map(|link| ends[link.task.index()]).max();
        let ready = before.unwrap_or(0).max(free[machine]).max(placed.start.get());
        let hit = machine == 0 && ready < to && ready + length.get() > from;
        // What runs into the breakdown waits for its end, half done.
        let is_running = placed.start.get() < from;
        let (start, end) = match hit {
            false => (ready, ready + length.get()),
            true if is_running => (ready, ready + length.get() + to - from),
            true => (to, to + length.get()),
        };
        moved += usize::from((start, end) != (placed.start.get(), placed.end.get()));
        (free[machine], ends[task.index()]) = (end, end);
    }
    moved
}

#[test]
fn a_breakdown_moves_nothing_that_it_does_not_reach() {
    let mut reached = 0;
    for seed in (0..40).map(Seed::new) {
        let problem = halls(&mut seed.stream("halls"));
        let outcome = solve(&problem, "auto", seed, 5_000).expect("no fault");
        let old = outcome.best().expect("a schedule").0;
        let down = problem.resources().next().expect("six machines");
        let (from, to) = (Time::new(9), Time::new(14));
        let change = Change::MachineDown { resource: down, from, to: Some(to) };
        let plan = replan(&problem, old, from, &[change], &Aim::Keep).expect("valid");
        let new = planned_again(&plan, 6_000);
        let difference = difference(&problem, old, &plan, &new);
        let other_hall = |task: TaskId| machine(&problem, task).index() >= 3;
        let strayed = difference.moves.iter().filter(|it| other_hall(it.task)).count();
        assert_eq!(strayed, 0, "seed {}", seed.get());
        let most = pushed_right(&problem, old, from.get(), to.get());
        let moves = difference.moves.len();
        assert!(moves <= most, "seed {}: {moves} moves, {most} by pushing", seed.get());
        reached += moves;
    }
    assert!(reached > 60, "only {reached} moves");
}
