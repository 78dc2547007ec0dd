//! Random small problems over the whole model, for tests (cargo feature `random`).
//!
//! Every feature is on or off by the stream, within what the caller allows, so that a property
//! test over many seeds meets every combination.
//!
//! **Source:** model-based testing with features drawn per case, as in CaDiCaL's tester.

use crate::{
    Feature, FeatureSet, Job, JobId, Level, Measure, Objective, Precedence, PrecedenceKind,
    Problem, ProblemBuilder, ProblemError, ResourceId, TaskId, Term,
};
use ordine_base::{Demand, Stream, Ticks, Time};

/// The measures of plain problems.
const REGULAR: [Measure; 9] = [
    Measure::Makespan,
    Measure::TotalFlowTime,
    Measure::WeightedFlowTime,
    Measure::TotalTardiness,
    Measure::WeightedTardiness,
    Measure::MaxTardiness,
    Measure::MaxLateness,
    Measure::NumberLate,
    Measure::WeightedNumberLate,
];

/// Draws a sealed problem with 1 to `tasks_max` tasks that uses only `allowed` features.
pub fn random_problem(stream: &mut Stream, tasks_max: usize, allowed: FeatureSet) -> Problem {
    loop {
        let on = draw_features(stream, allowed);
        let drawn = Draft { stream, on, builder: ProblemBuilder::new("random") }.draw(tasks_max);
        // A draw can be contradictory (a deadline too early): draw again.
        if let Ok(problem) = drawn {
            return problem;
        }
    }
}

fn draw_features(stream: &mut Stream, allowed: FeatureSet) -> FeatureSet {
    let mut on = FeatureSet::EMPTY;
    for feature in allowed.iter() {
        on.note(feature, stream.chance(0.5));
    }
    on
}

struct Draft<'a> {
    stream: &'a mut Stream,
    on: FeatureSet,
    builder: ProblemBuilder,
}

impl Draft<'_> {
    fn draw(mut self, tasks_max: usize) -> Result<Problem, ProblemError> {
        let jobs = self.jobs()?;
        let resources = self.resources()?;
        let count = 1 + self.stream.below(tasks_max);
        let mut tasks: Vec<(TaskId, JobId)> = Vec::new();
        for number in 0..count {
            let job = jobs[self.stream.below(jobs.len())];
            let task = self.builder.task(format!("t{number}"), Some(job))?;
            self.modes(task, &resources)?;
            self.precedences(task, job, &tasks)?;
            tasks.push((task, job));
        }
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
        if self.on.has(Feature::Deadlines) && self.stream.chance(0.5) {
            job.deadline = Some(Time::new(self.small(8, 40)));
        }
        self.builder.job(job)
    }

    fn resources(&mut self) -> Result<Vec<ResourceId>, ProblemError> {
        let mut resources = Vec::new();
        for number in 0..1 + self.stream.below(3) {
            resources.push(self.builder.machine(format!("m{number}")));
        }
        if self.on.has(Feature::Renewables) {
            for number in 0..1 + self.stream.below(2) {
                let capacity = Demand::new(self.small(1, 4));
                resources.push(self.builder.renewable(format!("r{number}"), capacity)?);
            }
        }
        if self.on.has(Feature::Consumables) {
            for number in 0..1 + self.stream.below(2) {
                let capacity = Demand::new(self.small(3, 12));
                resources.push(self.builder.consumable(format!("c{number}"), capacity)?);
            }
        }
        Ok(resources)
    }

    fn modes(&mut self, task: TaskId, resources: &[ResourceId]) -> Result<(), ProblemError> {
        let several = self.on.has(Feature::SeveralModes);
        let count = if several { 1 + self.stream.below(3) } else { 1 };
        for _ in 0..count {
            let mut needs: Vec<(ResourceId, Demand)> = Vec::new();
            let free = self.on.has(Feature::ResourceFreeWork) && self.stream.chance(0.3);
            if !free {
                let most = if self.on.has(Feature::SeveralResources) { 3 } else { 1 };
                for _ in 0..1 + self.stream.below(most) {
                    let resource = resources[self.stream.below(resources.len())];
                    if needs.iter().all(|need| need.0 != resource) {
                        needs.push((resource, self.demand(resource)));
                    }
                }
            }
            let duration = Ticks::new(self.small(0, 7));
            self.builder.mode(task, duration, &needs)?;
        }
        Ok(())
    }

    fn demand(&mut self, resource: ResourceId) -> Demand {
        match self.builder.resources[resource].kind {
            crate::ResourceKind::Machine => Demand::ONE,
            crate::ResourceKind::Renewable(most) => Demand::new(self.small(1, most.get())),
            _ => Demand::new(self.small(1, 4)),
        }
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
        precedence
    }

    fn objective(&mut self) -> Objective {
        if !self.on.has(Feature::OtherObjectives) {
            return Objective::default();
        }
        let levels = (0..1 + self.stream.below(2)).map(|_| {
            (0..1 + self.stream.below(2))
                .map(|_| {
                    let measure = REGULAR[self.stream.below(REGULAR.len())];
                    Term { weight: self.small(1, 3), measure }
                })
                .collect()
        });
        let levels = levels.map(Level::of);
        Objective::from_levels(levels.collect()).expect("levels are not empty")
    }

    fn small(&mut self, least: i64, most: i64) -> i64 {
        least + self.stream.below((most - least + 1) as usize) as i64
    }
}
