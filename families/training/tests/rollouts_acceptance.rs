//! The values of the specification, K1 to K7, as far as they take seconds.
//!
//! **Source:** Li et al. 2025 and the measurements of the specification.

use ordine_base::{Seed, Stream};
use ordine_budget::allocation::{Bounds, Division, bisect, dynamic_programme, greedy};
use ordine_training::rollouts::{
    Belief, Expected, Interest, KnapsackRl, Known, Parity, Population, PromptReturns, Racing,
    RacingSettings, RolloutPolicy, SuccessTracker, TrackerSettings, Training, TrainingSettings,
    Uniform, allocate_rollouts, expected,
};

const PROMPTS: usize = 256;
const BUDGET: u64 = 2048;
const BOUNDS: (u64, u64) = (2, 128);

fn beliefs(rates: &[f64]) -> Vec<Belief> {
    rates.iter().map(|&rate| Belief::known(rate)).collect()
}

fn same_by_greedy_table_and_bisection(rates: &[f64], budget: u64, seed: u64) {
    let beliefs = beliefs(rates);
    let bounds = Bounds::new(BOUNDS.0, BOUNDS.1).expect("lower <= upper");
    let division = Division::uniform(rates.len(), budget, bounds).expect("feasible");
    let returns = PromptReturns { value: &Known(Interest::GAIN), beliefs: &beliefs };
    let answer = greedy(&division, &returns).expect("concave");
    let table = dynamic_programme(&division, &returns).expect("small");
    assert!((answer.value - table.value).abs() <= 1e-9, "seed {seed}");
    assert_eq!(answer.units, table.units, "seed {seed}");
    assert_eq!(answer.units, bisect(&division, &returns).expect("concave").units);
}

