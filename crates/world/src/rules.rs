//! The library of dispatching rules: one file each, one line each in [`RULES`].
//!
//! A rule that scores candidates is a [`Rule`], one that orders everything at once a
//! [`SequenceRule`]; both have their line in the same list.
//!
//! **Source:** Panwalkar, Iskander 1977; Haupt 1989; Kolisch 1996; each rule names its own.

mod atc;
mod atcs;
mod augmented;
mod cds;
mod covert;
mod cr;
mod edd;
mod eddc;
mod fifo;
mod grpw;
mod lft;
mod lifo;
mod lopnr;
mod lpt;
mod lst;
mod lwkr;
mod mdd;
mod mddc;
mod minslk;
mod mopnr;
mod mts;
mod mwkr;
mod neh;
mod palmer;
mod panneerselvam;
mod psk;
mod random;
mod slack;
mod sopn;
mod spt;
#[cfg(test)]
mod tests;
mod wcs;
mod wmdd;
mod wspt;

pub use atc::Atc;
pub use atcs::Atcs;
pub use augmented::{
    Augmentation, AugmentedMdd, AugmentedMddc, augmented_mdd_sequence, augmented_mddc_sequence,
};
pub use cds::{Cds, cds_sequence};
pub use covert::Covert;
pub use cr::Cr;
pub use edd::{Edd, edd_sequence};
pub use eddc::{Eddc, eddc_sequence};
pub use fifo::Fifo;
pub use grpw::Grpw;
pub use lft::Lft;
pub use lifo::Lifo;
pub use lopnr::Lopnr;
pub use lpt::Lpt;
pub use lst::Lst;
pub use lwkr::Lwkr;
pub use mdd::{Mdd, mdd_sequence};
pub use mddc::{Mddc, mddc_sequence};
pub use minslk::Minslk;
pub use mopnr::Mopnr;
pub use mts::Mts;
pub use mwkr::Mwkr;
pub use neh::{Neh, neh_sequence};
pub use palmer::{Palmer, palmer_sequence};
pub use panneerselvam::Panneerselvam;
pub use psk::{Psk, psk_sequence};
pub use random::Random;
pub use slack::Slack;
pub use sopn::Sopn;
pub use spt::{Spt, spt_sequence};
pub use wcs::Wcs;
pub use wmdd::Wmdd;
pub use wspt::Wspt;

use crate::{Need, Rule, SequenceRule};
use ordine_problem::Problem;

/// How a rule decides.
#[derive(Clone, Copy)]
pub enum RuleKind {
    /// Scores candidates at each decision.
    Scores(&'static dyn Rule),
    /// Orders everything at once.
    Orders(&'static dyn SequenceRule),
}

/// A rule with the name by which people call it.
#[derive(Clone, Copy)]
pub struct NamedRule {
    /// Name on the command line: lower case.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// The rule.
    pub kind: RuleKind,
}

impl NamedRule {
    /// The rule, if it scores candidates.
    pub fn scoring(&self) -> Option<&'static dyn Rule> {
        match self.kind {
            RuleKind::Scores(rule) => Some(rule),
            RuleKind::Orders(_) => None,
        }
    }

    /// What a problem must have for the rule to apply.
    pub fn need(&self) -> Need {
        match self.kind {
            RuleKind::Scores(rule) => rule.need(),
            RuleKind::Orders(rule) => rule.need(),
        }
    }

    /// What the rule needs and the problem has not, in words; `None` when the rule applies.
    pub fn refusal(&self, problem: &Problem) -> Option<&'static str> {
        let need = self.need();
        (!need.is_met(problem)).then(|| need.words())
    }
}

impl std::fmt::Debug for NamedRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// A line of the list: a rule that scores.
const fn scores(
    name: &'static str,
    summary: &'static str,
    source: &'static str,
    rule: &'static dyn Rule,
) -> NamedRule {
    NamedRule { name, summary, source, kind: RuleKind::Scores(rule) }
}

/// A line of the list: a rule that orders.
const fn orders(
    name: &'static str,
    summary: &'static str,
    source: &'static str,
    rule: &'static dyn SequenceRule,
) -> NamedRule {
    NamedRule { name, summary, source, kind: RuleKind::Orders(rule) }
}

