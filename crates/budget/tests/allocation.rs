//! Properties of allocation: clever = brute force, bounds hold, more budget never hurts.
//!
//! **Source:** -

use ordine_base::{Id as _, Seed, Stream};
use ordine_budget::allocation::{
    Allocation, AllocationError, Bounds, Division, Envelope, ItemId, ResourceDivision, Retries,
    Returns, Spending, allocate, allocate_resources, bisect, dynamic_programme, exact, greedy,
    marginals, relax,
};

/// Retries with random chances and weights.
fn returns(items: usize, stream: &mut Stream) -> Retries {
    let chances: Vec<f64> = (0..items).map(|_| 0.02 + 0.9 * stream.unit()).collect();
    let weights: Vec<f64> = (0..items).map(|_| 0.1 + stream.unit()).collect();
    Retries::new(&chances, &weights).expect("in range")
}

/// Bounds with a floor of 0 to 2 and some room above it.
fn bounds(items: usize, stream: &mut Stream) -> Vec<Bounds> {
    let mut one = || {
        let lower = stream.below(3) as u64;
        Bounds::new(lower, lower + 3 + stream.below(30) as u64).expect("lower <= upper")
    };
    (0..items).map(|_| one()).collect()
}

/// Sum of one side of the bounds.
fn sum(bounds: &[Bounds], side: fn(Bounds) -> u64) -> u64 {
    bounds.iter().map(|&it| side(it)).sum()
}

#[test]
fn greedy_bisection_and_table_agree() {
    for seed in 0..200 {
        let mut stream = Seed::new(seed).stream("agree");
        let items = 1 + stream.below(20);
        let returns = returns(items, &mut stream);
        let bounds = bounds(items, &mut stream);
        let (least, most) = (sum(&bounds, Bounds::lower), sum(&bounds, Bounds::upper));
        let budget = least + stream.below((most - least) as usize + 1) as u64;
        let division = Division::new(budget, bounds).expect("feasible");
        let answer = greedy(&division, &returns).expect("concave");
        let table = dynamic_programme(&division, &returns).expect("small");
        assert!((answer.value - table.value).abs() < 1e-9, "seed {seed}");
        assert_eq!(answer.units, bisect(&division, &returns).expect("concave").units);
        assert_eq!(answer.spent, budget);
        assert!(answer.is_optimal());
    }
}

#[test]
fn exact_answers_with_costs_equal_the_table() {
    let mut better = 0;
    for seed in 0..200 {
        let mut stream = Seed::new(seed).stream("costs");
        let items = 1 + stream.below(15);
        let returns = returns(items, &mut stream);
        let bounds = bounds(items, &mut stream);
        let costs: Vec<u64> = (0..items).map(|_| 1 + stream.below(40) as u64).collect();
        let least: u64 = bounds.iter().zip(&costs).map(|(it, cost)| it.lower() * cost).sum();
        let budget = least + stream.below(1500) as u64;
        let division = Division::with_costs(budget, bounds, costs).expect("feasible");
        let table = dynamic_programme(&division, &returns).expect("small");
        let answer = exact(&division, &returns).expect("concave");
        assert!((answer.value - table.value).abs() < 1e-9, "seed {seed}: {answer:?} {table:?}");
        assert!(answer.spent <= budget);
        let plain = greedy(&division, &returns).expect("concave");
        assert!(plain.value <= table.value + 1e-9 && table.value <= plain.bound + 1e-9);
        better += usize::from(plain.value < table.value - 1e-9);
    }
    assert!(better > 20, "the greedy alone is rarely optimal: {better} of 200");
}

#[test]
fn worthwhile_spending_stops_where_gains_end() {
    let tent = |item: ItemId, units: u64| -((units as f64) - 3.0 - item.index() as f64).powi(2);
    let bounds = Bounds::new(0, 50).expect("lower <= upper");
    let all = Division::uniform(2, 20, bounds).expect("feasible");
    assert_eq!(greedy(&all, &tent).expect("concave").spent, 20);
    let wise = all.spending(Spending::Worthwhile).expect("allowed");
    for answer in [greedy(&wise, &tent), bisect(&wise, &tent), dynamic_programme(&wise, &tent)] {
        assert_eq!(answer.expect("concave").units, [3, 4]);
    }
}

#[test]
fn more_budget_brings_the_shadow_price() {
    let mut stream = Seed::new(5).stream("price");
    let returns = returns(12, &mut stream);
    let bounds = Bounds::new(1, 40).expect("lower <= upper");
    let solve = |budget: u64| -> Allocation {
        let division = Division::uniform(12, budget, bounds).expect("feasible");
        allocate(&division, &returns).expect("concave")
    };
    for budget in 12..200 {
        let (now, next) = (solve(budget), solve(budget + 1));
        let price = now.one_more.expect("room");
        assert!((next.value - now.value - price).abs() < 1e-12);
        assert!((next.one_less.expect("above the floor") - price).abs() < 1e-12);
    }
}

#[test]
fn marginals_name_what_each_item_would_do() {
    let returns = Retries::new(&[0.5, 0.2], &[1.0, 1.0]).expect("in range");
    let bounds = Bounds::new(1, 4).expect("lower <= upper");
    let division = Division::uniform(2, 6, bounds).expect("feasible");
    let answer = allocate(&division, &returns).expect("concave");
    let all = marginals(&division, &returns, &answer).expect("belongs");
    let best = all.iter().filter_map(|it| it.one_more).fold(0.0, f64::max);
    assert_eq!(answer.one_more, Some(best));
    let foreign = Allocation { units: vec![0, 6], ..answer };
    let refused = marginals(&division, &returns, &foreign).expect_err("outside the bounds");
    assert_eq!(refused.to_string(), "item 0 has 0 units: expected 1 to 4; change them");
}

