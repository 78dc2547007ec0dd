//! Whatever is generated is feasible: both schemes, both directions, every rule, exact and random.
//!
//! **Source:** -

use ordine_base::{IdVec, Seed, Ticks, Time};
use ordine_check::{Violation, check};
use ordine_construct::{
    AssignmentOutcome, CriticalPath, Direction, Generation, ModeAssignment, PartialSchedule,
    Scheme, generate, place_list,
};
use ordine_problem::{FeatureSet, ModeId, Problem, Schedule, TaskId, random_problem};
use ordine_world::{NamedRule, RULES, Rule, RulePolicy, SingleMachine};

/// Deadlines are aimed at, not guaranteed; everything else must hold.
fn assert_feasible(problem: &Problem, schedule: &Schedule, what: &str) {
    if let Err(violations) = check(problem, schedule) {
        let late = |it: &Violation| matches!(it, Violation::AfterDeadline { .. });
        let serious = violations.iter().find(|it| !late(it));
        assert_eq!(serious, None, "{what}: {:?}", serious.map(|it| it.describe(problem)));
    }
}

fn assignment(problem: &Problem, seed: u64) -> Option<ModeAssignment> {
    let mut stream = Seed::new(seed).stream("assignment");
    match ModeAssignment::find(problem, &mut stream, 10_000, &mut || false) {
        AssignmentOutcome::Found(assignment) => Some(assignment),
        AssignmentOutcome::Infeasible => {
            assert!(!some_assignment_fits(problem), "seed {seed}: wrongly called infeasible");
            None
        }
        AssignmentOutcome::Unknown => panic!("seed {seed}: undecided on a tiny problem"),
    }
}

/// Enumerates all mode choices.
fn some_assignment_fits(problem: &Problem) -> bool {
    let tasks: Vec<TaskId> = problem.tasks().collect();
    let mut choice = vec![0; tasks.len()];
    loop {
        let modes: IdVec<TaskId, ModeId> =
            tasks.iter().zip(&choice).map(|(&task, &at)| problem.usable_modes(task)[at]).collect();
        if ModeAssignment::from_modes(problem, modes).is_some() {
            return true;
        }
        let counts = tasks.iter().map(|&task| problem.usable_modes(task).len());
        let Some(place) = choice.iter().zip(counts).position(|(&at, count)| at + 1 < count) else {
            return false;
        };
        choice[place] += 1;
        choice[..place].fill(0);
    }
}

/// The rules that score candidates.
fn scoring() -> impl Iterator<Item = (NamedRule, &'static dyn Rule)> {
    RULES.into_iter().filter_map(|named| Some((named, named.scoring()?)))
}

#[test]
fn every_generated_schedule_is_feasible() {
    for seed in 0..200 {
        let mut stream = Seed::new(seed).stream("problem");
        let problem = random_problem(&mut stream, 9, FeatureSet::PLAIN);
        let Some(assignment) = assignment(&problem, seed) else { continue };
        for (position, (named, rule)) in scoring().enumerate() {
            let scheme = [Scheme::Serial, Scheme::Parallel][position % 2];
            for direction in [Direction::Forward, Direction::Backward] {
                let mut policy = match stream.chance(0.5) {
                    true => RulePolicy::of(rule),
                    false => RulePolicy::randomized(rule, 2.0),
                };
                let (modes, extras) = (assignment.clone(), rule.extras());
                let start = Generation::with_extras(&problem, scheme, direction, modes, extras);
                let built = generate(start, &mut policy, &mut stream, &mut |_| false);
                let (schedule, _) = built.expect("not stopped");
                let what = format!("seed {seed}, {}, {scheme:?}, {direction:?}", named.name);
                assert_feasible(&problem, &schedule, &what);
            }
        }
    }
}

#[test]
fn generation_repeats_with_the_same_seed() {
    let problem = random_problem(&mut Seed::new(5).stream("problem"), 9, FeatureSet::EMPTY);
    let assignment = assignment(&problem, 5).expect("no consumables");
    let run = |seed: u64| {
        let mut policy = RulePolicy::randomized(&ordine_world::Spt, 0.0);
        let mut stream = Seed::new(seed).stream("policy");
        let start =
            Generation::new(&problem, Scheme::Serial, Direction::Forward, assignment.clone());
        generate(start, &mut policy, &mut stream, &mut |_| false).expect("not stopped").0
    };
    assert_eq!(run(1), run(1));
    assert!((2..40).any(|seed| run(seed) != run(1)), "the seed has no effect");
}

/// Serial generation never leaves a task that could start earlier alone (active schedules), and
/// heads never exceed a real start.
#[test]
fn list_schedules_are_active_and_never_beat_heads() {
    for seed in 0..400 {
        let mut stream = Seed::new(seed).stream("problem");
        let problem = random_problem(&mut stream, 8, FeatureSet::PLAIN);
        let Some(assignment) = assignment(&problem, seed) else { continue };
        let mut partial = PartialSchedule::new(&problem, Direction::Forward);
        let order = problem.topological_order();
        place_list(&mut partial, order, assignment.modes());
        let schedule = partial.to_schedule();
        assert_feasible(&problem, &schedule, &format!("seed {seed}"));
        let path = CriticalPath::new(&problem, Direction::Forward);
        assert!(path.length <= schedule.makespan(), "seed {seed}");
        for (task, placement) in schedule.placed() {
            assert!(path.heads[task] <= placement.start, "seed {seed}: head beyond the start");
            assert!(path.latest_starts[task] + problem.duration_min(task) <= path.length);
            if placement.start > Time::ORIGIN {
                let mut earlier = schedule.clone();
                let shifted = ordine_problem::Placement::starting(
                    &problem,
                    placement.mode,
                    placement.start - Ticks::new(1),
                );
                earlier.place(task, shifted);
                // Only tasks without later tasks are compared: moving them disturbs nobody.
                let last = problem.successors(task).is_empty() && order.last() == Some(&task);
                let broken = check(&problem, &earlier).err().unwrap_or_default();
                let serious =
                    broken.iter().any(|it| !matches!(it, Violation::AfterDeadline { .. }));
                assert!(!last || serious, "seed {seed}: {task:?} could start earlier");
            }
        }
    }
}

