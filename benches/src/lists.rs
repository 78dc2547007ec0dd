//! Committed lists of instances, on which figures are comparable from one release to the next.
//!
//! A list is a text: `variant NAME` and `setting NAME` (of a peer), `#` notes, and one instance per
//! line, as its path in the library. Sets of up to 10 instances are listed whole; of larger ones 10
//! are drawn, or 30 for counts of proofs, spread over the sizes (`ordine bench peers --draw`).
//! `all.txt` and `proofs.txt` hold 10 and 30 of every class, each under a line `class NAME`; their
//! lists are called `all/NAME` and `proofs/NAME` (`ordine bench quality --draw`).
//!
//! **Source:** -

use crate::classes::{CLASSES, class_named};
use crate::instances::{Place, load};
use crate::sweep::Variant;
use anyhow::{Context, Result, anyhow, bail};
use ordine_problem::{Objective, Problem};
use ordine_wire::Address;
use std::path::Path;

/// Every list, by name.
const LISTS: [(&str, &str); 18] = [
    ("fjsp-brandimarte", include_str!("../lists/fjsp-brandimarte.txt")),
    ("flowshop-no-wait", include_str!("../lists/flowshop-no-wait.txt")),
    ("flowshop-permutation", include_str!("../lists/flowshop-permutation.txt")),
    ("jobshop-abz", include_str!("../lists/jobshop-abz.txt")),
    ("jobshop-blocking", include_str!("../lists/jobshop-blocking.txt")),
    ("jobshop-ft", include_str!("../lists/jobshop-ft.txt")),
    ("jobshop-la", include_str!("../lists/jobshop-la.txt")),
    ("jobshop-orb", include_str!("../lists/jobshop-orb.txt")),
    ("jobshop-setups", include_str!("../lists/jobshop-setups.txt")),
    ("jobshop-ta-15x15", include_str!("../lists/jobshop-ta-15x15.txt")),
    ("mmrcpsp-j10", include_str!("../lists/mmrcpsp-j10.txt")),
    ("mmrcpsp-j20", include_str!("../lists/mmrcpsp-j20.txt")),
    ("mmrcpsp-j30", include_str!("../lists/mmrcpsp-j30.txt")),
    ("openshop", include_str!("../lists/openshop.txt")),
    ("rcpsp-j120", include_str!("../lists/rcpsp-j120.txt")),
    ("rcpsp-j30", include_str!("../lists/rcpsp-j30.txt")),
    ("rcpsp-j60", include_str!("../lists/rcpsp-j60.txt")),
    ("rcpsp-max-j10", include_str!("../lists/rcpsp-max-j10.txt")),
];

/// Every class: ten instances each, and thirty each for counts of proofs.
const OF_CLASSES: [(&str, &str); 2] =
    [("all", include_str!("../lists/all.txt")), ("proofs", include_str!("../lists/proofs.txt"))];

/// An instance with how it is changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) place: Place,
    pub(crate) variant: Variant,
}

/// Instances with what is common to them.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// Name on the command line.
    pub(crate) name: String,
    /// Setting of the peer.
    pub(crate) setting: &'static str,
    /// What is minimized, where it is not what the file says.
    pub(crate) objective: Option<&'static str>,
    /// Its instances, in the order of the text.
    pub(crate) entries: Vec<Entry>,
}

impl List {
    /// The list that words name: `jobshop-la`, or a part of it, counted from 1: `jobshop-la:1-20`.
    ///
    /// # Errors
    /// When there is no such list or part.
    pub(crate) fn named(words: &str) -> Result<List> {
        let (name, part) = words.split_once(':').map_or((words, None), |(it, at)| (it, Some(at)));
        let mut list = whole(name).with_context(|| format!("list {name}"))?;
        if let Some(part) = part {
            let count = list.entries.len();
            let ends = part.split_once('-').unwrap_or((part, part));
            let ends = (ends.0.parse::<usize>(), ends.1.parse::<usize>());
            let (Ok(first), Ok(last)) = ends else {
                bail!("list {words}: expected a part such as `{name}:1-{count}`");
            };
            if first < 1 || last > count || first > last {
                bail!("list {words}: expected a part within 1-{count}, as there are {count}");
            }
            list.entries = list.entries[first - 1..last].to_vec();
        }
        Ok(list)
    }

    /// The lists of all classes: 10 instances each, or 30 with `proofs`.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(crate) fn of_classes(proofs: bool) -> Result<Vec<List>> {
        let group = if proofs { "proofs" } else { "all" };
        CLASSES.iter().map(|class| List::named(&format!("{group}/{}", class.name))).collect()
    }

    /// The problem of an entry, as its variant and the objective of the list change it.
    ///
    /// # Errors
    /// When it cannot be read, or does not go with the variant.
    pub(crate) fn problem(&self, library: &Path, entry: &Entry) -> Result<Problem> {
        let plain = load(library, &entry.place)?;
        let setups = matches!(entry.variant, Variant::Setups)
            .then(|| library.join(format!("jobshop-setup/points/{}.txt", plain.name())));
        let changed = entry.variant.of(&plain, setups.as_deref());
        let problem = changed.map_err(|error| anyhow!(error))?.unwrap_or(plain);
        let Some(words) = self.objective else { return Ok(problem) };
        let objective: Objective = words.parse().with_context(|| format!("objective {words}"))?;
        Ok(problem.with(|builder| {
            builder.objective(objective);
            Ok(())
        })?)
    }
}

