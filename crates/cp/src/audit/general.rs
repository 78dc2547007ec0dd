//! Judges of constraints that know no time: bounds by the formula, nothing clever.
//!
//! **Source:** the formulas of `declaration::General`.

use super::space::{Empty, Space};
use super::{machine, tour};
use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::General;

/// Narrows a space by a general constraint.
pub(super) fn narrow(general: &General, space: &mut Space, work: &mut u64) -> Result<(), Empty> {
    match general {
        General::Linear { terms, bound, conditions } => linear(terms, *bound, conditions, space),
        General::AtLeast { count, atoms, condition } => at_least(*count, atoms, *condition, space),
        General::Reach { target, items, conditions } => reach(*target, items, conditions, space),
        General::Element { target, items } => element(*target, items, space),
        General::Table { columns, rows } => table(columns, rows, space),
        General::AllDifferent(views) => all_different(views, space),
        General::Load { items, load } => narrow_load(items, *load, space),
        General::NoOverlap2d(rectangles) => no_overlap(rectangles, space),
        General::Circuit { nodes, arcs } => tour::narrow_circuit(*nodes, arcs, space),
        General::CircuitLength { nodes, arcs, length } => {
            tour::narrow_length(*nodes, arcs, *length, space, work)
        }
        #[allow(unreachable_patterns, reason = "a new constraint lives from splitting at first")]
        _ => Ok(()),
    }
}

/// The one open condition, if all others hold; `None` if nothing is to be done.
fn open_condition(conditions: &[Atom], space: &Space) -> Option<Option<Atom>> {
    let mut open = conditions.iter().copied().filter(|&atom| !space.is_true(atom));
    let first = open.next();
    (open.next().is_none() && first.is_none_or(|atom| !space.is_false(atom))).then_some(first)
}

pub(super) fn linear(
    terms: &[(Value, View)],
    bound: Value,
    conditions: &[Atom],
    space: &mut Space,
) -> Result<(), Empty> {
    let Some(open) = open_condition(conditions, space) else { return Ok(()) };
    let least = |&(factor, view): &(Value, View), space: &Space| {
        factor * if factor > 0 { space.lower(view) } else { space.upper(view) }
    };
    let sum: Value = terms.iter().map(|term| least(term, space)).sum();
    if let Some(condition) = open {
        return if sum > bound { space.admit(!condition) } else { Ok(()) };
    }
    if sum > bound {
        return Err(Empty);
    }
    for term in terms {
        let (factor, view) = *term;
        let left = bound - (sum - least(term, space));
        if factor > 0 {
            space.admit(view.at_most(left.div_euclid(factor)))?;
        } else if factor < 0 {
            space.admit(view.at_least(-left.div_euclid(-factor)))?;
        }
    }
    Ok(())
}

fn at_least(count: usize, atoms: &[Atom], condition: Atom, space: &mut Space) -> Result<(), Empty> {
    let possible: Vec<Atom> = atoms.iter().copied().filter(|&atom| !space.is_false(atom)).collect();
    if possible.len() < count {
        return space.admit(!condition);
    }
    if possible.len() == count && space.is_true(condition) {
        return possible.into_iter().try_for_each(|atom| space.admit(atom));
    }
    Ok(())
}

fn reach(
    target: View,
    items: &[(View, Atom)],
    conditions: &[Atom],
    space: &mut Space,
) -> Result<(), Empty> {
    let Some(open) = open_condition(conditions, space) else { return Ok(()) };
    let possible: Vec<(View, Atom)> = items
        .iter()
        .copied()
        .filter(|&(item, atom)| !space.is_false(atom) && space.upper(item) >= space.lower(target))
        .collect();
    match (open, &possible[..]) {
        (Some(condition), []) => space.admit(!condition),
        (Some(_), _) => Ok(()),
        (None, []) => Err(Empty),
        (None, [(item, atom)]) => {
            space.admit(*atom)?;
            space.admit(target.at_most(space.upper(*item)))?;
            space.admit(item.at_least(space.lower(target)))
        }
        (None, several) => {
            let highest = several.iter().map(|&(item, _)| space.upper(item)).max();
            space.admit(target.at_most(highest.expect("several")))
        }
    }
}

fn element(target: View, items: &[(View, Atom)], space: &mut Space) -> Result<(), Empty> {
    for &(item, atom) in items {
        let apart =
            space.upper(item) < space.lower(target) || space.upper(target) < space.lower(item);
        if apart {
            space.admit(!atom)?;
        }
    }
    let selectors: Vec<Atom> = items.iter().map(|&(_, atom)| atom).collect();
    exactly_one(&selectors, space)?;
    let possible: Vec<View> =
        items.iter().filter(|(_, atom)| !space.is_false(*atom)).map(|&(item, _)| item).collect();
    hull(target, &possible, space)?;
    if let [item] = possible[..] {
        hull(item, &[target], space)?;
    }
    Ok(())
}

/// A view within the hull of others.
pub(super) fn hull(view: View, others: &[View], space: &mut Space) -> Result<(), Empty> {
    let least = others.iter().map(|&other| space.lower(other)).min().ok_or(Empty)?;
    let most = others.iter().map(|&other| space.upper(other)).max().ok_or(Empty)?;
    space.admit(view.at_least(least))?;
    space.admit(view.at_most(most))
}

pub(super) fn exactly_one(atoms: &[Atom], space: &mut Space) -> Result<(), Empty> {
    let negations: Vec<Atom> = atoms.iter().map(|&atom| !atom).collect();
    at_least(1, atoms, Atom::TRUE, space)?;
    at_least(atoms.len().saturating_sub(1), &negations, Atom::TRUE, space)
}

