//! Random small problems over the whole model, for tests (cargo feature `random`).
//!
//! Every feature is on or off by the stream, within what the caller allows, so that a property
//! test over many seeds meets every combination. What a feature rests on (a choice on optional
//! tasks) comes with it, and it stays off where that is not allowed. A feature that is off draws
//! nothing, so that problems over old features stay the same when a new one is added. Numbers are
//! small: quadratic checks tick by tick are cheap.
//!
//! **Source:** model-based testing with features drawn per case, as in CaDiCaL's tester.

mod objective;
mod relations;
mod resources;
mod tasks;

use crate::{
    CalendarId, Feature, FeatureSet, Job, JobId, Precedence, PrecedenceKind, Problem,
    ProblemBuilder, ProblemError, ResourceId, TaskId,
};
use ordine_base::{Demand, Interval, StepFunction, Stream, Ticks, Time};

/// What a feature cannot occur without.
const RESTS_ON: [(Feature, Feature); 6] = [
    (Feature::CapacityProfiles, Feature::Renewables),
    (Feature::LeastUsage, Feature::Renewables),
    (Feature::SoftCapacities, Feature::Renewables),
    (Feature::Selections, Feature::OptionalTasks),
    (Feature::Buffers, Feature::Blocking),
    (Feature::IrregularObjectives, Feature::OtherObjectives),
];

/// Draws a sealed problem with 1 to `tasks_max` tasks that uses only `allowed` features.
pub fn random_problem(stream: &mut Stream, tasks_max: usize, allowed: FeatureSet) -> Problem {
    loop {
        let on = draw_features(stream, allowed);
        let drawn = Draft::new(stream, on).draw(tasks_max);
        // A draw can be contradictory (a deadline too early): draw again.
        if let Ok(problem) = drawn {
            return problem;
        }
    }
}

fn draw_features(stream: &mut Stream, allowed: FeatureSet) -> FeatureSet {
    let lacks = |(_, base): &&(Feature, Feature)| !allowed.has(*base);
    let groundless: Vec<Feature> = RESTS_ON.iter().filter(lacks).map(|rests| rests.0).collect();
    let mut on = FeatureSet::EMPTY;
    for feature in allowed.without(FeatureSet::of(&groundless)).iter() {
        on.note(feature, stream.chance(0.5));
    }
    for (feature, base) in RESTS_ON {
        on.note(base, on.has(feature));
    }
    on
}

struct Draft<'a> {
    stream: &'a mut Stream,
    on: FeatureSet,
    builder: ProblemBuilder,
    /// What tasks can demand.
    resources: Vec<ResourceId>,
    reservoirs: Vec<ResourceId>,
    calendars: Vec<CalendarId>,
}

impl<'a> Draft<'a> {
    fn new(stream: &'a mut Stream, on: FeatureSet) -> Self {
        Draft {
            stream,
            on,
            builder: ProblemBuilder::new("random"),
            resources: Vec::new(),
            reservoirs: Vec::new(),
            calendars: Vec::new(),
        }
    }

    fn draw(mut self, tasks_max: usize) -> Result<Problem, ProblemError> {
        let jobs = self.jobs()?;
        self.resources()?;
        self.refine_resources()?;
        let mut count = 1 + self.stream.below(tasks_max);
        if self.on.has(Feature::SettledTasks) {
            let now = self.time(0, 8);
            self.builder.now(now);
        }
        let mut parents = Vec::new();
        if self.on.has(Feature::Spans) && tasks_max > 1 {
            count = count.min(tasks_max - 1);
            if self.stream.chance(0.5) {
                parents.push(self.parent()?);
            }
        }
        let mut tasks: Vec<(TaskId, JobId)> = Vec::new();
        for number in 0..count {
            let job = jobs[self.stream.below(jobs.len())];
            let task = self.builder.task(format!("t{number}"), Some(job))?;
            self.modes(task)?;
            self.precedences(task, job, &tasks)?;
            self.refine_task(task);
            tasks.push((task, job));
        }
        let ids: Vec<TaskId> = tasks.iter().map(|(task, _)| *task).collect();
        if self.on.has(Feature::Spans) && tasks_max > 1 {
            self.spans(&ids, parents, tasks_max)?;
        }
        self.relations(&ids)?;
        let objective = self.objective();
        self.builder.objective(objective);
        self.builder.seal()
    }

    fn jobs(&mut self) -> Result<Vec<JobId>, ProblemError> {
        let count = 1 + self.stream.below(3);
        (0..count).map(|number| self.job(number)).collect()
    }

    fn job(&mut self, number: usize) -> Result<JobId, ProblemError> {
        let mut job = Job::named(format!("j{number}"));
        job.weight = self.small(0, 4);
        if self.on.has(Feature::Releases) {
            job.release = Time::new(self.small(0, 6));
        }
        if self.on.has(Feature::OtherObjectives) {
            job.due = Some(Time::new(self.small(0, 20)));
        }
        if self.on.has(Feature::IrregularObjectives) && self.stream.chance(0.5) {
            job.due_from = job.due.map(|due| due - Ticks::new(self.small(0, 5)));
        }
        if self.on.has(Feature::Deadlines) && self.stream.chance(0.5) {
            job.deadline = Some(Time::new(self.small(8, 40)));
        }
        self.builder.job(job)
    }

