//! Values of arguments: from what was typed to what it means, or a sentence about why not.
//!
//! clap names the option and what was typed; the sentence says what is expected.
//!
//! **Source:** -

use crate::promoted;
use ordine_base::{Cost, Time};
use ordine_problem::Objective;
use ordine_registry::{Kind, entries, formats};
use ordine_rule_language::{ParseError, RuleText};
use ordine_solve::{ConstraintId, ExpressionRecipe};
use ordine_wire::format_and_parameter;
use std::time::Duration;

/// Longest time in seconds: three hundred centuries, far from any overflow.
const SECONDS_MAX: f64 = 1e12;

/// Largest price of a unit.
const PRICE_MAX: i64 = 1_000_000_000;

/// Most threads that a run may have.
pub const WORKERS_MAX: i64 = 1024;

/// Seconds, with fractions.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse().ok().filter(|number| (0.0..=SECONDS_MAX).contains(number));
    let number = number.ok_or("expected seconds from 0 up, such as `10` or `0.5`")?;
    Ok(Duration::from_secs_f64(number))
}

/// A point of time in the unit of the instance.
pub fn time(text: &str) -> Result<Time, String> {
    let number = text.parse().ok().filter(|number| (0..=Time::MAX.get()).contains(number));
    let wrong = || format!("expected a whole number from 0 to {}", Time::MAX);
    number.map(Time::new).ok_or_else(wrong)
}

/// Percent as a share: `2.5` is 0.025.
pub fn percent(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.strip_suffix('%').unwrap_or(text).trim().parse().ok();
    let number = number.filter(|number| number.is_finite() && *number >= 0.0);
    Ok(number.ok_or("expected percent from 0 up, such as `1` or `0.5`")? / 100.0)
}

/// A learning rate.
pub fn rate(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "expected a finite rate above 0, such as `0.1` or `3e-4`".to_owned())
}

/// One integer, or several for the levels of a lexicographic objective.
pub fn target(text: &str) -> Result<Cost, String> {
    let levels: Option<Vec<i64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let levels = levels.ok_or("expected an integer, or one per level such as `3,120`")?;
    Ok(Cost::from_levels(&levels))
}

/// A kind of constraint.
pub fn constraint(text: &str) -> Result<String, String> {
    let known = ConstraintId::KINDS.contains(&text);
    let expected = || format!("expected one of {}", ConstraintId::KINDS.join(", "));
    known.then(|| text.to_owned()).ok_or_else(expected)
}

/// A kind of constraint with the price of a unit.
pub fn price(text: &str) -> Result<(String, i64), String> {
    let expected = "expected a kind and a whole number from 0 up, such as `capacity=5`";
    let (kind, price) = text.split_once('=').ok_or(expected)?;
    let price = price.parse().ok().filter(|price| (0..=PRICE_MAX).contains(price));
    Ok((constraint(kind)?, price.ok_or(expected)?))
}

