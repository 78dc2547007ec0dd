//! The simulated shop against a worked example, a naive simulator, the judge and itself.
//!
//! **Source:** Wong, Kim, Park, Park, Law 2024 (the problem).

use ordine_base::{Seed, Stream, Ticks};
use ordine_check::check;
use ordine_shop::simulation::{
    Arrivals, Interruption, SHOP_RULES, ShopSettings, ShopWorld, Shutdowns, UNLIMITED, Workshop,
    rule_policy,
};
use ordine_shop::{Choice, Operation, Route, ShopInstance, ShopJob};
use ordine_world::{World, run};
use std::sync::Arc;

fn instance(jobs: &[&[(usize, i64)]]) -> ShopInstance {
    let machines = jobs.iter().flat_map(|job| job.iter().map(|it| it.0 + 1)).max().unwrap_or(0);
    let job = |job: &&[(usize, i64)]| {
        let operation = |&(machine, duration): &(usize, i64)| {
            Operation::on(machine, Ticks::new(duration))
        };
        ShopJob::of(job.iter().map(operation).collect())
    };
    let jobs = jobs.iter().map(job).collect();
    ShopInstance { name: "test".to_owned(), machines, workers: 0, route: Route::Chain, jobs }
}

fn random_instance(stream: &mut Stream, flexible: bool) -> ShopInstance {
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

fn finished(shop: &Arc<Workshop>, settings: ShopSettings, seed: u64, rule: &str) -> ShopWorld {
    let mut world = ShopWorld::new(shop.clone(), settings.into(), Seed::new(seed));
    let mut policy = rule_policy(rule, shop).expect("a rule of the shop");
    run(&mut world, &mut policy, &mut Seed::new(seed).stream("policy"), &mut |_| false);
    assert!(world.is_complete(), "{rule} under {seed} gets stuck");
    world
}

#[test]
fn two_jobs_that_block_each_other_swap_and_end_at_six() {
    let shop = Workshop::of_instance(instance(&[&[(0, 3), (1, 2)], &[(1, 4), (0, 1)]]));
    let world = finished(&shop.expect("a shop").into(), ShopSettings::default(), 1, "spt");
    assert_eq!((world.makespan().get(), world.swaps()), (6, 1));
    let starts: Vec<i64> = world.schedule().placed().map(|(_, it)| it.start.get()).collect();
    assert_eq!(starts, [0, 4, 0, 4]);
}

/// The shop without buffers, one machine per operation, shut-downs at load: lists and scans.
struct Naive<'a> {
    jobs: &'a ShopInstance,
    /// By operation, the length of its shut-down.
    shut: &'a [i64],
    key: &'a dyn Fn(usize, usize, i64) -> i64,
}

#[derive(Clone, Copy, PartialEq)]
enum Where {
    Outside,
    Busy { machine: usize, until: i64 },
    Blocked { machine: usize, since: i64 },
    Gone,
}

impl Naive<'_> {
    /// Makespan and number of swaps.
    fn run(&self) -> (i64, u32) {
        let count = self.jobs.jobs.len();
        let mut places = vec![Where::Outside; count];
        let mut next = vec![0_usize; count];
        let (mut now, mut swaps) = (0, 0);
        loop {
            self.complete(&mut places, &next, now);
            while self.step(&mut places, &mut next, now, &mut swaps) {}
            let ends = places.iter().filter_map(|place| match place {
                Where::Busy { until, .. } => Some(*until),
                _ => None,
            });
            match ends.min() {
                Some(time) => now = time,
                None => {
                    assert!(places.iter().all(|place| *place == Where::Gone), "stuck");
                    return (now, swaps);
                }
            }
        }
    }

    fn complete(&self, places: &mut [Where], next: &[usize], now: i64) {
        for (job, place) in places.iter_mut().enumerate() {
            if let Where::Busy { machine, until } = *place
                && until == now
            {
                let is_last = next[job] == self.jobs.jobs[job].operations.len();
                *place = if is_last { Where::Gone } else { Where::Blocked { machine, since: now } };
            }
        }
    }

    fn wants(&self, job: usize, next: &[usize]) -> usize {
        self.jobs.jobs[job].operations[next[job]].choices[0].machine
    }

    fn enter(&self, places: &mut [Where], next: &mut [usize], job: usize, now: i64) {
        let machine = self.wants(job, next);
        let before: usize = self.jobs.jobs[..job].iter().map(|job| job.operations.len()).sum();
        let duration = self.jobs.jobs[job].operations[next[job]].choices[0].duration.get();
        let until = now + self.shut[before + next[job]] + duration;
        places[job] = Where::Busy { machine, until };
        next[job] += 1;
    }

    fn step(&self, places: &mut [Where], next: &mut [usize], now: i64, swaps: &mut u32) -> bool {
        let holds = |place: &Where, wanted: usize| match place {
            Where::Busy { machine, .. } | Where::Blocked { machine, .. } => *machine == wanted,
            Where::Outside | Where::Gone => false,
        };
        let waits = |place: &Where| matches!(place, Where::Outside | Where::Blocked { .. });
        for machine in 0..self.jobs.machines {
            if places.iter().any(|place| holds(place, machine)) {
                continue;
            }
            let wanting = (0..places.len()).filter(|&job| {
                waits(&places[job]) && self.wants(job, next) == machine
            });
            let since = |job: usize| match places[job] {
                Where::Blocked { since, .. } => since,
                _ => 0,
            };
            let best = wanting.min_by_key(|&job| ((self.key)(job, next[job], since(job)), job));
            if let Some(job) = best {
                self.enter(places, next, job, now);
                return true;
            }
        }
        for start in 0..places.len() {
            let mut chain = vec![start];
            loop {
                let last = *chain.last().expect("a chain begins with its start");
                let Where::Blocked { .. } = places[last] else { break };
                let wanted = self.wants(last, next);
                let Some(holder) = places.iter().position(|place| holds(place, wanted)) else {
                    break;
                };
                if holder == start && matches!(places[start], Where::Blocked { .. }) {
                    chain.iter().for_each(|&job| self.enter(places, next, job, now));
                    *swaps += 1;
                    return true;
                }
                if chain.contains(&holder) {
                    break;
                }
                chain.push(holder);
            }
        }
        false
    }
}

