//! The world of projects with random durations.
//!
//! **Source:** Möhring, Radermacher, Weiss 1984 (classes of policies)

use ordine_base::{Id, Seed};
use ordine_problem::Problem;
use ordine_project::io::FORMATS;
use ordine_project::worlds::StochasticProject;
use ordine_sim::{Episode, Input, Keep, Scenario, Settings, SimulatedWorld};
use ordine_world::{Decision, Pilot, Policy, RulePolicy, World, rule_named, run};

fn project() -> Problem {
    let bytes = include_bytes!("../../../data/j301_1.sm");
    ordine_wire::read_one(bytes, "j301_1.sm", FORMATS).expect("a project").problem
}

fn opened(problem: &Problem, set: &[(&str, &str)]) -> Box<dyn Scenario> {
    let set: Vec<(String, String)> =
        set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::new(StochasticProject.about().parameters, &set).expect("known names");
    StochasticProject.open(Input::Problem(problem), &settings).expect("it opens")
}

fn played(scenario: &dyn Scenario, policy: &mut dyn Policy, seed: u64) -> (f64, String) {
    let seed = Seed::new(seed);
    let mut episode = scenario.start(seed, Keep { events: true, history: true });
    run(&mut *episode, policy, &mut seed.stream("policy"), &mut |_| false);
    let log = episode.log().expect("it was kept").lines().iter().map(|it| format!("{it}\n"));
    let log = log.collect();
    (episode.values().expect("the run keeps its rules")[0], log)
}

fn rule(name: &str) -> Box<dyn Policy> {
    let rule = rule_named(name).expect("a rule").scoring().expect("of candidates");
    Box::new(RulePolicy::of(rule))
}

#[test]
fn every_scheme_keeps_precedences_and_capacities_and_repeats_itself() {
    let problem = project();
    for scheme in ["resource", "activity", "earliest-start"] {
        for durations in ["uniform-2", "exponential", "beta-2", "triangular(0.5, 1, 3)"] {
            let scenario = opened(&problem, &[("scheme", scheme), ("durations", durations)]);
            for seed in 0..4 {
                let first = played(&*scenario, &mut *rule("lft"), seed);
                assert_eq!(first, played(&*scenario, &mut *rule("lft"), seed), "{scheme}");
            }
        }
    }
}

#[test]
fn without_chance_a_run_is_a_schedule_and_the_resource_flow_gives_its_own_back() {
    let problem = project();
    let fixed = |scheme| opened(&problem, &[("scheme", scheme), ("durations", "1")]);
    let planned = ordine_solve::solve(&problem, "auto", Seed::new(1), 2_000_000).expect("solved");
    let best = planned.best().expect("a schedule").1.levels()[0] as f64;
    let flow = played(&*fixed("earliest-start"), &mut *rule("lft"), 1).0;
    assert!((flow - best).abs() < 1e-9, "{flow} and {best}");
    for scheme in ["resource", "activity"] {
        assert!(played(&*fixed(scheme), &mut *rule("lft"), 1).0 >= best, "{scheme}");
    }
}

#[test]
fn forks_neither_disturb_the_run_nor_know_what_tasks_will_take() {
    let problem = project();
    let scenario = opened(&problem, &[("durations", "exponential")]);
    for seed in 0..3 {
        let pilot = || Pilot::new(rule("lft"), 2);
        let first = played(&*scenario, &mut pilot(), seed);
        assert_eq!(first, played(&*scenario, &mut pilot(), seed));
    }
    let episode: Box<dyn Episode> = scenario.start(Seed::new(1), Keep::default());
    let world: &dyn World = &*episode;
    let mut stream = Seed::new(2).stream("policy");
    let mut nows = Vec::new();
    for _ in 0..10 {
        let mut fork = Decision::new(world, &mut stream).fork().expect("it forks");
        assert_eq!(fork.observe(), world.observe());
        while !fork.observe().candidates.is_empty() {
            fork.act(ordine_world::CandidateId::from_index(0));
        }
        nows.push(fork.observe().now);
    }
    nows.sort_unstable();
    nows.dedup();
    assert!(nows.len() > 5, "{nows:?}");
}

#[test]
fn what_remains_is_a_problem_in_which_nothing_that_happened_changes() {
    let problem = project();
    let scenario = opened(&problem, &[("durations", "uniform-2")]);
    let mut episode = scenario.start(Seed::new(3), Keep::default());
    for _ in 0..8 {
        if !episode.observe().candidates.is_empty() {
            episode.act(ordine_world::CandidateId::from_index(0));
        }
    }
    let rest = episode.residual().expect("it can be told");
    let begun = rest.tasks().filter(|&task| rest.has_begun(task)).count();
    assert!(begun > 4 && rest.now() == episode.observe().now);
    let planned = ordine_solve::solve(&rest, "auto", Seed::new(1), 200_000).expect("solved");
    assert!(planned.best().is_some());
}
