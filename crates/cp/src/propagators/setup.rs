//! Setups: windows of a machine on which tasks of different families need time in between.
//!
//! While `before(i, j)` holds, `start_j ≥ end_i + setup(family_i, family_j)`: that is for arcs of
//! the temporal graph. This propagator adds the work of whole sets. With `u(Ω)` the least setup
//! time of the families in Ω, in both directions of time:
//!
//! * *predecessors*: `start_i ≥ est(Ω) + p(Ω) + u(Ω, then i)` for sets Ω that go before i;
//! * *overload*: `est(Ω) + p(Ω) + u(Ω) > lct(Ω)` fails;
//! * *edge finding*: `est(Ω ∪ i) + p(Ω ∪ i) + u(Ω ∪ i) > lct(Ω)` sets `before(j, i)` for all j
//!   in Ω.
//!
//! O(n² · families) a call.
//!
//! **Source:** Petr Vilím, Roman Barták (AIPS 2002), for setups of sets; reasons as in
//! [`super::Sequence`].

use super::sequence::{push_duration, push_from, push_inside};
use super::setup_times::{FamilySet, SetupTimes};
use crate::atom::{Atom, Interval, Value};
use crate::declaration::{Declaration, Scheduling};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Which rule wrote a note.
const PREDECESSORS: Value = 0;
const WINDOW: Value = 1;

/// Length of every note: rule, direction, window start, window end, task.
const NOTE: usize = 5;

/// No set.
const NEVER: Value = Value::MIN / 2;

#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    est: Value,
    lct: Value,
    duration: Value,
    there: bool,
    maybe: bool,
}

/// The latest end of a window's work, and where the window starts.
#[derive(Clone, Copy, Debug)]
struct Fill {
    reach: Value,
    start: Value,
}

/// Tasks of a machine in families with setups between them.
#[derive(Debug)]
pub struct Setups {
    /// By direction of time: forward, mirrored.
    tasks: [Vec<Interval>; 2],
    /// `before[i * n + j]`, forward; [`Atom::FALSE`] on the diagonal.
    before: Vec<Atom>,
    families: Vec<usize>,
    times: Vec<Value>,
    setups: [SetupTimes; 2],
    bounds: Vec<Bounds>,
    by_est: Vec<usize>,
    ends: Vec<Value>,
    /// Work and families from each place of the order on, for one window end.
    suffix: Vec<(Value, FamilySet)>,
    /// By family of a further task: where the windows that start earlier are filled most.
    fills: Vec<Fill>,
}

impl Setups {
    /// Most families that a machine can have here.
    pub const FAMILIES_MAX: usize = 64;

    /// `before[i * n + j]` says that task i goes before task j, with a setup of
    /// `times[family_i * count + family_j]` in between, where `count` is the number of families.
    ///
    /// # Panics
    /// When there are more than [`Setups::FAMILIES_MAX`] families, or sizes do not agree.
    pub fn new(
        tasks: &[Interval],
        before: Vec<Atom>,
        families: &[usize],
        count: usize,
        times: &[Value],
    ) -> Self {
        let all = tasks.len();
        assert_eq!(before.len(), all * all, "an atom per ordered pair");
        assert_eq!(families.len(), all, "a family per task");
        assert!(families.iter().all(|&family| family < count), "a family is out of range");
        let transposed: Vec<Value> =
            (0..count * count).map(|it| times[it % count * count + it / count]).collect();
        Setups {
            tasks: [tasks.to_vec(), tasks.iter().map(|task| task.mirrored()).collect()],
            before,
            families: families.to_vec(),
            times: times.to_vec(),
            setups: [SetupTimes::new(count, times), SetupTimes::new(count, &transposed)],
            bounds: vec![Bounds::default(); all],
            by_est: (0..all).collect(),
            ends: Vec::with_capacity(all),
            suffix: Vec::with_capacity(all + 1),
            fills: vec![Fill { reach: NEVER, start: 0 }; count],
        }
    }