#[test]
fn makespans_and_swaps_are_those_of_a_naive_simulator() {
    for seed in 0..300 {
        let mut stream = Seed::new(seed).stream("instances");
        let jobs = random_instance(&mut stream, false);
        let count: usize = jobs.jobs.iter().map(|job| job.operations.len()).sum();
        let shut: Vec<i64> =
            (0..count).map(|_| if stream.chance(0.2) { 1 + stream.below(9) as i64 } else { 0 }).collect();
        let duration =
            |job: usize, place: usize| jobs.jobs[job].operations[place].choices[0].duration.get();
        let last = |job: usize| jobs.jobs[job].operations.len();
        let sum = |job: usize, from: usize, to: usize| (from..to).map(|it| duration(job, it)).sum();
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

/// Settings of every kind, by number.
fn settings(number: usize, shop: &Workshop) -> ShopSettings {
    let hazard = Interruption::hazard(0.3, shop.duration_mean()).expect("a small hazard");
    let interruption = [
        Interruption::Never,
        Interruption::at_load(0.3).expect("a probability"),
        hazard,
        Interruption::Renewal {
            up: "weibull(40,2)".parse::<ordine_sim::Distribution>().expect("a law").into(),
            repair: "exponential(8)".parse::<ordine_sim::Distribution>().expect("a law").into(),
        },
    ][number % 4].clone();
    let buffers = [vec![0], vec![UNLIMITED], vec![1]][number / 4 % 3].clone();
    let arrivals = [Arrivals::AtOnce, Arrivals::Poisson(15.0)][number / 12 % 2].clone();
    let maintenance = if number % 5 == 0 { vec![vec![(5, 9), (30, 45)]] } else { Vec::new() };
    let hold = number % 7 == 0;
    ShopSettings { interruption, buffers, arrivals, maintenance, hold, log: true, ..Default::default() }
}

#[test]
fn every_run_is_a_schedule_that_the_judge_accepts_and_enters_no_machine_that_is_down() {
    use ordine_shop::simulation::Event;
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
                    assert!(later.into_iter().all(|it| it.event != Event::Load || it.machine != entry.machine));
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
        let made = ShopSettings { arrivals: Arrivals::AtOnce, maintenance: Vec::new(), hold: false, ..settings(seed, &shop) };
        let first = finished(&shop, made.clone(), seed as u64, "spt");
        let text = first.shutdowns().write();
        let read = Shutdowns::read(&text, "log").expect("what was written is read");
        let replayed = ShopSettings { interruption: Interruption::Replay(read), ..made };
        let second = finished(&shop, replayed, 999, "spt");
        assert_eq!(first.schedule(), second.schedule(), "seed {seed}\n{text}");
        assert_eq!(first.log(), second.log());
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
        if made.interruption == Interruption::Never || forks[0].1 == 0 {
            assert_eq!(forks[0].2, forks[1].2, "seed {seed}");
        }
    }
}
