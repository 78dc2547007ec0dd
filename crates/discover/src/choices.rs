//! What a person may pick: candidates that no other beats in loss, size and work at once.
//!
//! Between two arrivals of counter-examples all losses are of the same instances; who is beaten
//! among those goes, the rest is run on all instances and compared again.
//! O(candidates × choices) time and O(choices) runs of the training set.
//!
//! **Source:** Pareto 1906; Kung, Luccio, Preparata 1975 (sweep by one measure).

use crate::{DiscoverError, Event, Harness, Record, Stage, Verdict};
use ordine_rule_language::Scratch;
use serde::Serialize;
use std::cmp::Ordering;

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// Its number.
    pub number: u64,
    /// Its text.
    pub text: String,
    /// Its loss on the training set with all counter-examples.
    pub loss: f64,
    /// Its nodes, or lines.
    pub nodes: usize,
    /// The work of running it on them.
    pub work: u64,
}

/// The choices of a run from least loss to most. What a person vetoed is none.
///
/// # Errors
/// When a candidate is better than can be.
pub fn choices(harness: &Harness<'_>, events: &[Event]) -> Result<Vec<Choice>, DiscoverError> {
    let vetoed = |event: &Event| match event {
        Event::Intervention { number, action, .. } if action == "veto" => Some(*number),
        _ => None,
    };
    let vetoed: Vec<u64> = events.iter().filter_map(vetoed).collect();
    let mut training = harness.splits().train.clone();
    let (mut kept, mut present) = (Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Candidate(record) => {
                let choice = choice(record).filter(|it| !vetoed.contains(&it.number));
                present.extend(choice);
            }
            Event::CounterExamples { places, .. } => {
                training.extend(places);
                kept.extend(front(std::mem::take(&mut present)));
            }
            _ => {}
        }
    }
    kept.extend(front(present));
    let mut scratch = Scratch::default();
    let mut renewed = Vec::new();
    for choice in kept {
        let Ok(candidate) = harness.read(&choice.text) else { continue };
        let Ok(losses) = harness.losses(&candidate, &training, &mut scratch)? else { continue };
        renewed.push(Choice { loss: losses.loss(), work: losses.work, ..choice });
    }
    Ok(front(renewed))
}

/// A candidate that was run on the whole training set of its time.
fn choice(record: &Record) -> Option<Choice> {
    let is_whole = record.verdict == Verdict::Ok && record.stage == Stage::Train;
    let loss = record.loss.filter(|_| is_whole)?;
    let (number, text) = (record.number, record.text.clone());
    Some(Choice { number, text, loss, nodes: record.nodes, work: record.work })
}

/// Those that none of the others beats or equals; of equals the oldest.
fn front(mut all: Vec<Choice>) -> Vec<Choice> {
    all.sort_by(order);
    let mut kept: Vec<Choice> = Vec::new();
    for choice in all {
        // Who stands before has no greater loss.
        if !kept.iter().any(|it| it.nodes <= choice.nodes && it.work <= choice.work) {
            kept.push(choice);
        }
    }
    kept
}

fn order(first: &Choice, second: &Choice) -> Ordering {
    let by_loss = first.loss.total_cmp(&second.loss).then(first.nodes.cmp(&second.nodes));
    by_loss.then(first.work.cmp(&second.work)).then(first.number.cmp(&second.number))
}
