//! `cargo xtask tidy`: the rules of the house that a program can check.
//!
//! Each rule is a function that gives its findings; [`check`] runs them all over the workspace. A
//! rule that is broken twice in review becomes a rule here or is dropped.
//!
//! **Source:** the tidy test of rust-analyzer.

mod layers;
mod links;
mod lock;
mod names;
mod sizes;
mod source;
mod words;

use anyhow::{Context, bail};
use source::Source;
use std::fmt;
use std::path::{Path, PathBuf};

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// File, from the root of the workspace.
    path: PathBuf,
    /// Line, from 1.
    line: usize,
    /// Name of the rule.
    rule: &'static str,
    /// What to change.
    advice: String,
}

impl Finding {
    fn new(path: &Path, line: usize, rule: &'static str, advice: impl Into<String>) -> Self {
        Finding { path: path.to_owned(), line, rule, advice: advice.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { path, line, rule, advice } = self;
        write!(formatter, "{}:{line}: {rule}: {advice}", path.display())
    }
}

/// Prints what is not tidy.
///
/// # Errors
/// When something is not tidy, or a file cannot be read.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let findings = check(root)?;
    for finding in &findings {
        crate::say(&finding.to_string());
    }
    if !findings.is_empty() {
        bail!("{} findings: change what they name", findings.len());
    }
    Ok(())
}

/// Every finding in the workspace, by file and line.
///
/// # Errors
/// When a file cannot be read or parsed.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let files = Files::read(root)?;
    let mut sources = Vec::new();
    for path in files.ending(".rs") {
        sources.push(Source::new(path.clone(), files.text(root, path)?));
    }
    source::mark_test_files(&mut sources);
    let mut findings = Vec::new();
    for source in &sources {
        findings.extend(sizes::check(source));
        findings.extend(words::check(source));
    }
    for path in files.ending("Cargo.toml") {
        findings.extend(layers::check(path, &files.text(root, path)?)?);
    }
    for path in markdown(root, &files)? {
        let text = files.text(root, &path)?;
        findings.extend(links::check(&path, &text, |target| root.join(target).exists()));
    }
    findings.extend(names::check(&files.paths, |path| files.text(root, path).unwrap_or_default()));
    findings.extend(lock::check(&files.text(root, Path::new("Cargo.lock"))?)?);
    findings.extend(sizes::check_architecture(&files.text(root, Path::new("ARCHITECTURE.md"))?));
    findings.sort();
    Ok(findings)
}

/// Markdown files: those of the folders, of the data and of the root.
fn markdown(root: &Path, files: &Files) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = files.paths.clone();
    walk(root, Path::new("data"), &mut paths)?;
    for entry in std::fs::read_dir(root)? {
        paths.push(PathBuf::from(entry?.file_name()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    Ok(paths)
}

/// The files of the workspace, from its root, in order.
struct Files {
    paths: Vec<PathBuf>,
}

const FOLDERS: [&str; 6] = ["crates", "families", "apps", "benches", "xtask", "docs"];

impl Files {
    fn read(root: &Path) -> anyhow::Result<Self> {
        let mut paths = Vec::new();
        for folder in FOLDERS {
            walk(root, Path::new(folder), &mut paths)?;
        }
        paths.sort();
        Ok(Files { paths })
    }

    fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = &'a PathBuf> {
        self.paths.iter().filter(move |path| path.to_string_lossy().ends_with(end))
    }

    fn text(&self, root: &Path, path: &Path) -> anyhow::Result<String> {
        std::fs::read_to_string(root.join(path))
            .with_context(|| format!("cannot read {}", path.display()))
    }
}

fn walk(root: &Path, folder: &Path, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let whole = root.join(folder);
    let entries = std::fs::read_dir(&whole).with_context(|| format!("no folder {folder:?}"))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let path = folder.join(&name);
        let hidden = name.to_string_lossy().starts_with('.');
        if hidden || name == "target" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(root, &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let findings = check(&crate::root()).expect("the workspace can be read");
        let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
        assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
    }

    #[test]
    fn findings_name_file_line_rule_and_cure() {
        let finding = Finding::new(Path::new("crates/a/src/lib.rs"), 7, "width", "break the line");
        assert_eq!(finding.to_string(), "crates/a/src/lib.rs:7: width: break the line");
    }
}
