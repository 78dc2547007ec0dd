//! Answers: a ladder of readings, from the strict to the lenient, that never guesses.
//!
//! The rungs: the whole answer is the JSON that was asked for; a fenced block; the first JSON in
//! the text that contains a schedule (or the last, where asked for); a table or lines such as `task
//! 7: 12`. Coercions are counted: numeric strings, floats without fraction, other keys, a map for a
//! list, comments and trailing commas. Ranges, relative times and dates are not read. O(length),
//! and at most 2 000 places where JSON may begin.
//!
//! **Source:** ours; the rule of Jain, Wetter 2025 is the third rung.

use super::json::Json;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Places where JSON may begin that are tried.
const TRIES: usize = 2_000;

/// How an answer could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// As it was asked for.
    Strict,
    /// With coercions.
    Coerced,
    /// Not at all.
    Unparsable,
    /// The model would not answer.
    Refused,
    /// The limit of tokens came first: a mistake of the set-up.
    Truncated,
    /// There was nothing.
    Empty,
}

impl Class {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Class::Strict => "strict",
            Class::Coerced => "coerced",
            Class::Unparsable => "unparsable",
            Class::Refused => "refused",
            Class::Truncated => "truncated",
            Class::Empty => "empty",
        }
    }

    /// Whether there is a schedule to judge.
    pub const fn is_parsed(self) -> bool {
        matches!(self, Class::Strict | Class::Coerced)
    }
}

/// What was taken for what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coercion {
    /// `"12"` for 12.
    Text,
    /// 12.0 for 12.
    Float,
    /// `start_time` for `start`, `id` for `task`, a bare list for the object.
    Key,
    /// A map of tasks to starts for a list.
    Map,
    /// JSON with comments or trailing commas.
    Comments,
    /// No JSON at all.
    Lines,
}

/// One line of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The task, if that is a number.
    pub task: Option<i64>,
    /// Its start, if that is an integer.
    pub start: Option<i64>,
    /// What stood for the start.
    pub words: String,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// How.
    pub class: Class,
    /// The rung of the ladder, from 1; 0 for none.
    pub rung: u8,
    /// What was coerced.
    pub coercions: Vec<Coercion>,
    /// The schedule.
    pub entries: Vec<Entry>,
}

impl Answer {
    /// No schedule, for this reason.
    pub fn without(class: Class) -> Self {
        Answer { class, rung: 0, coercions: Vec::new(), entries: Vec::new() }
    }

    /// A schedule by the order of the tasks of an instance.
    pub fn of_starts(instance: &super::BenchInstance, starts: &[i64]) -> Self {
        let entry = |(task, &start): (&super::BenchTask, &i64)| Entry {
            task: Some(task.id),
            start: Some(start),
            words: start.to_string(),
        };
        let entries = instance.tasks.iter().zip(starts).map(entry).collect();
        Answer { entries, rung: 1, ..Answer::without(Class::Strict) }
    }

    /// The JSON that is asked for.
    pub fn json(&self) -> String {
        let item = |it: &Entry| {
            let task = it.task.map_or_else(|| "null".to_owned(), |task| task.to_string());
            let start = it.start.map_or_else(|| format!("{:?}", it.words), |it| it.to_string());
            format!("{{\"task\":{task},\"start\":{start}}}")
        };
        let items: Vec<String> = self.entries.iter().map(item).collect();
        format!("{{\"schedule\":[{}]}}", items.join(","))
    }

    /// Starts by the order of the tasks, if there is exactly one for each.
    pub fn starts(&self, instance: &super::BenchInstance) -> Option<Vec<i64>> {
        let start = |task: &super::BenchTask| {
            let mut found = self.entries.iter().filter(|it| it.task == Some(task.id));
            let start = found.next()?.start?;
            found.next().is_none().then_some(start)
        };
        instance.tasks.iter().map(start).collect()
    }
}

/// Reads an answer; of several schedules the first counts, or the last where asked for.
pub fn read_answer(text: &str, last: bool) -> Answer {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Answer::without(Class::Empty);
    }
    let strict = read_json(trimmed, last, false);
    let lenient = || read_json(&without_comments(trimmed), last, true);
    strict
        .or_else(lenient)
        .or_else(|| read_rows(trimmed))
        .unwrap_or_else(|| Answer::without(Class::Unparsable))
}

