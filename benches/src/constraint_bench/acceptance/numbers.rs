//! Metrics, readers, round trips, the limiter, and how well intervals and tests do what they say.
//!
//! **Source:** Miller 2024 (*Adding error bars to evals*); see the statistics module.

use super::{Sheet, table};
use anyhow::{Context as _, Result};
use ordine_base::{Seed, Stream};
use ordine_chat::{Admission, Pace, Rates};
use ordine_project::constraint_bench::metrics::{Cell, Profile};
use ordine_project::constraint_bench::statistics::{mcnemar, mover, wilson};
use ordine_project::constraint_bench::{
    BenchInstance, Class, Mode, Rendering, Variant, prompt, read_answer, read_prompt,
};
use serde::Deserialize;
use std::time::Duration;

pub(super) fn metrics(sheet: &mut Sheet<'_>) -> Result<()> {
    let cell = |(level, share)| Cell { level, feasible: 10.0 * share, total: 10.0 };
    let profile = Profile([(5, 1.0), (10, 1.0), (15, 0.5), (20, 0.0)].map(cell).to_vec());
    let (auc, wauc, breaks) = (profile.auc(), profile.wauc(), profile.breakpoint(0.5));
    let right = (auc - 0.625).abs() < 1e-12 && (wauc - 0.45).abs() < 1e-12 && breaks == Some(20);
    let found = format!("{auc:.3}, {wauc:.3}, {}", breaks.unwrap_or(0));
    sheet.row("5", "AUC, WAUC, breakpoint of 1, 1, 0.5, 0", "0.625, 0.45, 20", found, right);
    Ok(())
}

#[derive(Deserialize)]
struct StoredReply {
    text: String,
    class: Class,
    entries: Vec<(i64, i64)>,
}

/// Replies with the class that each must be put into.
const REPLIES: &str = include_str!("../../../lists/replies.jsonl");

pub(super) fn parser(sheet: &mut Sheet<'_>) -> Result<()> {
    let (mut right, mut total) = (0, 0);
    for (line, text) in (1..).zip(REPLIES.lines()) {
        let stored: StoredReply = serde_json::from_str(text)
            .with_context(|| format!("replies.jsonl, line {line}: expected a stored reply"))?;
        let answer = read_answer(&stored.text, false);
        let found: Vec<_> =
            answer.entries.iter().filter_map(|it| Some((it.task?, it.start?))).collect();
        total += 1;
        right += usize::from(answer.class == stored.class && found == stored.entries);
    }
    let found = format!("{right} of {total}");
    let holds = right == total && total >= 60;
    sheet.row("6", "stored replies in their class (40 and e3: 60)", "all", found, holds);
    Ok(())
}

pub(super) fn random_replies(sheet: &mut Sheet<'_>) -> Result<()> {
    parser(sheet)?;
    let mut stream = Seed::new(3).stream("bytes");
    let mut read = 0;
    let pieces =
        ["{\"schedule\":", "[", "]", "{", "}", "\"task\":1", ",", "\"start\":2", "```", "|"];
    for index in 0..10_000 {
        let text = match index % 2 {
            0 => {
                let length = stream.below(200);
                let bytes: Vec<u8> = (0..length).map(|_| stream.below(256) as u8).collect();
                String::from_utf8_lossy(&bytes).into_owned()
            }
            _ => (0..stream.below(30)).map(|_| pieces[stream.below(pieces.len())]).collect(),
        };
        let _ = read_answer(&text, index % 3 == 0);
        read += 1;
    }
    let holds = read == 10_000;
    sheet.row("e3", "random replies read without a panic", "10000", read.to_string(), holds);
    Ok(())
}

pub(super) fn round_trip(sheet: &mut Sheet<'_>) -> Result<()> {
    let (mut exact, mut total, mut longest) = (0, 0, 0);
    for instance in &sheet.set.instances {
        for variant in Variant::ALL {
            let changed = variant.apply(instance).public();
            for rendering in Rendering::ALL {
                let said = prompt(&changed, rendering, Mode::Direct, variant);
                let read = read_prompt(&said.user, rendering)?;
                total += 1;
                exact += usize::from(is_same(&changed, read, rendering));
                if changed.tasks.len() <= 30 {
                    longest = longest.max((said.user.len() + said.system.len()) / 3);
                }
            }
        }
    }
    let found = format!("{exact} of {total}");
    let what = "prompts read back exactly (520 × 3 × 7)";
    sheet.row("e2", what, "all", found, exact == total);
    let what = "longest prompt at n = 30 in tokens, from above";
    sheet.row("e2", what, "≤ 6000", longest.to_string(), longest <= 6_000);
    Ok(())
}

