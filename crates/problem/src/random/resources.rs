//! What random resources have beyond a capacity, and which of them a mode can join.
//!
//! **Source:** -

use super::Draft;
use crate::{
    BatchKind, Batching, BreakPolicy, Calendar, CalendarId, FamilyId, Feature, ProblemError,
    ResourceId, ResourceKind, Setup, Shift, Stock, TaskId, WorkTime,
};
use ordine_base::{Demand, Interval, StepFunction, Ticks, Time};

impl Draft<'_> {
    pub(super) fn refine_resources(&mut self) -> Result<(), ProblemError> {
        if self.on.has(Feature::Setups) || self.on.has(Feature::Batching) {
            for number in 0..1 + self.stream.below(3) {
                self.builder.family(format!("f{number}"));
            }
        }
        if self.on.has(Feature::Setups) {
            for number in 0..1 + self.stream.below(2) {
                self.setup(number);
            }
        }
        if self.on.has(Feature::Calendars) {
            for number in 0..1 + self.stream.below(3) {
                let calendar = self.calendar(number);
                self.calendars.push(calendar);
            }
        }
        for resource in self.resources.clone() {
            match self.builder.resources[resource].kind {
                ResourceKind::Machine => self.refine_machine(resource),
                ResourceKind::Renewable(capacity) => self.refine_renewable(resource, capacity),
                _ => {}
            }
            if self.on.has(Feature::IrregularObjectives) {
                self.builder.resources[resource].price = self.small(0, 3);
            }
        }
        if self.on.has(Feature::Reservoirs) {
            for number in 0..1 + self.stream.below(2) {
                let least = self.small(-2, 0);
                let most = self.small(1, 6);
                let stock = Stock { initial: self.small(least, most), least, most };
                self.reservoirs.push(self.builder.reservoir(format!("s{number}"), stock)?);
            }
        }
        Ok(())
    }

    fn setup(&mut self, number: usize) {
        let families = self.builder.families.len();
        let cells = families * families;
        let times = (0..cells).map(|_| Ticks::new(self.small(0, 4))).collect();
        let costs = match self.stream.chance(0.7) {
            true => (0..cells).map(|_| self.small(0, 5)).collect(),
            false => Vec::new(),
        };
        self.builder.setup(Setup { name: format!("setup{number}"), families, times, costs });
    }

    /// Repeats or lasts, with one to three changes; mostly at work.
    fn calendar(&mut self, number: usize) -> CalendarId {
        let period = self.stream.chance(0.7).then(|| self.small(5, 12));
        let mut steps = Vec::new();
        let mut time = self.small(0, 4);
        for _ in 0..1 + self.stream.below(2) {
            let (at, shift) = (Time::new(time), self.shift());
            steps.push((at, shift));
            time += self.small(1, 3);
            let speed = self.speed();
            steps.push((Time::new(time), speed));
            time += self.small(2, 6);
        }
        if period.is_none() && self.stream.chance(0.1) {
            steps.push((Time::new(time + 30), Shift::Closed));
        }
        steps.retain(|step| period.is_none_or(|period| step.0.get() < period));
        let (name, first) = (format!("calendar{number}"), self.speed());
        self.builder.calendar(Calendar { name, first, steps, period: period.map(Ticks::new) })
    }

    fn shift(&mut self) -> Shift {
        self.one_of(&[Shift::Closed, Shift::Paused, Shift::Paused, Shift::Open(40)])
    }

    fn speed(&mut self) -> Shift {
        self.one_of(&[Shift::FULL, Shift::FULL, Shift::FULL, Shift::Open(50), Shift::Open(150)])
    }

    fn refine_machine(&mut self, machine: ResourceId) {
        let families = self.families();
        self.maybe_calendar(machine);
        if self.on.has(Feature::Setups) && self.stream.chance(0.7) {
            let setups: Vec<_> = self.builder.setups.ids().collect();
            let setup = self.one_of(&setups);
            self.builder.resources[machine].setup = Some(setup);
            if self.stream.chance(0.4) {
                let family = self.one_of(&families);
                self.builder.resources[machine].initial_family = Some(family);
            }
        }
        if self.on.has(Feature::Batching) && self.stream.chance(0.5) {
            let kind = self.one_of(&[BatchKind::Parallel, BatchKind::Serial]);
            let size_max = Demand::new(self.small(1, 4));
            self.builder.resources[machine].batching = Some(Batching { kind, size_max });
        }
    }

    fn refine_renewable(&mut self, renewable: ResourceId, capacity: Demand) {
        self.maybe_calendar(renewable);
        if self.on.has(Feature::CapacityProfiles) && self.stream.chance(0.7) {
            let profile = self.profile(capacity.get());
            self.builder.resources[renewable].capacity_profile = Some(profile);
        }
        if self.on.has(Feature::LeastUsage) && self.stream.chance(0.7) {
            let Interval { start, end } = self.interval(8);
            let level = self.small(1, capacity.get().min(2));
            let least = StepFunction::from_changes(vec![(start, level), (end, -level)]);
            self.builder.resources[renewable].usage_min = Some(least);
        }
        if self.on.has(Feature::SoftCapacities) && self.stream.chance(0.7) {
            self.builder.resources[renewable].overuse_penalty = Some(self.small(1, 3));
        }
    }

    /// Falls below `capacity` in the middle, and rarely at the end.
    fn profile(&mut self, capacity: i64) -> StepFunction {
        let mut time = self.time(0, 6);
        let mut changes = vec![(Time::ORIGIN, capacity)];
        let mut level = capacity;
        for _ in 0..1 + self.stream.below(2) {
            let low = self.small(0, capacity);
            changes.push((time, low - level));
            time += Ticks::new(self.small(1, 5));
            let high = if self.stream.chance(0.8) { capacity } else { self.small(0, capacity) };
            changes.push((time, high - low));
            level = high;
            time += Ticks::new(self.small(1, 8));
        }
        let profile = StepFunction::from_changes(changes);
        match profile.max() == capacity {
            true => profile,
            false => StepFunction::from_changes(vec![(Time::ORIGIN, capacity)]),
        }
    }

    fn maybe_calendar(&mut self, resource: ResourceId) {
        if self.on.has(Feature::Calendars) && self.stream.chance(0.6) {
            let calendars = self.calendars.clone();
            let calendar = self.one_of(&calendars);
            self.builder.resources[resource].calendar = Some(calendar);
        }
    }

    pub(super) fn families(&self) -> Vec<FamilyId> {
        self.builder.families.ids().collect()
    }

    /// Whether a mode can need `resource` beside these: batches bear no second calendar.
    pub(super) fn joins(&self, resource: ResourceId, needs: &[(ResourceId, Demand)]) -> bool {
        let ids = needs.iter().map(|need| need.0).chain([resource]);
        let resources = || ids.clone().map(|id| &self.builder.resources[id]);
        let batching = resources().filter(|it| it.batching.is_some()).count();
        let plain = |it: &&crate::Resource| it.batching.is_none() && it.calendar.is_some();
        batching == 0 || batching == 1 && !resources().any(|it| plain(&it))
    }

    pub(super) fn demand(&mut self, resource: ResourceId) -> Demand {
        let data = &self.builder.resources[resource];
        let (kind, capacity, soft) = (data.kind, data.capacity(), data.overuse_penalty.is_some());
        match kind {
            ResourceKind::Machine if capacity == Demand::ONE => Demand::ONE,
            ResourceKind::Machine => Demand::new(self.small(1, capacity.get())),
            ResourceKind::Renewable(most) if soft => Demand::new(self.small(1, most.get() + 1)),
            ResourceKind::Renewable(most) => Demand::new(self.small(1, most.get())),
            _ => Demand::new(self.small(1, 4)),
        }
    }

    /// The one machine of a task that can wait in a buffer, where it shall and there is one.
    pub(super) fn waiting_need(&mut self, waits: bool) -> Vec<(ResourceId, Demand)> {
        let plain = self.plain_machines();
        if !waits || plain.is_empty() {
            return Vec::new();
        }
        vec![(self.one_of(&plain), Demand::ONE)]
    }

    pub(super) fn plain_machines(&self) -> Vec<ResourceId> {
        let resources = self.resources.iter().copied();
        let plain = |id: &ResourceId| {
            let resource = &self.builder.resources[*id];
            resource.is_machine() && resource.batching.is_none()
        };
        resources.filter(plain).collect()
    }

    pub(super) fn draw_breaks(&mut self, task: TaskId) {
        if self.on.has(Feature::Calendars) {
            let policies = [BreakPolicy::Wait, BreakPolicy::MustFit, BreakPolicy::Pause];
            self.builder.tasks[task].breaks = self.one_of(&policies);
            self.builder.tasks[task].released_in_breaks = self.stream.chance(0.3);
        }
    }

    /// The duration, or the longest shorter one that fits the shifts of the resources.
    pub(super) fn fitting(
        &self,
        task: TaskId,
        duration: Ticks,
        needs: &[(ResourceId, Demand)],
    ) -> Ticks {
        let used = needs.iter().filter_map(|need| self.builder.resources[need.0].calendar);
        let calendars: Vec<&Calendar> = used.map(|id| &self.builder.calendars[id]).collect();
        if calendars.is_empty() {
            return duration;
        }
        let work = WorkTime::under(calendars);
        let policy = self.builder.tasks[task].breaks;
        let fits = |ticks: i64| {
            (0..40).any(|start| work.end(Time::new(start), Ticks::new(ticks), policy).is_some())
        };
        let longest = (1..=duration.get()).rev().find(|&ticks| fits(ticks));
        Ticks::new(longest.unwrap_or(0))
    }
}
