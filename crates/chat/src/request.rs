//! Requests and their hash: SHA-256 of the request as JSON with fields in a fixed order.
//!
//! **Source:** -

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One message of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// The words.
    pub content: String,
    /// Tools that an assistant called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<ToolCall>,
    /// The call that a tool answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

impl Message {
    /// Words of somebody.
    pub fn new(role: &str, content: impl Into<String>) -> Self {
        Message { role: role.to_owned(), content: content.into(), ..Message::default() }
    }
}

/// A tool that a model may call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: serde_json::Value,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Told by the endpoint; the answer bears it.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// JSON, as the model wrote it.
    pub arguments: String,
}

/// What is asked of a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Name of the model.
    pub model: String,
    /// The conversation.
    pub messages: Vec<Message>,
    /// How random the answer is.
    pub temperature: Option<f64>,
    /// Share of the likeliest words that are drawn from.
    pub top_p: Option<f64>,
    /// Tokens of the answer at most.
    pub max_tokens: Option<u64>,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// Number of the sample; equal requests with other numbers are other calls. Not sent.
    pub sample: u64,
    /// Tools that it may call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
}

impl Request {
    /// One question, everything else left to the model.
    pub fn asking(model: &str, question: &str) -> Self {
        let messages = vec![Message::new("user", question)];
        Request { model: model.to_owned(), messages, ..Request::default() }
    }

    /// SHA-256 of the canonical request, in hexadecimal digits.
    pub fn hash(&self) -> String {
        let text = serde_json::to_string(self).expect("a request has no odd keys");
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Tokens of the prompt, estimated from above: three bytes are at least a token of most texts.
    pub fn tokens_estimate(&self) -> u64 {
        let bytes = |it: &Message| it.content.len() as u64 + 16;
        self.messages.iter().map(bytes).sum::<u64>().div_ceil(3)
    }
}
