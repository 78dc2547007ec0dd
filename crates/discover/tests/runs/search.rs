//! Manners of searching, counter-examples, scripts from models.
//!
//! **Source:** see `Settings::VARIANTS`.

use super::{arena, events, generate, settings, splits};
use ordine_base::Seed;
use ordine_chat::{Answer, Endpoint, NoPause, Post, Price, Scripted, reply_body};
use ordine_discover::{
    Arena, DiscoverError, Ended, Event, Genetic, Harness, Member, Model, Run, Settings,
    SingleMachine, Splits, StopCause, Verdict,
};
use ordine_rule_language::Limits;

const LIMITS: Limits = Limits { nodes: 25, depth: 12 };

#[test]
fn every_published_manner_of_searching_goes_on_after_a_cut() {
    let arena = arena();
    let harness = Harness::new(&arena, splits(&arena), LIMITS);
    for name in Settings::VARIANTS {
        let base = Settings { population: 12, evaluations_max: 250, ..settings() };
        let mut settings = base.in_manner_of(name).expect("a variant");
        (settings.islands, settings.population) = (settings.islands.min(2), 10);
        let whole = tempfile::tempdir().expect("a folder");
        let run = Run::open(&harness, settings.clone(), whole.path(), 1).expect("new");
        let ended = run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
        assert_eq!(ended.cause, StopCause::Evaluations, "{name}");
        let expected = events(whole.path());
        let folder = tempfile::tempdir().expect("a folder");
        let cut = &expected[..expected.len() / 2];
        std::fs::write(folder.path().join("events.jsonl"), cut).expect("cut");
        let run = Run::open(&harness, settings, folder.path(), 2).expect("again");
        run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
        assert!(events(folder.path()) == expected, "{name}");
        let island = &ended.islands.islands[0];
        if name == "eoh" {
            // Behind those that were run on everything stand those whose loss is that of a part.
            let is_apart = |pair: &[Member]| match (pair[0].complete, pair[1].complete) {
                (first, second) if first == second => pair[0].loss < pair[1].loss,
                (first, _) => first,
            };
            assert!(island.population.windows(2).all(is_apart), "equal losses stay");
            assert!(island.population.len() <= 10);
        }
        assert!(name != "map-elites" || island.grid.len() > 5, "{}", island.grid.len());
    }
    assert!(matches!(settings().in_manner_of("random"), Err(DiscoverError::Settings(_))));
}

#[test]
fn counter_examples_come_into_training_and_go_on_after_a_cut() {
    let sets = [("small", 7, 8), ("reserve", 9, 2)];
    let sets = sets.map(|(name, jobs, each)| generate(name, jobs, each, false, Seed::new(9)));
    let arena = SingleMachine::new(sets.to_vec());
    let mut splits = Splits::by_hash(arena.facts(), arena.sets()[0].1.clone());
    splits.reserve = arena.sets()[1].1.clone().collect();
    let harness = Harness::new(&arena, splits.clone(), LIMITS);
    let settings = Settings { counter_every: 100, counter_examples: 5, ..settings() };
    let whole = tempfile::tempdir().expect("a folder");
    let run = Run::open(&harness, settings.clone(), whole.path(), 1).expect("new");
    let ended = run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
    let added = |event: &Event| match event {
        Event::CounterExamples { places, .. } => Some(places.clone()),
        _ => None,
    };
    let mut places: Vec<usize> = ended.events.iter().filter_map(added).flatten().collect();
    let count = places.len();
    assert!(count >= 10 && places.iter().all(|it| splits.reserve.contains(it)), "{places:?}");
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), count, "an instance came twice");
    let best = ended.islands.best.as_ref().expect("a best member");
    let candidate = harness.read(&best.text).expect("a rule");
    let all: Vec<usize> = splits.train.iter().chain(&places).copied().collect();
    let losses = harness.losses(&candidate, &all, &mut Default::default()).expect("no fault");
    assert!((losses.expect("an end").loss() - best.loss).abs() < 1e-12);
    let expected = events(whole.path());
    for part in [3, 2] {
        let folder = tempfile::tempdir().expect("a folder");
        let cut = &expected[..expected.len() / part];
        std::fs::write(folder.path().join("events.jsonl"), cut).expect("cut");
        let run = Run::open(&harness, settings.clone(), folder.path(), 2).expect("again");
        run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
        assert!(events(folder.path()) == expected);
    }
}

