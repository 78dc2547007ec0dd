//! Reads jobs and resources, and what resources refer to.
//!
//! **Source:** -

use super::super::wire;
use super::Building;
use super::names::Of;
use crate::json::{Place, Placed};
use ordine_base::{Demand, Ticks};
use ordine_problem::{Batching, Calendar, Job, ResourceId, Setup, Shift, Stock};
use std::borrow::Cow;

impl Building<'_> {
    pub(super) fn jobs(&mut self, jobs: &[Placed<wire::Job<'_>>]) {
        for Placed { place, item } in jobs {
            self.job(*place, item);
        }
    }

    fn job(&mut self, place: Place, item: &wire::Job<'_>) -> Option<()> {
        let job = Job {
            name: item.name.clone().into_owned(),
            weight: item.weight,
            release: self.time(place, &item.release)?,
            due_from: self.time_if(place, &item.due_from)?,
            due: self.time_if(place, &item.due)?,
            deadline: self.time_if(place, &item.deadline)?,
        };
        let added = self.builder.job(job).map(|_| ());
        self.note(place, added)
    }

    pub(super) fn families(&mut self, families: &[Placed<Cow<'_, str>>]) {
        for Placed { item, .. } in families {
            self.builder.family(item.as_ref());
        }
    }

    pub(super) fn calendars(&mut self, calendars: &[Placed<wire::Calendar<'_>>]) {
        for Placed { place, item } in calendars {
            if let Some(calendar) = self.calendar(*place, item) {
                self.builder.calendar(calendar);
            }
        }
    }

    fn calendar(&mut self, place: Place, item: &wire::Calendar<'_>) -> Option<Calendar> {
        if let Some(weekly) = &item.weekly {
            if item.first.is_some() || !item.steps.is_empty() || item.period.is_some() {
                let hint = "describe the calendar in one of the two ways";
                let expected = "no `first`, `steps` or `period` beside `weekly`";
                return self.mistake(place, expected, "one of them".to_owned(), hint);
            }
            return self.weekly(place, &item.name, weekly);
        }
        let mut steps = Vec::with_capacity(item.steps.len());
        for (moment, shift) in &item.steps {
            steps.push((self.time(place, moment)?, shift.0));
        }
        Some(Calendar {
            name: item.name.clone().into_owned(),
            first: item.first.map_or(Shift::FULL, |shift| shift.0),
            steps,
            period: item.period.map(Ticks::new),
        })
    }

    pub(super) fn setups(&mut self, setups: &[Placed<wire::Setup<'_>>]) {
        for Placed { place, item } in setups {
            if let Some(setup) = self.setup(*place, item) {
                self.builder.setup(setup);
            }
        }
    }

    fn setup(&mut self, place: Place, item: &wire::Setup<'_>) -> Option<Setup> {
        let families = self.names.families();
        for (what, rows) in [("times", &item.times), ("costs", &item.costs)] {
            if what == "costs" && rows.is_empty() {
                continue;
            }
            let expected = format!("{what} as {families} rows of {families} numbers, by family");
            let found = match rows.iter().position(|row| row.len() != families) {
                _ if rows.len() != families => format!("{} rows", rows.len()),
                Some(row) => format!("{} numbers in row {}", rows[row].len(), row + 1),
                None => continue,
            };
            let hint = "give each pair of the list \"families\" its number";
            return self.mistake(place, &expected, found, hint);
        }
        Some(Setup {
            name: item.name.clone().into_owned(),
            families,
            times: item.times.iter().flatten().map(|&time| Ticks::new(time)).collect(),
            costs: item.costs.concat(),
        })
    }

    pub(super) fn resources(&mut self, resources: &[Placed<wire::Resource<'_>>]) {
        for Placed { place, item } in resources {
            self.resource(*place, item);
        }
    }

    fn resource(&mut self, place: Place, item: &wire::Resource<'_>) -> Option<()> {
        let capacity_profile = self.steps(place, &item.capacity_profile)?;
        let usage_min = self.steps(place, &item.usage_min)?;
        let calendar = self.find_if(place, Of::Calendars, &item.calendar)?;
        let setup = self.find_if(place, Of::Setups, &item.setup)?;
        let initial_family = self.find_if(place, Of::Families, &item.initial_family)?;
        let capacity = item.capacity.or(capacity_profile.as_ref().map(|profile| profile.max()));
        let id = self.kind(place, item, capacity)?;
        let resource = self.builder.edit_resource(id);
        resource.capacity_profile = capacity_profile;
        resource.usage_min = usage_min;
        resource.calendar = calendar;
        resource.setup = setup;
        resource.initial_family = initial_family;
        resource.batching = item.batching.as_ref().map(|batching| Batching {
            kind: batching.kind,
            size_max: Demand::new(batching.size_max),
        });
        resource.price = item.price;
        resource.overuse_penalty = item.overuse_penalty;
        Some(())
    }

    /// Adds a resource of its kind, with what only this kind has.
    fn kind(
        &mut self,
        place: Place,
        item: &wire::Resource<'_>,
        capacity: Option<i64>,
    ) -> Option<ResourceId> {
        let name = item.name.clone().into_owned();
        let stock = item.stock.as_ref().map(|stock| Stock {
            initial: stock.initial,
            least: stock.least,
            most: stock.most,
        });
        let limited = matches!(item.kind, wire::Kind::Renewable | wire::Kind::Consumable);
        let added = match (item.kind, capacity, stock) {
            (wire::Kind::Machine, None, None) => Ok(self.builder.machine(name)),
            (wire::Kind::Renewable, Some(capacity), None) => {
                self.builder.renewable(name, Demand::new(capacity))
            }
            (wire::Kind::Consumable, Some(capacity), None) => {
                self.builder.consumable(name, Demand::new(capacity))
            }
            (wire::Kind::Reservoir, None, Some(stock)) => self.builder.reservoir(name, stock),
            (wire::Kind::Reservoir, None, None) => {
                let hint = "reservoirs state their \"stock\" as {\"initial\", \"least\", \"most\"}";
                return self.mistake(place, "a stock of a reservoir", "none".to_owned(), hint);
            }
            (_, _, Some(_)) if item.kind != wire::Kind::Reservoir => {
                let hint = "only reservoirs have one: correct the kind, or remove the stock";
                return self.mistake(place, "no stock", "a stock".to_owned(), hint);
            }
            (_, capacity, _) => {
                let expected = match (limited, item.kind) {
                    (true, _) => "a capacity",
                    (_, wire::Kind::Machine) => "no capacity of a machine",
                    _ => "no capacity of a reservoir",
                };
                let found = capacity.map_or("none".to_owned(), |capacity| capacity.to_string());
                let hint = match item.kind {
                    wire::Kind::Reservoir => "state its highest level as \"most\" of its stock",
                    _ => "machines have capacity one, the other kinds state theirs",
                };
                return self.mistake(place, expected, found, hint);
            }
        };
        self.note(place, added)
    }
}
