//! Programs in a reply: replacements in a parent, code blocks with or without an end, `score = …`,
//! `return …`, `def assignment`, or code in a line of prose.
//!
//! What looks like a program is handed on even when it cannot be read, so that the ledger of
//! verdicts tells the truth. O(length).
//!
//! **Source:** search and replace blocks: Aider, OpenEvolve.

use crate::Language;
use ordine_rule_language::RuleText;

/// The programs in a reply, in their order; the same text once. `base` is what replacements are
/// made in.
pub fn proposed_in(reply: &str, language: Language, base: Option<&str>) -> Vec<String> {
    if let Some(patched) = base.and_then(|base| patched(reply, base)) {
        return vec![patched];
    }
    let mut programs = match language {
        Language::Expression => expressions_in(reply),
        Language::Script => scripts_in(reply),
    };
    let mut seen: Vec<String> = Vec::new();
    programs.retain(|it| {
        !it.is_empty() && !seen.contains(it) && {
            seen.push(it.clone());
            true
        }
    });
    programs
}

/// The base with every replacement made; nothing where there is none, or one does not fit.
fn patched(reply: &str, base: &str) -> Option<String> {
    let mut text = base.to_owned();
    let mut rest = reply;
    let mut is_changed = false;
    while let Some((_, after)) = rest.split_once("<<<<<<< SEARCH\n") {
        let (search, after) = after.split_once("\n=======\n")?;
        // Nothing in place of what was searched is a replacement too.
        let (replace, after) = match after.strip_prefix(">>>>>>> REPLACE") {
            Some(after) => ("", after),
            None => after.split_once("\n>>>>>>> REPLACE")?,
        };
        // The base is shown behind `score =`, which models copy.
        let bare = |it: &str| it.strip_prefix("score = ").unwrap_or(it).to_owned();
        let (search, replace) = (bare(search), bare(replace));
        if search.is_empty() || !text.contains(&search) {
            return None;
        }
        text = text.replacen(&search, &replace, 1);
        is_changed = true;
        rest = after;
    }
    is_changed.then_some(text)
}

/// Code blocks: odd parts lie between fences; a last one without an end was cut off.
fn blocks(reply: &str) -> impl Iterator<Item = &str> {
    reply.split("```").skip(1).step_by(2).map(|block| {
        // The word behind the opening fence names a language.
        let (head, rest) = block.split_once('\n').unwrap_or(("", block));
        let is_language = head.trim().chars().all(|it| it.is_ascii_alphanumeric());
        if is_language { rest } else { block }
    })
}

/// Scripts: blocks with a definition in them, or what stands from the first definition on.
fn scripts_in(reply: &str) -> Vec<String> {
    if reply.contains("```") {
        let scripts = blocks(reply).filter(|block| block.contains("def "));
        return scripts.map(|it| it.trim_end().to_owned() + "\n").collect();
    }
    let lines: Vec<&str> = reply.lines().collect();
    let Some(begin) = lines.iter().position(|line| line.starts_with("def ")) else {
        return Vec::new();
    };
    let belongs = |line: &&&str| {
        line.is_empty() || line.starts_with([' ', '\t', '#']) || line.starts_with("def ")
    };
    let code: Vec<&str> = lines[begin..].iter().take_while(belongs).copied().collect();
    vec![code.join("\n").trim_end().to_owned() + "\n"]
}

fn expressions_in(reply: &str) -> Vec<String> {
    if reply.contains("```") {
        return blocks(reply).flat_map(in_block).collect();
    }
    let mut programs: Vec<String> = reply.lines().filter_map(assigned).map(str::to_owned).collect();
    if programs.is_empty() {
        let inline = reply.split('`').skip(1).step_by(2).filter(|it| is_rule(it));
        programs.extend(inline.map(|it| it.trim().to_owned()));
    }
    if programs.is_empty() && is_rule(reply) {
        programs.push(reply.trim().to_owned());
    }
    programs
}

/// The programs of a code block: its assignments, or all of it.
fn in_block(code: &str) -> Vec<String> {
    let lines: Vec<&str> = code.lines().map(without_comment).filter(|it| !it.is_empty()).collect();
    let mut programs = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some(begin) = assigned(line) else { continue };
        // An expression may go on over lines until the next assignment.
        let more = lines[place + 1..].iter().take_while(|it| assigned(it).is_none());
        let words: Vec<&str> = std::iter::once(begin).chain(more.copied()).collect();
        programs.push(words.join(" ").trim().to_owned());
    }
    if programs.is_empty() && !lines.is_empty() {
        programs.push(lines.join(" "));
    }
    programs
}

/// What stands behind `score =`, `v2 =`, `return`.
fn assigned(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some(value) = line.strip_prefix("return ") {
        return Some(value.trim().trim_end_matches(';'));
    }
    let (name, value) = line.split_once('=')?;
    let name = name.trim().trim_start_matches("let ").trim_matches(['*', '`']);
    let is_name = !name.is_empty()
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
        && name.starts_with(|it: char| it.is_ascii_alphabetic());
    let is_comparison = value.starts_with('=');
    let value = value.trim().trim_matches('`').trim_end_matches(';');
    (is_name && !is_comparison).then_some(value)
}

fn without_comment(line: &str) -> &str {
    let line = line.split('#').next().unwrap_or_default();
    line.split("//").next().unwrap_or_default().trim()
}

/// Whether prose is a rule rather than a word.
fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.contains(|it: char| "+-*/(".contains(it)) && text.parse::<RuleText>().is_ok()
}
