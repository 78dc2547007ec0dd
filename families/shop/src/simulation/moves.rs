//! Which moves a shop makes at one instant, in which order, and what each does.
//!
//! A circle is looked for from the finished job of the smallest index, along the machines that it
//! wants, the first choice first; all machines of a circle are up. O(machines) per move, O(machines
//! × choices) per circle.
//!
//! **Source:** swaps as circles of blocked jobs: Mascis, Pacciarelli 2002; Pranzo, Pacciarelli
//! 2016.

use super::world::{NEVER, NONE, Place};
use super::{Event, ShopWorld};

/// What a shop does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Several jobs can enter a machine, or one can and may be kept out.
    Ask(u32),
    /// A job enters an empty machine.
    Load { machine: u32, job: u32, choice: u32 },
    /// A finished job goes into a buffer.
    Store { job: u32, machine: u32 },
    /// The jobs of `circle` move.
    Swap,
    /// There is nothing to move.
    Nothing,
}

impl ShopWorld {
    /// The next move.
    pub(super) fn find_move(&mut self) -> Next {
        for machine in 0..self.shop.machines {
            if self.on[machine] != NONE || self.held[machine] || !self.is_up(machine) {
                continue;
            }
            let words = &self.requests[machine * self.words..(machine + 1) * self.words];
            let count: u32 = words.iter().map(|word| word.count_ones()).sum();
            if count == 0 {
                continue;
            }
            if count > 1 || self.settings.hold && self.may_hold(machine) {
                return Next::Ask(machine as u32);
            }
            let words = &self.requests[machine * self.words..(machine + 1) * self.words];
            let word = words.iter().position(|word| *word != 0).expect("one bit is set");
            let job = word * 64 + words[word].trailing_zeros() as usize;
            let choice = self.shop.choice_on(self.next[job] as usize, machine);
            let choice = choice.expect("a job wants machines of its next operation only");
            return Next::Load { machine: machine as u32, job: job as u32, choice: choice as u32 };
        }
        if let Some((job, machine)) = self.find_room() {
            return Next::Store { job, machine };
        }
        if self.find_circle() { Next::Swap } else { Next::Nothing }
    }

    /// Whether the shop can go on when a machine stays empty: something is to come, or something
    /// else can move now.
    pub(super) fn may_hold(&mut self, machine: usize) -> bool {
        let is_due = |machine: usize| self.completes[machine] != NEVER || !self.is_up(machine);
        let machines = || 0..self.shop.machines;
        if self.coming > 0 || machines().any(is_due) {
            return true;
        }
        let takes = |other: usize| {
            let words = &self.requests[other * self.words..(other + 1) * self.words];
            let is_open = self.on[other] == NONE && !self.held[other];
            other != machine && is_open && words.iter().any(|word| *word != 0)
        };
        machines().any(takes) || self.find_circle()
    }

    /// The first finished job that finds room in the buffer of a machine that it wants.
    fn find_room(&self) -> Option<(u32, u32)> {
        if self.room.iter().all(|room| *room == 0) {
            return None;
        }
        let mut found: Option<(u32, u32)> = None;
        for machine in (0..self.shop.machines).filter(|&machine| self.finished[machine]) {
            let job = self.on[machine];
            if found.is_some_and(|(other, _)| other < job) {
                continue;
            }
            let choices = self.shop.choices(self.next[job as usize] as usize);
            let mut wanted = choices.map(|choice| self.shop.machine[choice]);
            if let Some(target) = wanted.find(|&target| self.room[target as usize] > 0) {
                found = Some((job, target));
            }
        }
        found
    }

    /// Looks for a circle and leaves it in `circle`, as jobs and the choices that they take.
    fn find_circle(&mut self) -> bool {
        self.circle.clear();
        let blocked = self.finished.iter().filter(|finished| **finished).count();
        // One job alone is a circle when it wants the machine that it is on.
        let mut after = None;
        for _ in 0..blocked {
            let next = (0..self.shop.machines)
                .filter(|&machine| self.finished[machine])
                .map(|machine| self.on[machine])
                .filter(|job| after.is_none_or(|after| *job > after))
                .min();
            let Some(start) = next else { return false };
            self.seen.fill(false);
            if self.reaches(start, start) {
                return true;
            }
            self.circle.clear();
            after = Some(start);
        }
        false
    }

