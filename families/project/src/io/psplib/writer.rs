//! Writes PSPLIB text in the layout of the library.
//!
//! Due date, tardiness cost and MPM time are written as 0, the horizon as the sum of the longest
//! durations. Names are not written: resources read back as `R1`, …, `N1`, ….
//!
//! **Source:** Kolisch, Sprecher 1996 (PSPLIB).

use crate::ProjectInstance;
use std::fmt::Write;

const STARS: &str = "************************************************************************";
const FULL: &str = "a String takes everything";

pub(super) fn write(project: &ProjectInstance) -> String {
    let mut out = String::new();
    head(&mut out, project).expect(FULL);
    precedences(&mut out, project).expect(FULL);
    requests(&mut out, project).expect(FULL);
    availabilities(&mut out, project).expect(FULL);
    out
}

fn head(out: &mut String, project: &ProjectInstance) -> std::fmt::Result {
    let activities = project.activities.len();
    let longest = project
        .activities
        .iter()
        .map(|activity| activity.modes.iter().map(|mode| mode.duration.get()).max().unwrap_or(0));
    writeln!(out, "{STARS}")?;
    writeln!(out, "projects                      :  1")?;
    writeln!(out, "jobs (incl. supersource/sink ):  {activities}")?;
    writeln!(out, "horizon                       :  {}", longest.sum::<i64>())?;
    writeln!(out, "RESOURCES")?;
    writeln!(out, "  - renewable                 :  {}   R", project.renewables.len())?;
    writeln!(out, "  - nonrenewable              :  {}   N", project.nonrenewables.len())?;
    writeln!(out, "  - doubly constrained        :  0   D")?;
    writeln!(out, "{STARS}\nPROJECT INFORMATION:")?;
    writeln!(out, "pronr.  #jobs rel.date duedate tardcost  MPM-Time")?;
    let inner = activities.saturating_sub(2);
    writeln!(out, "    1  {inner:>5}  {:>5}        0        0        0", project.release)
}

fn precedences(out: &mut String, project: &ProjectInstance) -> std::fmt::Result {
    writeln!(out, "{STARS}\nPRECEDENCE RELATIONS:")?;
    writeln!(out, "jobnr.    #modes  #successors   successors")?;
    for (activity, number) in project.activities.iter().zip(1..) {
        let (modes, successors) = (activity.modes.len(), activity.successors.len());
        write!(out, "{number:>4}  {modes:>7}  {successors:>9}        ")?;
        for successor in &activity.successors {
            write!(out, " {:>3}", successor + 1)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn requests(out: &mut String, project: &ProjectInstance) -> std::fmt::Result {
    writeln!(out, "{STARS}\nREQUESTS/DURATIONS:")?;
    writeln!(out, "jobnr. mode duration{}", titles(project))?;
    writeln!(out, "{}", STARS.replace('*', "-"))?;
    for (activity, number) in project.activities.iter().zip(1..) {
        for (mode, place) in activity.modes.iter().zip(1..) {
            let number = if place == 1 { format!("{number}") } else { String::new() };
            write!(out, "{number:>3}  {place:>5}  {:>4}   ", mode.duration)?;
            for demand in &mode.demands {
                write!(out, " {demand:>4}")?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

fn availabilities(out: &mut String, project: &ProjectInstance) -> std::fmt::Result {
    writeln!(out, "{STARS}\nRESOURCEAVAILABILITIES:\n{}", titles(project))?;
    for amount in project.renewables.iter().chain(&project.nonrenewables) {
        write!(out, " {amount:>4}")?;
    }
    writeln!(out, "\n{STARS}")
}

fn titles(project: &ProjectInstance) -> String {
    let renewables = (1..=project.renewables.len()).map(|number| format!("  R {number}"));
    let nonrenewables = (1..=project.nonrenewables.len()).map(|number| format!("  N {number}"));
    renewables.chain(nonrenewables).collect()
}
