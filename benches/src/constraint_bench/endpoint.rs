//! An endpoint that is no model: an answerer behind the chat-completion protocol, with faults.
//!
//! In the process it is a [`Post`]; on the loopback interface it speaks HTTP, so that the client
//! that talks to a real endpoint can be run against it. Faults are drawn by seed from the request
//! and the number of the try; only whole answers are billed.
//!
//! **Source:** ours.

use anyhow::{Context as _, Result};
use ordine_base::{Seed, Stream};
use ordine_chat::{Answer, Post};
use ordine_project::constraint_bench::answerers::{Answerer, Role, Turn};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What an endpoint has billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bill {
    pub(super) replies: u64,
    pub(super) prompt: u64,
    pub(super) completion: u64,
    /// Faults that were given instead of replies.
    pub(super) faults: u64,
}

/// An answerer as an endpoint.
#[derive(Clone, Debug)]
pub(super) struct Scripted {
    answerer: Answerer,
    /// Probability of a fault.
    faults: f64,
    seed: u64,
    /// How long each answer takes at least.
    delay: Duration,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    bill: Bill,
    /// How often each request was tried.
    tries: BTreeMap<String, u64>,
}

impl Scripted {
    pub(super) fn new(answerer: Answerer, faults: f64, seed: u64) -> Self {
        Scripted { answerer, faults, seed, delay: Duration::ZERO, shared: Arc::default() }
    }

    /// The same, taking at least so long for each answer.
    pub(super) fn taking(self, delay: Duration) -> Self {
        Scripted { delay, ..self }
    }

    pub(super) fn bill(&self) -> Bill {
        self.shared.lock().map(|shared| shared.bill).unwrap_or_default()
    }

    fn fault(&self, body: &str) -> Option<Stream> {
        if self.faults <= 0.0 {
            return None;
        }
        let mut shared = self.shared.lock().expect("nobody panics with the bill in hand");
        let tries = shared.tries.entry(super::set::sha256(body.as_bytes())).or_default();
        *tries += 1;
        // The client gives up after six retries: the last one is answered.
        if *tries > 6 {
            return None;
        }
        let name = format!("fault {tries} of {}", super::set::sha256(body.as_bytes()));
        let mut stream = Seed::new(self.seed).stream(&name);
        let is_fault = stream.chance(self.faults);
        shared.bill.faults += u64::from(is_fault);
        is_fault.then_some(stream)
    }

    fn answer(&self, body: &str) -> Result<Answer, String> {
        let request: Value = serde_json::from_str(body)
            .map_err(|error| format!("the scripted endpoint expected JSON: {error}"))?;
        let said = self.answerer.answer(&turns(&request));
        let calls = said.calls.iter().enumerate().map(|(place, (name, arguments))| {
            let function = json!({"name": name, "arguments": arguments});
            json!({"id": format!("call-{place}"), "type": "function", "function": function})
        });
        let mut message = json!({"role": "assistant", "content": said.text});
        if !said.calls.is_empty() {
            message["tool_calls"] = calls.collect();
        }
        let prompt = body.len() as u64 / 4;
        let completion = message.to_string().len() as u64 / 4;
        let mut shared = self.shared.lock().expect("nobody panics with the bill in hand");
        shared.bill.replies += 1;
        shared.bill.prompt += prompt;
        shared.bill.completion += completion;
        drop(shared);
        let reply = json!({
            "choices": [{"message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": completion},
        });
        Ok(Answer { status: 200, body: reply.to_string(), retry_after: None })
    }
}

/// One of eight ways to fail.
fn failing(mut stream: Stream) -> Result<Answer, String> {
    let of =
        |status, body: &str, retry_after| Ok(Answer { status, body: body.to_owned(), retry_after });
    match stream.below(8) {
        0 => of(429, "slow down", None),
        1 => of(429, "slow down", Some(Duration::from_millis(1))),
        2 => of(500, "inside", None),
        3 => Err("connection reset".to_owned()),
        4 => of(200, "{\"choices\":[{\"mess", None),
        5 => Err("no byte within the limit".to_owned()),
        6 => of(200, "{\"choices\":[{\"message\":{\"content\":7}}]}", None),
        _ => of(200, "{\"object\":\"chat.completion\"}", None),
    }
}

impl Post for Scripted {
    fn post(&mut self, body: &str) -> Result<Answer, String> {
        std::thread::sleep(self.delay);
        match self.fault(body) {
            Some(stream) => failing(stream),
            None => self.answer(body),
        }
    }
}

fn turns(request: &Value) -> Vec<Turn> {
    let messages = request.get("messages").and_then(Value::as_array);
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let turn = |message: &Value| {
        let role = match text(message, "role").as_str() {
            "system" => Role::System,
            "assistant" => Role::Assistant,
            "tool" => Role::Tool,
            _ => Role::User,
        };
        Turn::new(role, text(message, "content"))
    };
    messages.into_iter().flatten().map(turn).collect()
}

/// Serves on the loopback interface until the program ends; gives the port.
pub(super) fn serve(scripted: Scripted, port: u16) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let scripted = scripted.clone();
            std::thread::spawn(move || {
                // A client that went away is no concern of the endpoint.
                let _ = serve_one(stream, scripted);
            });
        }
    });
    Ok(port)
}

/// Longest body that is taken.
const BODY_MAX: usize = 1 << 24;

fn serve_one(stream: TcpStream, mut scripted: Scripted) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let (mut length, mut line) = (0, String::new());
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; usize::min(length, BODY_MAX)];
        reader.read_exact(&mut body)?;
        let Ok(answer) = scripted.post(&String::from_utf8_lossy(&body)) else { return Ok(()) };
        let after = answer.retry_after.map(|it| format!("Retry-After: {}\r\n", it.as_secs()));
        write!(
            writer,
            "HTTP/1.1 {} -\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}",
            answer.status,
            after.unwrap_or_default(),
            answer.body.len(),
            answer.body
        )?;
        writer.flush()?;
    }
}
