//! Conflicts that only a search proves: a shop that must end one tick before its optimum.
//!
//! **Source:** -

use ordine_base::{Demand, FirstOf, FrozenClock, Seed, Ticks, Time};
use ordine_problem::{Job, Precedence, Problem, ProblemBuilder};
use ordine_solve::explain::{Diagnosis, Eased, TRIAL_WORK, Trials, ease};
use ordine_solve::{ConstraintId, Outcome, solve};

/// A random shop of five jobs on five machines, every job with this deadline.
fn shop(seed: u64, deadline: Option<Time>) -> Problem {
    let mut stream = Seed::new(seed).stream("hard conflict");
    let mut builder = ProblemBuilder::new(format!("shop {seed}"));
    let machines: Vec<_> = (0..5).map(|it| builder.machine(format!("m{it}"))).collect();
    for job in 0..5 {
        let id = builder.job(Job { deadline, ..Job::named(format!("j{job}")) }).expect("valid");
        let mut route = machines.clone();
        stream.shuffle(&mut route);
        let mut before = None;
        for machine in route {
            let task = builder.task(format!("j{job} on {machine:?}"), Some(id)).expect("a job");
            let duration = Ticks::new(1 + stream.below(20) as i64);
            builder.mode(task, duration, &[(machine, Demand::ONE)]).expect("a valid mode");
            if let Some(before) = before {
                builder.precedence(Precedence::end_to_start(before, task)).expect("a chain");
            }
            before = Some(task);
        }
    }
    builder.seal().expect("chains have no cycle")
}

/// The answer of the proof engine, which knows nothing of guards, when of all constraints only
/// these hold.
fn only(problem: &Problem, kept: &[ConstraintId]) -> Outcome<ordine_problem::Schedule> {
    let all = ConstraintId::all(problem).into_iter();
    let dropped: Eased = all.filter(|it| !kept.contains(it)).map(|it| (it, None)).collect();
    let eased = ease(problem, &dropped).expect("valid");
    solve(&eased, "cp", Seed::new(1), 2_000_000).expect("the engine knows every word")
}

#[test]
fn a_conflict_that_only_a_search_proves_is_minimal() {
    let mut smaller = 0;
    for seed in 1..=6 {
        let best = solve(&shop(seed, None), "cp", Seed::new(1), 2_000_000).expect("a plain shop");
        let (_, cost) = best.best().expect("a schedule");
        let problem = shop(seed, Some(Time::new(cost.first() - 1)));
        let stop = FirstOf::default();
        let mut trials = Trials::new(&problem, &stop, &FrozenClock, None, TRIAL_WORK);
        let Diagnosis::Infeasible(conflict) = trials.diagnose() else {
            panic!("seed {seed}: one tick less than the optimum")
        };
        assert!(conflict.is_minimal(), "seed {seed}: {} open", conflict.open.len());
        let members = &conflict.constraints;
        let whole = only(&problem, members);
        assert!(matches!(whole, Outcome::Infeasible { .. }), "seed {seed}: {members:?}");
        for member in members {
            let rest: Vec<_> = members.iter().copied().filter(|it| it != member).collect();
            assert!(only(&problem, &rest).best().is_some(), "seed {seed}: {member:?} is needless");
        }
        smaller += usize::from(members.len() < ConstraintId::all(&problem).len());
    }
    assert!(smaller >= 3, "{smaller} of 6 are smaller than the problem");
}
