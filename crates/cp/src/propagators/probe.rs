//! Random dives that prove every inference of a propagator by enumeration.
//!
//! All assignments of a tiny engine are listed once. Then decisions are taken at random, and for
//! each entry of the trail, and each conflict, the reason is judged: its atoms held at that moment,
//! and no assignment that satisfies the declaration has them all without the conclusion. A weaker
//! conclusion than the one that was drawn is asked for too. A conclusion about an optional variable
//! counts as drawn where the variable is absent. When all is decided, the declaration must hold.
//!
//! **Source:** Graeme Gange et al., *Explanation checking by brute force*, as in Chuffed's and
//! Pumpkin's tests.

use crate::atom::{Atom, Side, Value, View};
use crate::declaration::Declaration;
use crate::engine::Engine;
use crate::trail::{Clash, NOWHERE, Reason};
use ordine_base::Stream;

/// What a dive saw of the propagator that was posted last, so that a test can tell that it tested
/// something.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) inferences: usize,
    pub(crate) conflicts: usize,
    pub(crate) solutions: usize,
}

impl std::ops::AddAssign for Seen {
    fn add_assign(&mut self, other: Seen) {
        self.inferences += other.inferences;
        self.conflicts += other.conflicts;
        self.solutions += other.solutions;
    }
}

/// All assignments that satisfy a declaration.
struct Judge {
    solutions: Vec<Vec<Value>>,
    presence: Vec<Atom>,
}

fn value_of(assignment: &[Value], view: View) -> Value {
    let value = assignment[view.side.variable()];
    view.offset + if view.side.0 & 1 == 0 { value } else { -value }
}

fn holds(assignment: &[Value], atom: Atom) -> bool {
    value_of(assignment, View { side: atom.side, offset: 0 }) >= atom.value
}

impl Judge {
    fn new(engine: &Engine, allowed: &dyn Fn(&dyn Fn(View) -> Value) -> bool) -> Self {
        let variables = engine.trail.sides() / 2;
        let views: Vec<View> =
            (0..variables).map(|it| View { side: Side(2 * it as u32), offset: 0 }).collect();
        let mut solutions = Vec::new();
        let mut assignment: Vec<Value> = views.iter().map(|&it| engine.trail.lower(it)).collect();
        loop {
            if allowed(&|view| value_of(&assignment, view)) {
                solutions.push(assignment.clone());
            }
            let next = (0..variables).find(|&it| assignment[it] < engine.trail.upper(views[it]));
            let Some(next) = next else { break };
            assignment[next] += 1;
            for it in 0..next {
                assignment[it] = engine.trail.lower(views[it]);
            }
        }
        let presence = views.iter().map(|view| engine.trail.presence(view.side)).collect();
        Judge { solutions, presence }
    }

    /// No solution has all premises without the conclusion.
    fn check(&self, premises: &[Atom], conclusion: Atom, context: &str) {
        let counter = self.solutions.iter().find(|solution| {
            premises.iter().all(|&premise| holds(solution, premise))
                && !holds(solution, conclusion)
                && holds(solution, self.presence[conclusion.side.variable()])
        });
        assert!(
            counter.is_none(),
            "{context}: {premises:?} does not imply {conclusion:?}, see {counter:?}"
        );
    }
}

/// Checks the reason of an entry, of the whole conclusion and of each weaker one.
fn check_entry(engine: &Engine, position: u32, judge: &Judge) -> usize {
    let entry = engine.trail.entries[position as usize];
    if matches!(entry.reason, Reason::Decision) || entry.previous == NOWHERE {
        return 0;
    }
    let before = engine.trail.entries[entry.previous as usize].value;
    for value in before + 1..=entry.value {
        let atom = entry.side.at_least(value);
        let mut reason = Vec::new();
        engine.explain(atom, entry.reason, position, &mut reason);
        let past = engine.trail.before(position);
        for &premise in &reason {
            assert!(past.is_true(premise), "{premise:?} did not hold when {atom:?} was drawn");
        }
        judge.check(&reason, atom, "inference");
    }
    usize::from(is_of_last(engine, entry.reason))
}

/// Whether the propagator that was posted last gave the reason.
fn is_of_last(engine: &Engine, reason: Reason) -> bool {
    let last = engine.propagators_len() as u32 - 1;
    matches!(reason, Reason::Lazy { propagator, .. } if propagator == last)
}

/// Takes random decisions until something fails or all is decided; checks all on the way.
fn dive(
    engine: &mut Engine,
    judge: &Judge,
    declared: &dyn Fn(&dyn Fn(View) -> Value) -> bool,
    stream: &mut Stream,
) -> Seen {
    let mut seen = Seen::default();
    let mut checked = engine.trail.position();
    loop {
        let outcome = engine.fix_point();
        while checked < engine.trail.position() {
            seen.inferences += check_entry(engine, checked, judge);
            checked += 1;
        }
        if outcome.is_err() {
            let mut reason = Vec::new();
            engine.conflict(&mut reason);
            for &premise in &reason {
                assert!(engine.trail.is_true(premise), "{premise:?} does not hold");
            }
            judge.check(&reason, Atom::FALSE, "conflict");
            let reason = match engine.trail.clash {
                Clash::Bound(emptied) => emptied.reason,
                Clash::Reason(reason) => reason,
            };
            seen.conflicts += usize::from(is_of_last(engine, reason));
            break;
        }
        let open: Vec<View> = (1..engine.trail.sides() as u32 / 2)
            .map(|it| View { side: Side(2 * it), offset: 0 })
            .filter(|&view| {
                !engine.trail.is_fixed(view)
                    && !engine.trail.is_false(engine.trail.presence(view.side))
            })
            .collect();
        if open.is_empty() {
            let trail = &engine.trail;
            assert!(declared(&|view| trail.lower(view)), "an accepted assignment is no solution");
            seen.solutions += 1;
            break;
        }
        let view = open[stream.below(open.len())];
        let (lower, upper) = (engine.trail.lower(view), engine.trail.upper(view));
        let value = lower + 1 + stream.below((upper - lower) as usize) as Value;
        let atom = view.at_least(value);
        engine.decide(if stream.chance(0.5) { atom } else { !atom });
    }
    engine.backtrack(0, |_, _| {});
    seen
}

/// Dives into an engine whose constraints are declared, so many times.
///
/// `consistent` says what else holds in every assignment: that intervals end when they end.
pub(crate) fn probe(
    engine: &mut Engine,
    declarations: &[Declaration],
    consistent: &dyn Fn(&dyn Fn(View) -> Value) -> bool,
    stream: &mut Stream,
    dives: usize,
) -> Seen {
    let declared = |value: &dyn Fn(View) -> Value| declarations.iter().all(|it| it.holds(value));
    let judge = Judge::new(engine, &|value| consistent(value) && declared(value));
    let mut seen = Seen::default();
    for _ in 0..dives {
        seen += dive(engine, &judge, &declared, stream);
        if engine.fix_point().is_err() {
            assert!(judge.solutions.is_empty(), "refuted at the root, yet there are solutions");
            break;
        }
    }
    seen
}
