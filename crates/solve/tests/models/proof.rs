//! The proof engine against the enumerator on random tiny problems.
//!
//! **Source:** -

use crate::enumerator;
use ordine_base::{Seed, Time};
use ordine_problem::{FeatureSet, Problem, random_problem};
use ordine_solve::lowering::LOWERED;
use ordine_solve::{Outcome, solve};
use ordine_wire::TimeScale;
use ordine_wire::problem_json::write_problem;

/// Work that proves every tiny problem.
const WORK: u64 = 3_000_000;

/// What the enumerator can try in a moment.
const HORIZON_MAX: i64 = 9;

/// Compares the answers; gives what differs, and whether there was anything to compare.
fn compare(problem: &Problem) -> Result<bool, String> {
    let outcome = solve(problem, "cp", Seed::new(1), WORK).map_err(|fault| fault.to_string())?;
    let regular = problem.objective().terms().all(|term| term.measure.is_regular());
    let measured = if regular { 0 } else { last_date(problem).max(0) };
    let latest = problem.horizon().get() + measured;
    let (horizon, whole) = (latest.min(HORIZON_MAX), latest <= HORIZON_MAX);
    let found = enumerator::optimum(problem, horizon).map(|best| best.0);
    match (outcome, found) {
        (Outcome::Optimal { cost, .. }, found) if problem.objective().has_tolerance() => {
            // What settles a level with a tolerance can lie beyond what was tried; what comes after
            // it is the same, however much of the tolerance is used.
            let found = found.filter(|_| whole);
            let last = |levels: &[i64]| levels.last().copied();
            match found {
                Some(found) if last(&found) != last(cost.levels()) => {
                    Err(format!("{cost:?}, not {found:?}"))
                }
                found => Ok(found.is_some()),
            }
        }
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
        (Outcome::Infeasible { core }, Some(found)) => {
            Err(format!("infeasible by {core:?}, but {found:?}"))
        }
        (Outcome::Infeasible { .. }, None) => Ok(whole),
        (outcome, _) => Err(format!("nothing proved: {outcome:?}")),
    }
}

/// The last date that a measure compares with.
fn last_date(problem: &Problem) -> i64 {
    let jobs = problem.jobs().flat_map(|job| [problem.job(job).due, problem.job(job).due_from]);
    let tasks = problem.tasks().flat_map(|task| {
        let data = problem.task(task);
        let costs = [&data.start_cost, &data.end_cost].into_iter().flatten();
        let steps = costs.flat_map(|cost| cost.steps()).map(|step| Some(step.0));
        steps.chain([data.planned.map(|planned| planned.start)]).collect::<Vec<_>>()
    });
    jobs.chain(tasks).flatten().map(Time::get).max().unwrap_or(0)
}

/// More and other problems by the environment: `PROOF_FIRST` is the first seed, `PROOF_COUNT` how
/// many problems, `PROOF_WITH` words of a feature that each of them uses, `PROOF_WITHOUT` those of
/// features that none uses, between semicolons.
#[test]
fn what_is_proved_is_what_trying_all_finds() {
    let (mut tried, mut compared) = (0, 0);
    let (first, count) = (range("PROOF_FIRST", 1), range("PROOF_COUNT", 600));
    let with = std::env::var("PROOF_WITH").ok();
    let without = std::env::var("PROOF_WITHOUT").unwrap_or_default();
    let mut allowed = FeatureSet::EMPTY;
    for feature in LOWERED.iter() {
        allowed.note(feature, !without.split(';').any(|words| words == feature.words()));
    }
    for seed in first.. {
        let mut stream = Seed::new(seed).stream("proof");
        let problem = random_problem(&mut stream, 4, allowed);
        let is_on = |words: &String| problem.features().iter().any(|it| it.words() == words);
        if !with.as_ref().is_none_or(is_on) {
            continue;
        }
        match compare(&problem) {
            Ok(decisive) => compared += u64::from(decisive),
            Err(wrong) => {
                let text = write_problem(&problem, &TimeScale::default());
                panic!("seed {seed}: {wrong}\n{text}");
            }
        }
        tried += 1;
        if tried == count {
            break;
        }
    }
    assert!(
        with.is_some() || compared * 3 > count,
        "only {compared} of {count} problems were decided"
    );
}

/// A number from the environment: more problems than a test should try.
pub fn range(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
