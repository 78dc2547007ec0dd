//! Rows of results of the bench of quality: gaps, and what must not be.
//!
//! **Source:** -

use crate::runs::{Case, Side};
use serde::{Deserialize, Serialize};

/// One run.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(super) struct Row {
    #[serde(flatten)]
    pub(super) case: Case,
    /// The objective.
    pub(super) minimized: String,
    #[serde(flatten)]
    pub(super) side: Side,
}

impl Row {
    /// (cost - best) / best in percent, where both are there.
    pub(super) fn gap_to_known(&self) -> Option<f64> {
        let (cost, best) = (self.side.objective?, self.case.known.upper?);
        match best {
            0 => (cost == 0).then_some(0.0),
            _ => Some(100.0 * (cost - best) as f64 / best.abs() as f64),
        }
    }

    /// (cost - bound) / cost in percent, where there is a schedule.
    pub(super) fn gap_to_bound(&self) -> Option<f64> {
        let (cost, bound) = (self.side.objective?, self.side.bound?);
        match cost {
            0 => (bound == 0).then_some(0.0),
            _ => Some(100.0 * (cost - bound) as f64 / cost.abs() as f64),
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.side.error.is_some()
    }

    /// What must not be.
    pub(super) fn trouble(&self) -> Option<String> {
        let failed = self.side.error.as_ref().map(|it| format!("FAILED: {it}"));
        let disagrees = || self.side.disagrees(&self.case.known);
        failed.or_else(|| disagrees().map(|it| format!("CONTRADICTION: {it}")))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::sweep::known::Known;

    pub(in crate::quality) fn row(list: &str, cost: i64, bound: i64, best: Option<i64>) -> Row {
        let text = |it: &str| it.to_owned();
        let case = Case {
            version: text("0.1.0"),
            commit: String::new(),
            list: text(list),
            folder: text("jobshop"),
            path: text("ft/ft10.txt"),
            variant: String::new(),
            instance: text("ft10"),
            time_s: 1.0,
            workers: 2,
            seed: 1,
            recipe: text("auto"),
            known: Known { lower: None, upper: best, infeasible: false },
        };
        let status = text(if cost == bound { "optimal" } else { "feasible" });
        let side = Side { status, objective: Some(cost), bound: Some(bound), ..Side::default() };
        Row { case, minimized: text("makespan"), side }
    }

    #[test]
    fn gaps_are_told_where_there_is_something_to_compare_with() {
        let found = row("a", 110, 88, Some(100));
        assert_eq!((found.gap_to_known(), found.gap_to_bound()), (Some(10.0), Some(20.0)));
        let found = row("a", 0, 0, Some(0));
        assert_eq!((found.gap_to_known(), found.gap_to_bound()), (Some(0.0), Some(0.0)));
        let found = row("a", 3, 0, Some(0));
        assert_eq!((found.gap_to_known(), found.gap_to_bound()), (None, Some(100.0)));
        assert_eq!(row("a", 3, 0, None).gap_to_known(), None);
        let wrong = row("a", 110, 105, Some(100)).trouble().expect("trouble");
        assert_eq!(wrong, "CONTRADICTION: bound 105 above the known cost 100");
    }

    #[test]
    fn a_row_is_read_back_as_it_was_written() {
        let found = row("a", 110, 88, Some(100));
        let text = serde_json::to_string(&found).expect("text");
        let back: Row = serde_json::from_str(&text).expect("a row");
        assert_eq!(back.case, found.case);
        assert_eq!((back.side.objective, back.minimized), (Some(110), found.minimized));
    }
}
