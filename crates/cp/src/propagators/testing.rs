//! Judging propagators by enumeration: random dives in which every inference is proved again.
//!
//! All assignments of a tiny engine are enumerated once; those that satisfy the declarations are
//! its solutions. A reason is right if its atoms held when the inference was drawn and no solution
//! satisfies them together with the negation of the conclusion. Atoms on absent variables hold.
//!
//! **Source:** -

use crate::atom::{Atom, Value, View};
use crate::declaration::Declaration;
use crate::engine::Engine;
use crate::learning::{Answer, LearningParameters, LearningSearch};
use crate::trail::{Conflict, Position, Reason};
use ordine_base::{Seed, Stream};

/// An engine, and everything that satisfies its declarations.
pub(super) struct Case {
    pub(super) engine: Engine,
    views: Vec<View>,
    solutions: Vec<Vec<Value>>,
}

/// A view of every variable and the domains they have now.
pub(super) fn domains(engine: &Engine) -> Vec<(View, Value, Value)> {
    (1..engine.trail.sides() / 2)
        .map(|variable| {
            let view = engine.trail.variable(variable);
            (view, engine.trail.lower(view), engine.trail.upper(view))
        })
        .collect()
}

/// Every assignment of `domains` that satisfies the declarations.
pub(super) fn enumerate(
    domains: &[(View, Value, Value)],
    declarations: &[Declaration],
) -> Vec<Vec<Value>> {
    let mut solutions = Vec::new();
    let mut values: Vec<Value> = domains.iter().map(|&(_, lower, _)| lower).collect();
    loop {
        if declarations.iter().all(|it| it.holds(&|view| value_in(&values, view))) {
            solutions.push(values.clone());
        }
        let Some(next) = (0..values.len()).find(|&k| values[k] < domains[k].2) else {
            return solutions;
        };
        values[next] += 1;
        for k in 0..next {
            values[k] = domains[k].1;
        }
    }
}

/// Value of a view when variable k + 1 has `values[k]`.
fn value_in(values: &[Value], view: View) -> Value {
    let value = match view.side.variable() {
        0 => 0,
        variable => values[variable - 1],
    };
    view.offset + if view.side.is_negation() { -value } else { value }
}

impl Case {
    /// `domains` as they were before anything was posted.
    pub(super) fn new(
        engine: Engine,
        domains: &[(View, Value, Value)],
        declarations: &[Declaration],
    ) -> Case {
        let solutions = enumerate(domains, declarations);
        Case { engine, views: domains.iter().map(|&(view, ..)| view).collect(), solutions }
    }

    /// Whether an atom holds in an assignment; those of absent variables do.
    fn holds(&self, atom: Atom, values: &[Value]) -> bool {
        let plain =
            |atom: Atom| value_in(values, View { side: atom.side, offset: 0 }) >= atom.value;
        !plain(self.engine.trail.presence(atom.side)) || plain(atom)
    }

    /// Dives `count` times, judging every inference; returns how many were judged.
    ///
    /// Where `complete`, each bound at a fix-point must be that of a solution.
    pub(super) fn judge(&mut self, stream: &mut Stream, count: usize, complete: bool) -> usize {
        let mut judged = 0;
        for _ in 0..count {
            self.engine.backtrack(0, |_, _| {});
            let mut seen: Position = 0;
            loop {
                let outcome = self.engine.fix_point();
                judged += self.judge_entries(seen);
                seen = self.engine.trail.position();
                if outcome == Err(Conflict) {
                    self.judge_conflict();
                    break;
                }
                if complete {
                    self.check_support();
                }
                let Some(atom) = self.choose(stream) else {
                    self.check_solution();
                    break;
                };
                self.engine.decide(atom);
                // Some dives return and go on, as a search does.
                if stream.chance(0.1) && self.engine.trail.level() > 1 {
                    let level = stream.below(self.engine.trail.level() as usize) as u32;
                    self.engine.backtrack(level, |_, _| {});
                    seen = seen.min(self.engine.trail.position());
                }
            }
        }
        judged
    }

    /// Dives `count` times at random, judging every conflict; returns how many there were.
    ///
    /// For propagators that only refute: what they accept is no solution yet.
    pub(super) fn judge_conflicts(&mut self, stream: &mut Stream, count: usize) -> usize {
        let mut conflicts = 0;
        for _ in 0..count {
            self.engine.backtrack(0, |_, _| {});
            loop {
                if self.engine.fix_point() == Err(Conflict) {
                    self.judge_conflict();
                    conflicts += 1;
                    break;
                }
                let Some(atom) = self.choose(stream) else { break };
                self.engine.decide(atom);
            }
        }
        conflicts
    }

    fn is_absent(&self, view: View) -> bool {
        self.engine.trail.is_false(self.engine.trail.presence(view.side))
    }

