//! What remains as a problem, and the policy that plans it anew.
//!
//! **Source:** -

use crate::shops::{finished, instance, random_instance, settings};
use ordine_base::{Seed, Ticks};
use ordine_problem::Status;
use ordine_shop::simulation::{
    Interruption, ShopSettings, ShopWorld, Shutdowns, UNLIMITED, Workshop, rule_policy,
};
use ordine_solve::{PlanBudget, ReplanPolicy, recipe_named};
use ordine_world::{World, run};
use std::sync::Arc;

fn replanned(shop: &Arc<Workshop>, made: ShopSettings, seed: u64, work: u64) -> ShopWorld {
    let mut world = ShopWorld::new(shop.clone(), made.into(), Seed::new(seed));
    let recipe = recipe_named("auto").expect("a recipe");
    let stand_in = rule_policy("spt", shop).expect("a rule");
    let mut rule = rule_policy("spt", shop).expect("a rule");
    let start = world.forecast(&mut rule, &mut Seed::new(seed).stream("forecast"));
    let policy = ReplanPolicy::new(recipe, PlanBudget::Work(work), Box::new(stand_in));
    let mut policy = policy.starting_from(start);
    run(&mut world, &mut policy, &mut Seed::new(seed).stream("policy"), &mut |_| false);
    assert!(world.is_complete(), "seed {seed} gets stuck");
    assert!(policy.plans() > 0 || world.decisions() == 0, "nothing was planned");
    let problem = world.realized().expect("a problem");
    let judged = ordine_check::check(&problem, &world.schedule());
    assert!(judged.is_ok(), "seed {seed}: {judged:?}");
    world
}

#[test]
fn what_remains_says_what_is_done_running_and_open() {
    let shop = instance(&[&[(0, 3), (1, 2)], &[(1, 4), (0, 1)], &[(1, 2), (0, 5)]]);
    let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
    // The first operation finds its machine down for 10 ticks.
    let shut = Shutdowns { at_load: vec![(0, 10)], down: Vec::new() };
    let interruption = Interruption::Replay(shut);
    let made = ShopSettings {
        interruption,
        buffers: vec![UNLIMITED],
        hold: true,
        announced: true,
        ..Default::default()
    };
    let mut world = ShopWorld::new(shop.clone(), made.into(), Seed::new(1));
    let spt = rule_policy("spt", &shop).expect("a rule");
    let mut stream = Seed::new(1).stream("policy");
    while world.now().get() < 2 {
        let choice = spt.choose(world.observe(), &mut stream);
        world.act(choice);
    }
    let problem = world.residual().expect("it can be told");
    let statuses: Vec<Status> = problem.tasks().map(|task| problem.task(task).status).collect();
    let start = ordine_base::Time::ORIGIN;
    let running = Status::Running { mode: 0, start, remaining: Ticks::new(11) };
    assert_eq!((problem.now().get(), statuses[0]), (2, running));
    assert!(matches!(statuses[4], Status::Done { .. }), "{statuses:?}");
    assert_eq!([statuses[1], statuses[2], statuses[3], statuses[5]], [Status::Free; 4]);
}

#[test]
fn without_interruption_a_plan_is_followed_to_its_end() {
    let mut better = 0;
    for seed in 0..12 {
        let mut stream = Seed::new(seed).stream("instances");
        let shop = random_instance(&mut stream, false);
        let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
        for buffers in [0, UNLIMITED] {
            let made = ShopSettings { buffers: vec![buffers], hold: true, ..Default::default() };
            let rule = finished(&shop, made.clone(), seed, "spt").makespan();
            let plan = replanned(&shop, made.clone(), seed, 3_000).makespan();
            assert!(plan <= rule, "seed {seed}, buffers {buffers}: {plan} above {rule}");
            better += usize::from(plan < rule);
            let again = replanned(&shop, made, seed, 3_000).makespan();
            assert_eq!(plan, again, "a budget of work gives the same decisions");
        }
    }
    assert!(better > 12, "better in {better} of 24");
}

#[test]
fn plans_survive_interruptions_of_every_kind() {
    for seed in 0..24 {
        let mut stream = Seed::new(seed as u64).stream("instances");
        let shop = random_instance(&mut stream, seed % 2 == 0);
        let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
        let made = ShopSettings { hold: seed % 3 > 0, ..settings(seed, &shop) };
        replanned(&shop, made, seed as u64, 300);
    }
}

#[test]
fn what_a_policy_makes_of_what_is_known_is_a_schedule_of_what_remains() {
    let mut states = 0;
    for seed in 0..48_usize {
        let mut stream = Seed::new(seed as u64).stream("instances");
        let shop = random_instance(&mut stream, seed % 2 == 0);
        let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
        let blocks = seed / 2 % 2 == 0;
        let buffers = vec![if blocks { 0 } else { UNLIMITED }];
        let made = ShopSettings { buffers, hold: true, ..settings(seed, &shop) };
        let mut world = ShopWorld::new(shop.clone(), made.into(), Seed::new(seed as u64));
        let mut policy = rule_policy("spt", &shop).expect("a rule");
        while !world.observe().candidates.is_empty() {
            if stream.chance(0.2) {
                let problem = world.residual().expect("it can be told");
                let schedule = world.forecast(&mut policy, &mut stream);
                let judged = ordine_check::check(&problem, &schedule);
                assert!(judged.is_ok(), "seed {seed} at {}: {judged:?}", world.now());
                let followed = ordine_check::check(&problem, &world.followed(&schedule));
                assert!(followed.is_ok(), "seed {seed} at {}: {followed:?}", world.now());
                // Without choices nothing but the order is decided.
                let is_order = seed % 2 == 1 && blocks;
                assert!(!is_order || followed.ok() <= judged.ok(), "seed {seed}: worse");
                states += 1;
            }
            let choice = policy.choose(world.observe(), &mut stream);
            world.act(choice);
        }
    }
    assert!(states > 20, "{states} states");
}