    fn resources(&mut self) -> Result<(), ProblemError> {
        for number in 0..1 + self.stream.below(3) {
            self.resources.push(self.builder.machine(format!("m{number}")));
        }
        if self.on.has(Feature::Renewables) {
            for number in 0..1 + self.stream.below(2) {
                let capacity = Demand::new(self.small(1, 4));
                self.resources.push(self.builder.renewable(format!("r{number}"), capacity)?);
            }
        }
        if self.on.has(Feature::Consumables) {
            for number in 0..1 + self.stream.below(2) {
                let capacity = Demand::new(self.small(3, 12));
                self.resources.push(self.builder.consumable(format!("c{number}"), capacity)?);
            }
        }
        Ok(())
    }

    fn modes(&mut self, task: TaskId) -> Result<(), ProblemError> {
        let several = self.on.has(Feature::SeveralModes);
        let count = if several { 1 + self.stream.below(3) } else { 1 };
        self.draw_breaks(task);
        let waits = self.on.has(Feature::Buffers) && self.stream.chance(0.4);
        for _ in 0..count {
            let mut needs: Vec<(ResourceId, Demand)> = self.waiting_need(waits);
            let free = !needs.is_empty()
                || self.on.has(Feature::ResourceFreeWork) && self.stream.chance(0.3);
            if !free {
                let most = if self.on.has(Feature::SeveralResources) { 3 } else { 1 };
                for _ in 0..1 + self.stream.below(most) {
                    let resource = self.resources[self.stream.below(self.resources.len())];
                    if needs.iter().all(|need| need.0 != resource) && self.joins(resource, &needs) {
                        needs.push((resource, self.demand(resource)));
                    }
                }
            }
            let duration = Ticks::new(self.small(0, 7));
            let duration = self.fitting(task, duration, &needs);
            let changes = self.stock_changes();
            self.builder.mode_with(task, duration, &needs, &changes)?;
        }
        Ok(())
    }

    /// In a chain after the last task of its job; with branches to other tasks where allowed.
    fn precedences(
        &mut self,
        task: TaskId,
        job: JobId,
        earlier: &[(TaskId, JobId)],
    ) -> Result<(), ProblemError> {
        let last = earlier.iter().rev().find(|(_, of_job)| *of_job == job).map(|(task, _)| *task);
        let mut before: Vec<TaskId> = last.into_iter().collect();
        if self.on.has(Feature::Branching) {
            before.retain(|_| self.stream.chance(0.5));
            let others = earlier.iter().map(|(task, _)| *task);
            let chosen: Vec<TaskId> = others.filter(|_| self.stream.chance(0.25)).collect();
            before.extend(chosen);
        }
        for before in before {
            let precedence = self.precedence(before, task);
            self.builder.precedence(precedence)?;
        }
        Ok(())
    }

    fn precedence(&mut self, before: TaskId, after: TaskId) -> Precedence {
        let mut precedence = Precedence::end_to_start(before, after);
        if self.on.has(Feature::Lags) && self.stream.chance(0.5) {
            precedence = precedence.with_lag(Ticks::new(self.small(-3, 5)));
        }
        if self.on.has(Feature::GeneralPrecedences) {
            let kinds = [
                PrecedenceKind::EndToStart,
                PrecedenceKind::StartToStart,
                PrecedenceKind::EndToEnd,
                PrecedenceKind::StartToEnd,
            ];
            precedence = precedence.with_kind(kinds[self.stream.below(4)]);
        }
        if self.on.has(Feature::MaximalLags) && self.stream.chance(0.4) {
            precedence = precedence.with_lag_max(precedence.lag + Ticks::new(self.small(0, 6)));
        }
        if self.on.has(Feature::SoftPrecedences) && self.stream.chance(0.3) {
            precedence = precedence.with_penalty(self.small(1, 4));
        }
        precedence
    }

    fn small(&mut self, least: i64, most: i64) -> i64 {
        least + self.stream.below((most - least + 1) as usize) as i64
    }

    fn time(&mut self, least: i64, most: i64) -> Time {
        Time::new(self.small(least, most))
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.stream.below(items.len())]
    }

    /// A short interval that begins before `latest`.
    fn interval(&mut self, latest: i64) -> Interval {
        let start = self.time(0, latest);
        Interval::new(start, start + Ticks::new(self.small(1, 4)))
    }

    /// A function with up to three steps from the origin on, within these values.
    fn steps(&mut self, least: i64, most: i64) -> StepFunction {
        let (mut changes, mut level, mut time) = (Vec::new(), 0, Time::ORIGIN);
        for _ in 0..1 + self.stream.below(3) {
            let value = self.small(least, most);
            changes.push((time, value - level));
            level = value;
            time += Ticks::new(self.small(1, 8));
        }
        StepFunction::from_changes(changes)
    }
}

#[cfg(test)]
mod tests;