/// Whether a read instance is the one that was told; the story gives names to what has none.
fn is_same(told: &BenchInstance, read: BenchInstance, rendering: Rendering) -> bool {
    let (phase, level, seed) = (told.phase, told.level, told.seed);
    let mut read = BenchInstance { phase, level, seed, ..read };
    if rendering == Rendering::Story {
        for (task, own) in read.tasks.iter_mut().zip(&told.tasks) {
            task.name = own.name.clone();
        }
        for (resource, own) in read.resources.iter_mut().zip(&told.resources) {
            resource.name = own.name.clone();
        }
    }
    read == *told
}

/// Ten simulated minutes of calls that last three seconds.
fn begun(rates: Rates) -> (usize, usize) {
    let mut pace = Pace::new(rates);
    let (mut now, mut begun, mut most) = (Duration::ZERO, 0, 0);
    let mut ends: Vec<Duration> = Vec::new();
    while now < Duration::from_secs(600) {
        let over = ends.iter().filter(|end| **end <= now).count();
        ends.retain(|end| *end > now);
        (0..over).for_each(|_| pace.done(100, 100, false));
        match pace.admit(now, 100) {
            Admission::Now => {
                begun += 1;
                ends.push(now + Duration::from_secs(3));
                most = most.max(pace.open());
            }
            Admission::After(wait) => now += wait.max(Duration::from_millis(1)),
            Admission::WhenOneEnds => now = ends.iter().min().copied().unwrap_or(now),
        }
    }
    (begun, most)
}

pub(super) fn limiter(sheet: &mut Sheet<'_>) -> Result<()> {
    let (calls, _) = begun(Rates { open: 64, requests: Some(90.0), tokens: None });
    let off = (calls as f64 / 900.0 - 1.0).abs();
    let found = format!("{calls}");
    sheet.row("e5", "requests in 10 minutes at 90 a minute", "900 ± 2 %", found, off <= 0.02);
    let (_, most) = begun(Rates { open: 4, requests: None, tokens: None });
    sheet.row("e5", "open calls at most, of 4 allowed", "4", most.to_string(), most == 4);
    Ok(())
}

fn verdicts(share: f64, count: usize, stream: &mut Stream) -> f64 {
    (0..count).filter(|_| stream.chance(share)).count() as f64
}

const RUNS: usize = 1_000;

pub(super) fn coverage(sheet: &mut Sheet<'_>) -> Result<()> {
    let mut stream = Seed::new(8).stream("coverage");
    let mut lines = table(&["true share", "Wilson, n = 120", "MOVER, 12 × 10"]);
    for noise in [0.1, 0.3] {
        let truth = 1.0 - noise;
        let (mut within, mut within_wauc) = (0, 0);
        for _ in 0..RUNS {
            let levels = (1..=12).map(|it| {
                let feasible = verdicts(truth, 10, &mut stream);
                Cell { level: 5 * it, feasible, total: 10.0 }
            });
            let profile = Profile(levels.collect());
            let feasible: f64 = profile.0.iter().map(|cell| cell.feasible).sum();
            within += usize::from(wilson(feasible, 120.0).holds(truth));
            within_wauc += usize::from(mover(&profile).holds(truth));
        }
        let (wilson, mover) = (within as f64 / RUNS as f64, within_wauc as f64 / RUNS as f64);
        lines.add_row([format!("{truth}"), format!("{wilson:.3}"), format!("{mover:.3}")]);
        let what = format!("noisy({noise}): Wilson covers");
        sheet.row("e8", what, "0.93-0.97", format!("{wilson:.3}"), (0.93..=0.97).contains(&wilson));
        let what = format!("noisy({noise}): MOVER covers");
        sheet.row("e8", what, "≥ 0.86", format!("{mover:.3}"), mover >= 0.86);
    }
    sheet.table("Coverage of nominal 95 % intervals, 1000 runs", &lines)?;
    let mut rejected = 0;
    for _ in 0..RUNS {
        let (mut first, mut second) = (0, 0);
        for _ in 0..120 {
            // Two equal answerers whose verdicts are correlated by a half.
            let both = stream.chance(0.5);
            let one = stream.chance(0.6);
            let other = if both { one } else { stream.chance(0.6) };
            first += u64::from(one && !other);
            second += u64::from(!one && other);
        }
        rejected += usize::from(mcnemar(first, second) < 0.05);
    }
    let share = rejected as f64 / RUNS as f64;
    let holds = (0.03..=0.06).contains(&share);
    sheet.row(
        "e8",
        "McNemar mid-p rejects equal pairs",
        "0.03-0.06 (theirs 0.045)",
        format!("{share:.3}"),
        holds,
    );
    Ok(())
}
