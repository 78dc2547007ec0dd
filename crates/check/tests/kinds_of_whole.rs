//! One wrong schedule per kind of violation that only the whole model knows, each wrong in exactly
//! that way, beside one that is right by a hair.
//!
//! **Source:** decision record 0004.

use ordine_base::{Demand, Id, Interval, StepFunction, Ticks, Time};
use ordine_check::check;
use ordine_problem::{
    BatchKind, Batching, BreakPolicy, Calendar, Hold, Job, ModeId, ModeRelation, ModeRelationKind,
    Placement, Point, Precedence, Problem, ProblemBuilder, ResourceId, SameSequence, Schedule,
    Selection, SelectionKind, Setup, Shift, Span, Status, Stock, StockChange, TaskId,
};

/// Mode, start and end by task; `None` where it is absent.
type Row = Option<(usize, i64, i64)>;

fn at(time: i64) -> Time {
    Time::new(time)
}

fn schedule(rows: &[Row]) -> Schedule {
    Schedule::from_placements(rows.iter().map(|row| {
        let (mode, start, end) = (*row)?;
        Some(Placement { mode: ModeId::from_index(mode), start: at(start), end: at(end) })
    }))
}

/// Tasks `a`, `b`, ... with one mode each, of these durations, on these resources.
fn tasks(builder: &mut ProblemBuilder, durations: &[i64], on: &[ResourceId]) -> Vec<TaskId> {
    let names = ["a", "b", "c", "d", "e"];
    let needs: Vec<_> = on.iter().map(|&id| (id, Demand::ONE)).collect();
    let task = |(name, &duration): (&&str, &i64)| {
        let task = builder.task(*name, None).expect("no job");
        builder.mode(task, Ticks::new(duration), &needs).expect("valid");
        task
    };
    names.iter().zip(durations).map(task).collect()
}

fn sealed(build: impl FnOnce(&mut ProblemBuilder)) -> Problem {
    let mut builder = ProblemBuilder::new("pocket");
    build(&mut builder);
    builder.seal().expect("valid")
}

/// The first schedule is right, the second wrong in this way alone.
fn breaks(problem: &Problem, right: &[Row], wrong: &[Row], word: &str, sentence: &str) {
    assert!(check(problem, &schedule(right)).is_ok(), "{:?}", check(problem, &schedule(right)));
    let violations = check(problem, &schedule(wrong)).expect_err("wrong");
    let words: Vec<&str> = violations.iter().map(|it| it.word()).collect();
    assert_eq!(words, [word], "{violations:?}");
    assert_eq!(violations[0].describe(problem), sentence);
}

fn row(mode: usize, start: i64, end: i64) -> Row {
    Some((mode, start, end))
}

#[test]
fn a_done_task_stands_as_it_happened() {
    let problem = sealed(|builder| {
        builder.now(at(9));
        let ids = tasks(builder, &[4, 2], &[]);
        builder.edit_task(ids[0]).status = Status::Done { mode: 0, start: at(1), end: at(6) };
    });
    let wrong = [row(0, 1, 5), row(1, 9, 11)];
    let sentence =
        "task a runs in mode 0 from 1 to 5: expected mode 0 from 1 to 6, since it is done";
    breaks(&problem, &[row(0, 1, 6), row(1, 9, 11)], &wrong, "unsettled", sentence);
    let sentence = "task b starts at 8: expected 9 or later, the present";
    let wrong = [row(0, 1, 6), row(1, 8, 10)];
    breaks(&problem, &[row(0, 1, 6), row(1, 9, 11)], &wrong, "before-now", sentence);
}

