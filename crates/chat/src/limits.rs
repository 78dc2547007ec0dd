//! Budgets: a call that could pass one is not made; a ledger of what was spent.
//!
//! Prices come from the user, in dollars per million tokens.
//!
//! **Source:** -

use crate::{ChatError, Complete, Reply, Request, Usage};

/// Dollars per million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Price {
    /// Of a prompt.
    pub input: f64,
    /// Of the cached part of a prompt.
    pub cached: f64,
    /// Of an answer.
    pub output: f64,
}

impl Price {
    /// Dollars for a call.
    pub fn of(self, usage: Usage) -> f64 {
        let fresh = usage.prompt.saturating_sub(usage.cached) as f64;
        let cached = usage.cached.min(usage.prompt) as f64;
        let sum = self.input * fresh + self.cached * cached + self.output * usage.completion as f64;
        sum / 1e6
    }
}

/// What may be spent; nothing is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// Calls.
    pub calls: Option<u64>,
    /// Tokens of prompts and answers.
    pub tokens: Option<u64>,
    /// Dollars.
    pub dollars: Option<f64>,
}

/// What was spent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Calls that were answered; a call that was tried again counts once.
    pub calls: u64,
    /// What they used.
    pub usage: Usage,
    /// Dollars.
    pub dollars: f64,
}

/// A model with a budget.
#[derive(Debug)]
pub struct Limited<C> {
    inner: C,
    price: Price,
    budget: Budget,
    ledger: Ledger,
}

impl<C: Complete> Limited<C> {
    /// `inner` within `budget` at `price`.
    pub fn new(inner: C, price: Price, budget: Budget) -> Self {
        Limited { inner, price, budget, ledger: Ledger::default() }
    }

    /// What was spent.
    pub fn ledger(&self) -> Ledger {
        self.ledger
    }

    fn refuse(&self, request: &Request) -> Option<ChatError> {
        let (spent, budget) = (self.ledger, self.budget);
        // An answer without a limit is taken to be as long as answers commonly may be.
        let completion = request.max_tokens.unwrap_or(4096);
        let next = Usage { prompt: request.tokens_estimate(), completion, ..Usage::default() };
        let used = spent.usage.prompt + spent.usage.completion;
        let tokens = next.prompt + next.completion;
        let over = |what, spent: String, most: String, next: String| {
            Some(ChatError::Budget { what, spent, most, next })
        };
        match budget {
            Budget { calls: Some(most), .. } if spent.calls >= most => {
                over("calls", spent.calls.to_string(), most.to_string(), "1".to_owned())
            }
            Budget { tokens: Some(most), .. } if used + tokens > most => {
                over("tokens", used.to_string(), most.to_string(), tokens.to_string())
            }
            Budget { dollars: Some(most), .. } if spent.dollars + self.price.of(next) > most => {
                let next = format!("{:.6}", self.price.of(next));
                over("dollars", format!("{:.6}", spent.dollars), format!("{most:.6}"), next)
            }
            _ => None,
        }
    }
}

impl<C: Complete> Complete for Limited<C> {
    fn complete(&mut self, request: &Request) -> Result<Reply, ChatError> {
        if let Some(error) = self.refuse(request) {
            return Err(error);
        }
        let reply = self.inner.complete(request)?;
        let sum = &mut self.ledger.usage;
        sum.prompt += reply.usage.prompt;
        sum.completion += reply.usage.completion;
        sum.cached += reply.usage.cached;
        sum.reasoning += reply.usage.reasoning;
        self.ledger.calls += 1;
        self.ledger.dollars += self.price.of(reply.usage);
        Ok(reply)
    }
}
