//! Reports: a table for the terminal, CSV, JSON, and a page that loads nothing.
//!
//! **Source:** ours.

mod page;

use super::score::{PhaseScore, Score, Standing, discordant};
use super::set::{Set, write};
use anyhow::Result;
use comfy_table::Table;
use ordine_chart::{Axis, Curves, Series, Theme, curves_svg};
use ordine_project::constraint_bench::metrics::Cell;
use ordine_project::constraint_bench::statistics::{holm, mcnemar, wilson};
use ordine_project::constraint_bench::{Kind, Phase, template_hash};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Draws of a paired bootstrap.
const DRAWS: usize = 10_000;

/// Share of failed calls above which a row does not count.
const FAILED_MAX: f64 = 0.02;

/// Everything that is reported.
pub(super) struct Report<'a> {
    pub(super) set: &'a Set,
    pub(super) scores: &'a [Score],
    /// Whether replies are kept in cassettes.
    pub(super) reproducible: bool,
}

fn title(score: &Score) -> String {
    let manner = &score.manner;
    format!("{} {}", score.model, manner.mode.word())
}

impl Report<'_> {
    /// Scores by phase, one row per contestant and manner.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::ASCII_MARKDOWN);
        let phases = self.phases();
        let mut head: Vec<String> =
            ["answerer", "mode", "rendering", "variant"].into_iter().map(str::to_owned).collect();
        head.extend(phases.iter().map(|phase| format!("{} WAUC", phase.word())));
        head.extend(["feasible", "parsed", "kinds of failure"].map(str::to_owned));
        table.set_header(head);
        for score in self.scores {
            let manner = &score.manner;
            let mut row = vec![
                score.model.clone(),
                manner.mode.word().to_owned(),
                manner.rendering.word().to_owned(),
                manner.variant.word().to_owned(),
            ];
            for phase in &phases {
                row.push(score.phases.get(phase).map_or(String::new(), |it| {
                    format!("{:.2} [{:.2}, {:.2}]", it.wauc, it.mover.low, it.mover.high)
                }));
            }
            let parsed = ["strict", "coerced"].iter().filter_map(|it| score.classes.get(it));
            let parsed = parsed.sum::<usize>() as f64 / score.all().count().max(1) as f64;
            let mix = score.phases.values().next_back().map(|it| mix_words(&it.mix));
            row.push(format!("{:.2}", score.share()));
            row.push(format!("{parsed:.2}"));
            row.push(mix.unwrap_or_default());
            table.add_row(row);
        }
        table
    }

    fn phases(&self) -> Vec<Phase> {
        let mut phases: Vec<Phase> =
            self.scores.iter().flat_map(|it| it.phases.keys().copied()).collect();
        phases.sort_unstable();
        phases.dedup();
        phases
    }

    /// Ranks: contestants that cannot be told apart after Holm share one.
    pub(super) fn standings(&self) -> Vec<Standing> {
        let phase = *self.phases().last().unwrap_or(&Phase::Disjunctive);
        let wauc = |score: &Score| score.phases.get(&phase).map_or(0.0, |it| it.wauc);
        let mut order: Vec<&Score> = self.scores.iter().collect();
        order.sort_by(|a, b| wauc(b).total_cmp(&wauc(a)));
        let against = |place: usize| {
            let (first, second) = (order[place - 1], order[place]);
            let (more, less) = discordant(&first.pairs(second, self.set, phase));
            mcnemar(more, less)
        };
        let values: Vec<f64> = (1..order.len()).map(against).collect();
        let adjusted = holm(&values);
        let mut rank = 1;
        let mut standings = Vec::new();
        for (place, score) in order.iter().enumerate() {
            if place > 0 && adjusted[place - 1] < 0.05 {
                rank = place + 1;
            }
            let feasible = score.all().filter(|held| held.is_feasible()).count();
            let conversations = score.all().count() + score.failed;
            let failed = score.failed as f64 / conversations.max(1) as f64;
            let interval = |(phase, it): (&Phase, &PhaseScore)| {
                (phase.word(), [it.wauc, it.mover.low, it.mover.high])
            };
            standings.push(Standing {
                model: score.model.clone(),
                mode: score.manner.mode.word(),
                rendering: score.manner.rendering.word(),
                variant: score.manner.variant.word(),
                wauc: score.phases.iter().map(interval).collect(),
                feasible: score.share(),
                rank,
                dollars_per_feasible: (feasible > 0)
                    .then(|| score.ledger.dollars / feasible as f64),
                failed,
                templates: template_hash(),
                reproducible: self.reproducible,
                valid: failed <= FAILED_MAX,
            });
        }
        standings
    }

    /// `report.html`, `scores.csv`, `leaderboard.json` and the charts.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let json = serde_json::to_string_pretty(&self.standings())? + "\n";
        write(&folder.join("leaderboard.json"), &json)?;
        write(&folder.join("scores.csv"), &self.csv())?;
        for phase in self.phases() {
            let chart = curves_svg(&self.curves(phase), Theme::Auto);
            write(&folder.join(format!("levels-{}.svg", phase.word())), &chart)?;
        }
        write(&folder.join("report.html"), &self.page())
    }

    fn csv(&self) -> String {
        let mut text =
            "model,mode,rendering,variant,phase,level,instances,feasible_share,low,high\n"
                .to_owned();
        for score in self.scores {
            let manner = &score.manner;
            for (phase, it) in &score.phases {
                for cell in &it.profile.0 {
                    let range = wilson(cell.feasible, cell.total);
                    let _ = writeln!(
                        text,
                        "{},{},{},{},{},{},{},{:.4},{:.4},{:.4}",
                        score.model,
                        manner.mode.word(),
                        manner.rendering.word(),
                        manner.variant.word(),
                        phase.word(),
                        cell.level,
                        cell.total,
                        cell.share(),
                        range.low,
                        range.high
                    );
                }
            }
        }
        text
    }

    /// Feasible share over level; the band of a single contestant is drawn as two more curves.
    pub(super) fn curves(&self, phase: Phase) -> Curves {
        let of_phase: Vec<(&Score, _)> =
            self.scores.iter().filter_map(|it| Some((it, it.phases.get(&phase)?))).collect();
        let mut series = Vec::new();
        for (score, it) in &of_phase {
            let cells = it.profile.0.iter();
            let points = cells.clone().map(|cell| (f64::from(cell.level), cell.share()));
            series.push(Series::line(title(score), points.collect()));
            if of_phase.len() <= 2 {
                let range =
                    |cell: &Cell| (f64::from(cell.level), wilson(cell.feasible, cell.total));
                let low = cells.clone().map(range).map(|(level, it)| (level, it.low));
                let high = cells.map(range).map(|(level, it)| (level, it.high));
                series.push(Series::line(format!("{} 95 % low", title(score)), low.collect()));
                series.push(Series::line(format!("{} 95 % high", title(score)), high.collect()));
            }
        }
        Curves {
            title: format!("Feasible share, phase {}", phase.word()),
            subtitle: "Wilson 95 % intervals are in scores.csv".to_owned(),
            x: Axis::linear("precedences"),
            y: Axis::from_zero("feasible share"),
            series,
        }
    }
}

pub(super) fn mix_words(mix: &BTreeMap<Kind, f64>) -> String {
    let words = mix.iter().map(|(kind, share)| format!("{} {share:.2}", kind.word()));
    words.collect::<Vec<_>>().join(", ")
}
