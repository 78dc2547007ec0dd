//! The cost of a schedule under the problem's objective, as engines compute it.
//!
//! The judge has its own. O(n log n) for n placements, requirements and precedences.
//!
//! **Source:** decision record 0004; measures of resources: Möhring 1984; Neumann, Zimmermann 1999.

use crate::usage::{Use, uses};
use crate::{JobId, Measure, Precedence, Problem, ResourceId, ResourceKind, Schedule, Term};
use ordine_base::{Cost, Demand, IdVec, StepFunction, Time};
use std::borrow::Cow;

/// What the measures are computed from; uses only where a term needs them.
struct Measured<'a> {
    problem: &'a Problem,
    schedule: &'a Schedule,
    job_ends: IdVec<JobId, Time>,
    uses: Option<IdVec<ResourceId, Vec<Use>>>,
}

pub(crate) fn cost(problem: &Problem, schedule: &Schedule) -> Cost {
    let mut job_ends: IdVec<JobId, Time> =
        problem.jobs().map(|job| problem.job(job).release).collect();
    for (task, placement) in schedule.placed() {
        if let Some(job) = problem.task(task).job {
            job_ends[job] = job_ends[job].max(placement.end);
        }
    }
    let needs_uses = |term: Term| needs_uses(problem, term.measure);
    let uses = problem.objective().terms().any(needs_uses).then(|| uses(problem, schedule));
    let measured = Measured { problem, schedule, job_ends, uses };
    let levels = problem.objective().levels().iter().map(|level| {
        let terms = level.terms.iter();
        let value = |term: &Term| term.weight.saturating_mul(measured.value(term.measure));
        level.counted(terms.map(value).fold(0, i64::saturating_add))
    });
    Cost::from_levels(&levels.collect::<Vec<i64>>())
}

fn needs_uses(problem: &Problem, measure: Measure) -> bool {
    match measure {
        Measure::Penalties => {
            problem.resources().any(|id| problem.resource(id).overuse_penalty.is_some())
        }
        Measure::TotalSetupTime
        | Measure::TotalSetupCost
        | Measure::ResourceCost
        | Measure::ResourceInvestment
        | Measure::ResourceLeveling => true,
        _ => false,
    }
}

