//! Reports.
//!
//! **Source:** -

/// Later.
#[derive(Debug)]
pub struct Report;
