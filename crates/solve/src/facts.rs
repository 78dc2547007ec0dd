//! Facts: what a search has proved of every schedule that is good enough, in words of the problem.
//!
//! A search demands schedules that cost at most so much. What holds without any decision (dates
//! between which a task lies, modes that are taken or excluded, orders on machines) holds for every
//! such schedule, and every fact names that cost: another search may use it once it demands as
//! much itself. Models of one problem differ, so facts speak of tasks, modes and machines. Of each
//! subject the strongest is kept; O(log n) per fact that is added.
//!
//! **Source:** sharing of fixed literals between the workers of a portfolio: Youssef Hamadi, Saïd
//! Jabbour, Lakhdar Saïs, *ManySAT* (2009), and CP-SAT's shared bounds.

use ordine_problem::{ModeId, ResourceId, TaskId};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a fact speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Every schedule costs at least `value`.
    CostsFrom,
    /// Every schedule costs at most `-value`.
    CostsBy,
    /// A task, if it is there, starts at `value` or later.
    StartsFrom(TaskId),
    /// A task, if it is there, starts at `-value` or earlier.
    StartsBy(TaskId),
    /// A task, if it is there, ends at `value` or later.
    EndsFrom(TaskId),
    /// A task, if it is there, ends at `-value` or earlier.
    EndsBy(TaskId),
    /// A task is there.
    Runs(TaskId),
    /// A task is not there.
    IsLeftOut(TaskId),
    /// A task runs in this mode.
    Takes(ModeId),
    /// No task runs in this mode.
    Excludes(ModeId),
    /// On a machine the first of two modes goes before the second, if both are there.
    Before(ResourceId, ModeId, ModeId),
}

/// Something that holds for every schedule that costs at most so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it speaks of.
    pub subject: Subject,
    /// What it says of it: a time, a cost, or 0 where there is only yes. The larger the stronger.
    pub value: i64,
    /// It holds for schedules of at most this cost.
    pub cost_max: i64,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    value: i64,
    cost_max: i64,
    number: u64,
}

/// The strongest fact of each subject, by time of arrival.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    known: BTreeMap<Subject, Known>,
    arrivals: BTreeMap<u64, Subject>,
    next: u64,
}

impl Facts {
    /// Adds a fact, unless one that is as strong is known.
    pub fn add(&mut self, fact: Fact) {
        let Fact { subject, value, cost_max } = fact;
        if let Some(known) = self.known.get(&subject) {
            if known.value > value || known.value == value && known.cost_max >= cost_max {
                return;
            }
            self.arrivals.remove(&known.number);
        }
        self.known.insert(subject, Known { value, cost_max, number: self.next });
        self.arrivals.insert(self.next, subject);
        self.next += 1;
    }

    /// The number of the fact that comes next.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Facts that arrived since `number` and are still the strongest.
    pub fn since(&self, number: u64) -> impl Iterator<Item = Fact> {
        self.since_but(number, 0..0)
    }

    /// The same without those that arrived within a range of numbers: one's own.
    pub fn since_but(&self, number: u64, own: Range<u64>) -> impl Iterator<Item = Fact> {
        let others = self.arrivals.range(number..).filter(move |it| !own.contains(it.0));
        others.map(|(_, &subject)| {
            let Known { value, cost_max, .. } = self.known[&subject];
            Fact { subject, value, cost_max }
        })
    }

    /// Takes out the facts that hold for every schedule of at most this cost.
    pub fn take(&mut self, cost_max: i64) -> Vec<Fact> {
        let usable: Vec<Fact> = self.since(0).filter(|fact| fact.cost_max >= cost_max).collect();
        for fact in &usable {
            let known = self.known.remove(&fact.subject).expect("it was listed");
            self.arrivals.remove(&known.number);
        }
        usable
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Id;

    fn starts_from(task: usize, value: i64, cost_max: i64) -> Fact {
        Fact { subject: Subject::StartsFrom(TaskId::from_index(task)), value, cost_max }
    }

    #[test]
    fn a_fact_waits_until_its_cost_is_demanded() {
        let mut facts = Facts::default();
        facts.add(starts_from(0, 5, 100));
        facts.add(starts_from(1, 7, i64::MAX));
        assert_eq!(facts.take(101), [starts_from(1, 7, i64::MAX)]);
        assert_eq!(facts.take(100), [starts_from(0, 5, 100)]);
        assert!(facts.is_empty());
    }

    #[test]
    fn of_each_subject_the_strongest_is_heard_once() {
        let mut facts = Facts::default();
        facts.add(starts_from(0, 5, 100));
        let heard = facts.next();
        facts.add(starts_from(0, 4, 100));
        facts.add(starts_from(0, 5, 90));
        assert_eq!(facts.since(heard).count(), 0);
        assert_eq!(facts.since_but(0, 0..heard).count(), 0);
        facts.add(starts_from(0, 6, 90));
        facts.add(starts_from(0, 8, 80));
        assert_eq!(facts.since(heard).collect::<Vec<_>>(), [starts_from(0, 8, 80)]);
        assert_eq!(facts.since(0).count(), 1);
    }
}
