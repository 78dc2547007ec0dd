//! Guards, each with a cheat that it catches.
//!
//! **Source:** logs of Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (rewritten due dates).

use super::{generate, splits};
use ordine_base::Seed;
use ordine_discover::{Arena, Harness, JobSet, SingleMachine, Trial, Verdict, signature_named};
use ordine_ls::SequenceJob;
use ordine_rule_language::script::SCRIPTS;
use ordine_rule_language::{Limits, Scratch};

fn set() -> JobSet {
    generate("guarded", 7, 8, false, Seed::new(9))
}

/// Verdict and loss of a script.
fn judged(script: &str) -> (Verdict, Option<f64>) {
    let arena = SingleMachine::new(vec![set()]).for_sequences();
    let harness = Harness::new(&arena, splits(&arena), Limits::default());
    let read = harness.read(script);
    let evaluation = match read {
        Ok(candidate) => harness.evaluate(&candidate, Trial::default(), &mut Scratch::default()),
        Err(evaluation) => Ok(evaluation),
    };
    let evaluation = evaluation.expect("nothing is below a bound");
    (evaluation.verdict, evaluation.loss)
}

fn body(lines: &str) -> String {
    format!("def assignment(p, d):\n    {}\n", lines.replace('\n', "\n    "))
}

#[test]
fn data_that_are_written_sequences_that_are_none_and_work_without_end_have_their_verdicts() {
    for (lines, verdict) in [
        ("for j in range(len(d)):\n    d[j] = 10000\nreturn list(range(len(d)))", Verdict::Runtime),
        ("p[0] = 0\nreturn [0]", Verdict::Runtime),
        ("return list(range(len(p) - 1))", Verdict::Infeasible),
        ("return [0] * len(p)", Verdict::Infeasible),
        ("return list(range(1, len(p) + 1))", Verdict::Infeasible),
        ("return [float(j) for j in range(len(p))]", Verdict::Infeasible),
        ("return p[len(p)]", Verdict::Runtime),
        ("x = [0]\nfor i in x:\n    x.append(i)\nreturn x", Verdict::Work),
        ("return open(\"optima\")", Verdict::Type),
        ("return optima", Verdict::Type),
        ("import os", Verdict::Syntax),
        ("return [3, 5, 2, 0, 1, 4, 6]", Verdict::Labels),
        ("return list(range(len(p)))", Verdict::Labels),
        ("return sorted(range(len(p)), key=lambda j: d[j] + 100000000 * (j % 2))", Verdict::Labels),
    ] {
        assert_eq!(judged(&body(lines)).0, verdict, "{lines}");
    }
    for (name, text) in SCRIPTS {
        assert_eq!(judged(text).0, Verdict::Ok, "{name}");
    }
}

#[test]
fn scripts_and_rules_of_the_same_name_have_the_same_loss() {
    let arena = SingleMachine::new(vec![set()]);
    let harness = Harness::new(&arena, splits(&arena), Limits::default());
    let signature = signature_named("single_machine").expect("a signature");
    for name in ["mdd", "mddc"] {
        let rule = harness.read(signature.seed(name).expect("a seed")).expect("a rule");
        let rule = harness.evaluate(&rule, Trial::default(), &mut Scratch::default());
        let script = SCRIPTS.iter().find(|it| it.0 == name).expect("a script").1;
        assert_eq!(judged(script).1, rule.expect("no fault").loss, "{name}");
    }
}

#[test]
fn nothing_is_gained_by_ties_on_instances_whose_jobs_stand_in_the_best_order() {
    let mut sorted = set();
    for jobs in &mut sorted.instances {
        let pairs = jobs.durations.iter().zip(&jobs.dues);
        let job = |(&duration, &due)| SequenceJob { duration, due, weight: 1, rate: 0 };
        let all: Vec<SequenceJob> = pairs.map(job).collect();
        let (_, order) = ordine_solve::one_machine::subset_optimum(&all).expect("few jobs");
        jobs.durations = order.iter().map(|&it| all[it].duration).collect();
        jobs.dues = order.iter().map(|&it| all[it].due).collect();
    }
    let arena = SingleMachine::new(vec![sorted]);
    let harness = Harness::new(&arena, splits(&arena), Limits::default());
    let cheat = harness.read("0 * p").expect("a rule");
    let mut scratch = Scratch::default();
    let train = harness.splits().train.clone();
    let plain = harness.losses(&cheat, &train, &mut scratch).expect("no fault").expect("orders");
    assert_eq!(plain.loss(), 0.0);
    let trial = Trial { best: Some(0.01), ..Trial::default() };
    let judged = harness.evaluate(&cheat, trial, &mut scratch).expect("no fault");
    assert!(judged.loss > Some(0.5), "{judged:?}");
}

#[test]
fn a_rule_that_depends_on_the_unit_of_time_is_told_apart() {
    let arena = SingleMachine::new(vec![set()]);
    let harness = Harness::new(&arena, splits(&arena), Limits::default());
    let mut scratch = Scratch::default();
    let mut changes = |text: &str| {
        let rule = harness.read(text).expect("a rule");
        let places = 0..arena.facts().len();
        places.filter(|&it| arena.scale_matters(it, &rule, &mut scratch) == Some(true)).count()
    };
    assert_eq!(changes("max(t + p, d)"), 0);
    assert!(changes("max(t + p, d) + 40 * p / (p + 30)") > 10);
}
