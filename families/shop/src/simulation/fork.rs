//! Copies of a shop whose hidden future is drawn anew.
//!
//! Hidden are arrivals to come, failures to come and, unless repairs are announced, what is left
//! of repairs. Of replayed disruptions a copy sees nothing that is still to come. O(size of the
//! state).
//!
//! **Source:** -

use super::world::{Due, NEVER, NONE};
use super::{Interruption, ShopSettings, ShopWorld};
use ordine_base::{Seed, Time};
use std::sync::Arc;

impl ShopWorld {
    /// A copy whose hidden future is drawn from `seed`, without a log.
    pub fn fork_with(&self, seed: Seed) -> ShopWorld {
        let mut fork = ShopWorld { log: Vec::new(), seed, ..self.clone() };
        fork.settings = match self.settings.log {
            true => Arc::new(ShopSettings { log: false, ..(*self.settings).clone() }),
            false => self.settings.clone(),
        };
        fork.blind = false;
        fork.forget();
        fork
    }

    /// Draws anew what is hidden.
    pub(super) fn forget(&mut self) {
        let settings = self.settings.clone();
        settings.arrivals.forget(&mut self.arrival, self.now, self.seed);
        if self.coming > 0 {
            let ShopWorld { agenda, arrival, .. } = self;
            agenda.redraw(|time, due| match due {
                Due::Arrive(job) => Time::new(arrival[*job as usize]),
                _ => time,
            });
        }
        if matches!(settings.interruption, Interruption::Replay(_)) {
            self.blind = true;
            let to_come = self.failure.iter_mut().zip(&self.broken).filter(|it| !*it.1);
            to_come.for_each(|(failure, _)| *failure = (NEVER, NEVER));
            (0..self.shop.machines).for_each(|machine| self.plan_turn(machine));
            return;
        }
        for machine in 0..self.shop.machines {
            self.forget_machine(machine, &settings);
        }
    }

    fn forget_machine(&mut self, machine: usize, settings: &ShopSettings) {
        let Some(repair) = settings.interruption.repair() else { return };
        let mut stream = self.seed.child(machine as u64).stream("what is left");
        let (from, _) = self.failure[machine];
        if self.broken[machine] {
            if !settings.announced {
                let length = repair.draw_beyond(self.now - from, &mut stream);
                self.failure[machine].1 = from + length;
            }
            self.plan_turn(machine);
        } else if let Interruption::Renewal { up, .. } = &settings.interruption {
            let since = self.up_since[machine];
            let from = since + up.draw_beyond(self.now - since, &mut stream);
            self.failure[machine] = (from, from + repair.draw(&mut stream));
            self.plan_turn(machine);
        }
        let shut_until = self.shut_until[machine];
        if shut_until > self.now && !settings.announced && self.on[machine] != NONE {
            let loaded = self.start[self.next[self.on[machine] as usize] as usize - 1];
            let until = loaded + repair.draw_beyond(self.now - loaded, &mut stream);
            self.shut_until[machine] = until;
            match self.completes[machine] {
                NEVER => self.remaining[machine] += until - shut_until,
                completes => self.plan_completion(machine, completes + until - shut_until),
            }
        }
    }
}
