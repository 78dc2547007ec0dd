//! The set itself: hashes, the proof engine on it, one-pass construction, the judge, repair.
//!
//! **Source:** Jain, Wetter 2025

use super::super::set::{Recipe, Set};
use super::{Sheet, table};
use anyhow::{Context as _, Result};
use ordine_base::{Clock as _, Seed, TimeLimit};
use ordine_project::constraint_bench::answerers::Answerer;
use ordine_project::constraint_bench::faults::with_fault;
use ordine_project::constraint_bench::{
    Answer, BenchInstance, Kind, Phase, Tightness, feasible_starts, generate, lower, nearest,
    transitive_reduction, violations,
};
use std::collections::BTreeMap;
use std::time::Duration;

fn hidden(instance: &BenchInstance) -> Answer {
    Answer::of_starts(instance, instance.hidden.as_deref().unwrap_or_default())
}

pub(super) fn sets(sheet: &mut Sheet<'_>) -> Result<()> {
    let again = Recipe::standard(1).make()?;
    let once = Recipe::standard(1).make()?;
    let other = Recipe::standard(2).make()?;
    let same = again.hash == once.hash && again.hash != other.hash;
    sheet.row("1", "same seed, same SHA-256", "equal", &again.hash[..16], same);
    let broken = |set: &Set| {
        let wrong = set.instances.iter().filter(|it| !violations(it, &hidden(it)).is_empty());
        wrong.count()
    };
    let wrong = broken(sheet.set) + broken(&other);
    let total = sheet.set.instances.len() + other.instances.len();
    let found = format!("{} of {total}", total - wrong);
    sheet.row("1", "hidden schedules that the judge passes", "all", found, wrong == 0);
    let ramp = |set: &Set| -> Vec<BenchInstance> {
        set.instances.iter().filter(|it| it.phase != Phase::Domain).cloned().collect()
    };
    let off = ramp(sheet.set).iter().filter(|it| it.precedence.len() != it.level as usize).count();
    sheet.row("1", "levels with exactly k edges", "480", (480 - off).to_string(), off == 0);
    let strict = Recipe { strict: true, ..Recipe::standard(1) }.make()?;
    let reduced = |it: &&BenchInstance| transitive_reduction(it).len() != it.level as usize;
    let off = ramp(&strict).iter().filter(reduced).count();
    let what = "strict: reductions with exactly k edges";
    sheet.row("1", what, "480", (480 - off).to_string(), off == 0);
    Ok(())
}

/// Work units of one instance.
const WORK: u64 = 20_000_000;

pub(super) fn engine(sheet: &mut Sheet<'_>) -> Result<()> {
    let mut times: BTreeMap<Phase, Vec<f64>> = BTreeMap::new();
    let (mut feasible, mut total) = (0, 0);
    for instance in &sheet.set.instances {
        let clock = crate::WallClock::start();
        let problem = lower(&instance.public())?;
        let starts = feasible_starts(&problem, Seed::new(1), WORK)?;
        times.entry(instance.phase).or_default().push(clock.elapsed().as_secs_f64());
        total += 1;
        let right = |starts: Vec<i64>| {
            violations(instance, &Answer::of_starts(instance, &starts)).is_empty()
        };
        feasible += usize::from(starts.is_some_and(right));
    }
    let mut lines = table(&["phase", "instances", "mean s", "longest s"]);
    let (mut ramp, mut longest, mut domain) = (Vec::new(), 0.0_f64, 0.0_f64);
    for (phase, seconds) in &times {
        let most = seconds.iter().copied().fold(0.0, f64::max);
        let mean = seconds.iter().sum::<f64>() / seconds.len().max(1) as f64;
        lines.add_row([
            phase.word().to_owned(),
            seconds.len().to_string(),
            format!("{mean:.4}"),
            format!("{most:.4}"),
        ]);
        if *phase == Phase::Domain {
            domain = most;
        } else {
            ramp.extend(seconds);
            longest = longest.max(most);
        }
    }
    sheet.table("The proof engine from scratch", &lines)?;
    let found = format!("{feasible} of {total}");
    sheet.row("2", "instances that the engine solves", "all", found, feasible == total);
    let mean = ramp.iter().sum::<f64>() / ramp.len().max(1) as f64;
    sheet.row("2", "mean seconds, ramp", "≤ 0.05", format!("{mean:.4}"), mean <= 0.05);
    sheet.row("2", "longest, ramp", "≤ 0.5 (theirs 0.02)", format!("{longest:.4}"), longest <= 0.5);
    sheet.row("2", "longest, domain", "≤ 2", format!("{domain:.4}"), domain <= 2.0);
    Ok(())
}

