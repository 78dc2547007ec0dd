//! The program as its users see it: exit codes, streams, files.
//!
//! **Source:** the promises of the command line.

mod call;
mod charts;
mod exits;
mod explain;
mod files;
mod fronts;
mod help;
mod json;
mod lr;
mod replan;
mod runs;
mod schema;
mod shown;
mod signals;
mod simulate;
mod starts;
mod train;
mod variants;
