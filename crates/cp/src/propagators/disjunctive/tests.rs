//! x
//!
//! **Source:** -