fn table(columns: &[View], rows: &[(Vec<Value>, Atom)], space: &mut Space) -> Result<(), Empty> {
    let fits = |row: &[Value], space: &Space| {
        columns
            .iter()
            .zip(row)
            .all(|(&view, &value)| space.lower(view) <= value && value <= space.upper(view))
    };
    let possible: Vec<&(Vec<Value>, Atom)> =
        rows.iter().filter(|(row, atom)| !space.is_false(*atom) && fits(row, space)).collect();
    if possible.is_empty() {
        return Err(Empty);
    }
    if let [(_, atom)] = possible[..] {
        space.admit(*atom)?;
    }
    for (column, &view) in columns.iter().enumerate() {
        let values = possible.iter().map(|(row, _)| row[column]);
        space.admit(view.at_least(values.clone().min().expect("some row")))?;
        space.admit(view.at_most(values.max().expect("some row")))?;
    }
    Ok(())
}

/// No interval holds more views than values; one that is full holds no other.
fn all_different(views: &[View], space: &mut Space) -> Result<(), Empty> {
    let firsts: Vec<Value> = views.iter().map(|&view| space.lower(view)).collect();
    let lasts: Vec<Value> = views.iter().map(|&view| space.upper(view)).collect();
    for &first in &firsts {
        for &last in lasts.iter().filter(|&&last| last >= first) {
            let is_inside = |&view: &View| first <= space.lower(view) && space.upper(view) <= last;
            let (inside, outside): (Vec<View>, Vec<View>) =
                views.iter().copied().partition(is_inside);
            let values = last - first + 1;
            if inside.len() as Value > values {
                return Err(Empty);
            }
            if inside.len() as Value == values {
                for view in outside {
                    if space.lower(view) >= first {
                        space.admit(view.at_least(last + 1))?;
                    }
                    if space.upper(view) <= last {
                        space.admit(view.at_most(first - 1))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Some subset of the open items reaches the load; an item that is in every one is in, and so on.
fn narrow_load(items: &[(Value, Atom)], load: View, space: &mut Space) -> Result<(), Empty> {
    let sums = |except: Option<usize>, space: &Space| {
        let mut sums = vec![0];
        for (place, &(size, atom)) in items.iter().enumerate() {
            if space.is_true(atom) || Some(place) == except {
                sums.iter_mut().for_each(|sum| *sum += size);
            } else if !space.is_false(atom) {
                sums.extend(sums.clone().into_iter().map(|sum| sum + size));
                sums.sort_unstable();
                sums.dedup();
            }
        }
        sums.retain(|&sum| space.lower(load) <= sum && sum <= space.upper(load));
        sums
    };
    let reached = sums(None, space);
    space.admit(load.at_least(*reached.first().ok_or(Empty)?))?;
    space.admit(load.at_most(*reached.last().ok_or(Empty)?))?;
    for (place, &(_, atom)) in items.iter().enumerate() {
        if !space.is_true(atom) && !space.is_false(atom) && sums(Some(place), space).is_empty() {
            space.admit(!atom)?;
        }
    }
    Ok(())
}

fn no_overlap(rectangles: &[(Interval, Interval)], space: &mut Space) -> Result<(), Empty> {
    let meets = |a: Interval, b: Interval, space: &Space| {
        space.lower(a.end) > space.upper(b.start) && space.lower(b.end) > space.upper(a.start)
    };
    let there: Vec<(Interval, Interval)> =
        rectangles.iter().copied().filter(|&(x, y)| space.has(x) && space.has(y)).collect();
    for (place, &(x, y)) in there.iter().enumerate() {
        for &(other_x, other_y) in &there[..place] {
            if meets(x, other_x, space) {
                machine::narrow_disjunctive(&[y, other_y], space, &mut 0)?;
            }
            if meets(y, other_y, space) {
                machine::narrow_disjunctive(&[x, other_x], space, &mut 0)?;
            }
        }
    }
    check_areas(&there, space)
}

/// No box holds more area than it has, each rectangle as far out of it as it can be.
fn check_areas(rectangles: &[(Interval, Interval)], space: &Space) -> Result<(), Empty> {
    let ends = |axis: &[Interval]| {
        let mut firsts: Vec<Value> = axis.iter().map(|it| space.lower(it.start)).collect();
        let mut lasts: Vec<Value> = axis.iter().map(|it| space.upper(it.end)).collect();
        firsts.sort_unstable();
        firsts.dedup();
        lasts.sort_unstable();
        lasts.dedup();
        (firsts, lasts)
    };
    let xs: Vec<Interval> = rectangles.iter().map(|pair| pair.0).collect();
    let ys: Vec<Interval> = rectangles.iter().map(|pair| pair.1).collect();
    let ((lefts, rights), (bottoms, tops)) = (ends(&xs), ends(&ys));
    for &left in &lefts {
        for &right in rights.iter().filter(|&&right| right > left) {
            let widths: Vec<Value> =
                xs.iter().map(|&it| least_inside(it, left, right, space)).collect();
            for &bottom in &bottoms {
                for &top in tops.iter().filter(|&&top| top > bottom) {
                    let heights = ys.iter().map(|&it| least_inside(it, bottom, top, space));
                    let area: Value =
                        widths.iter().zip(heights).map(|(width, height)| width * height).sum();
                    if area > (right - left) * (top - bottom) {
                        return Err(Empty);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Time of an interval inside `[from, to)` at least, wherever it is.
pub(super) fn least_inside(it: Interval, from: Value, to: Value, space: &Space) -> Value {
    let inside = |start: Value, end: Value| (end.min(to) - start.max(from)).max(0);
    let duration = space.lower(it.duration);
    let earliest = space.lower(it.start);
    let latest = space.upper(it.end);
    inside(earliest, earliest + duration).min(inside(latest - duration, latest))
}