    fn choose(&self, stream: &mut Stream) -> Option<Atom> {
        let trail = &self.engine.trail;
        let open: Vec<View> = self
            .views
            .iter()
            .copied()
            .filter(|&view| !trail.is_fixed(view) && !self.is_absent(view))
            .collect();
        if open.is_empty() {
            return None;
        }
        let view = open[stream.below(open.len())];
        let width = (trail.upper(view) - trail.lower(view)) as usize;
        let value = trail.lower(view) + 1 + stream.below(width) as Value;
        Some(if stream.chance(0.5) { view.at_least(value) } else { view.at_most(value - 1) })
    }

    fn judge_entries(&self, first: Position) -> usize {
        let mut judged = 0;
        for position in first..self.engine.trail.position() {
            let entry = self.engine.trail.entries[position as usize];
            if entry.reason == Reason::Decision {
                continue;
            }
            let before = self.engine.trail.entries[entry.previous as usize].value;
            for value in (before + 1..=entry.value).rev().take(4) {
                let atom = entry.side.at_least(value);
                let mut reason = Vec::new();
                self.engine.explain(atom, entry.reason, position, &mut reason);
                self.judge_reason(atom, entry.reason, &reason, position);
                judged += 1;
            }
        }
        judged
    }

    fn judge_conflict(&self) {
        let mut reason = Vec::new();
        self.engine.conflict(&mut reason);
        let position = self.engine.trail.position();
        self.judge_reason(Atom::FALSE, Reason::Unexplained, &reason, position);
    }

    fn judge_reason(&self, atom: Atom, why: Reason, reason: &[Atom], position: Position) {
        let past = self.engine.trail.before(position);
        for &premise in reason {
            assert!(past.is_true(premise), "{premise:?} of {atom:?} did not hold, {why:?}");
        }
        for values in &self.solutions {
            let premises = reason.iter().all(|&premise| self.holds(premise, values));
            assert!(
                !premises || self.holds(atom, values),
                "{reason:?} does not imply {atom:?} in {values:?}, {why:?}"
            );
        }
    }

    fn in_box(&self, values: &[Value]) -> bool {
        let trail = &self.engine.trail;
        self.views.iter().zip(values).all(|(&view, &value)| {
            self.is_absent(view) || (trail.lower(view) <= value && value <= trail.upper(view))
        })
    }

    fn check_solution(&self) {
        assert!(
            self.solutions.iter().any(|values| self.in_box(values)),
            "all is fixed, and it is no solution"
        );
    }

    /// Both bounds of each variable belong to solutions within the bounds of the others.
    fn check_support(&self) {
        let trail = &self.engine.trail;
        for (index, &view) in self.views.iter().enumerate() {
            let column =
                || self.solutions.iter().filter(|values| self.in_box(values)).map(|it| it[index]);
            let hull = (column().min(), column().max());
            let bounds = (Some(trail.lower(view)), Some(trail.upper(view)));
            assert_eq!(bounds, hull, "bounds of variable {index} have no support");
        }
    }
}

/// All solutions that learning search finds, as values of `views`, sorted; later ones are excluded.
pub(super) fn solutions(engine: &mut Engine, views: &[View]) -> Vec<Vec<Value>> {
    let mut completion = views.to_vec();
    completion.extend(domains(engine).iter().map(|&(view, ..)| view));
    let mut search = LearningSearch::new(LearningParameters::default(), &[], &completion);
    let mut found = Vec::new();
    while search.run(engine, &[], u64::MAX / 2, &mut |_| false) == Answer::Solution {
        let values: Vec<Value> = views.iter().map(|&view| engine.trail.lower(view)).collect();
        engine.backtrack(0, |_, _| {});
        let differs = views.iter().zip(&values);
        let clause: Vec<Atom> = differs
            .flat_map(|(&view, &value)| [view.at_least(value + 1), view.at_most(value - 1)])
            .collect();
        engine.post_clause(&clause);
        found.push(values);
    }
    found.sort();
    found
}

/// Runs `check` with the stream of each of `count` seeds.
pub(super) fn for_seeds(count: u64, mut check: impl FnMut(&mut Stream)) {
    for number in 0..count {
        check(&mut Seed::new(number).stream("case"));
    }
}

/// Variables with small random domains around zero.
pub(super) fn variables(engine: &mut Engine, stream: &mut Stream, count: usize) -> Vec<View> {
    (0..count)
        .map(|_| {
            let lower = stream.below(5) as Value - 3;
            engine.variable(lower, lower + stream.below(5) as Value)
        })
        .collect()
}

/// One of the views, perhaps negated or shifted.
pub(super) fn any_view(views: &[View], stream: &mut Stream) -> View {
    let view = views[stream.below(views.len())] + (stream.below(3) as Value - 1);
    if stream.chance(0.5) { view } else { -view }
}
