//! Reads families, setups, calendars and the table of jobs.
//!
//! **Source:** -

use super::super::cells::shift;
use super::super::columns::{Kind, OF_JOBS};
use super::super::table::{Cell, Row, Table};
use super::names::Names;
use super::{Reading, Tables};
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{Calendar, FamilyId, Job, Setup};
use std::collections::BTreeMap;

/// Most numbers that the matrices of all setups may have: tables name pairs, not all of them.
const CELLS_MAX: usize = 1 << 22;

impl<'r> Reading<'r> {
    /// Families as their table lists them; without one in the order of their first appearance.
    pub(super) fn families(&mut self, tables: &'r Tables) {
        if let Some(table) = tables.get(Kind::Families) {
            let [family] = table.columns(["family"]);
            for row in &table.rows {
                if self.list(row.cell(family), |it| &mut it.families) {
                    self.builder.family(row.cell(family).text);
                }
            }
            return;
        }
        for (kind, column) in [
            (Kind::Setups, "from"),
            (Kind::Setups, "to"),
            (Kind::Resources, "initial_family"),
            (Kind::Tasks, "family"),
        ] {
            let Some(table) = tables.get(kind) else { continue };
            let [family] = table.columns([column]);
            for cell in table.rows.iter().map(|row| row.cell(family)) {
                if !cell.is_empty() && self.families.add(cell) {
                    self.builder.family(cell.text);
                }
            }
        }
    }

    pub(super) fn setups(&mut self, tables: &'r Tables) {
        let Some(table) = tables.get(Kind::Setups) else { return };
        let groups = self.grouped(table, "setup", |it| &mut it.setups);
        let families = self.families.len();
        let cells = families.saturating_mul(families);
        if cells.saturating_mul(groups.len()) > CELLS_MAX {
            let expected = format!("at most {CELLS_MAX} pairs of families in all setups");
            let found = format!("{} setups of {families} families", groups.len());
            self.mistake(table.line, &expected, found, "put families together that need no setup");
            return;
        }
        for (name, rows) in groups {
            let pairs = self.pairs(table, &rows);
            let mut times = vec![Ticks::ZERO; cells];
            let has_costs = pairs.values().any(|pair| pair.1.is_some());
            let mut costs = vec![0; if has_costs { cells } else { 0 }];
            for (place, (time, cost)) in pairs {
                times[place] = Ticks::new(time);
                if let Some(cost) = cost {
                    costs[place] = cost;
                }
            }
            self.builder.setup(Setup { name: name.to_owned(), families, times, costs });
        }
    }

    /// Time and cost of each pair of families that the rows of a setup name, by its place in a
    /// matrix. A row without families only names the setup.
    fn pairs(&mut self, table: &'r Table, rows: &[&'r Row]) -> BTreeMap<usize, (i64, Option<i64>)> {
        let columns = table.columns(["from", "to", "time", "cost"]);
        let mut pairs = BTreeMap::new();
        for row in rows {
            let [from, to, time, cost] = columns.map(|column| row.cell(column));
            if from.is_empty() && to.is_empty() {
                continue;
            }
            let Some(pair) = self.pair(from, to) else { continue };
            let said = (self.number(time).unwrap_or(0), self.number(cost));
            if pairs.insert(pair, said).is_some() {
                self.wrong(to, "each pair of families once", "remove one of the two rows");
            }
        }
        pairs
    }

    /// Place of a pair of families in a matrix.
    fn pair(&mut self, from: Cell<'r>, to: Cell<'r>) -> Option<usize> {
        for cell in [from, to] {
            if cell.is_empty() {
                self.wrong(cell, "a family", "name both families");
            }
        }
        let from: Option<FamilyId> = self.find(from, |it| &it.families);
        let to: Option<FamilyId> = self.find(to, |it| &it.families);
        Some(from?.index() * self.families.len() + to?.index())
    }

    pub(super) fn calendars(&mut self, tables: &'r Tables) {
        let Some(table) = tables.get(Kind::Calendars) else { return };
        let [from, shift_column, period] = table.columns(["from", "shift", "period"]);
        for (name, rows) in self.grouped(table, "calendar", |it| &mut it.calendars) {
            let mut calendar = Calendar::always(name);
            let period = self.single(&rows, period);
            calendar.period = self.number(period).map(Ticks::new);
            for (place, row) in rows.into_iter().enumerate() {
                let (from, shift_cell) = (row.cell(from), row.cell(shift_column));
                let Some(shift) = shift(shift_cell.text) else {
                    let expected = "`closed`, `paused`, `open` or a percentage from 1 to 1000";
                    self.wrong(shift_cell, expected, "correct the shift");
                    continue;
                };
                match self.time(from) {
                    Some(time) => calendar.steps.push((time, shift)),
                    None if from.is_empty() && place == 0 => calendar.first = shift,
                    None if from.is_empty() => {
                        let hint = "only the first row of a calendar has none";
                        self.wrong(from, "a time from which on the shift lasts", hint);
                    }
                    None => {}
                }
            }
            self.builder.calendar(calendar);
        }
    }

    /// The rows of each name in a column, names in the order of their first appearance.
    fn grouped(
        &mut self,
        table: &'r Table,
        column: &'static str,
        of: impl Fn(&mut Self) -> &mut Names<'r>,
    ) -> Vec<(&'r str, Vec<&'r Row>)> {
        let [column] = table.columns([column]);
        let mut groups: Vec<(&'r str, Vec<&'r Row>)> = Vec::new();
        for row in &table.rows {
            let cell = row.cell(column);
            if cell.is_empty() {
                self.wrong(cell, "a name", "name it in each of its rows");
                continue;
            }
            if of(self).add(cell) {
                groups.push((cell.text, Vec::new()));
            }
            let number = of(self).number(cell.text).expect("it has just been added");
            groups[number].1.push(row);
        }
        groups
    }

    /// Jobs as their table lists them; without one the table of tasks adds them.
    pub(super) fn jobs(&mut self, tables: &'r Tables) {
        let Some(table) = tables.get(Kind::Jobs) else { return };
        let tasks = tables.get(Kind::Tasks);
        if let Some(table) = tasks.filter(|table| OF_JOBS.iter().any(|name| table.has(name))) {
            let expected = format!("no columns `{}` beside a table of jobs", OF_JOBS.join("`, `"));
            let hint = "say weights and dates of jobs in their table";
            self.mistake(table.line, &expected, "one of them", hint);
        }
        let [job] = table.columns(["job"]);
        let columns = table.columns(OF_JOBS);
        for row in &table.rows {
            if self.list(row.cell(job), |it| &mut it.jobs) {
                self.job(row.cell(job), columns.map(|column| row.cell(column)));
            }
        }
    }

    /// Adds a job with what its cells say.
    pub(super) fn job(&mut self, name: Cell<'r>, said: [Cell<'r>; OF_JOBS.len()]) {
        let [weight, release, due_from, due, deadline] = said;
        let job = Job {
            name: name.text.to_owned(),
            weight: self.number(weight).unwrap_or(1),
            release: self.time(release).unwrap_or(Time::ORIGIN),
            due_from: self.time(due_from),
            due: self.time(due),
            deadline: self.time(deadline),
        };
        let added = self.builder.job(job);
        self.note(name.line, added);
    }
}
