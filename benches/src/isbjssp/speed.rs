//! Part 7: operations per second under SPT, and how long a decision takes with thirty jobs on ten
//! machines.
//!
//! **Source:** see the bench.

use super::interruptions::policy;
use super::reference::Instances;
use super::runs::played;
use super::{Sheet, table};
use crate::WallClock;
use anyhow::Result;
use ordine_base::{Clock as _, Seed};
use ordine_shop::simulation::{Dispatcher, ShopSettings, ShopWorld};
use ordine_world::World as _;
use std::sync::Arc;
use std::time::Duration;

/// Seconds of the measurement of speed.
const SECONDS: f64 = 2.0;

/// Measures both.
pub(super) fn run(instances: &Instances, sheet: &mut Sheet<'_>) -> Result<()> {
    let mut printed = table(["policy", "operations/s", "runs/s"]);
    for (text, chance) in [("spt", 0.0), ("spt", 0.1), ("random", 0.0), ("=work then p", 0.0)] {
        let settings = Arc::new(ShopSettings::with_breakdowns(chance)?);
        let clock = WallClock::start();
        let (mut operations, mut runs) = (0, 0_u64);
        while clock.elapsed().as_secs_f64() < SECONDS {
            for instance in &instances.tens {
                let mut policy = policy(text, &instance.shop)?;
                let world = played(&instance.shop, &settings, &mut *policy, Seed::new(runs))?;
                operations += world.loads();
                runs += 1;
            }
        }
        let seconds = clock.elapsed().as_secs_f64();
        let speed = operations as f64 / seconds;
        let name = format!("{text}, q = {:.0} %", 100.0 * chance);
        printed.add_row([name, format!("{speed:.0}"), format!("{:.0}", runs as f64 / seconds)]);
        if text == "spt" && chance == 0.0 {
            let words = format!("7: SPT at >= 200000 operations/s ({speed:.0})");
            sheet.check(words, speed >= 200_000.0);
        }
    }
    sheet.table("Speed on the eighteen", &printed)?;
    latency(instances, sheet)
}

/// How long it takes from the state to the decision.
fn latency(instances: &Instances, sheet: &mut Sheet<'_>) -> Result<()> {
    let Some(shop) = &instances.large else {
        writeln!(sheet.out, "\nno instance with thirty jobs on ten machines, no latency")?;
        return Ok(());
    };
    let settings = Arc::new(ShopSettings::with_breakdowns(0.1)?);
    let limit = Duration::from_millis(4);
    let mut printed =
        table(["policy", "decisions", "mean ms", "p99 ms", "longest ms", "fallbacks"]);
    for text in ["spt", "pilot(spt)"] {
        let mut dispatcher = Dispatcher::new(policy(text, shop)?, policy("spt", shop)?, limit);
        let mut world = ShopWorld::checked(shop.clone(), settings.clone(), Seed::new(1))?;
        let (mut times, mut fallbacks) = (Vec::new(), 0);
        let mut stream = Seed::new(1).stream("policy");
        while world.observe().allowed().next().is_some() {
            let snapshot = world.snapshot();
            let clock = WallClock::start();
            let state = ShopWorld::resume(shop.clone(), settings.clone(), &snapshot)?;
            let answer = dispatcher.decide(&state, Seed::new(times.len() as u64));
            times.push(clock.elapsed().as_secs_f64() * 1e3);
            fallbacks += usize::from(answer.is_fallback);
            world.act(answer.choice);
        }
        ordine_world::run(&mut world, &mut *policy("spt", shop)?, &mut stream, &mut |_| false);
        times.sort_by(f64::total_cmp);
        let longest = times.last().copied().unwrap_or(0.0);
        let mean = times.iter().sum::<f64>() / times.len().max(1) as f64;
        let place = times.len() * 99 / 100;
        printed.add_row([
            text.to_owned(),
            times.len().to_string(),
            format!("{mean:.3}"),
            format!("{:.3}", times.get(place).copied().unwrap_or(0.0)),
            format!("{longest:.3}"),
            fallbacks.to_string(),
        ]);
        let words = format!("7: {text}, 30 x 10: a decision in <= 5 ms (longest {longest:.3})");
        sheet.check(words, longest <= 5.0);
    }
    sheet.table("State in, decision out, thirty jobs on ten machines", &printed)
}
