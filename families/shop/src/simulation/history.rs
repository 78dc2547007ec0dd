//! What each machine did in a run, from its log: works, blocked, down.
//!
//! **Source:** -

use super::{Entry, Event, ShopWorld};
use ordine_base::Time;
use ordine_sim::{History, HistoryBar, Phase};

/// What a machine is at while a log is read.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    job: Option<u32>,
    finished: bool,
    down: bool,
    since: i64,
}

impl Lane {
    fn phase(&self) -> Option<Phase> {
        match (self.down, self.job, self.finished) {
            (true, ..) => Some(Phase::Down),
            (false, Some(_), true) => Some(Phase::Blocked),
            (false, Some(_), false) => Some(Phase::Work),
            (false, None, _) => None,
        }
    }
}

/// Reads a log.
struct Reader {
    lanes: Vec<Lane>,
    bars: Vec<HistoryBar>,
}

impl Reader {
    /// Ends what a machine is at, and changes it.
    fn change(&mut self, machine: u32, time: i64, change: impl FnOnce(&mut Lane)) {
        let machine = machine as usize;
        let lane = self.lanes[machine];
        if let Some(phase) = lane.phase()
            && lane.since < time
        {
            let label = lane.job.map_or_else(String::new, |job| format!("j{job}"));
            let group = lane.job.map(|job| job as usize);
            let (start, end) = (Time::new(lane.since), Time::new(time));
            self.bars.push(HistoryBar { lane: machine, start, end, phase, group, label });
        }
        change(&mut self.lanes[machine]);
        self.lanes[machine].since = time;
    }

    /// Takes a job from the machine where it is, if it is on one.
    fn leave(&mut self, job: u32, time: i64) {
        let place = self.lanes.iter().position(|lane| lane.job == Some(job));
        if let Some(machine) = place {
            self.change(machine as u32, time, |lane| lane.job = None);
        }
    }

    fn read(&mut self, entry: &Entry, is_last: bool) {
        let (time, job) = (entry.time, entry.job);
        let Some(machine) = entry.machine else { return };
        match (entry.event, job) {
            (Event::Load, Some(job)) => {
                self.leave(job, time);
                self.change(machine, time, |lane| (lane.job, lane.finished) = (Some(job), false));
            }
            (Event::Store, Some(job)) => self.leave(job, time),
            (Event::Finish, _) if is_last => self.change(machine, time, |lane| lane.job = None),
            (Event::Finish, _) => self.change(machine, time, |lane| lane.finished = true),
            (Event::Down, _) => self.change(machine, time, |lane| lane.down = true),
            (Event::Up, _) => self.change(machine, time, |lane| lane.down = false),
            _ => {}
        }
    }
}

impl ShopWorld {
    /// Bars of the run so far, a lane per machine, a group per job; nothing without a log.
    pub fn history(&self) -> History {
        let machines = self.shop.machines();
        let mut reader = Reader { lanes: vec![Lane::default(); machines], bars: Vec::new() };
        for entry in self.log() {
            let last = |job: u32| self.shop.first_operation[job as usize + 1];
            let is_last =
                entry.job.zip(entry.operation).is_some_and(|(job, it)| it + 1 == last(job));
            reader.read(&entry, is_last);
        }
        for machine in 0..machines as u32 {
            reader.change(machine, self.now, |_| {});
        }
        History {
            lanes: (0..machines).map(|machine| format!("m{machine}")).collect(),
            groups: (0..self.shop.jobs()).map(|job| format!("j{job}")).collect(),
            bars: reader.bars,
        }
    }
}
