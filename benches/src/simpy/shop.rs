//! The job shop of the comparison: jobs arrive, each visits ten machines in an order of its own.
//!
//! **Source:** -

use crate::queues::UNIT;
use ordine_base::{Seed, Stream, Time};
use ordine_sim::{
    Distribution, Process, Resource, ResourceKey, Simulation, Streams, Summary, Wake,
};

/// Machines of the shop.
const MACHINES: usize = 10;
/// Routes that jobs draw from.
const ROUTES: usize = 1_000;

/// Routes of this seed.
fn routes(seed: Seed) -> Vec<[u8; MACHINES]> {
    let mut stream = seed.stream("routes");
    let mut route: [u8; MACHINES] = std::array::from_fn(|it| it as u8);
    let drawn = (0..ROUTES).map(|_| {
        stream.shuffle(&mut route);
        route
    });
    drawn.collect()
}

/// What lives in the shop.
pub(super) enum JobShop {
    Door,
    Job { arrived: Time, route: usize, done: usize },
}

/// What all of them share.
pub(super) struct Shared {
    routes: Vec<[u8; MACHINES]>,
    machines: Vec<ResourceKey>,
    gap: Distribution,
    work: Distribution,
    gaps: Stream,
    works: Stream,
    pub(super) flows: Summary,
}

impl JobShop {
    /// The shop, empty, with a job at the door.
    pub(super) fn simulation(seed: Seed) -> Simulation<JobShop> {
        let streams = Streams::new(seed);
        let mut shop = Simulation::with(|keys| Shared {
            routes: routes(seed),
            machines: (0..MACHINES).map(|_| keys.resource(Resource::first_come(1))).collect(),
            gap: Distribution::exponential(1.25 * UNIT),
            work: Distribution::exponential(UNIT),
            gaps: streams.of("arrivals"),
            works: streams.of("durations"),
            flows: Summary::new(),
        });
        shop.start(JobShop::Door);
        shop
    }
}

impl Process for JobShop {
    type Shared = Shared;

    fn handle(&mut self, wake: Wake, shop: &mut Simulation<JobShop>) {
        match (self, wake) {
            (JobShop::Door, _) => {
                let (arrived, route) = (shop.now(), shop.shared.gaps.below(ROUTES));
                shop.start(JobShop::Job { arrived, route, done: 0 });
                let gap = shop.shared.gap.ticks(&mut shop.shared.gaps);
                shop.wait(gap);
            }
            (JobShop::Job { .. }, Wake::Granted(_)) => {
                let work = shop.shared.work.ticks(&mut shop.shared.works);
                shop.wait(work);
            }
            (JobShop::Job { arrived, route, done }, _) => {
                let machine = |at: usize, shop: &Simulation<JobShop>| {
                    shop.shared.machines[usize::from(shop.shared.routes[*route][at])]
                };
                if wake == Wake::Elapsed {
                    shop.release(machine(*done, shop));
                    *done += 1;
                }
                if *done < MACHINES {
                    return shop.request(machine(*done, shop));
                }
                shop.shared.flows.add((shop.now() - *arrived).get() as f64);
            }
        }
    }
}
