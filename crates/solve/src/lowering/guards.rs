//! Constraints under guards: each holds while an atom of its own does, so that a search can assume
//! some of them and name those that it needed.
//!
//! The model is of a problem from which these constraints were dropped; they are read from the
//! problem that has them, and posted as its lowering would, each under its guard. Tasks on a
//! guarded machine have a copy of their start that is there only with the guard: the orders of its
//! pairs then say nothing without it.
//!
//! **Source:** assumptions and final conflicts: Niklas Eén, Niklas Sörensson (2003).

use super::{Lowered, Pair, Use, negation};
use crate::ConstraintId;
use ordine_base::Time;
use ordine_cp::propagators::{Capacity, Cumulative, SequenceParameters, Usage};
use ordine_cp::{Atom, Interval, View, post_machine};
use ordine_problem::{
    Feature, FeatureSet, JobId, PrecedenceId, Problem, ResourceId, ResourceKind, TaskId,
};

/// Problems with other words than these have constraints that have no guards.
const GUARDED: FeatureSet = FeatureSet::of(&[
    Feature::SeveralModes,
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Lags,
    Feature::GeneralPrecedences,
    Feature::Branching,
    Feature::Releases,
    Feature::Deadlines,
    Feature::Renewables,
    Feature::OtherObjectives,
    Feature::OptionalTasks,
    Feature::MaximalLags,
    Feature::SoftPrecedences,
    Feature::TimeWindows,
]);

/// Whether every constraint that can be dropped can be posted under a guard.
pub(crate) fn supports(problem: &Problem) -> bool {
    problem.unsupported(GUARDED).is_empty()
}

impl<'p> Lowered<'p> {
    /// A model of a problem whose constraints are posted under guards afterwards: in ticks, for
    /// what divides all times may not divide those of the constraints.
    pub(crate) fn unguarded(relaxed: &'p Problem) -> Self {
        Lowered::in_ticks(relaxed, None)
    }

    /// Posts a constraint of `problem`, which the problem of the model lacks, under a new guard;
    /// `None` if it cannot be guarded.
    pub(crate) fn post_guarded(
        &mut self,
        problem: &Problem,
        constraint: ConstraintId,
    ) -> Option<Atom> {
        let guard = self.engine.boolean();
        match constraint {
            ConstraintId::Deadline(job) => {
                let deadline = problem.job(job).deadline?;
                for task in tasks_of(problem, job) {
                    self.guard_bound(guard, task, |it| it.end.at_most(deadline.get()));
                }
            }
            ConstraintId::Release(job) => {
                let release = problem.job(job).release;
                for task in tasks_of(problem, job) {
                    self.guard_bound(guard, task, |it| it.start.at_least(release.get()));
                }
            }
            ConstraintId::Window(task) => self.guard_window(problem, guard, task),
            ConstraintId::Precedence(id) => self.guard_precedence(problem, guard, id),
            ConstraintId::Capacity(resource) => match problem.resource(resource).kind {
                ResourceKind::Machine => self.guard_machine(guard, resource),
                ResourceKind::Renewable(capacity) => {
                    let capacity = Capacity::Level(View::constant(capacity.get()));
                    let usage = |it: &Use| Usage {
                        task: Interval { present: Atom::TRUE, ..it.interval },
                        demand: View::constant(it.demand),
                    };
                    let mut usages: Vec<Usage> = self.uses[resource].iter().map(usage).collect();
                    let presences: Vec<Atom> =
                        self.uses[resource].iter().map(|it| it.interval.present).collect();
                    for (usage, present) in usages.iter_mut().zip(presences) {
                        usage.task.present = self.all_of(&[present, guard]);
                    }
                    self.engine.post(Box::new(Cumulative::new(&usages, capacity)));
                }
                ResourceKind::Consumable(_) | ResourceKind::Reservoir(_) => return None,
            },
            _ => return None,
        }
        Some(guard)
    }

    /// While the guard holds, a task that is there keeps a bound.
    fn guard_bound(&mut self, guard: Atom, task: TaskId, bound: impl Fn(Interval) -> Atom) {
        let interval = self.tasks[task].interval;
        let atom = bound(interval);
        self.engine.post_clause(&[negation(guard), negation(interval.present), atom]);
    }

    fn guard_window(&mut self, problem: &Problem, guard: Atom, task: TaskId) {
        let data = problem.task(task);
        let (from, until) = (data.earliest_start.get(), data.earliest_end.get());
        self.guard_bound(guard, task, |it| it.start.at_least(from));
        self.guard_bound(guard, task, |it| it.end.at_least(until));
        if let Some(latest) = data.latest_start.map(Time::get) {
            self.guard_bound(guard, task, |it| it.start.at_most(latest));
        }
        if let Some(latest) = data.latest_end.map(Time::get) {
            self.guard_bound(guard, task, |it| it.end.at_most(latest));
        }
    }

    fn guard_precedence(&mut self, problem: &Problem, guard: Atom, id: PrecedenceId) {
        let precedence = problem.precedences()[id];
        let (before, after) = super::precedences::points(self, &precedence);
        self.engine.post_difference(before, after, precedence.lag.get(), guard);
        if let Some(most) = precedence.lag_max {
            self.engine.post_difference(after, before, -most.get(), guard);
        }
    }

    fn guard_machine(&mut self, guard: Atom, machine: ResourceId) {
        let uses = self.uses[machine].clone();
        if uses.len() < 2 {
            return;
        }
        let copies: Vec<Interval> =
            uses.iter().map(|it| self.copy_under(guard, it.interval)).collect();
        let before = post_machine(&mut self.engine, &copies, SequenceParameters::default());
        for second in 0..uses.len() {
            for first in 0..second {
                let pair = [uses[first], uses[second]];
                self.pairs.push(Pair {
                    atom: before[first * uses.len() + second],
                    first: copies[first],
                    second: copies[second],
                    tasks: pair.map(|it| it.task),
                    modes: pair.map(|it| it.mode),
                    machine,
                    is_whole: true,
                });
            }
        }
    }

    /// The interval with times of its own, there while the guard holds and the interval is there.
    fn copy_under(&mut self, guard: Atom, interval: Interval) -> Interval {
        let present = self.all_of(&[interval.present, guard]);
        let is_rigid = interval.end == interval.start + interval.duration.offset
            && interval.duration.is_constant();
        if !is_rigid {
            return super::uses::copy(self, interval, present);
        }
        let trail = &self.engine.trail;
        let (lower, upper) = (trail.lower(interval.start), trail.upper(interval.start));
        let start = self.engine.optional_variable(lower, upper, present);
        self.engine.post_difference(interval.start, start, 0, present);
        self.engine.post_difference(start, interval.start, 0, present);
        Interval { start, end: start + interval.duration.offset, present, ..interval }
    }
}

fn tasks_of(problem: &Problem, job: JobId) -> impl Iterator<Item = TaskId> {
    problem.tasks().filter(move |&task| problem.task(task).job == Some(job))
}
