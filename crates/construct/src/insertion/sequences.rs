//! Whether machines follow one order of jobs.
//!
//! Appending keeps one order where a job visits each machine once; this looks at what was built,
//! for jobs that come back and for settled tasks. O(uses × log uses).
//!
//! **Source:** decision record 0004: no arc of consecutive jobs that are not both done lies on a
//! circle.

use super::clusters::{Lists, strong_components};
use ordine_base::Id;
use ordine_problem::{JobId, Problem, SameSequence, Schedule, uses};

pub(super) fn has_one_order(
    problem: &Problem,
    sequence: &SameSequence,
    schedule: &Schedule,
) -> bool {
    let uses = uses(problem, schedule);
    let (mut arcs, mut is_open): (Vec<(u32, u32)>, Vec<bool>) = (Vec::new(), Vec::new());
    for &machine in &sequence.machines {
        let visits = uses[machine].iter().filter_map(|it| {
            let data = problem.task(it.task);
            Some((data.job?, data.status.is_done()))
        });
        let visits: Vec<(JobId, bool)> = visits.collect();
        for pair in visits.windows(2).filter(|pair| pair[0].0 != pair[1].0) {
            arcs.push((pair[0].0.index() as u32, pair[1].0.index() as u32));
            is_open.push(!(pair[0].1 && pair[1].1));
        }
    }
    let component =
        strong_components(problem.jobs().len(), &Lists::new(problem.jobs().len(), &arcs));
    let together = |arc: &(u32, u32)| component[arc.0 as usize] == component[arc.1 as usize];
    !arcs.iter().zip(&is_open).any(|(arc, &is_open)| is_open && together(arc))
}
