//! The library of dispatching rules: one file each, one line each in [`RULES`].
//!
//! **Source:** Panwalkar, Iskander 1977; Haupt 1989; Kolisch 1996; each rule names its own.

mod fifo;
mod grpw;
mod lft;
mod lpt;
mod minslk;
mod mopnr;
mod mwkr;
mod spt;

pub use fifo::Fifo;
pub use grpw::Grpw;
pub use lft::Lft;
pub use lpt::Lpt;
pub use minslk::Minslk;
pub use mopnr::Mopnr;
pub use mwkr::Mwkr;
pub use spt::Spt;

use crate::Rule;

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
    pub rule: &'static dyn Rule,
}

impl std::fmt::Debug for NamedRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

const fn named(
    name: &'static str,
    summary: &'static str,
    source: &'static str,
    rule: &'static dyn Rule,
) -> NamedRule {
    NamedRule { name, summary, source, rule }
}

/// Every rule, in alphabetical order.
pub const RULES: [NamedRule; 8] = [
    named("fifo", "first in, first out", "Haupt 1989", &Fifo),
    named("grpw", "greatest rank positional weight", "Alvarez-Valdes, Tamarit 1989", &Grpw),
    named("lft", "least latest end", "Davis, Patterson 1975", &Lft),
    named("lpt", "longest duration first", "Graham 1969", &Lpt),
    named("minslk", "least slack first", "Davis, Patterson 1975", &Minslk),
    named("mopnr", "most tasks remaining first", "Haupt 1989", &Mopnr),
    named("mwkr", "most work remaining first", "Panwalkar, Iskander 1977", &Mwkr),
    named("spt", "shortest duration first", "Smith 1956", &Spt),
];

/// The rule of this name, if there is one.
pub fn rule_named(name: &str) -> Option<NamedRule> {
    RULES.into_iter().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Candidate, Features, Observation};
    use ordine_base::{Id, Ticks, Time};
    use ordine_problem::{ModeId, TaskId};

    /// Two candidates that differ in every feature; the first is short, urgent and near its end.
    fn pair() -> [Candidate; 2] {
        let candidate = |index, features| Candidate {
            task: TaskId::from_index(index),
            mode: ModeId::from_index(index),
            allowed: true,
            features,
        };
        let first = Features {
            duration: Ticks::new(2),
            eligible_since: Time::new(5),
            start: Time::new(5),
            latest_start: Time::new(6),
            latest_end: Time::new(8),
            work_remaining: Ticks::new(2),
            tasks_remaining: 1,
            positional_weight: Ticks::new(2),
            weight: 1,
            release: Time::ORIGIN,
            due: None,
        };
        let second = Features {
            duration: Ticks::new(9),
            eligible_since: Time::new(1),
            start: Time::new(1),
            latest_start: Time::new(4),
            latest_end: Time::new(13),
            work_remaining: Ticks::new(20),
            tasks_remaining: 3,
            positional_weight: Ticks::new(15),
            ..first
        };
        [candidate(0, first), candidate(1, second)]
    }

    #[test]
    fn each_rule_prefers_what_its_definition_says() {
        let [first, second] = pair();
        let observation = Observation::default();
        let winners = [
            ("fifo", 1),
            ("grpw", 1),
            ("lft", 0),
            ("lpt", 1),
            ("minslk", 0),
            ("mopnr", 1),
            ("mwkr", 1),
            ("spt", 0),
        ];
        assert_eq!(winners.len(), RULES.len());
        for (named, (name, winner)) in RULES.iter().zip(winners) {
            assert_eq!(named.name, name);
            let scores = [&first, &second].map(|it| named.rule.score(it, &observation));
            assert_eq!(usize::from(scores[1] < scores[0]), winner, "{name}: {scores:?}");
        }
    }
}
