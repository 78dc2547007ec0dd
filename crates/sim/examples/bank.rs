//! The queue with one server (M/M/1): mean wait with its interval, beside the closed form.
//!
//! `cargo run --release -p ordine-sim --example bank`
//!
//! **Source:** Kleinrock 1975, *Queueing Systems* I, section 3.2: wait = load / (1 - load)
//! services.

use ordine_base::{Seed, Stream, Time};
use ordine_sim::{
    Distribution, Precision, Process, Resource, ResourceKey, Simulation, Streams, Study, Summary,
    Wake, replicate,
};
use std::convert::Infallible;
use std::io::{self, Write};

/// A tick is a thousandth of a minute.
const MINUTE: f64 = 1_000.0;

#[derive(Clone)]
enum Bank {
    Door,
    Customer { arrived: Time },
}

struct Shared {
    clerk: ResourceKey,
    gap: Distribution,
    service: Distribution,
    gaps: Stream,
    services: Stream,
    waits: Summary,
}

impl Process for Bank {
    type Shared = Shared;

    fn handle(&mut self, wake: Wake, bank: &mut Simulation<Bank>) {
        match (self, wake) {
            (Bank::Door, _) => {
                bank.start(Bank::Customer { arrived: bank.now() });
                let gap = bank.shared.gap.ticks(&mut bank.shared.gaps);
                bank.wait(gap);
            }
            (Bank::Customer { .. }, Wake::Started) => bank.request(bank.shared.clerk),
            (Bank::Customer { arrived }, Wake::Granted(_)) => {
                bank.shared.waits.add((bank.now() - *arrived).get() as f64);
                let service = bank.shared.service.ticks(&mut bank.shared.services);
                bank.wait(service);
            }
            (Bank::Customer { .. }, _) => bank.release(bank.shared.clerk),
        }
    }
}

/// Mean wait in minutes over some weeks.
fn day(seed: Seed) -> f64 {
    let streams = Streams::new(seed);
    let mut bank = Simulation::with(|keys| Shared {
        clerk: keys.resource(Resource::first_come(1)),
        gap: Distribution::exponential(10.0 * MINUTE),
        service: Distribution::exponential(8.0 * MINUTE),
        gaps: streams.of("arrivals"),
        services: streams.of("services"),
        waits: Summary::new(),
    });
    bank.start(Bank::Door);
    bank.run_until(Time::new((20_000.0 * MINUTE) as i64));
    bank.shared.waits = Summary::new();
    bank.run_until(Time::new((200_000.0 * MINUTE) as i64));
    bank.shared.waits.mean() / MINUTE
}

fn main() -> io::Result<()> {
    let precision = Some(Precision { relative: 0.02, replications_most: 10_000 });
    let study =
        Study { seed: Seed::new(1), replications: 20, precision, confidence: 0.95, workers: 2 };
    let samples = replicate(&study, 1, |_, _, seed| Ok::<_, Infallible>(vec![day(seed)]));
    let samples = samples.unwrap_or_else(|failed| match failed.error {});
    let wait = samples.summary(0, 0);
    writeln!(
        io::stdout().lock(),
        "wait {:.2} ± {:.2} minutes in {} runs; theory 32",
        wait.mean(),
        wait.half_width(study.confidence),
        samples.replications()
    )
}
