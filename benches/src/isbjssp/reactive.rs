//! Part 8: a new plan at every shut-down, within seconds, beside the best rule.
//!
//! **Source:** predictive-reactive rescheduling: Vieira, Herrmann, Lin 2003.

use super::interruptions::{replan, seed};
use super::reference::Instances;
use super::runs::{makespan, played};
use super::statistics::Mean;
use super::{Arguments, Sheet, table};
use crate::WallClock;
use anyhow::Result;
use ordine_base::Clock as _;
use ordine_shop::simulation::ShopSettings;
use ordine_solve::PlanBudget;
use std::sync::Arc;
use std::time::Duration;

/// Probability of a shut-down at load.
const CHANCE: f64 = 0.1;

/// Compares makespans on la16 to la20.
pub(super) fn run(
    instances: &Instances,
    arguments: &Arguments,
    sheet: &mut Sheet<'_>,
) -> Result<()> {
    let settings = Arc::new(ShopSettings::with_breakdowns(CHANCE)?);
    let may_hold = Arc::new(ShopSettings { hold: true, ..(*settings).clone() });
    let limit = Duration::from_secs_f64(arguments.reactive_seconds);
    let rules = super::reference::RULES;
    let mut of_rules = vec![Vec::new(); rules.len()];
    let (mut ours, mut printed) =
        (Vec::new(), table(["instance", "seed", "best rule", "re-plan", "plans", "seconds"]));
    let chosen = instances.tens.iter().enumerate();
    for (place, instance) in chosen.filter(|(_, it)| it.name.starts_with("la")) {
        for number in 0..arguments.reactive_seeds {
            let seed = seed(place, number);
            for (rule, values) in rules.iter().zip(&mut of_rules) {
                values.push(makespan(&instance.shop, &settings, rule, seed)? as f64);
            }
            let clock = WallClock::start();
            let mut policy = replan(PlanBudget::Time(limit, &clock), &instance.shop)?;
            let world = played(&instance.shop, &may_hold, &mut policy, seed)?;
            let found = world.makespan().get();
            ours.push(found as f64);
            let least = of_rules.iter().filter_map(|values| values.last());
            let least = least.copied().fold(f64::INFINITY, f64::min);
            printed.add_row([
                instance.name.clone(),
                number.to_string(),
                format!("{least:.0}"),
                found.to_string(),
                policy.plans().to_string(),
                format!("{:.1}", clock.elapsed().as_secs_f64()),
            ]);
        }
    }
    let title = format!(
        "New plans within {} s each, q = 10 % (the best rule of each run)",
        arguments.reactive_seconds
    );
    sheet.table(&title, &printed)?;
    let means = of_rules.iter().map(|values| Mean::of(values).mean);
    let best = means.enumerate().min_by(|left, right| left.1.total_cmp(&right.1));
    let (place, least) = best.expect("there are nine rules");
    let mean = Mean::of(&ours);
    let difference = Mean::of_differences(&ours, &of_rules[place]);
    writeln!(
        sheet.out,
        "\nbest rule in the mean: {} {least:.1}; re-plan {mean}, difference {difference}",
        rules[place]
    )?;
    let below = 100.0 * (1.0 - mean.mean / least);
    sheet.check(format!("8: re-plan {below:.1} % below the best rule (15 asked)"), below >= 15.0);
    Ok(())
}
