//! The time-table against the judge of its own declaration.
//!
//! **Source:** -

use super::*;
use crate::declaration::General;
use crate::engine::Engine;
use crate::propagators::post_linear_equal;
use crate::propagators::testing::{Case, domains, for_seeds};
use ordine_base::Stream;

/// A random task within [0, 6]: fixed or varying, there or optional, with a start of its own.
fn random_task(engine: &mut Engine, stream: &mut Stream) -> Interval {
    let present = if stream.chance(0.4) { engine.boolean() } else { Atom::TRUE };
    // A variable that is always there, though the interval is not, is allowed too.
    let own = if stream.chance(0.8) { present } else { Atom::TRUE };
    let least = stream.below(3) as Value;
    let start = engine.optional_variable(0, 2 + stream.below(3) as Value, own);
    if stream.chance(0.7) {
        let duration = View::constant(least);
        return Interval { start, duration, end: start + least, present };
    }
    let duration = engine.optional_variable(least, least + 1, own);
    let end = engine.optional_variable(least, 6, own);
    Interval { start, duration, end, present }
}

fn random_capacity(engine: &mut Engine, stream: &mut Stream) -> Capacity {
    match stream.below(4) {
        0 => Capacity::Level(engine.variable(1, 3)),
        1 => Capacity::Steps(vec![(0, 2), (2, stream.below(3) as Value), (4, 3)]),
        _ => Capacity::Level(View::constant(1 + stream.below(3) as Value)),
    }
}

/// `end = start + duration` where these are three variables.
pub(crate) fn post_ends(
    engine: &mut Engine,
    tasks: impl Iterator<Item = Interval>,
) -> Vec<Declaration> {
    let mut declarations = Vec::new();
    for task in tasks.filter(|task| task.start.side != task.end.side) {
        let terms = [(1, task.start), (1, task.duration), (-1, task.end)];
        post_linear_equal(engine, &terms, 0, task.present);
        for sign in [1, -1] {
            declarations.push(Declaration::General(General::Linear {
                terms: terms.iter().map(|&(factor, view)| (sign * factor, view)).collect(),
                bound: 0,
                conditions: vec![task.present],
            }));
        }
    }
    declarations
}

/// Random dives into a cumulative constraint; `post` adds what is judged.
pub(crate) fn judge_random_case(
    stream: &mut Stream,
    post: impl Fn(&mut Engine, &[Usage], &Capacity),
) -> usize {
    let mut engine = Engine::default();
    let usages: Vec<Usage> = (0..2 + stream.below(3))
        .map(|_| {
            let task = random_task(&mut engine, stream);
            let least = stream.below(3) as Value;
            let demand = if stream.chance(0.2) {
                engine.variable(least, least + 1)
            } else {
                View::constant(least)
            };
            Usage { task, demand }
        })
        .collect();
    let capacity = random_capacity(&mut engine, stream);
    if engine.trail.sides() > 18 {
        return 0;
    }
    let domains = domains(&engine);
    let mut declarations = post_ends(&mut engine, usages.iter().map(|it| it.task));
    post(&mut engine, &usages, &capacity);
    declarations.push(Declaration::Cumulative { usages, capacity });
    Case::new(engine, &domains, &declarations).judge(stream, 20, false)
}

#[test]
fn every_inference_of_the_time_table_is_implied_by_its_reason() {
    let mut judged = 0;
    for_seeds(800, |stream| {
        judged += judge_random_case(stream, |engine, usages, capacity| {
            for steps_max in [1, STEPS_MAX] {
                let mut cumulative = Cumulative::new(usages, capacity.clone());
                cumulative.steps_max = steps_max;
                engine.post(Box::new(cumulative));
            }
        });
    });
    assert!(judged > 10_000, "{judged}");
}

#[test]
fn a_task_passes_a_rectangle_in_steps_that_name_one_instant_each() {
    let mut engine = Engine::default();
    let long = engine.variable(0, 2);
    let short = engine.variable(0, 20);
    let usage = |start: View, ticks: Value| Usage {
        task: Interval {
            start,
            duration: View::constant(ticks),
            end: start + ticks,
            present: Atom::TRUE,
        },
        demand: View::constant(2),
    };
    let usages = [usage(long, 10), usage(short, 3)];
    engine.post(Box::new(Cumulative::new(&usages, Capacity::Level(View::constant(3)))));
    engine.decide(short.at_least(1));
    assert!(engine.fix_point().is_ok());
    // The long task surely runs in [2, 10).
    assert_eq!(engine.trail.lower(short), 10);
    let position = engine.trail.position() - 1;
    let mut reason = Vec::new();
    let last = engine.trail.entries[position as usize];
    engine.explain(short.at_least(9), last.reason, position, &mut reason);
    reason.retain(|&atom| atom != Atom::TRUE);
    assert_eq!(reason, [short.at_least(6), long.at_most(8), long.at_least(-1)]);
}