#[test]
fn k1_greedy_is_the_dynamic_programme() {
    for seed in 0..200 {
        let mut stream = Seed::new(seed).stream("k1");
        let prompts = 1 + stream.below(64);
        let rates: Vec<f64> = (0..prompts).map(|_| 0.001 + 0.998 * stream.unit()).collect();
        let budget = 2 * prompts as u64 + stream.below(6 * prompts + 1) as u64;
        same_by_greedy_table_and_bisection(&rates, budget.min(512), seed);
    }
    for population in [Population::EARLY, Population::UNIFORM, Population::LATE] {
        let rates = population.draw(PROMPTS, &mut Seed::new(1).stream(population.name));
        same_by_greedy_table_and_bisection(&rates, BUDGET, 1);
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

#[test]
fn k2_known_rates_give_the_published_table() {
    let table = [
        (Population::EARLY, 1.067, 0.805),
        (Population::UNIFORM, 1.038, 0.866),
        (Population::LATE, 1.111, 0.768),
    ];
    for (population, ratio, by_rollout) in table {
        let draws: Vec<(Expected, Expected)> = (0..100)
            .map(|seed| {
                let mut stream = Seed::new(seed).stream(population.name);
                let rates = population.draw(PROMPTS, &mut stream);
                let value = Known(Interest::GAIN);
                let best = allocate_rollouts(&value, &beliefs(&rates), BUDGET, BOUNDS);
                let best = best.expect("feasible").units;
                (expected(&rates, &[8; PROMPTS]), expected(&rates, &best))
            })
            .collect();
        let found = mean(draws.iter().map(|(uniform, best)| best.value / uniform.value));
        let share = mean(draws.iter().map(|(_, best)| best.by_rollout));
        assert!((found - ratio).abs() <= 0.005, "{}: {found}", population.name);
        assert!((share - by_rollout).abs() <= 0.01, "{}: {share}", population.name);
    }
}

fn estimated(rates: &[f64], stream: &mut Stream) -> Vec<Belief> {
    let mut tracker = SuccessTracker::new(rates.len(), TrackerSettings::PUBLISHED).expect("good");
    for (prompt, &rate) in rates.iter().enumerate() {
        let outcomes: Vec<bool> = (0..16).map(|_| stream.chance(rate)).collect();
        let prompt = ordine_base::Id::from_index(prompt);
        tracker.observe(prompt, &outcomes).expect("known");
    }
    tracker.beliefs()
}

#[test]
fn k3_estimated_rates_give_the_published_ratios() {
    let table = [
        (Population::EARLY, 1.15, 1.35),
        (Population::UNIFORM, 1.05, 1.15),
        (Population::LATE, 1.8, 2.2),
    ];
    for (population, low, high) in table {
        let pairs: Vec<(f64, f64)> = (0..8)
            .map(|seed| {
                let mut stream = Seed::new(seed).stream(population.name);
                let rates = population.draw(PROMPTS, &mut stream);
                let beliefs = estimated(&rates, &mut stream);
                let step = KnapsackRl::PUBLISHED.allocate(&beliefs, BUDGET).expect("feasible");
                let uniform = expected(&rates, &[8; PROMPTS]).by_rollout;
                (uniform, expected(&rates, &step.units).by_rollout)
            })
            .collect();
        let ratio = mean(pairs.iter().map(|it| it.1)) / mean(pairs.iter().map(|it| it.0));
        assert!((low..=high).contains(&ratio), "{}: {ratio}", population.name);
    }
}

#[test]
fn k4_the_sum_is_the_budget_or_an_error_says_why() {
    let mut refused = 0;
    for seed in 0..10_000 {
        let mut stream = Seed::new(seed).stream("k4");
        let prompts = 1 + stream.below(12);
        let beliefs: Vec<Belief> = (0..prompts)
            .map(|_| {
                let outcomes = stream.below(20) as u64;
                match stream.below(4) {
                    0 => Belief::UNSEEN,
                    1 => Belief::counted(0, outcomes),
                    2 => Belief::counted(outcomes, outcomes),
                    _ => Belief::counted(stream.below(outcomes as usize + 1) as u64, outcomes),
                }
            })
            .collect();
        let budget = stream.below(20 * prompts) as u64;
        let upper = 2 + stream.below(20) as u64;
        let rules = KnapsackRl { upper, ..KnapsackRl::PUBLISHED };
        let rules = [rules, KnapsackRl { parity: Parity::Rules, ..rules }];
        for rules in rules {
            match rules.allocate(&beliefs, budget) {
                Ok(step) => assert_eq!(step.units.iter().sum::<u64>(), budget, "seed {seed}"),
                Err(error) => {
                    assert!(error.to_string().contains("raise the budget"), "{error}");
                    refused += 1;
                }
            }
        }
        match allocate_rollouts(&Known(Interest::GAIN), &beliefs, budget, (2, upper)) {
            Ok(step) => assert_eq!(step.units.iter().sum::<u64>(), budget),
            Err(error) => assert!(error.to_string().contains("raise the"), "{error}"),
        }
    }
    assert!((500..10_000).contains(&refused), "{refused} refused");
}

/// Mean steps to half of the way from the first mean rate to 1, over five seeds.
fn steps(population: Population, make: &mut dyn FnMut() -> Box<dyn RolloutPolicy>) -> f64 {
    mean((0..5_u32).map(|number| {
        let seed = Seed::new(u64::from(number));
        let rates = population.draw(PROMPTS, &mut seed.stream(population.name));
        let settings = TrainingSettings::with_budget(BUDGET);
        let mut run = Training::new(rates, settings, seed.child(1)).expect("good");
        let target = 0.5 * (1.0 + run.mean_rate());
        let steps = run.steps_to(target, 2000, &mut *make()).expect("feasible");
        steps.map_or(f64::INFINITY, |it| it as f64)
    }))
}

/// Steps under our default over steps under uniform groups.
fn racing_ratio(population: Population) -> f64 {
    let racing = Racing::new(RacingSettings::STANDARD).expect("good");
    let uniform = steps(population, &mut || Box::new(Uniform));
    steps(population, &mut || Box::new(racing)) / uniform
}

#[test]
fn k7_racing_is_faster_late_in_training() {
    let ratio = racing_ratio(Population::LATE);
    assert!(ratio <= 0.75, "{ratio}");
}

#[test]
fn k7_racing_is_never_slower_where_most_is_undecided() {
    for population in [Population::EARLY, Population::HARD] {
        let ratio = racing_ratio(population);
        assert!(ratio <= 1.0, "{}: {ratio}", population.name);
    }
}

#[test]
fn k7_the_rules_are_faster_late_in_training() {
    let uniform = steps(Population::LATE, &mut || Box::new(Uniform));
    let rules = KnapsackRl { parity: Parity::Rules, ..KnapsackRl::PUBLISHED };
    let ratio = steps(Population::LATE, &mut || Box::new(rules)) / uniform;
    assert!(ratio <= 0.75, "{ratio}");
}