const REPLIES: [&str; 4] = [
    "By due time.\n```python\ndef assignment(p, d):\n    n = len(p)\n    return sorted(range(n), \
     key=lambda j: (d[j], p[j]))\n```",
    "lesson: due times alone forget the clock\n```python\ndef assignment(p, d):\n    left = \
     list(range(len(p)))\n    now, order = 0, []\n    for _ in range(len(p)):\n        best = \
     min(left, key=lambda j: (max(now + 1.1 * p[j], d[j]), p[j]))\n        \
     left.remove(best)\n        order.append(best)\n        now += p[best]\n    return order\n```",
    // What it searches stands in the seed and in the script above, whichever is the parent.
    "<<<<<<< SEARCH\np[j], d[j])\n=======\n1.2 * p[j], d[j])\n>>>>>>> REPLACE",
    "```python\ndef assignment(p, d):\n    d[0] = 100000\n    return list(range(len(p)))\n```",
];

/// A script that is looked at afterwards.
struct Watched<'a>(&'a mut Scripted);

impl Post for Watched<'_> {
    fn post(&mut self, body: &str) -> Result<Answer, String> {
        self.0.post(body)
    }
}

fn scripts(settings: Settings) -> (Ended, Vec<String>) {
    let arena = arena().for_sequences();
    let harness = Harness::new(&arena, splits(&arena), Limits { nodes: 60, depth: 24 });
    let folder = tempfile::tempdir().expect("a folder");
    let run = Run::open(&harness, settings, folder.path(), 1).expect("new");
    let bodies = REPLIES.iter().cycle().take(12).map(|it| (200, reply_body(it, 100, 50)));
    let mut script = Scripted::of(bodies);
    let endpoint = Endpoint::new(Watched(&mut script), NoPause, 1);
    let mut model = Model::new(endpoint, "scripted", Price::default());
    let ended = run.go(&mut model, &mut (), &mut |_| false).expect("no fault");
    drop(model);
    (ended, script.heard)
}

#[test]
fn a_model_writes_scripts_and_its_lessons_are_told_again() {
    let base = Settings::language_model("single_machine_sequence");
    let settings = Settings {
        seeds: vec!["mdd".to_owned()],
        operators: vec!["reflect".to_owned(), "diff".to_owned()],
        hints: vec!["mind the clock".to_owned()],
        calls_max: 12,
        evaluations_max: 100,
        islands: 1,
        tune: 0,
        ..base
    };
    let (ended, heard) = scripts(settings);
    let verdicts = &ended.islands.verdicts;
    assert!(verdicts[&Verdict::Ok] >= 3, "{verdicts:?}");
    assert_eq!(verdicts[&Verdict::Runtime], 1, "{verdicts:?}");
    let is_patched = |event: &Event| match event {
        Event::Candidate(it) => it.text.contains("1.2 * p[j]") && it.verdict == Verdict::Ok,
        _ => false,
    };
    assert!(ended.events.iter().any(is_patched));
    assert!(heard.iter().all(|it| it.contains("mind the clock") && it.contains("Starlark")));
    assert!(heard.iter().any(|it| it.contains("A lesson so far: due times alone")));
    assert!(heard.iter().any(|it| it.contains("The evaluator said")));
    let telling = |it: &String| it.contains("small#") || it.contains("optimum");
    assert!(!heard.iter().any(telling), "an instance is named to the model");
}
