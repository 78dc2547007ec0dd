//! Client of language models behind any endpoint that speaks the chat-completion protocol.
//!
//! [`Complete`] turns a [`Request`] into a [`Reply`]. [`Endpoint`] sends it through a [`Post`]
//! (HTTP with the feature `http`, or a [`Scripted`] one) and tries again where that helps;
//! [`Limited`] keeps a ledger and refuses a call that could pass the budget; [`Recorded`] keeps
//! cassettes, so that a run can be repeated without a network. [`Journal`] is append-only.
//!
//! ```
//! use ordine_chat::{Complete, Endpoint, NoPause, Request, Scripted, reply_body};
//!
//! let script = Scripted::of([(429, String::new()), (200, reply_body("p + d", 12, 3))]);
//! let mut endpoint = Endpoint::new(script, NoPause, 1);
//! let reply = endpoint.complete(&Request::asking("model", "A rule?")).expect("an answer");
//! assert_eq!((reply.text.as_str(), reply.tries), ("p + d", 2));
//! ```
//!
//! **Source:** the chat-completion protocol as served by vLLM, llama.cpp, Ollama and others.

mod cassette;
mod complete;
mod endpoint;
#[cfg(feature = "http")]
mod http;
mod journal;
mod limits;
mod pace;
mod purse;
mod request;
mod scripted;

pub use cassette::{CassetteMode, Nobody, Recorded};
pub use complete::{ChatError, Complete, Finish, Reply, Usage};
pub use endpoint::{Answer, Endpoint, NoPause, Pause, Post};
#[cfg(feature = "http")]
pub use http::HttpPost;
pub use journal::{Entry, Journal};
pub use limits::{Budget, Ledger, Limited, Price};
pub use pace::{Admission, Pace, Rates};
pub use purse::{Purse, Reserved};
pub use request::{Message, Request, Tool, ToolCall};
pub use scripted::{Scripted, reply_body};