    /// Whether a chain of finished jobs, each wanting the machine of the next, leads from `job`
    /// back to `start`; the chain is left in `circle`.
    fn reaches(&mut self, job: u32, start: u32) -> bool {
        self.seen[job as usize] = true;
        for choice in self.shop.choices(self.next[job as usize] as usize) {
            let machine = self.shop.machine[choice] as usize;
            if !self.finished[machine] || !self.is_up(machine) {
                continue;
            }
            let holder = self.on[machine];
            self.circle.push((job, choice as u32));
            // A job that wants its own machine again is a circle by itself.
            if holder == start || !self.seen[holder as usize] && self.reaches(holder, start) {
                return true;
            }
            self.circle.pop();
        }
        false
    }

    /// Makes a move.
    pub(super) fn apply(&mut self, next: Next) {
        match next {
            Next::Load { machine, job, choice } => {
                self.leave(job as usize);
                self.load(machine as usize, job as usize, choice as usize);
            }
            Next::Store { job, machine } => self.store(job as usize, machine),
            Next::Swap => {
                let circle = std::mem::take(&mut self.circle);
                self.swaps += 1;
                circle.iter().for_each(|&(job, _)| self.leave(job as usize));
                for &(job, choice) in &circle {
                    let machine = self.shop.machine[choice as usize];
                    self.note(Event::Swap, machine, job as usize, NONE);
                    self.load(machine as usize, job as usize, choice as usize);
                }
                self.circle = circle;
            }
            Next::Ask(_) | Next::Nothing => {}
        }
    }

    /// Takes a job from where it waits.
    fn leave(&mut self, job: usize) {
        match self.place[job] {
            Place::On(machine) => self.vacate(machine as usize),
            Place::Buffer(machine) => {
                if self.room[machine as usize] != super::UNLIMITED {
                    self.room[machine as usize] += 1;
                }
            }
            Place::Coming | Place::Outside | Place::Gone => {}
        }
    }

    fn vacate(&mut self, machine: usize) {
        self.on[machine] = NONE;
        self.finished[machine] = false;
    }

    /// Puts a job into the buffer of a machine, which becomes the only one that it wants.
    fn store(&mut self, job: usize, machine: u32) {
        self.leave(job);
        self.withdraw(job);
        self.place[job] = Place::Buffer(machine);
        if self.room[machine as usize] != super::UNLIMITED {
            self.room[machine as usize] -= 1;
        }
        self.requests[machine as usize * self.words + job / 64] |= 1 << (job % 64);
        self.note(Event::Store, machine, job, NONE);
    }

    /// Starts the next operation of a job on an empty machine.
    pub(super) fn load(&mut self, machine: usize, job: usize, choice: usize) {
        let operation = self.next[job] as usize;
        self.withdraw(job);
        self.place[job] = Place::On(machine as u32);
        self.next[job] += 1;
        self.waiting -= 1;
        self.busy += 1;
        self.loads += 1;
        self.on[machine] = job as u32;
        self.start[operation] = self.now;
        self.choice[operation] = choice as u32;
        self.note(Event::Load, machine as u32, job, operation as u32);
        let repair = match self.blind {
            true => 0,
            false => self.settings.interruption.when_loaded(operation, self.seed),
        };
        self.shut_until[machine] = self.now + repair;
        if repair > 0 {
            self.note_machine(Event::Down, machine);
            self.note_at(self.now + repair, Event::Up, machine as u32, NONE as usize, NONE);
        }
        self.plan_completion(machine, self.now + repair + self.shop.duration[choice]);
    }

    /// The operation on a machine ends.
    pub(super) fn finish(&mut self, machine: usize) {
        let job = self.on[machine] as usize;
        let operation = self.next[job] - 1;
        self.plan_completion(machine, NEVER);
        self.end[operation as usize] = self.now;
        self.busy -= 1;
        self.note(Event::Finish, machine as u32, job, operation);
        if self.next[job] == self.shop.first_operation[job + 1] {
            self.place[job] = Place::Gone;
            self.left -= 1;
            self.tardy += self.shop.due[job].map_or(0, |due| (self.now - due).max(0));
            self.vacate(machine);
        } else {
            self.finished[machine] = true;
            self.since[job] = self.now;
            self.waiting += 1;
            self.request(job);
        }
    }

    /// A job wants the machines of its next operation.
    pub(super) fn request(&mut self, job: usize) {
        for choice in self.shop.choices(self.next[job] as usize) {
            let machine = self.shop.machine[choice] as usize;
            self.requests[machine * self.words + job / 64] |= 1 << (job % 64);
        }
    }

    /// A job does not want them any more.
    fn withdraw(&mut self, job: usize) {
        for choice in self.shop.choices(self.next[job] as usize) {
            let machine = self.shop.machine[choice] as usize;
            self.requests[machine * self.words + job / 64] &= !(1 << (job % 64));
        }
    }
}