fn read_json(text: &str, last: bool, cleaned: bool) -> Option<Answer> {
    let whole = Json::prefix(text).filter(|(_, length)| text[*length..].trim().is_empty());
    let found = whole.and_then(|(value, _)| Some((find(&value)?, 1)));
    let found = found.or_else(|| Some((in_fences(text, last)?, 2)));
    let (found, rung) = found.or_else(|| Some((in_text(text, last)?, 3)))?;
    let Found { entries, mut coercions } = found;
    if cleaned {
        coercions.insert(Coercion::Comments);
    }
    let class = if coercions.is_empty() { Class::Strict } else { Class::Coerced };
    Some(Answer { class, rung, coercions: coercions.into_iter().collect(), entries })
}

struct Found {
    entries: Vec<Entry>,
    coercions: BTreeSet<Coercion>,
}

fn in_fences(text: &str, last: bool) -> Option<Found> {
    let parts: Vec<&str> = text.split("```").collect();
    let mut blocks = parts.iter().skip(1).step_by(2).filter_map(|block| in_text(block, last));
    if last { blocks.next_back() } else { blocks.next() }
}

fn in_text(text: &str, last: bool) -> Option<Found> {
    let (mut rest, mut best) = (text, None);
    for _ in 0..TRIES {
        let Some(begin) = rest.find(['{', '[']) else { break };
        rest = &rest[begin..];
        let length = match Json::prefix(rest) {
            Some((value, length)) => {
                if let Some(found) = find(&value) {
                    best = Some(found);
                    if !last {
                        break;
                    }
                }
                length.max(1)
            }
            None => 1,
        };
        rest = &rest[length..];
    }
    best
}

/// The schedule in a value, wherever it is.
fn find(value: &Json) -> Option<Found> {
    match value {
        Json::Map(entries) => {
            let key = |name: &str| entries.iter().find(|it| it.0 == name).map(|it| &it.1);
            if let Some(found) = key("schedule").and_then(|it| schedule(it, BTreeSet::new())) {
                return Some(found);
            }
            let other = ["starts", "start_times", "Schedule"].into_iter().find_map(key);
            let coerced = || BTreeSet::from([Coercion::Key]);
            let named = other.and_then(|it| schedule(it, coerced()));
            let inner = || entries.iter().find_map(|(_, value)| find(value));
            named.or_else(inner).or_else(|| bare_map(entries))
        }
        Json::List(items) if !items.is_empty() && items.iter().all(is_item) => {
            schedule(value, BTreeSet::from([Coercion::Key]))
        }
        _ => None,
    }
}

fn is_item(value: &Json) -> bool {
    matches!(value, Json::Map(entries) if field(entries, &TASK_KEYS).is_some()
        && field(entries, &START_KEYS).is_some())
}

/// A map of numbers to numbers and nothing else.
fn bare_map(entries: &[(String, Json)]) -> Option<Found> {
    let is_entry = |(key, value): &(String, Json)| {
        key.trim().parse::<i64>().is_ok() && matches!(value, Json::Integer(_))
    };
    let is_schedule = entries.len() > 1 && entries.iter().all(is_entry);
    let coercions = BTreeSet::from([Coercion::Key]);
    is_schedule.then(|| schedule(&Json::Map(entries.to_vec()), coercions)).flatten()
}

const TASK_KEYS: [&str; 4] = ["task", "id", "task_id", "Task"];
const START_KEYS: [&str; 4] = ["start", "start_time", "startTime", "Start"];

fn field<'a>(entries: &'a [(String, Json)], names: &[&str]) -> Option<(&'a Json, bool)> {
    let (name, value) = entries.iter().find(|it| names.contains(&it.0.as_str()))?;
    Some((value, name != names[0]))
}

fn schedule(value: &Json, mut coercions: BTreeSet<Coercion>) -> Option<Found> {
    let mut entries = Vec::new();
    match value {
        Json::List(items) => {
            for item in items {
                entries.push(list_entry(item, &mut coercions));
            }
        }
        Json::Map(items) => {
            coercions.insert(Coercion::Map);
            for (key, value) in items {
                let key = key.trim();
                let task = key.parse().ok().or_else(|| numbered(key));
                entries.push(entry(task, value, &mut coercions));
            }
        }
        _ => return None,
    }
    Some(Found { entries, coercions })
}

