//! Setups between consecutive uses of a machine.
//!
//! No order of two uses lets less time pass between them than the shortest chain of setups and
//! uses that could lie in between: that is an arc per ordered pair. Where the setup of two
//! neighbors takes longer than such a chain (no triangle inequality), neighbors are named: a
//! circuit through the machine says who follows whom.
//!
//! **Source:** Petr Vilím, Roman Barták (2012), for setups of families with their closure; circuits
//! for sequence-dependent costs as in Perron, Didier, Gay (CP 2023).

use super::{Lowered, Use, machines, negation};
use ordine_base::Id;
use ordine_cp::propagators::{CircuitArc, Setups, post_circuit};
use ordine_cp::{Atom, Interval, Value};
use ordine_problem::{FamilyId, ResourceId, TaskId};

/// Machines of up to so many uses have a clause for each triple of neighbors and a third.
const TRIPLES_MAX: usize = 16;

/// Who follows whom on a machine.
#[derive(Clone, Debug)]
pub(super) struct Neighbors {
    /// `next[i * n + j]`: use j comes right after use i.
    pub(super) next: Vec<Atom>,
    /// By use: it is the first of the machine.
    pub(super) first: Vec<Atom>,
}

/// Posts the setups of every machine.
pub(super) fn lower(lowered: &mut Lowered<'_>, should_stop: &mut dyn FnMut() -> bool) {
    let problem = lowered.problem;
    lowered.neighbors = problem.resources().map(|_| None).collect();
    for machine in problem.resources() {
        if lowered.is_cut(should_stop) {
            return;
        }
        if problem.resource(machine).setup.is_some() && !lowered.uses[machine].is_empty() {
            lower_machine(lowered, machine);
        }
    }
}

fn lower_machine(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let chains = Chains::of(lowered, machine);
    let sources = chains.sources(lowered, machine);
    for target in (0..chains.family.len()).filter(|&it| chains.is_open[it]) {
        for source in &sources {
            lower_pair(lowered, machine, &chains, *source, target);
        }
    }
    for (i, j) in machines::ordered(lowered, machine) {
        let least = chains.least(chains.family[i], chains.family[j]);
        machines::post_whole(lowered, machine, (i, j), least);
    }
    if chains.is_plain {
        lower_sets(lowered, machine, &chains);
    }
    if !chains.are_direct(&sources) {
        lower_neighbors(lowered, machine, &chains);
    }
}

/// Time of the setup of a machine between two tasks.
pub(super) fn time_between(
    lowered: &Lowered<'_>,
    machine: ResourceId,
    from: TaskId,
    to: TaskId,
) -> Value {
    lowered.scale.exactly(lowered.problem.setup_time(machine, from, to).get())
}

/// What a setup can come from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// The machine as it is at the origin.
    Initial(Option<FamilyId>),
    /// One of its uses.
    Use(usize),
}

/// The least time from a source to a use.
fn lower_pair(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    chains: &Chains,
    source: Source,
    target: usize,
) {
    let to = lowered.uses[machine][target];
    let least = chains.least(chains.family_of(source), chains.family[target]);
    match source {
        _ if least == 0 => {}
        Source::Initial(_) => {
            let begins = to.interval.start.at_least(least);
            lowered.engine.post_clause(&[!to.interval.present, begins]);
        }
        Source::Use(source) => {
            let from = lowered.uses[machine][source];
            if from.task != to.task {
                let before = lowered.order(machine, source, target);
                let together = lowered.together(machine, from.mode, to.mode);
                let guard = lowered.all_of(&[before, !together]);
                let (end, start) = (from.interval.end, to.interval.start);
                lowered.engine.post_difference(end, start, least, guard);
            }
        }
    }
}

/// The least time that whole sets of uses take.
fn lower_sets(lowered: &mut Lowered<'_>, machine: ResourceId, chains: &Chains) {
    let open: Vec<usize> =
        (0..chains.family.len()).filter(|&index| chains.is_open[index]).collect();
    let uses = &lowered.uses[machine];
    let are_whole = uses.iter().all(|it| (it.first, it.last) == (Atom::TRUE, Atom::TRUE));
    let batches = lowered.batches[machine].is_some();
    if chains.families > Setups::FAMILIES_MAX || open.len() < 2 || !are_whole || batches {
        return;
    }
    let tasks: Vec<Interval> = open.iter().map(|&index| uses[index].interval).collect();
    let families: Vec<usize> =
        open.iter().map(|&index| chains.place(chains.family[index])).collect();
    let order = |&i: &usize, &j: &usize| match i == j {
        true => Atom::FALSE,
        false => lowered.order(machine, i, j),
    };
    let pairs = open.iter().flat_map(|i| open.iter().map(move |j| order(i, j)));
    let before: Vec<Atom> = pairs.collect();
    let setups = Setups::new(&tasks, before, &families, chains.families, &chains.least);
    lowered.engine.post(Box::new(setups));
}