#[test]
fn a_running_task_ends_when_what_remains_is_done() {
    let problem = sealed(|builder| {
        builder.now(at(10));
        let machine = builder.machine("m");
        let steps = vec![(at(9), Shift::Closed), (at(12), Shift::Open(50))];
        let calendar = Calendar { steps, ..Calendar::always("night") };
        let calendar = builder.calendar(calendar);
        builder.edit_resource(machine).calendar = Some(calendar);
        let ids = tasks(builder, &[7], &[machine]);
        let remaining = Ticks::new(3);
        builder.edit_task(ids[0]).status = Status::Running { mode: 0, start: at(2), remaining };
    });
    let sentence = "task a ends at 17: expected 18, when its work of 3 is done";
    breaks(&problem, &[row(0, 2, 18)], &[row(0, 2, 17)], "wrong-end", sentence);
}

/// Works from 0 to 4 and from 6 to 10, closed then until 12.
fn shifts(breaks: BreakPolicy) -> Problem {
    sealed(|builder| {
        let machine = builder.machine("m");
        let steps = vec![
            (at(4), Shift::Paused),
            (at(6), Shift::FULL),
            (at(10), Shift::Closed),
            (at(12), Shift::FULL),
        ];
        let calendar = builder.calendar(Calendar { steps, ..Calendar::always("shifts") });
        builder.edit_resource(machine).calendar = Some(calendar);
        let ids = tasks(builder, &[3], &[machine]);
        builder.edit_task(ids[0]).breaks = breaks;
    })
}

#[test]
fn tasks_reach_across_the_breaks_of_their_policy_only() {
    let problem = shifts(BreakPolicy::Wait);
    let sentence = "task a starts at 2 and meets a break at 4: expected another start";
    breaks(&problem, &[row(0, 1, 4)], &[row(0, 2, 7)], "in-break", sentence);
    let problem = shifts(BreakPolicy::MustFit);
    let sentence = "task a starts at 8 and meets a break at 10: expected another start";
    breaks(&problem, &[row(0, 2, 7)], &[row(0, 8, 13)], "in-break", sentence);
    let problem = shifts(BreakPolicy::Pause);
    let sentence = "task a starts at 5 and meets a break at 5: expected another start";
    breaks(&problem, &[row(0, 8, 13)], &[row(0, 5, 9)], "in-break", sentence);
    let sentence = "task a ends at 12: expected 13, when its work of 3 is done";
    breaks(&problem, &[row(0, 8, 13)], &[row(0, 8, 12)], "wrong-end", sentence);
}

#[test]
fn no_task_ends_before_all_times_under_a_calendar() {
    let violations = check(&shifts(BreakPolicy::Wait), &schedule(&[row(0, 1, -1)]));
    let words: Vec<_> = violations.expect_err("wrong").iter().map(|it| it.word()).collect();
    assert_eq!(words, ["wrong-end"]);
}

#[test]
fn windows_and_forbidden_times_bind_by_the_tick() {
    let problem = sealed(|builder| {
        let ids = tasks(builder, &[2], &[]);
        let task = builder.edit_task(ids[0]);
        (task.earliest_start, task.latest_end) = (at(2), Some(at(30)));
        task.forbidden_starts = vec![Interval::new(at(5), at(7))];
        task.forbidden_ends = vec![Interval::new(at(12), at(14))];
        task.forbidden_extents = vec![Interval::new(at(20), at(21))];
    });
    let breaks = |right: i64, wrong: i64, word: &str, sentence: &str| {
        let row = |start| [row(0, start, start + 2)];
        breaks(&problem, &row(right), &row(wrong), word, sentence);
    };
    breaks(2, 1, "too-early", "task a starts at 1: expected 2 or later");
    breaks(28, 29, "too-late", "task a ends at 31: expected 30 or earlier");
    breaks(7, 6, "forbidden-start", "task a starts at 6: expected no start in [5, 7)");
    breaks(9, 10, "forbidden-end", "task a ends at 12: expected no end in [12, 14)");
    let sentence = "task a runs from 20 to 22: expected nothing of it in [20, 21)";
    breaks(18, 20, "forbidden-extent", sentence);
}

