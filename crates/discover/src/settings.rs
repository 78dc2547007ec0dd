//! What a run is made of; the file `run.toml` of its folder.
//!
//! **Source:** -

use crate::select::Selection;
use crate::{DiscoverError, OPERATORS};
use serde::{Deserialize, Serialize};

/// Parameters of a run. Budgets may be raised later, everything else stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `ordine/discovery/1`.
    pub format: String,
    /// Signature of the rules.
    pub signature: String,
    /// Who proposes.
    pub recipe: String,
    /// How parents are chosen and who stays.
    pub selection: Selection,
    /// Seed of all randomness.
    pub seed: u64,
    /// Classical rules that begin every island, by name.
    pub seeds: Vec<String>,
    /// Number of islands.
    pub islands: usize,
    /// Members of an island that breed.
    pub population: usize,
    /// Batches between migrations along the ring; 0 for none.
    pub migration_every: u64,
    /// Share of the population that migrates.
    pub migration_share: f64,
    /// Evaluations between resets of the weaker half; 0 for none.
    pub reset_every: u64,
    /// Evaluations between counter-examples; 0 for none.
    pub counter_every: u64,
    /// Counter-examples at a time.
    pub counter_examples: usize,
    /// Most nodes of a rule, or lines of a script.
    pub nodes_max: usize,
    /// Greatest depth of a rule.
    pub depth_max: usize,
    /// Evaluations that the constants of a new best are tuned with; 0 for none.
    pub tune: u64,
    /// Candidates that go to validation.
    pub finalists: usize,
    /// Names of the instances of each purpose, and the hash of the division.
    pub instances: Vec<String>,
    /// Hash of the division of instances.
    pub splits: u64,
    /// Evaluations at most.
    pub evaluations_max: u64,
    /// Evaluations without improvement at most; 0 for any number.
    pub patience: u64,
    /// Calls of a model at most.
    pub calls_max: u64,
    /// Tokens at most.
    pub tokens_max: u64,
    /// Price at most, in dollars.
    pub dollars_max: f64,
    /// Operators that a model is asked with; nothing for all of them.
    pub operators: Vec<String>,
    /// Candidates that are asked for without parents before there are parents.
    pub first_samples: u64,
    /// Hints of a person, one per island in turn.
    pub hints: Vec<String>,
    /// Genetic programming.
    pub genetic: GeneticSettings,
}

/// Parameters of genetic programming.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneticSettings {
    /// Members that a parent is the best of.
    pub tournament: usize,
    /// Share of exchanged subtrees.
    pub crossover: f64,
    /// Share of new subtrees.
    pub mutation: f64,
    /// Logarithmic deviation of changed constants, which are the rest.
    pub constant_deviation: f64,
    /// Best members that stay.
    pub elites: usize,
    /// Depth of random trees at most.
    pub random_depth: usize,
}

impl Default for GeneticSettings {
    fn default() -> Self {
        GeneticSettings {
            // Old members fill up what duplicates leave free, which is pressure enough.
            tournament: 2,
            crossover: 0.55,
            mutation: 0.30,
            constant_deviation: 0.2,
            elites: 2,
            random_depth: 4,
        }
    }
}

impl Settings {
    /// Genetic programming with four islands of forty.
    pub fn genetic(signature: &str) -> Self {
        Settings {
            format: "ordine/discovery/1".to_owned(),
            signature: signature.to_owned(),
            recipe: "discover-gp".to_owned(),
            selection: Selection::Tournament,
            seed: 1,
            seeds: Vec::new(),
            islands: 4,
            population: 40,
            migration_every: 10,
            migration_share: 0.1,
            reset_every: 2000,
            counter_every: 0,
            counter_examples: 8,
            nodes_max: 25,
            depth_max: 12,
            tune: 200,
            finalists: 24,
            instances: Vec::new(),
            splits: 0,
            evaluations_max: 8000,
            patience: 0,
            calls_max: 0,
            tokens_max: 0,
            dollars_max: 0.0,
            operators: Vec::new(),
            first_samples: 0,
            hints: Vec::new(),
            genetic: GeneticSettings::default(),
        }
    }

