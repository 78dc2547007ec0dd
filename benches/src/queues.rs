//! Queues beside their theory: simulated means with intervals, and the closed forms they must meet.
//!
//! For every parameter set and seed, replications are added until the half-width of the 99 %
//! interval is at most 1 % of the mean; the closed form then lies within the interval, but for one
//! interval of a hundred. Time is counted in 10^-6 of the mean service.
//!
//! **Source:** Erlang 1917 (M/M/c); Pollaczek 1930, Khinchine 1932 (M/G/1); White, Christie 1958,
//! and Avi-Itzhak, Naor 1963 (M/M/1 with breakdowns).

pub(crate) mod models;
mod theory;

use crate::simpy::threads;
use anyhow::Result;
use clap::Parser;
use comfy_table::{Table, presets};
use models::{Breaking, MultiServer};
use ordine_base::Seed;
use ordine_sim::{Distribution, Precision, Samples, Study, replicate};
use statrs::distribution::{Binomial, DiscreteCDF};
use std::convert::Infallible;
use std::io::Write;

/// Arguments of `ordine bench queues`.
#[derive(Parser, Debug)]
#[command(name = "queues", about = "Simulated queues beside their closed forms")]
struct Arguments {
    /// Seeds of each parameter set: 1, 2, …
    #[arg(long, default_value_t = 10)]
    seeds: u64,
    /// Half-width of intervals over the mean, in percent
    #[arg(long, default_value_t = 1.0)]
    precision: f64,
    /// Confidence of intervals, in percent
    #[arg(long, default_value_t = 99.0)]
    confidence: f64,
    /// Customers that are measured in one replication
    #[arg(long, default_value_t = 100_000)]
    customers: u64,
    /// Customers before them, who are not
    #[arg(long, default_value_t = 20_000)]
    warm_up: u64,
    /// Threads [default: all cores]
    #[arg(long)]
    workers: Option<usize>,
    /// Only this group: `mm1`, `mmc`, `mg1` or `breakdowns`
    #[arg(long)]
    only: Option<String>,
}

/// Mean service in ticks.
pub(crate) const UNIT: f64 = 1e6;

/// A queue with its theory.
struct Case {
    group: &'static str,
    name: String,
    /// Of the mean wait, or of the mean flow time with breakdowns; in mean services.
    theory: f64,
    model: Model,
}

enum Model {
    Plain { servers: usize, load: f64, service: Distribution },
    Breaking { load: f64, up: f64, down: f64 },
}

impl Case {
    fn replication(&self, arguments: &Arguments, seed: Seed) -> f64 {
        let (warm_up, customers) = (arguments.warm_up, arguments.customers);
        match &self.model {
            Model::Plain { servers, load, service } => {
                let gap = Distribution::exponential(1.0 / (load * *servers as f64)).stretched(UNIT);
                let queue = MultiServer::new(*servers, gap, service.stretched(UNIT), seed);
                queue.run(warm_up, customers).mean() / UNIT
            }
            &Model::Breaking { load, up, down } => {
                Breaking::mean_flow(load, up, down, seed, warm_up, customers) / UNIT
            }
        }
    }
}