#[test]
fn a_largest_gap_is_not_exceeded() {
    let problem = sealed(|builder| {
        let ids = tasks(builder, &[2, 1], &[]);
        let precedence = Precedence::end_to_start(ids[0], ids[1]).with_lag_max(Ticks::new(3));
        builder.precedence(precedence).expect("valid");
    });
    let sentence = "task b starts at 6: expected 5 or earlier, since task a ends at 2 and the \
                    largest gap is 3";
    let (right, wrong) = ([row(0, 0, 2), row(1, 5, 6)], [row(0, 0, 2), row(1, 6, 7)]);
    breaks(&problem, &right, &wrong, "precedence-too-far", sentence);
}

#[test]
fn selections_count_who_is_present() {
    let problem = |kind, conditional: bool| {
        sealed(|builder| {
            let ids = tasks(builder, &[1, 1, 1], &[]);
            for &task in &ids {
                builder.edit_task(task).optional = true;
            }
            let condition = conditional.then_some(ids[2]);
            builder.select(Selection { tasks: ids[..2].to_vec(), kind, condition });
        })
    };
    let rows = |present: [bool; 3]| -> Vec<Row> {
        (0..3).map(|task| row(task, 0, 1).filter(|_| present[task])).collect()
    };
    use SelectionKind::{AllOrNone, AtLeastOne, AtMostOne, ExactlyOne};
    let (yes, no) = (true, false);
    let cases = [
        (ExactlyOne, no, [yes, no, no], [no, no, no], "0", "exactly one"),
        (AtMostOne, no, [no, no, no], [yes, yes, no], "2", "at most one"),
        (AtLeastOne, no, [yes, yes, no], [no, no, no], "0", "at least one"),
        (AllOrNone, no, [yes, yes, no], [yes, no, no], "1", "none or all"),
        (ExactlyOne, yes, [no, no, no], [yes, no, no], "1", "none, since task c is absent"),
        (AllOrNone, yes, [yes, yes, yes], [no, no, yes], "0", "all, since task c is present"),
    ];
    for (kind, conditional, right, wrong, count, expected) in cases {
        let sentence = format!("{count} of the tasks a, b are present: expected {expected}");
        let (right, wrong) = (rows(right), rows(wrong));
        breaks(&problem(kind, conditional), &right, &wrong, "selection", &sentence);
    }
}

#[test]
fn a_span_is_there_with_its_children_and_as_long() {
    let problem = sealed(|builder| {
        let ids = tasks(builder, &[0, 2, 3], &[]);
        for &task in &ids {
            builder.edit_task(task).optional = true;
        }
        builder.span(Span { parent: ids[0], children: ids[1..].to_vec() });
    });
    let right = [row(0, 1, 7), row(1, 1, 3), row(2, 4, 7)];
    let sentence = "task a is absent and task b, which it spans, is not: expected both or none";
    breaks(&problem, &right, &[None, right[1], right[2]], "span-presence", sentence);
    let sentence = "task a is present: expected a present task that it spans";
    breaks(&problem, &[None, None, None], &[right[0], None, None], "span-presence", sentence);
    let sentence = "task a runs from 1 to 6: expected from 1 to 7, as the tasks that it spans";
    let wrong = [row(0, 1, 6), right[1], right[2]];
    breaks(&problem, &right, &wrong, "span-times", sentence);
}

