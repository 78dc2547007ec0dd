//! Conflicts and repairs of random tiny problems, against trying all schedules.
//!
//! **Source:** -

use crate::enumerator;
use crate::plan::{Case, Place, Plan};
use crate::proof::range;
use crate::rules;
use ordine_base::{FirstOf, FrozenClock, Seed, Stream, Time};
use ordine_problem::{Feature, FeatureSet, Placement, Problem, ProblemError, random_problem};
use ordine_solve::ConstraintId;
use ordine_solve::explain::{
    Diagnosis, Eased, Prices, Repair, TRIAL_WORK, Trials, ease, is_droppable,
};
use ordine_solve::lowering::LOWERED;

/// Longest horizon that is enumerated.
const HORIZON_MAX: i64 = 26;

/// A random problem with early deadlines and latest ends, often infeasible.
fn tight(stream: &mut Stream) -> Option<Problem> {
    // Some batches beside what has happened are refused by the proof engine, so nothing is shown.
    let allowed = LOWERED.without(FeatureSet::of(&[Feature::Batching]));
    let loose = random_problem(stream, 3, allowed);
    let tightened = loose.with(|builder| -> Result<(), ProblemError> {
        builder.admit_impossible_tasks();
        for id in loose.jobs() {
            if !stream.chance(0.6) {
                continue;
            }
            let mut job = loose.job(id).clone();
            job.deadline = Some(Time::new(1 + stream.below(7) as i64));
            builder.replace_job(id, job)?;
        }
        for task in loose.tasks() {
            if stream.chance(0.3) {
                builder.edit_task(task).latest_end = Some(Time::new(1 + stream.below(9) as i64));
            }
        }
        Ok(())
    });
    tightened.ok().filter(|problem| problem.horizon().get() <= HORIZON_MAX)
}

fn has_schedule(problem: &Problem, eased: &Eased) -> bool {
    let eased = ease(problem, eased).expect("an eased problem is valid");
    let horizon = problem.horizon().max(eased.horizon()).get();
    enumerator::optimum(&eased, horizon).is_some()
}

/// The constraints that alone are left, as what is dropped.
fn only(problem: &Problem, kept: &[ConstraintId]) -> Eased {
    let all = ConstraintId::all(problem).into_iter();
    let drops = |it: &ConstraintId| !kept.contains(it) && is_droppable(problem, *it);
    all.filter(drops).map(|it| (it, None)).collect()
}

/// Other problems by the environment: `EXPLAIN_FIRST` is the first seed, `EXPLAIN_COUNT` how many.
#[test]
fn conflicts_are_minimal_and_repairs_least_by_trying_all() {
    let (mut conflicts, mut feasible, mut repaired, mut measured) = (0, 0, 0, 0);
    let (first, count) = (range("EXPLAIN_FIRST", 0), range("EXPLAIN_COUNT", 400));
    for number in first..first + count {
        let mut stream = Seed::new(number).stream("conflicts");
        let Some(problem) = tight(&mut stream) else { continue };
        let what = format!("problem {number}");
        let stop = FirstOf::default();
        let mut trials = Trials::new(&problem, &stop, &FrozenClock, None, TRIAL_WORK);
        let conflict = match trials.diagnose() {
            Diagnosis::Feasible(_) => {
                feasible += 1;
                continue;
            }
            Diagnosis::Unknown => panic!("{what}: not decided"),
            Diagnosis::Infeasible(conflict) => conflict,
        };
        conflicts += 1;
        assert!(!has_schedule(&problem, &Eased::new()), "{what}: has a schedule");
        let members = &conflict.constraints;
        assert!(conflict.is_minimal(), "{what}: {:?} are open", conflict.open);
        assert!(!has_schedule(&problem, &only(&problem, members)), "{what}: {members:?}");
        for member in members {
            let rest: Vec<ConstraintId> =
                members.iter().copied().filter(|it| it != member).collect();
            let missed = has_schedule(&problem, &only(&problem, &rest));
            assert!(missed, "{what}: {member:?} of {members:?} can be missed");
        }
        let repairs = trials.repairs(&conflict, &Prices::default(), &[]);
        assert!(
            !repairs.found.is_empty() || repairs.is_hopeless,
            "{what}: {members:?} stay; {repairs:?}"
        );
        repaired += usize::from(!repairs.found.is_empty());
        for repair in &repairs.found {
            measured += least(&problem, repair, &what);
        }
    }
    assert!(conflicts >= 60 && feasible >= 40, "{conflicts} conflicts, {feasible} feasible");
    assert!(repaired >= 60 && measured >= 60, "{repaired} repaired, {measured} measured");
}

/// The schedule of a repair keeps every rule, and with one unit less of any amount there is none;
/// gives the amounts.
fn least(problem: &Problem, repair: &Repair, what: &str) -> usize {
    let eased: Eased = repair.eases.iter().map(|it| (it.constraint, it.by)).collect();
    let judged = ease(problem, &eased).expect("an eased problem is valid");
    let place = |it: Placement| {
        let (start, end) = (it.start.get(), it.end.get());
        Place { mode: it.mode, start, end }
    };
    let plan: Plan = repair.schedule.iter().map(|(_, it)| it.map(place)).collect();
    let broken = rules::broken(&Case::new(&judged, &plan));
    assert!(broken.is_empty(), "{what}: {eased:?} is no repair: {broken:?}");
    assert!(repair.is_least, "{what}: {eased:?} may not be least");
    let mut measured = 0;
    for (&constraint, &by) in &eased {
        let Some(by) = by else { continue };
        let mut less = eased.clone();
        less.insert(constraint, Some(by - 1));
        assert!(!has_schedule(problem, &less), "{what}: {constraint:?} by less than {by}");
        measured += 1;
    }
    measured
}