/// The exact time between neighbors that are not both done.
fn lower_neighbors(lowered: &mut Lowered<'_>, machine: ResourceId, chains: &Chains) {
    let neighbors = neighbors(lowered, machine).clone();
    let uses = lowered.uses[machine].clone();
    let initial = lowered.problem.resource(machine).initial_family;
    for (j, other) in uses.iter().enumerate() {
        let begins = other.interval.start.at_least(chains.time(initial, chains.family[j]));
        let done = lowered.done[other.task];
        lowered.engine.post_clause(&[!neighbors.first[j], begins, done]);
        for (i, one) in uses.iter().enumerate() {
            let time = chains.time(chains.family[i], chains.family[j]);
            let next = neighbors.next[i * uses.len() + j];
            if next != Atom::FALSE && time > 0 && one.task != other.task {
                let history = lowered.both_done(one.task, other.task);
                let guard = lowered.all_of(&[next, !history]);
                let (from, to) = (one.interval.end, other.interval.start);
                lowered.engine.post_difference(from, to, time, guard);
            }
        }
    }
}

/// Setup times of a machine between families, and the least time that passes between uses of
/// them; the last family is that of uses without one.
struct Chains {
    /// By use.
    family: Vec<Option<FamilyId>>,
    /// By use: its task is not done, whatever happens.
    is_open: Vec<bool>,
    /// Whether what is done lies before all that is not.
    is_plain: bool,
    families: usize,
    times: Vec<Value>,
    least: Vec<Value>,
}

impl Chains {
    fn of(lowered: &Lowered<'_>, machine: ResourceId) -> Self {
        let problem = lowered.problem;
        let uses = &lowered.uses[machine];
        let family = uses.iter().map(|it| problem.task(it.task).family).collect();
        let is_open: Vec<bool> =
            uses.iter().map(|it| lowered.done[it.task] == Atom::FALSE).collect();
        let families = problem.families().len() + 1;
        let setup = problem.resource(machine).setup.map(|id| &problem.setups()[id]);
        let mut times = vec![0; families * families];
        for from in problem.families().ids() {
            for to in problem.families().ids() {
                let time = setup.map_or(0, |setup| setup.time(from, to).get());
                times[from.index() * families + to.index()] = lowered.scale.exactly(time);
            }
        }
        let is_plain = is_plain(lowered, machine, &is_open);
        let least = times.clone();
        let mut chains = Chains { family, is_open, is_plain, families, least, times };
        chains.close(lowered, machine);
        chains
    }

    /// Finds the least times.
    fn close(&mut self, lowered: &Lowered<'_>, machine: ResourceId) {
        let mut stay: Vec<Option<Value>> = vec![None; self.families];
        let history: Vec<usize> = (0..self.family.len()).filter(|&it| !self.is_open[it]).collect();
        for (index, it) in lowered.uses[machine].iter().enumerate() {
            if self.is_open[index] || !self.is_plain {
                let least = lowered.engine.trail.lower(it.interval.duration).max(1);
                let known = &mut stay[self.place(self.family[index])];
                *known = Some(known.map_or(least, |known| known.min(least)));
            }
        }
        if !self.is_plain {
            // Setups between uses that are done are history.
            let places: Vec<usize> =
                history.iter().map(|&index| self.place(self.family[index])).collect();
            for &from in &places {
                for &to in &places {
                    self.least[from * self.families + to] = 0;
                }
            }
        }
        for (between, stay) in stay.into_iter().enumerate() {
            if let Some(stay) = stay {
                self.pass_through(between, stay);
            }
        }
    }

    /// What setups of uses that are not done come from: each other, and the last use that is done
    /// or else the machine as it is at the origin.
    fn sources(&self, lowered: &Lowered<'_>, machine: ResourceId) -> Vec<Source> {
        let uses = &lowered.uses[machine];
        let (open, done): (Vec<usize>, Vec<usize>) =
            (0..uses.len()).partition(|&index| self.is_open[index]);
        let mut sources: Vec<Source> = open.into_iter().map(Source::Use).collect();
        let batches = lowered.batches[machine].is_some();
        let key = |&index: &usize| {
            let Use { interval, task, .. } = uses[index];
            // The first task stands for a batch.
            let place = if batches { -(task.index() as i64) } else { task.index() as i64 };
            (interval.start.offset, interval.end.offset, place)
        };
        match done.iter().copied().max_by_key(key) {
            _ if !self.is_plain => {}
            Some(last) => sources.push(Source::Use(last)),
            None => sources.push(Source::Initial(lowered.problem.resource(machine).initial_family)),
        }
        sources
    }

    fn family_of(&self, source: Source) -> Option<FamilyId> {
        match source {
            Source::Initial(family) => family,
            Source::Use(index) => self.family[index],
        }
    }

    /// Chains may have one more use of a family in between.
    fn pass_through(&mut self, between: usize, stay: Value) {
        for from in 0..self.families {
            for to in 0..self.families {
                let around = self.least[from * self.families + between]
                    + stay
                    + self.least[between * self.families + to];
                let direct = &mut self.least[from * self.families + to];
                *direct = around.min(*direct);
            }
        }
    }

