//! A language model as proposer: one call per batch.
//!
//! An island is drawn evenly, clusters of it by softmax of their losses at a temperature that falls
//! with the size of the island, members of a cluster by softmax of their shortness. Operators are
//! chosen by what they improved per candidate, one time in five evenly.
//!
//! **Source:** Romera-Paredes et al. 2024 (sampling of clusters); Liu et al. 2024 (operators).

use super::templates::{OPERATORS, Template, prompt};
use super::{Batch, Context, Proposal, Propose, programs_in, seeds};
use crate::{Call, DiscoverError, Island, Member};
use ordine_base::Stream;
use ordine_chat::{ChatError, Complete, Message, Price, Request};

/// First temperature of clusters.
const TEMPERATURE: f64 = 0.1;
/// Programs after which the temperature starts again.
const PERIOD: u64 = 30_000;
/// How often operators are drawn evenly.
const EVEN: f64 = 0.2;
/// Calls in a row without an answer after which the run ends.
const SILENT_MAX: u32 = 5;

/// A model behind an endpoint.
#[derive(Debug)]
pub struct Model<C> {
    endpoint: C,
    name: String,
    price: Price,
    silent: u32,
}

impl<C: Complete> Model<C> {
    /// Asks `name` through `endpoint`.
    pub fn new(endpoint: C, name: &str, price: Price) -> Self {
        Model { endpoint, name: name.to_owned(), price, silent: 0 }
    }

    fn ask(&mut self, context: &Context<'_>) -> Result<Batch, DiscoverError> {
        let mut stream = context.seed(0).stream("model");
        let template = operator(context, &mut stream);
        let island = stream.below(context.islands.islands.len());
        let home = &context.islands.islands[island];
        let mut parents: Vec<&Member> = Vec::new();
        for _ in 0..template.parents {
            parents.extend(sampled(home, &mut stream));
        }
        parents.dedup_by_key(|it| it.number);
        parents.sort_by(|a, b| b.loss.total_cmp(&a.loss));
        let message = Message::new("user", prompt(template, &parents, context));
        let request = Request {
            model: self.name.clone(),
            messages: vec![message],
            temperature: Some(0.8),
            top_p: Some(0.9),
            max_tokens: Some(512),
            sample: context.calls,
            ..Request::default()
        };
        let mut call = Call {
            number: context.calls,
            operator: template.name.to_owned(),
            model: self.name.clone(),
            ..Call::default()
        };
        let mut texts = Vec::new();
        match self.endpoint.complete(&request) {
            Ok(reply) => {
                self.silent = 0;
                texts = programs_in(&reply.text);
                call.prompt_tokens = reply.usage.prompt;
                call.completion_tokens = reply.usage.completion;
                call.cached_tokens = reply.usage.cached;
                call.dollars = self.price.of(reply.usage);
                if texts.is_empty() {
                    call.failure = Some(format!("no program; {:?}", reply.finish).to_lowercase());
                }
            }
            Err(error @ ChatError::GaveUp { .. }) if self.silent < SILENT_MAX => {
                self.silent += 1;
                call.failure = Some(error.to_string());
            }
            Err(error) => return Err(DiscoverError::Proposer(error.to_string())),
        }
        call.candidates = texts.len() as u64;
        let parents: Vec<u64> = parents.iter().rev().map(|it| it.number).collect();
        let proposal = |text| Proposal {
            island: Some(island),
            operator: template.name.to_owned(),
            parents: parents.clone(),
            text,
        };
        let proposals = texts.into_iter().map(proposal).collect();
        Ok(Batch { proposals, calls: vec![call] })
    }
}

impl<C: Complete> Propose for Model<C> {
    fn propose(&mut self, context: &Context<'_>) -> Result<Batch, DiscoverError> {
        if context.batch == 0 {
            return Ok(Batch { proposals: seeds(context)?, calls: Vec::new() });
        }
        self.ask(context)
    }
}

/// The operator of most improvements per candidate; one time in five any.
fn operator(context: &Context<'_>, stream: &mut Stream) -> &'static Template {
    if stream.chance(EVEN) {
        return &OPERATORS[stream.below(OPERATORS.len())];
    }
    let worth = |template: &Template| {
        let counts = context.islands.operators.get(template.name).copied().unwrap_or_default();
        (counts[2] as f64 + 1.0) / (counts[0] as f64 + 2.0)
    };
    let mut best = &OPERATORS[0];
    for template in &OPERATORS[1..] {
        if worth(template) > worth(best) {
            best = template;
        }
    }
    best
}

/// A member of an island.
fn sampled<'a>(island: &'a Island, stream: &mut Stream) -> Option<&'a Member> {
    let clusters: Vec<&Vec<Member>> = island.clusters.values().collect();
    let programs = clusters.iter().map(|it| it.len() as u64).sum::<u64>();
    let temperature = TEMPERATURE * (1.0 - (programs % PERIOD) as f64 / PERIOD as f64);
    let losses: Vec<f64> =
        clusters.iter().map(|it| it.first().map_or(0.0, |it| -it.loss)).collect();
    let cluster = clusters.get(softmax(&losses, temperature, stream)?)?;
    let sizes = cluster.iter().map(|it| it.nodes as f64);
    let least = sizes.clone().fold(f64::INFINITY, f64::min);
    let most = sizes.clone().fold(0.0, f64::max);
    let short: Vec<f64> = sizes.map(|it| -(it - least) / (most + 1e-6)).collect();
    cluster.get(softmax(&short, 1.0, stream)?)
}

/// A place drawn by exp(value / temperature).
fn softmax(values: &[f64], temperature: f64, stream: &mut Stream) -> Option<usize> {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> =
        values.iter().map(|it| ((it - most) / temperature.max(1e-9)).exp()).collect();
    let mut drawn = stream.unit() * weights.iter().sum::<f64>();
    for (place, weight) in weights.iter().enumerate() {
        drawn -= weight;
        if drawn < 0.0 {
            return Some(place);
        }
    }
    values.len().checked_sub(1)
}
