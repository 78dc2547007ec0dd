//! Planted conflicts among two hundred constraints are named exactly, and repaired at least cost.
//!
//! **Source:** -

mod hard;
mod schedules;
mod workshop;

use ordine_base::{Demand, FirstOf, FrozenClock, Ticks, Time};
use ordine_problem::{
    Calendar, Precedence, Problem, ProblemBuilder, Selection, SelectionKind, Setup, Shift,
};
use ordine_solve::ConstraintId;
use ordine_solve::explain::{Conflict, Diagnosis, Prices, Repairs, TRIAL_WORK, Trials};
use workshop::Workshop;

/// The conflict of a problem in words, and how it can be repaired.
fn explained(problem: &Problem, kept: &[&str]) -> (Conflict, Vec<String>, Repairs) {
    let stop = FirstOf::default();
    let mut trials = Trials::new(problem, &stop, &FrozenClock, Some(40 * TRIAL_WORK), TRIAL_WORK);
    let Diagnosis::Infeasible(conflict) = trials.diagnose() else {
        panic!("{}: expected a conflict", problem.name())
    };
    let words = conflict.constraints.iter().map(|it| it.describe(problem)).collect();
    let kept: Vec<String> = kept.iter().map(|kind| (*kind).to_owned()).collect();
    let repairs = trials.repairs(&conflict, &Prices::default(), &kept);
    (conflict, words, repairs)
}

/// The conflict that a change plants into the workshop, which is feasible without it.
fn planted(plant: impl FnOnce(&mut Workshop)) -> (Problem, Vec<String>, Repairs) {
    let mut workshop = Workshop::new();
    plant(&mut workshop);
    let problem = workshop.builder.seal().expect("valid");
    let count = ConstraintId::all(&problem).len();
    assert!(count >= 200, "only {count} constraints");
    let (conflict, words, repairs) = explained(&problem, &[]);
    assert!(conflict.is_minimal(), "{words:?}: not proved minimal");
    (problem, words, repairs)
}

fn sorted(words: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
    words.sort();
    words
}

/// The repairs as `constraint: from -> to`, cheapest first.
fn told(problem: &Problem, repairs: &Repairs) -> Vec<String> {
    let ease = |it: &ordine_solve::explain::Ease| {
        let shifts = it.shifts.iter().map(|it| format!("{} -> {}", it.from, it.to));
        let shifts: Vec<String> = shifts.collect();
        format!("{}: {}", it.constraint.describe(problem), shifts.join(", "))
    };
    let all = repairs.found.iter().map(|it| {
        assert!(it.is_least, "{:?}", it.eases);
        it.eases.iter().map(ease).collect::<Vec<_>>().join(" and ")
    });
    all.collect()
}

#[test]
fn a_workshop_without_a_conflict_is_feasible() {
    let problem = Workshop::new().builder.seal().expect("valid");
    let stop = FirstOf::default();
    let mut trials = Trials::new(&problem, &stop, &FrozenClock, None, TRIAL_WORK);
    assert!(matches!(trials.diagnose(), Diagnosis::Feasible(_)));
}

#[test]
fn a_chain_against_a_deadline_is_found() {
    let (problem, mut words, repairs) = planted(|shop| {
        let job = shop.job("rush", Some(11));
        let tasks = [("saw", 4), ("mill", 5), ("weld", 3)]
            .map(|(name, duration)| shop.task(name, Some(job), duration, &[]));
        shop.builder.precedence(Precedence::end_to_start(tasks[0], tasks[1])).expect("valid");
        let drying = Precedence::end_to_start(tasks[1], tasks[2]).with_lag(Ticks::new(2));
        shop.builder.precedence(drying).expect("valid");
    });
    words.sort();
    let expected = ["deadline of job rush", "precedence mill -> weld", "precedence saw -> mill"];
    assert_eq!(words, expected);
    // 4 + 5 + 2 + 3 = 14; of equal costs dates come first.
    let told = told(&problem, &repairs);
    assert_eq!(
        told,
        [
            "deadline of job rush: 11 -> 14",
            "precedence saw -> mill: 0 -> -3",
            "precedence mill -> weld: 2 -> -1"
        ]
    );
    assert!(repairs.is_complete);
}

