//! What the proof engine guarantees beside its answers: levels, memory, the length of a
//! tick, modes that nobody needs.
//!
//! **Source:** -

mod dominated;
mod facts;
mod levels;
mod memory;
mod ticks;

use ordine_base::{Demand, Seed, Ticks};
use ordine_problem::{Precedence, Problem, ProblemBuilder};

/// A random job shop with durations of 1 to 99 times `factor` ticks.
pub fn job_shop(seed: u64, jobs: usize, machines: usize, factor: i64) -> Problem {
    let mut stream = Seed::new(seed).stream("job shop");
    let mut builder = ProblemBuilder::new(format!("shop {seed}"));
    let ids: Vec<_> = (0..machines).map(|it| builder.machine(format!("m{it}"))).collect();
    for job in 0..jobs {
        let mut route = ids.clone();
        stream.shuffle(&mut route);
        let mut before = None;
        for machine in route {
            let task = builder.task(format!("j{job} on {machine:?}"), None).expect("no job");
            let duration = Ticks::new((1 + stream.below(99) as i64) * factor);
            builder.mode(task, duration, &[(machine, Demand::ONE)]).expect("a valid mode");
            if let Some(before) = before {
                builder.precedence(Precedence::end_to_start(before, task)).expect("a chain");
            }
            before = Some(task);
        }
    }
    builder.seal().expect("chains have no cycle")
}
