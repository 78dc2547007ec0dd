//! The page of a report: tables and charts in one file that loads nothing.
//!
//! **Source:** ours.

use super::super::converse::Held;
use super::super::score::{Score, discordant};
use super::{DRAWS, Report, title};
use comfy_table::{Cell, Table};
use ordine_base::{Seed, Time};
use ordine_chart::{Axis, Curves, Series, Theme, curves_svg, scene, svg};
use ordine_problem::{Placement, Schedule};
use ordine_project::constraint_bench::statistics::{
    detectable, mcnemar, paired_bootstrap, wauc_difference,
};
use ordine_project::constraint_bench::{
    Answer, BenchInstance, Kind, Phase, Variant, lower, template_hash, violations,
};

const STYLE: &str = "body{font-family:sans-serif;max-width:75em;margin:2em auto;padding:0 1em;\
color:#222;background:#fff}table{border-collapse:collapse;font-size:.85em;margin:1em 0}\
td,th{border:1px solid #ccc;padding:.2em .5em;text-align:left}img{max-width:100%;height:auto}\
.bar{display:inline-block;height:.7em;background:#4878a8;margin-right:.3em}";

impl Report<'_> {
    /// The whole page.
    pub(super) fn page(&self) -> String {
        let mut body = format!(
            "<h1>R-ConstraintBench</h1><p>{} instances, set {}, templates {}.</p>",
            self.set.instances.len(),
            &self.set.hash[..16],
            &template_hash()[..16]
        );
        body.push_str(&of_table(&self.table()));
        for phase in self.phases() {
            body.push_str(&heading(2, &format!("Phase {}", phase.word())));
            body.push_str(&image(&curves_svg(&self.curves(phase), Theme::Light)));
            body.push_str(&self.mixes(phase));
        }
        for part in [
            self.rounds(),
            self.sensitivity(),
            self.costs(),
            self.causes(),
            self.faithful(),
            self.comparisons(),
            self.worst(),
        ] {
            body.push_str(&part);
        }
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <title>R-ConstraintBench</title><style>{STYLE}</style></head>\
             <body>{body}</body></html>\n"
        )
    }

    /// Bars by kind of violation, and what else is known of a phase.
    fn mixes(&self, phase: Phase) -> String {
        let mut head = vec!["answerer"];
        head.extend(Kind::ALL.map(Kind::word));
        head.extend(["one kind", "breakpoint", "WAUC, bootstrap", "any sample", "all samples"]);
        let mut rows = Vec::new();
        for score in self.scores {
            let Some(it) = score.phases.get(&phase) else { continue };
            let mut row = vec![escaped(&title(score))];
            for kind in Kind::ALL {
                let share = it.mix.get(&kind).copied().unwrap_or(0.0);
                let width = (60.0 * share).round();
                row.push(format!(
                    "<span class=\"bar\" style=\"width:{width}px\"></span>{share:.2}"
                ));
            }
            let end = |it: Option<u32>| it.map_or("none".to_owned(), |level| level.to_string());
            let (low, high) = it.breakpoint_range;
            row.push(format!("{:.2}", it.one_kind));
            row.push(format!("{} [{}, {}]", end(it.breakpoint), end(low), end(high)));
            row.push(format!("[{:.2}, {:.2}]", it.bootstrap.low, it.bootstrap.high));
            row.push(format!("{:.2}", it.any));
            row.push(format!("{:.2}", it.all));
            rows.push(row);
        }
        of_rows(&head, &rows)
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
        let broken = |score: &&Score| {
            let best = score.by_round.last().map_or(0.0, |share| share.1);
            let later = score.broken_later.to_string();
            vec![escaped(&title(score)), format!("{best:.3}"), later]
        };
        let rows: Vec<_> = with.iter().map(broken).collect();
        let head = ["answerer", "best of the rounds", "feasible answers broken later"];
        heading(2, "Rounds") + &image(&curves_svg(&curves, Theme::Light)) + &of_rows(&head, &rows)
    }

    /// The same contestant with other words, beside the plain variant.
    fn sensitivity(&self) -> String {
        let mut rows = Vec::new();
        for score in self.scores.iter().filter(|it| it.manner.variant != Variant::Plain) {
            let plain = self.scores.iter().find(|other| {
                let (one, two) = (&other.manner, &score.manner);
                other.model == score.model
                    && (one.mode, one.rendering) == (two.mode, two.rendering)
                    && one.variant == Variant::Plain
            });
            let Some(plain) = plain else { continue };
            let (mut more, mut less) = (0, 0);
            for phase in self.phases() {
                let found = discordant(&score.pairs(plain, self.set, phase));
                (more, less) = (more + found.0, less + found.1);
            }
            let loss = plain.share() - score.share();
            let words = if loss <= 0.05 { "within 5 points" } else { "loses more than 5 points" };
            rows.push(vec![
                escaped(&title(score)),
                score.manner.variant.word().to_owned(),
                format!("{:.3}", score.share()),
                format!("{:+.3}", -loss),
                format!("{:.3}", mcnemar(more, less)),
                words.to_owned(),
            ]);
        }
        if rows.is_empty() {
            return String::new();
        }
        let head = ["answerer", "variant", "feasible", "difference", "p", ""];
        heading(2, "Variants") + &of_rows(&head, &rows)
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
        let row = |score: &Score| {
            let usage = score.ledger.usage;
            vec![
                escaped(&title(score)),
                score.ledger.calls.to_string(),
                usage.prompt.to_string(),
                usage.completion.to_string(),
                usage.reasoning.to_string(),
                format!("{:.4}", score.ledger.dollars),
                score.retries.to_string(),
                score.failed.to_string(),
            ]
        };
        let rows: Vec<_> = self.scores.iter().map(row).collect();
        let head = [
            "answerer",
            "calls",
            "prompt tokens",
            "answer tokens",
            "reasoning tokens",
            "dollars",
            "retries",
            "failed",
        ];
        heading(2, "Cost") + &image(&curves_svg(&curves, Theme::Light)) + &of_rows(&head, &rows)
    }

    /// The logistic model of feasibility.
    fn causes(&self) -> String {
        let words = "<p>Coefficients of a logistic model over standardized features, with 95 % \
                     intervals.</p>";
        let mut head = vec!["answerer"];
        let mut rows = Vec::new();
        for score in self.scores {
            let causes = score.causes(self.set);
            head.truncate(1);
            head.extend(causes.iter().map(|it| it.0));
            let mut row = vec![escaped(&title(score))];
            row.extend(causes.iter().map(|(_, it)| {
                format!("{:.2} [{:.2}, {:.2}]", it.value, it.range.low, it.range.high)
            }));
            rows.push(row);
        }
        heading(2, "What feasibility depends on") + words + &of_rows(&head, &rows)
    }

    /// Statements of written problems beside the true ones.
    fn faithful(&self) -> String {
        let head = ["statement", "same", "missing", "invented", "altered", "precision", "recall"];
        let mut text = String::new();
        for score in self.scores.iter().filter(|it| !it.faithful.is_empty()) {
            let row = |(statement, it): (
                &ordine_project::constraint_bench::faithfulness::Statement,
                &ordine_project::constraint_bench::faithfulness::Comparison,
            )| {
                vec![
                    statement.word().to_owned(),
                    it.same.to_string(),
                    it.missing.to_string(),
                    it.invented.to_string(),
                    it.altered.to_string(),
                    format!("{:.3}", it.precision()),
                    format!("{:.3}", it.recall()),
                ]
            };
            let rows: Vec<_> = score.faithful.iter().map(row).collect();
            text.push_str(&heading(2, &format!("Faithfulness of {}", escaped(&title(score)))));
            text.push_str(&of_rows(&head, &rows));
        }
        text
    }

    /// Neighbors in the list, paired by instance.
    fn comparisons(&self) -> String {
        let Some(phase) = self.phases().last().copied() else { return String::new() };
        let mut rows = Vec::new();
        for pair in self.scores.windows(2) {
            let pairs = pair[0].pairs(&pair[1], self.set, phase);
            let (more, less) = discordant(&pairs);
            let range = paired_bootstrap(&pairs, DRAWS, Seed::new(1));
            let share = (more + less) as f64 / pairs.len().max(1) as f64;
            let difference = wauc_difference(&pairs);
            rows.push(vec![
                escaped(&title(&pair[0])),
                escaped(&title(&pair[1])),
                format!("{difference:+.3} [{:+.3}, {:+.3}]", range.low, range.high),
                format!("{:.4}", mcnemar(more, less)),
                format!("{:.3}", detectable(pairs.len() as f64, share)),
            ]);
        }
        let head = ["one", "other", "difference of WAUC", "p (McNemar, mid-p)", "least detectable"];
        let mut text = heading(2, &format!("Comparisons, phase {}", phase.word()));
        text.push_str(&of_rows(&head, &rows));
        for score in self.scores {
            if let Some(gap) = score.transfer_gap() {
                let words = escaped(&title(score));
                text.push_str(&format!("<p>Transfer gap of {words}: {gap:+.3}.</p>"));
            }
        }
        text
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
            let (id, who) = (escaped(&instance.id), escaped(&title(score)));
            text.push_str(&heading(3, &format!("{id}, {who}: {count} violations")));
            text.push_str(&format!("<p>{}</p>", escaped(&first)));
            text.push_str(&gantt(&instance, &starts));
        }
        if text.is_empty() { text } else { heading(2, "Ten worst answers") + &text }
    }
}

