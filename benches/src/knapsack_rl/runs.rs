//! K7: simulated training until the mean rate is half of the way to 1, and what it costs.
//!
//! **Source:** section 4 of the specification (closed-loop learning toy).

use super::{BOUNDS, BUDGET, PROMPTS, interval, shown, verdict};
use anyhow::{Context as _, Result};
use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;
use ordine_base::Seed;
use ordine_training::rollouts::{
    BetaShape, CostModel, Curriculum, DynamicSampling, Filter, Interest, KnapsackRl, Known,
    OneShot, Optimistic, Part, Population, Posterior, Racing, RacingSettings, RolloutPolicy,
    Training, TrainingSettings, Uniform,
};
use std::io::Write;

const fn part(share: f64, successes: f64, failures: f64) -> Part {
    Part { share, shape: BetaShape { successes, failures } }
}

/// Populations on which other exponents, rounds and half-lives of the race were compared.
const COMPARED_ON: [Population; 5] = [
    Population { name: "centered", parts: &[part(1.0, 2.0, 2.0)] },
    Population { name: "polar", parts: &[part(0.5, 1.0, 9.0), part(0.5, 9.0, 1.0)] },
    Population { name: "solved", parts: &[part(1.0, 5.0, 1.0)] },
    Population { name: "rare", parts: &[part(1.0, 1.0, 20.0)] },
    Population {
        name: "mixed",
        parts: &[part(0.3, 20.0, 1.0), part(0.3, 1.0, 20.0), part(0.4, 2.0, 2.0)],
    },
];

/// The three of the specification, with their steps for uniform 8, uniform 16 and the rules.
const REPORTED: [(Population, [f64; 3]); 3] = [
    (Population::LATE, [92.2, 42.8, 59.6]),
    (Population::EARLY, [25.4, 14.2, 31.0]),
    (Population::HARD, [50.6, 25.6, 61.4]),
];

/// Steps after which a run is given up.
const STEPS_MAX: u64 = 2000;

type Maker<'a> = &'a (dyn Fn() -> Result<Box<dyn RolloutPolicy>> + Sync);

fn racing() -> Result<Box<dyn RolloutPolicy>> {
    Ok(Box::new(Racing::new(RacingSettings::STANDARD)?))
}

/// Steps of each run; seeds are the same for every policy.
fn steps(
    population: &Population,
    budget: u64,
    seed: Seed,
    runs: usize,
    make: Maker<'_>,
) -> Result<Vec<f64>> {
    let one = |number: u64| -> Result<f64> {
        let seed = seed.child(number);
        let rates = population.draw(PROMPTS, &mut seed.stream(population.name));
        let settings = TrainingSettings::with_budget(budget);
        let mut run = Training::new(rates, settings, seed.child(0))?;
        let target = 0.5 * (1.0 + run.mean_rate());
        let steps = run.steps_to(target, STEPS_MAX, &mut *make()?)?;
        Ok(steps.with_context(|| format!("{} is not done", population.name))? as f64)
    };
    let each: Vec<u64> = (0..runs as u64).collect();
    let (here, there) = each.split_at(runs / 2);
    let all = |part: &[u64]| part.iter().map(|&number| one(number)).collect::<Result<Vec<f64>>>();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| all(there));
        let mut found = all(here)?;
        found.extend(other.join().expect("a simulated run does not panic")?);
        Ok(found)
    })
}

/// Means of both over each other.
fn ratio(some: &[f64], base: &[f64]) -> f64 {
    interval(some).0 / interval(base).0
}

/// Mean of paired differences in percent of the base's mean.
fn paired(some: &[f64], base: &[f64]) -> String {
    let mean = interval(base).0;
    let shares: Vec<f64> = some.iter().zip(base).map(|(some, base)| (some - base) / mean).collect();
    let (change, half) = interval(&shares);
    format!("{:.2} ± {half:.2}", 1.0 + change)
}

/// K7, on the three populations of the specification and on five others.
pub(super) fn training(seed: Seed, runs: usize, out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "steps",
        "uniform 8, theirs",
        "ours",
        "uniform 16, theirs",
        "ours",
        "rules, theirs",
        "ours",
        "rules / uniform",
        "racing",
        "racing / uniform",
    ]);
    let mut lines = Vec::new();
    let others = COMPARED_ON.iter().map(|it| (*it, None));
    for (population, theirs) in REPORTED.iter().map(|it| (it.0, Some(it.1))).chain(others) {
        let found = |budget, make: Maker<'_>| steps(&population, budget, seed, runs, make);
        let uniform = found(BUDGET, &|| Ok(Box::new(Uniform)))?;
        let double = found(2 * BUDGET, &|| Ok(Box::new(Uniform)))?;
        let rules = found(BUDGET, &|| Ok(Box::new(KnapsackRl::PUBLISHED)))?;
        let race = found(BUDGET, &racing)?;
        let said = |place: usize| theirs.map_or("-".to_owned(), |it| it[place].to_string());
        table.add_row([
            population.name.to_owned(),
            said(0),
            shown(&uniform, 1),
            said(1),
            shown(&double, 1),
            said(2),
            shown(&rules, 1),
            paired(&rules, &uniform),
            shown(&race, 1),
            paired(&race, &uniform),
        ]);
        if theirs.is_some() {
            lines.push(checks(&population, &uniform, &rules, &race));
        }
    }
    writeln!(
        out,
        "K7 steps to half of the way from the first mean rate to 1, {runs} runs\n{table}"
    )?;
    writeln!(out, "{}\n", lines.join("\n"))?;
    Ok(())
}

