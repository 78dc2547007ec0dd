//! Worlds by name: what `ordine simulate` needs of a world, and nothing else.
//!
//! A [`SimulatedWorld`] is one line of the registry. Opened on a file with its parameters set, it
//! gives a [`Scenario`]: everything that replications and policies have in common. A scenario
//! starts an [`Episode`] per replication and policy: a [`World`] that can tell its metrics at the
//! end, and its events and bars when it was asked to keep them.
//!
//! To add a world: 1. a type that implements [`World`] with `fork`, and [`Episode`]; draw every
//! chance from [`Streams`](crate::Streams) of the seed, with a stream per source and per machine or
//! job ([`of_each`](crate::Streams::of_each)), so that policies are compared under the same chance;
//! 2. a [`Scenario`] that starts it; 3. a [`SimulatedWorld`] with name and parameters, in the
//! family's crate; 4. one line in the registry's list of worlds; 5. a test that runs a rule to the
//! end and judges what came out. Rewards: see `World::reward_names`; the first part makes pilot and
//! best-of look ahead for the right thing. In `fork`, give the copy [`EventLog::off`] and no
//! history.
//!
//! **Source:** -

use crate::{EventLog, History, SimulationError};
use ordine_base::Seed;
use ordine_problem::Problem;
use ordine_world::{Call, NamedPolicy, Policy, PolicyError, World};

/// What a world is called and what can be set.
#[derive(Clone, Copy, Debug)]
pub struct AboutWorld {
    /// Name on the command line.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// What it is opened on.
    pub input: InputKind,
    /// What can be set, in the order of the help text.
    pub parameters: &'static [Parameter],
    /// Policies that are compared when none is named.
    pub policies: &'static [&'static str],
}

/// Something that can be set: `--set name=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its value when it is not set.
    pub default: &'static str,
    /// One line for people, with unit and range.
    pub help: &'static str,
}

impl Parameter {
    /// A parameter, for the constant of a world.
    pub const fn new(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Parameter { name, default, help }
    }
}

/// What a world is opened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Nothing: parameters say it all.
    Nothing,
    /// A problem, in any format that the program reads.
    Problem,
    /// A file that the world reads itself; nothing when it is left out, where that is possible.
    File,
}

/// What a world was opened on.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Nothing.
    Nothing,
    /// A problem.
    Problem(&'a Problem),
    /// A file: its name for messages, and its bytes.
    File(&'a str, &'a [u8]),
}

/// A world that can be simulated by name.
pub trait SimulatedWorld: Send + Sync {
    /// Its name and its parameters.
    fn about(&self) -> AboutWorld;

    /// Opens it.
    ///
    /// # Errors
    /// When the input or a parameter is not what it should be.
    fn open(
        &self,
        input: Input<'_>,
        settings: &Settings,
    ) -> Result<Box<dyn Scenario>, SimulationError>;
}

/// What all replications of one simulation have in common.
pub trait Scenario: Send + Sync {
    /// One line that says what is simulated: instance, sizes, what was set.
    fn title(&self) -> String;

    /// What is measured, the most important first.
    fn metrics(&self) -> &[Metric];

    /// A run from the beginning. The same seed meets the same chance, whatever the policy does;
    /// `keep` says what has to be remembered besides metrics.
    fn start(&self, seed: Seed, keep: Keep) -> Box<dyn Episode + '_>;

    /// Policies that only this world knows, for help texts.
    fn policies(&self) -> &'static [NamedPolicy] {
        &[]
    }

    /// A policy that only this world knows; `None` when the name is not one of its own. Asked
    /// before rules are looked up, so that a world may give a name its own meaning.
    fn policy<'s>(&'s self, _call: &Call<'_>) -> Option<Result<Box<dyn Policy + 's>, PolicyError>> {
        None
    }
}

/// What a run remembers besides its metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Every event, for [`Episode::log`].
    pub events: bool,
    /// Every bar, for [`Episode::history`].
    pub history: bool,
}

/// One run.
pub trait Episode: World {
    /// One value per metric of the scenario; called once, after the end. NaN where a metric has no
    /// value (a mean over nothing).
    ///
    /// # Errors
    /// When the run broke a rule of its world: the program then says how to see it again.
    fn values(&self) -> Result<Vec<f64>, SimulationError>;

    /// Events so far, when they were to be kept.
    fn log(&self) -> Option<&EventLog> {
        None
    }

    /// Bars so far, when they were to be kept.
    fn history(&self) -> Option<History> {
        None
    }
}

/// What is measured in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name: lower case, unit last where it has one.
    pub name: &'static str,
    /// Which values are good.
    pub better: Better,
}

/// Which values of a metric are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Small ones.
    Lower,
    /// Large ones.
    Higher,
    /// Neither: it describes.
    Neither,
}

/// The parameters of a world with their values: what was set, defaults for the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    values: Vec<(&'static str, String)>,
}

impl Settings {
    /// The defaults, with what was set over them; a name may be set once.
    ///
    /// # Errors
    /// When a name is unknown or set twice.
    pub fn new(
        parameters: &'static [Parameter],
        set: &[(String, String)],
    ) -> Result<Self, SimulationError> {
        let mut values: Vec<(&'static str, String)> =
            parameters.iter().map(|it| (it.name, it.default.to_owned())).collect();
        for (index, (name, value)) in set.iter().enumerate() {
            let Some(entry) = values.iter_mut().find(|entry| entry.0 == name) else {
                let names: Vec<&str> = parameters.iter().map(|it| it.name).collect();
                let expected = match names.is_empty() {
                    true => "no parameter, this world has none".to_owned(),
                    false => format!("one of {}", names.join(", ")),
                };
                return Err(SimulationError::parameter(name, value, expected));
            };
            if set[..index].iter().any(|earlier| earlier.0 == *name) {
                return Err(SimulationError::parameter(name, value, "one value per parameter"));
            }
            entry.1.clone_from(value);
        }
        Ok(Settings { values })
    }

    /// Names and values, in the order of the world's parameters.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The text of a parameter.
    ///
    /// # Panics
    /// When the world has no such parameter.
    pub fn text(&self, name: &str) -> &str {
        let entry = self.values.iter().find(|entry| entry.0 == name);
        &entry.unwrap_or_else(|| panic!("`{name}` is no parameter of this world")).1
    }

    /// The value of a parameter; `expected` says what is allowed where it is not.
    ///
    /// # Errors
    /// When the text cannot be read, or is not allowed.
    ///
    /// # Panics
    /// When the world has no such parameter.
    pub fn value<T: std::str::FromStr>(
        &self,
        name: &str,
        expected: &str,
        is_allowed: impl FnOnce(&T) -> bool,
    ) -> Result<T, SimulationError> {
        let text = self.text(name);
        let wrong = || SimulationError::parameter(name, text, expected);
        text.parse().ok().filter(is_allowed).ok_or_else(wrong)
    }

    /// A distribution.
    ///
    /// # Errors
    /// When the text names none.
    pub fn distribution(&self, name: &str) -> Result<crate::Distribution, SimulationError> {
        let text = self.text(name);
        text.parse().map_err(|error: crate::DistributionError| {
            SimulationError::parameter(name, text, error.expected)
        })
    }
}
