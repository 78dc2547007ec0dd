//! Templates: what a model is asked, operator by operator.
//!
//! Slots are the task, the language, the parents with their losses, what the evaluator said,
//! lessons, hints and vetoes of a person; nothing of an instance, no optimum, no loss on
//! validation.
//!
//! **Source:** Romera-Paredes et al. 2024 (continue); Liu et al. 2024 (E1, E2, M1, M2, M3); Ye et
//! al. 2024 (reflect); Novikov et al. 2025, OpenEvolve (diff).

use super::Context;
use crate::{Language, Member};
use ordine_rule_language::{Field, Scope};
use std::fmt::Write;

/// Most bytes of the programs that stand beside the parents.
const INSPIRATION_BYTES: usize = 3000;
/// Lessons that are shown.
const LESSONS: usize = 5;

/// An operator with what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// How many parents it shows.
    pub parents: usize,
    /// What it asks for.
    pub request: &'static str,
}

/// What a template shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown<'a> {
    /// The parents, the worst first.
    pub parents: &'a [&'a Member],
    /// The best ones, and those that act most differently.
    pub inspirations: &'a [&'a Member],
    /// The island.
    pub island: usize,
}

/// What is asked before there are parents.
pub const BEGIN: Template =
    Template { name: "begin", parents: 0, request: "Write a first one, of a form of your own." };

/// Every operator.
pub const OPERATORS: [Template; 8] = [
    Template {
        name: "continue",
        parents: 2,
        request: "Those above get better from one to the next. Write the next one, better than \
                  all of them.",
    },
    Template {
        name: "e1",
        parents: 2,
        request: "Write one of a form totally different from those above.",
    },
    Template {
        name: "e2",
        parents: 2,
        request: "Say in one sentence which idea those above have in common. Then write one that \
                  keeps this idea and is otherwise new.",
    },
    Template {
        name: "m1",
        parents: 1,
        request: "Write a modified version of the one above that may be better.",
    },
    Template {
        name: "m2",
        parents: 1,
        request: "Say which constants of the one above matter. Then give it others.",
    },
    Template {
        name: "m3",
        parents: 1,
        request: "Say which parts of the one above may only fit the training instances. Then \
                  write a simpler one without them.",
    },
    Template {
        name: "reflect",
        parents: 2,
        request: "The last one above is better than the one before it. Say why in a line that \
                  begins with `lesson:`, of at most 25 words, true of more than these two. Then \
                  write one that uses the lesson.",
    },
    Template {
        name: "diff",
        parents: 1,
        request: "Change the one above by replacements, each in this form, where what is searched \
                  is copied exactly:\n<<<<<<< SEARCH\nwhat stands there\n=======\nwhat shall stand \
                  there\n>>>>>>> REPLACE\nThe whole new text in a code block is an answer too.",
    },
];

/// The prompt of an operator.
pub fn prompt(template: &Template, shown: Shown<'_>, context: &Context<'_>) -> String {
    let mut text = match context.signature.language {
        Language::Expression => expressions(context),
        Language::Script => scripts(context),
    };
    for (place, member) in shown.parents.iter().enumerate() {
        push_member(&mut text, &format!("v{place}"), member, context);
    }
    let mut left = INSPIRATION_BYTES;
    for (place, member) in shown.inspirations.iter().enumerate() {
        if member.text.len() <= left {
            left -= member.text.len();
            push_member(&mut text, &format!("Another, w{place}"), member, context);
        }
    }
    if template.name == "diff" {
        for message in &context.islands.messages {
            let _ = write!(text, "\nThe evaluator said of one that failed: {message}\n");
        }
    }
    if matches!(template.name, "reflect" | "m1") {
        for lesson in context.lessons.iter().rev().take(LESSONS) {
            let _ = write!(text, "\nA lesson so far: {lesson}\n");
        }
    }
    let hints = &context.settings.hints;
    if !hints.is_empty() {
        let hint: String = hints[shown.island % hints.len()].chars().take(1000).collect();
        let _ = write!(text, "\nA hint: {hint}\n");
    }
    // The newest vetoes tell most.
    for (number, reason) in context.vetoes.iter().rev().take(5) {
        let reason: String = reason.chars().take(300).collect();
        let _ = writeln!(text, "\nA person refused #{number}: {reason}");
    }
    let form = match context.signature.language {
        Language::Expression => "the rule as one line in a code block:\n```\nscore = ...\n```\n",
        Language::Script => {
            "the script in a code block:\n```python\ndef assignment(p, d):\n    ...\n```\n"
        }
    };
    let _ = write!(text, "\n{} Give one sentence of thought, then {form}", template.request);
    text
}

fn push_member(text: &mut String, name: &str, member: &Member, context: &Context<'_>) {
    let gap = 100.0 * member.loss;
    let assigned = match context.signature.language {
        Language::Expression => "score = ",
        Language::Script => "",
    };
    let program = member.text.trim_end();
    let _ = write!(text, "\n{name} (mean gap {gap:.3} %):\n```\n{assigned}{program}\n```\n");
}

fn task<'a>(context: &Context<'a>) -> &'a str {
    let end = context.task.char_indices().nth(3000).map_or(context.task.len(), |it| it.0);
    &context.task[..end]
}

fn expressions(context: &Context<'_>) -> String {
    let mut text = format!(
        "Find a dispatching rule.\n\n{}\n\nThe score is one expression over these fields:\n",
        task(context)
    );
    for &field in context.signature.fields {
        let kind = if field.scope() == Scope::State { "the same for all" } else { "candidate" };
        let words = Field::ALL[field as usize].2;
        let _ = writeln!(text, "  {}: {words} ({kind})", field.name());
    }
    let _ = write!(
        text,
        "\nOperators: + - * / min(a, b) max(a, b) abs(x) sqr(x) exp(x) log(x), unary minus, \
         numbers, and `a if b < c else d`. A divisor below 1e-6 in size counts as 1e-6. Least \
         score first; ties go to the smaller id. At most {} nodes. Nothing else exists: no \
         variables, no loops, no functions of your own.\n",
        context.limits.nodes
    );
    text
}

fn scripts(context: &Context<'_>) -> String {
    format!(
        "Find a rule that orders jobs.\n\n{}\n\nWrite `assignment(p, d)` in Starlark, a part of \
         Python: p and d are lists of the durations and due times of the jobs, which cannot be \
         written; return the list of the numbers of the jobs, from 0, in their order. There are \
         def, for, if, break, continue, return, numbers, lists, tuples, comprehensions, slices, \
         `key=lambda x: ...` in sorted, min and max, and the functions abs all any bool enumerate \
         exp float int len list log max min range reversed sqrt sorted sum tuple zip, \
         argmin(list), \
         sort_by(list, keys), prefix_sums(list), tardiness(first jobs of an order). There are no \
         while, import, texts, dictionaries or recursion. Of n jobs it may take about 50 n * n \
         steps. At most {} lines.\n",
        task(context),
        context.limits.nodes
    )
}
