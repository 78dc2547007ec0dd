//! The subject: relaxation.
//!
//! **Source:** see each module.
