//! Who can be asked: models of `models.toml`, answerers, folders of cassettes.
//!
//! ```toml
//! [[model]]
//! name = "small"
//! base = "http://127.0.0.1:8000/v1"
//! key_variable = "SMALL_KEY"      # in the environment; left out where no key is needed
//! input = 0.5                     # dollars per million tokens
//! output = 1.5
//! temperature = 0.0
//! max_tokens = 4096
//! open_calls = 4
//! requests_per_minute = 60
//! ```
//!
//! **Source:** -

use super::endpoint::Scripted;
use super::run::{Client, Contestant};
use anyhow::{Context as _, Result};
use ordine_chat::{CassetteMode, Complete, Endpoint, NoPause, Price, Rates, Recorded, Request};
use ordine_project::constraint_bench::answerers::Answerer;
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    model: Vec<Model>,
}

/// A model as a user describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Model {
    pub(super) name: String,
    pub(super) base: String,
    #[serde(default)]
    pub(super) key_variable: Option<String>,
    #[serde(default)]
    input: f64,
    #[serde(default)]
    cached: Option<f64>,
    #[serde(default)]
    output: f64,
    #[serde(default)]
    temperature: Option<f64>,
    #[serde(default)]
    max_tokens: Option<u64>,
    #[serde(default)]
    open_calls: Option<usize>,
    #[serde(default)]
    requests_per_minute: Option<f64>,
    #[serde(default)]
    tokens_per_minute: Option<f64>,
}

/// The models of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Model>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: expected a list of models", path.display()))?;
    let file: File =
        toml::from_str(&text).with_context(|| format!("{}: no list of models", path.display()))?;
    Ok(file.model)
}

/// Where replies are kept or come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Cassettes {
    pub(super) folder: Option<PathBuf>,
    pub(super) replays: bool,
}

/// An answerer as a contestant.
pub(super) fn scripted(
    answerer: Answerer,
    endpoint: Scripted,
    cassettes: Cassettes,
) -> Contestant<'static> {
    let make = move || -> Box<dyn Complete + Send> {
        let inner = Endpoint::new(endpoint.clone(), NoPause, 1);
        recorded(inner, &cassettes)
    };
    Contestant {
        name: answerer.to_string(),
        price: Price { input: 1.0, cached: 0.1, output: 4.0 },
        rates: Rates::default(),
        base: Request { model: answerer.to_string(), temperature: Some(0.0), ..Request::default() },
        client: Some(Box::new(make)),
    }
}

fn recorded<C: Complete + Send + 'static>(
    inner: C,
    cassettes: &Cassettes,
) -> Box<dyn Complete + Send> {
    match &cassettes.folder {
        Some(folder) if cassettes.replays => Box::new(Recorded::replay(folder)),
        Some(folder) => Box::new(Recorded::new(inner, folder, CassetteMode::Record)),
        None => Box::new(inner),
    }
}

/// A model as a contestant; without HTTP it answers from cassettes alone.
///
/// # Errors
/// When it needs HTTP and the program was built without, or its key is missing.
pub(super) fn contestant(model: &Model, cassettes: Cassettes) -> Result<Contestant<'static>> {
    let price = Price {
        input: model.input,
        cached: model.cached.unwrap_or(model.input),
        output: model.output,
    };
    let rates = Rates {
        open: model.open_calls.unwrap_or(4),
        requests: model.requests_per_minute,
        tokens: model.tokens_per_minute,
    };
    let base = Request {
        model: model.name.clone(),
        temperature: model.temperature,
        max_tokens: model.max_tokens,
        ..Request::default()
    };
    let client: Client<'static> = match cassettes.replays {
        true => Box::new(move || recorded(ordine_chat::Nobody, &cassettes)),
        false => live(model, cassettes)?,
    };
    Ok(Contestant { name: model.name.clone(), price, rates, base, client: Some(client) })
}

#[cfg(feature = "chat")]
fn live(model: &Model, cassettes: Cassettes) -> Result<Client<'static>> {
    let key = match &model.key_variable {
        Some(variable) => Some(std::env::var(variable).with_context(|| {
            format!("model {}: expected a key in the environment as {variable}", model.name)
        })?),
        None => None,
    };
    let base = model.base.clone();
    Ok(Box::new(move || {
        let post = ordine_chat::HttpPost::new(&base, key.clone());
        recorded(Endpoint::new(post, Sleep, 1), &cassettes)
    }))
}

/// Waits as long as it is told to.
#[cfg(feature = "chat")]
struct Sleep;

#[cfg(feature = "chat")]
impl ordine_chat::Pause for Sleep {
    fn pause(&mut self, time: std::time::Duration) {
        std::thread::sleep(time);
    }
}

#[cfg(not(feature = "chat"))]
fn live(model: &Model, _cassettes: Cassettes) -> Result<Client<'static>> {
    let key = model.key_variable.as_ref().map(|it| format!(" with the key in {it}"));
    anyhow::bail!(
        "model {} at {}{}: this program was built without HTTP; build it with `--features chat`, \
         or give --replay DIR",
        model.name,
        model.base,
        key.unwrap_or_default()
    )
}
