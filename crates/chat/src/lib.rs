//! Chat.
//!
//! **Source:** -