    /// The atom "first before second" as seen in a direction of time.
    fn pair(&self, direction: usize, first: usize, second: usize) -> Atom {
        let count = self.families.len();
        if direction == 0 {
            self.before[first * count + second]
        } else {
            self.before[second * count + first]
        }
    }

    fn refresh(&mut self, direction: usize, state: &Propagation<'_>) {
        for (task, bounds) in self.tasks[direction].iter().zip(&mut self.bounds) {
            *bounds = Bounds {
                est: state.lower(task.start),
                lct: state.upper(task.end),
                duration: state.lower(task.duration),
                there: state.is_true(task.present),
                maybe: !state.is_false(task.present),
            };
        }
        let bounds = &self.bounds;
        self.by_est.sort_unstable_by_key(|&task| (bounds[task].est, task));
    }

    /// Each task starts after the work and the setups of its predecessors.
    fn follow_predecessors(
        &mut self,
        direction: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        for task in 0..self.bounds.len() {
            if !self.bounds[task].maybe {
                continue;
            }
            let (mut work, mut families) = (0, FamilySet::default());
            let mut fill = Fill { reach: NEVER, start: 0 };
            for &other in self.by_est.iter().rev() {
                let bounds = self.bounds[other];
                if other == task
                    || !bounds.there
                    || !state.is_true(self.pair(direction, other, task))
                {
                    continue;
                }
                work += bounds.duration;
                families = self.setups[direction].with(families, self.families[other]);
                let setup = self.setups[direction].before(&families, self.families[task]);
                let reach = bounds.est + work + setup;
                if reach > fill.reach {
                    fill = Fill { reach, start: bounds.est };
                }
            }
            if fill.reach > self.bounds[task].est {
                let interval = self.tasks[direction][task];
                let note = [PREDECESSORS, direction as Value, fill.start, 0, task as Value];
                let payload = state.note(&note);
                let atom = interval.start.at_least(fill.reach);
                state.set_when(interval.present, atom, payload)?;
            }
        }
        Ok(())
    }

    /// Work and families from each place of the order on, among tasks that end by `end`; fails if
    /// some window is too full.
    fn fill_windows(
        &mut self,
        direction: usize,
        end: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let count = self.by_est.len();
        self.suffix.clear();
        self.suffix.resize(count + 1, (0, FamilySet::default()));
        let (mut work, mut families) = (0, FamilySet::default());
        for place in (0..count).rev() {
            let index = self.by_est[place];
            let task = self.bounds[index];
            if task.there && task.lct <= end {
                work += task.duration;
                families = self.setups[direction].with(families, self.families[index]);
                if task.est + work + self.setups[direction].among(&families) > end {
                    let payload = state.note(&[WINDOW, direction as Value, task.est, end, -1]);
                    return state.fail(payload);
                }
            }
            self.suffix[place] = (work, families);
        }
        Ok(())
    }

    /// Tasks that do not fit among those of a window come after them.
    fn check_window(
        &mut self,
        direction: usize,
        end: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.fill_windows(direction, end, state)?;
        self.fills.fill(Fill { reach: NEVER, start: 0 });
        for place in 0..self.by_est.len() {
            let index = self.by_est[place];
            let task = self.bounds[index];
            let (work, families) = self.suffix[place];
            if !task.there || work == 0 {
                continue;
            }
            if task.lct <= end {
                for (family, fill) in self.fills.iter_mut().enumerate() {
                    let with = self.setups[direction].among_with(&families, family);
                    let reach = task.est + work + with;
                    if reach > fill.reach {
                        *fill = Fill { reach, start: task.est };
                    }
                }
                continue;
            }
            let family = self.families[index];
            let with = self.setups[direction].among_with(&families, family);
            let own = Fill { reach: task.est + work + with, start: task.est };
            let fill = if own.reach >= self.fills[family].reach { own } else { self.fills[family] };
            if fill.reach + task.duration > end {
                self.set_edges(direction, index, (fill.start, end), state)?;
            }
        }
        Ok(())
    }

