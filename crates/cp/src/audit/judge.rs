//! The judge of one inference: no assignment satisfies the constraint, the premises and the
//! negation of the conclusion.
//!
//! One search serves all constraints. It narrows a space by what is plain from the constraint's
//! formula, splits the smallest domain and goes on until every box is empty; a box without open
//! variables is decided by the declaration itself. Constraints with a longer story (machines,
//! resources) have a file of their own; the others, and those that nobody wrote anything for,
//! live from splitting alone. Work is limited: a judge that gives up has proved nothing.
//!
//! **Source:** Frédéric Benhamou, William Older (1997), for narrowing and splitting of boxes.

use super::space::{Empty, Space};
use super::{general, machine, resource, scheduling};
use crate::atom::{Atom, Interval, Side, Value, View};
use crate::declaration::{Declaration, General, Scheduling};
use crate::reference;

/// What a judge found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No assignment is left.
    Proved,
    /// This one is left: values by number of variable.
    Counterexample(Vec<(u32, Value)>),
    /// Too much work.
    GaveUp,
}

/// Searches `space` for an assignment that satisfies the constraint; `work` counts down.
pub(crate) fn search(declaration: &Declaration, mut space: Space, work: &mut u64) -> Verdict {
    if narrow(declaration, &mut space, work).is_err() {
        return Verdict::Proved;
    }
    let Some(variable) = space.open_variable() else {
        let satisfied = is_admissible(declaration, &space) && is_satisfied(declaration, &space);
        let proved = Verdict::Proved;
        return if satisfied { Verdict::Counterexample(space.values()) } else { proved };
    };
    if *work == 0 {
        return Verdict::GaveUp;
    }
    *work -= 1;
    let (lower, upper) = (space.lower(variable), space.upper(variable));
    let middle = lower + (upper - lower) / 2;
    let mut outcome = Verdict::Proved;
    for half in [variable.at_most(middle), variable.at_least(middle + 1)] {
        let mut part = space.clone();
        if part.admit(half).is_err() {
            continue;
        }
        match search(declaration, part, work) {
            Verdict::Proved => {}
            Verdict::GaveUp => outcome = Verdict::GaveUp,
            found => return found,
        }
    }
    outcome
}

/// Removes values that the constraint's formula plainly excludes.
fn narrow(declaration: &Declaration, space: &mut Space, work: &mut u64) -> Result<(), Empty> {
    for task in intervals(declaration) {
        narrow_interval(task, space)?;
    }
    match declaration {
        Declaration::Clause(atoms) => narrow_clause(atoms, space),
        Declaration::Difference { from, to, weight, guard } => {
            narrow_difference(*from, *to, *weight, *guard, space)
        }
        Declaration::Disjunctive { tasks } => machine::narrow_disjunctive(tasks, space, work),
        Declaration::Sequence { tasks, before } => {
            machine::narrow_sequence(tasks, before, None, space, work)
        }
        Declaration::Cumulative { usages, capacity } => {
            resource::narrow(usages, capacity, space, work)
        }
        Declaration::General(general) => general::narrow(general, space, work),
        Declaration::Scheduling(it) => scheduling::narrow(it, space, work),
        #[allow(unreachable_patterns, reason = "a new constraint lives from splitting at first")]
        _ => Ok(()),
    }
}

/// The intervals of a constraint: `end = start + duration` is kept by whoever made them.
fn intervals(declaration: &Declaration) -> Vec<Interval> {
    match declaration {
        Declaration::Disjunctive { tasks } | Declaration::Sequence { tasks, .. } => tasks.clone(),
        Declaration::Scheduling(
            Scheduling::Alternative { master: whole, options: parts }
            | Scheduling::Span { parent: whole, children: parts },
        ) => parts.iter().chain([whole]).copied().collect(),
        Declaration::Scheduling(Scheduling::Setups { tasks, .. }) => tasks.clone(),
        Declaration::Cumulative { usages, .. } => usages.iter().map(|it| it.task).collect(),
        Declaration::General(General::NoOverlap2d(rectangles)) => {
            rectangles.iter().flat_map(|&(x, y)| [x, y]).collect()
        }
        _ => Vec::new(),
    }
}

fn narrow_interval(task: Interval, space: &mut Space) -> Result<(), Empty> {
    if !space.has(task) || (task.duration.is_constant() && task.start.side == task.end.side) {
        return Ok(());
    }
    let Interval { start, duration, end, .. } = task;
    space.admit(end.at_least(space.lower(start) + space.lower(duration)))?;
    space.admit(end.at_most(space.upper(start) + space.upper(duration)))?;
    space.admit(start.at_least(space.lower(end) - space.upper(duration)))?;
    space.admit(start.at_most(space.upper(end) - space.lower(duration)))?;
    space.admit(duration.at_least(space.lower(end) - space.upper(start)))?;
    space.admit(duration.at_most(space.upper(end) - space.lower(start)))
}

fn narrow_clause(atoms: &[Atom], space: &mut Space) -> Result<(), Empty> {
    let view = |atom: &Atom| View { side: atom.side, offset: 0 };
    let possible: Vec<Atom> = atoms
        .iter()
        .copied()
        .filter(|atom| !space.is_false(*atom) && !space.is_absent(view(atom)))
        .collect();
    match possible[..] {
        [] => Err(Empty),
        [atom] => space.admit(atom),
        _ => Ok(()),
    }
}

