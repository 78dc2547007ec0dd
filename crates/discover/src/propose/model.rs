//! Language models as proposers: one call per batch.
//!
//! An island is drawn evenly, parents of it as the settings say. Operators are chosen by what they
//! improved per dollar (per call where nothing is paid), one time in five evenly. Of several models
//! one is drawn by weight for each call.
//!
//! **Source:** Romera-Paredes et al. 2024 (islands); Liu et al. 2024 (operators); Auer,
//! Cesa-Bianchi, Fischer 2002 (bandits).

use super::templates::{BEGIN, OPERATORS, Shown, Template, prompt};
use super::{Batch, Context, Proposal, Propose, proposed_in, seeds};
use crate::select::{sampled, weighted};
use crate::{Call, DiscoverError, Island, Member, Selection};
use ordine_base::Stream;
use ordine_chat::{ChatError, Complete, Message, Price, Request};

/// How often operators are drawn evenly.
const EVEN: f64 = 0.2;
/// Calls in a row without an answer after which the run ends.
const SILENT_MAX: u32 = 5;
/// Draws of a second parent that differs from the first.
const DRAWS: usize = 8;
/// Best and diverse programs of a prompt for differences.
const INSPIRATIONS: (usize, usize) = (3, 2);
/// Most tokens of a reply that is an expression, and of one that is a script.
const REPLY_TOKENS: [u64; 2] = [512, 2048];

/// Models behind an endpoint, each with its price and its weight.
#[derive(Debug)]
pub struct Model<C> {
    endpoint: C,
    models: Vec<(String, Price, f64)>,
    silent: u32,
}

impl<C: Complete> Model<C> {
    /// Asks `name` through `endpoint`.
    pub fn new(endpoint: C, name: &str, price: Price) -> Self {
        Model::mixed(endpoint, vec![(name.to_owned(), price, 1.0)])
    }

    /// Asks several models, each as often as its weight says.
    pub fn mixed(endpoint: C, models: Vec<(String, Price, f64)>) -> Self {
        Model { endpoint, models, silent: 0 }
    }

    fn ask(&mut self, context: &Context<'_>) -> Result<Batch, DiscoverError> {
        let mut stream = context.seed(0).stream("model");
        let template = operator(context, &mut stream);
        let island = stream.below(context.islands.islands.len());
        let home = &context.islands.islands[island];
        let parents = parents(template, home, context, &mut stream);
        let inspirations = match template.name {
            "diff" => inspirations(home, parents.last().copied()),
            _ => Vec::new(),
        };
        let shown = Shown { parents: &parents, inspirations: &inspirations, island };
        let weights: Vec<f64> = self.models.iter().map(|it| it.2).collect();
        let place = weighted(&weights, &mut stream).unwrap_or(0);
        let (name, price) = match self.models.get(place) {
            Some((name, price, _)) => (name.clone(), *price),
            None => return Err(DiscoverError::Proposer("expected a model, found none".to_owned())),
        };
        let content = prompt(template, shown, context);
        let message = Message::new("user", content);
        let is_script = context.signature.language == crate::Language::Script;
        let request = Request {
            model: name.clone(),
            messages: vec![message],
            temperature: Some(0.8),
            top_p: Some(0.9),
            max_tokens: Some(REPLY_TOKENS[usize::from(is_script)]),
            sample: context.calls,
            ..Request::default()
        };
        let mut call = Call {
            number: context.calls,
            operator: template.name.to_owned(),
            model: name,
            ..Call::default()
        };
        let base = parents.last().map(|it| it.text.as_str());
        let mut texts = Vec::new();
        match self.endpoint.complete(&request) {
            Ok(reply) => {
                self.silent = 0;
                texts = proposed_in(&reply.text, context.signature.language, base);
                call.prompt_tokens = reply.usage.prompt;
                call.completion_tokens = reply.usage.completion;
                call.cached_tokens = reply.usage.cached;
                call.dollars = price.of(reply.usage);
                call.lesson = lesson(&reply.text);
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

/// What stands behind `lesson:` in a reply.
fn lesson(reply: &str) -> Option<String> {
    let line = reply.lines().find_map(|line| line.trim().strip_prefix("lesson:"))?;
    let words: String = line.trim().chars().take(300).collect();
    (!words.is_empty()).then_some(words)
}

/// The parents that a template shows, the worst first.
fn parents<'a>(
    template: &Template,
    home: &'a Island,
    context: &Context<'_>,
    stream: &mut Stream,
) -> Vec<&'a Member> {
    let settings = context.settings;
    let mut draw = || sampled(home, settings.selection, settings.genetic.tournament, stream);
    let mut parents: Vec<&Member> = Vec::new();
    for _ in 0..template.parents {
        let mut next = draw();
        if settings.selection == Selection::Pairs {
            // A lesson needs a difference.
            let differs = |it: &&Member| parents.iter().all(|known| known.loss != it.loss);
            for _ in 0..DRAWS {
                if next.as_ref().is_none_or(differs) {
                    break;
                }
                next = draw();
            }
        }
        parents.extend(next);
    }
    parents.sort_by(|a, b| b.loss.total_cmp(&a.loss).then(b.number.cmp(&a.number)));
    parents.dedup_by_key(|it| it.number);
    parents
}

/// The best programs and those that act most differently.
fn inspirations<'a>(home: &'a Island, current: Option<&Member>) -> Vec<&'a Member> {
    let is_other = |it: &&Member| current.is_none_or(|current| current.number != it.number);
    let mut found: Vec<&Member> =
        home.population.iter().filter(is_other).take(INSPIRATIONS.0).collect();
    let base = current.map_or(0.0, |it| it.distance);
    let mut rest: Vec<&Member> =
        home.population.iter().filter(is_other).skip(INSPIRATIONS.0).collect();
    let apart = |it: &Member| (it.distance - base).abs();
    rest.sort_by(|a, b| apart(b).total_cmp(&apart(a)).then(a.number.cmp(&b.number)));
    found.extend(rest.into_iter().take(INSPIRATIONS.1));
    found
}

