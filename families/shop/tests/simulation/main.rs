//! The simulated shop against a worked example, a naive simulator, the judge and itself.
//!
//! **Source:** Wong, Kim, Park, Park, Law 2024 (the problem).

mod graphs;
mod live;
mod naive;
mod named;
mod plans;
mod shops;

use naive::Naive;
use ordine_base::Seed;
use ordine_check::check;
use ordine_shop::simulation::{
    Arrivals, Event, Interruption, SHOP_RULES, ShopSettings, ShopWorld, Shutdowns, Workshop,
    rule_policy,
};
use ordine_world::{World, run};
use shops::{finished, instance, random_instance, settings};
use std::sync::Arc;

#[test]
fn two_jobs_that_block_each_other_swap_and_end_at_six() {
    let shop = Workshop::of_instance(instance(&[&[(0, 3), (1, 2)], &[(1, 4), (0, 1)]]));
    let world = finished(&shop.expect("a shop").into(), ShopSettings::default(), 1, "spt");
    assert_eq!((world.makespan().get(), world.swaps()), (6, 1));
    let starts: Vec<i64> = world.schedule().placed().map(|(_, it)| it.start.get()).collect();
    assert_eq!(starts, [0, 4, 0, 4]);
}

#[test]
fn makespans_and_swaps_are_those_of_a_naive_simulator() {
    for seed in 0..300 {
        let mut stream = Seed::new(seed).stream("instances");
        let jobs = random_instance(&mut stream, false);
        let count: usize = jobs.jobs.iter().map(|job| job.operations.len()).sum();
        let shut: Vec<i64> = (0..count)
            .map(|_| if stream.chance(0.2) { 1 + stream.below(9) as i64 } else { 0 })
            .collect();
        let duration =
            |job: usize, place: usize| jobs.jobs[job].operations[place].choices[0].duration.get();
        let last = |job: usize| jobs.jobs[job].operations.len();
        let sum = |job: usize, from: usize, to: usize| -> i64 {
            (from..to).map(|it| duration(job, it)).sum()
        };
        type Key<'a> = Box<dyn Fn(usize, usize, i64) -> i64 + 'a>;
        let keys: [(&str, Key<'_>); 5] = [
            ("fifo", Box::new(|_, _, since| since)),
            ("lpt", Box::new(|job, place, _| -duration(job, place))),
            ("mtwr", Box::new(|job, place, _| -sum(job, place, last(job)))),
            ("spt_plus", Box::new(|job, place, _| sum(job, place, (place + 2).min(last(job))))),
            ("fdd", Box::new(|job, place, _| sum(job, 0, place + 1))),
        ];
        let shop: Arc<Workshop> = Workshop::of_instance(jobs.clone()).expect("a shop").into();
        let at_load = shut.iter().enumerate().filter(|it| *it.1 > 0);
        let at_load = at_load.map(|(operation, ticks)| (operation as u32, *ticks)).collect();
        let replay = Interruption::Replay(Shutdowns { at_load, down: Vec::new() });
        for (rule, key) in &keys {
            let naive = Naive { jobs: &jobs, shut: &shut, key }.run();
            let settings = ShopSettings { interruption: replay.clone(), ..Default::default() };
            let world = finished(&shop, settings, seed, rule);
            assert_eq!((world.makespan().get(), world.swaps()), naive, "{rule}, seed {seed}");
        }
    }
}

#[test]
fn every_run_is_a_schedule_that_the_judge_accepts_and_enters_no_machine_that_is_down() {
    for seed in 0..240_usize {
        let mut stream = Seed::new(seed as u64).stream("instances");
        let jobs = random_instance(&mut stream, seed % 2 == 0);
        let shop: Arc<Workshop> = Workshop::of_instance(jobs).expect("a shop").into();
        let rule = SHOP_RULES[seed % SHOP_RULES.len()].name;
        let world = finished(&shop, settings(seed, &shop), seed as u64, rule);
        let problem = world.realized().expect("a shop is a problem");
        let judged = check(&problem, &world.schedule());
        assert!(judged.is_ok(), "seed {seed}, {rule}: {judged:?}");
        let mut down = vec![false; shop.machines()];
        let log = world.log();
        for (place, entry) in log.iter().enumerate() {
            let Some(machine) = entry.machine.map(|machine| machine as usize) else { continue };
            match entry.event {
                Event::Up => down[machine] = false,
                Event::Load => assert!(!down[machine], "seed {seed}: {entry} while down"),
                Event::Down => {
                    // What ends at the same instant has ended before, and so has what comes up.
                    let later = log[place + 1..].iter().take_while(|it| it.time == entry.time);
                    assert!(
                        later
                            .into_iter()
                            .all(|it| it.event != Event::Load || it.machine != entry.machine)
                    );
                    down[machine] = true;
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_replay_of_the_shut_downs_of_a_run_is_the_same_run() {
    for seed in 0..48_usize {
        let mut stream = Seed::new(seed as u64).stream("instances");
        let jobs = random_instance(&mut stream, false);
        let shop: Arc<Workshop> = Workshop::of_instance(jobs).expect("a shop").into();
        let made = ShopSettings {
            arrivals: Arrivals::AtOnce,
            maintenance: Vec::new(),
            hold: false,
            ..settings(seed, &shop)
        };
        let first = finished(&shop, made.clone(), seed as u64, "spt");
        let text = first.shutdowns().write();
        let read = Shutdowns::read(&text, "log").expect("what was written is read");
        let replayed = ShopSettings { interruption: Interruption::Replay(read), ..made };
        let second = finished(&shop, replayed, 999, "spt");
        assert_eq!(first.schedule(), second.schedule(), "seed {seed}\n{text}");
        // A shut-down that is not over when the last job leaves is in no file.
        let of_jobs = |world: &ShopWorld| -> Vec<String> {
            world.log().iter().filter(|it| it.job.is_some()).map(ToString::to_string).collect()
        };
        assert_eq!(of_jobs(&first), of_jobs(&second));
    }
}

#[test]
fn a_fork_does_not_disturb_its_parent_and_does_not_see_its_future() {
    for seed in 0..48_usize {
        let mut stream = Seed::new(seed as u64).stream("instances");
        let jobs = random_instance(&mut stream, false);
        let shop: Arc<Workshop> = Workshop::of_instance(jobs).expect("a shop").into();
        let made: Arc<ShopSettings> = settings(seed, &shop).into();
        let policy = rule_policy("spt", &shop).expect("a rule");
        let mut ends = Vec::new();
        for disturbed in [false, true] {
            let mut world = ShopWorld::new(shop.clone(), made.clone(), Seed::new(seed as u64));
            while !world.observe().candidates.is_empty() {
                if disturbed {
                    let mut fork = world.fork_with(Seed::new(5));
                    let mut again = world.fork_with(Seed::new(5));
                    for fork in [&mut fork, &mut again] {
                        let mut policy = rule_policy("lpt", &shop).expect("a rule");
                        run(fork, &mut policy, &mut Seed::new(1).stream("fork"), &mut |_| false);
                    }
                    assert_eq!(fork.schedule(), again.schedule());
                }
                let choice = policy.choose(world.observe(), &mut stream);
                world.act(choice);
            }
            ends.push((world.schedule(), world.log()));
        }
        assert_eq!(ends[0], ends[1], "seed {seed}");
        // Worlds of different futures and equal pasts have equal forks.
        let forks = [1, 2].map(|future| {
            let world = ShopWorld::new(shop.clone(), made.clone(), Seed::new(future));
            let mut fork = world.fork_with(Seed::new(9));
            let mut policy = rule_policy("spt", &shop).expect("a rule");
            run(&mut fork, &mut policy, &mut Seed::new(1).stream("fork"), &mut |_| false);
            (world.now().get(), world.loads(), fork.makespan())
        });
        let is_like = made.interruption == Interruption::Never || forks[0].1 == 0;
        if is_like && made.arrivals == Arrivals::AtOnce {
            assert_eq!(forks[0].2, forks[1].2, "seed {seed}");
        }
    }
}
