//! Words: the head of each file, and what code or comments must not say.
//!
//! Libraries touch no file, net, environment, process, clock, entropy or terminal; readers get a
//! `Read`. The places that may are listed in [`WORLDLY`].
//!
//! **Source:** -

use super::Finding;
use super::source::{Source, line_of};

/// Crates that touch the world, and folders of crates that do.
const WORLDLY: [(&str, &str); 6] = [
    ("apps", ""),
    ("benches", ""),
    ("xtask", ""),
    ("crates", "chat"),
    ("crates", "discover"),
    ("crates", "live"),
];

/// What libraries must not say, and what they do instead.
const FORBIDDEN: [(&str, &str); 17] = [
    ("std::fs", "take a `Read` from the caller"),
    ("File::", "take a `Read` from the caller"),
    ("std::net", "leave the network to apps"),
    ("std::env", "take parameters from the caller"),
    ("std::process", "leave processes to apps"),
    ("println!", "return the text"),
    ("print!", "return the text"),
    ("eprintln!", "return the text"),
    ("eprint!", "return the text"),
    ("dbg!", "remove it"),
    ("Instant::now", "take a `Clock` from the caller"),
    ("SystemTime", "take a `Clock` from the caller"),
    ("thread_rng", "take a `Stream` of the seed"),
    ("from_entropy", "take a `Stream` of the seed"),
    ("from_os_rng", "take a `Stream` of the seed"),
    ("OsRng", "take a `Stream` of the seed"),
    ("thread::sleep", "take a `Clock` from the caller"),
];

/// What no production code says.
const UNFINISHED: [(&str, &str, &str); 4] = [
    (".unwrap()", "unwrap", "use `expect(\"why this cannot happen\")` or `?`"),
    ("todo!", "unfinished", "finish it, or return an error"),
    ("unimplemented!", "unfinished", "finish it, or return an error"),
    ("collections::Hash", "hash-order", "use rustc_hash, a BTreeMap or an IdVec"),
];

/// Findings in one file.
pub(crate) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = head(source);
    findings.extend(marks(source));
    if !source.is_test {
        for (word, rule, advice) in UNFINISHED {
            findings.extend(find(source, word, rule, advice));
        }
        if is_library(source) {
            findings.extend(worldly_words(source));
        }
    }
    findings
}

/// Every file begins with docs, and the docs name a source.
fn head(source: &Source) -> Vec<Finding> {
    let docs: Vec<&str> = source.text.lines().take_while(|line| line.starts_with("//!")).collect();
    if docs.is_empty() {
        let advice = "begin the file with `//!`: what it is, formula, complexity, source";
        return vec![Finding::new(&source.path, 1, "file-docs", advice)];
    }
    if docs.iter().any(|line| line.starts_with("//! **Source:** ")) {
        return Vec::new();
    }
    let advice = "end the file docs with `//! **Source:** ...` (`-` when there is none)";
    vec![Finding::new(&source.path, docs.len(), "file-source", advice)]
}

/// Marks of unfinished work in comments carry the number of an issue.
fn marks(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in source.comments.lines().enumerate() {
        let marked = ["TODO", "FIXME", "XXX"].iter().any(|mark| line.contains(mark));
        let numbered =
            line.split('#').skip(1).any(|rest| rest.starts_with(|it: char| it.is_ascii_digit()));
        if marked && !numbered {
            let advice = "name the issue, as in `#123`, or remove the mark";
            findings.push(Finding::new(&source.path, index + 1, "issue-number", advice));
        }
    }
    findings
}

fn is_library(source: &Source) -> bool {
    let (first, second) = source.crate_folder();
    !WORLDLY.iter().any(|(top, name)| *top == first && (name.is_empty() || *name == second))
}

fn worldly_words(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (word, advice) in FORBIDDEN {
        findings.extend(find(source, word, "library-world", advice));
    }
    if !reads(source) {
        let advice = "leave reading and writing to wire and to `io` of the families";
        findings.extend(find(source, "std::io", "library-world", advice));
    }
    findings.extend(grouped_imports(source));
    findings
}

/// Whether the file is a reader or writer, which may use `Read` and `Write`.
fn reads(source: &Source) -> bool {
    let (first, second) = source.crate_folder();
    let in_io = source.path.components().any(|part| part.as_os_str() == "io");
    let is_io = source.path.file_stem().is_some_and(|stem| stem == "io");
    (first == "crates" && second == "wire") || (first == "families" && (in_io || is_io))
}

