//! Rows of results: both sides of one instance, what contradicts, who wins.
//!
//! **Source:** -

use crate::runs::{Case, Side};
use serde::{Deserialize, Serialize};

/// Seconds below which two times count as equal: nobody waits for less.
const SHORTEST_S: f64 = 1e-3;

/// Who did better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Winner {
    Ours,
    Theirs,
    Neither,
}

/// One run of both.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(super) struct Row {
    #[serde(flatten)]
    pub(super) case: Case,
    pub(super) setting: String,
    pub(super) peer: String,
    pub(super) peer_version: String,
    pub(super) ours: Side,
    pub(super) theirs: Side,
}

/// Seconds of the solver, not below what can be told apart.
pub(super) fn time_s(side: &Side) -> f64 {
    side.solve_s.max(SHORTEST_S)
}

impl Row {
    /// Whether the two were made by the same builds under the same limits.
    pub(super) fn is_comparable(&self, other: &Row) -> bool {
        let key = |row: &Row| (row.case.recipe.clone(), row.peer.clone(), row.peer_version.clone());
        self.case.is_comparable(&other.case) && key(self) == key(other)
    }

    /// Every disagreement between the two, with themselves and with what is known.
    pub(super) fn contradictions(&self) -> Vec<String> {
        let (ours, theirs) = (&self.ours, &self.theirs);
        let side = |who: &str, side: &Side| {
            side.disagrees(&self.case.known).map(|it| format!("{who}: {it}"))
        };
        let mut all: Vec<String> =
            [side("ours", ours), side("theirs", theirs)].into_iter().flatten().collect();
        all.extend(between("our", ours, "their", theirs));
        all.extend(between("their", theirs, "our", ours));
        all
    }

    /// Every side that failed.
    pub(super) fn failures(&self) -> Vec<String> {
        let failed = |who: &str, side: &Side| side.error.as_ref().map(|it| format!("{who}: {it}"));
        [failed("ours", &self.ours), failed("theirs", &self.theirs)].into_iter().flatten().collect()
    }

    /// Whether both have proved.
    pub(super) fn is_proved_by_both(&self) -> bool {
        self.ours.has_proved() && self.theirs.has_proved()
    }

    /// By proof, then by its time; without proofs by cost, then by bound.
    pub(super) fn winner(&self) -> Winner {
        let (ours, theirs) = (&self.ours, &self.theirs);
        let better = |is_ours: bool, is_theirs: bool| match (is_ours, is_theirs) {
            (true, false) => Winner::Ours,
            (false, true) => Winner::Theirs,
            _ => Winner::Neither,
        };
        if !self.failures().is_empty() {
            return Winner::Neither;
        }
        if self.is_proved_by_both() {
            let (our_s, their_s) = (time_s(ours), time_s(theirs));
            return better(our_s < their_s, their_s < our_s);
        }
        if ours.has_proved() || theirs.has_proved() {
            return better(ours.has_proved(), theirs.has_proved());
        }
        let cost = |side: &Side| side.objective.unwrap_or(i64::MAX);
        if cost(ours) != cost(theirs) {
            return better(cost(ours) < cost(theirs), cost(theirs) < cost(ours));
        }
        better(ours.bound > theirs.bound, theirs.bound > ours.bound)
    }
}

/// What one side claims against what the other has found.
fn between(claims: &str, claim: &Side, finds: &str, find: &Side) -> Option<String> {
    let cost = find.objective?;
    if claim.status == "infeasible" {
        return Some(format!("{claims} `infeasible` against {finds} schedule of {cost}"));
    }
    let bound = claim.bound.filter(|&bound| bound > cost)?;
    Some(format!("{claims} bound {bound} above {finds} cost {cost}"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::sweep::known::Known;

    pub(in crate::peers) fn side(status: &str, cost: i64, bound: i64, solve_s: f64) -> Side {
        let has_schedule = ["optimal", "feasible"].contains(&status);
        Side {
            status: status.to_owned(),
            objective: has_schedule.then_some(cost),
            bound: (status != "infeasible").then_some(bound),
            solve_s,
            call_s: solve_s,
            error: None,
        }
    }

    pub(in crate::peers) fn row(ours: Side, theirs: Side) -> Row {
        let text = |it: &str| it.to_owned();
        let case = Case {
            version: text("0.1.0"),
            commit: String::new(),
            list: text("jobshop-ft"),
            folder: text("jobshop"),
            path: text("ft/ft10.txt"),
            variant: String::new(),
            instance: text("ft10"),
            time_s: 60.0,
            workers: 2,
            seed: 1,
            recipe: text("auto"),
            known: Known::default(),
        };
        let (setting, peer, peer_version) = (text("default"), text("peer"), text("1"));
        Row { case, setting, peer, peer_version, ours, theirs }
    }

    #[test]
    fn a_proof_below_which_the_other_finds_a_schedule_is_a_contradiction() {
        let found = row(side("optimal", 930, 930, 1.0), side("feasible", 929, 900, 60.0));
        assert_eq!(found.contradictions(), ["our bound 930 above their cost 929"]);
        let found = row(side("feasible", 26, 20, 1.0), side("infeasible", 0, 0, 0.1));
        assert_eq!(found.contradictions(), ["their `infeasible` against our schedule of 26"]);
        let agreed = row(side("optimal", 930, 930, 1.0), side("feasible", 930, 900, 60.0));
        assert_eq!(agreed.contradictions(), [] as [&str; 0]);
    }

    #[test]
    fn what_is_known_contradicts_either_side() {
        let mut found = row(side("feasible", 929, 900, 1.0), side("feasible", 940, 931, 1.0));
        found.case.known = Known { lower: Some(930), upper: Some(930), infeasible: false };
        let contradictions = found.contradictions();
        assert_eq!(contradictions[0], "ours: cost 929 below the known bound 930");
        assert_eq!(contradictions[1], "theirs: bound 931 above the known cost 930");
        let mut found = row(side("unknown", 0, 1, 1.0), side("infeasible", 0, 0, 1.0));
        found.case.known.upper = Some(26);
        assert_eq!(found.contradictions(), ["theirs: infeasible where a schedule is known"]);
    }

    #[test]
    fn a_proof_wins_before_time_and_a_failure_never_does() {
        let proved = |solve_s| side("optimal", 930, 930, solve_s);
        let open = |cost, bound| side("feasible", cost, bound, 60.0);
        assert_eq!(row(proved(2.0), proved(1.0)).winner(), Winner::Theirs);
        assert_eq!(row(proved(1e-5), proved(2e-4)).winner(), Winner::Neither);
        assert_eq!(row(proved(59.0), open(930, 929)).winner(), Winner::Ours);
        assert_eq!(row(open(931, 920), open(930, 900)).winner(), Winner::Theirs);
        assert_eq!(row(open(930, 920), open(930, 900)).winner(), Winner::Ours);
        let mut failed = row(proved(1.0), Side { status: "error".to_owned(), ..Side::default() });
        failed.theirs.error = Some("it has ended".to_owned());
        assert_eq!(failed.winner(), Winner::Neither);
        assert_eq!(failed.failures(), ["theirs: it has ended"]);
    }
}
