//! The language model behind a run: an endpoint, cassettes, or both.
//!
//! **Source:** -

use super::TrainArguments;
use crate::exit::Failure;
use ordine_chat::{Complete, Price, Recorded};
use ordine_discover::{Model, Propose, Settings};

/// The proposer that asks a model.
///
/// # Errors
/// When neither an endpoint nor cassettes are given, or the program cannot speak HTTP.
pub fn proposer(
    arguments: &TrainArguments,
    settings: &Settings,
) -> Result<Box<dyn Propose>, Failure> {
    if arguments.model.is_empty() {
        return Err(Failure::bad_input("discover-llm: expected --model NAME, found none"));
    }
    let price = match arguments.price[..] {
        [] => Price::default(),
        [input, cached, output] => Price { input, cached, output },
        _ => {
            let words = "--price: expected three numbers, input,cached,output";
            return Err(Failure::bad_input(words));
        }
    };
    let model: Box<dyn Complete> = match (&arguments.endpoint, &arguments.cassettes) {
        (None, Some(folder)) => Box::new(Recorded::replay(folder)),
        (None, None) => {
            let words = "discover-llm: expected --endpoint URL or --cassettes DIR, found neither";
            return Err(Failure::bad_input(words));
        }
        (Some(base), folder) => live(arguments, base, folder.as_deref(), settings.seed)?,
    };
    let weighted = |text: &String| {
        let (name, weight) = text.split_once('=').unwrap_or((text, "1"));
        let weight = weight.parse().ok().filter(|it: &f64| it.is_finite() && *it > 0.0);
        let wrong = || format!("--model: expected NAME or NAME=WEIGHT, found `{text}`");
        weight.map(|weight| (name.to_owned(), price, weight)).ok_or_else(wrong)
    };
    let models = arguments.model.iter().map(weighted).collect::<Result<_, _>>();
    Ok(Box::new(Model::mixed(model, models.map_err(Failure::bad_input)?)))
}

#[cfg(not(feature = "chat"))]
fn live(
    _arguments: &TrainArguments,
    _base: &str,
    _folder: Option<&std::path::Path>,
    _seed: u64,
) -> Result<Box<dyn Complete>, Failure> {
    Err(Failure::bad_input(
        "--endpoint: this build does not speak HTTP; build with `cargo build --release --features \
         chat`, or give --cassettes alone",
    ))
}

#[cfg(feature = "chat")]
fn live(
    arguments: &TrainArguments,
    base: &str,
    folder: Option<&std::path::Path>,
    seed: u64,
) -> Result<Box<dyn Complete>, Failure> {
    use ordine_chat::{CassetteMode, Endpoint, HttpPost, Pause};

    struct Sleep;
    impl Pause for Sleep {
        fn pause(&mut self, time: std::time::Duration) {
            std::thread::sleep(time);
        }
    }
    let key = match &arguments.key_env {
        None => None,
        Some(name) => Some(std::env::var(name).map_err(|_| {
            Failure::bad_input(format!("--key-env: expected a variable {name}, found none"))
        })?),
    };
    let endpoint = Endpoint::new(HttpPost::new(base, key), Sleep, seed);
    Ok(match folder {
        None => Box::new(endpoint),
        Some(folder) => Box::new(Recorded::new(endpoint, folder, CassetteMode::Record)),
    })
}
