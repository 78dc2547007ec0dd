//! Augmentation of a rule that builds a sequence job by job on one machine: after each job, some
//! earlier job is taken out and put at the end where that lowers the tardiness so far.
//!
//! *Best*: of all earlier jobs the one that lowers it most, if any does. *Pass*: every earlier job
//! in turn, each at once where it lowers it. O(n³) with a running sum of what the jobs behind gain.
//!
//! **Source:** Bean, Hall 1985 (augmented MDD); Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025: its
//! code takes the best, its printed algorithm 3 makes a pass.

use super::{edd::edd_sequence, mdd::next_by_mdd, mddc::next_by_mddc};
use crate::{Need, SequenceRule, SingleMachine};
use ordine_problem::{Problem, TaskId};

/// Which earlier jobs are put at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Augmentation {
    /// The one that helps most.
    Best,
    /// Each one that helps, in turn.
    Pass,
}

/// MDD, augmented by the best job each time.
#[derive(Clone, Copy, Debug, Default)]
pub struct AugmentedMdd;

/// MDDC, augmented.
#[derive(Clone, Copy, Debug)]
pub struct AugmentedMddc(pub Augmentation);

impl SequenceRule for AugmentedMdd {
    fn need(&self) -> Need {
        Need::SingleMachine
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let jobs = SingleMachine::of(problem)?;
        Some(jobs.tasks_of(&augmented_mdd_sequence(&jobs)))
    }
}

impl SequenceRule for AugmentedMddc {
    fn need(&self) -> Need {
        Need::SingleMachine
    }

    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>> {
        let jobs = SingleMachine::of(problem)?;
        Some(jobs.tasks_of(&augmented_mddc_sequence(&jobs, self.0)))
    }
}

/// Augmented MDD on one machine. O(n³).
pub fn augmented_mdd_sequence(jobs: &SingleMachine) -> Vec<usize> {
    augmented(jobs, (0..jobs.len()).collect(), next_by_mdd, Augmentation::Best)
}

/// Augmented MDDC on one machine. O(n³).
pub fn augmented_mddc_sequence(jobs: &SingleMachine, augmentation: Augmentation) -> Vec<usize> {
    augmented(jobs, edd_sequence(jobs), next_by_mddc, augmentation)
}

/// Which of the open jobs goes next at an instant.
type Next = fn(&SingleMachine, &[usize], i64) -> Option<usize>;

fn augmented(
    jobs: &SingleMachine,
    mut open: Vec<usize>,
    next: Next,
    augmentation: Augmentation,
) -> Vec<usize> {
    let mut partial = Partial { jobs, sequence: Vec::new(), lateness: Vec::new(), end: 0 };
    let mut now = 0;
    while let Some(place) = next(jobs, &open, now) {
        let job = open.remove(place);
        now += jobs.durations[job];
        partial.append(job);
        match augmentation {
            Augmentation::Best => partial.put_best_last(),
            Augmentation::Pass => partial.put_each_last(),
        }
    }
    partial.sequence
}

/// A sequence so far, with the lateness of its jobs and the end of all.
struct Partial<'a> {
    jobs: &'a SingleMachine,
    sequence: Vec<usize>,
    lateness: Vec<i64>,
    end: i64,
}

impl Partial<'_> {
    fn append(&mut self, job: usize) {
        self.end += self.jobs.durations[job];
        self.sequence.push(job);
        self.lateness.push(self.end - self.jobs.due[job]);
    }

    fn put_best_last(&mut self) {
        let gains =
            (0..self.sequence.len().saturating_sub(1)).map(|place| (self.gain(place), place));
        let best = gains.reduce(|best, it| if it.0 > best.0 { it } else { best });
        if let Some((_, place)) = best.filter(|best| best.0 > 0) {
            self.put_last(place);
        }
    }

    fn put_each_last(&mut self) {
        let mut earlier = self.sequence.clone();
        earlier.pop();
        for job in earlier {
            let place = self.sequence.iter().position(|&it| it == job);
            let place = place.expect("the job is only moved within the sequence");
            if self.gain(place) > 0 {
                self.put_last(place);
            }
        }
    }

    /// By how much the tardiness falls when the job at `place` goes to the end.
    fn gain(&self, place: usize) -> i64 {
        let job = self.sequence[place];
        let duration = self.jobs.durations[job];
        let own = self.lateness[place].max(0) - (self.end - self.jobs.due[job]).max(0);
        let behind = self.lateness[place + 1..].iter();
        own + behind.map(|&late| late.max(0) - (late - duration).max(0)).sum::<i64>()
    }

    fn put_last(&mut self, place: usize) {
        let job = self.sequence.remove(place);
        self.lateness.remove(place);
        let duration = self.jobs.durations[job];
        self.lateness[place..].iter_mut().for_each(|late| *late -= duration);
        self.end -= duration;
        self.append(job);
    }
}
