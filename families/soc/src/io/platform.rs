//! Platforms as the simulator DS3 writes them.
//!
//! ```text
//! add_new_resource TYPE NAME ID CAPACITY NUMBER_OF_TASKS GOVERNOR
//! opp MEGAHERTZ MILLIVOLTS
//! TASK DURATION_US POWER_W
//! comm_band FROM TO BANDWIDTH
//! ```
//!
//! Types are CPU, BIG, LITTLE (or LTL), ACC and, once and last, MEM, which supports nothing. Ids
//! count from 0. Bandwidths hold in both directions; pairs that are not listed have 1. O(text).
//!
//! **Source:** Arda et al. 2020 (DS3).

use super::number;
use crate::power::{Governor, OperatingPoint};
use crate::{DURATION_MAX, Element, ElementKind, Platform, Support};
use ordine_base::{IdVec, Ticks};
use ordine_wire::{Diagnostics, Line, Report, Text, Token, quote};
use std::fmt::Write as _;

/// Most elements that a file may have, its memory included.
const ELEMENTS_MOST: usize = 1000;

/// What is being read.
#[derive(Default)]
struct Draft {
    /// Elements in the order of the file; `None` for the memory.
    elements: Vec<Option<Element>>,
    /// Lines of tasks that the last element still needs, and the line of its header.
    missing: i64,
    header: u32,
    bands: Vec<(usize, usize, f64)>,
}

/// Reads a platform.
///
/// # Errors
/// All mistakes that were found, with their lines.
pub fn read_platform(text: &Text<'_>) -> Result<Platform, Diagnostics> {
    let mut report = Report::new(text);
    let mut draft = Draft::default();
    for line in text.data_lines() {
        if report.is_full() {
            break;
        }
        read_line(line, &mut draft, &mut report);
    }
    close(&draft, &mut report);
    if draft.elements.iter().flatten().next().is_none() && report.is_clean() {
        let expected = "at least one line `add_new_resource CPU …`";
        report.whole(expected, "none", "add the elements of the platform");
    }
    let platform = draft.build();
    report.finish(platform)
}

fn read_line<'t>(line: Line<'t>, draft: &mut Draft, report: &mut Report<'_>) {
    let tokens: Vec<Token<'t>> = line.tokens().take(9).collect();
    match tokens[..] {
        [word, ..] if word.text == "add_new_resource" => {
            close(draft, report);
            read_header(line, &tokens, draft, report);
        }
        [word, ..] if word.text == "comm_band" => {
            close(draft, report);
            read_band(line, &tokens, draft, report);
        }
        [word, megahertz, millivolts] if word.text == "opp" => {
            let frequency = report.number(megahertz, "a frequency in MHz", 1..=1_000_000);
            let voltage = report.number(millivolts, "a voltage in mV", 0..=1_000_000);
            if let (Some(megahertz), Some(millivolts)) = (frequency, voltage) {
                match draft.elements.last_mut() {
                    Some(Some(element)) => {
                        element.points.push(OperatingPoint { megahertz, millivolts });
                    }
                    Some(None) => {}
                    None => misplaced(word, report),
                }
            }
        }
        [task, duration, power] if draft.missing > 0 => {
            draft.missing -= 1;
            if let Some(Some(element)) = draft.elements.last_mut() {
                read_support([task, duration, power], element, report);
            }
        }
        _ => {
            let expected = match draft.missing {
                0 => "add_new_resource, opp or comm_band with its numbers",
                _ => "a line `TASK DURATION_US POWER_W` of the element above",
            };
            let hint = "correct the line, or the number of tasks that the element announces";
            report.line(line.number, expected, quote(line.content), hint);
        }
    }
}

fn misplaced(word: Token<'_>, report: &mut Report<'_>) {
    report.at(word, "add_new_resource before its operating points", "move the line");
}

/// Complains when the last element has fewer lines than it announced.
fn close(draft: &Draft, report: &mut Report<'_>) {
    if draft.missing > 0 {
        let expected = "as many lines `TASK DURATION_US POWER_W` as the element announces";
        let found = format!("{} fewer", draft.missing);
        report.line(draft.header, expected, found, "add the missing lines or correct the number");
    }
}