/// A schedule, feasible or not.
fn gantt(instance: &BenchInstance, starts: &[i64]) -> String {
    let Ok(problem) = lower(instance) else { return String::new() };
    let mut schedule = Schedule::empty(&problem);
    for (task, &start) in problem.tasks().zip(starts) {
        let Some(mode) = problem.modes(task).next() else { continue };
        // What lies far beyond the horizon would hide everything else.
        let start = Time::new(start.clamp(0, instance.horizon));
        schedule.place(task, Placement::starting(&problem, mode, start));
    }
    image(&svg(&scene(&problem, &schedule), Theme::Light))
}

/// A picture of its own: styles of one chart must not reach another.
fn image(svg: &str) -> String {
    let mut text = "<p><img alt=\"chart\" src=\"data:image/svg+xml,".to_owned();
    for letter in svg.chars() {
        match letter {
            '%' => text.push_str("%25"),
            '#' => text.push_str("%23"),
            '<' => text.push_str("%3C"),
            '>' => text.push_str("%3E"),
            '"' => text.push_str("%22"),
            '&' => text.push_str("%26"),
            '\n' => text.push_str("%0A"),
            _ => text.push(letter),
        }
    }
    text + "\"></p>"
}

fn heading(level: u8, words: &str) -> String {
    format!("<h{level}>{words}</h{level}>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A table of cells that are markup already.
fn of_rows(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>, tag: &str| {
        let cells: String = cells.map(|it| format!("<{tag}>{it}</{tag}>")).collect();
        format!("<tr>{cells}</tr>")
    };
    let mut text = format!("<table>{}", line(&mut head.iter().copied(), "th"));
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str), "td"));
    }
    text + "</table>"
}

fn of_table(table: &Table) -> String {
    let words = |cell: &Cell| escaped(&cell.content());
    let head: Vec<String> =
        table.header().map(|row| row.cell_iter().map(words).collect()).unwrap_or_default();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> =
        table.row_iter().map(|row| row.cell_iter().map(words).collect()).collect();
    of_rows(&head, &rows)
}
