//! Reports of a run as JSON, CSV and a page.
//!
//! One table: each rule on training, validation, test and every shifted set. Besides: the loss over
//! evaluations and dollars, verdicts, operators, what persons did, the ancestors of the best rule,
//! the candidates that none beats in loss, size and work at once, and properties that were tried.
//!
//! **Source:** -

mod page;

use crate::harness::Losses;
use crate::{
    Candidate, Choice, DiscoverError, Ended, Event, Harness, Promotion, Record, Settings, Tried,
};
use ordine_rule_language::Scratch;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// One rule on one set.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Mean gap; nothing when it does not come to the end.
    pub mean: Option<f64>,
    /// Half of the 95 % interval of the difference to the first rule of the table.
    pub half_width: f64,
    /// Instances of reference 0 that it misses.
    pub missed: usize,
}

/// One rule on every set.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its nodes.
    pub nodes: usize,
    /// One cell per set.
    pub cells: Vec<Cell>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Report {
    settings: Settings,
    cause: &'static str,
    evaluations: u64,
    curve: Vec<(u64, f64)>,
    /// Dollars spent when the best loss was reached.
    costs: Vec<(f64, f64)>,
    verdicts: Vec<(String, u64)>,
    operators: Vec<(String, [u64; 3])>,
    calls: [f64; 5],
    interventions: Vec<(u64, String, String)>,
    ancestors: Vec<Record>,
    sets: Vec<String>,
    /// The table: classical rules, then what was found.
    pub rows: Vec<Row>,
    /// The best finalist.
    pub found: Option<Candidate>,
    /// Of so many training instances, on how many the order changes with the unit of time.
    scale: Option<(usize, usize)>,
    counter_examples: Vec<String>,
    choices: Vec<Choice>,
    claims: Vec<Tried>,
    promotion: Option<Promotion>,
}

impl Report {
    /// Reads the test and the shifted sets, and puts everything together.
    ///
    /// # Errors
    /// When a rule is better than can be.
    pub fn new(
        harness: &Harness<'_>,
        settings: &Settings,
        ended: &Ended,
    ) -> Result<Self, DiscoverError> {
        let splits = harness.splits();
        let mut places = vec![
            ("train".to_owned(), splits.train.clone()),
            ("validation".to_owned(), splits.validation.clone()),
            ("test".to_owned(), splits.test.clone()),
        ];
        places.extend(splits.shift.iter().cloned());
        places.retain(|(_, places)| !places.is_empty());
        let mut rules: Vec<(String, String)> = Vec::new();
        for (name, text) in harness.arena().signature().seeds {
            rules.push(((*name).to_owned(), (*text).to_owned()));
        }
        let best = ended.finalists.first();
        let found = best.map(|it| (format!("found #{}", it.member.number), it.member.text.clone()));
        rules.extend(found);
        let rows = table(harness, &places, &rules)?;
        let found = best.and_then(|it| harness.read(&it.member.text).ok());
        let claims = found.as_ref().map_or_else(Vec::new, |it| crate::claims(harness, it));
        let scale = found.as_ref().and_then(|it| scale(harness, it));
        let names = |(verdict, count): (&crate::Verdict, &u64)| {
            (format!("{verdict:?}").to_lowercase(), *count)
        };
        let islands = &ended.islands;
        let (mut calls, mut interventions) = ([0.0; 5], Vec::new());
        let mut counter_examples = Vec::new();
        for event in &ended.events {
            match event {
                Event::Call(call) => {
                    let counts =
                        [1, call.prompt_tokens, call.completion_tokens, call.cached_tokens];
                    calls.iter_mut().zip(counts).for_each(|(sum, it)| *sum += it as f64);
                    calls[4] += call.dollars;
                }
                Event::Intervention { number, action, words } => {
                    interventions.push((*number, action.clone(), words.clone()));
                }
                Event::CounterExamples { places, .. } => {
                    let name = |&place: &usize| harness.arena().facts()[place].name.clone();
                    counter_examples.extend(places.iter().map(name));
                }
                _ => {}
            }
        }
        Ok(Report {
            settings: settings.clone(),
            cause: ended.cause.name(),
            evaluations: islands.evaluations,
            curve: islands.curve.clone(),
            costs: costs(&ended.events),
            verdicts: islands.verdicts.iter().map(names).collect(),
            operators: islands.operators.iter().map(|(name, it)| (name.clone(), *it)).collect(),
            calls,
            interventions,
            ancestors: best.map_or_else(Vec::new, |it| ancestors(&ended.events, it.member.number)),
            sets: places.into_iter().map(|(name, _)| name).collect(),
            rows,
            found,
            scale,
            counter_examples,
            choices: crate::choices(harness, &ended.events)?,
            claims,
            promotion: None,
        })
    }

    /// What the report says of the unit of time; nothing when it does not matter.
    pub fn scale_words(&self) -> Option<String> {
        let (changed, tried) = self.scale.filter(|(changed, _)| *changed > 0)?;
        Some(format!(
            "the order changes on {changed} of {tried} instances when all times are multiplied by 7"
        ))
    }

    /// Adds the decision on promotion.
    pub fn decide(&mut self, promotion: Promotion) {
        self.promotion = Some(promotion);
    }

