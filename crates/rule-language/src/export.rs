//! Rules as formulas, as JSON (`ordine/rule/1`) and as Rust.
//!
//! **Source:** -

use crate::print::number;
use crate::{Binary, Comparison, Field, RuleText, Scope, Tree, Unary};
use std::fmt::Write;

impl RuleText {
    /// The rule as a formula for people, multiplication and squares as in books.
    pub fn formula(&self) -> String {
        let text = self.to_string();
        format!("score = {}", text.replace(" * ", " · ").replace(" <= ", " ≤ "))
    }

    /// The rule as JSON: its text, and its expressions as nested lists.
    pub fn json(&self) -> String {
        let mut trees = String::new();
        for level in self.levels() {
            if !trees.is_empty() {
                trees.push(',');
            }
            write_json(level, &mut trees);
        }
        // Texts of rules have no character that JSON would have to escape.
        format!(
            "{{\"format\":\"ordine/rule/1\",\"rule\":\"{self}\",\"nodes\":{},\"trees\":[{trees}]}}",
            self.nodes()
        )
    }

    /// The rule as a Rust function that gives the scores of its levels.
    pub fn rust(&self, name: &str) -> String {
        let mut fields: Vec<Field> = Vec::new();
        let mut rules: Vec<Box<str>> = Vec::new();
        for level in self.levels() {
            level.walk(&mut |node| match node {
                Tree::Field(field) if !fields.contains(field) => fields.push(*field),
                Tree::Rule(rule) if !rules.contains(rule) => rules.push(rule.clone()),
                _ => {}
            });
        }
        fields.sort_unstable();
        let mut parameters: Vec<String> =
            fields.iter().map(|field| format!("{}: f64", field.name())).collect();
        parameters.extend(rules.iter().map(|rule| format!("{rule}: f64")));
        let mut text = format!("/// Score: `{self}`; smaller is better.\n");
        for field in fields {
            let kind = if field.scope() == Scope::State { "state" } else { "candidate" };
            let words = Field::ALL[field as usize].2;
            let _ = writeln!(text, "/// * `{}` ({kind}): {words}", field.name());
        }
        let scores: Vec<String> = self.levels().iter().map(rust_of).collect();
        let levels = scores.len();
        let _ = write!(
            text,
            "fn {name}({}) -> [f64; {levels}] {{\n    [{}]\n}}\n",
            parameters.join(", "),
            scores.join(", ")
        );
        text
    }
}

fn write_json(tree: &Tree, out: &mut String) {
    let head = match tree {
        Tree::Constant(value) => return out.push_str(&number(*value)),
        Tree::Field(field) => return out.push_str(&format!("\"{}\"", field.name())),
        Tree::Rule(name) => return out.push_str(&format!("\"{name}\"")),
        Tree::Unary(operator, _) => Unary::ALL[*operator as usize].1,
        Tree::Binary(operator, ..) => Binary::ALL[*operator as usize].1,
        Tree::Choice(Comparison::Less, _) => "if<",
        Tree::Choice(Comparison::AtMost, _) => "if<=",
    };
    let _ = write!(out, "[\"{head}\"");
    for part in tree.parts() {
        out.push(',');
        write_json(part, out);
    }
    out.push(']');
}

fn rust_of(tree: &Tree) -> String {
    match tree {
        Tree::Constant(value) => format!("{value:?}_f64"),
        Tree::Field(field) => field.name().to_owned(),
        Tree::Rule(name) => name.to_string(),
        Tree::Unary(operator, operand) => {
            let operand = rust_of(operand);
            match operator {
                Unary::Negate => format!("(-{operand})"),
                Unary::Absolute => format!("({operand}).abs()"),
                Unary::Square => format!("{{ let it = {operand}; it * it }}"),
                Unary::Exponential => format!("({operand}).exp()"),
                Unary::Logarithm => format!("({operand}).ln()"),
            }
        }
        Tree::Binary(operator, first, second) => {
            let (first, second) = (rust_of(first), rust_of(second));
            match operator {
                Binary::Minimum => format!("({first}).min({second})"),
                Binary::Maximum => format!("({first}).max({second})"),
                Binary::Divide => {
                    let guard = "if divisor.abs() < 1e-6 { 1e-6 } else { divisor }";
                    format!("({first} / {{ let divisor = {second}; {guard} }})")
                }
                _ => format!("({first} {} {second})", Binary::ALL[*operator as usize].1),
            }
        }
        Tree::Choice(comparison, parts) => {
            let [left, right, then, other] = parts.each_ref().map(rust_of);
            let sign = if *comparison == Comparison::Less { "<" } else { "<=" };
            format!("(if {left} {sign} {right} {{ {then} }} else {{ {other} }})")
        }
    }
}
