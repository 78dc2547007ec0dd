//! Learners that suggest and observe.
//!
//! **Source:** see each module.
