//! Areas of rectangles against windows.
//!
//! Rectangles that lie in the columns `[a, b)`, and whose rows lie in `[c, d)`, do not fit if their
//! area is more than `(b − a)(d − c)`. Windows of columns go from each earliest start to each
//! latest end, rows are those of the rectangles inside. Both axes; O(n²) a call, and none for more
//! than [`COUNT_MAX`] rectangles. Areas that reach into a window from outside are the business of
//! the cumulative constraint on each axis.
//!
//! In the reason every rectangle within the rows counts what it covers of the columns at least,
//! `min(w, b − a, est + w − a, b − lct + w)`. The excess of area is spent: rectangles are left out,
//! then others may move.
//!
//! **Source:** Philippe Baptiste, Claude Le Pape, Wim Nuijten, *Satisfiability tests and time-bound
//! adjustments for cumulative scheduling problems* (1999), energetic reasoning; the bound on rows
//! as in Laurent Perron, Frédéric Didier, Steven Gay, *The CP-SAT-LP solver* (CP 2023).

use super::no_overlap_2d::Rectangle;
use crate::atom::{Atom, Interval, Value};
use crate::declaration::{Declaration, General};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Rectangles beyond which windows cost more than they find.
const COUNT_MAX: usize = 200;

/// Length of a note: axis, columns, rows.
const NOTE: usize = 5;

/// Rectangles whose areas must fit their windows.
#[derive(Debug)]
pub struct RectangleEnergy {
    /// By axis: the axis of the columns first.
    axes: [Vec<[Interval; 2]>; 2],
    boxes: Vec<Bounds>,
    by_end: Vec<usize>,
    starts: Vec<Value>,
}

/// Where a rectangle can be, and its least size: columns, rows.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    first: [Value; 2],
    last: [Value; 2],
    size: [Value; 2],
}

impl Bounds {
    /// Columns of `[start, end)` that it covers at least.
    fn covered(&self, start: Value, end: Value) -> Value {
        let size = self.size[0];
        let shifted = (self.first[0] + size - start).min(end - self.last[0] + size);
        size.min(end - start).min(shifted).max(0)
    }

    fn area(&self, columns: Value) -> i128 {
        i128::from(columns) * i128::from(self.size[1])
    }
}

fn area(columns: (Value, Value), rows: (Value, Value)) -> i128 {
    i128::from(columns.1 - columns.0) * i128::from(rows.1 - rows.0)
}

impl RectangleEnergy {
    /// Rectangles that do not overlap.
    pub(super) fn new(rectangles: &[Rectangle]) -> Self {
        RectangleEnergy {
            axes: [
                rectangles.iter().map(|it| [it.x, it.y]).collect(),
                rectangles.iter().map(|it| [it.y, it.x]).collect(),
            ],
            boxes: Vec::with_capacity(rectangles.len()),
            by_end: Vec::with_capacity(rectangles.len()),
            starts: Vec::with_capacity(rectangles.len()),
        }
    }

    fn refresh(&mut self, axis: usize, state: &Propagation<'_>) {
        self.boxes.clear();
        for sides in &self.axes[axis] {
            if state.is_true(sides[0].present) {
                self.boxes.push(Bounds {
                    first: sides.map(|side| state.lower(side.start)),
                    last: sides.map(|side| state.upper(side.end)),
                    size: sides.map(|side| state.lower(side.duration)),
                });
            }
        }
        let boxes = &self.boxes;
        self.by_end.clear();
        self.by_end.extend(0..boxes.len());
        self.by_end.sort_unstable_by_key(|&index| (boxes[index].last[0], index));
        self.starts.clear();
        self.starts.extend(boxes.iter().map(|it| it.first[0]));
        self.starts.sort_unstable();
        self.starts.dedup();
    }

    fn check(&self, axis: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        for &start in &self.starts {
            let (mut inside, mut rows) = (0_i128, (Value::MAX, Value::MIN));
            for &index in &self.by_end {
                let member = &self.boxes[index];
                let columns = (start, member.last[0]);
                if member.first[0] < start {
                    continue;
                }
                inside += member.area(member.size[0]);
                rows = (rows.0.min(member.first[1]), rows.1.max(member.last[1]));
                if inside > area(columns, rows) {
                    let axis = axis as Value;
                    let payload = state.note(&[axis, columns.0, columns.1, rows.0, rows.1]);
                    return state.fail(payload);
                }
            }
        }
        Ok(())
    }
}

