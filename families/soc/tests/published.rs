//! Figures of the sources: the textbook job, the load bound, the measured table, energy.
//!
//! **Source:** Topcuoglu, Hariri, Wu 2002; Sung et al. 2020 with an independent simulator.

use ordine_base::{Id, Seed, Time};
use ordine_soc::power::Governor;
use ordine_soc::{
    ProfileId, SCHEDULERS, Settings, heft, load_bound, lower, profiles, raise, scheduler_named,
};
use std::sync::Arc;

fn mean_latency(name: &str, settings: &Settings, seeds: u64) -> f64 {
    let instance = Arc::new(profiles::synthetic());
    let scheduler = scheduler_named(name).expect("a scheduler of the list");
    let latency = |seed| {
        let run = scheduler.run(&instance, settings.clone(), Seed::new(seed)).expect("a run");
        run.metrics().latency()
    };
    (1..=seeds).map(latency).sum::<f64>() / seeds as f64
}

#[test]
fn heft_plans_the_textbook_job_in_80() {
    let instance = profiles::synthetic();
    let ranks: Vec<f64> = instance.kinds.values().map(|kind| (kind.rank * 100.0).round()).collect();
    let expected = [10800., 7700., 8000., 8000., 6900., 6333., 4267., 3567., 4433., 1467.];
    assert_eq!(ranks, expected);
    assert_eq!(heft(&instance, ProfileId::from_index(0)).makespan(), Time::new(80));
}

#[test]
fn a_lone_job_ends_within_its_plan() {
    let settings = Settings { scale: 1e9, jobs_most: 1, ..Settings::default() };
    let latency = mean_latency("heft", &settings, 1);
    assert!(latency > 0.0 && latency <= 80.0, "{latency}");
}

#[test]
fn the_exact_plan_of_the_textbook_job_is_a_lower_bound() {
    let instance = profiles::synthetic();
    let profile = ProfileId::from_index(0);
    let problem = lower(&instance, profile).expect("a problem");
    let outcome = ordine_solve::solve(&problem, "cp", Seed::new(1), 2_000_000).expect("a run");
    let (schedule, cost) = outcome.best().expect("a schedule");
    let plan = raise(&instance, profile, &problem, schedule).expect("all tasks are placed");
    let end = plan.iter().map(|task| task.end).max().expect("tasks");
    assert_eq!(cost.to_string(), end.to_string());
    assert_eq!((outcome.word(), end), ("optimal", Time::new(73)));
    let settings = Settings { scale: 1e9, jobs_most: 1, ..Settings::default() };
    for scheduler in &SCHEDULERS {
        let latency = mean_latency(scheduler.name, &settings, 1);
        assert!(latency >= 73.0, "{}: {latency}", scheduler.name);
    }
}

#[test]
fn the_load_bound_is_the_stated_one_and_no_scheduler_beats_it() {
    let bound = load_bound(&profiles::synthetic()).expect("a solution");
    assert!((bound.load - 30.785).abs() < 0.0005, "{}", bound.load);
    assert!((bound.proved(&profiles::synthetic()) - bound.load).abs() < 1e-6);
    let settings = Settings::default();
    for scheduler in SCHEDULERS.iter().filter(|it| it.name != "horizon") {
        let latency = mean_latency(scheduler.name, &settings, 3);
        assert!(latency >= 0.98 * 3.0 * bound.load, "{}: {latency}", scheduler.name);
    }
}

#[test]
fn schedulers_reproduce_the_measured_table() {
    for (name, measured) in [("random", 173.9), ("heft-rt", 131.0), ("eft", 114.6), ("met", 108.6)]
    {
        let latency = mean_latency(name, &Settings::default(), 20);
        assert!((latency / measured - 1.0).abs() <= 0.03, "{name}: {latency}, measured {measured}");
    }
}

#[test]
fn powersave_needs_less_energy_and_more_time() {
    let run = |governor| {
        let instance = profiles::wifi().with_governor(governor).expect("points");
        let settings =
            Settings { scale: 2000.0, horizon: Time::new(40_000), ..Settings::default() };
        let etf = scheduler_named("etf").expect("a scheduler");
        let world = etf.run(&Arc::new(instance), settings, Seed::new(1)).expect("a run");
        let metrics = world.metrics();
        (metrics.energy / metrics.completed as f64, metrics.latency())
    };
    let (fast, slow) = (run(Governor::Performance), run(Governor::Powersave));
    assert!(slow.0 < fast.0 && slow.1 > fast.1, "{fast:?} {slow:?}");
}