    /// A model as proposer, with ten islands as in FunSearch.
    pub fn language_model(signature: &str) -> Self {
        Settings {
            recipe: "discover-llm".to_owned(),
            selection: Selection::Clusters,
            islands: 10,
            migration_every: 0,
            reset_every: 600,
            nodes_max: 40,
            depth_max: 24,
            ..Settings::genetic(signature)
        }
    }

    /// The same run in the manner of a published one, by its name in [`Settings::VARIANTS`].
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn in_manner_of(self, name: &str) -> Result<Self, DiscoverError> {
        let base = Settings { migration_every: 0, reset_every: 0, ..self };
        Ok(match name {
            "funsearch" => {
                Settings { selection: Selection::Clusters, islands: 10, reset_every: 600, ..base }
            }
            // A population of 1000 on five islands.
            "openevolve" => Settings {
                selection: Selection::Archive,
                islands: 5,
                population: 200,
                migration_every: 50,
                migration_share: 0.1,
                ..base
            },
            "map-elites" => Settings { selection: Selection::Grid, islands: 1, ..base },
            "eoh" => Settings { selection: Selection::Ranks, islands: 1, population: 10, ..base },
            "reevo" => Settings {
                selection: Selection::Pairs,
                islands: 1,
                population: 10,
                operators: vec!["reflect".to_owned(), "m1".to_owned()],
                first_samples: 30,
                ..base
            },
            _ => {
                let names = Settings::VARIANTS.join(", ");
                let words = format!("variant: expected one of {names}, found {name}");
                return Err(DiscoverError::Settings(words));
            }
        })
    }

    /// Published manners of searching.
    pub const VARIANTS: [&str; 5] = ["funsearch", "openevolve", "map-elites", "eoh", "reevo"];

    /// Checks the ranges.
    ///
    /// # Errors
    /// The first number that is out of range.
    pub fn validate(&self) -> Result<(), DiscoverError> {
        let wrong = |words: String| Err(DiscoverError::Settings(words));
        if self.format != "ordine/discovery/1" {
            return wrong(format!("format: expected ordine/discovery/1, found {}", self.format));
        }
        for (name, value, most) in [
            ("islands", self.islands, 1000),
            ("population", self.population, 100_000),
            ("nodes_max", self.nodes_max, 256),
            ("depth_max", self.depth_max, 48),
            ("finalists", self.finalists, 10_000),
            ("genetic.tournament", self.genetic.tournament, 1000),
            ("genetic.random_depth", self.genetic.random_depth, 12),
        ] {
            if !(1..=most).contains(&value) {
                return wrong(format!("{name}: expected 1 to {most}, found {value}"));
            }
        }
        let is_known = |name: &String| OPERATORS.iter().any(|it| it.name == name);
        if let Some(unknown) = self.operators.iter().find(|name| !is_known(name)) {
            let names = OPERATORS.map(|it| it.name).join(", ");
            return wrong(format!("operators: expected some of {names}, found {unknown}"));
        }
        for (name, value) in [
            ("genetic.crossover", self.genetic.crossover),
            ("genetic.mutation", self.genetic.mutation),
            ("migration_share", self.migration_share),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return wrong(format!("{name}: expected 0 to 1, found {value}"));
            }
        }
        if self.genetic.crossover + self.genetic.mutation > 1.0 {
            return wrong("genetic: expected shares that sum to 1 at most".to_owned());
        }
        Ok(())
    }

    /// Whether another run differs in nothing but its budgets.
    pub fn continues(&self, other: &Settings) -> bool {
        let budgets = Settings {
            evaluations_max: other.evaluations_max,
            patience: other.patience,
            calls_max: other.calls_max,
            tokens_max: other.tokens_max,
            dollars_max: other.dollars_max,
            ..self.clone()
        };
        budgets == *other
    }
}
