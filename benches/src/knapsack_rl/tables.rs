//! K1 to K6: allocation, effective gradient ratios, budgets, speed, formulas.
//!
//! **Source:** Li et al. 2025; sections 4 and 6 of the specification.

use super::{BOUNDS, BUDGET, PROMPTS, shown, verdict};
use crate::stopwatch::Stopwatch;
use anyhow::Result;
use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;
use ordine_base::{Id as _, Seed, Stream};
use ordine_budget::allocation::{
    Allocation, AllocationError, Bounds, Division, Retries, bisect, dynamic_programme, greedy,
};
use ordine_training::rollouts::{
    Belief, Expected, Interest, KnapsackRl, Known, Parity, Population, PromptId, PromptReturns,
    SuccessTracker, TrackerSettings, allocate_rollouts, both_outcomes, expected, expected_rollouts,
    information_gain, rollouts_for,
};
use std::io::Write;

const POPULATIONS: [Population; 3] = [Population::EARLY, Population::UNIFORM, Population::LATE];

fn beliefs(rates: &[f64]) -> Vec<Belief> {
    rates.iter().map(|&rate| Belief::known(rate)).collect()
}

fn drawn(population: Population, seed: Seed) -> (Vec<f64>, Stream) {
    let mut stream = seed.stream(population.name);
    (population.draw(PROMPTS, &mut stream), stream)
}

/// K1.
pub(super) fn greedy_and_table(seed: Seed, out: &mut dyn Write) -> Result<()> {
    let (mut worst, mut same, mut count) = (0.0_f64, 0, 0);
    let mut compare = |rates: &[f64], budget: u64| -> Result<()> {
        let beliefs = beliefs(rates);
        let returns = PromptReturns { value: &Known(Interest::GAIN), beliefs: &beliefs };
        let bounds = Bounds::new(BOUNDS.0, BOUNDS.1)?;
        let division = Division::uniform(rates.len(), budget, bounds)?;
        let one = greedy(&division, &returns)?;
        let other = dynamic_programme(&division, &returns)?;
        worst = worst.max((one.value - other.value).abs());
        same += usize::from(one.units == other.units);
        count += 1;
        Ok(())
    };
    for part in 0..200 {
        let mut stream = seed.child(part).stream("k1");
        let prompts = 1 + stream.below(64);
        let rates: Vec<f64> = (0..prompts).map(|_| 0.001 + 0.998 * stream.unit()).collect();
        compare(&rates, 2 * prompts as u64 + stream.below(6 * prompts + 1) as u64)?;
    }
    for population in POPULATIONS {
        compare(&drawn(population, seed).0, BUDGET)?;
    }
    let bends = largest_bend();
    writeln!(
        out,
        "K1 value of one more rollout falls: second difference is the formula to {bends:.1e} and \
         below 0 (asked: concave): {}",
        verdict(bends <= 1e-12),
    )?;
    let good = worst <= 1e-9 && same == count;
    writeln!(
        out,
        "K1 greedy = dynamic programme: {same} of {count} allocations identical, largest \
         difference of value {worst:.1e} (asked: all, 1e-9): {}\n",
        verdict(good),
    )?;
    Ok(())
}

/// Largest distance of second differences of the value to their formula, which is negative;
/// infinite where one is not.
fn largest_bend() -> f64 {
    let mut worst = 0.0_f64;
    for rate in (1..1000).map(|it| f64::from(it) / 1000.0) {
        let value = |rollouts| both_outcomes(rate, rollouts) * information_gain(rate);
        for rollouts in 1..128_i32 {
            let (one, other) = (rate.powi(rollouts), (1.0 - rate).powi(rollouts));
            let bend = one * (1.0 - rate).powi(2) + other * rate.powi(2);
            let stated = -bend * information_gain(rate);
            let at = rollouts as u64;
            let found = value(at + 2) - 2.0 * value(at + 1) + value(at);
            worst = if stated < 0.0 { worst.max((found - stated).abs()) } else { f64::INFINITY };
        }
    }
    worst
}

