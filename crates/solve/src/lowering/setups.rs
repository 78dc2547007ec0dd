//! Setups between consecutive uses of a machine.
//!
//! No order of two uses lets less time pass between them than the shortest chain of setups and
//! uses that could lie in between: that is an arc per ordered pair. Where the setup of two
//! neighbors takes longer than such a chain (no triangle inequality), neighbors are named: a
//! circuit through the machine says who follows whom.
//!
//! **Source:** Petr Vilím, Roman Barták (2012), for setups of families with their closure; circuits
//! for sequence-dependent costs as in Perron, Didier, Gay (CP 2023).

use super::{Lowered, Use};
use ordine_base::Id;
use ordine_cp::propagators::{CircuitArc, post_circuit};
use ordine_cp::{Atom, Value};
use ordine_problem::{FamilyId, ResourceId};

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
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    lowered.neighbors = problem.resources().map(|_| None).collect();
    for machine in problem.resources() {
        if problem.resource(machine).setup.is_some() && !lowered.uses[machine].is_empty() {
            lower_machine(lowered, machine);
        }
    }
}

fn lower_machine(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let uses = lowered.uses[machine].clone();
    let chains = Chains::of(lowered, machine);
    for (i, one) in uses.iter().enumerate() {
        let initial = lowered.problem.resource(machine).initial_family;
        let earliest = chains.least(initial, chains.family[i]);
        let begins = one.interval.start.at_least(earliest);
        lowered.engine.post_clause(&[!one.interval.present, begins]);
        for (j, other) in uses.iter().enumerate() {
            let least = chains.least(chains.family[i], chains.family[j]);
            if one.task != other.task && least > 0 {
                let before = lowered.order(machine, i, j);
                let (from, to) = (one.interval.end, other.interval.start);
                lowered.engine.post_difference(from, to, least, before);
            }
        }
    }
    if !chains.are_direct(&uses, lowered.problem.resource(machine).initial_family) {
        let neighbors = neighbors(lowered, machine).clone();
        for (i, one) in uses.iter().enumerate() {
            let initial = lowered.problem.resource(machine).initial_family;
            let begins = one.interval.start.at_least(chains.time(initial, chains.family[i]));
            lowered.engine.post_clause(&[!neighbors.first[i], begins]);
            for (j, other) in uses.iter().enumerate() {
                let time = chains.time(chains.family[i], chains.family[j]);
                let next = neighbors.next[i * uses.len() + j];
                if next != Atom::FALSE && time > 0 {
                    let (from, to) = (one.interval.end, other.interval.start);
                    lowered.engine.post_difference(from, to, time, next);
                }
            }
        }
    }
}

/// Setup times of a machine between families, and the least time that passes between uses of
/// them; the last family is that of uses without one.
struct Chains {
    family: Vec<Option<FamilyId>>,
    families: usize,
    times: Vec<Value>,
    least: Vec<Value>,
}

impl Chains {
    fn of(lowered: &Lowered<'_>, machine: ResourceId) -> Self {
        let problem = lowered.problem;
        let uses = &lowered.uses[machine];
        let family: Vec<Option<FamilyId>> =
            uses.iter().map(|it| problem.task(it.task).family).collect();
        let families = problem.families().len() + 1;
        let setup = problem.resource(machine).setup.map(|id| &problem.setups()[id]);
        let mut times = vec![0; families * families];
        for from in problem.families().ids() {
            for to in problem.families().ids() {
                let time = setup.map_or(0, |setup| setup.time(from, to).get());
                times[from.index() * families + to.index()] = lowered.scale.exactly(time);
            }
        }
        let mut chains = Chains { family, families, least: times.clone(), times };
        let mut stay: Vec<Option<Value>> = vec![None; families];
        for (it, &family) in uses.iter().zip(&chains.family) {
            let least = lowered.engine.trail.lower(it.interval.duration).max(1);
            let known = &mut stay[chains.place(family)];
            *known = Some(known.map_or(least, |known| known.min(least)));
        }
        for (between, stay) in stay.into_iter().enumerate() {
            if let Some(stay) = stay {
                chains.pass_through(between, stay);
            }
        }
        chains
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
    fn are_direct(&self, uses: &[Use], initial: Option<FamilyId>) -> bool {
        let pairs = (0..uses.len()).flat_map(|i| (0..uses.len()).map(move |j| (i, j)));
        let of_pair = |(i, j): (usize, usize)| {
            let (from, to) = (self.family[i], self.family[j]);
            uses[i].task == uses[j].task || self.time(from, to) == self.least(from, to)
        };
        let begins = |&to: &Option<FamilyId>| self.time(initial, to) == self.least(initial, to);
        self.family.iter().all(begins) && pairs.into_iter().all(of_pair)
    }
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
            if one.task == other.task {
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
        if it.interval.present != Atom::TRUE {
            arcs.push(CircuitArc { from: i, to: i, chosen: !it.interval.present });
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

/// No use lies between neighbors, before the first, or after the last.
fn exclude_thirds(lowered: &mut Lowered<'_>, machine: ResourceId, neighbors: &Neighbors) {
    let uses = lowered.uses[machine].clone();
    let count = uses.len();
    for (k, third) in uses.iter().enumerate() {
        for i in (0..count).filter(|&i| uses[i].task != third.task) {
            let after = lowered.order(machine, i, k);
            let absent = !third.interval.present;
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