/// 7 from `task 7`.
fn numbered(text: &str) -> Option<i64> {
    let rest = text.strip_prefix("task").or_else(|| text.strip_prefix("Task"))?;
    rest.trim_start_matches([' ', '_']).parse().ok()
}

fn list_entry(item: &Json, coercions: &mut BTreeSet<Coercion>) -> Entry {
    let Json::Map(fields) = item else {
        return Entry { task: None, start: None, words: item.words() };
    };
    let task = field(fields, &TASK_KEYS);
    let start = field(fields, &START_KEYS);
    if [task, start].into_iter().flatten().any(|(_, is_other)| is_other) {
        coercions.insert(Coercion::Key);
    }
    let task = task.and_then(|(value, _)| integer(value, coercions));
    entry(task, start.map_or(&Json::Null, |it| it.0), coercions)
}

fn entry(task: Option<i64>, start: &Json, coercions: &mut BTreeSet<Coercion>) -> Entry {
    Entry { task, start: integer(start, coercions), words: start.words() }
}

fn integer(value: &Json, coercions: &mut BTreeSet<Coercion>) -> Option<i64> {
    match value {
        Json::Integer(number) => Some(*number),
        Json::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            coercions.insert(Coercion::Float);
            Some(*number as i64)
        }
        Json::Text(text) => {
            let number = text.trim().parse().ok()?;
            coercions.insert(Coercion::Text);
            Some(number)
        }
        _ => None,
    }
}

/// The text without comments and without commas before a closing bracket.
fn without_comments(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut in_string = false;
    while let Some(letter) = rest.next() {
        match (letter, rest.peek()) {
            ('\\', Some(_)) if in_string => {
                clean.push(letter);
                clean.extend(rest.next());
                continue;
            }
            ('"', _) => in_string = !in_string,
            ('/', Some('/')) if !in_string => {
                while rest.peek().is_some_and(|it| *it != '\n') {
                    rest.next();
                }
                continue;
            }
            ('/', Some('*')) if !in_string => {
                let mut before = ' ';
                rest.next();
                for it in rest.by_ref() {
                    if before == '*' && it == '/' {
                        break;
                    }
                    before = it;
                }
                continue;
            }
            (']' | '}', _) if !in_string => {
                let kept = clean.trim_end().strip_suffix(',').map(str::len);
                clean.truncate(kept.unwrap_or(clean.len()));
            }
            _ => {}
        }
        clean.push(letter);
    }
    clean
}

/// A table with a head, or lines with a task and a start.
fn read_rows(text: &str) -> Option<Answer> {
    let mut entries = Vec::new();
    let mut columns: Option<(usize, usize)> = None;
    for line in text.lines() {
        let line = line.trim();
        if line.contains('|') {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let column =
                |name: &str| cells.iter().position(|cell| cell.to_lowercase().starts_with(name));
            if let (Some(task), Some(start)) = (column("task"), column("start")) {
                columns = Some((task, start));
                continue;
            }
            entries.extend(row(&cells, columns));
        } else {
            entries.extend(sentence(line));
        }
    }
    let coercions = vec![Coercion::Lines];
    let answer = Answer { class: Class::Coerced, rung: 4, coercions, entries };
    (!answer.entries.is_empty()).then_some(answer)
}

fn row(cells: &[&str], columns: Option<(usize, usize)>) -> Option<Entry> {
    let (task, start) = match columns {
        Some(columns) => columns,
        None if cells.len() == 2 => (0, 1),
        None => return None,
    };
    let task = *cells.get(task)?;
    let task = task.parse().ok().or_else(|| numbered(task))?;
    let start = *cells.get(start)?;
    Some(Entry { task: Some(task), start: start.parse().ok(), words: start.to_owned() })
}

fn sentence(line: &str) -> Option<Entry> {
    let line = line.trim_start_matches(['-', '*', ' ']).trim_end_matches(['.', ',', ';']);
    let lower = line.to_lowercase();
    let rest = lower.strip_prefix("task")?.trim_start();
    let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
    let task = rest[..digits].parse().ok()?;
    let rest = rest[digits..].trim_start();
    let rest = [":", "=", "->", "starts at", "start at", "start:", "start ="]
        .into_iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let rest = rest.trim().trim_start_matches("start").trim_start_matches([':', '=', ' ']);
    let start = rest.parse().ok()?;
    Some(Entry { task: Some(task), start: Some(start), words: rest.to_owned() })
}
