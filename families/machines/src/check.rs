//! What a sequence of one machine means, job by job: the definition of correct in these words.
//!
//! Position, end `C_j` (the sum of the durations up to j), lateness `L_j = C_j - d_j`, tardiness
//! `T_j = max(0, L_j)`, earliness. O(n).
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979.

use crate::MachinesInstance;
use ordine_base::{Ticks, Time};

/// What became of one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobReport {
    /// The job, from 0.
    pub job: usize,
    /// Its place in the sequence, from 0.
    pub position: usize,
    /// When it ends.
    pub end: Time,
    /// End minus due time; 0 without a due time.
    pub lateness: Ticks,
    /// Its weight.
    pub weight: i64,
}

/// Why a list of jobs is no sequence of an instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SequenceError {
    /// More machines than one.
    #[error("a sequence is of one machine, but there are {0}: give an instance with one")]
    Machines(usize),
    /// Too many or too few jobs.
    #[error("the sequence has {found} jobs, but there are {expected}: name each once")]
    Count {
        /// Jobs of the instance.
        expected: usize,
        /// Jobs of the sequence.
        found: usize,
    },
    /// A job that is none, or comes twice.
    #[error("job {job} at position {position} is none or comes twice: name each job once, from 0")]
    Job {
        /// The number that was given.
        job: usize,
        /// Where it stands, from 0.
        position: usize,
    },
}

impl JobReport {
    /// By how much it is late, at least 0.
    pub fn tardiness(&self) -> Ticks {
        self.lateness.positive_part()
    }

    /// By how much it is early, at least 0.
    pub fn earliness(&self) -> Ticks {
        (Ticks::ZERO - self.lateness).positive_part()
    }
}

/// What becomes of each job when one machine takes them in this order, without idle time.
///
/// # Errors
/// When it is no sequence of the instance.
pub fn job_reports(
    instance: &MachinesInstance,
    sequence: &[usize],
) -> Result<Vec<JobReport>, SequenceError> {
    if instance.machines != 1 {
        return Err(SequenceError::Machines(instance.machines));
    }
    let expected = instance.jobs.len();
    if sequence.len() != expected {
        return Err(SequenceError::Count { expected, found: sequence.len() });
    }
    let mut seen = vec![false; expected];
    let mut end = Time::ORIGIN;
    let mut reports = Vec::with_capacity(expected);
    for (position, &job) in sequence.iter().enumerate() {
        match seen.get_mut(job) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(SequenceError::Job { job, position }),
        }
        let data = &instance.jobs[job];
        end += data.durations[0];
        let lateness = data.due.map_or(Ticks::ZERO, |due| end - due);
        reports.push(JobReport { job, position, end, lateness, weight: data.weight });
    }
    Ok(reports)
}

/// Total tardiness, and weighted total tardiness.
pub fn tardiness(reports: &[JobReport]) -> (i64, i64) {
    let late = |report: &JobReport| report.tardiness().get();
    let weighted = reports.iter().map(|report| report.weight * late(report)).sum();
    (reports.iter().map(late).sum(), weighted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Criterion, MachineJob};

    #[test]
    fn each_job_is_told_its_end_and_its_lateness() {
        let job = |(duration, due, weight)| MachineJob {
            durations: vec![Ticks::new(duration)],
            weight,
            due: Some(Time::new(due)),
        };
        let instance = MachinesInstance {
            name: "three".to_owned(),
            machines: 1,
            jobs: [(3, 2, 5), (4, 9, 1), (2, 1, 2)].map(job).to_vec(),
            criterion: Criterion::TotalTardiness,
        };
        let reports = job_reports(&instance, &[2, 0, 1]).expect("a sequence");
        let told: Vec<_> =
            reports.iter().map(|it| (it.job, it.end.get(), it.lateness.get())).collect();
        assert_eq!(told, [(2, 2, 1), (0, 5, 3), (1, 9, 0)]);
        assert_eq!(tardiness(&reports), (4, 17));
        for (sequence, words) in [
            (&[0, 1][..], "has 2 jobs"),
            (&[0, 1, 1], "job 1 at position 2"),
            (&[0, 1, 3], "job 3"),
        ] {
            let error = job_reports(&instance, sequence).expect_err(words);
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
