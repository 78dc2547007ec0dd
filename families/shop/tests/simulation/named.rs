//! The world `shop` by name.
//!
//! **Source:** -

use crate::shops::instance;
use ordine_base::Seed;
use ordine_problem::Problem;
use ordine_shop::lower;
use ordine_shop::simulation::Shop;
use ordine_sim::{Input, Keep, Phase, Scenario, Settings, SimulatedWorld, SimulationError};
use ordine_world::{Call, run};

fn problem() -> Problem {
    lower(&instance(&[&[(0, 3), (1, 2)], &[(1, 4), (0, 1)]])).expect("a shop is a problem")
}

fn opened(set: &[(&str, &str)]) -> Result<Box<dyn Scenario>, SimulationError> {
    let set: Vec<(String, String)> =
        set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::new(Shop.about().parameters, &set)?;
    Shop.open(Input::Problem(&problem()), &settings)
}

#[test]
fn a_run_tells_its_measures_its_events_and_who_blocked_whom() {
    let scenario = opened(&[("buffers", "0")]).expect("it opens");
    let keep = Keep { events: true, history: true };
    let mut episode = scenario.start(Seed::new(1), keep);
    let call = Call { name: "spt", arguments: Vec::new() };
    let mut policy = scenario.policy(&call).expect("its own").expect("a rule");
    run(&mut *episode, &mut *policy, &mut Seed::new(1).stream("policy"), &mut |_| false);
    let values = episode.values().expect("the judge accepts it");
    assert_eq!(values, [6.0, 5.5, 0.0, 10.0 / 12.0, 1.0]);
    let log = episode.log().expect("it was kept");
    assert!(log.lines().iter().any(|line| line.words.contains("swap")), "{log:?}");
    let history = episode.history().expect("it was kept");
    let blocked: Vec<(usize, i64, i64)> = history
        .bars
        .iter()
        .filter(|bar| bar.phase == Phase::Blocked)
        .map(|bar| (bar.lane, bar.start.get(), bar.end.get()))
        .collect();
    assert_eq!(blocked, [(0, 3, 4)]);
}

#[test]
fn wrong_settings_say_what_was_expected() {
    let cases = [
        ("breakdown", "2", "a probability"),
        ("model", "sometimes", "at-load, hazard or renewal"),
        ("buffers", "-1", "unlimited"),
        ("hold", "maybe", "yes or no"),
        ("repair", "5 minutes", "expected"),
    ];
    for (name, value, expected) in cases {
        let error = opened(&[(name, value)]).err().expect(name).to_string();
        assert!(error.contains(expected) && error.contains(value), "{error}");
    }
}
