//! The convex suite on a planted instance, rank tables on known rows, the small network.
//!
//! **Source:** Chen, Wolfe, Kyrillidis 2022, table 1 (known rows)

use ordine_base::Seed;
use ordine_training::schedules::{
    BudgetedExperiment, Classification, ConvexKind, ConvexProblem, ConvexProtocol, Outcome, Plan,
    Samples, Sweep, Trial, best_metrics, quadratic_residual, rank_table, sweep_plan,
    sweep_schedule_free,
};

fn problem(kind: ConvexKind) -> ConvexProblem {
    let samples = Samples::planted(Seed::new(1), 200, 10, kind);
    ConvexProblem { kind, samples, start: 0.0, optimum: 0.0 }.with_estimated_optimum(500)
}

fn swept(problem: &ConvexProblem, plan: &str, protocol: &ConvexProtocol) -> Sweep {
    let plan: Plan = plan.parse().expect("a plan");
    sweep_plan(problem, &plan, protocol, Seed::new(7)).expect("valid")
}

#[test]
fn decay_beats_a_constant_rate_on_convex_problems() {
    for (kind, protocol) in [
        (ConvexKind::AbsoluteDeviations, ConvexProtocol::absolute_deviations(400, 12)),
        (ConvexKind::Logistic, ConvexProtocol { seeds: 6, ..ConvexProtocol::logistic() }),
    ] {
        let problem = problem(kind);
        let [linear, cosine, constant] =
            ["linear", "cosine", "constant"].map(|plan| swept(&problem, plan, &protocol));
        assert!(linear.excess <= 0.65 * constant.excess, "{linear:?} {constant:?}");
        assert!(cosine.excess <= 0.75 * constant.excess, "{cosine:?} {constant:?}");
        assert_eq!(linear, swept(&problem, "linear", &protocol), "one seed, one result");
        let free = sweep_schedule_free(&problem, 0.9, &protocol, Seed::new(7)).expect("valid");
        assert!(free.excess < constant.excess, "{free:?} {constant:?}");
    }
}

#[test]
fn a_protocol_without_rates_is_refused() {
    let problem = problem(ConvexKind::AbsoluteDeviations);
    let protocol = ConvexProtocol { steps: 10, minibatch: 1, seeds: 1, rates: Vec::new() };
    let plan: Plan = "linear".parse().expect("a plan");
    assert!(sweep_plan(&problem, &plan, &protocol, Seed::new(1)).is_err());
}

#[test]
fn residuals_of_one_step_are_known() {
    assert!((quadratic_residual(&[2.0 / 11.0], 10.0, 11) - 9.0 / 11.0).abs() < 1e-15);
}

fn outcome(schedule: &str, budget: f64, setting: usize, rate: f64, metric: f64) -> Outcome {
    let trial = Trial {
        setting: format!("setting {setting}"),
        optimizer: "sgdm".to_owned(),
        schedule: schedule.to_owned(),
        budget,
        rate,
        seed: 1,
    };
    Outcome { trial, metric }
}

/// Outcomes in which `linear` comes first and among the first three as often as asked.
fn synthetic(budget: f64, first: usize, three: usize, of: usize) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for setting in 0..of {
        let place = if setting < first {
            0.5
        } else if setting < three {
            2.5
        } else {
            5.5
        };
        outcomes.push(outcome("linear", budget, setting, 0.1, place));
        for (rival, metric) in ["a", "b", "c", "d"].into_iter().zip([1.0, 2.0, 3.0, 4.0]) {
            outcomes.push(outcome(rival, budget, setting, 0.1, metric));
        }
    }
    outcomes
}