impl Measured<'_> {
    fn value(&self, measure: Measure) -> i64 {
        match measure {
            Measure::TotalSetupTime => self.setups().0,
            Measure::TotalSetupCost => self.setups().1,
            Measure::ResourceCost => self.resource_cost(),
            Measure::ResourceInvestment => self.priced(|usage| usage.max()),
            Measure::ResourceLeveling => self.priced(|usage| integral(usage, |it| it * it)),
            Measure::Penalties => self.penalties(),
            Measure::TotalDeviation => self.deviation().0,
            Measure::NumberMoved => self.deviation().1,
            _ => measure.of_ends(self.problem, self.schedule.makespan(), &self.job_ends),
        }
    }

    fn uses(&self) -> &IdVec<ResourceId, Vec<Use>> {
        self.uses.as_ref().expect("uses are collected where a term needs them")
    }

    /// Time and cost of all setups; a batch counts once.
    fn setups(&self) -> (i64, i64) {
        let mut sum = (0, 0);
        for (machine, list) in self.uses().iter() {
            let resource = self.problem.resource(machine);
            if resource.setup.is_none() {
                continue;
            }
            let mut family = resource.initial_family;
            let mut before: Option<Use> = None;
            for it in list {
                let again = before.is_some_and(|before| self.together(machine, &before, it));
                before = Some(*it);
                if again {
                    continue;
                }
                let (time, cost) = self.problem.setup_between(machine, family, it.task);
                sum = (sum.0 + time.get(), sum.1 + cost);
                family = self.problem.task(it.task).family;
            }
        }
        sum
    }

    /// Whether two uses of a machine are of one task or of one batch.
    fn together(&self, machine: ResourceId, left: &Use, right: &Use) -> bool {
        let times = |it: &Use| self.schedule.placement(it.task).map(|it| (it.start, it.end));
        let batches = self.problem.resource(machine).batching.is_some();
        left.task == right.task || batches && times(left) == times(right)
    }

    /// Uses of a resource as the measures count them: a batch uses its machine once, whatever its
    /// tasks demand.
    fn counted(&self, id: ResourceId) -> Cow<'_, [Use]> {
        let list = &self.uses()[id];
        if self.problem.resource(id).batching.is_none() {
            return Cow::Borrowed(list);
        }
        let mut list = list.clone();
        let times = |it: &Use| self.schedule.placement(it.task).map(|it| (it.start, it.end));
        list.sort_by_key(|it| (times(it), it.interval.start));
        let mut counted: Vec<Use> = Vec::new();
        for it in list {
            let last = counted.last_mut().filter(|last| times(last) == times(&it));
            match last.filter(|last| it.interval.start <= last.interval.end) {
                Some(last) => last.interval.end = last.interval.end.max(it.interval.end),
                None => counted.push(Use { demand: Demand::ONE, ..it }),
            }
        }
        Cow::Owned(counted)
    }

    fn resource_cost(&self) -> i64 {
        let mut sum: i64 = 0;
        for id in self.problem.resources() {
            let price = self.problem.resource(id).price;
            let used = self.counted(id);
            let used = used.iter().map(|it| it.demand.get() * it.interval.elapsed().get());
            sum = sum.saturating_add(price.saturating_mul(used.sum()));
        }
        for (_, placement) in self.schedule.placed() {
            for need in self.problem.requirements(placement.mode) {
                let resource = self.problem.resource(need.resource);
                if matches!(resource.kind, ResourceKind::Consumable(_)) {
                    sum = sum.saturating_add(resource.price.saturating_mul(need.demand.get()));
                }
            }
        }
        sum
    }

    fn priced(&self, value: impl Fn(&StepFunction) -> i64) -> i64 {
        let mut sum: i64 = 0;
        for id in self.problem.resources() {
            let price = self.problem.resource(id).price;
            if price > 0 {
                sum = sum.saturating_add(price.saturating_mul(value(&usage(&self.counted(id)))));
            }
        }
        sum
    }

    fn penalties(&self) -> i64 {
        let mut sum: i64 = 0;
        for task in self.problem.tasks() {
            let data = self.problem.task(task);
            let Some(placement) = self.schedule.placement(task) else {
                sum += data.absence_penalty;
                continue;
            };
            sum += data.start_cost.as_ref().map_or(0, |cost| cost.value(placement.start));
            sum += data.end_cost.as_ref().map_or(0, |cost| cost.value(placement.end));
        }
        for precedence in self.problem.precedences().values() {
            if let Some(penalty) = precedence.penalty {
                sum = sum.saturating_add(penalty.saturating_mul(self.missed_by(precedence)));
            }
        }
        for id in self.problem.resources() {
            if let Some(penalty) = self.problem.resource(id).overuse_penalty {
                sum = sum.saturating_add(penalty.saturating_mul(self.excess(id)));
            }
        }
        sum
    }

    /// Ticks by which a precedence is missed, in either direction.
    fn missed_by(&self, precedence: &Precedence) -> i64 {
        let placement = |task| self.schedule.placement(task);
        let Some(before) = placement(precedence.before) else { return 0 };
        let Some(after) = placement(precedence.after) else { return 0 };
        let from = if precedence.kind.leaves_end() { before.end } else { before.start };
        let to = if precedence.kind.enters_start() { after.start } else { after.end };
        let gap = to - from;
        let short = (precedence.lag - gap).get().max(0);
        let beyond = precedence.lag_max.map_or(0, |most| (gap - most).get().max(0));
        short + beyond
    }

    /// Sum over time of the usage above the capacity.
    fn excess(&self, id: ResourceId) -> i64 {
        let resource = self.problem.resource(id);
        let mut changes = usage_changes(&self.uses()[id]);
        if let Some(profile) = &resource.capacity_profile {
            let mut level = profile.value(Time::new(-Time::MAX.get() - 1));
            changes.push((Time::new(-Time::MAX.get() - 1), -level));
            for &(time, value) in profile.steps() {
                changes.push((time, level - value));
                level = value;
            }
        } else {
            changes.push((Time::new(-Time::MAX.get() - 1), -resource.capacity().get()));
        }
        integral(&StepFunction::from_changes(changes), |over| over.max(0))
    }

    /// Sum of distances from planned starts, and number of moved tasks.
    fn deviation(&self) -> (i64, i64) {
        let (mut distance, mut moved) = (0, 0);
        for task in self.problem.tasks() {
            let Some(planned) = self.problem.task(task).planned else { continue };
            let Some(placement) = self.schedule.placement(task) else {
                moved += 1;
                continue;
            };
            let by = (placement.start - planned.start).get().abs();
            distance += by;
            let same_mode = self.problem.mode_number(placement.mode) == planned.mode as usize;
            moved += i64::from(by > 0 || !same_mode);
        }
        (distance, moved)
    }
}

fn usage_changes(uses: &[Use]) -> Vec<(Time, i64)> {
    let changes = |it: &Use| {
        let demand = it.demand.get();
        [(it.interval.start, demand), (it.interval.end, -demand)]
    };
    uses.iter().flat_map(changes).collect()
}

fn usage(uses: &[Use]) -> StepFunction {
    StepFunction::from_changes(usage_changes(uses))
}

/// Sum over time of `value` of a function that ends at a value that counts nothing.
fn integral(function: &StepFunction, value: impl Fn(i64) -> i64) -> i64 {
    let mut sum: i64 = 0;
    for pair in function.steps().windows(2) {
        let ticks = (pair[1].0 - pair[0].0).get();
        sum = sum.saturating_add(value(pair[0].1).saturating_mul(ticks));
    }
    sum
}
