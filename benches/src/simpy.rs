//! Events per second beside SimPy: the same M/M/1 queue and the same job shop, in one run.
//!
//! An event is what either side puts on its agenda. SimPy runs in an environment of its own with
//! the version that `peers/simpy/requirements.txt` pins; building models and starting Python are
//! part of no figure. Both sides take turns, and the best of several turns counts for each. Ours
//! runs twice: on the bare agenda, and with processes as SimPy has them.
//!
//! **Source:** SimPy 4.1 (Müller, Vignaux, Scherfke, Lünsdorf).

mod peer;
mod shop;

use crate::WallClock;
use crate::queues::UNIT;
use crate::queues::models::MultiServer;
use anyhow::Result;
use clap::Parser;
use comfy_table::{Table, presets};
use ordine_base::{Clock, Seed, Stream, Ticks, Time};
use ordine_sim::{Agenda, Distribution, Process, Resource, ResourceKey, Simulation, Summary, Wake};
use peer::Figures;
use shop::JobShop;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `ordine bench simpy`.
#[derive(Parser, Debug)]
#[command(name = "simpy", about = "Events per second beside SimPy, on the same models")]
struct Arguments {
    /// Events of ours in each turn
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Customers and jobs of SimPy in each turn: fewer, for it is slower
    #[arg(long, default_value_t = 100_000)]
    customers: u64,
    /// Turns of each side; the best counts
    #[arg(long, default_value_t = 3)]
    turns: u32,
    /// Folder of the peer's own environment, made when it is missing
    #[arg(long, default_value = "target/bench/simpy")]
    environment: PathBuf,
    /// Leave SimPy out
    #[arg(long)]
    alone: bool,
}

/// Threads of this machine.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Runs one model once.
type Turn<'a> = Box<dyn Fn() -> Result<Figures> + 'a>;

/// A model, and who simulates it.
type Group<'a> = (&'static str, Vec<(&'static str, Option<Turn<'a>>)>);

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("simpy").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let python = match arguments.alone {
        true => None,
        false => Some(peer::environment(&arguments.environment, out)?),
    };
    let (events, customers) = (arguments.events, arguments.customers);
    let python = python.as_deref();
    let peer = |model: &'static str| -> Option<Turn<'_>> {
        let python = python?;
        Some(Box::new(move || peer::figures(python, model, customers)))
    };
    let groups: [Group<'_>; 2] = [
        (
            "M/M/1, load 0.8",
            vec![
                ("SimPy", peer("mm1")),
                ("processes", Some(Box::new(move || Ok(bank(events))))),
                ("agenda", Some(Box::new(move || Ok(single_server(events))))),
            ],
        ),
        (
            "job shop, 10 machines",
            vec![
                ("SimPy", peer("shop")),
                ("processes", Some(Box::new(move || Ok(job_shop(events))))),
            ],
        ),
    ];
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "model",
        "side",
        "events/s",
        "x SimPy",
        "customers/s",
        "x SimPy",
        "mean [services]",
    ]);
    for (model, sides) in groups {
        rows(&mut table, model, &sides, arguments.turns)?;
    }
    writeln!(out, "{}", table.trim_fmt())?;
    writeln!(out, "\nevents held, one popped and one scheduled [million per second]")?;
    writeln!(out, "{}", held_events(arguments.events.min(4_000_000)))?;
    Ok(())
}

