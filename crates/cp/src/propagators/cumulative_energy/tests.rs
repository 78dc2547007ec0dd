//! Tests of the energetic rules of a cumulative resource.
//!
//! **Source:** -

use super::*;
use crate::engine::Engine;
use crate::propagators::Cumulative;
use crate::propagators::cumulative::tests::judge_random_case;
use crate::propagators::testing::{Case, domains, for_seeds};
use ordine_base::Stream;

const OVERLOAD: EnergyParameters = EnergyParameters { overload: true, edge_finding: false };
const EDGES: EnergyParameters = EnergyParameters { overload: false, edge_finding: true };

fn post(engine: &mut Engine, usages: &[Usage], capacity: &Capacity, parameters: &EnergyParameters) {
    engine.post(Box::new(Cumulative::new(usages, capacity.clone())));
    let energy = CumulativeEnergy::new(usages, capacity.clone(), parameters.clone());
    engine.post(Box::new(energy));
}

fn usage(start: View, ticks: Value, demand: Value, present: Atom) -> Usage {
    let duration = View::constant(ticks);
    let task = Interval { start, duration, end: start + ticks, present };
    Usage { task, demand: View::constant(demand) }
}

/// Many tasks in little room, so that the time-table alone sees little.
fn judge_tight_case(stream: &mut Stream, parameters: &EnergyParameters) -> usize {
    let mut engine = Engine::default();
    let usages: Vec<Usage> = (0..4 + stream.below(2))
        .map(|_| {
            let present = if stream.chance(0.2) { engine.boolean() } else { Atom::TRUE };
            let first = stream.below(3) as Value;
            let last = first + 2 + stream.below(3) as Value;
            let start = engine.optional_variable(first, last, present);
            let ticks = 1 + stream.below(4) as Value;
            usage(start, ticks, 1 + stream.below(2) as Value, present)
        })
        .collect();
    let capacity = match stream.below(4) {
        0 => Capacity::Steps(vec![(0, 3), (3, 1), (4, 2)]),
        _ => Capacity::Level(View::constant(2 + stream.below(2) as Value)),
    };
    let domains = domains(&engine);
    post(&mut engine, &usages, &capacity, parameters);
    let declarations = [Declaration::Cumulative { usages, capacity }];
    Case::new(engine, &domains, &declarations).judge(stream, 10, false)
}

#[test]
fn every_inference_of_energy_is_implied_by_its_reason() {
    for parameters in [OVERLOAD, EDGES] {
        let mut judged = 0;
        for_seeds(300, |stream| {
            judged += judge_tight_case(stream, &parameters);
            judged += judge_random_case(stream, |engine, usages, capacity| {
                post(engine, usages, capacity, &parameters);
            });
        });
        assert!(judged > 5_000, "{judged}");
    }
}

#[test]
fn tasks_that_need_more_energy_than_a_window_has_are_refused() {
    let mut engine = Engine::default();
    // Five tasks of 2 ticks, of which none runs for sure: 10 > 2 · 4 if all must end by 4.
    let starts: Vec<View> = [2, 2, 2, 2, 3].map(|last| engine.variable(0, last)).to_vec();
    let usages: Vec<Usage> = starts.iter().map(|&it| usage(it, 2, 1, Atom::TRUE)).collect();
    post(&mut engine, &usages, &Capacity::Level(View::constant(2)), &OVERLOAD);
    assert!(engine.fix_point().is_ok(), "one may end at 5");
    engine.decide(starts[4].at_most(2));
    assert!(engine.fix_point().is_err());
}

#[test]
fn a_task_that_does_not_fit_before_the_others_goes_later() {
    let mut engine = Engine::default();
    let small: Vec<View> = (0..2).map(|_| engine.variable(0, 2)).collect();
    let large = engine.variable(0, 10);
    let mut usages: Vec<Usage> = small.iter().map(|&it| usage(it, 2, 1, Atom::TRUE)).collect();
    usages.push(usage(large, 4, 2, Atom::TRUE));
    post(&mut engine, &usages, &Capacity::Level(View::constant(2)), &EDGES);
    assert!(engine.fix_point().is_ok());
    // Before tick 4 the small ones leave half of the energy.
    assert_eq!(engine.trail.lower(large), 2);
}
