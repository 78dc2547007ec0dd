//! What the specification of the paper states: one part per statement.
//!
//! **Source:** Sung et al. 2020; figures of an independent simulator under the same rules; HEFT:
//! Topcuoglu, Hariri, Wu 2002

use super::{Arguments, Sheet, at_scale, is_near, latencies, off, runs, shown, table_of, until};
use crate::WallClock;
use anyhow::{Context as _, Result};
use ordine_base::{Clock as _, Id, Seed};
use ordine_sim::Summary;
use ordine_soc::power::Governor;
use ordine_soc::{
    Metrics, ProfileId, SCHEDULERS, Settings, check, load_bound, lower, profiles, raise,
    scheduler_named,
};
use std::sync::Arc;

/// Upward ranks of the textbook job.
const RANKS: [f64; 10] = [108., 77., 80., 80., 69., 63.33, 42.67, 35.67, 44.33, 14.67];

/// Schedulers of the measured table with latencies and jobs done at scales 25, 50 and 100.
const MEASURED: [(&str, [f64; 3], [f64; 3]); 6] = [
    ("random", [173.9, 164.8, 148.7], [80.7, 71.8, 48.8]),
    ("heft-rt", [131.0, 122.4, 109.5], [103.3, 82.6, 49.3]),
    ("eft", [114.6, 105.9, 96.4], [115.2, 86.3, 49.9]),
    ("stf", [112.5, 106.6, 98.8], [117.4, 86.5, 49.8]),
    ("met", [108.6, 104.4, 98.3], [120.3, 87.4, 50.0]),
    ("etf", [108.5, 101.2, 92.9], [119.2, 87.7, 50.4]),
];

