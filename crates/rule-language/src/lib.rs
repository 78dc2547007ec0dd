//! A small language of dispatching rules: `max(t + p, d)`.
//!
//! A rule is a score of a candidate, smaller is better, ties go to the smaller id. [`Tree`] is an
//! expression over [`Field`]s, [`RuleText`] one or several of them, each breaking the ties of those
//! before it. A [`Program`] scores all candidates at once; [`interpret`] is its obvious twin. A
//! [`Script`] orders the jobs of one machine at once.
//!
//! ```
//! use ordine_rule_language::RuleText;
//!
//! let rule: RuleText = "max(t + 1.1 * p, d) then p".parse().expect("a rule");
//! assert_eq!(rule.to_string(), "max(t + 1.1 * p, d) then p");
//! let mistake = "max(t + p; d)".parse::<RuleText>().expect_err("a semicolon");
//! assert_eq!(mistake.to_string(), "column 10: expected `)` or `,`, found `;`");
//! ```
//!
//! **Source:** see each module.

mod canonical;
mod compile;
mod export;
mod field;
mod interpret;
mod parse;
mod print;
mod program;
mod rule;
pub mod script;
mod table;
mod tree;

pub use canonical::canonical;
pub use compile::CompileError;
pub use field::{Field, Scope};
pub use interpret::interpret;
pub use parse::ParseError;
pub use program::{Program, Scratch};
pub use rule::{ExpressionRule, RuleText};
pub use script::{Script, ScriptError, ScriptFailure, ScriptLimits};
pub use table::Table;
pub use tree::{Binary, Comparison, Limits, Tree, Unary};
