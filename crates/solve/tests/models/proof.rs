//! The proof engine against the enumerator on random tiny problems.
//!
//! **Source:** -

use crate::enumerator;
use ordine_base::{Seed, Time};
use ordine_problem::{Feature, FeatureSet, Problem, Schedule, random_problem};
use ordine_solve::lowering::{LOWERED, Lowered};
use ordine_solve::{Outcome, solve};
use ordine_wire::TimeScale;
use ordine_wire::problem_json::write_problem;

/// Work that proves every tiny problem.
const WORK: u64 = 3_000_000;

/// Features with which random problems of many tasks mostly have schedules.
const FEASIBLE: FeatureSet = FeatureSet::ALL.without(FeatureSet::of(&[
    Feature::SettledTasks,
    Feature::LeastUsage,
    Feature::Deadlines,
    Feature::Selections,
    Feature::ModeRelations,
    Feature::SameSequences,
    Feature::MaximalLags,
    Feature::Consumables,
    Feature::Reservoirs,
]));

/// What the enumerator can try in a moment.
const HORIZON_MAX: i64 = 9;

/// What came of a problem.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Proved, and trying all says the same.
    Compared,
    /// Proved; trying all says nothing.
    Alone,
    /// Not proved with the work allowed.
    Open,
}

impl Answer {
    fn proved(is_compared: bool) -> Self {
        if is_compared { Answer::Compared } else { Answer::Alone }
    }
}

/// Compares the answers; gives what differs, and whether there was anything to compare.
fn compare(problem: &Problem) -> Result<Answer, String> {
    let outcome = solve(problem, "cp", Seed::new(1), WORK).map_err(|fault| fault.to_string())?;
    compare_with(problem, outcome)
}

/// The same for an answer that is given.
pub fn compare_with(problem: &Problem, outcome: Outcome<Schedule>) -> Result<Answer, String> {
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
                found => Ok(Answer::proved(found.is_some())),
            }
        }
        (Outcome::Optimal { best, cost }, found) => {
            let cost = cost.levels().to_vec();
            let inside = best.makespan() <= Time::new(horizon);
            match found {
                Some(found) if found < cost => Err(format!("{cost:?} is not best: {found:?}")),
                Some(found) if inside && found != cost => Err(format!("{cost:?}, not {found:?}")),
                None if inside => Err(format!("{cost:?}, and there is no schedule")),
                _ => Ok(Answer::Compared),
            }
        }
        (Outcome::Infeasible { core }, Some(found)) => {
            Err(format!("infeasible by {core:?}, but {found:?}"))
        }
        (Outcome::Infeasible { .. }, None) => Ok(Answer::proved(whole)),
        (Outcome::Feasible { bound, .. } | Outcome::Unknown { bound, .. }, found) => match found {
            Some(found) if found[0] < bound.levels()[0] => {
                Err(format!("{found:?} is below the bound {bound:?}"))
            }
            _ => Ok(Answer::Open),
        },
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
    let (mut tried, mut compared, mut open, mut refused) = (0, 0, 0, 0);
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
        if let Some(words) = Lowered::refusal(&problem) {
            refused += 1;
            println!("seed {seed}: refused {words}");
            continue;
        }
        match compare(&problem) {
            Ok(answer) => {
                if answer == Answer::Open {
                    println!("seed {seed}: open");
                }
                compared += u64::from(answer == Answer::Compared);
                open += u64::from(answer == Answer::Open);
            }
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
    println!("{compared} compared, {open} open, {refused} refused of {count}");
    assert!(open * 200 <= count, "{open} of {count} problems were not proved");
    assert!(refused * 100 <= count, "{refused} problems were refused beside {count}");
    let enough = with.is_some() || compared * 3 > count;
    assert!(enough, "only {compared} of {count} problems were decided");
}

/// Problems that are too large to try all: insertion finds nothing where nothing is said to be, and
/// nothing better than what is said to be best.
#[test]
fn what_is_proved_of_more_tasks_is_not_beaten_by_insertion() {
    let (mut proved, mut reached) = (0, 0);
    let (first, count) = (range("PROOF_FIRST", 1), range("PROOF_COUNT", 600) / 10);
    for seed in first..first + count {
        let mut stream = Seed::new(seed).stream("larger");
        let problem = random_problem(&mut stream, 9, FEASIBLE);
        if Lowered::refusal(&problem).is_some() || problem.objective().has_tolerance() {
            continue;
        }
        let solve_by = |recipe, work| {
            let outcome = solve(&problem, recipe, Seed::new(1), work);
            outcome.unwrap_or_else(|fault| panic!("seed {seed}: {fault}"))
        };
        let found = solve_by("decisions", 20_000);
        let best = found.best().map(|best| best.1.clone());
        let what = || write_problem(&problem, &TimeScale::default());
        match solve_by("cp", 300_000) {
            Outcome::Optimal { cost, .. } => {
                let is_beaten = best.as_ref().is_some_and(|best| *best < cost);
                assert!(!is_beaten, "seed {seed}: {cost:?}, not {best:?}\n{}", what());
                proved += 1;
                reached += u64::from(best == Some(cost));
            }
            Outcome::Infeasible { .. } => {
                assert_eq!(best, None, "seed {seed}: infeasible\n{}", what());
            }
            _ => {}
        }
    }
    println!("{proved} proved, {reached} reached by insertion, of {count}");
    assert!(proved * 20 > count && reached * 4 > count, "{proved} and {reached} of {count}");
}

/// A number from the environment: more problems than a test should try.
pub fn range(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
