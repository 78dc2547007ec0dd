//! What a policy sees when a machine asks: the jobs that want it, with the features of rules.
//!
//! Candidates stand in the order of their jobs. `eligible_since` is the instant from which a job is
//! ready for this move. With [`hold`](super::ShopSettings::hold) the last candidate leaves the
//! machine empty until the next event: its task is the number behind the last one.
//!
//! **Source:** Wong et al. 2024.

use super::{ShopWorld, Workshop};
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{ModeId, TaskId};
use ordine_world::{Candidate, Durations, Features};

impl Workshop {
    /// The task that stands for leaving the machine empty.
    pub fn hold(&self) -> TaskId {
        TaskId::from_index(self.operations())
    }
}

impl ShopWorld {
    /// The machine that asks, if one does.
    pub fn asking(&self) -> Option<usize> {
        (self.asking != super::world::NONE).then_some(self.asking as usize)
    }

    /// Lets a machine ask.
    pub(super) fn ask(&mut self, machine: usize) {
        self.asking = machine as u32;
        let mut candidates = std::mem::take(&mut self.observation.candidates);
        let mut durations = Durations::default();
        candidates.clear();
        for word in 0..self.words {
            let mut bits = self.requests[machine * self.words + word];
            while bits != 0 {
                let job = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let candidate = self.candidate(job, machine);
                durations.sum += candidate.features.duration;
                durations.longest = durations.longest.max(candidate.features.duration);
                candidates.push(candidate);
            }
        }
        if self.settings.hold {
            candidates.push(Candidate {
                task: self.shop.hold(),
                mode: ModeId::from_index(self.shop.machine.len()),
                allowed: self.may_hold(machine),
                features: Features { start: Time::new(self.now), weight: 1, ..Features::default() },
            });
        }
        self.observation.candidates = candidates;
        self.observation.durations = durations;
        self.observation.now = Time::new(self.now);
    }

    fn candidate(&self, job: usize, machine: usize) -> Candidate {
        let shop = &*self.shop;
        let operation = self.next[job] as usize;
        let choice = shop.choice_on(operation, machine);
        let choice = choice.expect("a job wants machines of its next operation only");
        let remaining = shop.work_from[operation];
        let latest_start = shop.work_longest - remaining;
        let features = Features {
            duration: Ticks::new(shop.duration[choice]),
            eligible_since: Time::new(self.since[job]),
            start: Time::new(self.now),
            latest_start: Time::new(latest_start),
            latest_end: Time::new(latest_start + shop.shortest[operation]),
            work_remaining: Ticks::new(remaining),
            tasks_remaining: shop.first_operation[job + 1] - operation as u32,
            positional_weight: Ticks::new(shop.work_of_two[operation]),
            weight: 1,
            release: Time::new(self.arrival[job]),
            due: shop.due[job].map(Time::new),
            worst_start: Time::new(self.now),
            ..Features::default()
        };
        let (task, mode) = (TaskId::from_index(operation), ModeId::from_index(choice));
        Candidate { task, mode, allowed: true, features }
    }
}
