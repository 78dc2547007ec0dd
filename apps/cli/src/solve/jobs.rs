//! `--jobs`: what became of each job: start, end, lateness, tardiness, and its place by end.
//!
//! O(tasks + jobs log jobs).
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979.

use ordine_problem::{JobId, Problem, Schedule};
use serde::Serialize;

/// What became of one job; the keys are a promise.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct JobLine {
    job: String,
    /// Its place by end among all jobs, from 1.
    position: usize,
    release: i64,
    start: i64,
    end: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<i64>,
    /// End minus due time.
    #[serde(skip_serializing_if = "Option::is_none")]
    lateness: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tardiness: Option<i64>,
    weight: i64,
}

/// A line per job that has a task in the schedule, by end.
pub fn lines(problem: &Problem, schedule: &Schedule) -> Vec<JobLine> {
    let line = |id: JobId| {
        let placed = || problem.job_tasks(id).iter().filter_map(|it| schedule.placement(*it));
        let start = placed().map(|it| it.start).min()?.get();
        let end = placed().map(|it| it.end).max()?.get();
        let job = problem.job(id);
        let due = job.due.map(|due| due.get());
        let lateness = due.map(|due| end - due);
        Some(JobLine {
            job: job.name.clone(),
            position: 0,
            release: job.release.get(),
            start,
            end,
            due,
            lateness,
            tardiness: lateness.map(|it| it.max(0)),
            weight: job.weight,
        })
    };
    let mut lines: Vec<JobLine> = problem.jobs().filter_map(line).collect();
    lines.sort_by_key(|line| (line.end, line.start));
    lines.iter_mut().enumerate().for_each(|(place, line)| line.position = place + 1);
    lines
}

/// The lines as a table for people.
pub fn table(lines: &[JobLine]) -> Vec<String> {
    let shown = |value: Option<i64>| value.map_or("-".to_owned(), |it| it.to_string());
    let cells = |line: &JobLine| {
        let numbers = [line.release, line.start, line.end].map(|it| it.to_string());
        let dates = [line.due, line.lateness, line.tardiness].map(shown);
        let (first, last) = ([line.position.to_string()], [line.weight.to_string()]);
        let numbers = first.into_iter().chain(numbers).chain(dates).chain(last);
        std::iter::once(line.job.clone()).chain(numbers).collect::<Vec<String>>()
    };
    let heads = ["job", "position", "release", "start", "end", "due", "lateness", "tardiness"];
    let head = heads.iter().chain(&["weight"]).map(|it| (*it).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(lines.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..9).map(|column| width(column).unwrap_or(0)).collect();
    let text = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("  {}", cells.collect::<Vec<_>>().join("  "))
    };
    rows.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::{Demand, Ticks, Time};
    use ordine_problem::{Job, Placement, ProblemBuilder};

    #[test]
    fn jobs_are_told_by_end_with_lateness_and_tardiness() {
        let mut builder = ProblemBuilder::new("two");
        let machine = builder.machine("m");
        let mut tasks = Vec::new();
        for (name, due) in [("late", Some(3)), ("free", None)] {
            let job = Job { due: due.map(Time::new), weight: 2, ..Job::named(name) };
            let job = builder.job(job).expect("valid");
            let task = builder.task(name, Some(job)).expect("valid");
            builder.mode(task, Ticks::new(4), &[(machine, Demand::ONE)]).expect("valid");
            tasks.push(task);
        }
        let problem = builder.seal().expect("valid");
        let mut schedule = Schedule::empty(&problem);
        for (task, start) in tasks.into_iter().zip([4, 0]) {
            let mode = problem.usable_modes(task)[0];
            schedule.place(task, Placement::starting(&problem, mode, Time::new(start)));
        }
        let expected = [
            "  job   position  release  start  end  due  lateness  tardiness  weight",
            "  free         1        0      0    4    -         -          -       2",
            "  late         2        0      4    8    3         5          5       2",
        ];
        assert_eq!(table(&lines(&problem, &schedule)), expected);
    }
}
