//! Copies of a shop whose hidden future is drawn anew.
//!
//! Hidden are arrivals to come, failures to come and, unless repairs are announced, what is left
//! of repairs. Of replayed disruptions a copy sees nothing that is still to come. O(size of the
//! state).
//!
//! **Source:** -

use super::world::{Due, NEVER, NONE, Place};
use super::{Interruption, ShopSettings, ShopWorld};
use ordine_base::{Id, Seed, Stream, Time};
use ordine_problem::{Schedule, TaskId};
use ordine_world::{Candidate, CandidateId, Policy, World, run};
use std::collections::VecDeque;
use std::sync::Arc;

impl ShopWorld {
    /// A copy whose hidden future is drawn from `seed`, without a log; in a forecast nothing is
    /// hidden.
    pub fn fork_with(&self, seed: Seed) -> ShopWorld {
        if self.is_forecast {
            return self.silent();
        }
        let mut fork = ShopWorld { seed, ..self.silent() };
        fork.blind = false;
        fork.forget();
        fork
    }

    /// A copy without a log.
    fn silent(&self) -> ShopWorld {
        let settings = match self.settings.log {
            true => Arc::new(ShopSettings { log: false, ..(*self.settings).clone() }),
            false => self.settings.clone(),
        };
        let log = Vec::new();
        ShopWorld { settings, log, ..self.clone() }
    }

    /// What a policy makes of what is known: no further disruption, repairs under way as long as
    /// they last in the mean, no job that has not come. Without limited buffers it is a schedule of
    /// [`ShopWorld::remaining_problem`], for a search to start from.
    pub fn forecast(&self, policy: &mut dyn Policy, stream: &mut Stream) -> Schedule {
        let mut copy = self.foreseen();
        run(&mut copy, policy, stream, &mut |_| false);
        copy.schedule()
    }

    /// What becomes of a plan in the same future, when every machine takes its operations in the
    /// order of the plan: one that is not next waits while the machine may stay empty, then the
    /// first by plan goes. A plan that can be followed is repaired so, a blocking one included.
    pub fn followed(&self, plan: &Schedule) -> Schedule {
        let mut copy = self.foreseen();
        let mut turns = vec![VecDeque::new(); self.shop.machines];
        for task in plan.in_time_order() {
            let known = plan.placement(task).filter(|_| task.index() < self.shop.operations());
            let mode = known.map(|placement| placement.mode.index());
            if let Some(&machine) = mode.and_then(|mode| self.shop.machine.get(mode)) {
                turns[machine as usize].push_back(task);
            }
        }
        while let Some(machine) = copy.asking() {
            let turn = &mut turns[machine];
            while turn.front().is_some_and(|task| copy.start[task.index()] != NEVER) {
                turn.pop_front();
            }
            let choice = copy.choice_by(plan, turn.front().copied());
            copy.act(choice);
        }
        copy.schedule()
    }

    /// Who enters the asking machine when `next` comes next by plan.
    fn choice_by(&self, plan: &Schedule, next: Option<TaskId>) -> CandidateId {
        let key = |candidate: &Candidate| {
            if Some(candidate.task) == next {
                return (0, Time::ORIGIN);
            }
            let planned = plan.placement(candidate.task).filter(|it| it.mode == candidate.mode);
            match planned {
                _ if candidate.task == self.shop.hold() => (1, Time::ORIGIN),
                Some(planned) => (2, planned.start),
                None => (3, Time::ORIGIN),
            }
        };
        let allowed = self.observation.allowed();
        let best = allowed.map(|(id, candidate)| (key(candidate), id)).min();
        best.expect("a machine that asks allows a candidate").1
    }

    /// A copy whose future is what is known: no further disruption, expected repairs, no job that
    /// has not come.
    fn foreseen(&self) -> ShopWorld {
        let mut copy = self.silent();
        copy.blind = true;
        copy.is_forecast = true;
        for machine in 0..self.shop.machines {
            copy.expect_repair(machine, self.repair_left(machine));
        }
        for job in (0..self.shop.jobs()).filter(|&job| self.place[job] == Place::Coming) {
            copy.arrival[job] = NEVER;
            (copy.coming, copy.left) = (copy.coming - 1, copy.left - 1);
        }
        copy.agenda.redraw(|time, due| match due {
            Due::Arrive(_) => Time::MAX,
            _ => time,
        });
        copy
    }

    /// Lets a repair end as expected, and no failure come.
    fn expect_repair(&mut self, machine: usize, left: Option<i64>) {
        if self.broken[machine] {
            self.failure[machine].1 = self.now + left.unwrap_or(1);
            return self.plan_turn(machine);
        }
        self.failure[machine] = (NEVER, NEVER);
        self.plan_turn(machine);
        if let Some(left) = left {
            let until = self.now + left;
            let more = until - self.shut_until[machine];
            self.shut_until[machine] = until;
            match self.completes[machine] {
                NEVER => self.remaining[machine] += more,
                completes => self.plan_completion(machine, completes + more),
            }
        }
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
