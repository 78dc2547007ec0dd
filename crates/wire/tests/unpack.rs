//! Archives are read member by member within limits; damaged ones are named.
//!
//! Formats of the tests: Ordine JSON, and a toy format of several instances per text.
//!
//! **Source:** -

use flate2::Compression;
use flate2::write::GzEncoder;
use ordine_base::{Seed, Ticks};
use ordine_problem::{Problem, ProblemBuilder};
use ordine_wire::{
    About, Address, Diagnostic, Diagnostics, Fit, Format, Item, Json, Request, Text, TimeScale,
    problem_json, read_problems,
};
use std::io::Write;
use std::ops::ControlFlow;

/// One instance per line: durations of free tasks.
struct Toy;

impl Format for Toy {
    fn about(&self) -> About {
        About { name: "toy", summary: "durations", source: "-", extensions: &["toy"] }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let wrong =
            |line: u32| Diagnostic::of_file(text.name(), "numbers", "words", "").at_line(line);
        Fit::of_lines(
            text.data_lines(),
            |line| line.tokens().all(|token| token.integer().is_some()),
            |line| wrong(line.number),
        )
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut builder = ProblemBuilder::new(text.instance());
        for token in text.data_lines().flat_map(|line| line.tokens()) {
            let task = builder.task("t", None).expect("valid");
            let mut report = ordine_wire::Report::new(text);
            let Some(duration) = report.number(token, "a duration", 0..=99) else {
                return Err(report.fail());
            };
            builder.mode(task, Ticks::new(duration), &[]).expect("valid");
        }
        Ok(builder.seal().expect("valid"))
    }

    fn split<'t>(&self, text: &Text<'t>) -> Vec<Text<'t>> {
        let lines = text.data_lines().zip(1..);
        let part = |(line, number): (ordine_wire::Line<'t>, usize)| {
            let next = text.lines().find(|it| it.number > line.number);
            let part = text.part(line, next);
            part.with_instance(format!("{}#{number}", text.instance()))
        };
        lines.map(part).collect()
    }
}

static FORMATS: &[&dyn Format] = &[&Json, &Toy];

/// Everything that reading gives, one line each.
fn read(bytes: &[u8], address: &str) -> Vec<String> {
    read_as(bytes, address, None)
}

fn read_as(mut bytes: &[u8], address: &str, format: Option<&str>) -> Vec<String> {
    let address = Address::parse(address);
    let request =
        Request { name: address.path, selector: address.selector, format, formats: FORMATS };
    let mut items = Vec::new();
    read_problems(&request, &mut bytes, &mut |item| {
        items.push(match item {
            Item::Found(found) => {
                let count = found.problem.tasks().len();
                format!("{} in {} has {count}", found.problem.name(), found.format.about().name)
            }
            Item::Bad(errors) => format!("bad: {errors}"),
            Item::Skipped(warning) => format!("skipped: {warning}"),
        });
        ControlFlow::Continue(())
    });
    items
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if path.ends_with('/') {
            header.set_entry_type(tar::EntryType::Directory);
        }
        builder.append_data(&mut header, path, *bytes).expect("memory takes everything");
    }
    builder.into_inner().expect("memory takes everything")
}

fn json(name: &str, tasks: usize) -> Vec<u8> {
    let mut builder = ProblemBuilder::new(name);
    for _ in 0..tasks {
        let task = builder.task("t", None).expect("valid");
        builder.mode(task, Ticks::new(1), &[]).expect("valid");
    }
    let problem = builder.seal().expect("valid");
    problem_json::write_problem(&problem, &TimeScale::default()).into_bytes()
}

fn library() -> Vec<u8> {
    let long = format!("set/{}/deep.toy", "folder".repeat(30));
    gzip(&tar(&[
        ("set/", b""),
        ("set/README.md", b"1 2 3"),
        ("set/bounds.csv", b"1 2 3"),
        ("set/a.json", &json("a", 2)),
        ("./set/b.toy", b"1 2 3\n# remark\n4\n"),
        ("set/notes", b"dear reader"),
        ("set/image", b"\x89PNG\x00"),
        (&long, b"7"),
    ]))
}

