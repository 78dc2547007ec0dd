//! Properties that one claims of a rule, tried on instances instead of believed.
//!
//! O(jobs²) for each order.
//!
//! **Source:** Claessen, Hughes 2000 (properties tried on drawn cases); Emmons 1969 (orders).

use crate::{Candidate, Harness, Jobs};
use ordine_rule_language::Scratch;
use serde::Serialize;

/// Instances on which claims are tried at most.
const TRIED: usize = 1000;

/// What may be claimed of the order of jobs on one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A job that is shorter and due earlier than another one goes before it.
    Agreeable,
    /// No job that ends late begins while another one could still end in time.
    OnTimeFirst,
}

impl Claim {
    /// Every claim.
    pub const ALL: [Claim; 2] = [Claim::Agreeable, Claim::OnTimeFirst];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Claim::Agreeable => "a job that is shorter and due earlier goes first",
            Claim::OnTimeFirst => "no late job begins while another could still end in time",
        }
    }

    /// Whether an order of these jobs is as claimed.
    pub fn is_kept(self, jobs: &Jobs, order: &[u32]) -> bool {
        let mut now = 0;
        for (place, &job) in order.iter().enumerate() {
            let (duration, due) = (jobs.durations[job as usize], jobs.dues[job as usize]);
            let is_broken_by = |&other: &u32| {
                let (later, later_due) =
                    (jobs.durations[other as usize], jobs.dues[other as usize]);
                match self {
                    Claim::Agreeable => later < duration && later_due < due,
                    Claim::OnTimeFirst => now + duration > due && now + later <= later_due,
                }
            };
            if order[place + 1..].iter().any(is_broken_by) {
                return false;
            }
            now += duration;
        }
        true
    }
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// The claim in words.
    pub claim: &'static str,
    /// On so many instances it was tried.
    pub instances: usize,
    /// On so many of them it does not hold.
    pub broken: usize,
    /// The first of those.
    pub first: Option<String>,
}

/// Every claim on up to a thousand instances of all sets; none where the arena knows no claims.
pub fn claims(harness: &Harness<'_>, candidate: &Candidate) -> Vec<Tried> {
    let (splits, arena) = (harness.splits(), harness.arena());
    let own = [&splits.train, &splits.validation, &splits.test];
    let all = own.into_iter().chain(splits.shift.iter().map(|it| &it.1)).flatten();
    let places: Vec<usize> = all.copied().take(TRIED).collect();
    let mut scratch = Scratch::default();
    let mut tried = Vec::new();
    for claim in Claim::ALL {
        let mut found = Tried { claim: claim.words(), instances: 0, broken: 0, first: None };
        for &place in &places {
            let Some(is_kept) = arena.keeps(claim, place, candidate, &mut scratch) else {
                continue;
            };
            found.instances += 1;
            if !is_kept {
                found.broken += 1;
                found.first.get_or_insert_with(|| arena.facts()[place].name.clone());
            }
        }
        tried.extend((found.instances > 0).then_some(found));
    }
    tried
}
