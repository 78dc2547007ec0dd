//! What holds in every run: conservation, capacities, data, determinism, forks that see nothing.
//!
//! **Source:** Sung et al. 2020, rules of the simulator.

use ordine_base::{Seed, Ticks, Time};
use ordine_soc::power::Governor;
use ordine_soc::{
    Communication, Mapping, SCHEDULERS, Settings, SocInstance, SocWorld, check, profiles,
    scheduler_named,
};
use ordine_world::{CandidateId, Observation, Stage, World};
use std::sync::Arc;

fn instances() -> [Arc<SocInstance>; 2] {
    [Arc::new(profiles::synthetic()), Arc::new(profiles::applications())]
}

#[test]
fn every_scheduler_conserves_jobs_and_respects_elements_and_data() {
    for instance in instances() {
        for scheduler in SCHEDULERS.iter().filter(|it| it.name != "horizon") {
            for (seed, deviation) in [(1, 0.0), (2, 0.4)] {
                let horizon = Time::new(2000);
                let settings = Settings { deviation, horizon, trace: true, ..Settings::default() };
                let seed = Seed::new(seed);
                let world = scheduler.run(&instance, settings.clone(), seed).expect("a run");
                let (metrics, name) = (world.metrics(), scheduler.name);
                assert!(metrics.completed > 0, "{name}");
                assert_eq!(metrics.injected, metrics.completed + metrics.in_system, "{name}");
                assert_eq!(check::faults(&instance, &settings, world.trace()), [], "{name}");
                let (latency, jobs) = check::latency(&instance, world.trace());
                assert_eq!(jobs as u64, metrics.completed, "{name}");
                assert!((latency - metrics.latency()).abs() < 1e-9, "{name}");
                assert!(metrics.utilization.iter().all(|share| (0.0..=1.0).contains(share)));
            }
        }
    }
}

#[test]
fn one_seed_is_one_run() {
    let instance = Arc::new(profiles::applications());
    let settings = Settings { deviation: 0.3, trace: true, ..Settings::default() };
    for name in ["random", "etf", "lp-guided"] {
        let scheduler = scheduler_named(name).expect("a scheduler");
        let run = |seed| {
            let world = scheduler.run(&instance, settings.clone(), Seed::new(seed)).expect("a run");
            (world.trace().to_vec(), world.metrics())
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1).0, run(2).0);
    }
}

/// Allowed choices by a stream, so many of them.
fn walk(world: &mut dyn World, stream: &mut ordine_base::Stream, steps: usize) -> Vec<Observation> {
    let mut seen = Vec::new();
    for _ in 0..steps {
        let allowed: Vec<CandidateId> = world.observe().allowed().map(|(id, _)| id).collect();
        if allowed.is_empty() {
            break;
        }
        seen.push(world.observe().clone());
        let choice = allowed[stream.below(allowed.len())];
        if world.act(choice).is_last() {
            break;
        }
    }
    seen
}

#[test]
fn a_fork_changes_nothing_of_its_parent_and_draws_its_own_future() {
    let instance = Arc::new(profiles::synthetic());
    let settings = Settings { deviation: 0.5, ..Settings::default() };
    let new = || SocWorld::new(&instance, settings.clone(), Mapping::Published, Seed::new(4));
    let (mut parent, mut twin) = (new().expect("a world"), new().expect("a world"));
    let mut streams = [Seed::new(9).stream("walk"), Seed::new(9).stream("walk")];
    for round in 0..12 {
        let own = walk(&mut parent, &mut streams[0], 37);
        assert_eq!(own, walk(&mut twin, &mut streams[1], 37));
        let futures = [1, 2].map(|seed| {
            let mut fork = parent.fork(Seed::new(seed)).expect("worlds fork");
            walk(&mut *fork, &mut Seed::new(3).stream("walk"), 200)
        });
        assert_eq!(futures[0][0], futures[1][0], "the present is known");
        assert_ne!(futures[0], futures[1], "round {round}");
    }
}

#[test]
fn elements_that_do_not_support_a_task_are_masked_and_all_ready_tasks_are_drawn() {
    let instance = Arc::new(profiles::applications());
    let settings = Settings::default();
    let mut world =
        SocWorld::new(&instance, settings, Mapping::Waiting, Seed::new(1)).expect("a world");
    let mut stream = Seed::new(1).stream("walk");
    for _ in 0..400 {
        let observation = world.observe();
        if observation.stage == Stage::Mode {
            assert_eq!(observation.candidates.len(), instance.platform.elements.len());
            for candidate in &observation.candidates {
                assert_eq!(candidate.allowed, candidate.features.duration > Ticks::ZERO);
            }
        }
        if walk(&mut world, &mut stream, 1).is_empty() {
            break;
        }
    }
    assert!(world.decisions() > 50);
}

#[test]
fn a_graph_kept_true_equals_one_drawn_anew() {
    let instance = Arc::new(profiles::applications());
    let settings = Settings::default();
    let mut world =
        SocWorld::new(&instance, settings, Mapping::Waiting, Seed::new(1)).expect("a world");
    let mut stream = Seed::new(1).stream("walk");
    for _ in 0..60 {
        walk(&mut world, &mut stream, 11);
        let anew = world.clone().with_graph_anew();
        assert_eq!(world.graph(), anew.graph());
    }
}

#[test]
fn shared_memory_and_governors_slow_jobs_down() {
    let latency = |instance: SocInstance, communication| {
        let settings = Settings { communication, ..Settings::default() };
        let etf = scheduler_named("etf").expect("a scheduler");
        let world = etf.run(&Arc::new(instance), settings, Seed::new(1)).expect("a run");
        (world.metrics().latency(), world.metrics().energy)
    };
    let direct = latency(profiles::synthetic(), Communication::Direct);
    let shared = latency(profiles::synthetic(), Communication::SharedMemory);
    assert!(shared.0 > direct.0, "{shared:?} {direct:?}");
    let slow = profiles::synthetic().with_governor(Governor::Constant(1000)).expect("a point");
    let slow = latency(slow, Communication::Direct);
    assert!(slow.0 > 1.5 * direct.0, "{slow:?} {direct:?}");
    let mut few = profiles::synthetic();
    few.platform.elements.values_mut().for_each(|element| element.capacity = 2);
    let wide = latency(few, Communication::Direct);
    assert!(wide.0 < direct.0, "{wide:?} {direct:?}");
}

#[test]
fn the_residual_problem_is_solved_by_a_schedule_that_the_judge_accepts() {
    let instance = Arc::new(profiles::synthetic());
    let settings = Settings::default();
    let mut world =
        SocWorld::new(&instance, settings, Mapping::Appending, Seed::new(1)).expect("a world");
    let mut stream = Seed::new(1).stream("walk");
    for _ in 0..5 {
        walk(&mut world, &mut stream, 13);
        let problem = world.residual().expect("it can be told");
        let outcome = ordine_solve::solve(&problem, "auto", Seed::new(1), 2000).expect("a run");
        assert!(outcome.best().is_some(), "{}", outcome.word());
    }
}