#[test]
fn all_members_come_in_turn_and_what_is_no_instance_is_skipped() {
    assert_eq!(
        read(&library(), "lib.tar.gz"),
        [
            "skipped: lib.tar.gz#set/: expected an instance, found none: it is a folder; skipped",
            "skipped: lib.tar.gz#set/README.md: expected an instance, found none: its name is not \
             that of an instance; skipped",
            "skipped: lib.tar.gz#set/bounds.csv: expected an instance, found none: its extension \
             is not that of an instance; skipped",
            "a in json has 2",
            "b#1 in toy has 3",
            "b#2 in toy has 1",
            "skipped: lib.tar.gz#set/notes: expected an instance, found none: it fits no format; \
             skipped",
            "skipped: lib.tar.gz#set/image: expected an instance, found none: it fits no format; \
             skipped",
            "deep#1 in toy has 1",
        ]
    );
}

#[test]
fn selectors_choose_members_and_instances() {
    let library = library();
    for (address, expected) in [
        ("lib.tar.gz#a.json", "a in json has 2"),
        ("lib.tar.gz#set/a.json", "a in json has 2"),
        ("lib.tar.gz#b.toy#2", "b#2 in toy has 1"),
        ("lib.tar.gz#1", "a in json has 2"),
        ("lib.tar.gz#3", "b#2 in toy has 1"),
        ("lib.tar.gz#deep.toy", "deep#1 in toy has 1"),
    ] {
        assert_eq!(read(&library, address), [expected], "{address}");
    }
    assert_eq!(read(b"1\n2 3\n", "x.toy#2"), ["x#2 in toy has 2"]);
    assert_eq!(read(&gzip(b"1\n2 3\n"), "x.toy.gz#2"), ["x#2 in toy has 2"]);
    assert_eq!(read(&gzip(&json("", 1)), "x.json.gz"), ["x in json has 1"]);
    assert_eq!(read(&tar(&[("x.toy", b"5")]), "x.tar"), ["x#1 in toy has 1"]);
}

#[test]
fn selectors_that_choose_nothing_are_named() {
    let library = library();
    for (bytes, address, words) in [
        (
            &library[..],
            "lib.tar.gz#c.toy",
            "bad: lib.tar.gz: expected a member called `c.toy`, found",
        ),
        (
            &library,
            "lib.tar.gz#9",
            "bad: lib.tar.gz: expected an instance number from 1 to 4, found",
        ),
        (&library, "lib.tar.gz#b.toy#3", "bad: lib.tar.gz#set/b.toy: expected an instance number"),
        (&library, "lib.tar.gz#0", "bad: lib.tar.gz: expected an instance number from 1 to 4"),
        (&library, "lib.tar.gz#notes", "bad: lib.tar.gz#set/notes, line 1: expected a file in one"),
        (b"1\n2\n", "x.toy#3", "bad: x.toy: expected an instance number from 1 to 2, found `#3`"),
        (b"1\n2\n", "x.toy#y", "bad: x.toy: expected a number, found `#y` for a text"),
    ] {
        let items = read(bytes, address);
        assert_eq!(items.len(), 1, "{items:?}");
        assert!(items[0].starts_with(words), "{address}: {items:?}");
    }
}

#[test]
fn damaged_and_foreign_inputs_are_named() {
    let library = library();
    let plain = tar(&[("a.toy", &b"1 2 3 ".repeat(400)), ("b.toy", b"4")]);
    let mut flipped = library.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let mut header = plain.clone();
    header[600..700].fill(b'7');
    header[0] = b'x';
    let bare = [&[0x1f, 0x8b][..], b"and then nothing of the kind"].concat();
    let empty = gzip(&tar(&[]));
    for (bytes, file, words) in [
        (&library[..library.len() / 2], "lib.tar.gz", "a complete file or archive, found damage"),
        (&flipped, "lib.tar.gz", "a complete file or archive, found damage"),
        (&plain[..900], "x.tar", "2400 bytes of member a.toy, found"),
        (&plain[..100], "x.tar", "a complete file or archive, found damage"),
        (&header, "x.tar", "a complete file or archive, found damage"),
        (&bare, "x.toy.gz", "a complete file or archive, found damage"),
        (b"1 2 3\n", "x.tar.gz", "a complete file or archive, found damage"),
        (b"PK\x03\x04 and more", "x.zip", "found a zip archive; unpack it"),
        (&gzip(&gzip(b"1")), "x.gz", "found gzip within gzip"),
        (&empty, "x.tar.gz", "at least one instance, found no member at all"),
        (&gzip(&tar(&[("README", b"1")])), "x.tar.gz", "none among 1 members (README, …)"),
        (b"", "x.toy", "at least one instance, found none in this text"),
        (&gzip(b""), "x.toy.gz", "at least one instance, found none in this text"),
        (b"\x00\x01\x02", "x.toy", "line 1: expected UTF-8 text, found byte 0x00"),
    ] {
        let items = read(bytes, file);
        let last = items.last().expect("at least one item");
        assert!(last.starts_with(&format!("bad: {file}")), "{file}: {items:?}");
        assert!(last.contains(words), "{file}: {items:?}");
    }
}

