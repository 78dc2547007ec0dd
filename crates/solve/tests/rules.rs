//! Every rule either gives a schedule that the judge accepts or says what it needs.
//!
//! **Source:** -

use ordine_base::{Demand, Seed, Ticks, Time};
use ordine_check::check;
use ordine_problem::{
    Feature, FeatureSet, Job, Precedence, Problem, ProblemBuilder, SameSequence, random_problem,
};
use ordine_solve::{Fault, Outcome, solve};
use ordine_world::{Need, RULES};

const WITH_SETUPS: FeatureSet = FeatureSet::of(&[
    Feature::SeveralModes,
    Feature::SeveralResources,
    Feature::Renewables,
    Feature::Lags,
    Feature::Branching,
    Feature::Releases,
    Feature::OtherObjectives,
    Feature::Setups,
]);

#[test]
fn every_rule_is_judged_or_refused_by_name() {
    let (mut judged, mut refused) = (0, 0);
    for seed in 0..120 {
        let mut stream = Seed::new(seed).stream("problem");
        let problem = random_problem(&mut stream, 7, WITH_SETUPS);
        for rule in RULES {
            match solve(&problem, &format!("rule:{}", rule.name), Seed::new(seed), 10_000) {
                Ok(outcome) => {
                    let (schedule, _) = outcome.best().expect("there are no deadlines");
                    assert!(check(&problem, schedule).is_ok(), "seed {seed}, {}", rule.name);
                    judged += 1;
                }
                Err(Fault::Inapplicable { rule: name, needs }) => {
                    assert_eq!((name, needs), (rule.name, rule.need().words()));
                    assert_ne!(rule.need(), Need::Nothing);
                    refused += 1;
                }
                Err(fault) => panic!("seed {seed}, {}: {fault}", rule.name),
            }
        }
    }
    assert!(judged > 1_000 && refused > 500, "{judged} judged, {refused} refused");
}

/// Jobs through the same machines in the same order, which no job may overtake on.
fn permutation_shop(durations: &[[i64; 3]]) -> Problem {
    let mut builder = ProblemBuilder::new("flow");
    let machines: Vec<_> = (0..3).map(|number| builder.machine(format!("m{number}"))).collect();
    for (number, row) in durations.iter().enumerate() {
        let due = Some(Time::new(20));
        let job = builder.job(Job { due, ..Job::named(format!("j{number}")) }).expect("valid");
        let mut before = None;
        for (&machine, &duration) in machines.iter().zip(row) {
            let task = builder.task(format!("j{number}"), Some(job)).expect("valid");
            let needs = [(machine, Demand::ONE)];
            builder.mode(task, Ticks::new(duration), &needs).expect("valid");
            if let Some(before) = before.replace(task) {
                builder.precedence(Precedence::end_to_start(before, task)).expect("valid");
            }
        }
    }
    builder.same_sequence(SameSequence { machines });
    builder.seal().expect("valid")
}

#[test]
fn rules_for_flow_shops_let_no_job_overtake() {
    let problem = permutation_shop(&[[8, 5, 5], [9, 9, 1], [3, 4, 8], [3, 3, 3]]);
    for rule in ["neh", "cds", "palmer"] {
        let outcome = solve(&problem, &format!("rule:{rule}"), Seed::new(1), 1_000).expect(rule);
        let Outcome::Feasible { cost, .. } = outcome else { panic!("{rule}: {outcome:?}") };
        assert_eq!(cost.first(), 33, "{rule}");
    }
    let refused = solve(&problem, "rule:eddc", Seed::new(1), 1_000).expect_err("three machines");
    let words = "rule eddc needs one machine and jobs of one task with due times";
    assert!(refused.to_string().starts_with(words), "{refused}");
}
