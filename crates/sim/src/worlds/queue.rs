//! The world `queue`: customers arrive, wait, and are served; the policy says who is next.
//!
//! `servers` servers alike, gaps between arrivals and durations of service from any distribution
//! (G/G/c). A customer's duration is known when it arrives, so that rules can look at it; the first
//! `warm-up` customers are not measured. A decision is asked for when a server is free and two
//! customers or more wait. O(log servers + waiting) per customer.
//!
//! **Source:** Kendall 1953 (the notation); Schrage 1968 (shortest first).

use crate::{
    AboutWorld, Agenda, Better, Distribution, Episode, EventLog, History, HistoryBar, Input,
    InputKind, Keep, Metric, Parameter, Phase, Scenario, Settings, SimulatedWorld, SimulationError,
    Streams, Summary, TimeAverage,
};
use ordine_base::{Id, Seed, Stream, Time};
use ordine_problem::{ModeId, TaskId};
use ordine_world::{Candidate, CandidateId, Features, Observation, Step, World};
use std::sync::Arc;

/// The world `queue`.
#[derive(Clone, Copy, Debug)]
pub struct Queue;

const PARAMETERS: [Parameter; 6] = [
    Parameter::new("arrivals", "exponential(10)", "gap between two arrivals [units]"),
    Parameter::new("service", "exponential(9)", "duration of a service [units]"),
    Parameter::new("servers", "1", "how many serve"),
    Parameter::new("customers", "2000", "how many arrive"),
    Parameter::new("warm-up", "200", "how many of them are not measured"),
    Parameter::new("ticks", "1000", "ticks per unit"),
];

const METRICS: [Metric; 4] = [
    Metric { name: "wait mean [units]", better: Better::Lower },
    Metric { name: "flow time mean [units]", better: Better::Lower },
    Metric { name: "flow time most [units]", better: Better::Lower },
    Metric { name: "servers busy [share]", better: Better::Neither },
];

/// Most servers and customers.
const COUNT_MOST: usize = 100_000_000;

impl SimulatedWorld for Queue {
    fn about(&self) -> AboutWorld {
        AboutWorld {
            name: "queue",
            summary: "customers wait for servers; the policy says who is next",
            source: "Kendall 1953",
            input: InputKind::Nothing,
            parameters: &PARAMETERS,
            policies: &["fifo", "spt", "lifo"],
        }
    }

    fn open(
        &self,
        _input: Input<'_>,
        settings: &Settings,
    ) -> Result<Box<dyn Scenario>, SimulationError> {
        let count = |name| {
            let expected = "a whole number from 1 to 100 million";
            settings.value(name, expected, |it: &usize| (1..=COUNT_MOST).contains(it))
        };
        let customers = count("customers")?;
        let warm_up = settings.value("warm-up", "less than `customers`", |it| *it < customers)?;
        let ticks = count("ticks")? as f64;
        Ok(Box::new(QueueScenario {
            rules: Arc::new(Rules {
                arrivals: settings.distribution("arrivals")?.stretched(ticks),
                service: settings.distribution("service")?.stretched(ticks),
                servers: count("servers")?,
                customers,
                warm_up,
                ticks,
            }),
        }))
    }
}

/// What all runs have in common.
#[derive(Debug)]
struct Rules {
    arrivals: Distribution,
    service: Distribution,
    servers: usize,
    customers: usize,
    warm_up: usize,
    ticks: f64,
}

#[derive(Debug)]
struct QueueScenario {
    rules: Arc<Rules>,
}

impl Scenario for QueueScenario {
    fn title(&self) -> String {
        let Rules { servers, customers, warm_up, .. } = *self.rules;
        let plural = if servers == 1 { "" } else { "s" };
        format!("queue: {servers} server{plural}, {customers} customers, {warm_up} of them warm-up")
    }

    fn metrics(&self) -> &[Metric] {
        &METRICS
    }

    fn start(&self, seed: Seed, keep: Keep) -> Box<dyn Episode + '_> {
        Box::new(QueueRun::new(self.rules.clone(), seed, keep))
    }
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Arrival,
    Served { customer: usize, server: usize },
}

/// One run.
#[derive(Clone, Debug)]
struct QueueRun {
    rules: Arc<Rules>,
    agenda: Agenda<Event>,
    arrivals: Stream,
    service: Stream,
    arrived: usize,
    last_arrival: Time,
    free: Vec<usize>,
    observation: Observation,
    /// Rewards since the last decision.
    reward: f64,
    waits: Summary,
    flows: Summary,
    busy: TimeAverage,
    log: EventLog,
    bars: Option<Vec<HistoryBar>>,
}

