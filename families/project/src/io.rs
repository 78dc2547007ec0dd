//! The formats of projects.
//!
//! **Source:** see each format.

mod psplib;

use ordine_wire::Format;

pub use psplib::Psplib;

/// Every format of the family; among equal fits the earlier one wins.
pub static FORMATS: &[&dyn Format] = &[&Psplib];
