//! The registry: everything that has a name, assembled once.
//!
//! Command line, HTTP and Python all read this. No global registry that code mutates: constants.
//!
//! **Source:** -

mod entry;
mod lists;
mod worlds;

pub use entry::{Entry, Kind};
pub use lists::{FAMILIES, Family, entries, family_of, formats};
pub use worlds::{WORLDS, policy_of, world_named};
