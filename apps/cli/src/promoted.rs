//! Rules that users promoted: files of `ordine train --promote NAME`, found by their names.
//!
//! The folder is `$ORDINE_RULES`, else `ordine/rules` in the folder for data of the user.
//!
//! **Source:** XDG base directories.

use crate::exit::Failure;
use ordine_rule_language::{RuleText, Script};
use ordine_solve::{RuleRecipe, Solver, recipe_named};
use ordine_world::{NamedRule, RuleKind, rule_named};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// What a file of a rule says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Found {
    format: String,
    /// A rule of the rule language.
    rule: Option<String>,
    /// A whole-sequence script.
    script: Option<String>,
    /// Its name, once it is promoted.
    #[serde(default)]
    pub name: String,
    /// A person's sentence.
    #[serde(default)]
    pub explanation: String,
    /// Who proposed it, and in which run.
    #[serde(default)]
    pub source: String,
}

/// The folder of promoted rules.
pub fn folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    set("ORDINE_RULES").or_else(|| {
        let data = set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")));
        Some(data?.join("ordine/rules"))
    })
}

/// Every promoted rule by its name.
pub fn all() -> Vec<Found> {
    let Some(entries) = folder().and_then(|it| std::fs::read_dir(it).ok()) else {
        return Vec::new();
    };
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<Found> = files.filter_map(|path| read(&path)).collect();
    found.retain(|it| !it.name.is_empty());
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn read(path: &Path) -> Option<Found> {
    let is_json = path.extension().is_some_and(|it| it == "json");
    let text = is_json.then(|| std::fs::read_to_string(path).ok())??;
    let found: Found = serde_json::from_str(&text).ok()?;
    (found.format == "ordine/rule/1").then_some(found)
}

/// The solver of a recipe, of a promoted rule, or of a file with one.
pub fn solver(recipe: &str) -> Option<Box<dyn Solver>> {
    let rule = recipe.strip_prefix("policy:").or(recipe.strip_prefix("rule:"));
    let Some(rule) = rule else { return recipe_named(recipe) };
    if let Some(known) = recipe_named(&format!("rule:{rule}")) {
        return Some(known);
    }
    if rule.ends_with(".star") {
        return scripted(&std::fs::read_to_string(rule).ok()?);
    }
    let named = || all().into_iter().find(|it| it.name == rule);
    let found = read(Path::new(rule)).or_else(named)?;
    match (found.rule, found.script) {
        (Some(text), _) => recipe_named(&format!("rule:={text}")),
        (None, Some(text)) => scripted(&text),
        (None, None) => None,
    }
}

/// A script as a recipe. It lives as long as the program, like every rule of the library.
fn scripted(text: &str) -> Option<Box<dyn Solver>> {
    let script: &'static Script = Box::leak(Box::new(Script::read(text).ok()?));
    let (summary, source) = ("a script that orders the jobs of one machine", "-");
    let kind = RuleKind::Orders(script);
    Some(Box::new(RuleRecipe(NamedRule { name: "script", summary, source, kind })))
}

/// Where a rule of this name is written.
///
/// # Errors
/// When the name is none, belongs to the library, or there is no folder.
pub fn place(name: &str) -> Result<PathBuf, Failure> {
    let is_name = name.starts_with(|it: char| it.is_ascii_lowercase())
        && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-');
    let is_word = name.parse::<RuleText>().is_ok_and(|it| it.programs().is_ok());
    if !is_name || is_word || rule_named(name).is_some() {
        return Err(Failure::bad_input(format!(
            "--promote: expected a name of small letters, digits and `-` that no rule and no field \
             has, found `{name}`"
        )));
    }
    let none = || Failure::bad_input("--promote: expected a folder in ORDINE_RULES, found none");
    Ok(folder().ok_or_else(none)?.join(format!("{name}.json")))
}