/// K2.
pub(super) fn known_rates(seed: Seed, draws: usize, out: &mut dyn Write) -> Result<()> {
    let asked = [(1.067, 0.805), (1.038, 0.866), (1.111, 0.768)];
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "known rates",
        "value ratio, theirs",
        "ours",
        "by rollout, theirs",
        "ours",
        "u -> k by prompt",
        "max N",
        "check",
    ]);
    for (population, (ratio, by_rollout)) in POPULATIONS.into_iter().zip(asked) {
        let mut pairs: Vec<(Expected, Expected)> = Vec::new();
        let mut most = 0;
        for draw in 0..draws {
            let (rates, _) = drawn(population, seed.child(draw as u64));
            let value = Known(Interest::GAIN);
            let best = allocate_rollouts(&value, &beliefs(&rates), BUDGET, BOUNDS)?.units;
            most = most.max(best.iter().copied().max().unwrap_or(0));
            pairs.push((expected(&rates, &[8; PROMPTS]), expected(&rates, &best)));
        }
        let list = |pick: fn(&(Expected, Expected)) -> f64| -> Vec<f64> {
            pairs.iter().map(pick).collect()
        };
        let ratios = list(|it| it.1.value / it.0.value);
        let shares = list(|it| it.1.by_rollout);
        let near = |values: &[f64], goal: f64, reach: f64| {
            (super::interval(values).0 - goal).abs() <= reach
        };
        let good = near(&ratios, ratio, 0.005) && near(&shares, by_rollout, 0.01);
        let prompts = [shown(&list(|it| it.0.by_prompt), 3), shown(&list(|it| it.1.by_prompt), 3)];
        table.add_row([
            population.name.to_owned(),
            format!("{ratio} ± .005"),
            shown(&ratios, 4),
            format!("{by_rollout} ± .01"),
            shown(&shares, 4),
            prompts.join(" -> "),
            most.to_string(),
            verdict(good).to_owned(),
        ]);
    }
    writeln!(out, "K2 mean of {draws} draws, optimum against uniform groups of 8\n{table}\n")?;
    Ok(())
}

/// Estimates from 16 outcomes of each prompt.
fn estimated(rates: &[f64], stream: &mut Stream) -> Result<Vec<Belief>> {
    let mut tracker = SuccessTracker::new(rates.len(), TrackerSettings::PUBLISHED)?;
    for (prompt, &rate) in rates.iter().enumerate() {
        let outcomes: Vec<bool> = (0..16).map(|_| stream.chance(rate)).collect();
        tracker.observe(PromptId::from_index(prompt), &outcomes)?;
    }
    Ok(tracker.beliefs())
}

/// K3.
pub(super) fn estimated_rates(seed: Seed, draws: u64, out: &mut dyn Write) -> Result<()> {
    let asked =
        [(".613 -> .766", 1.15, 1.35), (".773 -> .852", 1.05, 1.15), (".365 -> .722", 1.8, 2.2)];
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "estimated rates",
        "by rollout, theirs",
        "ours",
        "ratio, asked",
        "ours",
        "by prompt, ours",
        "check",
    ]);
    for (population, (theirs, low, high)) in POPULATIONS.into_iter().zip(asked) {
        let (mut uniform, mut rules, mut prompts) = (Vec::new(), Vec::new(), Vec::new());
        for draw in 0..draws {
            let (rates, mut stream) = drawn(population, seed.child(draw));
            let step = KnapsackRl::PUBLISHED.allocate(&estimated(&rates, &mut stream)?, BUDGET)?;
            let found = expected(&rates, &step.units);
            uniform.push(expected(&rates, &[8; PROMPTS]).by_rollout);
            rules.push(found.by_rollout);
            prompts.push(found.by_prompt);
        }
        let ratio = super::interval(&rules).0 / super::interval(&uniform).0;
        table.add_row([
            population.name.to_owned(),
            theirs.to_owned(),
            format!("{} -> {}", shown(&uniform, 3), shown(&rules, 3)),
            format!("{low} to {high}"),
            format!("{ratio:.3}"),
            shown(&prompts, 3),
            verdict((low..=high).contains(&ratio)).to_owned(),
        ]);
    }
    writeln!(out, "K3 published rules on estimates from 16 outcomes, {draws} draws\n{table}\n")?;
    Ok(())
}

