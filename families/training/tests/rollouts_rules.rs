//! The published rules on stored cases, and on six that are checked by hand.
//!
//! **Source:** Li et al. 2025; `tests/data/rollout_rules.py` writes the stored cases.

use ordine_training::rollouts::{
    Belief, Costing, Fallback, Knapsack, KnapsackRl, Parity, RolloutError,
};

const STORED: &str = include_str!("data/rollout_rules.txt");

fn numbers(text: &str) -> Vec<u64> {
    text.split_whitespace().map(|word| word.parse().expect("a whole number")).collect()
}

fn belief(word: &str) -> Belief {
    let Some((successes, outcomes)) = word.split_once('/') else { return Belief::UNSEEN };
    let number = |text: &str| text.parse().expect("a whole number");
    Belief::counted(number(successes), number(outcomes))
}

#[test]
fn k8_stored_cases_are_reproduced() {
    let mut count = 0;
    for line in STORED.lines() {
        let fields: Vec<&str> = line.split(" | ").collect();
        let [budget, bounds, costing, rates, units] = fields[..] else { panic!("{line}") };
        let [lower, upper, negative, positive, mean] = numbers(bounds)[..] else {
            panic!("{line}")
        };
        let costing = match costing {
            "mean" => Costing::Mean,
            other => Costing::Confidence(other.parse().expect("a chance")),
        };
        let parity = Parity::Code;
        let rules = KnapsackRl { lower, upper, negative, positive, mean, costing, parity };
        let beliefs: Vec<Belief> = rates.split_whitespace().map(belief).collect();
        let step = rules.allocate(&beliefs, budget.parse().expect("a budget")).expect("feasible");
        assert_eq!(step.units, numbers(units), "{line}");
        count += 1;
    }
    assert_eq!(count, 120);
}

fn check(rates: &[f64], budget: u64, rules: KnapsackRl, units: &[u64], fallbacks: &[Fallback]) {
    let beliefs: Vec<Belief> = rates.iter().map(|&rate| Belief::known(rate)).collect();
    let step = rules.allocate(&beliefs, budget).expect("feasible");
    let expected = Knapsack { units: units.to_vec(), fallbacks: fallbacks.to_vec() };
    assert_eq!(step, expected);
}

const RULES: KnapsackRl = KnapsackRl::PUBLISHED;

#[test]
fn without_effective_prompts_the_rest_goes_to_those_never_solved() {
    // 4 x 2 = 8 of 21; 13 over the two zeros: 7 and 6.
    let to_zeros = [Fallback::NoEffective(13)];
    check(&[0.0, 1.0, 0.0, 1.0], 21, RULES, &[9, 2, 8, 2], &to_zeros);
}

#[test]
fn when_all_are_solved_the_step_is_uniform() {
    check(&[1.0; 3], 24, RULES, &[8, 8, 8], &[Fallback::NoEffective(18)]);
}

#[test]
fn excess_goes_to_those_never_solved() {
    // Half needs ln .1 / ln .5 = 3.3 -> 3; 16 - 4 = 12 left, so 9 to the zero and 3 to the half.
    check(&[0.5, 0.0], 16, RULES, &[5, 11], &[Fallback::Excess(9)]);
}

#[test]
fn excess_goes_to_the_solved_when_there_is_nobody_else() {
    check(&[0.5, 1.0], 16, RULES, &[5, 11], &[Fallback::Excess(9)]);
}

#[test]
fn excess_stays_when_every_prompt_is_effective() {
    // Both need 3; 12 are left and nobody else could take them. Equal prompts share.
    check(&[0.5, 0.5], 16, RULES, &[8, 8], &[]);
}

#[test]
fn what_the_upper_bound_refuses_is_spread_beyond_it() {
    // 2 x 2 = 4 of 15; the knapsack takes 2 x 3 up to 5 each, 5 are left: 3 and 2.
    let rules = KnapsackRl { upper: 5, ..RULES };
    check(&[0.5, 0.4], 15, rules, &[8, 7], &[Fallback::BeyondUpper(5)]);
}

#[test]
fn the_code_counts_least_rollouts_as_worth_nothing() {
    // Two beyond 2 each. At .8 the third brings V(3) - V(2) = .0051, at .1 the fourth .0060: the
    // rules give both to the second prompt. The code takes the third for V(3) = .0154.
    let rates = [0.8, 0.1];
    let rules = KnapsackRl { parity: Parity::Rules, ..RULES };
    check(&rates, 6, RULES, &[3, 3], &[]);
    check(&rates, 6, rules, &[2, 4], &[]);
}

#[test]
fn budgets_and_parameters_out_of_range_say_what_to_change() {
    let beliefs = [Belief::known(0.5); 3];
    let refused = RULES.allocate(&beliefs, 5).expect_err("6 needed");
    assert!(matches!(refused, RolloutError::TooSmall { needed: 6, prompts: 3, budget: 5 }));
    assert!(refused.to_string().contains("raise the budget"), "{refused}");
    for rules in [
        KnapsackRl { upper: 1, ..RULES },
        KnapsackRl { lower: 0, ..RULES },
        KnapsackRl { costing: Costing::Confidence(1.0), ..RULES },
    ] {
        assert!(rules.allocate(&beliefs, 24).is_err());
    }
    assert!(RULES.allocate(&[], 0).is_err());
    let broken = [Belief { rate: Some(-1.0), ..Belief::UNSEEN }];
    assert!(matches!(RULES.allocate(&broken, 8), Err(RolloutError::Rate { .. })));
}
