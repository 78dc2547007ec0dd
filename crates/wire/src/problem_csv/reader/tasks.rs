//! Reads tasks with their modes, and precedences.
//!
//! **Source:** -

use super::super::cells::{
    BREAKS, KINDS, STATES, State, YES, items, predecessor, resource, stock_change,
};
use super::super::columns::{Kind, OF_JOBS};
use super::super::table::{Cell, Column, Row, Table};
use super::{Reading, Tables};
use ordine_base::{Demand, Id, Ticks, Time};
use ordine_problem::{
    BreakPolicy, JobId, Planned, Precedence, PrecedenceKind, Status, StockChange, TaskId,
};

/// The rows of one task.
struct Group<'r> {
    name: Cell<'r>,
    rows: Vec<&'r Row>,
}

/// A job that only the table of tasks knows, as far as its tasks have said it.
struct Draft<'r> {
    name: Cell<'r>,
    said: [Cell<'r>; OF_JOBS.len()],
}

impl<'r> Reading<'r> {
    pub(super) fn tasks(&mut self, tables: &'r Tables) {
        let Some(table) = tables.get(Kind::Tasks) else { return };
        let groups = self.groups(table);
        let jobs = self.jobs_of_tasks(table, &groups);
        if !self.report.is_clean() {
            return;
        }
        for (group, job) in groups.iter().zip(jobs) {
            let added = self.builder.task(group.name.text, job);
            let Some(task) = self.note(group.name.line, added) else { return };
            self.rules(table, task, group);
            self.times(table, task, group);
            self.modes(table, task, group);
        }
        if self.report.is_clean() {
            self.predecessors(table, &groups);
            self.precedences(tables);
        }
    }

    /// The rows of each task: those that repeat its name or leave it empty.
    fn groups(&mut self, table: &'r Table) -> Vec<Group<'r>> {
        let [task] = table.columns(["task"]);
        let mut groups: Vec<Group<'r>> = Vec::new();
        for row in &table.rows {
            let cell = row.cell(task);
            match groups.last_mut() {
                Some(last) if cell.is_empty() || cell.text == last.name.text => last.rows.push(row),
                None if cell.is_empty() => self.wrong(cell, "a name", "name the first task"),
                _ if self.tasks.add(cell) => groups.push(Group { name: cell, rows: vec![row] }),
                _ => {
                    let hint = "put all rows of the task together, or rename one";
                    self.wrong(cell, "rows of one task one after the other", hint);
                }
            }
        }
        groups
    }

    /// The job of each task. Jobs without a table of their own are added.
    fn jobs_of_tasks(&mut self, table: &'r Table, groups: &[Group<'r>]) -> Vec<Option<JobId>> {
        let [job] = table.columns(["job"]);
        let columns = table.columns(OF_JOBS);
        if self.jobs.is_listed {
            let found = groups.iter().map(|group| {
                let cell = self.single(&group.rows, job);
                self.find(cell, |it| &it.jobs)
            });
            return found.collect();
        }
        let each = !table.has("job") && OF_JOBS.iter().any(|name| table.has(name));
        let mut drafts: Vec<Draft<'r>> = Vec::new();
        let mut jobs = Vec::with_capacity(groups.len());
        for group in groups {
            let name = if each { group.name } else { self.single(&group.rows, job) };
            let said = columns.map(|column| self.single(&group.rows, column));
            if name.is_empty() {
                for cell in said.into_iter().filter(|cell| !cell.is_empty()) {
                    self.wrong(cell, "an empty cell of a task without job", "name its job");
                }
                jobs.push(None);
                continue;
            }
            if self.jobs.add(name) {
                drafts.push(Draft { name, said });
            }
            let number = self.jobs.number(name.text).expect("it has just been added");
            for (place, again) in said.into_iter().enumerate() {
                let before = drafts[number].said[place];
                drafts[number].said[place] = self.same(before, again);
            }
            jobs.push(Some(JobId::from_index(number)));
        }
        for Draft { name, said } in drafts {
            self.job(name, said);
        }
        jobs
    }

