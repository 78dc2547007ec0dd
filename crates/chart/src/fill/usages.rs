//! Profiles of resources: how much is used when, and by whom; levels of reservoirs.
//!
//! **Source:** -

use super::Source;
use crate::scene::{GroupId, LEGEND_MAX, Layer, Usage, UsageKind};
use ordine_base::{StepFunction, Time};
use ordine_problem::{Point, ResourceId, ResourceKind, Stock};

type Change = (Option<GroupId>, (Time, i64));

impl Source<'_> {
    /// One usage for each resource that is no machine.
    pub(super) fn usages(&self) -> Vec<Usage> {
        let usage = |resource: ResourceId| match self.problem.resource(resource).kind {
            ResourceKind::Machine => None,
            ResourceKind::Renewable(_) => Some(self.renewable(resource)),
            ResourceKind::Consumable(_) => Some(self.consumable(resource)),
            ResourceKind::Reservoir(stock) => Some(self.reservoir(resource, stock)),
        };
        self.problem.resources().filter_map(usage).collect()
    }

    fn renewable(&self, resource: ResourceId) -> Usage {
        let mut changes = Vec::new();
        for it in &self.uses[resource] {
            let (group, demand) = (self.group(it.task), it.demand.get());
            changes.push((group, (it.interval.start, demand)));
            changes.push((group, (it.interval.end, -demand)));
        }
        let data = self.problem.resource(resource);
        let capacity = data.capacity_profile.clone();
        Usage {
            least: data.usage_min.clone(),
            capacity: capacity.unwrap_or(StepFunction::constant(data.capacity().get())),
            breaks: self.shutdowns.of(resource).to_vec(),
            ..self.spent(resource, UsageKind::Renewable, &changes)
        }
    }

    fn consumable(&self, resource: ResourceId) -> Usage {
        let mut changes = Vec::new();
        for it in &self.placed {
            let needs = self.problem.requirements(it.placement.mode);
            let needs = needs.iter().filter(|need| need.resource == resource);
            let group = self.group(it.task);
            changes.extend(needs.map(|need| (group, (it.interval.start, need.demand.get()))));
        }
        self.spent(resource, UsageKind::Consumable, &changes)
    }

    fn spent(&self, resource: ResourceId, kind: UsageKind, changes: &[Change]) -> Usage {
        let data = self.problem.resource(resource);
        let total = changes.iter().map(|change| change.1).collect();
        Usage {
            name: data.name.clone(),
            kind,
            capacity: StepFunction::constant(data.capacity().get()),
            least: None,
            total: StepFunction::from_changes(total),
            layers: self.layers(changes),
            breaks: Vec::new(),
        }
    }

    fn reservoir(&self, resource: ResourceId, stock: Stock) -> Usage {
        let mut changes = Vec::new();
        for it in &self.placed {
            let own = self.problem.stock_changes(it.placement.mode).iter();
            for change in own.filter(|change| change.reservoir == resource) {
                let time = match change.at {
                    Point::Start => it.interval.start,
                    Point::End => it.interval.end,
                };
                changes.push((time, change.amount));
            }
        }
        let level = |&(time, change): &(Time, i64)| (time, stock.initial + change);
        let changed = StepFunction::from_changes(changes);
        let steps = changed.steps().iter().map(level).collect();
        let total = StepFunction::from_steps(stock.initial, steps);
        let total = total.expect("the times of a step function ascend");
        Usage {
            name: self.problem.resource(resource).name.clone(),
            kind: UsageKind::Reservoir,
            capacity: StepFunction::constant(stock.most),
            least: Some(StepFunction::constant(stock.least)),
            layers: vec![Layer { group: None, profile: total.clone() }],
            total,
            breaks: Vec::new(),
        }
    }

    /// One layer per group where a legend can name them, else one for all.
    fn layers(&self, changes: &[Change]) -> Vec<Layer> {
        let count = match self.coloring {
            super::Coloring::Jobs => self.problem.jobs().len(),
            super::Coloring::Families => self.problem.families().len(),
        };
        let key = |change: &Change| if count <= LEGEND_MAX { change.0 } else { None };
        let mut groups: Vec<Option<GroupId>> = changes.iter().map(key).collect();
        groups.sort_unstable();
        groups.dedup();
        let layer = |group: Option<GroupId>| {
            let own = changes.iter().filter(|change| key(change) == group);
            let profile = StepFunction::from_changes(own.map(|change| change.1).collect());
            Layer { group, profile }
        };
        groups.into_iter().map(layer).collect()
    }
}