    fn place(&self, family: Option<FamilyId>) -> usize {
        family.map_or(self.families - 1, FamilyId::index)
    }

    fn time(&self, from: Option<FamilyId>, to: Option<FamilyId>) -> Value {
        self.times[self.place(from) * self.families + self.place(to)]
    }

    fn least(&self, from: Option<FamilyId>, to: Option<FamilyId>) -> Value {
        self.least[self.place(from) * self.families + self.place(to)]
    }

    /// Whether no chain is shorter than a setup, so that arcs between all pairs say everything.
    fn are_direct(&self, sources: &[Source]) -> bool {
        let direct = |source: &Source, target: usize| {
            let (from, to) = (self.family_of(*source), self.family[target]);
            !self.is_open[target] || self.time(from, to) == self.least(from, to)
        };
        let all = || 0..self.family.len();
        self.is_plain && sources.iter().all(|source| all().all(|target| direct(source, target)))
    }
}

/// Whether the uses that are done have known times and lie before all others.
fn is_plain(lowered: &Lowered<'_>, machine: ResourceId, is_open: &[bool]) -> bool {
    let trail = &lowered.engine.trail;
    let uses = || lowered.uses[machine].iter().zip(is_open);
    let first = uses().filter(|it| *it.1).map(|(it, _)| trail.lower(it.interval.start)).min();
    uses().filter(|it| !*it.1).all(|(it, _)| {
        let is_known = it.interval.start.is_constant() && it.interval.end.is_constant();
        let is_history = lowered.done[it.task] == Atom::TRUE && it.interval.present == Atom::TRUE;
        is_known && is_history && first.is_none_or(|first| it.interval.end.offset <= first)
    })
}

/// Who follows whom on a machine; posted when it is first asked for.
pub(super) fn neighbors<'a>(lowered: &'a mut Lowered<'_>, machine: ResourceId) -> &'a Neighbors {
    if lowered.neighbors[machine].is_none() {
        let neighbors = post_neighbors(lowered, machine);
        lowered.neighbors[machine] = Some(neighbors);
    }
    lowered.neighbors[machine].as_ref().expect("it was posted above")
}

fn post_neighbors(lowered: &mut Lowered<'_>, machine: ResourceId) -> Neighbors {
    let uses = lowered.uses[machine].clone();
    let count = uses.len();
    let mut next = vec![Atom::FALSE; count * count];
    let mut arcs = Vec::new();
    for (i, one) in uses.iter().enumerate() {
        for (j, other) in uses.iter().enumerate() {
            // Stretches of one task can follow one another; its modes cannot.
            let is_later = one.mode == other.mode && i < j;
            if one.task == other.task && !is_later {
                continue;
            }
            let chosen = lowered.choice();
            next[i * count + j] = chosen;
            arcs.push(CircuitArc { from: i, to: j, chosen });
            let before = lowered.order(machine, i, j);
            lowered.engine.post_clause(&[!chosen, before]);
        }
    }
    // One more node stands for the machine before its first use and after its last.
    let first: Vec<Atom> = uses.iter().map(|_| lowered.choice()).collect();
    for (i, it) in uses.iter().enumerate() {
        let last = lowered.choice();
        arcs.push(CircuitArc { from: count, to: i, chosen: first[i] });
        arcs.push(CircuitArc { from: i, to: count, chosen: last });
        let skipped = negation(turn(lowered, machine, it));
        if skipped != Atom::FALSE {
            arcs.push(CircuitArc { from: i, to: i, chosen: skipped });
        }
    }
    if uses.iter().all(|it| it.interval.present != Atom::TRUE) {
        let empty = lowered.choice();
        arcs.push(CircuitArc { from: count, to: count, chosen: empty });
    }
    post_circuit(&mut lowered.engine, count + 1, &arcs);
    let neighbors = Neighbors { next, first };
    if count <= TRIPLES_MAX {
        exclude_thirds(lowered, machine, &neighbors);
    }
    neighbors
}

/// Whether a use is there, and stands for its batch.
fn turn(lowered: &mut Lowered<'_>, machine: ResourceId, it: &Use) -> Atom {
    let leads = lowered.leads(machine, it.mode);
    lowered.all_of(&[it.interval.present, leads])
}

/// No use lies between neighbors, before the first, or after the last.
fn exclude_thirds(lowered: &mut Lowered<'_>, machine: ResourceId, neighbors: &Neighbors) {
    let uses = lowered.uses[machine].clone();
    let count = uses.len();
    for (k, third) in uses.iter().enumerate() {
        for i in (0..count).filter(|&i| uses[i].task != third.task) {
            let after = lowered.order(machine, i, k);
            let absent = negation(turn(lowered, machine, third));
            lowered.engine.post_clause(&[!neighbors.first[i], absent, after]);
            for j in (0..count).filter(|&j| uses[j].task != third.task) {
                let next = neighbors.next[i * count + j];
                if next != Atom::FALSE {
                    let before = lowered.order(machine, k, i);
                    let behind = lowered.order(machine, j, k);
                    lowered.engine.post_clause(&[!next, absent, before, behind]);
                }
            }
        }
    }
}
