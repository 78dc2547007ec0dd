//! Help teaches by examples, and its examples work.
//!
//! **Source:** -

use crate::call::ordine;

#[test]
fn every_command_teaches_by_examples() {
    for arguments in [
        &["--help"][..],
        &["solve", "--help"],
        &["replan", "--help"],
        &["explain", "--help"],
        &["check", "--help"],
        &["convert", "--help"],
        &["list", "--help"],
        &["bench", "--help"],
        &["bench", "-h"],
        &["lr", "--help"],
    ] {
        let call = ordine(arguments);
        assert_eq!((call.code, call.err.as_str()), (0, ""), "{arguments:?}");
        assert!(call.out.contains("Examples:\n  ordine "), "{arguments:?}: {}", call.out);
    }
    let call = ordine(&["bench", "quality", "--help"]);
    assert_eq!(call.code, 0, "{}", call.err);
    assert!(call.out.contains("--library"), "{}", call.out);
}

#[test]
fn the_benches_are_listed_where_one_is_missing() {
    let (asked, bare) = (ordine(&["bench", "--help"]), ordine(&["bench"]));
    assert_eq!((bare.code, bare.out.as_str()), (2, ""));
    assert_eq!(bare.err, asked.out);
    let list = ordine(&["list", "benches"]).out;
    let names = list.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    let names: Vec<&str> = names.collect();
    assert!(names.contains(&"quality"), "{list}");
    for name in names {
        assert!(asked.out.contains(&format!("\n  {name} ")), "{name}: {}", asked.out);
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let call = ordine(&["--version"]);
    assert!(call.out.starts_with(concat!("ordine ", env!("CARGO_PKG_VERSION"))), "{}", call.out);
}

/// Examples whose files are part of the project run as they stand, but for a short limit.
#[test]
#[cfg(unix)]
fn examples_on_our_own_files_work() {
    use crate::call::{command, data};
    let help = ordine(&["solve", "--help"]).out;
    let example = |line: &str| -> Option<Vec<String>> {
        let call = line.trim().strip_prefix("ordine solve data/")?;
        let words = call.split("   ").next()?.split_whitespace();
        Some(words.map(str::to_owned).collect())
    };
    let examples: Vec<Vec<String>> = help.lines().filter_map(example).collect();
    assert!(examples.len() >= 4, "{help}");
    let (root, folder) = (data(""), tempfile::tempdir().expect("a temporary folder"));
    let root = std::path::Path::new(&root).parent().expect("data lies in the project");
    std::os::unix::fs::symlink(root.join("data"), folder.path().join("data")).expect("a link");
    for words in examples {
        let mut call = command(&["solve"]);
        call.arg(format!("data/{}", words[0])).args(&words[1..]).current_dir(folder.path());
        if !words.contains(&"--time".to_owned()) {
            call.args(["--time", "0.2"]);
        }
        let words = words.join(" ");
        let call = call.args(["--target", "1200"]).output().expect("the program starts");
        let err = String::from_utf8_lossy(&call.stderr);
        assert!(call.status.success(), "{words}: {err}");
    }
}
