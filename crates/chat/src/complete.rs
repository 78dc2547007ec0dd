//! The one seam: a request in, a reply or a typed error out.
//!
//! **Source:** -

use crate::{Request, ToolCall};
use serde::{Deserialize, Serialize};

/// What a call used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt: u64,
    /// Tokens of the answer, reasoning included.
    pub completion: u64,
    /// Tokens of the prompt that were cached.
    pub cached: u64,
    /// Tokens of reasoning.
    pub reasoning: u64,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finish {
    /// By itself.
    Answered,
    /// The model would not answer.
    Refused,
    /// By the limit of tokens.
    Truncated,
    /// Without a word.
    Empty,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The words.
    pub text: String,
    /// How it ended.
    pub finish: Finish,
    /// What it used.
    pub usage: Usage,
    /// How often it was asked, failures included.
    pub tries: u32,
    /// How often of these the endpoint said that it is asked too much.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub throttled: u32,
    /// Tools that it calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<ToolCall>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// The cassette of a request is missing.
    #[error(
        "expected a cassette {hash}.json, found none: record it first; no call was made{nearest}"
    )]
    Missing {
        /// Hash of the request.
        hash: String,
        /// How the request differs from the one that is most like it; empty where there is none.
        nearest: String,
    },
    /// The endpoint refuses.
    #[error("the endpoint answered with status {status}: {body}")]
    Status {
        /// Status of HTTP.
        status: u16,
        /// Beginning of what it said.
        body: String,
    },
    /// The endpoint cannot be reached, or its answers are broken.
    #[error("no answer after {tries} tries: {last}")]
    GaveUp {
        /// How often it was asked.
        tries: u32,
        /// What happened last.
        last: String,
    },
    /// A call that could pass the budget.
    #[error("the budget of {what} is spent: {spent} of {most}, and the next call may take {next}")]
    Budget {
        /// Calls, tokens or dollars.
        what: &'static str,
        /// What is spent.
        spent: String,
        /// What may be spent.
        most: String,
        /// What the next call may take.
        next: String,
    },
    /// A file that cannot be read or written.
    #[error("{path}: {words}")]
    File {
        /// The file.
        path: String,
        /// What went wrong.
        words: String,
    },
    /// There is no endpoint.
    #[error("expected an endpoint, found none: give one, or replay cassettes")]
    NoEndpoint,
}

/// Answers requests.
pub trait Complete {
    /// The reply to a request. One call at a time; a call may take minutes.
    ///
    /// # Errors
    /// When there is none.
    fn complete(&mut self, request: &Request) -> Result<Reply, ChatError>;
}

impl<C: Complete + ?Sized> Complete for Box<C> {
    fn complete(&mut self, request: &Request) -> Result<Reply, ChatError> {
        (**self).complete(request)
    }
}
