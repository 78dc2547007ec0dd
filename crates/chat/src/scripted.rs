//! A scripted endpoint: answers in order, failures among them.
//!
//! **Source:** -

use crate::{Answer, Post};
use serde_json::json;
use std::collections::VecDeque;

/// Says what it was told to.
#[derive(Clone, Debug, Default)]
pub struct Scripted {
    answers: VecDeque<Result<Answer, String>>,
    /// Bodies of the requests so far.
    pub heard: Vec<String>,
}

impl Scripted {
    /// Answers with these statuses and bodies.
    pub fn of(answers: impl IntoIterator<Item = (u16, String)>) -> Self {
        let answer = |(status, body)| Ok(Answer { status, body, retry_after: None });
        Scripted { answers: answers.into_iter().map(answer).collect(), heard: Vec::new() }
    }

    /// Adds a lost connection.
    pub fn then_lost(mut self, words: &str) -> Self {
        self.answers.push_back(Err(words.to_owned()));
        self
    }
}

impl Post for Scripted {
    fn post(&mut self, body: &str) -> Result<Answer, String> {
        self.heard.push(body.to_owned());
        self.answers.pop_front().unwrap_or_else(|| Err("the script is at its end".to_owned()))
    }
}

/// A body of the protocol with these words and tokens.
pub fn reply_body(text: &str, prompt_tokens: u64, completion_tokens: u64) -> String {
    json!({
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens},
    })
    .to_string()
}
