//! Mutated documents over the whole model: read or refused with file, line, expected and found.
//!
//! **Source:** Zeller, Gopinath, Böhme, Fraser, Holler (The Fuzzing Book), mutation-based fuzzing.

use crate::{SHIFTS, WHOLE};
use ordine_base::{Seed, Stream};
use ordine_problem::Problem;
use ordine_wire::change::read_changes;
use ordine_wire::{
    Csv, DIAGNOSTICS_MAX, Diagnostics, FORMATS, Format, Json, Text, TimeScale, read_one,
};
use std::ops::Range;

/// Mutations of each document: a hundred thousand in all.
const ROUNDS: usize = 25_000;

/// Changes of the whole document.
const CHANGES: &str = r#"{"format":"ordine/change/1","now":6,"changes":[
{"change":"task-done","task":"under way","mode":0,"start":1,"end":5},
{"change":"machine-down","resource":"press","from":6,"to":"2026-01-05T10:00"},
{"change":"new-job","jobs":[{"name":"rush","due":80}],"tasks":[{"name":"cut","job":"rush",
  "modes":[{"duration":4,"requirements":[{"resource":"press"}]}]}]},
{"change":"due-changed","job":"bracket","due":"2026-01-06T06:00"}]}
"#;

/// What is put in: words of the formats, and numbers and letters that are hard to bear.
const WORDS: [&str; 24] = [
    "-1",
    "0",
    "1",
    "1099511627776",
    "18446744073709551615",
    "1e9",
    "0.5",
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\"turn\"",
    "\"2026-03-29T02:30\"",
    "9999-12-31",
    "24:00",
    "\u{202e}",
    "\"",
    ",",
    "]",
    "}",
    "\n",
    "\n\n",
    ";",
];

/// The place of the first run of letters and digits from `place` on.
fn word_at(bytes: &[u8], place: usize) -> Option<Range<usize>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let start = (place..bytes.len()).find(|&at| is_word(&bytes[at]))?;
    let end = bytes[start..].iter().position(|byte| !is_word(byte));
    Some(start..end.map_or(bytes.len(), |end| start + end))
}

fn mutate(text: &str, stream: &mut Stream) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=stream.below(2) {
        let place = stream.below(bytes.len());
        let new = WORDS[stream.below(WORDS.len())].as_bytes().to_vec();
        match stream.below(14) {
            0 => bytes[place] ^= 1 << stream.below(8),
            1 => drop(bytes.remove(place)),
            2 => drop(bytes.splice(place..place, new)),
            3 => bytes.truncate(place + 1),
            4 => {
                // A line takes the place of another.
                let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
                let (one, other) = (stream.below(lines.len()), stream.below(lines.len()));
                let mut lines: Vec<Vec<u8>> = lines.into_iter().map(<[u8]>::to_vec).collect();
                lines[one] = lines[other].clone();
                bytes = lines.join(&b'\n');
            }
            5..=9 => {
                // Another number takes the place of one.
                let Some(digit) = bytes[place..].iter().position(u8::is_ascii_digit) else {
                    continue;
                };
                let number = stream.below(60).to_string();
                bytes.splice(place + digit..=place + digit, number.bytes());
            }
            choice => {
                // A new word, or one of elsewhere, takes the place of a word.
                let elsewhere = word_at(&bytes, stream.below(bytes.len()));
                let elsewhere = elsewhere.map(|word| bytes[word].to_vec());
                let new = if choice == 10 { Some(new) } else { elsewhere };
                if let (Some(word), Some(new)) = (word_at(&bytes, place), new) {
                    bytes.splice(word, new);
                }
            }
        }
        if bytes.is_empty() {
            bytes.push(b'{');
        }
    }
    bytes
}

fn is_told(file: &str, diagnostics: &Diagnostics) -> bool {
    let all = diagnostics.all();
    all.len() <= DIAGNOSTICS_MAX
        && all.iter().all(|it| {
            let speaks = !it.expected.is_empty() && !it.found.is_empty() && !it.hint.is_empty();
            let bearable = it.expected.len() + it.found.len() + it.hint.len() < 3000;
            it.file == file && it.line.is_some_and(|line| line > 0) && speaks && bearable
        })
}

/// Documents that are mutated.
#[derive(Clone, Copy)]
enum Kind {
    Problem,
    Shifts,
    Tables,
    Changes,
}

fn failure(kind: Kind, text: &Text<'_>, problem: &Problem) -> Option<Diagnostics> {
    let (unit, origin) = (Some("hour".to_owned()), Some("2026-01-05T06:00".to_owned()));
    match kind {
        Kind::Problem | Kind::Shifts => Json.read(text).err(),
        Kind::Tables => Csv.read(text).err(),
        Kind::Changes => read_changes(text, problem, &TimeScale { unit, origin }).err(),
    }
}

/// Reads `ROUNDS` mutations of a document.
fn bear(kind: Kind, good: &str) {
    let problem = read_one(WHOLE.as_bytes(), "w.json", FORMATS).expect("valid").problem;
    let mut stream = Seed::new(34).stream("mutations");
    let mut read = 0;
    for round in 0..ROUNDS {
        let bytes = mutate(good, &mut stream);
        let error = match Text::new("m", &bytes) {
            Ok(text) => failure(kind, &text, &problem),
            Err(error) => Some(error.into()),
        };
        match error {
            None => read += 1,
            Some(error) => {
                let input = String::from_utf8_lossy(&bytes);
                assert!(is_told("m", &error), "round {round}: {error}\n{input}");
            }
        }
    }
    // Mutations stay near to what is valid.
    assert!(read > ROUNDS / 50, "{read}");
}

#[test]
fn mutations_of_a_problem_are_read_or_refused_with_their_lines() {
    bear(Kind::Problem, WHOLE);
}

#[test]
fn mutations_of_weekly_shifts_are_read_or_refused_with_their_lines() {
    bear(Kind::Shifts, SHIFTS);
}

#[test]
fn mutations_of_tables_are_read_or_refused_with_their_lines() {
    bear(Kind::Tables, include_str!("../plan.csv"));
}

#[test]
fn mutations_of_changes_are_read_or_refused_with_their_lines() {
    bear(Kind::Changes, CHANGES);
}
