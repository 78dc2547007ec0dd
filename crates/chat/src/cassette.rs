//! Cassettes: one file per request, named by its hash. Keys of endpoints are in none of them.
//!
//! **Source:** VCR (recorded HTTP for tests).

use crate::{ChatError, Complete, Reply, Request};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What happens to requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CassetteMode {
    /// Replies come from cassettes; one that is missing is an error.
    Replay,
    /// Replies come from cassettes, or from the model and are kept.
    Record,
}

#[derive(Serialize, Deserialize)]
struct Cassette {
    format: String,
    hash: String,
    request: Request,
    reply: Reply,
}

const FORMAT: &str = "ordine/cassette/1";

/// A model with cassettes.
#[derive(Debug)]
pub struct Recorded<C> {
    inner: C,
    folder: PathBuf,
    mode: CassetteMode,
}

/// Nobody answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Complete for Nobody {
    fn complete(&mut self, _request: &Request) -> Result<Reply, ChatError> {
        Err(ChatError::NoEndpoint)
    }
}

impl Recorded<Nobody> {
    /// Cassettes alone.
    pub fn replay(folder: &Path) -> Self {
        Recorded { inner: Nobody, folder: folder.to_owned(), mode: CassetteMode::Replay }
    }
}

impl<C: Complete> Recorded<C> {
    /// `inner` with cassettes in `folder`.
    pub fn new(inner: C, folder: &Path, mode: CassetteMode) -> Self {
        Recorded { inner, folder: folder.to_owned(), mode }
    }

    fn known(&self, path: &Path, hash: &str) -> Result<Option<Reply>, ChatError> {
        let failed = |words: String| ChatError::File { path: path.display().to_string(), words };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error.to_string())),
        };
        let cassette: Cassette = serde_json::from_str(&text)
            .map_err(|error| failed(format!("expected a cassette, found: {error}")))?;
        if cassette.format != FORMAT || cassette.hash != hash {
            let found = format!("{} of {}", cassette.format, cassette.hash);
            return Err(failed(format!("expected {FORMAT} of {hash}, found {found}")));
        }
        Ok(Some(cassette.reply))
    }
}

impl<C> Recorded<C> {
    /// How a request differs from the recorded one with which it shares the longest beginning.
    fn nearest(&self, request: &Request) -> String {
        let wanted = serde_json::to_string(request).expect("a request has no odd keys");
        let files = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let known = files.filter_map(|file| {
            let text = std::fs::read_to_string(file.path()).ok()?;
            let cassette: Cassette = serde_json::from_str(&text).ok()?;
            let found = serde_json::to_string(&cassette.request).ok()?;
            let same = wanted.bytes().zip(found.bytes()).take_while(|it| it.0 == it.1).count();
            Some((same, cassette.hash, found))
        });
        let Some((same, hash, found)) = known.max() else { return String::new() };
        let around = |text: &str| {
            let bytes = text.as_bytes();
            let part =
                &bytes[same.saturating_sub(20).min(bytes.len())..(same + 20).min(bytes.len())];
            String::from_utf8_lossy(part).into_owned()
        };
        let (wanted, found) = (around(&wanted), around(&found));
        format!("; nearest is {hash}, which at byte {same} has `{found}` for `{wanted}`")
    }
}

impl<C: Complete> Complete for Recorded<C> {
    fn complete(&mut self, request: &Request) -> Result<Reply, ChatError> {
        let hash = request.hash();
        let path = self.folder.join(format!("{hash}.json"));
        if let Some(reply) = self.known(&path, &hash)? {
            return Ok(reply);
        }
        if self.mode == CassetteMode::Replay {
            let nearest = self.nearest(request);
            return Err(ChatError::Missing { hash, nearest });
        }
        let reply = self.inner.complete(request)?;
        let failed = |error: std::io::Error| {
            let words = error.to_string();
            ChatError::File { path: path.display().to_string(), words }
        };
        let (request, format) = (request.clone(), FORMAT.to_owned());
        let cassette = Cassette { format, hash, request, reply: reply.clone() };
        let text = serde_json::to_string_pretty(&cassette).expect("a cassette has no odd keys");
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        // Written aside first, so that a kill leaves no half of a cassette.
        let aside = path.with_extension("part");
        std::fs::write(&aside, text + "\n").map_err(failed)?;
        std::fs::rename(&aside, &path).map_err(failed)?;
        Ok(reply)
    }
}
