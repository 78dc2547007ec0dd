//! One wrong schedule per kind of violation, each wrong in exactly that way.
//!
//! **Source:** -

use ordine_base::{Cost, Demand, Id, Ticks, Time};
use ordine_check::{Violation, check, check_claim};
use ordine_problem::{
    Job, JobId, Measure, ModeId, Objective, Placement, Precedence, PrecedenceId, PrecedenceKind,
    Problem, ProblemBuilder, ProblemError, ResourceId, Schedule, TaskId,
};

const TURN: usize = 0;
const BORE: usize = 1;
const PACK: usize = 2;
const CLEAN: usize = 3;
const SIGN: usize = 4;

/// A lathe, a crew of 2 and 5 bars of steel; job bracket is turned and then bored, and meanwhile
/// something is packed, the lathe cleaned, and a paper signed in no time.
fn workshop() -> Result<Problem, ProblemError> {
    let mut builder = ProblemBuilder::new("workshop");
    let lathe = builder.machine("lathe");
    let crew = builder.renewable("crew", Demand::new(2))?;
    let steel = builder.consumable("steel", Demand::new(5))?;
    let (release, deadline) = (Time::new(1), Some(Time::new(20)));
    let job = builder.job(Job { release, deadline, ..Job::named("bracket") })?;
    let (one, two, three) = (Demand::ONE, Demand::new(2), Demand::new(3));
    let turn = builder.task("turn", Some(job))?;
    builder.mode(turn, Ticks::new(3), &[(lathe, one), (steel, two)])?;
    builder.mode(turn, Ticks::new(3), &[(lathe, one), (steel, three)])?;
    let bore = builder.task("bore", Some(job))?;
    builder.mode(bore, Ticks::new(2), &[(lathe, one), (crew, one), (steel, two)])?;
    let pack = builder.task("pack", None)?;
    builder.mode(pack, Ticks::new(4), &[(crew, one)])?;
    builder.mode(pack, Ticks::new(4), &[(crew, two)])?;
    let clean = builder.task("clean", None)?;
    builder.mode(clean, Ticks::new(2), &[(lathe, one)])?;
    let sign = builder.task("sign", None)?;
    builder.mode(sign, Ticks::ZERO, &[(lathe, one), (crew, two), (steel, one)])?;
    builder.precedence(Precedence::end_to_start(turn, bore).with_lag(Ticks::new(1)))?;
    builder.seal()
}

fn placement(mode: usize, start: i64, end: i64) -> Option<Placement> {
    let (start, end) = (Time::new(start), Time::new(end));
    Some(Placement { mode: ModeId::from_index(mode), start, end })
}

/// Every capacity is used up, every bound is met exactly.
fn good() -> Vec<Option<Placement>> {
    vec![
        placement(0, 1, 4),
        placement(2, 5, 7),
        placement(3, 3, 7),
        placement(5, 8, 10),
        placement(6, 2, 2),
    ]
}

fn task(index: usize) -> TaskId {
    TaskId::from_index(index)
}

fn resource(index: usize) -> ResourceId {
    ResourceId::from_index(index)
}