/// Feasible shares of an answerer by phase and level.
fn shares(set: &Set, answerer: Answerer) -> BTreeMap<Phase, BTreeMap<u32, f64>> {
    let mut counts: BTreeMap<Phase, BTreeMap<u32, (f64, f64)>> = BTreeMap::new();
    for instance in set.instances.iter().filter(|it| it.phase != Phase::Domain) {
        let answer = answerer.schedule(&instance.public());
        let cell = counts.entry(instance.phase).or_default().entry(instance.level).or_default();
        cell.0 += f64::from(u8::from(violations(instance, &answer).is_empty()));
        cell.1 += 1.0;
    }
    let shares = |cells: BTreeMap<u32, (f64, f64)>| {
        cells.into_iter().map(|(level, (feasible, total))| (level, feasible / total)).collect()
    };
    counts.into_iter().map(|(phase, cells)| (phase, shares(cells))).collect()
}

pub(super) fn one_pass(sheet: &mut Sheet<'_>) -> Result<()> {
    // Twenty instances per cell, as in the reference.
    let set = Recipe { count: 20, ..Recipe::standard(1) }.make()?;
    let naive = shares(&set, Answerer::ResourceOnly);
    let greedy = shares(&set, Answerer::Greedy);
    let mut lines = table(&["method", "phase", "feasible share by level", "mean"]);
    let mean = |cells: &BTreeMap<u32, f64>| cells.values().sum::<f64>() / cells.len().max(1) as f64;
    for (name, shares) in [("naive", &naive), ("EDD-SGS", &greedy)] {
        for (phase, cells) in shares {
            let all: Vec<String> = cells.values().map(|it| format!("{it:.2}")).collect();
            let mean = format!("{:.3}", mean(cells));
            lines.add_row([name, phase.word(), &all.join(" "), &mean]);
        }
    }
    sheet.table("One-pass construction, 20 instances per cell", &lines)?;
    let of = |shares: &BTreeMap<Phase, BTreeMap<u32, f64>>, phase: Phase| mean(&shares[&phase]);
    let (p1, p2) = (of(&naive, Phase::Capacity), of(&naive, Phase::Downtime));
    let late = of(&naive, Phase::Windows).max(of(&naive, Phase::Disjunctive));
    sheet.row("3", "naive in P1", "1", format!("{p1:.3}"), p1 >= 1.0);
    sheet.row("3", "naive in P2", "≤ 0.10", format!("{p2:.3}"), p2 <= 0.10);
    sheet.row("3", "naive in P3 and P4", "≤ 0.02", format!("{late:.3}"), late <= 0.02);
    let early = of(&greedy, Phase::Capacity).min(of(&greedy, Phase::Downtime));
    sheet.row("3", "EDD-SGS in P1 and P2", "1", format!("{early:.3}"), early >= 1.0);
    let cells = [Phase::Windows, Phase::Disjunctive].map(|phase| greedy[&phase].values());
    let most = cells.into_iter().flatten().copied().fold(0.0, f64::max);
    sheet.row("3", "EDD-SGS, best cell of P3 and P4", "≤ 0.45", format!("{most:.2}"), most <= 0.45);
    let drop = of(&greedy, Phase::Downtime) - of(&greedy, Phase::Windows);
    sheet.row("3", "EDD-SGS, drop from P2 to P3", "≥ 0.5", format!("{drop:.2}"), drop >= 0.5);
    Ok(())
}

