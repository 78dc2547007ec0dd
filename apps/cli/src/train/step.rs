//! Step mode: a person looks at each new best rule.
//!
//! **Source:** -

use ordine_discover::{Event, Islands, Record, Supervise};
use std::io::{self, BufRead, Write};

/// A person at the terminal.
#[derive(Debug, Default)]
pub struct Person {
    /// Number of the rule that was looked at last.
    seen: Option<u64>,
    /// Whether the person wants to see no more.
    silent: bool,
}

impl Supervise for Person {
    fn look(&mut self, islands: &Islands, records: &[Record]) -> Vec<Event> {
        let Some(best) = &islands.best else { return Vec::new() };
        if self.silent || self.seen == Some(best.number) {
            return Vec::new();
        }
        self.seen = Some(best.number);
        let record = records.iter().find(|it| it.number == best.number);
        let parents = record.map(|it| it.parents.clone()).unwrap_or_default();
        let members = islands.islands.iter().flat_map(|it| &it.population);
        let parent = members.into_iter().find(|it| parents.first() == Some(&it.number));
        let mut out = io::stderr().lock();
        // That nobody reads it is no error.
        let _ = writeln!(out, "\nrule #{} {}", best.number, best.text);
        let _ = writeln!(out, "  loss {:.3} %, {} nodes", 100.0 * best.loss, best.nodes);
        if let Some(parent) = parent {
            let _ = writeln!(out, "parent #{} {}", parent.number, parent.text);
            let pairs = parent.classes.iter().zip(&best.classes).enumerate();
            for (class, (old, new)) in pairs.filter(|(_, (old, new))| old != new) {
                let _ =
                    writeln!(out, "  class {class}: {:.3} % -> {:.3} %", 100.0 * old, 100.0 * new);
            }
        }
        let _ = write!(out, "[a]ccept, [v]eto REASON, [+] RULE to add one, [g]o on alone: ");
        let _ = out.flush();
        let mut line = String::new();
        if !matches!(io::stdin().lock().read_line(&mut line), Ok(1..)) {
            self.silent = true;
            return Vec::new();
        }
        let (verb, words) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let event = |action: &str| Event::Intervention {
            number: best.number,
            action: action.to_owned(),
            words: words.to_owned(),
        };
        match verb {
            "v" => vec![event("veto")],
            "+" => vec![event("add")],
            "g" => {
                self.silent = true;
                vec![event("accept")]
            }
            _ => vec![event("accept")],
        }
    }
}
