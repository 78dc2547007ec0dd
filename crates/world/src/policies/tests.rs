//! Policies that look ahead, in a world small enough to enumerate: jobs on one machine that breaks
//! down now and then.
//!
//! **Source:** -

use super::*;
use crate::{
    Candidate, CandidateId, Decision, Features, Observation, RulePolicy, Spt, Step, World,
};
use crate::{Random, run};
use ordine_base::{Id, Seed, Stream, Ticks, Time};
use ordine_problem::TaskId;
use smallvec::smallvec;

/// Each job started may lose a repair time; the reward is minus its weighted end.
#[derive(Clone, Debug, PartialEq)]
struct Workshop {
    jobs: Vec<(i64, i64)>,
    breaks: f64,
    repairs: u64,
    drawn: u64,
    observation: Observation,
    done: Vec<(TaskId, Time)>,
}

impl Workshop {
    fn new(jobs: Vec<(i64, i64)>, breaks: f64, repairs: u64) -> Self {
        let candidate = |(index, &(duration, weight)): (usize, &(i64, i64))| Candidate {
            task: TaskId::from_index(index),
            mode: Id::from_index(index),
            allowed: true,
            features: Features { duration: Ticks::new(duration), weight, ..Features::default() },
        };
        let candidates = jobs.iter().enumerate().map(candidate).collect();
        let observation = Observation { candidates, ..Observation::default() };
        Workshop { jobs, breaks, repairs, drawn: 0, observation, done: Vec::new() }
    }

    fn random(stream: &mut Stream, breaks: f64) -> Self {
        let mut number = || 1 + stream.below(20) as i64;
        let jobs = (0..5).map(|_| (number(), number())).collect();
        Workshop::new(jobs, breaks, stream.bits())
    }
}

impl World for Workshop {
    fn observe(&self) -> &Observation {
        &self.observation
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        let mut stream = Seed::new(self.repairs).child(self.drawn).stream("repairs");
        self.drawn += 1;
        let chosen = self.observation.candidates.remove(choice.index());
        let repair = if stream.chance(self.breaks) { 30 } else { 0 };
        self.observation.now += chosen.features.duration + Ticks::new(repair);
        let now = self.observation.now;
        self.done.push((chosen.task, now));
        let reward = smallvec![-(chosen.features.weight * now.get()) as f64];
        Step { reward, terminated: self.observation.candidates.is_empty(), truncated: false }
    }

    fn fork(&self, seed: Seed) -> Option<Box<dyn World + '_>> {
        Some(Box::new(Workshop { repairs: seed.get(), drawn: 0, ..self.clone() }))
    }

    fn reward_names(&self) -> &'static [&'static str] {
        &["weighted flow time"]
    }
}

fn policy(text: &str) -> Box<dyn Policy> {
    let leaf = &mut |call: &Call<'_>| -> Result<Box<dyn Policy>, PolicyError> {
        match call.name {
            "spt" => Ok(Box::new(RulePolicy::of(&Spt))),
            "random" => Ok(Box::new(RulePolicy::of(&Random))),
            name => Err(PolicyError::new(name, "spt or random")),
        }
    };
    policy_from(text, leaf).expect("a policy")
}

/// What a policy does in a world, and what it costs.
fn played(mut world: Workshop, policy: &mut dyn Policy, seed: u64) -> (Workshop, i64) {
    run(&mut world, policy, &mut Seed::new(seed).stream("policy"), &mut |_| false);
    let cost = world.done.iter().map(|(task, end)| world.jobs[task.index()].1 * end.get()).sum();
    (world, cost)
}

#[test]
fn pilot_is_never_worse_than_its_base_where_nothing_is_left_to_chance() {
    let mut better = 0;
    for seed in 0..100 {
        let world = Workshop::random(&mut Seed::new(seed).stream("jobs"), 0.0);
        let (_, base) = played(world.clone(), &mut *policy("spt"), seed);
        let (_, pilot) = played(world, &mut *policy("pilot(spt)"), seed);
        assert!(pilot <= base, "seed {seed}: {pilot} above {base}");
        better += usize::from(pilot < base);
    }
    assert!(better > 50, "better in {better} of 100");
}