/// K4.
pub(super) fn budgets(seed: Seed, out: &mut dyn Write) -> Result<()> {
    let (mut kept, mut refused, mut broken) = (0, 0, 0);
    for part in 0..10_000 {
        let mut stream = seed.child(part).stream("k4");
        let prompts = 1 + stream.below(12);
        let beliefs: Vec<Belief> = (0..prompts).map(|_| any_belief(&mut stream)).collect();
        let budget = stream.below(20 * prompts) as u64;
        let parity = if stream.chance(0.5) { Parity::Code } else { Parity::Rules };
        let upper = 2 + stream.below(20) as u64;
        let rules = KnapsackRl { upper, parity, ..KnapsackRl::PUBLISHED };
        match rules.allocate(&beliefs, budget) {
            Ok(step) if step.units.iter().sum::<u64>() == budget => kept += 1,
            Err(error) if error.to_string().contains("raise the budget") => refused += 1,
            _ => broken += 1,
        }
    }
    writeln!(
        out,
        "K4 10000 random cases: sum = budget in {kept}, clear error in {refused}, neither in \
         {broken} (asked: 0): {}\n",
        verdict(broken == 0),
    )?;
    Ok(())
}

fn any_belief(stream: &mut Stream) -> Belief {
    let outcomes = stream.below(20) as u64;
    match stream.below(4) {
        0 => Belief::UNSEEN,
        1 => Belief::counted(0, outcomes),
        2 => Belief::counted(outcomes, outcomes),
        _ => Belief::counted(stream.below(outcomes as usize + 1) as u64, outcomes),
    }
}

/// Shortest of so many tries, in milliseconds; of a processor where they are long enough for that.
fn shortest(tries: u32, work: impl Fn() -> Result<Allocation, AllocationError>) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..tries {
        let clock = Stopwatch::start();
        std::hint::black_box(work()?);
        best = best.min(clock.fine_seconds() * 1e3);
    }
    Ok(best)
}

/// K5.
pub(super) fn speed(seed: Seed, out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new();
    table
        .load_style(ASCII_MARKDOWN)
        .set_header(["way", "items", "units", "asked ms", "ms", "check"]);
    let mut row = |way: &str, items: usize, units: u64, asked: f64, found: f64| {
        let numbers =
            [items.to_string(), units.to_string(), asked.to_string(), format!("{found:.2}")];
        let [items, units, asked_text, found_text] = numbers;
        let good = verdict(found <= asked).to_owned();
        table.add_row([way.to_owned(), items, units, asked_text, found_text, good]);
    };
    let beliefs_of = |items: usize| -> Vec<Belief> {
        beliefs(&Population::UNIFORM.draw(items, &mut seed.stream("speed")))
    };
    let bounds = Bounds::new(BOUNDS.0, BOUNDS.1)?;
    let value = Known(Interest::GAIN);
    for (items, units, asked) in
        [(PROMPTS, BUDGET, 2.0), (10_000, 80_000, 10.0), (100_000, 1_000_000, 1000.0)]
    {
        let known = beliefs_of(items);
        let returns = PromptReturns { value: &value, beliefs: &known };
        let division = Division::uniform(items, units, bounds)?;
        let one = shortest(5, || greedy(&division, &returns))?;
        row("greedy", items, units, asked, one);
        let other = shortest(5, || bisect(&division, &returns))?;
        row("bisection", items, units, asked, other);
    }
    let known = beliefs_of(PROMPTS);
    let returns = PromptReturns { value: &value, beliefs: &known };
    let division = Division::uniform(PROMPTS, BUDGET, bounds)?;
    let one = shortest(3, || dynamic_programme(&division, &returns))?;
    row("dynamic programme", PROMPTS, BUDGET, 300.0, one);
    let chances: Vec<f64> = known.iter().map(Belief::best_rate).collect();
    let retries = Retries::new(&chances, &vec![1.0; PROMPTS])?;
    let one = shortest(5, || greedy(&division, &retries))?;
    row("greedy, retries", PROMPTS, BUDGET, 2.0, one);
    writeln!(out, "K5 speed, one thread\n{table}\n")?;
    Ok(())
}

/// K6.
pub(super) fn formulas(out: &mut dyn Write) -> Result<()> {
    let (rollouts, mean) = (rollouts_for(0.9, 0.01), expected_rollouts(0.01));
    let good = (rollouts - 229.0).abs() <= 1.0 && (mean - 100.0).abs() <= 0.1;
    writeln!(
        out,
        "K6 p = .01: {rollouts:.2} rollouts for 90 % (theirs 229), {mean:.2} on average (theirs \
         100.0): {}\n",
        verdict(good),
    )?;
    Ok(())
}