#[test]
fn three_deadlines_on_one_machine_are_found() {
    let (problem, mut words, repairs) = planted(|shop| {
        let press = shop.builder.machine("press");
        for (name, duration, deadline) in [("a", 4, 10), ("b", 5, 10), ("c", 3, 10)] {
            let job = shop.job(name, Some(deadline));
            shop.task(name, Some(job), duration, &[press]);
        }
        // Has time.
        let job = shop.job("d", Some(900));
        shop.task("d", Some(job), 6, &[press]);
    });
    words.sort();
    let deadlines = ["deadline of job a", "deadline of job b", "deadline of job c"];
    assert_eq!(
        words,
        sorted(&["capacity 1 of resource press", deadlines[0], deadlines[1], deadlines[2]])
    );
    let told = told(&problem, &repairs);
    assert_eq!(
        told,
        [
            "deadline of job a: 10 -> 12",
            "deadline of job b: 10 -> 12",
            "deadline of job c: 10 -> 12",
            "capacity 1 of resource press: 1 -> 2"
        ]
    );
}

#[test]
fn a_largest_lag_against_a_machine_and_a_lag_is_found() {
    let (_, mut words, _) = planted(|shop| {
        let oven = shop.builder.machine("oven");
        let heat = shop.task("heat", None, 6, &[oven]);
        let cast = shop.task("cast", None, 6, &[oven]);
        // Cast may start at most 3 after heat does, and not before it; they share the oven.
        let close = Precedence {
            kind: ordine_problem::PrecedenceKind::StartToStart,
            ..Precedence::end_to_start(heat, cast).with_lag_max(Ticks::new(3))
        };
        shop.builder.precedence(close).expect("valid");
    });
    words.sort();
    assert_eq!(words, ["capacity 1 of resource oven", "precedence heat -> cast"]);
}

#[test]
fn a_calendar_against_a_deadline_is_found() {
    let (_, mut words, repairs) = planted(|shop| {
        let crane = shop.builder.machine("crane");
        let calendar = shop.builder.calendar(Calendar {
            name: "days".into(),
            first: Shift::Closed,
            steps: vec![(Time::new(0), Shift::FULL), (Time::new(8), Shift::Closed)],
            period: Some(Ticks::new(24)),
        });
        shop.builder.edit_resource(crane).calendar = Some(calendar);
        let job = shop.job("lift", Some(20));
        let first = shop.task("lift", Some(job), 6, &[crane]);
        let second = shop.task("set down", Some(job), 5, &[crane]);
        shop.builder.precedence(Precedence::end_to_start(first, second)).expect("valid");
    });
    words.sort();
    // The machine alone keeps them apart, whatever the order.
    let expected =
        ["calendar of resource crane", "capacity 1 of resource crane", "deadline of job lift"];
    let by_order =
        ["calendar of resource crane", "deadline of job lift", "precedence lift -> set down"];
    assert!(words == expected || words == by_order, "{words:?}");
    assert!(!repairs.found.is_empty());
}

#[test]
fn setups_windows_choices_and_no_wait_are_found() {
    let (_, mut words, _) = planted(|shop| {
        let lathe = shop.builder.machine("lathe");
        let families = ["red", "blue"].map(|name| shop.builder.family(name));
        let times = [0, 7, 7, 0].map(Ticks::new).to_vec();
        let setup = Setup { name: "colors".into(), families: 2, times, costs: Vec::new() };
        let setup = shop.builder.setup(setup);
        shop.builder.edit_resource(lathe).setup = Some(setup);
        for (name, family) in [("paint", families[0]), ("spray", families[1])] {
            let task = shop.task(name, None, 3, &[lathe]);
            let data = shop.builder.edit_task(task);
            (data.family, data.latest_end) = (Some(family), Some(Time::new(12)));
        }
    });
    words.sort();
    assert_eq!(
        words,
        [
            "capacity 1 of resource lathe",
            "setups of resource lathe",
            "time window of task paint",
            "time window of task spray"
        ]
    );
    let (_, mut words, _) = planted(|shop| {
        let tasks = ["by road", "by rail"].map(|name| {
            let task = shop.task(name, None, 5, &[]);
            let data = shop.builder.edit_task(task);
            (data.optional, data.latest_end) = (true, Some(Time::new(4)));
            task
        });
        let kind = SelectionKind::ExactlyOne;
        shop.builder.select(Selection { tasks: tasks.to_vec(), kind, condition: None });
    });
    words.sort();
    assert_eq!(
        words,
        [
            "choice among by road, by rail",
            "time window of task by rail",
            "time window of task by road"
        ]
    );
    let (_, mut words, _) = planted(|shop| {
        let oven = shop.builder.renewable("ovens", Demand::new(2)).expect("valid");
        let pour = shop.task("pour", None, 3, &[]);
        let bake = shop.task("bake", None, 4, &[oven]);
        shop.builder.precedence(Precedence::no_wait(pour, bake)).expect("valid");
        shop.builder.edit_task(pour).latest_start = Some(Time::new(5));
        shop.builder.edit_task(bake).earliest_start = Time::new(9);
    });
    words.sort();
    assert_eq!(
        words,
        ["precedence pour -> bake", "time window of task bake", "time window of task pour"]
    );
}

