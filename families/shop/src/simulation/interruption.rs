//! When machines go down unplanned, and for how long.
//!
//! * A, *at load*: an operation that is loaded finds its machine down with a probability; it is
//!   processed after the repair.
//! * B, *hazard*: each machine that is up fails with the same probability at every tick; what runs
//!   pauses and resumes. In whole ticks this is model C with exponential times up.
//! * C, *renewal*: times up and repairs follow laws of their own.
//!
//! Every draw belongs to its operation (A) or to the machine and the number of its failure (B, C),
//! whatever was decided before: all policies meet the same disruptions.
//!
//! **Source:** Wong et al. 2024 name shut-downs, not their law; common random numbers: Law 2015,
//! section 11.2.

use super::{Law, Workshop, WorkshopError};
use ordine_base::Seed;
use ordine_sim::{Distribution, Streams};

/// When machines go down unplanned.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Interruption {
    /// Never.
    #[default]
    Never,
    /// Model A.
    AtLoad {
        /// Probability of a shut-down per operation.
        chance: f64,
        /// How long it lasts.
        repair: Law,
    },
    /// Models B and C.
    Renewal {
        /// How long a machine stays up.
        up: Law,
        /// How long it stays down.
        repair: Law,
    },
    /// What happened before, or is said to happen.
    Replay(Shutdowns),
}

/// Shut-downs as they happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shutdowns {
    /// Operations that found their machine down at load, and for how long; by operation.
    pub at_load: Vec<(u32, i64)>,
    /// By machine, when it was down `[from, to)`, by time.
    pub down: Vec<Vec<(i64, i64)>>,
}

impl Interruption {
    /// Model A with repairs of 1 to 99 ticks.
    ///
    /// # Errors
    /// When the probability is none.
    pub fn at_load(chance: f64) -> Result<Self, WorkshopError> {
        if !(0.0..=1.0).contains(&chance) {
            return no("a probability from 0 to 1", chance.to_string());
        }
        if chance == 0.0 {
            return Ok(Interruption::Never);
        }
        Ok(Interruption::AtLoad { chance, repair: Distribution::uniform_integer(1, 99).into() })
    }

    /// Model B: a machine fails with probability `chance / duration_mean` per tick; repairs take 1
    /// to 99 ticks.
    ///
    /// # Errors
    /// When that is no probability below 1.
    pub fn hazard(chance: f64, duration_mean: f64) -> Result<Self, WorkshopError> {
        let per_tick = chance / duration_mean;
        if !(0.0..1.0).contains(&per_tick) || per_tick > 0.0 && per_tick < 1e-12 {
            return no("a probability below 1 per tick", per_tick.to_string());
        }
        if per_tick == 0.0 {
            return Ok(Interruption::Never);
        }
        let up = Distribution::exponential(-1.0 / (1.0 - per_tick).ln()).into();
        Ok(Interruption::Renewal { up, repair: Distribution::uniform_integer(1, 99).into() })
    }

    pub(super) fn validate(&self, shop: &Workshop) -> Result<(), WorkshopError> {
        let Interruption::Replay(shutdowns) = self else { return Ok(()) };
        let operations = shop.operations() as u32;
        if let Some((operation, _)) = shutdowns.at_load.iter().find(|it| it.0 >= operations) {
            return no("operations of the shop", format!("operation {operation}"));
        }
        if shutdowns.down.len() > shop.machines() {
            return no("machines of the shop", format!("machine {}", shutdowns.down.len() - 1));
        }
        Ok(())
    }

    /// How long the machine is down when this operation is loaded; 0 when it is not.
    pub(super) fn when_loaded(&self, operation: usize, seed: Seed) -> i64 {
        match self {
            Interruption::AtLoad { chance, repair } => {
                let mut stream = Streams::new(seed).of_each("shut-downs", operation);
                if stream.chance(*chance) { repair.draw(&mut stream) } else { 0 }
            }
            Interruption::Replay(shutdowns) => {
                let found = shutdowns.at_load.binary_search_by_key(&(operation as u32), |it| it.0);
                found.map_or(0, |place| shutdowns.at_load[place].1)
            }
            Interruption::Never | Interruption::Renewal { .. } => 0,
        }
    }

