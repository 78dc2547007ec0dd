//! The lock file: one version of each heavy crate.
//!
//! **Source:** -

use super::Finding;
use anyhow::Context;
use std::path::Path;

/// Crates that cost so much to build that a second version needs a decision.
const HEAVY: [&str; 9] =
    ["arrow", "axum", "hyper", "rand", "reqwest", "serde", "serde_json", "sqlx", "tokio"];

/// Findings in the lock file.
///
/// # Errors
/// When the text is no lock file.
pub(crate) fn check(text: &str) -> anyhow::Result<Vec<Finding>> {
    let lock: toml::Table = text.parse().context("Cargo.lock is no TOML")?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let packages = packages.context("Cargo.lock lists no packages")?;
    let field = |package: &toml::Value, name: &str| {
        package.get(name).and_then(toml::Value::as_str).map(str::to_owned)
    };
    let mut findings = Vec::new();
    for heavy in HEAVY {
        let same = packages.iter().filter(|it| field(it, "name").as_deref() == Some(heavy));
        let versions: Vec<String> = same.filter_map(|it| field(it, "version")).collect();
        if versions.len() > 1 {
            let advice = format!("{heavy} is there as {}: agree on one", versions.join(" and "));
            let line = text.lines().position(|line| line == format!("name = \"{heavy}\""));
            let line = line.map_or(1, |index| index + 1);
            findings.push(Finding::new(Path::new("Cargo.lock"), line, "heavy-twice", advice));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_crates_of_two_versions_are_found() {
        let package = |name: &str, version: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n")
        };
        let twice = package("syn", "1.0.0") + &package("syn", "2.0.0") + &package("tokio", "1.0.0");
        assert_eq!(check(&twice).expect("a lock file"), []);
        let findings = check(&(twice + &package("tokio", "2.0.0"))).expect("a lock file");
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].line, findings[0].rule), (8, "heavy-twice"));
    }
}