    /// The report as JSON.
    pub fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.row_json(row)).collect();
        let promotion = self.promotion.as_ref().map(|it| {
            let sets: Vec<Value> = it
                .comparisons
                .iter()
                .map(|it| {
                    json!({"set": it.set, "candidate": it.candidate, "parent": it.parent,
                    "half_width": it.half_width, "missed": it.missed, "worse": it.worse})
                })
                .collect();
            json!({"granted": it.is_granted(), "objections": it.objections, "sets": sets})
        });
        let [calls, prompt, completion, cached, dollars] = self.calls;
        let value = json!({
            "format": "ordine/discovery-report/1",
            "settings": self.settings,
            "stopped": self.cause,
            "evaluations": self.evaluations,
            "loss_over_evaluations": self.curve,
            "loss_over_dollars": self.costs,
            "verdicts": self.verdicts.iter().cloned().collect::<BTreeMap<_, _>>(),
            "operators": self.operators.iter().map(|(name, [made, valid, improved])| {
                json!({"operator": name, "candidates": made, "valid": valid, "improved": improved})
            }).collect::<Vec<_>>(),
            "ledger": {"calls": calls, "prompt_tokens": prompt, "completion_tokens": completion,
                "cached_tokens": cached, "dollars": dollars},
            "interventions": self.interventions,
            "ancestors": self.ancestors,
            "rules": rows,
            "rule": self.found.as_ref().map(Candidate::text),
            "order_changes_with_the_unit_of_time": self.scale.map(|(changed, tried)| {
                json!({"instances": tried, "changed": changed})
            }),
            "counter_examples": self.counter_examples,
            "choices": self.choices,
            "claims": self.claims,
            "promotion": promotion,
        });
        format!("{value:#}\n")
    }

    fn row_json(&self, row: &Row) -> Value {
        let cells = row.cells.iter().zip(&self.sets).map(|(cell, set)| {
            json!({"set": set, "mean_gap": cell.mean, "half_width": cell.half_width,
                "missed": cell.missed})
        });
        json!({"name": row.name, "rule": row.text, "nodes": row.nodes,
            "sets": cells.collect::<Vec<_>>()})
    }

    /// The table as CSV, gaps in percent.
    pub fn csv(&self) -> String {
        let mut text = format!("rule,nodes,{},text\n", self.sets.join(","));
        for row in &self.rows {
            let _ = write!(text, "{},{}", row.name, row.nodes);
            for cell in &row.cells {
                let mean = cell.mean.map_or_else(String::new, |it| format!("{:.3}", 100.0 * it));
                let _ = write!(text, ",{mean}");
            }
            let _ = writeln!(text, ",\"{}\"", row.text);
        }
        text
    }

    /// The table for a terminal: head and rows.
    pub fn table(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut head = vec!["rule".to_owned(), "nodes".to_owned()];
        head.extend(self.sets.iter().cloned());
        let row = |row: &Row| {
            let mut words = vec![row.name.clone(), row.nodes.to_string()];
            words.extend(row.cells.iter().map(|cell| match cell.mean {
                None => "fails".to_owned(),
                Some(mean) if cell.missed > 0 => format!("{:.2} !{}", 100.0 * mean, cell.missed),
                Some(mean) => format!("{:.2}", 100.0 * mean),
            }));
            words
        };
        (head, self.rows.iter().map(row).collect())
    }
}

fn table(
    harness: &Harness<'_>,
    places: &[(String, Vec<usize>)],
    rules: &[(String, String)],
) -> Result<Vec<Row>, DiscoverError> {
    let mut scratch = Scratch::default();
    let mut first: Vec<Option<Losses>> = Vec::new();
    let mut rows = Vec::new();
    for (name, text) in rules {
        // Classical rules may be larger than what is searched.
        let candidate = Candidate::read(text, harness.arena().signature(), Default::default());
        let Ok(candidate) = candidate else { continue };
        let mut cells = Vec::new();
        for (place, (set, members)) in places.iter().enumerate() {
            let losses = harness.losses(&candidate, members, &mut scratch)?.ok();
            let pair = losses.as_ref().zip(first.get(place).and_then(Option::as_ref));
            let comparison = pair.map(|(own, first)| crate::compare(set, own, first));
            cells.push(Cell {
                mean: losses.as_ref().map(Losses::mean),
                half_width: comparison.map_or(0.0, |it| it.half_width),
                missed: losses.as_ref().map_or(0, Losses::missed),
            });
            if rows.is_empty() {
                first.push(losses);
            }
        }
        let nodes = candidate.size();
        rows.push(Row { name: name.clone(), text: text.clone(), nodes, cells });
    }
    Ok(rows)
}

/// Instances of the training set that are tried in another unit of time.
const SCALED: usize = 20;

/// On how many of so many training instances the order changes with the unit of time.
fn scale(harness: &Harness<'_>, candidate: &Candidate) -> Option<(usize, usize)> {
    let mut scratch = Scratch::default();
    let (mut changed, mut tried) = (0, 0);
    for &place in harness.splits().train.iter().take(SCALED) {
        let matters = harness.arena().scale_matters(place, candidate, &mut scratch)?;
        (changed, tried) = (changed + usize::from(matters), tried + 1);
    }
    (tried > 0).then_some((changed, tried))
}

/// Loss of the best over dollars.
fn costs(events: &[Event]) -> Vec<(f64, f64)> {
    let (mut dollars, mut curve, mut last) = (0.0, Vec::new(), None);
    for event in events {
        match event {
            Event::Call(call) => dollars += call.dollars,
            Event::Batch { best: Some(best), .. } if last != Some(*best) => {
                last = Some(*best);
                curve.push((dollars, *best));
            }
            _ => {}
        }
    }
    curve
}

/// The candidate and its first parents, the oldest first.
fn ancestors(events: &[Event], number: u64) -> Vec<Record> {
    let mut found: Vec<Record> = Vec::new();
    let mut wanted = number;
    for event in events.iter().rev() {
        let Event::Candidate(record) = event else { continue };
        if record.number != wanted {
            continue;
        }
        found.push(record.clone());
        match record.parents.first() {
            Some(&parent) => wanted = parent,
            None => break,
        }
    }
    found.reverse();
    found
}
