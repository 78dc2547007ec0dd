//! Layers: which crate of ours may depend on which, and what every manifest says.
//!
//! The list below is the order of the house; a line that is missing here is a design change. Test
//! dependencies are free.
//!
//! **Source:** docs/design.md, section *Layers*.

use super::Finding;
use anyhow::Context;
use std::path::Path;

/// What a layer may depend on.
enum Below {
    /// These and nothing else of ours.
    Only(&'static [&'static str]),
    /// Everything earlier in the list.
    All,
}

use Below::{All, Only};

/// Every crate of ours by its folder, from the ground up; families are one layer.
const LAYERS: &[(&str, Below)] = &[
    ("base", Only(&[])),
    ("budget", Only(&["base"])),
    ("problem", Only(&["base"])),
    ("check", Only(&["base", "problem"])),
    ("world", Only(&["base", "problem"])),
    ("rule-language", Only(&["base", "problem", "world"])),
    ("construct", Only(&["base", "problem", "world"])),
    ("cp", Only(&["base"])),
    ("ls", Only(&["base", "problem", "construct"])),
    ("sim", Only(&["base", "problem", "world"])),
    ("policy", Only(&["base", "world"])),
    ("solve", All),
    ("wire", Only(&["base", "problem"])),
    ("replan", Only(&["base", "problem", "wire"])),
    ("chart", Only(&["base", "problem"])),
    ("chat", Only(&["base"])),
    (
        "discover",
        Only(&["base", "problem", "check", "world", "rule-language", "construct", "chat"]),
    ),
    ("train", All),
    ("live", All),
    ("families", All),
    ("registry", All),
    ("benches", All),
    ("apps", All),
    ("xtask", Only(&[])),
];

/// Layers that only apps and benches may depend on.
const LEAVES: [&str; 4] = ["chat", "discover", "train", "live"];

/// Findings in one manifest.
///
/// # Errors
/// When the manifest is no TOML.
pub(crate) fn check(path: &Path, text: &str) -> anyhow::Result<Vec<Finding>> {
    let manifest: toml::Table =
        text.parse().with_context(|| format!("{} is no manifest", path.display()))?;
    let mut findings = Vec::new();
    let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
    if lints != Some(&toml::Value::Boolean(true)) {
        let advice = "add `[lints]` with `workspace = true`";
        findings.push(Finding::new(path, 1, "workspace-lints", advice));
    }
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(table) = manifest.get(section).and_then(toml::Value::as_table) else { continue };
        for (name, value) in table {
            let line = line_naming(text, section, name);
            if value.get("git").is_some() {
                let advice = format!("{name}: depend on a published version, not on git");
                findings.push(Finding::new(path, line, "git-dependency", advice));
            }
            let ours = name.strip_prefix("ordine-").filter(|_| section != "dev-dependencies");
            if let Some(advice) = ours.and_then(|ours| forbids(path, ours)) {
                findings.push(Finding::new(path, line, "layers", advice));
            }
        }
    }
    Ok(findings)
}

/// Why the crate of this manifest may not depend on `other`, if so.
fn forbids(path: &Path, other: &str) -> Option<String> {
    let (layer, name) = layer_of_manifest(path);
    let other_layer = if place(other).is_some() { other } else { "families" };
    let Some(own_place) = place(&layer) else {
        return Some(format!("{name} has no layer: add it to the list of layers"));
    };
    let allowed = match &LAYERS[own_place].1 {
        Only(names) => names.contains(&other_layer),
        All => place(other_layer).is_some_and(|place| place < own_place),
    };
    let leaf = LEAVES.contains(&other_layer) && !LEAVES.contains(&layer.as_str());
    if layer == "families" && other_layer == "families" {
        return Some(format!("family {name} may not depend on family {other}"));
    }
    if leaf && !["apps", "benches"].contains(&layer.as_str()) {
        let advice = format!("{other} is a leaf: only apps and benches may depend on it");
        return Some(format!("{advice}, {name} may not"));
    }
    (!allowed).then(|| format!("{name} may not depend on {other}: dependencies point down"))
}

fn place(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|(name, _)| *name == layer)
}

/// Layer and name of the crate whose manifest lies at `path`.
fn layer_of_manifest(path: &Path) -> (String, String) {
    let folder = path.parent().unwrap_or(Path::new(""));
    let text = |part: std::path::Component<'_>| part.as_os_str().to_string_lossy().into_owned();
    let parts: Vec<String> = folder.components().map(text).collect();
    let name = parts.last().cloned().unwrap_or_default();
    match parts.first().map(String::as_str) {
        Some("crates") | None => (name.clone(), name),
        Some(layer) => (layer.to_owned(), name),
    }
}

/// Line of a dependency, or of the file when it is written in an unusual way.
fn line_naming(text: &str, section: &str, name: &str) -> usize {
    let header = format!("[{section}]");
    let lines = text.lines().enumerate().skip_while(|(_, line)| line.trim() != header);
    let mut named = lines.filter(|(_, line)| line.trim_start().starts_with(name));
    named.next().map_or(1, |(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, dependencies: &str) -> Vec<&'static str> {
        let text = format!("[lints]\nworkspace = true\n[dependencies]\n{dependencies}\n");
        let findings = check(Path::new(path), &text).expect("a manifest");
        findings.into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn dependencies_that_point_up_are_found() {
        let check = "ordine-check.workspace = true";
        assert_eq!(rules("crates/base/Cargo.toml", check), ["layers"]);
        assert_eq!(rules("crates/ls/Cargo.toml", check), ["layers"]);
        assert_eq!(rules("crates/solve/Cargo.toml", check), [] as [&str; 0]);
        let registry = "ordine-registry = { workspace = true }";
        assert_eq!(rules("families/shop/Cargo.toml", registry), ["layers"]);
        assert_eq!(rules("apps/cli/Cargo.toml", registry), [] as [&str; 0]);
    }

    #[test]
    fn families_that_meet_are_found() {
        assert_eq!(
            rules("families/shop/Cargo.toml", "ordine-project.workspace = true"),
            ["layers"]
        );
        assert_eq!(rules("crates/solve/Cargo.toml", "ordine-shop.workspace = true"), ["layers"]);
        let none: [&str; 0] = [];
        assert_eq!(rules("crates/registry/Cargo.toml", "ordine-shop.workspace = true"), none);
    }

    #[test]
    fn leaves_and_unknown_crates_are_found() {
        assert_eq!(
            rules("crates/registry/Cargo.toml", "ordine-train.workspace = true"),
            ["layers"]
        );
        assert_eq!(rules("crates/new/Cargo.toml", "ordine-base.workspace = true"), ["layers"]);
    }

    #[test]
    fn tests_may_depend_on_anything() {
        let text = "[lints]\nworkspace = true\n[dev-dependencies]\nordine-check.workspace = true\n";
        assert_eq!(check(Path::new("crates/ls/Cargo.toml"), text).expect("a manifest"), []);
    }

    #[test]
    fn manifests_without_lints_or_with_git_are_found() {
        let text = "[dependencies]\nserde = { git = \"x\" }\n";
        let findings = check(Path::new("crates/base/Cargo.toml"), text).expect("a manifest");
        let found: Vec<_> = findings.iter().map(|finding| (finding.line, finding.rule)).collect();
        assert_eq!(found, [(1, "workspace-lints"), (2, "git-dependency")]);
    }
}