    /// Everything inside the window goes before `task`.
    fn set_edges(
        &self,
        direction: usize,
        task: usize,
        (start, end): (Value, Value),
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let mut payload = None;
        for (other, bounds) in self.bounds.iter().enumerate() {
            if other == task || !bounds.there || bounds.est < start || bounds.lct > end {
                continue;
            }
            let edge = self.pair(direction, other, task);
            if !state.is_true(edge) {
                let payload = *payload.get_or_insert_with(|| {
                    state.note(&[WINDOW, direction as Value, start, end, task as Value])
                });
                state.set(edge, payload)?;
            }
        }
        Ok(())
    }

    /// Predecessors that were known and start late enough.
    fn explain_predecessors(
        &self,
        direction: usize,
        (task, start): (usize, Value),
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let tasks = &self.tasks[direction];
        past.push_presence(tasks[task].present, tasks[task].start.side, reason);
        let known = |&other: &usize| {
            other != task
                && past.is_true(tasks[other].present)
                && past.lower(tasks[other].start) >= start
                && past.is_true(self.pair(direction, other, task))
        };
        let (mut work, mut families) = (0, FamilySet::default());
        for other in (0..tasks.len()).filter(known) {
            work += past.lower(tasks[other].duration);
            families = self.setups[direction].with(families, self.families[other]);
        }
        let setup = self.setups[direction].before(&families, self.families[task]);
        // They may start earlier by what is more than the bound needs.
        let start = bound - work - setup;
        for other in (0..tasks.len()).filter(known) {
            reason.push(self.pair(direction, other, task));
            reason.push(tasks[other].present);
            reason.push(tasks[other].start.at_least(start));
            push_duration(tasks[other], past, reason);
        }
    }

    /// Tasks inside the window, and the one that does not fit with them.
    fn explain_window(
        &self,
        direction: usize,
        (start, end): (Value, Value),
        task: Option<usize>,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let tasks = &self.tasks[direction];
        let inside = |index: &usize| {
            let member = tasks[*index];
            task != Some(*index)
                && past.is_true(member.present)
                && past.lower(member.start) >= start
                && past.upper(member.end) <= end
        };
        let (mut work, mut families) = (0, FamilySet::default());
        for index in (0..tasks.len()).filter(inside).chain(task) {
            work += past.lower(tasks[index].duration);
            families = self.setups[direction].with(families, self.families[index]);
        }
        // One tick less of work would fit: the window may be wider by what is left over.
        let end = start + work + self.setups[direction].among(&families) - 1;
        for member in (0..tasks.len()).filter(inside) {
            push_inside(tasks[member], (start, end), past, reason);
        }
        if let Some(task) = task {
            push_from(tasks[task], start, past, reason);
        }
    }
}

