//! HTTP: posts to an endpoint; the key is sent in a header and kept out of every message.
//!
//! **Source:** -

use crate::{Answer, Post};
use std::time::Duration;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest call.
const CALL: Duration = Duration::from_secs(900);

/// An endpoint behind a URL.
pub struct HttpPost {
    agent: ureq::Agent,
    url: String,
    key: Option<String>,
}

impl std::fmt::Debug for HttpPost {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "HttpPost({})", self.url)
    }
}

impl HttpPost {
    /// Posts to `{base}/chat/completions`, with a key where one is needed.
    pub fn new(base: &str, key: Option<String>) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(CALL))
            .http_status_as_error(false)
            .build();
        let url = format!("{}/chat/completions", base.trim_end_matches('/'));
        HttpPost { agent: config.into(), url, key }
    }

    fn hidden(&self, words: String) -> String {
        match &self.key {
            Some(key) if !key.is_empty() => words.replace(key.as_str(), "KEY"),
            _ => words,
        }
    }
}

impl Post for HttpPost {
    fn post(&mut self, body: &str) -> Result<Answer, String> {
        let mut request = self.agent.post(&self.url).header("content-type", "application/json");
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let mut answer = request.send(body).map_err(|error| self.hidden(error.to_string()))?;
        let status = answer.status().as_u16();
        let header = answer.headers().get("retry-after");
        let seconds = header.and_then(|it| it.to_str().ok()).and_then(|it| it.parse().ok());
        let retry_after = seconds.map(|it: u64| Duration::from_secs(it.min(300)));
        let read = answer.body_mut().read_to_string();
        let body = read.map_err(|error| self.hidden(error.to_string()))?;
        Ok(Answer { status, body: self.hidden(body), retry_after })
    }
}
