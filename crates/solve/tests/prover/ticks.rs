//! How fine ticks are makes no difference to the engine, even where nothing divides them all.
//!
//! **Source:** -

use crate::job_shop;
use ordine_problem::Problem;
use ordine_solve::lowering::Lowered;
use ordine_solve::{ProofSearch, Searcher};

/// Changes of bounds and conflicts until the optimum is proved, counted in ticks of the problem.
fn effort(problem: &Problem) -> (u64, u64, i64) {
    let mut search = ProofSearch::on(Lowered::in_ticks(problem, None), None);
    let mut best = i64::MAX;
    while search.advance(1_000_000, &mut || false) > 0 {
        if let Some(schedule) = search.improvement() {
            best = schedule.makespan().get();
        }
    }
    (search.engine().trail.changes_total, search.conflicts_total(), best)
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    f64::midpoint(ratios[ratios.len() / 2 - 1], ratios[ratios.len() / 2])
}

#[test]
fn a_thousand_ticks_for_one_change_neither_answer_nor_effort() {
    let mut ratios = Vec::new();
    for seed in 0..10 {
        let (changes, conflicts, best) = effort(&job_shop(seed, 10, 8, 1));
        let (finer_changes, finer_conflicts, finer_best) = effort(&job_shop(seed, 10, 8, 1_000));
        assert_eq!(finer_best, 1_000 * best, "seed {seed}");
        ratios.push((
            finer_changes as f64 / changes as f64,
            (1 + finer_conflicts) as f64 / (1 + conflicts) as f64,
        ));
    }
    let (changes, conflicts): (Vec<f64>, Vec<f64>) = ratios.into_iter().unzip();
    let medians = (median(changes), median(conflicts));
    assert!(medians.0 < 1.5 && medians.1 < 1.5, "{medians:?}");
}
