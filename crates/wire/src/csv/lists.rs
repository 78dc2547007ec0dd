//! The small languages of cells: lists of resources and of predecessors.
//!
//! `list = item (";" item)*`, `resource = name [":" demand]`,
//! `predecessor = [kind ":"] name [("+" | "-") lag] [".." lag_max]`.
//!
//! **Source:** lags as in the predecessor columns of project management programs.

use ordine_problem::PrecedenceKind;
use ordine_base::Ticks;

/// Points by their prefix, the first of which is the default.
const KINDS: [(&str, PrecedenceKind); 4] = [
    ("ES", PrecedenceKind::EndToStart),
    ("SS", PrecedenceKind::StartToStart),
    ("EE", PrecedenceKind::EndToEnd),
    ("SE", PrecedenceKind::StartToEnd),
];

/// A predecessor as a cell states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Predecessor<'c> {
    pub(super) name: &'c str,
    pub(super) kind: PrecedenceKind,
    pub(super) lag: Ticks,
    pub(super) lag_max: Option<Ticks>,
}

/// The items of a cell.
pub(super) fn items(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// Name and demand; `None` when the demand is no whole number.
pub(super) fn resource(item: &str) -> Option<(&str, i64)> {
    match item.rsplit_once(':') {
        None => Some((item, 1)),
        Some((name, demand)) => Some((name.trim(), demand.trim().parse().ok()?)),
    }
}

/// A predecessor; `None` when its kind or a gap cannot be understood. `is_known` tells whether a
/// task has this name: names that end like a gap are names first.
pub(super) fn predecessor<'c>(
    item: &'c str,
    is_known: impl Fn(&str) -> bool,
) -> Option<Predecessor<'c>> {
    let (kind, rest) = match item.split_once(':') {
        None => (PrecedenceKind::EndToStart, item),
        Some((prefix, rest)) => {
            let named = KINDS.iter().find(|known| prefix.trim().eq_ignore_ascii_case(known.0));
            (named?.1, rest.trim())
        }
    };
    let plain = Predecessor { name: rest, kind, lag: Ticks::ZERO, lag_max: None };
    if is_known(rest) {
        return Some(plain);
    }
    let (rest, lag_max) = match rest.rsplit_once("..") {
        None => (rest, None),
        Some((rest, most)) => (rest.trim(), Some(Ticks::new(most.trim().parse().ok()?))),
    };
    let plain = Predecessor { name: rest, lag_max, ..plain };
    if is_known(rest) {
        return Some(plain);
    }
    match rest.rfind(['+', '-']) {
        Some(cut) => {
            let lag = Ticks::new(rest[cut..].parse().ok()?);
            Some(Predecessor { name: rest[..cut].trim(), lag, ..plain })
        }
        None => Some(plain),
    }
}

/// The item that [`predecessor`] reads as this.
pub(super) fn predecessor_text(it: Predecessor<'_>) -> String {
    let named = KINDS.iter().find(|known| known.1 == it.kind);
    let prefix = named.expect("every kind has a prefix").0;
    let mut text = match it.kind {
        PrecedenceKind::EndToStart => it.name.to_owned(),
        _ => format!("{prefix}:{}", it.name),
    };
    if it.lag != Ticks::ZERO {
        text.push_str(&format!("{:+}", it.lag.get()));
    }
    if let Some(most) = it.lag_max {
        text.push_str(&format!("..{most}"));
    }
    text
}

/// Whether a name can stand in a list and be told from gaps, demands and kinds.
pub(super) fn is_usable(name: &str) -> bool {
    let ends_like_a_gap = name
        .rfind(['+', '-'])
        .is_some_and(|cut| name[cut + 1..].bytes().all(|byte| byte.is_ascii_digit()));
    let separates = |letter: char| matches!(letter, ';' | ':') || letter.is_control();
    !name.is_empty()
        && name.trim() == name
        && !name.starts_with('#')
        && !name.contains(separates)
        && !name.contains("..")
        && !ends_like_a_gap
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predecessors_are_read_as_they_are_written() {
        for name in ["a", "a b", "a-b", "x_1"] {
            assert!(is_usable(name), "{name}");
            for (_, kind) in KINDS {
                for lag in [0, 3, -4] {
                    for lag_max in [None, Some(-4), Some(0), Some(9)] {
                        let lag_max = lag_max.map(Ticks::new);
                        let it = Predecessor { name, kind, lag: Ticks::new(lag), lag_max };
                        let text = predecessor_text(it);
                        assert_eq!(predecessor(&text, |known| known == name), Some(it), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_that_look_like_gaps_are_names_first() {
        let known = |name: &str| name == "b-1";
        assert_eq!(predecessor("b-1", known).map(|it| it.lag), Some(Ticks::ZERO));
        let lagged = predecessor("b-1+2", known).map(|it| (it.name, it.lag));
        assert_eq!(lagged, Some(("b-1", Ticks::new(2))));
        assert!(!is_usable("b-1"));
        for wrong in ["XX:b", "b..x", "a+x"] {
            assert_eq!(predecessor(wrong, known), None, "{wrong}");
        }
    }
}
