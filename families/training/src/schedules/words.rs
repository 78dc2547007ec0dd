//! The words of plans: every named schedule and every change, with parameters and source.
//!
//! Adding one: one entry in [`WORDS`] and its function below it. Command line, Python and the docs
//! list this table.
//!
//! **Source:** each entry names its own

use super::error::{ScheduleError, within};
use super::plan::{Call, Value};
use super::run::{Amount, Run, Unit};
use super::schedule::Schedule;
use super::word_functions as functions;

/// A named schedule, or a named change of one.
#[derive(Debug)]
pub struct Word {
    /// How plans call it.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    pub(crate) role: Role,
}

/// One parameter of a word.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// How arguments call it.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// The value when none is given, as text.
    pub default: WhenAbsent,
    pub(crate) kind: Kind,
}

/// What holds when an argument is not given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WhenAbsent {
    /// It must be given.
    Required,
    /// This number.
    Number(f64),
    /// This share of the run, in percent.
    Percent(f64),
    /// This word.
    Word(&'static str),
    /// What the meaning says.
    Derived,
}

/// What stands behind a parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Number,
    Amount,
    Word(&'static [&'static str]),
    List,
}

/// What a word does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    Shape(fn(Arguments<'_>) -> Result<Schedule, ScheduleError>),
    Change {
        /// The run that is left for what is changed.
        inside: fn(Arguments<'_>) -> Result<Run, ScheduleError>,
        change: fn(Schedule, Arguments<'_>) -> Result<Schedule, ScheduleError>,
    },
    /// Follows a metric instead of the step.
    Metric,
}

/// The role of a word, for those who list words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// Stands at the head of a chain.
    Schedule,
    /// Stands behind a bar.
    Change,
    /// Follows a metric; no part of plans.
    Metric,
}

impl Word {
    /// Where the word stands in a plan.
    pub fn kind(&self) -> WordKind {
        match self.role {
            Role::Shape(_) => WordKind::Schedule,
            Role::Change { .. } => WordKind::Change,
            Role::Metric => WordKind::Metric,
        }
    }

    /// The word with its parameters and what they are by default.
    pub fn usage(&self) -> String {
        let shown = |parameter: &Parameter| match parameter.default {
            WhenAbsent::Required | WhenAbsent::Derived => parameter.name.to_owned(),
            WhenAbsent::Number(number) => format!("{}={number}", parameter.name),
            WhenAbsent::Percent(number) => format!("{}={number}%", parameter.name),
            WhenAbsent::Word(word) => format!("{}={word}", parameter.name),
        };
        let parameters: Vec<String> = self.parameters.iter().map(shown).collect();
        match parameters.as_slice() {
            [] => self.name.to_owned(),
            parameters => format!("{}({})", self.name, parameters.join(", ")),
        }
    }
}

impl WhenAbsent {
    pub(crate) fn is_required(self) -> bool {
        self == WhenAbsent::Required
    }
}

/// The word of this name, if there is one.
pub fn word_named(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name == name)
}

/// The arguments of a call, on the run that is around it.
#[derive(Clone, Copy)]
pub(crate) struct Arguments<'a> {
    pub(crate) call: &'a Call,
    pub(crate) run: Run,
}

impl Arguments<'_> {
    fn value(&self, name: &str) -> (Option<&Value>, &'static Parameter) {
        let parameters = self.call.word.parameters;
        let index = parameters.iter().position(|parameter| parameter.name == name);
        let index = index.expect("functions ask for parameters of their own word");
        let given = self.call.given.iter().find(|(place, _)| *place == index);
        (given.map(|(_, value)| value), &parameters[index])
    }

    /// An amount, given or by default.
    pub(crate) fn amount(&self, name: &str) -> Option<Amount> {
        match (self.value(name).0, self.value(name).1.default) {
            (Some(Value::Amount(amount)), _) => Some(*amount),
            (_, WhenAbsent::Number(number)) => Some(Amount { number, unit: Unit::Plain }),
            (_, WhenAbsent::Percent(number)) => Some(Amount { number, unit: Unit::Percent }),
            _ => None,
        }
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.amount(name).expect("numbers are required or have a default").number
    }

    pub(crate) fn word(&self, name: &str) -> &'static str {
        match (self.value(name).0, self.value(name).1.default) {
            (Some(&Value::Word(word)), _) | (_, WhenAbsent::Word(word)) => word,
            _ => "",
        }
    }

    pub(crate) fn list(&self, name: &str) -> Option<&[Amount]> {
        match self.value(name).0 {
            Some(Value::List(amounts)) => Some(amounts),
            _ => None,
        }
    }

    /// The whole steps of an amount, at least 1.
    pub(crate) fn steps(&self, name: &'static str) -> Result<u64, ScheduleError> {
        let amount = self.amount(name).expect("steps are required or have a default");
        let steps = self.run.whole(name, amount)?;
        within(name, steps as f64, steps >= 1, "at least 1 step")?;
        Ok(steps)
    }
}

