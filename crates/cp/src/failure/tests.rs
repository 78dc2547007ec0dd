//! Tests of the failure-directed search.
//!
//! **Source:** -

use super::*;
use crate::atom::Interval;
use crate::engine::EffortLimit;
use crate::propagators::{Disjunctive, DisjunctiveParameters};

#[test]
fn what_is_refuted_under_an_assumption_leaves_the_rest_open() {
    // Three tasks of three ticks on one machine need nine.
    let mut engine = Engine::default();
    let makespan = engine.variable(0, 12);
    let tasks: Vec<Interval> = (0..3)
        .map(|_| {
            let start = engine.variable(0, 9);
            engine.post_difference(start, makespan, 3, Atom::TRUE);
            let duration = View::constant(3);
            Interval { start, duration, end: start + 3, present: Atom::TRUE }
        })
        .collect();
    // Pairs alone: there is something left to search.
    let parameters = DisjunctiveParameters {
        overload: false,
        edge_finding: false,
        not_last: false,
        ..DisjunctiveParameters::default()
    };
    engine.post(Box::new(Disjunctive::new(&tasks, parameters)));
    let mut views: Vec<View> = tasks.iter().map(|task| task.start).collect();
    views.push(makespan);
    for strong in [false, true] {
        let parameters =
            FailureParameters { strong, restart_failures: 1.0, ..FailureParameters::default() };
        let mut search = FailureSearch::new(&engine, parameters, &[], &views, 3.0);
        let mut run = |engine: &mut Engine, most: Value| {
            search.run_under(engine, Some(makespan.at_most(most)), &mut |_| false)
        };
        assert_eq!(run(&mut engine, 8), Answer::Refuted);
        assert_eq!(run(&mut engine, 9), Answer::Solution);
        assert_eq!(engine.trail.upper(makespan), 9);
        search.to_root(&mut engine);
    }
}

/// Two variables within `[0, most]` that push each other by one as long as a Boolean holds: its
/// fix-point takes `most` steps, and then fails.
fn creeping(most: Value) -> (Engine, Atom, [View; 2]) {
    let mut engine = Engine::default();
    let pushes = engine.boolean();
    let views = [engine.variable(0, most), engine.variable(0, most)];
    let [first, second] = views;
    engine.post_difference(first, second, 1, pushes);
    engine.post_difference(second, first, 1, pushes);
    (engine, pushes, views)
}

#[test]
fn bounds_that_creep_end_the_slice_at_the_limit_of_effort() {
    for strong in [false, true] {
        let (mut engine, pushes, views) = creeping(1 << 31);
        let parameters = FailureParameters { strong, ..FailureParameters::default() };
        let mut search = FailureSearch::new(&engine, parameters, &[pushes], &views, 1.0);
        for slice in 1..=20 {
            engine.effort_limit = EffortLimit(1_000 * slice);
            assert_eq!(search.run(&mut engine, &mut |_| false), Answer::Limit);
            assert!(engine.effort() < 1_000 * slice + 100);
        }
        // Under an assumption that creeps as well: from the root, and it is not refuted yet.
        engine.effort_limit = EffortLimit(50_000);
        let answer = search.run_under(&mut engine, Some(pushes), &mut |_| false);
        assert_eq!(answer, Answer::Limit);
        // Posted as a fact, the root itself creeps.
        search.to_root(&mut engine);
        engine.post_fact(pushes);
        engine.effort_limit = EffortLimit(80_000);
        assert_eq!(search.run(&mut engine, &mut |_| false), Answer::Limit);
        assert!((80_000..80_100).contains(&engine.effort()));
    }
}

#[test]
fn a_branch_that_paused_goes_on_until_it_fails() {
    for strong in [false, true] {
        let (mut engine, pushes, views) = creeping(20_000);
        let parameters = FailureParameters { strong, ..FailureParameters::default() };
        let mut search = FailureSearch::new(&engine, parameters, &[pushes], &views, 1.0);
        let mut slices = 0;
        let mut run = |engine: &mut Engine, assumption| loop {
            engine.effort_limit = EffortLimit(engine.effort() + 1_000);
            slices += 1;
            match search.run_under(engine, assumption, &mut |_| false) {
                Answer::Limit => {}
                answer => return answer,
            }
        };
        assert_eq!(run(&mut engine, Some(pushes)), Answer::Refuted);
        assert_eq!(run(&mut engine, None), Answer::Solution);
        assert!(engine.trail.is_false(pushes) && engine.trail.is_fixed(views[0]));
        assert!(slices > 20, "{slices} slices: nothing paused");
    }
}
