//! Beyond the paper: dispatch by the prices of the load bound, and plans over the whole system.
//!
//! **Source:** Sung et al. 2020 for what they are compared with

use super::{Arguments, Sheet, at_scale, latencies, shown, table_of};
use anyhow::Result;
use ordine_soc::{load_bound, profiles};
use std::sync::Arc;

pub(super) fn run(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let mut rows = table_of(&["scheduler", "runs", "scale 25", "scale 50", "scale 100"]);
    for name in ["heft-rt", "met", "etf", "aware-short", "lp-guided", "horizon"] {
        let seeds = if name == "horizon" { arguments.plan_seeds } else { arguments.seeds };
        let mut row = vec![name.to_owned(), seeds.to_string()];
        for scale in [25.0, 50.0, 100.0] {
            row.push(shown(&latencies(name, &instance, &at_scale(scale), seeds)?));
        }
        rows.add_row(row);
    }
    sheet.table("Further schedulers, synthetic load", &rows)?;
    let bound = load_bound(&instance).map_or(f64::NAN, |bound| 3.0 * bound.load);
    sheet.line(&format!("no scheduler can be below {bound:.1} us while the system is full"))
}
