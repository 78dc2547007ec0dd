//! The tools over the Model Context Protocol: one JSON-RPC message per line, on stdin and stdout.
//!
//! An agent of any maker can then be put to one instance. What it may call and how often is the
//! same as in the mode with tools.
//!
//! **Source:** Model Context Protocol, revision 2025-06-18 (stdio transport, tools).

use super::set::Set;
use anyhow::{Context as _, Result};
use ordine_project::constraint_bench::BenchInstance;
use ordine_project::constraint_bench::tools::{self, CALLS_MAX};
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Set of instances
    set: PathBuf,
    /// Name of the instance
    instance: String,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<()> {
    let set = Set::read(&arguments.set)?;
    let found = set.instances.iter().find(|it| it.id == arguments.instance);
    let instance = found.with_context(|| format!("the set has no {}", arguments.instance))?;
    talk(instance, &mut std::io::stdin().lock(), out)
}

/// Answers messages until there are no more.
fn talk(instance: &BenchInstance, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<()> {
    let mut calls = 0;
    for line in input.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let reply = match serde_json::from_str::<Value>(&line) {
            Ok(message) => answer(instance, &message, &mut calls),
            Err(error) => {
                let error = json!({"code": -32700, "message": error.to_string()});
                Some(json!({"jsonrpc": "2.0", "id": null, "error": error}))
            }
        };
        if let Some(reply) = reply {
            writeln!(out, "{reply}")?;
            out.flush()?;
        }
    }
    Ok(())
}

/// The reply to a message; none to a notification.
fn answer(instance: &BenchInstance, message: &Value, calls: &mut usize) -> Option<Value> {
    let id = message.get("id")?.clone();
    let method = message.get("method").and_then(Value::as_str).unwrap_or_default();
    let result = match method {
        "initialize" => json!({
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "ordine", "version": env!("CARGO_PKG_VERSION")},
        }),
        "ping" => json!({}),
        "tools/list" => {
            let mut listed = Vec::new();
            for (name, description, schema) in tools::tools() {
                let tool = json!({"name": name, "description": description, "inputSchema": schema});
                listed.push(tool);
            }
            json!({"tools": listed})
        }
        "tools/call" => call(instance, message, calls),
        _ => {
            let error = json!({"code": -32601, "message": format!("there is no method {method}")});
            return Some(json!({"jsonrpc": "2.0", "id": id, "error": error}));
        }
    };
    Some(json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

fn call(instance: &BenchInstance, message: &Value, calls: &mut usize) -> Value {
    *calls += 1;
    let name = message.pointer("/params/name").and_then(Value::as_str).unwrap_or_default();
    let arguments = message.pointer("/params/arguments").cloned().unwrap_or_else(|| json!({}));
    let result = match *calls <= CALLS_MAX {
        true => tools::call(instance, name, &arguments.to_string()),
        false => Err(format!("more than {CALLS_MAX} calls of tools")),
    };
    let is_error = result.is_err();
    let text = result.unwrap_or_else(|error| error);
    json!({"content": [{"type": "text", "text": text}], "isError": is_error})
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;
    use ordine_project::constraint_bench::{Phase, Tightness, generate};

    #[test]
    fn messages_are_answered_and_notifications_are_not() {
        let instance = generate(Seed::new(1), Phase::Capacity, 5, 0, Tightness::NORMAL, false);
        let input = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}\n\
                     {\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n\
                     {\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}\n\
                     {\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":\
                     {\"name\":\"check_schedule\",\"arguments\":{\"schedule\":[]}}}\n\
                     {\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"what\"}\nno JSON\n";
        let mut out = Vec::new();
        talk(&instance.expect("a level"), &mut input.as_bytes(), &mut out).expect("it talks");
        let text = String::from_utf8(out).expect("JSON");
        let replies: Vec<Value> =
            text.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
        assert_eq!(replies.len(), 5, "{text}");
        assert_eq!(replies[1]["result"]["tools"].as_array().map(Vec::len), Some(5));
        let judged = replies[2]["result"]["content"][0]["text"].as_str().unwrap_or_default();
        assert!(judged.contains("missing"), "{judged}");
        assert_eq!(replies[3]["error"]["code"], -32601);
        assert_eq!(replies[4]["error"]["code"], -32700);
    }
}
