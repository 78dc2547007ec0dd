//! Committed lists of instances, on which figures are comparable from one release to the next.
//!
//! A list is a text: `variant NAME` and `setting NAME` (of a peer), `#` notes, and one instance per
//! line, as its path in the library. Sets of up to 10 instances are listed whole; of larger ones 10
//! are drawn, or 30 for counts of proofs, spread over the sizes (`ordine bench peers --draw`).
//!
//! **Source:** -

use crate::instances::Place;
use crate::sweep::Variant;
use anyhow::{Context, Result, bail};
use ordine_wire::Address;

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

/// Instances with what is common to them.
#[derive(Clone, Debug)]
pub struct List {
    /// Name on the command line.
    pub name: &'static str,
    /// How its instances are changed.
    pub(crate) variant: Variant,
    /// Setting of the peer.
    pub setting: &'static str,
    /// Its instances, in the order of the text.
    pub places: Vec<Place>,
}

impl List {
    /// The list that words name: `jobshop-la`, or a part of it, counted from 1: `jobshop-la:1-20`.
    ///
    /// # Errors
    /// When there is no such list or part.
    pub fn named(words: &str) -> Result<List> {
        let (name, part) = words.split_once(':').map_or((words, None), |(it, at)| (it, Some(at)));
        let found = LISTS.iter().find(|(known, _)| *known == name);
        let names = || LISTS.map(|(name, _)| name).join(", ");
        let &(name, text) =
            found.with_context(|| format!("lists: expected one of {}, found `{name}`", names()))?;
        let mut list = parse(name, text).with_context(|| format!("list {name}"))?;
        if let Some(part) = part {
            let count = list.places.len();
            let ends = part.split_once('-').unwrap_or((part, part));
            let ends = (ends.0.parse::<usize>(), ends.1.parse::<usize>());
            let (Ok(first), Ok(last)) = ends else {
                bail!("list {words}: expected a part such as `{name}:1-{count}`");
            };
            if first < 1 || last > count || first > last {
                bail!("list {words}: expected a part within 1-{count}, as there are {count}");
            }
            list.places = list.places[first - 1..last].to_vec();
        }
        Ok(list)
    }
}

fn parse(name: &'static str, text: &'static str) -> Result<List> {
    let (variant, setting) = (Variant::Plain, "default");
    let mut list = List { name, variant, setting, places: Vec::new() };
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.split_once(' ') {
            Some(("variant", "setups")) => list.variant = Variant::Setups,
            Some(("variant", variant)) => list.variant = Variant::Named(variant),
            Some(("setting", setting)) => list.setting = setting,
            Some(_) => bail!("expected `variant` or `setting`, found `{line}`"),
            None => list.places.push(place(line)?),
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
            let distinct: BTreeSet<_> = list.places.iter().collect();
            assert_eq!(distinct.len(), list.places.len(), "{name}");
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
        let count = |name| List::named(name).expect("a list").places.len();
        assert_eq!(["rcpsp-j30", "rcpsp-j60", "rcpsp-j120"].map(count), [30; 3]);
        assert_eq!(
            ["jobshop-la", "jobshop-orb", "jobshop-abz", "jobshop-ft"].map(count),
            [40, 10, 5, 3]
        );
    }

    #[test]
    fn parts_are_counted_from_one_and_refused_beyond_the_end() {
        let part = List::named("jobshop-la:19-20").expect("a part");
        let names: Vec<_> = part.places.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["la19", "la20"]);
        assert_eq!(List::named("jobshop-la:3").expect("a part").places[0].name, "la03");
        for wrong in ["jobshop-la:0-3", "jobshop-la:3-41", "jobshop-la:5-4", "jobshop-la:x"] {
            assert!(List::named(wrong).is_err(), "{wrong}");
        }
    }
}
