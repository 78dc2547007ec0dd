//! What insertion builds is what the judge accepts, as far as the judge knows the model.
//!
//! **Source:** -

use ordine_base::{Id, Seed, Time};
use ordine_check::{JUDGED, check};
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{FeatureSet, Problem, random_problem};

fn random_decisions(problem: &Problem, stream: &mut ordine_base::Stream) -> Decisions {
    let mut decisions = Decisions::new(problem);
    for task in problem.tasks() {
        decisions.set_rank(task, stream.below(100) as u32);
        let modes = problem.usable_modes(task);
        decisions.set_mode(problem, task, modes[stream.below(modes.len())]);
        if problem.task(task).optional {
            decisions.set_present(task, stream.chance(0.5));
        }
        if stream.chance(0.2) {
            decisions.set_not_before(task, Time::new(stream.below(12) as i64));
        }
        if stream.chance(0.3) {
            decisions.set_batch(task, stream.below(3) as u32);
        }
        decisions.set_heedless(task, stream.chance(0.3));
    }
    decisions.settle_presence(problem);
    decisions
}

#[test]
fn what_is_built_completely_is_feasible() {
    let mut complete = 0;
    let runs = 6000;
    // Tasks that are done and still hold, or are the far end of a largest gap, are rare by chance.
    for run in (0..runs).chain([42_932, 931_884]) {
        let seed = Seed::new(run);
        let mut stream = seed.stream("insertion");
        let problem = random_problem(&mut stream, 7, JUDGED);
        let mut insertion = Insertion::new(&problem);
        for _ in 0..4 {
            let decisions = random_decisions(&problem, &mut stream);
            let built = insertion.build(&decisions, &mut || false);
            if !built.is_complete() {
                continue;
            }
            complete += 1;
            if let Err(violations) = check(&problem, &built.schedule) {
                let words = violations.iter().map(|it| it.describe(&problem)).collect::<Vec<_>>();
                panic!("seed {run}: {words:#?}\nfeatures: {}", problem.features());
            }
            let again = insertion.build(&decisions, &mut || false);
            assert_eq!(built, again, "seed {run}: the same decisions give the same schedule");
        }
    }
    assert!(complete > 5000, "only {complete} of {} were complete", 4 * runs);
}

#[test]
fn nothing_but_what_depends_on_a_refused_task_is_left_out() {
    let mut stream = Seed::new(7).stream("refused");
    for _ in 0..500 {
        let problem = random_problem(&mut stream, 7, FeatureSet::ALL);
        let mut insertion = Insertion::new(&problem);
        let decisions = random_decisions(&problem, &mut stream);
        let built = insertion.build(&decisions, &mut || false);
        for task in problem.tasks() {
            let refused = built.refused.iter().any(|it| it.0 == task);
            let placed = built.schedule.placement(task).is_some();
            assert_eq!(placed, decisions.is_present(task) && !refused, "task {}", task.index());
        }
    }
}
