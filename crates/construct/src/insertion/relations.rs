//! Modes that agree with the relations between them.
//!
//! First the related tasks choose one after the other: the mode that contradicts fewest of those
//! that have chosen, then the one whose resources have least to do. What is still missed is
//! repaired: one end of a missed relation gives way, and whoever no longer agrees with it follows.
//! O(relations + modes of the neighbors) for the choice and for each step of the repair.
//!
//! **Source:** min-conflicts: Minton et al. 1992; random walk: Selman, Kautz, Cohen 1994.

use super::Decisions;
use ordine_base::{Id, IdVec, Seed};
use ordine_problem::{ModeId, ModeRelation, ModeRelationKind, Problem, ResourceId, TaskId};
use std::collections::{BTreeSet, VecDeque};

/// The binding relations of every task, and of each the other end.
type Neighbors = IdVec<TaskId, Vec<(usize, TaskId)>>;

fn neighbors(problem: &Problem) -> Neighbors {
    let mut neighbors: Neighbors = problem.tasks().map(|_| Vec::new()).collect();
    let relations = problem.mode_relations().iter().enumerate();
    for (place, relation) in relations.filter(|it| is_open(problem, it.1)) {
        neighbors[relation.first].push((place, relation.second));
        neighbors[relation.second].push((place, relation.first));
    }
    neighbors
}

/// Whether a relation binds: not between tasks that are both done.
fn is_open(problem: &Problem, relation: &ModeRelation) -> bool {
    let is_done = |task: TaskId| problem.task(task).status.is_done();
    !(is_done(relation.first) && is_done(relation.second))
}

/// Whether two modes agree with a relation of their tasks.
fn agree(problem: &Problem, kind: ModeRelationKind, one: ModeId, other: ModeId) -> bool {
    let used = |mode: ModeId| {
        let needs = problem.requirements(mode).iter().map(|need| need.resource);
        needs.filter(|&id| problem.resource(id).comes_back())
    };
    let within =
        |one: ModeId, other: ModeId| used(one).all(|id: ResourceId| used(other).any(|it| it == id));
    match kind {
        ModeRelationKind::SameMode => problem.mode_number(one) == problem.mode_number(other),
        ModeRelationKind::SameResources => within(one, other) && within(other, one),
        ModeRelationKind::DifferentResources => used(one).all(|id| used(other).all(|it| it != id)),
    }
}

impl Decisions {
    /// Whether a relation between present tasks is missed.
    pub(super) fn misses(&self, problem: &Problem, relation: &ModeRelation) -> bool {
        let (first, second) = (relation.first, relation.second);
        let both = self.present[first] && self.present[second];
        let binds = both && is_open(problem, relation);
        binds && !agree(problem, relation.kind, self.modes[first], self.modes[second])
    }

    /// Related tasks choose in the order of their ids.
    pub(super) fn choose_related(&mut self, problem: &Problem) {
        if problem.mode_relations().is_empty() {
            return;
        }
        let neighbors = neighbors(problem);
        let mut has_chosen = IdVec::filled(problem.tasks().len(), false);
        let mut loads: IdVec<ResourceId, i64> = IdVec::filled(problem.resources().len(), 0);
        for task in problem.tasks().filter(|&task| !neighbors[task].is_empty()) {
            let missed = |mode: ModeId| {
                let counts = |it: TaskId| has_chosen[it];
                self.missed_in(problem, &neighbors[task], task, mode, &counts)
            };
            let load = |mode: ModeId| {
                let needs = problem.requirements(mode).iter();
                let most = needs.map(|need| loads[need.resource]).max().unwrap_or(0);
                most + problem.mode(mode).duration.get()
            };
            let usable = problem.usable_modes(task).iter().copied();
            if let Some(mode) = usable.min_by_key(|&mode| (missed(mode), load(mode), mode)) {
                self.modes[task] = mode;
            }
            has_chosen[task] = true;
            let mode = self.modes[task];
            let length = problem.mode(mode).duration.get();
            problem.requirements(mode).iter().for_each(|need| loads[need.resource] += length);
        }
    }

