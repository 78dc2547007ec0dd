//! The queues themselves: on the bare agenda, and with processes.
//!
//! **Source:** -

use super::UNIT;
use ordine_base::{Seed, Stream, Time};
use ordine_sim::{
    Agenda, Distribution, Process, ProcessId, Resource, ResourceKey, Simulation, Streams, Summary,
    Wake,
};
use std::collections::VecDeque;

/// Some servers alike, one queue: two events per customer on a bare agenda.
pub(crate) struct MultiServer {
    agenda: Agenda<Event>,
    free: usize,
    waiting: VecDeque<Time>,
    gap: Distribution,
    service: Distribution,
    gaps: Stream,
    services: Stream,
    begun: u64,
}

#[derive(Clone, Copy)]
enum Event {
    Arrival,
    End,
}

impl MultiServer {
    /// An empty queue.
    pub(crate) fn new(
        servers: usize,
        gap: Distribution,
        service: Distribution,
        seed: Seed,
    ) -> Self {
        let streams = Streams::new(seed);
        let mut queue = MultiServer {
            agenda: Agenda::new(),
            free: servers,
            waiting: VecDeque::new(),
            gap,
            service,
            gaps: streams.of("arrivals"),
            services: streams.of("services"),
            begun: 0,
        };
        queue.arrive_later();
        queue
    }

    fn arrive_later(&mut self) {
        let gap = self.gap.ticks(&mut self.gaps);
        self.agenda.after(gap, Event::Arrival);
    }

    /// Waits of so many customers in ticks, after so many others.
    pub(crate) fn run(mut self, warm_up: u64, customers: u64) -> Summary {
        let mut waits = Summary::new();
        while self.begun < warm_up + customers {
            let before = self.begun;
            let wait = self.step();
            if self.begun > before && before >= warm_up {
                waits.add(wait as f64);
            }
        }
        waits
    }

    /// Handles an event; gives the wait of the customer whose service begins by it, if one does.
    #[inline]
    fn step(&mut self) -> i64 {
        let (now, event) = self.agenda.pop().expect("somebody will always arrive");
        let next = match event {
            Event::Arrival => {
                self.arrive_later();
                if self.free == 0 {
                    self.waiting.push_back(now);
                    return 0;
                }
                self.free -= 1;
                now
            }
            Event::End => {
                let Some(arrived) = self.waiting.pop_front() else {
                    self.free += 1;
                    return 0;
                };
                arrived
            }
        };
        self.begun += 1;
        let service = self.service.ticks(&mut self.services);
        self.agenda.after(service, Event::End);
        (now - next).get()
    }

    /// Handles so many events; gives the mean wait in ticks.
    pub(crate) fn run_events(mut self, events: u64) -> f64 {
        let mut sum = 0.0;
        for _ in 0..events {
            sum += self.step() as f64;
        }
        sum / self.begun as f64
    }
}

/// One server that breaks down, with processes: customers hold the server, breakdowns interrupt
/// whoever is served, who goes on afterwards with what was left.
#[derive(Clone)]
pub(crate) enum Breaking {
    Door,
    Customer { arrived: Time, left: i64 },
    Breaker { is_up: bool },
}

pub(crate) struct Shop {
    server: ResourceKey,
    served: Option<ProcessId>,
    is_up: bool,
    gap: Distribution,
    service: Distribution,
    up: Distribution,
    down: Distribution,
    gaps: Stream,
    services: Stream,
    breaks: Stream,
    ended: u64,
    warm_up: u64,
    flows: Summary,
}

impl Breaking {
    /// Mean flow time in ticks of so many customers, after so many others.
    pub(crate) fn mean_flow(
        load: f64,
        up: f64,
        down: f64,
        seed: Seed,
        warm_up: u64,
        customers: u64,
    ) -> f64 {
        let streams = Streams::new(seed);
        let exponential = |mean: f64| Distribution::exponential(mean * UNIT);
        let mut shop: Simulation<Breaking> = Simulation::with(|keys| Shop {
            server: keys.resource(Resource::first_come(1)),
            served: None,
            is_up: true,
            gap: exponential(1.0 / load),
            service: exponential(1.0),
            up: exponential(up),
            down: exponential(down),
            gaps: streams.of("arrivals"),
            services: streams.of("services"),
            breaks: streams.of("breakdowns"),
            ended: 0,
            warm_up,
            flows: Summary::new(),
        });
        shop.start(Breaking::Breaker { is_up: false });
        shop.start(Breaking::Door);
        while shop.shared.ended < warm_up + customers && shop.step() {}
        shop.shared.flows.mean()
    }

    fn serve(left: i64, shop: &mut Simulation<Breaking>) {
        match shop.shared.is_up {
            true => shop.wait(ordine_base::Ticks::new(left)),
            false => shop.sleep(),
        }
    }
}

impl Process for Breaking {
    type Shared = Shop;

    fn handle(&mut self, wake: Wake, shop: &mut Simulation<Breaking>) {
        match (self, wake) {
            (Breaking::Door, _) => {
                let left = shop.shared.service.ticks(&mut shop.shared.services).get();
                shop.start(Breaking::Customer { arrived: shop.now(), left });
                let gap = shop.shared.gap.ticks(&mut shop.shared.gaps);
                shop.wait(gap);
            }
            (Breaking::Customer { .. }, Wake::Started) => shop.request(shop.shared.server),
            (Breaking::Customer { left, .. }, Wake::Granted(_) | Wake::Called(_)) => {
                shop.shared.served = Some(shop.me());
                Breaking::serve(*left, shop);
            }
            (Breaking::Customer { left, .. }, Wake::Interrupted { left: rest, .. }) => {
                *left = rest.get();
                Breaking::serve(*left, shop);
            }
            (Breaking::Customer { arrived, .. }, _) => {
                let flow = (shop.now() - *arrived).get() as f64;
                shop.shared.served = None;
                shop.shared.ended += 1;
                if shop.shared.ended > shop.shared.warm_up {
                    shop.shared.flows.add(flow);
                }
                shop.release(shop.shared.server);
            }
            (Breaking::Breaker { is_up }, wake) => {
                *is_up = !*is_up;
                shop.shared.is_up = *is_up;
                let served = shop.shared.served.filter(|_| wake != Wake::Started);
                if let Some(customer) = served {
                    match *is_up {
                        true => shop.call(customer, 0),
                        false => shop.interrupt(customer, 0),
                    };
                }
                let Shop { up, down, breaks, .. } = &mut shop.shared;
                let phase = if *is_up { up.ticks(breaks) } else { down.ticks(breaks) };
                shop.wait(phase);
            }
        }
    }
}
