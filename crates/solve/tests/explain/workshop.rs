//! A feasible workshop of two hundred constraints, for conflicts to be planted into.
//!
//! **Source:** -

use ordine_base::{Demand, Seed, Ticks, Time};
use ordine_problem::{Job, JobId, Precedence, ProblemBuilder, ResourceId, TaskId};

/// Everybody's latest end: far away.
const LOOSE: i64 = 2_000;

/// A job shop of eight jobs and eight machines: 56 precedences, 8 capacities, 8 releases, 8
/// deadlines and 64 windows, and 56 precedences more between jobs.
pub struct Workshop {
    pub builder: ProblemBuilder,
}

impl Workshop {
    pub fn new() -> Self {
        let mut shop = Workshop { builder: ProblemBuilder::new("workshop") };
        let mut stream = Seed::new(7).stream("workshop");
        let machines: Vec<ResourceId> =
            (0..8).map(|it| shop.builder.machine(format!("m{it}"))).collect();
        let mut before: Vec<TaskId> = Vec::new();
        for number in 0..8 {
            let (name, deadline) = (format!("j{number}"), Some(Time::new(LOOSE)));
            let job = Job { release: Time::new(1), deadline, ..Job::named(name) };
            let job = shop.builder.job(job).expect("valid");
            let mut route = machines.clone();
            stream.shuffle(&mut route);
            let mut tasks = Vec::new();
            for (place, machine) in route.into_iter().enumerate() {
                let duration = 1 + stream.below(9) as i64;
                let name = format!("t{number}.{place}");
                let task = shop.task(&name, Some(job), duration, &[machine]);
                shop.builder.edit_task(task).latest_end = Some(Time::new(LOOSE));
                tasks.push(task);
            }
            for pair in tasks.windows(2) {
                shop.builder.precedence(Precedence::end_to_start(pair[0], pair[1])).expect("valid");
            }
            // Every task starts after one of the job before, where there is one.
            for (&first, &second) in before.iter().zip(&tasks) {
                let gap = Precedence::end_to_start(first, second).with_lag(Ticks::new(-3));
                shop.builder.precedence(gap).expect("valid");
            }
            before = tasks;
        }
        shop
    }

    pub fn job(&mut self, name: &str, deadline: Option<i64>) -> JobId {
        let job = Job { deadline: deadline.map(Time::new), ..Job::named(name) };
        self.builder.job(job).expect("valid")
    }

    pub fn task(
        &mut self,
        name: &str,
        job: Option<JobId>,
        duration: i64,
        needs: &[ResourceId],
    ) -> TaskId {
        let task = self.builder.task(name, job).expect("valid");
        let needs: Vec<_> = needs.iter().map(|id| (*id, Demand::ONE)).collect();
        self.builder.mode(task, Ticks::new(duration), &needs).expect("valid");
        task
    }
}
