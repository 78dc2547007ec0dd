//! The report as a page that loads nothing.
//!
//! **Source:** -

use super::Report;
use crate::{Candidate, differences};
use std::fmt::Write;

const STYLE: &str = "body{font:15px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}\
table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .7em;border-bottom:1px solid #8886;\
text-align:right}td:first-child,th:first-child{text-align:left}code{font-size:.9em}\
svg{background:#8881;max-width:100%}";

impl Report {
    /// The page.
    pub fn html(&self) -> String {
        let mut body = String::new();
        let settings = &self.settings;
        let title = format!("Discovery: {}", settings.signature);
        let _ = write!(
            body,
            "<h1>{title}</h1><p>{} evaluations by {}, seed {}; stopped by: {}.</p>",
            self.evaluations, settings.recipe, settings.seed, self.cause
        );
        self.push_found(&mut body);
        body.push_str("<h2>Gaps in percent</h2>");
        let (head, rows) = self.table();
        push_table(&mut body, &head, &rows);
        self.push_claims(&mut body);
        self.push_choices(&mut body);
        body.push_str("<h2>Loss over evaluations</h2>");
        let points = self.curve.iter().map(|&(at, loss)| (at as f64, loss)).collect::<Vec<_>>();
        body.push_str(&curve(&points, self.evaluations as f64));
        if self.calls[0] > 0.0 {
            body.push_str("<h2>Loss over dollars</h2>");
            body.push_str(&curve(&self.costs, self.calls[4]));
        }
        body.push_str("<h2>Verdicts</h2>");
        let count = |(name, count): &(String, u64)| vec![name.clone(), count.to_string()];
        let rows: Vec<_> = self.verdicts.iter().map(count).collect();
        push_table(&mut body, &["verdict".to_owned(), "candidates".to_owned()], &rows);
        body.push_str("<h2>Operators</h2>");
        let head = ["operator", "candidates", "valid", "improved"].map(str::to_owned);
        let rows = self.operators.iter().map(|(name, counts)| {
            std::iter::once(name.clone()).chain(counts.map(|it| it.to_string())).collect()
        });
        push_table(&mut body, &head, &rows.collect::<Vec<_>>());
        body.push_str("<h2>Ancestors</h2>");
        let head = ["number", "operator", "loss", "rule"].map(str::to_owned);
        let rows = self.ancestors.iter().map(|it| {
            let loss = it.loss.map_or_else(String::new, |loss| format!("{:.3} %", 100.0 * loss));
            vec![it.number.to_string(), it.operator.clone(), loss, it.text.clone()]
        });
        push_table(&mut body, &head, &rows.collect::<Vec<_>>());
        self.push_history(&mut body);
        if !self.interventions.is_empty() {
            body.push_str("<h2>Interventions</h2>");
            let head = ["candidate", "action", "words"].map(str::to_owned);
            let rows = self.interventions.iter().map(|(number, action, words)| {
                vec![number.to_string(), action.clone(), words.clone()]
            });
            push_table(&mut body, &head, &rows.collect::<Vec<_>>());
        }
        if let Some(promotion) = &self.promotion {
            let words = if promotion.is_granted() { "granted" } else { "refused" };
            let _ = write!(body, "<h2>Promotion</h2><p>{words}</p><ul>");
            for objection in &promotion.objections {
                let _ = write!(body, "<li>{}</li>", escaped(objection));
            }
            body.push_str("</ul>");
        }
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
             <style>{STYLE}</style><body>{body}</body></html>\n"
        )
    }
}

impl Report {
    /// What was found, and whether it depends on the unit of time.
    fn push_found(&self, body: &mut String) {
        match &self.found {
            Some(Candidate::Rule(rule, _)) => {
                let _ = write!(
                    body,
                    "<h2>Rule</h2><p><code>{}</code></p><pre>{}</pre>",
                    escaped(&rule.formula()),
                    escaped(&rule.rust("found"))
                );
            }
            Some(Candidate::Script(script)) => {
                let _ = write!(body, "<h2>Script</h2><pre>{}</pre>", escaped(script.text()));
            }
            None => {}
        }
        if let Some(words) = self.scale_words() {
            let _ = write!(body, "<p>Unit of time: {}.</p>", escaped(&words));
        }
    }

