//! Which words of the model a problem really uses.
//!
//! O(size of the tables).
//!
//! **Source:** decision record 0001.

use super::order::pulls_back;
use crate::problem::Problem;
use crate::{Feature, FeatureSet, PrecedenceKind, ResourceKind};
use ordine_base::{Ticks, Time};

pub(super) fn features(problem: &Problem) -> FeatureSet {
    let mut features = FeatureSet::EMPTY;
    of_tasks(problem, &mut features);
    of_resources(problem, &mut features);
    for precedence in problem.precedences.values() {
        features.note(Feature::Lags, precedence.lag != Ticks::ZERO);
        let general = precedence.kind != PrecedenceKind::EndToStart;
        features.note(Feature::GeneralPrecedences, general);
        features.note(Feature::SoftPrecedences, precedence.penalty.is_some());
    }
    features.note(Feature::MaximalLags, pulls_back(problem));
    for job in problem.jobs.values() {
        features.note(Feature::Releases, job.release > Time::ORIGIN);
        features.note(Feature::Deadlines, job.deadline.is_some());
    }
    let relations = &problem.relations;
    features.note(Feature::Selections, !relations.selections.is_empty());
    features.note(Feature::Spans, !relations.spans.is_empty());
    features.note(Feature::Blocking, !relations.holds.is_empty());
    let buffered = relations.holds.iter().any(|hold| hold.buffer.is_some());
    features.note(Feature::Buffers, buffered);
    features.note(Feature::SameSequences, !relations.sequences.is_empty());
    features.note(Feature::ModeRelations, !relations.modes.is_empty());
    features.note(Feature::OtherObjectives, !problem.objective.is_makespan());
    let irregular = problem.objective.terms().any(|term| !term.measure.is_regular());
    features.note(Feature::IrregularObjectives, irregular);
    features.note(Feature::ImpossibleTasks, !problem.impossible.is_empty());
    features
}

fn of_tasks(problem: &Problem, features: &mut FeatureSet) {
    features.note(Feature::SettledTasks, problem.now > Time::ORIGIN);
    for task in problem.tasks() {
        let data = problem.task(task);
        features.note(Feature::OptionalTasks, data.optional);
        features.note(Feature::TimeWindows, data.has_times());
        features.note(Feature::SettledTasks, data.status.settled().is_some());
        let modes = problem.usable_modes(task);
        features.note(Feature::SeveralModes, modes.len() > 1);
        let branches = problem.predecessors(task).len() > 1 || problem.successors(task).len() > 1;
        features.note(Feature::Branching, branches);
        for &mode in modes {
            let needs = problem.requirements(mode);
            features.note(Feature::SeveralResources, needs.len() > 1);
            let works = problem.mode(mode).duration > Ticks::ZERO;
            features.note(Feature::ResourceFreeWork, needs.is_empty() && works);
            features.note(Feature::Reservoirs, !problem.stock_changes(mode).is_empty());
            for need in needs {
                let resource = problem.resource(need.resource);
                let renewable = matches!(resource.kind, ResourceKind::Renewable(_));
                features.note(Feature::Renewables, renewable);
                let consumable = matches!(resource.kind, ResourceKind::Consumable(_));
                features.note(Feature::Consumables, consumable);
                features.note(Feature::Batching, resource.batching.is_some());
                features.note(Feature::Calendars, resource.calendar.is_some());
                features.note(Feature::CapacityProfiles, resource.capacity_profile.is_some());
                features.note(Feature::SoftCapacities, resource.overuse_penalty.is_some());
                features.note(Feature::Setups, resource.setup.is_some());
            }
        }
    }
}

/// A least usage binds even where nobody demands the resource.
fn of_resources(problem: &Problem, features: &mut FeatureSet) {
    for resource in problem.resources.values() {
        features
            .note(Feature::LeastUsage, resource.usage_min.as_ref().is_some_and(|it| it.max() > 0));
    }
}