    /// What a task says beside times and modes.
    fn rules(&mut self, table: &'r Table, task: TaskId, group: &Group<'r>) {
        let names = ["optional", "absence_penalty", "family", "breaks", "released_in_breaks"];
        let [optional, penalty, family, breaks, released] =
            table.columns(names).map(|column| self.single(&group.rows, column));
        let optional = self.word(optional, YES).unwrap_or(false);
        let absence_penalty = self.number(penalty).unwrap_or(0);
        let family = self.find(family, |it| &it.families);
        let breaks = self.word(breaks, BREAKS).unwrap_or(BreakPolicy::Wait);
        let released_in_breaks = self.word(released, YES).unwrap_or(false);
        let task = self.builder.edit_task(task);
        (task.optional, task.absence_penalty, task.family) = (optional, absence_penalty, family);
        (task.breaks, task.released_in_breaks) = (breaks, released_in_breaks);
    }

    /// The windows of a task.
    fn times(&mut self, table: &'r Table, task: TaskId, group: &Group<'r>) {
        let names = ["earliest_start", "latest_start", "earliest_end", "latest_end"];
        let cells = table.columns(names).map(|column| self.single(&group.rows, column));
        let [earliest_start, latest_start, earliest_end, latest_end] =
            cells.map(|cell| self.time(cell));
        let task = self.builder.edit_task(task);
        task.earliest_start = earliest_start.unwrap_or(Time::ORIGIN);
        task.earliest_end = earliest_end.unwrap_or(Time::ORIGIN);
        (task.latest_start, task.latest_end) = (latest_start, latest_end);
    }

    /// The modes of a task, and on which of them it stands settled or planned.
    fn modes(&mut self, table: &'r Table, task: TaskId, group: &Group<'r>) {
        let [duration, resources, changes] =
            table.columns(["duration", "resources", "stock_changes"]);
        let of_status = table.columns(["status", "start", "end", "remaining"]);
        let [planned_start] = table.columns(["planned_start"]);
        for (row, number) in group.rows.iter().zip(0..) {
            let duration = self.needed_number(row.cell(duration));
            let needs = self.needs(row.cell(resources));
            let changes = self.stock_changes(row.cell(changes));
            if let (Some(duration), Some(needs), Some(changes)) = (duration, needs, changes) {
                let added = self.builder.mode_with(task, Ticks::new(duration), &needs, &changes);
                self.note(row.line, added);
            }
            let cells = of_status.map(|column| row.cell(column));
            if let Some(status) = self.status(number, cells) {
                let is_again = self.builder.edit_task(task).status != Status::Free;
                if is_again && status != Status::Free {
                    let hint = "state it in the row of the mode that was chosen";
                    self.wrong(cells[0], "the status of a task in one row", hint);
                }
                self.builder.edit_task(task).status = status;
            }
            if let Some(start) = self.time(row.cell(planned_start)) {
                let planned = Planned { mode: number, start };
                if self.builder.edit_task(task).planned.replace(planned).is_some() {
                    let hint = "state it in the row of the mode that was planned";
                    self.wrong(row.cell(planned_start), "the plan of a task in one row", hint);
                }
            }
        }
    }

    /// What a cell demands of resources; `None` after a mistake.
    fn needs(&mut self, cell: Cell<'r>) -> Option<Vec<(ordine_problem::ResourceId, Demand)>> {
        let mut needs = Vec::new();
        for item in items(cell.text) {
            let is_whole = self.resources.number(item).is_some();
            let parts = if is_whole { Some((item, 1)) } else { resource(item) };
            let Some((name, demand)) = parts else {
                let expected = "names of resources with whole numbers such as `crew:2`";
                let item = Cell { text: item, ..cell };
                self.wrong(item, expected, "correct the demand behind the colon");
                return None;
            };
            let resource = self.find_item(cell, name, |it| &it.resources)?;
            needs.push((resource, Demand::new(demand)));
        }
        Some(needs)
    }