    /// Properties of what was found, as far as they were tried.
    fn push_claims(&self, body: &mut String) {
        if self.claims.is_empty() {
            return;
        }
        body.push_str("<h2>Properties</h2>");
        let head = ["property", "instances", "broken on", "first"].map(str::to_owned);
        let rows = self.claims.iter().map(|it| {
            let first = it.first.clone().unwrap_or_default();
            vec![it.claim.to_owned(), it.instances.to_string(), it.broken.to_string(), first]
        });
        push_table(body, &head, &rows.collect::<Vec<_>>());
    }

    /// Among what a person may pick.
    fn push_choices(&self, body: &mut String) {
        body.push_str(
            "<h2>Choices</h2><p>None of these is beaten by another in gap, size and work at \
             once, on the training set with all counter-examples.</p>",
        );
        let head = ["number", "gap", "size", "work", "rule"].map(str::to_owned);
        let rows = self.choices.iter().map(|it| {
            let gap = format!("{:.3} %", 100.0 * it.loss);
            let (nodes, work) = (it.nodes.to_string(), it.work.to_string());
            vec![format!("#{}", it.number), gap, nodes, work, it.text.clone()]
        });
        push_table(body, &head, &rows.collect::<Vec<_>>());
    }

    /// What changed from parent to child, and what came into training.
    fn push_history(&self, body: &mut String) {
        for pair in self.ancestors.windows(2) {
            let (old, new) = (&pair[0], &pair[1]);
            let _ = write!(body, "<p>#{} to #{}:</p><pre>", old.number, new.number);
            for (sign, line) in differences(&old.text, &new.text) {
                let _ = writeln!(body, "{sign} {}", escaped(&line));
            }
            body.push_str("</pre>");
        }
        if !self.counter_examples.is_empty() {
            let names = self.counter_examples.join(", ");
            let _ = write!(body, "<h2>Counter-examples</h2><p>{}</p>", escaped(&names));
        }
    }
}

fn push_table(body: &mut String, head: &[String], rows: &[Vec<String>]) {
    body.push_str("<table><tr>");
    for word in head {
        let _ = write!(body, "<th>{}</th>", escaped(word));
    }
    body.push_str("</tr>");
    for row in rows {
        body.push_str("<tr>");
        for word in row {
            let _ = write!(body, "<td>{}</td>", escaped(word));
        }
        body.push_str("</tr>");
    }
    body.push_str("</table>");
}

/// Steps that fall: each loss holds until the next.
fn curve(points: &[(f64, f64)], end: f64) -> String {
    const WIDTH: f64 = 640.0;
    const HEIGHT: f64 = 240.0;
    let Some(&(_, highest)) = points.first() else { return String::new() };
    let lowest = points.last().map_or(0.0, |it| it.1);
    let span = (highest - lowest).max(f64::MIN_POSITIVE);
    let x = |at: f64| 10.0 + (WIDTH - 20.0) * if end > 0.0 { at / end } else { 0.0 };
    let y = |loss: f64| HEIGHT - 10.0 - (HEIGHT - 20.0) * (loss - lowest) / span;
    let mut path = String::new();
    for (place, &(at, loss)) in points.iter().enumerate() {
        let verb = if place == 0 { "M" } else { "H" };
        let _ = match place {
            0 => write!(path, "{verb}{:.1} {:.1}", x(at), y(loss)),
            _ => write!(path, "{verb}{:.1} V{:.1}", x(at), y(loss)),
        };
    }
    let _ = write!(path, "H{:.1}", x(end));
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" role=\"img\"><title>from \
         {:.3} % to {:.3} %</title><path d=\"{path}\" fill=\"none\" stroke=\"#0072b2\" \
         stroke-width=\"2\"/></svg>",
        100.0 * highest,
        100.0 * lowest
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
