//! Arguments of `train`.
//!
//! **Source:** -

use crate::values;
use clap::Args;
use ordine_discover::Settings;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  ordine train smtt --out rule.json                a rule for total tardiness on one machine
  ordine train smtt --library DIR --training mixed --budget 20000 --out rule.json
                                                   on the published sets (smtt-heuristics)
  ordine solve jobs.json --rule rule.json          the rule at work
  ordine train smtt --promote mine --explanation 'long jobs wait' --out rule.json
                                                   then: ordine solve jobs.json --rule mine
  ordine train job-shop shops/*.txt --budget 2000 --out shop.json
  ordine train project j30.tar.gz --budget 2000 --out project.json
  ordine train smtt --step --out rule.json         look at each new best, veto, add
  ordine train smtt --recipe discover-llm --cassettes DIR --model NAME --out rule.json
                                                   from recorded replies of a language model

Promoted rules are files in $ORDINE_RULES, else in ordine/rules of the user's data. The task in
words stands in task.md of the run's folder; who edits it before the first call changes what a
model is told. A call with the same --run goes on where the last one stopped.

Budgets: a number of evaluations, or a list such as
`evaluations=8000,time=600,patience=2000,calls=100,tokens=1000000,dollars=2.5`;
`10m` and `90s` are times. The first limit that is reached ends the run.";

/// Arguments of `train`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct TrainArguments {
    /// What the rule is for: `smtt` (total tardiness on one machine), `job-shop`, `project`
    #[arg(value_name = "WORLD", value_parser = ["smtt", "job-shop", "project"])]
    pub world: String,

    /// Instances of shops or projects; files or archives
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,

    /// Who proposes: `discover-gp` (genetic programming), `discover-llm` (a language model),
    /// `discover-replay` (a stored run, see --from)
    #[arg(long, value_name = "NAME", default_value = "discover-gp",
          value_parser = ["discover-gp", "discover-llm", "discover-replay"])]
    pub recipe: String,

    /// Folder of the run that `discover-replay` proposes again
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,

    /// What candidates are written in: `expression`, or, for smtt, `script` (whole sequences)
    #[arg(long, value_name = "NAME", default_value = "expression",
          value_parser = ["expression", "script"])]
    pub language: String,

    /// Search in the manner of a published one: `funsearch`, `openevolve`, `map-elites`, `eoh`,
    /// `reevo`
    #[arg(long, value_name = "NAME", value_parser = Settings::VARIANTS)]
    pub variant: Option<String>,

    /// Every so many evaluations, put the instances on which the best does worst into training
    /// (smtt); 0 for never
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub counter_examples: u64,

    /// When to end; see below
    #[arg(long, value_name = "BUDGET", default_value = "8000")]
    pub budget: String,

    /// Write the rule as JSON (ordine/rule/1)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Folder of the run: settings, events, islands, reports [default: beside --out]
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Folder of the data set smtt-heuristics; without it instances are generated
    #[arg(long, value_name = "DIR")]
    pub library: Option<PathBuf>,

    /// What to train on: `uniform` (small uniform instances) or `mixed` (normal and larger too)
    #[arg(long, value_name = "NAME", default_value = "uniform",
          value_parser = ["uniform", "mixed"])]
    pub training: String,

    /// Classical rules to begin with, such as `mdd,edd` [default: the first of the signature]
    #[arg(long, value_name = "NAME[,NAME]", value_delimiter = ',')]
    pub seeds: Vec<String>,

    /// Seed of all randomness
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Threads [default: all cores]
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u16).range(1..=values::WORKERS_MAX))]
    pub workers: Option<u16>,

    /// Show each new best rule and ask: accept, veto with a reason, add a rule, end
    #[arg(long)]
    pub step: bool,

    /// Rule to be compared with before a promotion: a name of the signature or a text
    #[arg(long, value_name = "RULE")]
    pub parent: Option<String>,

    /// A sentence of yours that explains the rule; promotion needs one
    #[arg(long, value_name = "WORDS")]
    pub explanation: Option<String>,

    /// Promote the rule under this name where nothing speaks against it: `ordine list rules` then
    /// lists it, and `solve --rule NAME` applies it
    #[arg(long, value_name = "NAME")]
    pub promote: Option<String>,

    /// Say nothing of new bests
    #[arg(long)]
    pub quiet: bool,

    /// Name of the language model; several are asked as often as their weights say
    #[arg(
        long,
        value_name = "NAME[=WEIGHT],…",
        value_delimiter = ',',
        help_heading = "Language model"
    )]
    pub model: Vec<String>,

    /// Operators to ask with, such as `continue,m2` [default: all]
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Language model")]
    pub operators: Vec<String>,

    /// A text of hints, one line per island in turn
    #[arg(long, value_name = "FILE", help_heading = "Language model")]
    pub hints: Option<PathBuf>,

    /// Base URL of an endpoint that speaks the chat-completion protocol
    #[arg(long, value_name = "URL", help_heading = "Language model")]
    pub endpoint: Option<String>,

    /// Environment variable with the key of the endpoint
    #[arg(long, value_name = "NAME", help_heading = "Language model")]
    pub key_env: Option<String>,

    /// Folder of recorded replies; without an endpoint a missing one is an error
    #[arg(long, value_name = "DIR", help_heading = "Language model")]
    pub cassettes: Option<PathBuf>,

    /// Dollars per million tokens: input,cached,output
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', help_heading = "Language model")]
    pub price: Vec<f64>,
}

/// When a run ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    evaluations: Option<u64>,
    patience: Option<u64>,
    calls: Option<u64>,
    tokens: Option<u64>,
    dollars: Option<f64>,
    /// Wall time.
    pub time: Option<Duration>,
}

impl Budget {
    /// Puts the limits into the settings.
    pub fn limit(&self, settings: &mut Settings) {
        // A budget of something else is no budget of evaluations.
        settings.evaluations_max = self.evaluations.unwrap_or(u64::MAX >> 2);
        settings.patience = self.patience.unwrap_or(0);
        settings.calls_max = self.calls.unwrap_or(0);
        settings.tokens_max = self.tokens.unwrap_or(0);
        settings.dollars_max = self.dollars.unwrap_or(0.0);
    }
}

impl FromStr for Budget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut budget = Budget::default();
        for part in text.split(',') {
            let (name, value) = part.split_once('=').unwrap_or(("", part));
            let wrong = || {
                format!(
                    "--budget: expected evaluations such as `8000`, a time such as `10m`, or \
                     `evaluations=N,time=SECONDS,patience=N,calls=N,tokens=N,dollars=N`, found \
                     `{part}`"
                )
            };
            let number = |value: &str| value.parse::<u64>().ok().filter(|it| *it > 0);
            let count = number(value);
            let time = |value: &str| {
                let (digits, factor) = match value.strip_suffix('m') {
                    Some(digits) => (digits, 60),
                    None => (value.strip_suffix('s').unwrap_or(value), 1),
                };
                let seconds = number(digits)?.checked_mul(factor)?;
                (seconds < 1 << 32).then(|| Duration::from_secs(seconds))
            };
            match name {
                "" if count.is_some() => budget.evaluations = count,
                "" | "time" => budget.time = Some(time(value).ok_or_else(wrong)?),
                "evaluations" => budget.evaluations = Some(count.ok_or_else(wrong)?),
                "patience" => budget.patience = Some(count.ok_or_else(wrong)?),
                "calls" => budget.calls = Some(count.ok_or_else(wrong)?),
                "tokens" => budget.tokens = Some(count.ok_or_else(wrong)?),
                "dollars" => {
                    let dollars = value.parse::<f64>().ok().filter(|it| *it > 0.0);
                    budget.dollars = Some(dollars.ok_or_else(wrong)?);
                }
                _ => return Err(wrong()),
            }
        }
        Ok(budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_numbers_times_and_lists() {
        let budget: Budget = "8000".parse().expect("evaluations");
        assert_eq!(budget.evaluations, Some(8000));
        let budget: Budget = "10m".parse().expect("a time");
        assert_eq!(budget.time, Some(Duration::from_secs(600)));
        let budget: Budget = "calls=3,dollars=0.5".parse().expect("a list");
        assert_eq!((budget.calls, budget.dollars), (Some(3), Some(0.5)));
        for text in ["", "0", "x=3", "10h", "dollars=-1", "calls=1.5"] {
            assert!(text.parse::<Budget>().is_err(), "{text}");
        }
    }
}