#[test]
fn related_modes_fit_together() {
    let problem = |kind| {
        sealed(|builder| {
            let machines = ["m", "n"].map(|name| builder.machine(name));
            for name in ["a", "b"] {
                let task = builder.task(name, None).expect("no job");
                for machine in machines {
                    let needs = [(machine, Demand::ONE)];
                    builder.mode(task, Ticks::new(1), &needs).expect("valid");
                }
            }
            let [first, second] = [0, 1].map(TaskId::from_index);
            builder.relate_modes(ModeRelation { first, second, kind });
        })
    };
    let same = [row(0, 0, 1), row(2, 1, 2)];
    let different = [row(0, 0, 1), row(3, 1, 2)];
    let wrong =
        |expected: &str| format!("the modes of task a and task b do not fit: expected {expected}");
    let sentence = wrong("modes of the same number");
    breaks(&problem(ModeRelationKind::SameMode), &same, &different, "mode-relation", &sentence);
    let sentence = wrong("the same machines and renewables, found machine m");
    let kind = ModeRelationKind::SameResources;
    breaks(&problem(kind), &same, &different, "mode-relation", &sentence);
    let sentence = wrong("no machine and no renewable in common, found machine m");
    let kind = ModeRelationKind::DifferentResources;
    breaks(&problem(kind), &different, &same, "mode-relation", &sentence);
}

#[test]
fn machines_with_the_same_sequence_see_one_order_of_jobs() {
    let problem = sealed(|builder| {
        let machines = ["m", "n"].map(|name| builder.machine(name));
        for name in ["A", "B"] {
            let job = builder.job(Job::named(name)).expect("valid");
            for machine in machines {
                let task = builder.task("t", Some(job)).expect("known");
                builder.mode(task, Ticks::new(2), &[(machine, Demand::ONE)]).expect("valid");
            }
        }
        builder.same_sequence(SameSequence { machines: machines.to_vec() });
    });
    let right = [row(0, 0, 2), row(1, 2, 4), row(2, 2, 4), row(3, 4, 6)];
    let wrong = [row(0, 0, 2), row(1, 4, 6), row(2, 2, 4), row(3, 2, 4)];
    let sentence = "on machine m job A comes before job B: expected one order on all machines of \
                    the group";
    breaks(&problem, &right, &wrong, "same-sequence", sentence);
}

/// Tasks of 2, 3 and 2 ticks, the first two of one family, on a machine with batches of size 2.
fn oven(kind: BatchKind) -> Problem {
    sealed(|builder| {
        let oven = builder.machine("oven");
        builder.edit_resource(oven).batching = Some(Batching { kind, size_max: Demand::new(2) });
        let families = ["red", "blue"].map(|name| builder.family(name));
        let ids = tasks(builder, &[2, 3, 2, 3], &[oven]);
        for (task, family) in ids.into_iter().zip([0, 0, 1, 0]) {
            builder.edit_task(task).family = Some(families[family]);
        }
    })
}

#[test]
fn batches_are_of_one_family_and_one_time_and_fit() {
    let problem = oven(BatchKind::Parallel);
    let right = [row(0, 0, 3), row(1, 0, 3), row(2, 3, 5), row(3, 5, 8)];
    let wrong = [row(0, 0, 2), row(1, 0, 3), row(2, 3, 5), row(3, 5, 8)];
    let sentence = "task a and task b overlap at 0 on machine oven: expected the same start and \
                    end, as one batch";
    breaks(&problem, &right, &wrong, "broken-batch", sentence);
    let wrong = [row(0, 0, 2), row(1, 3, 6), row(2, 0, 2), row(3, 6, 9)];
    let sentence = "task a and task c share a batch at 0 on machine oven: expected tasks of one \
                    family";
    breaks(&problem, &right, &wrong, "mixed-batch", sentence);
    let wrong = [row(0, 0, 3), row(1, 0, 3), row(2, 3, 5), row(3, 0, 3)];
    let sentence = "the batch of task a at 0 on machine oven demands 3: expected at most 2";
    breaks(&problem, &right, &wrong, "batch-too-large", sentence);
    let serial = [row(0, 0, 5), row(1, 0, 5), row(2, 5, 7), row(3, 7, 10)];
    assert!(check(&oven(BatchKind::Serial), &schedule(&serial)).is_ok(), "the sum of durations");
    let words = check(&oven(BatchKind::Serial), &schedule(&right)).expect_err("too short");
    assert_eq!(
        words[0].describe(&problem),
        "task a ends at 3: expected 5, when its work of 5 is done"
    );
}