/// The good schedule with one task elsewhere, the violation that follows, and its words.
type Wrong = (usize, Option<Placement>, Violation, &'static str);

fn wrong_in_itself() -> Vec<Wrong> {
    let (job, most) = (JobId::from_index(0), Time::MAX.get());
    let (at, pack, bore) = (Time::new, task(PACK), task(BORE));
    vec![
        (
            SIGN,
            None,
            Violation::Unplaced { task: task(SIGN) },
            "task sign is not placed: expected a mode, a start and an end",
        ),
        (
            PACK,
            placement(2, 3, 7),
            Violation::ForeignMode { task: pack, mode: ModeId::from_index(2) },
            "task pack runs in mode 0 of task bore: expected one of its own 2 modes",
        ),
        (
            PACK,
            placement(7, 3, 7),
            Violation::ForeignMode { task: pack, mode: ModeId::from_index(7) },
            "task pack runs in mode 7 of the problem's 7 modes: expected one of its own 2 modes",
        ),
        (
            PACK,
            placement(3, -1, 3),
            Violation::BeforeOrigin { task: pack, start: at(-1) },
            "task pack starts at -1: expected 0 or later",
        ),
        (
            PACK,
            placement(3, 3, 8),
            Violation::WrongEnd {
                task: pack,
                start: at(3),
                end: at(8),
                duration: Ticks::new(4),
                expected: Some(at(7)),
            },
            "task pack ends at 8: expected 7, when its work of 4 is done",
        ),
        (
            TURN,
            placement(0, 0, 3),
            Violation::BeforeRelease { task: task(TURN), job, start: at(0), release: at(1) },
            "task turn starts at 0: expected 1 or later, release of job bracket",
        ),
        (
            BORE,
            placement(2, 19, 21),
            Violation::AfterDeadline { task: bore, job, end: at(21), deadline: at(20) },
            "task bore ends at 21: expected 20 or earlier, deadline of job bracket",
        ),
        (
            PACK,
            placement(3, most - 3, most + 1),
            Violation::TimeTooLarge { task: pack, time: at(most + 1) },
            "task pack reaches time 1099511627777: expected at most 1099511627776, the largest \
             time",
        ),
    ]
}

fn wrong_together() -> Vec<Wrong> {
    let at = Time::new;
    let first = PrecedenceId::from_index(0);
    vec![
        (
            BORE,
            placement(2, 4, 6),
            Violation::Precedence { precedence: first, before: at(4), after: at(4) },
            "task bore starts at 4: expected 5 or later, since task turn ends at 4 and the lag is \
             1",
        ),
        (
            CLEAN,
            placement(5, 3, 5),
            Violation::Overlap {
                machine: resource(0),
                first: task(TURN),
                second: task(CLEAN),
                time: at(3),
                first_end: at(4),
            },
            "task clean starts at 3 on machine lathe: expected 4 or later, when task turn ends",
        ),
        (
            PACK,
            placement(4, 3, 7),
            Violation::Overuse {
                renewable: resource(1),
                task: task(BORE),
                since: at(5),
                time: at(5),
                usage: Demand::new(3),
                capacity: Demand::new(2),
            },
            "at 5, when task bore starts, the usage of renewable crew is 3: expected at most 2, \
             its capacity",
        ),
        (
            TURN,
            placement(1, 1, 4),
            Violation::Overspending {
                consumable: resource(2),
                usage: Demand::new(6),
                capacity: Demand::new(5),
            },
            "over all tasks the usage of consumable steel is 6: expected at most 5, its capacity",
        ),
    ]
}

#[test]
fn each_rule_has_a_schedule_that_breaks_it_alone() {
    let problem = workshop().expect("valid");
    for (changed, to, violation, words) in wrong_in_itself().into_iter().chain(wrong_together()) {
        let mut placements = good();
        placements[changed] = to;
        let verdict = check(&problem, &Schedule::from_placements(placements));
        assert_eq!(violation.describe(&problem), words);
        assert_eq!(verdict, Err(vec![violation]));
    }
}

#[test]
fn the_schedule_that_every_other_one_is_derived_from_is_feasible() {
    let problem = workshop().expect("valid");
    let schedule = Schedule::from_placements(good());
    assert_eq!(check(&problem, &schedule), Ok(Cost::single(10)));
}

#[test]
fn a_schedule_of_another_length_is_one_violation() {
    let problem = workshop().expect("valid");
    let mut shorter = good();
    shorter.truncate(3);
    let mut longer = good();
    longer.push(placement(0, 0, 3));
    let words = "the schedule has 6 tasks: expected 5, those of the problem";
    for (placements, found) in [(shorter, 3), (longer, 6), (Vec::new(), 0)] {
        let schedule = Schedule::from_placements(placements);
        let violation = Violation::TaskCount { expected: 5, found };
        assert_eq!(violation.describe(&problem) == words, found == 6);
        assert_eq!(check(&problem, &schedule), Err(vec![violation]));
    }
}

#[test]
fn a_cost_beyond_the_largest_is_a_violation_and_no_overflow() {
    let problem = workshop().expect("valid").with(|builder| {
        let job = Job { weight: 1 << 40, due: Some(Time::ORIGIN), ..Job::named("heavy") };
        let job = builder.job(job)?;
        let late = builder.task("late", Some(job))?;
        let objective = vec![Measure::Makespan, Measure::WeightedTardiness];
        let level =
            |measure| ordine_problem::Level::of(vec![ordine_problem::Term { weight: 1, measure }]);
        let levels = objective.into_iter().map(level).collect();
        builder.objective(Objective::from_levels(levels).expect("two levels"));
        builder.mode(late, Ticks::new(1), &[])
    });
    let problem = problem.expect("the horizon is short");
    let ending = |end: i64| {
        let placements = good().into_iter().chain([placement(7, end - 1, end)]);
        check(&problem, &Schedule::from_placements(placements))
    };
    let longest = (1 << 22) - 1;
    assert_eq!(ending(longest), Ok(Cost::from_levels(&[longest, (1 << 40) * longest])));
    let violation = Violation::CostTooLarge { level: 1 };
    let words = "level 2 of the cost reaches 2^62: expected less, so earlier ends";
    assert_eq!(violation.describe(&problem), words);
    assert_eq!(ending(longest + 1), Err(vec![violation.clone()]));
    assert_eq!(ending(Time::MAX.get()), Err(vec![violation]));
}

#[test]
fn a_false_claim_is_found_only_where_the_schedule_is_feasible() {
    let problem = workshop().expect("valid");
    let schedule = Schedule::from_placements(good());
    let (judged, claimed) = (Cost::single(10), Cost::single(9));
    assert_eq!(check_claim(&problem, &schedule, &judged), Ok(judged.clone()));
    let violation = Violation::WrongCost { claimed: claimed.clone(), judged };
    assert_eq!(violation.describe(&problem), "the schedule claims cost 9: expected 10");
    assert_eq!(check_claim(&problem, &schedule, &claimed), Err(vec![violation]));
    let levels = Cost::from_levels(&[10, 0]);
    assert!(check_claim(&problem, &schedule, &levels).is_err(), "another number of levels");
    let empty = Schedule::empty(&problem);
    assert_eq!(check_claim(&problem, &empty, &claimed), check(&problem, &empty));
}

#[test]
fn violations_come_by_rule_then_by_id_then_by_time() {
    let problem = workshop().expect("valid");
    let schedule = Schedule::from_placements(vec![
        placement(0, -2, 4),
        placement(2, 3, 5),
        None,
        placement(5, 0, 2),
        placement(0, -1, -5),
    ]);
    let violations = check(&problem, &schedule).expect_err("nothing is right");
    let words: Vec<_> = violations.iter().map(|it| it.word()).collect();
    let expected = [
        "unplaced",
        "foreign-mode",
        "before-origin",
        "before-origin",
        "wrong-end",
        "before-release",
        "precedence",
        "overlap",
        "overlap",
    ];
    assert_eq!(words, expected);
}

#[test]
fn every_kind_of_precedence_holds_exactly_from_its_lag_on() {
    let words = [
        (PrecedenceKind::EndToStart, "task b starts at 10: expected 11", "ends at 9"),
        (PrecedenceKind::StartToStart, "task b starts at 6: expected 7", "starts at 5"),
        (PrecedenceKind::EndToEnd, "task b ends at 10: expected 11", "ends at 9"),
        (PrecedenceKind::StartToEnd, "task b ends at 6: expected 7", "starts at 5"),
    ];
    for ((kind, found, because), start) in words.into_iter().zip([11, 7, 8, 4]) {
        let mut builder = ProblemBuilder::new("pair");
        let [a, b] = ["a", "b"].map(|name| builder.task(name, None).expect("valid"));
        builder.mode(a, Ticks::new(4), &[]).expect("valid");
        builder.mode(b, Ticks::new(3), &[]).expect("valid");
        let precedence = Precedence::end_to_start(a, b).with_kind(kind).with_lag(Ticks::new(2));
        builder.precedence(precedence).expect("valid");
        let problem = builder.seal().expect("valid");
        let starting = |start: i64| {
            let placements = [placement(0, 5, 9), placement(1, start, start + 3)];
            check(&problem, &Schedule::from_placements(placements))
        };
        assert_eq!(starting(start), Ok(Cost::single(9.max(start + 3))), "{kind:?}");
        let violations = starting(start - 1).expect_err("one tick too early");
        let sentence = format!("{found} or later, since task a {because} and the lag is 2");
        assert_eq!(violations[0].describe(&problem), sentence);
        assert_eq!(violations.len(), 1);
    }
}

#[test]
fn overuse_is_told_once_per_interval_and_at_its_whole_height() {
    let mut builder = ProblemBuilder::new("crew");
    let crew = builder.renewable("crew", Demand::new(3)).expect("valid");
    for demand in [2, 2, 2, 3, 1] {
        let task = builder.task("dig", None).expect("valid");
        builder.mode(task, Ticks::new(2), &[(crew, Demand::new(demand))]).expect("valid");
    }
    let problem = builder.seal().expect("valid");
    let starts = [0, 0, 1, 4, 5];
    let place = |(mode, start)| placement(mode, start, start + 2);
    let schedule = Schedule::from_placements(starts.into_iter().enumerate().map(place));
    let violations = check(&problem, &schedule).expect_err("overused twice");
    let overuse = |index, time, usage| Violation::Overuse {
        renewable: crew,
        task: task(index),
        since: Time::new(time),
        time: Time::new(time),
        usage: Demand::new(usage),
        capacity: Demand::new(3),
    };
    assert_eq!(violations, [overuse(0, 0, 4), overuse(4, 5, 4)]);
}
