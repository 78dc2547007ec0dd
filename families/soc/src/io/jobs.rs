//! Job profiles as the simulator DS3 writes them, one or several in a text.
//!
//! ```text
//! job_name NAME
//! add_new_tasks NUMBER
//! TASK ID PREDECESSOR …
//! TASK HEAD
//! TASK earliest_start 0 deadline 5
//! comm_vol FROM TO VOLUME
//! ```
//!
//! Ids count from 0. `HEAD` and `TAIL` must agree with the predecessors, and the head has none
//! (`-1` may stand there); starts and deadlines are read over. Edges without a volume carry 0.
//! O(text).
//!
//! **Source:** Arda et al. 2020 (DS3).

use crate::{Edge, JobProfile, VOLUME_MAX};
use ordine_wire::{Diagnostics, Line, Report, Text, Token, quote};
use std::fmt::Write as _;

/// Most tasks of a job.
const TASKS_MOST: i64 = 10_000;

/// What is being read.
#[derive(Default)]
struct Draft {
    name: String,
    /// Line of the name, for mistakes of the graph as a whole.
    line: u32,
    announced: i64,
    tasks: Vec<String>,
    edges: Vec<Edge>,
    /// Ids that bear a mark, with its line.
    heads: Vec<(usize, u32)>,
    tails: Vec<(usize, u32)>,
}

/// Reads the job profiles of a text.
///
/// # Errors
/// All mistakes that were found, with their lines.
pub fn read_jobs(text: &Text<'_>) -> Result<Vec<JobProfile>, Diagnostics> {
    let mut report = Report::new(text);
    let mut jobs = Vec::new();
    let mut draft: Option<Draft> = None;
    for line in text.data_lines() {
        if report.is_full() {
            break;
        }
        let tokens: Vec<Token<'_>> = line.tokens().collect();
        match (&tokens[..], &mut draft) {
            ([word, name], _) if word.text == "job_name" => {
                jobs.extend(draft.take().and_then(|it| it.close(&mut report)));
                let (name, line) = (name.text.to_owned(), line.number);
                draft = Some(Draft { name, line, announced: -1, ..Draft::default() });
            }
            (_, Some(draft)) => draft.read(line, &tokens, &mut report),
            (_, None) => {
                let hint = "begin the file with the name of its job";
                report.line(line.number, "job_name NAME", quote(line.content), hint);
                return Err(report.fail());
            }
        }
    }
    jobs.extend(draft.take().and_then(|it| it.close(&mut report)));
    if jobs.is_empty() && report.is_clean() {
        report.whole("at least one line `job_name NAME`", "none", "add a job");
    }
    report.finish(jobs)
}