/// A machine set up for red, with tasks of red, blue, and red; a task of no family follows.
fn painted(builder: &mut ProblemBuilder) -> (ResourceId, Vec<TaskId>) {
    let machine = builder.machine("m");
    let families = ["red", "blue"].map(|name| builder.family(name));
    let times = [0, 3, 1, 0].map(Ticks::new).to_vec();
    let setup = Setup { name: "paint".to_owned(), families: 2, times, costs: vec![0, 7, 5, 0] };
    let setup = builder.setup(setup);
    let resource = builder.edit_resource(machine);
    (resource.setup, resource.initial_family) = (Some(setup), Some(families[0]));
    let ids = tasks(builder, &[2, 2, 2], &[machine]);
    for (&task, family) in ids.iter().zip([1, 0]) {
        builder.edit_task(task).family = Some(families[family]);
    }
    (machine, ids)
}

#[test]
fn setups_lie_between_consecutive_tasks_and_before_the_first() {
    let problem = sealed(|builder| {
        painted(builder);
    });
    let right = [row(0, 3, 5), row(1, 6, 8), row(2, 8, 10)];
    let sentence = "task a starts at 2 on machine m: expected 3 or later, since the setup from \
                    family red takes 3 from 0 on";
    let wrong = [row(0, 2, 4), row(1, 6, 8), row(2, 8, 10)];
    breaks(&problem, &right, &wrong, "setup", sentence);
    let sentence = "task b starts at 5 on machine m: expected 6 or later, since the setup from \
                    family blue takes 1 from 5 on";
    breaks(&problem, &right, &[right[0], row(1, 5, 7), right[2]], "setup", sentence);
    // A task without a family between them takes the setup away.
    let between = [row(0, 3, 5), row(1, 7, 9), row(2, 5, 7)];
    assert!(check(&problem, &schedule(&between)).is_ok());
}

/// Two jobs that cross from one machine to the other, holding the first.
fn crossing(swaps: bool, buffer: Option<i64>) -> Problem {
    sealed(|builder| {
        let machines = ["m", "n"].map(|name| builder.machine(name));
        let buffer =
            buffer.map(|most| builder.renewable("shelf", Demand::new(most)).expect("valid"));
        if !swaps {
            builder.forbid_swaps();
        }
        for (name, order) in [("A", [0, 1]), ("B", [1, 0])] {
            let [task, until] = order.map(|machine| {
                let task = builder.task(format!("{name}{machine}"), None).expect("no job");
                let needs = [(machines[machine], Demand::ONE)];
                builder.mode(task, Ticks::new(2), &needs).expect("valid");
                task
            });
            builder.precedence(Precedence::end_to_start(task, until)).expect("valid");
            builder.hold(Hold { task, until, buffer });
        }
    })
}

#[test]
fn held_machines_are_not_free_and_circles_of_swaps_are_told() {
    let swap = [row(0, 0, 2), row(1, 2, 4), row(2, 0, 2), row(3, 2, 4)];
    let apart = [row(0, 0, 2), row(1, 2, 4), row(2, 4, 6), row(3, 6, 8)];
    assert!(check(&crossing(true, None), &schedule(&swap)).is_ok());
    let sentence = "at 2 task A0 leaves machine m as part of a circle of tasks that exchange their \
                    machines: expected none, since swaps are forbidden";
    breaks(&crossing(false, None), &apart, &swap, "swap", sentence);
    let early = [row(0, 0, 2), row(1, 5, 7), row(2, 0, 2), row(3, 4, 6)];
    let sentence = "task B0 starts at 4 on machine m: expected 5 or later, when task A0 leaves";
    breaks(&crossing(true, None), &apart, &early, "overlap", sentence);
    assert!(check(&crossing(true, Some(1)), &schedule(&early)).is_ok(), "it waits elsewhere");
    let sentence = "at 4, when task A0 comes to wait, the usage of renewable shelf is 1: expected \
                    at most 0, its capacity";
    breaks(&crossing(true, Some(0)), &apart, &early, "overuse", sentence);
}