#[test]
fn best_of_many_random_runs_is_the_optimum_of_five_jobs() {
    for seed in 0..10 {
        let world = Workshop::random(&mut Seed::new(seed).stream("jobs"), 0.0);
        let mut order = world.jobs.clone();
        // Least duration per weight is optimal (Smith 1956).
        order.sort_by(|left, right| (left.0 * right.1).cmp(&(right.0 * left.1)));
        let mut end = 0;
        let optimum: i64 = order
            .iter()
            .map(|(duration, weight)| {
                end += duration;
                weight * end
            })
            .sum();
        let (_, found) = played(world, &mut *policy("best-of(3000, random)"), seed);
        assert_eq!(found, optimum, "seed {seed}");
    }
}

/// Answers as its inner policy, after it has run forks to their ends.
struct Curious<'p>(Box<dyn Policy + 'p>, Stream);

impl Policy for Curious<'_> {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        let mut aside = self.1.clone();
        for _ in 0..3 {
            let future = Decision::new(&Blind, &mut self.1).future();
            let mut fork = decision.fork_into(&future).expect("it forks");
            run(&mut *fork, &mut *policy("best-of(2, random)"), &mut aside, &mut |_| false);
        }
        self.0.act(observation, decision)
    }
}

/// A world of which nothing is asked.
struct Blind;

impl World for Blind {
    fn observe(&self) -> &Observation {
        unreachable!("nothing is asked")
    }

    fn act(&mut self, _choice: CandidateId) -> Step {
        unreachable!("nothing is asked")
    }
}

#[test]
fn forks_never_disturb_the_world_they_come_from() {
    for seed in 0..50 {
        let world = Workshop::random(&mut Seed::new(seed).stream("jobs"), 0.3);
        for text in ["spt", "random", "pilot(spt, 2)", "best-of(4, random)"] {
            let plain = played(world.clone(), &mut *policy(text), seed);
            let mut curious = Curious(policy(text), Seed::new(seed).stream("aside"));
            assert_eq!(plain, played(world.clone(), &mut curious, seed), "{text}, seed {seed}");
        }
    }
}

#[test]
fn first_decision_does_not_know_what_will_break() {
    for text in ["pilot(spt, 3)", "best-of(5, random)", "epsilon(0.5, pilot(spt), random)"] {
        for seed in 0..50 {
            let world = Workshop::random(&mut Seed::new(seed).stream("jobs"), 0.4);
            let first = |repairs: u64| {
                let mut world = Workshop { repairs, ..world.clone() };
                let mut stream = Seed::new(seed).stream("policy");
                let mut decision = Decision::new(&world, &mut stream);
                let choice = policy(text).act(world.observe(), &mut decision);
                world.act(choice);
                world.done[0].0
            };
            let choices: Vec<TaskId> = (0..20).map(first).collect();
            assert!(choices.iter().all(|choice| *choice == choices[0]), "{text}, seed {seed}");
        }
    }
}

#[test]
fn texts_of_policies_are_read_or_refused_with_what_was_expected() {
    let call = Call::read("pilot(best-of(3, random), 4)").expect("a call");
    assert_eq!((call.name, call.arguments), ("pilot", vec!["best-of(3, random)", "4"]));
    let leaf = &mut |call: &Call<'_>| Err(PolicyError::new(call.name, "something else"));
    let deep = "pilot(".repeat(40) + "spt" + &")".repeat(40);
    for text in [
        "",
        "pilot",
        "pilot(spt, 0)",
        "best-of(spt, 3)",
        "epsilon(2, spt, spt)",
        "a(b",
        "a)",
        &deep,
    ] {
        let error = policy_from(text, leaf).err().expect(text).to_string();
        assert!(error.contains("expected"), "{error}");
    }
}
