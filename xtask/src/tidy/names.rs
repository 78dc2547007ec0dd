//! Names of files: no `mod.rs`, families of one shape, numbered decision records.
//!
//! A family has the files of the house; a further one, or the folder that holds it, is named with
//! its reason in the README of the family.
//!
//! **Source:** docs/design.md, section *Families*.

use super::Finding;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files that a family may have without a word.
const FAMILY_FILES: [&str; 18] = [
    "Cargo.toml",
    "README.md",
    "src/lib.rs",
    "src/instance.rs",
    "src/io.rs",
    "src/io/*.rs",
    "src/generate.rs",
    "src/lower.rs",
    "src/rules.rs",
    "src/worlds.rs",
    "src/worlds/*.rs",
    "src/check.rs",
    "src/recipes.rs",
    "tests/pocket.rs",
    "tests/properties.rs",
    "tests/published.rs",
    "tests/reproduction.rs",
    "tests/data/*",
];

/// Findings among the paths of the workspace; `read` gives the text of a file.
pub(crate) fn check(paths: &[PathBuf], read: impl Fn(&Path) -> String) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in paths {
        findings.extend(no_mod_file(path));
        findings.extend(family_shape(path, &read));
    }
    findings.extend(decisions(paths, read));
    findings
}

fn no_mod_file(path: &Path) -> Option<Finding> {
    let advice = "name the file after its module, beside the folder";
    (path.file_name()? == "mod.rs").then(|| Finding::new(path, 1, "mod-file", advice))
}

fn family_shape(path: &Path, read: impl Fn(&Path) -> String) -> Option<Finding> {
    let within = path.strip_prefix("families").ok()?;
    let mut parts = within.components();
    let family = Path::new("families").join(parts.next()?);
    let inside = parts.as_path();
    if FAMILY_FILES.iter().any(|pattern| matches(pattern, inside)) {
        return None;
    }
    let name = path.file_name()?.to_string_lossy();
    let readme = read(&family.join("README.md"));
    let folder = |it: &Path| format!("{}/", it.display());
    let own_folders = inside.ancestors().skip(1).filter(|it| it.components().count() > 2);
    if readme.contains(name.as_ref()) || own_folders.map(folder).any(|it| readme.contains(&it)) {
        return None;
    }
    let advice = format!("name {name} with its reason in the README of the family, or move it");
    Some(Finding::new(path, 1, "family-shape", advice))
}

/// Whether the path is the pattern, where a star stands for any name.
fn matches(pattern: &str, path: &Path) -> bool {
    let path = path.to_string_lossy();
    let Some((before, after)) = pattern.split_once('*') else { return pattern == path };
    let inside = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    inside.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn decisions(paths: &[PathBuf], read: impl Fn(&Path) -> String) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<String, &Path> = BTreeMap::new();
    let records = paths.iter().filter(|path| path.parent() == Some(Path::new("docs/decisions")));
    for path in records {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(number) = decision_number(&name) else {
            let advice = "name the record NNNN-title.md, lower case with hyphens";
            findings.push(Finding::new(path, 1, "decision-name", advice));
            continue;
        };
        if !read(path).starts_with(&format!("# {number}: ")) {
            let advice = format!("begin the record with `# {number}: ` and its title");
            findings.push(Finding::new(path, 1, "decision-title", advice));
        }
        if let Some(earlier) = numbers.insert(number, path) {
            let advice = format!("take the next free number: {} has this one", earlier.display());
            findings.push(Finding::new(path, 1, "decision-number", advice));
        }
    }
    findings
}

fn decision_number(name: &str) -> Option<String> {
    let (number, title) = name.strip_suffix(".md")?.split_once('-')?;
    let title_letter = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    let good = number.len() == 4
        && number.chars().all(|it| it.is_ascii_digit())
        && !title.is_empty()
        && title.chars().all(title_letter);
    good.then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(paths: &[&str], text: &str) -> Vec<&'static str> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        check(&paths, |_| text.to_owned()).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn mod_files_are_found() {
        assert_eq!(rules(&["crates/a/src/b/mod.rs", "crates/a/src/b.rs"], ""), ["mod-file"]);
    }

    #[test]
    fn further_files_of_a_family_need_a_word() {
        let further = ["families/shop/src/extra.rs"];
        assert_eq!(rules(&further, "A family."), ["family-shape"]);
        assert_eq!(rules(&further, "`extra.rs` holds the rest."), [] as [&str; 0]);
        let usual = ["families/shop/src/io/fjs.rs", "families/shop/tests/pocket.rs"];
        assert_eq!(rules(&usual, ""), [] as [&str; 0]);
        let deep = ["families/shop/src/io/fjs/reader.rs"];
        assert_eq!(rules(&deep, "`src/io/` and `src/io/jsplib/`"), ["family-shape"]);
        assert_eq!(rules(&deep, "`src/io/fjs/` has two parts."), [] as [&str; 0]);
    }

    #[test]
    fn decision_records_are_numbered_once_and_titled() {
        let good = ["docs/decisions/0002-a-title.md"];
        assert_eq!(rules(&good, "# 0002: A title\n"), [] as [&str; 0]);
        assert_eq!(rules(&good, "# A title\n"), ["decision-title"]);
        assert_eq!(rules(&["docs/decisions/2-Title.md"], ""), ["decision-name"]);
        let twice = ["docs/decisions/0002-a.md", "docs/decisions/0002-b.md"];
        assert_eq!(rules(&twice, "# 0002: A title\n"), ["decision-number"]);
    }
}
