//! Policies that need no training: look ahead by simulation, or mix what others say.
//!
//! They are made of other policies, so that a text names any of them: `pilot(spt)`,
//! `best-of(100, random)`, `epsilon(0.1, pilot(spt, 4), random)`. Whoever reads such a text says
//! what the innermost names mean ([`policy_from`]).
//!
//! To add one: a file here with its type, a line in [`POLICIES`], a case in `build`, a test.
//!
//! **Source:** see each.

mod best_of;
mod epsilon;
mod pilot;
mod rollout;
#[cfg(test)]
mod tests;

pub use best_of::BestOf;
pub use epsilon::Epsilon;
pub use pilot::Pilot;

use crate::Policy;
use std::fmt;
use thiserror::Error;

/// A policy made of others, with the name by which people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    /// Name on the command line.
    pub name: &'static str,
    /// What stands in its parentheses.
    pub arguments: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Where it was published.
    pub source: &'static str,
}

/// Every policy that is made of others.
pub const POLICIES: [NamedPolicy; 3] = [
    NamedPolicy {
        name: "best-of",
        arguments: "rollouts, policy",
        summary: "so many runs of a policy to the end, then the choices of the best, until the \
                  world departs from it",
        source: "Hart, Shogan 1987",
    },
    NamedPolicy {
        name: "epsilon",
        arguments: "share, policy, other",
        summary: "the other policy at this share of decisions, the first at the rest",
        source: "Sutton, Barto 2018, section 2.2",
    },
    NamedPolicy {
        name: "pilot",
        arguments: "policy, futures",
        summary: "every candidate simulated to the end by a policy, in so many futures (1)",
        source: "Voß, Fink, Duin 2005",
    },
];

/// A name with what stands in its parentheses: `pilot(spt, 4)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// The name.
    pub name: &'a str,
    /// The arguments as they stand; calls themselves, numbers, whatever the name takes.
    pub arguments: Vec<&'a str>,
}

impl<'a> Call<'a> {
    /// Reads a call; commas within inner parentheses belong to inner calls. A formula, which begins
    /// with `=`, is a name as a whole.
    ///
    /// # Errors
    /// When parentheses do not close, or the name is empty.
    pub fn read(text: &'a str) -> Result<Self, PolicyError> {
        let text = text.trim();
        let wrong = |expected: &'static str| PolicyError::new(text, expected);
        if text.starts_with('=') {
            return Ok(Call { name: text, arguments: Vec::new() });
        }
        let Some((name, rest)) = text.split_once('(') else {
            let is_name = !text.is_empty() && !text.contains([')', ',']);
            let call = Call { name: text, arguments: Vec::new() };
            return is_name.then_some(call).ok_or_else(|| wrong("a name, or name(arguments)"));
        };
        let inside = rest.strip_suffix(')').ok_or_else(|| wrong("a closing `)` at the end"))?;
        let (mut depth, mut begin, mut arguments) = (0_usize, 0, Vec::new());
        for (place, letter) in inside.char_indices() {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.checked_sub(1).ok_or_else(|| wrong("as many `(` as `)`"))?,
                ',' if depth == 0 => {
                    arguments.push(inside[begin..place].trim());
                    begin = place + 1;
                }
                _ => {}
            }
        }
        if depth > 0 || name.trim().is_empty() {
            return Err(wrong("a name, and as many `(` as `)`"));
        }
        arguments.push(inside[begin..].trim());
        Ok(Call { name: name.trim(), arguments })
    }
}

impl fmt::Display for Call<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)?;
        match self.arguments.is_empty() {
            true => Ok(()),
            false => write!(formatter, "({})", self.arguments.join(", ")),
        }
    }
}

/// A text that names no policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("policy `{text}`: expected {expected}")]
pub struct PolicyError {
    /// What was found.
    pub text: String,
    /// What was expected.
    pub expected: String,
}

impl PolicyError {
    /// The text, and what was expected instead.
    pub fn new(text: impl Into<String>, expected: impl Into<String>) -> Self {
        PolicyError { text: text.into(), expected: expected.into() }
    }
}

/// Says which policy a name means that is not in [`POLICIES`].
pub type Leaf<'l, 'p> = dyn FnMut(&Call<'_>) -> Result<Box<dyn Policy + 'p>, PolicyError> + 'l;

/// Calls within calls that are read at most.
const DEPTH_MOST: usize = 16;

/// The policy that a text names. What is not in [`POLICIES`] is asked of `leaf`.
///
/// # Errors
/// When the text cannot be read, or `leaf` does not know a name.
pub fn policy_from<'p>(
    text: &str,
    leaf: &mut Leaf<'_, 'p>,
) -> Result<Box<dyn Policy + 'p>, PolicyError> {
    build(text, DEPTH_MOST, leaf)
}

fn build<'p>(
    text: &str,
    depth: usize,
    leaf: &mut Leaf<'_, 'p>,
) -> Result<Box<dyn Policy + 'p>, PolicyError> {
    let call = Call::read(text)?;
    let Some(named) = POLICIES.iter().find(|it| it.name == call.name) else { return leaf(&call) };
    let wrong = |what: &str| {
        PolicyError::new(text, format!("{}({}) with {what}", named.name, named.arguments))
    };
    let Some(depth) = depth.checked_sub(1) else {
        return Err(PolicyError::new(text, format!("at most {DEPTH_MOST} policies in each other")));
    };
    let count = |text: &str, what: &str| {
        text.parse::<u32>().ok().filter(|&it| it > 0).ok_or_else(|| wrong(what))
    };
    match (call.name, call.arguments.as_slice()) {
        ("best-of", [rollouts, inner]) => {
            let rollouts = count(rollouts, "rollouts of at least 1")?;
            Ok(Box::new(BestOf::new(build(inner, depth, leaf)?, rollouts)))
        }
        ("epsilon", [share, first, other]) => {
            let share = share.parse::<f64>().ok().filter(|it| (0.0..=1.0).contains(it));
            let share = share.ok_or_else(|| wrong("a share from 0 to 1"))?;
            let first = build(first, depth, leaf)?;
            Ok(Box::new(Epsilon::new(share, first, build(other, depth, leaf)?)))
        }
        ("pilot", [inner]) => Ok(Box::new(Pilot::new(build(inner, depth, leaf)?, 1))),
        ("pilot", [inner, futures]) => {
            let futures = count(futures, "futures of at least 1")?;
            Ok(Box::new(Pilot::new(build(inner, depth, leaf)?, futures)))
        }
        _ => Err(wrong("these arguments")),
    }
}