pub(super) fn judge(sheet: &mut Sheet<'_>) -> Result<()> {
    let mut stream = Seed::new(4).stream("mutations");
    let (mut injected, mut missed, mut kinds) = (0_usize, 0_usize, BTreeMap::new());
    for number in 0..1_000 {
        let level = 5 * (1 + number % 12) as u32;
        let instance = fresh(Phase::Disjunctive, level, number)?;
        let starts = instance.hidden.clone().context("generated with a schedule")?;
        for kind in Kind::ALL {
            let Some(answer) = with_fault(&instance, &starts, kind, &mut stream) else { continue };
            injected += 1;
            *kinds.entry(kind.word()).or_insert(0_usize) += 1;
            let found = violations(&instance, &answer);
            missed += usize::from(!found.iter().any(|it| it.kind == kind));
        }
    }
    let found = format!("{} of {injected}", injected - missed);
    sheet.row("4", "faults of 9 kinds reported as such", "all", found, missed == 0);
    let least = kinds.values().min().copied().unwrap_or(0);
    let whole = kinds.len() == Kind::ALL.len() && least > 600;
    sheet.row("4", "schedules broken in each kind, at least", "1000", least.to_string(), whole);
    let mut alarms = 0;
    for number in 0..10_000_u64 {
        let phase = Phase::RAMP[number as usize % 4];
        let instance = fresh(phase, 5 * (1 + number % 12) as u32, 1_000 + number)?;
        alarms += usize::from(!violations(&instance, &hidden(&instance)).is_empty());
    }
    let what = "false alarms on 10 000 feasible schedules";
    sheet.row("4", what, "0", alarms.to_string(), alarms == 0);
    Ok(())
}

fn fresh(phase: Phase, level: u32, number: u64) -> Result<BenchInstance> {
    Ok(generate(Seed::new(77), phase, level, number, Tightness::NORMAL, false)?)
}

pub(super) fn repair(sheet: &mut Sheet<'_>) -> Result<()> {
    let (mut feasible, mut nearest_count, mut longest) = (0, 0, 0.0_f64);
    let (mut moved, mut hidden_moved) = (0_i64, 0_i64);
    for number in 0..200_u64 {
        let instance = fresh(Phase::Disjunctive, 5 * (1 + number % 12) as u32, number)?;
        let naive = Answerer::ResourceOnly.schedule(&instance.public());
        let starts = naive.starts(&instance).context("one start per task")?;
        let clock = crate::WallClock::start();
        let limit = TimeLimit(Duration::from_millis(1_500));
        let found = nearest(&instance, &starts, Seed::new(1), u64::MAX / 2, limit, &clock)?;
        longest = longest.max(clock.elapsed().as_secs_f64());
        let Some(found) = found else { continue };
        let answer = Answer::of_starts(&instance, &found.starts);
        feasible += usize::from(violations(&instance, &answer).is_empty());
        nearest_count += usize::from(found.is_nearest);
        moved += found.deviation;
        let hidden = instance.hidden.as_deref().unwrap_or_default();
        hidden_moved += ordine_project::constraint_bench::deviation(hidden, &starts);
    }
    let found = format!("{feasible} of 200");
    sheet.row("9", "naive schedules repaired in P4", "all", found, feasible == 200);
    sheet.row("9", "longest repair", "≤ 2 s", format!("{longest:.2} s"), longest <= 2.0);
    let found = format!("{nearest_count} of 200; mean distance {:.1}", moved as f64 / 200.0);
    let expected = format!("mean below the hidden schedule's {:.1}", hidden_moved as f64 / 200.0);
    sheet.row("9", "proved nearest", expected, found, moved <= hidden_moved);
    Ok(())
}
