//! Templates: what a model is asked, operator by operator.
//!
//! Slots are the task, the fields, the parents with their losses, and vetoes of a person; nothing
//! of an instance, no optimum, no loss on validation.
//!
//! **Source:** Romera-Paredes et al. 2024 (continue); Liu et al. 2024 (E1, E2, M1, M2, M3).

use super::Context;
use crate::Member;
use ordine_rule_language::{Field, Scope};
use std::fmt::Write;

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

/// Every operator.
pub const OPERATORS: [Template; 6] = [
    Template {
        name: "continue",
        parents: 2,
        request: "The rules above get better from one to the next. Write the next one, better \
                  than all of them.",
    },
    Template {
        name: "e1",
        parents: 2,
        request: "Write a rule of a form totally different from those above.",
    },
    Template {
        name: "e2",
        parents: 2,
        request: "Say in one sentence which idea the rules above have in common. Then write a rule \
                  that keeps this idea and is otherwise new.",
    },
    Template {
        name: "m1",
        parents: 1,
        request: "Write a modified version of the rule above that may be better.",
    },
    Template {
        name: "m2",
        parents: 1,
        request: "Say which constants of the rule above matter. Then give it others.",
    },
    Template {
        name: "m3",
        parents: 1,
        request: "Say which parts of the rule above may only fit the training instances. Then \
                  write a simpler rule without them.",
    },
];

/// The prompt of an operator with these parents, the worst first.
pub fn prompt(template: &Template, parents: &[&Member], context: &Context<'_>) -> String {
    let mut text = format!(
        "Find a dispatching rule.\n\n{}\n\nThe score is one expression over these fields:\n",
        context.signature.task
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
    for (version, member) in parents.iter().enumerate() {
        let _ = write!(
            text,
            "\nv{version} (mean gap {:.3} %):\n```\nscore = {}\n```\n",
            100.0 * member.loss,
            member.text
        );
    }
    // The newest vetoes tell most.
    for (number, reason) in context.vetoes.iter().rev().take(5) {
        let reason: String = reason.chars().take(300).collect();
        let _ = writeln!(text, "\nA person refused rule #{number}: {reason}");
    }
    let _ = write!(
        text,
        "\n{} Give one sentence of thought, then the rule as one line in a code block:\n\
         ```\nscore = ...\n```\n",
        template.request
    );
    text
}