impl Draft {
    fn read(&mut self, line: Line<'_>, tokens: &[Token<'_>], report: &mut Report<'_>) {
        match *tokens {
            [word, count] if word.text == "add_new_tasks" => {
                let count = report.number(count, "a number of tasks", 1..=TASKS_MOST);
                self.announced = count.unwrap_or(self.announced);
            }
            [word, from, to, volume] if word.text == "comm_vol" => {
                self.read_volume([from, to, volume], report);
            }
            [_, mark] if mark.text == "HEAD" => self.mark(line, true, report),
            [_, mark] if mark.text == "TAIL" => self.mark(line, false, report),
            [_, word, ..] if word.text == "earliest_start" => {}
            [name, id, ref before @ ..] if word_of_task(name) => {
                self.read_task(name, id, before, report);
            }
            _ => {
                let expected = "add_new_tasks, a line `TASK ID PREDECESSOR …` or comm_vol";
                report.line(line.number, expected, quote(line.content), "correct the line");
            }
        }
    }

    fn read_task(
        &mut self,
        name: Token<'_>,
        id: Token<'_>,
        before: &[Token<'_>],
        report: &mut Report<'_>,
    ) {
        let own = self.tasks.len();
        if self.announced < own as i64 + 1 {
            let expected = match self.announced {
                ..0 => "add_new_tasks NUMBER before the first task".to_owned(),
                count => format!("no more than the {count} tasks that are announced"),
            };
            report.at(name, expected, "correct the number of tasks");
            self.announced = TASKS_MOST;
        }
        report.number(id, "an id that counts from 0:", own as i64..=own as i64);
        for token in before.iter().filter(|token| token.text != "-1") {
            let last = self.announced.clamp(1, TASKS_MOST) - 1;
            let Some(before) = report.number(*token, "the id of a predecessor", 0..=last) else {
                continue;
            };
            let edge = Edge { before: before as usize, after: own, volume: 0 };
            match self.edges.iter().any(|it| (it.before, it.after) == (edge.before, own)) {
                true => report.at(*token, "each predecessor once", "remove the second"),
                false => self.edges.push(edge),
            }
        }
        self.tasks.push(name.text.to_owned());
    }

    fn read_volume(&mut self, tokens: [Token<'_>; 3], report: &mut Report<'_>) {
        let last = self.tasks.len() as i64 - 1;
        let [from, to, volume] = tokens;
        let before = report.number(from, "the id of a task", 0..=last);
        let after = report.number(to, "the id of a task", 0..=last);
        let volume = report.number(volume, "a volume", 0..=VOLUME_MAX);
        let (Some(before), Some(after), Some(volume)) = (before, after, volume) else { return };
        let ends = (before as usize, after as usize);
        match self.edges.iter_mut().find(|edge| (edge.before, edge.after) == ends) {
            Some(edge) => edge.volume = volume,
            None => {
                let expected = format!("task {before} among the predecessors of task {after}");
                report.at(from, expected, "add it there, or correct the line");
            }
        }
    }

    /// Marks the task that was read last.
    fn mark(&mut self, line: Line<'_>, is_head: bool, report: &mut Report<'_>) {
        let Some(last) = self.tasks.len().checked_sub(1) else {
            let expected = "a task before its mark HEAD or TAIL";
            report.line(line.number, expected, quote(line.content), "move the line");
            return;
        };
        let marks = if is_head { &mut self.heads } else { &mut self.tails };
        marks.push((last, line.number));
    }

    /// The profile, when it is one.
    fn close(mut self, report: &mut Report<'_>) -> Option<JobProfile> {
        let count = self.tasks.len() as i64;
        if self.announced != TASKS_MOST && count < self.announced {
            let expected = format!("{} tasks of job {}", self.announced, self.name);
            let hint = "add the missing tasks or correct the number of tasks";
            report.line(self.line, expected, count.to_string(), hint);
            return None;
        }
        for &(task, line) in &self.heads {
            if self.edges.iter().any(|edge| edge.after == task) {
                let hint = "remove the mark or the predecessors";
                report.line(line, "no predecessors of the HEAD", "some", hint);
            }
        }
        for &(task, line) in &self.tails {
            if self.edges.iter().any(|edge| edge.before == task) {
                let hint = "remove the mark or the successors";
                report.line(line, "no successors of the TAIL", "some", hint);
            }
        }
        self.edges.sort_by_key(|edge| (edge.before, edge.after));
        let profile = JobProfile { name: self.name, tasks: self.tasks, edges: self.edges };
        match profile.topological_order() {
            Ok(_) => Some(profile),
            Err(error) => {
                let expected = "a graph of one job";
                report.invalid(Some(self.line), expected, &error, "correct the predecessors");
                None
            }
        }
    }
}

/// Whether a word can be the name of a task.
fn word_of_task(word: Token<'_>) -> bool {
    !["add_new_tasks", "comm_vol", "job_name", "add_new_resource", "comm_band", "opp"]
        .contains(&word.text)
}

/// Writes profiles so that reading them back gives equal ones.
pub fn write_jobs(jobs: &[JobProfile]) -> String {
    let mut out = String::new();
    let line = "writing to a string cannot fail";
    for job in jobs {
        writeln!(out, "job_name {}\nadd_new_tasks {}", job.name, job.tasks.len()).expect(line);
        for (id, task) in job.tasks.iter().enumerate() {
            write!(out, "{task} {id}").expect(line);
            for edge in job.edges.iter().filter(|edge| edge.after == id) {
                write!(out, " {}", edge.before).expect(line);
            }
            out.push('\n');
            if job.edges.iter().all(|edge| edge.after != id) {
                writeln!(out, "{task} HEAD").expect(line);
            }
            if job.edges.iter().all(|edge| edge.before != id) {
                writeln!(out, "{task} TAIL").expect(line);
            }
            writeln!(out, "{task} earliest_start 0 deadline 0").expect(line);
        }
        for edge in &job.edges {
            writeln!(out, "comm_vol {} {} {}", edge.before, edge.after, edge.volume).expect(line);
        }
        out.push('\n');
    }
    out
}
