//! Reads resources: those of their table, or machines by the names that tasks use.
//!
//! **Source:** -

use super::super::cells::{BATCHES, LIMITS, Limit, items, resource};
use super::super::columns::Kind;
use super::super::table::{Cell, Column, Row, Table};
use super::{Reading, Tables};
use ordine_base::Demand;
use ordine_problem::{Batching, ProblemError, ResourceId, Stock};

/// Where the table says how much there is.
struct Amounts {
    capacity: Column,
    stock: [Column; 3],
}

impl<'r> Reading<'r> {
    pub(super) fn resources(&mut self, tables: &'r Tables) {
        if let Some(table) = tables.get(Kind::Resources) {
            return self.listed(table);
        }
        let Some(table) = tables.get(Kind::Tasks) else { return };
        let [resources] = table.columns(["resources"]);
        for cell in table.rows.iter().map(|row| row.cell(resources)) {
            for item in items(cell.text) {
                // What cannot be understood is named when the modes are read.
                let Some((name, _)) = resource(item) else { continue };
                if self.resources.add(Cell { text: name, ..cell }) {
                    self.builder.machine(name);
                }
            }
        }
    }

    fn listed(&mut self, table: &'r Table) {
        let [name, kind, capacity] = table.columns(["resource", "kind", "capacity"]);
        let stock = table.columns(["stock_initial", "stock_least", "stock_most"]);
        let amounts = Amounts { capacity, stock };
        let further = table.columns([
            "calendar",
            "setup",
            "initial_family",
            "batching",
            "size_max",
            "price",
            "overuse_penalty",
        ]);
        for row in &table.rows {
            if !self.list(row.cell(name), |it| &mut it.resources) {
                continue;
            }
            let limit = self.word(row.cell(kind), LIMITS).unwrap_or(Limit::Machine);
            let Some(id) = self.limited(row, row.cell(name).text, limit, &amounts) else {
                continue;
            };
            let [calendar, setup, family, batching, size_max, price, overuse_penalty] =
                further.map(|column| row.cell(column));
            let calendar = self.find(calendar, |it| &it.calendars);
            let setup = self.find(setup, |it| &it.setups);
            let initial_family = self.find(family, |it| &it.families);
            let batching = self.batching(batching, size_max);
            let price = self.number(price).unwrap_or(0);
            let overuse_penalty = self.number(overuse_penalty);
            let resource = self.builder.edit_resource(id);
            (resource.calendar, resource.setup) = (calendar, setup);
            (resource.initial_family, resource.batching) = (initial_family, batching);
            (resource.price, resource.overuse_penalty) = (price, overuse_penalty);
        }
    }

    /// Adds a resource of its kind, with what only this kind has.
    fn limited(
        &mut self,
        row: &'r Row,
        name: &str,
        limit: Limit,
        amounts: &Amounts,
    ) -> Option<ResourceId> {
        let capacity = row.cell(amounts.capacity);
        let stock = amounts.stock.map(|column| row.cell(column));
        let has_capacity = matches!(limit, Limit::Renewable | Limit::Consumable);
        if !has_capacity && !capacity.is_empty() {
            let hint = "machines have capacity one, reservoirs state stock_most";
            self.wrong(capacity, "an empty cell", hint);
        }
        for cell in stock.into_iter().filter(|cell| limit != Limit::Reservoir && !cell.is_empty()) {
            self.wrong(cell, "an empty cell", "only reservoirs have a stock: correct the kind");
        }
        let added: Result<ResourceId, ProblemError> = match limit {
            Limit::Machine => Ok(self.builder.machine(name)),
            Limit::Renewable => {
                let capacity = Demand::new(self.needed_number(capacity)?);
                self.builder.renewable(name, capacity)
            }
            Limit::Consumable => {
                let capacity = Demand::new(self.needed_number(capacity)?);
                self.builder.consumable(name, capacity)
            }
            Limit::Reservoir => {
                let [initial, least, most] = stock;
                let stock = Stock {
                    initial: self.number(initial).unwrap_or(0),
                    least: self.number(least).unwrap_or(0),
                    most: self.needed_number(most)?,
                };
                self.builder.reservoir(name, stock)
            }
        };
        self.note(row.line, added)
    }

    fn batching(&mut self, kind: Cell<'r>, size_max: Cell<'r>) -> Option<Batching> {
        if kind.is_empty() && !size_max.is_empty() {
            self.wrong(kind, "`parallel` or `serial` beside a size", "say how tasks share it");
        }
        let kind = self.word(kind, BATCHES)?;
        let size_max = Demand::new(self.needed_number(size_max)?);
        Some(Batching { kind, size_max })
    }
}
