//! Rows of results: both sides of one instance, what contradicts, who wins.
//!
//! **Source:** -

use crate::sweep::known::Known;
use serde::{Deserialize, Serialize};

/// Seconds below which two times count as equal: nobody waits for less.
const SHORTEST_S: f64 = 1e-3;

/// What one side found.
#[derive(Serialize, Deserialize, Clone, Debug, Default)]
pub(super) struct Side {
    /// `optimal`, `feasible`, `infeasible`, `unknown` or `error`.
    pub(super) status: String,
    pub(super) objective: Option<i64>,
    pub(super) bound: Option<i64>,
    /// Wall time of the solver, models of ours included, those of the peer not.
    pub(super) solve_s: f64,
    /// Wall time of the whole call: reading, building, solving, judging or answering.
    pub(super) call_s: f64,
    /// What went wrong, with `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
}

impl Side {
    /// Whether nothing is left open.
    pub(super) fn has_proved(&self) -> bool {
        ["optimal", "infeasible"].contains(&self.status.as_str())
    }

    /// Seconds of the solver, not below what can be told apart.
    pub(super) fn time_s(&self) -> f64 {
        self.solve_s.max(SHORTEST_S)
    }

    /// How this side disagrees with itself or with what is known.
    fn disagrees(&self, known: &Known) -> Option<String> {
        let Side { objective, bound, .. } = self;
        let low = objective.zip(*bound).filter(|(cost, bound)| cost < bound);
        if let Some((cost, bound)) = low {
            return Some(format!("cost {cost} below its own bound {bound}"));
        }
        if let Some((cost, lower)) = objective.zip(known.lower).filter(|(cost, low)| cost < low) {
            return Some(format!("cost {cost} below the known bound {lower}"));
        }
        if let Some((bound, upper)) = bound.zip(known.upper).filter(|(bound, up)| bound > up) {
            return Some(format!("bound {bound} above the known cost {upper}"));
        }
        if objective.is_some() && known.infeasible {
            return Some("a schedule where none is known to be".to_owned());
        }
        (self.status == "infeasible" && known.upper.is_some())
            .then(|| "infeasible where a schedule is known".to_owned())
    }
}

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
    pub(super) version: String,
    pub(super) commit: String,
    pub(super) list: String,
    pub(super) folder: String,
    pub(super) path: String,
    pub(super) variant: String,
    pub(super) instance: String,
    pub(super) recipe: String,
    pub(super) setting: String,
    pub(super) time_s: f64,
    pub(super) workers: usize,
    pub(super) seed: u64,
    pub(super) peer: String,
    pub(super) peer_version: String,
    pub(super) known: Known,
    pub(super) ours: Side,
    pub(super) theirs: Side,
}

impl Row {
    /// Whether the two were made by the same builds under the same limits.
    pub(super) fn is_comparable(&self, other: &Row) -> bool {
        let key = |row: &Row| {
            let (version, commit) = (row.version.clone(), row.commit.clone());
            let peer = (row.peer.clone(), row.peer_version.clone());
            (version, commit, row.recipe.clone(), peer, row.workers)
        };
        key(self) == key(other) && self.time_s == other.time_s
    }

    /// Every disagreement between the two, with themselves and with what is known.
    pub(super) fn contradictions(&self) -> Vec<String> {
        let (ours, theirs) = (&self.ours, &self.theirs);
        let side =
            |who: &str, side: &Side| side.disagrees(&self.known).map(|it| format!("{who}: {it}"));
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
            let (our_s, their_s) = (ours.time_s(), theirs.time_s());
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
        Row {
            version: "0.1.0".to_owned(),
            commit: String::new(),
            list: "jobshop-ft".to_owned(),
            folder: "jobshop".to_owned(),
            path: "ft/ft10.txt".to_owned(),
            variant: String::new(),
            instance: "ft10".to_owned(),
            recipe: "auto".to_owned(),
            setting: "default".to_owned(),
            time_s: 60.0,
            workers: 2,
            seed: 1,
            peer: "peer".to_owned(),
            peer_version: "1".to_owned(),
            known: Known::default(),
            ours,
            theirs,
        }
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
        found.known = Known { lower: Some(930), upper: Some(930), infeasible: false };
        let contradictions = found.contradictions();
        assert_eq!(contradictions[0], "ours: cost 929 below the known bound 930");
        assert_eq!(contradictions[1], "theirs: bound 931 above the known cost 930");
        let mut found = row(side("unknown", 0, 1, 1.0), side("infeasible", 0, 0, 1.0));
        found.known.upper = Some(26);
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
