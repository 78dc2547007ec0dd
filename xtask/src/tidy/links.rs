//! Links of Markdown files: what a relative one names is there.
//!
//! **Source:** CommonMark 0.31, section *Links* (inline links only).

use super::Finding;
use std::path::{Component, Path, PathBuf};

/// Findings in one Markdown file; `is_there` knows files and folders from the root.
pub(crate) fn check(path: &Path, text: &str, is_there: impl Fn(&Path) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fenced = false;
    for (line, number) in text.lines().zip(1..) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let broken = targets(line).filter(|target| {
            let folder = path.parent().unwrap_or(Path::new(""));
            !is_there(&plain(&folder.join(target)))
        });
        let advice = |target: &str| format!("nothing is at `{target}`: correct the link");
        findings.extend(broken.map(|it| Finding::new(path, number, "link", advice(it))));
    }
    findings
}

/// Relative targets of the links of a line, without what stands behind `#`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', ' ']).next()?;
        let file = target.split('#').next()?;
        let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
        (!is_elsewhere && !file.is_empty()).then_some(file)
    })
}

/// The path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        let known = ["docs/design.md", "docs/results", "README.md"].map(Path::new);
        let is_there = |path: &Path| known.contains(&path);
        let findings = check(Path::new("docs/page.md"), text, is_there);
        findings.iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let good = "[a](design.md) and [b](./results)\n[c](../README.md#install)\n[d](#here)\n\
                    [e](https://example.org/x.md) ![f](design.md \"title\")\n\
                    ```\n[g](nowhere.md)\n```\n";
        assert_eq!(lines(good), []);
        assert_eq!(lines("[a](desing.md)\n\n[b](design.md) [c](README.md)\n"), [1, 3]);
    }
}