fn rows(
    table: &mut Table,
    model: &str,
    sides: &[(&str, Option<Turn<'_>>)],
    turns: u32,
) -> Result<()> {
    let mut best: Vec<Option<Figures>> = vec![None; sides.len()];
    for _ in 0..turns {
        for ((_, turn), best) in sides.iter().zip(&mut best) {
            let Some(turn) = turn else { continue };
            let found = turn()?;
            if best.is_none_or(|best| found.event_rate() > best.event_rate()) {
                *best = Some(found);
            }
        }
    }
    let base = best[0];
    for ((side, _), figures) in sides.iter().zip(best) {
        let Some(figures) = figures else { continue };
        let times = |rate: fn(&Figures) -> f64| {
            let ratio = base.map(|base| rate(&figures) / rate(&base));
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}"))
        };
        table.add_row([
            model.to_owned(),
            (*side).to_owned(),
            format!("{:.0}", figures.event_rate()),
            times(Figures::event_rate),
            format!("{:.0}", figures.customer_rate()),
            times(Figures::customer_rate),
            format!("{:.3}", figures.mean),
        ]);
    }
    Ok(())
}

/// The queue on a bare agenda.
fn single_server(events: u64) -> Figures {
    let (gap, service) = (Distribution::exponential(1.25), Distribution::exponential(1.0));
    let queue = MultiServer::new(1, gap.stretched(UNIT), service.stretched(UNIT), Seed::new(1));
    let clock = WallClock::start();
    let mean = queue.run_events(events) / UNIT;
    Figures { customers: events / 2, events, seconds: clock.elapsed().as_secs_f64(), mean }
}

/// The queue with processes, as in the documentation of `ordine_sim::Process`.
#[derive(Clone)]
enum Bank {
    Door,
    Customer { arrived: Time },
}

struct BankShared {
    clerk: ResourceKey,
    gap: Distribution,
    service: Distribution,
    stream: Stream,
    waits: Summary,
}

impl Process for Bank {
    type Shared = BankShared;

    fn handle(&mut self, wake: Wake, bank: &mut Simulation<Bank>) {
        match (self, wake) {
            (Bank::Door, _) => {
                bank.start(Bank::Customer { arrived: bank.now() });
                let gap = bank.shared.gap.ticks(&mut bank.shared.stream);
                bank.wait(gap);
            }
            (Bank::Customer { .. }, Wake::Started) => bank.request(bank.shared.clerk),
            (Bank::Customer { arrived }, Wake::Granted(_)) => {
                bank.shared.waits.add((bank.now() - *arrived).get() as f64);
                let service = bank.shared.service.ticks(&mut bank.shared.stream);
                bank.wait(service);
            }
            (Bank::Customer { .. }, _) => bank.release(bank.shared.clerk),
        }
    }
}

fn bank(events: u64) -> Figures {
    let mut bank: Simulation<Bank> = Simulation::with(|keys| BankShared {
        clerk: keys.resource(Resource::first_come(1)),
        gap: Distribution::exponential(1.25 * UNIT),
        service: Distribution::exponential(UNIT),
        stream: Seed::new(1).stream("bank"),
        waits: Summary::new(),
    });
    bank.start(Bank::Door);
    let clock = WallClock::start();
    while bank.handled() < events {
        bank.step();
    }
    let seconds = clock.elapsed().as_secs_f64();
    let waits = bank.shared.waits;
    Figures { customers: waits.count(), events, seconds, mean: waits.mean() / UNIT }
}

fn job_shop(events: u64) -> Figures {
    let mut shop = JobShop::simulation(Seed::new(1));
    let clock = WallClock::start();
    while shop.handled() < events {
        shop.step();
    }
    let seconds = clock.elapsed().as_secs_f64();
    let flows = shop.shared.flows;
    Figures { customers: flows.count(), events, seconds, mean: flows.mean() / UNIT }
}

/// Turns that are timed at once, so that whatever else the machine does spoils few of them.
const SLICE: usize = 50_000;

/// Rates of the agenda and of the heap of the standard library at several numbers of events.
fn held_events(turns: u64) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["pending", "agenda", "binary heap"]);
    for pending in [2, 100, 10_000, 1_000_000] {
        let gap = Distribution::exponential(1000.0);
        let mut stream = Seed::new(pending).stream("gaps");
        let mut agenda = Agenda::new();
        let mut heap: BinaryHeap<Reverse<(Time, u64, u64)>> = BinaryHeap::new();
        for event in 0..pending {
            let delay = gap.ticks(&mut stream);
            agenda.after(delay, event);
            heap.push(Reverse((Time::ORIGIN + delay, event, event)));
        }
        let gaps: Vec<Ticks> = (0..4096).map(|_| gap.ticks(&mut stream)).collect();
        let ours = best_rate(turns, |turn| {
            let (_, event) = agenda.pop().expect("as many come as go");
            agenda.after(gaps[turn % gaps.len()], event);
        });
        let theirs = best_rate(turns, |turn| {
            let Reverse((time, _, event)) = heap.pop().expect("as many come as go");
            let time = time + gaps[turn % gaps.len()];
            heap.push(Reverse((time, pending + turn as u64, event)));
        });
        table.add_row([pending.to_string(), format!("{ours:.1}"), format!("{theirs:.1}")]);
    }
    table
}

/// Million turns per second in the best slice of all.
fn best_rate(turns: u64, mut turn: impl FnMut(usize)) -> f64 {
    let mut best = 0.0_f64;
    for slice in 0..(turns as usize / SLICE).max(1) {
        let clock = WallClock::start();
        (slice * SLICE..(slice + 1) * SLICE).for_each(&mut turn);
        best = best.max(SLICE as f64 / clock.elapsed().as_secs_f64() / 1e6);
    }
    best
}
