//! Rules without interruption against the reference; random runs before the judge.
//!
//! **Source:** see the bench.

use super::reference::{Instances, RULES};
use super::{Sheet, table};
use anyhow::{Result, bail};
use ordine_base::{Seed, Stream, Ticks};
use ordine_shop::simulation::{Interruption, Law, ShopSettings, ShopWorld, Workshop, rule_policy};
use ordine_shop::{Operation, Route, ShopInstance, ShopJob};
use ordine_sim::Distribution;
use ordine_world::{Policy, run};
use std::sync::Arc;

/// A run of a policy to its end.
pub(super) fn played(
    shop: &Arc<Workshop>,
    settings: &Arc<ShopSettings>,
    policy: &mut dyn Policy,
    seed: Seed,
) -> Result<ShopWorld> {
    let mut world = ShopWorld::checked(shop.clone(), settings.clone(), seed)?;
    run(&mut world, policy, &mut seed.stream("policy"), &mut |_| false);
    if !world.is_complete() {
        bail!("{} under seed {} gets stuck", shop.name(), seed.get());
    }
    Ok(world)
}

/// The makespan of a rule.
pub(super) fn makespan(
    shop: &Arc<Workshop>,
    settings: &Arc<ShopSettings>,
    rule: &str,
    seed: Seed,
) -> Result<i64> {
    let mut policy = rule_policy(rule, shop)?;
    Ok(played(shop, settings, &mut policy, seed)?.makespan().get())
}

/// Part 1: nine rules on the eighteen.
pub(super) fn rules(instances: &Instances, sheet: &mut Sheet<'_>) -> Result<()> {
    let settings = Arc::new(ShopSettings::default());
    let mut printed = table(["instance", "optimum"].into_iter().chain(RULES));
    let (mut equal, mut all) = (0, 0);
    let mut best = Vec::new();
    for instance in &instances.tens {
        let mut row = vec![instance.name.clone(), instance.optimum.to_string()];
        let mut least = i64::MAX;
        for (rule, &known) in RULES.iter().zip(&instance.known) {
            let ours = makespan(&instance.shop, &settings, rule, Seed::new(1))?;
            all += 1;
            equal += usize::from(ours == known);
            least = least.min(ours);
            row.push(if ours == known { ours.to_string() } else { format!("{ours} ({known})") });
        }
        best.push(least as f64 / instance.optimum as f64);
        printed.add_row(row);
    }
    sheet.table("Makespans of rules without interruption (in brackets the reference)", &printed)?;
    let mean = best.iter().sum::<f64>() / best.len() as f64;
    sheet.check(format!("1: {equal} of {all} makespans equal the reference"), equal == all);
    sheet.check(
        format!("1: best rule per instance {mean:.3}, theirs 1.336"),
        (mean - 1.336).abs() < 0.001,
    );
    Ok(())
}

/// Part 2: random instances, random rules, interruptions of every kind, every schedule judged.
pub(super) fn judged(count: u64, sheet: &mut Sheet<'_>) -> Result<()> {
    let (mut operations, mut swaps, mut refused) = (0, 0, 0);
    for number in 0..count {
        let seed = Seed::new(20_260_101).child(number);
        let mut stream = seed.stream("instances");
        let shop: Arc<Workshop> = Workshop::of_instance(random(&mut stream))?.into();
        let settings = Arc::new(interrupted(number, &shop)?);
        let mut policy = rule_policy("random", &shop)?;
        let world = played(&shop, &settings, &mut policy, seed)?;
        operations += world.loads();
        swaps += u64::from(world.swaps());
        let problem = world.realized()?;
        refused += usize::from(ordine_check::check(&problem, &world.schedule()).is_err());
    }
    writeln!(
        sheet.out,
        "\n{count} random runs on random shops from 5 x 5 to 10 x 10: {operations} operations, \
         {swaps} swaps, {refused} schedules refused by the judge, none stuck"
    )?;
    sheet.check(format!("2: {count} random runs end, {refused} refused"), refused == 0);
    Ok(())
}

/// No interruption, or one of the three models.
fn interrupted(number: u64, shop: &Workshop) -> Result<ShopSettings> {
    let interruption = match number % 4 {
        0 => Interruption::Never,
        1 => Interruption::at_load(0.2)?,
        2 => Interruption::hazard(0.2, shop.duration_mean())?,
        _ => Interruption::Renewal {
            up: Law::from(Distribution::weibull(500.0, 1.5)),
            repair: Law::from(Distribution::exponential(50.0)),
        },
    };
    Ok(ShopSettings { interruption, ..ShopSettings::default() })
}

/// A random shop: routes are permutations of the machines, durations from 1 to 99.
fn random(stream: &mut Stream) -> ShopInstance {
    let (jobs, machines) = (5 + stream.below(6), 5 + stream.below(6));
    let job = |stream: &mut Stream| {
        let mut route: Vec<usize> = (0..machines).collect();
        stream.shuffle(&mut route);
        let operation =
            |machine: usize| Operation::on(machine, Ticks::new(1 + stream.below(99) as i64));
        ShopJob::of(route.into_iter().map(operation).collect())
    };
    let jobs = (0..jobs).map(|_| job(stream)).collect();
    ShopInstance { name: "random".to_owned(), machines, workers: 0, route: Route::Chain, jobs }
}