#[test]
fn who_waits_leaves_early_enough_for_the_next_setup() {
    let problem = |most: i64| {
        sealed(|builder| {
            let (machine, ids) = painted(builder);
            let shelf = builder.renewable("shelf", Demand::new(most)).expect("valid");
            let until = builder.task("until", None).expect("no job");
            builder.mode(until, Ticks::new(1), &[]).expect("valid");
            builder.precedence(Precedence::end_to_start(ids[0], until)).expect("valid");
            builder.hold(Hold { task: ids[0], until, buffer: Some(shelf) });
            builder.edit_resource(machine).price = 1;
            builder.objective("resource-cost,total-setup-cost".parse().expect("valid"));
        })
    };
    let rows = [row(0, 3, 5), row(1, 9, 11), row(2, 11, 13), row(3, 20, 21)];
    let (schedule, one) = (schedule(&rows), problem(1));
    let cost = check(&one, &schedule).expect("it leaves at 8");
    assert_eq!(cost.levels(), [(8 - 3) + 2 + 2, 7 + 5]);
    assert_eq!(schedule.cost(&one), cost, "engines compute another cost");
    let words = check(&problem(0), &schedule).expect_err("nowhere to wait");
    let sentence = "at 8, when task a comes to wait, the usage of renewable shelf is 1: expected \
                    at most 0, its capacity";
    assert_eq!(words[0].describe(&problem(0)), sentence);
}

#[test]
fn renewables_keep_their_profile_and_their_least_usage() {
    let problem = sealed(|builder| {
        let crew = builder.renewable("crew", Demand::new(2)).expect("valid");
        let profile = vec![(at(0), 2), (at(4), -2), (at(6), 2)];
        let resource = builder.edit_resource(crew);
        resource.capacity_profile = Some(StepFunction::from_changes(profile));
        resource.usage_min = Some(StepFunction::from_changes(vec![(at(2), 1), (at(4), -1)]));
        tasks(builder, &[2], &[crew]);
    });
    let sentence = "at 4, while task a runs, the usage of renewable crew is 1: expected at most \
                    0, its capacity";
    let wrong = check(&problem, &schedule(&[row(0, 3, 5)])).expect_err("in the gap");
    assert_eq!(wrong[0].describe(&problem), sentence);
    let sentence = "at 3 the usage of renewable crew is 0: expected 1 or more";
    breaks(&problem, &[row(0, 2, 4)], &[row(0, 1, 3)], "least-usage", sentence);
}

#[test]
fn reservoirs_stay_within_their_levels() {
    let problem = sealed(|builder| {
        let stock = Stock { initial: 1, least: 0, most: 2 };
        let reservoir = builder.reservoir("tank", stock).expect("valid");
        for (name, amount, point) in [("fill", 2, Point::Start), ("draw", -2, Point::End)] {
            let task = builder.task(name, None).expect("no job");
            let change = StockChange { reservoir, amount, at: point };
            builder.mode_with(task, Ticks::new(3), &[], &[change]).expect("valid");
        }
    });
    // At one instant only the sum counts.
    let right = [row(0, 4, 7), row(1, 1, 4)];
    let sentence = "task draw changes the level of reservoir tank to -1 at 3: expected 0 or more";
    breaks(&problem, &right, &[row(0, 4, 7), row(1, 0, 3)], "stock-too-low", sentence);
    let sentence = "task fill changes the level of reservoir tank to 3 at 3: expected 2 or less";
    breaks(&problem, &right, &[row(0, 3, 6), row(1, 1, 4)], "stock-too-high", sentence);
}

