//! The subject: rollouts.
//!
//! **Source:** see each module.
