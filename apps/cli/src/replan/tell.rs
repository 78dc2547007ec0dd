//! What a new plan changes, as JSON for programs and as a table for people.
//!
//! The keys of the JSON line and their order are a promise to users.
//!
//! **Source:** -

use crate::report::{Answer, Levels, Line};
use comfy_table::{Table, presets};
use ordine_base::Id;
use ordine_problem::{ModeId, Problem, TaskId};
use ordine_replan::{Difference, Move, Replan};
use serde::Serialize;

/// Most moves that are printed for people; programs get all.
const MOVES_MAX: usize = 60;

/// A replanning that has ended.
pub struct Told<'a> {
    /// What came of the search.
    pub answer: &'a Answer<'a>,
    /// What was planned.
    pub plan: &'a Replan,
    /// The old problem, with all new jobs.
    pub old: &'a Problem,
    /// What the new plan changes, if there is one.
    pub difference: Option<Difference>,
}

#[derive(Serialize)]
struct ReplanLine<'a> {
    #[serde(flatten)]
    run: Line<'a>,
    now: i64,
    minimized: String,
    objective_before: Option<Levels<'a>>,
    objective_after: Option<Levels<'a>>,
    unmoved: usize,
    moves: Vec<MoveWire<'a>>,
    new: Vec<TaskWire<'a>>,
    left_out: Vec<TaskWire<'a>>,
    cancelled: Vec<&'a str>,
    late: Vec<LateWire<'a>>,
    freed: Vec<FreedWire<'a>>,
}

#[derive(Serialize)]
struct MoveWire<'a> {
    task: usize,
    name: &'a str,
    start_before: i64,
    start: i64,
    by: i64,
    end_before: i64,
    end: i64,
    mode_before: usize,
    mode: usize,
    resources_before: Vec<&'a str>,
    resources: Vec<&'a str>,
}

#[derive(Serialize)]
struct TaskWire<'a> {
    task: usize,
    name: &'a str,
}

#[derive(Serialize)]
struct LateWire<'a> {
    job: usize,
    name: &'a str,
    due: i64,
    end_before: Option<i64>,
    end: i64,
}

#[derive(Serialize)]
struct FreedWire<'a> {
    name: &'a str,
    why: &'a str,
}

impl Told<'_> {
    /// The JSON line, without line feed.
    pub fn json(&self) -> String {
        let (plan, difference) = (self.plan, self.difference.as_ref());
        let task = |&task: &TaskId| TaskWire { task: task.index(), name: self.name(task) };
        let moves = difference.map(|it| it.moves.as_slice()).unwrap_or_default();
        let late = difference.map(|it| it.late.as_slice()).unwrap_or_default();
        let line = ReplanLine {
            run: self.answer.record(),
            now: plan.problem.now().get(),
            minimized: plan.problem.objective().to_string(),
            objective_before: difference.map(|it| Levels::from(&it.before)),
            objective_after: difference.and_then(|it| it.after.as_ref()).map(Levels::from),
            unmoved: difference.map_or(0, |it| it.unmoved),
            moves: moves.iter().map(|it| self.moved(it)).collect(),
            new: difference.iter().flat_map(|it| &it.new).map(task).collect(),
            left_out: difference.iter().flat_map(|it| &it.left_out).map(task).collect(),
            cancelled: plan.cancelled.iter().map(|it| self.old_name(*it)).collect(),
            late: late
                .iter()
                .map(|it| LateWire {
                    job: it.job.index(),
                    name: &plan.problem.job(it.job).name,
                    due: it.due.get(),
                    end_before: it.end_before.map(|end| end.get()),
                    end: it.end_after.get(),
                })
                .collect(),
            freed: plan
                .freed
                .iter()
                .map(|it| FreedWire { name: self.old_name(it.task), why: &it.why })
                .collect(),
        };
        serde_json::to_string(&line).expect("records of strings and numbers are always JSON")
    }

    fn moved(&self, it: &Move) -> MoveWire<'_> {
        MoveWire {
            task: it.task.index(),
            name: self.name(it.task),
            start_before: it.from.start.get(),
            start: it.to.start.get(),
            by: it.by().get(),
            end_before: it.from.end.get(),
            end: it.to.end.get(),
            mode_before: it.mode_before,
            mode: it.mode_after,
            resources_before: resources(self.old, it.from.mode),
            resources: resources(&self.plan.problem, it.to.mode),
        }
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let line = self.answer.line();
        match &self.difference {
            Some(it) => {
                let (moved, new, late) = (it.moves.len(), it.new.len(), it.late.len());
                format!("{line}; {moved} moved, {new} new, {late} jobs later")
            }
            None => line,
        }
    }

    /// Several lines for people.
    pub fn lines(&self) -> Vec<String> {
        let Some(difference) = &self.difference else { return Vec::new() };
        let now = self.plan.problem.now();
        let own = &self.plan.objective;
        let after = difference.after.as_ref();
        let after = after.map_or_else(|| "not measured".to_owned(), |cost| cost.to_string());
        let mut lines = vec![format!(
            "  plan       {own} {} before, {after} after; {} of {} tasks stay, present {now}",
            difference.before,
            difference.unmoved,
            self.plan.problem.tasks().len(),
        )];
        if !difference.moves.is_empty() {
            lines.push(String::new());
            lines.extend(self.table(&difference.moves).lines().map(str::to_owned));
        }
        let hidden = difference.moves.len().saturating_sub(MOVES_MAX);
        if hidden > 0 {
            lines.push(format!("… and {hidden} more; --json lists all"));
        }
        let names = |tasks: &[TaskId]| {
            tasks.iter().map(|task| self.name(*task)).collect::<Vec<_>>().join(", ")
        };
        let cancelled: Vec<&str> =
            self.plan.cancelled.iter().map(|task| self.old_name(*task)).collect();
        for (word, text) in [
            ("new", names(&difference.new)),
            ("left out", names(&difference.left_out)),
            ("cancelled", cancelled.join(", ")),
        ] {
            if !text.is_empty() {
                lines.push(format!("{word}: {text}"));
            }
        }
        for late in &difference.late {
            let name = &self.plan.problem.job(late.job).name;
            let before = late.end_before.map_or("new".to_owned(), |end| format!("was {end}"));
            lines.push(format!(
                "late: job {name} ends at {} ({before}), due {}",
                late.end_after, late.due
            ));
        }
        lines
    }

    fn table(&self, moves: &[Move]) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["task", "start", "was", "by", "end", "was", "resources"]);
        for it in moves.iter().take(MOVES_MAX) {
            let used = resources(&self.plan.problem, it.to.mode).join(", ");
            let before = resources(self.old, it.from.mode).join(", ");
            let used = if used == before { used } else { format!("{used} (was {before})") };
            table.add_row([
                self.name(it.task).to_owned(),
                it.to.start.to_string(),
                it.from.start.to_string(),
                format!("{:+}", it.by().get()),
                it.to.end.to_string(),
                it.from.end.to_string(),
                used,
            ]);
        }
        table.trim_fmt()
    }

    fn name(&self, task: TaskId) -> &str {
        &self.plan.problem.task(task).name
    }

    fn old_name(&self, task: TaskId) -> &str {
        &self.old.task(task).name
    }
}

fn resources(problem: &Problem, mode: ModeId) -> Vec<&str> {
    let needs = problem.requirements(mode).iter();
    needs.map(|need| problem.resource(need.resource).name.as_str()).collect()
}
