//! All answerers through the scripted endpoint, beside the profiles that were published with the
//! specification of the answerers.
//!
//! **Source:** prototype of the same generator; Jain, Wetter 2025 for the shape.

use super::super::converse::Manner;
use super::super::endpoint::Scripted;
use super::super::models::{Cassettes, scripted};
use super::super::report::mix_words;
use super::super::run::{Ended, Plan, run};
use super::super::score::{Score, scores};
use super::super::set::Set;
use super::{Sheet, table};
use anyhow::{Context as _, Result};
use ordine_base::Clock as _;
use ordine_chat::{Budget, Rates};
use ordine_project::constraint_bench::answerers::Answerer;
use ordine_project::constraint_bench::faithfulness::Statement;
use ordine_project::constraint_bench::{Dropped, Kind, Mode, Phase};
use std::collections::BTreeSet;
use std::path::Path;

/// A run of one answerer in one mode, journaled in `folder`.
pub(super) fn held(
    set: &Set,
    answerer: Answerer,
    manner: &Manner,
    folder: &Path,
    workers: usize,
) -> Result<(Score, Ended)> {
    let endpoint = Scripted::new(answerer, 0.0, 1);
    let mut contestant = scripted(answerer, endpoint, Cassettes::default());
    contestant.rates = Rates { open: workers, ..Rates::default() };
    let manners = [manner.clone()];
    let plan = Plan { set, manners: &manners, samples: 1, workers, budget: Budget::default() };
    let journal = folder.join(format!("{answerer}-{}.jsonl", manner.mode.word()).replace(':', "-"));
    let ended = run(&plan, &contestant, &journal)?;
    let score = scores(set, &contestant.name, &manners, &ended).pop().context("one manner")?;
    Ok((score, ended))
}

/// What was published: WAUC by phase, and how far ours may be from it.
const PUBLISHED: [(Answerer, [f64; 4], f64); 7] = [
    (Answerer::Perfect, [1.0, 1.0, 1.0, 1.0], 0.0),
    (Answerer::Greedy, [1.0, 1.0, 0.07, 0.10], 0.08),
    (Answerer::Restarts, [1.0, 1.0, 0.23, 0.25], 0.08),
    (Answerer::ResourceOnly, [1.0, 0.07, 0.0, 0.0], 0.08),
    (Answerer::PrecedenceOnly, [0.0, 0.0, 0.0, 0.0], 0.08),
    (Answerer::Jitter(0.01), [0.77, 0.75, 0.77, 0.86], 0.12),
    (Answerer::Jitter(0.03), [0.49, 0.40, 0.53, 0.59], 0.12),
];

pub(super) fn profiles(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let clock = crate::WallClock::start();
    let mut lines =
        table(&["answerer", "P1", "P2", "P3", "P4", "domain", "kinds of failure in P4"]);
    let direct = Manner::new(Mode::Direct);
    for (answerer, published, reach) in PUBLISHED {
        let (score, _) = held(sheet.set, answerer, &direct, folder.path(), sheet.workers)?;
        add(&mut lines, &score, Some(published));
        let mut off = 0.0_f64;
        let mut extremes = true;
        for (phase, expected) in Phase::RAMP.into_iter().zip(published) {
            let found = score.phases[&phase].wauc;
            off = off.max((found - expected).abs());
            let is_extreme = expected == 0.0 || expected == 1.0;
            extremes &= !is_extreme || (found - expected).abs() < 1e-9;
        }
        let found = format!("{off:.3}, extremes {}", if extremes { "exact" } else { "off" });
        let expected = format!("≤ {reach}, 0 and 1 exact");
        let what = format!("{answerer}: distance of WAUC");
        sheet.row("e1", what, expected, found, off <= reach + 1e-9 && extremes);
        let mix: BTreeSet<Kind> = score.phases[&Phase::Disjunctive].mix.keys().copied().collect();
        if let Some(expected) = kinds(answerer) {
            let expected: BTreeSet<Kind> = expected.iter().copied().collect();
            let words = |kinds: &BTreeSet<Kind>| {
                kinds.iter().map(|it| it.word()).collect::<Vec<_>>().join(" ")
            };
            let what = format!("{answerer}: kinds of failure in P4");
            sheet.row("e1", what, words(&expected), words(&mix), mix == expected);
        }
    }
    for noise in [0.1, 0.3] {
        let answerer = Answerer::Noisy(noise);
        let (score, _) = held(sheet.set, answerer, &direct, folder.path(), sheet.workers)?;
        add(&mut lines, &score, None);
        let off = (score.share() - (1.0 - noise)).abs();
        let found = format!("{:.3}", score.share());
        let what = format!("{answerer}: feasible share");
        sheet.row("e1", what, format!("{} ± 0.08", 1.0 - noise), found, off <= 0.08);
    }
    for dropped in Dropped::ALL {
        let answerer = Answerer::Blind(dropped);
        let (score, _) = held(sheet.set, answerer, &direct, folder.path(), sheet.workers)?;
        add(&mut lines, &score, None);
        only(sheet, "e9", &score, dropped);
    }
    sheet.table("Answerers on the standard set: ours (theirs)", &lines)?;
    let seconds = clock.elapsed().as_secs_f64();
    sheet.row("e1", "whole run", "≤ 300 s", format!("{seconds:.0} s"), seconds <= 300.0);
    Ok(())
}

