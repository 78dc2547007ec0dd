//! What a name or a number in a file refers to. O(log n) per reference.
//!
//! **Source:** -

use super::super::wire;
use super::Lists;
use crate::diagnostic::quote;
use std::collections::BTreeMap;

/// The lists whose items are referred to.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Jobs,
    Resources,
    Tasks,
    Families,
    Calendars,
    Setups,
}

impl Of {
    /// One of them, for messages.
    pub(super) fn words(self) -> &'static str {
        match self {
            Of::Jobs => "a job",
            Of::Resources => "a resource",
            Of::Tasks => "a task",
            Of::Families => "a family",
            Of::Calendars => "a calendar",
            Of::Setups => "a setup",
        }
    }
}

/// Numbers of the things that alone bear a name; `None` where several bear it.
struct Index<'l> {
    numbers: BTreeMap<&'l str, Option<usize>>,
    count: usize,
}

impl<'l> Index<'l> {
    fn new(all: impl ExactSizeIterator<Item = &'l str>) -> Self {
        let count = all.len();
        let mut numbers = BTreeMap::new();
        for (number, name) in all.enumerate() {
            numbers.entry(name).and_modify(|it| *it = None).or_insert(Some(number));
        }
        Index { numbers, count }
    }
}

/// The names of all lists.
pub(super) struct Names<'l> {
    jobs: Index<'l>,
    resources: Index<'l>,
    tasks: Index<'l>,
    families: Index<'l>,
    calendars: Index<'l>,
    setups: Index<'l>,
}

impl<'l> Names<'l> {
    pub(super) fn of(lists: &'l Lists<'_>) -> Self {
        Names {
            jobs: Index::new(lists.jobs.iter().map(|it| it.item.name.as_ref())),
            resources: Index::new(lists.resources.iter().map(|it| it.item.name.as_ref())),
            tasks: Index::new(lists.tasks.iter().map(|it| it.item.name.as_ref())),
            families: Index::new(lists.families.iter().map(|it| it.item.as_ref())),
            calendars: Index::new(lists.calendars.iter().map(|it| it.item.name.as_ref())),
            setups: Index::new(lists.setups.iter().map(|it| it.item.name.as_ref())),
        }
    }

    /// Number of families.
    pub(super) fn families(&self) -> usize {
        self.families.count
    }

    /// Number of the thing referred to; otherwise what was found, and what to change.
    pub(super) fn find(
        &self,
        kind: Of,
        reference: &wire::Reference<'_>,
    ) -> Result<usize, (String, &'static str)> {
        let Index { numbers, count } = match kind {
            Of::Jobs => &self.jobs,
            Of::Resources => &self.resources,
            Of::Tasks => &self.tasks,
            Of::Families => &self.families,
            Of::Calendars => &self.calendars,
            Of::Setups => &self.setups,
        };
        match reference {
            wire::Reference::Number(number) => {
                let known = usize::try_from(*number).ok().filter(|number| number < count);
                known.ok_or_else(|| (format!("number {number} of {count}"), "count from 0"))
            }
            wire::Reference::Name(name) => match numbers.get(name.as_ref()) {
                Some(Some(number)) => Ok(*number),
                Some(None) => {
                    let found = format!("{}, which several bear", quote(name));
                    Err((found, "refer to it by its number"))
                }
                None => Err((quote(name), "add it to its list, or correct the name")),
            },
        }
    }
}