    /// Tasks that do not agree with the mode of `root` follow it.
    pub(super) fn follow_mode(&mut self, problem: &Problem, root: TaskId) {
        let touches = |it: &&ModeRelation| it.first == root || it.second == root;
        let mut own = problem.mode_relations().iter().filter(touches);
        if own.any(|relation| self.misses(problem, relation)) {
            self.spread(problem, &neighbors(problem), root);
        }
    }

    /// Whoever does not agree with `root` takes a mode that does, whoever does not agree with that
    /// one follows, and so on, each once; gives all that were looked at.
    fn spread(&mut self, problem: &Problem, neighbors: &Neighbors, root: TaskId) -> Vec<TaskId> {
        let mut stands = BTreeSet::from([root]);
        let mut moved = vec![root];
        let mut next = 0;
        while let Some(&task) = moved.get(next) {
            next += 1;
            for &(place, other) in &neighbors[task] {
                let relation = &problem.mode_relations()[place];
                if stands.contains(&other) || !self.misses(problem, relation) {
                    continue;
                }
                let kind = relation.kind;
                let usable = problem.usable_modes(other).iter().copied();
                let agreeing = usable.filter(|&mode| agree(problem, kind, self.modes[task], mode));
                let best = agreeing.min_by_key(|&mode| {
                    let count = |only: &dyn Fn(TaskId) -> bool| {
                        self.missed_in(problem, &neighbors[other], other, mode, only)
                    };
                    (count(&|it| stands.contains(&it)), count(&|_| true), mode)
                });
                if let Some(mode) = best {
                    self.modes[other] = mode;
                    stands.insert(other);
                    moved.push(other);
                }
            }
        }
        moved
    }

    /// How many relations of a task to present tasks its mode would miss.
    fn missed_in(
        &self,
        problem: &Problem,
        relations: &[(usize, TaskId)],
        task: TaskId,
        mode: ModeId,
        counts: &dyn Fn(TaskId) -> bool,
    ) -> usize {
        let bound = relations.iter().filter(|it| self.present[it.1] && counts(it.1));
        let missed = bound.filter(|it| {
            let kind = problem.mode_relations()[it.0].kind;
            it.1 != task && !agree(problem, kind, mode, self.modes[it.1])
        });
        missed.count()
    }

    /// Repairs relations that are missed, for about as long as a schedule takes to build.
    pub(super) fn repair_modes(&mut self, problem: &Problem) {
        let relations = problem.mode_relations();
        let is_missed = |it: &Self, place: usize| it.misses(problem, &relations[place]);
        let missed = (0..relations.len()).filter(|&place| is_missed(self, place));
        let mut missed: VecDeque<usize> = missed.collect();
        if missed.is_empty() {
            return;
        }
        let neighbors = neighbors(problem);
        // Other modes, another walk.
        let walk = self
            .modes
            .values()
            .fold(0_u64, |walk, mode| walk.wrapping_mul(31).wrapping_add(mode.index() as u64));
        let mut stream = Seed::new(walk).stream("mode relations");
        let mut allowed = 256 + 8 * problem.tasks().len();
        while let Some(place) = missed.pop_front() {
            if !is_missed(self, place) {
                continue;
            }
            let ends = [relations[place].first, relations[place].second];
            let root = ends[stream.below(2)];
            // Sometimes one end moves on its own, so that the walk does not go round in circles.
            if stream.chance(0.3) {
                let usable = problem.usable_modes(root);
                self.modes[root] = usable[stream.below(usable.len())];
            }
            let moved = self.spread(problem, &neighbors, root);
            let touched = moved.iter().flat_map(|&task| &neighbors[task]).map(|it| it.0);
            missed.extend(touched.filter(|&place| is_missed(self, place)));
            missed.push_back(place);
            allowed = allowed.saturating_sub(moved.len());
            if allowed == 0 {
                return;
            }
        }
    }
}