/// Kinds that are expected among the failures in P4.
fn kinds(answerer: Answerer) -> Option<&'static [Kind]> {
    Some(match answerer {
        Answerer::Perfect => &[],
        Answerer::Greedy | Answerer::Restarts => &[Kind::Deadline],
        Answerer::ResourceOnly => {
            &[Kind::Release, Kind::Deadline, Kind::Disjunctive, Kind::Downtime]
        }
        Answerer::PrecedenceOnly => {
            &[Kind::Release, Kind::Capacity, Kind::Disjunctive, Kind::Downtime]
        }
        _ => return None,
    })
}

fn add(lines: &mut comfy_table::Table, score: &Score, published: Option<[f64; 4]>) {
    let mut row = vec![score.model.clone()];
    for (place, phase) in Phase::RAMP.into_iter().chain([Phase::Domain]).enumerate() {
        let ours = score.phases.get(&phase).map_or(String::new(), |it| format!("{:.2}", it.wauc));
        let theirs = published.and_then(|all| all.get(place).map(|it| format!(" ({it:.2})")));
        row.push(ours + &theirs.unwrap_or_default());
    }
    row.push(score.phases.get(&Phase::Disjunctive).map_or(String::new(), |it| mix_words(&it.mix)));
    lines.add_row(row);
}

/// That an answerer which does not know a kind breaks that kind and nothing else.
fn only(sheet: &mut Sheet<'_>, item: &str, score: &Score, dropped: Dropped) {
    let found: BTreeSet<Kind> =
        score.phases.values().flat_map(|it| it.mix.keys().copied()).collect();
    let expected = dropped.kinds();
    let words: Vec<&str> = found.iter().map(|it| it.word()).collect();
    let expected_words: Vec<&str> = expected.iter().map(|it| it.word()).collect();
    let holds = !found.is_empty() && found.iter().all(|it| expected.contains(it));
    let what = format!("{}: kinds of failure", score.model);
    sheet.row(item, what, format!("only {}", expected_words.join(" ")), words.join(" "), holds);
}

pub(super) fn formalizers(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let manner = Manner::new(Mode::Formalize);
    let whole = Answerer::Formalizer(None);
    let (score, _) = held(sheet.set, whole, &manner, folder.path(), sheet.workers)?;
    let found = format!("{:.3}", score.share());
    sheet.row("8", "formalizer: feasible share", "1", found, score.share() >= 1.0);
    let exact = score.faithful.values().all(|it| it.missing + it.invented + it.altered == 0);
    let statements: usize = score.faithful.values().map(|it| it.same).sum();
    let what = "formalizer: statements that are the same";
    sheet.row("8", what, "all", statements.to_string(), exact);
    for dropped in Dropped::ALL {
        let answerer = Answerer::Formalizer(Some(dropped));
        let (score, _) = held(sheet.set, answerer, &manner, folder.path(), sheet.workers)?;
        only(sheet, "8", &score, dropped);
        let below = score.faithful.iter().filter(|(_, it)| it.recall() < 1.0);
        let below: Vec<Statement> = below.map(|it| *it.0).collect();
        let expected = lacking(dropped);
        let words: Vec<&str> = below.iter().map(|it| it.word()).collect();
        let expected_words: Vec<&str> = expected.iter().map(|it| it.word()).collect();
        let what = format!("{answerer}: statements with recall below 1");
        sheet.row("e9", what, expected_words.join(" "), words.join(" "), below == expected);
    }
    Ok(())
}

fn lacking(dropped: Dropped) -> Vec<Statement> {
    match dropped {
        Dropped::Precedence => vec![Statement::Precedence],
        Dropped::Capacity => vec![Statement::Capacity],
        Dropped::Downtime => vec![Statement::Downtime],
        Dropped::Windows => vec![Statement::Release, Statement::Deadline],
        Dropped::Disjunctive => vec![Statement::Disjunctive],
    }
}

pub(super) fn slips(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let ramp = sheet.set.instances.iter().filter(|it| it.phase != Phase::Domain);
    let ramp = Set::new(ramp.cloned().collect());
    let manner = Manner::new(Mode::Feedback);
    let (score, _) = held(&ramp, Answerer::Slip, &manner, folder.path(), sheet.workers)?;
    let found: Vec<String> = score.by_round.iter().map(|it| format!("{:.3}", it.0)).collect();
    let expected: Vec<String> = (1..=6).map(|it| format!("{:.3}", f64::from(it) / 8.0)).collect();
    let holds = found == expected;
    sheet.row("e9", "slip: feasible after each round", expected.join(" "), found.join(" "), holds);
    Ok(())
}

pub(super) fn abuse(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let some = sheet.set.instances.iter().step_by(13).cloned().collect();
    let some = Set::new(some);
    let manner = Manner::new(Mode::Tools);
    let count = some.instances.len();
    let (score, _) = held(&some, Answerer::ToolAbuser, &manner, folder.path(), sheet.workers)?;
    let found = format!("{} of {count}", score.stopped);
    let holds = score.stopped == count && score.all().count() == count;
    sheet.row("e10", "tool abuser: stopped with a reason", "all", found, holds);
    let (score, _) = held(&some, Answerer::ToolUser, &manner, folder.path(), sheet.workers)?;
    let found = format!("{:.2}, {} by the solver", score.share(), score.of_solver);
    let holds = score.share() >= 1.0 && score.of_solver == count;
    sheet.row("e10", "tool user: feasible share", "1", found, holds);
    Ok(())
}
