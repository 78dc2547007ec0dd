//! Calls with retries: 408, 409, 429, 5xx, broken bodies and lost connections are tried again, at
//! most six times, after a pause drawn from [0, 0.5 s × 2^i], 60 s at most, or what the endpoint
//! asks for. A 400 that names a parameter drops it for good.
//!
//! **Source:** Brooker 2015 (exponential backoff with full jitter).

use crate::{ChatError, Complete, Finish, Message, Reply, Request, ToolCall, Usage};
use ordine_base::{Seed, Stream};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Tries after the first.
const RETRIES: u32 = 6;
/// First reach of a pause in milliseconds.
const PAUSE_MS: f64 = 500.0;
/// Greatest pause in milliseconds.
const PAUSE_MS_MAX: f64 = 60_000.0;
/// Parameters that an endpoint may not know.
const OPTIONAL: [&str; 4] = ["temperature", "top_p", "max_tokens", "stop"];

/// What an endpoint said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Status of HTTP.
    pub status: u16,
    /// The body.
    pub body: String,
    /// How long it asks to wait.
    pub retry_after: Option<Duration>,
}

/// Sends a body to `{base}/chat/completions`.
pub trait Post {
    /// The answer.
    ///
    /// # Errors
    /// When there is none, in words without keys.
    fn post(&mut self, body: &str) -> Result<Answer, String>;
}

impl<P: Post + ?Sized> Post for &mut P {
    fn post(&mut self, body: &str) -> Result<Answer, String> {
        (**self).post(body)
    }
}

/// Waits.
pub trait Pause {
    /// Waits for so long.
    fn pause(&mut self, time: Duration);
}

/// Does not wait: for tests and scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPause;

impl Pause for NoPause {
    fn pause(&mut self, _time: Duration) {}
}

/// An endpoint that is asked again where that helps.
#[derive(Debug)]
pub struct Endpoint<P, W> {
    post: P,
    pause: W,
    stream: Stream,
    dropped: Vec<&'static str>,
}

impl<P: Post, W: Pause> Endpoint<P, W> {
    /// Asks through `post`; pauses are drawn by `seed`.
    pub fn new(post: P, pause: W, seed: u64) -> Self {
        let stream = Seed::new(seed).stream("pauses");
        Endpoint { post, pause, stream, dropped: Vec::new() }
    }

    /// Parameters that the endpoint does not know.
    pub fn dropped(&self) -> &[&'static str] {
        &self.dropped
    }

    fn body(&self, request: &Request) -> String {
        let mut body = Map::new();
        let messages: Vec<Value> = request.messages.iter().map(message_body).collect();
        body.insert("model".to_owned(), json!(request.model));
        body.insert("messages".to_owned(), json!(messages));
        let stop = (!request.stop.is_empty()).then(|| json!(request.stop));
        let optional = [
            request.temperature.map(|it| json!(it)),
            request.top_p.map(|it| json!(it)),
            request.max_tokens.map(|it| json!(it)),
            stop,
        ];
        for (name, value) in OPTIONAL.into_iter().zip(optional) {
            if let Some(value) = value
                && !self.dropped.contains(&name)
            {
                body.insert(name.to_owned(), value);
            }
        }
        if !request.tools.is_empty() {
            let tools = request.tools.iter().map(|it| json!({"type": "function", "function": it}));
            body.insert("tools".to_owned(), tools.collect());
        }
        Value::Object(body).to_string()
    }

    /// Waits before the next try.
    fn wait(&mut self, retry: u32, asked: Option<Duration>) {
        let reach = (PAUSE_MS * f64::from(1_u32 << retry.min(16))).min(PAUSE_MS_MAX);
        let drawn = Duration::from_millis((self.stream.unit() * reach) as u64);
        self.pause.pause(asked.unwrap_or(drawn));
    }
}

