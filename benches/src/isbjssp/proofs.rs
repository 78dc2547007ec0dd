//! Part 3: the static problem, blocking with swaps, by the default recipe.
//!
//! **Source:** see the bench; optima with swaps: Mascis, Pacciarelli 2002 and later engines.

use super::reference::Instances;
use super::{Arguments, Sheet, table};
use crate::WallClock;
use anyhow::Result;
use ordine_base::{Clock as _, FirstOf, Seed, Silent, TimeLimit};
use ordine_shop::simulation::Workshop;
use ordine_solve::{Context, Outcome, Settings, bounds::trivial_bound, recipe_named};
use std::time::Duration;

/// What a run came to.
struct Found {
    cost: i64,
    bound: i64,
    is_proved: bool,
    seconds: f64,
}

fn solved(shop: &Workshop, seconds: f64, workers: usize) -> Result<Found> {
    let problem = shop.problem(true)?;
    let solver = recipe_named("auto").expect("the default recipe has this name");
    let (clock, mut silent) = (WallClock::start(), Silent);
    let stop = FirstOf(vec![Box::new(TimeLimit(Duration::from_secs_f64(seconds)))]);
    let seed = Seed::new(1);
    let settings = Settings { seed, workers, work: None, stop: &stop, clock: &clock, start: None };
    let context = Context::new(&problem, settings, trivial_bound(&problem), &mut silent);
    let outcome = solver.solve(&problem, &context)?;
    let seconds = clock.elapsed().as_secs_f64();
    let cost = outcome.best().map_or(i64::MAX, |(_, cost)| cost.first());
    let is_proved = matches!(outcome, Outcome::Optimal { .. });
    Ok(Found { cost, bound: context.bound().first(), is_proved, seconds })
}

/// Proves the small ones, and finds good schedules of the eighteen.
pub(super) fn run(
    instances: &Instances,
    arguments: &Arguments,
    sheet: &mut Sheet<'_>,
) -> Result<()> {
    let (limit, workers) = (arguments.proof_seconds, arguments.workers);
    let mut printed =
        table(["instance", "optimum", "found", "bound", "proved", "seconds", "gap %"]);
    let mut row = |name: &str, optimum: i64, found: &Found| {
        let gap = 100.0 * (found.cost - optimum) as f64 / optimum as f64;
        let proved = if found.is_proved { "yes" } else { "no" };
        printed.add_row([
            name.to_owned(),
            optimum.to_string(),
            found.cost.to_string(),
            found.bound.to_string(),
            proved.to_owned(),
            format!("{:.2}", found.seconds),
            format!("{gap:.2}"),
        ]);
        gap
    };
    for (name, shop, optimum) in &instances.small {
        let found = solved(shop, limit, workers)?;
        row(name, *optimum, &found);
        let within = if name == "ft06" { 2.0 } else { 60.0 };
        let words = format!("3: {name} proved in <= {within} s ({:.2})", found.seconds);
        let holds = found.is_proved && found.cost == *optimum && found.seconds <= within;
        sheet.check(words, holds);
    }
    let (mut worst, mut proved, mut below) = (0.0_f64, 0, 0);
    for instance in &instances.tens {
        let found = solved(&instance.shop, limit, workers)?;
        worst = worst.max(row(&instance.name, instance.optimum, &found));
        proved += usize::from(found.is_proved);
        below += usize::from(found.cost < instance.optimum || found.bound > instance.optimum);
    }
    sheet.table("Blocking with swaps, no interruption", &printed)?;
    let words =
        format!("3: all eighteen within 5 % in {limit} s (worst {worst:.2}, {proved} proved)");
    sheet.check(words, worst <= 5.0);
    sheet.check("3: no makespan and no bound contradicts an optimum", below == 0);
    Ok(())
}
