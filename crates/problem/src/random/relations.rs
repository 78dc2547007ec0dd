//! Random relations between tasks other than the precedences within jobs.
//!
//! **Source:** -

use super::Draft;
use crate::{
    Feature, Hold, ModeRelation, ModeRelationKind, Precedence, PrecedenceKind, ProblemError,
    ResourceId, SameSequence, Selection, SelectionKind, Span, TaskId,
};
use ordine_base::{Demand, Ticks};

impl Draft<'_> {
    pub(super) fn relations(&mut self, tasks: &[TaskId]) -> Result<(), ProblemError> {
        if self.on.has(Feature::MaximalLags) && self.on.has(Feature::Lags) && tasks.len() > 1 {
            self.backward_precedence(tasks)?;
        }
        if self.on.has(Feature::SoftPrecedences) && tasks.len() > 1 {
            self.wish(tasks)?;
        }
        if self.on.has(Feature::Selections) {
            self.selections(tasks);
        }
        if self.on.has(Feature::Blocking) {
            self.holds()?;
        }
        if self.on.has(Feature::SameSequences) {
            let machines = self.plain_machines();
            self.builder.same_sequence(SameSequence { machines });
        }
        if self.on.has(Feature::ModeRelations) && tasks.len() > 1 {
            for _ in 0..1 + self.stream.below(2) {
                self.mode_relation(tasks);
            }
        }
        Ok(())
    }

    /// Two different tasks in the order of their ids.
    fn pair(&mut self, tasks: &[TaskId]) -> (TaskId, TaskId) {
        let second = 1 + self.stream.below(tasks.len() - 1);
        (tasks[self.stream.below(second)], tasks[second])
    }

    /// A largest gap written as a precedence that points back; closes a cycle, or branches.
    fn backward_precedence(&mut self, tasks: &[TaskId]) -> Result<(), ProblemError> {
        let (first, second) = self.pair(tasks);
        let lag = Ticks::new(-self.small(8, 20));
        let linked = |it: &Precedence| it.before == second || it.after == first;
        let branches = self.builder.precedences.values().any(linked);
        if branches && !self.on.has(Feature::Branching) || self.stream.chance(0.5) {
            return Ok(());
        }
        let precedence = Precedence::end_to_start(second, first).with_lag(lag);
        self.builder.precedence(precedence).map(|_| ())
    }

    fn wish(&mut self, tasks: &[TaskId]) -> Result<(), ProblemError> {
        let (first, second) = self.pair(tasks);
        let (before, after) =
            if self.stream.chance(0.7) { (first, second) } else { (second, first) };
        let precedence = self.precedence(before, after).with_penalty(self.small(1, 4));
        self.builder.precedence(precedence).map(|_| ())
    }

    fn selections(&mut self, tasks: &[TaskId]) {
        let optional = |task: &TaskId| self.builder.tasks[*task].optional;
        let mut choices: Vec<TaskId> = tasks.iter().copied().filter(optional).collect();
        let kinds = [
            SelectionKind::ExactlyOne,
            SelectionKind::AtMostOne,
            SelectionKind::AtLeastOne,
            SelectionKind::AllOrNone,
        ];
        for _ in 0..1 + self.stream.below(2) {
            if choices.is_empty() {
                return;
            }
            self.stream.shuffle(&mut choices);
            let chosen = choices[..1 + self.stream.below(choices.len())].to_vec();
            let others = tasks.iter().copied().filter(|task| !chosen.contains(task));
            let others: Vec<TaskId> = others.collect();
            let conditional = !others.is_empty() && self.stream.chance(0.4);
            let condition = conditional.then(|| self.one_of(&others));
            let kind = self.one_of(&kinds);
            self.builder.select(Selection { tasks: chosen, kind, condition });
        }
    }

    /// Blocking along end-to-start precedences, with a buffer where it can have one.
    fn holds(&mut self) -> Result<(), ProblemError> {
        let buffer = match self.on.has(Feature::Buffers) {
            true => {
                let capacity = Demand::new(self.small(0, 2));
                Some(self.builder.renewable("buffer", capacity)?)
            }
            false => None,
        };
        let ordered = |it: &&Precedence| {
            let kind = it.kind == PrecedenceKind::EndToStart;
            kind && it.lag >= Ticks::ZERO && it.penalty.is_none()
        };
        let precedences: Vec<Precedence> =
            self.builder.precedences.values().filter(ordered).copied().collect();
        for Precedence { before: task, after: until, .. } in precedences {
            let held = self.builder.relations.holds.iter().any(|hold| hold.task == task);
            let (can_block, can_wait) = self.can_hold(task);
            if held || !can_block || self.stream.chance(0.3) {
                continue;
            }
            let buffer = buffer.filter(|_| can_wait && self.stream.chance(0.7));
            self.builder.hold(Hold { task, until, buffer });
        }
        if self.stream.chance(0.5) {
            self.builder.forbid_swaps();
        }
        Ok(())
    }

    /// Whether a task can keep its resources, and whether it can wait in a buffer.
    fn can_hold(&self, task: TaskId) -> (bool, bool) {
        let modes = || self.builder.modes.iter().filter(move |mode| mode.task == task);
        let resource = |need: &crate::Requirement| &self.builder.resources[need.resource];
        let batches = |need: &crate::Requirement| resource(need).batching.is_some();
        let can_block = !modes().flat_map(|mode| &mode.requirements).any(batches);
        let one = modes().all(|mode| {
            mode.requirements.len() == 1 && resource(&mode.requirements[0]).is_machine()
        });
        (can_block, one)
    }

    fn mode_relation(&mut self, tasks: &[TaskId]) {
        let (first, second) = self.pair(tasks);
        let count = |task| self.builder.modes.iter().filter(|mode| mode.task == task).count();
        let mut kinds = vec![ModeRelationKind::SameResources, ModeRelationKind::DifferentResources];
        if count(first) == count(second) {
            kinds.push(ModeRelationKind::SameMode);
        }
        let kind = self.one_of(&kinds);
        self.builder.relate_modes(ModeRelation { first, second, kind });
    }

    pub(super) fn parent(&mut self) -> Result<TaskId, ProblemError> {
        let jobs: Vec<_> = self.builder.jobs.ids().collect();
        let job = self.stream.chance(0.5).then(|| self.one_of(&jobs));
        let name = format!("span{}", self.builder.tasks.len());
        let parent = self.builder.task(name, job)?;
        self.builder.tasks[parent].optional =
            self.on.has(Feature::OptionalTasks) && self.stream.chance(0.5);
        Ok(parent)
    }

    /// One parent, or two where the second covers the first, each with at least one child.
    pub(super) fn spans(
        &mut self,
        tasks: &[TaskId],
        mut parents: Vec<TaskId>,
        tasks_max: usize,
    ) -> Result<(), ProblemError> {
        if parents.is_empty() {
            parents.push(self.parent()?);
        }
        if tasks.len() + parents.len() < tasks_max && self.stream.chance(0.5) {
            parents.push(self.parent()?);
        }
        let mut free = tasks.to_vec();
        self.stream.shuffle(&mut free);
        let mut inner = None;
        for parent in parents {
            let most = 1 + self.stream.below(3);
            let count = most.min(free.len());
            let mut children = free.split_off(free.len() - count);
            children
                .extend(inner.take().filter(|_| children.is_empty() || self.stream.chance(0.5)));
            inner = Some(parent);
            let used = self.used_machines(&children);
            let mut needs: Vec<(ResourceId, Demand)> = Vec::new();
            let resource = self.one_of(&self.resources.clone());
            let data = &self.builder.resources[resource];
            let fits = data.comes_back() && data.batching.is_none() && !used.contains(&resource);
            if fits && self.stream.chance(0.5) {
                needs.push((resource, Demand::ONE));
            }
            self.builder.mode(parent, Ticks::ZERO, &needs)?;
            self.builder.span(Span { parent, children });
        }
        Ok(())
    }

    fn used_machines(&self, tasks: &[TaskId]) -> Vec<ResourceId> {
        let modes = self.builder.modes.iter().filter(|mode| tasks.contains(&mode.task));
        let needed = modes.flat_map(|mode| &mode.requirements).map(|need| need.resource);
        needed.filter(|&id| self.builder.resources[id].is_machine()).collect()
    }
}