#[test]
fn several_gzip_members_are_one_text_and_other_bytes_behind_them_are_ignored() {
    let two = [gzip(b"1 2\n"), gzip(b"3\n")].concat();
    assert_eq!(read(&two, "x.toy.gz"), ["x#1 in toy has 2", "x#2 in toy has 1"]);
    let padded = [&two[..], &[0; 700]].concat();
    assert_eq!(read(&padded, "x.toy.gz"), read(&two, "x.toy.gz"));
    let other = [&two[..], b"and a remark"].concat();
    let items = read(&other, "x.toy.gz");
    let warning = "skipped: x.toy.gz: expected nothing behind the compressed data, found other \
                   bytes; ignored";
    assert_eq!(items[0], warning);
    assert_eq!(items[1..], read(&two, "x.toy.gz"));
    for cut in [1, 5, 12] {
        let items = read(&two[..two.len() - cut], "x.toy.gz");
        assert!(items[0].contains("a complete file or archive, found damage"), "{cut}: {items:?}");
    }
}

#[test]
fn a_damaged_member_does_not_stop_the_others() {
    let bytes = tar(&[("a.toy", b"1"), ("b.toy", b"1 100"), ("c.toy", b"2 3")]);
    let items = read(&bytes, "x.tar");
    assert_eq!(items[0], "a#1 in toy has 1");
    assert!(items[1].starts_with("bad: x.tar#b.toy, line 1, column 3: expected a duration"));
    assert_eq!(items[2], "c#1 in toy has 2");
}

#[test]
fn a_forced_format_is_used_or_named_unknown() {
    let items = read_as(b"dear reader", "x", Some("toy"));
    assert!(items[0].starts_with("bad: x, line 1, column 1: expected a duration"), "{items:?}");
    let items = read_as(b"1", "x", Some("tay"));
    assert_eq!(items, ["bad: x: expected a format among json, toy, found `tay`; correct --format"]);
}

#[test]
fn bombs_are_refused_before_they_fill_memory() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let blank = vec![b' '; 1 << 20];
    for _ in 0..257 {
        encoder.write_all(&blank).expect("memory takes everything");
    }
    let text = encoder.finish().expect("memory takes everything");
    let items = read(&text, "bomb.toy.gz");
    assert!(
        items[0].contains("a text of at most 268435456 bytes unpacked, found more"),
        "{items:?}"
    );

    let mut header = tar::Header::new_ustar();
    header.set_path("big.toy").expect("a short path");
    header.set_size(1 << 40);
    header.set_cksum();
    let items = read(header.as_bytes(), "bomb.tar");
    assert!(items[0].contains("a member of at most 268435456 bytes"), "{items:?}");

    let mut name = tar::Header::new_gnu();
    name.set_entry_type(tar::EntryType::GNULongName);
    name.set_path("././@LongLink").expect("a short path");
    name.set_size(3 << 20);
    name.set_cksum();
    let long = [name.as_bytes().as_slice(), &vec![b'x'; 3 << 20], header.as_bytes()].concat();
    let items = read(&gzip(&long), "bomb.tar.gz");
    assert!(items[0].contains("headers, names and members of at most"), "{items:?}");
}

#[test]
fn ten_thousand_mutations_of_archives_are_read_or_refused() {
    let packed = gzip(&tar(&[("a.toy", b"1 2"), ("b.json", &json("b", 1))]));
    let plain = tar(&[("a.toy", b"1 2"), ("b.toy", b"3")]);
    let mut stream = Seed::new(41).stream("mutations");
    for round in 0..10_000 {
        let (good, name) = if round % 2 == 0 { (&packed, "x.tar.gz") } else { (&plain, "x.tar") };
        let mut bytes = good.clone();
        for _ in 0..=stream.below(3) {
            // Most of an archive is padding: half of the changes go to its first header.
            let reach = if stream.chance(0.5) { bytes.len() } else { bytes.len().min(512) };
            let place = stream.below(reach.max(1)).min(bytes.len().saturating_sub(1));
            if bytes.is_empty() {
                break;
            }
            match stream.below(4) {
                0 => bytes[place] ^= 1 << stream.below(8),
                1 => drop(bytes.remove(place)),
                2 => bytes.insert(place, stream.below(256) as u8),
                _ => bytes.truncate(place.max(1)),
            }
        }
        assert!(!read(&bytes, name).is_empty());
    }
}
