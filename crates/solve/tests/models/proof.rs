//! The proof engine against the enumerator on random tiny problems.
//!
//! **Source:** -

use crate::enumerator;
use ordine_base::{Seed, Time};
use ordine_problem::{Problem, random_problem};
use ordine_solve::lowering::LOWERED;
use ordine_solve::{Outcome, solve};

/// Work that proves every tiny problem.
const WORK: u64 = 3_000_000;

/// What the enumerator can try in a moment.
const HORIZON_MAX: i64 = 9;

/// Compares the answers; gives what differs, and whether there was anything to compare.
fn compare(problem: &Problem) -> Result<bool, String> {
    let outcome = solve(problem, "cp", Seed::new(1), WORK).map_err(|fault| fault.to_string())?;
    let horizon = problem.horizon().get().min(HORIZON_MAX);
    let whole = horizon == problem.horizon().get();
    let found = enumerator::optimum(problem, horizon).map(|best| best.0);
    match (outcome, found) {
        // What settles a level with a tolerance can lie beyond what was tried.
        (Outcome::Optimal { .. }, _) if problem.objective().has_tolerance() && !whole => Ok(false),
        (Outcome::Optimal { best, cost }, found) => {
            let cost = cost.levels().to_vec();
            let inside = best.makespan() <= Time::new(horizon);
            match found {
                Some(found) if found < cost => Err(format!("{cost:?} is not best: {found:?}")),
                Some(found) if inside && found != cost => Err(format!("{cost:?}, not {found:?}")),
                None if inside => Err(format!("{cost:?}, and there is no schedule")),
                _ => Ok(true),
            }
        }
        (Outcome::Infeasible { .. }, Some(found)) => Err(format!("infeasible, but {found:?}")),
        (Outcome::Infeasible { .. }, None) => Ok(whole),
        (outcome, _) => Err(format!("nothing proved: {outcome:?}")),
    }
}

/// More and other problems by the environment: `PROOF_FIRST` is the first seed, `PROOF_COUNT` how
/// many problems, `PROOF_WITH` words of a feature that each of them uses.
#[test]
fn what_is_proved_is_what_trying_all_finds() {
    let (mut tried, mut compared) = (0, 0);
    let (first, count) = (range("PROOF_FIRST", 1), range("PROOF_COUNT", 600));
    let with = std::env::var("PROOF_WITH").ok();
    for seed in first.. {
        let mut stream = Seed::new(seed).stream("proof");
        let problem = random_problem(&mut stream, 4, LOWERED);
        let is_on = |words: &String| problem.features().iter().any(|it| it.words() == words);
        if !with.as_ref().is_none_or(is_on) {
            continue;
        }
        match compare(&problem) {
            Ok(decisive) => compared += u64::from(decisive),
            Err(wrong) => panic!("seed {seed}: {wrong}"),
        }
        tried += 1;
        if tried == count {
            break;
        }
    }
    assert!(compared * 2 > count, "only {compared} of {count} problems were decided");
}

/// A number from the environment: more problems than a test should try.
fn range(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
