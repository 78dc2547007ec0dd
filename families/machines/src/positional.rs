//! The total tardiness as an integer programme over positions, written as an LP file.
//!
//! `u_jk = 1` when job j stands at position k; `c_k` is the end of position k:
//! `sum_k u_jk = 1`, `sum_j u_jk = 1`, `c_1 >= sum_j p_j u_j1`, `c_k >= c_{k-1} + sum_j p_j u_jk`,
//! `C_j >= c_k - M (1 - u_jk)` with `M = sum p`, `T_j >= C_j - d_j`; minimized is `sum w_j T_j`.
//! Cuts: `C_j >= p_j + sum over k > 1 of q_jk u_jk`, where `q_jk` is the sum of the k - 1 shortest
//! durations among the other jobs. O(n²) rows.
//!
//! **Source:** Keha, Khowala, Fowler 2009 (positions); Çetinkaya, Büyüktahtakın, Shojaee, Reddy
//! 2025 (cuts; its text sorts the durations the other way round, which is not valid).

use crate::check::SequenceError;
use crate::{Criterion, MachinesInstance};
use std::fmt::Write;

/// The programme of an instance of one machine, in the LP format of CPLEX.
///
/// Jobs without a due time are never late; weights count where the criterion is weighted.
///
/// # Errors
/// When there are more machines than one.
pub fn positional_programme(
    instance: &MachinesInstance,
    cuts: bool,
) -> Result<String, SequenceError> {
    if instance.machines != 1 {
        return Err(SequenceError::Machines(instance.machines));
    }
    let count = instance.jobs.len();
    let durations: Vec<i64> = instance.jobs.iter().map(|job| job.durations[0].get()).collect();
    let work: i64 = durations.iter().sum();
    let weighted = instance.criterion == Criterion::WeightedTardiness;
    let mut lp = Program(format!("\\ {}\nMinimize\n obj:", instance.name.replace('\n', " ")));
    for (job, data) in instance.jobs.iter().enumerate() {
        lp.term(if weighted { data.weight } else { 1 }, &format!("T{job}"));
    }
    lp.text("\nSubject To\n");
    for one in 0..count {
        let row = (0..count).map(|position| (1, format!("u{one}_{position}")));
        lp.row(row, "=", 1);
        let column = (0..count).map(|job| (1, format!("u{job}_{one}")));
        lp.row(column, "=", 1);
    }
    for position in 0..count {
        let before = (position > 0).then(|| (-1, format!("c{}", position - 1)));
        let own = (0..count).map(|job| (-durations[job], format!("u{job}_{position}")));
        let end = std::iter::once((1, format!("c{position}")));
        lp.row(end.chain(before).chain(own), ">=", 0);
    }
    for (job, data) in instance.jobs.iter().enumerate() {
        for position in 0..count {
            let terms = [
                (1, format!("C{job}")),
                (-1, format!("c{position}")),
                (-work, format!("u{job}_{position}")),
            ];
            lp.row(terms.into_iter(), ">=", -work);
        }
        if let Some(due) = data.due {
            let terms = [(1, format!("T{job}")), (-1, format!("C{job}"))];
            lp.row(terms.into_iter(), ">=", -due.get());
        }
        if cuts {
            let before = work_before(&durations, job).into_iter().enumerate().skip(1);
            let before = before.map(|(position, work)| (-work, format!("u{job}_{position}")));
            let end = std::iter::once((1, format!("C{job}")));
            lp.row(end.chain(before), ">=", durations[job]);
        }
    }
    lp.text("Binary\n");
    for job in 0..count {
        for position in 0..count {
            lp.text(&format!(" u{job}_{position}\n"));
        }
    }
    lp.text("End\n");
    Ok(lp.0)
}

/// By position, the least work before `job` when it stands there.
fn work_before(durations: &[i64], job: usize) -> Vec<i64> {
    let others = durations.iter().enumerate().filter(|(other, _)| *other != job);
    let mut others: Vec<i64> = others.map(|(_, &duration)| duration).collect();
    others.sort_unstable();
    let mut sum = 0;
    let sums = others.into_iter().map(|duration| {
        sum += duration;
        sum
    });
    std::iter::once(0).chain(sums).collect()
}

/// A text that grows.
struct Program(String);

impl Program {
    fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn term(&mut self, factor: i64, name: &str) {
        let sign = if factor < 0 { '-' } else { '+' };
        let written = write!(self.0, " {sign} {} {name}", factor.unsigned_abs());
        written.expect("writing to a text does not fail");
    }

    fn row(&mut self, terms: impl Iterator<Item = (i64, String)>, sign: &str, right: i64) {
        // Lines of some readers are short.
        for (place, (factor, name)) in terms.enumerate() {
            if place % 12 == 11 {
                self.text("\n");
            }
            self.term(factor, &name);
        }
        self.text(&format!(" {sign} {right}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MachineJob;
    use ordine_base::{Ticks, Time};

    #[test]
    fn the_programme_of_two_jobs_is_as_on_paper() {
        let job = |(duration, due)| MachineJob {
            due: Some(Time::new(due)),
            ..MachineJob::lasting(vec![Ticks::new(duration)])
        };
        let instance = MachinesInstance {
            name: "two".to_owned(),
            machines: 1,
            jobs: [(3, 2), (4, -1)].map(job).to_vec(),
            criterion: Criterion::TotalTardiness,
        };
        let expected = "\\ two\nMinimize\n obj: + 1 T0 + 1 T1\nSubject To\n \
            + 1 u0_0 + 1 u0_1 = 1\n + 1 u0_0 + 1 u1_0 = 1\n \
            + 1 u1_0 + 1 u1_1 = 1\n + 1 u0_1 + 1 u1_1 = 1\n \
            + 1 c0 - 3 u0_0 - 4 u1_0 >= 0\n + 1 c1 - 1 c0 - 3 u0_1 - 4 u1_1 >= 0\n \
            + 1 C0 - 1 c0 - 7 u0_0 >= -7\n + 1 C0 - 1 c1 - 7 u0_1 >= -7\n \
            + 1 T0 - 1 C0 >= -2\n + 1 C0 - 4 u0_1 >= 3\n \
            + 1 C1 - 1 c0 - 7 u1_0 >= -7\n + 1 C1 - 1 c1 - 7 u1_1 >= -7\n \
            + 1 T1 - 1 C1 >= 1\n + 1 C1 - 3 u1_1 >= 4\n\
            Binary\n u0_0\n u0_1\n u1_0\n u1_1\nEnd\n";
        assert_eq!(positional_programme(&instance, true), Ok(expected.to_owned()));
        let cuts = ["+ 1 C0 - 4 u0_1 >= 3\n", "+ 1 C1 - 3 u1_1 >= 4\n"];
        let plain = positional_programme(&instance, false).expect("one machine");
        assert!(cuts.iter().all(|cut| !plain.contains(cut)));
    }
}
