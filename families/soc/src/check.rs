//! The definition of a correct run, from its trace alone.
//!
//! A trace holds every task that ended. It is correct when each task ran on an element that
//! supports it, not before its predecessors' data were there, never beyond the capacity of the
//! element, and for its duration where nothing is random. O(tasks × (edges + overlaps)); shares
//! nothing with the simulator.
//!
//! **Source:** Sung et al. 2020, rules of the simulator.

use crate::{Settings, SocInstance, TracedTask};
use ordine_base::Time;
use std::collections::BTreeMap;
use std::fmt;

/// What is wrong with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A task ran where it is not supported.
    Unsupported(TracedTask),
    /// A task started before a predecessor had ended and its data had come.
    TooEarly(TracedTask),
    /// A predecessor of a task that ended never did.
    Missing(TracedTask),
    /// A task ended before it could.
    TooShort(TracedTask),
    /// More tasks at once than the element takes.
    Overfull(TracedTask),
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, task) = match self {
            Fault::Unsupported(task) => ("runs where it is not supported", task),
            Fault::TooEarly(task) => ("starts before its data are there", task),
            Fault::Missing(task) => ("runs though a predecessor has not ended", task),
            Fault::TooShort(task) => ("ends before its work can be done", task),
            Fault::Overfull(task) => ("starts on a full element", task),
        };
        write!(formatter, "task {:?} of job {} {words}, at {}", task.kind, task.job, task.start)
    }
}

/// Everything that is wrong with the trace of a run with direct communication.
pub fn faults(instance: &SocInstance, settings: &Settings, trace: &[TracedTask]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let places: BTreeMap<_, &TracedTask> =
        trace.iter().map(|row| ((row.job, instance.kinds[row.kind].task), row)).collect();
    for row in trace {
        let kind = &instance.kinds[row.kind];
        let Some(duration) = kind.durations[row.element] else {
            faults.push(Fault::Unsupported(*row));
            continue;
        };
        if settings.deviation == 0.0 && row.end - row.start < duration {
            faults.push(Fault::TooShort(*row));
        }
        for &(before, volume) in &kind.before {
            let Some(from) = places.get(&(row.job, before)) else {
                faults.push(Fault::Missing(*row));
                continue;
            };
            let bandwidth =
                instance.platform.bandwidths[position(from.element)][position(row.element)];
            let moved = if bandwidth > 0.0 { (volume as f64 / bandwidth).floor() } else { 0.0 };
            if row.start < from.end || ((row.start - from.end).get() as f64) < moved {
                faults.push(Fault::TooEarly(*row));
            }
        }
        let beside = trace.iter().filter(|other| {
            other.element == row.element && other.start <= row.start && row.start < other.end
        });
        if beside.count() > instance.platform.elements[row.element].capacity {
            faults.push(Fault::Overfull(*row));
        }
    }
    faults
}

fn position(element: crate::ElementId) -> usize {
    ordine_base::Id::index(element)
}

/// Mean latency of the jobs whose last task a trace holds, with their number.
pub fn latency(instance: &SocInstance, trace: &[TracedTask]) -> (f64, usize) {
    let mut jobs: BTreeMap<u64, (usize, Time, Time)> = BTreeMap::new();
    let mut lengths: BTreeMap<u64, usize> = BTreeMap::new();
    for row in trace {
        let profile = instance.kinds[row.kind].profile;
        lengths.insert(row.job, instance.profiles[profile].graph.tasks.len());
        let entry = jobs.entry(row.job).or_insert((0, row.injected, row.end));
        *entry = (entry.0 + 1, row.injected, entry.2.max(row.end));
    }
    let whole = jobs.iter().filter(|(job, (tasks, ..))| lengths.get(job) == Some(tasks));
    let spent: Vec<i64> = whole.map(|(_, (_, from, end))| (*end - *from).get()).collect();
    let sum: i64 = spent.iter().sum();
    (sum as f64 / spent.len().max(1) as f64, spent.len())
}