fn read_header(line: Line<'_>, tokens: &[Token<'_>], draft: &mut Draft, report: &mut Report<'_>) {
    draft.missing = 0;
    let (&[_, kind, name, id, capacity, count], governor) = (match tokens {
        [rest @ .., governor] if tokens.len() == 7 => (rest, Some(*governor)),
        _ => (tokens, None),
    }) else {
        let expected = "add_new_resource TYPE NAME ID CAPACITY NUMBER_OF_TASKS GOVERNOR";
        report.line(line.number, expected, quote(line.content), "correct the line");
        return;
    };
    let own = draft.elements.len();
    if own >= ELEMENTS_MOST {
        let expected = format!("at most {ELEMENTS_MOST} elements");
        report.line(line.number, expected, "one more", "leave the others out");
        return;
    }
    let has_memory = draft.elements.iter().any(Option::is_none);
    if has_memory {
        report.at(kind, "no further element behind the memory", "put the memory last");
    }
    report.number(id, "an id that counts from 0:", own as i64..=own as i64);
    let capacity = report.number(capacity, "a capacity", 1..=1_000_000);
    draft.missing = report.number(count, "a number of tasks", 0..=1_000_000).unwrap_or(0);
    draft.header = line.number;
    let kind = match kind.text {
        "CPU" => ElementKind::Core,
        "BIG" => ElementKind::Big,
        "LITTLE" | "LTL" => ElementKind::Little,
        "ACC" => ElementKind::Accelerator,
        "MEM" => {
            draft.elements.push(None);
            return;
        }
        _ => {
            report.at(kind, "a type CPU, BIG, LITTLE, ACC or MEM", "correct the type");
            ElementKind::Core
        }
    };
    let governor = governor.map_or(Governor::Performance, |token| {
        token.text.parse().unwrap_or_else(|_| {
            let expected = "a governor performance, powersave, ondemand or constant-MHZ";
            report.at(token, expected, "correct the name");
            Governor::Performance
        })
    });
    draft.elements.push(Some(Element {
        name: name.text.to_owned(),
        kind,
        capacity: capacity.unwrap_or(1) as usize,
        governor,
        points: Vec::new(),
        supports: Vec::new(),
    }));
}

fn read_support(tokens: [Token<'_>; 3], element: &mut Element, report: &mut Report<'_>) {
    let [task, duration, power] = tokens;
    let most = DURATION_MAX as f64;
    let found = number(report, duration, "a duration in microseconds", (1.0, most));
    let power = number(report, power, "a power in watts", (0.0, 1e9));
    let Some(length) = found else { return };
    if length.fract() != 0.0 {
        let hint = "write all times of the platform and the jobs in a finer unit";
        report.at(duration, "a whole number of microseconds", hint);
        return;
    }
    if element.supports.iter().any(|support| support.task == task.text) {
        report.at(task, "each task once per element", "remove one of the lines");
        return;
    }
    element.supports.push(Support {
        task: task.text.to_owned(),
        duration: Ticks::new(length as i64),
        power: power.unwrap_or(0.0),
    });
}

fn read_band(line: Line<'_>, tokens: &[Token<'_>], draft: &mut Draft, report: &mut Report<'_>) {
    let &[_, from, to, bandwidth] = tokens else {
        let expected = "comm_band FROM TO BANDWIDTH";
        report.line(line.number, expected, quote(line.content), "correct the line");
        return;
    };
    let last = draft.elements.len() as i64 - 1;
    let from = report.number(from, "the id of an element", 0..=last);
    let to = report.number(to, "the id of an element", 0..=last);
    let bandwidth = number(report, bandwidth, "a bandwidth", (0.0, 1e12));
    if let (Some(from), Some(to), Some(bandwidth)) = (from, to, bandwidth) {
        draft.bands.push((from as usize, to as usize, bandwidth));
    }
}

impl Draft {
    fn build(self) -> Platform {
        let memory = self.elements.iter().position(Option::is_none);
        let mut elements: IdVec<_, Element> = self.elements.into_iter().flatten().collect();
        for element in elements.values_mut() {
            element.points.sort_by_key(|point| point.megahertz);
            element.points.dedup_by_key(|point| point.megahertz);
        }
        let count = elements.len();
        let mut bandwidths = vec![vec![1.0; count]; count];
        let mut to_memory = vec![1.0; count];
        for (from, to, bandwidth) in self.bands {
            for (from, to) in [(from, to), (to, from)] {
                if from < count && to < count {
                    bandwidths[from][to] = bandwidth;
                } else if let Some(place) = to_memory.get_mut(from) {
                    *place = bandwidth;
                }
            }
        }
        Platform { elements, bandwidths, memory: memory.map(|_| to_memory) }
    }
}

/// Writes a platform so that reading it back gives an equal one; bandwidths that differ by
/// direction are written as they hold upwards.
pub fn write_platform(platform: &Platform) -> String {
    let mut out = String::new();
    let line = "writing to a string cannot fail";
    for (place, element) in platform.elements.values().enumerate() {
        let kind = match element.kind {
            ElementKind::Core => "CPU",
            ElementKind::Big => "BIG",
            ElementKind::Little => "LITTLE",
            ElementKind::Accelerator => "ACC",
        };
        let (name, capacity, count) = (&element.name, element.capacity, element.supports.len());
        let governor = element.governor;
        writeln!(out, "add_new_resource {kind} {name} {place} {capacity} {count} {governor}")
            .expect(line);
        for point in &element.points {
            writeln!(out, "opp {} {}", point.megahertz, point.millivolts).expect(line);
        }
        for support in &element.supports {
            writeln!(out, "{} {} {}", support.task, support.duration, support.power).expect(line);
        }
        out.push('\n');
    }
    let count = platform.elements.len();
    if platform.memory.is_some() {
        writeln!(out, "add_new_resource MEM memory {count} 1 1 none\nNone 1 0\n").expect(line);
    }
    for from in 0..count {
        for to in from..count {
            let bandwidth = platform.bandwidths[from][to];
            if bandwidth != 1.0 {
                writeln!(out, "comm_band {from} {to} {bandwidth}").expect(line);
            }
        }
    }
    for (from, bandwidth) in platform.memory.iter().flatten().enumerate() {
        writeln!(out, "comm_band {from} {count} {bandwidth}").expect(line);
    }
    out
}
