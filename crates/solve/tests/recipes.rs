//! Recipes against enumeration: answers are feasible, bounds hold, proofs are true.
//!
//! **Source:** -

use ordine_base::{
    Cost, Demand, FirstOf, FrozenClock, Id, Observer, RunEvent, Seed, Silent, StopReason, StopWhen,
    Ticks, Time,
};
use ordine_check::check;
use ordine_problem::{
    Calendar, Feature, FeatureSet, Job, Measure, ModeId, Objective, Placement, Precedence, Problem,
    ProblemBuilder, ProblemError, ResourceId, Schedule, Selection, SelectionKind, Shift, Span,
    TaskId, random_problem,
};
use ordine_solve::{Context, Fault, Figures, Outcome, Settings, bounds, recipe_named};

fn settings<'a>(stop: &'a FirstOf, work: u64, workers: usize) -> Settings<'a> {
    let seed = Seed::new(1);
    Settings { seed, workers, work: Some(work), stop, clock: &FrozenClock, start: None }
}

fn solve(
    problem: &Problem,
    recipe: &str,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<(Outcome<Schedule>, Figures), Fault> {
    let context = Context::new(problem, settings, bounds::trivial_bound(problem), observer);
    let outcome = recipe_named(recipe).expect("a known recipe").solve(problem, &context)?;
    Ok((outcome, context.figures()))
}

/// Least cost over all modes and all starts up to `latest`, by enumeration; the judge decides.
fn enumerate(problem: &Problem, latest: i64) -> Option<Cost> {
    let mut schedule = Schedule::empty(problem);
    let mut best = None;
    place_all(problem, latest, &problem.tasks().collect::<Vec<_>>(), &mut schedule, &mut best);
    best
}

fn place_all(
    problem: &Problem,
    latest: i64,
    rest: &[TaskId],
    schedule: &mut Schedule,
    best: &mut Option<Cost>,
) {
    let Some((&task, rest)) = rest.split_first() else {
        if let Ok(cost) = check(problem, schedule) {
            *best = Some(best.take().map_or(cost.clone(), |known| known.min(cost)));
        }
        return;
    };
    let modes: Vec<ModeId> = problem.modes(task).collect();
    for mode in modes {
        for start in 0..=latest {
            schedule.place(task, Placement::starting(problem, mode, Time::new(start)));
            place_all(problem, latest, rest, schedule, best);
        }
    }
}

#[test]
fn answers_agree_with_enumeration() {
    let mut words = std::collections::BTreeMap::new();
    for seed in 0..1_500 {
        let mut stream = Seed::new(seed).stream("problem");
        let problem = random_problem(&mut stream, 3, FeatureSet::PLAIN);
        if problem.horizon() > Time::new(22) || problem.mode_count() > 5 {
            continue;
        }
        let optimum = enumerate(&problem, problem.horizon().get());
        let stop = FirstOf::default();
        let (outcome, figures) =
            solve(&problem, "auto", settings(&stop, 3_000, 1), &mut Silent).expect("no fault");
        *words.entry(outcome.word()).or_insert(0) += 1;
        match (&optimum, outcome.best()) {
            (None, Some(_)) => panic!("seed {seed}: a schedule where there is none"),
            (Some(optimum), _) => assert!(figures.bound <= *optimum, "seed {seed}: false bound"),
            (None, None) => {}
        }
        match &outcome {
            Outcome::Optimal { cost, best } => {
                assert_eq!(Some(cost), optimum.as_ref(), "seed {seed}");
                assert_eq!(check(&problem, best).as_ref(), Ok(cost));
            }
            Outcome::Feasible { cost, best, .. } => {
                assert!(Some(cost) >= optimum.as_ref(), "seed {seed}");
                assert_eq!(check(&problem, best).as_ref(), Ok(cost));
            }
            Outcome::Infeasible { core } => {
                assert_eq!(optimum, None, "seed {seed}: {core:?}");
                assert!(!core.is_empty());
            }
            Outcome::Unknown { .. } => {
                let hard = [Feature::Deadlines, Feature::Consumables];
                assert!(hard.iter().any(|&it| problem.features().has(it)), "seed {seed}");
            }
        }
    }
    for word in ["optimal", "infeasible"] {
        assert!(words.get(word).is_some_and(|&count| count >= 3), "{word} is rare: {words:?}");
    }
}

#[test]
fn failure_directed_search_proves_what_enumeration_finds() {
    let mut proofs = 0;
    for seed in 0..600 {
        let mut stream = Seed::new(seed).stream("problem");
        let problem = random_problem(&mut stream, 3, FeatureSet::PLAIN);
        if problem.horizon() > Time::new(18) || problem.mode_count() > 5 {
            continue;
        }
        let stop = FirstOf::default();
        match solve(&problem, "failure", settings(&stop, 3_000, 1), &mut Silent) {
            Err(Fault::Unsupported { .. }) => continue,
            Err(fault) => panic!("seed {seed}: {fault:?}"),
            Ok((Outcome::Optimal { cost, best }, _)) => {
                proofs += 1;
                assert_eq!(check(&problem, &best).as_ref(), Ok(&cost), "seed {seed}");
                let optimum = enumerate(&problem, problem.horizon().get());
                assert_eq!(Some(cost), optimum, "seed {seed}");
            }
            Ok((Outcome::Infeasible { .. }, _)) => {
                assert_eq!(enumerate(&problem, problem.horizon().get()), None, "seed {seed}");
            }
            Ok((outcome, _)) => panic!("seed {seed}: {} without a proof", outcome.word()),
        }
    }
    assert!(proofs > 50, "{proofs} proofs");
}

/// Shops with several modes and nothing else: the features of tabu search.
const SHOP: FeatureSet = FeatureSet::of(&[Feature::SeveralModes, Feature::Releases]);

/// One task that must be done, and an optional one that asks for too much, one that is never open,
/// and one that spans others and asks for too much; one of the two children must be there.
fn with_barred_tasks() -> Problem {
    let mut builder = ProblemBuilder::new("barred");
    let crew = builder.renewable("crew", Demand::new(2)).expect("valid");
    let shut = builder.machine("shut");
    let never = Calendar { first: Shift::Closed, ..Calendar::always("never") };
    builder.edit_resource(shut).calendar = Some(builder.calendar(never));
    let mut add = |name: &str, optional, needs: &[(ResourceId, i64)]| {
        let task = builder.task(name, None).expect("valid");
        builder.edit_task(task).optional = optional;
        let needs: Vec<_> = needs.iter().map(|&(id, many)| (id, Demand::new(many))).collect();
        let length = if name == "parent" { 0 } else { 4 };
        builder.mode(task, Ticks::new(length), &needs).expect("valid");
        task
    };
    let must = add("must", false, &[(crew, 1)]);
    let greedy = add("greedy", true, &[(crew, 3)]);
    let closed = add("closed", true, &[(shut, 1)]);
    let parent = add("parent", true, &[(crew, 3)]);
    let child = add("child", true, &[]);
    let other = add("other", true, &[(crew, 2)]);
    builder.span(Span { parent, children: vec![child] });
    let kind = SelectionKind::ExactlyOne;
    for tasks in [vec![greedy, other], vec![closed, child, other]] {
        builder.select(Selection { tasks, kind, condition: None });
    }
    builder.precedence(Precedence::end_to_start(greedy, must)).expect("valid");
    builder.seal().expect("optional tasks may be barred")
}

#[test]
fn an_optional_task_that_can_never_run_is_left_out() {
    let problem = with_barred_tasks();
    let stop = FirstOf::default();
    for recipe in ["auto", "decisions"] {
        let settings = settings(&stop, 50_000, 1);
        let (outcome, _) = solve(&problem, recipe, settings, &mut Silent).expect("solved");
        let (schedule, cost) = outcome.best().expect("there is a schedule");
        let present = problem.tasks().filter(|&task| schedule.placement(task).is_some());
        assert_eq!(present.map(Id::index).collect::<Vec<_>>(), [0, 5], "{recipe}");
        assert_eq!(cost.levels(), [8], "{recipe}");
        assert!(recipe != "auto" || matches!(outcome, Outcome::Optimal { .. }), "{outcome:?}");
    }
}

#[test]
fn one_budget_gives_one_schedule_whatever_the_workers() {
    for (recipe, allowed) in [("auto", SHOP), ("list", FeatureSet::PLAIN)] {
        for seed in 0..6 {
            let mut stream = Seed::new(seed).stream("problem");
            let problem = random_problem(&mut stream, 14, allowed);
            let run = |workers| {
                let stop = FirstOf::default();
                let mut events = Events::default();
                let run = solve(&problem, recipe, settings(&stop, 60_000, workers), &mut events);
                (run.expect("no fault"), events.0)
            };
            let first = run(1);
            for workers in [1, 2, 4] {
                assert_eq!(run(workers), first, "{recipe}, seed {seed}, {workers} workers");
            }
        }
    }
}

#[derive(Default)]
struct Events(Vec<RunEvent>);

impl Observer for Events {
    fn notice(&mut self, event: &RunEvent) {
        self.0.push(event.clone());
    }
}

#[test]
fn incumbents_only_improve_and_bounds_only_rise() {
    let problem = random_problem(&mut Seed::new(3).stream("problem"), 14, FeatureSet::EMPTY);
    let mut events = Events::default();
    let stop = FirstOf::default();
    solve(&problem, "list", settings(&stop, 20_000, 2), &mut events).expect("no fault");
    let mut last: Option<&Cost> = None;
    for event in &events.0 {
        if let RunEvent::Incumbent { cost, .. } = event {
            assert!(last.is_none_or(|before| cost < before));
            last = Some(cost);
        }
    }
    assert!(last.is_some());
}

#[test]
fn a_feasible_start_is_never_lost_and_a_broken_one_is_repaired() {
    for seed in 0..30 {
        let mut stream = Seed::new(seed).stream("problem");
        let allowed = FeatureSet::of(&[Feature::Renewables, Feature::SeveralModes]);
        let problem = random_problem(&mut stream, 9, allowed);
        let stop = FirstOf::default();
        let (outcome, _) =
            solve(&problem, "auto", settings(&stop, 30_000, 1), &mut Silent).expect("no fault");
        let (start, cost) = outcome.best().expect("always feasible");
        let with_start = |start: &Schedule, recipe| {
            let settings = Settings { start: Some(start), ..settings(&stop, 1, 1) };
            solve(&problem, recipe, settings, &mut Silent).expect("no fault").0
        };
        let again = with_start(start, "rule:spt");
        assert!(again.best().expect("the start").1 <= cost, "seed {seed}");
        let mut broken = start.clone();
        for task in problem.tasks().filter(|_| stream.chance(0.5)) {
            broken.remove(task);
        }
        let repaired = with_start(&broken, "rule:lpt");
        assert!(repaired.best().is_some(), "seed {seed}");
    }
}

#[test]
fn every_stop_rule_gives_its_reason() {
    let never = || FirstOf(vec![Box::new(ordine_base::Target(Cost::single(-1)))]);
    let stopped = |problem: &Problem, stop: FirstOf| {
        let outcome = solve(problem, "list", settings(&stop, 5_000, 1), &mut Silent);
        outcome.expect("no fault").0.stopped()
    };
    let problem = (0..200)
        .map(|seed| random_problem(&mut Seed::new(seed).stream("problem"), 14, FeatureSet::EMPTY))
        .find(|problem| stopped(problem, never()) == StopReason::Work)
        .expect("some problem is not proved at the root");
    let with = |rule: Box<dyn StopWhen>| stopped(&problem, FirstOf(vec![rule]));
    assert_eq!(with(Box::new(ordine_base::FirstSchedule)), StopReason::FirstSchedule);
    assert_eq!(with(Box::new(ordine_base::GapLimit(0.9))), StopReason::Gap);
    assert_eq!(with(Box::new(ordine_base::Target(Cost::single(1 << 40)))), StopReason::Target);
    let raised = ordine_base::Interrupt::default();
    raised.0.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(with(Box::new(raised)), StopReason::Interrupted);
}

#[test]
fn a_recipe_refuses_what_it_does_not_support_by_name() {
    let allowed = FeatureSet::of(&[Feature::Renewables]);
    let uses = |problem: &Problem| problem.features().has(Feature::Renewables);
    let problem = (0..100)
        .map(|seed| random_problem(&mut Seed::new(seed).stream("problem"), 9, allowed))
        .find(uses)
        .expect("some problem uses renewables");
    let stop = FirstOf::default();
    let fault = solve(&problem, "tabu", settings(&stop, 1_000, 1), &mut Silent);
    let text = fault.expect_err("refused").to_string();
    assert!(text.contains("renewables"), "{text}");
}

/// Tasks without precedences, each in three modes with demands on many consumables: slow for rules
/// and for the search of modes alike.
fn heavy(tasks: usize, consumables: usize) -> Problem {
    let mut stream = Seed::new(1).stream("heavy");
    let mut builder = ordine_problem::ProblemBuilder::new("heavy");
    let machine = builder.machine("m0");
    let resources: Vec<_> = (0..consumables)
        .map(|it| {
            let capacity = Demand::new(5 * tasks as i64);
            builder.consumable(format!("c{it}"), capacity).expect("valid capacity")
        })
        .collect();
    for number in 0..tasks {
        let task = builder.task(format!("t{number}"), None).expect("no job");
        for _ in 0..3 {
            let mut needs = vec![(machine, Demand::ONE)];
            for &resource in &resources {
                needs.push((resource, Demand::new(1 + stream.below(9) as i64)));
            }
            let duration = Ticks::new(1 + stream.below(9) as i64);
            builder.mode(task, duration, &needs).expect("valid mode");
        }
    }
    builder.seal().expect("no precedence")
}

#[test]
fn no_phase_is_deaf_to_the_stop_rule() {
    for (tasks, consumables) in [(3_000, 0), (60, 60)] {
        let problem = heavy(tasks, consumables);
        let raised = ordine_base::Interrupt::default();
        raised.0.store(true, std::sync::atomic::Ordering::Relaxed);
        let stop = FirstOf(vec![Box::new(raised)]);
        for recipe in ["auto", "list", "rule:lft"] {
            let settings = Settings { work: None, ..settings(&stop, 0, 1) };
            let (outcome, figures) =
                solve(&problem, recipe, settings, &mut Silent).expect("no fault");
            assert_eq!(outcome.stopped(), StopReason::Interrupted, "{recipe}");
            assert_eq!(outcome.best(), None, "{recipe} went on");
            assert!(figures.work <= 1_000_001, "{recipe}: {}", figures.work);
        }
    }
}

/// Three equal tasks on a machine and a renewable of which each takes more than half.
fn three_tasks(duration: i64, weight: i64, demand: i64) -> Result<Problem, ProblemError> {
    let mut builder = ProblemBuilder::new("three");
    let machine = builder.machine("press");
    let power = builder.renewable("power", Demand::new(demand + demand / 2))?;
    for name in ["a", "b", "c"] {
        let job = builder.job(Job { weight, due: Some(Time::ORIGIN), ..Job::named(name) })?;
        let task = builder.task(name, Some(job))?;
        let needs = [(machine, Demand::ONE), (power, Demand::new(demand))];
        builder.mode(task, Ticks::new(duration), &needs)?;
    }
    builder.objective(Objective::single(Measure::WeightedTardiness));
    builder.seal()
}

#[test]
fn numbers_of_any_size_that_seal_are_solved_without_a_panic() {
    let mut sealed = 0;
    for duration in [1, 1 << 20, 1 << 30, 1 << 36] {
        for weight in [1, 1 << 15, 1 << 30, 1 << 50] {
            for demand in [1, 1 << 20, 1 << 39] {
                let Ok(problem) = three_tasks(duration, weight, demand) else { continue };
                sealed += 1;
                let stop = FirstOf::default();
                let (outcome, _) = solve(&problem, "auto", settings(&stop, 20_000, 1), &mut Silent)
                    .expect("no fault");
                let (_, cost) = outcome.best().expect("there is a schedule");
                let found = i128::from(cost.first());
                assert_eq!(found, 6 * i128::from(duration) * i128::from(weight));
            }
        }
    }
    assert!(sealed >= 20, "only {sealed} problems seal");
}