/// `to ≥ from + weight` while `guard` holds and both are there.
pub(super) fn narrow_difference(
    from: View,
    to: View,
    weight: Value,
    guard: Atom,
    space: &mut Space,
) -> Result<(), Empty> {
    let (from_there, to_there) = (space.is_there(from), space.is_there(to));
    let impossible = space.lower(from) + weight > space.upper(to);
    if space.is_true(guard) {
        if from_there {
            space.admit(to.at_least(space.lower(from) + weight))?;
        }
        if to_there {
            space.admit(from.at_most(space.upper(to) - weight))?;
        }
    } else if from_there && to_there && impossible {
        space.admit(!guard)?;
    }
    Ok(())
}

fn is_satisfied(declaration: &Declaration, space: &Space) -> bool {
    let value = |view: View| space.lower(view);
    let is_there = |side: Side| space.is_there(View { side, offset: 0 });
    reference::satisfies(declaration, &value, &is_there)
}

/// Whether the intervals are what intervals must be.
fn is_admissible(declaration: &Declaration, space: &Space) -> bool {
    intervals(declaration).iter().all(|task| {
        let span = space.lower(task.end) - space.lower(task.start);
        !space.is_true(task.present)
            || (space.has(*task) && span == space.lower(task.duration) && span >= 0)
    })
}

#[cfg(test)]
mod tests {
    use super::super::space::Scope;
    use super::*;
    use crate::reference::{Setting, Tiny, generate};
    use ordine_base::{Seed, Stream};
    use std::sync::Arc;

    /// A random atom on one of the variables, false at the root.
    fn draw(tiny: &Tiny, views: &[View], stream: &mut Stream) -> Atom {
        let side = views[stream.below(views.len())].side;
        let domain = &tiny.domains[side.variable()];
        let step = 1 + stream.below((domain.upper - domain.lower).max(1) as usize) as Value;
        let view = View { side: Side(side.0 & !1), offset: 0 };
        if stream.chance(0.5) {
            view.at_least(domain.lower + step)
        } else {
            view.at_most(domain.upper - step)
        }
    }

    /// What intervals are, while they are there.
    fn interval_rules(task: Interval, tiny: &Tiny) -> Vec<Declaration> {
        let parts = [task.start, task.duration, task.end];
        let presence = |view: View| tiny.domains[view.side.variable()].present;
        let there = parts.map(|view| Declaration::Clause(vec![!task.present, presence(view)]));
        let conditions = vec![task.present];
        let sum = |sign: Value| General::Linear {
            terms: vec![(sign, task.start), (sign, task.duration), (-sign, task.end)],
            bound: 0,
            conditions: conditions.clone(),
        };
        let no_less = General::Linear {
            terms: vec![(-1, task.duration)],
            bound: 0,
            conditions: conditions.clone(),
        };
        let rules = [sum(1), sum(-1), no_less].map(Declaration::General);
        there.into_iter().chain(rules).collect()
    }

    /// The same question as a tiny model: it has a solution if the inference is wrong.
    fn question(tiny: &Tiny, scope: &Scope, premises: &[Atom], conclusion: Atom) -> Tiny {
        let mut question = Tiny { objective: None, declarations: Vec::new(), ..tiny.clone() };
        let spoken: Vec<usize> = scope.sides().map(Side::variable).collect();
        for (number, domain) in question.domains.iter_mut().enumerate() {
            if !spoken.contains(&number) {
                domain.upper = domain.lower;
            }
        }
        let present = |atom: Atom| tiny.domains[atom.side.variable()].present;
        let weakly = premises.iter().map(|&atom| Declaration::Clause(vec![atom, !present(atom)]));
        let strongly =
            [present(conclusion), !conclusion].map(|atom| Declaration::Clause(vec![atom]));
        question.declarations.extend(weakly.chain(strongly));
        question
    }

    #[test]
    fn judges_and_brute_force_agree_on_random_inferences() {
        let mut proved = [0_u32; 2];
        for number in 0..2_000 {
            let seed = Seed::new(number);
            let (tiny, _) = generate(seed);
            let mut stream = seed.stream("inferences");
            let engine =
                Tiny { declarations: Vec::new(), ..tiny.clone() }.engine(&Setting::default());
            for declaration in &tiny.declarations {
                let scope = Arc::new(Scope::of(declaration, &engine.trail));
                let views = declaration.views();
                if views.is_empty() {
                    continue;
                }
                let premises: Vec<Atom> =
                    (0..stream.below(9)).map(|_| draw(&tiny, &views, &mut stream)).collect();
                let conclusion = draw(&tiny, &views, &mut stream);
                let mut question = question(&tiny, &scope, &premises, conclusion);
                question.declarations.push(declaration.clone());
                for task in intervals(declaration) {
                    question.declarations.extend(interval_rules(task, &tiny));
                }
                let Some(expected) = question.enumerate(100_000) else { continue };
                let position = engine.trail.position();
                let mut space = Space::at_root(scope, &engine.trail, position);
                let supposed = premises.iter().try_for_each(|&atom| space.suppose(atom));
                let verdict = match supposed.and_then(|()| space.suppose_not(conclusion)) {
                    Ok(()) => search(declaration, space, &mut 100_000),
                    Err(Empty) => Verdict::Proved,
                };
                let is_proved = verdict == Verdict::Proved;
                assert!(verdict != Verdict::GaveUp, "model {number}: {declaration:?}");
                assert_eq!(
                    is_proved,
                    expected.solutions == 0,
                    "model {number}: {premises:?} => {conclusion:?} by {declaration:?}: {verdict:?}"
                );
                if !matches!(declaration, Declaration::Clause(_)) {
                    proved[usize::from(is_proved)] += 1;
                }
            }
        }
        assert!(proved.iter().all(|&count| count > 500), "{proved:?}");
    }
}
