//! Reports: a table for the terminal, CSV, JSON, and a page that loads nothing.
//!
//! **Source:** ours.

use super::converse::Held;
use super::score::{Score, Standing, discordant};
use super::set::{Set, write};
use anyhow::Result;
use comfy_table::Table;
use ordine_base::{Seed, Time};
use ordine_chart::{Axis, Curves, Series, Theme, curves_svg, scene, svg};
use ordine_problem::{Placement, Schedule};
use ordine_project::constraint_bench::faithfulness::Statement;
use ordine_project::constraint_bench::statistics::{
    detectable, holm, mcnemar, paired_bootstrap, wauc_difference, wilson,
};
use ordine_project::constraint_bench::{Answer, Kind, Phase, lower, template_hash, violations};
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
        let mut head: Vec<String> = ["answerer", "mode", "rendering", "variant"]
            .into_iter()
            .map(str::to_owned)
            .collect();
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
            let interval = |(phase, it): (&Phase, &super::score::PhaseScore)| {
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
        let mut text = "model,mode,rendering,variant,phase,level,instances,feasible_share,low,high\n"
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
                let range = |cell: &ordine_project::constraint_bench::metrics::Cell| {
                    (f64::from(cell.level), wilson(cell.feasible, cell.total))
                };
                let low = cells.clone().map(range).map(|(level, it)| (level, it.low));
                let high = cells.map(range).map(|(level, it)| (level, it.high));
                series.push(Series::line(format!("{} 95 % low", title(score)), low.collect()));
                series.push(Series::line(format!("{} 95 % high", title(score)), high.collect()));
            }
        }
        Curves {
            title: format!("Feasible share, phase {}", phase.word()),
            subtitle: "Wilson 95 % intervals are in the table".to_owned(),
            x: Axis::linear("precedences"),
            y: Axis::from_zero("feasible share"),
            series,
        }
    }

    fn page(&self) -> String {
        let mut body = String::new();
        let _ = write!(
            body,
            "<h1>R-ConstraintBench</h1><p>{} instances, set {}, templates {}.</p>",
            self.set.instances.len(),
            &self.set.hash[..16],
            &template_hash()[..16]
        );
        body.push_str(&html_table(&self.table()));
        for phase in self.phases() {
            let _ = write!(body, "<h2>Phase {}</h2>", phase.word());
            body.push_str(&curves_svg(&self.curves(phase), Theme::Auto));
            body.push_str(&self.mixes(phase));
        }
        body.push_str(&self.rounds());
        body.push_str(&self.sensitivity());
        body.push_str(&self.costs());
        body.push_str(&self.causes());
        body.push_str(&self.comparisons());
        body.push_str(&self.worst());
        format!("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>R-ConstraintBench</title><style>{STYLE}</style></head><body>{body}</body></html>\n")
    }

    /// Bars by kind of violation.
    fn mixes(&self, phase: Phase) -> String {
        let mut text = "<table><tr><th>answerer</th>".to_owned();
        for kind in Kind::ALL {
            let _ = write!(text, "<th>{}</th>", kind.word());
        }
        text.push_str("<th>one kind</th><th>breakpoint</th><th>WAUC, bootstrap</th><th>any sample</th><th>all samples</th></tr>");
        for score in self.scores {
            let Some(it) = score.phases.get(&phase) else { continue };
            let _ = write!(text, "<tr><td>{}</td>", escaped(&title(score)));
            for kind in Kind::ALL {
                let share = it.mix.get(&kind).copied().unwrap_or(0.0);
                let width = (60.0 * share).round();
                let _ = write!(
                    text,
                    "<td><span class=\"bar\" style=\"width:{width}px\"></span>{share:.2}</td>"
                );
            }
            let end = |it: Option<u32>| it.map_or("none".to_owned(), |level| level.to_string());
            let (low, high) = it.breakpoint_range;
            let _ = write!(
                text,
                "<td>{:.2}</td><td>{} [{}, {}]</td><td>[{:.2}, {:.2}]</td><td>{:.2}</td><td>{:.2}</td></tr>",
                it.one_kind,
                end(it.breakpoint),
                end(low),
                end(high),
                it.bootstrap.low,
                it.bootstrap.high,
                it.any,
                it.all
            );
        }
        text + "</table>"
    }

    fn rounds(&self) -> String {
        let with: Vec<&Score> = self.scores.iter().filter(|it| !it.by_round.is_empty()).collect();
        if with.is_empty() {
            return String::new();
        }
        let line = |score: &&Score| {
            let points = score.by_round.iter().zip(0_u32..);
            let points = points.map(|(share, round)| (f64::from(round), share.0)).collect();
            Series::line(title(score), points)
        };
        let curves = Curves {
            title: "Feasible share after each round of feedback".to_owned(),
            subtitle: "round 0 is the first answer".to_owned(),
            x: Axis::linear("round"),
            y: Axis::from_zero("feasible share"),
            series: with.iter().map(line).collect(),
        };
        format!("<h2>Rounds</h2>{}", curves_svg(&curves, Theme::Auto))
    }

    /// The same contestant with other words, beside the plain variant.
    fn sensitivity(&self) -> String {
        let mut text = String::new();
        for score in self.scores {
            let plain = self.scores.iter().find(|other| {
                other.model == score.model
                    && other.manner.mode == score.manner.mode
                    && other.manner.rendering == score.manner.rendering
                    && other.manner.variant == ordine_project::constraint_bench::Variant::Plain
            });
            let Some(plain) = plain.filter(|plain| plain.manner.variant != score.manner.variant)
            else {
                continue;
            };
            let (mut more, mut less) = (0, 0);
            for phase in self.phases() {
                let found = discordant(&score.pairs(plain, self.set, phase));
                (more, less) = (more + found.0, less + found.1);
            }
            let loss = plain.share() - score.share();
            let _ = write!(
                text,
                "<tr><td>{}</td><td>{}</td><td>{:.3}</td><td>{:+.3}</td><td>{:.3}</td><td>{}</td></tr>",
                escaped(&title(score)),
                score.manner.variant.word(),
                score.share(),
                -loss,
                mcnemar(more, less),
                if loss <= 0.05 { "robust" } else { "loses more than 5 points" }
            );
        }
        match text.is_empty() {
            true => text,
            false => format!(
                "<h2>Variants</h2><table><tr><th>answerer</th><th>variant</th><th>feasible</th>\
                 <th>difference</th><th>p</th><th></th></tr>{text}</table>"
            ),
        }
    }

    fn costs(&self) -> String {
        let point = |score: &Score| {
            let per = score.ledger.dollars / score.all().count().max(1) as f64;
            Series::points(title(score), vec![(1e3 * per, score.share())])
        };
        let curves = Curves {
            title: "Cost against feasible share".to_owned(),
            subtitle: "prices as given; all manners of a contestant together".to_owned(),
            x: Axis::linear("dollars per thousand conversations"),
            y: Axis::from_zero("feasible share"),
            series: self.scores.iter().map(point).collect(),
        };
        let mut text = format!("<h2>Cost</h2>{}", curves_svg(&curves, Theme::Auto));
        text.push_str(
            "<table><tr><th>answerer</th><th>calls</th><th>prompt tokens</th>\
             <th>completion tokens</th><th>dollars</th><th>retries</th><th>failed</th></tr>",
        );
        for score in self.scores {
            let usage = score.ledger.usage;
            let _ = write!(
                text,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{:.4}</td><td>{}</td><td>{}</td></tr>",
                escaped(&title(score)),
                score.ledger.calls,
                usage.prompt,
                usage.completion,
                score.ledger.dollars,
                score.retries,
                score.failed
            );
        }
        text + "</table>"
    }

    /// The logistic model, and faithfulness where problems were written.
    fn causes(&self) -> String {
        let mut text = "<h2>What feasibility depends on</h2><p>Coefficients of a logistic model over \
                        standardized features, with 95 % intervals.</p><table>"
            .to_owned();
        for score in self.scores {
            let _ = write!(text, "<tr><td>{}</td>", escaped(&title(score)));
            for (name, it) in score.causes(self.set) {
                let _ = write!(
                    text,
                    "<td>{name} {:.2} [{:.2}, {:.2}]</td>",
                    it.value, it.range.low, it.range.high
                );
            }
            text.push_str("</tr>");
        }
        text.push_str("</table>");
        for score in self.scores.iter().filter(|it| !it.faithful.is_empty()) {
            let _ = write!(
                text,
                "<h3>Faithfulness of {}</h3><table><tr><th>statement</th><th>same</th><th>missing</th>\
                 <th>invented</th><th>altered</th><th>precision</th><th>recall</th></tr>",
                escaped(&title(score))
            );
            for (statement, it) in &score.faithful {
                let _ = write!(
                    text,
                    "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{:.3}</td><td>{:.3}</td></tr>",
                    Statement::word(*statement),
                    it.same,
                    it.missing,
                    it.invented,
                    it.altered,
                    it.precision(),
                    it.recall()
                );
            }
            text.push_str("</table>");
        }
        text
    }

    /// Neighbors in the ranking, paired by instance.
    fn comparisons(&self) -> String {
        let Some(phase) = self.phases().last().copied() else { return String::new() };
        let mut text = format!(
            "<h2>Comparisons, phase {}</h2><table><tr><th>one</th><th>other</th>\
             <th>difference of WAUC</th><th>p (McNemar, mid-p)</th><th>detectable</th></tr>",
            phase.word()
        );
        for pair in self.scores.windows(2) {
            let pairs = pair[0].pairs(&pair[1], self.set, phase);
            let (more, less) = discordant(&pairs);
            let range = paired_bootstrap(&pairs, DRAWS, Seed::new(1));
            let share = (more + less) as f64 / pairs.len().max(1) as f64;
            let _ = write!(
                text,
                "<tr><td>{}</td><td>{}</td><td>{:+.3} [{:+.3}, {:+.3}]</td><td>{:.4}</td><td>{:.3}</td></tr>",
                escaped(&title(&pair[0])),
                escaped(&title(&pair[1])),
                wauc_difference(&pairs),
                range.low,
                range.high,
                mcnemar(more, less),
                detectable(pairs.len() as f64, share)
            );
        }
        text.push_str("</table><p>");
        for score in self.scores {
            if let Some(gap) = score.transfer_gap() {
                let words = escaped(&title(score));
                let _ = write!(text, "Transfer gap of {words} (P4 minus domain): {gap:+.3}. ");
            }
        }
        text + "</p>"
    }

    /// The ten answers with most violations, drawn.
    fn worst(&self) -> String {
        let mut found: Vec<(usize, &Score, usize, &Held)> = Vec::new();
        for score in self.scores {
            for (instance, samples) in &score.held {
                let Some(held) = samples.first() else { continue };
                let count = held.last().map_or(0, |last| last.counts.values().sum());
                if count > 0 && held.last().is_some_and(|last| last.starts.is_some()) {
                    found.push((count, score, *instance, held));
                }
            }
        }
        found.sort_by(|a, b| (b.0, a.2).cmp(&(a.0, b.2)));
        let mut text = String::new();
        for (count, score, instance, held) in found.into_iter().take(10) {
            let instance = score.manner.variant.apply(&self.set.instances[instance]);
            let starts = held.last().and_then(|last| last.starts.clone()).unwrap_or_default();
            let broken = violations(&instance, &Answer::of_starts(&instance, &starts));
            let first = broken.first().map(|it| it.describe()).unwrap_or_default();
            let _ = write!(
                text,
                "<h3>{}, {}: {count} violations</h3><p>{}</p>{}",
                escaped(&instance.id),
                escaped(&title(score)),
                escaped(&first),
                gantt(&instance, &starts)
            );
        }
        if text.is_empty() { text } else { format!("<h2>Ten worst answers</h2>{text}") }
    }
}

