//! Random problems over all features survive JSON, and fit the schema.
//!
//! **Source:** -

use crate::schema::{schema_of, violations};
use ordine_base::Seed;
use ordine_problem::{Feature, FeatureSet, random_problem};
use ordine_wire::problem_json::{read_problem, write_problem};
use ordine_wire::{Text, TimeScale};

#[test]
fn random_problems_over_all_features_are_read_back_equal() {
    let rules = schema_of("ordine/problem/1");
    let mut seen = FeatureSet::EMPTY;
    for seed in 0..3_000 {
        let mut stream = Seed::new(seed).stream("rounds");
        let problem = random_problem(&mut stream, 8, FeatureSet::ALL);
        let scale = TimeScale::default();
        let written = write_problem(&problem, &scale);
        let text = Text::new("w.json", written.as_bytes()).expect("text");
        let read = read_problem(&text).unwrap_or_else(|error| panic!("{written}\n{error}"));
        for feature in Feature::ALL {
            seen.note(feature, problem.features().has(feature));
        }
        assert!(read == (problem, scale), "seed {seed}: {written}");
        if seed % 10 == 0 {
            assert_eq!(violations(&rules, &written), [""; 0], "seed {seed}: {written}");
        }
    }
    // A task that can never run is refused in Ordine JSON, so nobody draws one.
    let drawn = FeatureSet::ALL.without(FeatureSet::of(&[Feature::ImpossibleTasks]));
    assert_eq!(seen, drawn);
}