/// An order: its name, and by mapping the scheduler and the published latencies.
type Order = (&'static str, &'static str, [f64; 3], &'static str, [f64; 3]);

/// Orders with latencies at deviations 0, 0.2 and 0.5, under both mappings.
const ORDERS: [Order; 5] = [
    ("random", "order-random", [130.9, 131.2, 136.0], "aware-random", [119.7, 120.3, 125.8]),
    ("longest mean first", "heft-rt", [130.2, 132.4, 136.5], "aware-long", [117.7, 119.8, 125.3]),
    (
        "shortest mean first",
        "order-short",
        [127.6, 128.9, 134.9],
        "aware-short",
        [113.9, 117.3, 123.2],
    ),
    (
        "upward rank, high first",
        "order-rank",
        [124.2, 125.0, 132.2],
        "aware-rank",
        [116.1, 119.9, 127.8],
    ),
    (
        "upward rank, low first",
        "order-low-rank",
        [138.1, 141.1, 143.5],
        "aware-low-rank",
        [126.5, 127.5, 132.5],
    ),
];

/// Half the latencies of the table may be off by.
const SHARE: f64 = 0.03;
/// Most milliseconds of a run with MET.
const RUN_MS: f64 = 20.0;
/// Work of the exact plan of one job.
const PROOF_WORK: u64 = 5_000_000;

pub(super) fn heft(_: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let ranks: Vec<f64> = instance.kinds.values().map(|kind| kind.rank).collect();
    let first = ProfileId::from_index(0);
    let makespan = ordine_soc::heft(&instance, first).makespan().get();
    let written: Vec<String> = ranks.iter().map(|rank| format!("{rank:.2}")).collect();
    sheet.line(&format!("\nHEFT on the textbook job: ranks {}", written.join(" ")))?;
    let problem = lower(&instance, first)?;
    let outcome = ordine_solve::solve(&problem, "cp", Seed::new(1), PROOF_WORK)?;
    let plan = outcome.best().and_then(|(it, _)| raise(&instance, first, &problem, it));
    let best = plan.and_then(|plan| plan.iter().map(|task| task.end.get()).max());
    let best = best.context("no plan of the textbook job")?;
    let word = outcome.word();
    sheet.line(&format!("makespan of HEFT {makespan} (stated 80), exact plan {best} ({word})"))?;
    let near = ranks.iter().zip(RANKS).all(|(ours, theirs)| (ours - theirs).abs() < 0.005);
    sheet.check("1. ranks of the textbook job are the stated ones", near);
    sheet.check(format!("1. makespan of HEFT {makespan} is 80"), makespan == 80);
    let settings = Settings { scale: 1e9, jobs_most: 1, ..Settings::default() };
    let lone = latencies("heft", &instance, &settings, 1)?.mean();
    sheet.check(format!("3. a lone job by its plan ends after {lone} <= 80"), lone <= 80.0);
    sheet.check(format!("exact plan {best} is proved, no lone job ends before"), {
        let mut least = f64::INFINITY;
        for scheduler in &SCHEDULERS {
            least = least.min(latencies(scheduler.name, &instance, &settings, 1)?.mean());
        }
        word == "optimal" && least >= best as f64
    });
    Ok(())
}

pub(super) fn table(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let head = [
        "scheduler",
        "scale [us]",
        "theirs [us/job]",
        "ours, 95 % interval",
        "off",
        "jobs, theirs",
        "ours",
    ];
    let mut rows = table_of(&head);
    let (mut worst, mut saturated) = (0.0_f64, Vec::new());
    for (name, theirs, jobs) in MEASURED {
        for (column, scale) in [25.0, 50.0, 100.0].into_iter().enumerate() {
            let metrics = runs(name, &instance, &at_scale(scale), arguments.seeds)?;
            let ours: Summary = metrics.iter().map(Metrics::latency).collect();
            let done: Summary = metrics.iter().map(|it| it.completed as f64).collect();
            let expected = theirs[column];
            worst = worst.max((ours.mean() / expected - 1.0).abs());
            if column == 0 {
                saturated.push((name, ours.mean()));
            }
            rows.add_row([
                name.to_owned(),
                format!("{scale}"),
                format!("{expected:.1}"),
                shown(&ours),
                off(ours.mean(), expected),
                format!("{:.1}", jobs[column]),
                format!("{:.1}", done.mean()),
            ]);
        }
    }
    sheet.table("Latency of the synthetic load, 3 places, 5000 us", &rows)?;
    let worst = format!("{:.1} %", worst * 100.0);
    let near = worst.trim_end_matches(" %").parse::<f64>()? <= SHARE * 100.0;
    sheet.check(format!("2. the measured table within 3 %: at most {worst} off"), near);
    let of = |wanted: &str| saturated.iter().find(|it| it.0 == wanted).map_or(f64::NAN, |it| it.1);
    let order = ["random", "heft-rt", "eft", "met"].map(of);
    let falls = order.windows(2).all(|pair| pair[0] > pair[1]);
    sheet.check("2. random > HEFT_RT > EFT > MET at scale 25", falls);
    Ok(())
}

pub(super) fn conservation(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let (mut tasks, mut faults, mut lost) = (0, 0, 0);
    let load = [Arc::new(profiles::synthetic()), Arc::new(profiles::applications())];
    for instance in &load {
        for scheduler in SCHEDULERS.iter().filter(|it| it.name != "horizon") {
            for (seed, deviation) in (1..=arguments.seeds.min(5)).zip([0.0, 0.3, 0.0, 0.5, 0.1]) {
                let settings = Settings { trace: true, deviation, ..Settings::default() };
                let world = scheduler.run(instance, settings.clone(), Seed::new(seed))?;
                let metrics = world.metrics();
                tasks += world.trace().len();
                faults += check::faults(instance, &settings, world.trace()).len();
                let kept = metrics.completed + metrics.in_system;
                lost += u64::from(metrics.injected != kept);
            }
        }
    }
    sheet.line(&format!("\nConservation: {tasks} tasks of all schedulers judged"))?;
    sheet.check(format!("3. capacities and data: {faults} faults in {tasks} tasks"), faults == 0);
    sheet.check(format!("3. injected = completed + in system: {lost} runs differ"), lost == 0);
    Ok(())
}

pub(super) fn bound(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let bound = load_bound(&instance).context("the load programme has no solution")?;
    let least_possible = 3.0 * bound.load;
    let mut least = (f64::INFINITY, "");
    for scheduler in SCHEDULERS.iter().filter(|it| it.name != "horizon") {
        let ours = latencies(scheduler.name, &instance, &at_scale(25.0), arguments.seeds)?.mean();
        if ours < least.0 {
            least = (ours, scheduler.name);
        }
    }
    let load = bound.load;
    sheet.line(&format!(
        "\nLoad bound {load:.3} us per job (stated 30.785): latency >= {least_possible:.1} us"
    ))?;
    sheet.check(format!("4. load bound {load:.3} is 30.785"), (load - 30.785).abs() < 0.0005);
    let words = format!("4. least latency {:.1} ({}) >= {least_possible:.1}", least.0, least.1);
    sheet.check(words, least.0 >= 0.98 * least_possible);
    Ok(())
}

pub(super) fn orders(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let head = ["order", "mapping", "deviation", "theirs [us/job]", "ours, 95 % interval", "off"];
    let mut rows = table_of(&head);
    let mut worst = (0.0_f64, String::new());
    let mut failed = 0;
    for (order, plain, theirs, aware, theirs_aware) in ORDERS {
        for (mapping, name, theirs) in
            [("without transfers", plain, theirs), ("with transfers", aware, theirs_aware)]
        {
            for (deviation, expected) in [0.0, 0.2, 0.5].into_iter().zip(theirs) {
                let settings = Settings { deviation, ..Settings::default() };
                let ours = latencies(name, &instance, &settings, arguments.seeds)?;
                let distance = (ours.mean() / expected - 1.0).abs();
                if distance > worst.0 {
                    worst = (distance, format!("{order}, {mapping}, deviation {deviation}"));
                }
                failed += usize::from(!is_near(ours.mean(), expected, SHARE));
                rows.add_row([
                    order.to_owned(),
                    mapping.to_owned(),
                    deviation.to_string(),
                    format!("{expected:.1}"),
                    shown(&ours),
                    off(ours.mean(), expected),
                ]);
            }
        }
    }
    sheet.table("Fixed orders under two mappings, scale 25", &rows)?;
    let (distance, place) = (worst.0 * 100.0, worst.1);
    let words = format!("6. orders within 3 %: {failed} beyond, at most {distance:.1} % ({place})");
    sheet.check(words, failed == 0);
    Ok(())
}

pub(super) fn speed(_: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let mut rows = table_of(&["scheduler", "ms per run of 5000 us", "choices per run"]);
    let mut met = f64::INFINITY;
    for name in ["met", "etf", "heft-rt", "lp-guided"] {
        let scheduler = scheduler_named(name).context("a scheduler")?;
        let repeats = 20;
        let (clock, mut choices) = (WallClock::start(), 0);
        for seed in 1..=repeats {
            let seed = Seed::new(seed);
            let mut world = scheduler.world(&instance, Settings::default(), seed)?;
            let mut policy = (scheduler.make)(&instance);
            choices += world.run(&mut *policy, &mut seed.stream("policy"));
        }
        let spent = clock.elapsed().as_secs_f64() * 1000.0 / repeats as f64;
        if name == "met" {
            met = spent;
        }
        rows.add_row([name.to_owned(), format!("{spent:.2}"), (choices / repeats).to_string()]);
    }
    sheet.table("Speed", &rows)?;
    sheet.check(format!("7. a run with MET takes {met:.2} ms <= {RUN_MS} ms"), met <= RUN_MS);
    Ok(())
}

pub(super) fn energy(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let head = ["governor", "latency [us/job]", "energy [uJ/job]", "EDP [uJ us]", "jobs"];
    let mut rows = table_of(&head);
    let mut figures = Vec::new();
    let seeds = arguments.seeds.min(5);
    for governor in
        [Governor::Performance, Governor::Ondemand, Governor::Constant(1000), Governor::Powersave]
    {
        let instance = Arc::new(profiles::wifi().with_governor(governor)?);
        let settings = Settings { scale: 2000.0, ..until(100_000) };
        let metrics = runs("etf", &instance, &settings, seeds)?;
        let mean = |value: &dyn Fn(&Metrics) -> f64| {
            metrics.iter().map(value).sum::<f64>() / metrics.len().max(1) as f64
        };
        let latency = mean(&Metrics::latency);
        let energy = mean(&|it| it.energy / it.completed.max(1) as f64);
        figures.push((latency, energy));
        rows.add_row([
            governor.to_string(),
            format!("{latency:.1}"),
            format!("{energy:.1}"),
            format!("{:.3e}", mean(&Metrics::energy_delay)),
            format!("{:.1}", mean(&|it| it.completed as f64)),
        ]);
    }
    sheet.table("Governors on the two WiFi applications, ETF, scale 2000, 100 000 us", &rows)?;
    let ((fast, much), (slow, little)) = (figures[0], figures[3]);
    let words =
        format!("8. powersave: energy {little:.0} < {much:.0}, latency {slow:.0} > {fast:.0}");
    sheet.check(words, little < much && slow > fast);
    Ok(())
}
