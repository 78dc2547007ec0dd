//! A budget that several callers share: what a call may take at most is set aside before it is
//! made, and corrected by what it took, so that calls at one time cannot pass the budget together.
//!
//! **Source:** -

use crate::{Budget, ChatError, Ledger, Price, Request, Usage};

/// Longest answer where a request does not limit it.
const COMPLETION_MAX: u64 = 4096;

/// A budget with what is spent and set aside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Purse {
    budget: Budget,
    spent: Ledger,
    /// Calls, tokens and dollars of calls under way.
    aside: (u64, u64, f64),
}

/// What was set aside for one call.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Reserved {
    /// Tokens.
    pub tokens: u64,
    dollars: f64,
}

impl Purse {
    /// A budget of which `spent` is gone already.
    pub fn new(budget: Budget, spent: Ledger) -> Self {
        Purse { budget, spent, aside: (0, 0, 0.0) }
    }

    /// What was spent.
    pub fn spent(&self) -> Ledger {
        self.spent
    }

    /// Sets aside what a call may take at most.
    ///
    /// # Errors
    /// When that could pass the budget.
    pub fn reserve(&mut self, price: Price, request: &Request) -> Result<Reserved, ChatError> {
        let completion = request.max_tokens.unwrap_or(COMPLETION_MAX);
        let next = Usage { prompt: request.tokens_estimate(), completion, ..Usage::default() };
        let (tokens, dollars) = (next.prompt + next.completion, price.of(next));
        let used = self.spent.usage.prompt + self.spent.usage.completion;
        let sums = (
            self.spent.calls + self.aside.0 + 1,
            used + self.aside.1 + tokens,
            self.spent.dollars + self.aside.2 + dollars,
        );
        let over = |what, spent: String, most: String, next: String| {
            Err(ChatError::Budget { what, spent, most, next })
        };
        match self.budget {
            Budget { calls: Some(most), .. } if sums.0 > most => {
                over("calls", self.spent.calls.to_string(), most.to_string(), "1".to_owned())
            }
            Budget { tokens: Some(most), .. } if sums.1 > most => {
                over("tokens", used.to_string(), most.to_string(), tokens.to_string())
            }
            Budget { dollars: Some(most), .. } if sums.2 > most => {
                let (spent, most) = (format!("{:.6}", self.spent.dollars), format!("{most:.6}"));
                over("dollars", spent, most, format!("{dollars:.6}"))
            }
            _ => {
                self.aside = (self.aside.0 + 1, self.aside.1 + tokens, self.aside.2 + dollars);
                Ok(Reserved { tokens, dollars })
            }
        }
    }

    /// Takes back what was set aside and books what a call used, if it was answered.
    pub fn settle(&mut self, reserved: Reserved, price: Price, used: Option<Usage>) {
        self.aside.0 = self.aside.0.saturating_sub(1);
        self.aside.1 = self.aside.1.saturating_sub(reserved.tokens);
        self.aside.2 = (self.aside.2 - reserved.dollars).max(0.0);
        let Some(used) = used else { return };
        self.spent.calls += 1;
        self.spent.dollars += price.of(used);
        let sum = &mut self.spent.usage;
        sum.prompt += used.prompt;
        sum.completion += used.completion;
        sum.cached += used.cached;
        sum.reasoning += used.reasoning;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_at_one_time_cannot_pass_the_budget_together() {
        let price = Price { input: 0.0, cached: 0.0, output: 1.0 };
        let budget = Budget { dollars: Some(0.002), ..Budget::default() };
        let mut purse = Purse::new(budget, Ledger::default());
        let request = Request { max_tokens: Some(1_000), ..Request::asking("m", "q") };
        let first = purse.reserve(price, &request).expect("half of it");
        let second = purse.reserve(price, &request).expect("the other half");
        assert!(purse.reserve(price, &request).is_err());
        let used = Usage { completion: 100, ..Usage::default() };
        purse.settle(first, price, Some(used));
        purse.settle(second, price, None);
        assert!((purse.spent().dollars - 1e-4).abs() < 1e-12);
        assert_eq!(purse.spent().calls, 1);
        assert!(purse.reserve(price, &request).is_ok());
    }
}
