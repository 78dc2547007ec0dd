//! Naive measures.
//!
//! **Source:** decision record 0004.

use super::{Twin, number, relations::missed};
use ordine_base::StepFunction;
use ordine_problem::{JobId, Measure, ResourceId, ResourceKind};

impl Twin<'_> {
    pub(super) fn cost(&self) -> Option<Vec<i128>> {
        let mut levels = Vec::new();
        for data in self.problem.objective().levels() {
            let mut level = 0_i128;
            for term in &data.terms {
                let value = self.value(term.measure)?;
                level = level.checked_add(value.checked_mul(i128::from(term.weight))?)?;
            }
            if let Some(floor) = data.floor {
                level = level.max(i128::from(floor));
            }
            if level >= 1 << 62 || level <= -(1 << 62) {
                return None;
            }
            levels.push(level);
        }
        Some(levels)
    }

    fn value(&self, measure: Measure) -> Option<i128> {
        match measure {
            Measure::Makespan => Some(self.placed.iter().map(|it| it.end).max().unwrap_or(0)),
            Measure::TotalSetupTime => Some(self.all_setups().0),
            Measure::TotalSetupCost => Some(self.all_setups().1),
            Measure::ResourceCost => {
                self.over_resources(|id| self.over_time(id, |usage, _| Some(usage)))
            }
            Measure::ResourceInvestment => self.over_resources(|id| self.largest(id)),
            Measure::ResourceLeveling => {
                self.over_resources(|id| match self.problem.resource(id).kind {
                    ResourceKind::Consumable(_) => Some(0),
                    _ => self.over_time(id, |usage, _| usage.checked_mul(usage)),
                })
            }
            Measure::Penalties => self.penalties(),
            Measure::TotalDeviation => Some(self.moves().map(|(by, _)| by).sum()),
            Measure::NumberMoved => {
                Some(self.moves().map(|(by, other)| i128::from(by != 0 || other)).sum())
            }
            _ => Some(self.over_jobs(measure)),
        }
    }

    fn over_jobs(&self, measure: Measure) -> i128 {
        let (mut total, mut most) = (0, None);
        for job in self.problem.jobs() {
            let Some(found) = self.of_job(job, measure) else { continue };
            total += found;
            most = Some(most.map_or(found, |most: i128| most.max(found)));
        }
        match measure {
            Measure::MaxLateness | Measure::MaxTardiness => most.unwrap_or(0),
            _ => total,
        }
    }

    fn of_job(&self, job: JobId, measure: Measure) -> Option<i128> {
        let data = self.problem.job(job);
        let own = self.placed.iter().filter(|it| self.problem.task(it.id).job == Some(job));
        // What was done before the release does not end the job before it.
        let end = own.map(|it| it.end).max().unwrap_or(0).max(number(data.release));
        let weight = i128::from(data.weight);
        let late = data.due.map(|due| end - number(due));
        let early = data.due_from.or(data.due).map(|from| (number(from) - end).max(0));
        Some(match measure {
            Measure::TotalFlowTime => end - number(data.release),
            Measure::WeightedFlowTime => weight * (end - number(data.release)),
            Measure::TotalEarliness => early?,
            Measure::WeightedEarliness => weight * early?,
            Measure::MaxLateness => late?,
            Measure::TotalTardiness | Measure::MaxTardiness => late?.max(0),
            Measure::WeightedTardiness => weight * late?.max(0),
            Measure::NumberLate => i128::from(late? > 0),
            Measure::WeightedNumberLate => weight * i128::from(late? > 0),
            _ => unreachable!("not a measure of jobs"),
        })
    }

    fn all_setups(&self) -> (i128, i128) {
        let mut sum = (0, 0);
        for machine in self.problem.resources() {
            let mut from = self.problem.resource(machine).initial_family;
            for run in self.runs(machine) {
                let first = run.iter().map(|piece| piece.it.id).min().expect("a run has pieces");
                let (time, cost) = self.setup(machine, from, self.family(first));
                sum = (sum.0 + time, sum.1 + cost);
                from = self.family(first);
            }
        }
        sum
    }

    /// Sum of price × value.
    fn over_resources(&self, value: impl Fn(ResourceId) -> Option<i128>) -> Option<i128> {
        let mut sum = 0_i128;
        for id in self.problem.resources() {
            let price = i128::from(self.problem.resource(id).price);
            if price > 0 {
                sum = sum.checked_add(value(id)?.checked_mul(price)?)?;
            }
        }
        Some(sum)
    }

    fn points(&self, resource: ResourceId) -> Vec<i128> {
        let pieces = self.pieces(resource);
        let mut points: Vec<i128> = pieces.iter().flat_map(|it| [it.start, it.end]).collect();
        if let Some(profile) = &self.problem.resource(resource).capacity_profile {
            points.extend(profile.steps().iter().map(|step| number(step.0)));
        }
        points.sort_unstable();
        points
    }

    /// A machine is used once by all that belongs together.
    fn usage_at(&self, resource: ResourceId, point: i128) -> i128 {
        let pieces = self.pieces(resource);
        let here: Vec<_> = pieces.iter().filter(|it| it.start <= point && point < it.end).collect();
        if !self.problem.resource(resource).is_machine() {
            return here.iter().map(|piece| piece.demand).sum();
        }
        let mut count = 0;
        for (place, piece) in here.iter().enumerate() {
            let new = here[..place].iter().all(|other| !self.together(resource, other, piece));
            count += i128::from(new);
        }
        count
    }

    fn largest(&self, resource: ResourceId) -> Option<i128> {
        if matches!(self.problem.resource(resource).kind, ResourceKind::Consumable(_)) {
            return Some(0);
        }
        let points = self.points(resource);
        Some(points.iter().map(|&point| self.usage_at(resource, point)).max().unwrap_or(0))
    }

    /// Sum over time of a value of usage and capacity; of consumables what is spent.
    fn over_time(
        &self,
        resource: ResourceId,
        value: impl Fn(i128, i128) -> Option<i128>,
    ) -> Option<i128> {
        let is_renewable =
            matches!(self.problem.resource(resource).kind, ResourceKind::Renewable(_));
        if matches!(self.problem.resource(resource).kind, ResourceKind::Consumable(_)) {
            let modes = self.placed.iter().filter_map(|it| it.mode);
            let needs = modes.flat_map(|mode| self.problem.requirements(mode));
            let own = needs.filter(|need| need.resource == resource);
            return Some(own.map(|need| i128::from(need.demand.get())).sum());
        }
        let mut sum = 0_i128;
        for pair in self.points(resource).windows(2) {
            let capacity = if is_renewable { self.capacity(resource, pair[0]) } else { 1 };
            let here = value(self.usage_at(resource, pair[0]), capacity)?;
            sum = sum.checked_add(here.checked_mul(pair[1] - pair[0])?)?;
        }
        Some(sum)
    }

    fn penalties(&self) -> Option<i128> {
        let mut sum = 0_i128;
        for task in self.problem.tasks() {
            let data = self.problem.task(task);
            let at = |function: &Option<StepFunction>, point: i128| {
                let steps = function.as_ref().map(|it| (it.value(ordine_base::Time::new(-1)), it));
                steps.map_or(0, |(first, it)| {
                    let mut passed = it.steps().iter().filter(|step| number(step.0) <= point);
                    i128::from(passed.next_back().map_or(first, |step| step.1))
                })
            };
            sum += match self.get(task) {
                None => i128::from(data.absence_penalty),
                Some(it) => at(&data.start_cost, it.start) + at(&data.end_cost, it.end),
            };
        }
        for precedence in self.problem.precedences().values() {
            let tasks = (self.get(precedence.before), self.get(precedence.after));
            if let (Some(penalty), (Some(before), Some(after))) = (precedence.penalty, tasks) {
                let (short, beyond) = missed(precedence, before, after);
                let ticks = short.max(0) + beyond.max(0);
                sum = sum.checked_add(ticks.checked_mul(i128::from(penalty))?)?;
            }
        }
        for id in self.problem.resources() {
            if let Some(penalty) = self.problem.resource(id).overuse_penalty {
                let over = self.over_time(id, |usage, most| Some((usage - most).max(0)))?;
                sum = sum.checked_add(over.checked_mul(i128::from(penalty))?)?;
            }
        }
        Some(sum)
    }

    /// For each planned task by how much its start has moved, and whether it is elsewhere or not
    /// there at all.
    fn moves(&self) -> impl Iterator<Item = (i128, bool)> {
        self.problem.tasks().filter_map(|task| {
            let planned = self.problem.task(task).planned?;
            let Some(it) = self.get(task) else { return Some((0, true)) };
            let mode = it.mode.map(|mode| self.problem.mode_number(mode));
            let by = (it.start - number(planned.start)).abs();
            Some((by, mode != Some(planned.mode as usize)))
        })
    }
}
