//! Programs in a reply: code blocks with or without an end, `score = …`, `return …`, or code in a
//! line of prose.
//!
//! What looks like a program is handed on even when it cannot be read, so that the ledger of
//! verdicts tells the truth. O(length).
//!
//! **Source:** -

use ordine_rule_language::RuleText;

/// The programs in a reply, in their order; the same text once.
pub fn programs_in(reply: &str) -> Vec<String> {
    let parts: Vec<&str> = reply.split("```").collect();
    let mut programs = Vec::new();
    if parts.len() > 1 {
        // Odd parts lie between fences; a last one without an end was cut off.
        for block in parts.iter().skip(1).step_by(2) {
            programs.extend(in_block(block));
        }
    } else {
        for line in reply.lines() {
            programs.extend(assigned(line).map(str::to_owned));
        }
        if programs.is_empty() {
            let inline = reply.split('`').skip(1).step_by(2).filter(|it| is_rule(it));
            programs.extend(inline.map(|it| it.trim().to_owned()));
        }
        if programs.is_empty() && is_rule(reply) {
            programs.push(reply.trim().to_owned());
        }
    }
    let mut seen: Vec<String> = Vec::new();
    programs.retain(|it| {
        !it.is_empty() && !seen.contains(it) && {
            seen.push(it.clone());
            true
        }
    });
    programs
}

/// The programs of a code block: its assignments, or all of it.
fn in_block(block: &str) -> Vec<String> {
    // The word behind the opening fence names a language.
    let (head, rest) = block.split_once('\n').unwrap_or(("", block));
    let is_language = head.trim().chars().all(|it| it.is_ascii_alphanumeric());
    let code = if is_language { rest } else { block };
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
