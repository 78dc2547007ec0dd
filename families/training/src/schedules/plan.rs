//! Plans: the text form of schedules, before the number of steps is known.
//!
//! ```text
//! plan     = part { ">" part }              one after another; the last takes what is left
//! part     = product [ "@" amount ]         every part but the last says how long it is
//! product  = chain { "*" chain }
//! chain    = head { "|" call }              what stands right of a bar changes what is left of it
//! head     = number | call | "(" plan ")"
//! call     = word [ "(" [ argument { "," argument } ] ")" ]
//! argument = [ name "=" ] value             without name: in the order of the word's parameters
//! value    = amount | word | "[" [ value { "," value } ] "]"
//! amount   = number [ "%" | "epochs" | "tokens" ]    percent and steps count the run around it
//! ```
//!
//! So `3e-4 * rex(d=0.5) | every(10) | warmup(500)` is REX, read every 10 steps, after 500 steps of
//! warm-up, times a peak. A plan prints itself in one canonical way, which reads back equal.
//!
//! ```
//! use ordine_training::schedules::{Plan, Run};
//!
//! # fn main() -> Result<(), ordine_training::schedules::ScheduleError> {
//! let plan: Plan = "rex(0.5)|warmup( 10%, from=0 )".parse()?;
//! assert_eq!(plan.to_string(), "rex(d=0.5) | warmup(steps=10%, from=0)");
//! let schedule = plan.over(Run::of_steps(1000)?)?;
//! assert_eq!((schedule.value(50), schedule.value(100)), (0.5, 1.0));
//! let error = Run::of_steps(-5).expect_err("no budget");
//! assert!(error.to_string().starts_with("the run has -5 steps: expected 1"));
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** the joined schedules of Optax; pipes of the shell

use super::error::ScheduleError;
use super::run::{Amount, Run, Unit};
use super::schedule::Schedule;
use super::words::{Arguments, Role, Word};
use std::fmt;
use std::str::FromStr;

/// Schedules one after another, not yet laid over a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub(crate) parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) factors: Vec<Chain>,
    pub(crate) steps: Option<Amount>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chain {
    pub(crate) head: Head,
    pub(crate) changes: Vec<Call>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Head {
    Number(f64),
    Call(Call),
    Group(Plan),
}

/// A word with its arguments, in the order of its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) word: &'static Word,
    pub(crate) given: Vec<(usize, Value)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Amount(Amount),
    Word(&'static str),
    List(Vec<Amount>),
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.word.name == other.word.name && self.given == other.given
    }
}

impl Plan {
    /// The schedule of a run.
    ///
    /// # Errors
    /// When a parameter is out of its range, or a part leaves nothing of the run.
    pub fn over(&self, run: Run) -> Result<Schedule, ScheduleError> {
        let Some((last, before)) = self.parts.split_last() else {
            unreachable!("the parser gives every plan a part");
        };
        let mut rest = run;
        let mut joined = Vec::new();
        for part in before {
            let steps = part.steps.expect("the parser gives every part but the last its steps");
            let steps = run.whole("a part", steps)?;
            rest = rest.without("a part", steps)?;
            joined.push((part.over(run.of(steps)?)?, steps));
        }
        if let Some(steps) = last.steps {
            rest = run.of(run.whole("the last part", steps)?)?;
        }
        let last = last.over(rest)?;
        if joined.is_empty() { Ok(last) } else { Schedule::join(joined, last) }
    }
}

impl Part {
    fn over(&self, run: Run) -> Result<Schedule, ScheduleError> {
        let mut factors = self.factors.iter().map(|chain| chain.over(run, chain.changes.len()));
        let first = factors.next().expect("the parser gives every part a factor")?;
        factors.try_fold(first, |product, factor| Ok(product.times(factor?)))
    }
}

impl Chain {
    /// The head under the first `count` changes.
    fn over(&self, run: Run, count: usize) -> Result<Schedule, ScheduleError> {
        let Some(change) = count.checked_sub(1).map(|index| &self.changes[index]) else {
            return self.head.over(run);
        };
        let Role::Change { inside, change: apply } = change.word.role else {
            unreachable!("the parser puts only changes behind a bar");
        };
        let arguments = Arguments { call: change, run };
        let inner = self.over(inside(arguments)?, count - 1)?;
        apply(inner, arguments)
    }
}

impl Head {
    fn over(&self, run: Run) -> Result<Schedule, ScheduleError> {
        match self {
            Head::Number(number) => Schedule::constant(*number),
            Head::Group(plan) => plan.over(run),
            Head::Call(call) => {
                let Role::Shape(build) = call.word.role else {
                    unreachable!("the parser puts only shapes at the head");
                };
                build(Arguments { call, run })
            }
        }
    }
}

impl FromStr for Plan {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        super::parse::parse(text)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        separated(formatter, &self.parts, " > ")
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        separated(formatter, &self.factors, " * ")?;
        self.steps.map_or(Ok(()), |steps| write!(formatter, " @ {steps}"))
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.head {
            Head::Number(number) => number_text(formatter, *number)?,
            Head::Call(call) => call.fmt(formatter)?,
            Head::Group(plan) => write!(formatter, "({plan})")?,
        }
        self.changes.iter().try_for_each(|change| write!(formatter, " | {change}"))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word.name)?;
        if self.given.is_empty() {
            return Ok(());
        }
        let arguments: Vec<String> = self
            .given
            .iter()
            .map(|(index, value)| format!("{}={value}", self.word.parameters[*index].name))
            .collect();
        write!(formatter, "({})", arguments.join(", "))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Amount(amount) => amount.fmt(formatter),
            Value::Word(word) => formatter.write_str(word),
            Value::List(amounts) => {
                formatter.write_str("[")?;
                separated(formatter, amounts, ", ")?;
                formatter.write_str("]")
            }
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        number_text(formatter, self.number)?;
        formatter.write_str(match self.unit {
            Unit::Plain => "",
            Unit::Percent => "%",
            Unit::Epochs => " epochs",
            Unit::Tokens => " tokens",
        })
    }
}

fn separated<T: fmt::Display>(
    formatter: &mut fmt::Formatter<'_>,
    items: &[T],
    between: &str,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            formatter.write_str(between)?;
        }
        item.fmt(formatter)?;
    }
    Ok(())
}

/// The shortest text that reads back equal, with an exponent where zeros would be many.
fn number_text(formatter: &mut fmt::Formatter<'_>, number: f64) -> fmt::Result {
    let text = format!("{number:?}");
    formatter.write_str(text.strip_suffix(".0").unwrap_or(&text))
}