impl QueueRun {
    fn new(rules: Arc<Rules>, seed: Seed, keep: Keep) -> Self {
        let streams = Streams::new(seed);
        let mut run = QueueRun {
            agenda: Agenda::new(),
            arrivals: streams.of("arrivals"),
            service: streams.of("service"),
            arrived: 0,
            last_arrival: Time::ORIGIN,
            free: (0..rules.servers).rev().collect(),
            observation: Observation::default(),
            reward: 0.0,
            waits: Summary::new(),
            flows: Summary::new(),
            busy: TimeAverage::new(Time::ORIGIN, 0.0),
            log: EventLog::kept(keep.events),
            bars: keep.history.then(Vec::new),
            rules,
        };
        let gap = run.rules.arrivals.ticks(&mut run.arrivals);
        run.agenda.after(gap, Event::Arrival);
        run.advance();
        run
    }

    /// Goes on to the next decision, or to the end.
    fn advance(&mut self) {
        loop {
            match self.observation.candidates.len() {
                1 if !self.free.is_empty() => self.serve(0),
                2.. if !self.free.is_empty() => return,
                _ => match self.agenda.pop() {
                    Some((now, event)) => self.handle(now, event),
                    None => return,
                },
            }
        }
    }

    fn handle(&mut self, now: Time, event: Event) {
        self.observation.now = now;
        match event {
            Event::Arrival => self.arrive(now),
            Event::Served { customer, server } => {
                self.log.note(now, format_args!("customer {customer} leaves server {server}"));
                self.free.push(server);
                self.busy.add(now, -1.0);
            }
        }
    }

    fn arrive(&mut self, now: Time) {
        let customer = self.arrived;
        self.log.note(now, format_args!("customer {customer} arrives"));
        let duration = self.rules.service.ticks(&mut self.service);
        let features = Features {
            duration,
            eligible_since: now,
            start: now,
            work_remaining: duration,
            tasks_remaining: 1,
            positional_weight: duration,
            weight: 1,
            release: now,
            ..Features::default()
        };
        let (task, mode) = (TaskId::from_index(customer), ModeId::from_index(0));
        self.observation.candidates.push(Candidate { task, mode, allowed: true, features });
        self.arrived += 1;
        self.last_arrival = now;
        if self.arrived == self.rules.warm_up {
            self.busy.restart(now);
        }
        if self.arrived < self.rules.customers {
            let gap = self.rules.arrivals.ticks(&mut self.arrivals);
            self.agenda.after(gap, Event::Arrival);
        }
    }

    /// Serves the customer at this place of the queue.
    fn serve(&mut self, place: usize) {
        let server = self.free.pop().expect("customers are only served by a free server");
        let chosen = self.observation.candidates.remove(place);
        let (customer, now) = (chosen.task.index(), self.observation.now);
        self.log.note(now, format_args!("server {server} takes customer {customer}"));
        let (wait, duration) = (now - chosen.features.release, chosen.features.duration);
        let flow = (wait + duration).get() as f64 / self.rules.ticks;
        if customer >= self.rules.warm_up {
            self.waits.add(wait.get() as f64 / self.rules.ticks);
            self.flows.add(flow);
            self.reward -= flow;
        }
        self.busy.add(now, 1.0);
        self.agenda.after(duration, Event::Served { customer, server });
        if let Some(bars) = &mut self.bars {
            let (start, end) = (now, now + duration);
            let (group, label) = (Some(customer), customer.to_string());
            bars.push(HistoryBar { lane: server, start, end, phase: Phase::Work, group, label });
        }
    }
}

impl World for QueueRun {
    fn observe(&self) -> &Observation {
        &self.observation
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        self.serve(choice.index());
        self.advance();
        let reward = std::mem::take(&mut self.reward);
        let terminated = self.observation.candidates.is_empty();
        Step { reward: [reward].into_iter().collect(), terminated, truncated: false }
    }

