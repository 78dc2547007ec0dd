//! Bounds by refutation: shaving, and a destructive lower bound of an objective.
//!
//! *Shaving* supposes that a variable lies in the first part of its domain; if propagation refutes
//! that, the part is cut off. Parts are halved while they stand, and doubled where they fall.
//! *Destructive*: suppose that the objective is at most L; what is refuted lifts the bound to
//! `L + 1`. Refutation by propagation is monotone in L, up to what shaving adds, so the largest L
//! that falls is found by halving.
//!
//! **Source:** Jacques Carlier, Éric Pinson (1994) and Paul Martin, David Shmoys, *A new approach
//! to computing optimal schedules for the job-shop scheduling problem* (1996), for shaving; Robert
//! Klein, Armin Scholl, *Computing lower bounds by destructive improvement* (1999).

use crate::atom::{Value, View};
use crate::engine::Engine;
use crate::trail::{Conflict, Reason};

/// How much is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShavingParameters {
    /// Changes of bounds that it may cost.
    pub changes_max: u64,
    /// A domain is cut into this many parts at first.
    pub parts: Value,
    /// How often a part is halved that stands.
    pub halvings: u32,
}

impl Default for ShavingParameters {
    fn default() -> Self {
        ShavingParameters { changes_max: 200_000, parts: 4, halvings: 3 }
    }
}

/// Cuts off what propagation refutes at both ends of the domains of `views`, again and again until
/// nothing falls or the work is used up; says how many parts fell. Nothing is explained: above the
/// root, what was cut off holds until its level is undone.
///
/// # Errors
/// When nothing is left of a domain: what was decided, or the model, is refuted.
pub fn shave(
    engine: &mut Engine,
    views: &[View],
    parameters: &ShavingParameters,
) -> Result<u64, Conflict> {
    let explained = std::mem::replace(&mut engine.trail.explaining, false);
    let outcome = shave_in_rounds(engine, views, parameters);
    engine.trail.explaining = explained;
    outcome
}

fn shave_in_rounds(
    engine: &mut Engine,
    views: &[View],
    parameters: &ShavingParameters,
) -> Result<u64, Conflict> {
    let limit = engine.trail.changes_total + parameters.changes_max;
    engine.fix_point()?;
    let mut total = 0;
    loop {
        let before = total;
        for &view in views {
            for end in [view, -view] {
                if engine.trail.changes_total >= limit {
                    return Ok(total);
                }
                total += shave_end(engine, end, parameters, limit)?;
            }
        }
        if total == before {
            return Ok(total);
        }
    }
}

/// Cuts off the lower end of a domain.
fn shave_end(
    engine: &mut Engine,
    view: View,
    parameters: &ShavingParameters,
    limit: u64,
) -> Result<u64, Conflict> {
    let width = |engine: &Engine| engine.trail.upper(view) - engine.trail.lower(view);
    let mut part = (width(engine) / parameters.parts).max(1);
    let (mut fallen, mut halvings) = (0, 0);
    while width(engine) > 0 && halvings <= parameters.halvings {
        if engine.trail.changes_total >= limit || engine.trail.is_false(presence(engine, view)) {
            break;
        }
        part = part.min(width(engine));
        let atom = view.at_most(engine.trail.lower(view) + part - 1);
        if is_refuted(engine, |engine| {
            engine.decide(atom);
            engine.fix_point()
        }) {
            engine.trail.set(!atom, Reason::Unexplained)?;
            engine.fix_point()?;
            fallen += 1;
            part *= 2;
        } else if part == 1 {
            break;
        } else {
            halvings += 1;
            part /= 2;
        }
    }
    Ok(fallen)
}

fn presence(engine: &Engine, view: View) -> crate::Atom {
    engine.trail.presence(view.side)
}

