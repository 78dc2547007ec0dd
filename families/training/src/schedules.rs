//! The subject: schedules.
//!
//! **Source:** see each module.
