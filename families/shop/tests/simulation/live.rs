//! Deciding in a real shop: reports in, advice out.
//!
//! **Source:** -

use crate::shops::{finished, instance, random_instance};
use ordine_base::Seed;
use ordine_shop::simulation::{
    Dispatcher, Event, LiveShop, Report, ShopSettings, ShopWorld, Workshop, rule_policy,
};
use ordine_world::{CandidateId, Decision, Observation, Policy, World};
use std::sync::Arc;
use std::time::Duration;

fn dispatcher(shop: &Workshop, rule: &str) -> Dispatcher {
    let rule = || Box::new(rule_policy(rule, shop).expect("a rule"));
    Dispatcher::new(rule(), rule(), Duration::from_secs(60))
}

#[test]
fn advice_on_reports_of_a_simulated_run_is_what_that_run_did() {
    for seed in 0..40 {
        let mut stream = Seed::new(seed).stream("instances");
        let shop = random_instance(&mut stream, false);
        let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
        let made = ShopSettings { log: true, ..ShopSettings::default() };
        let world = finished(&shop, made.clone(), seed, "lpt");
        let mut live = LiveShop::new(shop.clone(), made.into()).expect("settings of the shop");
        let mut dispatcher = dispatcher(&shop, "lpt");
        let log = world.log();
        let mut place = 0;
        while place < log.len() {
            let now = log[place].time;
            let at_once = log[place..].iter().take_while(|it| it.time == now).count();
            let entries = &log[place..place + at_once];
            for entry in entries {
                let report = match (entry.event, entry.job, entry.machine) {
                    (Event::Arrive, Some(job), _) => Report::Arrived(job),
                    (Event::Finish, _, Some(machine)) => Report::Finished(machine),
                    _ => continue,
                };
                live.report(now, report).expect("it happened");
            }
            let advice = live.advise(&mut dispatcher).into_iter().map(|it| (it.job, it.machine));
            let loads = entries.iter().filter(|entry| entry.event == Event::Load);
            let loads: Vec<(u32, u32)> =
                loads.filter_map(|entry| entry.job.zip(entry.machine)).collect();
            assert_eq!(advice.collect::<Vec<_>>(), loads, "seed {seed} at {now}");
            place += at_once;
        }
    }
}

#[test]
fn a_machine_that_is_down_is_not_entered_until_it_is_reported_up() {
    let shop = instance(&[&[(0, 3), (1, 2)]]);
    let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
    let mut live = LiveShop::new(shop.clone(), ShopSettings::default().into()).expect("a shop");
    let mut dispatcher = dispatcher(&shop, "spt");
    live.report(0, Report::Down(1, 10)).expect("it is up");
    live.report(0, Report::Arrived(0)).expect("it is not here");
    assert_eq!(live.advise(&mut dispatcher).len(), 1);
    live.report(3, Report::Finished(0)).expect("it processes");
    assert!(live.advise(&mut dispatcher).is_empty(), "machine 1 is down");
    live.report(8, Report::Up(1)).expect("it is down");
    let advice = live.advise(&mut dispatcher);
    assert_eq!(advice.iter().map(|it| (it.job, it.machine)).collect::<Vec<_>>(), [(0, 1)]);
    let error = live.report(7, Report::Finished(1)).expect_err("the past is closed");
    assert!(error.to_string().contains("reports in the order of time"), "{error}");
    assert!(live.report(9, Report::Finished(0)).is_err(), "nothing is there");
}

/// Thinks longer than anybody waits.
struct Slow;

impl Policy for Slow {
    fn act(&mut self, _: &Observation, _: &mut Decision<'_>) -> CandidateId {
        loop {
            std::thread::park();
        }
    }
}

#[test]
fn a_policy_that_takes_too_long_is_replaced_by_the_rule() {
    let shop = instance(&[&[(0, 3), (1, 2)], &[(0, 2), (1, 2)], &[(0, 1), (1, 2)]]);
    let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
    let world = ShopWorld::new(shop.clone(), ShopSettings::default().into(), Seed::new(1));
    let spt = rule_policy("spt", &shop).expect("a rule");
    let mut dispatcher = Dispatcher::new(Box::new(Slow), Box::new(spt), Duration::ZERO);
    for _ in 0..3 {
        let answer = dispatcher.decide(&world, Seed::new(1));
        assert!(answer.is_fallback);
        let chosen = world.observe().candidate(answer.choice);
        assert_eq!(chosen.features.duration.get(), 1, "the shortest goes first");
    }
}

#[test]
fn a_state_that_was_taken_and_put_back_goes_on_as_before() {
    for seed in 0..40 {
        let mut stream = Seed::new(seed).stream("instances");
        let shop = random_instance(&mut stream, seed % 2 == 0);
        let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
        let made: Arc<ShopSettings> = ShopSettings { hold: true, ..Default::default() }.into();
        let policy = rule_policy("spt", &shop).expect("a rule");
        let mut world = ShopWorld::new(shop.clone(), made.clone(), Seed::new(seed));
        while !world.observe().candidates.is_empty() {
            let state = world.snapshot();
            let resumed = ShopWorld::resume(shop.clone(), made.clone(), &state).expect("a state");
            assert_eq!(resumed.observe(), world.observe(), "seed {seed} at {}", world.now());
            let choice = policy.choose(world.observe(), &mut stream);
            if stream.chance(0.1) {
                world = resumed;
            }
            world.act(choice);
        }
        let problem = world.realized().expect("a problem");
        assert!(ordine_check::check(&problem, &world.schedule()).is_ok(), "seed {seed}");
    }
}