    /// What a cell changes of reservoirs; `None` after a mistake.
    fn stock_changes(&mut self, cell: Cell<'r>) -> Option<Vec<StockChange>> {
        let mut changes = Vec::new();
        for item in items(cell.text) {
            let Some((name, amount, at)) = stock_change(item) else {
                let expected = "changes of reservoirs such as `tank:-3@start` or `tank:2@end`";
                self.wrong(Cell { text: item, ..cell }, expected, "correct the change");
                return None;
            };
            let reservoir = self.find_item(cell, name, |it| &it.resources)?;
            changes.push(StockChange { reservoir, amount, at });
        }
        Some(changes)
    }

    /// The status that a row states; `None` when it states none, or a wrong one.
    fn status(&mut self, mode: u32, cells: [Cell<'r>; 4]) -> Option<Status> {
        let [state, start, end, remaining] = cells;
        let said = [start, end, remaining].map(|cell| !cell.is_empty());
        let expected = match self.word(state, STATES) {
            None if state.is_empty() && said != [false; 3] => "a status beside start and end",
            None => return None,
            Some(State::Free) if said == [false; 3] => return Some(Status::Free),
            Some(State::Free) => "no start, end or remaining work of a free task",
            Some(State::Done) if said == [true, true, false] => {
                let (start, end) = (self.time(start)?, self.time(end)?);
                return Some(Status::Done { mode, start, end });
            }
            Some(State::Done) => "start and end of a done task",
            Some(State::Running) if said == [true, false, true] => {
                let (start, remaining) = (self.time(start)?, Ticks::new(self.number(remaining)?));
                return Some(Status::Running { mode, start, remaining });
            }
            Some(State::Running) => "start and remaining work of a running task",
            Some(State::Frozen) if said == [true, false, false] => {
                return Some(Status::Frozen { mode, start: self.time(start)? });
            }
            Some(State::Frozen) => "start of a frozen task",
        };
        let names = [start, end, remaining].into_iter().zip(said);
        let names: Vec<String> =
            names.filter(|it| it.1).map(|it| format!("`{}`", it.0.column)).collect();
        let found = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let hint = "done: start, end; running: start, remaining; frozen: start";
        self.mistake(state.line, expected, found, hint);
        None
    }

    /// Precedences as the tasks behind them list them.
    fn predecessors(&mut self, table: &'r Table, groups: &[Group<'r>]) {
        let [predecessors] = table.columns(["predecessors"]);
        for (number, group) in groups.iter().enumerate() {
            let cell = self.single(&group.rows, predecessors);
            for item in items(cell.text) {
                let (name, lag) = predecessor(item, |name| self.tasks.number(name).is_some());
                let before = self.find_item(cell, name, |it| &it.tasks);
                let Some(before) = before else { continue };
                let precedence = Precedence::end_to_start(before, TaskId::from_index(number));
                let added = self.builder.precedence(precedence.with_lag(lag));
                self.note(cell.line, added);
            }
        }
    }

    /// Precedences of their own table.
    fn precedences(&mut self, tables: &'r Tables) {
        let Some(table) = tables.get(Kind::Precedences) else { return };
        let columns = table.columns(["before", "after", "kind", "lag", "lag_max", "penalty"]);
        for row in &table.rows {
            let [before, after, kind, lag, lag_max, penalty] =
                columns.map(|column: Column| row.cell(column));
            for cell in [before, after].into_iter().filter(|cell| cell.is_empty()) {
                self.wrong(cell, "a task", "name both tasks");
            }
            let ends = (self.find(before, |it| &it.tasks), self.find(after, |it| &it.tasks));
            let (Some(before), Some(after)) = ends else { continue };
            let precedence = Precedence {
                before,
                after,
                kind: self.word(kind, KINDS).unwrap_or(PrecedenceKind::EndToStart),
                lag: Ticks::new(self.number(lag).unwrap_or(0)),
                lag_max: self.number(lag_max).map(Ticks::new),
                penalty: self.number(penalty),
            };
            let added = self.builder.precedence(precedence);
            self.note(row.line, added);
        }
    }
}