fn whole(name: &str) -> Result<List> {
    if let Some((group, class)) = name.split_once('/') {
        let found = OF_CLASSES.iter().find(|(known, _)| *known == group);
        let (_, text) =
            found.with_context(|| format!("expected all/ or proofs/, found {group}/"))?;
        let names = || CLASSES.map(|class| class.name).join(", ");
        let class = class_named(class)
            .with_context(|| format!("classes: expected one of {}, found `{class}`", names()))?;
        let begin = format!("class {}", class.name);
        let lines = text.lines().skip_while(|line| *line != begin).skip(1);
        let lines = lines.take_while(|line| !line.starts_with("class "));
        let mut list = parse(name, lines)?;
        (list.setting, list.objective) = (class.setting, class.objective);
        let variants = class.variants.iter().cycle();
        list.entries.iter_mut().zip(variants).for_each(|(entry, it)| entry.variant = *it);
        return Ok(list);
    }
    let found = LISTS.iter().find(|(known, _)| *known == name);
    let names = || LISTS.map(|(name, _)| name).join(", ");
    let &(name, text) = found.with_context(|| {
        format!("lists: expected one of {}, all/CLASS or proofs/CLASS, found `{name}`", names())
    })?;
    parse(name, text.lines())
}

fn parse(name: &str, lines: impl Iterator<Item = &'static str>) -> Result<List> {
    let mut variant = Variant::Plain;
    let (name, setting, objective) = (name.to_owned(), "default", None);
    let mut list = List { name, setting, objective, entries: Vec::new() };
    for line in lines.filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.split_once(' ') {
            Some(("variant", "setups")) => variant = Variant::Setups,
            Some(("variant", name)) => variant = Variant::Named(name),
            Some(("setting", setting)) => list.setting = setting,
            Some(_) => bail!("expected `variant` or `setting`, found `{line}`"),
            None => list.entries.push(Entry { place: place(line)?, variant }),
        }
    }
    Ok(list)
}

/// The place of an instance, without what only reading it tells.
fn place(line: &str) -> Result<Place> {
    let (folder, path) = line
        .split_once('/')
        .with_context(|| format!("expected a path in a folder of the library, found `{line}`"))?;
    let address = Address::parse(path);
    let file = address.selector.unwrap_or(address.path);
    let file = file.rsplit('/').next().unwrap_or(file);
    let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let (folder, path) = (folder.to_owned(), path.to_owned());
    Ok(Place { folder, path, name: name.to_owned(), tasks: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_list_can_be_read_and_names_an_instance_once() {
        for (name, _) in LISTS {
            let list = List::named(name).expect("a list");
            let distinct: BTreeSet<_> = list.entries.iter().collect();
            assert_eq!(distinct.len(), list.entries.len(), "{name}");
            assert!(!distinct.is_empty(), "{name}");
        }
        assert_eq!(LISTS.map(|(name, _)| name), {
            let mut sorted = LISTS.map(|(name, _)| name);
            sorted.sort_unstable();
            sorted
        });
    }

    #[test]
    fn lists_for_counts_of_proofs_have_thirty_and_whole_sets_are_whole() {
        let count = |name| List::named(name).expect("a list").entries.len();
        assert_eq!(["rcpsp-j30", "rcpsp-j60", "rcpsp-j120"].map(count), [30; 3]);
        assert_eq!(
            ["jobshop-la", "jobshop-orb", "jobshop-abz", "jobshop-ft"].map(count),
            [40, 10, 5, 3]
        );
    }

    #[test]
    fn parts_are_counted_from_one_and_refused_beyond_the_end() {
        let part = List::named("jobshop-la:19-20").expect("a part");
        let names: Vec<_> = part.entries.iter().map(|it| it.place.name.as_str()).collect();
        assert_eq!(names, ["la19", "la20"]);
        assert_eq!(List::named("jobshop-la:3").expect("a part").entries[0].place.name, "la03");
        for wrong in ["jobshop-la:0-3", "jobshop-la:3-41", "jobshop-la:5-4", "jobshop-la:x"] {
            assert!(List::named(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_class_has_ten_instances_and_thirty_for_proofs() {
        for (proofs, most) in [(false, 10), (true, 30)] {
            for list in List::of_classes(proofs).expect("lists") {
                assert_eq!(list.entries.len(), most, "{}", list.name);
                let folder = &list.entries[0].place.folder;
                assert!(list.entries.iter().all(|it| it.place.folder == *folder), "{}", list.name);
            }
        }
        let operators = List::named("all/jobshop-operators").expect("a list").entries;
        assert_eq!(operators[1].variant, Variant::Operators(5));
    }
}