#[test]
fn tables_give_the_percentages_of_a_synthetic_list() {
    let mut outcomes = synthetic(25.0, 10, 78, 100);
    outcomes.extend(synthetic(50.0, 12, 62, 100));
    let rows = rank_table(&outcomes);
    assert_eq!(rows[0].schedule, "linear");
    assert_eq!((rows[0].low.top1_percent(), rows[0].low.top3_percent()), (10.0, 78.0));
    assert_eq!((rows[0].high.top1_percent(), rows[0].high.top3_percent()), (12.0, 62.0));
    assert_eq!((rows[0].overall.top1_percent(), rows[0].overall.top3_percent()), (11.0, 70.0));
    assert_eq!(rows[0].overall.experiments, 200);
    let mean = (10.0 * 1.0 + 68.0 * 3.0 + 22.0 * 5.0) / 100.0;
    assert_eq!(rows[0].low.mean_rank(), mean);
}

#[test]
fn the_best_rate_counts_and_diverged_runs_are_last() {
    let outcomes = [
        outcome("linear", 5.0, 0, 0.1, 3.0),
        outcome("linear", 5.0, 0, 0.3, 1.0),
        outcome("linear", 5.0, 0, 0.9, f64::NAN),
        outcome("cosine", 5.0, 0, 0.1, 2.0),
        outcome("rex", 5.0, 0, 0.1, f64::NAN),
    ];
    let best = best_metrics(&outcomes);
    assert_eq!((best[0].rate, best[0].metric), (0.3, 1.0));
    let ranks: Vec<f64> = rank_table(&outcomes).iter().map(|row| row.low.mean_rank()).collect();
    assert_eq!(ranks, [1.0, 2.0, 3.0]);
}

#[test]
fn an_interrupted_experiment_goes_on_where_it_ended() {
    let experiment = BudgetedExperiment {
        settings: vec!["one".to_owned(), "two".to_owned()],
        optimizers: vec!["sgdm".to_owned()],
        schedules: vec!["linear".to_owned(), "rex".to_owned()],
        budgets: vec![25.0, 1.0],
        rates: vec![0.1, 0.3],
        seeds: vec![1, 2, 3],
    };
    let metric = |trial: &Trial| -> Result<f64, String> { Ok(trial.rate * trial.budget) };
    let whole = experiment.run(Vec::new(), metric, |_| Ok(())).expect("no error");
    assert_eq!((whole.len(), whole[0].trial.budget), (48, 1.0));
    let mut count = 0;
    let stopped = experiment.run(Vec::new(), metric, |_| {
        count += 1;
        if count > 20 { Err("interrupted".to_owned()) } else { Ok(()) }
    });
    assert_eq!(stopped, Err("interrupted".to_owned()));
    let mut trained = 0;
    let rest = experiment.run(
        whole[..20].to_vec(),
        |trial| {
            trained += 1;
            metric(trial)
        },
        |_| Ok(()),
    );
    assert_eq!((rest, trained), (Ok(whole), 28));
}

#[test]
fn the_small_network_learns_and_one_seed_gives_one_result() {
    let mut samples = Samples::default();
    let mut stream = Seed::new(3).stream("blobs");
    for index in 0..300 {
        let class = index % 3;
        let at = |feature: usize| if feature == class { 2.0 } else { 0.0 };
        let mut row: Vec<f64> = (0..6).map(|it| at(it) + stream.unit() - 0.5).collect();
        row.push(class as f64);
        samples.push(&row);
    }
    let data = Classification::new(&samples, 1.0, Seed::new(1)).expect("valid");
    assert_eq!(data.steps_per_epoch(), 8);
    let plan: Plan = "rex | warmup(1 epoch)".parse().expect("a plan");
    let error = data.error_after(&plan, 0.1, 10, Seed::new(1)).expect("valid");
    assert!(error < 0.05, "{error}");
    assert_eq!(data.error_after(&plan, 0.1, 10, Seed::new(1)), Ok(error));
    let diverged = data.error_after(&plan, 1e30, 2, Seed::new(1)).expect("valid");
    assert!(diverged.is_nan() || diverged > 0.3);
    assert!(data.error_after(&plan, 0.1, 1, Seed::new(1)).is_err(), "nothing after the warm-up");
}
