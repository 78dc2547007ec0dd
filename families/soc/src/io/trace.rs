//! Traces: a line of CSV per task that ended, ready for a Gantt chart.
//!
//! **Source:** the Gantt traces of DS3 (Arda et al. 2020).

use crate::{SocInstance, TracedTask};
use std::fmt::Write as _;

/// Writes a trace with its header; times in microseconds.
pub fn write_trace(instance: &SocInstance, trace: &[TracedTask]) -> String {
    let mut out = String::from("job,profile,task,element,entered,ready,data,start,end\n");
    for row in trace {
        let kind = &instance.kinds[row.kind];
        let profile = &instance.profiles[kind.profile].graph.name;
        let element = &instance.platform.elements[row.element].name;
        let (job, task) = (row.job, kind.task);
        let name = instance.name(row.kind);
        writeln!(
            out,
            "{job},{},{} {task},{},{},{},{},{},{}",
            plain(profile),
            plain(name),
            plain(element),
            row.injected,
            row.ready,
            row.stamp,
            row.start,
            row.end
        )
        .expect("writing to a string cannot fail");
    }
    out
}

/// The name without what separates fields of CSV.
fn plain(name: &str) -> String {
    name.chars().map(|it| if ",\"\r\n".contains(it) { '_' } else { it }).collect()
}