    /// When a machine that came up at `since` for the `count`-th time fails, and when it is back;
    /// `None` when it does not fail any more.
    pub(super) fn failure(
        &self,
        machine: usize,
        count: u32,
        since: i64,
        seed: Seed,
    ) -> Option<(i64, i64)> {
        match self {
            Interruption::Renewal { up, repair } => {
                let machine = Streams::new(seed.child(machine as u64));
                let mut stream = machine.of_each("failures", count as usize);
                let from = since + up.draw(&mut stream);
                Some((from, from + repair.draw(&mut stream)))
            }
            Interruption::Replay(shutdowns) => {
                shutdowns.down.get(machine)?.get(count as usize).copied()
            }
            Interruption::Never | Interruption::AtLoad { .. } => None,
        }
    }

    /// The law of repairs, where there is one.
    pub(super) fn repair(&self) -> Option<&Law> {
        match self {
            Interruption::AtLoad { repair, .. } | Interruption::Renewal { repair, .. } => {
                Some(repair)
            }
            Interruption::Never | Interruption::Replay(_) => None,
        }
    }
}

impl Shutdowns {
    /// Reads lines `load OPERATION TICKS` and `down MACHINE FROM TO`; operations are numbered over
    /// the whole shop, job by job, and `#` begins a comment.
    ///
    /// # Errors
    /// The first line that is none.
    pub fn read(text: &str, name: &str) -> Result<Self, WorkshopError> {
        let mut shutdowns = Shutdowns::default();
        for (number, line) in text.lines().enumerate() {
            let content = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = content.split_whitespace().collect();
            let Some((&kind, rest)) = words.split_first() else { continue };
            let numbers: Option<Vec<i64>> =
                rest.iter().map(|word| word.parse().ok().filter(|it| *it >= 0)).collect();
            match (kind, numbers.as_deref()) {
                ("load", Some(&[operation, ticks])) if operation < 1 << 31 && ticks < 1 << 40 => {
                    shutdowns.at_load.push((operation as u32, ticks));
                }
                ("down", Some(&[machine, from, to]))
                    if machine < 1 << 20 && from < to && to < 1 << 40 =>
                {
                    let machine = machine as usize;
                    if shutdowns.down.len() <= machine {
                        shutdowns.down.resize(machine + 1, Vec::new());
                    }
                    shutdowns.down[machine].push((from, to));
                }
                _ => {
                    let expected = "`load OPERATION TICKS` or `down MACHINE FROM TO`, FROM < TO";
                    let (name, found) = (name.to_owned(), line.trim().to_owned());
                    return Err(WorkshopError::Line { name, line: number + 1, expected, found });
                }
            }
        }
        shutdowns.at_load.sort_unstable();
        for stretches in &mut shutdowns.down {
            stretches.sort_unstable();
            merge(stretches);
        }
        Ok(shutdowns)
    }

    /// The text that [`Shutdowns::read`] reads.
    pub fn write(&self) -> String {
        let loads =
            self.at_load.iter().map(|(operation, ticks)| format!("load {operation} {ticks}\n"));
        let downs = self.down.iter().enumerate().flat_map(|(machine, stretches)| {
            stretches.iter().map(move |(from, to)| format!("down {machine} {from} {to}\n"))
        });
        loads.chain(downs).collect()
    }
}

/// Stretches by time that touch or overlap become one.
pub(super) fn merge(stretches: &mut Vec<(i64, i64)>) {
    stretches.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1;
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
}

fn no<T>(expected: &str, found: String) -> Result<T, WorkshopError> {
    let expected = expected.to_owned();
    Err(WorkshopError::Setting { setting: "interruption", expected, found })
}
