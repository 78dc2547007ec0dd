//! Mean gaps per class of due times.
//!
//! **Source:** classes of Potts, Van Wassenhove 1982: range RDD of due times, tardiness factor TF.

use super::{RULES, Sheet, Values, sets, table};
use anyhow::Result;

const RANGES: [&str; 5] = ["0.2", "0.4", "0.6", "0.8", "1.0"];
const FACTORS: [&str; 4] = ["0.2", "0.4", "0.6", "0.8"];

/// Prints a table per set; classes without an optimum above 0 have no gap.
pub(super) fn print(sets: &[sets::Set], values: &Values, sheet: &mut Sheet<'_>) -> Result<()> {
    for (set, values) in sets.iter().zip(values) {
        let heads = RULES.iter().map(|rule| rule.name.to_owned());
        let lead = ["RDD", "TF", "optimum > 0"].map(str::to_owned);
        let mut printed = table(lead.into_iter().chain(heads).collect());
        for (class, instances) in set.instances.chunks(set.per_class).enumerate() {
            let optima: Vec<i64> = instances.iter().map(|it| it.optimum).collect();
            let counted = optima.iter().filter(|&&optimum| optimum > 0).count();
            let lead = [
                RANGES.get(class / FACTORS.len()).copied().unwrap_or("-").to_owned(),
                FACTORS[class % FACTORS.len()].to_owned(),
                counted.to_string(),
            ];
            let first = class * set.per_class;
            let gaps = values.iter().map(|of_rule| {
                let gap = sets::gap(&of_rule[first..first + instances.len()], &optima);
                if counted == 0 { "-".to_owned() } else { format!("{gap:.2}") }
            });
            printed.add_row(lead.into_iter().chain(gaps));
        }
        sheet.table(&format!("{} jobs, per class", set.name), &printed)?;
    }
    Ok(())
}