/// The operator of most improvements per dollar; one time in five any.
fn operator(context: &Context<'_>, stream: &mut Stream) -> &'static Template {
    let settings = context.settings;
    if context.islands.next < settings.first_samples {
        return &BEGIN;
    }
    let is_asked = |it: &&Template| {
        settings.operators.is_empty() || settings.operators.iter().any(|name| name == it.name)
    };
    let known: Vec<&'static Template> = OPERATORS.iter().filter(is_asked).collect();
    if stream.chance(EVEN) {
        return known[stream.below(known.len())];
    }
    let costs = &context.islands.costs;
    let (calls, dollars) =
        costs.values().fold((0, 0.0), |(calls, sum), it| (calls + it.0, sum + it.1));
    let mean = if calls > 0 { dollars / calls as f64 } else { 0.0 };
    let worth = |template: &Template| {
        let improved = context.islands.operators.get(template.name).map_or(0, |it| it[2]);
        let (calls, dollars) = costs.get(template.name).copied().unwrap_or_default();
        // In calls of mean price, so that a price list in another currency changes nothing.
        let spent = if mean > 0.0 { dollars / mean } else { calls as f64 };
        (improved as f64 + 1.0) / (spent + 2.0)
    };
    let mut best = known[0];
    for template in &known[1..] {
        if worth(template) > worth(best) {
            best = template;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Islands, SIGNATURES, Settings};
    use ordine_rule_language::Limits;

    #[test]
    fn the_operator_of_most_improvements_per_dollar_is_asked_most() {
        let mut islands = Islands::new(1);
        for (operator, improved, dollars) in [("m1", 4, 4.0), ("m2", 3, 0.5)] {
            islands.operators.insert(operator.to_owned(), [20, 20, improved]);
            (0..20).for_each(|_| islands.pay(operator, dollars / 20.0));
        }
        let operators = vec!["m1".to_owned(), "m2".to_owned()];
        let settings = Settings { operators, ..Settings::language_model("single_machine") };
        let context = Context {
            signature: SIGNATURES[0],
            task: "",
            islands: &islands,
            settings: &settings,
            limits: Limits::default(),
            batch: 9,
            calls: 40,
            vetoes: &[],
            lessons: &[],
        };
        let mut stream = context.seed(0).stream("bandit");
        let cheap = (0..100).filter(|_| operator(&context, &mut stream).name == "m2").count();
        assert!((80..100).contains(&cheap), "{cheap}");
    }
}
