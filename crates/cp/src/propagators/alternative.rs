//! Alternative: a task is done in exactly one of several ways; span: a task covers its parts.
//!
//! *Alternative*: the master is present exactly if one option is, no two options are, and the
//! present option has the start, duration and end of the master. *Span*: the parent is present
//! exactly if some child is, starts with the first present child and ends with the last.
//!
//! Both are made of differences, clauses and [`super::Reach`]: while several options are open, the
//! master starts no earlier than the earliest of them, and the only option that can start so late
//! is chosen. Bounds of the master reach each option at once, since a bound of an optional task
//! speaks of the case that it is there. O(options) a call.
//!
//! **Source:** Philippe Laborie, Jérôme Rogerie, *Reasoning with conditional time-intervals*
//! (FLAIRS 2008, 2009), for both constraints.

use super::cardinality::post_exactly;
use super::min_max::post_reach;
use crate::atom::{Atom, Interval, View};
use crate::engine::Engine;

/// Posts that `master` is exactly one of `options`, each with its own start, duration and end, or
/// sharing those of the master.
pub fn post_alternative(engine: &mut Engine, master: Interval, options: &[Interval]) {
    let presences: Vec<Atom> = options.iter().map(|option| option.present).collect();
    for &present in &presences {
        engine.post_clause(&[!present, master.present]);
    }
    post_exactly(engine, 1, &presences, master.present);
    let parts: [fn(&Interval) -> View; 3] =
        [|task| task.start, |task| task.end, |task| task.duration];
    for part in parts {
        let target = part(&master);
        let own: Vec<&Interval> = options.iter().filter(|it| part(it) != target).collect();
        for option in &own {
            post_not_after(engine, target, part(option), option.present);
            post_not_after(engine, part(option), target, option.present);
        }
        let fixed = options.iter().all(|it| part(it).is_constant()) && target.is_constant();
        if own.len() == options.len() && !fixed {
            let signs: [fn(View) -> View; 2] = [|view| view, |view| -view];
            for sign in signs {
                let items: Vec<(View, Atom)> =
                    options.iter().map(|it| (sign(part(it)), it.present)).collect();
                post_reach(engine, sign(target), &items, master.present);
            }
        }
    }
}

/// Posts that `parent` reaches from the first start to the last end of the present `children`.
pub fn post_span(engine: &mut Engine, parent: Interval, children: &[Interval]) {
    let mut some_child = vec![!parent.present];
    for child in children {
        some_child.push(child.present);
        engine.post_clause(&[!child.present, parent.present]);
        post_not_after(engine, parent.start, child.start, child.present);
        post_not_after(engine, child.end, parent.end, child.present);
    }
    engine.post_clause(&some_child);
    let starts: Vec<(View, Atom)> = children.iter().map(|it| (-it.start, it.present)).collect();
    post_reach(engine, -parent.start, &starts, parent.present);
    let ends: Vec<(View, Atom)> = children.iter().map(|it| (it.end, it.present)).collect();
    post_reach(engine, parent.end, &ends, parent.present);
}

/// `first ≤ second` if `present`: without a guard where one of the two is there only then.
fn post_not_after(engine: &mut Engine, first: View, second: View, present: Atom) {
    let is_own = |view: View| engine.trail.presence(view.side) == present;
    let guard = if is_own(first) || is_own(second) { Atom::TRUE } else { present };
    engine.post_difference(first, second, 0, guard);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::Value;
    use crate::declaration::{Declaration, Scheduling};
    use crate::propagators::cumulative::tests::post_ends;
    use crate::propagators::testing::{Case, domains, for_seeds};
    use ordine_base::Stream;

    /// A task with an end of its own where its duration varies.
    fn task(engine: &mut Engine, stream: &mut Stream, present: Atom, varies: bool) -> Interval {
        let first = stream.below(3) as Value;
        let start = engine.optional_variable(first, first + stream.below(4) as Value, present);
        let ticks = stream.below(3) as Value;
        if !varies {
            return Interval {
                start,
                duration: View::constant(ticks),
                end: start + ticks,
                present,
            };
        }
        let duration = engine.optional_variable(0, 3, present);
        let end = engine.optional_variable(0, 7, present);
        Interval { start, duration, end, present }
    }

    fn maybe(engine: &mut Engine, stream: &mut Stream) -> Atom {
        if stream.chance(0.5) { engine.boolean() } else { Atom::TRUE }
    }

    #[test]
    fn every_inference_of_an_alternative_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(400, |stream| {
            let mut engine = Engine::default();
            let present = maybe(&mut engine, stream);
            let varies = stream.chance(0.7);
            let master = task(&mut engine, stream, present, varies);
            let options: Vec<Interval> = (0..1 + stream.below(3))
                .map(|_| {
                    let present = engine.boolean();
                    let option = task(&mut engine, stream, present, false);
                    if stream.chance(0.2) { Interval { present, ..master } } else { option }
                })
                .collect();
            let before = domains(&engine);
            let mut declarations = post_ends(&mut engine, [master].into_iter());
            post_alternative(&mut engine, master, &options);
            let alternative = Scheduling::Alternative { master, options };
            declarations.push(Declaration::Scheduling(alternative));
            judged += Case::new(engine, &before, &declarations).judge(stream, 20, false);
        });
        assert!(judged > 10_000, "only {judged} inferences were judged");
    }

    #[test]
    fn every_inference_of_a_span_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(300, |stream| {
            let mut engine = Engine::default();
            let present = maybe(&mut engine, stream);
            let parent = task(&mut engine, stream, present, true);
            let children: Vec<Interval> = (0..1 + stream.below(3))
                .map(|_| {
                    let present = maybe(&mut engine, stream);
                    task(&mut engine, stream, present, false)
                })
                .collect();
            let before = domains(&engine);
            let mut declarations = post_ends(&mut engine, [parent].into_iter());
            post_span(&mut engine, parent, &children);
            let span = Scheduling::Span { parent, children };
            declarations.push(Declaration::Scheduling(span));
            judged += Case::new(engine, &before, &declarations).judge(stream, 20, false);
        });
        assert!(judged > 10_000, "only {judged} inferences were judged");
    }
}
