//! The small languages of cells: words, and lists of resources, predecessors and stock changes.
//!
//! `list = item ((";" | ",") item)*`, `resource = name [":" demand]`,
//! `predecessor = name [("+" | "-") lag]`, `stock change = name ":" amount "@" point`.
//!
//! **Source:** lags as in the predecessor columns of project management programs.

use ordine_base::Ticks;
use ordine_problem::{BatchKind, BreakPolicy, Point, PrecedenceKind, Shift};

/// Words of a column, with what they mean.
pub(super) type Words<T> = &'static [(&'static str, T)];

pub(super) const YES: Words<bool> =
    &[("yes", true), ("no", false), ("true", true), ("false", false)];

pub(super) const BREAKS: Words<BreakPolicy> = &[
    ("wait", BreakPolicy::Wait),
    ("must-fit", BreakPolicy::MustFit),
    ("pause", BreakPolicy::Pause),
];

pub(super) const KINDS: Words<PrecedenceKind> = &[
    ("end-to-start", PrecedenceKind::EndToStart),
    ("start-to-start", PrecedenceKind::StartToStart),
    ("end-to-end", PrecedenceKind::EndToEnd),
    ("start-to-end", PrecedenceKind::StartToEnd),
];

pub(super) const BATCHES: Words<BatchKind> =
    &[("parallel", BatchKind::Parallel), ("serial", BatchKind::Serial)];

/// Kinds of resources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Machine,
    Renewable,
    Consumable,
    Reservoir,
}

pub(super) const LIMITS: Words<Limit> = &[
    ("machine", Limit::Machine),
    ("renewable", Limit::Renewable),
    ("consumable", Limit::Consumable),
    ("reservoir", Limit::Reservoir),
];

/// States of tasks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Free,
    Done,
    Running,
    Frozen,
}

pub(super) const STATES: Words<State> = &[
    ("free", State::Free),
    ("done", State::Done),
    ("running", State::Running),
    ("frozen", State::Frozen),
];

/// What a word means, in whatever case.
pub(super) fn meaning<T: Copy>(words: Words<T>, word: &str) -> Option<T> {
    words.iter().find(|known| known.0.eq_ignore_ascii_case(word)).map(|known| known.1)
}

/// The word that means this.
pub(super) fn word<T: PartialEq>(words: Words<T>, meant: &T) -> &'static str {
    let named = words.iter().find(|known| known.1 == *meant);
    named.expect("every meaning has a word").0
}

/// A shift: a word, or a percentage of full speed.
pub(super) fn shift(text: &str) -> Option<Shift> {
    match text.to_ascii_lowercase().as_str() {
        "closed" => Some(Shift::Closed),
        "paused" => Some(Shift::Paused),
        "open" => Some(Shift::FULL),
        other => {
            let percent = other.trim_end_matches('%').trim().parse().ok();
            percent.filter(|percent| (1..=1000).contains(percent)).map(Shift::Open)
        }
    }
}

/// The text that [`shift`] reads as this.
pub(super) fn shift_text(shift: Shift) -> String {
    match shift {
        Shift::Closed => "closed".to_owned(),
        Shift::Paused => "paused".to_owned(),
        Shift::FULL => "open".to_owned(),
        Shift::Open(percent) => percent.to_string(),
    }
}

/// The items of a list.
pub(super) fn items(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', ',', '\n']).map(str::trim).filter(|item| !item.is_empty())
}

/// The list that [`items`] takes apart into these.
pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}

/// Name and demand of a resource; `None` when the demand is no whole number.
pub(super) fn resource(item: &str) -> Option<(&str, i64)> {
    match item.rsplit_once(':') {
        None => Some((item, 1)),
        Some((name, demand)) => Some((name.trim(), demand.trim().parse().ok()?)),
    }
}

/// The item that [`resource`] reads as this.
pub(super) fn resource_text(name: &str, demand: i64) -> String {
    if demand == 1 { name.to_owned() } else { format!("{name}:{demand}") }
}

/// Name and least gap of a predecessor. A task that bears the whole item as its name is meant
/// first, and what does not end like a gap is a name, which is looked up.
pub(super) fn predecessor(item: &str, is_task: impl Fn(&str) -> bool) -> (&str, Ticks) {
    let whole = (item, Ticks::ZERO);
    let Some(sign) = item.rfind(['+', '-']).filter(|&sign| sign > 0 && !is_task(item)) else {
        return whole;
    };
    let (name, gap) = item.split_at(sign);
    let (sign, digits) = gap.split_at(1);
    match format!("{sign}{}", digits.trim()).parse() {
        Ok(lag) => (name.trim(), Ticks::new(lag)),
        Err(_) => whole,
    }
}

/// The item that [`predecessor`] reads as this, unless a name stands against it.
pub(super) fn predecessor_text(name: &str, lag: Ticks) -> String {
    if lag == Ticks::ZERO { name.to_owned() } else { format!("{name}{:+}", lag.get()) }
}

/// Name of a reservoir, change of its level, and when; `None` when it cannot be understood.
pub(super) fn stock_change(item: &str) -> Option<(&str, i64, Point)> {
    let (name, change) = item.rsplit_once(':')?;
    let (amount, point) = change.split_once('@')?;
    let point = match point.trim().to_ascii_lowercase().as_str() {
        "start" => Point::Start,
        "end" => Point::End,
        _ => return None,
    };
    Some((name.trim(), amount.trim().parse().ok()?, point))
}

/// The item that [`stock_change`] reads as this.
pub(super) fn stock_change_text(name: &str, amount: i64, at: Point) -> String {
    let point = if at == Point::Start { "start" } else { "end" };
    format!("{name}:{amount:+}@{point}")
}

/// Whether a cell of its own can hold the name.
pub(super) fn is_usable(name: &str) -> bool {
    !name.is_empty()
        && name.trim() == name
        && !name.starts_with('#')
        && !name.chars().any(crate::diagnostic::is_hidden)
}

/// Whether a list can hold the name of a resource.
pub(super) fn is_usable_in_lists(name: &str) -> bool {
    is_usable(name) && !name.contains([';', ',', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_told_from_names() {
        let is_task = |name: &str| ["b-1", "b", "c d"].contains(&name);
        for (item, name, lag) in [
            ("b", "b", 0),
            ("b-1", "b-1", 0),
            ("b-1+2", "b-1", 2),
            ("b-2", "b", -2),
            ("c d + 12", "c d", 12),
            ("b+x", "b+x", 0),
            ("-3", "-3", 0),
            ("b+9223372036854775808", "b+9223372036854775808", 0),
            ("b\u{e9}+1", "b\u{e9}", 1),
        ] {
            assert_eq!(predecessor(item, is_task), (name, Ticks::new(lag)), "{item}");
        }
    }

    #[test]
    fn items_are_read_as_they_are_written() {
        for amount in [-3, 4] {
            for at in [Point::Start, Point::End] {
                let text = stock_change_text("tank 2", amount, at);
                assert_eq!(stock_change(&text), Some(("tank 2", amount, at)), "{text}");
            }
        }
        for demand in [1, 7] {
            assert_eq!(resource(&resource_text("crew", demand)), Some(("crew", demand)));
        }
        for shift_word in [Shift::Closed, Shift::Paused, Shift::FULL, Shift::Open(80)] {
            assert_eq!(shift(&shift_text(shift_word)), Some(shift_word));
        }
        for wrong in ["tank", "tank:3", "tank:x@end", "tank:3@noon"] {
            assert_eq!(stock_change(wrong), None, "{wrong}");
        }
    }
}
