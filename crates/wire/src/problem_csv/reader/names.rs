//! What a name in a cell refers to. O(log n) per name.
//!
//! **Source:** -

use super::super::columns::Kind;
use super::super::table::Cell;
use super::{Reading, Tables};
use crate::diagnostic::quote;
use ordine_base::Id;
use std::collections::BTreeMap;

/// The things of one kind by their names.
pub(super) struct Names<'r> {
    /// One of them, for messages.
    what: &'static str,
    /// Whether they have a table, so that every name is listed there.
    pub(super) is_listed: bool,
    /// Number and line of each.
    known: BTreeMap<&'r str, (usize, u32)>,
}

impl<'r> Names<'r> {
    /// Those of a kind; none is known yet.
    pub(super) fn of(what: &'static str, tables: &Tables, kind: Kind) -> Self {
        Names { what, is_listed: tables.get(kind).is_some(), known: BTreeMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Number of the thing of this name.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.known.get(name).map(|known| known.0)
    }

    /// Line on which it stands.
    pub(super) fn line(&self, name: &str) -> Option<u32> {
        self.known.get(name).map(|known| known.1)
    }

    /// Adds a name with the next number, unless it is known: whether it is new.
    pub(super) fn add(&mut self, cell: Cell<'r>) -> bool {
        let next = (self.known.len(), cell.line);
        let new = !self.known.contains_key(cell.text);
        self.known.entry(cell.text).or_insert(next);
        new
    }

    /// What is expected and found where a name is not known.
    fn unknown(&self, name: &str) -> (String, String, &'static str) {
        let expected = match self.is_listed {
            true => format!("{} of its table", self.what),
            false => format!("{} of the file", self.what),
        };
        (expected, quote(name), "add it to its table, or correct the name")
    }
}

impl<'r> Reading<'r> {
    /// The thing that a cell refers to; `None` when it is empty, or when it is not known, which is
    /// a mistake.
    pub(super) fn find<I: Id>(
        &mut self,
        cell: Cell<'r>,
        of: impl Fn(&Self) -> &Names<'r>,
    ) -> Option<I> {
        self.find_item(cell, cell.text, of)
    }

    /// As [`Reading::find`], for an item of the list in the cell.
    pub(super) fn find_item<I: Id>(
        &mut self,
        cell: Cell<'r>,
        name: &str,
        of: impl Fn(&Self) -> &Names<'r>,
    ) -> Option<I> {
        if cell.is_empty() {
            return None;
        }
        let names = of(self);
        if let Some(number) = names.number(name) {
            return Some(I::from_index(number));
        }
        let (expected, found, hint) = names.unknown(name);
        let expected = format!("{expected} in column `{}`", cell.column);
        self.mistake(cell.line, &expected, found, hint);
        None
    }

    /// Adds the thing that a row of its table lists; an empty name and one that is known are
    /// mistakes, and `false`.
    pub(super) fn list(
        &mut self,
        cell: Cell<'r>,
        of: impl Fn(&mut Self) -> &mut Names<'r>,
    ) -> bool {
        if cell.is_empty() {
            self.wrong(cell, "a name", "name it");
            return false;
        }
        let is_new = of(self).add(cell);
        if !is_new {
            self.wrong(cell, "each name once", "remove one of the two rows, or rename it");
        }
        is_new
    }
}