#[test]
fn two_conflicts_are_repaired_together_and_kept_kinds_stay() {
    let build = || {
        let mut builder = ProblemBuilder::new("two");
        for name in ["a", "b"] {
            let job = ordine_problem::Job {
                deadline: Some(Time::new(3)),
                release: Time::new(1),
                ..ordine_problem::Job::named(name)
            };
            let job = builder.job(job).expect("valid");
            let task = builder.task(name, Some(job)).expect("valid");
            builder.mode(task, Ticks::new(5), &[]).expect("valid");
        }
        builder.seal().expect("valid")
    };
    let problem = build();
    let (conflict, _, repairs) = explained(&problem, &[]);
    // A duration of 5 does not fit before the deadline whatever the release.
    assert_eq!(conflict.constraints.len(), 1);
    assert_eq!(
        told(&problem, &repairs),
        ["deadline of job a: 3 -> 6 and deadline of job b: 3 -> 6"]
    );
    let (_, _, repairs) = explained(&problem, &["deadline"]);
    assert!(repairs.is_hopeless && repairs.found.is_empty());
}

/// Five jobs for four lathes, each of which has time for one: nothing but a search proves that this
/// is one too many.
fn pigeons() -> Problem {
    let mut builder = ProblemBuilder::new("pigeons");
    let lathes: Vec<_> = (0..4).map(|it| builder.machine(format!("lathe {it}"))).collect();
    for number in 0..5 {
        let job = ordine_problem::Job {
            deadline: Some(Time::new(3)),
            ..ordine_problem::Job::named(format!("j{number}"))
        };
        let job = builder.job(job).expect("valid");
        let task = builder.task(format!("t{number}"), Some(job)).expect("valid");
        for &lathe in &lathes {
            builder.mode(task, Ticks::new(2), &[(lathe, Demand::ONE)]).expect("valid");
        }
    }
    builder.seal().expect("valid")
}

#[test]
fn a_conflict_is_called_minimal_only_when_that_was_shown() {
    let problem = pigeons();
    let stop = FirstOf::default();
    let diagnose = |work: Option<u64>| {
        let mut trials = Trials::new(&problem, &stop, &FrozenClock, work, TRIAL_WORK);
        (trials.diagnose(), trials.work())
    };
    let (Diagnosis::Infeasible(whole), work) = diagnose(None) else { panic!("a conflict") };
    assert_eq!((whole.constraints.len(), whole.is_minimal()), (9, true));
    let (mut unknown, mut open) = (0, 0);
    for part in 1..20 {
        match diagnose(Some(work * part / 20)).0 {
            Diagnosis::Feasible(_) => panic!("there is no schedule"),
            Diagnosis::Unknown => unknown += 1,
            Diagnosis::Infeasible(conflict) if conflict.is_minimal() => {
                assert_eq!(conflict, whole, "{part} of 20");
            }
            Diagnosis::Infeasible(conflict) => {
                assert!(conflict.constraints.len() >= whole.constraints.len());
                open += 1;
            }
        }
    }
    assert!(open >= 5, "{unknown} unknown, {open} open");
}
