//! Whether machines follow one order of jobs.
//!
//! Appending keeps one order where a job visits each machine once; this looks at what was built,
//! for jobs that come back and for settled tasks. O(uses × log uses).
//!
//! **Source:** decision record 0004: the arcs of consecutive jobs form no circle; Kahn 1962.

use ordine_base::Id;
use ordine_problem::{JobId, Problem, SameSequence, Schedule, uses};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn has_one_order(
    problem: &Problem,
    sequence: &SameSequence,
    schedule: &Schedule,
) -> bool {
    let uses = uses(problem, schedule);
    let mut arcs: BTreeSet<(JobId, JobId)> = BTreeSet::new();
    for &machine in &sequence.machines {
        let visits = uses[machine].iter().filter_map(|it| problem.task(it.task).job);
        let visits: Vec<JobId> = visits.collect();
        let pairs = visits.windows(2).map(|pair| (pair[0], pair[1]));
        arcs.extend(pairs.filter(|(from, to)| from != to));
    }
    is_acyclic(&arcs)
}

fn is_acyclic(arcs: &BTreeSet<(JobId, JobId)>) -> bool {
    let mut waiting: BTreeMap<JobId, usize> = BTreeMap::new();
    for &(from, to) in arcs {
        waiting.entry(from).or_insert(0);
        *waiting.entry(to).or_insert(0) += 1;
    }
    let mut open: Vec<JobId> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(job, _)| *job).collect();
    let mut left = waiting.len();
    while let Some(job) = open.pop() {
        left -= 1;
        let later = arcs.range((job, JobId::from_index(0))..).take_while(|arc| arc.0 == job);
        for &(_, to) in later {
            let count = waiting.get_mut(&to).expect("every end of an arc is counted");
            *count -= 1;
            if *count == 0 {
                open.push(to);
            }
        }
    }
    left == 0
}
