//! Shops and settings of every kind, and runs to the end.
//!
//! **Source:** -

use ordine_base::{Seed, Stream, Ticks};
use ordine_shop::simulation::{
    Arrivals, Interruption, ShopSettings, ShopWorld, UNLIMITED, Workshop, rule_policy,
};
use ordine_shop::{Choice, Operation, Route, ShopInstance, ShopJob};
use ordine_world::run;
use std::sync::Arc;

pub fn instance(jobs: &[&[(usize, i64)]]) -> ShopInstance {
    let machines = jobs.iter().flat_map(|job| job.iter().map(|it| it.0 + 1)).max().unwrap_or(0);
    let job = |job: &&[(usize, i64)]| {
        let operation =
            |&(machine, duration): &(usize, i64)| Operation::on(machine, Ticks::new(duration));
        ShopJob::of(job.iter().map(operation).collect())
    };
    let jobs = jobs.iter().map(job).collect();
    ShopInstance { name: "test".to_owned(), machines, workers: 0, route: Route::Chain, jobs }
}

pub fn random_instance(stream: &mut Stream, flexible: bool) -> ShopInstance {
    let machines = 2 + stream.below(5);
    let jobs = 2 + stream.below(7);
    let job = |stream: &mut Stream| {
        let mut route: Vec<usize> = (0..machines).collect();
        stream.shuffle(&mut route);
        let operation = |stream: &mut Stream, machine: usize| {
            let mut choices = vec![Choice::on(machine, Ticks::new(1 + stream.below(20) as i64))];
            if flexible && stream.chance(0.5) {
                let other = (machine + 1 + stream.below(machines - 1)) % machines;
                choices.push(Choice::on(other, Ticks::new(1 + stream.below(20) as i64)));
            }
            Operation { choices }
        };
        ShopJob::of(route.into_iter().map(|machine| operation(stream, machine)).collect())
    };
    let jobs = (0..jobs).map(|_| job(stream)).collect();
    ShopInstance { name: "random".to_owned(), machines, workers: 0, route: Route::Chain, jobs }
}

pub fn finished(shop: &Arc<Workshop>, settings: ShopSettings, seed: u64, rule: &str) -> ShopWorld {
    let mut world = ShopWorld::new(shop.clone(), settings.into(), Seed::new(seed));
    let mut policy = rule_policy(rule, shop).expect("a rule of the shop");
    run(&mut world, &mut policy, &mut Seed::new(seed).stream("policy"), &mut |_| false);
    assert!(world.is_complete(), "{rule} under {seed} gets stuck");
    world
}

/// Settings of every kind, by number.
pub fn settings(number: usize, shop: &Workshop) -> ShopSettings {
    let hazard = Interruption::hazard(0.3, shop.duration_mean()).expect("a small hazard");
    let interruption = [
        Interruption::Never,
        Interruption::at_load(0.3).expect("a probability"),
        hazard,
        Interruption::Renewal {
            up: "weibull(40,2)".parse::<ordine_sim::Distribution>().expect("a law").into(),
            repair: "exponential(8)".parse::<ordine_sim::Distribution>().expect("a law").into(),
        },
    ][number % 4]
        .clone();
    let buffers = [vec![0], vec![UNLIMITED], vec![1]][number / 4 % 3].clone();
    let arrivals = [Arrivals::AtOnce, Arrivals::Poisson(15.0)][number / 12 % 2].clone();
    let maintenance =
        if number.is_multiple_of(5) { vec![vec![(5, 9), (30, 45)]] } else { Vec::new() };
    let hold = number.is_multiple_of(7);
    ShopSettings {
        interruption,
        buffers,
        arrivals,
        maintenance,
        hold,
        log: true,
        ..Default::default()
    }
}