/// Whether what is supposed fails; everything is undone.
fn is_refuted(
    engine: &mut Engine,
    suppose: impl FnOnce(&mut Engine) -> Result<(), Conflict>,
) -> bool {
    let level = engine.trail.level();
    let refuted = suppose(engine).is_err();
    engine.backtrack(level, |_, _| {});
    refuted
}

/// Lifts the lower bound of `objective` as far as propagation, and shaving `views` within
/// `parameters` for each attempt, refute smaller values; says what it is then. Begins and ends at
/// the root, where the bound is a fact.
///
/// # Errors
/// When there is no solution at all.
///
/// # Panics
/// When a level is open.
pub fn destructive_bound(
    engine: &mut Engine,
    objective: View,
    views: &[View],
    parameters: &ShavingParameters,
) -> Result<Value, Conflict> {
    assert_eq!(engine.trail.level(), 0, "the bound is a fact");
    let explained = std::mem::replace(&mut engine.trail.explaining, false);
    let outcome = lift(engine, objective, views, parameters);
    engine.trail.explaining = explained;
    outcome
}

fn lift(
    engine: &mut Engine,
    objective: View,
    views: &[View],
    parameters: &ShavingParameters,
) -> Result<Value, Conflict> {
    engine.fix_point()?;
    // What stood; nothing is known of less.
    let mut stands = engine.trail.upper(objective);
    while engine.trail.lower(objective) < stands {
        let lower = engine.trail.lower(objective);
        let cut = objective.at_most(lower + (stands - lower - 1) / 2);
        let refuted = is_refuted(engine, |engine| {
            engine.decide(cut);
            shave(engine, views, parameters).map(|_| ())
        });
        if refuted {
            engine.trail.set(!cut, Reason::Unexplained)?;
            engine.fix_point()?;
        } else {
            stands = lower + (stands - lower - 1) / 2;
        }
    }
    Ok(engine.trail.lower(objective))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::{Atom, Interval};
    use crate::propagators::{Disjunctive, DisjunctiveParameters};

    /// Three tasks of three ticks on one machine, to start in `[0, latest]`.
    fn machine(engine: &mut Engine, latest: Value) -> Vec<Interval> {
        let tasks: Vec<Interval> = (0..3)
            .map(|_| {
                let start = engine.variable(0, latest);
                let duration = View::constant(3);
                Interval { start, duration, end: start + 3, present: Atom::TRUE }
            })
            .collect();
        // Not-last would see what shaving shall find.
        let parameters =
            DisjunctiveParameters { not_last: false, ..DisjunctiveParameters::default() };
        engine.post(Box::new(Disjunctive::new(&tasks, parameters)));
        tasks
    }

    #[test]
    fn the_destructive_bound_refutes_what_the_longest_path_allows() {
        let mut engine = Engine::default();
        let tasks = machine(&mut engine, 20);
        let makespan = engine.variable(0, 23);
        for task in &tasks {
            engine.post_difference(task.end, makespan, 0, Atom::TRUE);
        }
        engine.fix_point().expect("there are schedules");
        assert_eq!(engine.trail.lower(makespan), 3);
        let parameters = ShavingParameters::default();
        let starts: Vec<View> = tasks.iter().map(|task| task.start).collect();
        let bound = destructive_bound(&mut engine, makespan, &starts, &parameters);
        assert_eq!(bound, Ok(9));
        assert!(engine.trail.explaining && engine.trail.level() == 0);
    }

    #[test]
    fn shaving_cuts_off_starts_that_propagation_leaves() {
        let mut engine = Engine::default();
        let tasks = machine(&mut engine, 7);
        let start = tasks[0].start;
        engine.post_fact(start.at_least(2));
        engine.fix_point().expect("ten ticks hold nine");
        assert_eq!(engine.trail.lower(start), 2);
        // From 2 to 5 it would leave no six ticks in one piece, nor three before.
        let fallen = shave(&mut engine, &[start], &ShavingParameters::default());
        assert!(fallen.is_ok_and(|fallen| fallen > 0));
        assert_eq!(engine.trail.lower(start), 3);
    }
}