/// Ten parameter sets of each group.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let loads = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85];
    for load in loads {
        let service = Distribution::exponential(1.0);
        let model = Model::Plain { servers: 1, load, service };
        let name = format!("M/M/1, load {load}");
        cases.push(Case { group: "mm1", name, theory: theory::multi_server(1, load), model });
    }
    let crews = [2, 2, 2, 3, 3, 4, 5, 6, 8, 10];
    let crew_loads = [0.3, 0.6, 0.8, 0.5, 0.8, 0.7, 0.8, 0.85, 0.8, 0.85];
    for (servers, load) in crews.into_iter().zip(crew_loads) {
        let service = Distribution::exponential(1.0);
        let model = Model::Plain { servers, load, service };
        let name = format!("M/M/{servers}, load {load}");
        cases.push(Case { group: "mmc", name, theory: theory::multi_server(servers, load), model });
    }
    let services = [
        "constant(1)",
        "uniform(0, 2)",
        "uniform(0.5, 1.5)",
        "erlang(2, 1)",
        "erlang(4, 1)",
        "gamma(0.5, 2)",
        "lognormal(1, 1.5)",
        "weibull(1, 2)",
        "triangular(0, 0.5, 2.5)",
        "empirical(0.2, 0.4, 3)",
    ];
    for (index, text) in services.into_iter().enumerate() {
        let service: Distribution = text.parse().expect("a distribution of this list");
        let load = [0.5, 0.7, 0.8][index % 3];
        // The load counts mean services; this one may be longer or shorter.
        let service = service.stretched(1.0 / service.mean());
        let name = format!("M/G/1, {text}, load {load}");
        let theory = theory::general_service(load, service.variance());
        let model = Model::Plain { servers: 1, load, service };
        cases.push(Case { group: "mg1", name, theory, model });
    }
    let breaks = [(10.0, 1.0), (50.0, 5.0), (20.0, 10.0), (5.0, 1.0), (100.0, 2.0)];
    for (up, down) in breaks {
        for share in [0.4, 0.7] {
            let load = share * up / (up + down);
            let name = format!("M/M/1, load {load:.3}, up {up}, down {down}");
            let theory = theory::breakdowns(load, up, down);
            let model = Model::Breaking { load, up, down };
            cases.push(Case { group: "breakdowns", name, theory, model });
        }
    }
    cases
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("queues").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let wanted = |case: &Case| arguments.only.as_ref().is_none_or(|only| only == case.group);
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["queue", "theory", "all seeds", "half-width", "seeds that hold it"]);
    let (mut held, mut asked, mut widest) = (0, 0, 0.0_f64);
    for case in cases().iter().filter(|case| wanted(case)) {
        let row = Row::of(case, &arguments);
        held += row.held;
        asked += arguments.seeds;
        widest = widest.max(row.widest);
        table.add_row([
            case.name.clone(),
            format!("{:.5}", case.theory),
            format!("{:.5}", row.mean),
            format!("{:.2} %", 100.0 * row.half_width / row.mean),
            format!("{} of {}", row.held, arguments.seeds),
        ]);
    }
    writeln!(out, "{}", table.trim_fmt())?;
    let share = arguments.confidence / 100.0;
    let misses = asked - held;
    writeln!(
        out,
        "\n{held} of {asked} intervals of {} % hold the closed form ({:.1} expected; so many \
         misses or more have the probability {:.2}); widest half-width {:.2} % of the mean",
        arguments.confidence,
        share * asked as f64,
        at_least(misses, asked, 1.0 - share),
        100.0 * widest,
    )?;
    Ok(())
}

/// Probability of so many misses or more of independent intervals.
fn at_least(misses: u64, of: u64, probability: f64) -> f64 {
    let Some(fewer) = misses.checked_sub(1) else { return 1.0 };
    Binomial::new(probability, of).map_or(f64::NAN, |it| it.sf(fewer))
}

/// What all seeds of a case gave.
struct Row {
    mean: f64,
    half_width: f64,
    /// Seeds whose interval holds the theory.
    held: u64,
    /// Widest interval of a seed over its mean.
    widest: f64,
}

impl Row {
    fn of(case: &Case, arguments: &Arguments) -> Self {
        let confidence = arguments.confidence / 100.0;
        let mut all = ordine_sim::Summary::new();
        let mut row = Row { mean: 0.0, half_width: 0.0, held: 0, widest: 0.0 };
        for seed in 1..=arguments.seeds {
            let samples = simulated(case, arguments, Seed::new(seed));
            let summary = samples.summary(0, 0);
            let half_width = summary.half_width(confidence);
            row.held += u64::from((summary.mean() - case.theory).abs() <= half_width);
            row.widest = row.widest.max(half_width / summary.mean());
            all.extend(samples.values(0, 0).iter().copied());
        }
        Row { mean: all.mean(), half_width: all.half_width(confidence), ..row }
    }
}

fn simulated(case: &Case, arguments: &Arguments, seed: Seed) -> Samples {
    let precision =
        Precision { relative: arguments.precision / 100.0, replications_most: 1_000_000 };
    let study = Study {
        seed,
        replications: 10,
        precision: Some(precision),
        confidence: arguments.confidence / 100.0,
        workers: arguments.workers.unwrap_or_else(threads),
    };
    let samples = replicate(&study, 1, |_, _, seed| {
        Ok::<_, Infallible>(vec![case.replication(arguments, seed)])
    });
    samples.unwrap_or_else(|failed| match failed.error {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simulated_queues_meet_their_closed_forms() {
        let arguments =
            Arguments::parse_from(["queues", "--precision", "4", "--customers", "20000"]);
        for case in cases().iter().filter(|case| case.theory < 1.8).step_by(4) {
            let samples = simulated(case, &arguments, Seed::new(1));
            let summary = samples.summary(0, 0);
            let off = (summary.mean() - case.theory).abs();
            assert!(off <= 2.0 * summary.half_width(0.99), "{}: {summary:?}", case.name);
        }
    }
}