const fn number(name: &'static str, default: f64, meaning: &'static str) -> Parameter {
    Parameter { name, meaning, default: WhenAbsent::Number(default), kind: Kind::Number }
}

const fn needed(name: &'static str, kind: Kind, meaning: &'static str) -> Parameter {
    Parameter { name, meaning, default: WhenAbsent::Required, kind }
}

const fn derived(name: &'static str, kind: Kind, meaning: &'static str) -> Parameter {
    Parameter { name, meaning, default: WhenAbsent::Derived, kind }
}

const fn percent(name: &'static str, default: f64, meaning: &'static str) -> Parameter {
    Parameter { name, meaning, default: WhenAbsent::Percent(default), kind: Kind::Amount }
}

const fn choice(
    name: &'static str,
    words: &'static [&'static str],
    meaning: &'static str,
) -> Parameter {
    Parameter { name, meaning, default: WhenAbsent::Word(words[0]), kind: Kind::Word(words) }
}

const fn shape(
    name: &'static str,
    summary: &'static str,
    source: &'static str,
    parameters: &'static [Parameter],
    build: fn(Arguments<'_>) -> Result<Schedule, ScheduleError>,
) -> Word {
    Word { name, summary, source, parameters, role: Role::Shape(build) }
}

const fn change(
    name: &'static str,
    summary: &'static str,
    source: &'static str,
    parameters: &'static [Parameter],
    inside: fn(Arguments<'_>) -> Result<Run, ScheduleError>,
    change: fn(Schedule, Arguments<'_>) -> Result<Schedule, ScheduleError>,
) -> Word {
    Word { name, summary, source, parameters, role: Role::Change { inside, change } }
}

/// Shapes of a warm-up and of a cooldown.
pub(crate) const WAYS: &[&str] =
    &["linear", "cosine", "one-minus-root", "mirror-cosine", "exponential", "constant"];

const BETWEEN: &[&str] = &["linear", "cosine"];

/// Every word, schedules first.
pub static WORDS: &[Word] = &[
    shape("constant", "always the peak", "-", &[], functions::constant),
    shape(
        "linear",
        "straight to zero, the best in the worst case",
        "Defazio, Cutkosky, Mehta, Mishchenko 2023",
        &[],
        functions::linear,
    ),
    shape(
        "cosine",
        "half a wave to zero",
        "Loshchilov, Hutter 2017, eq. 5",
        &[],
        functions::cosine,
    ),
    shape(
        "polynomial",
        "the straight line raised to a power",
        "-",
        &[number("power", 2.0, "above 0")],
        functions::polynomial,
    ),
    shape(
        "exponential",
        "geometric decay to a share of the peak",
        "-",
        &[number("end", 0.01, "the share at the end, above 0 and at most 1")],
        functions::exponential,
    ),
    shape(
        "geometric",
        "a factor for every step, without horizon",
        "ExponentialLR of PyTorch",
        &[needed("factor", Kind::Number, "the factor of one step")],
        functions::geometric,
    ),
    shape(
        "step",
        "falls by factors at knots",
        "MultiStepLR of PyTorch",
        &[
            derived("at", Kind::List, "knots; 30 %, 60 % and 90 % when not given"),
            number("factor", 0.1, "the factor at each knot"),
            derived("factors", Kind::List, "a factor for each knot, instead of one"),
        ],
        functions::step,
    ),
    shape(
        "staircase",
        "falls by a factor every so many steps, without horizon",
        "StepLR of PyTorch",
        &[
            needed("period", Kind::Amount, "steps between two falls"),
            number("factor", 0.1, "the factor of each fall"),
        ],
        functions::staircase,
    ),
    shape(
        "rex",
        "reflected exponential: stays high, falls late; d = 0.9 and 0.45 are variants of ports",
        "Chen, Wolfe, Kyrillidis 2022",
        &[number("d", 0.5, "0 is linear, 0.5 the paper's, near 1 falls only at the end")],
        functions::rex,
    ),
    shape(
        "uba",
        "unified budget-aware: phi = 2 is the cosine, less stays high longer",
        "Tang et al. 2025",
        &[
            number("phi", 1.0, "any number above 0"),
            choice("form", &["automatic", "nodes", "continuous"], "where the curve is read"),
        ],
        functions::uba,
    ),
    shape(
        "wsd",
        "the peak, then a cooldown (trapezoid, with a warm-up)",
        "Hu et al. 2024; Hägele et al. 2024",
        &[
            percent("cooldown", 20.0, "steps of the cooldown"),
            choice("shape", WAYS, "shape of the cooldown"),
        ],
        functions::wsd,
    ),
    shape(
        "one-cycle",
        "up from a tenth, down again, then to zero",
        "Smith 2018",
        &[],
        functions::one_cycle,
    ),
    shape(
        "torch-one-cycle",
        "up from 1 / div, then down to 1 / (div final_div)",
        "OneCycleLR of PyTorch",
        &[
            percent("rise", 30.0, "steps of the rise"),
            number("div", 25.0, "peak over start"),
            number("final_div", 1e4, "start over end"),
            choice("between", &["cosine", "linear"], "the way between"),
        ],
        functions::torch_one_cycle,
    ),
    shape(
        "inverse-sqrt",
        "falls with the root of the step, without horizon",
        "Vaswani et al. 2017, eq. 3",
        &[needed("timescale", Kind::Amount, "steps until 1 / sqrt(2): those of the warm-up")],
        functions::inverse_sqrt,
    ),
    shape(
        "noam",
        "warm-up and inverse root of the Transformer, as absolute rate",
        "Vaswani et al. 2017, eq. 3",
        &[
            number("width", 512.0, "width of the model"),
            Parameter {
                name: "warmup",
                meaning: "steps of the warm-up",
                default: WhenAbsent::Number(4000.0),
                kind: Kind::Amount,
            },
        ],
        functions::noam,
    ),
    shape(
        "power",
        "falls with a power of the step, without horizon",
        "Shen et al. 2024 (power scheduler)",
        &[
            needed("scale", Kind::Amount, "steps until 2^-exponent"),
            number("exponent", 0.51, "above 0"),
        ],
        functions::power,
    ),
    shape(
        "cyclic",
        "triangles without horizon",
        "Smith 2017; CyclicLR of PyTorch",
        &[
            needed("up", Kind::Amount, "steps up"),
            derived("down", Kind::Amount, "steps down; as many as up when not given"),
            number("low", 0.1, "the lowest share of the peak"),
            number("decay", 1.0, "factor of the height for each cycle"),
        ],
        functions::cyclic,
    ),
    shape(
        "points",
        "through given points",
        "piecewise_interpolate of Optax",
        &[
            needed("at", Kind::List, "places"),
            needed("values", Kind::List, "values there"),
            choice("between", BETWEEN, "the way between"),
        ],
        functions::points,
    ),
    shape(
        "table",
        "evenly spaced values, such as a refined schedule",
        "-",
        &[needed("values", Kind::List, "from the start to the end")],
        functions::table,
    ),
    Word {
        name: "plateau",
        summary: "falls when a metric has not improved for a while",
        source: "ReduceLROnPlateau of PyTorch",
        parameters: &[],
        role: Role::Metric,
    },
    change(
        "warmup",
        "a way up to the first value",
        "Goyal et al. 2017",
        &[
            needed("steps", Kind::Amount, "steps of the warm-up, taken from the run"),
            derived("from", Kind::Number, "share at the first step; 1 / steps when not given"),
            choice("shape", WAYS, "shape of the way, walked backwards"),
        ],
        functions::after_steps,
        functions::warmup,
    ),
    change(
        "delay",
        "the first value for a while",
        "Chen, Wolfe, Kyrillidis 2022",
        &[needed("steps", Kind::Amount, "steps of the delay, taken from the run")],
        functions::after_steps,
        functions::delay,
    ),
    change(
        "every",
        "read only so often: a sampling rate",
        "Chen, Wolfe, Kyrillidis 2022, section 3",
        &[needed("period", Kind::Amount, "steps between two readings")],
        functions::same_run,
        functions::every,
    ),
    change(
        "knots",
        "read at these places only",
        "Chen, Wolfe, Kyrillidis 2022, section 3",
        &[needed("at", Kind::List, "places")],
        functions::same_run,
        functions::knots,
    ),
    change(
        "noise",
        "times one plus normal noise that is cut off, the same for every reading of a step",
        "noise_range of timm's schedulers",
        &[
            number("limit", 0.67, "largest relative change, above 0 and at most 1"),
            number("deviation", 1.0, "standard deviation before the cut, above 0"),
            percent("from", 0.0, "first step with noise"),
            percent("until", 100.0, "first step without"),
            number("seed", 42.0, "a whole number"),
        ],
        functions::same_run,
        functions::noise,
    ),
    change(
        "restarts",
        "warm restarts",
        "Loshchilov, Hutter 2017",
        &[
            number("cycles", 2.0, "how many, when the first is not given"),
            number("stretch", 1.0, "each cycle is so many times as long as the one before"),
            number("decay", 1.0, "each cycle is so many times as high as the one before"),
            derived("first", Kind::Amount, "steps of the first; the run is filled"),
        ],
        functions::first_cycle,
        functions::restarts,
    ),
    change(
        "floor",
        "from 1 to this share instead of 0",
        "-",
        &[needed("share", Kind::Number, "share of the peak at the end")],
        functions::same_run,
        functions::floor,
    ),
    change(
        "at-least",
        "never below a value",
        "-",
        &[needed("value", Kind::Number, "the value")],
        functions::same_run,
        functions::at_least,
    ),
    change(
        "between",
        "from [0, 1] to a range",
        "-",
        &[
            needed("floor", Kind::Number, "where 0 goes"),
            needed("peak", Kind::Number, "where 1 goes"),
        ],
        functions::same_run,
        functions::between,
    ),
    change(
        "inclusive",
        "the last step reads the end: t / (T - 1)",
        "-",
        &[],
        functions::inclusive_run,
        functions::unchanged,
    ),
];
