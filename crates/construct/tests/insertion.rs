//! What insertion builds is what the judge accepts, as far as the judge knows the model.
//!
//! **Source:** -

use ordine_base::{Demand, Id, Seed, StepFunction, Ticks, Time};
use ordine_check::{JUDGED, check};
use ordine_construct::{Built, Decisions, Insertion};
use ordine_problem::{
    FeatureSet, ModeRelation, ModeRelationKind, Point, Precedence, Problem, ProblemBuilder,
    ResourceId, Status, Stock, StockChange, TaskId, random_problem,
};

fn random_decisions(problem: &Problem, stream: &mut ordine_base::Stream) -> Decisions {
    let mut decisions = Decisions::new(problem);
    for task in problem.tasks() {
        decisions.set_rank(task, stream.below(100) as u32);
        let modes = problem.usable_modes(task);
        decisions.set_mode(problem, task, modes[stream.below(modes.len())]);
        if problem.task(task).optional {
            decisions.set_present(task, stream.chance(0.5));
        }
        if stream.chance(0.2) {
            decisions.set_not_before(task, Time::new(stream.below(12) as i64));
        }
        if stream.chance(0.3) {
            decisions.set_batch(task, stream.below(3) as u32);
        }
        decisions.set_heedless(task, stream.chance(0.3));
    }
    decisions.settle(problem);
    decisions
}

#[test]
fn what_is_built_completely_is_feasible() {
    let mut complete = 0;
    let runs = 6000;
    // Tasks that are done and still hold, or are the far end of a largest gap, are rare by chance.
    for run in (0..runs).chain([42_932, 931_884]) {
        let seed = Seed::new(run);
        let mut stream = seed.stream("insertion");
        let problem = random_problem(&mut stream, 7, JUDGED);
        let mut insertion = Insertion::new(&problem);
        for _ in 0..4 {
            let decisions = random_decisions(&problem, &mut stream);
            let built = insertion.build(&decisions, &mut || false);
            if !built.is_complete() {
                continue;
            }
            complete += 1;
            if let Err(violations) = check(&problem, &built.schedule) {
                let words = violations.iter().map(|it| it.describe(&problem)).collect::<Vec<_>>();
                panic!("seed {run}: {words:#?}\nfeatures: {}", problem.features());
            }
            let again = insertion.build(&decisions, &mut || false);
            assert_eq!(built, again, "seed {run}: the same decisions give the same schedule");
        }
    }
    assert!(complete > 5000, "only {complete} of {} were complete", 4 * runs);
}

#[test]
fn nothing_but_what_depends_on_a_refused_task_is_left_out() {
    let mut stream = Seed::new(7).stream("refused");
    for _ in 0..500 {
        let problem = random_problem(&mut stream, 7, FeatureSet::ALL);
        let mut insertion = Insertion::new(&problem);
        let decisions = random_decisions(&problem, &mut stream);
        let built = insertion.build(&decisions, &mut || false);
        for task in problem.tasks() {
            let refused = built.refused.iter().any(|it| it.0 == task);
            let placed = built.schedule.placement(task).is_some();
            assert_eq!(placed, decisions.is_present(task) && !refused, "task {}", task.index());
        }
    }
}

fn built(builder: ProblemBuilder) -> Built {
    let problem = builder.seal().expect("valid");
    let built = Insertion::new(&problem).build(&Decisions::new(&problem), &mut || false);
    assert_eq!(built.is_complete(), check(&problem, &built.schedule).is_ok(), "{built:?}");
    built
}

#[test]
fn what_is_put_in_and_taken_out_at_one_instant_needs_no_room() {
    // A full tank is filled and drained at one instant; a third task takes one afterwards.
    for (order, strangers) in [([0, 1, 2], false), ([2, 1, 0], false), ([1, 2, 0], true)] {
        let mut builder = ProblemBuilder::new("tank");
        let stock = Stock { initial: 2, least: 0, most: 2 };
        let tank = builder.reservoir("tank", stock).expect("valid");
        let mut tasks = [TaskId::from_index(0); 3];
        for number in order {
            let (name, amount, at) =
                [("fill", 2, Point::End), ("drain", -2, Point::Start), ("sip", -1, Point::Start)]
                    [number];
            tasks[number] = builder.task(name, None).expect("valid");
            let change = StockChange { reservoir: tank, amount, at };
            let added = builder.mode_with(tasks[number], Ticks::new(4), &[], &[change]);
            added.expect("valid");
        }
        let [fill, drain, sip] = tasks;
        // Only clusters that follow one another when they are strangers.
        let lag = Precedence::end_to_start(fill, drain);
        let pulled = if strangers { lag } else { lag.with_lag_max(Ticks::ZERO) };
        builder.precedence(pulled).expect("valid");
        builder.precedence(Precedence::end_to_start(drain, sip)).expect("valid");
        assert!(built(builder).is_complete(), "{order:?}");
    }
}

#[test]
fn what_only_history_misses_is_not_missed() {
    let mut builder = ProblemBuilder::new("history");
    let machine = builder.machine("machine");
    let crew = builder.renewable("crew", Demand::ONE).expect("valid");
    let money = builder.consumable("money", Demand::ONE).expect("valid");
    builder.edit_resource(crew).usage_min = Some(
        StepFunction::from_steps(0, vec![(Time::ORIGIN, 1), (Time::new(2), 0)]).expect("ascending"),
    );
    let stock = Stock { initial: 0, least: 0, most: 9 };
    let tank = builder.reservoir("tank", stock).expect("valid");
    let took = StockChange { reservoir: tank, amount: -3, at: Point::Start };
    let tasks = ["one", "other"].map(|name| builder.task(name, None).expect("valid"));
    for task in tasks {
        let needs = [(machine, Demand::ONE), (money, Demand::ONE)];
        builder.mode_with(task, Ticks::new(1), &needs, &[took]).expect("valid");
        let (start, end) = (Time::ORIGIN, Time::new(1));
        builder.edit_task(task).status = Status::Done { mode: 0, start, end };
    }
    let kind = ModeRelationKind::DifferentResources;
    builder.relate_modes(ModeRelation { first: tasks[0], second: tasks[1], kind });
    let task = builder.task("refill", None).expect("valid");
    let fill = StockChange { reservoir: tank, amount: 6, at: Point::End };
    builder.mode_with(task, Ticks::new(1), &[(machine, Demand::ONE)], &[fill]).expect("valid");
    builder.now(Time::new(3));
    assert!(built(builder).is_complete());
}

#[test]
fn many_related_modes_agree_from_the_beginning() {
    let mut stream = Seed::new(3).stream("related");
    let mut builder = ProblemBuilder::new("related");
    let machines: Vec<ResourceId> = (0..10).map(|it| builder.machine(format!("m{it}"))).collect();
    let mut before: Option<TaskId> = None;
    for number in 0..400 {
        let task = builder.task(format!("t{number}"), None).expect("valid");
        let first = stream.below(10);
        for step in [0, 1, 3] {
            let need = (machines[(first + step) % 10], Demand::ONE);
            builder.mode(task, Ticks::new(5), &[need]).expect("valid");
        }
        if let Some(first) = before {
            // Every fifth shares the machine, all others change it.
            let kind = match number % 5 {
                0 => ModeRelationKind::SameMode,
                _ => ModeRelationKind::DifferentResources,
            };
            builder.relate_modes(ModeRelation { first, second: task, kind });
        }
        before = Some(task);
    }
    assert!(built(builder).is_complete());
}
