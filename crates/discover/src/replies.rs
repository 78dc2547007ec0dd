//! Forty stored replies of the forms that language models give, with what is found in each.
//!
//! **Source:** -

use crate::{Language, proposed_in};

/// What replacements are made in.
pub const BASE: &str = "max(t + p, d)";

/// Replies with the expressions in them.
pub const EXPRESSIONS: [(&str, &[&str]); 24] = [
    ("```\nscore = p\n```", &["p"]),
    ("A thought.\n```python\nscore = max(t + p, d)  # late\n```\nGood luck.", &["max(t + p, d)"]),
    ("```\nscore = p\n```\nor\n```\nscore = d\n```", &["p", "d"]),
    ("```\nscore = p\nscore = d\n```", &["p", "d"]),
    ("```\nscore = max(t + p,\n  d)\n```", &["max(t + p, d)"]),
    ("```\nmax(t + p, d)\n```", &["max(t + p, d)"]),
    ("```\nreturn p / d\n```", &["p / d"]),
    ("```rust\nlet score = p;\n```", &["p"]),
    ("score = p + d", &["p + d"]),
    ("**score** = `p + d`", &["p + d"]),
    ("Use `max(t + p, d)` here.", &["max(t + p, d)"]),
    ("max(t + p, d)", &["max(t + p, d)"]),
    ("```\nscore = max(t + p,", &["max(t + p,"]),
    ("```\nscore = p\n```\nAgain:\n```\nscore = p\n```", &["p"]),
    ("I cannot help with that.", &[]),
    ("p is the duration and d the due time.", &[]),
    ("```\n```", &[]),
    ("", &[]),
    ("If a == b, stop.", &[]),
    ("```\n# nothing but a comment\n```", &[]),
    ("```\nv2 = max(t + p, d)\n```", &["max(t + p, d)"]),
    ("lesson: late jobs wait\n```\nscore = d + 0.5 * p\n```", &["d + 0.5 * p"]),
    ("```\nscore = priority[j] / p\n```", &["priority[j] / p"]),
    ("```\n// a comment\nscore = p // q\n```", &["p"]),
];

/// Replies with what becomes of [`BASE`].
pub const REPLACEMENTS: [(&str, &[&str]); 7] = [
    ("<<<<<<< SEARCH\nt + p\n=======\nt + 1.1 * p\n>>>>>>> REPLACE", &["max(t + 1.1 * p, d)"]),
    (
        "Two:\n```\n<<<<<<< SEARCH\nt + p\n=======\nt + 2 * p\n>>>>>>> REPLACE\n```\nand\n\
         <<<<<<< SEARCH\nd)\n=======\nd + k)\n>>>>>>> REPLACE\n",
        &["max(t + 2 * p, d + k)"],
    ),
    (
        "<<<<<<< SEARCH\nscore = max(t + p, d)\n=======\nscore = max(t, d)\n>>>>>>> REPLACE",
        &["max(t, d)"],
    ),
    ("<<<<<<< SEARCH\n, d\n=======\n>>>>>>> REPLACE", &["max(t + p)"]),
    ("<<<<<<< SEARCH\nnot there\n=======\np\n>>>>>>> REPLACE", &[]),
    ("<<<<<<< SEARCH\nt + p\n=======\nt", &[]),
    ("```\nscore = p + d\n```", &["p + d"]),
];

/// Replies with the number of scripts in them.
pub const SCRIPTS: [(&str, usize); 9] = [
    ("```python\ndef assignment(p, d):\n    return list(range(len(p)))\n```", 1),
    ("Words.\n```\ndef assignment(p, d):\n    return []\n```\nMore words.", 1),
    ("```python\ndef assignment(p, d):\n    return [", 1),
    ("```python\ndef a(x):\n    return x\n\ndef assignment(p, d):\n    return a(p)\n```", 1),
    (
        "```python\ndef assignment(p, d):\n    return p\n```\n\
         ```python\ndef assignment(p, d):\n    return d\n```",
        2,
    ),
    ("def assignment(p, d):\n    return d\nThat is all.", 1),
    ("Sort by due time.", 0),
    ("```\nsorted(d)\n```", 0),
    ("", 0),
];

/// The replies in which something else is found, and how many were looked at.
pub fn misread() -> (Vec<&'static str>, usize) {
    let mut wrong = Vec::new();
    for (reply, programs) in EXPRESSIONS {
        let found = proposed_in(reply, Language::Expression, None);
        wrong.extend((found != programs).then_some(reply));
    }
    for (reply, programs) in REPLACEMENTS {
        let found = proposed_in(reply, Language::Expression, Some(BASE));
        wrong.extend((found != programs).then_some(reply));
    }
    for (reply, count) in SCRIPTS {
        let found = proposed_in(reply, Language::Script, None);
        let whole = found.iter().all(|it| it.starts_with("def ") && it.ends_with('\n'));
        wrong.extend((found.len() != count || !whole).then_some(reply));
    }
    (wrong, EXPRESSIONS.len() + REPLACEMENTS.len() + SCRIPTS.len())
}