    fn fork(&self, seed: Seed) -> Option<Box<dyn World + '_>> {
        let streams = Streams::new(seed);
        let mut copy = QueueRun {
            arrivals: streams.of("arrivals"),
            service: streams.of("service"),
            log: EventLog::off(),
            bars: None,
            ..self.clone()
        };
        // When the next customer arrives is the one thing under way that nobody may know.
        let (now, elapsed) = (self.observation.now, self.observation.now - self.last_arrival);
        let QueueRun { agenda, arrivals, .. } = &mut copy;
        agenda.redraw(|time, event| match event {
            Event::Arrival => now + self.rules.arrivals.residual_ticks(elapsed, arrivals),
            Event::Served { .. } => time,
        });
        Some(Box::new(copy))
    }

    fn reward_names(&self) -> &'static [&'static str] {
        &["minus flow time"]
    }
}

impl Episode for QueueRun {
    fn values(&self) -> Result<Vec<f64>, SimulationError> {
        let Rules { customers, warm_up, servers, .. } = *self.rules;
        let served = self.waits.count();
        if served != (customers - warm_up) as u64 {
            return Err(SimulationError::Broken(format!("{served} of {customers} were served")));
        }
        let busy = self.busy.mean(self.agenda.now()) / servers as f64;
        Ok(vec![self.waits.mean(), self.flows.mean(), self.flows.most(), busy])
    }

    fn log(&self) -> Option<&EventLog> {
        self.log.is_on().then_some(&self.log)
    }

    fn history(&self) -> Option<History> {
        let bars = self.bars.clone()?;
        let lanes = (0..self.rules.servers).map(|it| format!("server {it}")).collect();
        let groups = (0..self.arrived).map(|it| format!("customer {it}")).collect();
        Some(History { lanes, groups, bars })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_world::{Decision, Fifo, Pilot, Policy, Rule, RulePolicy, Spt, run};

    fn opened(set: &[(&str, &str)]) -> Box<dyn Scenario> {
        let set: Vec<(String, String)> =
            set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let settings = Settings::new(&PARAMETERS, &set).expect("known parameters");
        Queue.open(Input::Nothing, &settings).expect("it opens")
    }

    fn played(scenario: &dyn Scenario, policy: &mut dyn Policy, seed: u64) -> (Vec<f64>, EventLog) {
        let seed = Seed::new(seed);
        let mut episode = scenario.start(seed, Keep { events: true, history: false });
        run(&mut *episode, policy, &mut seed.stream("policy"), &mut |_| false);
        (episode.values().expect("it ends"), episode.log().expect("it was kept").clone())
    }

    #[test]
    fn shortest_first_waits_less_than_first_come_first_served_under_the_same_chance() {
        let queue = opened(&[]);
        for seed in 0..5 {
            let mean = |rule: &dyn Rule| played(&*queue, &mut RulePolicy::of(rule), seed).0;
            let (fifo, spt) = (mean(&Fifo), mean(&Spt));
            assert!(spt[0] < fifo[0], "seed {seed}: {spt:?} {fifo:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_log_and_forks_leave_no_trace() {
        let queue = opened(&[("customers", "60"), ("warm-up", "0")]);
        for seed in 0..5 {
            let pilot = || Pilot::new(Box::new(RulePolicy::of(&Fifo)), 2);
            let first = played(&*queue, &mut pilot(), seed);
            assert_eq!(first, played(&*queue, &mut pilot(), seed));
        }
    }

    #[test]
    fn a_fork_does_not_know_when_the_next_customer_arrives() {
        let queue = opened(&[("arrivals", "uniform(1, 9)"), ("customers", "300")]);
        let episode = queue.start(Seed::new(1), Keep::default());
        let mut stream = Seed::new(2).stream("policy");
        let world: &dyn World = &*episode;
        let mut ends: Vec<Time> = (0..20)
            .map(|_| {
                let mut fork = Decision::new(world, &mut stream).fork().expect("it forks");
                assert_eq!(fork.observe(), episode.observe());
                fork.act(CandidateId::from_index(0));
                fork.act(CandidateId::from_index(0));
                fork.observe().now
            })
            .collect();
        ends.sort_unstable();
        ends.dedup();
        assert!(ends.len() > 1, "{ends:?}");
    }

    #[test]
    fn wrong_settings_are_refused_by_name() {
        let set = [("servers".to_owned(), "0".to_owned())];
        let settings = Settings::new(&PARAMETERS, &set).expect("a known name");
        let error = Queue.open(Input::Nothing, &settings).err().expect("no server").to_string();
        assert!(error.contains("--set servers=0: expected"), "{error}");
        let unknown = [("server".to_owned(), "1".to_owned())];
        let error = Settings::new(&PARAMETERS, &unknown).expect_err("unknown").to_string();
        assert!(error.contains("one of arrivals"), "{error}");
    }
}
