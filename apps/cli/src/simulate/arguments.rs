//! What can be typed after `ordine simulate`.
//!
//! **Source:** -

use crate::values;
use clap::Args;
use ordine_chart::Theme;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  ordine simulate                                    which worlds there are
  ordine simulate queue --parameters                 what can be set in one
  ordine simulate queue --policy fifo --policy spt --replications 100
  ordine simulate queue --set servers=2 --set 'service=erlang(2, 18)' --precision 1
                                                     until 1 % is sure
  ordine simulate queue --policy 'pilot(spt, 2)' --policy spt --policy 'best-of(20, random)'
  ordine simulate queue --plot waits.svg --gantt run.html --log run.jsonl
  ordine simulate --replay run.jsonl                 the same run again, event by event

Every policy meets the same chance in the same replication, so that differences are known better
than means. A `*` says that an interval of differences leaves 0 out; all of one table hold together
with the confidence that is asked for (Bonferroni).

Policies: rules (`ordine list rules`), `pilot(policy, futures)`, `best-of(rollouts, policy)`,
`epsilon(share, policy, other)`, formulas `=max(t + p, d)`, and what a world brings along.";

/// Arguments of `simulate`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, allow_negative_numbers = true)]
pub struct SimulateArguments {
    /// The world (without: which there are)
    pub world: Option<String>,

    /// What it is opened on, for worlds that need it
    pub file: Option<String>,

    /// Say what can be set in the world, and end
    #[arg(long)]
    pub parameters: bool,

    /// Set a parameter; any number of times
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,

    /// Who decides; several times to compare [default: what the world suggests]
    #[arg(long, value_name = "POLICY")]
    pub policy: Vec<String>,

    /// Runs of each policy; with --precision, to begin with
    #[arg(long, value_name = "N", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub replications: u32,

    /// Add runs until the interval of every policy is at most this wide to each side, of the mean
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub precision: Option<f64>,

    /// Runs at which that ends anyway
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub replications_most: u32,

    /// Confidence of intervals
    #[arg(long, value_name = "PERCENT", default_value = "95", value_parser = percent)]
    pub confidence: f64,

    /// Seed of all randomness
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Threads; they change nothing but the wall time [default: all cores]
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u16).range(1..=values::WORKERS_MAX))]
    pub workers: Option<u16>,

    /// The metric that counts: for the precision, the best and the plot [default: the first]
    #[arg(long, value_name = "NAME")]
    pub metric: Option<String>,

    /// Compare with this policy; `best` is the best by the metric that counts
    #[arg(long, value_name = "POLICY", default_value = "best")]
    pub against: String,

    /// Read the file in this format instead of detecting it
    #[arg(long, value_name = "NAME", value_parser = values::format)]
    pub format: Option<String>,

    /// Draw how the metric that counts is distributed: FILE.svg, .png, .html or .txt
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,

    /// The run of the first policy that --gantt and --log show
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub run: u32,

    /// Draw one run: FILE.svg, .png, .html or .txt
    #[arg(long, value_name = "FILE")]
    pub gantt: Option<PathBuf>,

    /// Write the events of one run; of a run that failed, if one does
    #[arg(long, value_name = "FILE.jsonl")]
    pub log: Option<PathBuf>,

    /// Run again what --log has written, and compare event by event
    #[arg(long, value_name = "FILE.jsonl", conflicts_with_all = ["world", "set", "policy", "log"])]
    pub replay: Option<PathBuf>,

    /// Colors of charts: `auto` (as the reader prefers), `light` or `dark`
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = crate::charts::theme)]
    pub theme: Theme,

    /// One JSON document on stdout
    #[arg(long)]
    pub json: bool,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(name, _)| !name.trim().is_empty());
    let (name, value) = parts.ok_or_else(|| "expected name=value".to_owned())?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// A share between 0 and 1, both excluded.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim().parse::<f64>().ok();
    let share = number.map(|number| number / 100.0).filter(|it| 0.0 < *it && *it < 1.0);
    share.ok_or_else(|| "expected a percentage above 0 and below 100".to_owned())
}