/// `use std::{fs, ...}` says `std::fs` too.
fn grouped_imports(source: &Source) -> Vec<Finding> {
    let code = &source.production;
    let mut findings = Vec::new();
    for (begin, open) in code.match_indices("use std::{") {
        let group = &code[begin + open.len()..];
        let group = &group[..group.find(';').unwrap_or(group.len())];
        let mut depth = 0;
        for item in group.split(',') {
            let name = item.trim().split([':', ' ', '}']).next().unwrap_or_default();
            let forbidden =
                ["fs", "net", "env", "process"].contains(&name) || (name == "io" && !reads(source));
            if depth == 0 && forbidden {
                let advice = format!("a library does not use `std::{name}`");
                let line = line_of(code, begin);
                findings.push(Finding::new(&source.path, line, "library-world", advice));
            }
            depth += item.matches('{').count() as i32 - item.matches('}').count() as i32;
        }
    }
    findings
}

/// Whole words only: `eprint!` is not `print!`.
fn find(source: &Source, word: &str, rule: &'static str, advice: &str) -> Vec<Finding> {
    let code = &source.production;
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let bounded = |begin: usize| {
        let before = word.starts_with(is_letter) && code[..begin].ends_with(is_letter);
        let open_end = word.ends_with("Hash");
        let after = word.ends_with(is_letter)
            && !open_end
            && code[begin + word.len()..].starts_with(is_letter);
        !before && !after
    };
    let hits = code.match_indices(word).filter(|(begin, _)| bounded(*begin));
    let finding = |(begin, _)| {
        let advice = format!("`{word}` does not belong here: {advice}");
        Finding::new(&source.path, line_of(code, begin), rule, advice)
    };
    hits.map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    const HEAD: &str = "//! A file.\n//!\n//! **Source:** -\n";

    fn rules(path: &str, code: &str) -> Vec<(usize, &'static str)> {
        let source = Source::new(PathBuf::from(path), format!("{HEAD}{code}"));
        check(&source).into_iter().map(|finding| (finding.line, finding.rule)).collect()
    }

    #[test]
    fn files_without_docs_or_source_are_found() {
        let rule = |text: &str| {
            let source = Source::new(PathBuf::from("crates/a/tests/b.rs"), text.to_owned());
            check(&source).first().map(|finding| finding.rule)
        };
        assert_eq!(rule("fn a() {}\n"), Some("file-docs"));
        assert_eq!(rule("//! A file.\nfn a() {}\n"), Some("file-source"));
        assert_eq!(rule(HEAD), None);
    }

    #[test]
    fn bare_unwraps_are_found_outside_tests() {
        let code = "fn a() { b().unwrap(); }\n#[cfg(test)]\nmod tests { fn c() { d().unwrap() } }";
        assert_eq!(rules("crates/a/src/b.rs", code), [(4, "unwrap")]);
        assert_eq!(rules("crates/a/tests/b.rs", code), []);
        assert_eq!(rules("crates/a/src/b.rs", "fn a() { b().unwrap_or(1); \".unwrap()\"; }"), []);
    }

    #[test]
    fn marks_without_issue_are_found() {
        let mark = ["TO", "DO"].concat();
        let code = format!("// {mark}: later\n// {mark} #12: later\nconst A: &str = \"{mark}\";\n");
        assert_eq!(rules("crates/a/tests/b.rs", &code), [(4, "issue-number")]);
        assert_eq!(rules("crates/a/src/b.rs", "fn a() { todo!() }"), [(4, "unfinished")]);
    }

    #[test]
    fn libraries_that_touch_the_world_are_found() {
        for code in [
            "use std::fs;",
            "use std::{collections::BTreeMap, env};",
            "use std::{fmt, fs::File};",
            "fn a() { println!(\"b\"); }",
            "fn a() { eprint!(\"b\"); }",
            "fn a() { Instant::now(); }",
            "fn a() { std::time::SystemTime::UNIX_EPOCH; }",
            "fn a() { rand::thread_rng(); }",
            "fn a() { File::open(\"b\"); }",
            "use std::io::Read;",
            "use std::{fmt, io};",
        ] {
            assert_eq!(rules("crates/a/src/b.rs", code), [(4, "library-world")], "{code}");
            assert_eq!(rules("apps/cli/src/b.rs", code), [], "{code}");
            assert_eq!(rules("crates/a/tests/b.rs", code), [], "{code}");
        }
    }

    #[test]
    fn readers_take_a_read_and_nothing_more() {
        let code = "use std::io::Read;";
        assert_eq!(rules("crates/wire/src/b.rs", code), []);
        assert_eq!(rules("families/a/src/io/b.rs", code), []);
        assert_eq!(rules("families/a/src/lower.rs", code), [(4, "library-world")]);
        assert_eq!(rules("families/a/src/io/b.rs", "use std::fs;"), [(4, "library-world")]);
    }

    #[test]
    fn hash_maps_of_random_order_are_found() {
        let code = "use std::collections::HashMap;";
        assert_eq!(rules("apps/a/src/b.rs", code), [(4, "hash-order")]);
    }
}
