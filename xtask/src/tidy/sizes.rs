//! Sizes: lines of a file, of a function, width of a line, length of the architecture page.
//!
//! Test modules do not count. A file whose docs have a line `//! Table:` is exempt from the size
//! of files, and says there what it tabulates.
//!
//! **Source:** TigerBeetle's limit of 70 lines per function.

use super::Finding;
use super::source::{Source, item_end, line_of};
use std::path::Path;

const FILE: usize = 600;
const FUNCTION: usize = 70;
const WIDTH: usize = 100;
const ARCHITECTURE: usize = 400;

/// Findings in one file.
pub(crate) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = widths(source);
    if !source.is_test {
        findings.extend(file_size(source));
        findings.extend(function_sizes(source));
    }
    findings
}

/// The architecture page is short enough to be read at one go.
pub(crate) fn check_architecture(text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    let advice = format!("{lines} lines: keep the page below {ARCHITECTURE}");
    let path = Path::new("ARCHITECTURE.md");
    (lines >= ARCHITECTURE).then(|| Finding::new(path, ARCHITECTURE, "architecture", advice))
}

fn widths(source: &Source) -> Vec<Finding> {
    let too_wide = |line: &str| line.chars().count() > WIDTH && !line.contains("://");
    let lines = source.text.lines().enumerate().filter(|(_, line)| too_wide(line));
    let finding = |(index, line): (usize, &str)| {
        let width = line.chars().count();
        let advice = format!("{width} columns: break the line at {WIDTH}");
        Finding::new(&source.path, index + 1, "line-width", advice)
    };
    lines.map(finding).collect()
}

fn file_size(source: &Source) -> Option<Finding> {
    let lines = source.production_lines();
    let is_table = source.text.lines().any(|line| line.starts_with("//! Table:"));
    let advice = format!(
        "{lines} lines outside tests: split the file at {FILE}, \
         or mark a pure table with a line `//! Table: ...`"
    );
    let too_long = lines > FILE && !is_table;
    too_long.then(|| Finding::new(&source.path, FILE, "file-size", advice))
}

fn function_sizes(source: &Source) -> Vec<Finding> {
    let code = &source.production;
    let mut findings = Vec::new();
    for (begin, name) in functions(code) {
        let (first, last) = (line_of(code, begin), line_of(code, item_end(code, begin)));
        let lines = last - first + 1;
        if lines > FUNCTION {
            let advice = format!("{name} has {lines} lines: split it at {FUNCTION}");
            findings.push(Finding::new(&source.path, first, "function-size", advice));
        }
    }
    findings
}

/// Where functions begin, with their names.
fn functions(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (begin, _) in code.match_indices("fn ") {
        let word_before = code[..begin].ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let rest = &code[begin + 3..];
        let length = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(0);
        if !word_before && length > 0 {
            found.push((begin, &rest[..length]));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn rules(path: &str, text: &str) -> Vec<(usize, &'static str)> {
        let source = Source::new(PathBuf::from(path), text.to_owned());
        check(&source).into_iter().map(|finding| (finding.line, finding.rule)).collect()
    }

    #[test]
    fn wide_lines_are_found_in_tests_too() {
        let text = format!("// {}\n// {}\n", "a".repeat(97), "é".repeat(98));
        assert_eq!(rules("crates/a/tests/b.rs", &text), [(2, "line-width")]);
    }

    #[test]
    fn long_files_are_found_unless_they_are_tables() {
        let lines = "const A: u8 = 1;\n".repeat(FILE + 1);
        assert_eq!(rules("crates/a/src/b.rs", &lines), [(FILE, "file-size")]);
        let table = format!("//! Table: of things.\n{lines}");
        assert_eq!(rules("crates/a/src/b.rs", &table), []);
        let tests = "const A: u8 = 1;\n".repeat(FILE - 10);
        let tests = format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{tests}{tests}}}\n");
        assert_eq!(rules("crates/a/src/b.rs", &tests), []);
    }

    #[test]
    fn long_functions_are_found() {
        let body =
            |lines: usize| format!("fn f(a: [u8; 3]) -> u8 {{\n{}}}\n", "    a;\n".repeat(lines));
        assert_eq!(rules("crates/a/src/b.rs", &body(FUNCTION - 2)), []);
        let long = format!("\n{}", body(FUNCTION - 1));
        assert_eq!(rules("crates/a/src/b.rs", &long), [(2, "function-size")]);
    }

    #[test]
    fn a_long_architecture_page_is_found() {
        assert!(check_architecture(&"line\n".repeat(ARCHITECTURE)).is_some());
        assert!(check_architecture(&"line\n".repeat(ARCHITECTURE - 1)).is_none());
    }
}