/// A schedule, feasible or not.
fn gantt(instance: &ordine_project::constraint_bench::BenchInstance, starts: &[i64]) -> String {
    let Ok(problem) = lower(instance) else { return String::new() };
    let mut schedule = Schedule::empty(&problem);
    for (task, &start) in problem.tasks().zip(starts) {
        let Some(mode) = problem.modes(task).next() else { continue };
        // What lies far beyond the horizon would hide everything else.
        let start = Time::new(start.clamp(0, instance.horizon));
        schedule.place(task, Placement::starting(&problem, mode, start));
    }
    svg(&scene(&problem, &schedule), Theme::Auto)
}

const STYLE: &str = "body{font-family:sans-serif;max-width:75em;margin:2em auto;padding:0 1em;\
color:#222;background:#fff}table{border-collapse:collapse;font-size:.85em;margin:1em 0}\
td,th{border:1px solid #ccc;padding:.2em .5em;text-align:left}svg{max-width:100%;height:auto}\
.bar{display:inline-block;height:.7em;background:#4878a8;margin-right:.3em}";

pub(super) fn mix_words(mix: &std::collections::BTreeMap<Kind, f64>) -> String {
    let words = mix.iter().map(|(kind, share)| format!("{} {share:.2}", kind.word()));
    words.collect::<Vec<_>>().join(", ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn html_table(table: &Table) -> String {
    let row = |cells: Vec<String>, tag: &str| {
        let cells: String =
            cells.iter().map(|it| format!("<{tag}>{}</{tag}>", escaped(it))).collect();
        format!("<tr>{cells}</tr>")
    };
    let head: Vec<String> = table
        .header()
        .map(|row| row.cell_iter().map(comfy_table::Cell::content).collect())
        .unwrap_or_default();
    let mut text = format!("<table>{}", row(head, "th"));
    for line in table.row_iter() {
        text.push_str(&row(line.cell_iter().map(comfy_table::Cell::content).collect(), "td"));
    }
    text + "</table>"
}