impl Propagator for Setups {
    fn name(&self) -> &'static str {
        "setups"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Scheduling(Scheduling::Setups {
            tasks: self.tasks[0].clone(),
            before: self.before.clone(),
            families: self.families.clone(),
            times: self.times.clone(),
        })
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn wake_on(&self, wake: &mut Wake) {
        for task in &self.tasks[0] {
            wake.on_lower(task.start);
            wake.on_upper(task.end);
            wake.on_lower(task.duration);
            wake.on_decided(task.present);
        }
        for &edge in &self.before {
            wake.on_true(edge);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        for direction in 0..2 {
            self.refresh(direction, state);
            self.follow_predecessors(direction, state)?;
            self.refresh(direction, state);
            self.ends.clear();
            self.ends.extend(self.bounds.iter().filter(|task| task.there).map(|task| task.lct));
            self.ends.sort_unstable();
            self.ends.dedup();
            for place in 0..self.ends.len() {
                self.check_window(direction, self.ends[place], state)?;
            }
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let direction = note[1] as usize;
        if note[0] == PREDECESSORS {
            let task = note[4] as usize;
            let bound = atom.value + self.tasks[direction][task].start.offset;
            self.explain_predecessors(direction, (task, note[2]), bound, past, reason);
        } else {
            let task = usize::try_from(note[4]).ok();
            self.explain_window(direction, (note[2], note[3]), task, past, reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::View;
    use crate::engine::Engine;
    use crate::propagators::testing::{Case, domains, for_seeds};

    /// Arcs with setups, and the propagator; the declaration of both.
    fn post(
        engine: &mut Engine,
        tasks: &[Interval],
        families: &[usize],
        times: &[Value],
    ) -> (Vec<Atom>, Declaration) {
        let count = tasks.len();
        let family_count = families.iter().max().map_or(0, |most| most + 1);
        let mut before = vec![Atom::FALSE; count * count];
        for i in 0..count {
            for j in 0..i {
                let atom = engine.boolean();
                (before[j * count + i], before[i * count + j]) = (atom, !atom);
            }
        }
        let (tasks, families) = (tasks.to_vec(), families.to_vec());
        let times = times[..family_count * family_count].to_vec();
        let setups = Setups::new(&tasks, before.clone(), &families, family_count, &times);
        let declaration = setups.declaration();
        engine.post(Box::new(setups));
        (before, declaration)
    }

    fn post_arcs(engine: &mut Engine, declaration: &Declaration) {
        let Declaration::Scheduling(Scheduling::Setups { tasks, before, families, times }) =
            declaration
        else {
            unreachable!("it is a declaration of setups")
        };
        let count = tasks.len();
        let family_count = families.iter().max().map_or(0, |most| most + 1);
        for i in 0..count {
            for j in (0..count).filter(|&j| j != i) {
                let time = times[families[i] * family_count + families[j]];
                let guard = before[i * count + j];
                engine.post_difference(tasks[i].end, tasks[j].start, time, guard);
            }
        }
    }

    #[test]
    fn every_inference_of_setups_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(120, |stream| {
            let mut engine = Engine::default();
            let tasks: Vec<Interval> = (0..3 + stream.below(2))
                .map(|_| {
                    let present = if stream.chance(0.2) { engine.boolean() } else { Atom::TRUE };
                    let start = engine.optional_variable(0, 3 + stream.below(4) as Value, present);
                    let ticks = 1 + stream.below(2) as Value;
                    let duration = View::constant(ticks);
                    Interval { start, duration, end: start + ticks, present }
                })
                .collect();
            let families: Vec<usize> = tasks.iter().map(|_| stream.below(3)).collect();
            let times: Vec<Value> = (0..9).map(|_| stream.below(3) as Value).collect();
            if engine.trail.sides() > 2 * 6 {
                return;
            }
            let (_, declaration) = post(&mut engine, &tasks, &families, &times);
            let before = domains(&engine);
            post_arcs(&mut engine, &declaration);
            judged += Case::new(engine, &before, &[declaration]).judge(stream, 10, false);
        });
        assert!(judged > 3_000, "only {judged} inferences were judged");
    }

    #[test]
    fn a_window_is_too_small_for_the_setups_between_its_families() {
        let mut engine = Engine::default();
        let tasks: Vec<Interval> = (0..3)
            .map(|_| {
                let start = engine.variable(0, 6);
                let duration = View::constant(1);
                Interval { start, duration, end: start + 1, present: Atom::TRUE }
            })
            .collect();
        // Three ticks of work and two setups of 3 ticks do not fit in 7 ticks.
        let times = [0, 3, 3, 3, 0, 3, 3, 3, 0];
        post(&mut engine, &tasks, &[0, 1, 2], &times);
        assert!(engine.fix_point().is_err());
    }
}
