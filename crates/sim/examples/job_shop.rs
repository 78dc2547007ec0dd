//! A job shop whose machines break down: jobs visit machines in an order of their own, a breakdown
//! interrupts whoever is at work, who goes on afterwards with what was left.
//!
//! `cargo run --release -p ordine-sim --example job_shop`
//!
//! **Source:** -

use ordine_base::{Seed, Stream, Ticks, Time};
use ordine_sim::{
    Breakdowns, Distribution, EventLog, Process, ProcessId, Resource, ResourceKey, Simulation,
    Streams, Summary, Wake,
};
use std::io::{self, Write};

const MACHINES: usize = 3;

#[derive(Clone)]
enum Shop {
    Door { jobs: usize },
    Job { number: usize, arrived: Time, route: Vec<usize>, left: Ticks },
    Breaker { machine: usize, back: Option<Time> },
}

struct Shared {
    machines: Vec<ResourceKey>,
    at_work: [Option<ProcessId>; MACHINES],
    is_down: [bool; MACHINES],
    gap: Distribution,
    work: Distribution,
    breakdowns: Breakdowns,
    gaps: Stream,
    works: Stream,
    breaks: Vec<Stream>,
    flows: Summary,
}

impl Shop {
    /// Works, or waits until the machine is mended.
    fn work(machine: usize, left: Ticks, shop: &mut Simulation<Shop>) {
        match shop.shared.is_down[machine] {
            false => shop.wait(left),
            true => shop.sleep(),
        }
    }
}

impl Process for Shop {
    type Shared = Shared;

    fn handle(&mut self, wake: Wake, shop: &mut Simulation<Shop>) {
        match self {
            Shop::Door { jobs } => {
                let mut route: Vec<usize> = (0..MACHINES).collect();
                shop.shared.gaps.shuffle(&mut route);
                let (number, arrived) = (*jobs, shop.now());
                shop.start(Shop::Job { number, arrived, route, left: Ticks::ZERO });
                *jobs += 1;
                if *jobs < 1_000 {
                    let gap = shop.shared.gap.ticks(&mut shop.shared.gaps);
                    shop.wait(gap);
                }
            }
            Shop::Job { number, arrived, route, left } => {
                shop.note(format_args!("job {number}: {wake:?}"));
                match (wake, route.last().copied()) {
                    (Wake::Granted(_), Some(machine)) => {
                        *left = shop.shared.work.ticks(&mut shop.shared.works);
                        shop.shared.at_work[machine] = Some(shop.me());
                        Shop::work(machine, *left, shop);
                    }
                    (Wake::Interrupted { left: rest, .. }, Some(machine)) => {
                        *left = rest;
                        Shop::work(machine, *left, shop);
                    }
                    (Wake::Called(_), Some(machine)) => Shop::work(machine, *left, shop),
                    (Wake::Elapsed, Some(machine)) => {
                        shop.shared.at_work[machine] = None;
                        shop.release(shop.shared.machines[machine]);
                        route.pop();
                        match route.last() {
                            Some(&machine) => shop.request(shop.shared.machines[machine]),
                            None => shop.shared.flows.add((shop.now() - *arrived).get() as f64),
                        }
                    }
                    (_, Some(machine)) => shop.request(shop.shared.machines[machine]),
                    (_, None) => {}
                }
            }
            Shop::Breaker { machine, back } => {
                let (now, at_work) = (shop.now(), shop.shared.at_work[*machine]);
                if wake != Wake::Started {
                    shop.shared.is_down[*machine] = back.is_some();
                    match (*back, at_work) {
                        (Some(_), Some(job)) => shop.interrupt(job, 0),
                        (None, Some(job)) => shop.call(job, 0),
                        (_, None) => false,
                    };
                }
                if let Some(end) = back.take().filter(|_| wake != Wake::Started) {
                    return shop.wait(end - now);
                }
                let stream = &mut shop.shared.breaks[*machine];
                if let Some(next) = shop.shared.breakdowns.next(now, stream) {
                    *back = Some(next.end);
                    shop.wait(next.start - now);
                }
            }
        }
    }
}

fn simulated(breakdowns: &str, seed: Seed) -> Simulation<Shop> {
    let streams = Streams::new(seed);
    let mut shop = Simulation::with(|keys| Shared {
        machines: (0..MACHINES).map(|_| keys.resource(Resource::first_come(1))).collect(),
        at_work: [None; MACHINES],
        is_down: [false; MACHINES],
        gap: Distribution::exponential(120.0),
        work: Distribution::erlang(2, 80.0),
        breakdowns: breakdowns.parse().expect("breakdowns of this example"),
        gaps: streams.of("arrivals"),
        works: streams.of("durations"),
        breaks: (0..MACHINES).map(|it| streams.of_each("breakdowns", it)).collect(),
        flows: Summary::new(),
    });
    shop.log = EventLog::kept(true);
    (0..MACHINES).for_each(|machine| {
        shop.start(Shop::Breaker { machine, back: None });
    });
    shop.start(Shop::Door { jobs: 0 });
    while shop.shared.flows.count() < 1_000 && shop.step() {}
    shop
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for breakdowns in ["none", "renewal(exponential(1000), exponential(60))"] {
        let shop = simulated(breakdowns, Seed::new(1));
        let (flows, same) = (shop.shared.flows, simulated(breakdowns, Seed::new(1)));
        assert_eq!(shop.log, same.log, "the same seed is the same run");
        let (mean, events) = (flows.mean(), shop.handled());
        writeln!(out, "{breakdowns}: flow time {mean:.0} ticks, {events} events")?;
    }
    Ok(())
}
