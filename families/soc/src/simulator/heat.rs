//! Frequencies, energy and heat of a running chip.
//!
//! Work is counted in microseconds times MHz, so that a change of frequency loses nothing: what is
//! left of a task is exact. Energy is accounted for up to every change.
//!
//! **Source:** Arda et al. 2020 (DS3).

use super::{Account, ElementState, Event, Simulator};
use crate::ElementId;
use crate::power::{self, AMBIENT, Governor, OperatingPoint};
use ordine_base::Ticks;
use ordine_problem::TaskId;

impl ElementState {
    pub(super) fn at(governor: Governor, points: &[OperatingPoint]) -> Self {
        ElementState {
            running: Vec::new(),
            point: governor.first_point(points),
            spots: [AMBIENT; 5],
            busy_sampled: 0,
            account: Account::default(),
        }
    }
}

impl Simulator {
    /// Whether frequencies change during a run.
    pub(super) fn samples(&self) -> bool {
        let mut elements = self.instance.platform.elements.values();
        self.settings.throttling || elements.any(|it| it.governor == Governor::Ondemand)
    }

    /// Work per microsecond at the present frequency.
    pub(super) fn rate(&self, element: ElementId) -> i64 {
        let points = &self.instance.platform.elements[element].points;
        points.get(self.elements[element].point).map_or(1, |point| point.megahertz)
    }

    /// Work per microsecond at the highest frequency.
    pub(super) fn rate_most(&self, element: ElementId) -> i64 {
        let points = &self.instance.platform.elements[element].points;
        points.last().map_or(1, |point| point.megahertz)
    }

    /// Accounts for energy, busy time and work up to now.
    pub(super) fn settle(&mut self, element: ElementId) {
        if self.elements[element].account.since == self.now {
            return;
        }
        let rate = self.rate(element);
        self.elements[element].account = self.settled(element);
        for place in 0..self.elements[element].running.len() {
            let task = self.elements[element].running[place];
            let state = &mut self.tasks[task];
            state.work -= rate * (self.now - state.since).get();
            state.since = self.now;
        }
    }

    /// The account of an element up to now.
    pub(super) fn settled(&self, id: ElementId) -> Account {
        let state = &self.elements[id];
        let mut account = state.account;
        let element = &self.instance.platform.elements[id];
        let all = (self.now - account.since).get();
        let counted = (self.now - account.since.max(self.settings.warm_up)).positive_part().get();
        let celsius = state.spots[0];
        let volts = element.points.get(state.point).map_or(0, |point| point.millivolts);
        let leaks = power::leakage(element.kind, volts, celsius);
        let draws = |task: &TaskId| {
            let watts = self.instance.kinds[self.tasks[*task].kind].powers[id];
            power::dynamic_power(element.kind, &element.points, state.point, watts, celsius)
        };
        let dynamic: f64 = state.running.iter().map(draws).sum();
        match state.running.is_empty() {
            true => account.idle_energy += leaks * counted as f64,
            false => account.energy += (leaks + dynamic) * counted as f64,
        }
        account.energy_heated += (leaks + dynamic) * all as f64;
        account.busy += state.running.len() as i64 * all;
        account.since = self.now;
        account
    }

    /// Lets every governor look at the utilization since it looked last.
    pub(super) fn sample(&mut self) {
        let period = self.settings.sampling_period;
        for id in self.elements.ids() {
            self.settle(id);
            let element = &self.instance.platform.elements[id];
            if element.points.is_empty() {
                continue;
            }
            let state = &mut self.elements[id];
            let total = state.account.busy;
            let busy = total - std::mem::replace(&mut state.busy_sampled, total);
            let slots = period.get() * element.capacity as i64;
            let utilization = busy as f64 / slots as f64;
            let mut point = element.governor.next_point(&element.points, state.point, utilization);
            if self.settings.throttling {
                point = point.min(power::throttled(&element.points, &state.spots));
            }
            if point != state.point {
                state.point = point;
                self.replan_ends(id);
            }
        }
        self.plan(self.now + period, Event::Sample);
    }

    fn replan_ends(&mut self, element: ElementId) {
        for place in 0..self.elements[element].running.len() {
            let task = self.elements[element].running[place];
            if let Some(event) = self.tasks[task].event.take() {
                self.agenda.cancel(event);
            }
            self.plan_end(task);
        }
    }

    /// One step of the thermal model, under the mean power since the last one.
    pub(super) fn heat(&mut self) {
        let period: Ticks = self.settings.heat_period;
        for id in self.elements.ids() {
            self.settle(id);
            let kind = self.instance.platform.elements[id].kind;
            let state = &mut self.elements[id];
            let watts = std::mem::take(&mut state.account.energy_heated) / period.get() as f64;
            state.spots = power::heated(kind, &state.spots, watts);
        }
        self.plan(self.now + period, Event::Heat);
    }
}