#[test]
fn relabeled_items_get_the_same_units() {
    let mut stream = Seed::new(9).stream("relabel");
    let returns = returns(10, &mut stream);
    let mut order: Vec<usize> = (0..10).collect();
    stream.shuffle(&mut order);
    let bounds = Bounds::new(0, 30).expect("lower <= upper");
    let division = Division::uniform(10, 77, bounds).expect("feasible");
    let plain = greedy(&division, &returns).expect("concave");
    let moved = greedy(&division, &|item: ItemId, units: u64| {
        returns.value(ItemId::from_index(order[item.index()]), units)
    })
    .expect("concave");
    for (place, &item) in order.iter().enumerate() {
        assert_eq!(moved.units[place], plain.units[item]);
    }
}

#[test]
fn the_envelope_bounds_values_of_any_shape() {
    for seed in 0..50 {
        let mut stream = Seed::new(seed).stream("shape");
        let table: Vec<Vec<f64>> =
            (0..6).map(|_| (0..9).map(|_| stream.unit()).collect()).collect();
        let any = |item: ItemId, units: u64| table[item.index()][units as usize];
        let bounds = Bounds::new(0, 8).expect("lower <= upper");
        let division = Division::uniform(6, 20, bounds).expect("feasible");
        let best = dynamic_programme(&division, &any).expect("small");
        let envelope = Envelope::new(&division, &any).expect("numbers");
        let above = greedy(&division, &envelope).expect("concave by construction");
        assert!(above.value >= best.value - 1e-9, "seed {seed}");
    }
}

#[test]
fn the_relaxation_bounds_and_nearly_meets_the_integers() {
    let chances = [0.5_f64, 0.2, 0.05, 0.3];
    let slope = |item: ItemId, units: f64| {
        let miss = 1.0 - chances[item.index()];
        -miss.ln() * miss.powf(units)
    };
    let returns = Retries::new(&chances, &[1.0; 4]).expect("in range");
    let bounds = Bounds::new(0, 60).expect("lower <= upper");
    let division = Division::uniform(4, 50, bounds).expect("feasible");
    let relaxed = relax(&division, &slope).expect("finite");
    assert!((relaxed.units.iter().sum::<f64>() - 50.0).abs() < 1e-9);
    let answer = greedy(&division, &returns).expect("concave");
    for (real, whole) in relaxed.units.iter().zip(&answer.units) {
        assert!((real - *whole as f64).abs() <= 1.0, "{relaxed:?} {answer:?}");
    }
}

#[test]
fn several_resources_are_kept_and_bounded() {
    let (mut exact_count, mut gap_sum) = (0, 0.0);
    for seed in 0..40 {
        let mut stream = Seed::new(seed).stream("resources");
        let returns = returns(4, &mut stream);
        let bounds = vec![Bounds::new(0, 6).expect("lower <= upper"); 4];
        let uses: Vec<Vec<u64>> =
            (0..4).map(|_| vec![1 + stream.below(5) as u64, stream.below(4) as u64]).collect();
        let budgets = vec![10 + stream.below(30) as u64, 5 + stream.below(20) as u64];
        let best = enumerate(&returns, &uses, &budgets);
        let division = ResourceDivision::new(budgets.clone(), bounds, uses.clone()).expect("good");
        let answer = allocate_resources(&division, &returns, 300).expect("concave");
        for (resource, &budget) in budgets.iter().enumerate() {
            let each = answer.units.iter().zip(&uses);
            let used: u64 = each.map(|(units, uses)| units * uses[resource]).sum();
            assert_eq!(used + answer.left[resource], budget);
        }
        assert!(answer.value <= best + 1e-9 && best <= answer.bound + 1e-9, "seed {seed}");
        exact_count += usize::from(answer.value >= best - 1e-9);
        gap_sum += (answer.bound - answer.value) / answer.bound;
    }
    assert!(exact_count >= 25, "{exact_count} of 40 optimal");
    assert!(gap_sum / 40.0 < 0.05, "mean gap {}", gap_sum / 40.0);
}

/// Best value over all units from 0 to 6.
fn enumerate(returns: &Retries, uses: &[Vec<u64>], budgets: &[u64]) -> f64 {
    let mut best = f64::NEG_INFINITY;
    for code in 0..7_u64.pow(4) {
        let units: Vec<u64> = (0..4).map(|item| code / 7_u64.pow(item) % 7).collect();
        let fits = budgets.iter().enumerate().all(|(resource, &budget)| {
            units.iter().zip(uses).map(|(n, it)| n * it[resource]).sum::<u64>() <= budget
        });
        if fits {
            let each = units.iter().enumerate();
            let value = each.map(|(it, &n)| returns.value(ItemId::from_index(it), n)).sum();
            best = best.max(value);
        }
    }
    best
}

#[test]
fn values_that_are_no_numbers_name_item_and_units() {
    let bounds = Bounds::new(0, 9).expect("lower <= upper");
    let division = Division::uniform(2, 5, bounds).expect("feasible");
    let broken = |item: ItemId, units: u64| {
        if item.index() == 1 && units == 1 { f64::NAN } else { (units as f64).sqrt() }
    };
    for answer in [greedy(&division, &broken), dynamic_programme(&division, &broken)] {
        assert!(matches!(answer, Err(AllocationError::Value { item: 1, units: 1, .. })));
    }
    let huge = Division::uniform(2, 1 << 40, Bounds::new(0, 1 << 40).expect("good"));
    let table = dynamic_programme(&huge.expect("feasible"), &|_: ItemId, units: u64| units as f64);
    assert!(matches!(table, Err(AllocationError::Table { .. })));
}
