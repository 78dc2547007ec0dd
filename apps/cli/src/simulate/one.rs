//! One run: a world opened, a policy, a seed.
//!
//! **Source:** -

use super::SimulateArguments;
use crate::exit::Failure;
use crate::inputs;
use ordine_base::Seed;
use ordine_registry::{WORLDS, policy_of, world_named};
use ordine_sim::{
    AboutWorld, EventLog, History, Input, InputKind, Keep, Scenario, Settings, SimulatedWorld,
    SimulationError,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A world that was opened.
pub(super) struct Setup {
    pub(super) about: AboutWorld,
    pub(super) settings: Settings,
    pub(super) scenario: Box<dyn Scenario>,
}

/// What came of a run.
pub(super) struct Ran {
    pub(super) values: Result<Vec<f64>, String>,
    pub(super) log: Option<EventLog>,
    pub(super) history: Option<History>,
}

/// Names of all worlds.
pub(super) fn names() -> String {
    let names: Vec<&str> = WORLDS.iter().map(|world| world.about().name).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The world of this name.
pub(super) fn world(name: &str) -> Result<&'static dyn SimulatedWorld, Failure> {
    world_named(name).ok_or_else(|| {
        let names = names();
        Failure::bad_input(format!("simulate: expected the world {names}, found `{name}`"))
    })
}

/// Opens a world.
pub(super) fn open(
    name: &str,
    file: Option<&str>,
    format: Option<&str>,
    set: &[(String, String)],
) -> Result<Setup, Failure> {
    let world = world(name)?;
    let about = world.about();
    let wrong = |error: SimulationError| Failure::bad_input(format!("{name}: {error}"));
    let settings = Settings::new(about.parameters, set).map_err(wrong)?;
    let missing = || Failure::bad_input(format!("{name}: expected a file, found none; name one"));
    let scenario = match (about.input, file) {
        (InputKind::Nothing, Some(file)) => {
            let message = format!("{name}: expected no file, found `{file}`; leave it out");
            return Err(Failure::bad_input(message));
        }
        (InputKind::Nothing, None) => world.open(Input::Nothing, &settings),
        (InputKind::Problem, file) => {
            let found = inputs::read_single(file.ok_or_else(missing)?, format)?;
            world.open(Input::Problem(&found.problem), &settings)
        }
        (InputKind::File, Some(file)) => {
            let bytes = inputs::bytes(std::path::Path::new(file))?;
            world.open(Input::File(file, &bytes), &settings)
        }
        (InputKind::File, None) => world.open(Input::Nothing, &settings),
    };
    Ok(Setup { about, settings, scenario: scenario.map_err(wrong)? })
}

/// The seed of a replication, numbered from 0.
pub(super) fn seed_of(seed: u64, replication: u32) -> Seed {
    Seed::new(seed).child(u64::from(replication))
}

/// Runs to the end. A panic within the world is a broken rule like any other: what happened before
/// is kept, so that it can be seen again.
pub(super) fn run(setup: &Setup, policy: &str, seed: Seed, keep: Keep) -> Ran {
    let mut episode = setup.scenario.start(seed, keep);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let mut policy = policy_of(&*setup.scenario, policy).map_err(|it| it.to_string())?;
        ordine_world::run(&mut *episode, &mut *policy, &mut seed.stream("policy"), &mut |_| false);
        episode.values().map_err(|it| it.to_string())
    }));
    let values = ended.unwrap_or_else(|_| Err("the run ended by a mistake of the program".into()));
    Ran { values, log: episode.log().cloned(), history: episode.history() }
}

/// The call that shows one run again.
pub(super) fn again(arguments: &SimulateArguments, policy: &str, replication: u32) -> String {
    let mut words = vec!["ordine simulate".to_owned()];
    words.extend(arguments.world.clone());
    words.extend(arguments.file.clone());
    words.extend(arguments.set.iter().map(|(name, value)| format!("--set '{name}={value}'")));
    words.push(format!("--policy '{policy}' --seed {}", arguments.seed));
    words.push(format!("--replications 1 --run {} --log run.jsonl", replication + 1));
    words.join(" ")
}
