//! Questions about a schedule.
//!
//! **Source:** -