impl Propagator for RectangleEnergy {
    fn name(&self) -> &'static str {
        "rectangle-energy"
    }

    fn priority(&self) -> Priority {
        Priority::Dear
    }

    fn declaration(&self) -> Declaration {
        let pairs = self.axes[0].iter().map(|&[x, y]| (x, y)).collect();
        Declaration::General(General::NoOverlap2d(pairs))
    }

    fn wake_on(&self, wake: &mut Wake) {
        for &[x, y] in &self.axes[0] {
            for side in [x, y] {
                wake.on_lower(side.start);
                wake.on_upper(side.end);
                wake.on_lower(side.duration);
            }
            wake.on_true(x.present);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        if self.axes[0].len() > COUNT_MAX {
            return Ok(());
        }
        for axis in 0..2 {
            self.refresh(axis, state);
            self.check(axis, state)?;
        }
        Ok(())
    }

    fn explain(&self, _: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let (columns, rows) = ((note[1], note[2]), (note[3], note[4]));
        // The least area first: it is left out if the others do not fit alone.
        let mut members: Vec<(i128, Value, [Interval; 2], Bounds)> = self.axes[note[0] as usize]
            .iter()
            .filter(|sides| past.is_true(sides[0].present))
            .map(|&sides| {
                let bounds = Bounds {
                    first: sides.map(|side| past.lower(side.start)),
                    last: sides.map(|side| past.upper(side.end)),
                    size: sides.map(|side| past.lower(side.duration)),
                };
                let covered = bounds.covered(columns.0, columns.1);
                (bounds.area(covered), covered, sides, bounds)
            })
            .filter(|(area, _, _, bounds)| {
                *area > 0 && rows.0 <= bounds.first[1] && bounds.last[1] <= rows.1
            })
            .collect();
        members.sort_by_key(|member| member.0);
        let mut excess = members.iter().map(|it| it.0).sum::<i128>() - area(columns, rows) - 1;
        for (area, covered, [across, along], bounds) in members {
            if area <= excess {
                excess -= area;
                continue;
            }
            let spared = (excess / i128::from(bounds.size[1])) as Value;
            excess -= bounds.area(spared);
            let (covered, size) = (covered - spared, bounds.size[0]);
            reason.push(across.present);
            reason.push(across.start.at_least(columns.0 + covered - size));
            reason.push(across.end.at_most(columns.1 - covered + size));
            reason.push(across.duration.at_least(size));
            reason.push(along.start.at_least(rows.0));
            reason.push(along.end.at_most(rows.1));
            reason.push(along.duration.at_least(bounds.size[1]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::View;
    use crate::engine::Engine;
    use crate::propagators::testing::{Case, domains, for_seeds};

    #[test]
    fn reasons_imply_that_areas_do_not_fit() {
        let mut conflicts = 0;
        for_seeds(120, |stream| {
            let mut engine = Engine::default();
            let rectangles: Vec<Rectangle> = (0..3)
                .map(|k| {
                    let present = if k == 0 { engine.boolean() } else { Atom::TRUE };
                    let mut side = || {
                        let size = 1 + stream.below(3) as Value;
                        let first = stream.below(2) as Value;
                        let start = engine.variable(first, first + stream.below(4) as Value);
                        let duration = View::constant(size);
                        Interval { start, duration, end: start + size, present }
                    };
                    Rectangle { x: side(), y: side() }
                })
                .collect();
            let before = domains(&engine);
            engine.post(Box::new(RectangleEnergy::new(&rectangles)));
            let declared = Declaration::General(General::NoOverlap2d(
                rectangles.iter().map(|it| (it.x, it.y)).collect(),
            ));
            // Alone it decides nothing, so that full dives end anywhere: conflicts are judged.
            conflicts += Case::new(engine, &before, &[declared]).judge_conflicts(stream, 20);
        });
        assert!(conflicts > 100, "only {conflicts} conflicts were judged");
    }
}
