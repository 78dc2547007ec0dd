//! Speed of tabu search: moves evaluated per second on one core.
//!
//! A 20 x 20 job shop with durations uniform in 1..=99 and random machine orders, as in Taillard's
//! generator, seeded.
//!
//! **Source:** Taillard 1993 (instances); Nowicki, Smutnicki 1996 (moves).

use std::io::Write;

pub(crate) fn run(_arguments: &[String], out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "to be written")?;
    Ok(())
}