/// Bytes: `512M`, `2GiB` (powers of 1024), `2GB` (powers of 1000).
pub fn size(text: &str) -> Result<u64, String> {
    let wrong = || "expected a size such as `512M`, `2G`, `2GiB` or `2GB`".to_owned();
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().map_err(|_| wrong())?;
    let unit = text[digits..].trim().to_ascii_uppercase();
    let (prefix, base) = match unit.as_str() {
        "B" => ("", 1),
        _ => match (unit.strip_suffix("IB"), unit.strip_suffix('B')) {
            (Some(prefix), _) => (prefix, 1024),
            (None, Some(prefix)) => (prefix, 1000),
            (None, None) => (unit.as_str(), 1024_u64),
        },
    };
    let power = ["", "K", "M", "G", "T"].iter().position(|known| *known == prefix);
    let factor = base.pow(power.ok_or_else(wrong)? as u32);
    number.checked_mul(factor).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// What a run minimizes.
#[derive(Clone, Debug)]
pub enum Goal {
    /// One objective.
    One(Objective),
    /// Two measures at once.
    Front(Objective),
}

impl Goal {
    /// The objective, where it is one.
    pub fn one(&self) -> Option<&Objective> {
        match self {
            Goal::One(objective) => Some(objective),
            Goal::Front(_) => None,
        }
    }
}

/// An objective, or `pareto:` and two.
pub fn goal(text: &str) -> Result<Goal, String> {
    let Some(pair) = text.strip_prefix("pareto:") else { return objective(text).map(Goal::One) };
    let both = objective(pair)?;
    if both.levels().len() != 2 || both.has_tolerance() {
        return Err("expected two measures without tolerances, such as \
                    `pareto:makespan,total-tardiness`"
            .to_owned());
    }
    Ok(Goal::Front(both))
}

/// An objective.
pub fn objective(text: &str) -> Result<Objective, String> {
    if text.starts_with("pareto:") {
        return Err("a front is found by `ordine solve` alone; order the objectives by \
                    importance instead, such as `total-tardiness,makespan`"
            .to_owned());
    }
    text.parse().map_err(|error: ordine_problem::ObjectiveError| error.to_string())
}

/// Name of a recipe; a policy that is a rule runs as that rule.
pub fn recipe(text: &str) -> Result<String, String> {
    if promoted::solver(text).is_some() {
        return Ok(text.to_owned());
    }
    if let Some(rule) = text.strip_prefix("rule:=") {
        let rule: RuleText = rule.parse().map_err(|error: ParseError| error.to_string())?;
        let compiled = ExpressionRecipe::new(&rule).map(|_| text.to_owned());
        return compiled.map_err(|error| error.to_string());
    }
    let names = |kind| entries(kind).iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
    Err(match text.split_once(':') {
        Some((kind @ ("rule" | "policy"), _)) => {
            let own: Vec<String> = promoted::all().into_iter().map(|it| it.name).collect();
            let own = own.iter().map(|name| format!(", {name}")).collect::<String>();
            format!(
                "expected a {kind} among {}{own}, or a formula such as `rule:=max(t + p, d)`, or a \
                 file `rule:FOUND.json` of `ordine train`",
                names(Kind::Rules)
            )
        }
        _ => format!(
            "expected a recipe among {}, or `rule:NAME` with a rule of `ordine list rules`",
            names(Kind::Recipes)
        ),
    })
}

/// A rule, as the recipe that applies it.
pub fn rule(text: &str) -> Result<String, String> {
    match text.strip_prefix("rule:") {
        Some(_) => recipe(text),
        None => recipe(&format!("rule:{text}")),
    }
}

/// Name of a format to read, with a parameter where it takes one.
pub fn format(text: &str) -> Result<String, String> {
    let (name, parameter) = format_and_parameter(text);
    let known = format_to_write(name)?;
    let formats = formats();
    let format = formats.iter().find(|format| format.about().name == known);
    match (parameter, format.and_then(|format| format.parameter())) {
        (Some(_), None) => Err(format!("expected `{name}` alone: it takes no parameter")),
        _ => Ok(text.to_owned()),
    }
}

/// Name of a format to write.
pub fn format_to_write(text: &str) -> Result<String, String> {
    let formats = entries(Kind::Formats);
    if formats.iter().any(|format| format.name == text) {
        return Ok(text.to_owned());
    }
    let names: Vec<&str> = formats.iter().map(|format| format.name).collect();
    Err(format!("expected a format among {}", names.join(", ")))
}

/// Names of variants of shops, separated by commas.
pub fn variant(text: &str) -> Result<String, String> {
    let known = |name: &str| ordine_shop::variants::VARIANTS.iter().any(|it| it.name == name);
    if text.split(',').all(|name| known(name.trim())) {
        return Ok(text.to_owned());
    }
    let names = ordine_shop::variants::VARIANTS.map(|variant| variant.name).join(", ");
    Err(format!("expected variants among {names}"))
}

/// A kind of named things.
pub fn kind(text: &str) -> Result<Kind, String> {
    let found = Kind::WORDS.iter().find(|(_, word)| *word == text);
    let words: Vec<&str> = Kind::WORDS.iter().map(|(_, word)| *word).collect();
    found.map(|(kind, _)| *kind).ok_or_else(|| format!("expected one of {}", words.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_come_in_powers_of_1024_and_of_1000() {
        for (text, bytes) in
            [("512", 512), ("2k", 2048), ("3MiB", 3 << 20), ("2 GB", 2_000_000_000), ("7B", 7)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "0", "G", "1X", "1.5G", "-1", "99999999999T"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_finite_and_not_negative() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        for text in ["-1", "nan", "inf", "1e300", "ten", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
        assert_eq!(percent("2.5"), Ok(0.025));
        assert_eq!(percent("1%"), Ok(0.01));
        assert!(percent("-1").is_err() && percent("nan").is_err());
    }

    #[test]
    fn policies_that_are_rules_run_as_rules() {
        assert_eq!(recipe("policy:lft"), Ok("policy:lft".to_owned()));
        assert_eq!(rule("lft"), Ok("rule:lft".to_owned()));
        assert!(rule("=max(t + p, d)").is_ok() && rule("rule:=d / w").is_ok());
        assert!(recipe("rule:nonsense").is_err_and(|message| message.contains("lft")));
        assert!(recipe("nonsense").is_err_and(|message| message.contains("auto")));
    }
}