/// Two tasks that can only exchange their modes: no single change leads from one choice to the
/// other, a fresh assignment does.
#[test]
fn fresh_assignments_reach_what_single_changes_cannot() {
    let mut builder = ordine_problem::ProblemBuilder::new("exchange");
    let paint = builder.consumable("paint", ordine_base::Demand::new(3)).expect("valid capacity");
    for name in ["a", "b"] {
        let task = builder.task(name, None).expect("no job");
        for demand in [1, 2] {
            let needs = [(paint, ordine_base::Demand::new(demand))];
            builder.mode(task, Ticks::new(3 - demand), &needs).expect("valid mode");
        }
    }
    let problem = builder.seal().expect("valid");
    let mut stream = Seed::new(1).stream("random");
    let mut found = std::collections::BTreeSet::new();
    for _ in 0..100 {
        let assignment = ModeAssignment::random(&problem, &mut stream, 1_000).expect("easy");
        found.insert(problem.tasks().map(|task| assignment.mode(task)).collect::<Vec<_>>());
    }
    assert_eq!(found.len(), 3, "both thrifty, or one of the two generous");
}

/// Jobs of one task on one machine.
fn single_machine(stream: &mut ordine_base::Stream, jobs: usize) -> Problem {
    let mut builder = ordine_problem::ProblemBuilder::new("one machine");
    let machine = builder.machine("m");
    for number in 0..jobs {
        let due = Some(Time::new(stream.below(60) as i64));
        let job = ordine_problem::Job { due, ..ordine_problem::Job::named(format!("j{number}")) };
        let job = builder.job(job).expect("valid");
        let task = builder.task(format!("j{number}"), Some(job)).expect("valid");
        let duration = Ticks::new(stream.below(12) as i64);
        builder.mode(task, duration, &[(machine, ordine_base::Demand::ONE)]).expect("valid");
    }
    builder.seal().expect("valid")
}

#[test]
fn on_one_machine_dispatching_takes_jobs_in_the_order_of_the_sequence() {
    type Sequence = fn(&SingleMachine) -> Vec<usize>;
    let pairs: [(&dyn Rule, Sequence); 4] = [
        (&ordine_world::Edd, ordine_world::edd_sequence),
        (&ordine_world::Spt, ordine_world::spt_sequence),
        (&ordine_world::Mdd, ordine_world::mdd_sequence),
        (&ordine_world::Mddc, ordine_world::mddc_sequence),
    ];
    for seed in 0..300 {
        let mut stream = Seed::new(seed).stream("one machine");
        let count = 2 + stream.below(9);
        let problem = single_machine(&mut stream, count);
        let jobs = SingleMachine::of(&problem).expect("one machine");
        let modes = assignment(&problem, seed).expect("no consumables");
        for (rule, sequence) in pairs {
            let scheme = (Scheme::Parallel, Direction::Forward);
            let start = Generation::new(&problem, scheme.0, scheme.1, modes.clone());
            let mut policy = RulePolicy::of(rule);
            let built = generate(start, &mut policy, &mut stream, &mut |_| false);
            let (schedule, _) = built.expect("not stopped");
            let mut partial = PartialSchedule::new(&problem, Direction::Forward);
            place_list(&mut partial, &jobs.tasks_of(&sequence(&jobs)), modes.modes());
            assert_eq!(schedule, partial.to_schedule(), "seed {seed}: {jobs:?}");
        }
    }
}

/// Two jobs of family a and one of family b on a machine: ATCS stays in the family that it is set
/// up for, where ATC changes it twice.
#[test]
fn setups_are_kept_and_looked_at() {
    use ordine_problem::{Job, ProblemBuilder, Setup};
    let mut builder = ProblemBuilder::new("setups");
    let machine = builder.machine("m");
    let families = ["a", "b"].map(|name| builder.family(name));
    let times = [0, 5, 5, 0].map(Ticks::new).to_vec();
    let setup = Setup { name: "s".to_owned(), families: 2, times, costs: Vec::new() };
    let setup = builder.setup(setup);
    builder.edit_resource(machine).setup = Some(setup);
    for (name, family, due) in [("x", 0, 3), ("y", 1, 6), ("z", 0, 9)] {
        let due = Some(Time::new(due));
        let job = builder.job(Job { due, ..Job::named(name) }).expect("valid");
        let task = builder.task(name, Some(job)).expect("valid");
        builder.edit_task(task).family = Some(families[family]);
        builder.mode(task, Ticks::new(2), &[(machine, ordine_base::Demand::ONE)]).expect("valid");
    }
    let problem = builder.seal().expect("valid");
    let modes = assignment(&problem, 0).expect("no consumables");
    let ends = |rule: &dyn Rule| {
        let start = Generation::new(&problem, Scheme::Parallel, Direction::Forward, modes.clone());
        let mut stream = Seed::new(0).stream("rules");
        let built = generate(start, &mut RulePolicy::of(rule), &mut stream, &mut |_| false);
        let (schedule, _) = built.expect("not stopped");
        assert_eq!(check(&problem, &schedule).map(|_| ()), Ok(()));
        schedule.makespan().get()
    };
    assert_eq!(ends(&ordine_world::Atcs), 11);
    assert_eq!(ends(&ordine_world::Atc), 16);
}
