//! What happened in a simulated shop, entry by entry.
//!
//! **Source:** -

use super::world::NONE;
use super::{ShopWorld, Shutdowns};

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A job comes to the shop.
    Arrive,
    /// A job enters a machine and leaves where it was.
    Load,
    /// The operation on a machine ends.
    Finish,
    /// A job takes part in a swap; its load follows.
    Swap,
    /// A job goes into the buffer of a machine.
    Store,
    /// A machine is left empty until the next event.
    Hold,
    /// A machine goes down.
    Down,
    /// A machine comes back.
    Up,
}

impl Event {
    /// The word in written logs.
    pub const fn word(self) -> &'static str {
        match self {
            Event::Arrive => "arrive",
            Event::Load => "load",
            Event::Finish => "finish",
            Event::Swap => "swap",
            Event::Store => "store",
            Event::Hold => "hold",
            Event::Down => "down",
            Event::Up => "up",
        }
    }
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub time: i64,
    /// What.
    pub event: Event,
    /// The machine, if one takes part.
    pub machine: Option<u32>,
    /// The job, if one takes part.
    pub job: Option<u32>,
    /// The operation, if one begins or ends.
    pub operation: Option<u32>,
}

impl std::fmt::Display for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.time, self.event.word())?;
        let parts = [("m", self.machine), ("j", self.job), ("o", self.operation)];
        for (letter, number) in parts {
            if let Some(number) = number {
                write!(formatter, " {letter}{number}")?;
            }
        }
        Ok(())
    }
}

impl ShopWorld {
    pub(super) fn note(&mut self, event: Event, machine: u32, job: usize, operation: u32) {
        self.note_at(self.now, event, machine, job, operation);
    }

    pub(super) fn note_machine(&mut self, event: Event, machine: usize) {
        self.note_at(self.now, event, machine as u32, NONE as usize, NONE);
    }

    pub(super) fn note_at(
        &mut self,
        time: i64,
        event: Event,
        machine: u32,
        job: usize,
        operation: u32,
    ) {
        if self.settings.log {
            let some = |number: u32| (number != NONE).then_some(number);
            let job = some(u32::try_from(job).unwrap_or(NONE));
            let (machine, operation) = (some(machine), some(operation));
            self.log.push(Entry { time, event, machine, job, operation });
        }
    }

    /// The shut-downs that a log tells of, for a replay: what began at a load belongs to its
    /// operation.
    pub fn shutdowns(&self) -> Shutdowns {
        let mut shutdowns =
            Shutdowns { down: vec![Vec::new(); self.shop.machines()], ..Default::default() };
        let mut down: Vec<Option<(i64, Option<u32>)>> = vec![None; self.shop.machines()];
        let mut loaded: Vec<Option<(i64, u32)>> = vec![None; self.shop.machines()];
        for entry in self.log() {
            let Some(machine) = entry.machine.map(|machine| machine as usize) else { continue };
            match entry.event {
                Event::Load => loaded[machine] = entry.operation.map(|it| (entry.time, it)),
                Event::Down => {
                    let at_load = loaded[machine].filter(|it| it.0 == entry.time).map(|it| it.1);
                    down[machine] = Some((entry.time, at_load));
                }
                Event::Up => match down[machine].take() {
                    Some((from, Some(operation))) => {
                        shutdowns.at_load.push((operation, entry.time - from));
                    }
                    Some((from, None)) => shutdowns.down[machine].push((from, entry.time)),
                    None => {}
                },
                _ => {}
            }
        }
        shutdowns.at_load.sort_unstable();
        shutdowns
    }
}