/// Every rule, in alphabetical order.
pub const RULES: [NamedRule; 35] = [
    scores(
        "atc",
        "apparent tardiness cost: weight per tick, discounted by slack",
        "Vepsalainen, Morton 1987",
        &Atc,
    ),
    scores(
        "atcs",
        "apparent tardiness cost, discounted by setups too",
        "Lee, Bhaskaran, Pinedo 1997",
        &Atcs,
    ),
    orders(
        "augmented-mdd",
        "modified due time, then the best earlier job put last",
        "Bean, Hall 1985",
        &AugmentedMdd,
    ),
    orders(
        "augmented-mddc",
        "corrected due time, then the best earlier job put last",
        "Çetinkaya et al. 2025",
        &AugmentedMddc(Augmentation::Best),
    ),
    orders(
        "augmented-mddc-pass",
        "corrected due time, then each earlier job that helps put last",
        "Çetinkaya et al. 2025",
        &AugmentedMddc(Augmentation::Pass),
    ),
    orders(
        "cds",
        "flow shops: the best of the orders for two machines made of several",
        "Campbell, Dudek, Smith 1970",
        &Cds,
    ),
    scores("covert", "cost over time: expected tardiness per tick", "Carroll 1965", &Covert),
    scores("cr", "critical ratio: time left over work left", "Berry, Rao 1975", &Cr),
    scores("edd", "earliest due time first", "Jackson 1955", &Edd),
    orders(
        "eddc",
        "earliest due time as far as nobody becomes late for it",
        "Çetinkaya et al. 2025",
        &Eddc,
    ),
    scores("fifo", "first in, first out", "Haupt 1989", &Fifo),
    scores("grpw", "greatest rank positional weight", "Alvarez-Valdes, Tamarit 1989", &Grpw),
    scores("lft", "least latest end", "Davis, Patterson 1975", &Lft),
    scores("lifo", "last in, first out", "Panwalkar, Iskander 1977", &Lifo),
    scores("lopnr", "fewest tasks remaining first", "Panwalkar, Iskander 1977", &Lopnr),
    scores("lpt", "longest duration first", "Graham 1969", &Lpt),
    scores("lst", "least latest start", "Kolisch 1996", &Lst),
    scores("lwkr", "least work remaining first", "Panwalkar, Iskander 1977", &Lwkr),
    scores("mdd", "modified due time: due time or earliest end", "Baker, Bertrand 1982", &Mdd),
    scores("mddc", "modified due time with correction", "Çetinkaya et al. 2025", &Mddc),
    scores("minslk", "least slack first", "Davis, Patterson 1975", &Minslk),
    scores("mopnr", "most tasks remaining first", "Haupt 1989", &Mopnr),
    scores("mts", "most total successors first", "Alvarez-Valdes, Tamarit 1989", &Mts),
    scores("mwkr", "most work remaining first", "Panwalkar, Iskander 1977", &Mwkr),
    orders(
        "neh",
        "flow shops: jobs by total duration, each put where it fits best",
        "Nawaz, Enscore, Ham 1983",
        &Neh,
    ),
    orders("palmer", "flow shops: jobs by the slope of their durations", "Palmer 1965", &Palmer),
    scores(
        "panneerselvam",
        "longest wait to the end of all, per tick of duration",
        "Panneerselvam 2006",
        &Panneerselvam,
    ),
    orders(
        "psk",
        "one machine: short jobs first, unless another is more urgent",
        "Panwalkar, Smith, Koulamas 1993",
        &Psk,
    ),
    scores("random", "any, drawn with the seed of the run", "Panwalkar, Iskander 1977", &Random),
    scores("slack", "least slack of the job first", "Conway 1965", &Slack),
    scores("sopn", "least slack of the job per task that remains", "Conway 1965", &Sopn),
    scores("spt", "shortest duration first", "Smith 1956", &Spt),
    scores("wcs", "least slack if the worst of the others goes first", "Kolisch 1996", &Wcs),
    scores("wmdd", "weighted modified due time", "Kanet, Li 2004", &Wmdd),
    scores("wspt", "greatest weight per tick of duration first", "Smith 1956", &Wspt),
];

/// The rule of this name, if there is one.
pub fn rule_named(name: &str) -> Option<NamedRule> {
    RULES.into_iter().find(|rule| rule.name == name)
}