/// The check on the first five runs, as asked, and on all.
fn checks(population: &Population, uniform: &[f64], rules: &[f64], race: &[f64]) -> String {
    let late = population.name == Population::LATE.name;
    let asked = if late { 0.75 } else { 1.0 };
    let five = ratio(&race[..5], &uniform[..5]);
    let all = ratio(race, uniform);
    let good = verdict(five <= asked && all <= asked);
    let mut line = format!(
        "{}: racing / uniform {five:.3} on 5 runs, {all:.3} on all (asked: <= {asked}): {good}",
        population.name,
    );
    let (five, all) = (ratio(&rules[..5], &uniform[..5]), ratio(rules, uniform));
    line += &format!("; rules / uniform {five:.3}, {all:.3}");
    if late {
        line += &format!(" (asked: at most 0.75): {}", verdict(five <= 0.75 && all <= 0.75));
    }
    line
}

/// Other policies and values on the three populations, five runs each.
pub(super) fn one_shot_values(seed: Seed, out: &mut dyn Write) -> Result<()> {
    let (lower, upper) = BOUNDS;
    let race = |rounds: u32, precision: f64| {
        move || -> Result<Box<dyn RolloutPolicy>> {
            let settings = RacingSettings { rounds, precision, ..RacingSettings::STANDARD };
            Ok(Box::new(Racing::new(settings)?))
        }
    };
    let (gain, spread, chance) = (Interest::GAIN, Interest::SPREAD, Interest::CHANCE);
    let optimistic = Optimistic { interest: gain, deviations: 1.0 };
    let dynamic = || DynamicSampling::new(8, 128, 64, seed.stream("dynamic sampling"));
    let makers: [(&str, Maker<'_>); 14] = [
        ("uniform", &|| Ok(Box::new(Uniform))),
        ("dynamic sampling, 128 groups wanted", &|| Ok(Box::new(dynamic()?))),
        ("filter, probe 2", &|| Ok(Box::new(Filter { probe: 2 }))),
        ("curriculum .1 to .9, probe 2", &|| Ok(Box::new(Curriculum::new(0.1, 0.9, 2)?))),
        ("published rules", &|| Ok(Box::new(KnapsackRl::PUBLISHED))),
        ("one shot, estimate, p(1-p)²", &|| {
            Ok(Box::new(OneShot { value: Known(gain), lower, upper }))
        }),
        ("one shot, posterior, p(1-p)²", &|| {
            Ok(Box::new(OneShot { value: Posterior(gain), lower, upper }))
        }),
        ("one shot, posterior, p(1-p)", &|| {
            Ok(Box::new(OneShot { value: Posterior(spread), lower, upper }))
        }),
        ("one shot, posterior, chance", &|| {
            Ok(Box::new(OneShot { value: Posterior(chance), lower, upper }))
        }),
        ("one shot, optimistic by 1 deviation", &|| {
            Ok(Box::new(OneShot { value: optimistic, lower, upper }))
        }),
        ("racing, 1 round", &race(1, 0.5)),
        ("racing, 4 rounds, no precision", &race(4, 0.0)),
        ("racing, 4 rounds (our default)", &race(4, 0.5)),
        ("racing, 8 rounds", &race(8, 0.5)),
    ];
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["policy", "late", "early", "hard"]);
    for (name, make) in makers {
        let mut row = vec![name.to_owned()];
        for (population, _) in &REPORTED {
            row.push(shown(&steps(population, BUDGET, seed, 5, make)?, 1));
        }
        table.add_row(row);
    }
    writeln!(out, "Other policies: steps, 5 runs\n{table}\n")?;
    Ok(())
}

/// Generation time when hard prompts have long answers.
pub(super) fn tokens_and_time(seed: Seed, out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "late, 30 steps",
        "by rollout",
        "by prompt",
        "wasted of 2048",
        "max N",
        "M tokens",
        "seconds",
        "mean rate",
    ]);
    let makers: [(&str, Maker<'_>); 3] = [
        ("uniform", &|| Ok(Box::new(Uniform))),
        ("published rules", &|| Ok(Box::new(KnapsackRl::PUBLISHED))),
        ("racing", &racing),
    ];
    for (name, make) in makers {
        let rates = Population::LATE.draw(PROMPTS, &mut seed.stream("late"));
        let lengths = rates.iter().map(|rate| 500.0 + 3000.0 * (1.0 - rate)).collect();
        let cost = CostModel { lengths, workers: 8, tokens_per_second: 5000.0, overhead_s: 2.0 };
        let settings =
            TrainingSettings { cost: Some(cost), ..TrainingSettings::with_budget(BUDGET) };
        let mut run = Training::new(rates, settings, seed.child(0))?;
        let mut policy = make()?;
        let (mut sums, mut most) = ([0.0; 5], 0);
        for _ in 0..30 {
            let step = run.step(&mut *policy)?;
            let (rollout, prompt) = (step.effective_by_rollout(), step.effective_by_prompt());
            let new = [rollout, prompt, step.wasted() as f64, step.tokens / 1e6, step.seconds];
            sums.iter_mut().zip(new).for_each(|(sum, new)| *sum += new / 30.0);
            most = most.max(step.rollouts_max);
        }
        let [rollout, prompt, wasted, tokens, seconds] = sums;
        table.add_row([
            name.to_owned(),
            format!("{rollout:.3}"),
            format!("{prompt:.3}"),
            format!("{wasted:.0}"),
            most.to_string(),
            format!("{tokens:.2}"),
            format!("{seconds:.1}"),
            format!("{:.4}", run.mean_rate()),
        ]);
    }
    writeln!(
        out,
        "Means per step; 500 to 3500 tokens a rollout, 8 workers of 5000 tokens/s, 2 s a round\n\
         {table}"
    )?;
    Ok(())
}