impl<P: Post, W: Pause> Complete for Endpoint<P, W> {
    fn complete(&mut self, request: &Request) -> Result<Reply, ChatError> {
        let (mut retry, mut tries, mut throttled) = (0, 0, 0);
        loop {
            tries += 1;
            let answer = self.post.post(&self.body(request));
            let (last, asked) = match answer {
                Ok(answer) if answer.status == 200 => match parse(&answer.body) {
                    Some(reply) => return Ok(Reply { tries, throttled, ..reply }),
                    None => (format!("a broken body: {}", beginning(&answer.body)), None),
                },
                Ok(answer) if answer.status == 400 => {
                    let names = |name: &&&str| answer.body.contains(**name);
                    let known = |name: &&str| !self.dropped.contains(name);
                    let named = OPTIONAL.iter().filter(|it| known(it)).find(names).copied();
                    let Some(name) = named else { return Err(refused(&answer)) };
                    self.dropped.push(name);
                    continue;
                }
                Ok(answer) if !matches!(answer.status, 408 | 409 | 429 | 500..=599) => {
                    return Err(refused(&answer));
                }
                Ok(answer) => {
                    throttled += u32::from(answer.status == 429);
                    let words = format!("status {}: {}", answer.status, beginning(&answer.body));
                    (words, answer.retry_after)
                }
                Err(words) => (words, None),
            };
            if retry == RETRIES {
                return Err(ChatError::GaveUp { tries, last });
            }
            self.wait(retry, asked);
            retry += 1;
        }
    }
}

fn message_body(message: &Message) -> Value {
    let mut body = json!({"role": message.role, "content": message.content});
    if !message.calls.is_empty() {
        let call = |it: &ToolCall| {
            let function = json!({"name": it.name, "arguments": it.arguments});
            json!({"id": it.id, "type": "function", "function": function})
        };
        body["tool_calls"] = message.calls.iter().map(call).collect();
    }
    if let Some(id) = &message.call_id {
        body["tool_call_id"] = json!(id);
    }
    body
}

fn refused(answer: &Answer) -> ChatError {
    ChatError::Status { status: answer.status, body: beginning(&answer.body) }
}

fn beginning(text: &str) -> String {
    text.chars().take(200).collect()
}

/// The reply in a body of the protocol.
fn parse(body: &str) -> Option<Reply> {
    let value: Value = serde_json::from_str(body).ok()?;
    let choice = value.get("choices")?.get(0)?;
    let message = choice.get("message")?;
    let text = message.get("content").and_then(Value::as_str).unwrap_or_default().to_owned();
    let calls: Vec<ToolCall> = match message.get("tool_calls").and_then(Value::as_array) {
        Some(calls) => calls.iter().map(tool_call).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    // Words of another type are a broken body, none at all are not.
    let content = message.get("content").unwrap_or(&Value::Null);
    if !content.is_string() && !content.is_null() {
        return None;
    }
    let is_refusal = message.get("refusal").is_some_and(Value::is_string);
    let finish = match choice.get("finish_reason").and_then(Value::as_str) {
        Some("content_filter") => Finish::Refused,
        _ if is_refusal => Finish::Refused,
        Some("length") => Finish::Truncated,
        _ if text.trim().is_empty() && calls.is_empty() => Finish::Empty,
        _ => Finish::Answered,
    };
    let count = |path: &[&str]| {
        let found = path.iter().try_fold(value.get("usage")?, |value, name| value.get(name));
        found.and_then(Value::as_u64)
    };
    let usage = Usage {
        prompt: count(&["prompt_tokens"]).unwrap_or(0),
        completion: count(&["completion_tokens"]).unwrap_or(0),
        cached: count(&["prompt_tokens_details", "cached_tokens"]).unwrap_or(0),
        reasoning: count(&["completion_tokens_details", "reasoning_tokens"]).unwrap_or(0),
    };
    Some(Reply { text, finish, usage, tries: 1, throttled: 0, calls })
}

fn tool_call(value: &Value) -> Option<ToolCall> {
    let function = value.get("function")?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let name = text(function.get("name"))?;
    let arguments = text(function.get("arguments"))?;
    Some(ToolCall { id: text(value.get("id")).unwrap_or_default(), name, arguments })
}