#[test]
fn what_concerns_only_done_tasks_is_not_judged() {
    let problem = |second_is_done: bool| {
        sealed(|builder| {
            builder.now(at(20));
            let machine = builder.machine("m");
            let stock = Stock { initial: 0, least: 0, most: 9 };
            let tank = builder.reservoir("tank", stock).expect("valid");
            let ids = tasks(builder, &[4, 4], &[machine]);
            builder.precedence(Precedence::end_to_start(ids[1], ids[0])).expect("valid");
            let draw = StockChange { reservoir: tank, amount: -1, at: Point::Start };
            let drawing = builder.task("draw", None).expect("no job");
            builder.mode_with(drawing, Ticks::ZERO, &[], &[draw]).expect("valid");
            let done = |start| Status::Done { mode: 0, start: at(start), end: at(start + 4) };
            let frozen = Status::Frozen { mode: 0, start: at(3) };
            builder.edit_task(ids[0]).status = done(1);
            builder.edit_task(ids[1]).status = if second_is_done { done(3) } else { frozen };
            builder.edit_task(drawing).status = Status::Done { mode: 0, start: at(2), end: at(2) };
            builder.edit_task(ids[0]).earliest_start = at(2);
        })
    };
    let rows = [row(0, 1, 5), row(1, 3, 7), row(2, 2, 2)];
    assert!(check(&problem(true), &schedule(&rows)).is_ok());
    let found = check(&problem(false), &schedule(&rows)).expect_err("one is not over");
    let words: Vec<&str> = found.iter().map(|it| it.word()).collect();
    assert_eq!(words, ["precedence", "overlap"]);
}

#[test]
fn usage_by_done_tasks_alone_is_not_judged_after_others_have_gone() {
    let problem = |first_duration: i64| {
        sealed(|builder| {
            builder.now(at(20));
            let crew = builder.renewable("crew", Demand::ONE).expect("valid");
            let ids = tasks(builder, &[first_duration, 2, 2], &[crew]);
            builder.edit_task(ids[0]).status = Status::Frozen { mode: 0, start: at(0) };
            for &task in &ids[1..] {
                let done = Status::Done { mode: 0, start: at(3), end: at(5) };
                builder.edit_task(task).status = done;
            }
        })
    };
    let rows = |end| [row(0, 0, end), row(1, 3, 5), row(2, 3, 5)];
    assert!(check(&problem(3), &schedule(&rows(3))).is_ok());
    let found = check(&problem(4), &schedule(&rows(4))).expect_err("one is not over");
    let sentence = "at 3, while task a runs, the usage of renewable crew is 3: expected at most \
                    1, its capacity";
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].describe(&problem(4)), sentence);
}

#[test]
fn one_open_task_in_a_batch_makes_its_setup_judged() {
    let problem = |last_is_done: bool| {
        sealed(|builder| {
            builder.now(at(20));
            let (machine, ids) = painted(builder);
            let (kind, size_max) = (BatchKind::Parallel, Demand::new(2));
            builder.edit_resource(machine).batching = Some(Batching { kind, size_max });
            let red = builder.edit_task(ids[1]).family;
            builder.edit_task(ids[2]).family = red;
            for (task, start) in ids.into_iter().zip([3, 5, 5]) {
                let done = Status::Done { mode: 0, start: at(start), end: at(start + 2) };
                builder.edit_task(task).status = done;
            }
            if !last_is_done {
                let last = TaskId::from_index(2);
                builder.edit_task(last).status = Status::Frozen { mode: 0, start: at(5) };
            }
        })
    };
    let rows = [row(0, 3, 5), row(1, 5, 7), row(2, 5, 7)];
    assert!(check(&problem(true), &schedule(&rows)).is_ok());
    let found = check(&problem(false), &schedule(&rows)).expect_err("one is not over");
    let words: Vec<&str> = found.iter().map(|it| it.word()).collect();
    assert_eq!(words, ["setup"]);
}
